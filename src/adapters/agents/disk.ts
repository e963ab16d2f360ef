// Ends an agent that fills the disk. No limit of the kernel bounds what a process writes in all, so it is looked at; what was written is counted only when the disk has lost space.

import { readdirSync, lstatSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';

export interface DiskLimits {
  /** What it may write in all. */
  readonly mostBytes: number;
  /** The disk is full with so little left. */
  readonly leastFree: number;
  readonly everyMs: number;
}

const DISK: DiskLimits = { mostBytes: 4 * 2 ** 30, leastFree: 256 << 20, everyMs: 1000 };
/** So many entries are looked at without a pause. */
const BATCH = 500;

export interface DiskWatch {
  /** Fires when it has written too much. */
  readonly signal: AbortSignal;
  /** Why it fired, in words; null while it has not. */
  reason: string | null;
  stop(): void;
}

/** Watches what is written below some folders, the first of which says which disk. */
export function watchDisk(folders: readonly string[], limits: DiskLimits = DISK, free: (path: string) => number = freeAt): DiskWatch {
  const abort = new AbortController();
  const [first = '/'] = folders;
  const atStart = free(first);
  let counted = atStart;
  let before: number | null = null;
  let looking = false;
  const look = async (): Promise<void> => {
    const now = free(first);
    const short = now < limits.leastFree && now < atStart;
    if (before !== null && !short && counted - now < limits.mostBytes / 16) return;
    counted = now;
    const size = await sizeOf(folders);
    before ??= size;
    const written = size - before;
    const gb = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GB`;
    if (written > limits.mostBytes) watch.reason ??= `it wrote more than ${gb(limits.mostBytes)}`;
    else if (short && written > limits.leastFree / 4) watch.reason ??= `it wrote ${gb(written)}, and the disk has less than ${gb(limits.leastFree)} left`;
    if (watch.reason !== null) abort.abort();
  };
  const timer = setInterval(() => {
    if (looking) return;
    looking = true;
    look().catch(() => undefined).finally(() => { looking = false; });
  }, limits.everyMs);
  timer.unref();
  const watch: DiskWatch = { signal: abort.signal, reason: null, stop: () => { clearInterval(timer); } };
  return watch;
}

function freeAt(path: string): number {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
}

async function sizeOf(folders: readonly string[]): Promise<number> {
  const left = [...folders];
  let bytes = 0;
  for (let n = 1, folder = left.pop(); folder !== undefined; folder = left.pop()) {
    let names: readonly string[];
    try {
      names = readdirSync(folder);
    } catch {
      continue; // removed, or closed to us
    }
    for (const name of names) {
      const path = join(folder, name);
      const stat = lstatSync(path, { throwIfNoEntry: false });
      if (stat === undefined) continue;
      if (stat.isDirectory()) left.push(path);
      else bytes += stat.blocks * 512;
      if (++n % BATCH === 0) await turn();
    }
  }
  return bytes;
}
