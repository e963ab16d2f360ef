// The tree of solutions: an ARIA tree of which only the rows in view exist, with roving tabindex.

import { h, icon, setAttribute, setText } from '../dom.ts';
import { answer, typeAhead } from '../model/keys.ts';
import { OUTCOME_ICON, OUTCOME_WORDS, isUsable } from '../model/outcomes.ts';
import type { Rows } from '../model/rows.ts';
import { rowLabel } from '../model/text.ts';
import type { Shown } from '../model/tree.ts';
import { revealed, span } from '../model/virtual.ts';
import type { SolutionAction } from '../../src/protocol/panel.ts';

/** Of a row, in pixels, as style/tree.css has it; the editor's own trees have the same. */
export const ROW_HEIGHT = 22;
const OVER = 8;
const INDENT = 10;
/** Levels beyond which no further room is given: a long lineage must not push its labels out of view. */
const DEEPEST = 12;
const TYPING_MS = 800;

export interface TreeEvents {
  select(id: string): void;
  act(action: SolutionAction, id: string): void;
  fold(id: string, expand: boolean): void;
  filter(): void;
  scrolled(top: number): void;
}

interface RowElement {
  readonly element: HTMLElement;
  fill(index: number): void;
}

export interface TreeView {
  readonly element: HTMLElement;
  update(rows: Rows, shown: readonly Shown[], selected: string | null): void;
  /** Selects a row and brings it into view. */
  reveal(id: string): void;
  scrollTo(top: number): void;
  focus(): void;
}

