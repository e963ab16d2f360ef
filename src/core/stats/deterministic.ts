// Metrics without noise (sizes, counts, accuracies with fixed seeds): one evaluation decides, a promotion is repeated.

import type { TrialRules } from './trial.ts';

export type DeterministicStep =
  /** Evaluate the candidate until there are `upTo` costs. */
  | { readonly do: 'measure'; readonly upTo: number }
  | { readonly do: 'end'; readonly outcome: 'discarded' | 'inconclusive' | 'promote'; readonly reason: string; readonly effect: number };

/** A promotion rests on this many evaluations that agree. */
const REPEATS = 3;
/** Costs that differ by no more than this, relative to their size, differ by rounding. */
const ROUNDING = 1e-12;

/**
 * The next step for a candidate under a deterministic metric. `costs` are the candidate's so far, `incumbent` the incumbent's one cost.
 * A candidate that is no better costs one evaluation. One that is must show the same cost three times, so that a candidate that
 * adds randomness does not win by luck. No α is spent. Throws a RangeError on costs that are not finite.
 */
export function deterministicStep(rules: Pick<TrialRules, 'minEffect'>, costs: readonly number[], incumbent: number): DeterministicStep {
  if (![...costs, incumbent].every(Number.isFinite)) throw new RangeError('a cost is not finite');
  const [first] = costs;
  if (first === undefined) return { do: 'measure', upTo: 1 };
  const effect = incumbent - first;
  const rounding = (a: number, b: number): number => ROUNDING * Math.max(Math.abs(a), Math.abs(b));
  if (effect <= Math.max(rules.minEffect, rounding(first, incumbent))) return { do: 'end', outcome: 'discarded', reason: 'not better', effect };
  if (costs.some((c) => Math.abs(c - first) > rounding(c, first))) {
    return { do: 'end', outcome: 'inconclusive', reason: `its value differs between ${costs.length} evaluations of the same code, where the baseline's does not`, effect: incumbent - Math.max(...costs) };
  }
  if (costs.length < REPEATS) return { do: 'measure', upTo: REPEATS };
  return { do: 'end', outcome: 'promote', reason: `better, and the same in ${REPEATS} evaluations`, effect };
}
