// State is a fold of events: what the optimizer, the tables, the tree and the report all read.

import type { Action, Event, Noise, RunSummary, Spend, Steering, StopReason } from './events.ts';
import { enterTest, extendBudget, giveBack, openBudget, type ErrorBudget } from './stats/spending.ts';
import { BASELINE, type Estimate, type Gain, type Outcome, type SolutionId } from './solution.ts';

/** One solution as the journal tells it. */
export interface SolutionState {
  readonly id: SolutionId;
  readonly ask: number;
  readonly parents: readonly SolutionId[];
  readonly depth: number;
  readonly patch: string;
  readonly operator: string;
  readonly summary: string;
  /** The line of search that it belongs to, an island or a tree, where the search has some. */
  readonly branch?: number;
  /** Where its time goes, where it was profiled. */
  readonly profile?: string;
  readonly usd: number;
  readonly spent: boolean;
  /** Who answered; empty where the journal does not tell, and for the built-in mutators. */
  readonly model: string;
  readonly spend: readonly Spend[];
  /** Null while it is evaluated. */
  readonly outcome: Outcome | null;
  readonly reason: string;
  readonly estimate: Estimate | null;
  /** Whether the objective's constraints held when it was measured. */
  readonly feasible: boolean;
  /** Verified against the incumbent of its time, at promotion. */
  readonly promotion: Gain | null;
  /** The incumbent that it was promoted over. */
  readonly over: SolutionId | null;
  /** Verified against the baseline at the end or by `measure`: the only number that is called the gain. */
  readonly gain: Gain | null;
  readonly metrics: Readonly<Record<string, number>>;
  readonly pairs: number;
  readonly gates: readonly { readonly gate: string; readonly ok: boolean; readonly seconds: number; readonly output: string }[];
  readonly banned: boolean;
  readonly accepted: boolean;
}

export type Started = Extract<Event, { type: 'run-started' }>;

/** Whether a run only shows what plain best-of-n reaches with the budget of another run. It is never the latest run of a spec. */
export function isControl(started: Pick<Started, 'workspace' | 'spec' | 'controls'>): boolean {
  return started.controls !== undefined || (started.workspace.endsWith(CONTROL_SUFFIX) && started.spec.optimizer.name === 'best-of-n');
}

/** A control's workspace is its run's with this. */
export const CONTROL_SUFFIX = '-control';

export interface RunState {
  readonly started: Started | null;
  readonly noise: Noise | null;
  /** What runs the code and what it is called with, in words; null where that is not known. */
  readonly about: string | null;
  readonly solutions: ReadonlyMap<SolutionId, SolutionState>;
  /** The verified best so far: the baseline until something is kept. */
  readonly incumbent: SolutionId;
  /** Asks whose verdict has not come. */
  readonly open: ReadonlyMap<number, SolutionId | null>;
  readonly counts: Readonly<Partial<Record<Outcome, number>>>;
  /** Solutions that reached a gate: what a budget counts. */
  readonly evaluations: number;
  /** The budget of evaluations, extensions included. */
  readonly planned: number;
  readonly processes: number;
  readonly usd: number;
  /** What it may spend, in USD; null for no limit. */
  readonly usdLimit: number | null;
  /** How long it may be at work, in ms; null for no limit. */
  readonly timeLimit: number | null;
  /** Answers of models in a row, since it was begun or resumed, without an edit that can be applied. */
  readonly unusableInRow: number;
  /** Milliseconds that the run was at work, pauses between stop and resume left out. */
  readonly activeMs: number;
  readonly lastT: number;
  readonly infraInRow: number;
  readonly stopped: StopReason | null;
  readonly summary: RunSummary | null;
  readonly stopRequested: boolean;
  /** How many lines of actions.jsonl the run has taken note of. */
  readonly actionsSeen: number;
  readonly nextAsk: number;
  /** What people told the search, oldest first; as the run has taken note of it. */
  readonly notes: readonly string[];
  /** The solution that the next asks have as their parent, because a person steered to it. */
  readonly focus: { readonly id: SolutionId; readonly left: number } | null;
  /** What the run may still spend of its chance of a false promotion. */
  readonly errors: ErrorBudget;
}

/** How many asks a solution is the parent of, once a person has steered to it. */
export const FOCUS_ASKS = 5;

export const EMPTY: RunState = {
  started: null, noise: null, about: null, solutions: new Map(), incumbent: BASELINE, open: new Map(), counts: {}, evaluations: 0, planned: 0,
  processes: 0, usd: 0, usdLimit: null, timeLimit: null, unusableInRow: 0, activeMs: 0, lastT: 0, infraInRow: 0, stopped: null, summary: null, stopRequested: false,
  actionsSeen: 0, nextAsk: 0, notes: [], focus: null, errors: openBudget(0.05),
};

/** Outcomes of solutions that reached a gate; duplicates and invalid ones are counted apart. */
export function countsAsEvaluation(outcome: Outcome): boolean {
  return outcome !== 'duplicate' && outcome !== 'invalid';
}

