// Opens the checkouts of a run: takes the snapshot, and hands out checkouts of it until it is closed.

import { existsSync, mkdirSync, realpathSync } from 'node:fs';
import { isAbsolute, join, posix, sep } from 'node:path';
import { UserError } from '../../core/errors.ts';
import { cacheFolder, forgetProjects, projectFolder, projectFolders } from './cache.ts';
import { Checkout } from './checkout.ts';
import { Contents, reachable, type GitContents } from './contents.ts';
import { copyTree } from './copy-tree.ts';
import { dependencyPrefix, isBytecode, isDependency, suggestedOutputs } from './defaults.ts';
import type { SourceText } from './encoding.ts';
import { GitError, fromGit, hasGit } from './git.ts';
import { isWithin, uncovered, type Link } from './links.ts';
import { findRepository, listFiles, type Repository } from './listing.ts';
import { claimRunFolder, removeWorktrees, sweep, writeOwner } from './owner.ts';
import { configure, createRepo, currentRepo, isOvergrown, snapshot, snapshotFiles } from './private-repo.ts';
import { removeTree } from './remove.ts';

const COPY_LIMIT = { files: 200_000, bytes: 8 * 2 ** 30 };

export interface OpenOptions {
  readonly projectRoot: string;
  readonly runId: string;
  /** Ignored paths that evaluations read, from the project root: shared with the user's project, not copied. */
  readonly link: readonly string[];
  /** Ignored paths that evaluations need as they are now, from the project root: each checkout has its own. */
  readonly copy: readonly string[];
  /**
   * Paths from the project root that not all of the run's processes may see. They stand in checkouts, and in no repository that those can read:
   * not even as they were in earlier runs. Default none.
   */
  readonly hidden?: readonly string[];
  /** Folders (or files, told by an extension) that builds and evaluations write, from the project root. */
  readonly outputs: readonly string[];
  /** Whether evaluations run in a sandbox that binds `links` and shows all but pinned files and outputs read-only. Default false. */
  readonly mounted?: boolean;
  /** Checkouts without a repository, for who may not see what is left out of them. Default false. */
  readonly plain?: boolean;
  readonly signal?: AbortSignal | undefined;
}

export interface CheckoutPool {
  readonly kind: 'worktree' | 'copy';
  /** The snapshot's commit, in the private repository: the same for the same files. Null for copies. */
  readonly commit: string | null;
  /** The user's own commit that the working tree stands on; null without one. */
  readonly head: string | null;
  /** The user's folder that a checkout's root stands for. */
  readonly repoRoot: string;
  /** The private repository that the checkouts' `.git` files point to, which a sandbox may bind read-only. Null for copies. */
  readonly gitDir: string | null;
  /** The run's folder in the cache, which holds all its checkouts. */
  readonly folder: string;
  readonly links: readonly Link[];
  /** Outputs from the checkout's root: those declared and those that the project's build tool suggests. */
  readonly outputs: readonly string[];
  /** Declared paths that do not exist, as declared. */
  readonly missing: readonly string[];
  /** A file (path from the project root) as checkouts start with it. */
  readText(file: string): Promise<SourceText>;
  add(): Promise<Checkout>;
  /** Moves a checkout to the one path at which all are measured; the one that stood there goes back home. No process may use either. */
  place(checkout: Checkout): void;
  /** Closes one checkout. */
  remove(checkout: Checkout): Promise<void>;
  /** From now on these paths (from the checkout's root) are cleared like outputs and never reported: what the unchanged project's own evaluation writes. */
  tolerate(paths: readonly string[]): void;
  /** Removes everything of the run. */
  close(): Promise<void>;
}

/**
 * Opens a run's checkouts, after removing what dead runs left. Nothing is written to the user's project or its .git.
 * @throws UserError when the project cannot be read, is too large to copy, or the cache cannot be written.
 */
export async function openCheckouts(options: OpenOptions): Promise<CheckoutPool> {
  if (!/^\w[\w.-]*$/.test(options.runId)) throw new Error(`not a run id: ${options.runId}`);
  const projectRoot = realpathSync(options.projectRoot);
  const cache = cacheFolder();
  const repository = (await hasGit()) ? await asUserError(findRepository(projectRoot, options.signal)) : null;
  const repoRoot = repository?.root ?? projectRoot;
  const projectDir = projectFolder(cache, repoRoot, (options.hidden ?? []).map((path) => fromProject(repository?.prefix ?? '', path)));
  await forgetProjects(cache);
  for (const folder of projectFolders(cache, repoRoot)) await sweep(folder);
  const folder = await claimRunFolder(projectDir, options.runId);
  try {
    return await open({ options, projectRoot, repository, repoRoot, projectDir, folder, cache });
  } catch (e) {
    await removeTree(folder);
    throw e;
  }
}

