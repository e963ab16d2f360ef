// Draws the chart's points: kept ones as filled diamonds, measured ones as rings, failed ones as crosses at the bottom, errors as bars.

import type uPlot from 'uplot';
import type { ChartData } from '../model/chart.ts';
import type { RowOutcome } from '../model/rows.ts';
import type { Colours } from './colours.ts';

/** Points beyond which they are drawn as small squares, one for each place, and errors of kept ones only: else they would be one grey surface. */
const MANY = 400;

function colourOf(outcome: RowOutcome, c: Colours): string {
  if (outcome === 'kept') return c.kept;
  if (outcome === 'inconclusive' || outcome === 'unverified' || outcome === 'suspicious') return c.doubtful;
  return c.estimate;
}

export function drawPoints(u: uPlot, data: ChartData, zero: number, c: Colours): void {
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
  const drawn = new Set<number>();
  const size = (few ? 3 : 1) * px;
  const arm = (few ? 3 : 2) * px;
  data.x.forEach((at, k) => {
    const score = data.score[k];
    const outcome = data.outcome[k] ?? 'open';
    const left = x(at);
    const mid = score === null || score === undefined ? bottom - 6 * px : y(score);
    if (!few && outcome !== 'kept') {
      const place = Math.round(left / (2 * px)) * 65536 + Math.round(mid / (2 * px));
      if (drawn.has(place)) return;
      drawn.add(place);
    }
    if (score === null || score === undefined) {
      crosses.moveTo(left - arm, mid - arm);
      crosses.lineTo(left + arm, mid + arm);
      crosses.moveTo(left + arm, mid - arm);
      crosses.lineTo(left - arm, mid + arm);
      return;
    }
    const colour = colourOf(outcome, c);
    let path = paths.get(colour);
    if (!path) paths.set(colour, (path = { bars: new Path2D(), rings: new Path2D(), fills: new Path2D() }));
    const [low, high] = [data.low[k], data.high[k]];
    if (low !== null && low !== undefined && high !== null && high !== undefined && (few || outcome === 'kept')) {
      path.bars.moveTo(left, y(low));
      path.bars.lineTo(left, y(high));
    }
    if (outcome === 'kept' || outcome === 'baseline') {
      const r = (few ? 4.5 : 3.5) * px;
      path.fills.moveTo(left, mid - r);
      path.fills.lineTo(left + r, mid);
      path.fills.lineTo(left, mid + r);
      path.fills.lineTo(left - r, mid);
      path.fills.closePath();
    } else if (few) {
      path.rings.moveTo(left + size, mid);
      path.rings.arc(left, mid, size, 0, 2 * Math.PI);
    } else path.fills.rect(left - size, mid - size, 2 * size, 2 * size);
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
  ctx.restore();
}
