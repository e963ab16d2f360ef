// Takes the machine lock 25 times and logs it; the last time it is killed while it holds it.

import { appendFileSync } from 'node:fs';
import { acquireMachineLock } from '../../../src/adapters/sandbox/machine-lock.ts';

async function main(): Promise<void> {
  const [folder = '', log = ''] = process.argv.slice(2);
  for (let turn = 1; turn <= 25; turn++) {
    const release = await acquireMachineLock(new AbortController().signal, undefined, folder);
    appendFileSync(log, `in ${process.pid}\n`);
    if (turn % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    appendFileSync(log, `${turn === 25 ? 'die' : 'out'} ${process.pid}\n`);
    if (turn === 25) process.kill(process.pid, 'SIGKILL');
    release();
  }
}
void main();
