// SEARCH/REPLACE blocks, with the spellings of their markers that models and tools write.

import { pathIn, quote, type Covered, type Edit, type Reading } from './edit.ts';
import { fencesOf, type Fence } from './fences.ts';
import { opsOf } from './indent.ts';

const HEAD = /^[ \t>*]*(?:<{3,12}|-{5,12}(?=\s*SEARCH)|\u2554\u2550+)\s*[[*]{0,2}(?:SEARCH|ORIGINAL|OLD|BEFORE|HEAD|FIND|CURRENT|PREVIOUS)\b(?:[ _]?BLOCK)?[\]*>:\u2550\u2557<]*\s*(.*?)[\s>*\u2550\u2557]*$/i;
const DIVIDER = /^[ \t>*]*(?:={3,12}|\u2560\u2550+\u2563?)\s*(?:REPLACE|NEW|WITH|UPDATED)?[\s>*]*$/i;
const TAIL = /^[ \t>*]*(?:(?:>{3,12}|\+{5,12}(?=\s*REPLACE)|\u255a\u2550+|<{5,12}(?=\s*REPLACE))\s*[[*/]{0,2}(?:REPLACE|REPLACED|UPDATED?|NEW|AFTER|END|HEAD|MODIFIED)\b[\s\w\]*>:<\u2550\u255d]*|>{5,12}\s*)$/i;
const FENCE = /^[ \t>]*(?:`{3,}|~{3,})/;

/** A marker's line is short; a long one would only take time. */
const marks = (mark: RegExp, line: string | undefined): RegExpExecArray | null => (line === undefined || line.length > 300 ? null : mark.exec(line));
/** Readings of one block that are tried. */
const MOST_READINGS = 12;

export function searchBlocks(rows: readonly string[]): Reading {
  const edits: Edit[] = [];
  const covered: Covered[] = [];
  const fences = fencesOf(rows);
  let file: string | null = null;
  for (let i = 0; i < rows.length; i++) {
    const m = marks(HEAD, rows[i]);
    if (!m) continue;
    const block = readBlock(rows, i, fences);
    if ('problem' in block) return block;
    file = pathIn(m[1] ?? '') ?? pathAbove(rows, i) ?? file;
    const fence = fences.find((f) => f.open < i && f.close > i);
    covered.push({ from: fence ? fence.open : i, to: Math.max(block.end + 1, fence?.closed === true ? Math.min(fence.close + 1, rows.length) : 0) });
    edits.push({ file, readings: block.readings, loose: false, line: block.line, under: [], all: false, source: quote(rows.slice(i, block.end + 1)) });
    i = block.end;
  }
  return { edits, covered };
}

interface Block {
  readonly readings: Edit['readings'];
  readonly line: number | null;
  /** Its last row. */
  readonly end: number;
}

/** The block whose first marker stands in a row. */
function readBlock(rows: readonly string[], head: number, fences: readonly Fence[]): Block | { readonly problem: string } {
  let next = head + 1;
  while (next < rows.length && marks(HEAD, rows[next]) === null) next++;
  const within = (test: RegExp, from: number, to: number): number[] => {
    const out: number[] = [];
    for (let k = from; k < to; k++) if (marks(test, rows[k])) out.push(k);
    return out;
  };
  const dividersBefore = within(DIVIDER, head + 1, next);
  const divided = dividersBefore[0];
  // A tail may stand between two dividers, in code that holds markers itself: the block ends at the last before the next block.
  const tails = within(TAIL, divided ?? head + 1, next);
  const tail = tails[0];
  const outer = fences.find((f) => f.open < head && f.close > head && f.closed);
  const end = tail ?? (divided !== undefined && outer !== undefined && outer.close > divided && outer.close <= next ? outer.close : null);
  if (divided === undefined) {
    return { problem: `This block has no line ======= between what to search and what to put there:\n${quote(rows.slice(head, (tail ?? Math.min(next - 1, head + 20)) + 1))}\nSend it again in the form\n<<<<<<< SEARCH\n(lines of the file)\n=======\n(what they become)\n>>>>>>> REPLACE` };
  }
  if (end === null) {
    return { problem: `This block has no line >>>>>>> REPLACE: the answer may be cut off, so it was not taken.\n${quote(rows.slice(head, next))}\nSend the answer again, whole.` };
  }
  let body = head + 1;
  let line: number | null = null;
  const hints = /^\s*:?(start_line|end_line)\s*:\s*(\d+)\s*$/;
  for (let m = hints.exec(rows[body] ?? ''); m; m = hints.exec(rows[body] ?? '')) {
    if (m[1] === 'start_line') line = Number(m[2]);
    body++;
  }
  if (line !== null && /^\s*-{3,}\s*$/.test(rows[body] ?? '')) body++;
  // A line of equal signs may be code: the likeliest divider is as long as the first marker.
  const signs = (row: number): number => /[<=\-\u2550\u00ab]+/.exec(rows[row] ?? '')?.[0].length ?? 0;
  const dividers = dividersBefore.filter((k) => k < end);
  const likely = [...dividers].sort((a, b) => Number(signs(b) === signs(head)) - Number(signs(a) === signs(head)));
  const parts = (from: number, to: number): string[] => unfenced(rows.slice(from, to));
  const cuts = likely.slice(0, MOST_READINGS).map((cut) => [parts(body, cut), parts(cut + 1, end)] as const);
  // Written twice, the second is no code.
  const last = dividers.at(-1);
  const [first] = likely;
  if (first !== undefined && last === end - 1 && first !== last && signs(first) === signs(last)) cuts.unshift([parts(body, first), parts(first + 1, last)]);
  return { readings: cuts.map(([before, after]) => opsOf(before, after)), line, end };
}

/** Without a fence around all of it, or one that opens or closes only. */
function unfenced(lines: readonly string[]): string[] {
  const full = lines.flatMap((line, i) => (line.trim() === '' ? [] : [i]));
  const [first, last] = [full[0] ?? -1, full.at(-1) ?? -1];
  const marks = full.filter((i) => FENCE.test(lines[i] ?? ''));
  if (marks.length === 1 && marks[0] === last) return lines.slice(0, last);
  if (marks.length === 1 && marks[0] === first) return lines.slice(first + 1);
  if (marks.length === 2 && marks[0] === first && marks[1] === last) return lines.slice(first + 1, last);
  return [...lines];
}

/** The path that stands alone on one of the lines above the block, its fence passed over. */
function pathAbove(rows: readonly string[], head: number): string | null {
  let left = 3;
  for (let k = head - 1; k >= 0 && left > 0; k--) {
    const line = rows[k] ?? '';
    if (line.trim() === '' && left < 3) left--;
    if (line.trim() === '') continue;
    if (marks(TAIL, line) || marks(DIVIDER, line)) return null;
    if (FENCE.test(line)) {
      const info = fencesOf([line, ''])[0]?.path;
      if (info !== null && info !== undefined) return info;
      if (left < 3 && /^[ \t>]*(?:`{3,}|~{3,})\s*$/.test(line)) return null;
      left--;
      continue;
    }
    return pathIn(line);
  }
  return null;
}
