// The measurement as a strip: the interval on the run's scale, and under it each measured pair as a stroke, a line a phase.

import { plain, ratio } from '../../src/core/format.ts';
import type { PanelDetail, PanelRun } from '../../src/protocol/panel.ts';
import { svg } from '../dom.ts';
import { stripScale } from '../model/strip.ts';

const LINE = 16;
const LEFT = 136;
const RIGHT = 20;

/** `width` pixels wide. Null when there is nothing to draw. */
export function strip(detail: PanelDetail, scale: PanelRun['scale'], width: number): SVGElement | null {
  const axis = stripScale([detail.low, detail.score, detail.high, ...detail.pairs.flatMap((p) => p.shown)], scale);
  if (axis === null) return null;
  const x = (v: number): number => LEFT + axis.at(v) * (width - LEFT - RIGHT);
  const text = (v: number): string => (scale === 'ratio' ? ratio(v) : plain(v));
  const { score, low, high } = detail;
  const lines = detail.pairs.length + (score === null ? 0 : 1);
  const height = lines * LINE + 18;
  const words = [
    score === null ? '' : `${detail.worth}.`,
    ...detail.pairs.map((p) => `${p.phase}: ${p.shown.length} ${p.shown.length === 1 ? 'value' : 'values'} from ${text(Math.min(...p.shown))} to ${text(Math.max(...p.shown))}.`),
  ].join(' ');
  const out = svg('svg', { class: 'strip', width, height, role: 'img', 'aria-label': `Measurement. ${words}` });
  for (const t of axis.ticks)
    out.append(
      svg('line', { class: t === axis.zero ? 'strip-zero' : 'strip-grid', x1: x(t), x2: x(t), y1: 0, y2: height - 16 }),
      svg('text', { class: 'strip-tick', x: x(t), y: height - 3, 'text-anchor': 'middle' }, text(t)));
  let y = 0;
  const name = (label: string): void => { out.append(svg('text', { class: 'strip-name', x: 0, y: y + 11.5 }, label)); };
  if (score !== null) {
    name(detail.verified ? '95 % interval' : '± one error');
    const kind = detail.verified ? 'is-verified' : 'is-estimate';
    if (low !== null && high !== null) out.append(svg('line', { class: `strip-interval ${kind}`, x1: x(low), x2: x(high), y1: y + 8, y2: y + 8 }));
    out.append(svg('circle', { class: `strip-score ${kind}`, cx: x(score), cy: y + 8, r: 4 }));
    y += LINE;
  }
  for (const p of detail.pairs) {
    name(`${p.phase} (${p.shown.length})`);
    for (const v of p.shown) out.append(svg('line', { class: 'strip-pair', x1: x(v), x2: x(v), y1: y + 3, y2: y + 13 }));
    y += LINE;
  }
  return out;
}
