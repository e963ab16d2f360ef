// UCB's own policy: more asks where more is found, pruned branches, lanes that spread out, and branches taken up again when nothing else is left.
import assert from 'node:assert/strict';
import { optimizerNamed } from '../../../src/core/optimizers/registry.ts';
import type { Ask, Told } from '../../../src/core/optimizers/optimizer.ts';
import { seededRng } from '../../../src/core/rng.ts';
import { BASELINE } from '../../../src/core/solution.ts';
import { NO_TRAITS } from '../../../src/core/traits.ts';

interface Session {
  ask: () => Ask | null;
  tell: (ask: Ask, change: Partial<Told>) => string;
}

function begin(given: Record<string, unknown> = {}): Session {
  const { optimizer: o, options } = optimizerNamed('ucb', given);
  const rng = seededRng('ucb');
  let state = o.init(options, { evaluations: 50 });
  let n = 0;
  return {
    ask: () => {
      const out = o.ask(state, rng);
      state = out.state;
      return out.ask;
    },
    tell: (ask, change) => {
      const id = `s${n++}`;
      state = o.tell(state, { id, parent: ask.parent, ask, outcome: 'discarded', effect: 0, error: 0, feasible: true, operator: 'edit', traits: NO_TRAITS, spent: false, ...change }, rng);
      return id;
    },
  };
}

/** Two first changes, one of which leads on and one of which does not; who was asked for in which branch. */
function twoBranches(given: Record<string, unknown>, asks: number): { branches: string[]; s: Session } {
  const s = begin(given);
  const branch = new Map<string, string>([[BASELINE, 'root']]);
  const worth = new Map<string, number>([[BASELINE, 0]]);
  const branches: string[] = [];
  for (let i = 0; i < asks; i++) {
    const a = s.ask();
    assert.ok(a);
    const of = branch.get(a.parent)!;
    const mine = of === 'root' ? (i === 0 ? 'good' : i === 1 ? 'poor' : 'root') : of;
    branches.push(of);
    const effect = worth.get(a.parent)! + (mine === 'good' ? 0.1 : -0.1);
    const id = s.tell(a, of === 'root' && i > 1 ? { outcome: 'crashed', effect: null } : { effect });
    branch.set(id, mine);
    worth.set(id, effect);
  }
  return { branches, s };
}

describe('ucb', () => {
  it('asks more where more is found, and still looks elsewhere', () => {
    const { branches } = twoBranches({ prune: 1e6, explore: 0.5 }, 120);
    const count = (b: string): number => branches.filter((x) => x === b).length;
    assert.ok(count('good') > 3 * count('poor'), `${count('good')} to ${count('poor')}`);
    assert.ok(count('poor') > 1 && count('root') > 3);
    const wide = twoBranches({ prune: 1e6, explore: 5 }, 120).branches;
    assert.ok(wide.filter((b) => b === 'good').length < count('good'), 'explores more when told to');
  });

  it('gives a branch up in which nothing better came, but takes it up again when nothing else is left', () => {
    const s = begin({ prune: 3, explore: 1 });
    const root = (): Ask => ({ parent: BASELINE, inspirations: [], steered: true });
    s.tell(root(), { effect: -1 }); // s0: poor
    s.tell(root(), { effect: 1 }); // s1: the best
    for (let i = 0; i < 3; i++) s.tell({ parent: 's0', inspirations: [], steered: true }, { outcome: 'crashed', effect: null });
    for (let i = 0; i < 40; i++) {
      const a = s.ask();
      assert.ok(a && a.parent !== 's0', 's0 is given up');
      s.tell(a, { outcome: 'crashed', effect: null });
    }
    for (const parent of [BASELINE, 's1']) s.tell({ parent, inspirations: [], steered: true }, { outcome: 'invalid', effect: null, spent: true });
    assert.equal(s.ask()?.parent, 's0');
  });

  it('never gives up the way to the best', () => {
    const s = begin({ prune: 2 });
    s.tell({ parent: BASELINE, inspirations: [], steered: true }, { effect: 1 });
    const asked = new Set<string>();
    for (let i = 0; i < 60; i++) {
      const a = s.ask();
      assert.ok(a);
      asked.add(a.parent);
      s.tell(a, { effect: -1 });
    }
    const last = Array.from({ length: 20 }, () => {
      const a = s.ask()!;
      s.tell(a, { effect: -1 });
      return a.parent;
    });
    assert.ok(asked.has('s0') && last.includes('s0'), last.join());
  });

  it('spreads asks that are in flight at once', () => {
    const s = begin();
    for (let i = 0; i < 4; i++) s.tell({ parent: BASELINE, inspirations: [], steered: true }, { effect: i / 10 });
    const parents = Array.from({ length: 6 }, () => s.ask()!.parent);
    assert.ok(new Set(parents).size >= 4, parents.join());
  });
});
