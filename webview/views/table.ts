// The chart as a table: the same evaluations, a page at a time.

import { h, setText } from '../dom.ts';
import { button } from '../components.ts';
import { OUTCOME_WORDS } from '../model/outcomes.ts';
import { scoreText, type Rows } from '../model/rows.ts';
import { chartData } from '../model/chart.ts';

export const PAGE = 50;

export interface TableView {
  readonly element: HTMLElement;
  update(rows: Rows): void;
}

export function tableView(select: (id: string) => void): TableView {
  const body = h('tbody');
  const where = h('span', { 'aria-live': 'polite' });
  const back = button({ label: 'Earlier evaluations', icon: 'chevron-left', kind: 'icon' }, () => { page = Math.max(0, page - 1); fill(); });
  const on = button({ label: 'Later evaluations', icon: 'chevron-right', kind: 'icon' }, () => { page++; fill(); });
  const pages = h('div', { class: 'table-pages' }, back.element, where, on.element);
  const element = h('div', { class: 'evaluations' },
    h('table', {},
      h('caption', { class: 'unseen' }, 'Scores of the evaluations, in their order, with the verified best at the time'),
      h('thead', {}, h('tr', {}, ...['#', 'Solution', 'Outcome', 'Score', 'Best so far'].map((t, i) => h('th', { scope: 'col', class: i === 0 || i > 2 ? 'number' : '' }, t)))),
      body),
    pages);
  let rows: Rows | null = null;
  /** Infinite: the last one, whatever comes. */
  let page = Infinity;

  const fill = (): void => {
    if (!rows) return;
    const data = chartData(rows);
    const last = Math.max(0, Math.ceil(data.x.length / PAGE) - 1);
    if (page >= last) page = Infinity;
    const first = Math.min(page, last) * PAGE;
    const end = Math.min(data.x.length, first + PAGE);
    const lines: HTMLElement[] = [];
    for (let k = first; k < end; k++) {
      const row = data.row[k] ?? 0;
      const id = rows.id(row);
      const link = h('a', { href: '#' }, rows.summary(row) || id);
      link.addEventListener('click', (e) => { e.preventDefault(); select(id); });
      lines.push(h('tr', { class: `is-${rows.outcome(row)}` },
        h('td', { class: 'number' }, String(data.x[k])), h('td', { class: 'table-name' }, link), h('td', {}, OUTCOME_WORDS[rows.outcome(row)]),
        h('td', { class: 'number' }, rows.worth(row)), h('td', { class: 'number' }, scoreText(data.stairs[k] ?? 0, rows.run.scale))));
    }
    body.replaceChildren(...lines);
    pages.hidden = last === 0;
    setText(where, `${first + 1}–${end} of ${data.x.length}`);
    back.update({ disabled: first === 0 });
    on.update({ disabled: end === data.x.length });
  };

  return {
    element,
    update: (newRows) => {
      if (newRows === rows) return;
      rows = newRows;
      fill();
    },
  };
}
