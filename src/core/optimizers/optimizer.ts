// The ask/tell contract of every search. An optimizer is pure: its state is data, its randomness is handed to it.

import type { KnobRange } from '../knob.ts';
import type { Rng } from '../rng.ts';
import type { Outcome, SolutionId } from '../solution.ts';
import type { Traits } from '../traits.ts';
import type { Weights } from './policy.ts';

/** What the optimizer wants tried next. */
export interface Ask {
  /** The solution to change. */
  readonly parent: SolutionId;
  /** Solutions that a proposer may borrow from. */
  readonly inspirations: readonly SolutionId[];
  /**
   * What kind of step to take, when the optimizer cares: `draft` (a first idea from the baseline), `improve` and `diff` (a small change),
   * `rewrite` (a large one), `crossover` (the parent with what an inspiration has, the first if it can be), `debug` (`broken`, mended). A proposer that
   * cannot take such a step takes any other.
   */
  readonly operator?: string;
  /** Of a `debug` ask: a solution that failed, made from `parent` or by way of other repairs. What comes of it is a change of `parent`, which is sound. */
  readonly broken?: SolutionId;
  /** Of a `knobs` ask: what each knob of the baseline is set to, in the order of the plan. The code is else the baseline's. */
  readonly knobs?: readonly number[];
  /** Which of the optimizer's lines of search it belongs to: a tree, an island. It comes back with the verdict; proposers pass over it. */
  readonly branch?: number;
  /** Of several models the one to ask, by its name, where the search cares. */
  readonly model?: string;
  /** A person steered the search to this parent: the run's own ask, which the optimizer is told the end of like any other. */
  readonly steered?: true;
}

/** What became of one ask. */
export interface Told {
  readonly id: SolutionId;
  readonly parent: SolutionId;
  /** What it answers: also asks that were the run's own. */
  readonly ask: Ask;
  readonly outcome: Outcome;
  /**
   * The estimated effect against the baseline on the objective's additive axis (log ratio, or difference), positive is better;
   * null when it was not measured. Estimates carry no claim: a role (parent, current, elite) may rest on them.
   */
  readonly effect: number | null;
  /** One standard error of `effect`. */
  readonly error: number | null;
  /** Whether every constraint of the objective holds. */
  readonly feasible: boolean;
  readonly operator: string;
  readonly traits: Traits;
  /** The proposer has no further edit for this parent. */
  readonly spent: boolean;
}

/** What a search knows before its first ask. */
export interface Plan {
  readonly evaluations: number;
  /** The knobs of the baseline, for searches that need them. */
  readonly knobs?: readonly KnobRange[];
  /** The models that propose, where there are several, with the shares that the user gave them. */
  readonly models?: readonly { readonly name: string; readonly weight: number }[];
  /** What a search of this name learned in the run before. */
  readonly learned?: Weights;
}

/**
 * A search. `S` is plain JSON data, so a journal can rebuild it by replay.
 * Contract, checked by one table-driven test for all: deterministic for a seed, symmetric in direction, invariant to the
 * metric's scale, tolerant of several asks in flight and of tells in any order, and never asks for a banned parent.
 */
export interface Optimizer<S = unknown> {
  readonly name: string;
  /** One line for `--help`. */
  readonly summary: string;
  /** Options with their defaults; unknown keys are refused with a suggestion. */
  readonly defaults: Readonly<Record<string, number | boolean | string>>;
  /** It searches over knobs: a run without any is refused, and the built-in mutators propose. */
  readonly needs?: 'knobs';
  /** Throws a UserError that says what an option, or the plan, lacks. */
  init(options: Readonly<Record<string, number | boolean | string>>, plan: Plan): S;
  /** The next thing to try, or null when no parent is left that the proposer could change. */
  ask(state: S, rng: Rng): { readonly state: S; readonly ask: Ask | null };
  tell(state: S, told: Told, rng: Rng): S;
  /** A person has banned a solution: it is never a parent again. */
  ban(state: S, id: SolutionId): S;
  /** What later runs may begin with, of a search that learns. */
  learned?(state: S): Weights;
}
