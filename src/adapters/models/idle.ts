// Gives up on a stream in which nothing comes any more.

/** A signal that aborts with the run's, or when `heard` was not called for `ms`. */
export class Idle {
  private readonly controller = new AbortController();
  private readonly outer: AbortSignal;
  private readonly ms: number;
  private timer: NodeJS.Timeout | undefined;
  /** Whether it was the silence that ended it. */
  timedOut = false;

  constructor(outer: AbortSignal, ms: number) {
    this.outer = outer;
    this.ms = ms;
    if (outer.aborted) this.controller.abort(outer.reason);
    else outer.addEventListener('abort', this.follow, { once: true });
    this.heard();
  }

  private readonly follow = (): void => { this.controller.abort(this.outer.reason); };

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Something came. */
  heard(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timedOut = true;
      this.controller.abort();
    }, this.ms);
  }

  end(): void {
    clearTimeout(this.timer);
    this.outer.removeEventListener('abort', this.follow);
  }
}
