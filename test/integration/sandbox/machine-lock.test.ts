// The machine-wide lock among real processes: one at a time, first come first served, and a dead holder blocks nobody.

import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { appendFileSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isContended, watchLoad } from '../../../src/adapters/sandbox/contention.ts';
import { acquireMachineLock, exclusively, lockFolder } from '../../../src/adapters/sandbox/machine-lock.ts';
import { machineFacts } from '../../../src/adapters/sandbox/machine.ts';
import { NEVER, folderFor } from './support.ts';

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

describe('machine lock', function () {
  const root = folderFor(this);

  it('lets one in at a time, in order', async () => {
    const folder = join(root, 'order');
    const order: string[] = [];
    const work = async (name: string): Promise<void> => {
      const release = await acquireMachineLock(NEVER, undefined, folder);
      order.push(`${name} in`);
      await pause(5);
      order.push(`${name} out`);
      release();
    };
    await Promise.all(['a', 'b', 'c'].map(work));
    assert.deepEqual(order, ['a in', 'a out', 'b in', 'b out', 'c in', 'c out']);
    assert.deepEqual(readdirSync(folder), []);
  });

  it('lets one process in at a time, under contention and with holders that are killed', async () => {
    const folder = join(root, 'many');
    const log = join(root, 'log');
    writeFileSync(log, '');
    const start = (): Promise<void> => new Promise((resolve) => fork(join(__dirname, 'locker.ts'), [folder, log], { execArgv: ['--import', 'tsx'] }).once('exit', () => { resolve(); }));
    await Promise.all([start(), start(), start(), start()]);
    const lines = readFileSync(log, 'utf8').trim().split('\n');
    let holder: string | null = null;
    let turns = 0;
    let deaths = 0;
    for (const line of lines) {
      const [what, who = ''] = line.split(' ');
      if (what === 'in') {
        assert.equal(holder, null, `${who} came in while ${String(holder)} was there`);
        holder = who;
        turns++;
      } else {
        assert.equal(who, holder);
        holder = null;
        if (what === 'die') deaths++;
      }
    }
    assert.equal(turns, 4 * 25);
    assert.equal(deaths, 4);
  });

  it('tells who holds it, and gives up when aborted', async () => {
    const folder = join(root, 'abort');
    const release = await acquireMachineLock(NEVER, undefined, folder);
    const controller = new AbortController();
    let told = 0;
    const waiting = acquireMachineLock(controller.signal, (pid) => {
      told = pid;
      controller.abort(new Error('enough'));
    }, folder);
    await assert.rejects(waiting, /enough/);
    assert.equal(told, process.pid);
    assert.equal(readdirSync(folder).length, 1);
    release();
    (await acquireMachineLock(NEVER, undefined, folder))();
  });

  it('ignores foreign files', async () => {
    const folder = join(root, 'foreign');
    (await acquireMachineLock(NEVER, undefined, folder))();
    appendFileSync(join(folder, 'README'), 'x');
    (await acquireMachineLock(NEVER, undefined, folder))();
  });

  it('releases after failing work', async () => {
    await assert.rejects(exclusively(() => Promise.reject(new Error('broken')), NEVER), /broken/);
    assert.deepEqual(readdirSync(lockFolder()).filter((name) => name.includes(`.${process.pid}.`)), []);
  });
});

describe('machine', () => {
  it('states its facts', () => {
    const facts = machineFacts();
    assert.ok(facts.cores >= 1 && facts.memoryGb > 0 && facts.os.length > 3 && facts.node === process.versions.node);
  });

  it('does not count our own use as that of others', async () => {
    const end = watchLoad();
    const until = process.cpuUsage().user + 150_000;
    while (process.cpuUsage().user < until);
    await pause(60);
    const none = end(0);
    assert.ok(none !== null);
    // The same span with our CPU ten times overstated: never below zero.
    assert.equal(end(1e6)?.others, 0);
    // Understated by a whole second, it looks like others' work.
    const shifted = end(-1000);
    assert.ok(shifted !== null && shifted.others > none.others);
  });

  it('calls a round contended by load and steal only', () => {
    assert.equal(isContended({ others: 0.1, steal: 0 }, 2), false);
    assert.equal(isContended({ others: 0.9, steal: 0 }, 2), true);
    assert.equal(isContended({ others: 0.9, steal: 0 }, 8), false);
    assert.equal(isContended({ others: 0.3, steal: 0 }, 1), true);
    assert.equal(isContended({ others: 0, steal: 0.1 }, 8), true);
  });
});
