// A run that asks VS Code's language models: it finds the bridge by its file, outlives its window, and is resumed with no call made twice.

import assert from 'node:assert/strict';
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BridgeServer } from '../../../src/extension/models/bridge-server.ts';
import { Desk, eventsIn, journals, leftovers, ofType, until } from './support.ts';

describe('a run with VS Code\'s language models', function () {
  this.timeout(180_000);
  let desk: Desk;
  const servers: BridgeServer[] = [];
  let asked = 0;
  before(() => { desk = new Desk(); });
  after(async () => {
    for (const s of servers) s.close();
    await desk.dispose();
  });

  /** What a window does. */
  function openWindow(): BridgeServer {
    const server = new BridgeServer({
      model: (name) => Promise.resolve({
        name, maxInputTokens: 100_000, countTokens: (text) => Promise.resolve(text.length),
        // eslint-disable-next-line @typescript-eslint/require-await -- as a stream
        async *ask() { yield `Idea: other numbers.\n\nparams.cfg\n\`\`\`\nalpha = ${++asked}\nbeta = ${asked}\n\`\`\`\n`; },
      }),
      log: () => undefined,
    });
    servers.push(server);
    return server;
  }
  async function offer(server: BridgeServer, journal: string): Promise<void> {
    const file = join(dirname(journal), 'bridge.json');
    writeFileSync(`${file}.new`, JSON.stringify({ v: 1, ...(await server.offer(journal, ['fake/quick'])) }), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  const proposals = (journal: string): number => (existsSync(journal) ? ofType(eventsIn(journal), 'proposed').length : 0);

  it('asks one window after the other, and after a kill the next one', async () => {
    const root = desk.project('knobs');
    const run = desk.start(root, ['run', 'shape', '--niter', '6', '--seed', '3', '--calls', '1', '--model', 'vscode/fake/quick', '--json']);
    await until('the run has begun', () => journals(root).length === 1);
    const journal = journals(root)[0] ?? '';
    const first = openWindow();
    await offer(first, journal);
    await until('the first window was asked', () => proposals(journal) >= 1);
    first.close();
    const second = openWindow();
    await offer(second, journal);
    await until('the second window was asked', () => proposals(journal) >= 3);
    run.child.kill('SIGKILL');
    await run.ended;
    assert.deepEqual(leftovers(desk.folder), []);
    const before = asked;
    const recorded = proposals(journal);
    const resumed = desk.start(root, ['resume', '--json']);
    await until('it takes the run on', () => ofType(eventsIn(journal), 'resumed').length === 1);
    assert.ok(!existsSync(join(dirname(journal), 'bridge.json')), 'the file of a window of before is not believed');
    await offer(openWindow(), journal);
    const { code, stderr } = await resumed.ended;
    assert.equal(code, 0, stderr);
    const events = eventsIn(journal);
    assert.equal(events.at(-1)?.type, 'run-ended');
    assert.equal(ofType(events, 'run-started')[0]?.model, 'vscode/fake/quick');
    assert.ok(asked - before <= ofType(events, 'proposed').length - recorded + 1, 'only what was in flight is asked again');
    assert.equal(ofType(events, 'proposed').reduce((sum, e) => sum + e.usd, 0), 0);
  });
});
