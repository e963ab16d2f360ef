// The parts of a change that a person may take one by one: numbered from 1 over the files in order, the same in the command and in the editor.

import type { FileChange } from '../genomes.ts';
import { hunksOf } from './unified.ts';

export interface NumberedHunk {
  readonly number: number;
  readonly file: string;
  /** 1-based lines of the text before that change; the last is before the first where lines are only put in. */
  readonly firstLine: number;
  readonly lastLine: number;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

const bare = (line: string): string => line.replace(/\r?\n$/, '');

/** The hunks of a change, without the context around them. */
export function numberedHunks(changes: readonly FileChange[]): readonly NumberedHunk[] {
  const out: NumberedHunk[] = [];
  for (const { file, before, after } of changes) {
    for (const h of hunksOf(file, before, after)) {
      let head = 0;
      while (head < h.before.length && head < h.after.length && h.before[head] === h.after[head]) head++;
      let tail = 0;
      while (tail < h.before.length - head && tail < h.after.length - head && h.before[h.before.length - 1 - tail] === h.after[h.after.length - 1 - tail]) tail++;
      out.push({
        number: out.length + 1, file, firstLine: h.at + head + 1, lastLine: h.at + h.before.length - tail,
        removed: h.before.slice(head, h.before.length - tail).map(bare), added: h.after.slice(head, h.after.length - tail).map(bare),
      });
    }
  }
  return out;
}
