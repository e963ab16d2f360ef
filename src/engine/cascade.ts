// The evaluation cascade: cheap stages that turn a clearly worse candidate away before it is measured in full. They compare with what the
// original showed on the same stage, claim nothing, and give no estimate.

import type { StageRuns } from '../core/events.ts';
import { plain } from '../core/format.ts';
import type { Stage } from '../core/spec.ts';
import { median } from '../core/stats/describe.ts';
import { Aborted, MeasureFailed, type Context } from './context.ts';
import type { Contestant } from './pairs.ts';

/** Runs of each stage that say what the original shows. */
const BASELINE_RUNS = 3;
/** A candidate that is turned away by one run gets another: the better one counts. */
const TRIES = 2;

async function runOf(ctx: Context, who: Contestant, index: number, stage: Stage): Promise<{ readonly value: number; readonly seconds: number }> {
  const sample = await ctx.quiet.run(() => ctx.ports.backend.stage(who.prepared, index, ctx.signal));
  if (ctx.signal.aborted) throw new Aborted();
  if (!sample.ok) throw new MeasureFailed(sample, who.id);
  const value = sample.values[stage.metric.name] ?? NaN;
  if (Number.isFinite(value)) return { value, seconds: sample.wallMs / 1000 };
  throw new MeasureFailed({ ok: false, outcome: 'suspicious', stage: stage.name, output: '', reason: `the value of ${stage.metric.name} is ${String(value)}` }, who.id);
}

/** What the original shows on each stage, and what the runs that say so were like. */
export async function stagesOf(ctx: Context, baseline: Contestant): Promise<readonly (StageRuns & { readonly value: number })[]> {
  const out: (StageRuns & { readonly value: number })[] = [];
  for (const [index, stage] of (ctx.spec.cascade ?? []).entries()) {
    const runs: { readonly value: number; readonly seconds: number }[] = [];
    while (runs.length < BASELINE_RUNS) runs.push(await runOf(ctx, baseline, index, stage));
    const value = median(runs.map((r) => r.value));
    out.push({ value, seconds: runs.reduce((sum, r) => sum + r.seconds, 0) / runs.length, noise: Math.max(...runs.map((r) => worseBy(stage, r.value, value))) });
  }
  return out;
}

/** Whether a stage compares as a share: times, rates and sizes. */
export function comparesShares({ metric: { kind } }: Stage): boolean {
  return kind === 'time' || kind === 'rate' || kind === 'size';
}

/** How much worse a value is, as slack is given: as a share of it for times, rates and sizes, else in the metric's unit. Below 0 is better. */
export function worseBy(stage: Stage, value: number, original: number): number {
  const least = stage.metric.direction === 'minimize';
  if (comparesShares(stage) && value > 0 && original > 0) return (least ? value / original : original / value) - 1;
  return least ? value - original : original - value;
}

/** Runs a candidate through the stages, and journals each like a gate; the reason of the first that turns it away. Throws MeasureFailed. */
export async function turnedAway(ctx: Context, candidate: Contestant): Promise<{ readonly reason: string | null; readonly processes: number }> {
  let processes = 0;
  for (const [index, stage] of (ctx.spec.cascade ?? []).entries()) {
    const original = ctx.state.noise?.stages?.[index];
    if (original === undefined) continue; // an older journal
    const began = ctx.ports.clock.now();
    let best: number | null = null;
    for (let i = 0; i < TRIES && (best === null || worseBy(stage, best, original) > stage.slack); i++) {
      const { value } = await ctx.exclusively(stage.metric.exclusive, () => runOf(ctx, candidate, index, stage));
      processes++;
      if (best === null || worseBy(stage, value, original) < worseBy(stage, best, original)) best = value;
    }
    const ok = best !== null && worseBy(stage, best, original) <= stage.slack;
    const output = ok ? '' : `${stage.metric.name} is ${plain(best ?? NaN)}, of the original ${plain(original)}`;
    ctx.emit({ type: 'gated', id: candidate.id, gate: stage.name, ok, seconds: (ctx.ports.clock.now() - began) / 1000, output });
    if (!ok) return { reason: `${stage.name}: ${output}`, processes };
  }
  return { reason: null, processes };
}
