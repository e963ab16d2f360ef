// The solutions of a run in the orders in which the tree shows them.

import { rank } from '../../core/format.ts';
import type { RunState, SolutionState } from '../../core/run-state.ts';
import { BASELINE, type SolutionId } from '../../core/solution.ts';

export interface Lists {
  /** By parent; those of the baseline stand under BASELINE. */
  readonly children: ReadonlyMap<SolutionId, readonly SolutionState[]>;
  /** Those that have no number, the newest first. */
  readonly aside: Readonly<Record<Aside, readonly SolutionState[]>>;
  /** All others. */
  readonly score: readonly SolutionState[];
}

/** `failed`: a check failed, it crashed or took too long. `waste`: duplicates and invalid ones, which do not count as evaluations. */
export type Aside = 'failed' | 'waste';

/** Whether a solution stands aside: shown in the lineage, these would bury what was measured. None has children: no search goes on from them. */
export function asideOf(s: SolutionState): Aside | null {
  switch (s.outcome) {
    case 'duplicate':
    case 'invalid': return 'waste';
    case 'blocked':
    case 'crashed':
    case 'timed-out':
    case 'infra-error': return 'failed';
    default: return null;
  }
}

interface Keyed {
  readonly s: SolutionState;
  /** What is being evaluated first, then what is verified, then the rest. */
  readonly group: number;
  readonly rank: number;
}

function keyed(s: SolutionState): Keyed {
  return { s, group: s.outcome === null ? 0 : s.promotion !== null ? 1 : 2, rank: rank(s) };
}

/** By score within their groups; what has none last. */
function compare(a: Keyed, b: Keyed): number {
  return a.group - b.group || (a.rank === b.rank ? a.s.ask - b.s.ask : b.rank - a.rank);
}

/**
 * The lists of a state. `before` are those of an earlier state of the same run: almost all of them stand in order already, and sorting what is
 * sorted takes one comparison each.
 */
export function listsOf(state: RunState, before?: Lists): Lists {
  const aside: Record<Aside, SolutionState[]> = { failed: [], waste: [] };
  const fresh: SolutionState[] = [];
  const known = before === undefined ? 0 : before.score.length + before.aside.failed.length + before.aside.waste.length;
  let n = 0;
  for (const s of state.solutions.values()) {
    if (s.id === BASELINE) continue;
    const where = asideOf(s);
    if (where !== null) aside[where].push(s);
    else if (n >= known) fresh.push(s); // solutions come at the end
    n++;
  }
  const ordered: Keyed[] = [];
  for (const old of before?.score ?? []) {
    const s = state.solutions.get(old.id);
    if (s !== undefined && asideOf(s) === null) ordered.push(keyed(s));
  }
  for (const s of fresh) ordered.push(keyed(s));
  // Something stands aside no more, or the run is another: from the beginning.
  if (before !== undefined && ordered.length + aside.failed.length + aside.waste.length !== n) return listsOf(state);
  const score = ordered.sort(compare).map((k) => k.s);
  aside.failed.reverse();
  aside.waste.reverse();
  const children = new Map<SolutionId, SolutionState[]>();
  for (const s of score) {
    const parent = parentOf(state, s);
    const list = children.get(parent);
    if (list) list.push(s);
    else children.set(parent, [s]);
  }
  return { children, aside, score };
}

/** The solution under which it is shown: its first parent, or the baseline where that is not shown. */
export function parentOf(state: RunState, s: SolutionState): SolutionId {
  const [parent] = s.parents;
  const known = parent === undefined ? undefined : state.solutions.get(parent);
  return known === undefined || asideOf(known) !== null ? BASELINE : known.id;
}

/** The solutions from a run's best up to the baseline: the path that is open at first. */
export function pathToBest(state: RunState): ReadonlySet<SolutionId> {
  const out = new Set<SolutionId>();
  for (let s = state.solutions.get(state.incumbent); s !== undefined && s.id !== BASELINE && !out.has(s.id); s = state.solutions.get(parentOf(state, s))) out.add(s.id);
  return out;
}
