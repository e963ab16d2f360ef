// Plain descriptions of samples: mean, median, quantiles, spread, the mean of the low tail, and the effect of pairs.

/** One round: both members measured side by side, as costs (`costOf` in metric.ts: lower is better). */
export interface Pair {
  readonly candidate: number;
  readonly incumbent: number;
}

/** How one side of the pairs is summed up: the mean of its lowest 20 %, for noise that only adds (times), or its mean. */
export type Statistic = 'low-tail' | 'mean';

const LOW_SHARE = 0.2;

/** Throws a RangeError on an empty list; so do all functions here. */
export function mean(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('the mean of no values');
  let sum = 0;
  for (const v of values) sum += v;
  return sum / values.length;
}

/** Sample standard deviation (n − 1); 0 for a single value. */
export function sd(values: readonly number[]): number {
  const m = mean(values);
  if (values.length === 1) return 0;
  let sum = 0;
  for (const v of values) sum += (v - m) ** 2;
  return Math.sqrt(sum / (values.length - 1));
}

export function sorted(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b);
}

/** Quantile `q` in [0, 1] by linear interpolation between order statistics (Hyndman & Fan 1996, type 7). */
export function quantile(values: readonly number[], q: number): number {
  const s = sorted(values);
  const at = q * (s.length - 1);
  const low = s[Math.floor(at)];
  const high = s[Math.ceil(at)];
  if (low === undefined || high === undefined) throw new RangeError(`quantile ${q} of ${s.length} values`);
  return low + (high - low) * (at - Math.floor(at));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Median absolute deviation from the median, unscaled (times 1.4826 it estimates a normal's standard deviation). */
export function mad(values: readonly number[]): number {
  const m = median(values);
  return median(values.map((v) => Math.abs(v - m)));
}

/** How many of `n` values make the low tail: a fifth, rounded down, at least one. */
export function lowCount(n: number, share = LOW_SHARE): number {
  return Math.max(1, Math.floor(n * share + 1e-9));
}

/** The mean of the lowest `share` of the values, at least of one. */
export function lowTailMean(values: readonly number[], share = LOW_SHARE): number {
  return mean(sorted(values).slice(0, lowCount(values.length, share)));
}

/** Incumbent − candidate in each pair: positive is better. */
export function effectsOf(pairs: readonly Pair[]): number[] {
  return pairs.map((p) => p.incumbent - p.candidate);
}

/** The effect of the pairs: statistic of the incumbent − statistic of the candidate; positive is better. */
export function effectOf(pairs: readonly Pair[], statistic: Statistic): number {
  if (statistic === 'mean') return mean(effectsOf(pairs));
  return lowTailMean(pairs.map((p) => p.incumbent)) - lowTailMean(pairs.map((p) => p.candidate));
}
