// The solutions of a run in the orders in which the tree shows them.

import { rank } from '../../core/format.ts';
import type { RunState, SolutionState } from '../../core/run-state.ts';
import { BASELINE, type SolutionId } from '../../core/solution.ts';

export interface Lists {
  /** All of the run, the baseline too, in the order in which they came. */
  readonly all: readonly SolutionState[];
  /** By parent; those of the baseline stand under BASELINE. */
  readonly children: ReadonlyMap<SolutionId, readonly SolutionState[]>;
  /** Those that have no number, the newest first. */
  readonly aside: Readonly<Record<Aside, readonly SolutionState[]>>;
  /** Those that do not stand aside. */
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

/** By score within their groups; what has none last. No two are equal: each has one place. */
function compare(a: Keyed, b: Keyed): number {
  return a.group - b.group || (a.rank === b.rank ? a.s.ask - b.s.ask : b.rank - a.rank) || (a.s.id < b.s.id ? -1 : a.s.id === b.s.id ? 0 : 1);
}

/** More changes than this and all is sorted anew. */
const FEW = 200;

/** The lists of a state. With those of an earlier state of the same run only what has changed is moved. */
export function listsOf(state: RunState, before?: Lists): Lists {
  return (before === undefined ? null : moved(state, before)) ?? sorted(state);
}

function sorted(state: RunState): Lists {
  const all = [...state.solutions.values()];
  const score = all.filter((s) => s.id !== BASELINE && asideOf(s) === null).map(keyed).sort(compare).map((k) => k.s);
  const children = new Map<SolutionId, SolutionState[]>();
  for (const s of score) {
    const parent = parentOf(state, s);
    const list = children.get(parent);
    if (list) list.push(s);
    else children.set(parent, [s]);
  }
  return { all, children, aside: asides(all), score };
}

function asides(all: readonly SolutionState[]): Lists['aside'] {
  const aside: Record<Aside, SolutionState[]> = { failed: [], waste: [] };
  for (let i = all.length - 1; i >= 0; i--) {
    const s = all[i];
    const where = s === undefined || s.id === BASELINE ? null : asideOf(s);
    if (s !== undefined && where !== null) aside[where].push(s);
  }
  return aside;
}

/** Null where too much has changed, or it is another run. A fold puts a new object where a solution has changed, and new solutions at the end. */
function moved(state: RunState, before: Lists): Lists | null {
  const all = [...state.solutions.values()];
  const changed: (readonly [SolutionState | undefined, SolutionState])[] = [];
  for (const [i, s] of all.entries()) {
    const old = before.all[i];
    if (old === s) continue;
    if ((old !== undefined && old.id !== s.id) || changed.length === FEW) return null;
    if (s.id !== BASELINE) changed.push([old, s]);
  }
  if (all.length < before.all.length) return null;

  const score = [...before.score];
  const children = new Map(before.children);
  const own = new Set<SolutionId>();
  const childrenOf = (id: SolutionId): SolutionState[] => {
    const list = own.has(id) ? children.get(id) as SolutionState[] : [...children.get(id) ?? []];
    own.add(id);
    children.set(id, list);
    return list;
  };
  let aside = before.aside;
  for (const [old, s] of changed) {
    const was = old === undefined ? null : asideOf(old);
    const is = asideOf(s);
    if (was !== null && is !== was) return null;
    if (is !== null && children.has(s.id)) return null; // they are to be shown elsewhere
    if (is !== null) aside = asides(all);
    const siblings = childrenOf(parentOf(state, s));
    if (old !== undefined && was === null && !(remove(score, old) && remove(siblings, old))) return null;
    if (is === null) for (const list of [score, siblings]) list.splice(placeOf(list, s), 0, s);
    if (siblings.length === 0) {
      children.delete(parentOf(state, s));
      own.delete(parentOf(state, s));
    }
  }
  return { all, children, aside, score };
}

/** Where in a sorted list a solution stands, or belongs. */
function placeOf(list: readonly SolutionState[], s: SolutionState): number {
  const key = keyed(s);
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(keyed(list[middle] as SolutionState), key) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function remove(list: SolutionState[], s: SolutionState): boolean {
  const at = placeOf(list, s);
  if (list[at] !== s) return false;
  list.splice(at, 1);
  return true;
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
