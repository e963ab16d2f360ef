// The loop of a run: ask, propose, judge, tell, until a budget ends. Proposals are in flight apart from the lanes that evaluate them.

import type { StopReason } from '../core/events.ts';
import type { Ask } from '../core/optimizers/optimizer.ts';
import type { SolutionState } from '../core/run-state.ts';
import { aheadOf, NO_TIMES, type Times } from './ahead.ts';
import { MeasureFailed, type Context, type Lane } from './context.ts';
import type { KnownCosts } from './deterministic.ts';
import { judge, laneIncumbent } from './evaluate.ts';
import { ownAsk } from './own-asks.ts';
import { propose } from './propose.ts';
import type { Search } from './search.ts';

/** Failures in a row after which the baseline is evaluated again. */
const SUSPECT_AFTER = 5;
/** Duplicates and invalid proposals are capped at this many times the planned evaluations. */
const WASTE = 10;
/** Answers in a row without an applicable edit after which a model is given up: each of them is paid. */
export const UNUSABLE = 20;

export interface LoopRequest {
  /** Proposals in flight at a time; left out where each holds its lane from the ask to the verdict, so that the search knows all that went before. */
  readonly calls?: number;
  readonly interrupt: AbortSignal;
  readonly abort: AbortSignal;
}

/** Whether nothing more is to be evaluated, whatever is ready: proposals that wait stay open, for a resume. */
function halted(ctx: Context, request: LoopRequest): StopReason | null {
  const s = ctx.state;
  const { timeLimit } = s;
  if (request.interrupt.aborted || request.abort.aborted) return 'interrupted';
  if (s.stopRequested) return 'stopped';
  return timeLimit !== null && s.activeMs + (ctx.ports.clock.now() - s.lastT) >= timeLimit && s.evaluations < s.planned ? 'time' : null;
}

/** Why nothing more may be asked, or null. What is in flight counts. */
function ended(ctx: Context, request: LoopRequest, inFlight: number): StopReason | null {
  const halt = halted(ctx, request);
  if (halt !== null) return halt;
  const s = ctx.state;
  if (s.evaluations + inFlight >= s.planned) return 'budget';
  const wasted = (s.counts.duplicate ?? 0) + (s.counts.invalid ?? 0);
  if (wasted >= WASTE * s.planned || s.unusableInRow >= UNUSABLE) return 'exhausted';
  return ctx.outOfMoney || (s.usdLimit !== null && s.usd >= s.usdLimit) ? 'money' : null;
}

