// How long a candidate may take before it is given up: a multiple of what the same step took when it last went well.
//
// A generic edit often makes an endless loop. Without this each would cost the spec's whole limit, minutes a piece.

/** A step may take this many times what it took on sound code. Far beyond what contention by others explains. */
const FACTOR = 20;

export interface StepLimits {
  readonly wallMs: number;
  readonly cpuSeconds: number;
  /** What the step took on sound code, ms; null where the limits are the spec's own. */
  readonly usualMs: number | null;
}

export class Pace {
  /**
   * Milliseconds of wall time below which no step is given up: a busy machine lets a process of a few milliseconds wait for seconds, and
   * that is not the candidate's doing.
   */
  private readonly floorMs: number;
  /** The same of CPU time, which waiting does not add to: a loop without an end is told by it long before the wall time is up. */
  private readonly cpuFloorMs: number;
  private readonly usual = new Map<string, number>();

  /** `timed`: the objective is a time or a rate, so that what takes twenty times as long is lost anyway; else more patience is due. */
  constructor(timed: boolean) {
    this.floorMs = timed ? 10_000 : 60_000;
    this.cpuFloorMs = timed ? 3_000 : 60_000;
  }

  /** Notes a step that went well. The first counts: in a new run the baseline's. */
  note(step: string, wallMs: number): void {
    if (!this.usual.has(step)) this.usual.set(step, wallMs);
  }

  /** The limits of a step: `capMs` until it has once gone well. `threads`: how many CPUs it may keep busy at a time. */
  limits(step: string, capMs: number, threads: number): StepLimits {
    const usual = this.usual.get(step);
    if (usual === undefined) return plainLimits(capMs);
    const cpuMs = Math.max(this.cpuFloorMs, FACTOR * usual * threads);
    return { wallMs: Math.min(capMs, Math.max(this.floorMs, FACTOR * usual)), cpuSeconds: Math.min(plainLimits(capMs).cpuSeconds, Math.ceil(cpuMs / 1000)), usualMs: usual };
  }
}

/** Limits of a step of which nothing but the spec's own limit is known. */
export function plainLimits(capMs: number): StepLimits {
  return { wallMs: capMs, cpuSeconds: Math.ceil((capMs / 1000) * 8), usualMs: null };
}
