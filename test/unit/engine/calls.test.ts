// Proposals in flight apart from the lanes: how far they run ahead, what a stop leaves, what a resume takes up, and that nothing disturbs a measurement.
import assert from 'node:assert/strict';
import type { Event } from '../../../src/core/events.ts';
import { OPTIMIZERS } from '../../../src/core/optimizers/registry.ts';
import { seededRng } from '../../../src/core/rng.ts';
import { aheadOf, NO_TIMES } from '../../../src/engine/ahead.ts';
import { Quiet } from '../../../src/engine/quiet.ts';
import { run } from '../../../src/engine/run.ts';
import { COUNT, EXACT, World, normal, nulls, outcomes, play, requestOf, specOf, type Propose, type Setup } from './world.ts';

const mixed: Propose = (parent, _, rng) => {
  const kind = rng.int(8);
  if (kind === 0) return 'none';
  if (kind === 1) return { ...parent };
  if (kind === 2) return { ...parent, fail: rng.pick(['gate', 'crash']), tag: rng.int(1000) };
  return { ...parent, cost: Math.round(Number(parent['cost']) * (0.8 + 0.4 * rng.next())), tag: rng.int(3) };
};

/** Open asks after each event: those proposed and not yet judged, and those in flight. */
function openAfter(events: readonly Event[]): { readonly asked: number; readonly waiting: number }[] {
  let asked = 0;
  let waiting = 0;
  return events.map((e) => {
    if (e.type === 'asked') asked++;
    if (e.type === 'proposed') { asked--; waiting++; }
    if (e.type === 'verdict') waiting--;
    return { asked, waiting };
  });
}

describe('engine: who proposes', () => {
  const setup = (): ReturnType<typeof requestOf> => requestOf({ spec: specOf({ metrics: [COUNT], evaluations: 3 }), world: new World({ metrics: ['count'] }), propose: mixed });

  it('is seen to be there before anything is measured, when the run can be seen', async () => {
    const { request, journal, proposer } = setup();
    const nobody = new Error('nobody is there');
    const ready = (): Promise<void> => Promise.reject(nobody);
    await assert.rejects(run({ ...request, ports: { ...request.ports, proposer: Object.assign(proposer, { ready }) } }), nobody);
    assert.deepEqual(journal.events.map((e) => e.type), ['run-started']);
  });

  it('is waited for only until the run is ended, which can go on', async () => {
    const { request, journal, proposer } = setup();
    const interrupt = new AbortController();
    const ready = (signal: AbortSignal): Promise<void> => new Promise((_, fail) => { signal.addEventListener('abort', () => { fail(signal.reason as Error); }); });
    const ended = run({ ...request, interrupt: interrupt.signal, ports: { ...request.ports, proposer: Object.assign(proposer, { ready }) } });
    interrupt.abort();
    assert.equal((await ended).reason, 'interrupted');
    assert.deepEqual(journal.events.map((e) => e.type), ['run-started', 'stopped', 'run-ended']);
  });
});

