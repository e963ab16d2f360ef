// What one run carries: its ports, its fold, and what was learned at the baseline.

import type { Axis } from '../core/axis.ts';
import type { Event, EventBody } from '../core/events.ts';
import type { Ask } from '../core/optimizers/optimizer.ts';
import type { BaseFile } from '../core/pin.ts';
import { likeness, sketchOf, type Sketch } from '../core/novelty.ts';
import { effectOfSolution, type RunFold, type RunState } from '../core/run-state.ts';
import type { SolutionId } from '../core/solution.ts';
import type { Spec } from '../core/spec.ts';
import type { Genomes } from '../core/genomes.ts';
import type { Backend, Clock, Failure, Journal, Prepared, Proposer } from './ports.ts';
import { Quiet } from './quiet.ts';

/** So many of the latest edits of one parent are remembered. */
const TWINS = 64;

/** Shorter waits for the machine are not worth a line. */
const WAIT_MS = 500;

export interface Ports {
  readonly journal: Journal;
  readonly backend: Backend;
  readonly proposer: Proposer;
  readonly clock: Clock;
}

/** A lane evaluates one solution at a time; it holds the incumbent built in a checkout of its own. */
export interface Lane {
  incumbent: { readonly id: SolutionId; readonly prepared: Prepared } | null;
}

export class Context {
  readonly spec: Spec;
  readonly base: readonly BaseFile[];
  readonly ports: Ports;
  readonly genomes: Genomes;
  readonly seed: number;
  /** Aborts at once (a second Ctrl-C, a shutdown). */
  readonly signal: AbortSignal;
  readonly fold: RunFold;
  axis: Axis | null = null;
  /** What keeps the run's own work out of its measurements. */
  readonly quiet: Quiet;
  /** Hashes of the normal forms of everything tried, with the first solution that had each. */
  readonly seen = new Map<string, SolutionId>();
  /** The same, of the solutions that have no verdict yet. */
  private readonly forms = new Map<SolutionId, string>();
  /** What was asked, of asks that have no verdict yet. */
  readonly requests = new Map<number, Ask>();
  /** How many notes of people there were when each of them was asked. */
  private readonly notesAt = new Map<number, number>();
  /** Solutions of which the journal does not tell the normal form: an older version wrote it. */
  readonly unformed: SolutionId[] = [];

  constructor(init: { spec: Spec; base: readonly BaseFile[]; ports: Ports; genomes: Genomes; seed: number; signal: AbortSignal; fold: RunFold; novelty?: number; onEvent: (e: Event) => void }) {
    this.spec = init.spec;
    this.base = init.base;
    this.ports = init.ports;
    this.genomes = init.genomes;
    this.seed = init.seed;
    this.signal = init.signal;
    this.fold = init.fold;
    this.novelty = init.novelty ?? 0;
    this.onEvent = init.onEvent;
    this.quiet = new Quiet(init.spec.metrics.some((m) => m.exclusive), init.ports.backend.machine.cores);
  }

  /** How alike an edit may be to one that was no better; 0 where that does not matter. */
  private readonly novelty: number;
  /** By parent: what was made of it, measured, and found no better. */
  private readonly failures = new Map<SolutionId, { readonly id: SolutionId; readonly sketch: Sketch }[]>();
  private readonly onEvent: (e: Event) => void;
  private readonly records = new Map<string, { tries: number; wins: number }>();
  /** Evaluations in a row that failed for reasons that may be the eval's own. */
  failuresInRow = 0;
  /** A proposer could not afford an ask: the run ends as when its money is spent. */
  outOfMoney = false;
  /** Which budget that was, where it is not the run's own. */
  outOfMoneyWhy: string | undefined;

  get state(): RunState {
    return this.fold.state;
  }

  /** Appends to the journal and folds, at once: the journal's order is the order of all that happens. Paid calls and verdicts are durable. */
  emit(body: EventBody): Event {
    const free = body.type === 'proposed' && body.usd === 0;
    const durable = body.type !== 'round' && body.type !== 'gated' && body.type !== 'asked' && !free;
    const event = this.ports.journal.append(body, durable);
    this.follow(event);
    this.onEvent(event);
    return event;
  }

