// A control run is the last one begun, and yet never the latest: best, report and resume mean the run that it is compared with.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import type { Event } from '../../../src/core/events.ts';
import { Desk, eventsIn, journals, ofType } from './support.ts';

describe('a run with its control', function () {
  this.timeout(180_000);
  let desk: Desk;
  let root: string;
  let main: string;
  let control: string;
  let told: readonly Event[];

  before(async () => {
    desk = new Desk();
    root = desk.project('knobs');
    const r = await desk.sigil(root, ['run', 'shape', '--seed', '3', '--niter', '8', '--control', '--json']);
    assert.equal(r.code, 0, r.stderr);
    told = r.stdout.trim().split('\n').map((l) => JSON.parse(l) as Event);
    const { runs } = await desk.json<{ runs: { run: string; control: boolean }[] }>(root, ['history']);
    assert.deepEqual(runs.map((x) => x.control), [false, true]);
    [main = '', control = ''] = runs.map((x) => x.run);
  });
  after(async () => desk.dispose());

  const asked = async (): Promise<Record<string, unknown>> => ({
    show: (await desk.json<{ run: string }>(root, ['show', 'best'])).run,
    ofSpec: (await desk.json<{ run: string }>(root, ['show', 'best', '--spec', 'shape'])).run,
    report: (await desk.json<{ run: string }>(root, ['report'])).run,
    compared: (await desk.json<{ control: { run: string } | null }>(root, ['report'])).control?.run,
    table: [...new Set((await desk.json<{ solutions: { run: string }[] }>(root, ['inspect-solutions', 'shape'])).solutions.map((s) => s.run))],
    named: (await desk.json<{ run: string }>(root, ['show', 'best', '--workspace', 'v1-control'])).run,
    diff: (await desk.sigil(root, ['diff', 'best'])).stdout === (await desk.sigil(root, ['diff', 'best', '--run', main])).stdout,
  });
  const expected = (): Record<string, unknown> => ({ show: main, ofSpec: main, report: main, compared: control, table: [main], named: control, diff: true });

  it('says in its first event whose control it is, and leaves best to the other', async () => {
    const [first] = ofType(eventsIn(journals(root).find((p) => p.includes(control)) ?? ''), 'run-started');
    assert.equal(first?.controls, main);
    assert.deepEqual(await asked(), expected());
  });

  it('the report says what was gained over it, and at what cost', async () => {
    const r = await desk.json<{ evaluations: number; overControl: { gain: number; low: number; high: number; verdict: string; equalCost: boolean; cost: object; controlCost: object } }>(root, ['report']);
    const over = r.overControl;
    assert.ok(over.low <= over.gain && over.gain <= over.high);
    assert.deepEqual(over.cost, { evaluations: r.evaluations, usd: 0 });
    assert.match((await desk.sigil(root, ['report'])).stdout, /Over best-of-n at (un)?equal cost/);
    assert.match((await desk.sigil(root, ['report', control])).stdout, /^(?![\s\S]*best-of-n \(--control)/);
  });

  it('is streamed before the summary of the run that it is the control of: the last line is that one', () => {
    const last = told.at(-1);
    assert.equal(last?.type, 'run-ended');
    assert.deepEqual(told.flatMap((e) => (e.type === 'run-ended' ? [e.summary.run] : [])), [control, main]);
  });

  it('is told by its workspace where an older version wrote the journal', async () => {
    const path = journals(root).find((p) => p.includes(control)) ?? '';
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace(`,"controls":"${main}"`, ''));
    assert.notEqual(readFileSync(path, 'utf8'), text);
    assert.deepEqual(await asked(), expected());
    writeFileSync(path, text);
  });

  it('resume without a name extends the other; accept best applies its best', async () => {
    const best = await desk.json<{ id: string; diff: string }>(root, ['show', 'best', '--run', main]);
    assert.equal((await desk.json<{ id: string }>(root, ['accept', 'best'])).id, best.id);
    desk.git(root, 'checkout', '-q', '.');
    const r = await desk.sigil(root, ['resume', '--niter', '+2']);
    assert.equal(r.code, 0, r.stderr);
    const { runs } = await desk.json<{ runs: { run: string; planned: number }[] }>(root, ['history']);
    assert.deepEqual(runs.map((x) => [x.run, x.planned]), [[main, 10], [control, 8]]);
  });
});
