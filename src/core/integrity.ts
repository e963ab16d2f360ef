// Whether a claimed saving of time is borne out by the engine's own clock of the processes.

import { median, mad } from './stats/describe.ts';

/** One pair: whole-process wall by the engine, and the time that the evaluation claims for the same work, all in ms. */
export interface ClockPair {
  readonly candidateWall: number;
  readonly incumbentWall: number;
  readonly candidateClaim: number;
  readonly incumbentClaim: number;
}

/**
 * Null when the claim is plausible, else the reason. `whole`: the claims cover all timed work of the process (call evals), so
 * that any saving must show; otherwise (a benchmark's own figure, which may be per operation or of a fixed duration) only a claim
 * of more than half the process's time is held against the clock.
 */
export function implausible(pairs: readonly ClockPair[], whole: boolean): string | null {
  if (pairs.length < 3) return null;
  const claimed = median(pairs.map((p) => p.incumbentClaim - p.candidateClaim));
  const walls = pairs.map((p) => p.incumbentWall - p.candidateWall);
  const seen = median(walls);
  const error = (3 * 1.4826 * mad(walls)) / Math.sqrt(pairs.length);
  const wall = median(pairs.map((p) => p.incumbentWall));
  const matters = whole ? claimed > 5 : claimed > 0.5 * wall;
  if (!matters || seen + error >= 0.5 * claimed) return null;
  return `it claims to save ${claimed.toFixed(1)} ms a run, but its process is only ${Math.max(0, seen).toFixed(1)} ms shorter by the engine's own clock`;
}
