// Append-only JSON lines: one write a line, torn tails tolerated by readers and repaired by the writer.

import { closeSync, existsSync, fdatasync, fdatasyncSync, fstatSync, openSync, readSync, writeSync } from 'node:fs';

const CHUNK = 1 << 20;

/**
 * Calls `visit` for each whole line of JSON until it returns false, reading in chunks so that a large journal is never in memory at once.
 * A torn line is skipped and counted; an absent file is empty. `bytes` is the offset after the last newline that was read.
 * Lines for which `passOver` holds are not parsed, but for the last of several in a row at the end of the file.
 */
export function visitLines(path: string, visit: (value: unknown) => unknown, passOver: (line: Buffer) => boolean = () => false): { readonly torn: number; readonly bytes: number } {
  if (!existsSync(path)) return { torn: 0, bytes: 0 };
  const fd = openSync(path, 'r');
  try {
    const chunk = Buffer.allocUnsafe(CHUNK);
    let rest: Buffer = Buffer.alloc(0);
    let torn = 0;
    let bytes = 0;
    let passed: Buffer | null = null;
    /** False when the visitor has had enough. */
    const parse = (data: Buffer): boolean => {
      let value: unknown;
      try {
        value = JSON.parse(data.toString('utf8'));
      } catch {
        torn++;
        return true;
      }
      return visit(value) !== false;
    };
    const line = (data: Buffer): boolean => {
      if (data.length === 0) return true;
      passed = passOver(data) ? data : null;
      return passed !== null || parse(data);
    };
    for (;;) {
      const n = readSync(fd, chunk, 0, CHUNK, null);
      if (n === 0) break;
      const data = rest.length === 0 ? chunk.subarray(0, n) : Buffer.concat([rest, chunk.subarray(0, n)]);
      let at = 0;
      for (let end = data.indexOf(10, at); end >= 0; end = data.indexOf(10, at)) {
        if (!line(data.subarray(at, end))) return { torn, bytes: bytes + end + 1 };
        at = end + 1;
      }
      bytes += at;
      rest = Buffer.from(data.subarray(at));
      if (passed !== null) passed = Buffer.from(passed); // the chunk is written over by the next
    }
    if (!line(rest)) return { torn, bytes }; // a last line without a newline counts when it is whole
    if (passed !== null) parse(passed);
    return { torn, bytes };
  } finally {
    closeSync(fd);
  }
}

/** All whole lines at once, for small files. */
export function readLines(path: string): { readonly values: readonly unknown[]; readonly torn: number } {
  const values: unknown[] = [];
  const { torn } = visitLines(path, (v) => values.push(v));
  return { values, torn };
}

/** The last line that `accept` takes, found from the end: the cost does not grow with the file. Undefined when there is none. */
export function lastLine<T>(path: string, accept: (value: unknown) => value is T): T | undefined {
  if (!existsSync(path)) return undefined;
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    for (let length = 1 << 16; ; length *= 8) {
      const from = Math.max(0, size - length);
      const data = Buffer.alloc(size - from);
      readSync(fd, data, 0, data.length, from);
      const lines = data.toString('utf8').split('\n');
      if (from > 0) lines.shift(); // its beginning is not here
      for (const line of lines.reverse()) {
        const value = parsed(line);
        if (accept(value)) return value;
      }
      if (from === 0) return undefined;
    }
  } finally {
    closeSync(fd);
  }
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // empty or torn
  }
}

/** An open file of lines. Its owner is its only writer. */
export class LineWriter {
  private readonly fd: number;
  /** The sync under way, which ends when nothing is left to do. */
  private syncing: Promise<void> | null = null;
  private failure: Error | null = null;

  /** Opens for appending; a torn tail is closed off with a newline, so that the next line is whole and the evidence stays. */
  constructor(path: string) {
    this.fd = openSync(path, 'a+', 0o644);
    const size = fstatSync(this.fd).size;
    if (size === 0) return;
    const last = Buffer.alloc(1);
    readSync(this.fd, last, 0, 1, size - 1);
    if (last[0] !== 10) writeSync(this.fd, '\n');
  }

  /**
   * Appends one value as one line with one write. It is on disk before this returns with `now`; with `soon` it goes there while the caller
   * works on, and a failure to get there is thrown by the next append or by close.
   */
  append(value: unknown, sync: 'now' | 'soon' | 'no'): void {
    if (this.failure) throw this.failure;
    const line = Buffer.from(`${JSON.stringify(value)}\n`);
    let written = writeSync(this.fd, line);
    while (written < line.length) written += writeSync(this.fd, line, written); // only a full disk splits it
    if (sync === 'now') fdatasyncSync(this.fd);
    if (sync === 'soon') {
      const mine = this.synced(this.syncing).then(() => {
        if (this.syncing === mine) this.syncing = null;
      });
      this.syncing = mine;
    }
  }

  /** Resolves when all that was appended with `soon` is on the disk, null when it is; rejects when it cannot get there. */
  settled(): Promise<void> | null {
    if (this.syncing === null && this.failure === null) return null;
    return Promise.resolve(this.syncing).then(() => {
      if (this.failure) throw this.failure;
    });
  }

  private async synced(after: Promise<void> | null): Promise<void> {
    await after;
    await new Promise<void>((resolve) => {
      fdatasync(this.fd, (e) => {
        this.failure ??= e;
        resolve();
      });
    });
  }

  async close(): Promise<void> {
    await this.syncing;
    closeSync(this.fd);
    if (this.failure) throw this.failure;
  }
}
