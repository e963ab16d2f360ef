// The map's cells: the best of each kind over the islands that are shown, how good it is among them, and where the arrow keys go.

import type { PanelElite, PanelMap, PanelRun } from '../../src/protocol/panel.ts';

export interface Cell {
  readonly elite: PanelElite;
  /** From 0 for the worst to 1 for the best that is shown: how strongly it is shaded. */
  readonly level: number;
}

/** @param island −1 for all: then a kind shows its best of all islands */
export function shown(map: PanelMap, island: number, scoreOf: (row: number) => number | null, scale: PanelRun['scale']): readonly Cell[] {
  const neutral = scale === 'ratio' ? 1 : 0;
  const score = (e: PanelElite): number => (e.row === 0 ? neutral : (scoreOf(e.row) ?? neutral));
  const axis = (x: number): number => (scale === 'ratio' ? Math.log(Math.max(x, 1e-9)) : x);
  const best = new Map<string, PanelElite>();
  for (const e of map.elites) {
    if (island >= 0 && e.island !== island) continue;
    const key = `${e.size} ${e.lines} ${e.branches}`;
    const known = best.get(key);
    if (known === undefined || score(known) < score(e)) best.set(key, e);
  }
  const all = [...best.values()].sort((a, b) => a.size - b.size || a.lines - b.lines || a.branches - b.branches);
  const values = all.map((e) => axis(score(e)));
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return all.map((elite, i) => ({ elite, level: high > low ? ((values[i] ?? low) - low) / (high - low) : 1 }));
}

const column = ({ elite: e }: Cell): number => e.lines * 3 + e.branches;

/** The nearest cell in an arrow's direction: straight on before aside. Null where there is none, and for other keys. */
export function moved(cells: readonly Cell[], from: Cell, key: string): Cell | null {
  const [dx, dy] = key === 'ArrowLeft' ? [-1, 0] : key === 'ArrowRight' ? [1, 0] : key === 'ArrowUp' ? [0, -1] : key === 'ArrowDown' ? [0, 1] : [0, 0];
  if (dx === 0 && dy === 0) return null;
  let best: Cell | null = null;
  let least = Infinity;
  for (const c of cells) {
    const [x, y] = [column(c) - column(from), c.elite.size - from.elite.size];
    const [along, aside] = dx !== 0 ? [x * dx, Math.abs(y)] : [y * dy, Math.abs(x)];
    if (along > 0 && along + 3 * aside < least) {
      least = along + 3 * aside;
      best = c;
    }
  }
  return best;
}
