// Unified diffs of whole files: made against a parent, applied exactly. The tree of solutions is a tree of these.

import { applyPatch, parsePatch, structuredPatch, formatPatch, type StructuredPatch } from 'diff';

const CONTEXT = 3;

/** Lines with their terminators. */
function linesOf(text: string): string[] {
  return text === '' ? [] : (text.match(/[^\n]*\n|[^\n]+$/g) ?? []);
}

/**
 * The diff of one file with `a/` and `b/` names, as `git apply` takes it; empty when the texts are equal.
 * Equal lines at both ends are cut off first: the cost is linear in the file, quadratic only in what changed.
 */
export function filePatch(file: string, before: string, after: string): string {
  if (before === after) return '';
  const a = linesOf(before);
  const b = linesOf(after);
  let head = 0;
  while (head < a.length && head < b.length && a[head] === b[head]) head++;
  let tail = 0;
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++;
  const from = Math.max(0, head - CONTEXT);
  const keep = Math.max(0, tail - CONTEXT);
  const patch = structuredPatch(`a/${file}`, `b/${file}`, a.slice(from, a.length - keep).join(''), b.slice(from, b.length - keep).join(''), undefined, undefined, { context: CONTEXT });
  const shifted: StructuredPatch = {
    ...patch,
    hunks: patch.hunks.map((h) => ({ ...h, oldStart: h.oldStart + from, newStart: h.newStart + from })),
  };
  return formatPatch(shifted).replace(/^(Index: .*\n)?=+\n/, '').replace(/^(---|\+\+\+) ([^\t\n]*)\t?$/gm, '$1 $2');
}

/** The diff of several files, in the order of `before`. */
export function filesPatch(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): string {
  let out = '';
  for (const [file, text] of before) out += filePatch(file, text, after.get(file) ?? text);
  return out;
}

/** The paths that a patch touches, without `a/` and `b/`. */
export function patchedFiles(patch: string): string[] {
  return patch === '' ? [] : parsePatch(patch).map((p) => (p.newFileName ?? '').replace(/^b\//, ''));
}

/** Applies a patch of ours exactly: no fuzz, no guess. Null when it does not fit. */
export function applyExactly(patch: string, texts: ReadonlyMap<string, string>): ReadonlyMap<string, string> | null {
  if (patch === '') return texts;
  const out = new Map(texts);
  for (const p of parsePatch(patch)) {
    const file = (p.newFileName ?? '').replace(/^b\//, '');
    const before = out.get(file);
    if (before === undefined) return null;
    const after = applyPatch(before, p, { fuzzFactor: 0, autoConvertLineEndings: false });
    if (after === false) return null;
    out.set(file, after);
  }
  return out;
}
