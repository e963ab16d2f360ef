// The baseline: measured with repeats before anything else, against itself, so that the noise is known.

import { axisOf, brokenConstraint, costOn, meanValues, objectiveValue } from '../core/axis.ts';
import { UserError } from '../core/errors.ts';
import type { Noise } from '../core/events.ts';
import { seededRng } from '../core/rng.ts';
import { BASELINE } from '../core/solution.ts';
import { noiseOf, resolution } from '../core/stats/noise.ts';
import { typicalLevel } from '../core/stats/spending.ts';
import { stagesOf } from './cascade.ts';
import { MeasureFailed, type Context } from './context.ts';
import { measureOnce, type Contestant } from './pairs.ts';
import { measurePairs } from './trial.ts';
import type { Failure, Sample } from './ports.ts';

/** Where one evaluation takes longer, candidates are measured once. */
export const SLOW_MS = 60_000;
export const BASELINE_PAIRS = 10;

function asUserError(e: unknown): never {
  if (e instanceof MeasureFailed) throw baselineFailed(e.failure);
  throw e;
}

/** The message for a baseline that cannot be evaluated: nothing can be optimized until that is mended. */
export function baselineFailed(f: Failure): UserError {
  const tail = f.output.trim().split('\n').slice(-12).join('\n');
  const readOnly = /read-only file system|EROFS/i.test(f.output) ? ' It tried to write to the checkout: name the folder under "outputs" in sigil.yaml (or --outputs DIR).' : '';
  return new UserError(
    `the unchanged code fails at ${f.stage}: ${f.reason}${tail === '' ? '' : `\n${tail}`}`,
    `Make the evaluation pass on the code as it is; "sigil validate" shows each step.${readOnly}`,
  );
}

/**
 * Measures the unchanged code in two checkouts against itself. Sets the context's axis.
 * Deterministic evals stop after three equal values; slow ones after two evaluations.
 */
export async function measureBaseline(ctx: Context, a: Contestant, b: Contestant): Promise<Noise> {
  const noise = await noiseOfBaseline(ctx, a, b);
  try {
    const stages = await stagesOf(ctx, a);
    return stages.length === 0 ? noise : { ...noise, stages: stages.map((s) => s.value), stageRuns: stages.map(({ seconds, noise: own }) => ({ seconds, noise: own })) };
  } catch (e) {
    return asUserError(e);
  }
}

async function noiseOfBaseline(ctx: Context, a: Contestant, b: Contestant): Promise<Noise> {
  const rng = seededRng(`${ctx.seed}/baseline`);
  const first: Sample[] = [];
  try {
    first.push(await measureOnce(ctx, a), await measureOnce(ctx, b));
    const quick = first.every((s) => s.wallMs <= SLOW_MS);
    if (quick) first.push(await measureOnce(ctx, a));
  } catch (e) {
    asUserError(e);
  }
  const values = first.map((s) => objectiveValue(ctx.spec, s.values));
  const axis = axisOf(ctx.spec, values);
  ctx.axis = axis;
  const broken = brokenConstraint(ctx.spec, meanValues(first.map((s) => s.values)));
  if (broken !== null) throw new UserError(`the unchanged code breaks a constraint: ${broken}`, 'Relax the constraint in the objective, or mend the code first.');
  const seconds = first.reduce((s, x) => s + x.wallMs, 0) / first.length / 1000;
  const slow = first.some((s) => s.wallMs > SLOW_MS);
  // Equal three times is not chance for anything that is timed; clocks never agree to the last bit.
  const deterministic = !axis.exclusive && values.every((v) => v === values[0]);
  const means = meanValues(first.map((s) => s.values));
  if (deterministic) return { values: means, sd: 0, offset: 0, resolvable: axis.minEffect, resolveSeconds: seconds, pairs: first.length, seconds, deterministic: true, slow, scale: axis.scale };
  if (slow) {
    const costs = values.map((v) => costOn(axis, v));
    const sd = Math.abs((costs[0] ?? 0) - (costs[1] ?? 0)); // the best that two evaluations can say
    return { values: means, sd, offset: 0, resolvable: Math.max(axis.minEffect, 3 * sd), resolveSeconds: 14 * seconds, pairs: 1, seconds, deterministic: false, slow, scale: axis.scale };
  }
  try {
    const pairs = await measurePairs(ctx, { id: BASELINE, prepared: a.prepared }, b, 'baseline', BASELINE_PAIRS, rng);
    const { sd, offset } = noiseOf(pairs, axis.statistic);
    const level = typicalLevel(ctx.spec.alpha, ctx.spec.budget.evaluations);
    const { effect, evaluations } = resolution(pairs, { statistic: axis.statistic, scale: axis.scale, minEffect: axis.minEffect, offset }, level, rng);
    const samples = pairs.flatMap((p) => [p.samples.candidate.values, p.samples.incumbent.values]);
    return { sd, offset, resolvable: Number.isFinite(effect) ? effect : null, resolveSeconds: evaluations * seconds, values: meanValues(samples), pairs: pairs.length, seconds, deterministic: false, slow: false, scale: axis.scale };
  } catch (e) {
    return asUserError(e);
  }
}