interface Opening {
  readonly options: OpenOptions;
  readonly projectRoot: string;
  readonly repository: Repository | null;
  readonly repoRoot: string;
  readonly projectDir: string;
  readonly folder: string;
  readonly cache: string;
}

async function open(o: Opening): Promise<CheckoutPool> {
  const { options, folder, repoRoot, repository } = o;
  const mounted = options.mounted === true;
  const prefix = repository?.prefix ?? '';
  mkdirSync(join(folder, 'scratch'));
  const declared = (paths: readonly string[]): [string, string][] => paths.map((p) => [p, fromProject(prefix, p)]);
  const outputs = declared(options.outputs).map(([, path]) => path);
  const hidden = declared(options.hidden ?? []).map(([, path]) => path);
  const [taken, dependencies, kept] = repository ? await takeSnapshot(o, repository, hidden) : [null, [] as readonly string[], [] as readonly string[]];
  const files = new Set([...(taken?.files ?? []), ...kept]);
  const folders = foldersOf(files);
  for (const [, path] of declared(suggestedOutputs(o.projectRoot))) if (!outputs.includes(path) && !folders.has(path)) outputs.push(path);

  const missing: string[] = [];
  const parts = (paths: readonly string[]): string[] =>
    declared(paths).flatMap(([name, path]) => {
      if (existsSync(join(repoRoot, path))) return uncovered(repoRoot, path, files, folders);
      missing.push(name);
      return [];
    });
  const linked = new Set(parts(options.link));
  const copied = parts(options.copy);
  const isTaken = (path: string): boolean => [...linked, ...copied, ...outputs].some((p) => isWithin(path, p));
  for (const path of dependencies) if (!isTaken(path) && !folders.has(path) && existsSync(join(repoRoot, path))) linked.add(path);

  const baseFiles = new Set<string>();
  const base = join(folder, 'base');
  if (repository) {
    for (const path of [...copied, ...kept.filter((p) => !isTaken(p))]) {
      await copyTree(join(repoRoot, path), join(base, path), { onFile: (f) => baseFiles.add(f === '' ? path : `${path}/${f}`), signal: options.signal });
    }
  } else {
    const skip = (path: string, isFolder: boolean): boolean => {
      const name = posix.basename(path);
      if (name === '.git' || name === '.sigil' || isBytecode(path) || linked.has(path) || outputs.includes(path)) return true;
      if (isFolder && isWithin(o.cache, join(repoRoot, path))) return true; // the cache, or what holds it
      if (!isFolder || copied.some((c) => isWithin(path, c) || isWithin(c, path))) return false;
      const isShared = dependencyPrefix(path) === path || (name !== 'vendor' && isDependency(path, (p) => existsSync(join(repoRoot, p, 'pyvenv.cfg'))));
      if (isShared) linked.add(path);
      return isShared;
    };
    await copyTree(repoRoot, base, { skip, onFile: (f) => baseFiles.add(f), limit: COPY_LIMIT, signal: options.signal });
  }
  const links = [...linked].sort().map((path): Link => ({ path, source: realpathSync(join(repoRoot, path)) }));
  const contents = new Contents({ repoRoot, git: taken, base: baseFiles.size > 0 || !repository ? { folder: base, files: baseFiles } : null, links, mounted, plain: options.plain === true });
  return new Pool(o, taken, contents, links, outputs, missing, mounted, prefix);
}

/** Snapshots the working tree, and says which files of it are hidden and so left out. A private repository that fails (a crash of the machine may have cut it) or has grown old is replaced by a new one. */
async function takeSnapshot(o: Opening, repository: Repository, hidden: readonly string[]): Promise<[GitContents, readonly string[], readonly string[]]> {
  const { projectDir, folder } = o;
  const signal = o.options.signal;
  const listing = await asUserError(listFiles(repository, [o.cache], signal));
  const isHidden = (path: string): boolean => hidden.some((h) => isWithin(fromGit(path), h));
  const listed = hidden.length === 0 ? listing.files : new Set([...listing.files].filter((path) => !isHidden(path)));
  const kept = [...listing.files].filter((path) => !listed.has(path)).map(fromGit);
  const index = join(folder, 'index');
  for (let renew = false; ; ) {
    const current = currentRepo(projectDir);
    const usable = current !== null && !renew && existsSync(join(projectDir, current)) && !isOvergrown(join(projectDir, current));
    const name = usable ? current : await asUserError(createRepo(projectDir, signal));
    writeOwner(folder, name);
    if (currentRepo(projectDir) !== name) continue; // replaced meanwhile: a sweep may not have known that we use it
    const repo = join(projectDir, name);
    try {
      configure(repo);
      const commit = await snapshot(repo, repository.root, listed, index, signal);
      const files = reachable(await snapshotFiles(repo, repository.root, index, signal));
      return [{ repo, commit, index, files }, listing.dependencies, kept];
    } catch (e) {
      if (!(e instanceof GitError) || renew) throw userError(e);
      renew = true;
      await removeTree(index);
    }
  }
}

