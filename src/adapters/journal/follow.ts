// Follows a growing file of JSON lines: each look reads only what was appended since the last.

import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const CHUNK = 1 << 20;

/** A place in a file of lines. The file may not exist yet. */
export class LineFollower {
  private readonly path: string;
  private readonly passOver: (line: Buffer) => boolean;
  private offset = 0;
  private rest: Buffer = Buffer.alloc(0);
  /** Lines that were no JSON. */
  torn = 0;

  /** Lines for which `passOver` holds are not parsed. */
  constructor(path: string, passOver: (line: Buffer) => boolean = () => false) {
    this.path = path;
    this.passOver = passOver;
  }

  /**
   * Visits the lines that came since the last look. A last line without its newline waits for it. False when nothing came.
   * `onReset` is called first when the file was cut or replaced by a shorter one: all that was visited is void.
   */
  look(visit: (value: unknown) => void, onReset: () => void = () => undefined): boolean {
    let fd: number;
    try {
      fd = openSync(this.path, 'r');
    } catch {
      return false;
    }
    try {
      const { size } = fstatSync(fd);
      if (size < this.offset) {
        this.reread();
        onReset();
      }
      if (size === this.offset) return false;
      const chunk = Buffer.allocUnsafe(Math.min(CHUNK, size - this.offset));
      for (;;) {
        const n = readSync(fd, chunk, 0, chunk.length, this.offset);
        if (n === 0) return true;
        this.offset += n;
        this.take(this.rest.length === 0 ? chunk.subarray(0, n) : Buffer.concat([this.rest, chunk.subarray(0, n)]), visit);
      }
    } finally {
      closeSync(fd);
    }
  }

  /** The next look begins at the beginning. */
  reread(): void {
    this.offset = 0;
    this.rest = Buffer.alloc(0);
    this.torn = 0;
  }

  private take(data: Buffer, visit: (value: unknown) => void): void {
    let at = 0;
    for (let end = data.indexOf(10, at); end >= 0; end = data.indexOf(10, at)) {
      const line = data.subarray(at, end);
      at = end + 1;
      if (line.length === 0 || this.passOver(line)) continue;
      let value: unknown;
      try {
        value = JSON.parse(line.toString('utf8'));
      } catch {
        this.torn++;
        continue;
      }
      visit(value);
    }
    this.rest = Buffer.from(data.subarray(at)); // a copy: the chunk is written over
  }
}
