// Solutions that failed and may be mended.

import type { Outcome, SolutionId } from '../solution.ts';

/** A solution that failed, with how many repairs in a row led to it. */
export interface Failed {
  readonly id: SolutionId;
  readonly parent: SolutionId;
  readonly depth: number;
}

export const MENDABLE: ReadonlySet<Outcome> = new Set(['blocked', 'crashed', 'timed-out']);
