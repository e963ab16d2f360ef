// Appends a judged solution to a run's journal every so often, as a run would, and says when it did. `node writer.js ROOT TIMES EVERY_MS PREFIX`

import { FileJournal } from '../src/adapters/journal/file-journal.ts';
import { listRuns } from '../src/adapters/journal/layout.ts';

async function main(): Promise<void> {
  const [root = '', times = '1', every = '200', prefix = 'live'] = process.argv.slice(2);
  const [paths] = listRuns(root);
  if (paths === undefined) throw new Error('there is no run');
  const journal = new FileJournal(paths, () => Date.now());
  await new Promise((done) => setTimeout(done, 2000)); // the lock is seen, and the run shown as running
  process.stdout.write('begin\n');
  for (let i = 0; i < Number(times); i++) {
    const id = `${prefix}${i}`;
    const ask = 1_000_000 + (prefix === 'live' ? 0 : 100_000) + i;
    journal.append({ type: 'proposed', ask, id, parents: ['baseline'], patch: '--- a/hot.js\n+++ b/hot.js\n', operator: 'bench', summary: `live ${i}`, usd: 0, spent: false }, false);
    journal.append({ type: 'verdict', ask, id, outcome: 'discarded', reason: '', estimate: null, effect: null, feasible: true, p: null, alpha: null, pairs: 5, processes: 10, seconds: 1, metrics: {} }, true);
    process.stdout.write(`${id} ${Date.now()}\n`);
    await new Promise((done) => setTimeout(done, Number(every)));
  }
  await journal.close();
}

void main();
