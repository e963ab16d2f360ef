// What VS Code loads inside the extension host: runs the bundled tests with mocha and writes a report.

import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';

export async function run(): Promise<void> {
  const grep = process.env['SIGIL_TEST_GREP'];
  const mocha = new Mocha({ ui: 'bdd', color: false, timeout: 30_000, forbidOnly: true, ...(grep ? { grep } : {}) });
  mocha.addFile(join(__dirname, 'tests.js'));
  const lines: string[] = [];
  await new Promise<void>((done, failed) => {
    const runner = mocha.run((failures) => {
      const report = process.env['SIGIL_TEST_REPORT'];
      const { passes = 0, pending = 0 } = runner.stats ?? {};
      if (report) {
        writeFileSync(`${report}.new`, JSON.stringify({ passes, failures, pending, text: lines.join('\n') }));
        renameSync(`${report}.new`, report); // never half a report
      }
      if (failures > 0) failed(new Error(`${failures} tests failed`));
      else done();
    });
    runner.on('pass', (t) => lines.push(`  ✔ ${t.fullTitle()} (${t.duration ?? 0} ms)`));
    runner.on('pending', (t) => lines.push(`  - ${t.fullTitle()}`));
    runner.on('fail', (t, e: Error) => lines.push(`  ✘ ${t.fullTitle()}\n${(e.stack ?? e.message).replace(/^/gm, '      ')}`));
  });
}
