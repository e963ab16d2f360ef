// The Journal port on disk: journal.jsonl under a lock, and actions.jsonl beside it, written by short commands.

import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { UserError } from '../../core/errors.ts';
import type { Action, ActionBody, Event, EventBody } from '../../core/events.ts';
import { isAction, isEvent, isNumbered } from '../../protocol/journal.ts';
import type { Journal } from '../../engine/ports.ts';
import type { RunPaths } from './layout.ts';
import { LineWriter, lastLine, readLines, visitLines } from './lines.ts';
import { ProcessLock, holderOf } from './process-lock.ts';

const ROUND = /^\{"v":1,"seq":\d+,"t":\d+(?:\.\d+)?,"type":"round",/;

/**
 * Whether a line is a round, told without parsing it; false when in doubt. Nothing is computed from stored rounds (a resumed trial measures
 * anew), and they are most of a journal.
 */
export function isRoundLine(line: Buffer): boolean {
  // Whole rounds end with their metrics' brace and their own; a torn one is left to the parser, which counts it.
  return line[line.length - 1] === 125 && line[line.length - 2] === 125 && ROUND.test(line.toString('latin1', 0, 80));
}

/** Reads a journal's events without touching it. */
export function readEvents(path: string): { readonly events: readonly Event[]; readonly torn: number } {
  const { values, torn } = readLines(path);
  return { events: values.filter(isEvent), torn };
}

/**
 * Visits a journal's events in order until `visit` returns false, one at a time in memory. With `last`, of several rounds in a row
 * only the last of the file is visited, which is all that a fold needs of them. Returns the number of torn lines.
 */
export function visitEvents(path: string, visit: (e: Event) => unknown, rounds: 'all' | 'last' = 'all'): { readonly torn: number } {
  return visitLines(path, (value) => (isEvent(value) ? visit(value) : undefined), rounds === 'last' ? isRoundLine : undefined);
}

/** The last event of a journal; undefined when there is none. Reads the file's end only. */
export function lastEvent(path: string): Event | undefined {
  return lastLine(path, isEvent);
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
    writer.append({ v: 1, seq, t: now, ...body }, 'now');
    await writer.close();
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
  private nextSeq: number;
  /** Of actions.jsonl when it was last read, its size and the number after its last: most looks find it as it was. */
  private known = { size: 0, actions: 0 };

  /** Takes the run's lock and reads what is there. Throws a UserError when another process runs it. */
  constructor(paths: RunPaths, now: () => number, onEvent: (e: Event) => void = () => undefined) {
    mkdirSync(paths.dir, { recursive: true });
    this.paths = paths;
    this.now = now;
    this.onEvent = onEvent;
    this.lock = ProcessLock.acquire(paths.lock, `run ${paths.run}`);
    this.nextSeq = (lastLine(paths.journal, isNumbered)?.seq ?? -1) + 1;
    this.writer = new LineWriter(paths.journal);
  }

  append(body: EventBody, durable: boolean): Event {
    const event: Event = { v: 1, seq: this.nextSeq++, t: this.now(), ...body };
    // A verdict's way to the disk may overlap with the search for the next proposal; the engine asks settled() before it evaluates that.
    this.writer.append(event, !durable ? 'no' : body.type === 'verdict' ? 'soon' : 'now');
    this.onEvent(event);
    return event;
  }

  settled(): Promise<void> | null {
    return this.writer.settled();
  }

  replay(visit: (e: Event) => unknown, rounds: 'all' | 'last' = 'all'): void {
    visitEvents(this.paths.journal, visit, rounds);
  }

  actions(from: number): Promise<readonly Action[]> {
    const size = sizeOf(this.paths.actions);
    if (size === this.known.size && from >= this.known.actions) return Promise.resolve([]);
    const actions = readActions(this.paths.actions);
    this.known = { size, actions: Math.max(0, ...actions.map((a) => a.seq + 1)) };
    return Promise.resolve(actions.filter((a) => a.seq >= from)); // by their numbers: a line that this version does not know counts too
  }

  async close(): Promise<void> {
    try {
      await this.writer.close();
    } finally {
      this.lock.release();
    }
  }
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size;
  } catch {
    return 0;
  }
}
