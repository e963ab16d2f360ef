// Draws the chart's points: kept ones as filled diamonds, measured ones as rings, failed ones as crosses at the bottom, errors as bars.

import type uPlot from 'uplot';
import type { ChartData } from '../model/chart.ts';
import type { RowOutcome } from '../model/rows.ts';
import type { Colours } from './colours.ts';

/** Points beyond which the errors of estimates are left out: they would be one grey surface. */
const MANY = 400;

function colourOf(outcome: RowOutcome, c: Colours): string {
  if (outcome === 'kept') return c.kept;
  if (outcome === 'inconclusive' || outcome === 'unverified' || outcome === 'suspicious') return c.doubtful;
  return c.estimate;
}

export function drawPoints(u: uPlot, data: ChartData, selected: number, zero: number, c: Colours): void {
  const { ctx } = u;
  const px = devicePixelRatio;
  const x = (v: number): number => u.valToPos(v, 'x', true);
  const y = (v: number): number => u.valToPos(v, 'y', true);
  const bottom = u.bbox.top + u.bbox.height;
  const few = data.x.length <= MANY;
  ctx.save();
  ctx.beginPath();
  ctx.rect(u.bbox.left - 6 * px, u.bbox.top - 6 * px, u.bbox.width + 12 * px, u.bbox.height + 12 * px);
  ctx.clip();

  // The baseline's level.
  ctx.strokeStyle = c.text;
  ctx.lineWidth = px;
  ctx.setLineDash([3 * px, 3 * px]);
  ctx.beginPath();
  ctx.moveTo(u.bbox.left, y(zero));
  ctx.lineTo(u.bbox.left + u.bbox.width, y(zero));
  ctx.stroke();
  ctx.setLineDash([]);

  // One path a colour: 10,000 strokes would be felt.
  const paths = new Map<string, { readonly bars: Path2D; readonly rings: Path2D; readonly fills: Path2D }>();
  const crosses = new Path2D();
  const size = (few ? 3 : 2) * px;
  data.x.forEach((at, k) => {
    const score = data.score[k];
    const outcome = data.outcome[k] ?? 'open';
    const left = x(at);
    if (score === null || score === undefined) {
      crosses.moveTo(left - size, bottom - 2 * size - size);
      crosses.lineTo(left + size, bottom - 2 * size + size);
      crosses.moveTo(left + size, bottom - 2 * size - size);
      crosses.lineTo(left - size, bottom - 2 * size + size);
      return;
    }
    const colour = colourOf(outcome, c);
    let path = paths.get(colour);
    if (!path) paths.set(colour, (path = { bars: new Path2D(), rings: new Path2D(), fills: new Path2D() }));
    const mid = y(score);
    const [low, high] = [data.low[k], data.high[k]];
    if (low !== null && low !== undefined && high !== null && high !== undefined && (few || outcome === 'kept')) {
      path.bars.moveTo(left, y(low));
      path.bars.lineTo(left, y(high));
    }
    if (outcome === 'kept' || outcome === 'baseline') {
      const r = size * 1.5;
      path.fills.moveTo(left, mid - r);
      path.fills.lineTo(left + r, mid);
      path.fills.lineTo(left, mid + r);
      path.fills.lineTo(left - r, mid);
      path.fills.closePath();
    } else {
      path.rings.moveTo(left + size, mid);
      path.rings.arc(left, mid, size, 0, 2 * Math.PI);
    }
  });
  for (const [colour, { bars, rings, fills }] of paths) {
    ctx.strokeStyle = ctx.fillStyle = colour;
    ctx.lineWidth = px;
    ctx.stroke(bars);
    ctx.fillStyle = c.background;
    if (few) ctx.fill(rings);
    ctx.stroke(rings);
    ctx.fillStyle = colour;
    ctx.fill(fills);
  }
  ctx.strokeStyle = c.failed;
  ctx.lineWidth = px;
  ctx.stroke(crosses);

  const k = data.row.indexOf(selected);
  if (k >= 0) {
    const score = data.score[k];
    ctx.strokeStyle = c.selection;
    ctx.lineWidth = 2 * px;
    ctx.beginPath();
    ctx.arc(x(data.x[k] ?? 0), score === null || score === undefined ? bottom - 2 * size : y(score), 7 * px, 0, 2 * Math.PI);
    ctx.stroke();
  }
  ctx.restore();
}
