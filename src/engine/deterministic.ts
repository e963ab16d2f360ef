// Metrics without noise: one evaluation each; a promotion is repeated three times and must agree.

import { brokenConstraint, costOn, objectiveValue } from '../core/axis.ts';
import { effectToGain } from '../core/metric.ts';
import { seededRng } from '../core/rng.ts';
import type { Gain } from '../core/solution.ts';
import { deterministicStep } from '../core/stats/deterministic.ts';
import type { Context } from './context.ts';
import { measureOnce, type Contestant } from './pairs.ts';
import { heldOutRefusal, type TrialEnd } from './trial.ts';

async function valueOf(ctx: Context, who: Contestant, against: Contestant, n: number): Promise<{ cost: number; values: Readonly<Record<string, number>> }> {
  const sample = await measureOnce(ctx, who);
  const value = objectiveValue(ctx.spec, sample.values);
  ctx.emit({ type: 'round', id: who.id, phase: n === 0 ? 'single' : 'again', against: against.id, pair: n, candidate: value, incumbent: value, metrics: sample.values });
  return { cost: costOn(ctx.theAxis(), value), values: sample.values };
}

/** The incumbent's cost, measured once a lane and remembered. */
export type KnownCosts = Map<string, number>;

/** One candidate against the incumbent where the eval has no noise. */
export async function exactTrial(ctx: Context, candidate: Contestant, incumbent: Contestant, known: KnownCosts): Promise<TrialEnd> {
  const axis = ctx.theAxis();
  const mine = await valueOf(ctx, candidate, incumbent, 0);
  const theirs = known.get(incumbent.id) ?? (await valueOf(ctx, incumbent, incumbent, 0)).cost;
  known.set(incumbent.id, theirs);
  const costs = [mine.cost];
  const broken = brokenConstraint(ctx.spec, mine.values);
  let effect = theirs - mine.cost;
  const end = (outcome: TrialEnd['outcome'], reason: string, gain: Gain | null = null, feasible = broken === null): TrialEnd => ({
    outcome, reason, effect, error: 0, feasible, p: null, alpha: null, pairs: costs.length, metrics: mine.values, gain,
  });
  if (broken !== null) return end('discarded', broken);
  for (;;) {
    const step = deterministicStep(axis, costs, theirs);
    if (step.do === 'measure') {
      costs.push((await valueOf(ctx, candidate, incumbent, costs.length)).cost);
      continue;
    }
    ({ effect } = step);
    if (step.outcome !== 'promote') return end(step.outcome, step.reason);
    break;
  }
  const [objection] = await ctx.ports.backend.objections(candidate.prepared, incumbent.prepared, ctx.signal);
  if (objection !== undefined) return end('suspicious', objection);
  const refusal = await heldOutRefusal(ctx, candidate, incumbent, seededRng(`${ctx.seed}/held-out/${candidate.id}`));
  if (refusal !== null) return end(refusal.outcome, refusal.reason, null, false);
  known.set(candidate.id, mine.cost);
  const gain = effectToGain(effect, axis.scale);
  return end('promote', `the same in ${costs.length} evaluations`, { scale: axis.scale, gain, low: gain, high: gain, error: 0, pairs: costs.length, processes: costs.length });
}
