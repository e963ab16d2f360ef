// Whether a claimed saving of time is borne out by the engine's own clock of the processes.

import { mean, median, sd } from './stats/describe.ts';

/** One pair: whole-process wall by the engine, and the wall time that the evaluation claims for the same work, all in ms. */
export interface ClockPair {
  readonly candidateWall: number;
  readonly incumbentWall: number;
  readonly candidateClaim: number;
  readonly incumbentClaim: number;
}

/** Fewer pairs say too little: the start of a process is noisier than the work in it. */
const LEAST_PAIRS = 10;
/** Standard errors by which the missing saving must stand out: a real gain is called a lie less than once in a thousand claims. */
const PLAIN = 4;

/**
 * Null when the claim is plausible, else the reason. What is claimed to be saved must have made the process shorter, by half of it at
 * least. `whole`: the claims cover all timed work of the process (call evals), so that any saving must show; otherwise (a benchmark's
 * own figure, which may be per operation or of a fixed duration) only a claim of more than half the process's time is held against
 * the clock. A forged saving below the noise of a process's start cannot be seen.
 */
export function implausible(pairs: readonly ClockPair[], whole: boolean): string | null {
  if (pairs.length < LEAST_PAIRS) return null;
  const claims = pairs.map((p) => p.incumbentClaim - p.candidateClaim);
  const missing = pairs.map((p) => p.incumbentClaim - p.candidateClaim - (p.incumbentWall - p.candidateWall));
  const claimed = median(claims);
  if (!(claimed > (whole ? 2 : 0.5 * median(pairs.map((p) => p.incumbentWall))))) return null;
  const error = sd(missing) / Math.sqrt(missing.length);
  if (median(missing) < 0.5 * claimed || mean(missing) < 0.25 * claimed + PLAIN * error) return null;
  const seen = claimed - median(missing);
  return `it claims to save ${claimed.toFixed(1)} ms a run, but its process is ${seen > 0.05 ? `only ${seen.toFixed(1)} ms` : 'not'} shorter by the engine's own clock`;
}
