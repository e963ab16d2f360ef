// Gathers what has changed, and tells it together, at most once in a while; nothing at all while nobody looks.

export class Throttle<T> {
  private readonly apartMs: number;
  private readonly tell: (changed: ReadonlySet<T> | null) => void;
  private readonly now: () => number;
  /** Null stands for all. */
  private changed: Set<T> | null = new Set();
  private timer: NodeJS.Timeout | null = null;
  private last = -Infinity;
  private paused = false;

  /** `tell` gets null when all has changed. */
  constructor(apartMs: number, tell: (changed: ReadonlySet<T> | null) => void, now: () => number = Date.now) {
    this.apartMs = apartMs;
    this.tell = tell;
    this.now = now;
  }

  note(what: T | null): void {
    if (what === null) this.changed = null;
    else this.changed?.add(what);
    this.schedule();
  }

  pause(paused: boolean): void {
    this.paused = paused;
    this.schedule();
  }

  private schedule(): void {
    if (this.paused || this.timer !== null || this.changed?.size === 0) return;
    this.timer = setTimeout(() => { this.flush(); }, Math.max(0, this.last + this.apartMs - this.now()));
  }

  private flush(): void {
    this.timer = null;
    if (this.paused) return;
    const { changed } = this;
    this.changed = new Set();
    this.last = this.now();
    this.tell(changed);
  }

  dispose(): void {
    if (this.timer) clearTimeout(this.timer);
  }
}
