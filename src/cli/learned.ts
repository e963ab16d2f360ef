// What a search that learns begins with: what it had learned when its latest run in this project ended.

import type { Optimizer } from '../core/optimizers/optimizer.ts';
import type { Weights } from '../core/optimizers/policy.ts';
import { lastEvent } from '../adapters/journal/file-journal.ts';
import { listRuns } from '../adapters/journal/layout.ts';

export interface Learned {
  readonly run: string;
  readonly weights: Weights;
}

/** Of the same spec where there is a run of it, else of any. Null where nothing is learned or none has ended. Runs are told by their names, and only their ends are read. */
export function learnedBefore(root: string, optimizer: Optimizer, spec: string): Learned | null {
  if (optimizer.learned === undefined) return null;
  const runs = listRuns(root).filter((p) => p.run.replace(/-\d+$/, '').endsWith(`-${optimizer.name}`)).reverse();
  for (const paths of [...runs.filter((p) => p.spec === spec), ...runs.filter((p) => p.spec !== spec)]) {
    const last = lastEvent(paths.journal);
    if (last?.type === 'run-ended' && last.learned !== undefined) return { run: paths.run, weights: last.learned };
  }
  return null;
}
