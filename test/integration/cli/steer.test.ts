// `steer` on real runs: one that goes on, and one that is resumed for it.

import assert from 'node:assert/strict';
import { Desk, eventsIn, journals, ofType, until } from './support.ts';

describe('steer', function () {
  this.timeout(120_000);
  let desk: Desk;
  before(() => { desk = new Desk(); });
  after(async () => desk.dispose());

  const journalOf = (root: string): string => journals(root)[0] ?? '';

  it('waits for the resume of a run that has ended, says so, and says that the built-in mutators read no text', async () => {
    const root = desk.project('knobs');
    assert.equal((await desk.sigil(root, ['run', 'shape', '--seed', '3', '--niter', '6'])).code, 0);
    const run = ofType(eventsIn(journalOf(root)), 'run-started')[0]?.run ?? '';
    const focus = ofType(eventsIn(journalOf(root)), 'verdict').find((v) => v.outcome !== 'kept')?.id ?? '';
    const text = await desk.sigil(root, ['steer', run, 'keep', 'it', 'wide']);
    assert.equal(text.code, 0);
    assert.match(text.stdout, /takes note when it goes on \("sigil resume \S+ --niter \+20"\)\.\n.*built-in mutators, does not read text: this changes nothing/);
    const told = await desk.json<object>(root, ['steer', run, '--focus', focus.slice(0, 7)]);
    assert.deepEqual(told, { run, text: '', focus, asks: 5, status: 'finished', proposer: 'builtin', readsText: false });
    assert.equal((await desk.sigil(root, ['resume', run, '--niter', '+5'])).code, 0);
    const events = eventsIn(journalOf(root));
    assert.deepEqual(ofType(events, 'acted').at(-1)?.steered, [{ text: 'keep it wide', focus: null }, { text: '', focus }]);
    assert.deepEqual(ofType(events, 'asked').filter((a) => a.request.steered === true).map((a) => a.request.parent), Array.from({ length: 5 }, () => focus));
  });

  it('refuses what cannot be searched from, and nothing at all to tell', async () => {
    const root = desk.project('knobs');
    assert.equal((await desk.sigil(root, ['run', 'shape', '--seed', '3', '--niter', '3'])).code, 0);
    const run = ofType(eventsIn(journalOf(root)), 'run-started')[0]?.run ?? '';
    const banned = ofType(eventsIn(journalOf(root)), 'verdict')[0]?.id ?? '';
    await desk.json(root, ['ban', banned]);
    for (const [args, error] of [[[], /nothing to tell/], [['--focus', banned], /is banned/], [['--focus', 'nonesuch'], /there is no solution/]] as const) {
      const r = await desk.sigil(root, ['steer', run, ...args]);
      assert.equal(r.code, 2);
      assert.match(r.stderr, error);
    }
  });

  it('is taken before the next ask of a run that goes on', async () => {
    const root = desk.project('slow');
    const started = desk.start(root, ['run', 'width', '--seed', '1', '--niter', '12']);
    await until('two verdicts', () => journalOf(root) !== '' && ofType(eventsIn(journalOf(root)), 'verdict').length >= 2);
    const [first] = ofType(eventsIn(journalOf(root)), 'verdict');
    const run = ofType(eventsIn(journalOf(root)), 'run-started')[0]?.run ?? '';
    const told = await desk.json<{ status: string }>(root, ['steer', run, '--focus', first?.id ?? '']);
    assert.equal(told.status, 'running');
    await until('it to be followed', () => ofType(eventsIn(journalOf(root)), 'asked').some((a) => a.request.steered === true && a.request.parent === first?.id));
    started.child.kill('SIGTERM');
    await started.ended;
  });
});