describe('engine: calls in flight', () => {
  const count = { spec: specOf({ metrics: [COUNT], evaluations: 30 }), noise: EXACT };

  for (const lanes of [1, 3]) {
    for (const calls of [1, 2, 5]) {
      it(`${calls} with ${lanes} lanes: as many as allowed, beside the evaluations, and the budget holds`, async () => {
        const rng = seededRng(`thinking ${calls} ${lanes}`);
        const done = await play({ ...count, lanes, calls, world: new World({ metrics: ['count'], ticks: () => 20 }), propose: mixed, thinks: () => 40 + rng.int(200) });
        assert.equal(done.proposer.most, calls);
        assert.equal(done.summary.evaluations, 30);
        assert.equal(done.summary.reason, 'budget');
        assert.equal(done.state.open.size, 0);
        assert.equal(done.world.standing.size, 0);
        const open = openAfter(done.events);
        assert.ok(open.every((o) => o.asked <= calls && o.asked + o.waiting <= calls + 2 * lanes), 'the ready ones are few');
        assert.ok(open.some((o, i) => o.asked > 0 && done.events[i]?.type === 'gated'), 'calls go on while solutions are evaluated');
      });
    }
  }

  it('judge in the order in which answers come', async () => {
    const thoughts = [200, 10, 100];
    let n = 0;
    const done = await play({ ...count, spec: specOf({ metrics: [COUNT], evaluations: 3 }), calls: 3, world: new World({ metrics: ['count'] }), propose: nulls, thinks: () => thoughts[n++] ?? 0 });
    assert.deepEqual(done.events.flatMap((e) => (e.type === 'verdict' ? [e.ask] : [])), [1, 2, 0]);
  });

  it('run no further ahead than the evaluations use', async () => {
    // Answers at once, evaluations of many steps: one is ready, and its parent is fresh.
    const done = await play({ ...count, calls: 8, world: new World({ metrics: ['count'], ticks: () => 50 }), propose: nulls, thinks: () => 1 });
    const open = openAfter(done.events);
    const first = done.events.findIndex((e) => e.type === 'verdict');
    assert.ok(Math.max(...open.slice(0, first).map((o) => o.asked + o.waiting)) <= 9);
    const later = done.events.flatMap((e, i) => (e.type === 'asked' && e.ask >= 12 ? [open[i]!] : []));
    assert.ok(later.length > 10 && later.every((o) => o.asked + o.waiting <= 3), JSON.stringify(later));
  });

  it('aheadOf: as many as the lanes take up during a call, and one for each lane', () => {
    assert.equal(aheadOf(4, 1, NO_TIMES), 4);
    assert.equal(aheadOf(4, 1, { ...NO_TIMES, callMs: 9000, useful: 3 }), 4, 'no evaluation has ended yet');
    assert.equal(aheadOf(4, 1, { ...NO_TIMES, evaluationMs: 9000, evaluated: 3 }), 4, 'nor a call');
    assert.equal(aheadOf(4, 1, { callMs: 100, useful: 10, evaluationMs: 100_000, evaluated: 10 }), 1, 'fast answers, slow evaluations: the next is asked when the lane takes up the last');
    assert.equal(aheadOf(8, 3, { callMs: 49_000, useful: 10, evaluationMs: 100_000, evaluated: 10 }), 3, 'one for each lane, also where a call takes twice as long as most');
    assert.equal(aheadOf(8, 3, { callMs: 51_000, useful: 10, evaluationMs: 100_000, evaluated: 10 }), 7);
    assert.equal(aheadOf(4, 1, { callMs: 100_000, useful: 10, evaluationMs: 100, evaluated: 10 }), 5, 'slow answers: all that is allowed');
    assert.equal(aheadOf(32, 2, { callMs: 40_000, useful: 10, evaluationMs: 20_000, evaluated: 10 }), 10);
    assert.equal(aheadOf(32, 2, { callMs: 40_000, useful: 5, evaluationMs: 20_000, evaluated: 10 }), 18, 'half of the answers are of no use');
  });

  for (const { name } of OPTIMIZERS) {
    it(`${name}: cut after every event and resumed, no ask is lost, made or paid twice`, async () => {
      const setup = (seed: string): Omit<Setup, 'resume'> => {
        const rng = seededRng(seed);
        return { spec: specOf({ metrics: [COUNT], evaluations: 10 }), noise: EXACT, world: new World({ metrics: ['count'], ticks: () => 1 + rng.int(9) }), propose: mixed, thinks: () => rng.int(60), optimizer: name, calls: 3, lanes: 2, seed: 2, usd: 1 };
      };
      const whole = await play(setup('whole'));
      const { lines } = whole.journal;
      for (let n = 2; n <= lines.length; n += 3) {
        const s = setup(`resumed ${n}`);
        s.world.now = (JSON.parse(lines[n - 1]!) as Event).t + 60_000;
        const resumed = await play({ ...s, resume: lines.slice(0, n) });
        const asks = (type: 'asked' | 'proposed' | 'verdict'): number[] => resumed.events.flatMap((e) => (e.type === type ? [e.ask] : [])).sort((a, b) => a - b);
        assert.deepEqual(asks('proposed'), asks('asked'));
        assert.deepEqual(asks('verdict'), asks('asked'));
        assert.deepEqual(asks('asked'), asks('asked').map((_, i) => i), 'none is there twice');
        assert.equal(resumed.summary.evaluations, 10);
        assert.equal(resumed.summary.usd, asks('proposed').length);
        assert.equal(resumed.world.standing.size, 0);
      }
    });
  }

  for (const how of ['interrupt', 'stop', 'time'] as const) {
    it(`${how}: what is evaluated gets its verdict, answers under way are kept, and nothing more begins`, async () => {
      const interrupt = new AbortController();
      const setup: Setup = { ...count, spec: specOf({ metrics: [COUNT], evaluations: 30, ...(how === 'time' ? { timeMs: 500 } : {}) }), calls: 4, world: new World({ metrics: ['count'], ticks: () => 9 }), propose: nulls, thinks: () => 60 };
      let asked = 0;
      let verdicts = 0;
      const done = await play({ ...setup, interrupt: interrupt.signal, onEvent: (e, journal) => {
        if (e.type === 'asked') asked++;
        if (e.type !== 'verdict' || ++verdicts !== 4) return;
        if (how === 'interrupt') interrupt.abort();
        if (how === 'stop') journal.act({ type: 'stop-requested' });
      } });
      assert.equal(done.summary.reason, { interrupt: 'interrupted', stop: 'stopped', time: 'time' }[how]);
      assert.ok(done.summary.evaluations < 30);
      assert.ok([...done.state.open.values()].length > 0 && [...done.state.open.values()].every((id) => id !== null), 'each open ask has its answer');
      assert.equal(done.proposer.calls, asked);
      const again = await play({ ...setup, spec: specOf({ metrics: [COUNT], evaluations: 30 }), world: new World({ metrics: ['count'] }), resume: done.journal.lines });
      if (how === 'time') return; // the plan in the journal has no time left
      assert.equal(again.summary.reason, 'budget');
      assert.equal(again.summary.evaluations, 30);
      assert.equal(again.proposer.calls + done.proposer.calls, 30, 'no answer is asked for again');
      assert.equal(again.state.open.size, 0);
    });
  }

  it('a proposer that fails ends the run when the evaluation in flight is done, and answers that came are kept', async () => {
    const setup: Setup = { ...count, calls: 3, world: new World({ metrics: ['count'], ticks: () => 9 }), propose: (p, n) => {
      if (n === 5) throw new Error('the key was refused');
      return { ...p, tag: n };
    }, thinks: () => 30 };
    const { request, journal } = requestOf(setup);
    await assert.rejects(run(request), /the key was refused/);
    assert.equal(setup.world.standing.size, 0);
    const open = journal.events.filter((e) => e.type === 'asked').length - journal.events.filter((e) => e.type === 'verdict').length;
    assert.ok(open > 0);
    const again = await play({ ...setup, world: new World({ metrics: ['count'] }), propose: nulls, resume: journal.lines });
    assert.equal(again.summary.evaluations, 30);
  });

  it('five failures in a row have the incumbent evaluated again before anything that is ready', async () => {
    const world = new World({ metrics: ['count'], ticks: () => 5 });
    const done = await play({ ...count, spec: specOf({ metrics: [COUNT], evaluations: 12 }), calls: 4, world, propose: (p, n) => ({ ...p, tag: n, fail: 'tool' }), thinks: () => 1 });
    assert.deepEqual(new Set(outcomes(done)), new Set(['infra-error']));
    assert.equal(world.sampled.get('baseline'), 2);
  });
});

