// The pure parts of the Solutions panel's page: which rows are shown, what keys do, what the chart and the strip draw, what is read aloud.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { OUTCOMES, VERIFIED, type PanelRun } from '../../../src/protocol/panel.ts';
import type { Outcome } from '../../../src/core/solution.ts';
import { chartData, nearestPoint } from '../../../webview/model/chart.ts';
import { answer, typeAhead, type Key } from '../../../webview/model/keys.ts';
import { OUTCOME_ICON } from '../../../webview/model/outcomes.ts';
import { Rows } from '../../../webview/model/rows.ts';
import { stripScale } from '../../../webview/model/strip.ts';
import { chartLabel, newBest, rowLabel } from '../../../webview/model/text.ts';
import { outcomeCounts, shownRows, type Filter } from '../../../webview/model/tree.ts';
import { revealed, span } from '../../../webview/model/virtual.ts';

interface Row { readonly parent: number; readonly outcome?: Outcome | null; readonly score?: number; readonly summary?: string; readonly verified?: boolean }

function rows(list: readonly Row[], change: Partial<PanelRun> = {}): Rows {
  let at = 0;
  const all: readonly Row[] = [{ parent: -1 }, ...list];
  return new Rows({
    ref: { root: '/p', spec: 's', workspace: 'v1', run: 'r' }, status: 'finished', ending: '', objective: '', optimizer: '', model: '', sandbox: '', confinement: '', evaluations: list.length, planned: list.length,
    usd: 0, seconds: 0, noise: '', scale: 'ratio', best: 'baseline', bestWorth: '', bestIsFinal: false, trusted: true, staircase: [{ at: 0, score: 1 }], map: null,
    rows: {
      id: all.map((_, i) => (i === 0 ? 'baseline' : `id${i}`)), parent: all.map((r) => r.parent), summary: all.map((r, i) => r.summary ?? (i === 0 ? 'the code as it was' : `edit ${i}`)),
      operator: all.map(() => 0), operators: ['generic'], outcome: all.map((r, i) => (i === 0 || r.outcome === null ? -1 : OUTCOMES.indexOf(r.outcome ?? 'discarded'))),
      at: all.map((r, i) => (i === 0 || r.outcome === null ? 0 : ++at)), score: all.map((r) => r.score ?? null), low: all.map((r) => (r.score === undefined ? null : r.score * 0.9)), high: all.map((r) => (r.score === undefined ? null : r.score * 1.1)),
      flags: all.map((r) => (r.verified ? VERIFIED : 0)),
    },
    ...change,
  });
}

const ALL: Filter = { text: '', outcome: null };
/** baseline → 1 → (2, 3 → 4), baseline → 5 */
const TREE = rows([
  { parent: 0, outcome: 'kept', score: 1.5, verified: true }, { parent: 1, score: 1.4 }, { parent: 1, outcome: 'kept', score: 2, verified: true, summary: 'a set of `x`' },
  { parent: 3, outcome: 'blocked' }, { parent: 0, score: 0.8 },
], { best: 'id3', bestWorth: '2.00× [1.80–2.20]', staircase: [{ at: 0, score: 1 }, { at: 1, score: 1.5 }, { at: 3, score: 2 }] });
const none = new Set<string>();

describe('the panel\'s tree', () => {
  it('shows children under their parents, with level, place and number', () => {
    const shown = shownRows(TREE, 'lineage', ALL, none);
    assert.deepEqual(shown.map((s) => [s.row, s.level, s.position, s.size, s.expanded]), [
      [0, 1, 1, 1, true], [1, 2, 1, 2, true], [2, 3, 1, 2, null], [3, 3, 2, 2, true], [4, 4, 1, 1, null], [5, 2, 2, 2, null],
    ]);
  });

  it('hides what is below a folded branch, but not while a filter is on', () => {
    assert.deepEqual(shownRows(TREE, 'lineage', ALL, new Set(['id1'])).map((s) => s.row), [0, 1, 5]);
    assert.deepEqual(shownRows(TREE, 'lineage', { text: 'edit 4', outcome: null }, new Set(['id1'])).map((s) => [s.row, s.matches]), [[0, false], [1, false], [3, false], [4, true]]);
  });

  it('filters by outcome, by text in any case, and by the beginning of an id', () => {
    assert.deepEqual(shownRows(TREE, 'score', { text: '', outcome: 'kept' }, none).map((s) => s.row), [3, 1]);
    assert.deepEqual(shownRows(TREE, 'score', { text: 'A SET', outcome: null }, none).map((s) => s.row), [3]);
    assert.deepEqual(shownRows(TREE, 'score', { text: 'id5', outcome: null }, none).map((s) => s.row), [5]);
    assert.deepEqual(shownRows(TREE, 'lineage', { text: 'nowhere', outcome: null }, none), []);
  });

  it('puts verified ones before estimates, and these before what was not measured', () => {
    assert.deepEqual(shownRows(TREE, 'score', ALL, none).map((s) => s.row), [3, 1, 2, 5, 0, 4]);
  });

  it('shows each row once under its parent, whatever the tree; also one of 10,000 levels', () => {
    fc.assert(fc.property(fc.array(fc.nat()), (seeds) => {
      const r = rows(seeds.map((n, i) => ({ parent: n % (i + 1) })));
      const shown = shownRows(r, 'lineage', ALL, none);
      assert.deepEqual(shown.map((s) => s.row).sort((a, b) => a - b), Array.from({ length: r.count }, (_, i) => i));
      shown.forEach((s, k) => {
        const above = shown.slice(0, k).reverse().find((t) => t.level === s.level - 1);
        if (s.row > 0) assert.equal(above?.row, r.parent(s.row));
      });
    }), { numRuns: 50 });
    assert.equal(shownRows(rows(Array.from({ length: 10_000 }, (_, i) => ({ parent: i }))), 'lineage', ALL, none).at(-1)?.level, 10_001);
  });

  it('counts outcomes', () => {
    assert.deepEqual([...outcomeCounts(TREE)], [['kept', 2], ['discarded', 2], ['blocked', 1]]);
  });
});

