// Real repositories to snapshot, and a fingerprint of everything in a tree that a run must leave alone.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, realpathSync, rmSync, writeFileSync, chmodSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** Paths with type, mode, time of change and contents: all but access times. `.git` is included. */
export function fingerprint(root: string): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  const walk = (path: string): void => {
    const full = join(root, path);
    const stat = lstatSync(full);
    const head = `${stat.mode.toString(8)} ${stat.mtimeMs}`;
    if (stat.isDirectory()) {
      out.set(path, `folder ${head}`);
      for (const name of readdirSync(full).sort()) walk(path === '' ? name : `${path}/${name}`);
    } else if (stat.isSymbolicLink()) out.set(path, `link ${readlinkSync(full)}`);
    else out.set(path, `file ${head} ${createHash('sha256').update(readFileSync(full)).digest('hex')}`);
  };
  walk('');
  return out;
}

/** The files below a folder with their bytes (as latin1) and executable bit; links as `-> target`. `.git` and the given names are left out. */
export function contents(root: string, without: readonly string[] = []): Record<string, string> {
  const out: Record<string, string> = {};
  const walk = (path: string): void => {
    for (const name of readdirSync(join(root, path)).sort()) {
      if (name === '.git' || without.includes(name)) continue;
      const at = path === '' ? name : `${path}/${name}`;
      const stat = lstatSync(join(root, at));
      if (stat.isDirectory()) walk(at);
      else if (stat.isSymbolicLink()) out[at] = `-> ${readlinkSync(join(root, at))}`;
      else out[at] = `${(stat.mode & 0o100) === 0 ? '' : '*'}${readFileSync(join(root, at), 'latin1')}`;
    }
  };
  walk('');
  return out;
}

export function put(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text, 'latin1');
  }
}

/** git as the user runs it. */
export function git(cwd: string, ...args: string[]): string {
  return execFileSync('git', ['-c', 'protocol.file.allow=always', ...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

export interface Sandbox {
  readonly folder: string;
  readonly cache: string;
  /** A folder for a project. */
  project(name?: string): string;
  dispose(): void;
}

/** A temporary folder with a cache and a global git configuration of its own; the environment is put back by `dispose`. */
export function sandbox(globalConfig = ''): Sandbox {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sigil-checkout-')));
  const cache = join(folder, 'cache');
  const config = join(folder, 'gitconfig');
  writeFileSync(config, `[user]\n\tname = User\n\temail = user@localhost\n[init]\n\tdefaultBranch = main\n${globalConfig}`);
  const before = { ...process.env };
  Object.assign(process.env, { SIGIL_CACHE_DIR: cache, GIT_CONFIG_GLOBAL: config, GIT_CONFIG_NOSYSTEM: '1' });
  return {
    folder,
    cache,
    project(name = 'project') {
      mkdirSync(join(folder, name), { recursive: true });
      return join(folder, name);
    },
    dispose() {
      for (const name of ['SIGIL_CACHE_DIR', 'GIT_CONFIG_GLOBAL', 'GIT_CONFIG_NOSYSTEM', 'PATH', 'XDG_CACHE_HOME', 'HOME', 'TMPDIR']) {
        if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = before[name];
      }
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** Programs that leave a trace when they are run, as hooks of every kind that git has and as a filter. Returns the trace's path. */
export function traps(s: Sandbox, hooksFolder: string): string {
  const trace = join(s.folder, 'trace');
  const hooks = ['post-checkout', 'post-index-change', 'pre-commit', 'reference-transaction', 'post-commit', 'pre-auto-gc', 'fsmonitor-watchman', 'post-rewrite'];
  mkdirSync(hooksFolder, { recursive: true });
  for (const hook of hooks) {
    writeFileSync(join(hooksFolder, hook), `#!/bin/sh\necho ${hook} >> '${trace}'\n`);
    chmodSync(join(hooksFolder, hook), 0o755);
  }
  return trace;
}
