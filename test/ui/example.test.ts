// First contact in an empty window: the example project opens from its command, and is optimized at one click, with no key.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { poll } from '../vscode/workbench.ts';
import { pictures, useWorkbench } from './support.ts';

describe('the example project', function () {
  this.timeout(240_000);
  const wb = useWorkbench({ settings: { 'sigil.run.evaluations': 4, 'sigil.run.maxMinutes': 2 } });

  it('opens with its slow function in view', async () => {
    await wb().command('Sigil: Open the Example Project');
    await wb().pick(/TypeScript/);
    await wb().pick(/A fresh copy/);
    await wb().tab('report.ts').first().waitFor({ timeout: 60_000 });
    await wb().codeLens('Optimize this function').waitFor();
    await wb().screenshot(join(pictures, 'example.png'));
  });

  it('is optimized at one click, and its terminal tells the noise and each verdict', async () => {
    await wb().codeLens('Optimize this function').click();
    await wb().openViewContainer('Sigil');
    await wb().treeItem(/Finished after \d+ evaluations/).waitFor({ timeout: 200_000 });
    await wb().command("Sigil: Show the Run's Terminal");
    await wb().terminalShows(/baseline/i);
    await wb().screenshot(join(pictures, 'example-ran.png'));
  });

  it('is a copy in the extension\'s own storage', async () => {
    const storage = join(wb().session.userData, 'User/globalStorage');
    await poll(() => existsSync(storage), Boolean, 'the storage');
  });
});
