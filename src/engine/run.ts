// A run from its first event to its summary: baseline, loop, verification; resumable at every point, since only the journal is state.

import { axisOf } from '../core/axis.ts';
import type { Event, EventBody, RunSummary, StopReason } from '../core/events.ts';
import type { Optimizer, Plan } from '../core/optimizers/optimizer.ts';
import { RunFold } from '../core/run-state.ts';
import { BASELINE } from '../core/solution.ts';
import { baselineFailed, measureBaseline } from './baseline.ts';
import { Aborted, Context, type Lane, type Ports } from './context.ts';
import { finalVerification } from './finish.ts';
import { Genomes } from '../core/genomes.ts';
import { formHash } from './ids.ts';
import { profile } from './profile.ts';
import { loop, UNUSABLE } from './loop.ts';
import { Search } from './search.ts';

export interface RunRequest {
  readonly ports: Ports;
  readonly optimizer: Optimizer;
  readonly options: Readonly<Record<string, number | boolean | string>>;
  readonly lanes: number;
  /** Proposals in flight at a time, apart from the lanes (see LoopRequest). */
  readonly calls?: number;
  /** How alike an edit may be to one of the same parent that was no better, 0 to 1 (core/novelty.ts); left out where that does not matter. */
  readonly novelty?: number;
  /** Ends the run after the evaluation in flight (a first Ctrl-C). The run stays resumable. */
  readonly interrupt: AbortSignal;
  /** Ends it at once (a second one). */
  readonly abort: AbortSignal;
  /** The first event of a new run; null resumes what the journal holds. */
  readonly start: Extract<EventBody, { type: 'run-started' }> | null;
  /** For a resume: the total number of evaluations now planned, or null to keep the plan. */
  readonly extendTo: number | null;
  /** For a resume: the USD that the run may now spend in all; left out to keep the limit. */
  readonly usd?: number;
  /** For a resume: how long it may be at work in all, in ms; left out to keep the limit. */
  readonly timeMs?: number;
}

/** What the search knows before it begins: a function of the journal's first line. */
function planOf({ spec, knobs, models, learned }: Extract<EventBody, { type: 'run-started' }>): Plan {
  return { evaluations: spec.budget.evaluations, ...(knobs === undefined ? {} : { knobs }), ...(models === undefined ? {} : { models }), ...(learned === undefined ? {} : { learned }) };
}

/** Runs to the end. Returns the summary; throws UserError when the baseline cannot be measured. */
export async function run(request: RunRequest): Promise<RunSummary> {
  const { ports, start } = request;
  const fold = new RunFold();
  const started = start ?? firstEvent(ports);
  const spec = started.spec;
  const genomes = new Genomes(started.base, (id) => fold.state.solutions.get(id));
  const search = new Search(request.optimizer, request.options, started.seed, planOf(started));
  const ctx = new Context({
    spec, base: started.base, ports, genomes, seed: started.seed, signal: request.abort, fold, ...(request.novelty === undefined ? {} : { novelty: request.novelty }),
    onEvent: (e) => search.follow(e, (id) => fold.state.solutions.get(id)),
  });
  if (start) ctx.emit(start);
  else await resume(ctx, search, request);

  const lanes: Lane[] = Array.from({ length: request.lanes }, () => ({ incumbent: null }));
  let reason: StopReason;
  try {
    await ready(request);
    await ports.backend.open(request.abort);
    await baseline(ctx, lanes);
    ctx.seen.set(formHash(await ports.proposer.normalForm(ctx.base, genomes.of(BASELINE))), BASELINE);
    reason = await loop(ctx, search, lanes, request);
    await release(lanes);
    if (reason !== 'interrupted' && reason !== 'eval-broken') await finalVerification(ctx);
  } catch (e) {
    if (!(e instanceof Aborted) && !request.abort.aborted) throw e;
    reason = 'interrupted';
  } finally {
    await release(lanes);
  }
  const why = whyOf(ctx, reason);
  ctx.emit({ type: 'stopped', reason, ...why });
  const summary = { ...summaryOf(ctx, reason), ...why };
  const { learned } = search;
  ctx.emit({ type: 'run-ended', summary, ...(learned === undefined ? {} : { learned }) });
  return summary;
}

/** Waits until someone will answer, or the run is ended. */
async function ready({ ports, interrupt, abort }: RunRequest): Promise<void> {
  try {
    await ports.proposer.ready?.(AbortSignal.any([interrupt, abort]));
  } catch (e) {
    if (interrupt.aborted || abort.aborted) throw new Aborted();
    throw e;
  }
}

