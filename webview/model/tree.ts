// Which rows the tree shows and in what order: by lineage with its branches folded, or flat by score; filtered.

import type { RowOutcome, Rows } from './rows.ts';

export type Order = 'lineage' | 'score';

export interface Filter {
  /** In the summary, the operator or at the beginning of the id. */
  readonly text: string;
  /** Null: all. */
  readonly outcome: RowOutcome | null;
}

export interface Shown {
  readonly row: number;
  /** From 1. */
  readonly level: number;
  /** Among its siblings that are shown: from 1, and how many. */
  readonly position: number;
  readonly size: number;
  /** Null without children. */
  readonly expanded: boolean | null;
  /** False for one that is shown for its descendants' sake only. */
  readonly matches: boolean;
}

export function isFiltering(f: Filter): boolean {
  return f.text.trim() !== '' || f.outcome !== null;
}

/** Whether each row passes the filter. */
export function matching(rows: Rows, filter: Filter): readonly boolean[] {
  const text = filter.text.trim().toLowerCase();
  const out: boolean[] = [];
  for (let i = 0; i < rows.count; i++)
    out.push(
      (filter.outcome === null || rows.outcome(i) === filter.outcome) &&
      (text === '' || rows.summary(i).toLowerCase().includes(text) || rows.operator(i).toLowerCase().includes(text) || rows.id(i).toLowerCase().startsWith(text)),
    );
  return out;
}

/** The rows that match and their ancestors, depth first, children in the order in which they were tried. */
function byLineage(rows: Rows, matches: readonly boolean[], isCollapsed: (id: string) => boolean): Shown[] {
  const keep = [...matches];
  const children: number[][] = Array.from({ length: rows.count }, () => []);
  // Parents come before their children, so one pass from the end tells ancestors of matches.
  for (let i = rows.count - 1; i >= 0; i--) {
    const parent = rows.parent(i);
    if (keep[i] && parent >= 0) {
      keep[parent] = true;
      children[parent]?.push(i);
    }
  }
  const out: Shown[] = [];
  // A stack of what comes next, since a lineage may be as deep as the run is long. Children stand last first in their list already.
  const next: { row: number; level: number; position: number; size: number }[] = [];
  const push = (siblings: readonly number[], level: number): void => {
    siblings.forEach((row, k) => next.push({ row, level, position: siblings.length - k, size: siblings.length }));
  };
  push(rows.count > 0 && keep[0] ? [0] : [], 1);
  for (let at = next.pop(); at !== undefined; at = next.pop()) {
    const below = children[at.row] ?? [];
    const expanded = below.length === 0 ? null : !isCollapsed(rows.id(at.row));
    out.push({ ...at, expanded, matches: matches[at.row] ?? false });
    if (expanded === true) push(below, at.level + 1);
  }
  return out;
}

/** Verified ones first, then estimates, then what was not measured; each the better the earlier. */
function byScore(rows: Rows, matches: readonly boolean[]): Shown[] {
  const kept: number[] = [];
  for (let i = 0; i < rows.count; i++) if (matches[i]) kept.push(i);
  const key = (i: number): number => rows.score(i) ?? -Infinity;
  const claim = (i: number): number => Number(rows.outcome(i) === 'kept');
  kept.sort((a, b) => claim(b) - claim(a) || (key(b) === key(a) ? a - b : key(b) - key(a)));
  return kept.map((row, k) => ({ row, level: 1, position: k + 1, size: kept.length, expanded: null, matches: true }));
}

/** While a filter is on, branches are open: what was looked for must be seen. */
export function shownRows(rows: Rows, order: Order, filter: Filter, collapsed: ReadonlySet<string>): readonly Shown[] {
  const matches = matching(rows, filter);
  return order === 'score' ? byScore(rows, matches) : byLineage(rows, matches, isFiltering(filter) ? () => false : (id) => collapsed.has(id));
}

/** How many rows have each outcome, in the order of their first appearance. */
export function outcomeCounts(rows: Rows): ReadonlyMap<RowOutcome, number> {
  const out = new Map<RowOutcome, number>();
  for (let i = 0; i < rows.count; i++) {
    const outcome = rows.outcome(i);
    if (outcome !== 'baseline') out.set(outcome, (out.get(outcome) ?? 0) + 1);
  }
  return out;
}
