// How long a candidate may take before it is given up: a multiple of what the same step took when it last went well.
//
// A generic edit often makes an endless loop. Without this each would cost the spec's whole limit, minutes a piece.

/** A step may take this many times what it took on sound code. Far beyond what contention by others explains. */
const FACTOR = 20;

export class Pace {
  /** Milliseconds below which no step is given up: process starts and busy machines are not the candidate's doing. */
  private readonly floorMs: number;
  private readonly usual = new Map<string, number>();

  /** `timed`: the objective is a time or a rate, so that what takes twenty times as long is lost anyway; else more patience is due. */
  constructor(timed: boolean) {
    this.floorMs = timed ? 10_000 : 60_000;
  }

  /** Notes a step that went well. The first counts: in a new run the baseline's. */
  note(step: string, wallMs: number): void {
    if (!this.usual.has(step)) this.usual.set(step, wallMs);
  }

  /** The limit of a step in ms: `capMs` until it has once gone well. */
  limit(step: string, capMs: number): number {
    const usual = this.usual.get(step);
    return usual === undefined ? capMs : Math.min(capMs, Math.max(this.floorMs, FACTOR * usual));
  }
}