describe('engine: quiet while a time is measured', () => {
  const tick = (): Promise<void> => new Promise((r) => setImmediate(r));

  it('work waits for the measurement, and the next measurement for the work', async () => {
    const quiet = new Quiet(true, 2);
    const log: string[] = [];
    const slow = (name: string) => async (): Promise<void> => {
      log.push(`${name} begins`);
      await tick();
      await tick();
      log.push(`${name} ends`);
    };
    const failed = quiet.run(() => { throw new Error('no'); });
    await Promise.all([assert.rejects(failed, /no/), quiet.run(slow('sample')), quiet.run(slow('parse')), quiet.run(slow('sample'))]);
    assert.deepEqual(log, ['sample begins', 'sample ends', 'parse begins', 'parse ends', 'sample begins', 'sample ends']);
  });

  it('does nothing where there are cores enough, or nothing is timed', async () => {
    for (const quiet of [new Quiet(true, 4), new Quiet(false, 1)]) {
      let done = false;
      const sample = quiet.run(() => tick().then(tick));
      await quiet.run(() => { done = true; });
      assert.ok(done);
      await sample;
    }
  });

  it('a run reads no answer and compares no program while it samples', async () => {
    let sampling = 0;
    let worked = 0;
    const world = new World({ noise: normal(0.01), ticks: () => 7 });
    const sample = world.sample.bind(world);
    world.sample = async (...given: Parameters<World['sample']>) => {
      sampling++;
      return sample(...given).finally(() => sampling--);
    };
    const { request } = requestOf({ spec: specOf({ evaluations: 6 }), world, propose: nulls, noise: {}, calls: 3, thinks: () => 11 });
    const { proposer } = request.ports;
    const watched: typeof proposer = {
      name: 'watched',
      propose: async (asked) => {
        const made = await proposer.propose(asked);
        await asked.calm?.(() => { worked++; assert.equal(sampling, 0); });
        return made;
      },
      normalForm: (base, genome) => {
        if (worked > 0) assert.equal(sampling, 0);
        return proposer.normalForm(base, genome);
      },
    };
    await run({ ...request, ports: { ...request.ports, proposer: watched } });
    assert.equal(worked, 6);
  });
});

