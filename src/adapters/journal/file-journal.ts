// The Journal port on disk: journal.jsonl under a lock, and actions.jsonl beside it, written by short commands.

import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from '../../core/errors.ts';
import type { Action, ActionBody, Event, EventBody } from '../../core/events.ts';
import { isEvent, isAction } from '../../protocol/journal.ts';
import type { Journal } from '../../engine/ports.ts';
import type { RunPaths } from './layout.ts';
import { LineWriter, readLines } from './lines.ts';
import { ProcessLock, holderOf } from './process-lock.ts';

/** Reads a journal's events without touching it. */
export function readEvents(path: string): { readonly events: readonly Event[]; readonly torn: number } {
  const { values, torn } = readLines(path);
  return { events: values.filter(isEvent), torn };
}

export function readActions(path: string): readonly Action[] {
  return readLines(path).values.filter(isAction);
}

/** Appends one action under a lock of its own; waits up to five seconds for another short command. */
export async function appendAction(paths: RunPaths, body: ActionBody, now: number): Promise<void> {
  mkdirSync(dirname(paths.actions), { recursive: true });
  let lock: ProcessLock | undefined;
  for (let i = 0; lock === undefined; i++) {
    try {
      lock = ProcessLock.acquire(`${paths.actions}.lock`, 'the list of actions');
    } catch (e) {
      if (!(e instanceof UserError) || i > 100) throw e;
      await new Promise((r) => setTimeout(r, 50));
    }
  }
  try {
    const seq = readLines(paths.actions).values.length;
    const writer = new LineWriter(paths.actions);
    writer.append({ v: 1, seq, t: now, ...body }, true);
    writer.close();
  } finally {
    lock.release();
  }
}

/** Whether a live process writes this run's journal. */
export function isRunning(paths: RunPaths): boolean {
  return holderOf(paths.lock) !== null;
}

/** The pid that writes this run's journal, if any. */
export function runningPid(paths: RunPaths): number | null {
  return holderOf(paths.lock)?.pid ?? null;
}

export class FileJournal implements Journal {
  readonly events: Event[];
  private readonly paths: RunPaths;
  private readonly lock: ProcessLock;
  private readonly writer: LineWriter;
  private readonly now: () => number;
  private readonly onEvent: (e: Event) => void;
  private actionsSeen = 0;
  private actionsSize = 0;

  /** Takes the run's lock and reads what is there. Throws a UserError when another process runs it. */
  constructor(paths: RunPaths, now: () => number, onEvent: (e: Event) => void = () => undefined) {
    mkdirSync(paths.dir, { recursive: true });
    this.paths = paths;
    this.now = now;
    this.onEvent = onEvent;
    this.lock = ProcessLock.acquire(paths.lock, `run ${paths.run}`);
    this.events = [...readEvents(paths.journal).events];
    this.writer = new LineWriter(paths.journal);
  }

  append(body: EventBody, durable: boolean): Promise<Event> {
    const last = this.events[this.events.length - 1];
    const event: Event = { v: 1, seq: (last?.seq ?? -1) + 1, t: this.now(), ...body };
    this.writer.append(event, durable);
    this.events.push(event);
    this.onEvent(event);
    return Promise.resolve(event);
  }

  actions(): Promise<readonly Action[]> {
    const size = sizeOf(this.paths.actions);
    if (size === this.actionsSize) return Promise.resolve([]);
    const all = readActions(this.paths.actions);
    const fresh = all.slice(this.actionsSeen);
    this.actionsSeen = all.length;
    this.actionsSize = size;
    return Promise.resolve(fresh);
  }

  close(): Promise<void> {
    this.writer.close();
    this.lock.release();
    return Promise.resolve();
  }
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}

/** The text of a base file as the run saw it, or null. */
export function readBaseText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
