// What all runs of this user on this machine spend on one day: an append-only file a day, with a reservation for each call in flight, so that a cap holds across processes.

import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { liveness, processName } from '../sandbox/identity.ts';
import { acquireMachineLock } from '../sandbox/machine-lock.ts';

/** `$XDG_STATE_HOME/sigil`, else `~/.local/state/sigil`. */
export function stateFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const xdg = env['XDG_STATE_HOME'];
  return join(xdg?.startsWith('/') ? xdg : join(homedir(), '.local', 'state'), 'sigil');
}

/** A call that may cost so much has begun. */
interface Reserved {
  readonly id: string;
  readonly most: number;
  /** The process, by a name that is never used twice: where it is gone, so is its reservation. */
  readonly owner: string;
}

/** It is over, and has cost so much. Also what was spent without a reservation. */
interface Settled {
  readonly id: string;
  readonly usd: number;
}

export interface DayTotal {
  readonly spent: number;
  /** By calls in flight of living processes. */
  readonly reserved: number;
}

export type DayAnswer<T> =
  | { readonly kind: 'reserved'; readonly fits: T; readonly settle: (usd: number) => void }
  /** Not now; `inFlight`: it may fit when calls in flight have ended. */
  | { readonly kind: 'full'; readonly inFlight: boolean };

let counter = 0;

export class DayLedger {
  private readonly folder: string;
  private readonly limit: number | null;
  private readonly now: () => Date;

  /** @param limit USD that the runs of a day may spend together; null only keeps the account, so that runs with a limit know */
  constructor(limit: number | null, folder: string = stateFolder(), now: () => Date = () => new Date()) {
    this.limit = limit;
    this.folder = folder;
    this.now = now;
  }

  private get path(): string {
    const d = this.now();
    // The user's own day.
    return join(this.folder, `spend-${d.getFullYear()}-${String(d.getMonth() + 1).padStart(2, '0')}-${String(d.getDate()).padStart(2, '0')}.jsonl`);
  }

  get limited(): boolean {
    return this.limit !== null;
  }

  /** Takes note of what was spent without a reservation. */
  note(usd: number): void {
    if (usd <= 0) return;
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    write(this.path, { id: `${processName(process.pid)}.${counter++}`, usd });
  }

  /** What the day's file says now. */
  total(): DayTotal {
    return totalOf(this.path);
  }

  /**
   * Reserves what `fit` makes of the USD that the day has left, while no other process does.
   * @param fit null where they are too few
   */
  async reserve<T extends { readonly most: number }>(fit: (left: number) => T | null, signal: AbortSignal): Promise<DayAnswer<T>> {
    mkdirSync(this.folder, { recursive: true, mode: 0o700 });
    const release = await acquireMachineLock(signal, undefined, join(this.folder, 'spend.lock'));
    try {
      const { path } = this; // a call counts for the day on which it began
      const { spent, reserved } = totalOf(path);
      const left = this.limit === null ? Infinity : this.limit - spent - reserved;
      const fits = fit(Math.max(0, left)); // what is free fits always
      if (fits === null) return { kind: 'full', inFlight: reserved > 0 };
      const owner = processName(process.pid);
      const id = `${owner}.${counter++}`;
      write(path, { id, most: fits.most, owner });
      return { kind: 'reserved', fits, settle: (usd) => { write(path, { id, usd }); } };
    } finally {
      release();
    }
  }

  /** The cap is reached: in words, and from when on there is money again. */
  words(): string {
    const { spent } = this.total();
    return `all runs of a day may spend $${this.limit?.toFixed(2) ?? ''} together, $${spent.toFixed(2)} are spent today, and another call may cost more than is left`;
  }
}

/** One line, by one write: others append to the file at the same time. A line that a kill has torn ends before it. */
function write(path: string, record: Reserved | Settled): void {
  appendFileSync(path, `\n${JSON.stringify(record)}\n`, { mode: 0o600 });
}

function totalOf(path: string): DayTotal {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (e) {
    if ((e as NodeJS.ErrnoException).code === 'ENOENT') return { spent: 0, reserved: 0 };
    throw e;
  }
  const open = new Map<string, Reserved>();
  let spent = 0;
  for (const line of text.split('\n')) {
    const record = parsed(line);
    if (record === null) continue;
    if ('usd' in record) {
      open.delete(record.id);
      spent += record.usd;
    } else open.set(record.id, record);
  }
  // Of a process in another container nothing is known: its calls count for as long as the day's file does.
  const reserved = [...open.values()].filter((r) => liveness(r.owner) !== 'dead').reduce((sum, r) => sum + r.most, 0);
  return { spent, reserved };
}

function parsed(line: string): Reserved | Settled | null {
  if (line.trim() === '') return null;
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null; // torn
  }
  if (typeof value !== 'object' || value === null) return null;
  const { id, usd, most, owner } = value as Readonly<Record<string, unknown>>;
  if (typeof id !== 'string') return null;
  if (typeof usd === 'number' && usd >= 0) return { id, usd };
  return typeof most === 'number' && most >= 0 && typeof owner === 'string' ? { id, most, owner } : null;
}