describe('engine: novelty', () => {
  /** Long edits that differ in one line of no effect, every third one with a number of its own. */
  const alike: Propose = (p, n) => ({ ...p, ...Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`line${'abcdefghijklmnopqrst'[i] ?? ''}`, 'one two three'])), ...(n % 3 === 2 ? { size: n, cost: n === 5 ? 90 : 100 } : { word: ['x', 'y', 'z', 'v'][n % 4] ?? 'w' }) });
  const setup = (): Setup => ({ spec: specOf({ metrics: [COUNT], evaluations: 6 }), noise: EXACT, world: new World({ metrics: ['count'] }), propose: alike, optimizer: 'best-of-n' });

  it('turns away what is nearly an edit of the same parent that was no better, with the reason, the same after a kill', async () => {
    const { request, journal } = requestOf(setup());
    await run({ ...request, novelty: 0.9 });
    const duplicates = journal.events.flatMap((e) => (e.type === 'verdict' && e.outcome === 'duplicate' ? [e.reason] : []));
    assert.ok(duplicates.some((r) => /^nearly the same edit as [0-9a-f]{10}, which was no better$/.test(r)), duplicates.join());
    assert.ok(journal.events.some((e) => e.type === 'verdict' && e.outcome === 'kept'), 'another number is another edit');
    const at = journal.events.findIndex((e) => e.type === 'verdict' && e.reason.startsWith('nearly'));
    const cut = requestOf({ ...setup(), world: new World({ metrics: ['count'] }), resume: journal.lines.slice(0, at) });
    await run({ ...cut.request, novelty: 0.9 });
    const verdict = (events: readonly Event[]): unknown => events.flatMap((e) => (e.type === 'verdict' ? [[e.ask, e.outcome, e.reason]] : []))[journal.events.slice(0, at).filter((e) => e.type === 'verdict').length];
    assert.deepEqual(verdict(cut.journal.events), verdict(journal.events));
  });

  it('does not matter unless it is asked for', async () => {
    const done = await play(setup());
    assert.ok(!done.events.some((e) => e.type === 'verdict' && e.reason.startsWith('nearly')));
  });
});
