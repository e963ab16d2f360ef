// How many calls of one provider are in flight, and when the next may begin: halved when it says "too many", grown slowly, and held back before its limits are met.

import { setTimeout as sleep } from 'node:timers/promises';
import type { HeaderReader } from './client.ts';
import { limitsIn, type Limit } from './limits.ts';

export interface GateOptions {
  readonly now: () => number;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /** Told of waits that a person would notice. */
  readonly say: (text: string) => void;
}

/** A longer wait is not made beforehand: the provider is asked, and says itself how long. */
const PATIENCE = 900_000;
/** Waits below this are not told. */
const NOTICED = 5000;

/** A call that has begun. */
export interface Pass {
  /** The limits that its answer tells. */
  heard(headers: HeaderReader): void;
  /** It is over; `limited`: it was refused as one too many. */
  done(limited: boolean): void;
}

interface Window extends Limit {
  readonly heardAt: number;
}

interface Begun {
  readonly at: number;
  readonly tokens: number;
}

export class Gate {
  private readonly most: number;
  private readonly options: GateOptions;
  private readonly name: string;
  /** Calls allowed in flight; its whole part counts. */
  private allowed: number;
  private halvedAt = -Infinity;
  private readonly inFlight = new Set<Begun>();
  private waiting: (() => void)[] = [];
  private readonly windows = new Map<string, Window>();
  /** What was begun since a window was heard of, in its unit. */
  private readonly used = new Map<string, number>();
  private notBefore = 0;
  private toldUntil = 0;

  /** @param name of the provider, for people */
  constructor(name: string, most: number, options: Pick<GateOptions, 'say'> & Partial<GateOptions>) {
    this.name = name;
    this.most = most;
    this.allowed = most;
    this.options = { now: () => Date.now(), wait: (ms, signal) => sleep(ms, undefined, { signal }), ...options };
  }

  /** No call begins before this. */
  hold(until: number): void {
    this.notBefore = Math.max(this.notBefore, until);
  }

  /**
   * Waits until a call may begin.
   * @param tokens of its prompt, by estimate
   */
  async enter(tokens: number, signal: AbortSignal): Promise<Pass> {
    for (;;) {
      signal.throwIfAborted();
      const ms = this.waitFor(tokens);
      if (ms > 0) await this.options.wait(ms, signal);
      else if (this.inFlight.size >= Math.max(1, Math.floor(this.allowed))) await this.turn(signal);
      else return this.begin(tokens);
    }
  }

  private turn(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = (): void => { reject(signal.reason as Error); };
      signal.addEventListener('abort', stop, { once: true });
      this.waiting.push(() => {
        signal.removeEventListener('abort', stop);
        resolve();
      });
    });
  }

  private begin(tokens: number): Pass {
    const call: Begun = { at: this.options.now(), tokens };
    this.inFlight.add(call);
    for (const key of this.windows.keys()) this.used.set(key, (this.used.get(key) ?? 0) + needOf(key, tokens));
    return {
      heard: (headers) => { this.learn(call, headers); },
      done: (limited) => {
        if (!this.inFlight.delete(call)) return;
        if (!limited) this.allowed = Math.min(this.most, this.allowed + 1 / this.allowed);
        else if (call.at >= this.halvedAt) {
          // Calls that began before it was halved say nothing of what is allowed now.
          this.allowed = Math.max(1, Math.floor(this.allowed) / 2);
          this.halvedAt = this.options.now();
        }
        for (const wake of this.waiting.splice(0)) wake();
      },
    };
  }

  private learn(call: Begun, headers: HeaderReader): void {
    const now = this.options.now();
    for (const limit of limitsIn(headers, now)) {
      this.windows.set(limit.key, { ...limit, heardAt: now });
      // What was begun after this call the provider may not have counted yet.
      this.used.set(limit.key, [...this.inFlight].filter((c) => c.at > call.at).reduce((sum, c) => sum + needOf(limit.key, c.tokens), 0));
    }
  }

  /** Milliseconds until all that is known allows a call. */
  private waitFor(tokens: number): number {
    const now = this.options.now();
    let until = this.notBefore;
    for (const [key, w] of this.windows) {
      const at = this.freeAt(w, needOf(key, tokens) + (this.used.get(key) ?? 0));
      if (at - now > PATIENCE || at <= until) continue;
      until = at;
      if (at - now >= NOTICED && at > this.toldUntil) {
        this.toldUntil = at;
        this.options.say(`${this.name}: its limit of ${w.what} is nearly used up; waiting ${Math.ceil((at - now) / 1000)} s`);
      }
    }
    return until - now;
  }

  /** When so much is free: limits fill up evenly until they are whole. */
  private freeAt(w: Window, need: number): number {
    if (need <= w.remaining) return 0;
    if (w.limit === null || need >= w.limit || w.limit <= w.remaining) return w.resetAt;
    return w.heardAt + ((need - w.remaining) / (w.limit - w.remaining)) * (w.resetAt - w.heardAt);
  }
}

/** What one call takes of a limit. */
function needOf(key: string, tokens: number): number {
  return key === 'requests' || key === 'output' ? 1 : tokens;
}
