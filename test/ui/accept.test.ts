// Looking at a solution and taking it, as a person does: the diff, accept of two files in one undo step, parts measured first, a merge with
// what was typed meanwhile, a conflict.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { poll } from '../vscode/workbench.ts';
import { fixture, pictures, root, useWorkbench } from './support.ts';

/** Asks until it is so. */
const eventually = (what: string, is: () => boolean | Promise<boolean>): Promise<boolean> => poll(is, Boolean, what);

const FILES = ['first.cfg', 'second.cfg'] as const;

describe('diff and accept in the window', function () {
  this.timeout(120_000);
  const work = mkdtempSync(join(tmpdir(), 'sigil-ui-'));
  const folder = join(work, 'layout');
  const wb = useWorkbench(() => {
    cpSync(fixture('layout'), folder, { recursive: true });
    sigil('run', 'layout', '--seed', '2', '--niter', '24');
    return { folder, inPlace: true };
  });
  after(() => { rmSync(work, { recursive: true, force: true }); });

  function sigil(...args: string[]): string {
    const r = spawnSync(process.execPath, [join(root, 'dist/cli.js'), ...args, '--cwd', folder], { encoding: 'utf8' });
    assert.equal(r.status, 0, r.stderr);
    return r.stdout;
  }
  const onDisk = (): string[] => FILES.map((f) => readFileSync(join(folder, f), 'utf8'));
  const isAccepted = (): boolean => (JSON.parse(sigil('inspect-solutions', 'layout', '--json')) as { solutions: { best: boolean; accepted: boolean }[] }).solutions.some((s) => s.best && s.accepted);
  /** The best stands first, with a star, in every list. */
  const pickBest = async (): Promise<void> => {
    await wb().quickInput.locator('.monaco-list-row', { has: wb().page.locator('.codicon-star-full') }).first().click();
  };

  it('shows all changed files of the best as native diffs, without an editor of the files being opened', async () => {
    await wb().command('Sigil: Open Diff');
    await pickBest();
    await wb().tab(/the original ↔ .*2 files/).waitFor();
    await wb().page.locator('.multiDiffEntry').first().waitFor();
    await wb().screenshot(join(pictures, 'diff-two-files.png'));
  });

  it('accepts both files in one undo step, saves neither, and undo gives both back', async () => {
    const before = onDisk();
    await wb().openFile('first.cfg');
    await wb().command('Sigil: Accept Solution');
    await pickBest();
    await wb().statusBar(/applied to first\.cfg, second\.cfg: .*better/).waitFor();
    await eventually('the editor to show it', async () => !(await wb().editorText('first.cfg')).includes('width = 8 '));
    assert.deepEqual(onDisk(), before, 'nothing is saved behind the user\'s back');
    await eventually('it to be noted', () => isAccepted());
    await wb().screenshot(join(pictures, 'accepted.png'));
    await wb().page.locator('.editor-instance .monaco-editor[data-uri$="/first.cfg"]').click();
    await wb().page.keyboard.press('Control+z');
    await eventually('the former text', async () => (await wb().editorText('first.cfg')).includes('width = 8 '));
    await eventually('the undo to be noted', () => !isAccepted());
    await wb().openFile('second.cfg');
    assert.match(await wb().editorText('second.cfg'), /columns = 3 /);
    assert.equal(await wb().page.locator('.tab.dirty').count(), 0);
    assert.deepEqual(onDisk(), before);
  });

  it('lets parts be chosen, measures them, and applies them with the gain of exactly these', async () => {
    await wb().command('Sigil: Accept Parts of the Solution…');
    await pickBest();
    const rows = wb().quickInput.locator('.quick-input-list .monaco-list-row');
    await eventually('the five parts', async () => (await rows.count()) === 5);
    await wb().screenshot(join(pictures, 'accept-parts.png'));
    assert.equal(await wb().quickInput.locator('.monaco-list-row input:checked, .monaco-list-row .monaco-checkbox[aria-checked="true"], .monaco-list-row [role=checkbox][aria-checked="true"]').count() > 0, true, 'all are chosen at first');
    for (const n of [1, 2, 3, 4]) await rows.nth(n).click();
    await wb().quickInput.getByRole('button', { name: 'OK' }).click();
    await wb().pick(/Measure first/);
    await wb().statusBar(/applied to first\.cfg: \d+ better/).waitFor({ timeout: 60_000 });
    await wb().openFile('first.cfg');
    const text = await wb().editorText('first.cfg');
    assert.ok(!text.includes('width = 8 ') && text.includes('depth = 30 '), text);
    await wb().page.locator('.editor-instance .monaco-editor[data-uri$="/first.cfg"]').click();
    await wb().page.keyboard.press('Control+z');
    await eventually('the former text', async () => (await wb().editorText('first.cfg')).includes('width = 8 '));
  });

  it('merges with what was typed meanwhile and is not saved', async () => {
    const { keyboard } = wb().page;
    const before = onDisk();
    await wb().openFile('second.cfg');
    await wb().editor('second.cfg').locator('.view-lines').click();
    await keyboard.press('Control+Home');
    await keyboard.type('# mine\n');
    await eventually('what was typed', async () => (await wb().editorText('second.cfg')).startsWith('# mine\n# second\n'));
    await wb().command('Sigil: Accept Solution');
    await pickBest();
    await wb().statusBar(/applied to first\.cfg, second\.cfg/).waitFor();
    await eventually('both texts in one', async () => {
      const text = await wb().editorText('second.cfg');
      return text.startsWith('# mine\n# second\n') && !text.includes('columns = 3 ');
    });
    assert.deepEqual(onDisk(), before);
    await wb().editor('second.cfg').locator('.view-lines').click();
    await keyboard.press('Control+z');
    await eventually('the undo to be noted', () => !isAccepted());
    await eventually('what was typed', async () => {
      const text = await wb().editorText('second.cfg');
      return text.startsWith('# mine\n# second\n') && text.includes('columns = 3 ');
    });
    await wb().command('File: Revert File');
  });

  it('refuses a conflict with where it is, and opens the merge editor on both texts', async () => {
    const [first = '', second = ''] = onDisk();
    writeFileSync(join(folder, 'second.cfg'), second.replace('columns = 3', 'columns = 5'));
    await wb().command('Sigil: Accept Solution');
    await pickBest();
    const told = wb().notification(/did not apply .*second\.cfg:12/);
    await told.waitFor();
    await wb().screenshot(join(pictures, 'accept-refused.png'));
    assert.deepEqual(onDisk()[0], first);
    await wb().answer(/did not apply/, 'Open Merge Editor');
    await wb().page.locator('.merge-editor').first().waitFor();
    await wb().screenshot(join(pictures, 'accept-merge-editor.png'));
  });
});