describe('the panel\'s list', () => {
  it('makes what is in view and a few more, within the list', () => {
    assert.deepEqual(span(10_000, 22, 0, 220, 5), { first: 0, end: 15 });
    assert.deepEqual(span(10_000, 22, 2200, 220, 5), { first: 95, end: 115 });
    assert.deepEqual(span(10_000, 22, 10_000 * 22 - 220, 220, 5), { first: 9985, end: 10_000 });
    assert.deepEqual(span(3, 22, 99_999, 220, 5), { first: 3, end: 3 });
    assert.deepEqual(span(0, 22, 0, 220, 5), { first: 0, end: 0 });
  });

  it('scrolls no further than it must', () => {
    assert.equal(revealed(5, 22, 0, 220), 0);
    assert.equal(revealed(10, 22, 0, 220), 22);
    assert.equal(revealed(3, 22, 220, 220), 66);
  });
});

describe('the panel\'s keys', () => {
  const shown = shownRows(TREE, 'lineage', ALL, none);
  const key = (name: string, more: Partial<Key> = {}): Key => ({ key: name, mod: false, shift: false, alt: false, ...more });
  const moved = (name: string, at: number): number | null => {
    const a = answer(key(name), shown, at, 3);
    return a?.do === 'move' ? a.to : null;
  };

  it('move as in a tree view', () => {
    assert.deepEqual([moved('ArrowDown', 0), moved('ArrowUp', 0), moved('End', 0), moved('Home', 4), moved('PageDown', 1), moved('PageUp', 1)], [1, 0, 5, 0, 3, 0]);
    assert.equal(moved('ArrowRight', 1), 2, 'into an open branch');
    assert.equal(moved('ArrowLeft', 4), 3, 'to the parent');
    assert.equal(moved('ArrowLeft', 5), 0);
  });

  it('fold and unfold', () => {
    assert.deepEqual(answer(key('ArrowLeft'), shown, 1, 3), { do: 'fold', at: 1, expand: false });
    assert.deepEqual(answer(key('ArrowRight'), shownRows(TREE, 'lineage', ALL, new Set(['id1'])), 1, 3), { do: 'fold', at: 1, expand: true });
    assert.equal(answer(key('ArrowRight'), shown, 2, 3), null);
  });

  it('act: Enter opens, only Ctrl+Enter accepts, and no letter does anything but look for a row', () => {
    assert.deepEqual(answer(key('Enter'), shown, 1, 3), { do: 'act', action: 'openDiff' });
    assert.deepEqual(answer(key('Enter', { mod: true }), shown, 1, 3), { do: 'act', action: 'accept' });
    assert.equal(answer(key('Enter', { alt: true }), shown, 1, 3), null);
    for (const letter of 'abcdefghijklmnopqrstuvwxyzABC0123456789') assert.deepEqual(answer(key(letter), shown, 1, 3), { do: 'type', text: letter });
    for (const name of ['Tab', 'Escape', ' ', 'F1', 'Shift']) assert.equal(answer(key(name), shown, 1, 3), null, name);
    assert.equal(answer(key('c', { mod: true }), shown, 1, 3), null, 'the editor\'s own');
  });

  it('find the next row that begins with what was typed, round the end', () => {
    const names = ['alpha', 'beta', 'gamma', 'beta two'];
    const hit = (i: number, text: string): boolean => (names[i] ?? '').startsWith(text);
    assert.equal(typeAhead(4, 0, 'b', hit), 1);
    assert.equal(typeAhead(4, 1, 'b', hit), 3);
    assert.equal(typeAhead(4, 3, 'B', hit), 1);
    assert.equal(typeAhead(4, 1, 'be', hit), 1, 'a longer text stays');
    assert.equal(typeAhead(4, 0, 'x', hit), -1);
    assert.equal(typeAhead(0, 0, 'x', hit), -1);
  });
});

