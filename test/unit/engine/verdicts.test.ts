// One candidate of each kind through the engine: what becomes of it, and that nothing stays standing behind it.
import assert from 'node:assert/strict';
import type { Outcome } from '../../../src/core/solution.ts';
import { COUNT, EXACT, MEMORY, TIME, World, normal, nulls, outcomes, play, specOf, type Done, type Physics, type Program, type Propose, type Setup } from './world.ts';

/** Proposes the programs in turn, each a change of the parent, then says that nothing is left. */
const inTurn = (...programs: (Program | 'none')[]): Propose => (parent, ask) => {
  const p = programs[ask];
  return p === undefined ? null : p === 'none' ? 'none' : { ...parent, ...p };
};

async function judged(program: Program, physics: Partial<Physics> = {}, change: Partial<Setup> = {}): Promise<Done & { readonly verdict: readonly [Outcome | null, string] }> {
  const world = new World({ noise: normal(0.01), ...physics });
  const done = await play({ spec: specOf({ evaluations: 1 }), world, propose: inTurn(program), noise: {}, ...change });
  assert.equal(world.standing.size, 0, 'a checkout is left standing');
  const s = [...done.state.solutions.values()][1]!;
  return { ...done, verdict: [s.outcome, s.reason] };
}

const exact = (spec: Setup['spec'] = specOf({ metrics: [COUNT], evaluations: 1 })): Partial<Setup> => ({ spec, noise: EXACT });
const COUNTED: Partial<Physics> = { metrics: ['count'], noise: () => 0 };

describe('engine: what becomes of a candidate', () => {
  for (const [fail, outcome, reason] of [
    ['gate', 'blocked', /^test: /], ['build', 'crashed', /^build: /], ['tool', 'infra-error', /^build: /], ['crash', 'crashed', /^measure: /],
    ['timeout', 'timed-out', /^measure: /], ['infra', 'infra-error', /^measure: /], ['nan', 'suspicious', /NaN/],
  ] as const) {
    it(`${fail} is ${outcome}`, async () => {
      const { verdict: [is, why], state, summary } = await judged({ cost: 50, fail });
      assert.equal(is, outcome);
      assert.match(why, reason);
      assert.equal(summary.best, 'baseline');
      assert.equal(state.evaluations, 1);
      assert.equal(state.solutions.size, 2);
    });
  }

  it('a crash in the middle of a trial is the candidate\'s', async () => {
    const { verdict } = await judged({ cost: 50, fail: 'later', after: 4 });
    assert.equal(verdict[0], 'crashed');
  });

  it('a time that is not positive is suspicious, not fast', async () => {
    const { verdict } = await judged({ cost: 0 });
    assert.equal(verdict[0], 'suspicious');
  });

  it('a true gain is kept, promoted over the baseline and confirmed by 30 fresh pairs', async () => {
    const { verdict, events, summary, state } = await judged({ cost: 50 });
    assert.equal(verdict[0], 'kept');
    assert.ok(summary.gain);
    assert.equal(summary.gain.pairs, 30);
    assert.ok(summary.gain.low < 2 && summary.gain.high > 2 && summary.gain.gain > 1.95 && summary.gain.gain < 2.05, JSON.stringify(summary.gain));
    assert.deepEqual(events.filter((e) => e.type === 'round' && e.phase === 'final').length, 30);
    assert.equal(state.errors.spent, 0, 'the level of a true promotion is given back');
  });

  it('a worse one is discarded after few pairs, an equal one is not kept', async () => {
    const worse = await judged({ cost: 200 });
    assert.equal(worse.verdict[0], 'discarded');
    assert.equal(worse.events.filter((e) => e.type === 'round').length, 3);
    const equal = await judged({ tag: 1 });
    assert.notEqual(equal.verdict[0], 'kept');
  });

  it('an effect below the smallest that matters is not kept', async () => {
    const { verdict } = await judged({ cost: 95 }, { noise: normal(0.0005) }, { spec: specOf({ evaluations: 1, metrics: [{ ...TIME, minEffect: 0.1 }] }) });
    assert.notEqual(verdict[0], 'kept');
    const other = await judged({ cost: 95 }, { noise: normal(0.0005) });
    assert.equal(other.verdict[0], 'kept');
  });

  it('a claim beyond the offset that two equal programs showed is needed', async () => {
    const { verdict } = await judged({ cost: 95 }, { noise: normal(0.0005) }, { noise: { offset: 0.1 } });
    assert.notEqual(verdict[0], 'kept');
  });

  it('duplicates and invalid proposals are counted apart', async () => {
    const world = new World({ noise: normal(0.01) });
    const done = await play({ spec: specOf({ evaluations: 3 }), world, noise: {}, propose: inTurn({ tag: 1 }, { tag: 1 }, {}, 'none', { cost: 100, tag: 1 }, { tag: 2 }, { tag: 3 }) });
    assert.deepEqual(outcomes(done).map((o) => (o === 'discarded' || o === 'inconclusive' ? 'measured' : o)), ['measured', 'duplicate', 'invalid', 'invalid', 'duplicate', 'measured', 'measured']);
    assert.equal(done.summary.evaluations, 3);
    assert.equal(done.summary.reason, 'budget');
    assert.equal(new Set(done.events.flatMap((e) => (e.type === 'proposed' ? [e.id] : []))).size, 7, 'ids are unique');
  });

  it('the base itself and formatting changes of it are duplicates', async () => {
    const world = new World({ noise: normal(0.01) });
    const done = await play({ spec: specOf({ evaluations: 1 }), world, noise: {}, propose: inTurn({ '# a': 'comment' }, { tag: 1 }) });
    assert.equal(outcomes(done)[0], 'duplicate');
    assert.equal(world.sampled.size, 2);
  });
});

