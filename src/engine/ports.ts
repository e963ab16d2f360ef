// The doors of the engine: everything that the loop needs from the world.

import type { Action, Down, Event, EventBody, Machine, SandboxLevel, Spend } from '../core/events.ts';
import type { BaseFile, Genome } from '../core/pin.ts';
import type { Ask } from '../core/optimizers/optimizer.ts';
import type { Rng } from '../core/rng.ts';
import type { RunState } from '../core/run-state.ts';
import type { SolutionId } from '../core/solution.ts';

/** Wall time for budgets and events. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

/** One append-only file with one writer. */
export interface Journal {
  /**
   * Calls `visit` for each event that is there, in order, until it returns false. Events are not kept in memory. With `last`, rounds may be
   * passed over, but for one that ends the journal.
   */
  replay(visit: (e: Event) => unknown, rounds?: 'all' | 'last'): void;
  /** Appends: written when it returns, and on its way to the disk when `durable`, there before anything later that is durable. Synchronous, so that the journal's order is the run's order. */
  append(body: EventBody, durable: boolean): Event;
  /** Resolves when all that is durable is on the disk; null when it is already. Rejects when the disk refuses. */
  settled(): Promise<void> | null;
  /** Actions of people from line `from` on, 0-based. */
  actions(from: number): Promise<readonly Action[]>;
  close(): Promise<void>;
}

export interface ProposalRequest {
  readonly ask: Ask;
  /** The ask's number in the run: the same after a resume. */
  readonly number: number;
  /** The run so far, for what a proposer learns from it. After a resume it may hold more than when this was asked first. */
  readonly state: RunState;
  /** What the spec and people say that the proposer should know, as it stood when this was asked; may be empty. */
  readonly instructions: string;
  readonly parent: Genome;
  readonly inspirations: readonly Genome[];
  /** Of a `debug` ask: what is to be mended, why it failed, and what the step that failed printed. */
  readonly broken?: { readonly genome: Genome; readonly reason: string; readonly output: string };
  readonly base: readonly BaseFile[];
  /** Randomness of this ask only: the same ask gives the same proposal after a resume. */
  readonly rng: Rng;
  /** Whether a genome has been tried: by normal form. */
  readonly seen: (normalForm: string) => boolean;
  /** Of an edit that is nearly one that was tried on the same parent and was no better: what that was, in words; null for a new one. Asked at most once an ask, since it may be wrong. */
  readonly near?: (genome: Genome) => string | null;
  /** How an operator has fared in this run: measured solutions, and those that were better than their parent by estimate. */
  readonly record: (operator: string) => { readonly tries: number; readonly wins: number };
  readonly signal: AbortSignal;
  /** Once it is aborted no further call may begin, also none that waits for its turn (NotBegun is thrown); one that is under way goes on. */
  readonly halt: AbortSignal;
  /** Runs work of the CPU when no time is being measured; left out where nothing else is going on. Never to be nested, nor to wait for a network in. */
  readonly calm?: <T>(work: () => T | Promise<T>) => Promise<T>;
}

/** Who answered an ask, and what was paid for it. */
export interface Answered {
  readonly usd: number;
  /** Left out by the built-in mutators. */
  readonly model?: string;
  /** What `usd` was paid for, by model. */
  readonly spend?: readonly Spend[];
  /** Models that were asked first and are down from now on. */
  readonly down?: readonly Down[];
}

export type Proposal =
  | { readonly kind: 'proposal'; readonly genome: Genome; readonly operator: string; readonly summary: string } & Answered
  /** No applicable edit; `spent` when this parent will never have another. */
  | { readonly kind: 'none'; readonly reason: string; readonly spent: boolean } & Answered
  /** What the ask would cost at most is more than the budget has left; nothing was spent. The ask stays open, for a resume with more. */
  | { readonly kind: 'unaffordable'; /** Where it is not the run's own budget: which, in words. */ readonly why?: string };

