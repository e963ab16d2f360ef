// A process of its own for the journal's tests: `act DIR COUNT` appends actions, `hold LOCK` takes a lock and waits to be killed, `relay DIR COUNT` takes it over and over.
import { closeSync, openSync, renameSync, unlinkSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../../../src/core/errors.ts';
import { appendAction } from '../../../src/adapters/journal/file-journal.ts';
import { runPaths } from '../../../src/adapters/journal/layout.ts';
import { ProcessLock } from '../../../src/adapters/journal/process-lock.ts';

/** Takes the lock again and again, is alone inside for a moment, and leaves the lock as a process does that is killed. */
function relay(dir: string, count: number): void {
  const lock = path.join(dir, 'lock');
  for (let got = 0; got < count; ) {
    try {
      ProcessLock.acquire(lock, 'the relay');
    } catch (e) {
      if (!(e instanceof UserError)) throw e;
      continue;
    }
    got++;
    closeSync(openSync(path.join(dir, 'inside'), 'wx')); // throws when another is inside
    const until = Date.now() + 2;
    while (Date.now() < until);
    unlinkSync(path.join(dir, 'inside'));
    writeFileSync(`${lock}.dead.${process.pid}`, JSON.stringify({ pid: 2 ** 22 + 1, start: '1' }));
    renameSync(`${lock}.dead.${process.pid}`, lock);
  }
}

async function main(): Promise<void> {
  const [, , what, where, count] = process.argv;
  if (what === 'hold') {
    ProcessLock.acquire(where ?? '', 'the test');
    writeSync(1, 'held\n');
    setInterval(() => undefined, 1000);
    return;
  }
  if (what === 'relay') {
    relay(where ?? '', Number(count));
    return;
  }
  const paths = runPaths(where ?? '', 'spec', 'v1', 'run');
  for (let i = 0; i < Number(count); i++) await appendAction(paths, { type: 'banned', id: `${process.pid}-${i}` }, i);
}

void main();
