// Runs that were asked for and have not begun: which may start now, and which wait for others.

/** A run that somebody asked for. Plain data: it is kept over a reload. */
export interface Wanted {
  /** Unique in the queue. */
  readonly id: string;
  /** The project's folder. */
  readonly root: string;
  readonly spec: string;
  /** More arguments of the command. */
  readonly arguments: readonly string[];
  /** The run to go on with; null for a new one. */
  readonly resume: string | null;
  /** It measures times, which only one run at a time may do on a machine. */
  readonly exclusive: boolean;
  /** It waits until somebody says so: it was left over from a session that is over. */
  readonly held: boolean;
}

/** What runs or starts already. */
export interface Busy {
  readonly root: string;
  readonly spec: string;
  readonly exclusive: boolean;
}

/**
 * Those that may start now, in their order: one that measures times waits for every other such one before it, and each for runs of its own
 * spec, since both would want the same task.
 */
export function startable(queue: readonly Wanted[], busy: readonly Busy[]): readonly Wanted[] {
  const before: Busy[] = [...busy];
  const out: Wanted[] = [];
  for (const w of queue) {
    if (w.held) continue;
    if (!before.some((b) => (b.exclusive && w.exclusive) || (b.root === w.root && b.spec === w.spec))) out.push(w);
    before.push(w); // whether it starts or waits, what comes after it comes after it
  }
  return out;
}

/** The queue of an earlier session, from what was stored. It goes on by itself only where a run of then still runs. */
export function restored(stored: unknown, running: boolean): readonly Wanted[] {
  if (!Array.isArray(stored)) return [];
  return stored.filter(isWanted).map((w) => ({ ...w, held: w.held || !running }));
}

function isWanted(x: unknown): x is Wanted {
  if (typeof x !== 'object' || x === null) return false;
  const w = x as Readonly<Record<string, unknown>>;
  return ['id', 'root', 'spec'].every((k) => typeof w[k] === 'string') && Array.isArray(w['arguments']) && w['arguments'].every((a) => typeof a === 'string')
    && (w['resume'] === null || typeof w['resume'] === 'string') && typeof w['exclusive'] === 'boolean' && typeof w['held'] === 'boolean';
}
