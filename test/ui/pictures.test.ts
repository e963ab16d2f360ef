// Pictures of a finished run in the four themes and in a narrow window: for the eye, and for the README.
//
//   SIGIL_TEST_PICTURES=docs SIGIL_PICTURES_OF=<a project with a finished run> npx mocha test/ui/pictures.test.ts

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { FrameLocator } from 'playwright-core';
import { fixture, pictures, root, useWorkbench } from './support.ts';

const QUIET = { 'sigil.notifications.atEnd': false, 'workbench.activityBar.location': 'default', 'window.commandCenter': false, 'breadcrumbs.enabled': false };

describe('pictures', function () {
  this.timeout(120_000);
  const given = process.env['SIGIL_PICTURES_OF'];
  const made = given === undefined ? mkdtempSync(join(tmpdir(), 'sigil-pictures-')) : null;
  const folder = given ?? join(made ?? '', 'words');
  const file = given === undefined ? 'words.py' : (process.env['SIGIL_PICTURES_FILE'] ?? 'src/report.ts');
  before(function () {
    this.timeout(180_000);
    if (made === null) return;
    cpSync(fixture('words'), folder, { recursive: true });
    execFileSync(process.execPath, [join(root, 'dist/cli.js'), 'run', 'words', '--seed', '1', '--cwd', folder], { stdio: 'ignore' });
  });
  const wb = useWorkbench({ folder, inPlace: true, settings: QUIET, size: { width: 1200, height: 720 } });
  after(() => { if (made !== null) rmSync(made, { recursive: true, force: true }); });

  const panel = (): FrameLocator => wb().page.locator('iframe.webview.ready').filter({ visible: true }).first().contentFrame().frameLocator('iframe#active-frame');
  const keep = async (name: string): Promise<void> => {
    const to = join(pictures, name);
    await wb().screenshot(to);
    assert.ok(statSync(to).size > 20_000, `${basename(to)} is empty`);
  };

  it('shows lens, tree and panel', async () => {
    await wb().openFile(file);
    await wb().openViewContainer('Sigil');
    const lens = wb().codeLens(/faster|lower by|better/);
    await lens.first().click();
    await panel().locator('.headline').first().waitFor();
    await wb().page.keyboard.press('Escape');
  });

  for (const theme of ['light', 'dark', 'hc-black', 'hc-light'] as const) {
    it(`of the window in the theme ${theme}`, async () => {
      await wb().theme(theme);
      // The page of the panel follows by a message of its own.
      await panel().locator(`body.${{ light: 'vscode-light', dark: 'vscode-dark', 'hc-black': 'vscode-high-contrast', 'hc-light': 'vscode-high-contrast-light' }[theme]}`).waitFor();
      await keep(`window-${theme}.png`);
    });
  }

  it('of a narrow window', async () => {
    await wb().theme('dark');
    await wb().page.setViewportSize({ width: 760, height: 720 });
    await panel().locator('.headline').first().waitFor();
    await keep('window-narrow.png');
  });
});
