// The second half of an ask: from a proposal to its verdict.

import { objectiveValue, costOn, brokenConstraint } from '../core/axis.ts';
import { BASELINE, type Outcome, type SolutionId } from '../core/solution.ts';
import { effectOfSolution, type SolutionState } from '../core/run-state.ts';
import { turnedAway } from './cascade.ts';
import { MeasureFailed, type Context, type Lane } from './context.ts';
import { exactTrial, type KnownCosts } from './deterministic.ts';
import { measureOnce } from './pairs.ts';
import type { Failure, Prepared } from './ports.ts';
import { verdict, type Verdict } from './propose.ts';
import { profile } from './profile.ts';
import { estimateOf, trial, type TrialEnd } from './trial.ts';

/** The run's incumbent, built in this lane's own checkout. */
export async function laneIncumbent(ctx: Context, lane: Lane): Promise<{ id: SolutionId; prepared: Prepared }> {
  const id = ctx.state.incumbent;
  if (lane.incumbent?.id === id) return lane.incumbent;
  await lane.incumbent?.prepared.release();
  lane.incumbent = null;
  const prepared = await ctx.ports.backend.prepare(id, ctx.genomes.of(id), { trusted: true, onGate: () => undefined }, ctx.signal);
  ctx.checkAborted();
  if ('ok' in prepared) throw new MeasureFailed(prepared, id);
  lane.incumbent = { id, prepared };
  return lane.incumbent;
}

/** Evaluates a proposal in a lane, and journals everything on the way. Throws Aborted when told to end at once. */
export async function judge(ctx: Context, lane: Lane, solution: SolutionState, known: KnownCosts): Promise<void> {
  const { id, ask } = solution;
  const started = ctx.ports.clock.now();
  let processes = 0;
  const finish = (v: Partial<Verdict> & Pick<Verdict, 'outcome' | 'reason'>): void => {
    ctx.emit({ ...verdict(ask, id, v.outcome, v.reason), ...v, processes, seconds: (ctx.ports.clock.now() - started) / 1000 });
  };
  // The verdict before this one went to the disk while this solution was thought out; nothing is started before it is there.
  const settling = ctx.ports.journal.settled();
  if (settling !== null) await settling;
  const prepared = await ctx.ports.backend.prepare(id, ctx.genomes.of(id), {
    trusted: false, onGate: (g) => void ctx.emit({ type: 'gated', id, ...g }),
  }, ctx.signal);
  ctx.checkAborted();
  if ('ok' in prepared) {
    finish({ outcome: prepared.outcome, reason: `${prepared.stage}: ${prepared.reason}` });
    return;
  }
  processes += prepared.processes;
  let keep = false;
  try {
    const away = await turnedAway(ctx, { id, prepared });
    processes += away.processes;
    if (away.reason !== null) {
      finish({ outcome: 'discarded', reason: away.reason });
      return;
    }
    let end = await measure(ctx, lane, { id, prepared }, known, ask);
    processes += end.pairs * 2;
    // Another lane may have promoted meanwhile: the claim must be against the incumbent of now. Nothing may wait between this look and the verdict.
    while (end.outcome === 'promote' && lane.incumbent?.id !== ctx.state.incumbent) {
      end = await measure(ctx, lane, { id, prepared }, known, ask);
      processes += end.pairs * 2;
    }
    keep = await conclude(ctx, lane, solution, prepared, end, finish);
  } catch (e) {
    if (!(e instanceof MeasureFailed)) throw e;
    const failure: Failure = e.failure;
    if (e.who === id) finish({ outcome: failure.outcome, reason: `${failure.stage}: ${failure.reason}` });
    else finish({ outcome: 'infra-error', reason: `the incumbent failed at ${failure.stage}: ${failure.reason}` });
  } finally {
    if (!keep) await prepared.release();
  }
}

type Measured = TrialEnd | { readonly outcome: 'unverified'; readonly effect: number; readonly error: number; readonly feasible: boolean; readonly reason: string; readonly metrics: Readonly<Record<string, number>>; readonly pairs: number };

async function measure(ctx: Context, lane: Lane, candidate: { id: SolutionId; prepared: Prepared }, known: KnownCosts, ask: number): Promise<Measured> {
  const noise = ctx.state.noise;
  const axis = ctx.theAxis();
  const work = async (): Promise<Measured> => {
    if (noise?.slow && !noise.deterministic) {
      const sample = await measureOnce(ctx, candidate);
      const value = objectiveValue(ctx.spec, sample.values);
      ctx.emit({ type: 'round', id: candidate.id, phase: 'single', against: BASELINE, pair: 0, candidate: value, incumbent: value, metrics: sample.values });
      const effect = costOn(axis, objectiveValue(ctx.spec, noise.values)) - costOn(axis, value);
      const broken = brokenConstraint(ctx.spec, sample.values);
      return { outcome: 'unverified', effect, error: noise.sd, feasible: broken === null, reason: broken ?? 'measured once: a slow evaluation', metrics: sample.values, pairs: 1 };
    }
    const incumbent = await laneIncumbent(ctx, lane);
    if (noise?.deterministic) return exactTrial(ctx, candidate, incumbent, known);
    return trial(ctx, candidate, incumbent, `${ask}/${ctx.state.lastT}`);
  };
  return ctx.exclusively(axis.exclusive, work);
}

/** Journals the verdict, and the promotion if it is one. True when the prepared checkout now belongs to the lane. */
async function conclude(
  ctx: Context, lane: Lane, solution: SolutionState, prepared: Prepared, end: Measured,
  finish: (v: Partial<Verdict> & Pick<Verdict, 'outcome' | 'reason'>) => void,
): Promise<boolean> {
  const over = lane.incumbent?.id ?? BASELINE;
  const base = end.outcome === 'unverified' ? 0 : effectOfSolution(ctx.state.solutions.get(over));
  const effect = end.effect === null ? null : end.effect + base;
  const outcome: Outcome = end.outcome === 'promote' ? 'kept' : end.outcome;
  const gain = end.outcome === 'promote' ? end.gain : null;
  finish({
    outcome, reason: end.reason, effect, estimate: effect === null ? null : estimateOf(ctx, effect, end.error), feasible: end.feasible,
    pairs: end.pairs, metrics: end.metrics, ...('p' in end ? { p: end.p, alpha: end.alpha } : {}),
    ...(gain === null ? {} : { promotes: { over, gain } }),
  });
  if (gain === null) return false;
  ctx.emit({ type: 'promoted', id: solution.id, over, gain });
  await lane.incumbent?.prepared.release();
  lane.incumbent = { id: solution.id, prepared };
  await profile(ctx, solution.id, prepared);
  return true;
}

