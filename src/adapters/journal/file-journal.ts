// The Journal port on disk: journal.jsonl under a lock, and actions.jsonl beside it, written by short commands.

import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from '../../core/errors.ts';
import type { Action, ActionBody, Event, EventBody } from '../../core/events.ts';
import { isEvent, isAction } from '../../protocol/journal.ts';
import type { Journal } from '../../engine/ports.ts';
import type { RunPaths } from './layout.ts';
import { LineWriter, readLines, visitLines } from './lines.ts';
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
  private readonly paths: RunPaths;
  private readonly lock: ProcessLock;
  private readonly writer: LineWriter;
  private readonly now: () => number;
  private readonly onEvent: (e: Event) => void;
  private nextSeq = 0;

  /** Takes the run's lock and reads what is there. Throws a UserError when another process runs it. */
  constructor(paths: RunPaths, now: () => number, onEvent: (e: Event) => void = () => undefined) {
    mkdirSync(paths.dir, { recursive: true });
    this.paths = paths;
    this.now = now;
    this.onEvent = onEvent;
    this.lock = ProcessLock.acquire(paths.lock, `run ${paths.run}`);
    this.replay((e) => (this.nextSeq = e.seq + 1));
    this.writer = new LineWriter(paths.journal);
  }

  append(body: EventBody, durable: boolean): Event {
    const event: Event = { v: 1, seq: this.nextSeq++, t: this.now(), ...body };
    this.writer.append(event, durable);
    this.onEvent(event);
    return event;
  }

  replay(visit: (e: Event) => void): void {
    visitLines(this.paths.journal, (value) => {
      if (isEvent(value)) visit(value);
    });
  }

  actions(from: number): Promise<readonly Action[]> {
    return Promise.resolve(sizeOf(this.paths.actions) === 0 ? [] : readActions(this.paths.actions).slice(from));
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
