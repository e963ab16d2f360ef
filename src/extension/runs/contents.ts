// Contents of a run's solutions, rebuilt from its journal: no process is needed to show a diff.

import { Genomes } from '../../core/genomes.ts';
import type { RunState, SolutionState, Started } from '../../core/run-state.ts';
import type { SolutionRef } from '../refs.ts';
import type { RunEntry } from './run-entry.ts';
import type { RunStore } from './run-store.ts';

export interface Contents {
  readonly state: RunState;
  readonly started: Started;
  readonly genomes: Genomes;
}

/** One a fold: a journal that was replaced has another beginning. */
const known = new WeakMap<Started, Genomes>();

/** Null for a run that ended before it began. */
export function contentsOf(entry: RunEntry): Contents | null {
  const state = entry.state();
  const { started, solutions } = state;
  if (started === null) return null;
  const genomes = known.get(started) ?? new Genomes(started.base, (id) => solutions.get(id));
  known.set(started, genomes);
  return { state, started, genomes };
}

export interface Found extends Contents {
  readonly entry: RunEntry;
  readonly solution: SolutionState;
}

/** A solution by its reference; null when its run is gone or has no such solution. */
export function findSolution(runs: RunStore, ref: SolutionRef): Found | null {
  const entry = runs.get(ref);
  const contents = entry ? contentsOf(entry) : null;
  const solution = contents?.state.solutions.get(ref.id);
  return entry && contents && solution ? { ...contents, entry, solution } : null;
}
