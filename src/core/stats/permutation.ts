// The exact one-sided p-value of the within-pair sign-flip permutation test, for the low-tail mean and for the mean.
//
// Under the null the two members of a pair are exchangeable (they ran side by side, in random order), whatever the noise,
// its drift or its bursts. So all 2^n ways to swap members within pairs are equally likely, and p is the share of them
// whose statistic is at least the observed one. Both statistics are counted exactly, without visiting 2^n swaps:
// - low tail: depth first over the values in ascending order. Only swaps that touch the lowest values matter, and the best
//   and the worst completion of a partial assignment are known exactly, so whole subtrees are counted or dropped at once;
// - mean: the swaps at least as good as the observed one are the subsets of pair effects that sum to ≤ 0, counted by
//   meeting in the middle (Horowitz & Sahni 1974; for permutation tests Pagano & Tritchler 1983).
// An exact p is never 0 and needs no randomness (compare Phipson & Smyth 2010 on Monte Carlo p-values).

import { type Pair, type Statistic, lowCount } from './describe.ts';

/** More pairs than this would be slow to count: a bug in the caller. */
export const MAX_PAIRS = 40;

/** Swaps whose statistic is short of the observed one by rounding only are counted as at least as good: never anti-conservative. */
const ROUNDING = 1e-12;

/**
 * The p-value against "the candidate is no better": the share of within-pair swaps whose effect is at least the observed one.
 * A multiple of 2^−n, at least 2^−n; 1 for no pairs. Throws a RangeError on non-finite costs or more than MAX_PAIRS pairs.
 */
export function permutationP(pairs: readonly Pair[], statistic: Statistic): number {
  if (pairs.length > MAX_PAIRS) throw new RangeError(`${pairs.length} pairs: at most ${MAX_PAIRS} can be counted exactly`);
  if (!pairs.every((p) => Number.isFinite(p.candidate) && Number.isFinite(p.incumbent))) throw new RangeError('a cost is not finite');
  if (pairs.length === 0) return 1;
  return statistic === 'mean' ? meanP(pairs) : lowTailP(pairs, lowCount(pairs.length));
}

/** All subset sums of `values`, ascending. */
function subsetSums(values: Float64Array): Float64Array {
  let sums = new Float64Array(1);
  for (const d of values) {
    const n = sums.length;
    const next = new Float64Array(2 * n);
    // Merge `sums` and `sums + d`, both ascending.
    for (let i = 0, j = 0, at = 0; at < 2 * n; at++) {
      const plain = i < n ? (sums[i] ?? 0) : Infinity;
      const plus = j < n ? (sums[j] ?? 0) + d : Infinity;
      if (plain <= plus) {
        next[at] = plain;
        i++;
      } else {
        next[at] = plus;
        j++;
      }
    }
    sums = next;
  }
  return sums;
}

function meanP(pairs: readonly Pair[]): number {
  const effects = Float64Array.from(pairs, (p) => p.incumbent - p.candidate);
  const size = effects.reduce((sum, d) => sum + Math.abs(d), 0);
  const half = effects.length >> 1;
  const low = subsetSums(effects.subarray(0, half));
  const high = subsetSums(effects.subarray(half));
  // Swapping a subset changes the sum of effects by −2 × its sum.
  let count = 0;
  let j = high.length;
  for (const sum of low) {
    while (j > 0 && (high[j - 1] ?? 0) + sum > ROUNDING * size) j--;
    count += j;
  }
  return count / 2 ** effects.length;
}

function lowTailP(pairs: readonly Pair[], k: number): number {
  const n = pairs.length;
  const floor = Math.min(...pairs.map((p) => Math.min(p.candidate, p.incumbent))); // centred, so that rounding does not depend on the unit
  const items = pairs.flatMap((p, pair) => [{ value: p.candidate - floor, pair }, { value: p.incumbent - floor, pair }]);
  items.sort((x, y) => x.value - y.value);
  const value = Float64Array.from(items, (x) => x.value);
  // Per position: where its pair's lower value stands (itself, or an earlier position).
  const lowerAt = new Int32Array(2 * n);
  const seen = new Map<number, number>();
  items.forEach((x, at) => {
    const lower = seen.get(x.pair) ?? at;
    seen.set(x.pair, lower);
    lowerAt[at] = lower;
  });
  // The assignment, by the position of the lower value: 1 when that goes to the candidate, so that the upper one goes to the incumbent.
  const lowerToCandidate = new Uint8Array(2 * n);

  /**
   * k × the statistic, when all before `at` stands as assigned (the candidate has `a` values that sum to `sumA`, the incumbent
   * `b`) and each open pair gives its lower value to the candidate (open = 1: the largest that can come) or to the incumbent (0: the smallest).
   */
  const complete = (at: number, a: number, sumA: number, b: number, sumB: number, open: 0 | 1): number => {
    for (let i = at; a < k || b < k; i++) {
      const lower = lowerAt[i] ?? 0;
      const toCandidate = (lower < at ? (lowerToCandidate[lower] ?? 0) : open) === (lower === i ? 1 : 0);
      if (toCandidate) {
        if (a < k) {
          a++;
          sumA += value[i] ?? 0;
        }
      } else if (b < k) {
        b++;
        sumB += value[i] ?? 0;
      }
    }
    return sumB - sumA;
  };

  const lowSum = (side: 'candidate' | 'incumbent'): number => {
    const values = Float64Array.from(pairs, (p) => p[side] - floor).sort();
    return values.subarray(0, k).reduce((sum, v) => sum + v, 0);
  };
  const target = lowSum('incumbent') - lowSum('candidate');
  const enough = target - ROUNDING * (value[2 * n - 1] ?? 0) * k;

  /** How many ways to assign the `open` pairs reach the observed statistic; `best` and `worst` are what the ways can reach. */
  const count = (from: number, a: number, sumA: number, b: number, sumB: number, open: number, best: number, worst: number): number => {
    if (best < enough) return 0;
    if (worst >= enough) return 2 ** open;
    let at = from;
    for (; lowerAt[at] !== at; at++) {
      if (lowerToCandidate[lowerAt[at] ?? 0] === 0) {
        if (a < k) {
          a++;
          sumA += value[at] ?? 0;
        }
      } else if (b < k) {
        b++;
        sumB += value[at] ?? 0;
      }
    }
    const v = value[at] ?? 0;
    const takeA = a < k;
    const takeB = b < k;
    lowerToCandidate[at] = 1;
    const [a1, sumA1] = takeA ? [a + 1, sumA + v] : [a, sumA];
    const whenCandidate = count(at + 1, a1, sumA1, b, sumB, open - 1, best, complete(at + 1, a1, sumA1, b, sumB, 0));
    lowerToCandidate[at] = 0;
    const [b1, sumB1] = takeB ? [b + 1, sumB + v] : [b, sumB];
    return whenCandidate + count(at + 1, a, sumA, b1, sumB1, open - 1, complete(at + 1, a, sumA, b1, sumB1, 1), worst);
  };
  return count(0, 0, 0, 0, 0, n, complete(0, 0, 0, 0, 0, 1), complete(0, 0, 0, 0, 0, 0)) / 2 ** n;
}
