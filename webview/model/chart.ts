// The chart's data: scores with their errors over evaluations, the incumbent's staircase, and what was not measured.

import type { PanelRun } from '../../src/protocol/panel.ts';
import type { RowOutcome, Rows } from './rows.ts';

export interface ChartData {
  /** The evaluations, from 0 for the baseline on. */
  readonly x: readonly number[];
  /** The row at each x. */
  readonly row: readonly number[];
  /** Null where nothing was measured. */
  readonly score: readonly (number | null)[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
  readonly outcome: readonly RowOutcome[];
  /** The verified best's score from each x on. */
  readonly stairs: readonly number[];
  /** The same by its corners only, from 0 to the last evaluation: x and score. */
  readonly corners: readonly [x: readonly number[], score: readonly number[]];
  /** The range of scores and errors, with some room. */
  readonly range: readonly [number, number];
  /** A ratio whose range is wide is drawn by its logarithm. */
  readonly log: boolean;
}

/** A range on the ratio scale wider than this is drawn by its logarithm. */
const WIDE = 4;

export function chartData(rows: Rows): ChartData {
  const { scale, staircase } = rows.run;
  const zero = scale === 'ratio' ? 1 : 0;
  const out = { x: [0], row: [0], score: [zero] as (number | null)[], low: [null] as (number | null)[], high: [null] as (number | null)[], outcome: ['baseline'] as RowOutcome[], stairs: [zero] };
  let step = 0;
  let stair = zero;
  for (let i = 1; i < rows.count; i++) {
    const at = rows.at(i);
    if (at === 0) continue;
    for (; step < staircase.length && (staircase[step]?.at ?? 0) <= at; step++) stair = staircase[step]?.score ?? stair;
    out.x.push(at);
    out.row.push(i);
    out.score.push(rows.score(i));
    out.low.push(rows.low(i));
    out.high.push(rows.high(i));
    out.outcome.push(rows.outcome(i));
    out.stairs.push(stair);
  }
  const kept = staircase.filter((s) => s.at <= (out.x.at(-1) ?? 0));
  const corners = [[...kept.map((s) => s.at), out.x.at(-1) ?? 0], [...kept.map((s) => s.score), stair]] as const;
  return { ...out, corners, ...rangeOf([...out.score, ...out.low, ...out.high, ...out.stairs], scale) };
}

function rangeOf(values: readonly (number | null)[], scale: PanelRun['scale']): { readonly range: readonly [number, number]; readonly log: boolean } {
  let low = Infinity;
  let high = -Infinity;
  for (const v of values) {
    if (v === null || !Number.isFinite(v) || (scale === 'ratio' && v <= 0)) continue;
    low = Math.min(low, v);
    high = Math.max(high, v);
  }
  if (!(low <= high)) return { range: scale === 'ratio' ? [0.9, 1.1] : [-1, 1], log: false };
  const log = scale === 'ratio' && high / low > WIDE;
  if (log) return { range: [low / 1.15, high * 1.15], log };
  const room = high > low ? (high - low) * 0.08 : Math.max(Math.abs(high) * 0.05, 0.01);
  return { range: [low - 1.5 * room, high + room], log }; // what was not measured is marked below
}

/** The index of the drawn point nearest to (px, py), within `reach` pixels; −1 when there is none. */
export function nearestPoint(data: ChartData, toX: (x: number) => number, toY: (y: number) => number, px: number, py: number, reach: number): number {
  let best = -1;
  let least = reach * reach;
  data.x.forEach((x, k) => {
    const y = data.score[k];
    const dx = toX(x) - px;
    if (y === null || y === undefined || Math.abs(dx) > reach) return;
    const dy = toY(y) - py;
    if (dx * dx + dy * dy <= least) {
      least = dx * dx + dy * dy;
      best = k;
    }
  });
  return best;
}
