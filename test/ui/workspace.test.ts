// A window of two folders: each with its own runs, tasks of tasks.json, the report, and the question about unsaved files.

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { poll } from '../vscode/workbench.ts';
import { fixture, journals, pictures, useWorkbench } from './support.ts';

describe('a window of two folders', function () {
  this.timeout(180_000);
  const work = mkdtempSync(join(tmpdir(), 'sigil-ui-'));
  const words = join(work, 'words');
  /** Its path begins with the other's: they must not be taken for one. */
  const slow = join(work, 'words-slow');
  const wb = useWorkbench(() => {
    cpSync(fixture('words'), words, { recursive: true });
    cpSync(fixture('slow'), slow, { recursive: true });
    mkdirSync(join(slow, '.vscode'));
    writeFileSync(join(slow, '.vscode/tasks.json'), JSON.stringify({ version: '2.0.0', tasks: [{ type: 'sigil', spec: 'width', arguments: ['--niter', '3', '--seed', '4'], label: 'search the width', problemMatcher: [] }] }));
    const file = join(work, 'both.code-workspace');
    writeFileSync(file, JSON.stringify({ folders: [{ path: 'words' }, { path: 'words-slow' }], settings: { 'sigil.run.evaluations': 2, 'sigil.notifications.atEnd': false } }));
    return { folder: file, inPlace: true };
  });
  after(() => { rmSync(work, { recursive: true, force: true }); });

  it('optimizes the function of the folder that its file is in', async () => {
    await wb().openFile('words.py');
    await wb().codeLens('Optimize this function').click();
    await wb().codeLens(/comparisons lower by 32829/).waitFor({ timeout: 90_000 });
    assert.deepEqual([journals(words).length, journals(slow).length], [1, 0]);
  });

  it('runs a task of tasks.json in its own folder, with its own arguments', async () => {
    await wb().command('Tasks: Run Task');
    await wb().pick(/search the width/);
    await poll(() => journals(slow), (j) => j.length === 1 && /"type":"run-ended"/.test(readFileSync(j[0] ?? '', 'utf8')), 'the run of the task', 90_000);
    const started = JSON.parse(readFileSync(journals(slow)[0] ?? '', 'utf8').split('\n')[0] ?? '') as { seed: number };
    assert.equal(started.seed, 4);
    assert.equal(journals(words).length, 1);
  });

  it('shows both in one tree, under their folders', async () => {
    await wb().openViewContainer('Sigil');
    await wb().treeItem(/^Project words\.$/).waitFor();
    await wb().treeItem(/^Project words-slow\.$/).waitFor();
    await poll(() => wb().treeItem(/Finished after/).count(), (n) => n === 2, 'two finished runs');
    await wb().screenshot(join(pictures, 'two-folders.png'));
  });

  it('asks about unsaved files of that folder only, and runs nothing when it is not answered', async () => {
    await wb().openFile('pause.txt');
    await wb().editor('pause.txt').locator('.view-lines').click();
    await wb().page.keyboard.type('0');
    await wb().tab('words.py').first().click();
    await wb().contextMenu(wb().editor('words.py').locator('.view-line', { hasText: 'word not in seen' }), 'Sigil', 'Optimize This Function');
    await poll(() => journals(words).length, (n) => n === 2, 'a run at once: the unsaved file is the other folder\'s', 60_000);
    await poll(() => wb().treeItem(/Finished after/).count(), (n) => n === 3, 'its end', 60_000);
    await wb().editor('words.py').locator('.view-lines').click();
    await wb().page.keyboard.press('Control+Home');
    await wb().page.keyboard.type('# note ');
    await wb().codeLens('Optimize again').click();
    await wb().notification(/words\.py has unsaved changes/).waitFor();
    await wb().screenshot(join(pictures, 'unsaved.png'));
    assert.equal(journals(words).length, 2);
    await wb().answer(/has unsaved changes/, 'Save and Run');
    await poll(() => journals(words).length, (n) => n === 3, 'the run', 60_000);
    assert.match(readFileSync(join(words, 'words.py'), 'utf8'), /^# note /);
    await poll(() => wb().treeItem(/Finished after/).count(), (n) => n === 4, 'its end', 60_000);
  });

  it('opens a report that says what was found', async () => {
    await wb().command('Sigil: Open Report');
    await wb().quickInput.locator('.monaco-list-row').first().waitFor();
    await wb().pick(/words/);
    const report = wb().page.locator('iframe.webview.ready').filter({ visible: true }).first().contentFrame().frameLocator('iframe#active-frame');
    await report.getByText(/32829 better/).first().waitFor();
    await wb().screenshot(join(pictures, 'report.png'));
  });
});
