// The chart of scores against evaluations: points with their errors, the incumbent's staircase. A click selects a solution.

import uPlot from 'uplot';
import { plain, ratio } from '../../src/core/format.ts';
import { h } from '../dom.ts';
import { chartData, nearestPoint, type ChartData } from '../model/chart.ts';
import type { Rows } from '../model/rows.ts';
import { chartLabel, rowLabel } from '../model/text.ts';
import { colours, type Colours } from './colours.ts';
import { drawPoints } from './points.ts';

const HEIGHT = 168;
const REACH = 12;

export interface ChartView {
  readonly element: HTMLElement;
  update(rows: Rows, selected: string | null): void;
  /** Colours have changed. */
  repaint(): void;
}

export function chartView(select: (id: string) => void): ChartView {
  const box = h('div', { class: 'chart', role: 'img' });
  const tip = h('div', { class: 'chart-tip', hidden: true, 'aria-hidden': 'true' });
  // Apart from the canvas, which would be drawn anew with all its points for each key that moves the selection.
  const ring = h('div', { class: 'chart-ring', hidden: true });
  const element = h('div', { class: 'chart-box' }, box, ring, tip);
  let rows: Rows | null = null;
  let selected = -1;
  let data: ChartData | null = null;
  let plot: uPlot | null = null;
  let log = false;
  let paint: Colours | null = null;

  const hit = (u: uPlot): number => {
    if (data === null) return -1;
    return nearestPoint(data, (x) => u.valToPos(x, 'x'), (y) => u.valToPos(y, 'y'), u.cursor.left ?? -99, u.cursor.top ?? -99, REACH);
  };

  const corners = (): [number[], number[]] => [[...(data?.corners[0] ?? [])], [...(data?.corners[1] ?? [])]];

  const mark = (u: uPlot): void => {
    const at = data?.row.indexOf(selected) ?? -1;
    ring.hidden = at < 0;
    if (at < 0 || !data) return;
    const score = data.score[at];
    const px = u.over.offsetLeft + u.valToPos(data.x[at] ?? 0, 'x');
    const py = u.over.offsetTop + (score === null || score === undefined ? u.over.offsetHeight - 6 : u.valToPos(score, 'y'));
    ring.style.transform = `translate(${px.toFixed(1)}px, ${py.toFixed(1)}px)`;
  };

  const hover = (u: uPlot): void => {
    const at = hit(u);
    const row = at < 0 ? -1 : (data?.row[at] ?? -1);
    tip.hidden = row < 0;
    u.over.style.cursor = row < 0 ? 'default' : 'pointer';
    if (row < 0 || !rows || !data) return;
    tip.textContent = `${rows.id(row)}: ${rowLabel(rows, row)}`;
    const x = u.valToPos(data.x[at] ?? 0, 'x') + u.over.offsetLeft;
    tip.style.left = `${Math.max(4, Math.min(x - tip.offsetWidth / 2, element.clientWidth - tip.offsetWidth - 4))}px`;
    const y = u.valToPos(data.score[at] ?? 0, 'y') + u.over.offsetTop;
    tip.style.top = `${y > tip.offsetHeight + 14 ? y - tip.offsetHeight - 10 : y + 12}px`;
  };

  const build = (isRatio: boolean): uPlot => {
    const c = (paint = colours(element));
    const axis = { stroke: c.text, font: c.font, ticks: { show: false }, grid: { stroke: c.grid, width: 1 } };
    return new uPlot({
      width: Math.max(200, element.clientWidth), height: HEIGHT, legend: { show: false }, padding: [8, 8, 0, 0],
      cursor: { x: false, y: false, points: { show: false }, drag: { x: false, y: false } },
      scales: {
        x: { time: false, range: (_, min, max) => [min - 0.02 * (max - min || 1), Math.max(max, 1) + 0.02 * (max - min || 1)] },
        // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- a const enum of a declaration file cannot be named in an isolated module
        y: { distr: log ? 3 : 1, log: 2, range: () => [...(data?.range ?? [0, 1])] as [number, number] },
      },
      axes: [
        { ...axis, size: 24, gap: 4, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000, 20000, 50000] },
        { ...axis, size: 52, gap: 6, values: (_, ticks) => ticks.map((t) => (isRatio ? ratio(t) : plain(t))) },
      ],
      series: [{}, { stroke: c.kept, width: 2, paths: uPlot.paths.stepped?.({ align: 1 }) ?? (() => null), points: { show: false } }],
      hooks: {
        drawAxes: [(u) => { if (data && paint) drawPoints(u, data, isRatio ? 1 : 0, paint); }],
        draw: [mark],
        setCursor: [hover],
      },
    }, corners(), box);
  };

  box.addEventListener('click', () => {
    const at = plot ? hit(plot) : -1;
    const row = at < 0 ? -1 : (data?.row[at] ?? -1);
    if (row >= 0 && rows) select(rows.id(row));
  });
  box.addEventListener('mouseleave', () => { tip.hidden = true; });

  const renew = (): void => {
    plot?.destroy();
    plot = null;
    if (data && rows && element.clientWidth > 0) plot = build(rows.run.scale === 'ratio');
  };
  new ResizeObserver(() => {
    if (element.clientWidth === 0) return;
    if (plot) plot.setSize({ width: element.clientWidth, height: HEIGHT });
    else renew();
  }).observe(element);

  return {
    element,
    update: (newRows, id) => {
      const same = rows === newRows;
      const row = id === null ? -1 : newRows.find(id);
      if (same && row === selected) return;
      rows = newRows;
      selected = row;
      if (same) {
        if (plot) mark(plot);
        return;
      }
      data = chartData(newRows);
      box.setAttribute('aria-label', chartLabel(newRows));
      if (plot && log === data.log) plot.setData(corners());
      else {
        log = data.log;
        renew();
      }
    },
    repaint: renew,
  };
}
