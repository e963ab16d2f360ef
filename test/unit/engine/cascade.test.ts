// The evaluation cascade: what is clearly worse on a cheap stage is not measured, and no stage claims anything.
import assert from 'node:assert/strict';
import type { Stage } from '../../../src/core/spec.ts';
import { worseBy } from '../../../src/engine/cascade.ts';
import { COUNT, EXACT, TIME, World, normal, outcomes, play, specOf, type Propose } from './world.ts';

const stage = (more: Partial<Stage> = {}): Stage => ({ name: 'cascade 1', command: 'true', timeoutMs: 1000, metric: COUNT, slack: 0, ...more });

describe('engine: cascade', () => {
  const exact = { metrics: [COUNT], evaluations: 6 };
  const propose: Propose = (p, n) => [{ ...p, cost: 130, tag: n }, { ...p, cost: 90, tag: n }, { ...p, cost: 50, stage1: 3, tag: n }, { ...p, cost: 80, fail: 'stage', tag: n }, { ...p, cost: 100, tag: n }, { ...p, cost: 85, tag: n }][n]!;

  it('turns a candidate away on the first stage on which it is worse, with the reason, and measures the others', async () => {
    const world = new World({ metrics: ['count'] });
    const done = await play({ spec: specOf({ ...exact, cascade: [stage(), stage({ name: 'cascade 2', slack: 10 })] }), world, propose, noise: { ...EXACT, stages: [100, 100] }, optimizer: 'best-of-n' });
    const verdicts = done.events.flatMap((e) => (e.type === 'verdict' ? [e] : []));
    assert.deepEqual(verdicts.map((v) => v.outcome), ['discarded', 'kept', 'discarded', 'crashed', 'discarded', 'kept']);
    assert.equal(verdicts[0]?.reason, 'cascade 1: count is 130, of the original 100');
    assert.equal(verdicts[2]?.reason, 'cascade 2: count is 150, of the original 100');
    const [first, , third, , fifth] = verdicts;
    for (const v of [first, third]) assert.deepEqual([v.estimate, v.effect, v.pairs, world.sampled.get(v.id)], [null, null, 0, undefined], 'it is no estimate, and not measured');
    assert.deepEqual([first.processes, third.processes, fifth?.pairs], [3, 4, 1], 'what is turned away is tried twice on that stage');
    const gated = done.events.flatMap((e) => (e.type === 'gated' && e.gate.startsWith('cascade') ? [`${e.gate} ${e.ok}`] : []));
    assert.deepEqual(gated.slice(0, 5), ['cascade 1 false', 'cascade 1 true', 'cascade 2 true', 'cascade 1 true', 'cascade 2 false']);
    assert.equal(done.summary.evaluations, 6, 'what is turned away counts as an evaluation');
    assert.equal(world.standing.size, 0);
  });

  it('nothing that a stage shows makes a claim: what shines there and is worse is discarded', async () => {
    const done = await play({ spec: specOf({ ...exact, evaluations: 3, cascade: [stage()] }), world: new World({ metrics: ['count'] }), propose: (p, n) => ({ ...p, cost: 120, stage0: 0.01, tag: n }), noise: { ...EXACT, stages: [100] } });
    assert.deepEqual(outcomes(done), ['discarded', 'discarded', 'discarded']);
    assert.equal(done.summary.best, 'baseline');
  });

  it('the original is measured on each stage at first, once a run', async () => {
    const spec = specOf({ metrics: [TIME], evaluations: 3, cascade: [stage({ metric: TIME, slack: 0.2 })] });
    const world = new World({ noise: normal(0.01) });
    const setup = { spec, world, propose: ((p, n) => ({ ...p, cost: n === 0 ? 200 : 100, tag: n })) as Propose };
    const done = await play(setup);
    assert.ok(Math.abs((done.state.noise?.stages?.[0] ?? 0) - 100) < 5);
    assert.equal(done.events.find((e) => e.type === 'verdict')?.reason.startsWith('cascade 1: time_ms is '), true);
    const before = world.staged;
    await play({ ...setup, resume: done.journal.lines, extendTo: 5 });
    assert.equal(world.staged - before, 2, 'one run for each of two candidates');
  });

  it('a noisy stage turns few away that are no worse, and a journal without its values none', async () => {
    const spec = specOf({ metrics: [TIME], evaluations: 40, cascade: [stage({ metric: TIME, slack: 0.2 })] });
    const equal: Propose = (p, n) => ({ ...p, tag: n });
    const done = await play({ spec, world: new World({ noise: normal(0.1) }), propose: equal, noise: { stages: [100] } });
    assert.ok(done.events.filter((e) => e.type === 'verdict' && e.reason.startsWith('cascade')).length <= 2);
    const old = new World({ noise: normal(0.1) });
    await play({ spec, world: old, propose: equal, noise: {} });
    assert.equal(old.staged, 0);
  });

  it('worse is a share for times, rates and sizes, whichever way they go, and a difference for the rest', () => {
    assert.ok(Math.abs(worseBy(stage({ metric: TIME }), 120, 100) - 0.2) < 1e-12);
    assert.ok(worseBy(stage({ metric: TIME }), 80, 100) < 0);
    assert.ok(Math.abs(worseBy(stage({ metric: { ...TIME, kind: 'rate', direction: 'maximize' } }), 100, 120) - 0.2) < 1e-12);
    assert.equal(worseBy(stage({ metric: { ...COUNT, kind: 'score', direction: 'maximize' } }), 0.7, 0.9), 0.9 - 0.7);
    assert.equal(worseBy(stage(), 7, 5), 2);
  });
});
