// The order and the grouping of solutions in the tree.

import assert from 'node:assert/strict';
import fc from 'fast-check';
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

  it('comes to the same from the lists before as from nothing, whatever came', () => {
    const s = new Story();
    let before = listsOf(s.state);
    const steps: (() => unknown)[] = [
      () => s.propose('a'), () => s.judge('a', 'kept', 1.2), () => s.propose('b', 'a'), () => s.judge('b', 'blocked'), () => s.tried('c', 'discarded', 1.3, 'a'), () => s.tried('d', 'duplicate'),
      () => s.propose('e', 'a').propose('f', 'a'), () => s.judge('e', 'kept', 1.5), () => s.judge('f', 'discarded', 1.1), () => s.tried('g', 'infra-error'), () => s.act('banned', 'c'),
      () => s.say({ type: 'confirmed', id: 'e', against: 'baseline', ok: false, reason: 'no', gain: null, heldOut: null }), () => s.judge('g', 'discarded', 1.7),
    ];
    for (const step of steps) {
      step();
      before = listsOf(s.state, before);
      assert.deepEqual(before, listsOf(s.state));
    }
    assert.deepEqual(listsOf(new Story().tried('z', 'kept', 2).state, before), listsOf(new Story().tried('z', 'kept', 2).state), 'also of a run that was begun anew');
  });

  it('comes to the same in any order of events, and however many come at once', () => {
    const outcome = fc.constantFrom('kept' as const, 'discarded' as const, 'inconclusive' as const, 'blocked' as const, 'crashed' as const, 'duplicate' as const);
    const event = fc.record({ new: fc.boolean(), at: fc.nat(), outcome, worth: fc.integer({ min: 8, max: 14 }), look: fc.boolean() });
    fc.assert(fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const s = new Story();
      let before = listsOf(s.state);
      let made = 0;
      for (const e of events) {
        const parent = e.at % (made + 1) === 0 ? 'baseline' : `s${e.at % (made + 1)}`;
        if (e.new || made === 0) s.propose(`s${++made}`, parent);
        else s.judge(`s${1 + (e.at % made)}`, e.outcome, e.outcome === 'blocked' || e.outcome === 'crashed' || e.outcome === 'duplicate' ? null : e.worth / 10);
        if (!e.look) continue;
        before = listsOf(s.state, before);
        assert.deepEqual(before, listsOf(s.state));
      }
    }), { numRuns: 300 });
  });

  it('opens the path to the best', () => {
    assert.deepEqual([...pathToBest(state)], ['k2', 'k1']);
    assert.deepEqual([...pathToBest(new Story().state)], []);
  });
});
