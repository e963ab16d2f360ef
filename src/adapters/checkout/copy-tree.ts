// Copies a tree: contents (shared with the original until written, where the file system can), modes, times and symbolic links as they are.

import { chmodSync, constants, copyFileSync, lstatSync, lutimesSync, mkdirSync, readFileSync, readdirSync, readlinkSync, symlinkSync, utimesSync, writeFileSync, type Stats } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { UserError } from '../../core/errors.ts';

const BATCH = 100;
/** Up to this size a file is read and written: files made by the kernel's own copy took 1.3 ms each to remove on ext4, these 0.02 ms. */
const SMALL = 2 ** 20;

export interface CopyOptions {
  /** Whether a path (from the tree's root, with `/`) is left out. */
  readonly skip?: (path: string, isFolder: boolean) => boolean;
  /** Told of each file and link copied, by its path from the tree's root. */
  readonly onFile?: (path: string) => void;
  /** Most files and bytes before a UserError. */
  readonly limit?: { readonly files: number; readonly bytes: number };
  readonly signal?: AbortSignal | undefined;
}

/** Copies a file, a link or a tree to a place where nothing stands, or merges a tree into a folder. Sockets, pipes, devices and names that are not UTF-8 are left out. */
export async function copyTree(from: string, to: string, options: CopyOptions = {}): Promise<void> {
  let left = BATCH;
  let files = 0;
  let bytes = 0;
  let canClone = true;
  mkdirSync(dirname(to), { recursive: true });
  await copy('');

  async function copy(path: string): Promise<void> {
    const source = path === '' ? from : join(from, path);
    const target = path === '' ? to : join(to, path);
    const stat = lstatSync(source);
    if (path !== '' && options.skip?.(path, stat.isDirectory()) === true) return;
    if (--left <= 0) {
      left = BATCH;
      await turn();
      options.signal?.throwIfAborted();
    }
    if (stat.isDirectory()) {
      mkdirSync(target, { recursive: true, mode: 0o700 });
      for (const name of readdirSync(source)) if (!name.includes('\uFFFD')) await copy(path === '' ? name : `${path}/${name}`);
      chmodSync(target, stat.mode & 0o7777);
      utimesSync(target, stat.atimeMs / 1000, stat.mtimeMs / 1000);
      return;
    }
    if (stat.isSymbolicLink()) {
      symlinkSync(readlinkSync(source), target);
      lutimesSync(target, stat.atimeMs / 1000, stat.mtimeMs / 1000);
    } else if (stat.isFile()) {
      try {
        copyFile(source, target, stat);
      } catch (e) {
        if ((e as NodeJS.ErrnoException).code !== 'EACCES') throw e;
        throw new UserError(`${source} cannot be read`, 'Make it readable for you, or move it out of the project.');
      }
      utimesSync(target, stat.atimeMs / 1000, stat.mtimeMs / 1000);
    } else return;
    files++;
    bytes += stat.size;
    if (options.limit && (files > options.limit.files || bytes > options.limit.bytes)) {
      throw new UserError(
        `${from} is too large to copy: more than ${options.limit.files} files or ${Math.round(options.limit.bytes / 2 ** 30)} GiB`,
        'Make the project a git repository ("git init") with a .gitignore for what an evaluation does not need, or run in a smaller folder.',
      );
    }
    options.onFile?.(path);
  }

  function copyFile(source: string, target: string, stat: Stats): void {
    if (canClone) {
      try {
        copyFileSync(source, target, constants.COPYFILE_FICLONE_FORCE);
        return;
      } catch (e) {
        if ((e as NodeJS.ErrnoException).code === 'EACCES') throw e;
        canClone = false; // not on this file system: asked once a tree
      }
    }
    if (stat.size > SMALL) copyFileSync(source, target);
    else {
      writeFileSync(target, readFileSync(source), { mode: 0o600 });
      chmodSync(target, stat.mode & 0o7777);
    }
  }
}
