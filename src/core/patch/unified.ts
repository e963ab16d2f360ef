// Unified diffs of whole files: made against a parent, applied exactly. The tree of solutions is a tree of these.
//
// jsdiff finds what changed; writing, reading and applying are our own, by counts and positions: a library that must also read
// foreign patches guesses (a removed line `-- x` looks like a header; an end without a newline is looked for elsewhere).

import { structuredPatch } from 'diff';

const CONTEXT = 3;
const NO_NEWLINE = '\\ No newline at end of file';

/** Lines with their terminators. */
export function linesOf(text: string): string[] {
  return text === '' ? [] : (text.match(/[^\n]*\n|[^\n]+$/g) ?? []);
}

/** One place that changes: these lines, with their terminators, from this 0-based line on, become those. Context is in both. */
export interface Hunk {
  readonly at: number;
  readonly before: readonly string[];
  readonly after: readonly string[];
}

interface FileHunks {
  readonly file: string;
  readonly hunks: readonly Hunk[];
}

/** As git writes a name: quoted when it holds what a header cannot, and ended by a tab when it holds a blank. */
function header(name: string): string {
  if (/["\\\p{Cc}]/u.test(name)) return JSON.stringify(name);
  return name.includes(' ') ? `${name}\t` : name;
}

function unheader(name: string): string {
  return (name.startsWith('"') ? (JSON.parse(name) as string) : name.replace(/\t$/, '')).replace(/^b\//, '');
}

/** How many elements two sequences share at their beginnings and, behind those, at their ends. */
export function equalEnds<T>(a: ArrayLike<T>, b: ArrayLike<T>): { readonly head: number; readonly tail: number } {
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  return { head, tail };
}

/**
 * The diff of one file with `a/` and `b/` names, as `git apply` takes it; empty when the texts are equal.
 * Equal lines at both ends are cut off first: the cost is linear in the file, quadratic only in what changed.
 */
export function filePatch(file: string, before: string, after: string): string {
  if (before === after) return '';
  const a = linesOf(before);
  const b = linesOf(after);
  const { head, tail } = equalEnds(a, b);
  const from = Math.max(0, head - CONTEXT);
  const keep = Math.max(0, tail - CONTEXT);
  const { hunks } = structuredPatch('', '', a.slice(from, a.length - keep).join(''), b.slice(from, b.length - keep).join(''), undefined, undefined, { context: CONTEXT });
  const place = (start: number, count: number): string => `${start + from - (count === 0 ? 1 : 0)},${count}`; // no lines stand behind a line, not at one
  const body = hunks.map((h) => `@@ -${place(h.oldStart, h.oldLines)} +${place(h.newStart, h.newLines)} @@\n${h.lines.join('\n')}\n`);
  return `--- ${header(`a/${file}`)}\n+++ ${header(`b/${file}`)}\n${body.join('')}`;
}

/** The diff of several files, in the order of `before`. */
export function filesPatch(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string {
  let out = '';
  for (const [file, text] of before) out += filePatch(file, text, after.get(file) ?? text);
  return out;
}

/** Reads a patch of ours. Throws on anything else: it has been edited by hand. */
function parsePatch(patch: string): FileHunks[] {
  const out: { file: string; hunks: Hunk[] }[] = [];
  const lines = patch.split('\n');
  let i = 0;
  const wrong = (): Error => new Error(`not a patch of ours at line ${i + 1}: ${lines[i] ?? 'the end'}`);
  while (i < lines.length - 1) {
    if (!lines[i]?.startsWith('--- ') || !lines[i + 1]?.startsWith('+++ ')) throw wrong();
    const file = { file: unheader(lines[i + 1]?.slice(4) ?? ''), hunks: [] as Hunk[] };
    out.push(file);
    for (i += 2; lines[i]?.startsWith('@@ '); ) {
      const m = /^@@ -(\d+)(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(lines[i] ?? '');
      if (!m) throw wrong();
      const [oldLines, newLines] = [Number(m[2] ?? 1), Number(m[3] ?? 1)];
      const before: string[] = [];
      const after: string[] = [];
      for (i++; before.length < oldLines || after.length < newLines; i++) {
        const line = lines[i];
        const sign = line?.[0] ?? '';
        if (line === undefined || !' -+'.includes(sign) || sign === '') throw wrong();
        const whole = lines[i + 1] === NO_NEWLINE ? line.slice(1) : `${line.slice(1)}\n`;
        if (sign !== '+') before.push(whole);
        if (sign !== '-') after.push(whole);
        if (lines[i + 1] === NO_NEWLINE) i++;
      }
      file.hunks.push({ at: Number(m[1]) - (oldLines === 0 ? 0 : 1), before, after });
    }
  }
  return out;
}

/** The hunks of the change of one file, in order. */
export function hunksOf(file: string, before: string, after: string): readonly Hunk[] {
  return parsePatch(filePatch(file, before, after))[0]?.hunks ?? [];
}

/** `text` with the hunks put in at their places. Null when one does not fit. */
export function putHunks(text: string, hunks: readonly Hunk[]): string | null {
  const lines = linesOf(text);
  const out: string[] = [];
  let at = 0;
  for (const h of hunks) {
    if (h.at < at || h.at > lines.length || !h.before.every((line, k) => lines[h.at + k] === line)) return null;
    for (; at < h.at; at++) out.push(lines[at] ?? '');
    out.push(...h.after);
    at += h.before.length;
  }
  for (; at < lines.length; at++) out.push(lines[at] ?? '');
  return out.join('');
}

/** Applies a patch of ours exactly: no fuzz, no guess. Null when it does not fit. */
export function applyExactly(patch: string, texts: ReadonlyMap<string, string>): ReadonlyMap<string, string> | null {
  const out = new Map(texts);
  for (const { file, hunks } of parsePatch(patch)) {
    const before = out.get(file);
    const after = before === undefined ? null : putHunks(before, hunks);
    if (after === null) return null;
    out.set(file, after);
  }
  return out;
}
