// A run in its course, with the real engine: it outlives a reload, and a closed terminal leaves it resumable.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { poll } from '../vscode/workbench.ts';
import { fixture, journals, pictures, useWorkbench } from './support.ts';

describe('a run in its course', function () {
  this.timeout(240_000);
  const wb = useWorkbench({ folder: fixture('slow') });
  const verdicts = (journal: string): number => readFileSync(journal, 'utf8').split('"type":"verdict"').length - 1;
  const newest = (): string => journals(wb().folder).at(-1) ?? assert.fail('there is no run');

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

  it('is interrupted when its terminal is closed, says so in the tree, and is resumed from there', async () => {
    await wb().command('Sigil: Run a Search…');
    await wb().treeItem(/Running: [1-9]/).waitFor({ timeout: 60_000 });
    await wb().command("Sigil: Show the Run's Terminal");
    await wb().page.getByPlaceholder('Which run?').press('Enter'); // the newest
    await wb().terminalShows(/search +greedy/);
    await wb().command('Terminal: Kill the Active Terminal Instance');
    const row = wb().treeItem(/Interrupted after \d+ evaluations; it can be resumed/);
    await row.waitFor({ timeout: 60_000 });
    assert.equal(journals(wb().folder).length, 2);
    const before = verdicts(newest());
    await wb().screenshot(join(pictures, 'course-interrupted.png'));

    await row.hover();
    await row.getByRole('button', { name: 'Resume Run' }).click();
    await wb().treeItem(/Running: [1-9]/).waitFor({ timeout: 60_000 });
    await poll(() => verdicts(newest()), (n) => n > before, 'the run to go on');
    assert.equal(journals(wb().folder).length, 2, 'the same run goes on');
    await wb().command('Sigil: Stop Run');
    await poll(() => wb().treeItem(/Finished after/).count(), (n) => n === 2, 'both runs to have ended', 60_000);
  });
});
