// Numbers that are shown: the estimate with its error that a search may use, and the verified gain with its interval.

import { type Scale, effectToGain } from '../metric.ts';
import type { Rng } from '../rng.ts';
import type { Gain } from '../solution.ts';
import { type Pair, type Statistic, effectOf, effectsOf, sd, sorted } from './describe.ts';

const RESAMPLES = 200;

/**
 * The effect of the pairs with one standard error, by the bootstrap over pairs (Efron & Tibshirani 1993, ch. 6). A claim of nothing:
 * for the search. Resamples of few pairs vary too little: the error is widened by √(n/(n−1)), and for the low tail, where a resample
 * often repeats the lowest value, by 1 + 2/n, which by simulation puts 85 to 98 % of the true effects within two errors.
 * Throws a RangeError on no pairs; the error of one pair is Infinity.
 */
export function estimateEffect(pairs: readonly Pair[], statistic: Statistic, rng: Rng): { readonly effect: number; readonly error: number } {
  const effect = effectOf(pairs, statistic);
  const n = pairs.length;
  if (n < 2) return { effect, error: Infinity };
  const resampled = Array.from({ length: RESAMPLES }, () => effectOf(Array.from({ length: n }, () => rng.pick(pairs)), statistic));
  return { effect, error: sd(resampled) * Math.sqrt(n / (n - 1)) * (statistic === 'low-tail' ? 1 + 2 / n : 1) };
}

/** The chance that at most `k` of `n` fair coins show heads. */
function coins(n: number, k: number): number {
  let term = 2 ** -n;
  let sum = 0;
  for (let i = 0; i <= k; i++) {
    sum += term;
    term = (term * (n - i)) / (i + 1);
  }
  return sum;
}

/** Fewer pairs have no 95 % interval of the median. */
export const MIN_GAIN_PAIRS = 6;

/**
 * The verified gain: the median effect of fresh pairs with its 95 % interval, as ratios or differences.
 * The interval lies between two order statistics and covers the true median in at least 95 % of the cases whatever the noise,
 * as long as pairs are independent (the sign test's interval: Conover 1999, section 3.2), where a percentile bootstrap of 30 pairs covers less (bench/results/statistics.md).
 * `error` is the interval's half width over 1.96. Throws a RangeError on fewer than MIN_GAIN_PAIRS pairs.
 */
export function gainOf(pairs: readonly Pair[], scale: Scale): Omit<Gain, 'processes'> {
  const n = pairs.length;
  if (n < MIN_GAIN_PAIRS) throw new RangeError(`${n} pairs: an interval needs ${MIN_GAIN_PAIRS}`);
  const effects = sorted(effectsOf(pairs));
  let outside = 1; // how many order statistics lie at or outside each end
  while (2 * coins(n, outside) <= 0.05) outside++;
  const at = (i: number): number => effects[i] ?? NaN;
  const middle = (at(Math.floor((n - 1) / 2)) + at(Math.ceil((n - 1) / 2))) / 2;
  const low = at(outside - 1);
  const high = at(n - outside);
  return { scale, gain: effectToGain(middle, scale), error: (high - low) / (2 * 1.96), low: effectToGain(low, scale), high: effectToGain(high, scale), pairs: n };
}
