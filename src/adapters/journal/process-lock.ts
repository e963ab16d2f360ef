// A lock file that names its holder: taken over when the holder's process is gone.

import { linkSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { UserError } from '../../core/errors.ts';

interface Holder {
  readonly pid: number;
  /** The process's start time in clock ticks where /proc tells it: a pid alone may be reused. */
  readonly start: string | null;
}

/** When a process started, as the kernel counts; null where that cannot be known. */
export function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

/** Whether the process that a record names still runs. */
export function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  return holder.start === null || startOf(holder.pid) === holder.start;
}

/** The live holder of a lock file, or null. */
export function holderOf(path: string): Holder | null {
  try {
    const holder = JSON.parse(readFileSync(path, 'utf8')) as Holder;
    return isAlive(holder) ? holder : null;
  } catch {
    return null;
  }
}

const TAKEOVER_MS = 5000;

/**
 * Removes a lock whose holder is gone. Who removes it holds a second lock meanwhile: else another could take over between this one's
 * look at the dead holder and its removal, and would lose a live lock. The second lock is held for a moment only: one that is older
 * than TAKEOVER_MS belonged to a process that died in that moment.
 */
function removeStale(path: string, mine: string): void {
  const takeover = `${path}.takeover`;
  try {
    linkSync(mine, takeover);
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code !== 'EEXIST') throw e;
    if (ageOf(takeover) > TAKEOVER_MS) rmSync(takeover, { force: true });
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    return;
  }
  try {
    if (holderOf(path) === null) rmSync(path, { force: true });
  } finally {
    rmSync(takeover, { force: true });
  }
}

function ageOf(path: string): number {
  try {
    return Date.now() - statSync(path).ctimeMs;
  } catch {
    return 0;
  }
}

/** A held lock. Its file's mtime is the heartbeat that readers on other machines (a shared disk) can go by. */
export class ProcessLock {
  private readonly path: string;
  private readonly timer: NodeJS.Timeout;

  private constructor(path: string) {
    this.path = path;
    this.timer = setInterval(() => this.beat(), 2000);
    this.timer.unref();
  }

  /** Takes the lock, or throws a UserError that names the holder. */
  static acquire(path: string, what: string): ProcessLock {
    const mine = `${path}.${process.pid}`;
    writeFileSync(mine, JSON.stringify({ pid: process.pid, start: startOf(process.pid) }));
    try {
      for (let attempt = 0; attempt < 10; attempt++) {
        try {
          linkSync(mine, path); // atomic: fails when another holds it
          return new ProcessLock(path);
        } catch (e) {
          if ((e as NodeJS.ErrnoException).code !== 'EEXIST') throw e;
        }
        const holder = holderOf(path);
        if (holder) throw new UserError(`${what} is in use by process ${holder.pid}`, 'Wait for it, or stop it with "sigil stop".');
        removeStale(path, mine);
      }
      throw new UserError(`${what} is in use`, 'Try again.');
    } finally {
      rmSync(mine, { force: true });
    }
  }

  private beat(): void {
    const now = new Date();
    try {
      utimesSync(this.path, now, now);
    } catch {
      // The directory may have been removed under a run that is ending; the lock's content is what counts.
    }
  }

  release(): void {
    clearInterval(this.timer);
    rmSync(this.path, { force: true });
  }
}
