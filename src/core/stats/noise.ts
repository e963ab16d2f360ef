// What the baseline's A/A pairs say: how noisy the eval is, whether two equal programs look equal, what effect can be found.

import type { Rng } from '../rng.ts';
import { type Pair, effectOf, effectsOf, sd } from './describe.ts';
import { permutationP } from './permutation.ts';
import { simulateTrial } from './simulate.ts';
import type { TrialRules } from './trial.ts';

/** Effects on the objective's additive axis. */
export interface NoiseFacts {
  /** Standard deviation of the pair differences. */
  readonly sd: number;
  /** All values of both members are equal. */
  readonly deterministic: boolean;
  /** The effect that two equal programs showed, where it is more than chance; else 0. */
  readonly offset: number;
}

/** Chance alone gives an offset once in a hundred baselines. */
const OFFSET_P = 0.01;

/**
 * Describes A/A pairs (two checkouts of the baseline). An offset counts only when the exact two-sided permutation test finds it at 1 %:
 * what ten noisy pairs scatter by is no offset, and would otherwise block real gains. So a true offset that is small against the noise
 * of these pairs goes unseen; against that stand the random order and the random checkout of each pair.
 * Throws a RangeError on no pairs.
 */
export function noiseOf(pairs: readonly Pair[], statistic: TrialRules['statistic']): NoiseFacts {
  const effects = effectsOf(pairs);
  const first = pairs[0];
  const deterministic = first !== undefined && pairs.every((p) => p.candidate === first.candidate && p.incumbent === first.candidate);
  const swapped = pairs.map((p) => ({ candidate: p.incumbent, incumbent: p.candidate }));
  const twoSided = 2 * Math.min(permutationP(pairs, statistic), permutationP(swapped, statistic));
  return { sd: sd(effects), deterministic, offset: twoSided <= OFFSET_P ? Math.abs(effectOf(pairs, statistic)) : 0 };
}

export interface Resolution {
  /** The smallest true effect that is promoted nine times in ten; from ten pairs good to a factor of about two. Infinity when none is. */
  readonly effect: number;
  /** Mean evaluations of a trial of a candidate with that effect, and of a useless one. */
  readonly evaluations: number;
  readonly uselessEvaluations: number;
}

const TRIALS = 100;
const POWER = 0.9;
/**
 * Resampling ten pairs shows less of the noise than there is (rare bursts are not in them), and the low tail repeats. By simulation on
 * the recordings and on noise shapes the effect found so is about 1.5 times too small (bench/results/statistics.md).
 */
const FEW_PAIRS = 1.5;

/**
 * What effect the eval can resolve, by playing trials on pairs drawn from the A/A pairs, with the effect taken off the candidate's cost.
 * `level` is that of one test: `typicalLevel(alpha, planned)`. Deterministic for an rng state; it takes up to a few seconds.
 */
export function resolution(pairs: readonly Pair[], rules: TrialRules, level: number, rng: Rng): Resolution {
  const play = (effect: number): { power: number; evaluations: number } => {
    let promoted = 0;
    let evaluations = 0;
    for (let i = 0; i < TRIALS; i++) {
      const own = rng.fork(`trial ${i}`); // the same noise for every effect
      const draw = (): Pair => {
        const pair = own.pick(pairs);
        const [a, b] = own.chance(0.5) ? [pair.candidate, pair.incumbent] : [pair.incumbent, pair.candidate];
        return { candidate: a - effect, incumbent: b };
      };
      const result = simulateTrial(rules, draw, () => level);
      promoted += result.end.outcome === 'promote' ? 1 : 0;
      evaluations += result.evaluations;
    }
    return { power: promoted / TRIALS, evaluations: evaluations / TRIALS };
  };
  const useless = play(0);
  const spread = sd(effectsOf(pairs));
  let low = 0;
  let high = Math.max(rules.minEffect, rules.offset, spread / 64) || Number.MIN_VALUE;
  let found = play(high);
  for (let doublings = 0; found.power < POWER; doublings++) {
    if (doublings === 20) return { effect: Infinity, evaluations: found.evaluations, uselessEvaluations: useless.evaluations };
    low = high;
    high *= 2;
    found = play(high);
  }
  for (let i = 0; i < 3; i++) {
    const middle = (low + high) / 2;
    const tried = play(middle);
    if (tried.power >= POWER) [high, found] = [middle, tried];
    else low = middle;
  }
  return { effect: high * FEW_PAIRS, evaluations: found.evaluations, uselessEvaluations: useless.evaluations };
}
