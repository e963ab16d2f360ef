// A cap on spend that holds with calls in flight: each call reserves what it may cost at most before it begins.

import { setTimeout as sleep } from 'node:timers/promises';
import type { ModelPrice } from '../../core/spec.ts';
import { assertNotHalted, type ModelRequest, type Usage } from './client.ts';
import type { DayLedger } from './day-ledger.ts';

/** The shortest answer that is worth a call, in tokens. */
const LEAST_ANSWER = 1024;

/** What a call may cost at most, in USD. */
export interface Most {
  readonly most: number;
}

export interface Reservation {
  /** Ends the reservation with what the call has cost. */
  settle(usd: number): void;
}

/** The account of all runs of a day. */
type Day = Pick<DayLedger, 'reserve' | 'note' | 'words' | 'limited'>;

/** How often it is looked whether other processes' calls have ended, in ms. */
const LOOK = 200;

/** The money of a run: one for all that proposes in it. */
export class Purse {
  private readonly limit: number | null;
  private readonly day: Day | null;
  private spent: number;
  private reserved = 0;
  private inFlight = 0;
  private waiting: (() => void)[] = [];
  /** Reservations are made one after the other, since the day's is waited for. */
  private last: Promise<unknown> = Promise.resolve();
  /** Why there was no money, where it was the day's and not the run's. */
  why: string | null = null;

  /**
   * @param limit USD, or null for none
   * @param spent what the run has spent before
   */
  constructor(limit: number | null, spent: number, day: Day | null = null) {
    this.limit = limit;
    this.spent = spent;
    this.day = day;
  }

  /** Takes note of what was spent without a reservation: a recorded answer whose proposal the journal does not have. */
  note(usd: number): void {
    this.spent += usd;
  }

  /** Takes note of what a killed run has probably spent and nobody has told: the day's account has it no more either. */
  noteLost(usd: number): void {
    this.spent += usd;
    this.day?.note(usd);
  }

  /**
   * Waits for calls in flight where the budget hangs on what they cost. Null when the call cannot be afforded; throws NotBegun once `halt` is
   * aborted.
   * @param fit what the call takes of so many USD that are left; null when they are too few. Without a limit `left` is infinite
   */
  reserve<T extends Most>(fit: (left: number) => T | null, signal: AbortSignal = new AbortController().signal, halt?: AbortSignal): Promise<(T & Reservation) | null> {
    const next = this.last.then(() => this.reserveNow(fit, signal, halt));
    this.last = next.catch(() => undefined);
    return next;
  }

  private async reserveNow<T extends Most>(fit: (left: number) => T | null, signal: AbortSignal, halt: AbortSignal | undefined): Promise<(T & Reservation) | null> {
    for (;;) {
      assertNotHalted(halt);
      const left = this.limit === null ? Infinity : this.limit - this.spent - this.reserved;
      const fits = left < 0 ? null : fit(left);
      if (fits !== null) {
        const { day } = this;
        if (day === null) return { ...fits, ...this.take(fits.most, () => undefined) };
        if (fits.most === 0 && !day.limited) return { ...fits, ...this.take(0, (usd) => { day.note(usd); }) };
        const answer = await day.reserve((ofDay) => fit(Math.min(left, ofDay)), signal);
        if (answer.kind === 'reserved') return { ...answer.fits, ...this.take(answer.fits.most, answer.settle) };
        if (!answer.inFlight) {
          this.why = day.words();
          return null;
        }
        await sleep(LOOK, undefined, { signal });
      } else if (this.inFlight === 0) {
        this.why = null;
        return null;
      } else await new Promise<void>((settled) => this.waiting.push(settled));
    }
  }

  private take(most: number, ofDay: (usd: number) => void): Reservation {
    this.reserved += most;
    this.inFlight++;
    let open = true;
    return {
      settle: (usd) => {
        if (!open) return;
        open = false;
        this.inFlight--;
        this.reserved = this.inFlight === 0 ? 0 : this.reserved - most; // sums of fractions drift
        this.spent += usd;
        ofDay(usd);
        for (const wake of this.waiting.splice(0)) wake();
      },
    };
  }
}

/** What the calls of one model may cost, learned from those that were made. */
export class CallCost {
  private readonly price: ModelPrice;
  private readonly unknown: boolean;
  /** The most tokens that a byte of a prompt was seen to be; at first each byte may be one. */
  private tokensPerByte = 1;
  private seen = 0;

  /** @param price null where only the provider tells what a call has cost: then some money must be left */
  constructor(price: ModelPrice | null) {
    this.price = price ?? { input: 0, output: 0 };
    this.unknown = price === null;
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

  /** How long an answer may be that so many USD pay for: shorter than was wanted where they are few, null where it would be of no use. */
  fit(request: ModelRequest, usd: number): (Most & { readonly maxTokens: number }) | null {
    const left = usd - this.most(request, 0);
    if (left < 0 || (this.unknown && usd <= 0)) return null;
    const maxTokens = this.price.output === 0 ? request.maxTokens : Math.min(request.maxTokens, Math.floor((left * 1e6) / this.price.output));
    return maxTokens >= Math.min(LEAST_ANSWER, request.maxTokens) ? { maxTokens, most: this.most(request, maxTokens) } : null;
  }
}

function bytesOf(request: ModelRequest): number {
  // A message's frame is a few tokens of its own.
  return Buffer.byteLength(request.system) + request.messages.reduce((sum, m) => sum + Buffer.byteLength(m.text) + 16, 32);
}