/** The estimated effect of a solution against the baseline, on the additive axis; 0 for the baseline and the unmeasured. */
export function effectOfSolution(s: SolutionState | undefined): number {
  if (!s?.estimate) return 0;
  return s.estimate.scale === 'ratio' ? Math.log(s.estimate.gain) : s.estimate.gain;
}

/** A fold that owns its maps: `apply` changes it in place, `state` is a live view. Linear in the number of events. */
export class RunFold {
  private readonly solutions = new Map<SolutionId, SolutionState>();
  private readonly open = new Map<number, SolutionId | null>();
  private readonly levels = new Map<SolutionId, number>();
  /** Of open asks that have one. */
  private readonly branches = new Map<number, number>();
  /** When the session of the run began whose events come now. */
  private sessionAt = 0;
  // Apart from the rest, since every event changes them and a journal may have a million.
  private activeMs = 0;
  private lastT = 0;
  private rest: Omit<RunState, 'solutions' | 'open' | 'activeMs' | 'lastT'> = EMPTY;

  get state(): RunState {
    return { ...this.rest, activeMs: this.activeMs, lastT: this.lastT, solutions: this.solutions, open: this.open };
  }

  private update(id: SolutionId, change: Partial<SolutionState>): void {
    const old = this.solutions.get(id);
    if (old) this.solutions.set(id, { ...old, ...change });
  }

  /** Applies one event. Unknown types are ignored, so that an older reader can read a newer journal. */
  apply(e: Event): void {
    const s = this.rest;
    if (e.type !== 'resumed' && this.lastT !== 0) this.activeMs += Math.max(0, e.t - this.lastT - (e.type === 'waited' ? e.ms : 0));
    this.lastT = e.t;
    switch (e.type) {
      case 'run-started': {
        this.sessionAt = e.t;
        this.rest = { ...this.rest, started: e, planned: e.spec.budget.evaluations, usdLimit: e.spec.budget.usd, timeLimit: e.spec.budget.timeMs, errors: openBudget(e.spec.alpha) };
        this.solutions.set(BASELINE, {
          id: BASELINE, ask: -1, parents: [], depth: 0, patch: '', operator: '', summary: 'the code as it was', usd: 0, spent: false, model: '', spend: [], outcome: null, reason: '',
          estimate: null, feasible: true, promotion: null, over: null, gain: null, metrics: {}, pairs: 0, gates: [], banned: false, accepted: false,
        });
        return;
      }
      case 'baseline':
        this.rest = { ...this.rest, noise: e.noise, about: e.about ?? null, processes: s.processes + e.processes };
        this.update(BASELINE, { metrics: e.noise.values, pairs: e.noise.pairs });
        return;
      case 'resumed':
        this.sessionAt = e.t;
        this.rest = { ...this.rest, planned: e.evaluations, usdLimit: e.usd ?? s.usdLimit, timeLimit: e.timeMs ?? s.timeLimit, unusableInRow: 0, stopped: null, summary: null, stopRequested: false, infraInRow: 0,
          errors: e.extended ? extendBudget(s.errors) : s.errors };
        return;
      case 'asked':
        this.open.set(e.ask, null);
        if (e.request.branch !== undefined) this.branches.set(e.ask, e.request.branch);
        this.rest = { ...this.rest, nextAsk: e.ask + 1, focus: e.request.steered === true && s.focus !== null && s.focus.left > 1 ? { ...s.focus, left: s.focus.left - 1 } : e.request.steered === true ? null : s.focus };
        return;
      case 'proposed': {
        this.open.set(e.ask, e.id);
        const branch = this.branches.get(e.ask);
        this.branches.delete(e.ask);
        const depth = 1 + Math.max(0, ...e.parents.map((p) => this.solutions.get(p)?.depth ?? 0));
        this.solutions.set(e.id, {
          id: e.id, ask: e.ask, parents: e.parents, depth, patch: e.patch, operator: e.operator, summary: e.summary, usd: e.usd, spent: e.spent,
          model: e.model ?? '', spend: e.spend ?? [], ...(branch === undefined ? {} : { branch }), outcome: null, reason: '', estimate: null, feasible: true, promotion: null, over: null, gain: null, metrics: {}, pairs: 0, gates: [], banned: false, accepted: false,
        });
        if (e.usd !== 0) this.rest = { ...this.rest, usd: s.usd + e.usd };
        if (e.spent && s.focus !== null && e.parents[0] === s.focus.id) this.rest = { ...this.rest, focus: null }; // nothing is left to try from there
        return;
      }
      case 'gated':
        this.update(e.id, { gates: [...(this.solutions.get(e.id)?.gates ?? []).filter((g) => g.gate !== e.gate), { gate: e.gate, ok: e.ok, seconds: e.seconds, output: e.output }] });
        return;
      case 'test-entered':
        // The level is spent when it is taken, whatever becomes of the test; an interrupted test is begun anew with another.
        this.levels.set(e.id, e.level);
        this.rest = { ...this.rest, errors: enterTest(s.errors, e.toCome).budget };
        return;
      case 'round':
      case 'waited': // its time is taken off above
        return;
      case 'verdict': {
        this.open.delete(e.ask);
        this.update(e.id, { outcome: e.outcome, reason: e.reason, estimate: e.estimate, feasible: e.feasible, metrics: e.metrics, pairs: e.pairs });
        this.rest = {
          ...this.rest,
          counts: { ...s.counts, [e.outcome]: (s.counts[e.outcome] ?? 0) + 1 },
          evaluations: s.evaluations + (countsAsEvaluation(e.outcome) ? 1 : 0),
          processes: s.processes + e.processes,
          unusableInRow: e.outcome !== 'invalid' ? 0 : s.unusableInRow + (this.solutions.get(e.id)?.model === '' ? 0 : 1),
          infraInRow: e.outcome === 'infra-error' ? s.infraInRow : 0,
        };
        return;
      }
      case 'promoted':
        this.recount(e.id, 'kept'); // a slow one was unverified until now
        this.update(e.id, { promotion: e.gain, over: e.over, outcome: 'kept' });
        this.rest = { ...this.rest, incumbent: e.id, errors: giveBack(s.errors, this.levels.get(e.id) ?? 0) };
        this.levels.delete(e.id);
        return;
      case 'confirmed':
        if (e.ok && e.gain) this.update(e.id, { gain: e.gain });
        else if (!e.ok) {
          this.recount(e.id, 'inconclusive');
          this.update(e.id, { outcome: 'inconclusive', reason: e.reason, promotion: null });
          if (s.incumbent === e.id) this.rest = { ...this.rest, incumbent: this.before(e.id) };
        }
        return;
      case 'acted':
        for (const id of e.banned) this.update(id, { banned: true });
        this.rest = { ...this.rest, actionsSeen: e.upTo };
        this.steer(e.banned, e.steered ?? []);
        return;
      case 'profiled': {
        const one = this.solutions.get(e.id);
        if (one !== undefined) this.solutions.set(e.id, { ...one, profile: e.text });
        return;
      }
      case 'infra-error':
        this.rest = { ...this.rest, infraInRow: e.inRow };
        return;
      case 'stopped':
        this.rest = { ...this.rest, stopped: e.reason };
        return;
      case 'run-ended':
        this.rest = { ...this.rest, summary: e.summary };
        return;
    }
  }

