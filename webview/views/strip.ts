// The measurement as a strip: what a solution was compared with, the intervals, and each measured pair as a stroke, a line a phase.

import { plain, ratio } from '../../src/core/format.ts';
import type { PanelDetail, PanelRun } from '../../src/protocol/panel.ts';
import { BASELINE, type SolutionId } from '../../src/core/solution.ts';
import { svg } from '../dom.ts';
import { stripScale } from '../model/strip.ts';

const LINE = 16;
const LEFT = 140;
const RIGHT = 20;

interface Line {
  readonly name: string;
  readonly interval?: { readonly score: number; readonly low: number | null; readonly high: number | null; readonly verified: boolean };
  readonly pairs?: readonly number[];
}

/** The lines of the strip: what the solution was compared with, the baseline first, and under each the pairs of that comparison. */
export function stripLines(d: PanelDetail): readonly Line[] {
  const lines: Line[] = [];
  const group = (against: SolutionId, interval: Line['interval'] | null): void => {
    const pairs = d.pairs.filter((p) => p.against === against);
    if (!interval && pairs.length === 0) return;
    lines.push({ name: `against ${against}`, ...(interval ? { interval } : {}) });
    for (const p of pairs) lines.push({ name: `${p.phase} (${p.shown.length})`, pairs: p.shown });
  };
  group(BASELINE, d.score === null ? null : { score: d.score, low: d.low, high: d.high, verified: d.verified });
  for (const against of new Set([...(d.step ? [d.step.over] : []), ...d.pairs.map((p) => p.against)]))
    if (against !== BASELINE) group(against, d.step?.over === against ? { ...d.step, verified: true } : null);
  return lines;
}

/** `width` pixels wide. Null when there is nothing to draw. */
export function strip(detail: PanelDetail, scale: PanelRun['scale'], width: number): SVGElement | null {
  const lines = stripLines(detail);
  const axis = stripScale(lines.flatMap((l) => [l.interval?.low ?? null, l.interval?.score ?? null, l.interval?.high ?? null, ...(l.pairs ?? [])]), scale);
  if (axis === null) return null;
  const x = (v: number): number => LEFT + axis.at(v) * (width - LEFT - RIGHT);
  const text = (v: number): string => (scale === 'ratio' ? ratio(v) : plain(v));
  const height = lines.length * LINE + 18;
  const words = lines.map(({ name, interval, pairs }) => {
    if (pairs) return `${name}: from ${text(Math.min(...pairs))} to ${text(Math.max(...pairs))}.`;
    return interval ? `${name}: ${interval.verified ? '' : 'about '}${text(interval.score)}${interval.verified && interval.low !== null && interval.high !== null ? `, between ${text(interval.low)} and ${text(interval.high)}` : ''}.` : `${name}:`;
  }).join(' ');
  const out = svg('svg', { class: 'strip', width, height, role: 'img', 'aria-label': `Measurement. ${words}` });
  for (const t of axis.ticks)
    out.append(
      svg('line', { class: t === axis.zero ? 'strip-zero' : 'strip-grid', x1: x(t), x2: x(t), y1: 0, y2: height - 16 }),
      svg('text', { class: 'strip-tick', x: x(t), y: height - 3, 'text-anchor': 'middle' }, text(t)));
  lines.forEach(({ name, interval, pairs }, i) => {
    const y = i * LINE;
    out.append(svg('text', { class: pairs ? 'strip-phase' : 'strip-name', x: pairs ? 10 : 0, y: y + 11.5 }, name));
    if (interval) {
      const kind = interval.verified ? 'is-verified' : 'is-estimate';
      const title = svg('title', {}, interval.verified ? '95 % interval' : 'An estimate with one standard error');
      const mark = svg('g', {}, title);
      if (interval.low !== null && interval.high !== null) mark.append(svg('line', { class: `strip-interval ${kind}`, x1: x(interval.low), x2: x(interval.high), y1: y + 8, y2: y + 8 }));
      mark.append(svg('circle', { class: `strip-score ${kind}`, cx: x(interval.score), cy: y + 8, r: 3.5 }));
      out.append(mark);
    }
    for (const v of pairs ?? []) out.append(svg('line', { class: 'strip-pair', x1: x(v), x2: x(v), y1: y + 3, y2: y + 13 }));
  });
  return out;
}
