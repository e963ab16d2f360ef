// Metrics without noise: one evaluation each; a promotion is repeated three times and must agree.

import { brokenConstraint, costOn, objectiveValue } from '../core/axis.ts';
import { effectToGain } from '../core/metric.ts';
import { seededRng } from '../core/rng.ts';
import type { Gain } from '../core/solution.ts';
import type { Context } from './context.ts';
import { measureOnce, type Contestant } from './pairs.ts';
import { heldOutRefusal, type TrialEnd } from './trial.ts';

async function valueOf(ctx: Context, who: Contestant, against: Contestant, n: number): Promise<{ cost: number; value: number; values: Readonly<Record<string, number>> }> {
  const sample = await measureOnce(ctx, who);
  const value = objectiveValue(ctx.spec, sample.values);
  ctx.emit({ type: 'round', id: who.id, phase: n === 0 ? 'single' : 'again', against: against.id, pair: n, candidate: value, incumbent: value, metrics: sample.values });
  return { cost: costOn(ctx.theAxis(), value), value, values: sample.values };
}

/** The incumbent's cost, measured once a lane and remembered. */
export type KnownCosts = Map<string, number>;

/** One candidate against the incumbent where the eval has no noise. */
export async function exactTrial(ctx: Context, candidate: Contestant, incumbent: Contestant, known: KnownCosts): Promise<TrialEnd> {
  const axis = ctx.theAxis();
  const mine = await valueOf(ctx, candidate, incumbent, 0);
  const theirs = known.get(incumbent.id) ?? (await valueOf(ctx, incumbent, incumbent, 0)).cost;
  known.set(incumbent.id, theirs);
  const effect = theirs - mine.cost;
  const broken = brokenConstraint(ctx.spec, mine.values);
  let evaluations = 1;
  const end = (outcome: TrialEnd['outcome'], reason: string, gain: Gain | null = null): TrialEnd => ({
    outcome, reason, effect, error: 0, feasible: broken === null, p: null, alpha: null, pairs: evaluations, metrics: mine.values, gain,
  });
  if (broken !== null) return end('discarded', broken);
  if (!(effect > axis.minEffect) || effect <= 0) return end('discarded', effect === 0 ? 'the same value as the incumbent' : 'not better than the incumbent');
  for (; evaluations < 3; evaluations++) {
    const again = await valueOf(ctx, candidate, incumbent, evaluations);
    if (again.cost !== mine.cost) return end('inconclusive', `its value changes from one evaluation to the next (${mine.value}, ${again.value}), though the baseline's does not`);
  }
  const [objection] = await ctx.ports.backend.objections(candidate.prepared, incumbent.prepared);
  if (objection !== undefined) return end('suspicious', objection);
  const refusal = await heldOutRefusal(ctx, candidate, incumbent, seededRng(`${ctx.seed}/held-out/${candidate.id}`));
  if (refusal !== null) return end(refusal.outcome, refusal.reason);
  known.set(candidate.id, mine.cost);
  const gain = effectToGain(effect, axis.scale);
  return end('promote', 'three evaluations agree', { scale: axis.scale, gain, low: gain, high: gain, error: 0, pairs: 3, processes: 3 });
}
