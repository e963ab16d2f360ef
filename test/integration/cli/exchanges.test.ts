// Recorded answers of a model on the example of a settings file, which has no noise: through the real command to its end, with the gates and numbers of that day.

import assert from 'node:assert/strict';
import { cpSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../src/adapters/assets.ts';
import { ModelServer } from '../../models/server.ts';
import { Desk, eventsIn, journals, leftovers, ofType } from './support.ts';

const FOLDER = join(packageRoot(), 'test', 'fixtures', 'exchanges', 'settings');

interface Exchange {
  readonly parent: Readonly<Record<string, string>>;
  readonly answer: string;
  readonly means: { readonly kind: string; readonly summary: string };
  readonly then: { readonly metrics: Readonly<Record<string, number>> } | null;
}

describe('a recorded run', function () {
  this.timeout(240_000);

  it('gives the same edits, gates and numbers again', async () => {
    const all = readdirSync(FOLDER).filter((f) => f !== 'base.json').sort().map((f) => JSON.parse(readFileSync(join(FOLDER, f), 'utf8')) as Exchange);
    // Best-of-n asks about the original alone, whatever came before: so are the answers that were given to it.
    const answers = all.filter((e) => Object.keys(e.parent).length === 0);
    assert.ok(answers.length >= 5);
    const desk = new Desk();
    const server = await new ModelServer((_, n) => ({ text: answers[n]?.answer ?? '' })).start();
    try {
      const root = desk.project(null, { 'x.txt': '' });
      cpSync(join(packageRoot(), 'examples', 'config-tuning'), root, { recursive: true });
      const r = await desk.sigil(root, ['run', 'settings', '--niter', String(answers.length), '--optimizer', 'best-of-n', '--calls', '1', '--model', 'openai/relay', '--base-url', `${server.url}/v1`, '--json']);
      assert.equal(r.code, 0, r.stderr);
      const events = eventsIn(journals(root)[0] ?? '');
      const proposed = ofType(events, 'proposed');
      assert.deepEqual(proposed.map((p) => p.summary), answers.map((a) => a.means.summary.replace(/\.$/, '')));
      const verdicts = ofType(events, 'verdict');
      for (const [i, p] of proposed.entries()) assert.deepEqual(verdicts.find((v) => v.id === p.id)?.metrics, answers[i]?.then?.metrics, p.summary);
      assert.ok(ofType(events, 'gated').every((g) => g.ok));
      assert.equal(ofType(events, 'run-ended')[0]?.summary.reason, 'budget');
    } finally {
      await server.stop();
      assert.deepEqual(leftovers(desk.folder), []);
      await desk.dispose();
    }
  });
});