describe('engine: deterministic metrics', () => {
  it('are found by three equal baseline evaluations, and a worse candidate then costs one', async () => {
    const world = new World(COUNTED);
    const done = await play({ spec: specOf({ metrics: [COUNT], evaluations: 2 }), world, propose: inTurn({ count: 1, cost: 101 }, { cost: 100, tag: 1 }) });
    assert.equal(done.state.noise?.deterministic, true);
    assert.deepEqual(outcomes(done), ['discarded', 'discarded']);
    assert.equal(world.samples, 3 + 1 + 1 + 1); // the baseline, the incumbent's cost once, each candidate once
  });

  it('a promotion is repeated three times, and again at the end', async () => {
    const done = await judged({ cost: 90 }, COUNTED, exact());
    assert.equal(done.verdict[0], 'kept');
    const [, id] = [...done.state.solutions.keys()];
    assert.equal(done.world.sampled.get(id!), 3 + 3);
    assert.equal(done.summary.gain?.gain, 10);
    assert.equal(done.state.errors.spent, 0);
  });

  it('a candidate that adds randomness does not win by luck, and its lucky value is no estimate', async () => {
    let lucky = 0;
    for (let i = 0; i < 20; i++) {
      const done = await judged({ cost: 60, jitter: 80 }, { ...COUNTED, seed: i }, exact());
      assert.ok(done.verdict[0] === 'inconclusive' || done.verdict[0] === 'discarded', done.verdict.join());
      if (done.verdict[0] !== 'inconclusive') continue;
      lucky++;
      const v = done.events.find((e) => e.type === 'verdict');
      const shown = done.events.flatMap((e) => (e.type === 'round' && e.id === v?.id ? [e.candidate] : []));
      assert.equal(v?.effect, 100 - Math.max(...shown));
    }
    assert.ok(lucky > 0);
  });

  it('a noisy metric that is no time is tested by its mean', async () => {
    const world = new World({ metrics: ['score'], noise: normal(1), value: (p, noise) => Number(p['cost']) + noise });
    const score = { ...COUNT, name: 'score', kind: 'score' as const, direction: 'maximize' as const };
    const done = await play({ spec: specOf({ metrics: [score], evaluations: 1 }), world, propose: inTurn({ cost: 105 }) });
    assert.equal(done.state.noise?.deterministic, false);
    assert.equal(done.summary.gain?.scale, 'difference');
    assert.ok(done.summary.gain.low < 5 && done.summary.gain.high > 5 && done.summary.gain.low > 3, JSON.stringify(done.summary.gain));
  });
});

