// Tries a call again when it may work later: exponential waits with jitter, or as long as the server asks.

import { setTimeout as sleep } from 'node:timers/promises';
import { beforeCall, CallFailed, isCallFailed, tokensIn, type Answer, type CallMore, type ModelClient, type ModelRequest, type Usage } from './client.ts';
import type { Gate } from './gate.ts';

export interface RetryOptions {
  /** Tries in all. */
  readonly tries: number;
  /** The first wait, doubled each time. */
  readonly firstMs: number;
  readonly longestMs: number;
  /** A server that asks to wait longer than this is given up. */
  readonly patienceMs: number;
  readonly now: () => number;
  /** In [0, 1): which part of the second half of a wait is waited. */
  readonly random: () => number;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /** Told of each wait. */
  readonly onWait: (text: string) => void;
}

export const RETRY: Omit<RetryOptions, 'onWait'> = {
  tries: 7, firstMs: 1000, longestMs: 60_000, patienceMs: 900_000, now: () => Date.now(), random: () => Math.random(), wait: (ms, signal) => sleep(ms, undefined, { signal }),
};

/** A client that tries again. A limit that one call meets is kept by all that go through the same gate. */
export class PatientClient implements ModelClient {
  private readonly client: ModelClient;
  private readonly gate: Gate;
  private readonly options: RetryOptions;

  constructor(client: ModelClient, gate: Gate, options: RetryOptions) {
    this.client = client;
    this.gate = gate;
    this.options = options;
  }

  check(signal: AbortSignal): Promise<void> {
    return this.client.check(signal);
  }

  async ready(signal: AbortSignal): Promise<void> {
    await this.client.ready?.(signal);
  }

  async complete(request: ModelRequest, signal: AbortSignal, { halt }: CallMore = {}): Promise<Answer> {
    const o = this.options;
    const lost: Usage[] = [];
    for (let n = 1; ; n++) {
      const pass = await beforeCall(signal, halt, (either) => this.gate.enter(tokensIn(request), either));
      let limited = false;
      try {
        const answer = await this.client.complete(request, signal, { heard: (headers) => { pass.heard(headers); }, ...(halt === undefined ? {} : { halt }) });
        return lost.length === 0 ? answer : { ...answer, lost };
      } catch (e) {
        if (!isCallFailed(e)) throw e;
        if (e.used !== null) lost.push(e.used);
        // What was paid is not forgotten because no further try is made.
        if (e.kind !== 'later') throw lost.length === 0 ? e : new CallFailed(e.kind, e.message, { remedy: e.remedy, lost });
        limited = e.limited;
        pass.done(limited);
        if (n >= o.tries) throw new CallFailed('fatal', `${e.message}; ${n} tries`, { remedy: e.remedy, lost });
        if (e.retryAfterMs !== null && e.retryAfterMs > o.patienceMs) throw new CallFailed('fatal', `${e.message}; it asks to wait ${Math.ceil(e.retryAfterMs / 60_000)} min`, { remedy: 'Go on with "sigil resume" then.', lost });
        const whole = Math.min(o.longestMs, o.firstMs * 2 ** (n - 1));
        // What the server asks is the least; the jitter on top keeps several calls from coming back at once.
        const ms = e.retryAfterMs === null ? whole * (0.5 + o.random() / 2) : e.retryAfterMs + Math.min(whole, e.retryAfterMs) * o.random() * 0.25;
        if (e.retryAfterMs !== null) this.gate.hold(o.now() + e.retryAfterMs);
        o.onWait(`${e.message}; waiting ${(ms / 1000).toFixed(ms < 10_000 ? 1 : 0)} s (try ${n + 1} of ${o.tries})`);
        await beforeCall(signal, halt, (either) => o.wait(ms, either));
      } finally {
        pass.done(limited);
      }
    }
  }
}
