// The panel's map of kinds against what the search itself keeps, its front, and its way over the page.

import assert from 'node:assert/strict';
import { alphaevolve, cellOf, kindOf } from '../../../../src/core/optimizers/alphaevolve.ts';
import { seededRng } from '../../../../src/core/rng.ts';
import type { RunState } from '../../../../src/core/run-state.ts';
import { NO_TRAITS, addTraits, traitsOfPatch, type Traits } from '../../../../src/core/traits.ts';
import { panelRun } from '../../../../src/extension/panel/snapshot.ts';
import type { Ask } from '../../../../src/core/optimizers/optimizer.ts';
import { VERIFIED, type PanelMap } from '../../../../src/protocol/panel.ts';
import { moved, shown } from '../../../../webview/model/map.ts';
import type { Done } from '../../engine/world.ts';
import { ISLANDS, REF, archive, tried } from './run.ts';

const mapOf = (state: RunState): PanelMap | null => panelRun(REF, 'finished', state, true).map;

describe('the panel\'s map', () => {
  let done: Done;
  before(async () => { done = await archive(); });

  it('holds for each island what the search holds, where nothing migrates', () => {
    let state = alphaevolve.init({ ...alphaevolve.defaults, ...ISLANDS }, { evaluations: 60 }) as { readonly islands: readonly (readonly { readonly cell: number; readonly id: string }[])[] };
    const asked = new Map<number, Ask>();
    const traits = new Map<string, Traits>();
    for (const e of done.events) {
      if (e.type === 'asked') asked.set(e.ask, e.request);
      if (e.type === 'proposed') traits.set(e.id, addTraits(traits.get(e.parents[0] ?? '') ?? NO_TRAITS, traitsOfPatch(e.patch)));
      if (e.type !== 'verdict') continue;
      const s = done.state.solutions.get(e.id);
      const ask = asked.get(e.ask);
      assert.ok(s && ask);
      state = alphaevolve.tell(state as never, {
        id: s.id, parent: s.parents[0] ?? '', ask, traits: traits.get(s.id) ?? NO_TRAITS, outcome: e.outcome, effect: e.effect, error: e.estimate?.error ?? null, feasible: e.feasible, operator: s.operator, spent: s.spent,
      }, seededRng('x'));
    }
    const ids = [...done.state.solutions.keys()];
    const map = mapOf(done.state);
    assert.ok(map);
    assert.equal(map.islands, 3);
    const mine = Array.from({ length: 3 }, (_, i) => map.elites.filter((e) => e.island === i).map((e) => `${(e.size * 4 + e.lines) * 3 + e.branches} ${ids[e.row] ?? ''}`).sort());
    assert.deepEqual(mine, state.islands.map((island) => island.map((e) => `${e.cell} ${e.id}`).sort()));
    assert.ok(map.elites.length > 6 && new Set(map.elites.map((e) => e.island)).size === 3, 'a map worth the name');
  });

  it('has a front on which more lines are always worth more, and which nothing measured beats', () => {
    const map = mapOf(done.state);
    assert.ok(map && map.front.length > 2);
    const { rows } = panelRun(REF, 'finished', done.state, true);
    const worth = (row: number): number => (row === 0 ? 1 : (((rows.flags[row] ?? 0) & VERIFIED) !== 0 ? rows.score[row] : rows.low[row]) ?? NaN);
    map.front.forEach((f, i) => {
      const before = map.front[i - 1];
      if (before) assert.ok(f.edited > before.edited && worth(f.row) > worth(before.row));
    });
    for (const e of map.elites) assert.ok(map.front.some((f) => f.edited <= e.edited && worth(f.row) >= worth(e.row)));
  });

  it('leaves out what is banned, and is none of a search without one', async () => {
    const before = mapOf(done.state);
    const best = before?.elites.find((e) => e.row > 0);
    assert.ok(best);
    const id = [...done.state.solutions.keys()][best.row] ?? '';
    const solutions = new Map(done.state.solutions);
    solutions.set(id, { ...solutions.get(id)!, banned: true });
    assert.ok(!mapOf({ ...done.state, solutions })?.elites.some((e) => e.row === best.row));
    assert.equal(panelRun(REF, 'finished', (await tried()).state, true).map, null);
  });

  it('names as many steps as there are kinds', () => {
    const map = mapOf(done.state);
    assert.ok(map);
    const last = kindOf({ size: 1e6, footprint: 1e6, branches: 1e6 });
    assert.deepEqual([map.sizes.length - 1, map.lines.length - 1, map.branches.length - 1], [last.size, last.lines, last.branches]);
    assert.equal(cellOf({ size: 1e6, footprint: 1e6, branches: 1e6 }), map.sizes.length * map.lines.length * map.branches.length - 1);
    assert.deepEqual(map.lines, ['up to 2 lines', '3 to 8 lines', '9 to 26 lines', 'over 26 lines']);
  });
});

describe('the map on the page', () => {
  const elite = (island: number, size: number, lines: number, branches: number, row: number): PanelMap['elites'][number] => ({ island, size, lines, branches, row, edited: lines });
  const map: PanelMap = {
    islands: 2, sizes: ['a', 'b', 'c', 'd', 'e'], lines: ['a', 'b', 'c', 'd'], branches: ['a', 'b', 'c'], front: [],
    elites: [elite(0, 2, 0, 1, 0), elite(1, 2, 0, 1, 0), elite(0, 2, 1, 1, 1), elite(1, 2, 1, 1, 2), elite(0, 4, 1, 1, 3)],
  };
  const scores = [null, 1.5, 2, 0.5];

  it('shows the best of all islands, or one island, shaded from worst to best', () => {
    assert.deepEqual(shown(map, -1, (r) => scores[r] ?? null, 'ratio').map((c) => [c.elite.row, Number(c.level.toFixed(2))]), [[0, 0.5], [2, 1], [3, 0]]);
    assert.deepEqual(shown(map, 0, (r) => scores[r] ?? null, 'ratio').map((c) => c.elite.row), [0, 1, 3]);
    assert.deepEqual(shown(map, 1, () => null, 'difference').map((c) => c.level), [1, 1]);
  });

  it('goes by arrows to the nearest kind that way, straight on before aside', () => {
    const cells = shown(map, -1, (r) => scores[r] ?? null, 'ratio');
    const [origin, two, three] = cells;
    assert.ok(origin && two && three);
    assert.equal(moved(cells, origin, 'ArrowRight'), two);
    assert.equal(moved(cells, two, 'ArrowDown'), three);
    assert.equal(moved(cells, three, 'ArrowUp'), two);
    assert.equal(moved(cells, origin, 'ArrowLeft'), null);
    assert.equal(moved(cells, origin, 'Enter'), null);
  });
});