  /** Takes an event in, live or replayed. */
  follow(event: Event): void {
    this.fold.apply(event);
    if (event.type === 'asked') {
      this.requests.set(event.ask, event.request);
      this.notesAt.set(event.ask, this.state.notes.length);
    }
    if (event.type === 'proposed' && event.patch !== '') {
      if (event.form === undefined) this.unformed.push(event.id);
      else this.noteForm(event.id, event.form);
    }
    if (event.type !== 'verdict') return;
    this.forms.delete(event.id);
    this.requests.delete(event.ask);
    this.notesAt.delete(event.ask);
    const { solutions } = this.state;
    const s = solutions.get(event.id);
    const suspect = event.outcome === 'crashed' || event.outcome === 'timed-out' || event.outcome === 'infra-error';
    this.failuresInRow = suspect ? this.failuresInRow + 1 : 0;
    if (!s) return;
    const parent = effectOfSolution(solutions.get(s.parents[0] ?? ''));
    const won = event.effect !== null && event.feasible && event.effect > parent;
    const old = this.records.get(s.operator) ?? { tries: 0, wins: 0 };
    this.records.set(s.operator, { tries: old.tries + 1, wins: old.wins + (won ? 1 : 0) });
    if (this.novelty > 0 && !won && event.effect !== null && (event.outcome === 'discarded' || event.outcome === 'inconclusive'))
      this.failures.set(s.parents[0] ?? '', [...(this.failures.get(s.parents[0] ?? '') ?? []), { id: s.id, sketch: sketchOf(s.patch) }].slice(-TWINS));
  }

  /** The solution of which this edit of its parent is nearly a repetition, though it was no better; null for a new one. */
  twinOf(parent: SolutionId, patch: string): SolutionId | null {
    const known = this.failures.get(parent);
    if (known === undefined || patch === '') return null;
    const sketch = sketchOf(patch);
    return known.findLast((k) => likeness(k.sketch, sketch) >= this.novelty)?.id ?? null;
  }

  /** Runs `work` while no other run measures, if its metric asks for that. The wait is journaled: it is not the run's own time. */
  exclusively<T>(exclusive: boolean, work: () => Promise<T>): Promise<T> {
    if (!exclusive) return work();
    const began = this.ports.clock.now();
    return this.ports.backend.exclusively(() => {
      const ms = this.ports.clock.now() - began;
      if (ms >= WAIT_MS) this.emit({ type: 'waited', ms });
      return work();
    }, this.signal);
  }

  /** What the proposer is told for an ask: the same after a resume, whatever was said since. */
  instructions(ask: number): string {
    return [this.spec.instructions ?? '', ...this.state.notes.slice(0, this.notesAt.get(ask))].filter((t) => t !== '').join('\n\n');
  }

  /** Takes note of the hash of a solution's normal form. The first that has it keeps it. */
  noteForm(id: SolutionId, form: string): void {
    this.forms.set(id, form);
    if (!this.seen.has(form)) this.seen.set(form, id);
  }

  /** Whether an open solution is the same program as an earlier one. */
  isRepeated(id: SolutionId): boolean {
    const form = this.forms.get(id);
    return form !== undefined && this.seen.get(form) !== id;
  }

  /** How an operator has fared: tries, and how many were better than their parent by estimate. */
  record(operator: string): { readonly tries: number; readonly wins: number } {
    return this.records.get(operator) ?? { tries: 0, wins: 0 };
  }

  theAxis(): Axis {
    if (this.axis === null) throw new Error('measured before the baseline');
    return this.axis;
  }

  checkAborted(): void {
    if (this.signal.aborted) throw new Aborted();
  }
}

/** The run was told to end at once. */
export class Aborted extends Error {
  override readonly name = 'Aborted';
}

/** A measurement that could not be had, in the middle of a trial. */
export class MeasureFailed extends Error {
  override readonly name = 'MeasureFailed';
  readonly failure: Failure;
  /** Whose process failed. */
  readonly who: SolutionId;

  constructor(failure: Failure, who: SolutionId) {
    super(failure.reason);
    this.failure = failure;
    this.who = who;
  }
}
