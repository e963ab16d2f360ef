// The main flow, on the packaged extension and the real engine: from a lens to a verified solution in the file, and back.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { poll } from '../vscode/workbench.ts';
import { fixture, journals, useWorkbench } from './support.ts';

const FILE = 'words.py';
/** What unique_words makes of the 600 words of count.py, and what the best solution saves of it: the same on every machine. */
const BASELINE = /comparisons 33323/;
const GAIN = /32829/;

describe('the main flow', function () {
  this.timeout(120_000);
  const wb = useWorkbench({ folder: fixture('words'), settings: { 'sigil.run.evaluations': 12 } });
  const onDisk = (): string => readFileSync(join(wb().folder, FILE), 'utf8');
  const original = readFileSync(join(fixture('words'), FILE), 'utf8');
  /** How the file is once the solution is in it. */
  const accepted = (text: string): boolean => text.includes('set()') && text.includes('longest(words)');

  it('starts a run by a click on the lens, and takes nobody away from the editor', async () => {
    await wb().openFile(FILE);
    await wb().codeLens('Optimize this function').click();
    await wb().codeLens(/Optimizing…/).waitFor();
    await wb().editor(FILE).waitFor();
    assert.equal(await wb().page.locator('.tabs-container .tab.active').getAttribute('data-resource-name'), FILE);
  });

  it('shows the run in a terminal', async () => {
    await wb().command("Sigil: Show the Run's Terminal");
    await wb().terminalShows(BASELINE);
    await wb().terminalShows(/Gain: 32829 better against the original code/, 90_000);
  });

  it('says on the lens what was found', async () => {
    await wb().tab(FILE).click();
    await wb().codeLens(/comparisons lower by 32829 · 1 solution/).waitFor();
    assert.equal(onDisk(), original, 'nothing is written before it is accepted');
  });

  it('says it once in a notification', async () => {
    await wb().notification(GAIN).waitFor();
    assert.equal(await wb().notification(/words/).count(), 1);
    await wb().page.keyboard.press('Escape');
    await wb().command('Notifications: Clear All Notifications');
  });

  it('shows spec, run and solution in the tree, and the diff at a click', async () => {
    await wb().openViewContainer('Sigil');
    const solution = wb().treeItem(/keep a set beside the list/).first();
    await solution.waitFor();
    await solution.click();
    await wb().tab(/words\.py: the original ↔ .*32829/).waitFor();
    await wb().diff.modified.locator('.view-line', { hasText: 'set()' }).first().waitFor();
    await wb().diff.original.locator('.view-line', { hasText: /seen.=.\[\]/ }).first().waitFor({ state: 'attached' });
  });

  it('shows the measurement in the Solutions panel, and accepts from there in one undo step', async () => {
    await wb().tab(FILE).first().click();
    await wb().codeLens(/comparisons lower by 32829/).click();
    const panel = wb().webview('Solutions: words');
    await panel.getByRole('treeitem', { name: /keep a set beside the list/ }).first().click();
    await panel.locator('.headline', { hasText: GAIN }).waitFor();
    await panel.locator('.diff', { hasText: 'set()' }).waitFor();
    await panel.getByRole('button', { name: 'Accept', exact: true }).click();
    await wb().statusBar(/applied to words\.py/).waitFor();
    await wb().tab(/^words\.py$/).first().click();
    await poll(() => wb().editorText(FILE), accepted, 'the solution in the editor');
    assert.equal(onDisk(), original, 'it is not saved behind anybody\'s back');
    await wb().codeLens(/accepted/).waitFor();
  });

  it('takes it back by one undo, brings it again by redo, and writes what is saved', async () => {
    const { keyboard } = wb().page;
    await wb().editor(FILE).locator('.view-lines').click();
    await keyboard.press('Control+Z');
    await poll(() => wb().editorText(FILE), (t) => !t.includes('set()'), 'the original in the editor');
    await keyboard.press('Control+S');
    await poll(onDisk, (t) => t === original, 'the original in the file');
    await keyboard.press('Control+Shift+Z');
    await keyboard.press('Control+S');
    await poll(onDisk, accepted, 'the solution in the file');
  });

  it('has one run of it all in the project', () => {
    const [journal, ...more] = journals(wb().folder);
    assert.deepEqual(more, []);
    const types = readFileSync(journal ?? '', 'utf8').trim().split('\n').map((l) => (JSON.parse(l) as { type: string }).type);
    assert.equal(types.filter((t) => t === 'promoted').length, 1);
  });
});
