// The private repository of a project in the cache: snapshots of the user's working tree, byte for byte, without a write to the user's .git.
//
// It shares no objects with the user's repository. An `alternates` file would make the first snapshot faster, but git refreshes
// the times of objects that it finds there (a write to the user's .git), and a gc of the user's could remove what a snapshot needs.

import { linkSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { randomBytes, randomInt } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { GitError, git, records } from './git.ts';
import { removeTree } from './remove.ts';

/** Every setting of the user's global configuration that could change bytes, run a program or write elsewhere is overridden. */
const CONFIG = `[core]
	repositoryformatversion = 0
	bare = true
	filemode = FILEMODE
	hooksPath = /dev/null/none
	fsmonitor = false
	untrackedCache = false
	splitIndex = false
	sparseCheckout = false
	autocrlf = false
	trustctime = true
	checkStat = default
	logAllRefUpdates = false
	compression = 0
	longpaths = true
	fsync = none
[gc]
	auto = 0
[maintenance]
	auto = false
[checkout]
	workers = 0
[commit]
	gpgSign = false
[i18n]
	commitEncoding = UTF-8
`;
/** Wins over every .gitattributes: no conversion of any kind. (`-working-tree-encoding` would be an error, hence `!`.) */
const ATTRIBUTES = '* -text !eol !crlf !filter !ident !working-tree-encoding\n';
const IDENTITY = { NAME: 'sigil', EMAIL: 'sigil@localhost', DATE: '2000-01-01T00:00:00Z' };
/** Git's own sample of how many loose objects there are: those in one of 256 folders. Beyond this a new repository is begun. */
const LOOSE_SAMPLE = 2000;

const INDEX = 'sigil-index';

/** The name of the project's current private repository, or null. */
export function currentRepo(projectDir: string): string | null {
  try {
    return readFileSync(join(projectDir, 'current'), 'utf8').trim() || null;
  } catch {
    return null;
  }
}

/** Makes a new private repository and makes it current. Atomic: complete or not there. */
export async function createRepo(projectDir: string, signal?: AbortSignal): Promise<string> {
  const name = `repo-${randomBytes(6).toString('hex')}.git`;
  const temporary = join(projectDir, `.new-${process.pid}-${name}`);
  try {
    await git(['init', '-q', '--bare', '--template=', '--object-format=sha1', temporary], { cwd: projectDir, signal });
    configure(temporary);
    renameSync(temporary, join(projectDir, name));
  } finally {
    await removeTree(temporary);
  }
  replaceFile(join(projectDir, 'current'), `${name}\n`);
  return name;
}

/** Writes the settings again: an evaluation without a sandbox could have changed them. */
export function configure(repo: string): void {
  mkdirSync(join(repo, 'info'), { recursive: true });
  replaceFile(join(repo, 'config'), CONFIG.replace('FILEMODE', process.platform === 'win32' ? 'false' : 'true'));
  replaceFile(join(repo, 'info', 'attributes'), ATTRIBUTES);
  rmSync(join(repo, 'objects', 'info', 'alternates'), { force: true });
}

function replaceFile(path: string, text: string): void {
  const temporary = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}

/** Whether the repository has gathered so many old objects that a new one is better. */
export function isOvergrown(repo: string): boolean {
  try {
    return readdirSync(join(repo, 'objects', '17')).length > LOOSE_SAMPLE;
  } catch {
    return false;
  }
}

/**
 * Commits the files of a work tree as they are now. The commit depends on nothing but them: same files, same id.
 * `index` is the run's own index file; it starts as the one that the last run left (its stat cache saves reading unchanged files) and is left to the next.
 */
export async function snapshot(repo: string, workTree: string, files: ReadonlySet<string>, index: string, signal?: AbortSignal): Promise<string> {
  // A hard link keeps the index's own time, which git needs to notice files changed in the same tick; git replaces the file, never writes into it.
  tryLink(join(repo, INDEX), index);
  const call = { cwd: workTree, env: { GIT_INDEX_FILE: index }, signal };
  const base = [`--git-dir=${repo}`, `--work-tree=${workTree}`];
  const known = records(await git([...base, 'ls-files', '-z'], call));
  const gone = known.filter((p) => !files.has(p));
  if (gone.length > 0) await git([...base, 'update-index', '-z', '--force-remove', '--stdin'], { ...call, input: lines(gone) });
  if (files.size > 0) await git([...base, 'update-index', '-z', '--add', '--remove', '--replace', '--stdin'], { ...call, input: lines(files) });
  const tree = (await git([...base, 'write-tree'], call)).trim();
  const env: Record<string, string> = {};
  for (const who of ['AUTHOR', 'COMMITTER']) for (const [key, value] of Object.entries(IDENTITY)) env[`GIT_${who}_${key}`] = value;
  const commit = (await git([...base, 'commit-tree', tree, '-m', 'snapshot'], { ...call, env })).trim();
  const kept = join(repo, `${INDEX}.${process.pid}.${randomBytes(4).toString('hex')}`);
  if (tryLink(index, kept)) renameSync(kept, join(repo, INDEX));
  rmSync(kept, { force: true }); // a rename onto the very same file does nothing
  return commit;
}

/** What a run's index holds: paths as git writes them. */
export async function snapshotFiles(repo: string, workTree: string, index: string, signal?: AbortSignal): Promise<string[]> {
  return records(await git([`--git-dir=${repo}`, `--work-tree=${workTree}`, 'ls-files', '-z'], { cwd: workTree, env: { GIT_INDEX_FILE: index }, signal }));
}

/** Tries of `addWorktree`, each a moment after the last. */
const TRIES = 100;

/**
 * Adds a detached worktree of the private repository. Its admin folder is named after the last part of the path.
 * git reads the entries of all worktrees first, and gives up on one that another process is just making or removing: tried again.
 */
export async function addWorktree(repo: string, path: string, commit: string, signal?: AbortSignal): Promise<void> {
  for (let left = TRIES; ; left--) {
    try {
      await git([`--git-dir=${repo}`, 'worktree', 'add', '-q', '--detach', path, commit], { cwd: repo, signal });
      return;
    } catch (e) {
      if (!(e instanceof GitError) || left <= 1 || !/[/\\]worktrees\b/.test(e.stderr)) throw e;
      await removeTree(path);
      // Whoever comes in the same moment again would meet the same again.
      await wait(5 + randomInt(45), undefined, { signal });
    }
  }
}

/** Writes files of the snapshot into a work tree again. `paths` as git writes them; nothing may stand in their way. */
export async function materialise(repo: string, workTree: string, index: string, paths: readonly string[], signal?: AbortSignal): Promise<void> {
  if (paths.length === 0) return;
  const args = [`--git-dir=${repo}`, `--work-tree=${workTree}`, 'checkout-index', '-z', '-f', '-q', '--stdin'];
  await git(args, { cwd: workTree, env: { GIT_INDEX_FILE: index }, input: lines(paths), signal });
}

/** The bytes of one file of a snapshot; its path from the repository root as people write it. */
export async function readBlob(repo: string, commit: string, path: string): Promise<Buffer> {
  return Buffer.from(await git([`--git-dir=${repo}`, 'cat-file', 'blob', `${commit}:${path}`], { cwd: repo }), 'latin1');
}

function lines(paths: Iterable<string>): Buffer {
  return Buffer.from([...paths].join('\0') + '\0', 'latin1');
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch {
    return false; // no index yet, or a file system without hard links: the next run reads all files once more
  }
}
