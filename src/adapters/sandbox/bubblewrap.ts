// Builds bubblewrap's arguments: the profile that held against every attack tried (test/integration/sandbox), and no more.

import { existsSync, lstatSync, mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import { placesOf, within, type Mount } from './hide.ts';
import type { RunRequest } from './job.ts';

/** What of this machine the profile depends on. */
export interface Places {
  readonly bwrap: string;
  /** Folders covered by empty ones: toolchain.ts, hiddenPlaces. */
  readonly hidden: readonly string[];
  /** Shown read-only although they are in a hidden place. */
  readonly tools: readonly string[];
}

/** Descriptor 4 gets bubblewrap's status lines. The caller's environment is passed on as it is, so spawn with exactly the wanted one. */
export function bubblewrapArgs(places: Places, request: Omit<RunRequest, 'command' | 'env' | 'measureCpu'>): string[] {
  const root = realpathSync(request.root);
  const at = existsSync(request.mountAt) ? realpathSync(request.mountAt) : request.mountAt;
  const args = [
    // As root, bubblewrap without these is no sandbox: its capabilities would do for a remount.
    '--unshare-user', '--disable-userns', ...(process.getuid?.() === 0 ? ['--uid', '65534', '--gid', '65534'] : []),
    '--unshare-pid', ...(request.network ? [] : ['--unshare-net']), '--unshare-ipc', '--unshare-uts', '--unshare-cgroup-try',
    // Without die-with-parent the processes survive bubblewrap; without new-session they can type into the terminal.
    '--die-with-parent', '--new-session', '--cap-drop', 'ALL', '--json-status-fd', '4',
    '--ro-bind', '/', '/', '--dev', '/dev', '--size', String(64 << 20), '--tmpfs', '/dev/shm', '--proc', '/proc',
  ];
  // These before any mount inside of them. A read-only / still lets unix sockets be connected to: they are in these places.
  const temp = Math.max(256, Math.floor(request.limits.memoryMb / 2)) * 1048576;
  for (const place of places.hidden) args.push(...(place === '/tmp' ? ['--size', String(temp)] : ['--size', String(16 << 20)]), '--tmpfs', place);
  args.push('--dir', HOME_INSIDE);
  for (const tool of places.tools) if (!within(tool, at)) args.push('--ro-bind', tool, tool);
  const mounts: Mount[] = [];
  const show = (how: '--bind' | '--ro-bind', source: string, path: string): void => {
    args.push(how, source, path);
    mounts.push({ source, path });
  };
  for (const { source, path, writable } of request.home ?? []) show(writable ? '--bind' : '--ro-bind', realpathSync(source), join(HOME_INSIDE, path));
  if (request.network) args.push(...resolver(places.hidden));
  args.push(request.editable === true ? '--bind' : '--ro-bind', root, at);
  for (const { source, path } of request.readonly) {
    if (isAbsolute(path) && !within(path, at)) {
      if (!places.tools.some((tool) => within(path, tool)) && (source !== path || places.hidden.some((h) => within(path, h)))) show('--ro-bind', realpathSync(source), path);
      continue;
    }
    const relative = isAbsolute(path) ? path.slice(at.length + 1) : path;
    show('--ro-bind', realpathSync(source), join(at, mountPoint(root, relative, lstatSync(realpathSync(source)).isDirectory() ? 'folder' : 'file')));
  }
  for (const path of request.writable) {
    const point = mountPoint(root, path, 'folder');
    args.push('--bind', join(root, point), join(at, point));
  }
  const isShown = (path: string): boolean => !within(path, at) && (!places.hidden.some((h) => within(path, h)) || places.tools.some((tool) => within(path, tool)));
  const covered = request.hidden.flatMap((path) => placesOf({ checkout: { source: root, path: at }, mounts, isShown }, path));
  // A file becomes one that nobody can read, a folder an empty folder. What lies in a folder that is covered already has no place of its own any more.
  for (const { path, kind } of covered) {
    if (covered.some((other) => other.path !== path && within(path, other.path))) continue;
    if (kind === 'folder') args.push('--size', '4096', '--tmpfs', path, '--remount-ro', path);
    else args.push('--ro-bind', '/dev/null', path);
  }
  args.push('--chdir', join(at, request.cwd), '--');
  return args;
}

/** HOME in the sandbox. */
export const HOME_INSIDE = '/tmp/home';

/** Name resolution often lives in /run, which is hidden. */
function resolver(hidden: readonly string[]): string[] {
  if (!existsSync('/etc/resolv.conf')) return [];
  const real = realpathSync('/etc/resolv.conf');
  return hidden.some((place) => within(real, place)) ? ['--ro-bind', real, real] : [];
}

/** What stands at a path of the checkout. A link anywhere on the way counts as a link: following it could lead out of the checkout. */
function walk(root: string, path: string): 'link' | 'folder' | 'file' | 'nothing' {
  let at = root;
  let kind: 'folder' | 'file' = 'folder';
  for (const part of path.split('/').filter((p) => p !== '' && p !== '.')) {
    if (part === '..') throw new UserError(`${path} leads out of the project`, 'Name a path inside the project.', 2);
    at = join(at, part);
    const stat = lstatSync(at, { throwIfNoEntry: false });
    if (stat === undefined) return 'nothing';
    if (stat.isSymbolicLink()) return 'link';
    kind = stat.isDirectory() ? 'folder' : 'file';
  }
  return kind;
}

/**
 * Makes sure that something can be mounted on a path of the checkout, and returns the path. A link at the path itself (the checkout's way to
 * borrow node_modules where nothing can be mounted) gives way to an empty folder or file; one on the way there is refused: a candidate's
 * build may have made it, to have a folder of the user mounted writable.
 */
function mountPoint(root: string, path: string, kind: 'folder' | 'file'): string {
  const full = join(root, path);
  if (walk(root, dirname(path)) === 'link') throw new UserError(`a folder on the way to ${path} is a symbolic link`, 'Declare the folder that it points to instead.', 2);
  const found = walk(root, path);
  if (found === 'link') rmSync(full);
  if (found === 'link' || found === 'nothing') {
    if (kind === 'folder') mkdirSync(full, { recursive: true });
    else {
      mkdirSync(dirname(full), { recursive: true });
      writeFileSync(full, '');
    }
  }
  return path;
}
