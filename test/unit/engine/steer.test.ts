// Steering: what people tell a search, as its asks and its proposer see it, also when it is killed and resumed at any point.
import assert from 'node:assert/strict';
import type { Action, Event } from '../../../src/core/events.ts';
import { OPTIMIZERS } from '../../../src/core/optimizers/registry.ts';
import { FOCUS_ASKS, foldRun } from '../../../src/core/run-state.ts';
import { COUNT, EXACT, World, asks, play, specOf, type Done, type Physics, type Propose, type Setup } from './world.ts';

const exact: Partial<Physics> = { metrics: ['count'] };
/** Each child another program; every third is better. */
const steady: Propose = (parent, ask, rng) => ({ ...parent, cost: Number(parent['cost']) - (ask % 3 === 2 ? 5 : -3), tag: rng.int(1_000_000) });
const spec = (evaluations = 16): Setup['spec'] => specOf({ metrics: [COUNT], evaluations, instructions: 'from the spec' });

const parents = (events: readonly Event[]): { readonly parent: string; readonly steered: boolean }[] =>
  events.flatMap((e) => (e.type === 'asked' ? [{ parent: e.request.parent, steered: e.request.steered === true }] : []));

/** Steers as soon as the first verdict is there, to the solution of that verdict. */
function steering(setup: Omit<Setup, 'onEvent'>, text = 'look there', after = 1): Setup {
  let verdicts = 0;
  return { ...setup, onEvent: (e, journal) => {
    if (e.type === 'verdict' && ++verdicts === after) journal.act({ type: 'steered', text, focus: e.id });
  } };
}

describe('engine: steering', () => {
  for (const { name } of OPTIMIZERS) {
    it(`makes a solution the parent of the next asks, and then it is the optimizer's turn again (${name})`, async () => {
      const done = await play(steering({ spec: spec(), world: new World(exact), propose: steady, optimizer: name, noise: EXACT }));
      const first = done.events.find((e) => e.type === 'verdict');
      assert.ok(first);
      const seen = parents(done.events);
      assert.deepEqual(seen.slice(1, 1 + FOCUS_ASKS), Array.from({ length: FOCUS_ASKS }, () => ({ parent: first.id, steered: true })));
      assert.ok(seen.slice(1 + FOCUS_ASKS).every((a) => !a.steered));
      assert.equal(done.summary.evaluations, 16);
      assert.equal(done.state.focus, null);
    });

    it(`tells the same story from any event on (${name})`, async () => {
      const setup = { spec: spec(10), propose: steady, optimizer: name, seed: 4, noise: EXACT };
      const whole = await play(steering({ ...setup, world: new World(exact) }, 'look there', 2));
      const { lines, people } = whole.journal;
      const story = (d: Done): string[] => d.events.flatMap((e) => (e.type === 'asked' ? [`${e.ask} ${JSON.stringify(e.request)} ${e.rng}`] : e.type === 'proposed' ? [`${e.id} ${e.patch}`] : e.type === 'verdict' ? [`${e.id} ${e.outcome}`] : []));
      for (let n = 2; n <= lines.length; n++) {
        const events = lines.slice(0, n).map((l) => JSON.parse(l) as Event);
        const before = events.filter((e) => e.type === 'verdict').length;
        // The action stood there if the second verdict did.
        const resumed = await play({ ...setup, world: new World(exact), resume: lines.slice(0, n), people: before >= 2 ? people : [], ...(before >= 2 ? {} : { onEvent: steering({ ...setup, world: new World(exact) }, 'look there', 2 - before).onEvent! }) });
        assert.deepEqual(story(resumed), story(whole), `cut after ${n} lines`);
      }
    });
  }

  it('tells the optimizer what became of them: what is kept from there is gone on with', async () => {
    const done = await play(steering({ spec: spec(10), world: new World(exact), propose: (p, n) => ({ ...p, cost: n === 0 ? 120 : n === 3 ? 10 : 200, tag: n }), optimizer: 'greedy', noise: EXACT }));
    const kept = done.events.flatMap((e) => (e.type === 'verdict' && e.outcome === 'kept' ? [e.id] : []));
    assert.equal(kept.length, 1);
    assert.deepEqual(parents(done.events).slice(6), Array.from({ length: 4 }, () => ({ parent: kept[0], steered: false })));
  });

  it('gives the proposer the words from then on, with those of the spec, and again the same to an ask that was cut', async () => {
    const heard: string[] = [];
    const listening: Propose = (p, n, rng, request) => {
      heard.push(request.instructions);
      return steady(p, n, rng, request);
    };
    const setup = { spec: spec(4), world: new World(exact), propose: listening, noise: EXACT };
    const done = await play(steering({ ...setup }, 'avoid sorting'));
    assert.deepEqual(heard, ['from the spec', ...Array.from({ length: 3 }, () => 'from the spec\n\navoid sorting')]);
    assert.deepEqual(done.state.notes, ['avoid sorting']);
    // Cut behind the first ask, and told more meanwhile: the ask is answered as it was asked.
    const cut = done.journal.lines.findIndex((l) => (JSON.parse(l) as Event).type === 'asked') + 1;
    heard.length = 0;
    const note: Action = { v: 1, seq: 0, t: 0, type: 'steered', text: 'later', focus: null };
    await play({ ...setup, world: new World(exact), resume: done.journal.lines.slice(0, cut), people: [note] });
    assert.deepEqual(heard, ['from the spec', ...Array.from({ length: 3 }, () => 'from the spec\n\nlater')]);
  });

  it('is left where the solution is banned, and where its proposer has nothing more for it', async () => {
    const ban = await play({ spec: spec(8), world: new World(exact), propose: steady, noise: EXACT, onEvent: (e, journal) => {
      if (e.type !== 'verdict') return;
      const n = journal.people.length;
      if (n === 0) journal.act({ type: 'steered', text: '', focus: e.id });
      else if (n === 1) journal.act({ type: 'banned', id: (journal.people[0] as Extract<Action, { type: 'steered' }>).focus! });
    } });
    assert.equal(parents(ban.events).filter((a) => a.steered).length, 1);
    const spent = await play(steering({ spec: spec(8), world: new World(exact), noise: EXACT, propose: (p, n, rng, r) => (p['tag'] === undefined ? steady(p, n, rng, r) : null) }));
    assert.equal(parents(spent.events).filter((a) => a.steered).length, 1);
    assert.equal(spent.summary.evaluations, 8, 'the search goes on elsewhere');
  });

  it('waits for the resume of a run that has ended, and forgets no later action', async () => {
    const setup: Setup = { spec: spec(3), world: new World(exact), propose: steady, noise: EXACT };
    const done = await play(setup);
    const worst = done.events.flatMap((e) => (e.type === 'verdict' && e.outcome !== 'kept' ? [e.id] : []))[0]!;
    // Numbers go on behind a line that this version does not know.
    const people: Action[] = [{ v: 1, seq: 1, t: 0, type: 'steered', text: '', focus: worst }, { v: 1, seq: 2, t: 0, type: 'banned', id: 'nobody' }];
    const again = await play({ ...setup, world: new World(exact), resume: done.journal.lines, people, extendTo: 6 });
    assert.deepEqual(parents(again.events).slice(3), Array.from({ length: 3 }, () => ({ parent: worst, steered: true })));
    assert.equal(foldRun(again.events).actionsSeen, 3);
    assert.equal(asks(again).length, 6);
  });
});
