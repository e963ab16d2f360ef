// Lets the run's own work on the CPU wait while a measurement of a time is under way, and the next measurement wait for such work: on a
// machine with few cores the one would show in the other. Waiting for a network is no work and goes on.

/** With so many cores the run's own work has one to itself. */
const ENOUGH_CORES = 4;

export class Quiet {
  private readonly needed: boolean;
  private last: Promise<unknown> = Promise.resolve();

  /** `timed`: what is measured is a time or marked exclusive. */
  constructor(timed: boolean, cores: number) {
    this.needed = timed && cores < ENOUGH_CORES;
  }

  /** Runs `work` after what was given before it, in turn. */
  run<T>(work: () => T | Promise<T>): Promise<T> {
    if (!this.needed) return Promise.resolve().then(work);
    const mine = this.last.then(work);
    this.last = mine.catch(() => undefined); // it is the caller's
    return mine;
  }
}
