// The error budget of a run: how much of α each test may spend, and how a test spreads its share over its looks.
//
// Why the chance of any false promotion stays ≤ α, over runs of any length and any number of extensions: each test gets a
// level that is fixed before its first pair is measured, so a candidate that is no better passes with at most that chance.
// What all tests got, less what was given back, never exceeds α (the invariant `spent + left ≤ α` below). Levels are given
// back only after a promotion; up to the first false promotion all promotions were true, so no level of a useless candidate has
// been given back by then, and the union bound holds for the first false promotion. (α-spending: Foster & Stine 2008, section 3;
// giving back after a rejection: the online fallback procedure of Tian & Ramdas 2021.)

/** Plain data; part of what a journal's replay rebuilds. All levels are probabilities. */
export interface ErrorBudget {
  /** The whole run's α, extensions included. */
  readonly alpha: number;
  /** What tests have got and not given back. */
  readonly spent: number;
  /** What the current plan may still give. spent + left ≤ alpha. */
  readonly left: number;
  /** Tests entered in the current plan. */
  readonly entered: number;
}

/** Early tests get more, so that the first ones have power: the j-th of a plan weighs 1/(j + 9). */
const weight = (j: number): number => 1 / (j + 9);

/** A new run's budget: its planned part may spend half of α. Throws a RangeError unless 0 < alpha < 1. */
export function openBudget(alpha: number): ErrorBudget {
  if (!(alpha > 0 && alpha < 1)) throw new RangeError(`alpha ${alpha} is not between 0 and 1`);
  return { alpha, spent: 0, left: alpha / 2, entered: 0 };
}

/** An extension of the run: it may spend half of what the run has not spent so far. */
export function extendBudget(budget: ErrorBudget): ErrorBudget {
  return { ...budget, left: Math.max(0, budget.alpha - budget.spent) / 2, entered: 0 };
}

/**
 * Takes the level of the test that a candidate enters now: its share of what is left, if all `toCome` evaluations of the plan
 * that have no verdict yet (this candidate's included, at least 1) were to enter a test. Candidates that never enter one
 * leave their share to later tests. May depend on anything known by now but on no pair of the test itself.
 */
export function enterTest(budget: ErrorBudget, toCome: number): { readonly level: number; readonly budget: ErrorBudget } {
  const j = budget.entered + 1;
  let all = 0;
  for (let i = 0; i < Math.max(1, toCome); i++) all += weight(j + i);
  const level = Math.min(budget.left, (budget.left * weight(j)) / all);
  return { level, budget: { ...budget, spent: budget.spent + level, left: budget.left - level, entered: j } };
}

/** Gives the level of a promoted solution's test back. Only after its promotion is confirmed. */
export function giveBack(budget: ErrorBudget, level: number): ErrorBudget {
  const back = Math.min(level, budget.spent);
  return { ...budget, spent: budget.spent - back, left: Math.min(budget.left + back, budget.alpha - (budget.spent - back)) };
}

/** The level of one test if all planned evaluations entered one and shared evenly: for stating power beforehand. */
export function typicalLevel(alpha: number, planned: number): number {
  return alpha / 2 / Math.max(1, planned);
}

/** A moment at which a test may stop, after `pairs` pairs, and accept if p ≤ `level`. */
export interface Look {
  readonly pairs: number;
  /** A multiple of 2^−pairs; 0 when no p-value of that many pairs is small enough to accept. */
  readonly level: number;
}

/**
 * Spreads a level over the looks. A permutation p-value of n pairs is a multiple of 2^−n, so a look uses only the multiple at or
 * under what it has, and hands the rest on: that depends on no data, and the levels used sum to at most `level`.
 */
export function spreadOverLooks(level: number, looks: readonly { readonly pairs: number; readonly share: number }[]): Look[] {
  const total = looks.reduce((sum, look) => sum + look.share, 0);
  let carried = 0;
  return looks.map(({ pairs, share }) => {
    const has = carried + (level * share) / total;
    const atom = 2 ** -pairs;
    const used = Math.floor(has / atom) * atom;
    carried = has - used;
    return { pairs, level: used };
  });
}
