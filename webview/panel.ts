// The page: puts the views together and keeps what is selected, filtered and folded.

import type { PanelDetail, PanelRun, SolutionAction, ToPanel } from '../src/protocol/panel.ts';
import { button, select, textField } from './components.ts';
import { h, icon, setText } from './dom.ts';
import type { Host } from './host.ts';
import { OUTCOME_WORDS } from './model/outcomes.ts';
import { Rows, type RowOutcome } from './model/rows.ts';
import { newBest } from './model/text.ts';
import { outcomeCounts, shownRows, type Filter, type Order } from './model/tree.ts';
import { chartView } from './views/chart.ts';
import { detailView } from './views/detail.ts';
import { headerView } from './views/header.ts';
import { mapView } from './views/map.ts';
import { splitter } from './views/split.ts';
import { tableView } from './views/table.ts';
import { treeView } from './views/tree.ts';

/** Folded branches that are remembered; of more, the last. */
const REMEMBERED = 500;
/** Who holds an arrow key down passes many rows: only where they stop is asked for. */
const SETTLE_MS = 90;
const SAVE_MS = 250;

export interface Panel {
  hear(message: ToPanel): void;
  repaint(): void;
}

export function panel(root: HTMLElement, host: Host): Panel {
  const known = host.remembered();
  let rows: Rows | null = null;
  let revision = -1;
  let detail: PanelDetail | null = null;
  let selected: string | null = known.id ?? null;
  let order: Order = known.order ?? 'lineage';
  let filter: Filter = { text: known.text ?? '', outcome: (known.outcome as RowOutcome | undefined) ?? null };
  const collapsed = new Set(known.collapsed ?? []);
  let progress = known.progress ?? 'chart';
  let scroll = known.scroll;
  let asking = 0;
  let saving = 0;
  let drawing = 0;

  const act = (action: SolutionAction, id: string): void => { host.send({ type: 'solution', action, id }); };

  const choose = (id: string, reveal: boolean): void => {
    if (rows === null || rows.find(id) < 0) return;
    if (id !== selected || detail?.id !== id) {
      clearTimeout(asking);
      asking = window.setTimeout(() => {
        host.remember({ id });
        host.send({ type: 'select', id });
      }, SETTLE_MS);
    }
    selected = id;
    if (progress === 'chart') chart.update(rows, id);
    if (progress === 'map') map.update(rows, id);
    if (reveal) {
      // What is chosen must be seen: branches above it are opened, and a filter that hides it is lifted.
      for (let at = rows.parent(rows.find(id)); at >= 0; at = rows.parent(at)) collapsed.delete(rows.id(at));
      if (!shownRows(rows, order, filter, collapsed).some((s) => rows?.id(s.row) === id)) {
        filter = { text: '', outcome: null };
        text.set('');
      }
      draw();
      tree.reveal(id);
    }
  };

  const header = headerView((action) => { host.send({ type: 'run', action }); });
  const tree = treeView({
    select: (id) => { choose(id, false); },
    act: (action, id) => {
      if (rows && id !== rows.id(0)) act(action, id); // nothing is done to the baseline
    },
    fold: (id, expand) => {
      if (expand) collapsed.delete(id);
      else collapsed.add(id);
      host.remember({ collapsed: [...collapsed].slice(-REMEMBERED) });
      draw();
    },
    filter: () => { text.focus(); },
    scrolled: (top) => {
      clearTimeout(saving);
      saving = window.setTimeout(() => { host.remember({ scroll: top }); }, SAVE_MS);
    },
  });
  const chart = chartView((id) => { choose(id, true); });
  const table = tableView((id) => { choose(id, true); });
  const map = mapView((id) => { choose(id, true); }, known.island ?? -1, (island) => { host.remember({ island }); });
  const details = detailView({ act, select: (id) => { choose(id, true); }, remember: (change) => { host.remember(change); } }, known);

  const text = textField({ label: 'Filter by text', placeholder: 'Filter', icon: 'search' }, (value) => {
    filter = { ...filter, text: value };
    host.remember({ text: value });
    draw();
  });
  text.set(filter.text);
  const outcome = select({ label: 'Filter by outcome' }, (value) => {
    filter = { ...filter, outcome: value === '' ? null : (value as RowOutcome) };
    host.remember({ outcome: filter.outcome ?? '' });
    draw();
  });
  const sort = button({ label: 'Sort by score', icon: 'list-ordered', kind: 'icon' }, () => {
    order = order === 'lineage' ? 'score' : 'lineage';
    host.remember({ order });
    draw();
    if (selected !== null) tree.reveal(selected);
  });
  const fold = button({ label: 'Collapse all', icon: 'collapse-all', kind: 'icon' }, () => {
    if (rows) for (let i = 1; i < rows.count; i++) if (rows.parent(i) >= 0) collapsed.add(rows.id(rows.parent(i)));
    if (rows) collapsed.delete(rows.id(0));
    host.remember({ collapsed: [...collapsed].slice(-REMEMBERED) });
    draw();
  });
  const count = h('span', { class: 'tree-count muted', 'aria-live': 'polite' });
  const keys = h('p', { class: 'tree-keys muted' }, h('kbd', {}, 'Enter'), ' diff', h('kbd', {}, 'Ctrl+Enter'), ' accept', h('kbd', {}, '/'), ' filter');

  const showChart = button({ label: 'Chart', icon: 'graph-line', kind: 'icon' }, () => { setProgress(progress === 'chart' ? 'none' : 'chart'); });
  const showTable = button({ label: 'Table', icon: 'table', kind: 'icon' }, () => { setProgress(progress === 'table' ? 'none' : 'table'); });
  const showMap = button({ label: 'Map', icon: 'map', kind: 'icon' }, () => { setProgress(progress === 'map' ? 'none' : 'map'); });
  const progressTitle = h('h3', {}, 'Score against evaluations');
  const progressBox = h('div', { class: 'progress-box' }, chart.element, table.element, map.element);
  const setProgress = (to: typeof progress): void => {
    progress = to;
    host.remember({ progress });
    drawProgress();
  };
  const drawProgress = (): void => {
    chart.element.hidden = progress !== 'chart';
    table.element.hidden = progress !== 'table';
    showChart.update({ pressed: progress === 'chart', title: progress === 'chart' ? 'Hide the chart' : 'Score against evaluations, as a chart' });
    showTable.update({ pressed: progress === 'table', title: progress === 'table' ? 'Hide the table' : 'Score against evaluations, as a table' });
    showMap.update({ hidden: rows?.run.map === null, pressed: progress === 'map', title: progress === 'map' ? 'Hide the map' : 'The best solution of each kind, on each island' });
    map.element.hidden = progress !== 'map';
    setText(progressTitle, progress === 'map' ? 'The best of each kind' : 'Score against evaluations');
    if (rows === null) return;
    if (progress === 'map' && rows.run.map === null) { setProgress('chart'); return; } // it was remembered of another run
    // In a task of its own: with 10,000 points that is a good part of a frame.
    clearTimeout(drawing);
    drawing = window.setTimeout(() => {
      if (rows === null) return;
      if (progress === 'chart') chart.update(rows, selected);
      if (progress === 'table') table.update(rows);
      if (progress === 'map') map.update(rows, selected);
    });
  };

  const news = h('div', { class: 'unseen', role: 'status', 'aria-live': 'polite' });
  const gone = h('div', { class: 'gone', hidden: true }, icon('info'), h('div', {}, h('p', { class: 'gone-message' }), h('p', { class: 'muted' })));
  const main = h('main', { class: 'panes', hidden: true });
  main.style.setProperty('--split', `${known.split ?? 38}%`);
  main.append(
    h('nav', { class: 'pane-tree', 'aria-label': 'Solutions' },
      h('div', { class: 'tree-bar' }, text.element, outcome.element, sort.element, fold.element),
      tree.element,
      h('div', { class: 'tree-foot' }, keys, count)),
    splitter(known.split ?? 38, (share, done) => {
      main.style.setProperty('--split', `${share}%`);
      if (done) host.remember({ split: share });
    }),
    h('div', { class: 'pane-detail' },
      h('section', { class: 'progress', 'aria-label': 'Progress' }, h('div', { class: 'progress-bar' }, progressTitle, h('span', { class: 'gap' }), showChart.element, showTable.element, showMap.element), progressBox),
      details.element));
  header.element.hidden = true;
  root.replaceChildren(header.element, main, gone, news);

  /** The tree as it is filtered and folded now. */
  const draw = (): void => {
    if (rows === null) return;
    const all = rows;
    const counts = outcomeCounts(all);
    if (filter.outcome !== null && !counts.has(filter.outcome)) filter = { ...filter, outcome: null };
    outcome.update([{ value: '', label: 'All outcomes' }, ...[...counts].map(([o, n]) => ({ value: o, label: `${OUTCOME_WORDS[o]} (${n})` }))], filter.outcome ?? '');
    sort.update({ pressed: order === 'score', title: order === 'score' ? 'Show as a tree of lineage' : 'Sort by score', label: order === 'score' ? 'Show as a tree of lineage' : 'Sort by score' });
    fold.update({ disabled: order === 'score' });
    const shown = shownRows(all, order, filter, collapsed);
    const matches = shown.reduce((n, s) => n + Number(s.matches && s.row > 0), 0);
    const total = all.count - 1;
    setText(count, filter.text === '' && filter.outcome === null ? `${total} ${total === 1 ? 'solution' : 'solutions'}` : `${matches} of ${total}`);
    tree.update(all, shown, selected);
  };

  const showRun = (run: PanelRun): void => {
    const before = rows;
    const now = new Rows(run);
    rows = now;
    main.hidden = false;
    header.element.hidden = false;
    gone.hidden = true;
    if (before === null) host.remember({ ...run.ref });
    setText(news, newBest(before, now) || (news.textContent));
    header.update(run);
    if (selected === null || now.find(selected) < 0) {
      selected = null;
      detail = null;
    }
    drawProgress();
    draw();
    if (before === null && scroll !== undefined) tree.scrollTo(scroll);
    if (selected === null && now.count > 0) choose(run.best, scroll === undefined);
    else if (selected !== null && before === null) host.send({ type: 'select', id: selected });
    scroll = undefined;
    details.update(run, detail);
  };

  drawProgress();
  return {
    hear: (message) => {
      switch (message.type) {
        case 'run':
          if (message.revision > revision) {
            revision = message.revision;
            showRun(message.run);
          }
          return;
        case 'detail':
          if (message.detail.id !== selected || rows === null) return; // it was passed by meanwhile
          detail = message.detail;
          details.update(rows.run, detail);
          return;
        case 'select':
          choose(message.id, true);
          return;
        case 'gone':
          main.hidden = true;
          header.element.hidden = true;
          gone.hidden = false;
          rows = null;
          setText(gone.querySelector('.gone-message') ?? gone, message.message);
          setText(gone.querySelector('.muted') ?? gone, message.remedy);
      }
    },
    repaint: () => { chart.repaint(); },
  };
}
