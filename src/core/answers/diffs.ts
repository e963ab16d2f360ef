// Unified diffs and *** Begin Patch patches, as models write them: headers left out, counts and line numbers wrong, blanks lost.

import { isPath, quote, type Covered, type Edit } from './edit.ts';
import { fencesOf, type Fence } from './fences.ts';
import type { Op } from './indent.ts';

export type DiffReading = { readonly edits: readonly Edit[]; readonly created: readonly Created[]; readonly covered: readonly Covered[] } | { readonly problem: string };

/** A file that a diff writes from nothing. */
export interface Created {
  readonly file: string;
  readonly lines: readonly string[];
}

const DIFFS = new Set(['diff', 'patch', 'udiff', 'git', 'unified', 'gitdiff']);
const HUNK = /^@@(?:\s*-(\d+)(?:,\d+)?\s+\+(\d+)(?:,\d+)?)?(?:\s*\.{3})?\s*(?:@@)?\s*(.*?)\s*(?:@@)?\s*$/;
const STARTS = /^(?:diff --git |Index: \S|\*\*\* (?:Begin Patch|Update File:|Add File:|Delete File:))|^@@ -\d|^@@ ?\.{3}|^@@\s*$/;

/** The diffs of an answer. `known` holds the trimmed lines of the files: they may be context that lost its blank. */
export function diffsIn(rows: readonly string[], known: ReadonlySet<string>): DiffReading {
  const reader = new Reader();
  const covered: Covered[] = [];
  for (const part of partsOf(rows, fencesOf(rows), known)) {
    covered.push(part);
    if (part.cut) return { problem: `This diff has no end: the answer may be cut off, so it was not taken.\n${quote(rows.slice(part.from, part.to), 12)}\nSend the answer again, whole.` };
    reader.part(rows.slice(part.from, part.to).filter((line) => !/^[ \t>]*(?:`{3,}|~{3,})/.test(line) || !part.fenced), part.path);
    if (reader.problem !== null) return { problem: reader.problem };
  }
  return { edits: reader.edits, created: reader.created, covered };
}

interface Part extends Covered {
  readonly path: string | null;
  readonly fenced: boolean;
  /** Whether its fence or its patch is never closed. */
  readonly cut: boolean;
}

const isHeader = (line: string | undefined, next: string | undefined): boolean => line !== undefined && /^--- \S/.test(line) && next !== undefined && /^(?:\+\+\+ \S|@@)/.test(next);

function partsOf(rows: readonly string[], fences: readonly Fence[], known: ReadonlySet<string>): readonly Part[] {
  const out: Part[] = [];
  const inFence = (row: number): Fence | undefined => fences.find((f) => f.open <= row && row <= f.close);
  for (const f of fences) {
    const named = DIFFS.has(f.info);
    const looks = f.lines.some((line, i) => STARTS.test(line) || isHeader(line, f.lines[i + 1]));
    const signs = f.lines.some((line) => /^[+-](?![+-]{2} )/.test(line));
    if ((named && signs) || (looks && (signs || f.lines.some((line) => line.startsWith('*** '))))) out.push({ from: f.open, to: f.close + 1, path: f.path, fenced: true, cut: !f.closed || isOpenPatch(f.lines) });
  }
  for (let i = 0; i < rows.length; i++) {
    if (inFence(i) || !(STARTS.test(rows[i] ?? '') || isHeader(rows[i], rows[i + 1]))) continue;
    let end = i + 1;
    const patch = /^\*\*\* /.test(rows[i] ?? '');
    const last = patch ? rows.findIndex((line, k) => k > i && /^\*\*\* End Patch/.test(line)) : -1;
    if (last > 0) end = last + 1;
    else while (end < rows.length && !inFence(end) && belongs(rows, end, known)) end++;
    while (end > i + 1 && rows[end - 1]?.trim() === '') end--;
    out.push({ from: i, to: end, path: null, fenced: false, cut: isOpenPatch(rows.slice(i, end)) });
    i = end - 1;
  }
  return out.sort((a, b) => a.from - b.from);
}

const isOpenPatch = (lines: readonly string[]): boolean => lines.some((line) => /^\*\*\* Begin Patch/.test(line)) && !lines.some((line) => /^\*\*\* End Patch/.test(line));

/** Whether a row still belongs to an unfenced diff. */
function belongs(rows: readonly string[], row: number, known: ReadonlySet<string>): boolean {
  const line = rows[row] ?? '';
  const bullet = rows[row - 1]?.trim() === '' && /^[-+] (?:\*\*|\p{Lu}.*[.:]$)/u.test(line);
  if (/^[-+ @\\\t]/.test(line)) return !bullet;
  if (line.trim() === '') return rows.slice(row + 1, row + 3).some((next, k) => next.trim() !== '' && belongs(rows, row + 1 + k, known));
  return /^(?:diff --git|index [\da-f]+\.\.|(?:new|old|deleted) (?:file )?mode|similarity|rename|\*\*\* )/.test(line) || known.has(line.trim());
}

class Reader {
  readonly edits: Edit[] = [];
  readonly created: Created[] = [];
  problem: string | null = null;
  private file: string | null = null;
  private isNew = false;
  private ops: Op[] = [];
  private source: string[] = [];
  private under: string[] = [];
  private at: number | null = null;
  /** Whether blank lines at the end are text of the diff or only stand behind it. */
  private loose = 0;

  part(lines: readonly string[], path: string | null): void {
    this.file = path;
    this.isNew = false;
    this.under = [];
    this.at = null;
    for (let i = 0; i < lines.length; i++) i = this.line(lines, i);
    this.flush();
  }

  /** Takes a line in; returns the index of the last that it took. */
  private line(lines: readonly string[], i: number): number {
    const line = lines[i] ?? '';
    const git = /^diff --git "?a\/(.+?)"? "?b\/(.+?)"?$/.exec(line);
    if (git || /^Index: \S/.test(line)) {
      this.head(git?.[2] ?? line.slice(7).trim());
      return i;
    }
    if (/^(?:index [\da-f]+\.\.|old mode|new mode|similarity index|={20,}$)/.test(line)) return i;
    if (/^(?:deleted file mode|rename (?:from|to)|copy (?:from|to))\b/.test(line)) return this.refuse(line, i);
    if (/^new file mode/.test(line)) {
      this.isNew = true;
      return i;
    }
    if (isHeader(line, lines[i + 1]) && (this.ops.length === 0 || !/^\+\+\+ /.test(lines[i + 1] ?? '') || /^@@/.test(lines[i + 2] ?? '') || namedAlike(line, lines[i + 1] ?? ''))) {
      const old = nameOf(line);
      const next = /^\+\+\+ /.test(lines[i + 1] ?? '') ? nameOf(lines[i + 1] ?? '') : null;
      if (next === '/dev/null') return this.refuse(lines[i + 1] ?? '', i);
      const prefixed = next?.startsWith('b/') === true && (old.startsWith('a/') || old === '/dev/null');
      this.head([prefixed ? next.slice(2) : next, old].find((name) => name !== null && isPath(name)) ?? this.file);
      this.isNew = old === '/dev/null';
      return next === null ? i : i + 1;
    }
    const star = /^\*\*\* (Begin Patch|End Patch|End of File|Update File|Add File|Delete File|Move to)\b:?\s*(.*)$/.exec(line.trimEnd());
    if (star) return this.star(star[1] ?? '', (star[2] ?? '').trim(), line, i);
    const hunk = HUNK.exec(line);
    if (line.startsWith('@@') && hunk) {
      const heading = (hunk[3] ?? '').trim();
      if (this.ops.length > 0 || hunk[1] !== undefined || this.source.length === 0) this.flush();
      this.at = hunk[1] === undefined ? null : Number(hunk[1]);
      if (heading !== '' && heading !== '...') this.under.push(heading);
      this.source.push(line);
      return i;
    }
    if (line.startsWith('\\')) return i;
    this.source.push(line);
    const sign = line[0];
    if (sign === '+' || sign === '-' || sign === ' ') this.ops.push({ sign, text: line.slice(1) });
    else this.ops.push({ sign: ' ', text: line });
    this.loose = line === '' ? this.loose + 1 : 0;
    return i;
  }

  private star(what: string, name: string, line: string, i: number): number {
    if (what === 'Update File' || what === 'Add File') {
      this.head(name);
      this.isNew = what === 'Add File';
    } else if (what === 'Delete File' || what === 'Move to') return this.refuse(line, i);
    else if (what === 'End Patch') this.flush();
    return i;
  }

  private refuse(line: string, i: number): number {
    this.problem ??= `The answer removes, renames or copies a file (${line.trim()}). Only the code of the pinned places may change. Send the whole answer again.`;
    return i;
  }

  private head(file: string | null): void {
    this.flush();
    this.under = [];
    this.file = file;
    this.isNew = false;
  }

  private flush(): void {
    let ops = this.loose > 0 ? this.ops.slice(0, -this.loose) : this.ops;
    while (ops[0]?.sign === ' ' && ops[0].text === '') ops = ops.slice(1);
    if (ops.some((op) => op.sign !== ' ')) {
      if (this.isNew && this.file !== null) this.created.push({ file: this.file, lines: ops.filter((op) => op.sign === '+').map((op) => op.text) });
      else this.edits.push({ file: this.file, readings: [ops], loose: true, line: this.at, under: this.under, all: false, source: quote(this.source.filter((line, k) => line !== '' || k < this.source.length - 1)) });
    }
    if (ops.length > 0) this.under = [];
    this.ops = [];
    this.source = [];
    this.at = null;
    this.loose = 0;
  }
}

const nameOf = (line: string): string => {
  const name = line.slice(4).replace(/\t.*$/, '').replace(/\s+\d{4}-\d\d-\d\d.*$/, '').trim().replace(/^"(.*)"$/, '$1');
  return name;
};

const namedAlike = (a: string, b: string): boolean => nameOf(a).replace(/^a\//, '') === nameOf(b).replace(/^b\//, '');
