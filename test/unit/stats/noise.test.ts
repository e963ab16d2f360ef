// What is said of the eval's noise, of estimates and of the final gain.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { seededRng } from '../../../src/core/rng.ts';
import type { Pair } from '../../../src/core/stats/describe.ts';
import { estimateEffect, gainOf } from '../../../src/core/stats/estimate.ts';
import { noiseOf, resolution } from '../../../src/core/stats/noise.ts';
import { simulateTrial } from '../../../src/core/stats/simulate.ts';
import { trialRules } from '../../../src/core/stats/trial.ts';

const TIME = trialRules({ kind: 'time', minEffect: 0.01 }, 'ratio', 0);

function quiet(seed: number | string, n: number, sd = 0.02, shift = 0): Pair[] {
  const rng = seededRng(seed);
  return Array.from({ length: n }, () => ({ candidate: Math.abs(sd * rng.normal()) - shift, incumbent: Math.abs(sd * rng.normal()) }));
}

describe('stats/noise', () => {
  it('knows a deterministic metric by its zero noise', () => {
    const flat = Array.from({ length: 3 }, () => ({ candidate: 7, incumbent: 7 }));
    assert.deepEqual(noiseOf(flat, 'mean'), { sd: 0, deterministic: true, offset: 0 });
    assert.equal(noiseOf([...flat, { candidate: 7, incumbent: 7.1 }], 'mean').deterministic, false);
    // Equal within pairs but not over time is not deterministic.
    assert.equal(noiseOf([{ candidate: 1, incumbent: 1 }, { candidate: 2, incumbent: 2 }], 'mean').deterministic, false);
  });

  it('counts an offset when it is there, and seldom when it is not', () => {
    let chance = 0;
    for (let seed = 0; seed < 300; seed++) chance += noiseOf(quiet(seed, 10), 'low-tail').offset > 0 ? 1 : 0;
    assert.ok(chance <= 12, `${chance} of 300`);
    for (const shift of [0.1, -0.1]) {
      const { offset } = noiseOf(quiet(1, 10, 0.02, shift), 'low-tail');
      assert.ok(Math.abs(offset - 0.1) < 0.02, `${offset}`);
    }
  });

  it('states an effect that trials do find, and more of it for more noise', () => {
    const small = resolution(quiet('a', 10, 0.01), TIME, 5e-4, seededRng(1));
    const large = resolution(quiet('a', 10, 0.08), TIME, 5e-4, seededRng(1));
    assert.ok(small.effect > TIME.minEffect && large.effect > 2 * small.effect, `${small.effect}, ${large.effect}`);
    assert.ok(small.uselessEvaluations < small.evaluations && small.evaluations <= 120);
    assert.deepEqual(resolution(quiet('a', 10, 0.01), TIME, 5e-4, seededRng(1)), small);
    let found = 0;
    for (let i = 0; i < 60; i++) {
      const pairs = quiet(`t${i}`, 60, 0.08, large.effect);
      let at = 0;
      found += simulateTrial(TIME, () => pairs[at++]!, () => 5e-4).end.outcome === 'promote' ? 1 : 0;
    }
    assert.ok(found >= 48, `${found} of 60`);
  });

  it('says Infinity when the error budget lets nothing be found', () => {
    assert.equal(resolution(quiet(1, 10), TIME, 0, seededRng(1)).effect, Infinity);
  });
});

describe('stats/estimate', () => {
  it('has the true effect within two errors most of the time', () => {
    for (const [statistic, n] of [['mean', 5], ['mean', 30], ['low-tail', 5], ['low-tail', 10], ['low-tail', 30]] as const) {
      let within = 0;
      for (let seed = 0; seed < 100; seed++) {
        const { effect, error } = estimateEffect(quiet(`${seed}`, n, 0.02, 0.1), statistic, seededRng(seed));
        within += Math.abs(effect - 0.1) <= 2 * error ? 1 : 0;
      }
      assert.ok(within >= 80, `${statistic} of ${n}: ${within} of 100`);
    }
    assert.equal(estimateEffect(quiet(1, 1), 'mean', seededRng(1)).error, Infinity);
  });

  it('covers the true median gain in at least 95 % of the cases, for any noise', () => {
    const runs = 2000;
    const shapes = [(u: number) => u - 0.5, (u: number) => Math.tan(Math.PI * (u - 0.5)), (u: number) => (u < 0.4 ? -3 - u : u < 0.6 ? u - 0.5 : 2 + u)];
    shapes.forEach((shape, s) => {
      const rng = seededRng(`cover ${s}`);
      for (const n of [6, 12, 30]) {
        let covered = 0;
        for (let i = 0; i < runs; i++) {
          const g = gainOf(Array.from({ length: n }, () => ({ candidate: 0, incumbent: shape(rng.next()) + 1 })), 'difference');
          covered += g.low <= 1 && 1 <= g.high ? 1 : 0;
        }
        assert.ok(covered >= runs * 0.95 - 3 * Math.sqrt(runs * 0.95 * 0.05), `${n} pairs, shape ${s}: ${covered} of ${runs}`);
      }
    });
  });

  it('gives the 10th and the 21st of 30 effects as the interval, as ratios for ratios', () => {
    const pairs = Array.from({ length: 30 }, (_, i) => ({ candidate: 0, incumbent: Math.log(1 + i) }));
    const g = gainOf(seededRng(1).shuffle(pairs), 'ratio');
    assert.deepEqual([g.low, g.high, g.pairs].map((v) => Number(v.toFixed(9))), [10, 21, 30]);
    assert.ok(Math.abs(g.gain - Math.sqrt(15 * 16)) < 1e-9);
    assert.throws(() => gainOf(pairs.slice(0, 5), 'ratio'), RangeError);
  });

  it('keeps low ≤ gain ≤ high', () => {
    fc.assert(fc.property(fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 6, maxLength: 40 }), (effects) => {
      const g = gainOf(effects.map((e) => ({ candidate: 0, incumbent: e })), 'difference');
      assert.ok(g.low <= g.gain && g.gain <= g.high && g.error >= 0);
    }));
  });
});
