// How far proposals may run ahead of the evaluations: far enough that no lane waits for one, and no further, so that parents are fresh and
// no money goes into answers that wait.

/** Latencies of models spread widely: so many times what the mean asks for. */
const SPREAD = 2;

/** What the calls and the evaluations of this session took so far, ms. */
export interface Times {
  readonly callMs: number;
  /** Proposals that went to an evaluation: what duplicates and invalid ones took counts for these. */
  readonly useful: number;
  readonly evaluationMs: number;
  readonly evaluated: number;
}

export const NO_TIMES: Times = { callMs: 0, useful: 0, evaluationMs: 0, evaluated: 0 };

/**
 * How many proposals may be in flight or ready at a time, those in flight at most `calls` of them. While nothing is known, as many as there may
 * be calls; then one ready for each lane, and by Little's law as many as the lanes take up during a call. Where an answer comes well within an
 * evaluation, the one for each lane is enough: asked when the lane takes up the last, it is there when the lane is free, and each one more
 * would be a verdict behind.
 */
export function aheadOf(calls: number, lanes: number, t: Times): number {
  if (t.useful === 0 || t.evaluated === 0 || t.evaluationMs === 0) return calls;
  const during = (SPREAD * lanes * (t.callMs / t.useful)) / (t.evaluationMs / t.evaluated);
  return Math.min(calls + lanes, during <= lanes ? lanes : lanes + Math.ceil(during));
}
