// What a search gained over best-of-n, with its interval and at what cost.
import assert from 'node:assert/strict';
import { comparisonText, overControl, type Comparison } from '../../../src/core/control.ts';
import type { Gain } from '../../../src/core/solution.ts';
import type { RunState } from '../../../src/core/run-state.ts';
import { seededRng } from '../../../src/core/rng.ts';
import { Story, summary } from '../extension/tree/journal.ts';

const gainOf = (g: number, low: number, high: number): Gain => ({ scale: 'ratio', gain: g, low, high, error: 0.01, pairs: 30, processes: 60 });
/** A run that ended with this gain, or with none. */
function ended(gain: Gain | null, more: { readonly evaluations?: number; readonly usd?: number; readonly verified?: boolean } = {}): RunState {
  const story = new Story();
  if (gain !== null) {
    story.tried('a', 'kept', gain.gain);
    if (more.verified !== false) story.say({ type: 'confirmed', id: 'a', against: 'baseline', ok: true, reason: '', gain, heldOut: null });
  }
  return { ...story.say({ type: 'run-ended', summary: summary({}) }).state, evaluations: more.evaluations ?? 60, usd: more.usd ?? 0 };
}
const over = (a: RunState, b: RunState): Comparison => overControl(a, b) ?? assert.fail('they can be compared');
const near = (a: number, b: number): void => assert.ok(Math.abs(a - b) < 1e-9, `${a} is not ${b}`);

describe('the gain over best-of-n', () => {
  it('is the ratio of the gains, and its interval takes both in', () => {
    const c = over(ended(gainOf(3, 2.7, 3.6)), ended(gainOf(2, 1.9, 2.2)));
    near(c.gain, 1.5);
    near(Math.log(c.low), Math.log(1.5) - Math.hypot(Math.log(3 / 2.7), Math.log(2.2 / 2)));
    near(Math.log(c.high), Math.log(1.5) + Math.hypot(Math.log(3.6 / 3), Math.log(2 / 1.9)));
    assert.equal(c.verdict, 'better');
    const back = over(ended(gainOf(2, 1.9, 2.2)), ended(gainOf(3, 2.7, 3.6)));
    near(back.low, 1 / c.high);
    assert.equal(back.verdict, 'worse');
  });

  it('shows no difference where the interval holds 1, also where neither found anything', () => {
    assert.equal(over(ended(gainOf(2, 1.8, 2.2)), ended(gainOf(1.9, 1.7, 2.1))).verdict, 'even');
    const none = over(ended(null), ended(null));
    assert.deepEqual([none.gain, none.low, none.high, none.verdict], [1, 1, 1, 'even']);
    const alone = over(ended(gainOf(2, 1.8, 2.2)), ended(null));
    assert.deepEqual([alone.gain, alone.verdict], [2, 'better']);
    near(alone.low, 1.8);
  });

  it('says nothing where an end is not verified, or not come', () => {
    assert.equal(overControl(ended(gainOf(2, 1.8, 2.2), { verified: false }), ended(null)), null);
    assert.equal(overControl(new Story().state, ended(null)), null);
    assert.equal(overControl(ended(null), new Story().state), null);
    const difference = ended(null);
    assert.ok(difference.noise);
    assert.equal(overControl(ended(null), { ...difference, noise: { ...difference.noise, scale: 'difference' } }), null, 'a ratio and a difference');
  });

  it('says whether the cost was the same', () => {
    const run = ended(gainOf(2, 1.8, 2.2), { usd: 0.4 });
    assert.match(comparisonText(over(run, ended(null, { usd: 0.38 })), ''), /^Over best-of-n at equal cost \(60 evaluations and \$0\.40 against \$0\.38\): 2\.00× \[1\.80–2\.20\], the search found more\./);
    assert.match(comparisonText(over(run, ended(null, { usd: 0.2 })), ''), /at unequal cost \(60 evaluations and \$0\.40 against 60 evaluations and \$0\.20\)/);
    assert.match(comparisonText(over(ended(null), ended(null, { evaluations: 12 })), ''), /at unequal cost \(60 evaluations against 12 evaluations\): 1\.00×, no difference/);
    assert.match(comparisonText(over(ended(null), ended(null)), ''), /at equal cost \(60 evaluations each\)/);
    const spent = (a: number, b: number): boolean => over(ended(null, { usd: a }), ended(null, { usd: b })).equalCost;
    assert.deepEqual([spent(1, 0.91), spent(0.91, 1), spent(1, 0.89), spent(0.89, 1), spent(0, 1)], [true, true, false, false, false]);
  });

  it('covers the true ratio of two noisy gains in about 95 of 100 cases', () => {
    const rng = seededRng('coverage');
    let covered = 0;
    for (let i = 0; i < 2000; i++) {
      const draw = (at: number, sd: number): Gain => {
        const x = at + sd * rng.normal();
        return gainOf(Math.exp(x), Math.exp(x - 1.96 * sd), Math.exp(x + 1.96 * sd));
      };
      const c = over(ended(draw(1, 0.1)), ended(draw(0.6, 0.04)));
      if (Math.log(c.low) <= 0.4 && 0.4 <= Math.log(c.high)) covered++;
    }
    assert.ok(covered / 2000 > 0.935 && covered / 2000 < 0.965, `${covered}`);
  });
});
