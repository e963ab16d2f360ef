// What a key does in the tree: the keyboard of an ARIA tree view, and a few more that act on the solution.

import type { SolutionAction } from '../../src/protocol/panel.ts';
import type { Shown } from './tree.ts';

export interface Key {
  readonly key: string;
  /** Ctrl, or Command on a Mac. */
  readonly mod: boolean;
  readonly shift: boolean;
  readonly alt: boolean;
}

export type Answer =
  | { readonly do: 'move'; readonly to: number }
  | { readonly do: 'fold'; readonly at: number; readonly expand: boolean }
  | { readonly do: 'act'; readonly action: SolutionAction }
  | { readonly do: 'filter' }
  | { readonly do: 'type'; readonly text: string };

/** The row above that `at` hangs under. */
function parentOf(shown: readonly Shown[], at: number): number {
  const level = shown[at]?.level ?? 1;
  for (let i = at - 1; i >= 0; i--) if ((shown[i]?.level ?? 0) < level) return i;
  return at;
}

/** Null for a key that is not the tree's. `page` is how many rows are in view. */
export function answer(k: Key, shown: readonly Shown[], at: number, page: number): Answer | null {
  const last = shown.length - 1;
  const move = (to: number): Answer | null => (last < 0 ? null : { do: 'move', to: Math.max(0, Math.min(last, to)) });
  const here = shown[at];
  if (k.alt) return null;
  if (k.mod) return k.key === 'Enter' ? { do: 'act', action: 'accept' } : null;
  switch (k.key) {
    case 'ArrowDown': return move(at + 1);
    case 'ArrowUp': return move(at - 1);
    case 'PageDown': return move(at + Math.max(1, page - 1));
    case 'PageUp': return move(at - Math.max(1, page - 1));
    case 'Home': return move(0);
    case 'End': return move(last);
    case 'ArrowRight':
      if (here?.expanded === false) return { do: 'fold', at, expand: true };
      return here?.expanded === true ? move(at + 1) : null;
    case 'ArrowLeft':
      if (here?.expanded === true) return { do: 'fold', at, expand: false };
      return move(parentOf(shown, at));
    case 'Enter': return { do: 'act', action: 'openDiff' };
    case '/': return { do: 'filter' };
    default: return k.key.length === 1 && k.key !== ' ' ? { do: 'type', text: k.key } : null;
  }
}

/** The next row after `from`, round the end, that `isHit` takes; −1 when there is none. A longer text may stay where it is. */
export function typeAhead(count: number, from: number, text: string, isHit: (i: number, text: string) => boolean): number {
  const wanted = text.toLowerCase();
  for (let k = text.length > 1 ? 0 : 1; k <= count; k++) {
    const i = (from + k) % Math.max(1, count);
    if (isHit(i, wanted)) return i;
  }
  return -1;
}
