// Time in which another run measures is not time of the run that waits for it.

import assert from 'node:assert/strict';
import { acquireMachineLock } from '../../../src/adapters/sandbox/machine-lock.ts';
import { Desk, eventsIn, journals, ofType } from './support.ts';

describe('a run that waits for the machine', function () {
  this.timeout(180_000);
  const desk = new Desk();
  after(async () => desk.dispose());

  it('has all of its time afterwards, and its journal tells the wait', async () => {
    const root = desk.project('timed');
    const release = await acquireMachineLock(new AbortController().signal);
    const started = desk.start(root, ['run', 'work', '--niter', '1', '--time', '12s', '--seed', '1', '--json']);
    let ended = false;
    void started.ended.then(() => { ended = true; });
    await new Promise((done) => setTimeout(done, 15_000));
    assert.equal(ended, false, 'nothing is measured while another measures');
    release();
    const r = await started.ended;
    assert.equal(r.code, 0, r.stderr);
    const events = eventsIn(journals(root)[0] ?? '');
    const waited = ofType(events, 'waited').reduce((ms, e) => ms + e.ms, 0);
    assert.ok(waited > 8_000, `${waited} ms`);
    const [end] = ofType(events, 'run-ended');
    assert.ok(end);
    assert.equal(end.summary.evaluations, 1, end.summary.reason);
    const wall = ((events.at(-1)?.t ?? 0) - (events[0]?.t ?? 0)) / 1000;
    assert.ok(end.summary.seconds < wall - 8, `${end.summary.seconds} of ${wall} s`);
  });
});
