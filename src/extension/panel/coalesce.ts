// Sends the newest state at most every so often: many changes, one message.

export interface Clock {
  now(): number;
  after(ms: number, what: () => void): () => void;
}

export const CLOCK: Clock = {
  now: () => performance.now(),
  after: (ms, what) => {
    const timer = setTimeout(what, ms);
    return () => { clearTimeout(timer); };
  },
};

/** The least time between two messages, in ms. */
export const LEAST_MS = 200;
/** A message may take this share of the time at most: what is large to make is made less often. */
const SHARE = 1 / 20;

/** Calls `send` at once, or, when it was called just now, once after a pause, however often it is asked for meanwhile. */
export class Coalesced {
  private readonly send: () => void;
  private readonly clock: Clock;
  private next = -Infinity;
  private cancel: (() => void) | null = null;

  constructor(send: () => void, clock: Clock = CLOCK) {
    this.send = send;
    this.clock = clock;
  }

  request(): void {
    if (this.cancel !== null) return;
    const wait = this.next - this.clock.now();
    if (wait <= 0) this.now();
    else this.cancel = this.clock.after(wait, () => { this.now(); });
  }

  /** Without waiting: for one who has just come. */
  now(): void {
    this.dispose();
    const began = this.clock.now();
    this.send();
    const end = this.clock.now();
    this.next = end + Math.max(LEAST_MS, (end - began) / SHARE);
  }

  dispose(): void {
    this.cancel?.();
    this.cancel = null;
  }
}
