// What one run carries: its ports, its fold, and what was learned at the baseline.

import type { Axis } from '../core/axis.ts';
import type { Event, EventBody } from '../core/events.ts';
import type { BaseFile } from '../core/pin.ts';
import { RunFold, type RunState } from '../core/run-state.ts';
import type { SolutionId } from '../core/solution.ts';
import type { Spec } from '../core/spec.ts';
import type { Genomes } from './genomes.ts';
import type { Backend, Clock, Failure, Journal, Prepared, Proposer } from './ports.ts';

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
  /** Normal forms of everything tried. */
  readonly seen = new Set<string>();

  constructor(init: { spec: Spec; base: readonly BaseFile[]; ports: Ports; genomes: Genomes; seed: number; signal: AbortSignal; fold: RunFold }) {
    this.spec = init.spec;
    this.base = init.base;
    this.ports = init.ports;
    this.genomes = init.genomes;
    this.seed = init.seed;
    this.signal = init.signal;
    this.fold = init.fold;
  }

  get state(): RunState {
    return this.fold.state;
  }

  /** Appends to the journal and folds. Paid calls and verdicts are durable. */
  async emit(body: EventBody): Promise<Event> {
    const durable = body.type !== 'round' && body.type !== 'gated' && body.type !== 'asked';
    const event = await this.ports.journal.append(body, durable);
    this.fold.apply(event);
    return event;
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
