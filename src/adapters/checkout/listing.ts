// The files that a snapshot of the user's repository holds: tracked and untracked ones, those of nested repositories too, found without writing anything.

import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { dependencyPrefix, isBytecode, isDependency } from './defaults.ts';
import { fromGit, git, records, toGit } from './git.ts';
import { lstatOrNull } from './remove.ts';

const BATCH = 1000;

export interface Listing {
  /** Paths from the repository root as git writes them (one character a byte): files and links that are there. */
  readonly files: ReadonlySet<string>;
  /** Untracked dependency folders and files, from the repository root. */
  readonly dependencies: readonly string[];
}

export interface Repository {
  /** Real path of the work tree. */
  readonly root: string;
  /** The project root from there: '' or `a/b`. */
  readonly prefix: string;
  /** The current commit; null before the first. */
  readonly head: string | null;
  /** Real path of the repository's common .git directory. */
  readonly commonDir: string;
}

/**
 * The repository whose work tree holds the project, or null: none, or one that ignores the project's folder.
 * @throws GitError where git refuses a repository that is there (for example one of another owner).
 */
export async function findRepository(projectRoot: string, signal?: AbortSignal): Promise<Repository | null> {
  const call = { cwd: projectRoot, signal };
  let lines: string[];
  try {
    lines = fromGit(await git(['rev-parse', '--is-inside-work-tree', '--show-toplevel', '--show-prefix', '--git-common-dir'], call)).split('\n');
  } catch (e) {
    if (e instanceof Error && /not a git repository|must be run in a work tree|outside (a|of) (work tree|repository)/i.test(e.message)) return null;
    throw e;
  }
  const [inside, root, prefix, common] = lines;
  if (inside !== 'true' || root === undefined || prefix === undefined || common === undefined) return null;
  const clean = prefix.replace(/\/$/, '');
  if (clean !== '' && (await succeeds(['check-ignore', '-q', '--', '.'], call)) && (await git(['ls-files', '-z', '--', '.'], call)) === '') return null;
  const head = await git(['rev-parse', '--verify', '-q', 'HEAD^{commit}'], call).catch(() => '');
  return { root: resolve(root), prefix: clean, head: head.trim() || null, commonDir: isAbsolute(common) ? common : resolve(projectRoot, common) };
}

async function succeeds(args: readonly string[], call: { cwd: string; signal: AbortSignal | undefined }): Promise<boolean> {
  return git(args, call).then(
    () => true,
    () => false,
  );
}

/**
 * Lists what a snapshot holds. `excluded` are real paths that never belong to it (the cache, when it lies inside the repository).
 * Only `ls-files` is run: it takes no lock and writes no index.
 */
export async function listFiles(repository: Repository, excluded: readonly string[], signal?: AbortSignal): Promise<Listing> {
  const files = new Set<string>();
  const dependencies = new Set<string>();
  const skip = excluded.map((e) => toGit(relative(repository.root, e).split(sep).join('/'))).filter((e) => e !== '' && !e.startsWith('..'));
  await list('');
  return { files: await existing(repository.root, files), dependencies: [...dependencies].map(fromGit).sort() };

  async function list(at: string): Promise<void> {
    const call = { cwd: join(repository.root, fromGit(at)), signal };
    const [staged, untracked, ignored] = await Promise.all([
      git(['ls-files', '-z', '--stage'], call),
      git(['ls-files', '-z', '--others', '--exclude-standard'], call),
      git(['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory'], call),
    ]);
    const nested: string[] = [];
    for (const record of records(staged)) {
      const path = at + record.slice(record.indexOf('\t') + 1);
      if (record.startsWith('160000')) nested.push(`${path}/`);
      else if (belongs(path)) files.add(path);
    }
    for (const record of records(untracked)) {
      const path = at + record;
      const dependency = dependencyPrefix(path);
      if (dependency !== null) dependencies.add(dependency);
      else if (path.endsWith('/')) nested.push(path);
      else if (belongs(path)) files.add(path);
    }
    for (const record of records(ignored)) {
      const path = (at + record).replace(/\/$/, '');
      if (belongs(path) && isDependency(path, (p) => lstatOrNull(join(repository.root, fromGit(p), 'pyvenv.cfg')) !== null)) dependencies.add(path);
    }
    for (const path of nested) {
      files.delete(path.slice(0, -1)); // a file that has become a repository
      if (belongs(path) && isOwnRepository(repository, join(repository.root, fromGit(path)))) await list(path);
    }
  }

  function belongs(path: string): boolean {
    if (path.includes('.sigil') && path.split('/').includes('.sigil')) return false;
    return !isBytecode(path) && !skip.some((s) => path === s || path.startsWith(`${s}/`));
  }
}

/** Whether a nested folder is a repository that is there, and not another work tree of the user's own repository. */
function isOwnRepository(repository: Repository, folder: string): boolean {
  const dot = join(folder, '.git');
  const stat = lstatOrNull(dot);
  if (stat === null) return false; // a submodule that is not checked out: running git there would list the outer repository
  if (!stat.isFile()) return true;
  const target = resolve(folder, readFileSync(dot, 'utf8').replace(/^gitdir:\s*/, '').trim());
  return dirname(target) !== join(repository.commonDir, 'worktrees');
}

/** Those that are there as files or links, below real folders: git refuses a path beyond a link (which is listed itself) and one that is now a folder. */
async function existing(root: string, files: ReadonlySet<string>): Promise<Set<string>> {
  const out = new Set<string>();
  const real = new Map<string, boolean>([['', true]]);
  const isReal = (folder: string): boolean => {
    const known = real.get(folder);
    if (known !== undefined) return known;
    const slash = folder.lastIndexOf('/');
    const answer = isReal(slash < 0 ? '' : folder.slice(0, slash)) && lstatOrNull(nativePath(root, folder))?.isDirectory() === true;
    real.set(folder, answer);
    return answer;
  };
  let left = BATCH;
  for (const path of files) {
    const slash = path.lastIndexOf('/');
    if (isReal(slash < 0 ? '' : path.slice(0, slash)) && lstatOrNull(nativePath(root, path))?.isDirectory() === false) out.add(path);
    if (--left <= 0) {
      left = BATCH;
      await turn();
    }
  }
  return out;
}

const ASCII = /^[\0-\x7f]*$/;

/** A path for file functions: of bytes where a string could not hold the name. */
function nativePath(root: string, path: string): string | Buffer {
  return ASCII.test(path) ? `${root}/${path}` : Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')]);
}
