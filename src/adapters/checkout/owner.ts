// Which process a run's folder in the cache belongs to, and the removal of what dead processes left there.

import { mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import { isAlive, startOf } from '../journal/process-lock.ts';
import { currentRepo } from './private-repo.ts';
import { lstatOrNull, removeTree } from './remove.ts';

const OWNER = 'owner.json';
/** An admin folder of a worktree without a path in it is just being made, or its maker was killed: after this long it is the latter. */
const UNFINISHED_MS = 600_000;

interface Owner {
  readonly pid: number;
  readonly start: string | null;
  /** The private repository that the run uses. */
  readonly repo: string | null;
}

function readOwner(folder: string): Owner | null {
  try {
    const owner = JSON.parse(readFileSync(join(folder, OWNER), 'utf8')) as Owner;
    return isAlive(owner) ? owner : null;
  } catch {
    return null;
  }
}

/** Says that the run uses a private repository (see `sweep`). */
export function writeOwner(folder: string, repo: string | null): void {
  const temporary = join(folder, `${OWNER}.new`);
  writeFileSync(temporary, JSON.stringify({ pid: process.pid, start: startOf(process.pid), repo }));
  renameSync(temporary, join(folder, OWNER));
}

/**
 * Makes a run's folder, with its owner in it from the first moment: a folder without a live owner is garbage.
 * @throws UserError when a live process has it.
 */
export async function claimRunFolder(projectDir: string, runId: string): Promise<string> {
  const folder = join(projectDir, 'runs', runId);
  const making = join(projectDir, 'runs', `.new-${process.pid}-${runId}`);
  await removeTree(making);
  mkdirSync(making, { recursive: true, mode: 0o700 });
  writeOwner(making, null);
  if (lstatOrNull(folder)) {
    if (readOwner(folder)) {
      await removeTree(making);
      throw new UserError(`The checkouts of run ${runId} are in use by another process`, 'Wait until that run has ended, or stop it with "sigil stop".');
    }
    await removeTree(folder);
  }
  renameSync(making, folder);
  return folder;
}

/**
 * Removes the checkouts of runs whose process is gone, worktree entries that belong to none, and private repositories that nobody uses.
 * Safe beside other starts and runs: only what no live owner names is touched.
 */
export async function sweep(projectDir: string): Promise<void> {
  const runs = join(projectDir, 'runs');
  const used = new Set<string | null>();
  for (const name of list(runs)) {
    if (name.startsWith('.')) await removeIfMakerDied(join(runs, name));
    else {
      const owner = readOwner(join(runs, name));
      if (owner) used.add(owner.repo);
      else await removeDeadRun(runs, name);
    }
  }
  for (const name of list(projectDir)) {
    const path = join(projectDir, name);
    if (/^repo-.*\.git$/.test(name)) {
      if (name === currentRepo(projectDir) || used.has(name)) await sweepWorktrees(path, runs);
      else await removeTree(path);
    } else if (name.startsWith('.')) await removeIfMakerDied(path);
  }
}

/** Folders in the making or on their way out are named `.what-pid-…`. */
async function removeIfMakerDied(path: string): Promise<void> {
  if (!isAlive({ pid: Number(basename(path).split('-')[1]), start: null })) await removeTree(path);
}

/** Moved aside first: the same run may be resumed, and its folder made anew, at this very moment. */
async function removeDeadRun(runs: string, name: string): Promise<void> {
  const aside = join(runs, `.dead-${process.pid}-${name}`);
  try {
    renameSync(join(runs, name), aside);
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === 'ENOENT') return; // another start was faster
    throw e;
  }
  if (readOwner(aside)) renameSync(aside, join(runs, name));
  else await removeTree(aside);
}

async function sweepWorktrees(repo: string, runs: string): Promise<void> {
  const folder = join(repo, 'worktrees');
  for (const name of list(folder)) {
    const admin = join(folder, name);
    const run = runOfWorktree(admin);
    if (run === null) {
      const made = lstatOrNull(admin)?.mtimeMs ?? 0;
      if (Date.now() - made > UNFINISHED_MS) await removeTree(admin);
    } else if (!readOwner(join(runs, run))) await removeTree(admin);
  }
}

/** The run of a worktree entry: its path is `…/runs/<run>/<slot>/.git`. */
function runOfWorktree(admin: string): string | null {
  try {
    const parts = readFileSync(join(admin, 'gitdir'), 'utf8').trim().split(/[/\\]/);
    return parts.at(-3) ?? null;
  } catch {
    return null;
  }
}

/** Removes the worktree entries of one run. */
export async function removeWorktrees(repo: string, runFolder: string): Promise<void> {
  const folder = join(repo, 'worktrees');
  for (const name of list(folder)) {
    if (runOfWorktree(join(folder, name)) === basename(runFolder)) await removeTree(join(folder, name));
  }
}

function list(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
