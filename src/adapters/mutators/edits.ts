// Edits of a text: applied together, reversed exactly.

import { pinSpans, renderFile, type BaseFile, type Genome } from '../../core/pin.ts';
import type { Edit } from './catalogue/rewrite.ts';

/** Applies edits that do not overlap. Throws when they do. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  let out = '';
  let at = 0;
  for (const e of sorted) {
    if (e.start < at || e.end < e.start || e.end > text.length) throw new Error(`edits overlap or leave the text at ${e.start}`);
    out += text.slice(at, e.start) + e.text;
    at = e.end;
  }
  return out + text.slice(at);
}

/** The edits that turn the result of `applyEdits(text, edits)` back into `text`. */
export function invertEdits(text: string, edits: readonly Edit[]): Edit[] {
  let shift = 0;
  return [...edits].sort((a, b) => a.start - b.start || a.end - b.end).map((e) => {
    const start = e.start + shift;
    shift += e.text.length - (e.end - e.start);
    return { start, end: start + e.text.length, text: text.slice(e.start, e.end) };
  });
}

/** Whether all edits lie in one of the spans. */
export function insideOne(edits: readonly Edit[], spans: readonly { readonly start: number; readonly end: number }[]): boolean {
  return spans.some((s) => edits.every((e) => e.start >= s.start && e.end <= s.end));
}

/** A genome after edits of one rendered file; null when one of them leaves the pins. */
export function editedGenome(file: BaseFile, genome: Genome, edits: readonly Edit[]): Genome | null {
  const text = renderFile(file, genome);
  const left = new Set(edits);
  const out: Record<string, string> = { ...genome };
  for (const [id, start, end] of pinSpans(file, genome)) {
    const own = [...left].filter((e) => e.start >= start && e.end <= end);
    for (const e of own) left.delete(e);
    if (own.length > 0) out[id] = applyEdits(text.slice(start, end), own.map((e) => ({ ...e, start: e.start - start, end: e.end - start })));
  }
  return left.size === 0 ? out : null;
}
