// The map of a search that keeps the best of every kind: a table of sizes against lines edited and branches, an island or all, and the front below it.

import type { PanelElite } from '../../src/protocol/panel.ts';
import { select } from '../components.ts';
import { h, setAttribute, setText } from '../dom.ts';
import { moved, shown, type Cell } from '../model/map.ts';
import { scoreText, type Rows } from '../model/rows.ts';
import { rowLabel } from '../model/text.ts';

export interface MapView {
  readonly element: HTMLElement;
  update(rows: Rows, selected: string | null): void;
}

/** `island`: the one that is shown at first, −1 for all. */
export function mapView(choose: (id: string) => void, island: number, remember: (island: number) => void): MapView {
  let rows: Rows | null = null;
  let at = island;
  let selected: string | null = null;
  const pick = select({ label: 'Island' }, (value) => {
    at = Number(value);
    remember(at);
    fill();
  });
  const count = h('span', { class: 'muted' });
  const table = h('table', { class: 'map' });
  const front = h('p', { class: 'map-front' });
  const element = h('div', { class: 'map-box' }, h('div', { class: 'map-bar' }, pick.element, count), h('div', { class: 'map-scroll' }, table), front);
  let buttons = new Map<HTMLElement, Cell>();

  // One stop for the tab key: arrows go from cell to cell.
  table.addEventListener('keydown', (e) => {
    const cell = e.target instanceof HTMLElement ? buttons.get(e.target) : undefined;
    const to = cell === undefined ? null : moved([...buttons.values()], cell, e.key);
    if (to === null) return;
    e.preventDefault();
    for (const [b, c] of buttons) if (c === to) {
      b.focus();
      choose(rows?.id(c.elite.row) ?? '');
    }
  });

  const words = (r: Rows, e: PanelElite, front: boolean): string => {
    const map = r.run.map;
    return [rowLabel(r, e.row), `${map?.sizes[e.size] ?? ''} (characters)`, `${e.edited} lines edited`, map?.branches[e.branches] ?? '', `island ${e.island + 1}`, ...(front ? ['on the front'] : [])].join(', ');
  };

  const fill = (): void => {
    const map = rows?.run.map;
    if (!rows || !map) return;
    const r = rows;
    if (at >= map.islands) at = -1;
    const cells = shown(map, at, (row) => r.score(row), rows.run.scale);
    const onFront = new Set(map.front.map((f) => f.row));
    const nameOf = (i: number): string => `Island ${i + 1} (${map.elites.filter((e) => e.island === i).length} kinds)`;
    pick.update([{ value: '-1', label: 'All islands' }, ...Array.from({ length: map.islands }, (_, i) => ({ value: String(i), label: nameOf(i) }))], String(at));
    setText(count, `${cells.length} of ${map.sizes.length * map.lines.length * map.branches.length} kinds found; ◆ nothing is worth more with as few lines edited`);
    buttons = new Map();
    const held = document.activeElement instanceof HTMLElement && table.contains(document.activeElement) ? document.activeElement.dataset['at'] : undefined;
    const head = h('thead', {},
      h('tr', {}, h('th', { scope: 'col', rowspan: 2, class: 'map-corner' }, 'characters'), ...map.lines.map((w) => h('th', { scope: 'colgroup', colspan: map.branches.length, class: 'map-group' }, w))),
      h('tr', {}, ...map.lines.flatMap(() => map.branches.map((w, i) => h('th', { scope: 'col', title: w, class: i === 0 ? 'map-group' : '' }, h('span', { 'aria-hidden': 'true' }, ['−', '=', '+'][i] ?? ''), h('span', { class: 'unseen' }, w))))));
    const body = h('tbody', {}, ...map.sizes.map((name, size) => h('tr', {}, h('th', { scope: 'row' }, name), ...map.lines.flatMap((_, lines) => map.branches.map((_w, branches) => {
      const cell = cells.find((c) => c.elite.size === size && c.elite.lines === lines && c.elite.branches === branches);
      const place = h('td', { class: branches === 0 ? 'map-group' : '' });
      if (cell === undefined) return place;
      const { row } = cell.elite;
      const b = h('button', { type: 'button', tabindex: -1, 'data-at': `${size} ${lines} ${branches}`, class: `map-cell is-${r.outcome(row)}`, title: words(r, cell.elite, onFront.has(row)), 'aria-label': words(r, cell.elite, onFront.has(row)) },
        `${onFront.has(row) ? '◆ ' : ''}${row === 0 ? 'original' : `${r.verified(row) ? '' : '≈ '}${scoreText(r.score(row) ?? 0, r.run.scale)}`}`);
      b.style.setProperty('--level', `${Math.round(10 + 60 * cell.level)}%`);
      b.addEventListener('click', () => { choose(r.id(row)); });
      buttons.set(b, cell);
      place.append(b);
      return place;
    })))));
    table.replaceChildren(h('caption', { class: 'unseen' }, `The best solution of each kind${at < 0 ? ' of all islands' : `, island ${at + 1}`}: rows by size, columns by lines edited and branches`), head, body);
    front.replaceChildren(h('span', { class: 'muted' }, 'Worth against lines edited: '), ...map.front.flatMap(({ row, edited }, i) => {
      const link = h('a', { href: '#', title: rowLabel(r, row) }, row === 0 ? 'original' : `${r.verified(row) ? '' : '≈ '}${scoreText(r.score(row) ?? 0, r.run.scale)} with ${edited}`);
      link.addEventListener('click', (e) => { e.preventDefault(); choose(r.id(row)); });
      return [...(i === 0 ? [] : [' · ']), link];
    }));
    mark();
    if (held !== undefined) for (const b of buttons.keys()) if (b.dataset['at'] === held) b.focus();
  };

  const mark = (): void => {
    let stop: HTMLElement | null = null;
    for (const [b, c] of buttons) {
      const is = rows?.id(c.elite.row) === selected;
      setAttribute(b, 'aria-pressed', String(is));
      b.tabIndex = -1;
      if (is || stop === null) stop = b;
    }
    if (stop !== null) stop.tabIndex = 0;
  };

  return {
    element,
    update: (newRows, id) => {
      selected = id;
      if (newRows === rows) mark();
      else {
        rows = newRows;
        fill();
      }
    },
  };
}
