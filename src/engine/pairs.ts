// Pairs: candidate and incumbent measured in turn, in random order, each in a fresh process.

import { costOn, objectiveValue } from '../core/axis.ts';
import type { Phase } from '../core/events.ts';
import type { ClockPair } from '../core/integrity.ts';
import { millisecondsPer } from '../core/metric.ts';
import { soleMetric } from '../core/axis.ts';
import type { Rng } from '../core/rng.ts';
import type { SolutionId } from '../core/solution.ts';
import { Aborted, type Context, MeasureFailed } from './context.ts';
import type { Prepared, Sample } from './ports.ts';

export interface MeasuredPair {
  /** Costs on the axis: lower is better. */
  readonly candidate: number;
  readonly incumbent: number;
  readonly samples: { readonly candidate: Sample; readonly incumbent: Sample };
}

export interface Contestant {
  readonly id: SolutionId;
  readonly prepared: Prepared;
}

async function sampleOf(ctx: Context, who: Contestant, heldOut: boolean): Promise<Sample> {
  const sample = await ctx.quiet.run(() => ctx.ports.backend.sample(who.prepared, { heldOut }, ctx.signal));
  if (ctx.signal.aborted) throw new Aborted();
  if (!sample.ok) throw new MeasureFailed(sample, who.id);
  const value = objectiveValue(ctx.spec, sample.values);
  const cost = ctx.axis === null ? value : costOn(ctx.axis, value);
  if (!Number.isFinite(cost)) {
    throw new MeasureFailed({
      ok: false, outcome: 'suspicious', stage: 'measure', output: '',
      reason: `the objective's value is ${String(value)}, ${ctx.axis?.kind === 'size' ? 'and sizes are compared as ratios: declare "kind: count" where that is a right value' : `which no honest measurement of a ${ctx.axis?.kind ?? 'metric'} can be`}`,
    }, who.id);
  }
  return sample;
}

/** One measurement of one solution. Throws MeasureFailed. */
export function measureOnce(ctx: Context, who: Contestant, heldOut = false): Promise<Sample> {
  return sampleOf(ctx, who, heldOut);
}

/** Draws the order, measures both, and journals the round. A round under contention is repeated while `spare` lasts. */
export async function measurePair(
  ctx: Context, candidate: Contestant, incumbent: Contestant, phase: Phase, index: number, rng: Rng, spare: { rounds: number },
): Promise<MeasuredPair> {
  const axis = ctx.theAxis();
  for (;;) {
    const first = rng.chance(0.5);
    const a = await sampleOf(ctx, first ? candidate : incumbent, phase === 'held-out');
    const b = await sampleOf(ctx, first ? incumbent : candidate, phase === 'held-out');
    const samples = first ? { candidate: a, incumbent: b } : { candidate: b, incumbent: a };
    if ((a.contended || b.contended) && axis.exclusive && spare.rounds > 0) {
      spare.rounds--; // judged by the machine's load, never by the ratio
      continue;
    }
    const values = { candidate: objectiveValue(ctx.spec, samples.candidate.values), incumbent: objectiveValue(ctx.spec, samples.incumbent.values) };
    ctx.emit({ type: 'round', id: candidate.id, phase, against: incumbent.id, pair: index, ...values, metrics: samples.candidate.values });
    return { candidate: costOn(axis, values.candidate), incumbent: costOn(axis, values.incumbent), samples };
  }
}

/** The engine's clock against the evaluation's claim, for the pairs that make one. `whole` as in `implausible`. */
export function clockPairs(ctx: Context, pairs: readonly MeasuredPair[]): { readonly pairs: readonly ClockPair[]; readonly whole: boolean } {
  const metric = soleMetric(ctx.spec);
  const per = metric === null || metric.source.from === 'timer' ? undefined : millisecondsPer(metric);
  const whole = pairs.every((p) => p.samples.candidate.claimedMs !== null && p.samples.incumbent.claimedMs !== null);
  const out: ClockPair[] = [];
  for (const { samples: { candidate, incumbent } } of pairs) {
    const claim = (s: Sample): number | null => s.claimedMs ?? (per === undefined || metric === null ? null : (s.values[metric.name] ?? NaN) * per);
    const candidateClaim = claim(candidate);
    const incumbentClaim = claim(incumbent);
    if (candidateClaim === null || incumbentClaim === null) continue;
    out.push({ candidateWall: candidate.wallMs, incumbentWall: incumbent.wallMs, candidateClaim, incumbentClaim });
  }
  return { pairs: out, whole };
}