/** The run was told to end before a call of the ask began. The ask stays open, for a resume. */
export class NotBegun extends Error {
  override readonly name = 'NotBegun';
}

/** By its name: the clients of models are a bundle of their own, with a class of their own. */
export function isNotBegun(e: unknown): boolean {
  return e instanceof Error && e.name === 'NotBegun';
}

/** Turns an ask into code. */
export interface Proposer {
  readonly name: string;
  /** It can make use of where a solution's time goes. */
  readonly readsProfiles?: true;
  /** Sees that someone will answer: once the run can be seen from outside, and before anything is measured. Throws UserError where nobody will. */
  ready?(signal: AbortSignal): Promise<void>;
  propose(request: ProposalRequest): Promise<Proposal>;
  /** A normal form: equal for genomes that differ in comments and formatting only. */
  normalForm(base: readonly BaseFile[], genome: Genome): Promise<string>;
}

/** One measurement of one solution. */
export interface Sample {
  readonly ok: true;
  /** Metric values by name; all finite. */
  readonly values: Readonly<Record<string, number>>;
  /** The engine's own clock of the process: what a claimed time must bear out. */
  readonly wallMs: number;
  readonly cpuMs: number | null;
  /** In-process milliseconds that the sample claims, where the eval says so (call evals). */
  readonly claimedMs: number | null;
  /** Others kept the machine busy meanwhile: judged by load alone, never by the values. */
  readonly contended: boolean;
}

/** Why there is no measurement. */
export interface Failure {
  readonly ok: false;
  readonly outcome: 'blocked' | 'crashed' | 'timed-out' | 'suspicious' | 'infra-error';
  /** `build`, a gate's name, `results`, `measure`. */
  readonly stage: string;
  readonly reason: string;
  /** The tail of what it printed. */
  readonly output: string;
}

export interface GateReport {
  readonly gate: string;
  readonly ok: boolean;
  readonly seconds: number;
  readonly output: string;
}

/** A solution that stands built in a checkout and has passed its gates. */
export interface Prepared {
  readonly id: SolutionId;
  readonly processes: number;
  release(): Promise<void>;
}

/** Where evaluations run. */
export interface Backend {
  readonly level: SandboxLevel;
  readonly checkout: 'worktree' | 'copy';
  readonly machine: Machine;
  /** Makes checkouts, runs setup, and records what the baseline must show (call results, line counts). Throws a UserError when it can't. */
  open(signal: AbortSignal): Promise<void>;
  /** What runs the code and what it is called with, in words for a proposer, once it is open; null where the eval does not tell. */
  readonly about: string | null;
  /** Writes, builds, gates. `trusted` solutions (the baseline, the incumbent) skip gates that they passed before. */
  prepare(id: SolutionId, genome: Genome, options: { readonly trusted: boolean; readonly onGate: (g: GateReport) => void }, signal: AbortSignal): Promise<Prepared | Failure>;
  /** One fresh process. */
  sample(prepared: Prepared, options: { readonly heldOut: boolean }, signal: AbortSignal): Promise<Sample | Failure>;
  /** Where its time goes, in words, by one more run; null where that cannot be told. */
  profile(prepared: Prepared, signal: AbortSignal): Promise<string | null>;
  /** One run of a stage of the spec's cascade, in a fresh process: its metric's value alone. */
  stage(prepared: Prepared, index: number, signal: AbortSignal): Promise<Sample | Failure>;
  /** Whether the eval has held-out inputs or a held-out command to measure. */
  readonly hasHeldOut: boolean;
  /** Compares results on the held-out inputs with the baseline's; null when they agree or the eval has none. */
  checkHeldOut(prepared: Prepared, signal: AbortSignal): Promise<Failure | null>;
  /** What speaks against a claim, in words: files changed that may not, gains that show only on repeated inputs. Empty is well. */
  objections(candidate: Prepared, incumbent: Prepared, signal: AbortSignal): Promise<readonly string[]>;
  /** Runs `work` while no other run on this machine measures. */
  exclusively<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T>;
  close(): Promise<void>;
}
