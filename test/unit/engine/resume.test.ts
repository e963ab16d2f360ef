// Resuming: cut after every single event, a run goes on to the same next ask, pays nothing twice, and counts right.
import assert from 'node:assert/strict';
import type { Event } from '../../../src/core/events.ts';
import { OPTIMIZERS } from '../../../src/core/optimizers/registry.ts';
import { foldRun } from '../../../src/core/run-state.ts';
import { COUNT, EXACT, TIME, World, asks, normal, nulls, outcomes, play, specOf, type Done, type Physics, type Propose, type Setup } from './world.ts';

/** Better, worse, equal, duplicate, nothing, comment, failing: by the ask's own generator, as a proposer must be. */
const mixed: Propose = (parent, _, rng) => {
  const cost = Number(parent['cost']);
  const kind = rng.int(9);
  if (kind === 0) return 'none';
  if (kind === 1) return { ...parent };
  if (kind === 2) return { ...parent, '# comment': rng.int(1000) };
  if (kind === 3) return { ...parent, fail: rng.pick(['gate', 'crash', 'timeout']), tag: rng.int(1000) };
  if (kind <= 5) return { ...parent, cost: Math.round(cost * 0.8), tag: rng.int(3) };
  return { ...parent, cost: Math.round(cost * (0.9 + 0.4 * rng.next())), tag: rng.int(3) };
};

/** What a journal says happened, without times: duplicates of an ask that was cut are seen. */
function story(events: readonly Event[]): string[] {
  return events.flatMap((e) => {
    switch (e.type) {
      case 'asked': return [`asked ${e.ask} ${JSON.stringify(e.request)} ${e.rng}`];
      case 'proposed': return [`proposed ${e.ask} ${e.id} ${e.patch}`];
      case 'verdict': return [`verdict ${e.ask} ${e.id} ${e.outcome} ${String(e.effect)}`];
      case 'promoted': return [`promoted ${e.id} over ${e.over}`];
      case 'confirmed': return [`confirmed ${e.id} ${e.ok}`];
      default: return [];
    }
  });
}

const exactPhysics: Partial<Physics> = { metrics: ['count'] };

/** A whole run, then one resumed from each of its prefixes. */
async function everyPrefix(setup: Omit<Setup, 'world'>, physics: () => Partial<Physics>, check: (whole: Done, resumed: Done, prefix: readonly Event[]) => void): Promise<number> {
  const whole = await play({ ...setup, world: new World(physics()) });
  const { lines } = whole.journal;
  const first = setup.noise ? 2 : 1;
  for (let n = first; n <= lines.length; n++) {
    const resume = lines.slice(0, n);
    const world = new World(physics());
    world.now = (JSON.parse(resume[n - 1]!) as Event).t + 60_000;
    const resumed = await play({ ...setup, world, resume });
    assert.equal(world.standing.size, 0);
    check(whole, resumed, resumed.events.slice(0, n));
  }
  return lines.length;
}

function noAskTwice(d: Done): void {
  const seen = new Set<string>();
  for (const e of d.events) {
    if (e.type !== 'proposed' && e.type !== 'verdict' && e.type !== 'asked') continue;
    const key = `${e.type} ${e.ask}`;
    assert.ok(!seen.has(key), `${key} is there twice`);
    seen.add(key);
  }
}

