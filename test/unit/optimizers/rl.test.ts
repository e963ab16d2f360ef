// What rl learns: the steps, models and parents that pay; and that a later run begins with it.
import assert from 'node:assert/strict';
import { optimizerNamed } from '../../../src/core/optimizers/registry.ts';
import type { Ask, Plan, Told } from '../../../src/core/optimizers/optimizer.ts';
import { shares, type Weights } from '../../../src/core/optimizers/policy.ts';
import { seededRng } from '../../../src/core/rng.ts';
import { NO_TRAITS } from '../../../src/core/traits.ts';

/** A search of so many asks; `end` says what becomes of each, `id` names what it made. */
function search(asks: number, end: (ask: Ask, i: number) => Partial<Told>, plan: Partial<Plan> = {}, given: Record<string, unknown> = {}): { asked: Ask[]; learned: Weights } {
  const { optimizer: o, options } = optimizerNamed('rl', given);
  const rng = seededRng('rl');
  let state = o.init(options, { evaluations: asks, ...plan });
  const asked: Ask[] = [];
  for (let i = 0; i < asks; i++) {
    const out = o.ask(state, rng);
    state = out.state;
    const { ask } = out;
    assert.ok(ask);
    asked.push(ask);
    state = o.tell(state, { id: `s${i}`, parent: ask.parent, ask, outcome: 'discarded', effect: 0, error: 0, feasible: true, operator: ask.operator ?? '', traits: NO_TRAITS, spent: false, ...end(ask, i) }, rng);
  }
  return { asked, learned: o.learned!(state) };
}

const MODELS = [{ name: 'a/x', weight: 1 }, { name: 'b/y', weight: 1 }];
const share = (asked: readonly Ask[], is: (a: Ask) => boolean): number => asked.filter(is).length / asked.length;
/** Only this step ever finds anything: always a little better than all before. */
const pays = (step: string) => (ask: Ask, i: number): Partial<Told> => (ask.operator === step || i < 3 ? { effect: i / 100, outcome: 'kept' } : { outcome: 'invalid', effect: null });

describe('rl', () => {
  it('takes the step that pays more and more', () => {
    for (const step of ['diff', 'rewrite', 'crossover']) {
      const { asked } = search(300, pays(step));
      const late = share(asked.slice(200), (a) => a.operator === step);
      assert.ok(late > 0.6, `${step}: ${late}`);

    }
    const still = search(300, pays('rewrite'), {}, { rate: 0 }).asked;
    assert.ok(share(still.slice(200), (a) => a.operator === 'rewrite') < 0.3, 'without a rate nothing is learned');
  });

  it('asks the model that pays, by the user\'s shares at first, and no model where there is but one', () => {
    const good = (ask: Ask, i: number): Partial<Told> => (ask.model === 'b/y' ? { effect: i / 100, outcome: 'kept' } : { outcome: 'invalid', effect: null });
    const { asked, learned } = search(300, good, { models: MODELS });
    assert.ok(share(asked.slice(200), (a) => a.model === 'b/y') > 0.8);
    assert.equal(shares(learned, 'model')[0]?.[0], 'b/y');
    const uneven = search(200, () => ({}), { models: [{ name: 'a/x', weight: 9 }, { name: 'b/y', weight: 1 }] }, { rate: 0 }).asked;
    assert.ok(Math.abs(share(uneven, (a) => a.model === 'a/x') - 0.9) < 0.08);
    assert.ok(search(20, () => ({}), { models: MODELS.slice(0, 1) }).asked.every((a) => a.model === undefined));
  });

  it('goes down from what is best where that leads on, and to the original where only that does', () => {
    const onward = (onBest: boolean) => {
      let best = 'baseline';
      return search(400, (ask, i) => {
        const yes = onBest ? ask.parent === best : ask.parent === 'baseline';
        if (!yes && i > 5) return { outcome: 'blocked', effect: null };
        if (onBest) best = `s${i}`;
        return { effect: i / 1000, outcome: 'kept' };
      }).asked.slice(300);
    };
    const original = share(onward(false), (a) => a.parent === 'baseline');
    assert.ok(original > 2 * share(onward(true), (a) => a.parent === 'baseline') && original > 0.3, String(original));
  });

  it('begins with what it is given, but for what is not there any more', () => {
    const { learned } = search(300, pays('rewrite'));
    const later = search(100, () => ({}), { learned: { ...learned, 'model gone/z': 4, nonsense: 3 } }, { rate: 0, forget: 0 });
    assert.ok(share(later.asked.slice(2), (a) => a.operator === 'rewrite') > 0.5);
    assert.equal('nonsense' in later.learned || 'model gone/z' in later.learned, false);
    assert.ok(share(search(100, () => ({}), {}, { rate: 0, forget: 0 }).asked, (a) => a.operator === 'rewrite') < 0.3);
  });

  it('mends what failed, at most twice in a row', () => {
    const { asked } = search(300, (_, i) => (i % 3 === 0 ? { outcome: 'crashed', effect: null } : { effect: 0 }));
    const repairs = asked.filter((a) => a.operator === 'debug');
    assert.ok(repairs.length > 10);
    const depth = new Map<string, number>();
    asked.forEach((a, i) => { if (i % 3 === 0) depth.set(`s${i}`, 1 + (a.broken === undefined ? 0 : depth.get(a.broken)!)); });
    for (const r of repairs) assert.ok(depth.get(r.broken!)! <= 2);
    assert.equal(new Set(repairs.map((r) => r.broken)).size, repairs.length, 'each once');
  });

  it('learns nothing from the run\'s own asks and from a broken evaluation', () => {
    const { optimizer: o, options } = optimizerNamed('rl', { forget: 0 });
    const rng = seededRng('own');
    let state = o.init(options, { evaluations: 9 });
    const before = o.learned!(state);
    const told = (ask: Ask, id: string, change: Partial<Told>): void => { state = o.tell(state, { id, parent: 'baseline', ask, outcome: 'kept', effect: 1, error: 0, feasible: true, operator: '', traits: NO_TRAITS, spent: false, ...change }, rng); };
    told({ parent: 'baseline', inspirations: [], steered: true }, 's0', {});
    assert.deepEqual(o.learned!(state), before);
    const out = o.ask(state, rng);
    state = out.state;
    told(out.ask!, 's1', { outcome: 'infra-error', effect: null });
    assert.deepEqual(o.learned!(state), before);
    const again = o.ask(state, rng);
    state = again.state;
    told(again.ask!, 's2', { effect: 2 });
    assert.notDeepEqual(o.learned!(state), before);
  });
});
