// A run is named without its spec: two of one second, of two specs, have two names.

import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newRunName } from '../../../src/adapters/journal/layout.ts';
import { Desk } from './support.ts';

describe('the names of runs', function () {
  this.timeout(120_000);
  const desk = new Desk();
  after(async () => desk.dispose());

  it('are unique over all specs of a project', async () => {
    const root = desk.project('knobs');
    const taken = Array.from({ length: 60 }, (_, s) => newRunName(Date.now() + s * 1000, 'greedy', () => false));
    for (const name of taken) {
      mkdirSync(join(root, '.sigil/ws/other/v1/runs', name), { recursive: true });
      writeFileSync(join(root, '.sigil/ws/other/v1/runs', name, 'journal.jsonl'), '');
    }
    const r = await desk.sigil(root, ['run', 'shape', '--seed', '3', '--niter', '2']);
    assert.equal(r.code, 0, r.stderr);
    const { runs } = await desk.json<{ runs: { run: string; spec: string }[] }>(root, ['history']);
    const [own] = runs.filter((x) => x.spec === 'shape');
    assert.ok(own && !taken.includes(own.run), own?.run);
  });
});
