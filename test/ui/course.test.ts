// A run in its course, with the real engine: it outlives a reload and a killed extension host, and a closed terminal leaves it resumable.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { poll } from '../vscode/workbench.ts';
import { fixture, journals, pictures, useWorkbench } from './support.ts';

describe('a run in its course', function () {
  this.timeout(240_000);
  const wb = useWorkbench({ folder: fixture('slow') });
  const verdicts = (journal: string): number => readFileSync(journal, 'utf8').split('"type":"verdict"').length - 1;
  const newest = (): string => journals(wb().folder).at(-1) ?? assert.fail('there is no run');

  /** Of this window's server. */
  function processes(): readonly { readonly pid: number; readonly command: string }[] {
    const group = String(wb().server.pid);
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2] === group ? [{ pid: Number(name), command: readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ') }] : [];
      } catch {
        return []; // it has ended
      }
    });
  }

  before(async () => {
    writeFileSync(join(wb().folder, 'pause.txt'), '1'); // seconds of an evaluation
    await wb().openViewContainer('Sigil');
  });

  it('goes on over a reload, is shown live again, and stops when it is told to', async () => {
    await wb().page.getByRole('region', { name: 'Welcome' }).getByRole('button', { name: 'Run a Search…' }).click();
    await wb().treeItem(/Running: [1-9]/).waitFor({ timeout: 60_000 });
    await wb().statusBar(/Sigil: \d+\/40/).waitFor();
    const before = verdicts(newest());

    await wb().open();
    await wb().openViewContainer('Sigil');
    await wb().treeItem(/Running: [1-9]/).waitFor({ timeout: 60_000 });
    await poll(() => verdicts(newest()), (n) => n > before + 1, 'the run to go on');
    assert.equal(journals(wb().folder).length, 1, 'nothing was started twice');
    await wb().screenshot(join(pictures, 'course-reloaded.png'));

    await wb().command('Sigil: Stop Run');
    await wb().treeItem(/Finished after \d+ evaluations: the best is worth .*, verified/).waitFor({ timeout: 60_000 });
    await wb().notification(/“width”: .* better, verified by/).waitFor();
  });

  it('outlives a killed extension host, and is shown live again', async () => {
    await wb().command('Sigil: Run a Search…');
    await wb().treeItem(/Running: [1-9]/).waitFor({ timeout: 60_000 });
    const running = journals(wb().folder).length;
    const hosts = processes().filter((p) => p.command.includes('--type=extensionHost'));
    assert.equal(hosts.length, 1, 'the host of this window');
    for (const { pid } of hosts) process.kill(pid, 'SIGKILL');
    const before = verdicts(newest());
    await poll(() => processes().filter((p) => p.command.includes('--type=extensionHost') && !hosts.some((h) => h.pid === p.pid)).length, (n) => n === 1, 'a new host', 60_000);
    await wb().treeItem(/Running: [1-9]/).waitFor({ timeout: 60_000 });
    await poll(() => verdicts(newest()), (n) => n > before + 1, 'the run to go on');
    assert.equal(journals(wb().folder).length, running, 'nothing was started twice');
    await wb().command('Sigil: Stop Run');
    await poll(() => wb().treeItem(/Finished after/).count(), (n) => n === running, 'the run to have ended', 60_000);
  });

  it('is interrupted when its terminal is closed, says so in the tree, and is resumed from there', async () => {
    await wb().command('Sigil: Run a Search…');
    await wb().treeItem(/Running: [1-9]/).waitFor({ timeout: 60_000 });
    await wb().command("Sigil: Show the Run's Terminal");
    await wb().page.getByPlaceholder('Which run?').press('Enter'); // the newest
    await wb().terminalShows(/search +greedy/);
    await wb().command('Terminal: Kill the Active Terminal Instance');
    const row = wb().treeItem(/Interrupted after \d+ evaluations; it can be resumed/);
    await row.waitFor({ timeout: 60_000 });
    const runs = journals(wb().folder).length;
    const before = verdicts(newest());
    await wb().screenshot(join(pictures, 'course-interrupted.png'));

    await row.hover();
    await row.getByRole('button', { name: 'Resume Run' }).click();
    await wb().treeItem(/Running: [1-9]/).waitFor({ timeout: 60_000 });
    await poll(() => verdicts(newest()), (n) => n > before, 'the run to go on');
    assert.equal(journals(wb().folder).length, runs, 'the same run goes on');
    await wb().command('Sigil: Stop Run');
    await poll(() => wb().treeItem(/Finished after/).count(), (n) => n === runs, 'all runs to have ended', 60_000);
  });
});
