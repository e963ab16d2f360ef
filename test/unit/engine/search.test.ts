// The search between optimizer and journal: a replay ends in the same state also for an optimizer that draws while it has nothing to ask.
import assert from 'node:assert/strict';
import type { Event } from '../../../src/core/events.ts';
import type { Optimizer } from '../../../src/core/optimizers/optimizer.ts';
import { Search } from '../../../src/engine/search.ts';

/** Draws at each ask, and has nothing to ask in half of the cases. */
const moody: Optimizer<null> = {
  name: 'moody', summary: '', defaults: {}, init: () => null,
  ask: (state, rng) => ({ state, ask: rng.chance(0.5) ? null : { parent: 'baseline', inspirations: [], operator: String(rng.int(1000)) } }),
  tell: (s) => s, ban: (s) => s,
};

describe('engine: search', () => {
  it('replays asks behind asks that found nothing and left no event', () => {
    const live = new Search(moody, {}, 1, { evaluations: 10 });
    const events: Event[] = [];
    for (let i = 0; events.length < 20; i++) {
      const { ask, rng } = live.ask();
      if (ask !== null) events.push({ v: 1, seq: i, t: i, type: 'asked', ask: events.length, request: ask, rng });
    }
    const next = live.ask();
    const replayed = new Search(moody, {}, 1, { evaluations: 10 });
    for (const e of events) replayed.replay(e, () => undefined);
    assert.deepEqual(replayed.ask(), next);
  });

  it('refuses a journal that the optimizer would not have written', () => {
    const live = new Search(moody, {}, 1, { evaluations: 10 });
    let got = live.ask();
    while (got.ask === null) got = live.ask();
    const event: Event = { v: 1, seq: 0, t: 0, type: 'asked', ask: 0, request: { ...got.ask, operator: 'other' }, rng: got.rng };
    assert.throws(() => new Search(moody, {}, 1, { evaluations: 10 }).replay(event, () => undefined), /would ask/);
  });
});
