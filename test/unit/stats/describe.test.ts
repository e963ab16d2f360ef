// Descriptions of samples against values worked out by hand.
import assert from 'node:assert/strict';
import { effectOf, effectsOf, lowCount, lowTailMean, mad, mean, median, quantile, sd } from '../../../src/core/stats/describe.ts';

describe('stats/describe', () => {
  it('describes small samples as by hand', () => {
    assert.equal(mean([1, 2, 6]), 3);
    assert.equal(sd([2, 4, 4, 4, 5, 5, 7, 9]), Math.sqrt(32 / 7));
    assert.equal(sd([3]), 0);
    assert.equal(median([5, 1, 3]), 3);
    assert.equal(median([4, 1, 3, 2]), 2.5);
    assert.equal(quantile([10, 20, 30, 40, 50], 0.9), 46);
    assert.equal(mad([1, 1, 2, 2, 4, 6, 9]), 1);
  });

  it('takes a fifth, at least one, as the low tail', () => {
    assert.deepEqual([1, 4, 5, 9, 10, 15, 20, 30].map((n) => lowCount(n)), [1, 1, 1, 1, 2, 3, 4, 6]);
    assert.equal(lowTailMean([9, 3, 8, 7, 6]), 3);
    assert.equal(lowTailMean([10, 9, 8, 7, 6, 5, 4, 3, 2, 1]), 1.5);
  });

  it('refuses empty samples', () => {
    for (const f of [mean, median, sd, mad, lowTailMean]) assert.throws(() => f([]), RangeError);
  });

  it('counts an effect as positive when the candidate costs less', () => {
    const pairs = [{ candidate: 1, incumbent: 3 }, { candidate: 2, incumbent: 2 }];
    assert.deepEqual(effectsOf(pairs), [2, 0]);
    assert.equal(effectOf(pairs, 'mean'), 1);
    assert.equal(effectOf(pairs, 'low-tail'), 1);
  });
});
