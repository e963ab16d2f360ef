// One ask from proposal to verdict.

import { objectiveValue, costOn, brokenConstraint } from '../core/axis.ts';
import type { EventBody } from '../core/events.ts';
import type { Ask } from '../core/optimizers/optimizer.ts';
import { seededRng } from '../core/rng.ts';
import { BASELINE, type Outcome, type SolutionId } from '../core/solution.ts';
import { effectOfSolution, type SolutionState } from '../core/run-state.ts';
import { MeasureFailed, type Context, type Lane } from './context.ts';
import { exactTrial, type KnownCosts } from './deterministic.ts';
import { DERIVED } from './own-asks.ts';
import { formHash, solutionId } from './ids.ts';
import { measureOnce } from './pairs.ts';
import type { Failure, Prepared, ProposalRequest } from './ports.ts';
import { estimateOf, trial, type TrialEnd } from './trial.ts';

type Verdict = Extract<EventBody, { type: 'verdict' }>;

function verdict(ask: number, id: SolutionId, outcome: Outcome, reason: string): Verdict {
  return { type: 'verdict', ask, id, outcome, reason, estimate: null, effect: null, feasible: true, p: null, alpha: null, pairs: 0, processes: 0, seconds: 0, metrics: {} };
}

/** Asks the proposer, or takes up what it had answered before an interruption. Returns null after a verdict without evaluation. */
async function propose(ctx: Context, ask: number, request: Ask): Promise<SolutionState | null> {
  const { proposer } = ctx.ports;
  const before = ctx.state.open.get(ask);
  const done = before === null || before === undefined ? undefined : ctx.state.solutions.get(before);
  if (done) return admitted(ctx, ask, done);
  const parent = ctx.genomes.of(request.parent);
  const derived = request.operator === DERIVED ? ctx.state.started?.parent : null;
  const proposal = derived ? ({ kind: 'proposal', genome: derived.genome, operator: DERIVED, summary: `solution ${derived.from} of an earlier run`, usd: 0 } as const) : await proposer.propose({
    ask: request, number: ask, state: ctx.state, instructions: ctx.instructions(ask), parent, inspirations: request.inspirations.map((i) => ctx.genomes.of(i)), ...brokenOf(ctx, request), base: ctx.base,
    rng: seededRng(`${ctx.seed}/propose/${ask}`), seen: (form) => ctx.seen.has(formHash(form)), record: (operator) => ctx.record(operator), signal: ctx.signal,
  });
  if (proposal.kind === 'unaffordable') {
    ctx.outOfMoney = true;
    return null;
  }
  const { started } = ctx.state;
  const run = `${ctx.spec.name}/${started?.workspace ?? ''}/${started?.run ?? ''}`;
  if (proposal.kind === 'none') {
    const id = solutionId(run, ask, proposal.reason);
    ctx.emit({ type: 'proposed', ask, id, parents: [request.parent], patch: '', operator: 'none', summary: proposal.reason, usd: proposal.usd, spent: proposal.spent && request.broken === undefined });
    return admitted(ctx, ask, ctx.state.solutions.get(id));
  }
  const patch = ctx.genomes.diff(parent, proposal.genome);
  const id = solutionId(run, ask, patch);
  const form = patch === '' ? {} : { form: formHash(await proposer.normalForm(ctx.base, proposal.genome)) };
  ctx.emit({ type: 'proposed', ask, id, parents: [request.parent, ...(request.broken === undefined ? [] : [request.broken]), ...request.inspirations], patch, operator: proposal.operator, summary: proposal.summary, usd: proposal.usd, spent: false, ...form });
  return admitted(ctx, ask, ctx.state.solutions.get(id));
}

function brokenOf(ctx: Context, request: Ask): Pick<ProposalRequest, 'broken'> {
  if (request.broken === undefined) return {};
  const s = ctx.state.solutions.get(request.broken);
  return { broken: { genome: ctx.genomes.of(request.broken), reason: s?.reason ?? '', output: s?.gates.findLast((g) => !g.ok)?.output ?? '' } };
}

/** A proposed solution that is worth an evaluation; null after the verdict on one that is not. The same live and after a kill. */
function admitted(ctx: Context, ask: number, s: SolutionState | undefined): SolutionState | null {
  if (s === undefined) return null;
  if (s.patch === '') {
    ctx.emit(verdict(ask, s.id, 'invalid', s.operator === 'none' ? s.summary : 'the proposal changes nothing'));
    return null;
  }
  if (!ctx.isRepeated(s.id)) return s;
  ctx.emit(verdict(ask, s.id, 'duplicate', 'the same program has been tried'));
  return null;
}

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

/** Evaluates one ask in a lane, and journals everything on the way. Throws Aborted when told to end at once. */
export async function evaluateAsk(ctx: Context, lane: Lane, ask: number, request: Ask, known: KnownCosts): Promise<void> {
  const solution = await propose(ctx, ask, request);
  if (solution === null) return;
  const { id } = solution;
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
  return true;
}

