// The ask/tell contract of every search. An optimizer is pure: its state is data, its randomness is handed to it.

import type { Rng } from '../rng.ts';
import type { Outcome, SolutionId } from '../solution.ts';

/** What the optimizer wants tried next. */
export interface Ask {
  /** The solution to change. */
  readonly parent: SolutionId;
  /** Solutions that a proposer may borrow from. */
  readonly inspirations: readonly SolutionId[];
  /** Which proposer operator to use, when the optimizer cares. */
  readonly operator?: string;
  /** A person steered the search to this parent: the run's own ask, which the optimizer is told the end of like any other. */
  readonly steered?: true;
}

/** What became of one ask. */
export interface Told {
  readonly id: SolutionId;
  readonly parent: SolutionId;
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
  /** The proposer has no further edit for this parent. */
  readonly spent: boolean;
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
  init(options: Readonly<Record<string, number | boolean | string>>, plan: { readonly evaluations: number }): S;
  /** The next thing to try, or null when no parent is left that the proposer could change. */
  ask(state: S, rng: Rng): { readonly state: S; readonly ask: Ask | null };
  tell(state: S, told: Told, rng: Rng): S;
  /** A person has banned a solution: it is never a parent again. */
  ban(state: S, id: SolutionId): S;
}
