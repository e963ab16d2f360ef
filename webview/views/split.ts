// The border between two panes: dragged, or moved by the arrow keys.

import { h } from '../dom.ts';

const LEAST = 20;
const MOST = 70;
const STEP = 2;

/** `set` gets the first pane's share in percent, and what it is when the moving ends. */
export function splitter(share: number, set: (share: number, done: boolean) => void): HTMLElement {
  let at = share;
  const element = h('div', { class: 'splitter', role: 'separator', tabindex: 0, 'aria-orientation': 'vertical', 'aria-label': 'Width of the tree', 'aria-valuemin': LEAST, 'aria-valuemax': MOST, 'aria-valuenow': Math.round(at) });
  const move = (to: number, done: boolean): void => {
    at = Math.max(LEAST, Math.min(MOST, to));
    element.setAttribute('aria-valuenow', String(Math.round(at)));
    set(at, done);
  };
  element.addEventListener('pointerdown', (e) => {
    element.setPointerCapture(e.pointerId);
    e.preventDefault();
  });
  element.addEventListener('pointermove', (e) => {
    if (!element.hasPointerCapture(e.pointerId)) return;
    const box = element.parentElement?.getBoundingClientRect();
    if (box && box.width > 0) move(((e.clientX - box.left) / box.width) * 100, false);
  });
  element.addEventListener('pointerup', () => { set(at, true); });
  element.addEventListener('keydown', (e) => {
    const to = e.key === 'ArrowLeft' ? at - STEP : e.key === 'ArrowRight' ? at + STEP : e.key === 'Home' ? LEAST : e.key === 'End' ? MOST : null;
    if (to === null) return;
    e.preventDefault();
    move(to, true);
  });
  return element;
}
