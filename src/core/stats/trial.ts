// One candidate against the incumbent: what to measure next, or what became of it. A pure function of the pairs so far.
//
//   screen 3, 5, 10 pairs ─► enter: take a level from the error budget ─► test, to 30 pairs ─► confirm, to 20 ─► promote
//        └► discarded                                                        └► discarded, inconclusive ◄┘
//
// Why a candidate that is no better is promoted with at most the chance `level`: promotion needs p ≤ the level of a look of the
// test, and these sum to level / CONFIRM_LEVEL; and then, on pairs of its own, p ≤ the level of a look of the confirmation, and these
// sum to CONFIRM_LEVEL. Whatever the screen and the test saw, the confirmation's pairs are fresh, so the chances multiply.
// All else (screen, guards, futility stops, smallest effect) depends on no p-value's validity: it only takes promotions away.
//
// The numbers were chosen by simulation: `npx tsx bench/statistics.ts`, bench/results/statistics.md.

import { type Metric, type Scale, effectToGain } from '../metric.ts';
import { type Pair, type Statistic, effectOf, effectsOf, mean, median, sd } from './describe.ts';
import { permutationP } from './permutation.ts';
import { type Look, spreadOverLooks } from './spending.ts';

/** What a trial is judged by. Effects are on the objective's additive axis (see `costOf`), positive is better. */
export interface TrialRules {
  readonly statistic: Statistic;
  readonly scale: Scale;
  /** The smallest effect that matters, ≥ 0. */
  readonly minEffect: number;
  /** The effect that two equal programs showed, ≥ 0: `Noise.offset`. */
  readonly offset: number;
}

/** Times and rates are judged by their low tail (noise only ever makes them worse), all else by the mean. */
export function trialRules(metric: Pick<Metric, 'kind' | 'minEffect'>, scale: Scale, offset: number): TrialRules {
  return {
    statistic: scale === 'ratio' && (metric.kind === 'time' || metric.kind === 'rate') ? 'low-tail' : 'mean',
    scale,
    minEffect: scale === 'ratio' ? Math.log1p(metric.minEffect) : metric.minEffect,
    offset,
  };
}

/** The pairs so far in the order in which they were measured. No pair belongs to two phases. */
export interface TrialPairs {
  readonly screen: readonly Pair[];
  readonly test: readonly Pair[];
  readonly confirm: readonly Pair[];
}

export const NO_PAIRS: TrialPairs = { screen: [], test: [], confirm: [] };

export type TrialStep =
  /** Measure pairs of this phase until it has `upTo`. */
  | { readonly do: 'measure'; readonly phase: 'screen' | 'test' | 'confirm'; readonly upTo: number }
  /** The screen is passed: take a level (`enterTest`) and ask again with it. Comes only while the level is null. */
  | { readonly do: 'enter' }
  | {
    readonly do: 'end';
    /** `promote` is the only claim: the solution becomes `kept`. */
    readonly outcome: 'discarded' | 'inconclusive' | 'promote';
    /** For people. */
    readonly reason: string;
    /** The effect estimated in the last phase that was measured. */
    readonly effect: number;
    /** The test's p-value at its last look, and the confirmation's; null where there was no look. */
    readonly p: number | null;
    readonly confirmP: number | null;
  };

type End = Extract<TrialStep, { do: 'end' }>;

/** Screening looks. The first only sees effects that are plain in every pair. */
const PLAIN_LOOK = 3;
const SCREEN_LOOKS = [PLAIN_LOOK, 5, 10] as const;
/** On the ratio scale an effect beyond 1.5× in each pair is plain; differences have no such natural size. */
const PLAIN_RATIO = Math.log(1.5);

const TEST_LOOKS = [{ pairs: 15, share: 0.25 }, { pairs: 20, share: 0.25 }, { pairs: 30, share: 0.3 }] as const;
/** One more look, as early as this share of the level lets any p-value accept: large effects end there. */
const EARLY_SHARE = 0.2;
const EARLIEST = 6;
/** Futility stops: from this many pairs on, when p is above this, or the estimate below half the smallest effect. */
const FUTILE_FROM = 15;
const FUTILE_P = 0.3;

const CONFIRM_LEVEL = 0.05;
/** 2^−6 lets six pairs that all agree confirm a large effect; small ones get up to twenty. */
const CONFIRM_LOOKS = spreadOverLooks(CONFIRM_LEVEL, [{ pairs: 6, share: 0.0157 }, { pairs: 10, share: 0.0173 }, { pairs: 20, share: 0.017 }]);
const CONFIRM_FUTILE_FROM = 10;

/** The looks of a test that may accept a useless candidate with the chance `level`, its confirmation included. */
export function testLooks(level: number): Look[] {
  const total = Math.min(1, level / CONFIRM_LEVEL);
  const looks: { pairs: number; share: number }[] = [...TEST_LOOKS];
  const early = total > 0 ? Math.max(EARLIEST, Math.ceil(-Math.log2(total * EARLY_SHARE))) : Infinity;
  if (early < 30 && looks.every((look) => look.pairs !== early)) looks.push({ pairs: early, share: EARLY_SHARE });
  return spreadOverLooks(total, looks.sort((a, b) => a.pairs - b.pairs));
}