export function treeView(events: TreeEvents): TreeView {
  const content = h('div', { class: 'tree-content', role: 'presentation' });
  const empty = h('p', { class: 'tree-empty', hidden: true });
  const tree = h('div', { class: 'tree', role: 'tree', 'aria-label': 'Solutions' }, content);
  const element = h('div', { class: 'tree-box' }, tree, empty);
  const pool = new Map<number, RowElement>();
  let rows: Rows | null = null;
  let shown: readonly Shown[] = [];
  let active = 0;
  let selected: string | null = null;
  let typed = '';
  let typedAt = 0;
  let frame = 0;
  // Read once a change of size, not at each scroll: reading forces a layout.
  let height = 0;
  let top = 0;

  const idAt = (i: number): string => (shown[i] && rows ? rows.id(shown[i].row) : '');
  const indexOf = (id: string): number => shown.findIndex((s) => rows?.id(s.row) === id);

  const make = (): RowElement => {
    const indent = h('span', { class: 'row-indent' });
    const twisty = icon('chevron-down', 'row-twisty');
    const outcome = icon('circle-small', 'row-outcome');
    const label = h('span', { class: 'row-label' });
    const mark = h('span', { class: 'row-mark' });
    const worth = h('span', { class: 'row-worth' });
    const interval = h('span', { class: 'row-worth row-interval' });
    const row = h('div', { class: 'row', role: 'treeitem' }, indent, twisty, outcome, label, mark, worth, interval);
    let index = -1;
    row.addEventListener('click', (e) => {
      const at = shown[index];
      if (!at || !rows) return;
      if (e.target === twisty && at.expanded !== null) events.fold(rows.id(at.row), !at.expanded);
      go(index, true);
    });
    // A screen reader may give the focus to any row: the keyboard goes on from there.
    row.addEventListener('focus', () => {
      if (index === active || index < 0) return;
      const before = active;
      active = index;
      for (const i of [before, index]) pool.get(i)?.fill(i);
    });
    row.addEventListener('dblclick', () => { events.act('openDiff', idAt(index)); });
    return {
      element: row,
      fill: (i) => {
        index = i;
        const at = shown[i];
        if (!at || !rows) return;
        const what = rows.outcome(at.row);
        const running = what === 'open' && rows.run.status === 'running';
        row.style.top = `${i * ROW_HEIGHT}px`;
        indent.style.width = `${Math.min(at.level - 1, DEEPEST) * INDENT}px`;
        row.className = `row is-${what}${rows.banned(at.row) ? ' is-banned' : ''}${rows.best(at.row) ? ' is-best' : ''}${at.matches ? '' : ' is-context'}`;
        twisty.className = `codicon row-twisty${at.expanded === null ? '' : at.expanded ? ' codicon-chevron-down' : ' codicon-chevron-right'}`;
        outcome.className = `codicon row-outcome codicon-${what === 'open' && !running ? 'debug-pause' : OUTCOME_ICON[what]}${running ? ' spin' : ''}`;
        setText(label, rows.summary(at.row) || rows.operator(at.row) || rows.id(at.row));
        setText(mark, [rows.best(at.row) ? 'best' : '', rows.accepted(at.row) ? 'accepted' : '', rows.banned(at.row) ? 'banned' : ''].filter((t) => t !== '').join(' · '));
        const [value, ...range] = rows.worth(at.row).split(' [');
        setText(worth, value !== '' && value !== undefined ? value : what === 'baseline' ? '' : OUTCOME_WORDS[what]);
        setText(interval, range.length > 0 ? `[${range.join('')}` : '');
        row.dataset['vscodeContext'] = JSON.stringify({ webviewSection: what === 'baseline' ? 'baseline' : isUsable(what) ? 'usable' : 'failed', preventDefaultContextMenuItems: true, ...rows.run.ref, id: rows.id(at.row) });
        setAttribute(row, 'title', `${rows.id(at.row)}: ${rowLabel(rows, at.row)}`);
        setAttribute(row, 'aria-label', rowLabel(rows, at.row));
        setAttribute(row, 'aria-level', at.level);
        setAttribute(row, 'aria-posinset', at.position);
        setAttribute(row, 'aria-setsize', at.size);
        setAttribute(row, 'aria-expanded', at.expanded === null ? null : String(at.expanded));
        setAttribute(row, 'aria-selected', String(rows.id(at.row) === selected));
        setAttribute(row, 'tabindex', i === active ? 0 : -1);
      },
    };
  };

  /** Gives the rows in view, and the active one, which may have the focus, an element each. */
  const draw = (refill: boolean): void => {
    const { first, end } = span(shown.length, ROW_HEIGHT, top, height, OVER);
    const free: RowElement[] = [];
    for (const [i, r] of pool) {
      if ((i >= first && i < end) || (i === active && i < shown.length)) continue;
      pool.delete(i);
      free.push(r);
    }
    const want = (i: number): void => {
      const known = pool.get(i);
      if (known) {
        if (refill) known.fill(i);
        return;
      }
      const r = free.pop() ?? make();
      pool.set(i, r);
      r.fill(i);
      if (r.element.parentNode === null) content.append(r.element);
    };
    for (let i = first; i < end; i++) want(i);
    if (active < shown.length) want(active);
    for (const r of free) r.element.remove();
  };

  const later = (): void => {
    if (frame !== 0) return;
    frame = requestAnimationFrame(() => {
      frame = 0;
      draw(false);
    });
  };

  const scrollTo = (to: number): void => {
    if (to === top) return;
    top = to;
    tree.scrollTop = to;
  };

  const go = (to: number, focus: boolean): void => {
    if (to < 0 || to >= shown.length) return;
    const before = active;
    active = to;
    selected = idAt(to);
    scrollTo(revealed(to, ROW_HEIGHT, top, height));
    draw(false);
    for (const i of [before, to]) pool.get(i)?.fill(i);
    // Where the list was scrolled by the tree itself, the browser need not look for the row again.
    if (focus) pool.get(to)?.element.focus({ preventScroll: true });
    events.select(selected);
  };

  tree.addEventListener('scroll', () => {
    top = tree.scrollTop;
    later();
    events.scrolled(top);
  }, { passive: true });
  new ResizeObserver(() => {
    height = tree.clientHeight;
    later();
  }).observe(tree);
  tree.addEventListener('keydown', (e) => {
    const what = answer({ key: e.key, mod: e.ctrlKey || e.metaKey, shift: e.shiftKey, alt: e.altKey }, shown, active, Math.floor(height / ROW_HEIGHT));
    if (what === null || shown.length === 0) return;
    e.preventDefault();
    switch (what.do) {
      case 'move': go(what.to, true); return;
      case 'fold': events.fold(idAt(what.at), what.expand); return;
      case 'act': events.act(what.action, idAt(active)); return;
      case 'filter': events.filter(); return;
      case 'type': {
        typed = e.timeStamp - typedAt > TYPING_MS ? what.text : typed + what.text;
        typedAt = e.timeStamp;
        go(typeAhead(shown.length, active, typed, (i, text) => {
          const row = shown[i]?.row ?? 0;
          return rows !== null && (rows.summary(row).toLowerCase().startsWith(text) || rows.id(row).toLowerCase().startsWith(text));
        }), true);
      }
    }
  });

  return {
    element,
    update: (newRows, newShown, newSelected) => {
      const hadFocus = content.contains(document.activeElement);
      rows = newRows;
      shown = newShown;
      selected = newSelected;
      const at = newSelected === null ? -1 : indexOf(newSelected);
      active = at >= 0 ? at : Math.max(0, Math.min(active, shown.length - 1));
      content.style.height = `${shown.length * ROW_HEIGHT}px`;
      empty.hidden = shown.length > 0;
      tree.hidden = shown.length === 0;
      setText(empty, 'No solution passes this filter.');
      top = tree.scrollTop; // a shorter list has been moved by the browser
      height ||= tree.clientHeight;
      draw(true);
      if (hadFocus) pool.get(active)?.element.focus({ preventScroll: true });
    },
    reveal: (id) => {
      const at = indexOf(id);
      if (at >= 0) go(at, false);
    },
    scrollTo,
    focus: () => { pool.get(active)?.element.focus(); },
  };
}
