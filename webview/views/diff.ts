// The selected solution's diff, by diff2html in the theme's own diff colours.

import { html } from 'diff2html';
import { h } from '../dom.ts';

/** Lines of a patch beyond which the native diff is the better place. */
const MOST_LINES = 3000;

export type DiffLayout = 'unified' | 'side-by-side';

/** Hunks as they come; `null` for a patch that is too long to be shown here. */
function markup(patch: string, layout: DiffLayout): string | null {
  let lines = 0;
  for (let at = patch.indexOf('\n'); at >= 0; at = patch.indexOf('\n', at + 1)) lines++;
  if (lines > MOST_LINES) return null;
  return html(patch, {
    drawFileList: false, matching: 'lines', diffStyle: 'word',
    outputFormat: layout === 'unified' ? 'line-by-line' : 'side-by-side',
  });
}

export interface DiffView {
  readonly element: HTMLElement;
  update(patch: string, problem: string, layout: DiffLayout): void;
}

export function diffView(nothing: () => string): DiffView {
  const element = h('div', { class: 'diff', tabindex: 0, role: 'region', 'aria-label': 'Diff' });
  let shown = '';
  return {
    element,
    update: (patch, problem, layout) => {
      const key = `${layout}\0${problem}\0${patch}`;
      if (key === shown) return;
      shown = key;
      if (problem !== '') element.replaceChildren(h('p', { class: 'diff-none' }, `The diff cannot be made: ${problem}.`));
      else if (patch === '') element.replaceChildren(h('p', { class: 'diff-none' }, nothing()));
      else {
        const made = markup(patch, layout);
        // diff2html escapes what it is given, and the page's policy would run nothing anyway.
        if (made !== null) element.innerHTML = made;
        else element.replaceChildren(h('p', { class: 'diff-none' }, 'This diff is too long to be shown here. Open it as a native diff.'));
      }
    },
  };
}
