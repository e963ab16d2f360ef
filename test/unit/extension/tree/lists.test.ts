// The order and the grouping of solutions in the tree.

import assert from 'node:assert/strict';
import { listsOf, parentOf, pathToBest } from '../../../../src/extension/tree/lists.ts';
import { Story } from './journal.ts';

const ids = (xs: readonly { readonly id: string }[] | undefined): string[] => (xs ?? []).map((x) => x.id);

describe('the lists of a run', () => {
  const story = new Story()
    .tried('slow', 'discarded', 0.9).tried('k1', 'kept', 1.2).tried('fair', 'discarded', 1.01, 'k1').tried('k2', 'kept', 1.5, 'k1').tried('dup', 'duplicate', null, 'k1')
    .tried('bad', 'invalid').tried('red', 'blocked', null, 'k2').tried('dead', 'crashed').tried('late', 'timed-out').tried('odd', 'suspicious', 3, 'k2').tried('open?', 'inconclusive', 1.02, 'k2')
    .propose('now', 'k2');
  const { state } = story;
  const lists = listsOf(state);

  it('puts solutions under their parents: what is evaluated first, then what is verified, then by score', () => {
    assert.deepEqual(ids(lists.children.get('baseline')), ['k1', 'slow']);
    assert.deepEqual(ids(lists.children.get('k1')), ['k2', 'fair']);
    assert.deepEqual(ids(lists.children.get('k2')), ['now', 'odd', 'open?']);
  });

  it('puts all of them into one list by score, verified ones before mere estimates', () => {
    assert.deepEqual(ids(lists.score), ['now', 'k2', 'k1', 'odd', 'open?', 'fair', 'slow']);
  });

  it('keeps aside what failed and what was not measured, the newest first, and loses none', () => {
    assert.deepEqual(ids(lists.aside.failed), ['late', 'dead', 'red']);
    assert.deepEqual(ids(lists.aside.waste), ['bad', 'dup']);
    assert.equal(lists.score.length + lists.aside.failed.length + lists.aside.waste.length, state.solutions.size - 1);
    assert.equal([...lists.children.values()].flat().length, lists.score.length);
  });

  it('shows under the baseline what has no parent that is shown', () => {
    const s = new Story().tried('a', 'blocked').propose('b', 'a').propose('c', 'nowhere').state;
    const parent = (id: string): string => parentOf(s, s.solutions.get(id)!);
    assert.deepEqual([parent('b'), parent('c')], ['baseline', 'baseline']);
  });

  it('opens the path to the best', () => {
    assert.deepEqual([...pathToBest(state)], ['k2', 'k1']);
    assert.deepEqual([...pathToBest(new Story().state)], []);
  });
});
