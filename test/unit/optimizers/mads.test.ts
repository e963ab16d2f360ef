// MADS: it reaches known optima, keeps to bounds and whole numbers, steps over failures, and beats random choice of the same knobs.
import assert from 'node:assert/strict';
import { UserError } from '../../../src/core/errors.ts';
import type { KnobRange } from '../../../src/core/knob.ts';
import { frameOf, meshOf, opened, shrunk, wouldShrink, type Axis } from '../../../src/core/optimizers/mesh.ts';
import { optimizerNamed } from '../../../src/core/optimizers/registry.ts';
import { seededRng } from '../../../src/core/rng.ts';
import { BASELINE } from '../../../src/core/solution.ts';
import { NO_TRAITS } from '../../../src/core/traits.ts';

const knob = (value: number, low: number, high: number, integer: boolean): KnobRange => ({ name: 'k', value, low, high, integer });

interface Path {
  readonly points: readonly (readonly number[])[];
  readonly best: number;
}

/** Minimizes `f`, which is null where a point fails, from the knobs' values on; `lanes` asks at a time. */
function search(knobs: readonly KnobRange[], f: (p: readonly number[]) => number | null, evaluations: number, lanes = 1, seed = 'mads'): Path {
  const { optimizer: o, options } = optimizerNamed('mads', {});
  const rng = seededRng(seed);
  let state = o.init(options, { evaluations, knobs });
  const start = f(knobs.map((k) => k.value)) ?? 0;
  let best = start;
  const points: (readonly number[])[] = [];
  while (points.length < evaluations) {
    const asks = Array.from({ length: lanes }, () => {
      const out = o.ask(state, rng);
      state = out.state;
      return out.ask;
    });
    if (asks[0] === null) break;
    for (const a of asks) {
      if (a?.knobs === undefined) continue;
      const value = f(a.knobs);
      points.push(a.knobs);
      if (value !== null) best = Math.min(best, value);
      state = o.tell(state, {
        id: `s${points.length}`, parent: a.parent, ask: a, outcome: value === null ? 'crashed' : 'discarded', effect: value === null ? null : start - value, error: 0, feasible: true, operator: 'knobs', traits: NO_TRAITS, spent: false,
      }, rng);
    }
  }
  return { points, best };
}

const bowl = (p: readonly number[]): number => (p[0]! - 37) ** 2 + 3 * (p[1]! - 21) ** 2 + 0.1 * (p[2]! - 7) ** 2;
const WHOLE = [knob(10, 1, 100, true), knob(3, 1, 100, true), knob(90, 1, 100, true)];

describe('mads', () => {
  it('finds the best of a million whole numbers in two hundred evaluations', () => {
    for (const seed of ['a', 'b', 'c', 'd']) {
      const { points, best } = search(WHOLE, bowl, 200, 1, seed);
      assert.equal(best, 0, seed);
      for (const p of points) p.forEach((x, i) => assert.ok(Number.isInteger(x) && x >= WHOLE[i]!.low && x <= WHOLE[i]!.high, p.join()));
    }
  });

  it('gets ever finer where there is no granularity', () => {
    const knobs = [knob(1, 0, 10, false), knob(1, 0, 10, false)];
    const { best } = search(knobs, ([x, y]) => (x! - Math.PI) ** 2 + 10 * (y! - x! / 3) ** 2, 400);
    assert.ok(best < 1e-4, `${best}`);
  });

  it('steps around points that fail', () => {
    const { points, best } = search(WHOLE, (p) => (p[0]! % 5 === 0 ? null : bowl(p)), 300);
    assert.equal(best, 0);
    assert.ok(points.some((p) => p[0]! % 5 === 0));
  });

  it('never asks for a point twice while it remembers it, also with several lanes, and ends when a small grid is used up', () => {
    const small = [knob(2, 1, 4, true), knob(1, 0, 2, true)];
    for (const lanes of [1, 3]) {
      const { points } = search(small, (p) => p[0]! + p[1]!, 50, lanes);
      assert.equal(new Set(points.map((p) => p.join())).size, points.length);
      assert.ok(points.length >= 10 && points.length <= 12, `${points.length}`);
    }
  });

  it('keeps lanes busy within one poll and uses their answers', () => {
    assert.equal(search(WHOLE, bowl, 400, 8).best, 0);
  });

  it('is ahead of random choice of the same knobs', () => {
    const N = 100;
    let sum = 0;
    for (let i = 0; i < 20; i++) {
      const rng = seededRng(`random ${i}`);
      let best = bowl(WHOLE.map((k) => k.value));
      for (let n = 0; n < N; n++) best = Math.min(best, bowl(WHOLE.map((k) => k.low + rng.int(k.high - k.low + 1))));
      sum += search(WHOLE, bowl, N, 1, `${i}`).best < best ? 1 : 0;
    }
    assert.ok(sum >= 18, `${sum} of 20`);
  });

  it('goes back to the next best when the centre is banned, and needs knobs', () => {
    const { optimizer: o, options } = optimizerNamed('mads', {});
    const rng = seededRng('ban');
    let state = o.init(options, { evaluations: 10, knobs: WHOLE });
    for (const [id, effect] of [['a', 1], ['b', 2]] as const) {
      const out = o.ask(state, rng);
      state = o.tell(out.state, { id, parent: BASELINE, ask: out.ask!, outcome: 'discarded', effect, error: 0, feasible: true, operator: 'knobs', traits: NO_TRAITS, spent: false }, rng);
    }
    assert.equal(o.ask(state, rng).ask?.parent, 'b');
    assert.equal(o.ask(o.ban(state, 'b'), rng).ask?.parent, 'a');
    assert.throws(() => o.init(options, { evaluations: 10, knobs: [] }), (e) => e instanceof UserError && e.remedy.includes('sigil: knob'));
  });
});

describe('the granular mesh', () => {
  const axis = (first: number, granularity: number): Axis => opened({ low: 0, high: 1000, granularity, first, digit: 1, power: 0 });

  it('goes 5, 2, 1, 0.5 and never below its granularity; its mesh gets finer twice as fast', () => {
    const frames: [number, number][] = [];
    for (let a = axis(50, 1); ; a = shrunk(a)) {
      frames.push([frameOf(a), meshOf(a)]);
      if (!wouldShrink(a)) break;
    }
    assert.deepEqual(frames, [[50, 10], [20, 10], [10, 10], [5, 1], [2, 1], [1, 1]]);
    const fine: [number, number][] = [];
    let a = axis(0.5, 0);
    for (let i = 0; i < 6; i++, a = shrunk(a)) fine.push([frameOf(a), meshOf(a)]);
    assert.deepEqual(fine, [[0.5, 0.1], [0.2, 0.1], [0.1, 0.1], [0.05, 0.001], [0.02, 0.001], [0.01, 0.001]]);
    assert.deepEqual([frameOf(axis(6, 1)), frameOf(axis(0.3, 1)), frameOf(axis(900, 1))], [5, 1, 1000]);
  });
});