class Pool implements CheckoutPool {
  readonly kind: 'worktree' | 'copy';
  readonly commit: string | null;
  readonly head: string | null;
  readonly repoRoot: string;
  readonly gitDir: string | null;
  readonly folder: string;
  readonly links: readonly Link[];
  readonly outputs: readonly string[];
  readonly missing: readonly string[];
  private readonly contents: Contents;
  private readonly mounted: boolean;
  private readonly prefix: string;
  private readonly projectDir: string;
  private readonly signal: AbortSignal | undefined;
  private readonly tolerated = new Set<string>();
  private count = 0;
  private occupant: Checkout | null = null;

  constructor(o: Opening, git: GitContents | null, contents: Contents, links: readonly Link[], outputs: readonly string[], missing: readonly string[], mounted: boolean, prefix: string) {
    this.kind = git ? 'worktree' : 'copy';
    this.commit = git?.commit ?? null;
    this.head = o.repository?.head ?? null;
    this.repoRoot = o.repoRoot;
    this.gitDir = git?.repo ?? null;
    this.folder = o.folder;
    this.links = links;
    this.outputs = outputs;
    this.missing = missing;
    this.contents = contents;
    this.mounted = mounted;
    this.prefix = prefix;
    this.projectDir = o.projectDir;
    this.signal = o.options.signal;
  }

  readText(file: string): Promise<SourceText> {
    return this.contents.readText(posix.normalize(posix.join(this.prefix, file)));
  }

  async add(): Promise<Checkout> {
    const shared = {
      contents: this.contents, prefix: this.prefix, outputs: this.outputs, mounted: this.mounted,
      scratch: join(this.folder, 'scratch'), tolerated: this.tolerated,
    };
    try {
      return await Checkout.create(join(this.folder, String(++this.count)), shared, this.signal);
    } catch (e) {
      if (!(e instanceof GitError)) throw e;
      throw new UserError(`A checkout could not be made: ${e.message}`, `Check the free space, remove ${this.projectDir} and run again.`);
    }
  }

  place(checkout: Checkout): void {
    if (this.occupant === checkout) return;
    this.occupant?.moveTo(this.occupant.home);
    this.occupant = null;
    checkout.moveTo(join(this.folder, 'work'));
    this.occupant = checkout;
  }

  async remove(checkout: Checkout): Promise<void> {
    if (this.occupant === checkout) this.occupant = null;
    await removeTree(checkout.root);
  }

  tolerate(paths: readonly string[]): void {
    for (const path of paths) this.tolerated.add(path);
  }

  async close(): Promise<void> {
    if (this.gitDir !== null) await removeWorktrees(this.gitDir, this.folder);
    await removeTree(this.folder);
  }
}

/** A declared path (from the project root) from the repository's root. */
function fromProject(prefix: string, path: string): string {
  const clean = posix.normalize(posix.join(prefix, path.split(sep).join('/'))).replace(/\/$/, '');
  if (isAbsolute(path) || clean === '.' || clean === '..' || clean.startsWith('../')) {
    throw new UserError(`${path} lies outside the project`, 'Name paths inside it, from the project root.', 2);
  }
  return clean;
}

function foldersOf(files: ReadonlySet<string>): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const file of files) {
    for (let at = posix.dirname(file); at !== '.' && !folders.has(at); at = posix.dirname(at)) folders.add(at);
  }
  return folders;
}

async function asUserError<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (e) {
    throw userError(e);
  }
}

function userError(e: unknown): unknown {
  if (!(e instanceof GitError)) return e;
  const remedy = /dubious ownership/.test(e.message)
    ? 'The repository belongs to another user: allow it with the "git config" command that git names.'
    : /permission denied|unable to index file|unable to process path/i.test(e.message)
      ? 'Make the file that git names readable, or add it to .gitignore.'
      : 'Run "git status" in the project and mend what it reports, then try again.';
  return new UserError(`The working tree could not be read: ${e.message}`, remedy);
}

