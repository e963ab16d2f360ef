// Several drafts for one step: asked for together, decided together, whatever the order in which they come.
import assert from 'node:assert/strict';
import type { Ask, Optimizer, Told } from '../../../src/core/optimizers/optimizer.ts';
import { optimizerNamed } from '../../../src/core/optimizers/registry.ts';
import { seededRng, type Rng } from '../../../src/core/rng.ts';
import { BASELINE, type SolutionId } from '../../../src/core/solution.ts';
import { NO_TRAITS } from '../../../src/core/traits.ts';
import { COUNT, EXACT, World, play, specOf } from '../engine/world.ts';

class Session {
  private readonly o: Optimizer;
  private readonly rng: Rng = seededRng('drafts');
  private state: unknown;

  constructor(name: string, given: Readonly<Record<string, unknown>>) {
    const { optimizer, options } = optimizerNamed(name, given);
    this.o = optimizer;
    this.state = optimizer.init(options, { evaluations: 50 });
  }

  ask(): Ask | null {
    const { state, ask } = this.o.ask(this.state, this.rng);
    this.state = state;
    return ask;
  }

  tell(id: SolutionId, ask: Ask, change: Partial<Told> = {}): void {
    this.state = this.o.tell(this.state, { id, parent: ask.parent, ask, outcome: 'discarded', effect: 0, error: 0.01, feasible: true, operator: 'edit', traits: NO_TRAITS, spent: false, ...change }, this.rng);
  }

  ban(id: SolutionId): void {
    this.state = this.o.ban(this.state, id);
  }

  /** A whole step: its asks, then nothing until all are told. */
  step(n: number): readonly Ask[] {
    const asks = Array.from({ length: n }, () => this.ask() ?? assert.fail('an ask'));
    assert.deepEqual(new Set(asks.map((a) => JSON.stringify(a))).size, 1, 'all are the same');
    assert.equal(this.ask(), null, 'it waits');
    return asks;
  }
}

describe('several drafts a step', () => {
  for (const name of ['greedy', 'annealing', 'best-of-n']) {
    it(`${name} asks for all, and decides when all are told`, () => {
      const s = new Session(name, { draftsPerStep: 3 });
      const [a, b, c] = s.step(3) as [Ask, Ask, Ask];
      s.tell('two', b, { outcome: 'kept', effect: 0.4 });
      assert.equal(s.ask(), null);
      s.tell('one', a, { outcome: 'blocked', effect: null });
      s.tell('three', c, { outcome: 'discarded', effect: 0.1 });
      assert.deepEqual(s.step(3).map((x) => x.parent), Array(3).fill(name === 'best-of-n' ? BASELINE : 'two'));
    });
  }

  it('the order in which they come makes no difference', () => {
    for (const name of ['greedy', 'annealing']) {
      const parents = [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]].map((order) => {
        const s = new Session(name, { draftsPerStep: 4 });
        const out: string[] = [];
        for (let n = 0; n < 12; n++) {
          const asks = s.step(4);
          out.push(asks[0]?.parent ?? '');
          const effects = seededRng(`effects ${n}`);
          const told = asks.map((ask, i) => ({ ask, id: `s${n}.${i}`, effect: effects.normal() }));
          for (const i of order) s.tell(told[i]!.id, told[i]!.ask, { effect: told[i]!.effect, outcome: told[i]!.effect > 0.8 ? 'kept' : 'discarded' });
        }
        return out;
      });
      assert.deepEqual(parents[1], parents[0]);
      assert.deepEqual(parents[2], parents[0]);
      assert.ok(new Set(parents[0]).size > 2, 'it moved');
    }
  });

  it('a parent that is spent or banned ends its step', () => {
    const s = new Session('greedy', { draftsPerStep: 4 });
    const first = s.ask() ?? assert.fail();
    s.tell('a', first, { outcome: 'kept', effect: 1 });
    const second = s.ask() ?? assert.fail();
    assert.equal(second.parent, BASELINE);
    s.tell('x', second, { outcome: 'invalid', effect: null, spent: true });
    const third = s.ask() ?? assert.fail();
    assert.equal(third.parent, 'a');
    s.ban('a');
    assert.equal(s.ask(), null);
    s.tell('b', third, { effect: 0.5 });
    assert.equal(s.ask()?.parent, 'b');
  });

  it('what the run asks by itself is no draft', () => {
    const s = new Session('greedy', { draftsPerStep: 2 });
    const [a, b] = s.step(2) as [Ask, Ask];
    s.tell('own', { parent: BASELINE, inspirations: [], steered: true }, { outcome: 'kept', effect: 2 });
    assert.equal(s.ask(), null);
    s.tell('a', a);
    s.tell('b', b);
    assert.equal(s.ask()?.parent, 'own');
  });

  it('tree drafts and mends one at a time, and improves with several', () => {
    const s = new Session('tree', { draftsPerStep: 3, drafts: 2, debug: 1 });
    const drafts = [s.ask(), s.ask()];
    assert.deepEqual(drafts.map((a) => a?.operator), ['draft', 'draft']);
    s.tell('a', drafts[0] as Ask, { outcome: 'kept', effect: 1 });
    s.tell('b', drafts[1] as Ask, { outcome: 'crashed', effect: null });
    const mended = s.ask() ?? assert.fail();
    assert.equal(mended.broken, 'b');
    assert.deepEqual(s.step(3).map((x) => [x.operator, x.parent]), Array(3).fill(['improve', 'a']));
    s.tell('c', mended);
  });

  it('through the engine: the gates prune, the rest is measured, and calls in flight are the drafts of one step', async () => {
    const done = await play({
      spec: specOf({ metrics: [COUNT], evaluations: 12 }), noise: EXACT, world: new World({ metrics: ['count'], ticks: () => 2 }), optimizer: 'greedy', options: { draftsPerStep: 4 }, calls: 8, thinks: () => 30,
      propose: (p, n) => (n % 4 === 1 ? { ...p, fail: 'gate', tag: n } : { ...p, cost: Number(p['cost']) - (n % 4), tag: n }),
    });
    assert.equal(done.proposer.most, 4);
    assert.equal(done.summary.evaluations, 12);
    const parents = done.events.flatMap((e) => (e.type === 'asked' ? [e.request.parent] : []));
    for (let i = 0; i < 12; i += 4) assert.equal(new Set(parents.slice(i, i + 4)).size, 1);
    assert.equal(new Set(parents).size, 3);
    assert.equal(done.summary.counts.blocked, 3);
    assert.equal(done.state.solutions.get(done.state.incumbent)?.metrics['count'], 91);
  });
});
