// The command line of other tools, without a spec file: run --source F --eval-command C --metric M --maximize true --steps N.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Desk, eventsIn, journals, leftovers, ofType, untouchable } from './support.ts';

describe('run --source', function () {
  this.timeout(300_000); // another run on this machine may be measuring: they wait for each other
  let desk: Desk;
  before(() => (desk = new Desk()));
  after(async () => desk.dispose());

  it('is named after the file\'s stem, writes the source never, the log folder always', async () => {
    const root = desk.project('weco');
    const before = untouchable(root);
    const logs = join(desk.folder, 'logs');
    const r = await desk.sigil(root, [
      'run', '--source', 'optimize.py', '--eval-command', 'python evaluate.py', '--metric', 'speedup', '--maximize', 'true', '--steps', '3', '--model', 'builtin',
      '--seed', '4', '--log-dir', logs, '--preserve-source', '--additional-instructions', 'keep the order',
    ]);
    assert.equal(r.code, 0, `${r.stdout}${r.stderr}`);
    assert.deepEqual(untouchable(root), before);
    const journal = journals(root)[0] ?? '';
    assert.ok(journal.startsWith(join(root, '.sigil', 'ws', 'optimize', 'v1', 'runs')), journal);
    const events = eventsIn(journal);
    const [started] = ofType(events, 'run-started');
    assert.deepEqual([started?.spec.name, started?.spec.instructions, started?.spec.budget.evaluations], ['optimize', 'keep the order', 3]);
    const summary = ofType(events, 'run-ended')[0]?.summary;
    assert.ok(summary && (summary.reason === 'budget' ? summary.evaluations === 3 : summary.reason === 'exhausted' && summary.evaluations >= 1), JSON.stringify(summary));
    assert.match(r.stdout, /Nothing checks that results stay right/);

    const proposed = ofType(events, 'proposed').filter((p) => p.patch !== '');
    assert.ok(proposed.length >= 1);
    assert.deepEqual(readdirSync(logs).sort(), ['best', 'journal.jsonl', ...proposed.map((p) => `step_${p.ask + 1}`)].sort());
    const original = readFileSync(join(root, 'optimize.py'), 'utf8');
    for (const p of proposed) assert.notEqual(readFileSync(join(logs, `step_${p.ask + 1}`, 'optimize.py'), 'utf8'), original);
    assert.ok(existsSync(join(logs, 'best', 'optimize.py')));

    const best = await desk.json<{ id: string }>(root, ['show', 'best']);
    const accepted = await desk.json<{ applied: string[] }>(root, ['accept', 'best']);
    assert.deepEqual(accepted.applied, best.id === 'baseline' ? [] : ['optimize.py']);
    assert.equal(readFileSync(join(root, 'optimize.py'), 'utf8'), readFileSync(join(logs, 'best', 'optimize.py'), 'utf8'));
    assert.deepEqual(leftovers(desk.folder), []);
  });
});
