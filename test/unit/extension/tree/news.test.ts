// The badge, and the throttle of changes.

import assert from 'node:assert/strict';
import { news, remember, type Counted } from '../../../../src/extension/tree/news.ts';
import { Throttle } from '../../../../src/extension/throttle.ts';

const run = (key: string, running: boolean, kept: number | null): Counted => ({ key, running, kept });

describe('the badge', () => {
  it('counts what was verified since somebody looked, also in a run that has ended meanwhile', () => {
    let seen = remember([run('a', true, 1)], {}, true);
    assert.equal(news([run('a', true, 1)], seen), 0);
    seen = remember([run('a', true, 3)], seen, false);
    assert.equal(news([run('a', true, 3)], seen), 2);
    assert.equal(news([run('a', false, 4)], seen), 3);
    assert.equal(news([run('a', false, 4)], remember([run('a', false, 4)], seen, true)), 0);
  });

  it('takes runs of earlier days for seen, and counts a new one from its first solution', () => {
    assert.equal(news([run('old', false, 7), run('new', true, 2)], {}), 2);
    assert.deepEqual(remember([run('old', false, 7), run('new', true, 2)], {}, false), { new: 0 });
  });

  it('forgets runs that are gone, and does not count what it would have to read a whole run for', () => {
    assert.deepEqual(remember([run('b', false, null)], { a: 3, b: 1 }, false), { b: 1 });
    assert.equal(news([run('b', false, null)], { b: 1 }), 0);
  });
});

describe('the throttle', () => {
  const after = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

  it('tells the first change at once, and what comes soon after together', async () => {
    const told: (string[] | null)[] = [];
    const th = new Throttle<string>(30, (c) => told.push(c === null ? null : [...c]));
    th.note('a');
    await after(5);
    assert.deepEqual(told, [['a']]);
    th.note('b');
    th.note('c');
    th.note('b');
    while (told.length < 2) await after(1);
    assert.deepEqual(told, [['a'], ['b', 'c']]);
    th.note('d');
    th.note(null);
    while (told.length < 3) await after(1);
    assert.equal(told[2], null, 'all, whatever else');
    th.dispose();
  });

  it('says nothing while it is paused, and all that came when it goes on', async () => {
    const told: string[][] = [];
    const th = new Throttle<string>(1, (c) => told.push([...(c ?? [])]));
    th.pause(true);
    th.note('a');
    th.note('b');
    await after(10);
    assert.deepEqual(told, []);
    th.pause(false);
    while (told.length < 1) await after(1);
    assert.deepEqual(told, [['a', 'b']]);
    th.dispose();
  });
});