  /** The last solution that was steered to is searched from, unless it is banned. */
  private steer(banned: readonly SolutionId[], steered: readonly Steering[]): void {
    const notes = steered.map((n) => n.text).filter((t) => t !== '');
    let { focus } = this.rest;
    for (const { focus: id } of steered) if (id !== null && this.solutions.has(id)) focus = { id, left: FOCUS_ASKS };
    if (focus !== null && (banned.includes(focus.id) || this.solutions.get(focus.id)?.banned === true)) focus = null;
    this.rest = { ...this.rest, focus, notes: notes.length === 0 ? this.rest.notes : [...this.rest.notes, ...notes] };
  }

  /** Moves one solution from its outcome to another in the counts. */
  private recount(id: SolutionId, outcome: Outcome): void {
    const old = this.solutions.get(id)?.outcome ?? null;
    if (old === null || old === outcome) return;
    const { counts } = this.rest;
    this.rest = { ...this.rest, counts: { ...counts, [old]: (counts[old] ?? 1) - 1, [outcome]: (counts[outcome] ?? 0) + 1 } };
  }

  /** The incumbent that `id` was promoted over, or what that one was promoted over if it has lost its claim. Promotions are no order of proposals. */
  private before(id: SolutionId): SolutionId {
    let at = this.solutions.get(id)?.over ?? BASELINE;
    while (at !== BASELINE && this.solutions.get(at)?.promotion === null) at = this.solutions.get(at)?.over ?? BASELINE;
    return at;
  }

  /** Applies what people did meanwhile. */
  act(a: Action): void {
    switch (a.type) {
      case 'accepted':
        this.update(a.id, { accepted: true });
        return;
      case 'undone':
        this.update(a.id, { accepted: false });
        return;
      case 'banned':
        this.update(a.id, { banned: true });
        return;
      case 'measured':
        if (a.against === BASELINE) this.update(a.id, { gain: a.gain });
        return;
      case 'steered':
        return; // it holds from when the run takes note of it, which its journal says
      case 'stop-requested':
        // What was asked of an earlier session does not stop this one.
        if (a.t >= this.sessionAt) this.rest = { ...this.rest, stopRequested: true };
        return;
    }
  }
}

/** Folds a whole journal with its actions. */
export function foldRun(events: readonly Event[], actions: readonly Action[] = []): RunState {
  const fold = new RunFold();
  for (const e of events) fold.apply(e);
  for (const a of actions) fold.act(a);
  return fold.state;
}
