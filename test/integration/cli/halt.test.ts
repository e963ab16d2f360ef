// A run that is told to end begins no further call, also not for asks that wait for money or for their provider; what is under way is kept.

import assert from 'node:assert/strict';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ModelServer, type Logged, type Reply } from '../../models/server.ts';
import { Desk, eventsIn, journals, leftovers, ofType, until } from './support.ts';

/** A model that sets a parameter to another number each time. */
function answer(_: Logged, n: number): Reply {
  return { text: `Idea: number ${n}.\n\nparams.cfg\n<<<<<<< SEARCH\nwidth = 8     # sigil: knob 8 1..64\n=======\nwidth = ${20 + n}     # sigil: knob 8 1..64\n>>>>>>> REPLACE\n`, usage: { input: 2000, output: 200 } };
}

describe('a run with a model that is told to end', function () {
  this.timeout(300_000);
  let desk: Desk;
  let server: ModelServer;
  let release: () => void;
  let held: Promise<unknown>;

  before(() => { desk = new Desk(); });
  after(async () => desk.dispose());
  beforeEach(() => { held = new Promise((r) => { release = () => { r(null); }; }); });
  afterEach(async () => {
    await server.stop();
    assert.deepEqual(leftovers(desk.folder), []);
  });

  const recordedIn = (root: string): number => {
    const dir = join(dirname(journals(root)[0] ?? assert.fail()), 'calls');
    return existsSync(dir) ? readdirSync(dir).filter((f) => f.endsWith('.json')).length : 0;
  };

  /** Interrupts when `waits` says so; gives how many requests had come by then, and resumes to the end. */
  const interrupted = async (root: string, more: readonly string[], waits: (text: string) => boolean, env: NodeJS.ProcessEnv = {}): Promise<{ before: number; after: number; open: readonly number[] }> => {
    const child = desk.start(root, ['run', 'shape', '--seed', '4', '--niter', '6', '--optimizer', 'best-of-n', '--calls', '4', '--json', ...more], { env });
    await until('calls that wait', () => child.child.exitCode !== null || waits(child.stderr));
    assert.equal(child.child.exitCode, null, child.stderr);
    assert.ok(ofType(eventsIn(journals(root)[0] ?? ''), 'asked').length > server.log.length - 1);
    child.child.kill('SIGINT');
    await until('it has heard', () => child.stderr.includes('Stopping after the evaluation in flight'));
    const before = server.log.length;
    release();
    const end = await child.ended;
    assert.equal(end.code, 130, end.stderr);
    const after = server.log.length;
    const events = eventsIn(journals(root)[0] ?? '');
    const proposed = ofType(events, 'proposed').map((e) => e.ask);
    const open = ofType(events, 'asked').map((e) => e.ask).filter((a) => !proposed.includes(a));
    const resumed = await desk.sigil(root, ['resume', '--json', ofType(events, 'run-started')[0]?.run ?? ''], { env });
    assert.equal(resumed.code, 0, resumed.stderr);
    const whole = eventsIn(journals(root)[0] ?? '');
    for (const ask of open) assert.equal(ofType(whole, 'proposed').filter((e) => e.ask === ask).length, 1, 'a resume takes it up');
    assert.deepEqual(ofType(whole, 'asked').map((e) => e.ask), ofType(whole, 'verdict').map((e) => e.ask).sort((a, b) => a - b));
    return { before, after, open };
  };

  it('begins no call for asks that wait for money, and keeps the answers that are under way', async () => {
    server = await new ModelServer((call, n) => ({ ...answer(call, n), after: held })).start();
    const root = desk.project('knobs', { 'prices.json': '{"openai/x": {"input": 5, "output": 50}}' });
    // The first reserves a whole answer, the second what is left of the budget; the others wait for what those cost.
    const { before, after, open } = await interrupted(root, ['--model', 'openai/x', '--base-url', `${server.url}/v1`, '--prices', 'prices.json', '--budget-usd', '1'], () => server.log.length === 2 && ofType(eventsIn(journals(root)[0] ?? ''), 'asked').length === 4);
    assert.deepEqual([before, after, open], [2, 2, [2, 3]]);
    assert.equal(recordedIn(root), server.log.length);
  });

  it('begins no call, nor another try of one, for asks that wait for their provider', async () => {
    let busy = true;
    server = await new ModelServer((call, n) => (n === 0 ? { ...answer(call, n), after: held } : busy ? { status: 429, headers: { 'retry-after': '2' } } : answer(call, n))).start();
    const root = desk.project('knobs');
    const { before, after, open } = await interrupted(root, ['--model', 'anthropic/x', '--base-url', server.url], (text) => {
      if (!/429.*waiting/.test(text) || server.log.length < 4) return false;
      busy = false; // the next try would be answered
      return true;
    }, { ANTHROPIC_API_KEY: 'a' });
    assert.equal(after, before);
    assert.deepEqual(open, [1, 2, 3]);
  });

  it('and the same of the money of a day', async () => {
    server = await new ModelServer((call, n) => ({ ...answer(call, n), after: held })).start();
    const root = desk.project('knobs', { 'prices.json': '{"openai/x": {"input": 5, "output": 50}}' });
    const { before, after } = await interrupted(root, ['--model', 'openai/x', '--base-url', `${server.url}/v1`, '--prices', 'prices.json', '--usd-per-day', '1'], () => server.log.length === 2 && ofType(eventsIn(journals(root)[0] ?? ''), 'asked').length === 4, { XDG_STATE_HOME: join(desk.folder, 'state') });
    assert.deepEqual([before, after], [2, 2]);
  });
});