describe('engine: constraints, integrity, held-out inputs', () => {
  const constrained = specOf({ metrics: [TIME, MEMORY], objective: 'minimize time_ms subject to memory <= 60', evaluations: 1 });
  const two: Partial<Physics> = { metrics: ['time_ms', 'memory'] };
  const base: Partial<Setup> = { spec: constrained, base: { cost: 100, memory: 50 } };

  it('a faster one that breaks a constraint is discarded, infeasible, and nobody\'s parent', async () => {
    const done = await judged({ cost: 50, memory: 61 }, two, base);
    assert.equal(done.verdict[0], 'discarded');
    assert.match(done.verdict[1], /memory <= 60 does not hold: 61/);
    assert.equal(done.events.find((e) => e.type === 'verdict')?.feasible, false);
    const more = await play({ ...base, spec: { ...constrained, budget: { ...constrained.budget, evaluations: 12 } }, noise: {}, optimizer: 'annealing', world: new World({ noise: normal(0.01), ...two }),
      propose: (p, ask) => ({ ...p, memory: ask === 0 ? 61 : 50, cost: ask === 0 ? 50 : 100, tag: ask }) });
    const parents = more.events.flatMap((e) => (e.type === 'asked' ? [e.request.parent] : []));
    assert.ok(!parents.includes([...more.state.solutions.keys()][1]!));
  });

  it('one that keeps the constraint is kept', async () => {
    const done = await judged({ cost: 50, memory: 60 }, two, base);
    assert.equal(done.verdict[0], 'kept');
  });

  it('a constraint is judged in the deterministic case as well', async () => {
    const spec = specOf({ metrics: [COUNT, MEMORY], objective: 'minimize count subject to memory <= 60', evaluations: 1 });
    const physics: Partial<Physics> = { ...COUNTED, metrics: ['count', 'memory'] };
    const noise = { ...EXACT, values: { count: 100, memory: 50 } };
    assert.equal((await judged({ cost: 50, memory: 61 }, physics, { spec, noise, base: { cost: 100, memory: 50 } })).verdict[0], 'discarded');
    assert.equal((await judged({ cost: 50, memory: 60 }, physics, { spec, noise, base: { cost: 100, memory: 50 } })).verdict[0], 'kept');
  });

  it('a baseline that breaks a constraint is refused with a remedy', async () => {
    await assert.rejects(play({ ...base, base: { cost: 100, memory: 70 }, spec: constrained, world: new World({ noise: normal(0.01), ...two }), propose: nulls }), /breaks a constraint: memory <= 60/);
  });

  it('a claim that the engine\'s clock does not bear out is suspicious', async () => {
    const claims: Partial<Physics> = { claims: true, noise: normal(0.01), wallMs: (_, v) => v + 50 };
    const lie = await judged({ cost: 100, claim: 0.3 }, claims);
    assert.equal(lie.verdict[0], 'suspicious');
    assert.match(lie.verdict[1], /by the engine's own clock/);
    const honest = await judged({ cost: 30 }, claims);
    assert.equal(honest.verdict[0], 'kept');
    // The same by the metric's own unit, when the evaluation is a command: only a claim of most of the process's time is held against the clock.
    const lines = { spec: specOf({ evaluations: 1, metrics: [{ ...TIME, source: { from: 'line' as const } }] }) };
    assert.equal((await judged({ cost: 100, claim: 0.01 }, { noise: normal(0.01) }, lines)).verdict[0], 'suspicious');
    assert.equal((await judged({ cost: 1 }, { noise: normal(0.01) }, lines)).verdict[0], 'kept');
  });

  it('an objection of the backend makes it suspicious, for noisy and exact metrics', async () => {
    for (const [physics, change] of [[{}, {}], [COUNTED, exact()]] as const) {
      const done = await judged({ cost: 50, objection: 'it changed tests/x' }, physics, change);
      assert.deepEqual(done.verdict, ['suspicious', 'it changed tests/x']);
      assert.equal(done.summary.best, 'baseline');
    }
  });

  for (const [name, program, outcome] of [
    ['results that differ', { cost: 50, wrong: 1 }, 'blocked'], ['times that do not agree', { cost: 50, heldout: 3 }, 'discarded'], ['times that agree', { cost: 50, heldout: 1 }, 'kept'],
  ] as const) {
    it(`held-out inputs: ${name}`, async () => {
      for (const [physics, change] of [[{}, {}], [COUNTED, exact()]] as const) {
        const done = await judged(program, { ...physics, hasHeldOut: true }, change);
        assert.equal(done.verdict[0], outcome, done.verdict[1]);
        assert.equal(done.events.find((e) => e.type === 'verdict')?.feasible, outcome !== 'discarded' && outcome !== 'blocked', 'what held-out inputs reject is nobody\'s parent');
      }
    });
  }

  it('rounds under contention are repeated, up to a cap, whatever their ratio', async () => {
    const always = await judged({ tag: 1 }, { contended: () => true });
    const calm = await judged({ tag: 1 });
    assert.ok(['discarded', 'inconclusive'].includes(String(always.verdict[0])));
    assert.ok(always.world.samples > calm.world.samples);
    let n = 0;
    const some = await judged({ cost: 50 }, { contended: () => n++ % 7 === 0 });
    assert.equal(some.verdict[0], 'kept');
  });
});