function firstEvent(ports: Ports): Extract<EventBody, { type: 'run-started' }> {
  const first: Extract<EventBody, { type: 'run-started' }>[] = [];
  ports.journal.replay((e) => {
    if (e.type === 'run-started') first.push(e);
    return false;
  });
  const [started] = first;
  if (!started) throw new Error('the journal does not begin with run-started');
  return started;
}

/** Folds the journal and brings the search to the state in which it was. */
async function resume(ctx: Context, search: Search, { extendTo, usd, timeMs }: RunRequest): Promise<void> {
  let last: Event | null = null;
  ctx.ports.journal.replay((e) => {
    ctx.follow(e);
    search.replay(e, (id) => ctx.state.solutions.get(id));
    last = e;
  }, 'last');
  // Killed between a verdict and the promotion that it says: nothing is written between the two.
  const cut = last as Event | null;
  if (cut?.type === 'verdict' && cut.promotes) ctx.emit({ type: 'promoted', id: cut.id, ...cut.promotes });
  for (const id of ctx.unformed) ctx.noteForm(id, formHash(await ctx.ports.proposer.normalForm(ctx.base, ctx.genomes.of(id))));
  const planned = extendTo ?? ctx.state.planned;
  ctx.emit({ type: 'resumed', evaluations: planned, extended: planned > ctx.state.planned, ...(usd === undefined ? {} : { usd }), ...(timeMs === undefined ? {} : { timeMs }) });
}

/** The baseline, once a run; after a resume it is only stood up again. */
async function baseline(ctx: Context, lanes: readonly Lane[]): Promise<void> {
  const lane = lanes[0] as Lane;
  const { backend } = ctx.ports;
  const noise = ctx.state.noise;
  if (noise !== null) {
    ctx.axis = axisOf(ctx.spec, [noise.scale === 'ratio' ? 1 : 0]); // the scale that the baseline's own values gave
    return;
  }
  const began = ctx.ports.clock.now();
  const stand = async (trusted: boolean): Promise<NonNullable<Lane['incumbent']>> => {
    const prepared = await backend.prepare(BASELINE, ctx.genomes.of(BASELINE), { trusted, onGate: () => undefined }, ctx.signal);
    ctx.checkAborted();
    if ('ok' in prepared) throw baselineFailed(prepared);
    return { id: BASELINE, prepared };
  };
  const a = await stand(false);
  const b = await stand(true);
  try {
    const work = (): ReturnType<typeof measureBaseline> => measureBaseline(ctx, a, b);
    const measured = await ctx.exclusively(ctx.spec.metrics.some((m) => m.exclusive), work);
    ctx.emit({ type: 'baseline', noise: measured, processes: measured.pairs * 2 + 3, secondsSpent: (ctx.ports.clock.now() - began) / 1000, ...(backend.about === null ? {} : { about: backend.about }) });
  } finally {
    await b.prepared.release();
  }
  lane.incumbent = a;
  await profile(ctx, BASELINE, a.prepared);
}

async function release(lanes: readonly Lane[]): Promise<void> {
  for (const lane of lanes) {
    await lane.incumbent?.prepared.release();
    lane.incumbent = null;
  }
}

/** More of the reason, where the reason alone does not say it. */
function whyOf(ctx: Context, reason: StopReason): { readonly why?: string } {
  const { unusableInRow, solutions } = ctx.state;
  if (reason === 'money' && ctx.outOfMoneyWhy !== undefined) return { why: ctx.outOfMoneyWhy };
  if (reason !== 'exhausted' || unusableInRow < UNUSABLE) return {};
  const last = [...solutions.values()].findLast((s) => s.outcome === 'invalid');
  return { why: `${unusableInRow} answers in a row brought no edit that can be applied; the last: ${(last?.reason ?? '').replace(/\s+/g, ' ').slice(0, 200)}` };
}

function summaryOf(ctx: Context, reason: StopReason): RunSummary {
  const s = ctx.state;
  const best = s.solutions.get(s.incumbent);
  return {
    run: s.started?.run ?? '', spec: ctx.spec.name, best: s.incumbent, gain: best?.gain ?? null, counts: s.counts,
    evaluations: s.evaluations, processes: s.processes, seconds: s.activeMs / 1000, usd: s.usd, reason,
  };
}
