// The exact p-values against a naive enumeration of all swaps, small cases by hand, and the property that makes them p-values.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { costOf } from '../../../src/core/metric.ts';
import { seededRng } from '../../../src/core/rng.ts';
import type { Pair, Statistic } from '../../../src/core/stats/describe.ts';
import { permutationP } from '../../../src/core/stats/permutation.ts';

// Independent of the code under test: plain definitions, all 2^n swaps.
function naiveStatistic(values: number[], statistic: Statistic): number {
  const s = values.slice().sort((a, b) => a - b);
  const k = statistic === 'mean' ? s.length : Math.max(1, Math.floor(s.length / 5));
  return s.slice(0, k).reduce((a, b) => a + b, 0) / k;
}
function swapped(pairs: readonly Pair[], mask: number): Pair[] {
  return pairs.map((p, i) => ((mask >> i) & 1 ? { candidate: p.incumbent, incumbent: p.candidate } : p));
}
function naiveEffect(pairs: readonly Pair[], statistic: Statistic): number {
  return naiveStatistic(pairs.map((p) => p.incumbent), statistic) - naiveStatistic(pairs.map((p) => p.candidate), statistic);
}
function naiveP(pairs: readonly Pair[], statistic: Statistic): number {
  const observed = naiveEffect(pairs, statistic);
  let count = 0;
  for (let mask = 0; mask < 2 ** pairs.length; mask++) if (naiveEffect(swapped(pairs, mask), statistic) >= observed - 1e-9) count++;
  return count / 2 ** pairs.length;
}

const BOTH: readonly Statistic[] = ['low-tail', 'mean'];
const pairOf = (value: fc.Arbitrary<number>) => fc.record({ candidate: value, incumbent: value });
const smooth = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((v) => v / 7919);
const tied = fc.integer({ min: 0, max: 3 });
const pairsOf = (max: number) => fc.oneof(fc.array(pairOf(smooth), { minLength: 1, maxLength: max }), fc.array(pairOf(tied), { minLength: 1, maxLength: max }));

describe('stats/permutation', () => {
  it('equals the naive enumeration, ties included', () => {
    fc.assert(fc.property(pairsOf(11), fc.constantFrom(...BOTH), (pairs, statistic) => {
      assert.ok(Math.abs(permutationP(pairs, statistic) - naiveP(pairs, statistic)) < 1e-12);
    }), { numRuns: 150 });
  });

  it('is 2^−n when every candidate beats every incumbent, 1 when nothing differs or there is nothing', () => {
    for (const statistic of BOTH) {
      for (const n of [1, 5, 15, 30, 40]) {
        assert.equal(permutationP(Array.from({ length: n }, (_, i) => ({ candidate: i / 100, incumbent: 5 + i / 100 })), statistic), 2 ** -n);
        assert.equal(permutationP(Array.from({ length: n }, () => ({ candidate: 2.5, incumbent: 2.5 })), statistic), 1);
      }
      assert.equal(permutationP([], statistic), 1);
    }
  });

  it('gives the values worked out by hand', () => {
    // Effects 3, 2, −1: the subsets with sum ≤ 0 are {} and {−1}: 2 of 8.
    assert.equal(permutationP([{ candidate: 0, incumbent: 3 }, { candidate: 0, incumbent: 2 }, { candidate: 1, incumbent: 0 }], 'mean'), 2 / 8);
    // Lowest values (one a side): candidate 1, incumbent 3. As good: 1 and 2 must stay with the candidate, 3|4 are free: 2 of 8.
    assert.equal(permutationP([{ candidate: 1, incumbent: 9 }, { candidate: 2, incumbent: 8 }, { candidate: 4, incumbent: 3 }], 'low-tail'), 2 / 8);
  });

  it('has P(p ≤ a) ≤ a over all swaps of any pairs, for every a', () => {
    fc.assert(fc.property(pairsOf(7), fc.constantFrom(...BOTH), (pairs, statistic) => {
      const ps = Array.from({ length: 2 ** pairs.length }, (_, mask) => permutationP(swapped(pairs, mask), statistic)).sort((a, b) => a - b);
      ps.forEach((p, i) => assert.ok((i + 1) / ps.length <= p + 1e-12 || ps[i + 1] === p, `${i + 1} of ${ps.length} at p ≤ ${p}`));
    }), { numRuns: 60 });
  });

  it('does not depend on the unit, the origin or the order of pairs', () => {
    fc.assert(fc.property(pairsOf(14), fc.constantFrom(...BOTH), fc.constantFrom(1e-9, 0.1, 3, 1e9), fc.integer(), (pairs, statistic, unit, seed) => {
      const p = permutationP(pairs, statistic);
      const moved = pairs.map((x) => ({ candidate: (x.candidate + 17) * unit, incumbent: (x.incumbent + 17) * unit }));
      assert.equal(permutationP(moved, statistic), p);
      assert.equal(permutationP(seededRng(seed).shuffle(pairs), statistic), p);
    }), { numRuns: 100 });
  });

  it('treats maximize f as minimize −f and, for ratios, as minimize 1/f', () => {
    const values = fc.array(fc.record({ candidate: fc.double({ min: 0.1, max: 10, noNaN: true }), incumbent: fc.double({ min: 0.1, max: 10, noNaN: true }) }), { minLength: 1, maxLength: 12 });
    fc.assert(fc.property(values, fc.constantFrom(...BOTH), (rounds, statistic) => {
      const p = (f: (v: number) => number): number => permutationP(rounds.map((r) => ({ candidate: f(r.candidate), incumbent: f(r.incumbent) })), statistic);
      assert.equal(p((v) => costOf(v, 'maximize', 'difference')), p((v) => costOf(-v, 'minimize', 'difference')));
      assert.ok(Math.abs(p((v) => costOf(v, 'maximize', 'ratio')) - p((v) => costOf(1 / v, 'minimize', 'ratio'))) < 1e-12);
    }), { numRuns: 60 });
  });

  it('agrees at 30 pairs with a Monte Carlo estimate', () => {
    const rng = seededRng('monte carlo');
    for (const statistic of BOTH) {
      const pairs = Array.from({ length: 30 }, () => ({ candidate: rng.normal() - 0.3, incumbent: rng.normal() + (rng.chance(0.2) ? 3 : 0) }));
      const observed = naiveEffect(pairs, statistic);
      const trials = 20_000;
      let count = 0;
      for (let i = 0; i < trials; i++) {
        const flipped = pairs.map((p) => (rng.chance(0.5) ? p : { candidate: p.incumbent, incumbent: p.candidate }));
        if (naiveEffect(flipped, statistic) >= observed) count++;
      }
      const p = permutationP(pairs, statistic);
      assert.ok(Math.abs(count / trials - p) < 5 * Math.sqrt((p * (1 - p)) / trials), `${statistic}: ${count / trials} against ${p}`);
    }
  });

  it('refuses what is not a measurement and what it could not count', () => {
    assert.throws(() => permutationP([{ candidate: NaN, incumbent: 1 }], 'mean'), RangeError);
    assert.throws(() => permutationP(Array.from({ length: 41 }, () => ({ candidate: 1, incumbent: 1 })), 'mean'), RangeError);
  });
});
