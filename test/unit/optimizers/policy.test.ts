// Softmax policies: the gradient against finite differences, and that learning finds what pays and forgets what does not any more.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { choose, learned, probabilities, shares, type Features, type Weights } from '../../../src/core/optimizers/policy.ts';
import { seededRng } from '../../../src/core/rng.ts';

const number = fc.integer({ min: -300, max: 300 }).map((n) => n / 100);
const features = fc.record({ a: number, b: number, c: number }, { requiredKeys: [] }) as fc.Arbitrary<Features>;

describe('policies', () => {
  it('give chances that sum to 1, whatever the weights', () => {
    fc.assert(fc.property(fc.record({ a: fc.integer({ min: -1e6, max: 1e6 }), b: number }), fc.array(features, { minLength: 1, maxLength: 6 }), (w, choices) => {
      const p = probabilities(w, choices);
      assert.ok(p.every((x) => x >= 0 && x <= 1) && Math.abs(p.reduce((a, b) => a + b, 0) - 1) < 1e-9, String(p));
    }));
  });

  it('draw by those chances', () => {
    const rng = seededRng('draws');
    const choices = [{ a: 1 }, { b: 1 }, {}];
    const weights = { a: Math.log(6), b: Math.log(3) };
    const seen = [0, 0, 0];
    for (let i = 0; i < 20_000; i++) seen[choose(weights, choices, rng).index]!++;
    [0.6, 0.3, 0.1].forEach((p, i) => assert.ok(Math.abs(seen[i]! / 20_000 - p) < 0.02, seen.join()));
  });

  it('have the gradient that finite differences say', () => {
    fc.assert(fc.property(fc.record({ a: number, b: number, c: number }), fc.array(features, { minLength: 2, maxLength: 5 }), fc.nat(), (w: Weights, choices, seed) => {
      const { index, gradient } = choose(w, choices, seededRng(`${seed}`));
      for (const name of ['a', 'b', 'c']) {
        const at = (d: number): number => Math.log(probabilities({ ...w, [name]: (w[name] ?? 0) + d }, choices)[index]!);
        const slope = (at(1e-5) - at(-1e-5)) / 2e-5;
        assert.ok(Math.abs(slope - (gradient[name] ?? 0)) < 1e-4, `${name}: ${slope} and ${gradient[name]}`);
      }
    }));
  });

  it('learn which choice pays, and turn when another does', () => {
    const rng = seededRng('bandit');
    const choices = ['one', 'two', 'three'].map((n) => ({ [`step ${n}`]: 1 }));
    const prior = { 'step one': 0, 'step two': 0, 'step three': 0 };
    let weights: Weights = prior;
    const play = (pays: number): void => {
      for (let i = 0; i < 300; i++) {
        const { index, gradient } = choose(weights, choices, rng);
        weights = learned(weights, prior, gradient, (index === pays ? 1 : 0) - 0.4, 0.5, 0.01, 4);
      }
    };
    play(1);
    assert.equal(shares(weights, 'step')[0]?.[0], 'two');
    assert.ok(shares(weights, 'step')[0]![1] > 0.7, JSON.stringify(shares(weights, 'step')));
    assert.ok(Object.values(weights).every((w) => Math.abs(w) <= 4));
    play(2);
    assert.equal(shares(weights, 'step')[0]?.[0], 'three');
  });

  it('fall back to the prior where nothing is better or worse', () => {
    let weights: Weights = { 'step a': 3 };
    for (let i = 0; i < 200; i++) weights = learned(weights, { 'step a': 1 }, {}, 0, 1, 0.05, 4);
    assert.ok(Math.abs(weights['step a']! - 1) < 1e-3);
  });
});
