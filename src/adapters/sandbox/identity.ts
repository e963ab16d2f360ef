// Names of processes that are never used twice, also not by another container that shares a folder with us.

import { readlinkSync } from 'node:fs';
import { readProc } from './procfs.ts';

/** The inode of our pid namespace; 0 where there is none. Pids mean nothing outside of it. */
export function pidNamespace(): string {
  try {
    return /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0';
  } catch {
    return '0';
  }
}

/** `<pid namespace>.<pid>.<start>`. The start is 0 where the system does not tell it (macOS): there a reused pid passes for the old process. */
export function processName(pid: number): string {
  return `${pidNamespace()}.${pid}.${readProc(pid)?.start ?? 0}`;
}

export type Liveness = 'alive' | 'dead' | 'foreign';

/** Whether the process of such a name lives; `foreign` when it belongs to another pid namespace, of which nothing can be said. */
export function liveness(name: string): Liveness {
  const [space, pid, start] = name.split('.');
  if (space === undefined || pid === undefined || start === undefined || !/^\d+$/.test(pid)) return 'foreign';
  if (space !== pidNamespace()) return 'foreign';
  if (process.platform === 'linux') {
    const proc = readProc(Number(pid));
    return proc !== null && !proc.zombie && String(proc.start) === start ? 'alive' : 'dead';
  }
  try {
    process.kill(Number(pid), 0);
    return 'alive';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'alive' : 'dead';
  }
}
