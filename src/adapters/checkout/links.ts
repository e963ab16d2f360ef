// Dependency folders that checkouts share with the user's project: which, and how they are put into a checkout.

import { lstatSync, mkdirSync, readdirSync, readlinkSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { isCacheName } from './defaults.ts';
import { lstatOrNull, removeTree } from './remove.ts';

/** A path of the checkout that stands for a path of the user's. Evaluations may read it only. */
export interface Link {
  /** From the checkout's root, with `/`. */
  readonly path: string;
  /** Absolute: the user's file or folder. */
  readonly source: string;
}

/** Whether `path` is `folder` or below it. */
export function isWithin(path: string, folder: string): boolean {
  return folder === '' || path === folder || path.startsWith(`${folder}/`);
}

/**
 * The parts of a declared path that a snapshot leaves out: the path itself, or, where the snapshot has some of it, its other entries.
 * `files` and `folders` are those of the snapshot.
 */
export function uncovered(root: string, path: string, files: ReadonlySet<string>, folders: ReadonlySet<string>): string[] {
  if (files.has(path)) return [];
  if (!folders.has(path)) return [path];
  return readdirSync(join(root, path)).flatMap((name) => uncovered(root, `${path}/${name}`, files, folders));
}

/**
 * Puts a link into a checkout, in place of whatever stands there.
 * `mounted`: only an empty file or folder, over which a sandbox binds the source. Else a symbolic link; for node_modules, a real folder
 * of links, so that a tool's cache in it is the checkout's own and links between the packages of a workspace lead to the checkout's packages.
 */
export async function placeLink(root: string, repoRoot: string, link: Link, mounted: boolean): Promise<void> {
  const target = join(root, link.path);
  mkdirSync(dirname(target), { recursive: true });
  const isFolder = statSync(link.source).isDirectory();
  if (mounted) {
    const there = lstatOrNull(target);
    if (there && (isFolder ? there.isDirectory() : there.isFile())) return;
    await removeTree(target);
    if (isFolder) mkdirSync(target);
    else writeFileSync(target, '');
    return;
  }
  await removeTree(target);
  if (isFolder && basename(link.path) === 'node_modules') linkModules(link.source, target, repoRoot, root);
  else symlinkSync(link.source, target, isFolder ? 'junction' : 'file');
}

function linkModules(source: string, target: string, repoRoot: string, root: string): void {
  mkdirSync(target);
  for (const name of readdirSync(source)) {
    if (isCacheName(name)) continue;
    const from = join(source, name);
    const to = join(target, name);
    const stat = lstatSync(from);
    if (stat.isSymbolicLink()) symlinkSync(moved(source, readlinkSync(from), to, repoRoot, root), to);
    else if (stat.isDirectory() && (name.startsWith('@') || name === '.bin')) linkModules(from, to, repoRoot, root);
    else symlinkSync(from, to, stat.isDirectory() ? 'junction' : 'file');
  }
}

/** A link's text in the checkout: links within the project lead to the checkout's own files, all others to where they led. */
function moved(folder: string, text: string, to: string, repoRoot: string, root: string): string {
  const target = resolve(folder, text);
  const inside = relative(repoRoot, target);
  if (inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) return target;
  return isAbsolute(text) ? relative(dirname(to), join(root, inside)) : text;
}
