// Solutions out of other solutions, without a new edit: one with what another one changed, and a failed one with one of its changes taken back.

import { textEdits, type TextEdit } from '../../core/patch/edits.ts';
import { equalEnds } from '../../core/patch/unified.ts';
import { baseGenome, type BaseFile, type Genome } from '../../core/pin.ts';
import type { Rng } from '../../core/rng.ts';
import { applyEdits } from './edits.ts';

/** An edit that exchanges some lines for as many others, line by line, without what a line keeps at its ends. */
function byLine(edit: TextEdit, before: string): readonly TextEdit[] {
  const from = before.slice(edit.start, edit.end).split('\n');
  const to = edit.text.split('\n');
  if (from.length !== to.length) return [edit];
  let at = edit.start;
  return from.flatMap((old, i) => {
    const text = to[i] ?? '';
    const { head, tail } = equalEnds(old, text);
    const start = at + head;
    const end = at + old.length - tail;
    at += old.length + 1;
    return old === text ? [] : [{ start, end, text: text.slice(head, text.length - tail) }];
  });
}

/** What both made of one text; null where they changed the same place differently. Finer than a merge by lines: a crossover is judged by its gates. */
function both(before: string, a: string, b: string): string | null {
  const [mine, theirs] = [a, b].map((t) => textEdits(before, t).flatMap((e) => byLine(e, before))) as [TextEdit[], TextEdit[]];
  const others = theirs.filter((t) => !mine.some((m) => m.start === t.start && m.end === t.end && m.text === t.text));
  const edits = [...mine, ...others].sort((x, y) => x.start - y.start || x.end - y.end);
  const clash = edits.some((e, i) => {
    const last = edits[i - 1];
    return last !== undefined && (e.start < last.end || e.start === last.start);
  });
  return clash ? null : applyEdits(before, edits);
}

/** The parent with what the mate has changed of the base, pin by pin. Null where both changed the same place differently. */
export function crossed(base: readonly BaseFile[], parent: Genome, mate: Genome): Genome | null {
  const out: Record<string, string> = {};
  for (const [pin, before] of Object.entries(baseGenome(base))) {
    const text = both(before, parent[pin] ?? before, mate[pin] ?? before);
    if (text === null) return null;
    out[pin] = text;
  }
  return out;
}

/** The failed solution with one of the places in which it differs from its parent taken back. Null when it has one only: that would be the parent. */
export function mended(base: readonly BaseFile[], parent: Genome, failed: Genome, rng: Rng): Genome | null {
  const pins = Object.entries(baseGenome(base)).map(([id, text]) => {
    const before = parent[id] ?? text;
    return { id, before, edits: textEdits(before, failed[id] ?? text) };
  });
  const total = pins.reduce((sum, p) => sum + p.edits.length, 0);
  if (total < 2) return null;
  let out = rng.int(total);
  const genome: Record<string, string> = {};
  for (const p of pins) {
    genome[p.id] = applyEdits(p.before, p.edits.filter((_, i) => i !== out));
    out -= p.edits.length;
  }
  return genome;
}
