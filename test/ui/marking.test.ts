// A function of one's own, from the context menu to the noise in words; and the walkthrough. On a TypeScript and a Python project.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { poll } from '../vscode/workbench.ts';
import { example, pictures, useWorkbench } from './support.ts';

describe('marking a TypeScript function', function () {
  this.timeout(240_000);
  const wb = useWorkbench({ folder: example('typescript-sales-report'), size: { width: 1700, height: 950 } });
  const SOURCE = 'src/money.ts';

  it('the lens stands above the marked function', async () => {
    await wb().openFile('src/report.ts');
    await wb().codeLens('Optimize this function').waitFor();
    await wb().screenshot(join(pictures, 'lens.png'));
  });

  it('the context menu marks an unmarked one, and the check says what it can resolve', async () => {
    await wb().openFile(SOURCE);
    const before = readFileSync(join(wb().folder, SOURCE), 'utf8');
    await wb().contextMenu(wb().editor(SOURCE).locator('.view-line', { hasText: 'export function money' }).locator('span span').first(), 'Sigil', 'Mark for Optimization…');
    await wb().quickInput.getByRole('option', { name: /npm run bench/ }).waitFor();
    await wb().screenshot(join(pictures, 'mark.png'));
    await wb().pick(/Call the function on inputs/);
    // VS Code empties a file before it writes it.
    await poll(() => readFileSync(join(wb().folder, SOURCE), 'utf8'), (t) => t !== before && t !== '', 'the mark');
    assert.equal(readFileSync(join(wb().folder, SOURCE), 'utf8'), before.replace('export function', '// sigil: improve\nexport function'), 'it was saved before, so it is saved again');
    assert.match(readFileSync(join(wb().folder, 'sigil.yaml'), 'utf8'), /^ {2}money:\n {4}pins:\n {6}- src\/money\.ts#money\n/m);
    assert.ok(existsSync(join(wb().folder, 'bench/inputs-money.ts')));
    // With the example's own tests as a gate: where Node cannot run them, the check says so.
    await wb().notification(/can resolve [\d.]+ %|no noise|too noisy|fails at/).first().waitFor({ timeout: 180_000 });
    await wb().screenshot(join(pictures, 'checked.png'));
  });

  it('the walkthrough opens, with pictures', async () => {
    await wb().command('Sigil: Open the Walkthrough');
    const steps = wb().page.locator('.gettingStartedContainer .getting-started-step');
    await steps.nth(4).waitFor();
    assert.equal(await steps.count(), 5);
    await steps.nth(3).click();
    await wb().screenshot(join(pictures, 'walkthrough.png'));
  });
});

describe('marking a Python function', function () {
  this.timeout(240_000);
  const wb = useWorkbench({ folder: example('python-log-report'), settings: { 'sigil.run.evaluations': 2 } });
  const SOURCE = 'logreport/lines.py';

  it('by the palette: the tests that are there become a gate, and the check says what it can resolve', async () => {
    await wb().openFile(SOURCE);
    await wb().editor(SOURCE).locator('.view-line', { hasText: 'def pattern' }).click();
    await wb().command('Sigil: Mark for Optimization…');
    await wb().quickInput.getByRole('option', { name: /Call the function on inputs/ }).waitFor();
    await wb().screenshot(join(pictures, 'mark-python.png'));
    await wb().pick(/Call the function on inputs/);
    await poll(() => readFileSync(join(wb().folder, SOURCE), 'utf8'), (t) => /^# sigil: improve\ndef pattern\(path\):$/m.test(t), 'the mark');
    assert.match(readFileSync(join(wb().folder, 'sigil.yaml'), 'utf8'), /^ {2}pattern:\n {4}pins:\n {6}- logreport\/lines\.py#pattern\n/m);
    await wb().notification(/can resolve [\d.]+ %|no noise|too noisy|fails at|inputs/).first().waitFor({ timeout: 180_000 });
    await wb().screenshot(join(pictures, 'checked-python.png'));
  });
});