describe('engine: resume', () => {
  for (const { name } of OPTIMIZERS) {
    it(`after any event of an exact run tells the same story to the end (${name})`, async () => {
      const setup = { spec: specOf({ metrics: [COUNT], evaluations: 12 }), propose: mixed, optimizer: name, seed: 3, usd: 1 };
      const events = await everyPrefix(setup, () => exactPhysics, (whole, resumed) => {
        assert.deepEqual(story(resumed.events), story(whole.events));
        noAskTwice(resumed);
        assert.deepEqual(resumed.summary.counts, whole.summary.counts);
        assert.equal(resumed.summary.usd, whole.summary.usd, 'a model call is paid twice, or forgotten');
        assert.equal(resumed.summary.best, whole.summary.best);
        assert.deepEqual(resumed.summary.gain?.gain, whole.summary.gain?.gain);
      });
      assert.ok(events > 50);
    });
  }

  it('after any event of a noisy run asks the same next thing', async () => {
    const setup = { spec: specOf({ metrics: [TIME], evaluations: 8 }), propose: mixed, optimizer: 'annealing', seed: 5, noise: {} };
    await everyPrefix(setup, () => ({ noise: normal(0.02) }), (whole, resumed, prefix) => {
      noAskTwice(resumed);
      const before = asks({ events: prefix }).length;
      const open = foldRun(prefix).open.size;
      // With no ask open the next one follows from the journal alone; with one open its proposal does.
      if (open === 0 && before < asks(whole).length) assert.equal(asks(resumed)[before], asks(whole)[before]);
      const proposals = (d: Done): string[] => d.events.flatMap((e) => (e.type === 'proposed' ? [`${e.ask} ${e.id}`] : []));
      if (open === 1) assert.deepEqual(proposals(resumed).slice(0, before), proposals(whole).slice(0, before));
      assert.equal(resumed.summary.evaluations, 8);
      const measured = Object.values(resumed.summary.counts).reduce((a, b) => a + b, 0);
      assert.equal(measured, resumed.state.solutions.size - 1);
      assert.ok(resumed.state.errors.spent + resumed.state.errors.left <= 0.05 + 1e-12);
    });
  });

  it('with several lanes loses none of the asks in flight', async () => {
    let n = 0;
    const physics = (): Partial<Physics> => ({ ...exactPhysics, ticks: () => 1 + (n++ * 7919) % 13 });
    const setup = { spec: specOf({ metrics: [COUNT], evaluations: 10 }), propose: mixed, optimizer: 'greedy', seed: 2, lanes: 3, noise: EXACT };
    await everyPrefix(setup, physics, (_, resumed) => {
      noAskTwice(resumed);
      assert.equal(resumed.state.open.size, 0);
      assert.equal(resumed.summary.evaluations, 10);
      const asked = resumed.events.flatMap((e) => (e.type === 'asked' ? [e.ask] : []));
      const decided = resumed.events.flatMap((e) => (e.type === 'verdict' ? [e.ask] : []));
      assert.deepEqual([...asked].sort((a, b) => a - b), [...decided].sort((a, b) => a - b));
      const { incumbent, solutions } = resumed.state;
      const best = Math.min(...resumed.events.flatMap((e) => (e.type === 'verdict' && e.outcome === 'kept' ? [e.metrics['count']!] : [100])));
      if (incumbent !== 'baseline') assert.equal(solutions.get(incumbent)?.metrics['count'], best);
    });
  });

  it('refuses a journal that another optimizer wrote', async () => {
    const setup: Setup = { spec: specOf({ metrics: [COUNT], evaluations: 5 }), world: new World(exactPhysics), propose: (p, n) => ({ ...p, cost: 100 - 10 * n, tag: n }) };
    const done = await play({ ...setup, optimizer: 'greedy' });
    await assert.rejects(play({ ...setup, world: new World(exactPhysics), optimizer: 'best-of-n', resume: done.journal.lines.slice(0, -3) }), /would ask/);
  });

  it('goes on after an interrupt, which is no end: nothing is verified, nothing is lost', async () => {
    const interrupt = new AbortController();
    const setup: Setup = { spec: specOf({ evaluations: 8 }), world: new World({ noise: normal(0.01) }), propose: (p, n) => ({ ...p, cost: n === 1 ? 50 : 100, tag: n }), noise: {} };
    const done = await play({ ...setup, interrupt: interrupt.signal, onEvent: (e) => {
      if (e.type === 'promoted') interrupt.abort();
    } });
    assert.equal(done.summary.reason, 'interrupted');
    assert.equal(done.summary.gain, null);
    const again = await play({ ...setup, world: new World({ noise: normal(0.01, 'b') }), resume: done.journal.lines });
    assert.equal(again.summary.reason, 'budget');
    assert.equal(again.summary.evaluations, 8);
    assert.ok(again.summary.gain && again.summary.gain.low > 1.9);
  });

  it('an abort leaves at once, with the open ask to be taken up', async () => {
    const abort = new AbortController();
    const setup: Setup = { spec: specOf({ evaluations: 6 }), world: new World({ noise: normal(0.01) }), propose: nulls, noise: {} };
    const done = await play({ ...setup, abort: abort.signal, onEvent: (e) => {
      if (e.type === 'round' && e.pair === 2) abort.abort();
    } });
    assert.equal(done.summary.reason, 'interrupted');
    assert.equal(done.state.open.size, 1);
    assert.equal(done.world.standing.size, 0);
    const again = await play({ ...setup, world: new World({ noise: normal(0.01) }), resume: done.journal.lines });
    assert.equal(again.proposer.calls, 5, 'the open ask has its proposal');
    assert.equal(outcomes(again).length, 6);
  });

  it('time at rest is not time at work', async () => {
    const setup: Setup = { spec: specOf({ evaluations: 4 }), world: new World({ noise: normal(0.01) }), propose: nulls, noise: {} };
    const done = await play(setup);
    const world = new World({ noise: normal(0.01) });
    world.now = done.world.now + 1e9;
    const again = await play({ ...setup, world, resume: done.journal.lines, extendTo: 6 });
    assert.equal(again.summary.evaluations, 6);
    assert.ok(again.summary.seconds < 2 * done.summary.seconds + 10, `${again.summary.seconds}`);
  });
});
