// The contents that every checkout of a run starts from and is restored to: a snapshot's files, copied files, and links.

import { mkdirSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import { copyTree } from './copy-tree.ts';
import { decodeText, type SourceText } from './encoding.ts';
import { fromGit, toGit } from './git.ts';
import { isWithin, placeLink, type Link } from './links.ts';
import { addWorktree, materialise, readBlob } from './private-repo.ts';
import { lstatOrNull } from './remove.ts';

export interface GitContents {
  /** The private repository. */
  readonly repo: string;
  readonly commit: string;
  /** The run's index, which holds the commit's files. */
  readonly index: string;
  /** The commit's paths. */
  readonly files: ReadonlySet<string>;
}

export interface ContentsOptions {
  /** The user's own root, for links. */
  readonly repoRoot: string;
  readonly git: GitContents | null;
  /** A folder with copied files, merged over the snapshot, and their paths. */
  readonly base: { readonly folder: string; readonly files: ReadonlySet<string> } | null;
  readonly links: readonly Link[];
  /** Whether a sandbox binds the links (see `placeLink`). */
  readonly mounted: boolean;
  /** Files only: no work tree of the private repository, whose objects hold all files. */
  readonly plain: boolean;
}

/** All paths are from the checkout's root, with `/`. */
export class Contents {
  private readonly options: ContentsOptions;
  private readonly belowKnown = new Map<string, readonly string[]>();

  constructor(options: ContentsOptions) {
    this.options = options;
  }

  /** Fills a new folder. Nothing may stand there. */
  async fill(root: string, signal?: AbortSignal): Promise<void> {
    const { git, base, plain } = this.options;
    if (git && plain) {
      mkdirSync(root);
      await materialise(git.repo, root, git.index, [...git.files].map(toGit), signal);
    } else if (git) await addWorktree(git.repo, root, git.commit, signal);
    if (base) await copyTree(base.folder, root, { signal });
    for (const link of this.options.links) await placeLink(root, this.options.repoRoot, link, this.options.mounted);
  }

  /** Whether a path can be put back: a file or link of the snapshot or of the copies, or part of a linked folder. */
  has(path: string): boolean {
    return this.hasFile(path) || this.linkOf(path) !== undefined;
  }

  private hasFile(path: string): boolean {
    return this.options.base?.files.has(path) === true || this.options.git?.files.has(path) === true;
  }

  private linkOf(path: string): Link | undefined {
    return this.options.links.find((l) => isWithin(path, l.path));
  }

  /** Files at or below a folder. Looked for once a folder. */
  below(folder: string): readonly string[] {
    const { git, base } = this.options;
    const known = this.belowKnown.get(folder) ?? [...(base?.files ?? []), ...(git?.files ?? [])].filter((f) => isWithin(f, folder));
    this.belowKnown.set(folder, known);
    return known;
  }

  /**
   * Writes files again. Their folders are there; nothing stands in their way. Paths that `has` does not know are passed over.
   * Returns the links that were made anew, whole.
   */
  async put(root: string, paths: readonly string[], signal?: AbortSignal): Promise<readonly Link[]> {
    const { git, base, links, mounted, repoRoot } = this.options;
    const fromSnapshot: string[] = [];
    const again = new Set<Link>();
    for (const path of paths) {
      const link = this.linkOf(path);
      if (link) again.add(link);
      else if (base?.files.has(path) === true) await copyTree(join(base.folder, path), join(root, path));
      else if (git?.files.has(path) === true) fromSnapshot.push(toGit(path));
    }
    if (git) await materialise(git.repo, root, git.index, fromSnapshot, signal);
    const made = links.filter((l) => again.has(l));
    for (const link of made) await placeLink(root, repoRoot, link, mounted);
    return made;
  }

  /**
   * A file's bytes as checkouts start with them.
   * @throws UserError when it is no file of the checkout.
   */
  async read(path: string): Promise<Buffer> {
    const { git, base } = this.options;
    if (base?.files.has(path) === true) {
      const file = join(base.folder, path);
      if (lstatOrNull(file)?.isSymbolicLink() === true) throw linkError(path, readlinkSync(file));
      return readFileSync(file);
    }
    if (git?.files.has(path) === true) return readBlob(git.repo, git.commit, toGit(path));
    throw new UserError(
      `${path} is not part of a checkout`,
      git ? `Check the name; if git ignores it, add it to "copy" in the spec, or take it out of .gitignore.` : 'Check the name.',
    );
  }

  /** As `read`, decoded. */
  async readText(path: string): Promise<SourceText> {
    return decodeText(await this.read(path));
  }
}

export function linkError(path: string, target: string): UserError {
  return new UserError(`${path} is a symbolic link`, `Pin the file that it points to: ${join(dirname(path), target)}`);
}

/** Names as JavaScript's file functions take them; names that are not UTF-8 become unreachable ones, which nothing pins. */
export function reachable(paths: readonly string[]): ReadonlySet<string> {
  return new Set(paths.map(fromGit));
}
