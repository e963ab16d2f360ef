// The main flow by keyboard alone: palette, tree and panel, without the pointer.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { poll } from '../vscode/workbench.ts';
import { fixture, useWorkbench } from './support.ts';

const FILE = 'words.py';

describe('by keyboard', function () {
  this.timeout(120_000);
  const wb = useWorkbench({ folder: fixture('words'), settings: { 'sigil.run.evaluations': 2, 'sigil.notifications.atEnd': false } });

  /** Types into the palette, and goes down to the command. */
  async function palette(title: string): Promise<void> {
    const { keyboard } = wb().page;
    const row = wb().quickInput.locator('.monaco-list-row.focused');
    const right = async (): Promise<boolean> => new RegExp(`^${title}(,|$)`).test((await row.getAttribute('aria-label', { timeout: 2000 })) ?? '');
    await poll(async () => {
      await keyboard.press('Escape');
      await keyboard.press('F1');
      await keyboard.type(title);
      for (let down = 0; down < 6; down++) {
        if (await right()) return true;
        await keyboard.press('ArrowDown');
      }
      return false;
    }, Boolean, `"${title}" in the palette`);
    await keyboard.press('Enter');
  }

  /** What has the focus, as a screen reader says it. */
  const focused = (): Promise<string> => wb().page.evaluate(() => {
    const row = document.querySelector('.part.sidebar .monaco-list:focus .monaco-list-row.focused');
    return row?.getAttribute('aria-label') ?? document.activeElement?.getAttribute('aria-label') ?? '';
  });

  it('optimizes the function at the cursor from the palette', async () => {
    const { keyboard } = wb().page;
    await keyboard.press('Control+P');
    await keyboard.type(FILE);
    await wb().quickInput.locator('.monaco-list-row.focused', { hasText: FILE }).waitFor();
    await keyboard.press('Enter');
    await wb().editor(FILE).waitFor();
    await keyboard.press('Control+G');
    await keyboard.type('14');
    await keyboard.press('Enter');
    await palette('Sigil: Optimize This Function');
    await wb().codeLens(/comparisons lower by 32829/).waitFor({ timeout: 90_000 });
  });

  it('walks to the solution in the tree, hears what it is, and opens its diff', async () => {
    const { keyboard } = wb().page;
    await palette('Sigil: Show Runs');
    await wb().treeItem(/keep a set beside the list/).first().waitFor();
    await poll(async () => {
      await keyboard.press('ArrowDown');
      return focused();
    }, (label) => label.includes('keep a set beside the list'), 'the solution to have the focus');
    const sentence = await focused();
    for (const part of ['verified better', '32829', 'the best of its run', 'not accepted']) assert.ok(sentence.includes(part), `${part} in: ${sentence}`);
    await keyboard.press('Enter');
    await wb().diff.modified.locator('.view-line', { hasText: 'set()' }).first().waitFor();
  });

  it('accepts, and takes it back', async () => {
    const { keyboard } = wb().page;
    await palette('Sigil: Accept Solution');
    await wb().quickInput.locator('.monaco-list-row.focused', { hasText: 'keep a set beside the list' }).waitFor();
    await keyboard.press('Enter');
    await wb().statusBar(/applied to words\.py/).waitFor();
    await keyboard.press('Alt+1'); // the first tab: the file; its name alone would also find the diff
    await poll(() => wb().editorText(FILE), (t) => t.includes('set()'), 'the solution in the editor');
    await keyboard.press('Control+Z');
    await poll(() => wb().editorText(FILE), (t) => !t.includes('set()'), 'the original in the editor');
    assert.ok(!readFileSync(join(wb().folder, FILE), 'utf8').includes('set()'));
  });
});