describe('the panel\'s chart', () => {
  it('has a point for each evaluation, a gap for what was not measured, and the best at each', () => {
    const d = chartData(TREE);
    assert.deepEqual(d.x, [0, 1, 2, 3, 4, 5]);
    assert.deepEqual(d.score, [1, 1.5, 1.4, 2, null, 0.8]);
    assert.deepEqual(d.stairs, [1, 1.5, 1.5, 2, 2, 2]);
    assert.deepEqual(d.corners, [[0, 1, 3, 5], [1, 1.5, 2, 2]]);
    assert.ok(d.range[0] < 0.72 && d.range[1] > 2.2);
    assert.equal(d.log, false);
  });

  it('leaves out what spent no evaluation, and draws a wide range by its logarithm', () => {
    const d = chartData(rows([{ parent: 0, outcome: null }, { parent: 0, score: 40 }, { parent: 0, score: 0.1 }]));
    assert.deepEqual(d.x, [0, 1, 2]);
    assert.deepEqual(d.row, [0, 2, 3]);
    assert.equal(d.log, true);
    assert.ok(d.range[0] > 0);
  });

  it('has a range without any score', () => {
    assert.ok(chartData(rows([])).range.every(Number.isFinite));
    assert.deepEqual(chartData(rows([{ parent: 0, outcome: 'crashed' }], { scale: 'difference', staircase: [{ at: 0, score: 0 }] })).stairs, [0, 0]);
  });

  it('finds the nearest point within reach', () => {
    const d = chartData(TREE);
    const near = (x: number, y: number): number => nearestPoint(d, (v) => v * 10, (v) => v * 100, x, y, 12);
    assert.equal(near(29, 195), 3);
    assert.equal(near(21, 141), 2);
    assert.equal(near(40, 200), 3, 'what was not measured is no point');
    assert.equal(near(100, 100), -1);
  });
});

describe('the panel\'s strip', () => {
  it('always has no effect in view, and few ticks, in order', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: 0.001, max: 1000, noNaN: true }), { minLength: 1 }), fc.constantFrom('ratio' as const, 'difference' as const), (values, scale) => {
      const s = stripScale(values, scale);
      assert.ok(s);
      assert.ok(s.at(s.zero) >= 0 && s.at(s.zero) <= 1);
      assert.ok(s.ticks.includes(s.zero));
      assert.ok(s.ticks.length >= 1 && s.ticks.length <= 14, `${s.ticks.length} ticks`);
      for (const v of values) assert.ok(s.at(v) >= 0 && s.at(v) <= 1);
      for (const t of s.ticks) assert.ok(s.at(t) >= 0 && s.at(t) <= 1);
    }));
  });

  it('is none without a number', () => {
    assert.equal(stripScale([null, NaN, -1], 'ratio'), null);
  });
});

describe('what the panel says', () => {
  it('labels rows as sentences', () => {
    assert.equal(rowLabel(TREE, 0), 'Baseline, the code as it was');
    assert.equal(rowLabel(TREE, 3), 'a set of `x`, the best, verified better, 2.00 times, between 1.80 and 2.20, evaluation 3');
    assert.equal(rowLabel(TREE, 5), 'edit 5, not better, about 0.80 times, evaluation 5');
    assert.equal(rowLabel(TREE, 4), 'edit 4, failed a gate, evaluation 4');
  });

  it('tells of a new best once, of the same run only, and of one that did not hold', () => {
    const before = rows([{ parent: 0, outcome: 'kept', score: 1.5, verified: true }]);
    assert.equal(newBest(null, TREE), '');
    assert.match(newBest(before, TREE), /^New best: a set of `x`, 2\.00 times/);
    assert.equal(newBest(TREE, TREE), '');
    assert.match(newBest(TREE, before), /did not hold/);
    assert.match(chartLabel(TREE), /5 evaluations, 4 solutions measured.*The verified best is id3/);
  });

  it('has a glyph for each icon that it names', () => {
    const files = readdirSync(join('webview'), { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.ts')).map((f) => readFileSync(join('webview', f), 'utf8')).join('\n');
    const css = readFileSync(join('webview', 'style', 'icons.css'), 'utf8');
    const named = new Set([...Object.values(OUTCOME_ICON), ...[...files.matchAll(/\bicon(?::|\()\s*'([a-z-]+)'/g), ...files.matchAll(/codicon-([a-z]+(?:-[a-z]+)*)/g)].map((m) => m[1] ?? '')]);
    const defined = new Set([...css.matchAll(/\.codicon-([a-z-]+)::before/g)].map((m) => m[1] ?? ''));
    assert.ok(named.size > 20);
    for (const name of named) assert.ok(defined.has(name), `${name} has no glyph`);
  });
});
