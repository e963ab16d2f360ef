// One candidate against the incumbent, paired and sequential: measures what the decision asks for until it has a verdict.

import { brokenConstraint, meanValues } from '../core/axis.ts';
import type { Phase } from '../core/events.ts';
import { implausible } from '../core/integrity.ts';
import { effectToGain } from '../core/metric.ts';
import { seededRng, type Rng } from '../core/rng.ts';
import type { Estimate, Gain } from '../core/solution.ts';
import { effectsOf, median, type Pair } from '../core/stats/describe.ts';
import { estimateEffect, gainOf as gainOfPairs } from '../core/stats/estimate.ts';
import { enterTest } from '../core/stats/spending.ts';
import { nextStep, type TrialRules } from '../core/stats/trial.ts';
import type { Context } from './context.ts';
import { clockPairs, measurePair, type Contestant, type MeasuredPair } from './pairs.ts';

/** How a trial ended. `effect` is against the incumbent, on the axis. */
export interface TrialEnd {
  readonly outcome: 'discarded' | 'inconclusive' | 'promote' | 'suspicious' | 'blocked';
  readonly reason: string;
  readonly effect: number | null;
  readonly error: number;
  readonly feasible: boolean;
  readonly p: number | null;
  readonly alpha: number | null;
  readonly pairs: number;
  readonly metrics: Readonly<Record<string, number>>;
  /** From the confirmation's own pairs; for `promote` only. */
  readonly gain: Gain | null;
}

/** The rules of this run's trials. */
export function rulesOf(ctx: Context): TrialRules {
  const { statistic, scale, minEffect } = ctx.theAxis();
  return { statistic, scale, minEffect, offset: ctx.state.noise?.offset ?? 0 };
}

/** A gain from fresh pairs, on the shown scale. */
export function gainOf(ctx: Context, pairs: readonly Pair[]): Gain {
  return { ...gainOfPairs(pairs, ctx.theAxis().scale), processes: 2 * pairs.length };
}

export function estimateOf(ctx: Context, effect: number, error: number): Estimate {
  const { scale } = ctx.theAxis();
  return { scale, gain: effectToGain(effect, scale), error };
}

/** Measures `n` pairs of a phase. */
export async function measurePairs(ctx: Context, candidate: Contestant, incumbent: Contestant, phase: Phase, n: number, rng: Rng, into: MeasuredPair[] = []): Promise<MeasuredPair[]> {
  const spare = { rounds: Math.ceil(n / 2) };
  while (into.length < n) {
    ctx.checkAborted();
    into.push(await measurePair(ctx, candidate, incumbent, phase, into.length, rng, spare));
  }
  return into;
}

/**
 * Runs the trial. Throws MeasureFailed when a process fails; the caller knows whose.
 * `label` makes the randomness of this attempt its own: a resumed trial draws anew.
 */
export async function trial(ctx: Context, candidate: Contestant, incumbent: Contestant, label: string): Promise<TrialEnd> {
  const rng = seededRng(`${ctx.seed}/trial/${label}`);
  const rules = rulesOf(ctx);
  const pairs: Record<'screen' | 'test' | 'confirm', MeasuredPair[]> = { screen: [], test: [], confirm: [] };
  let alpha: number | null = null;
  let p: number | null = null;

  const all = (): MeasuredPair[] => [...pairs.screen, ...pairs.test, ...pairs.confirm];
  const end = (outcome: TrialEnd['outcome'], reason: string, gain: Gain | null = null, refused = false): TrialEnd => {
    const measured = all();
    // A promotion's effect rests on the confirmation alone: the pairs that chose it flatter it.
    const { effect, error } = estimateEffect(outcome === 'promote' ? pairs.confirm : measured, rules.statistic, rng);
    const metrics = meanValues(measured.map((m) => m.samples.candidate.values));
    const broken = brokenConstraint(ctx.spec, metrics);
    return { outcome, reason, effect, error, feasible: broken === null && !refused, p, alpha, pairs: measured.length, metrics, gain };
  };

  for (;;) {
    if (pairs.test.length === 0 && pairs.screen.length > 0) {
      const broken = brokenConstraint(ctx.spec, meanValues(pairs.screen.map((m) => m.samples.candidate.values)));
      if (broken !== null && pairs.screen.length >= 5) return end('discarded', broken);
    }
    const step = nextStep(rules, pairs, alpha);
    if (step.do === 'enter') {
      const toCome = Math.max(1, ctx.state.planned - ctx.state.evaluations);
      alpha = enterTest(ctx.state.errors, toCome).level;
      ctx.emit({ type: 'test-entered', id: candidate.id, level: alpha, toCome });
      continue;
    }
    if (step.do === 'measure') {
      await measurePairs(ctx, candidate, incumbent, step.phase, step.upTo, rng, pairs[step.phase]);
      continue;
    }
    p = step.p;
    if (step.outcome !== 'promote') return end(step.outcome, step.reason);
    const refusal = await beforeClaim(ctx, candidate, incumbent, all(), rng);
    if (refusal !== null) return end(refusal.outcome, refusal.reason, null, true); // nobody's parent: its estimate is what is in doubt
    return end('promote', step.reason, gainOf(ctx, pairs.confirm));
  }
}

/** What must hold before any claim: only pinned text changed, constraints, held-out inputs, the engine's clock. */
export async function beforeClaim(
  ctx: Context, candidate: Contestant, incumbent: Contestant, measured: readonly MeasuredPair[], rng: Rng,
): Promise<{ outcome: 'suspicious' | 'blocked' | 'discarded' | 'inconclusive'; reason: string } | null> {
  const clock = clockPairs(ctx, measured);
  const doubt = implausible(clock.pairs, clock.whole);
  if (doubt !== null) return { outcome: doubt.kind === 'lie' ? 'suspicious' : 'inconclusive', reason: doubt.reason };
  const [objection] = await ctx.ports.backend.objections(candidate.prepared, incumbent.prepared, ctx.signal);
  if (objection !== undefined) return { outcome: 'suspicious', reason: objection };
  const broken = brokenConstraint(ctx.spec, meanValues(measured.map((m) => m.samples.candidate.values)));
  if (broken !== null) return { outcome: 'discarded', reason: broken };
  return heldOutRefusal(ctx, candidate, incumbent, rng);
}

/** Held-out inputs must agree in their results and in the direction of the gain. */
export async function heldOutRefusal(ctx: Context, candidate: Contestant, incumbent: Contestant, rng: Rng): Promise<{ outcome: 'suspicious' | 'blocked' | 'discarded'; reason: string } | null> {
  const wrong = await ctx.ports.backend.checkHeldOut(candidate.prepared, ctx.signal);
  if (wrong !== null) return { outcome: wrong.outcome === 'suspicious' ? 'suspicious' : 'blocked', reason: wrong.reason };
  if (!ctx.ports.backend.hasHeldOut) return null;
  const pairs = await measurePairs(ctx, candidate, incumbent, 'held-out', 5, rng);
  return median(effectsOf(pairs)) > 0 ? null : { outcome: 'discarded', reason: 'the held-out inputs do not agree: it is not better on them' };
}
