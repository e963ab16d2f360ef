// The Solutions panel in the real editor: opens from a journal without taking the focus, follows it, acts by commands, comes back after a reload.

import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FrameLocator, Locator } from 'playwright-core';
import { tried } from '../unit/extension/panel/run.ts';
import { poll } from '../vscode/workbench.ts';
import { useWorkbench } from './support.ts';

describe('the Solutions panel', function () {
  this.timeout(180_000);
  const project = mkdtempSync(join(tmpdir(), 'sigil-panel-'));
  const run = join(project, '.sigil/ws/spec/v1/runs/20260101-000000-greedy');
  let ids: readonly string[] = [];

  // Registered before the workbench's own: the journal lies there when the window opens.
  before(async () => {
    const done = await tried();
    ids = [...done.state.solutions.keys()];
    mkdirSync(run, { recursive: true });
    writeFileSync(join(project, 'program.txt'), done.state.started?.base[0]?.text ?? '');
    writeFileSync(join(run, 'journal.jsonl'), done.journal.lines.map((l) => `${l}\n`).join(''));
  });
  const wb = useWorkbench({ folder: project, inPlace: true, size: { width: 1500, height: 950 } });
  after(() => { rmSync(project, { recursive: true, force: true }); });

  const TITLE = 'Solutions: spec';
  const panel = (): FrameLocator => wb().webview(TITLE);
  const row = (i: number): Locator => panel().locator(`[role="treeitem"][title^="${ids[i] ?? ''}:"]`);

  it('opens beside the code, does not take the focus, and shows the whole run', async () => {
    await wb().openFile('program.txt');
    await wb().editor('program.txt').click();
    await wb().command('Sigil: Open Solutions Panel');
    await row(3).waitFor();
    assert.equal(await panel().getByRole('treeitem').count(), ids.length);
    await panel().locator('.worth').getByText(/^\d\.\d\d× \[/).waitFor();
    assert.match(await panel().locator('.diff').innerText(), /cost 50/);
    assert.equal(await wb().page.evaluate(() => document.activeElement?.tagName), await wb().page.evaluate(() => document.activeElement?.closest('.monaco-editor') ? document.activeElement.tagName : 'the editor'), 'the focus has left the editor');
    assert.ok(await wb().editor('program.txt').isVisible());
  });

  it('opens the native diff by its button', async () => {
    await row(1).click();
    await panel().locator('.detail-title code').getByText(ids[1] ?? '').waitFor();
    await panel().getByRole('button', { name: 'Open Diff' }).click();
    await poll(() => wb().page.locator('.monaco-diff-editor .view-lines').allInnerTexts(), (texts) => texts.some((t) => t.includes('80')) && texts.some((t) => t.includes('100')), 'the diff of the first solution');
  });

  it('shows within a moment what is written to the journal', async () => {
    appendFileSync(join(run, 'actions.jsonl'), `${JSON.stringify({ v: 1, seq: 0, t: Date.now(), type: 'banned', id: ids[2] })}\n`);
    await row(2).locator('.row-mark').getByText('banned').waitFor();
  });

  it('comes back after a reload with what was selected', async () => {
    await row(2).click();
    await panel().locator('.detail-title code').getByText(ids[2] ?? '').waitFor();
    // By the command, which lets the window save its layout first.
    const loaded = wb().page.waitForEvent('load', { timeout: 60_000 });
    await wb().command('Developer: Reload Window');
    await loaded;
    await poll(() => row(2).getAttribute('aria-selected'), (s) => s === 'true', 'the selection to be restored', 60_000);
    await panel().locator('.detail-title code').getByText(ids[2] ?? '').waitFor();
  });

  it('is one a run: asked for again, the same comes forward', async () => {
    await wb().command('Sigil: Open Solutions Panel');
    await row(2).waitFor();
    assert.equal(await wb().tab(TITLE).count(), 1);
  });

  it('says that the run is gone when its folder is, and shows it again when it is back', async () => {
    renameSync(join(project, '.sigil'), join(project, 'away'));
    await panel().getByText('This run is not there any more.').waitFor();
    renameSync(join(project, 'away'), join(project, '.sigil'));
    await row(1).waitFor();
  });

  it('has let the policy refuse nothing', () => {
    const refused = readFileSync(wb().session.consoleLog, 'utf8').split('\n').filter((l) => l.includes('Content Security Policy'));
    assert.deepEqual(refused, []);
  });
});
