// The axis of the measurement strip: what range it shows, and where its ticks stand.

import type { PanelRun } from '../../src/protocol/panel.ts';

export interface StripScale {
  /** The place of a value: 0 at the left end, 1 at the right; what lies beyond is put at the end. */
  at(value: number): number;
  readonly ticks: readonly number[];
  /** No effect: 1 or 0. */
  readonly zero: number;
}

/** Steps of ticks on a scale of about one decade: 1, 2, 5 times a power of ten. */
function step(range: number, about: number): number {
  const rough = range / about;
  const power = 10 ** Math.floor(Math.log10(rough));
  const unit = rough / power;
  return (unit > 5 ? 10 : unit > 2 ? 5 : unit > 1 ? 2 : 1) * power;
}

/** Null when no value is a number. No effect is always in view: whether something is better than nothing is the question. */
export function stripScale(values: readonly (number | null)[], scale: PanelRun['scale']): StripScale | null {
  const zero = scale === 'ratio' ? 1 : 0;
  const numbers = values.filter((v): v is number => v !== null && Number.isFinite(v) && (scale !== 'ratio' || v > 0));
  if (numbers.length === 0) return null;
  const log = scale === 'ratio';
  const to = log ? Math.log : (x: number): number => x;
  let low = Math.min(zero, ...numbers);
  let high = Math.max(zero, ...numbers);
  if (low === high) [low, high] = log ? [0.9, 1.1] : [low - 1, high + 1];
  const room = (to(high) - to(low)) * 0.05;
  const [a, b] = [to(low) - room, to(high) + room];
  const at = (v: number): number => Math.max(0, Math.min(1, (to(v) - a) / (b - a)));
  const from = (v: number): number => (log ? Math.exp(v) : v);
  const ticks: number[] = [];
  if (log && from(b) / from(a) > 5) {
    const stride = Math.ceil((b - a) / Math.LN2 / 6); // of powers of two, so that no more than six or seven stand
    for (let k = Math.ceil(a / Math.LN2 / stride) * stride; k * Math.LN2 <= b; k += stride) ticks.push(2 ** k);
  } else {
    const s = step(from(b) - from(a), 5);
    for (let k = Math.ceil(from(a) / s); k * s <= from(b); k++) ticks.push(Number((k * s).toPrecision(12)));
  }
  if (!ticks.includes(zero)) ticks.push(zero);
  return { at, ticks, zero };
}
