// Pinned files that somebody edited in place, read as a solution: which text each pin has now, or what was changed outside of them.

import { diffArrays } from 'diff';
import { equalEnds, linesOf } from '../patch/unified.ts';
import type { BaseFile, Genome, Pin } from '../pin.ts';
import { definitionsIn } from './definitions.ts';
import { said, underItsMark } from './parse.ts';
import { rowOf, settle, trimmed, viewOf, type Change, type View } from './view.ts';

export type Edited = { readonly genome: Genome } | { readonly refused: string };

/** Reads the files of a solution after an edit in place. `texts`: those that were changed, by path. Blank lines outside of the pins are left as they were. */
export function editedFiles(base: readonly BaseFile[], parent: Genome, texts: ReadonlyMap<string, string>): Edited {
  let genome = parent;
  for (const file of base) {
    const given = texts.get(file.file);
    if (given === undefined) continue;
    const view = viewOf(file, parent);
    const text = withOldEndings(view.text, given);
    if (text === view.text) continue;
    const read = exact(view, text) ?? byDifference(view, parent, text);
    if ('refused' in read) return read;
    for (const pin of file.pins) {
      const lost = lostPin(file, pin, parent[pin.id] ?? '', read.genome[pin.id] ?? '');
      if (lost !== null) return { refused: lost };
    }
    genome = { ...genome, ...read.genome };
  }
  const changed = base.flatMap((f) => f.pins).filter((pin) => said(genome[pin.id] ?? '') !== said(parent[pin.id] ?? ''));
  return changed.length === 0 ? { refused: 'it changed nothing' } : { genome };
}

/** An editor that writes a whole file anew may leave out its mark of order, or end its lines otherwise: that is nobody's change. */
function withOldEndings(before: string, given: string): string {
  const text = before.startsWith('\ufeff') && !given.startsWith('\ufeff') ? `\ufeff${given}` : given;
  const [bare, paired] = [/(?<!\r)\n/.test(before), before.includes('\r\n')];
  if (paired && !bare) return text.replace(/(?<!\r)\n/g, '\r\n');
  return bare && !paired ? text.replace(/\r\n/g, '\n') : text;
}

/** The pins' texts where all between them stands there unchanged and in one place only; null where it does not. */
function exact(view: View, text: string): { readonly genome: Genome } | null {
  const genome: Record<string, string> = {};
  const ends = view.spans.map(([, , end], i) => view.text.slice(end, view.spans[i + 1]?.[1] ?? view.text.length));
  let at = view.spans[0]?.[1] ?? view.text.length;
  if (!text.startsWith(view.text.slice(0, at))) return null;
  for (const [i, [id]] of view.spans.entries()) {
    const after = ends[i] ?? '';
    const last = i === view.spans.length - 1;
    const end = last ? text.length - after.length : text.indexOf(after, at);
    if (end < at || !text.startsWith(after, end) || (!last && (after === '' || text.includes(after, end + 1)))) return null;
    genome[id] = text.slice(at, end);
    at = end + after.length;
  }
  return view.spans.length === 0 ? null : { genome };
}

/** The same from the lines that differ, for edits outside of the pins and for texts between them that stand there twice. */
function byDifference(view: View, parent: Genome, text: string): Edited {
  const settled = settle(view, parent, changesTo(view, text));
  return 'outside' in settled ? { refused: outside(view, settled.outside) } : settled;
}

function changesTo(view: View, text: string): Change[] {
  const [before, after] = [linesOf(view.text), linesOf(text)];
  const { head, tail } = equalEnds(before, after);
  const out: Change[] = [];
  let at = before.slice(0, head).join('').length;
  let run: { start: number; end: number; text: string } | null = null;
  const flush = (): void => {
    const change = run && trimmed(view.text, run);
    if (change) out.push(change);
    run = null;
  };
  for (const part of diffArrays(before.slice(head, before.length - tail), after.slice(head, after.length - tail))) {
    const length = part.value.join('').length;
    if (part.added) (run ??= { start: at, end: at, text: '' }).text += part.value.join('');
    else if (part.removed) {
      run ??= { start: at, end: at, text: '' };
      run.end += length;
      at += length;
    } else {
      flush();
      at += length;
    }
  }
  flush();
  return out;
}

/** The first line that says something, and is not one of these. */
function shown(text: string, old: string): string {
  const known = new Set(old.split('\n').map((l) => l.trim()));
  const line = text.split('\n').map((l) => l.trim()).find((l) => l !== '' && !known.has(l)) ?? '';
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}

function outside(view: View, change: Change): string {
  const row = rowOf(view, change.start);
  const gone = view.text.slice(view.starts[row] ?? 0, Math.max(change.end, view.starts[row + 1] ?? view.text.length));
  const end = view.text.indexOf('\n', change.end);
  const now = view.text.slice(view.starts[row] ?? 0, change.start) + change.text + view.text.slice(change.end, end < 0 ? undefined : end);
  const mark = gone.split('\n').filter((line) => !now.split('\n').includes(line)).map((line) => /EVOLVE-BLOCK-(?:START|END)|sigil:\s*improve/.exec(line)?.[0]).find((m) => m !== undefined);
  if (mark !== undefined) return `it changed the line of a mark (${mark}) in ${view.file.file}, line ${row + 1}: marks must stay as they are`;
  const what = shown(now, gone) || shown(gone, '');
  return `it changed line ${row + 1} of ${view.file.file}, outside of the code that may change${what === '' ? '' : `: ${what}`}`;
}

/** Why a changed text is no longer its pin; null when it is. */
function lostPin(file: BaseFile, pin: Pin, before: string, text: string): string | null {
  if (text === before) return null;
  if (pin.kind === 'region') return /EVOLVE-BLOCK-(?:START|END)/.test(text) && !/EVOLVE-BLOCK-(?:START|END)/.test(before) ? `it put a marker of a region into ${pin.id}` : null;
  if (pin.kind === 'file') return null;
  const name = (pin.symbol ?? '').replace(/~\d+$/, '').split('.').at(-1) ?? '';
  const has = (t: string): boolean => definitionsIn(t.split(/\r?\n/), pin.language).some((d) => d.name === name);
  if (text.trim() === '' || (has(before) && !has(text))) return `it took the function ${pin.symbol ?? pin.id} out of ${file.file}: it must stay, with its name and its parameters`;
  return underItsMark(file, pin, text) === null ? null : `it put code between the mark and the function ${pin.symbol ?? pin.id} in ${file.file}`;
}
