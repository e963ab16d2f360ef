// Uses checkouts over and over, to be killed at any moment: `child.ts PROJECT RUN`.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openCheckouts } from '../../../src/adapters/checkout/pool.ts';

async function main(): Promise<void> {
  const [projectRoot = '', runId = ''] = process.argv.slice(2);
  for (let i = 0; ; i++) {
    process.stdout.write(`${i}\n`);
    const pool = await openCheckouts({ projectRoot, runId, link: [], copy: ['secret.cfg'], outputs: ['out'] });
    const checkouts = [await pool.add(), await pool.add()];
    for (let n = 0; n < 3; n++) {
      for (const c of checkouts) {
        await c.write(new Map([['src/f0.py', `v = ${n}\n`]]));
        pool.place(c);
        writeFileSync(join(c.root, 'src/f1.py'), 'damage');
        await c.violations();
      }
    }
    await pool.close();
  }
}

void main();
