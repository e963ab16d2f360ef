// A cap on spend that holds with calls in flight: each call reserves what it may cost at most before it begins.

import type { ModelPrice } from '../../core/spec.ts';
import type { ModelRequest, Usage } from './client.ts';

/** The shortest answer that is worth a call, in tokens. */
const LEAST_ANSWER = 1024;

export interface Reservation {
  /** What the answer may hold: less than was wanted where the rest of the budget is small. */
  readonly maxTokens: number;
  /** Ends the reservation with what the call has cost. */
  settle(usd: number): void;
}

export class Purse {
  private readonly limit: number | null;
  private readonly price: ModelPrice;
  private spent: number;
  private reserved = 0;
  private inFlight = 0;
  private waiting: (() => void)[] = [];
  /** The most tokens that a byte of a prompt was seen to be; at first each byte may be one. */
  private tokensPerByte = 1;
  private seen = 0;

  /**
   * @param limit USD, or null for none
   * @param spent what the run has spent before
   */
  constructor(limit: number | null, price: ModelPrice, spent: number) {
    this.limit = limit;
    this.price = price;
    this.spent = spent;
  }

  /** Takes note of what was spent without a reservation: a recorded answer whose proposal the journal does not have. */
  note(usd: number): void {
    this.spent += usd;
  }

  /** Waits for calls in flight where the budget hangs on what they cost. Null when the call cannot be afforded. */
  async reserve(request: ModelRequest): Promise<Reservation | null> {
    for (;;) {
      const maxTokens = this.affordable(request);
      if (maxTokens !== null) return this.take(request, maxTokens);
      if (this.inFlight === 0) return null;
      await new Promise<void>((settled) => this.waiting.push(settled));
    }
  }

  /** Learns from a call how many tokens its prompt was. */
  learn(request: ModelRequest, usage: Usage): void {
    const tokens = usage.input + usage.cacheRead + usage.cacheWrite;
    if (usage.estimated === true || tokens === 0) return;
    this.seen = Math.max(this.seen, tokens / bytesOf(request));
    this.tokensPerByte = Math.min(1, this.seen * 1.3);
  }

  private most(request: ModelRequest, maxTokens: number): number {
    const { input, output, cacheWrite } = this.price;
    return (bytesOf(request) * this.tokensPerByte * Math.max(input, cacheWrite ?? 0) + maxTokens * output) / 1e6;
  }

  private affordable(request: ModelRequest): number | null {
    if (this.limit === null) return request.maxTokens;
    const left = this.limit - this.spent - this.reserved - this.most(request, 0);
    if (left < 0) return null;
    const tokens = this.price.output === 0 ? request.maxTokens : Math.min(request.maxTokens, Math.floor((left * 1e6) / this.price.output));
    return tokens >= Math.min(LEAST_ANSWER, request.maxTokens) ? tokens : null;
  }

  private take(request: ModelRequest, maxTokens: number): Reservation {
    const most = this.limit === null ? 0 : this.most(request, maxTokens);
    this.reserved += most;
    this.inFlight++;
    let open = true;
    return {
      maxTokens,
      settle: (usd) => {
        if (!open) return;
        open = false;
        this.inFlight--;
        this.reserved = this.inFlight === 0 ? 0 : this.reserved - most; // sums of fractions drift
        this.spent += usd;
        for (const wake of this.waiting.splice(0)) wake();
      },
    };
  }
}

function bytesOf(request: ModelRequest): number {
  // A message's frame is a few tokens of its own.
  return Buffer.byteLength(request.system) + request.messages.reduce((sum, m) => sum + Buffer.byteLength(m.text) + 16, 32);
}
