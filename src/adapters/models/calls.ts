// The record of model calls, one file each: on the disk before anything follows from an answer, so that none is paid twice.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ask } from '../../core/optimizers/optimizer.ts';
import { writeDurably } from '../files.ts';
import { callPrefix } from '../journal/layout.ts';
import type { Answer, ModelRequest } from './client.ts';

/** One call: `calls/<ask>-<call>.json`. */
export interface CallRecord {
  readonly v: 1;
  /** The ask's number, and which of its calls this is: 0, or more for repairs, and for models that took it over. */
  readonly ask: number;
  readonly call: number;
  readonly asked: Ask;
  readonly model: string;
  readonly began: string;
  readonly seconds: number;
  readonly usd: number;
  readonly prompt: ModelRequest;
  readonly answer: Answer;
}

export class Calls {
  private readonly dir: string;

  constructor(dir: string) {
    this.dir = dir;
  }

  private path(ask: number, call: number): string {
    return join(this.dir, `${callPrefix(ask)}${call}.json`);
  }

  /** The calls of this ask, of whatever models, in their order; without those of another ask of its number: a power cut can lose an ask's line, but not its call. */
  of(ask: number, asked: Ask): CallRecord[] {
    const records: CallRecord[] = [];
    for (;;) {
      let text: string;
      try {
        text = readFileSync(this.path(ask, records.length), 'utf8');
      } catch (e) {
        if ((e as NodeJS.ErrnoException).code === 'ENOENT') return records;
        throw e;
      }
      const record = JSON.parse(text) as CallRecord;
      if (JSON.stringify(record.asked) !== JSON.stringify(asked)) return records;
      records.push(record);
    }
  }

  /** Resolves when the record is on the disk, whole. Only the user may read it: prompts hold the project's code. */
  write(record: CallRecord): Promise<void> {
    return writeDurably(this.path(record.ask, record.call), record);
  }
}
