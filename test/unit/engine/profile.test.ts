// Which solutions are profiled: the baseline and what is promoted, for proposers that can read it, where it is cheap and a time is measured.
import assert from 'node:assert/strict';
import { COUNT, EXACT, TIME, World, normal, requestOf, specOf, type Propose, type Setup } from './world.ts';
import { run } from '../../../src/engine/run.ts';

const better: Propose = (parent, n) => ({ cost: Number(parent['cost']) * (n % 2 === 0 ? 0.7 : 1.3) });

async function played(change: Partial<Setup>, reads = true): Promise<{ world: World; told: readonly string[]; promoted: readonly string[] }> {
  const world = new World({ noise: normal(0.01), metrics: [(change.spec ?? specOf({ evaluations: 6 })).metrics[0]!.name] });
  const { request, journal, proposer } = requestOf({ spec: specOf({ evaluations: 6 }), world, propose: better, ...change });
  if (reads) Object.assign(proposer, { readsProfiles: true });
  await run(request);
  return { world, told: journal.events.flatMap((e) => (e.type === 'profiled' ? [`${e.id} ${e.text}`] : [])), promoted: journal.events.flatMap((e) => (e.type === 'promoted' ? [e.id] : [])) };
}

describe('profiles of solutions', () => {
  it('are made of the baseline and of what is promoted, once each', async () => {
    const { world, told, promoted } = await played({});
    assert.ok(promoted.length > 0);
    assert.deepEqual(world.profiled, ['baseline', ...promoted]);
    assert.deepEqual(told, world.profiled.map((id) => `${id} where ${id} spends it`));
  });

  it('are not made again of a baseline that an earlier session measured', async () => {
    const { world, promoted } = await played({ noise: { values: { time_ms: 100 } } });
    assert.deepEqual(world.profiled, promoted);
  });

  it('are not made for who cannot read them, of slow evaluations, and of counts', async () => {
    assert.deepEqual((await played({}, false)).world.profiled, []);
    assert.deepEqual((await played({ noise: { values: { time_ms: 100 }, seconds: 30 } })).world.profiled, []);
    assert.deepEqual((await played({ spec: specOf({ metrics: [COUNT], evaluations: 6 }), noise: EXACT })).world.profiled, []);
    assert.ok((await played({ spec: specOf({ metrics: [TIME], evaluations: 6 }) })).world.profiled.length > 0);
  });
});
