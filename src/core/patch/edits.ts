// The smallest edits that make one text of another: what an editor applies so that cursor, folding and undo stay good.

import { diffArrays } from 'diff';
import { equalEnds, linesOf } from './unified.ts';

/** Offsets are UTF-16 units into the text before; `end` is exclusive. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Edits in order, not overlapping, that turn `before` into `after`. Lines that stay are in none of them, nor is what a changed line keeps at its ends. */
export function textEdits(before: string, after: string): readonly TextEdit[] {
  const a = linesOf(before);
  const b = linesOf(after);
  const { head, tail } = equalEnds(a, b);
  const out: TextEdit[] = [];
  let at = a.slice(0, head).join('').length;
  let removed = '';
  let added = '';
  const flush = (): void => {
    if (removed !== '' || added !== '') out.push(trimmed(at, removed, added));
    at += removed.length;
    removed = '';
    added = '';
  };
  for (const part of diffArrays(a.slice(head, a.length - tail), b.slice(head, b.length - tail))) {
    const text = part.value.join('');
    if (part.added) added += text;
    else if (part.removed) removed += text;
    else {
      flush();
      at += text.length;
    }
  }
  flush();
  return out;
}

/** Whether a text may be cut here: not inside a line's end nor inside a character. */
function mayCut(text: string, at: number): boolean {
  const left = text.charCodeAt(at - 1);
  return !(left === 13 && text.charCodeAt(at) === 10) && !(left >= 0xd800 && left <= 0xdbff);
}

function trimmed(at: number, removed: string, added: string): TextEdit {
  const most = Math.min(removed.length, added.length);
  let head = 0;
  while (head < most && removed[head] === added[head]) head++;
  while (head > 0 && !(mayCut(removed, head) && mayCut(added, head))) head--;
  let tail = 0;
  while (tail < most - head && removed[removed.length - 1 - tail] === added[added.length - 1 - tail]) tail++;
  while (tail > 0 && !(mayCut(removed, removed.length - tail) && mayCut(added, added.length - tail))) tail--;
  return { start: at + head, end: at + removed.length - tail, text: added.slice(head, added.length - tail) };
}
