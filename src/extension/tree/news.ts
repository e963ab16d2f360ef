// How many verified solutions came since the tree was last looked at.

/** By run: how many of its verified solutions have been seen. */
export type Seen = Readonly<Record<string, number>>;

export interface Counted {
  readonly key: string;
  readonly running: boolean;
  /** Verified solutions; null where that would have to be found out by reading the whole run. */
  readonly kept: number | null;
}

/** Runs that nobody has seen running are old: what they found is no news. */
export function news(runs: readonly Counted[], seen: Seen): number {
  return runs.reduce((n, r) => {
    const before = seen[r.key] ?? (r.running ? 0 : null);
    return before === null || r.kept === null ? n : n + Math.max(0, r.kept - before);
  }, 0);
}

/** What is remembered: all that is there counts as seen while somebody looks; else new runs begin at nothing, and gone ones are forgotten. */
export function remember(runs: readonly Counted[], seen: Seen, looking: boolean): Seen {
  const out: Record<string, number> = {};
  for (const r of runs) {
    const before = seen[r.key];
    if (before === undefined && !r.running) continue;
    out[r.key] = looking && r.kept !== null ? r.kept : before ?? 0;
  }
  return out;
}
