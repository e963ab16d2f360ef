// Real pipes for the output of commands. Node's own are socket pairs, and nobody can open those by name: `tee /dev/stderr` would fail.
//
// Node cannot make a pipe, so named ones are made in advance by mkfifo, a few dozen at a time, and unlinked as soon as both ends are open.

import { execFile } from 'node:child_process';
import { closeSync, constants, mkdirSync, openSync, rmSync, unlinkSync } from 'node:fs';
import { Socket } from 'node:net';
import { join } from 'node:path';

const BATCH = 64;

export interface Pipe {
  /** For the child's stdio. */
  readonly write: number;
  /** To be called after the start, failed or not: closes our copy of the write end and gives the stream to read. */
  attach(): Socket;
}

export class Pipes {
  readonly #folder: string;
  #ready: string[] = [];
  #made = 0;
  #filling: Promise<void> | null = null;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Makes the next ones. Without mkfifo there are none, and commands get socket pairs. */
  fill(): Promise<void> {
    return (this.#filling ??= new Promise<void>((resolve) => {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
      const names = Array.from({ length: BATCH }, () => join(this.#folder, String(this.#made++)));
      execFile('mkfifo', ['-m', '600', ...names], (error) => {
        if (error === null) this.#ready.push(...names);
        this.#filling = null;
        resolve();
      });
    }));
  }

  take(): Pipe | null {
    if (this.#ready.length < BATCH / 4) void this.fill();
    const name = this.#ready.pop();
    if (name === undefined) return null;
    // The reader first and without waiting: opening the writer then does not block.
    const read = openSync(name, constants.O_RDONLY | constants.O_NONBLOCK);
    const write = openSync(name, constants.O_WRONLY);
    unlinkSync(name);
    return {
      write,
      attach: () => {
        closeSync(write);
        return new Socket({ fd: read, readable: true, writable: false });
      },
    };
  }

  remove(): void {
    // Another run's start may be clearing the same folder of a dead one: whoever comes second finds less than it looked for.
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
  }
}
