// Gives up on a stream in which nothing comes any more, or that does not end.

/** An answer may take so many times the longest silence: signs of life without end are no answer. */
const MOST = 12;

/** A signal that aborts with the run's, when `heard` was not called for `ms`, or after twelve times that. */
export class Idle {
  private readonly controller = new AbortController();
  private readonly outer: AbortSignal;
  private ms: number;
  private timer: NodeJS.Timeout | undefined;
  private readonly whole: NodeJS.Timeout;
  /** Whether it was the silence that ended it, or the whole time. */
  timedOut: 'silence' | 'whole' | null = null;

  constructor(outer: AbortSignal, ms: number) {
    this.outer = outer;
    this.ms = ms;
    if (outer.aborted) this.controller.abort(outer.reason);
    else outer.addEventListener('abort', this.follow, { once: true });
    this.whole = setTimeout(() => { this.stop('whole'); }, ms * MOST);
    this.heard();
  }

  private stop(why: 'silence' | 'whole'): void {
    this.timedOut ??= why;
    this.controller.abort();
  }

  /** The longest that it takes, in ms. */
  static most(ms: number): number {
    return ms * MOST;
  }

  /** All that matters has come: what may follow is waited for only so long. */
  hurry(ms: number): void {
    this.ms = Math.min(this.ms, ms);
    this.heard();
  }

  private readonly follow = (): void => { this.controller.abort(this.outer.reason); };

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Something came. */
  heard(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => { this.stop('silence'); }, this.ms);
  }

  end(): void {
    clearTimeout(this.timer);
    clearTimeout(this.whole);
    this.outer.removeEventListener('abort', this.follow);
  }
}
