// A folder that nobody trusts: nothing starts, which is said, and trust brings all of it without a reload.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fixture, useWorkbench } from './support.ts';

describe('an untrusted folder', function () {
  this.timeout(120_000);
  const wb = useWorkbench({ folder: fixture('words'), trusted: false, settings: { 'sigil.run.evaluations': 1, 'security.workspace.trust.startupPrompt': 'never' } });

  it('shows why nothing can be run', async () => {
    await wb().openViewContainer('Sigil');
    await wb().page.locator('.part.sidebar', { hasText: 'Searching runs code of this workspace, so it needs your trust.' }).waitFor();
  });

  it('has no lens, and nothing to start in the palette', async () => {
    await wb().openFile('words.py');
    for (const title of ['Sigil: Optimize This Function', 'Sigil: Set up a Model…']) await assert.rejects(wb().command(title, 4000), /the palette has no/);
    await wb().page.keyboard.press('Escape');
    assert.equal(await wb().codeLens(/Optimize/).count(), 0);
    assert.ok(!existsSync(join(wb().folder, '.sigil')));
  });

  it('has its lens as soon as the folder is trusted, and runs', async () => {
    await wb().command('Workspaces: Manage Workspace Trust');
    await wb().page.locator('.workspace-trust-editor').getByRole('button', { name: 'Trust', exact: true }).click();
    await wb().openFile('words.py');
    await wb().codeLens('Optimize this function').click();
    await wb().codeLens(/comparisons lower by 32829/).waitFor({ timeout: 90_000 });
  });
});
