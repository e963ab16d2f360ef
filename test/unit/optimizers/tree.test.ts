// The tree's own policy: drafts, the best by a cautious estimate, repairs of what failed, beam and restarts; and a repair through the engine.
import assert from 'node:assert/strict';
import { optimizerNamed } from '../../../src/core/optimizers/registry.ts';
import type { Ask, Told } from '../../../src/core/optimizers/optimizer.ts';
import { seededRng } from '../../../src/core/rng.ts';
import { BASELINE } from '../../../src/core/solution.ts';
import { NO_TRAITS } from '../../../src/core/traits.ts';
import type { ProposalRequest } from '../../../src/engine/ports.ts';
import { COUNT, EXACT, World, play, specOf } from '../engine/world.ts';

/** A search that is told of each ask at once. */
function searchOf(given: Record<string, unknown>): { next: (change: Partial<Told>) => Ask; ban: (id: string) => void } {
  const { optimizer: o, options } = optimizerNamed('tree', given);
  const rng = seededRng('tree');
  let state = o.init(options, { evaluations: 50 });
  let n = 0;
  return {
    next: (change) => {
      const out = o.ask(state, rng);
      assert.ok(out.ask);
      state = o.tell(out.state, { id: `s${n++}`, parent: out.ask.parent, ask: out.ask, outcome: 'discarded', effect: 0, error: 0, feasible: true, operator: 'edit', traits: NO_TRAITS, spent: false, ...change }, rng);
      return out.ask;
    },
    ban: (id) => void (state = o.ban(state, id)),
  };
}
const FAILED = { outcome: 'crashed', effect: null } as const;

describe('tree', () => {
  it('begins with its drafts, and drafts again for those that were no programs of their own', () => {
    const s = searchOf({ drafts: 4, debug: 0 });
    const asks = [s.next({ effect: 1 }), s.next({ outcome: 'duplicate', effect: null }), s.next({}), s.next({}), s.next({}), s.next({})];
    assert.deepEqual(asks.map((a) => a.operator), ['draft', 'draft', 'draft', 'draft', 'draft', 'improve']);
    assert.equal(asks.at(-1)?.parent, 's0');
  });

  it('takes the best by its estimate less its error', () => {
    const s = searchOf({ drafts: 2, debug: 0 });
    s.next({ effect: 1, error: 0.5 });
    s.next({ effect: 0.9, error: 0.1 });
    assert.equal(s.next({ effect: -1 }).parent, 's1');
  });

  it('mends what failed, each once, and repairs of repairs up to the depth', () => {
    const s = searchOf({ drafts: 1, debug: 1, debugDepth: 2 });
    s.next({ effect: 1 });
    assert.deepEqual(s.next(FAILED), { parent: 's0', operator: 'improve', inspirations: [], branch: 0 });
    assert.deepEqual(s.next(FAILED), { parent: 's0', operator: 'debug', broken: 's1', inspirations: [], branch: 0 });
    assert.equal(s.next(FAILED).broken, 's2');
    assert.equal(s.next(FAILED).broken, undefined, 's3 has two repairs behind it');
    assert.equal(s.next({ effect: 2 }).broken, 's4');
    assert.deepEqual(s.next({ outcome: 'suspicious', effect: 9 }), { parent: 's5', operator: 'improve', inspirations: [], branch: 0 });
    assert.equal(s.next({}).broken, undefined, 'what failed an integrity check is not mended');
  });

  it('a beam takes the best in turn', () => {
    const s = searchOf({ drafts: 3, debug: 0, beam: 2 });
    for (const effect of [1, 3, 2]) s.next({ effect });
    assert.deepEqual([1, 2, 3, 4].map(() => s.next({ effect: -1 }).parent), ['s1', 's2', 's1', 's2']);
  });

  it('begins a new tree when nothing better came, and goes back to the old one when the new one has nothing left', () => {
    const s = searchOf({ drafts: 1, debug: 0, restart: 3 });
    s.next({ effect: 5 });
    for (let i = 0; i < 3; i++) assert.equal(s.next({ effect: -1 }).parent, 's0');
    assert.deepEqual(s.next({ effect: 1 }), { parent: BASELINE, operator: 'draft', inspirations: [], branch: 1 });
    assert.equal(s.next({ effect: 0.5 }).parent, 's4', 'the best of this tree, though s0 is better');
    s.ban(BASELINE);
    for (const id of ['s4', 's5']) s.ban(id);
    assert.equal(s.next({}).parent, 's0');
  });

  it('through the engine: the proposer gets the broken text and why, and the repair is a change of sound code', async () => {
    const requests: ProposalRequest[] = [];
    const done = await play({
      spec: specOf({ metrics: [COUNT], evaluations: 6 }), world: new World({ metrics: ['count'] }), noise: EXACT, optimizer: 'tree', options: { drafts: 1, debug: 1 },
      propose: (p, n, _, request) => {
        requests.push(request);
        return request.broken ? { ...p, cost: 50 - n, tag: n } : { ...p, fail: 'gate', tag: n };
      },
    });
    const repair = requests.find((r) => r.broken !== undefined);
    assert.match(Object.values(repair?.broken?.genome ?? {}).join(), /fail gate/);
    assert.match(repair?.broken?.reason ?? '', /test failed/);
    assert.doesNotMatch(Object.values(repair?.parent ?? {}).join(), /fail/);
    const s = [...done.state.solutions.values()].find((x) => x.outcome === 'kept');
    assert.ok(s && s.parents.length === 2);
    assert.equal(done.state.solutions.get(s.parents[1] ?? '')?.outcome, 'blocked');
  });
});
