// Where checkouts are kept: one folder a project in the user's cache, outside the project.

import { createHash } from 'node:crypto';
import { accessSync, constants, lstatSync, mkdirSync, readFileSync, readdirSync, realpathSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { UserError } from '../../core/errors.ts';
import { lstatOrNull, removeTree } from './remove.ts';

/** `$SIGIL_CACHE_DIR`, else `$XDG_CACHE_HOME/sigil`, else `~/.cache/sigil`; a folder of the user's own in the temporary folder where that cannot be written. Real path. */
export function cacheFolder(): string {
  const named = process.env['SIGIL_CACHE_DIR'];
  if (named !== undefined && named !== '') {
    if (isWritable(resolve(named))) return realpathSync(resolve(named));
    throw new UserError(`SIGIL_CACHE_DIR names ${named}, which cannot be written`, 'Name a folder that you can write, or unset it.');
  }
  const xdg = process.env['XDG_CACHE_HOME'];
  const usual = join(xdg !== undefined && xdg.startsWith('/') ? xdg : join(homedir(), '.cache'), 'sigil');
  if (isWritable(usual)) return realpathSync(usual);
  const fallback = join(tmpdir(), `sigil-${userInfo().username}`);
  if (isWritable(fallback) && isOurs(fallback)) return realpathSync(fallback);
  throw new UserError(`Neither ${usual} nor ${fallback} can be used for checkouts`, 'Set SIGIL_CACHE_DIR to a folder that you can write.');
}

function isWritable(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The temporary folder is everybody's: a folder that another user made there could be watched or swapped. */
function isOurs(folder: string): boolean {
  const stat = lstatSync(folder);
  const uid = process.getuid?.();
  return stat.isDirectory() && (uid === undefined || (stat.uid === uid && (stat.mode & 0o022) === 0));
}

/**
 * The folder for a project's checkouts: its name and a hash of its real path. Made if needed.
 * Where paths are hidden it is another one: evaluations may read the repository in it, which must never have held them.
 */
export function projectFolder(cache: string, root: string, hidden: readonly string[] = []): string {
  const name = basename(root).replace(/[^\w.-]/g, '_').slice(0, 40);
  const key = hidden.length === 0 ? root : [root, ...[...new Set(hidden)].sort()].join('\0');
  const folder = join(cache, 'checkouts', `${name}-${createHash('sha256').update(key).digest('hex').slice(0, 16)}`);
  mkdirSync(join(folder, 'runs'), { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'project'), root);
  return folder;
}

/** All folders for a project's checkouts: one for each choice of hidden paths. */
export function projectFolders(cache: string, root: string): string[] {
  return readdirSync(join(cache, 'checkouts')).map((name) => join(cache, 'checkouts', name)).filter((folder) => {
    try {
      return readFileSync(join(folder, 'project'), 'utf8') === root;
    } catch {
      return false; // just being made, or removed
    }
  });
}

/** Removes what is kept for projects that no longer exist, unless something still runs there. */
export async function forgetProjects(cache: string): Promise<void> {
  const all = join(cache, 'checkouts');
  for (const name of readdirSync(all)) {
    const folder = join(all, name);
    let root: string;
    try {
      root = readFileSync(join(folder, 'project'), 'utf8');
      if (readdirSync(join(folder, 'runs')).length > 0) continue;
    } catch {
      continue; // just being made
    }
    if (root !== '' && lstatOrNull(root) === null) await removeTree(folder);
  }
}
