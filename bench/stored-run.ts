// A run with many stored solutions in a project folder: begun by the real command, stopped at its baseline, and filled (stored.ts).

import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { distFile } from '../src/adapters/assets.ts';
import { FileJournal } from '../src/adapters/journal/file-journal.ts';
import { listRuns, type RunPaths } from '../src/adapters/journal/layout.ts';
import { storeSolutions, type Stored } from './stored.ts';

const METRICS = {
  score: { line: 'score: 5', metric: '{ name: score, kind: count }', objective: 'maximize score' },
  time_ms: { line: 'time_ms: 5', metric: '{ name: time_ms, kind: time, unit: ms }', objective: 'minimize time_ms' },
};

const HOT = `function scale(rows, limit) {
  let total = 0;
  for (const row of rows) {
    const step = row.value > 100 ? 3 : row.value > 10 ? 5 : 7;
    for (let i = 0; i < limit; i += 1) total += row.value * step + 11;
    if (total > 1000000) total = total % 1000003;
  }
  return total + 13;
}

module.exports = { scale };
`;

export interface StoredRun {
  readonly paths: RunPaths;
  readonly stored: Stored;
  /** Of the journal. */
  readonly bytes: number;
}

/** Makes the folder `root`, and in it a run of `solutions` evaluated ones of the spec `bench`, with `rounds` measured pairs each. */
export async function storedRun(root: string, solutions: number, { rounds = 5, metric = 'score', sandbox = 'best' }: { readonly rounds?: number; readonly metric?: keyof typeof METRICS; readonly sandbox?: string } = {}): Promise<StoredRun> {
  const m = METRICS[metric];
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, 'hot.js'), HOT);
  writeFileSync(join(root, 'sigil.yaml'), `version: 1\nspecs:\n  bench:\n    pins: [hot.js#scale]\n    gates: ["true"]\n    measure: "echo ${m.line}"\n    metrics:\n      - ${m.metric}\n    objective: ${m.objective}\n`);
  const { status, stderr } = spawnSync(process.execPath, [distFile('cli.js'), 'run', 'bench', '--model', 'builtin', '--niter', '1', '--seed', '1', '--json', '--cwd', root, '--sandbox', sandbox], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const [paths] = listRuns(root);
  if (paths === undefined) throw new Error('the run left no journal');
  // The first evaluation goes: the stored ones begin at the baseline.
  const lines = readFileSync(paths.journal, 'utf8').split('\n');
  writeFileSync(paths.journal, `${lines.slice(0, lines.findIndex((l) => l.includes('"type":"baseline"')) + 1).join('\n')}\n`);
  const journal = new FileJournal(paths, () => Date.now());
  const stored = storeSolutions(journal, solutions, rounds);
  await journal.close();
  return { paths, stored, bytes: statSync(paths.journal).size };
}
