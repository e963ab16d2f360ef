// Where things stand under .sigil/: the one place that knows the layout of ARCHITECTURE.md, "Files".

import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface RunPaths {
  readonly run: string;
  readonly dir: string;
  readonly journal: string;
  readonly actions: string;
  readonly lock: string;
  readonly base: string;
  readonly calls: string;
  /** Where VS Code says how its language models are reached (protocol/bridge.ts). */
  readonly bridge: string;
  /** The workspace's tree of diffs. */
  readonly solutions: string;
  readonly spec: string;
  readonly workspace: string;
}

/** Makes `.sigil` with the .gitignore by which it ignores itself. */
export function ensureSigilDir(projectRoot: string): string {
  const dir = join(projectRoot, '.sigil');
  mkdirSync(dir, { recursive: true });
  const ignore = join(dir, '.gitignore');
  if (!existsSync(ignore)) writeFileSync(ignore, '*\n');
  return dir;
}

/** What the names of an ask's records in the folder of calls begin with. */
export function callPrefix(ask: number): string {
  return `${String(ask).padStart(6, '0')}-`;
}

export function runPaths(projectRoot: string, spec: string, workspace: string, run: string): RunPaths {
  const ws = join(projectRoot, '.sigil', 'ws', spec, workspace);
  const dir = join(ws, 'runs', run);
  return {
    run, dir, spec, workspace, journal: join(dir, 'journal.jsonl'), actions: join(dir, 'actions.jsonl'), lock: join(dir, 'lock'),
    base: join(dir, 'base'), calls: join(dir, 'calls'), bridge: join(dir, 'bridge.json'), solutions: join(ws, 'solutions'),
  };
}

function folders(dir: string): string[] {
  try {
    return readdirSync(dir, { withFileTypes: true }).filter((d) => d.isDirectory()).map((d) => d.name);
  } catch {
    return [];
  }
}

/** All runs of a project that match, oldest first: run names begin with their time. */
export function listRuns(projectRoot: string, filter: { spec?: string | undefined; workspace?: string | undefined } = {}): RunPaths[] {
  const ws = join(projectRoot, '.sigil', 'ws');
  const out: RunPaths[] = [];
  for (const spec of folders(ws)) {
    if (filter.spec !== undefined && filter.spec !== spec) continue;
    for (const workspace of folders(join(ws, spec))) {
      if (filter.workspace !== undefined && filter.workspace !== workspace) continue;
      for (const run of folders(join(ws, spec, workspace, 'runs'))) {
        const paths = runPaths(projectRoot, spec, workspace, run);
        if (existsSync(paths.journal)) out.push(paths);
      }
    }
  }
  return out.sort((a, b) => (a.run < b.run ? -1 : a.run > b.run ? 1 : 0));
}

/** A new run's name: its start in UTC and a tail that makes it unique, e.g. `20261120-101500-greedy-2`. */
export function newRunName(now: number, optimizer: string, taken: (name: string) => boolean): string {
  const stamp = new Date(now).toISOString().replace(/[-:]/g, '').replace('T', '-').slice(0, 15);
  for (let n = 0; ; n++) {
    const name = `${stamp}-${optimizer}${n === 0 ? '' : `-${n + 1}`}`;
    if (!taken(name)) return name;
  }
}
