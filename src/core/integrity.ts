// Whether a claimed saving of time is borne out by the engine's own clock of the processes.

import { median } from './stats/describe.ts';

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
/** Standard errors by which a saving that must be seen stands clear of half of what is claimed. */
const SEEN = 2;

/** Of the median, by the median absolute deviation: on a busy machine a few processes take a multiple, and an error by squares sees nothing any more. */
function errorOfMedian(xs: readonly number[]): number {
  const center = median(xs);
  return (1.2533 * 1.4826 * median(xs.map((x) => Math.abs(x - center)))) / Math.sqrt(xs.length);
}

/** Why a claim may not be made: it is shown to be false, or the clock is too noisy to see a saving that it should see. */
export interface Doubt {
  readonly kind: 'lie' | 'unseen';
  readonly reason: string;
}

/**
 * Null when the claim is plausible. What is claimed to be saved must have made the process shorter, by half of it at
 * least. `whole`: the claims cover all timed work of the process (call evals), so that any saving must show; otherwise (a benchmark's
 * own figure, which may be per operation or of a fixed duration) only a claim of more than half the process's time is held against
 * the clock. A forged saving below the noise of a process's start cannot be seen; where results are not compared as a call eval does, a
 * claim of that size that the clock does not bear out is no claim, whatever the reason.
 */
export function implausible(pairs: readonly ClockPair[], whole: boolean): Doubt | null {
  if (pairs.length < LEAST_PAIRS) return null;
  const claims = pairs.map((p) => p.incumbentClaim - p.candidateClaim);
  const missing = pairs.map((p) => p.incumbentClaim - p.candidateClaim - (p.incumbentWall - p.candidateWall));
  const claimed = median(claims);
  // The least of the walls: on a busy machine the others hold waiting, beside which any claim looks small.
  if (!(claimed > (whole ? 2 : 0.5 * Math.min(...pairs.map((p) => p.incumbentWall))))) return null;
  const error = errorOfMedian(missing);
  if (median(missing) + (whole ? 0 : SEEN * error) < 0.5 * claimed) return null;
  if (median(missing) < 0.25 * claimed + PLAIN * error) return whole ? null : { kind: 'unseen', reason: `it claims to save ${claimed.toFixed(1)} ms a run, and the engine's own clock of its process is too noisy here to bear that out` };
  const seen = claimed - median(missing);
  return { kind: 'lie', reason: `it claims to save ${claimed.toFixed(1)} ms a run, but its process is ${seen > 0.05 ? `only ${seen.toFixed(1)} ms` : 'not'} shorter by the engine's own clock` };
}
