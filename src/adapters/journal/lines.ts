// Append-only JSON lines: one write a line, torn tails tolerated by readers and repaired by the writer.

import { closeSync, existsSync, fdatasyncSync, fstatSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';

/** What a file of lines holds. `torn` counts lines that were not whole JSON: at most the last one after a crash. */
export interface ReadLines {
  readonly values: readonly unknown[];
  readonly torn: number;
  /** Bytes up to the last newline: where a tail reader goes on. */
  readonly bytes: number;
}

/** Reads whole lines; a torn line is skipped and counted. An absent file is empty. */
export function readLines(path: string): ReadLines {
  if (!existsSync(path)) return { values: [], torn: 0, bytes: 0 };
  const data = readFileSync(path);
  const values: unknown[] = [];
  let torn = 0;
  let at = 0;
  while (at < data.length) {
    const newline = data.indexOf(10, at);
    const end = newline < 0 ? data.length : newline;
    if (end > at) {
      try {
        values.push(JSON.parse(data.toString('utf8', at, end)));
      } catch {
        torn++;
      }
    }
    if (newline < 0) return { values, torn, bytes: at };
    at = newline + 1;
  }
  return { values, torn, bytes: at };
}

/** An open file of lines. Its owner is its only writer. */
export class LineWriter {
  private readonly fd: number;

  /** Opens for appending; a torn tail is closed off with a newline, so that the next line is whole and the evidence stays. */
  constructor(path: string) {
    this.fd = openSync(path, 'a+', 0o644);
    const size = fstatSync(this.fd).size;
    if (size === 0) return;
    const last = Buffer.alloc(1);
    readSync(this.fd, last, 0, 1, size - 1);
    if (last[0] !== 10) writeSync(this.fd, '\n');
  }

  /** Appends one value as one line with one write; on disk before it returns when `durable`. */
  append(value: unknown, durable: boolean): void {
    const line = Buffer.from(`${JSON.stringify(value)}\n`);
    let written = writeSync(this.fd, line);
    while (written < line.length) written += writeSync(this.fd, line, written); // only a full disk splits it
    if (durable) fdatasyncSync(this.fd);
  }

  close(): void {
    closeSync(this.fd);
  }
}
