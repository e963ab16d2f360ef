// Knobs: numeric literals that a search may tune. Marked ones within their bounds; in files without a grammar, every number.

import type { Rng } from '../../core/rng.ts';
import type { Site } from './catalogue/rewrite.ts';

/** A tunable literal in a text. */
export interface NumberKnob {
  readonly start: number;
  readonly end: number;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly integer: boolean;
  /** What follows the digits and stays: `UL`, `f32`. */
  readonly suffix?: string;
}

/** Numbers of a text without a grammar (settings files): as they stand after `=`, `:`, a blank, a comma or a bracket. */
export function plainNumbers(text: string, spans: readonly { readonly start: number; readonly end: number }[]): NumberKnob[] {
  const out: NumberKnob[] = [];
  for (const m of text.matchAll(/(?<![\w.+-])-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.-])/g)) {
    const start = m.index;
    const end = start + m[0].length;
    const line = text.slice(text.lastIndexOf('\n', start - 1) + 1, start);
    if (/^\s*(#|;|\/\/)/.test(line) || !spans.some((s) => start >= s.start && end <= s.end)) continue;
    const value = Number(m[0]);
    const reach = Math.max(1, Math.abs(value)) * 1024;
    out.push({ start, end, value, low: value < 0 ? -reach : 0, high: reach, integer: !/[.eE]/.test(m[0]) });
  }
  return out;
}

/** A value as it is written in place of the knob's, without its suffix. */
export function shown(value: number, knob: NumberKnob): string {
  if (knob.integer) return String(Math.round(value));
  const s = String(Number(value.toPrecision(6)));
  return /[.e]/.test(s) ? s : `${s}.0`;
}

/** Moves one knob: a step of a random size on a log scale where it is positive, else by a unit. Null when no new value was drawn. */
export function turnKnob(knob: NumberKnob, text: string, rng: Rng): Site | null {
  for (let i = 0; i < 8; i++) {
    const factor = Math.pow(2, rng.pick([0.25, 0.5, 1, 1, 2, 3]) * (rng.chance(0.5) ? 1 : -1));
    const raw = knob.value === 0 || (knob.integer && rng.chance(0.2)) ? knob.value + (rng.chance(0.5) ? 1 : -1) : knob.value * factor;
    const next = shown(Math.min(knob.high, Math.max(knob.low, raw)), knob);
    // in decimal, whatever it was written in
    if (Number(next) === knob.value || Number(next) < knob.low || Number(next) > knob.high) continue;
    const line = text.slice(0, knob.start).split('\n').length;
    return { edits: [{ start: knob.start, end: knob.end, text: next + (knob.suffix ?? '') }], summary: `knob at line ${line}: ${text.slice(knob.start, knob.end)} to ${next}` };
  }
  return null;
}
