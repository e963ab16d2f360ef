// AlphaEvolve's own parts: kinds kept apart by traits, islands that do not mix but by migration, and what an ask carries.
import assert from 'node:assert/strict';
import { cellOf } from '../../../src/core/optimizers/alphaevolve.ts';
import { optimizerNamed } from '../../../src/core/optimizers/registry.ts';
import type { Ask, Told } from '../../../src/core/optimizers/optimizer.ts';
import { seededRng } from '../../../src/core/rng.ts';
import { BASELINE } from '../../../src/core/solution.ts';
import { NO_TRAITS, type Traits } from '../../../src/core/traits.ts';
import { COUNT, EXACT, World, asks, play, specOf } from '../engine/world.ts';

interface Session {
  ask: () => Ask | null;
  tell: (ask: Ask, id: string, change: Partial<Told>) => void;
}

function begin(given: Record<string, unknown> = {}, seed = 'islands'): Session {
  const { optimizer: o, options } = optimizerNamed('alphaevolve', given);
  const rng = seededRng(seed);
  let state = o.init(options, { evaluations: 50 });
  return {
    ask: () => {
      const out = o.ask(state, rng);
      state = out.state;
      return out.ask;
    },
    tell: (ask, id, change) => void (state = o.tell(state, { id, parent: ask.parent, ask, outcome: 'discarded', effect: 0, error: 0, feasible: true, operator: 'edit', traits: NO_TRAITS, spent: false, ...change }, rng)),
  };
}
const own = (branch: number, parent = BASELINE): Ask => ({ parent, inspirations: [], branch });
/** The parents that an island would choose in many asks, by island. */
function parentsOf(s: Session, islands: number, asks = 400): ReadonlySet<string>[] {
  const out = Array.from({ length: islands }, () => new Set<string>());
  for (let i = 0; i < asks; i++) {
    const a = s.ask();
    if (a?.branch !== undefined) out[a.branch]!.add(a.parent);
  }
  return out;
}
const kind = (size: number, footprint = 0, branches = 0): Traits => ({ size, footprint, branches });

describe('alphaevolve', () => {
  it('tells kinds apart by size, edited lines and branches', () => {
    const kinds = [kind(0), kind(50), kind(-50), kind(500), kind(-500), kind(0, 5), kind(0, 20), kind(0, 100), kind(0, 0, 1), kind(0, 0, -1)];
    assert.equal(new Set(kinds.map(cellOf)).size, kinds.length);
    assert.equal(cellOf(kind(3, 2)), cellOf(kind(-3, 1)));
    const all = [-999, -50, 0, 50, 999].flatMap((s) => [0, 5, 20, 100].flatMap((f) => [-1, 0, 1].map((b) => cellOf(kind(s, f, b)))));
    assert.equal(new Set(all).size, 60);
    assert.ok(all.every((c) => c >= 0 && c < 60));
  });

  it('keeps the best of each kind, also of kinds that are worse, and never two of one kind', () => {
    const s = begin({ islands: 1 });
    s.tell(own(0), 'good', { effect: 2, traits: kind(50) });
    s.tell(own(0), 'worse', { effect: 1, traits: kind(50) });
    s.tell(own(0), 'other', { effect: -1, traits: kind(-50) });
    assert.deepEqual([...parentsOf(s, 1)[0]!].sort(), [BASELINE, 'good', 'other'].sort());
    s.tell(own(0), 'better', { effect: 3, traits: kind(50) });
    s.tell(own(0), 'lucky', { effect: 9, error: 7, traits: kind(50) });
    assert.deepEqual([...parentsOf(s, 1)[0]!].sort(), [BASELINE, 'better', 'other'].sort());
  });

  it('keeps islands apart until they migrate, one step around the ring', () => {
    const s = begin({ islands: 3, migration: 4, migrants: 0.5 });
    s.tell(own(0), 'a', { effect: 3, traits: kind(50) });
    s.tell(own(1), 'b', { effect: 1, traits: kind(-50) });
    s.tell(own(2), 'c', { outcome: 'crashed', effect: null });
    assert.deepEqual(parentsOf(s, 3).map((p) => [p.has('a'), p.has('b')]), [[true, false], [false, true], [false, false]]);
    s.tell(own(2), 'd', { outcome: 'crashed', effect: null });
    assert.deepEqual(parentsOf(s, 3).map((p) => [p.has('a'), p.has('b')]), [[true, false], [true, true], [false, true]]);
  });

  it('carries operator, mate and inspirations of the same island, and never the parent or the baseline among them', () => {
    const s = begin({ islands: 2, inspirations: 2 });
    for (let i = 0; i < 4; i++) s.tell(own(0), `a${i}`, { effect: i, traits: kind([-500, -50, 50, 500][i]!) });
    const seen = new Map<string, number>();
    for (let i = 0; i < 1000; i++) {
      const a = s.ask()!;
      seen.set(a.operator ?? '', (seen.get(a.operator ?? '') ?? 0) + 1);
      assert.ok(a.inspirations.length <= 2 && !a.inspirations.includes(BASELINE));
      if (a.branch === 1) assert.deepEqual([a.parent, a.inspirations.length, a.operator === 'crossover'], [BASELINE, 0, false]);
      else assert.equal(a.inspirations.length, 2);
    }
    assert.deepEqual([...seen.keys()].sort(), ['crossover', 'diff', 'rewrite']);
    assert.ok(seen.get('diff')! > 500 && seen.get('rewrite')! > 80 && seen.get('crossover')! > 40, JSON.stringify([...seen]));
  });

  it('takes turns among the islands, and passes over those that have nobody left', () => {
    const s = begin({ islands: 3 });
    assert.deepEqual([0, 1, 2, 3].map(() => s.ask()?.branch), [0, 1, 2, 0]);
    s.tell(own(1), 'b', { effect: 1, traits: kind(50) });
    s.tell(own(0), 'x', { outcome: 'invalid', effect: null, spent: true });
    assert.deepEqual([0, 1, 2].map(() => s.ask()?.branch), [1, 1, 1]);
    s.tell(own(1, 'b'), 'y', { outcome: 'invalid', effect: null, spent: true });
    assert.equal(s.ask(), null);
  });

  it('through the engine: kinds come from the diffs, and inspirations reach the proposer', async () => {
    let mates = 0;
    const done = await play({
      spec: specOf({ metrics: [COUNT], evaluations: 40 }), world: new World({ metrics: ['count'] }), noise: EXACT, optimizer: 'alphaevolve', options: { islands: 2 }, lanes: 2,
      propose: (p, n, rng, request) => {
        mates += request.inspirations.length;
        return { ...p, cost: 100 + rng.int(20), pad: 'x'.repeat(n % 2 === 0 ? 300 : 20), tag: n };
      },
    });
    assert.equal(done.summary.evaluations, 40);
    assert.ok(mates > 10);
    assert.ok(new Set(asks(done).map((a) => (JSON.parse(a) as Ask).parent)).size > 3, 'several elites were parents, though none is better than the baseline');
  });
});
