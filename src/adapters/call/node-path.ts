// Finds a Node that can run the JavaScript call runner: one with module.registerHooks.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import { packageRoot } from '../assets.ts';
import { asNode, onElectron } from '../runtime.ts';

/** Whether a version like `v22.15.0` has module.registerHooks: 22.15 and later, but not 23.0 to 23.4. */
export function nodeIsNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number);
  return major >= 24 || (major === 23 && minor >= 5) || (major === 22 && minor >= 15);
}

/** The Node that the project's scripts bring, whether it is there or not. */
export function broughtNode(root: string = packageRoot()): string {
  const windows = process.platform === 'win32';
  const bin = join(root, 'tools/node/node_modules', `node-${windows ? 'win' : process.platform}-${process.arch}`, 'bin');
  return join(bin, windows ? 'node.exe' : 'node');
}

/** What a Node needs in its environment: nothing, unless it is this process's Electron. */
export function nodeEnvironment(path: string): Readonly<Record<string, string>> {
  return path === process.execPath ? asNode() : {};
}

/**
 * The path of a new enough Node: this process's own, the one brought by the scripts, `node` on the PATH, or this process's Electron
 * (see nodeEnvironment): the last, because functions are to be timed by what they will run on. Throws UserError when there is none.
 */
export function findNode(): string {
  const ownIsNew = nodeIsNewEnough(process.versions.node);
  if (ownIsNew && !onElectron) return process.execPath;
  const brought = broughtNode();
  if (existsSync(brought)) return brought;
  try {
    const [path = '', version = ''] = execFileSync('node', ['-p', 'process.execPath + "\\n" + process.version'], { encoding: 'utf8', timeout: 10_000, stdio: ['ignore', 'pipe', 'ignore'] }).split('\n');
    if (nodeIsNewEnough(version)) return path;
  } catch { /* none on the PATH */ }
  if (ownIsNew) return process.execPath;
  throw new UserError(`Calling JavaScript functions needs Node 22.15 or later; this is ${process.versions.node}.`, 'Install a newer Node.');
}
