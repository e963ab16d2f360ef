// Lets one measurement at a time run on this machine, across runs and projects of one user.
//
// Tickets in a shared folder, as at a bakery (after Lamport, CACM 17(8), 1974): a ticket is a file whose name holds a number, the process and
// its start time. The lowest ticket of a living process has the lock. Names are never used twice, so the ticket of a dead process may be
// removed by anyone at any time, and no takeover can hit the wrong one. First come, first served.
//
// Not covered: other users (their folder is their own, since neither could clear the other's stale tickets), other containers, and kill -9 of
// a holder on systems without /proc whose process id was given to another process.

import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { liveness, pidNamespace, processName } from './identity.ts';

interface Ticket {
  readonly name: string;
  readonly number: number;
  readonly owner: string;
}

let counter = 0;

/** Where the tickets are. */
export function lockFolder(): string {
  // Not XDG_RUNTIME_DIR nor TMPDIR when /tmp is there: two shells of one user may differ in those.
  return join(process.platform === 'linux' ? '/tmp' : tmpdir(), `sigil-measure-${process.getuid?.() ?? 0}-${pidNamespace()}`);
}

/** The living tickets, in order. Clears away dead ones. */
function tickets(folder: string): Ticket[] {
  const living: Ticket[] = [];
  for (const name of readdirSync(folder)) {
    const [number, ...rest] = name.split('-');
    const owner = rest[0];
    if (number === undefined || owner === undefined || !/^\d{12}$/.test(number)) continue;
    if (liveness(owner) === 'dead') rmSync(join(folder, name), { force: true });
    else living.push({ name, number: Number(number), owner });
  }
  return living.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * Takes the lock; resolves with its release. @param onWait told once, with the process id of the holder, when there is one.
 * @throws the signal's reason when it fires first
 */
export async function acquireMachineLock(signal: AbortSignal, onWait: (holder: number) => void = () => undefined, folder: string = lockFolder()): Promise<() => void> {
  signal.throwIfAborted();
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const owner = processName(process.pid);
  const draw = (): string => {
    for (;;) {
      const number = (tickets(folder).at(-1)?.number ?? 0) + 1;
      const name = `${String(number).padStart(12, '0')}-${owner}-${counter++}`;
      writeFileSync(join(folder, name), '', { flag: 'wx', mode: 0o600 });
      // A later ticket that was there before ours may already have the lock: ours must be behind it. So only a ticket that is
      // the last right after it was drawn counts. Whoever comes later sees ours.
      if (tickets(folder).at(-1)?.name === name) return name;
      rmSync(join(folder, name), { force: true });
    }
  };
  const name = draw();
  const release = (): void => { rmSync(join(folder, name), { force: true }); };
  try {
    let told = false;
    for (;;) {
      const first = tickets(folder)[0];
      if (first === undefined || first.name === name) return release;
      if (!told) onWait(Number(first.owner.split('.')[1]));
      told = true;
      await wait(20, undefined, { signal });
    }
  } catch (error) {
    release();
    throw signal.aborted ? signal.reason : error;
  }
}

/** Runs `work` while no other measurement of this user runs on this machine. */
export async function exclusively<T>(work: () => Promise<T>, signal: AbortSignal, onWait?: (holder: number) => void): Promise<T> {
  const release = await acquireMachineLock(signal, onWait);
  try {
    return await work();
  } finally {
    release();
  }
}
