// Reads the process table of Linux: who descends from whom, what it uses, and which run it belongs to. Elsewhere there is none to read.

import { closeSync, openSync, readFileSync, readdirSync, readSync } from 'node:fs';

export interface Proc {
  readonly pid: number;
  readonly ppid: number;
  readonly pgrp: number;
  readonly session: number;
  /** Already dead and only waiting to be reaped. */
  readonly zombie: boolean;
  /** Clock ticks since boot: with the pid, a name that is never used twice. */
  readonly start: number;
  /** Milliseconds of CPU: its own and that of the children it waited for. */
  readonly cpuMs: number;
  readonly rssBytes: number;
}

export type Table = ReadonlyMap<number, Proc>;

/** Page size and clock ticks from the auxiliary vector (AT_PAGESZ 6, AT_CLKTCK 17). */
const machine = (() => {
  const found = { page: 4096, tick: 100 };
  try {
    const vector = readFileSync('/proc/self/auxv');
    for (let at = 0; at + 16 <= vector.length; at += 16) {
      const key = Number(vector.readBigUInt64LE(at));
      if (key === 6) found.page = Number(vector.readBigUInt64LE(at + 8));
      if (key === 17) found.tick = Number(vector.readBigUInt64LE(at + 8));
    }
  } catch {
    // Not Linux: nothing below will be read either.
  }
  return found;
})();

/** Milliseconds of one clock tick of /proc. */
export const TICK_MS = 1000 / machine.tick;

// One buffer for all: a stat line is far shorter, and the runner is single-threaded. Twice as fast as readFileSync.
const buffer = Buffer.allocUnsafe(4096);

/** One process, or null when it is gone (or this is not Linux). */
export function readProc(pid: number): Proc | null {
  let fd: number | undefined;
  try {
    fd = openSync(`/proc/${pid}/stat`, 'r');
    const text = buffer.toString('latin1', 0, readSync(fd, buffer, 0, buffer.length, 0));
    // The name stands in parentheses and may hold anything, parentheses too: fields are counted from the last one.
    const f = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const field = (n: number): number => Number(f[n - 3]);
    return {
      pid, ppid: field(4), pgrp: field(5), session: field(6), zombie: f[0] === 'Z' || f[0] === 'X', start: field(22),
      cpuMs: (field(14) + field(15) + field(16) + field(17)) * TICK_MS, rssBytes: field(24) * machine.page,
    };
  } catch {
    return null;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/**
 * All processes; null where there is no /proc. About 15 µs a process. With `from`, only those with a process id between it and the last one
 * given out, unless the ids have started anew: the caller knows that they cannot have gone full circle since.
 */
export function scan(from = 0): Table | null {
  if (process.platform !== 'linux') return null;
  if (from > 0 && Number(readFileSync('/proc/loadavg', 'latin1').trim().split(' ').at(-1)) < from) from = 0;
  const table = new Map<number, Proc>();
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!(pid >= from)) continue;
    const proc = readProc(pid);
    if (proc !== null) table.set(proc.pid, proc);
  }
  return table;
}

/** The SIGIL_RUN that a process was started with; null when it has none or is not ours to read. */
export function runOf(pid: number): string | null {
  try {
    const text = readFileSync(`/proc/${pid}/environ`, 'latin1');
    const at = text.startsWith('SIGIL_RUN=') ? 0 : text.indexOf('\0SIGIL_RUN=') + 1;
    if (at === 0 && !text.startsWith('SIGIL_RUN=')) return null;
    const end = text.indexOf('\0', at);
    return text.slice(at + 'SIGIL_RUN='.length, end < 0 ? undefined : end);
  } catch {
    return null;
  }
}

/** Megabytes that processes really hold, with shared pages counted once (PSS); null where the kernel does not tell. */
export function proportionalMb(pids: Iterable<number>): number | null {
  let kb = 0;
  for (const pid of pids) {
    try {
      const found = /^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'latin1'));
      if (found === null) return null;
      kb += Number(found[1]);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT' || (error as NodeJS.ErrnoException).code === 'ESRCH') continue;
      return null;
    }
  }
  return kb / 1024;
}