/** Runs until a budget ends or the search has nothing left. Throws what a proposer or an evaluation threw, when all that was in flight has ended. */
export async function loop(ctx: Context, search: Search, lanes: readonly Lane[], request: LoopRequest): Promise<StopReason> {
  const { calls } = request;
  const known: KnownCosts = new Map();
  const free = [...lanes];
  /** Proposals that wait for a lane, in the order in which they came. */
  const ready: SolutionState[] = [];
  const running = new Set<Promise<void>>();
  const unfinished = [...ctx.state.open.keys()].sort((a, b) => a - b);
  let proposing = 0;
  let times: Times = NO_TIMES;
  let failure: unknown;

  /** Ends what waits for its turn to call. */
  const halting = new AbortController();
  const halt = (): void => { halting.abort(); };
  request.interrupt.addEventListener('abort', halt, { once: true });

  const follow = (work: Promise<void>): void => {
    const task: Promise<void> = work.catch((e: unknown) => void (failure ??= e)).then(() => void running.delete(task));
    running.add(task);
  };
  const now = (): number => ctx.ports.clock.now();
  const judging = (): number => lanes.length - free.length;
  const inFlight = (): number => proposing + ready.length + judging();
  const hasRoom = (): boolean => (calls === undefined ? inFlight() < lanes.length : proposing < calls && proposing + ready.length < aheadOf(calls, lanes.length, times));

  const judgeReady = (): void => {
    // A proposal that holds its lane is evaluated to its end.
    while (failure === undefined && ctx.failuresInRow < SUSPECT_AFTER && (calls === undefined || halted(ctx, request) === null)) {
      const lane = free.at(-1);
      const solution = lane === undefined ? undefined : ready.shift();
      if (lane === undefined || solution === undefined) return;
      free.pop();
      const began = now();
      follow(judge(ctx, lane, solution, known).finally(() => {
        free.push(lane);
        times = { ...times, evaluationMs: times.evaluationMs + now() - began, evaluated: times.evaluated + 1 };
      }));
    }
  };
  const begin = (ask: number, what: Ask): void => {
    proposing++;
    const began = now();
    follow(propose(ctx, ask, what, halting.signal).then((solution) => {
      proposing--; // nothing may come between this and its place among the ready ones: it would be counted nowhere
      times = { ...times, callMs: times.callMs + now() - began, useful: times.useful + (solution === null ? 0 : 1) };
      if (solution !== null) ready.push(solution);
      judgeReady();
    }, (e: unknown) => {
      proposing--;
      throw e;
    }));
  };

  for (;;) {
    await noteActions(ctx);
    if (halted(ctx, request) !== null) halt();
    judgeReady();
    let stop = ended(ctx, request, inFlight());
    while (stop === null && failure === undefined && hasRoom()) {
      const again = unfinished.shift();
      const resumed = again === undefined ? undefined : ctx.requests.get(again);
      const own = ownAsk(ctx.state);
      if (again !== undefined && resumed) begin(again, resumed);
      else if (own !== null) {
        const number = ctx.state.nextAsk;
        ctx.emit({ type: 'asked', ask: number, request: own, rng: search.rngState });
        begin(number, own);
      } else {
        const { ask, rng } = search.ask();
        if (ask === null) {
          if (running.size === 0) stop = 'exhausted';
          break;
        }
        const number = ctx.state.nextAsk;
        ctx.emit({ type: 'asked', ask: number, request: ask, rng });
        begin(number, ask);
      }
      stop ??= ended(ctx, request, inFlight());
    }
    if (running.size === 0) {
      if (failure !== undefined) throw failure as Error;
      if (stop !== null) return stop;
    }
    await Promise.race(running);
    const lane = free[0];
    if (ctx.failuresInRow >= SUSPECT_AFTER && failure === undefined && lane !== undefined) {
      if (await baselineFails(ctx, lane, ctx.failuresInRow)) {
        await Promise.all(running);
        return 'eval-broken';
      }
      ctx.failuresInRow = 0;
    }
  }
}

/** Evaluates the incumbent again after failures in a row: only if it fails too is the eval broken. */
async function baselineFails(ctx: Context, lane: Lane, inRow: number): Promise<boolean> {
  try {
    const { id, prepared } = await laneIncumbent(ctx, lane);
    const sample = await ctx.ports.backend.sample(prepared, { heldOut: false }, ctx.signal);
    if (sample.ok) return false;
    ctx.emit({ type: 'infra-error', id, reason: sample.reason, inRow });
    return true;
  } catch (e) {
    if (!(e instanceof MeasureFailed)) throw e;
    ctx.emit({ type: 'infra-error', id: e.who, reason: e.failure.reason, inRow });
    return true;
  }
}

/** Reads what people did since the last look. */
async function noteActions(ctx: Context): Promise<void> {
  const from = ctx.state.actionsSeen;
  const actions = await ctx.ports.journal.actions(from);
  if (actions.length === 0) return;
  for (const a of actions) ctx.fold.act(a);
  const steered = actions.flatMap((a) => (a.type === 'steered' ? [{ text: a.text, focus: a.focus }] : []));
  ctx.emit({ type: 'acted', upTo: Math.max(from, ...actions.map((a) => a.seq + 1)), banned: actions.flatMap((a) => (a.type === 'banned' ? [a.id] : [])), ...(steered.length > 0 ? { steered } : {}) });
}
