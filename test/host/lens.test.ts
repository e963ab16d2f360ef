// Lenses, code actions and marking in a real host: by the scan at once, exact when the command has answered, with the states of a real run.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { extension, projectFolder, until } from './support.ts';

const uri = (...parts: string[]): vscode.Uri => vscode.Uri.joinPath(projectFolder(), 'lens', ...parts);

interface Shown { readonly line: number; readonly title: string; readonly command: string }

/** The lenses of a document, resolved, without icons. */
async function lenses(of: vscode.Uri): Promise<readonly Shown[]> {
  const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', of, 100);
  // VS Code forgets arguments while the lens is still shown: a click would do nothing.
  for (const l of found) if (l.command?.command.startsWith('sigil.')) assert.equal(l.command.arguments?.length ?? 0, 0, l.command.command);
  return found.filter((l) => l.command?.command.startsWith('sigil.') || l.command?.command === 'workbench.actions.view.problems')
    .map((l) => ({ line: l.range.start.line, title: (l.command?.title ?? '').replace(/^\$\([^)]*\) /, ''), command: (l.command?.command ?? '').replace(/#\d+$/, '') }));
}

const rows = async (of: vscode.Uri): Promise<readonly (readonly [number, string])[]> => (await lenses(of)).map((l) => [l.line, l.title] as const);

async function actions(of: vscode.Uri, line: number): Promise<readonly string[]> {
  const found = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', of, new vscode.Range(line, 0, line, 0), vscode.CodeActionKind.RefactorRewrite.value);
  return found.filter((a) => a.command?.command.startsWith('sigil.')).map((a) => a.title);
}

async function edit(of: vscode.Uri, at: vscode.Position, text: string): Promise<void> {
  const e = new vscode.WorkspaceEdit();
  e.insert(of, at, text);
  assert.ok(await vscode.workspace.applyEdit(e));
}

function sigil(...args: string[]): Promise<number | null> {
  const cli = join(extension().extensionPath, 'dist', 'cli.js');
  const child = spawn(process.execPath, [cli, ...args, '--cwd', uri().fsPath], { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' }, stdio: 'ignore' });
  return new Promise((done) => child.once('exit', done));
}

describe('lenses', function () {
  this.timeout(120_000);
  before(() => extension().activate());
  afterEach(() => vscode.commands.executeCommand('workbench.action.closeAllEditors'));

  it('stand on a marked function at once, and where sigil.yaml names an unmarked one in a file with CRLF', async () => {
    const work = uri('work.py');
    await vscode.window.showTextDocument(work);
    assert.deepEqual(await rows(work), [[3, 'Optimize this function']], 'before the command has answered');
    const plain = uri('plain.ts');
    await vscode.window.showTextDocument(plain);
    await until('the lens of listed', () => rows(plain), (r) => r.length === 1);
    assert.deepEqual(await rows(plain), [[4, 'Optimize this function']]);
  });

  it('follow unsaved edits, and say what cannot be used', async () => {
    const plain = uri('plain.ts');
    const { document } = await vscode.window.showTextDocument(plain);
    await until('the lens of listed', () => rows(plain), (r) => r.length === 1);
    await edit(plain, new vscode.Position(0, 0), '// a line\r\n// another\r\n');
    assert.deepEqual((await rows(plain)).map(([line]) => line), [6], 'it moves along at once');
    await edit(plain, new vscode.Position(2, 0), '// sigil: improve\r\n');
    assert.deepEqual((await rows(plain)).map(([line]) => line), [2, 7], 'a new mark shows at once');
    await until('the new mark to be understood', () => rows(plain), (r) => r[0]?.[1] === 'Optimize this function…');
    await edit(plain, new vscode.Position(3, 0), '\r\n\r\nconst x = 1;\r\n');
    await until('a mark on nothing', () => rows(plain), (r) => r[0]?.[1] === 'This mark cannot be used');
    await until('its warning', () => vscode.languages.getDiagnostics(plain).filter((d) => d.source === 'Sigil').map((d) => d.message), (m) => m.some((t) => /no function begins on the line below/.test(t)));
    await vscode.commands.executeCommand('workbench.action.files.revert');
    await until('all as it was', () => rows(plain), (r) => r.length === 1 && !document.isDirty);
  });

  it('are not in untitled documents, nor where the setting is off', async () => {
    const untitled = await vscode.workspace.openTextDocument({ language: 'python', content: '# sigil: improve\ndef f(): pass\n' });
    assert.deepEqual(await rows(untitled.uri), []);
    const work = uri('work.py');
    await vscode.window.showTextDocument(work);
    const settings = vscode.workspace.getConfiguration('sigil');
    await settings.update('codeLens.enabled', false, vscode.ConfigurationTarget.Global);
    try {
      assert.deepEqual(await rows(work), []);
      assert.deepEqual(await actions(work, 4), ['Optimize this function with Sigil'], 'the same is among the code actions');
    } finally {
      await settings.update('codeLens.enabled', undefined, vscode.ConfigurationTarget.Global);
    }
  });

  it('code actions: mark what is not marked, optimize what is', async () => {
    const work = uri('work.py');
    await vscode.window.showTextDocument(work);
    assert.deepEqual(await actions(work, 5), ['Optimize this function with Sigil']);
    assert.deepEqual(await actions(work, 9), ['Mark for optimization with Sigil…']);
  });

  it('follow a real run: its progress, and what it found, in rows that never move', async () => {
    const work = uri('work.py');
    await vscode.window.showTextDocument(work);
    await until('the command\'s answer', () => rows(work), (r) => r.length === 1);
    const ended = sigil('run', 'area', '--seed', '3', '--sandbox', 'best');
    // A run that begins between the question for lenses and for their texts has one row until the next question.
    const during = await until('progress', () => lenses(work), (l) => l.length === 2 && l[0]?.title.startsWith('Optimizing…') === true, 40_000);
    assert.deepEqual(during.map((l) => [l.line, l.command]), [[3, 'sigil.showRuns'], [3, 'sigil.stop']]);
    assert.equal(await ended, 0);
    const after = await until('the result', () => lenses(work), (l) => /^cost lower by \d+ · \d solutions?$/.test(l[0]?.title ?? ''));
    assert.deepEqual(after.map((l) => [l.line, l.command]), [[3, 'sigil.openPanel'], [3, 'sigil.optimize']]);
    assert.equal(after[1]?.title, 'Optimize again');
  });

  it('cost little: a file of 10,000 lines and one of 100,000', async () => {
    // What is measured here is printed by bench/lenses.ts; this sees that such files work at all.
    for (const lines of [10_000, 100_000]) {
      const file = uri(`big-${lines}.py`);
      writeFileSync(file.fsPath, `${'def f(x):\n    return x + 1\n\n\n'.repeat(lines / 4)}# sigil: improve\ndef last(x):\n    return x\n`);
      await vscode.workspace.openTextDocument(file);
      assert.deepEqual(await rows(file), [[lines, 'Optimize this function']]);
    }
  });
});

describe('marking', function () {
  this.timeout(120_000);

  it('writes mark and spec without touching what is there, leaves unsaved code unsaved, and checks', async () => {
    const own = (...parts: string[]): vscode.Uri => vscode.Uri.joinPath(projectFolder(), 'own', ...parts);
    const file = own('shop.py');
    const { document } = await vscode.window.showTextDocument(file);
    await edit(file, new vscode.Position(0, 0), 'import os\r\n\r\n\r\n');
    const done = vscode.commands.executeCommand('sigil.markForOptimization', { uri: file.toString(), line: 4 });
    // The quick pick is answered as by a person: the first entry is the recommended one.
    await until('the mark', async () => {
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return document.getText();
    }, (t) => t.includes('# sigil: improve'));
    assert.equal(document.getText(), 'import os\r\n\r\n\r\n# sigil: improve\r\ndef total(prices: list[int], wanted: list[int]):\r\n    return sum(p for p in prices if p in wanted)\r\n');
    assert.ok(document.isDirty, 'it had unsaved changes, so it is not saved');
    const yaml = await until('the spec', () => readFileSync(own('sigil.yaml').fsPath, 'utf8'), (t) => t.includes('total:'));
    assert.match(yaml, /^# mine\nversion: 1\nspecs:\n {2}total:\n {4}pins:\n {6}- shop\.py#total\n/);
    assert.match(readFileSync(own('bench', 'inputs_total.py').fsPath, 'utf8'), /^def make\(seed\):/m);
    await vscode.window.showTextDocument(document);
    await vscode.commands.executeCommand('undo');
    assert.ok(!document.getText().includes('sigil: improve') && document.getText().startsWith('import os'), 'one undo step');
    await vscode.commands.executeCommand('workbench.action.files.revert');
    void done; // the notification of its check waits for an answer
  });
});
