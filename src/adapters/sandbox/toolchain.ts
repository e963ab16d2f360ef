// Finds the folders of the user's tools that stand in places which the sandbox hides (mostly under the home folder), to be shown read-only.
//
// Found from PATH, from where the interpreters really are, and from a table of installers. Folders that hold credentials are never shown whole.

import { existsSync, realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, delimiter, dirname, isAbsolute, join, sep } from 'node:path';

/** Per installer: what of its folder (relative to home) is programs and packages, and not credentials. */
const INSTALLERS: readonly { readonly folder: string; readonly parts: readonly string[] }[] = [
  { folder: '.cargo', parts: ['bin', 'registry', 'git', 'config.toml', 'env'] },
  { folder: '.rustup', parts: [''] },
  { folder: '.pyenv', parts: [''] },
  { folder: '.rbenv', parts: [''] },
  { folder: '.nvm', parts: ['versions', 'alias', 'nvm.sh'] },
  { folder: '.volta', parts: ['bin', 'tools'] },
  { folder: '.asdf', parts: [''] },
  { folder: '.sdkman', parts: ['candidates'] },
  { folder: '.bun', parts: ['bin', 'install'] },
  { folder: '.deno', parts: ['bin'] },
  { folder: 'go', parts: ['bin', 'pkg/mod'] },
  { folder: '.m2', parts: ['repository', 'wrapper'] },
  { folder: '.local', parts: ['bin', 'lib', 'share/uv', 'share/mise', 'share/fnm', 'share/pnpm', 'share/rtx'] },
];

/** Programs whose real place says where their libraries are. */
const PROGRAMS = ['python3', 'python', 'node', 'npm', 'java', 'go', 'cargo', 'rustc', 'gcc', 'g++', 'clang', 'cmake', 'ruby', 'deno', 'bun', 'uv'];

/** The user's home; a name that does not exist for a user without one (containers). */
export function homeFolder(): string {
  try {
    return homedir();
  } catch {
    return '/nonexistent';
  }
}

const within = (path: string, folder: string): boolean => path === folder || path.startsWith(folder + sep);

/** The places that bubblewrap hides: other people's and programs' files, sockets, and the homes. Existing, real, none inside another. */
export function hiddenPlaces(home: string, temp: string, more: readonly string[] = []): string[] {
  const real = ['/tmp', '/var/tmp', '/run', '/home', '/root', '/mnt', '/media', home, temp, ...more]
    .filter((path) => existsSync(path)).map((path) => realpathSync(path)).filter((path) => path !== '/');
  return outermost(real);
}

/** Folders of the user's that variables put elsewhere than in the home: settings, the day's account, other runs' checkouts. */
export function movedPlaces(env: Readonly<Record<string, string | undefined>> = process.env): string[] {
  const names = ['SIGIL_CACHE_DIR', 'XDG_CACHE_HOME', 'XDG_CONFIG_HOME', 'XDG_DATA_HOME', 'XDG_STATE_HOME', 'XDG_RUNTIME_DIR'];
  return names.map((name) => env[name] ?? '').filter((path) => isAbsolute(path));
}

function outermost(paths: readonly string[]): string[] {
  const unique = [...new Set(paths)].sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  return unique.filter((path, i) => !unique.slice(0, i).some((other) => within(path, other)));
}

/** Where a program on the PATH really is; null when it is not there. */
export function which(name: string, path: string): string | null {
  for (const folder of path.split(delimiter)) {
    const file = join(folder, name);
    if (isAbsolute(folder) && existsSync(file)) return file;
  }
  return null;
}

/**
 * Host paths to show read-only, none inside another: only those inside `hidden`. `programs` are further executables (an environment's
 * interpreter, our own Node). Never a hidden place itself, nor the home folder.
 */
export function toolchain(path: string, home: string, hidden: readonly string[], programs: readonly string[]): string[] {
  const realHome = existsSync(home) ? realpathSync(home) : home;
  const found: string[] = [];
  const add = (place: string): void => {
    if (!existsSync(place)) return;
    // Both names: PATH and links speak of one, the kernel of the other.
    for (const name of [place, realpathSync(place)]) {
      if (!hidden.some((root) => name !== root && within(name, root)) || within(realHome, name)) continue;
      found.push(name);
    }
  };
  /** The installation that a folder of programs belongs to, where it has one of its own. */
  const addFolder = (folder: string): void => {
    // Windows' own programs, as WSL shows them: of no use in here, and beside the user's Windows files.
    if (/^\/mnt\/[a-z]\//.test(folder) || INSTALLERS.some((i) => within(folder, join(realHome, i.folder)))) return;
    const prefix = dirname(folder);
    const own = ['bin', 'sbin', 'shims', 'Scripts'].includes(basename(folder)) && !within(realHome, prefix) && !hidden.includes(prefix) && prefix !== '/';
    add(own ? prefix : folder);
  };
  for (const { folder, parts } of INSTALLERS) for (const part of parts) add(join(realHome, folder, part));
  for (const folder of path.split(delimiter)) if (isAbsolute(folder) && existsSync(folder)) addFolder(folder);
  for (const program of [...PROGRAMS.map((name) => which(name, path)), ...programs]) {
    if (program === null || !existsSync(program)) continue;
    // A chain of links: each stop must be there for the next to be found.
    addFolder(dirname(program));
    addFolder(dirname(realpathSync(program)));
  }
  return outermost(found);
}
