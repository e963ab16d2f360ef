// rl keeps what it learned: the next run begins with it, says so, and a run that is resumed has it too.

import assert from 'node:assert/strict';
import { Desk, eventsIn, journals, ofType } from './support.ts';

describe('a search that learns', function () {
  this.timeout(180_000);
  let desk: Desk;
  let root: string;
  const events = (workspace: string): ReturnType<typeof eventsIn> => eventsIn(journals(root).find((p) => p.includes(`/${workspace}/`)) ?? '');
  const run = async (...more: string[]): Promise<string> => {
    const r = await desk.sigil(root, ['run', 'shape', '--optimizer', 'rl', '--seed', '3', '--niter', '6', ...more]);
    assert.equal(r.code, 0, r.stderr);
    return `${r.stdout}${r.stderr}`;
  };

  before(() => {
    desk = new Desk();
    root = desk.project('knobs');
  });
  after(async () => desk.dispose());

  it('hands on what it learned, and goes on by it when it is resumed', async () => {
    assert.doesNotMatch(await run(), /goes on with what/);
    const [first] = ofType(events('v1'), 'run-ended');
    const learned = first?.learned ?? {};
    assert.ok(Object.keys(learned).includes('step rewrite'), JSON.stringify(learned));

    const text = await run('--workspace', 'later');
    const name = first?.summary.run ?? '';
    assert.ok(text.replace(/\s+/g, ' ').includes(`it goes on with what ${name} learned`), text);
    const [started] = ofType(events('later'), 'run-started');
    assert.deepEqual(started?.learned, learned);
    assert.equal(started.learnedIn, name);

    // The replay checks each ask against the journal: it only agrees when the search begins with the same.
    const resumed = await desk.sigil(root, ['resume', started.run, '--niter', '+4']);
    assert.equal(resumed.code, 0, resumed.stderr);
    const report = await desk.sigil(root, ['report', started.run]);
    assert.match(report.stdout.replace(/\s+/g, ' '), /Learned, for later runs of rl too: (\w+ \d+ %(, )?){5}\./);
  });

  it('is no matter of other searches', async () => {
    const r = await desk.sigil(root, ['run', 'shape', '--optimizer', 'greedy', '--niter', '2', '--workspace', 'other']);
    assert.equal(r.code, 0, r.stderr);
    const greedy = events('other');
    assert.equal(ofType(greedy, 'run-started')[0]?.learned, undefined);
    assert.equal(ofType(greedy, 'run-ended')[0]?.learned, undefined);
  });
});
