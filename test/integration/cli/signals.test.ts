// Ctrl-C once and twice, SIGTERM, stop from elsewhere, resume and extend.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { CLI, Desk, eventsIn, journals, leftovers, ofType, until, untouchable, type Started } from './support.ts';

const count = (s: Started, type: string): number => s.stdout.split(`"type":"${type}"`).length - 1;

describe('stopping a run', function () {
  this.timeout(120_000);
  let desk: Desk;
  before(() => (desk = new Desk()));
  after(async () => desk.dispose());
  afterEach(() => assert.deepEqual(leftovers(desk.folder), []));

  const journalOf = (root: string) => eventsIn(journals(root)[0] as string);

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`ends after the evaluation in flight at one ${signal}, as a terminal sends it, and goes on from there`, async () => {
      const root = desk.project('slow');
      const before = untouchable(root);
      const s = desk.start(root, ['run', 'width', '--seed', '1', '--niter', '8', '--parallel', '1', '--json'], { group: true });
      await until('an evaluation in flight', () => count(s, 'proposed') === 2);
      process.kill(-(s.child.pid ?? 0), signal); // the whole foreground group gets a Ctrl-C
      const end = await s.ended;
      assert.equal(end.code, 130, end.stderr);
      assert.match(end.stderr, /Stopping after the evaluation in flight; press Ctrl-C again/);
      const events = journalOf(root);
      assert.deepEqual(ofType(events, 'verdict').map((v) => v.ask), [0, 1], 'the one in flight is decided, no other is begun');
      assert.ok(ofType(events, 'verdict').every((v) => v.outcome === 'kept' || v.outcome === 'discarded'), `and was not disturbed by the signal: ${ofType(events, 'verdict').map((v) => `${v.outcome} ${v.reason}`).join('; ')}`);
      const last = events.at(-1);
      assert.ok(last?.type === 'run-ended' && last.summary.reason === 'interrupted');
      assert.deepEqual(untouchable(root), before);

      const resumed = await desk.sigil(root, ['resume', '--json']);
      assert.equal(resumed.code, 0, resumed.stderr);
      const [ended] = ofType(journalOf(root), 'run-ended').slice(-1);
      assert.equal(ended?.summary.evaluations, 8);
      assert.equal(ended.summary.reason, 'budget');
    });
  }

  it('ends at once at two SIGINT; the evaluation in flight is not decided', async () => {
    const root = desk.project('slow', { 'pause.txt': '300' });
    const s = desk.start(root, ['run', 'width', '--seed', '1', '--json'], { group: true });
    await until('an evaluation in flight', () => count(s, 'proposed') === 1);
    process.kill(-(s.child.pid ?? 0), 'SIGINT');
    await until('the first is heard', () => s.stderr.includes('Ctrl-C again'));
    process.kill(-(s.child.pid ?? 0), 'SIGINT');
    const end = await s.ended; // long before its 300 seconds, or mocha's timeout says so
    assert.equal(end.code, 130, end.stderr);
    const events = journalOf(root);
    assert.equal(ofType(events, 'verdict').length, 0);
    const { runs } = await desk.json<{ runs: { status: string; evaluations: number }[] }>(root, ['history']);
    assert.deepEqual(runs.map((r) => [r.status, r.evaluations]), [['interrupted', 0]]);
  });

  it('ends after the evaluation in flight when its terminal is closed, with its journal in order', async () => {
    const root = desk.project('slow');
    // Python's pty stands for the terminal: killed, it closes the terminal under the run, as an editor does.
    const terminal = spawn('python3', ['-c', 'import pty, sys; pty.spawn(sys.argv[1:])', process.execPath, CLI, 'run', 'width', '--seed', '1', '--parallel', '1'], { cwd: root, env: desk.env, stdio: 'ignore' });
    await until('an evaluation in flight', () => journals(root).length === 1 && ofType(journalOf(root), 'proposed').length === 2);
    terminal.kill('SIGKILL');
    await until('its end', () => leftovers(desk.folder).length === 0);
    const last = journalOf(root).at(-1);
    assert.ok(last?.type === 'run-ended' && last.summary.reason === 'interrupted');
    assert.equal(ofType(journalOf(root), 'verdict').length, ofType(journalOf(root), 'asked').length, 'the one in flight is decided');
    assert.deepEqual(readdirSync(dirname(journals(root)[0] as string)).filter((name) => name.startsWith('lock')), [], 'a process that aborts leaves its lock');
  });

  it('"stop" from another process ends it with the final verification; a second process on it is refused', async () => {
    const root = desk.project('slow');
    const s = desk.start(root, ['run', 'width', '--seed', '1', '--parallel', '1', '--json']);
    await until('a promotion', () => count(s, 'promoted') === 1);
    const { running } = await desk.json<{ running: { run: string; pid: number; status: string }[] }>(root, ['status']);
    assert.deepEqual(running.map((r) => [r.pid, r.status]), [[s.child.pid, 'running']]);
    const run = running[0]?.run ?? '';

    const second = await desk.sigil(root, ['resume', run]);
    assert.equal(second.code, 1);
    assert.match(second.stderr, new RegExp(`run ${run} is in use by process ${String(s.child.pid)}\\n +→ .*sigil stop`));

    assert.deepEqual(await desk.json(root, ['stop', run.slice(0, 15)]), { run, stopping: true });
    const end = await s.ended;
    assert.equal(end.code, 0, end.stderr);
    const events = journalOf(root);
    const last = events.at(-1);
    assert.ok(last?.type === 'run-ended' && last.summary.reason === 'stopped' && last.summary.gain !== null, 'the best is verified');
    assert.ok(last.summary.evaluations < 40);
    assert.ok(ofType(events, 'confirmed').some((c) => c.id === last.summary.best && c.against === 'baseline' && c.ok));
    assert.equal(ofType(events, 'verdict').length, ofType(events, 'asked').length);
    assert.equal((await desk.sigil(root, ['stop', run])).code, 1, 'it runs no more');

    assert.equal((await desk.sigil(root, ['resume', run, '--niter', '1'])).code, 2, 'less than is planned');
  });

  it('refuses to resume a finished run, says how to extend it, and extends it', async () => {
    const root = desk.project('slow', { 'pause.txt': '0' });
    assert.equal((await desk.sigil(root, ['run', 'width', '--seed', '1', '--niter', '2'])).code, 0);
    const refused = await desk.sigil(root, ['resume']);
    assert.equal(refused.code, 2);
    assert.match(refused.stderr, /is finished: 2 of 2 evaluations\n +→ Extend it with --niter \+20/);
    const more = await desk.sigil(root, ['resume', '--niter', '+2', '--json']);
    assert.equal(more.code, 0, more.stderr);
    const ended = ofType(journalOf(root), 'run-ended').at(-1);
    assert.equal(ended?.summary.evaluations, 4);
    assert.ok(ofType(journalOf(root), 'resumed').at(-1)?.extended);
    assert.deepEqual(ofType(journalOf(root), 'asked').map((a) => a.ask), [...ofType(journalOf(root), 'asked').keys()]);
  });
});
