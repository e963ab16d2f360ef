// Runs with agents beside other runs of this machine: the measuring lock while an agent works, and the cap of a day.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { acquireMachineLock, lockFolder } from '../../../src/adapters/sandbox/machine-lock.ts';
import { installAgents } from '../../agents/install.ts';
import { AgentServer, type Orders, type Started } from '../../agents/server.ts';
import { needBubblewrap } from '../sandbox/support.ts';
import { Desk, eventsIn, journals, leftovers, ofType, until } from './support.ts';

const only = (root: string): string => journals(root)[0] ?? assert.fail('no journal');
const spec = (fixture: string): string => readFileSync(join(__dirname, '..', '..', 'fixtures', 'projects', fixture, 'sigil.yaml'), 'utf8').trimEnd();

describe('runs with agents beside others', function () {
  this.timeout(300_000);
  let desk: Desk;
  let server: AgentServer | undefined;
  let tools: string;

  before(async function () {
    desk = new Desk();
    await needBubblewrap(this);
    tools = installAgents(desk.folder, 'mine');
  });
  after(async () => desk.dispose());
  afterEach(async () => {
    await server?.stop();
    server = undefined;
    assert.deepEqual(leftovers(desk.folder), []);
  });

  const serve = async (orders: (start: Started, n: number) => Orders | Promise<Orders>): Promise<AgentServer> => (server = await new AgentServer(orders).start());
  const environment = (): NodeJS.ProcessEnv => ({ PATH: `${tools}:${process.env['PATH'] ?? ''}`, XDG_STATE_HOME: join(desk.folder, 'state'), FAKE_URL: server?.url });
  const project = (fixture: string, agent = ''): string => desk.project(fixture, { 'sigil.yaml': `${spec(fixture)}\nagents:\n  mine: { command: mine, cost: cost, summary: said, env: [FAKE_URL]${agent} }\n` });

  it('give the measuring lock back while an agent works, and wait for it again to measure', async () => {
    let go: (() => void) | undefined;
    const told = new Promise<void>((resolve) => (go = resolve));
    const s = await serve(async (start) => {
      await told;
      return { write: { 'params.cfg': (start.files['params.cfg'] ?? '').replace(/^count = \d+/m, 'count = 1000') }, cost: 0.01 };
    });
    const root = project('timed');
    const run = desk.start(root, ['run', 'work', '--niter', '1', '--seed', '1', '--model', 'agent/mine', '--json'], { env: environment() });
    await until('the agent works', () => s.starts.length === 1);
    const tickets = (): string[] => readdirSync(lockFolder()).filter((name) => name.includes(`.${run.child.pid ?? 0}.`));
    assert.deepEqual(tickets(), [], 'its run stands in no queue');
    // Another run measures a baseline and a solution from beginning to end, and this test measures too.
    const other = await desk.sigil(desk.project('timed'), ['run', 'work', '--niter', '1', '--seed', '1', '--json'], { env: environment() });
    assert.equal(other.code, 0, other.stderr);
    assert.equal(ofType(eventsIn(only(root)), 'proposed').length, 0, 'the agent is still at work');
    const release = await acquireMachineLock(new AbortController().signal);
    go?.();
    await until('the run waits for its turn', () => tickets().length > 0);
    await new Promise((r) => setTimeout(r, 1500));
    assert.equal(ofType(eventsIn(only(root)), 'verdict').length, 0, 'nothing is measured meanwhile');
    release();
    const end = await run.ended;
    assert.equal(end.code, 0, end.stderr);
    const events = eventsIn(only(root));
    const proposed = events.findIndex((e) => e.type === 'proposed');
    const waited = events.slice(proposed).flatMap((e) => (e.type === 'waited' ? [e.ms] : []));
    assert.ok(waited.some((ms) => ms >= 1000), `the wait is in the journal: ${waited.join(' ')}`);
    assert.match(end.stderr, new RegExp(`Waiting: process ${process.pid} is measuring`));
    assert.ok(ofType(events, 'round').length > 0);
  });

  it('keep within the cap of a day together, say which cap it was, and free what a killed one had reserved', async () => {
    let hold = false;
    const s = await serve(async (start, n) => {
      if (hold) await new Promise(() => undefined);
      return { write: { 'params.cfg': (start.files['params.cfg'] ?? '').replace(/^width = \d+/m, `width = ${20 + n}`) }, cost: 0.1 };
    });
    const args = ['run', 'shape', '--niter', '20', '--model', 'agent/mine', '--usd-per-day', '1', '--json', '--optimizer', 'best-of-n'];
    const roots = [0, 1, 2].map(() => project('knobs', ', estimate_usd: 0.3'));
    // Killed while its agents work: at most 2 of 0.30 are reserved, and never told.
    hold = true;
    const killed = desk.start(roots[2] ?? '', args, { env: environment() });
    await until('its agents work', () => s.starts.length > 0);
    killed.child.kill('SIGKILL');
    await killed.ended;
    await until('no process is left of it', () => leftovers(desk.folder, [killed.child.pid ?? 0]).length === 0);
    hold = false;
    const before = s.starts.length;
    const ended = await Promise.all(roots.slice(0, 2).map((root, i) => desk.sigil(root, [...args, '--seed', String(i)], { env: environment() })));
    const spent = (s.starts.length - before) * 0.1;
    assert.ok(spent <= 1 + 1e-9 && spent > 0.75, `$${spent} by the server's log: what the killed one had reserved is free again`);
    for (const [i, end] of ended.entries()) {
      assert.equal(end.code, 0, end.stderr);
      const { summary } = ofType(eventsIn(only(roots[i] ?? '')), 'run-ended')[0] ?? assert.fail();
      assert.equal(summary.reason, 'money');
      assert.match(summary.why ?? '', /all runs of a day may spend \$1\.00 together/);
    }
    // The killed one goes on with what is said of its cut-off runs; the day has no money for it.
    const resumed = await desk.sigil(roots[2] ?? '', ['resume', '--usd-per-day', '1', '--json'], { env: environment() });
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.equal(s.starts.length - before, Math.round(spent * 10), 'nothing is started without money');
    const soFar = s.starts.length;
    const cap = spent + 0.45;
    const more = await desk.sigil(roots[2] ?? '', ['resume', '--usd-per-day', String(cap), '--json'], { env: environment() });
    assert.equal(more.code, 0, more.stderr);
    assert.match(more.stderr, /was cut off when the search was killed. What it cost is not known \(about \$0\.30\)/);
    assert.equal(s.starts.length, soFar + 1, 'what was cut off has cost something, and counts for the day too: there is money for one more');
  });
});
