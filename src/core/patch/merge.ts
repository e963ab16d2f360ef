// Three-way merge by lines: what the solution changed onto what the user changed meanwhile. A conflict is a refusal, never a guess.

import { diff3Merge } from 'node-diff3';
import { hunksOf, putHunks } from './unified.ts';

export type Merge =
  | { readonly ok: true; readonly text: string }
  /** 1-based lines of `mine` where both changed. */
  | { readonly ok: false; readonly lines: readonly number[] };

const split = (text: string): string[] => text.split(/(?<=\n)/);

/** Merges `theirs` (the solution) into `mine` (the working file); `base` is what both came from. */
export function mergeTexts(mine: string, base: string, theirs: string): Merge {
  if (mine === base) return { ok: true, text: theirs };
  if (theirs === base || mine === theirs) return { ok: true, text: mine };
  const out: string[] = [];
  const conflicts: number[] = [];
  for (const part of diff3Merge(split(mine), split(base), split(theirs), { excludeFalseConflicts: true })) {
    if (part.ok) out.push(...part.ok);
    else if (part.conflict) conflicts.push(part.conflict.aIndex + 1);
  }
  return conflicts.length > 0 ? { ok: false, lines: conflicts } : { ok: true, text: out.join('') };
}

/** How many hunks the change of one file has: they are numbered from 1 over the files in order. */
export function hunkCount(file: string, before: string, after: string): number {
  return hunksOf(file, before, after).length;
}

/** `before` with only the chosen hunks (0-based) of the change to `after`. */
export function withHunks(file: string, before: string, after: string, chosen: ReadonlySet<number>): string {
  const text = putHunks(before, hunksOf(file, before, after).filter((_, i) => chosen.has(i)));
  if (text === null) throw new Error(`hunks of ${file} do not apply to their own base`);
  return text;
}