function shown(rules: TrialRules, effect: number): string {
  return rules.scale === 'ratio' ? `${effectToGain(effect, 'ratio').toFixed(3)}×` : `${effect < 0 ? '−' : '+'}${Number(Math.abs(effect).toPrecision(3))}`;
}

/** Whether an effect is larger than what could matter or come from the setting. */
function matters(rules: TrialRules, effect: number): boolean {
  return effect > Math.max(rules.minEffect, rules.offset);
}

function screen(rules: TrialRules, pairs: readonly Pair[]): TrialStep {
  for (const n of SCREEN_LOOKS) {
    if (pairs.length < n) return { do: 'measure', phase: 'screen', upTo: n };
    const seen = pairs.slice(0, n);
    const effect = effectOf(seen, rules.statistic);
    const discard = (reason: string): End => ({ do: 'end', outcome: 'discarded', reason, effect, p: null, confirmP: null });
    if (n === PLAIN_LOOK) {
      if (rules.scale !== 'ratio') continue;
      const effects = effectsOf(seen);
      if (effects.every((e) => e < -PLAIN_RATIO)) return discard(`${shown(rules, effect)}: far worse in each of the first ${n} pairs`);
      if (effects.every((e) => e > PLAIN_RATIO)) return { do: 'enter' };
      continue;
    }
    if (effect <= rules.minEffect / 2) return discard(`≈ ${shown(rules, effect)} in the first ${n} pairs`);
    if (Math.max(...seen.map((p) => p.candidate)) < Math.min(...seen.map((p) => p.incumbent))) return { do: 'enter' }; // no overlap: no need for the second screen
  }
  return { do: 'enter' };
}

/**
 * Whether the rest of the distribution bears the claim out, so that a candidate does not win by being more random.
 * The low tail of a merely more scattered candidate gains while its median does not: the median must show half of the low tail's
 * effect. For the mean as the statistic the median must not worsen. The mean may not be worse by more than half a standard error: one that
 * is now and then far slower is mostly caught by it; a stricter bound would let rare spikes of the machine reject real gains.
 * These are guards, not tests: α is kept for candidates that are equal to the incumbent (or worse in every respect), not for each that is
 * different without being better; bench/results/statistics.md says how often such ones pass. Ask it again of the final pairs.
 */
export function bornOut(rules: TrialRules, pairs: readonly Pair[]): boolean {
  const effects = effectsOf(pairs);
  const least = rules.statistic === 'low-tail' ? effectOf(pairs, 'low-tail') / 2 : 0;
  return median(effects) >= least && mean(effects) >= (-0.5 * sd(effects)) / Math.sqrt(effects.length);
}

/**
 * The next step of a trial. `level` is null until the screen is passed and a level was taken for it.
 * Looks are taken at their numbers of pairs whatever else is there, so asking again after more pairs, or after a resume, gives
 * the same decisions. Throws a RangeError on costs that are not finite.
 */
export function nextStep(rules: TrialRules, pairs: TrialPairs, level: number | null): TrialStep {
  const first = screen(rules, pairs.screen);
  if (first.do !== 'enter' || level === null) return first;

  let tested: readonly Pair[] = [];
  let effect = effectOf(pairs.screen, rules.statistic);
  let p: number | null = null;
  let confirmP: number | null = null;
  const end = (outcome: End['outcome'], reason: string): End => ({ do: 'end', outcome, reason: `${reason}: ${shown(rules, effect)}`, effect, p, confirmP });

  const looks = testLooks(level);
  if (looks.every((look) => look.level === 0)) return end('inconclusive', 'the error budget of the run is spent');
  let accepted = false;
  for (const look of looks) {
    if (pairs.test.length < look.pairs) return { do: 'measure', phase: 'test', upTo: look.pairs };
    tested = pairs.test.slice(0, look.pairs);
    effect = effectOf(tested, rules.statistic);
    p = permutationP(tested, rules.statistic);
    if (p <= look.level && matters(rules, effect) && bornOut(rules, tested)) {
      accepted = true;
      break;
    }
    if (look.pairs >= FUTILE_FROM && (p > FUTILE_P || effect <= rules.minEffect / 2)) return end('discarded', `not better in ${look.pairs} pairs`);
  }
  if (!accepted) return end('inconclusive', `not decided in ${tested.length} pairs`);

  for (const look of CONFIRM_LOOKS) {
    if (pairs.confirm.length < look.pairs) return { do: 'measure', phase: 'confirm', upTo: look.pairs };
    const fresh = pairs.confirm.slice(0, look.pairs);
    effect = effectOf(fresh, rules.statistic);
    confirmP = permutationP(fresh, rules.statistic);
    if (confirmP <= look.level && matters(rules, effect) && bornOut(rules, [...tested, ...fresh])) return end('promote', `better in ${tested.length} pairs and again in ${fresh.length} fresh ones`);
    if (look.pairs >= CONFIRM_FUTILE_FROM && (confirmP > FUTILE_P || effect <= rules.minEffect / 2)) break;
  }
  return end('inconclusive', 'not confirmed on fresh pairs');
}
