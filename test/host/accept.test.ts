// Diffs and accepts in a real editor, of solutions that a real run found: texts, undo, drift, and what the journal is told.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { documentUri } from '../../src/extension/diff/documents.ts';
import type { SolutionRef } from '../../src/extension/refs.ts';
import { extension, projectFolder, until } from './support.ts';

const FILES = ['first.cfg', 'second.cfg'] as const;

interface Listed {
  readonly id: string;
  readonly best: boolean;
  readonly accepted: boolean;
  readonly run: string;
}

async function sigil<T>(root: string, ...args: string[]): Promise<T> {
  const { stdout } = await promisify(execFile)(process.execPath, [join(extension().extensionPath, 'dist', 'cli.js'), ...args, '--json', '--cwd', root], { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' }, maxBuffer: 1 << 28 });
  return (args[0] === 'run' ? null : JSON.parse(stdout)) as T;
}

const solutions = async (root: string): Promise<readonly Listed[]> => (await sigil<{ solutions: Listed[] }>(root, 'inspect-solutions', 'layout')).solutions;
const onDisk = (root: string, file: string): string => readFileSync(join(root, file), 'utf8');
const uriOf = (root: string, file: string): vscode.Uri => vscode.Uri.file(join(root, file));
const documentOf = (root: string, file: string): Thenable<vscode.TextDocument> => vscode.workspace.openTextDocument(uriOf(root, file));

describe('diff and accept', function () {
  this.timeout(120_000);
  let searched: string;
  let best: string;
  /** A solution that changes one file only, and that file. */
  let single: string;
  let file: string;
  /** What the command writes of the best one into untouched files. */
  let applied: Readonly<Record<string, string>>;
  let copies = 0;

  before(async () => {
    await extension().activate();
    searched = join(projectFolder().fsPath, 'searched');
    cpSync(join(process.env['SIGIL_TEST_ROOT'] ?? '', 'test/fixtures/projects/layout'), searched, { recursive: true });
    writeFileSync(join(searched, 'second.cfg'), `\ufeff${onDisk(searched, 'second.cfg').replaceAll('\n', '\r\n')}`);
    await sigil(searched, 'run', 'layout', '--seed', '2', '--niter', '24');
    best = (await solutions(searched)).find((s) => s.best)?.id ?? '';
    const { kept } = await sigil<{ kept: { id: string }[] }>(searched, 'report');
    const changed = await Promise.all(kept.map(async ({ id }) => ({ id, diff: (await sigil<{ patch: string }>(searched, 'diff', id)).patch })));
    const one = changed.find((c) => c.diff.match(/^\+\+\+ /gm)?.length === 1);
    single = one?.id ?? '';
    file = FILES.find((f) => one?.diff.includes(`+++ b/${f}`)) ?? '';
    assert.notEqual(single, '', 'a solution of one file, or these tests show less than they should');
    const other = join(projectFolder().fsPath, 'applied');
    cpSync(searched, other, { recursive: true });
    await sigil(other, 'accept', best);
    applied = Object.fromEntries(FILES.map((f) => [f, onDisk(other, f)]));
    for (const f of FILES) assert.notEqual(applied[f], onDisk(searched, f), `${f} is changed, or these tests show less than they should`);
  });

  afterEach(async () => {
    for (const document of vscode.workspace.textDocuments.filter((d) => d.isDirty)) {
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand('workbench.action.files.revert');
    }
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  /** A project as it stood after the run, known to the extension. */
  async function project(change: (root: string) => void = () => undefined): Promise<{ readonly root: string; readonly ref: (id: string) => SolutionRef }> {
    const root = join(projectFolder().fsPath, `copy${++copies}`);
    cpSync(searched, root, { recursive: true });
    change(root);
    const [run = ''] = readdirSync(join(root, '.sigil/ws/layout/v1/runs'));
    const ref = (id: string): SolutionRef => ({ root, spec: 'layout', workspace: 'v1', run, id });
    const shown = await vscode.workspace.openTextDocument(documentUri(ref('baseline'), 'first.cfg'));
    await until('the extension to know the run', () => shown.getText(), (t) => t.includes('width'));
    return { root, ref };
  }
  const isAccepted = async (root: string, id: string): Promise<boolean | undefined> => (await solutions(root)).find((s) => s.id === id)?.accepted;
  /** What an editor shows of a text. */
  const shown = (text: string | undefined): string => (text ?? '').replace(/^\ufeff/, '');

  it('shows one file as a native diff of two virtual documents, against the original and the parent', async () => {
    const { root, ref } = await project();
    await vscode.commands.executeCommand('sigil.openDiff', ref(single));
    const tab = await until('the diff', () => vscode.window.tabGroups.activeTabGroup.activeTab, (t) => t?.input instanceof vscode.TabInputTextDiff);
    const input = tab?.input as vscode.TabInputTextDiff;
    assert.deepEqual([input.original.scheme, input.modified.scheme, input.modified.path], ['sigil', 'sigil', `/${file}`]);
    assert.match(tab?.label ?? '', /^(first|second)\.cfg: the original ↔ .* better /);
    const [left, right] = await Promise.all([input.original, input.modified].map((u) => vscode.workspace.openTextDocument(u)));
    assert.equal(left?.getText(), shown(onDisk(root, file)));
    const { patch } = await sigil<{ patch: string }>(root, 'diff', single);
    for (const line of patch.split('\n').filter((l) => /^\+[^+]/.test(l))) assert.ok(right?.getText().includes(line.slice(1).trimEnd()), line);
    await vscode.commands.executeCommand('sigil.openFileDiff', ref(single));
    await until('the diff against the file', () => (vscode.window.tabGroups.activeTabGroup.activeTab?.input as vscode.TabInputTextDiff | undefined)?.original.scheme, (s) => s === 'file');
  });

  it('shows several files as changes, and two solutions against each other', async () => {
    const { ref } = await project();
    const labels = (): string[] => vscode.window.tabGroups.all.flatMap((g) => g.tabs.map((t) => t.label));
    await vscode.commands.executeCommand('sigil.openDiff', ref(best));
    await until('the changes', labels, (l) => l.some((t) => t.startsWith('the original ↔ ')));
    await vscode.commands.executeCommand('sigil.compareSolutions', ref(single), [ref(single), ref(best)]);
    await until('the comparison', labels, (l) => l.some((t) => t.includes(single.slice(0, 6)) && t.includes(best.slice(0, 6))));
  });

  it('applies to all files what the command would write, saves nothing, and notes it', async () => {
    const { root, ref } = await project();
    assert.equal(await vscode.commands.executeCommand('sigil.accept', ref(best)), 'applied');
    for (const f of FILES) {
      const document = await documentOf(root, f);
      assert.equal(document.getText(), shown(applied[f]), f);
      assert.ok(document.isDirty, `${f} is saved behind the user's back`);
      assert.equal(onDisk(root, f), onDisk(searched, f));
    }
    assert.equal(await isAccepted(root, best), true);
    for (const f of FILES) {
      assert.ok(await (await documentOf(root, f)).save());
      assert.equal(onDisk(root, f), applied[f], 'line ends and byte order mark are the file\'s own');
    }
    assert.equal(await vscode.commands.executeCommand('sigil.accept', ref(best)), 'already there');
  });

  it('is one undo step, which gives the file back byte for byte and is noted; so is redo', async () => {
    const { root, ref } = await project();
    const document = await documentOf(root, file);
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(document.lineCount - 1, 0, document.lineCount - 1, 0);
    const place = document.offsetAt(editor.selection.active);
    const before = document.getText();
    assert.equal(await vscode.commands.executeCommand('sigil.accept', ref(single)), 'applied');
    const after = document.getText();
    assert.notEqual(after, before);
    assert.equal(document.offsetAt(editor.selection.active) - place, after.length - before.length, 'the cursor stays with its line');
    await vscode.commands.executeCommand('undo');
    assert.equal(document.getText(), before);
    assert.equal(document.isDirty, false);
    await until('the undo to be noted', () => isAccepted(root, single), (a) => a === false);
    await vscode.commands.executeCommand('redo');
    assert.equal(document.getText(), after);
    await until('the redo to be noted', () => isAccepted(root, single), (a) => a === true);
  });

  it('merges into what was typed and not saved, after the gates', async () => {
    const { root, ref } = await project();
    const document = await documentOf(root, 'second.cfg');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), '# typed\n# and more\n');
    await vscode.workspace.applyEdit(edit);
    assert.equal(await vscode.commands.executeCommand('sigil.accept', ref(best)), 'applied');
    assert.equal(document.getText(), `# typed\r\n# and more\r\n${shown(applied['second.cfg'])}`);
    assert.equal((await documentOf(root, 'first.cfg')).getText(), applied['first.cfg']);
  });

  it('refuses where the same lines changed, and where the gates refuse the merge: nothing is touched or noted', async () => {
    for (const [from, to] of [['columns = 3', 'columns = 5'], ['# note 0.5', '# FORBIDDEN']] as const) {
      const { root, ref } = await project((r) => { writeFileSync(join(r, 'second.cfg'), onDisk(r, 'second.cfg').replace(from, to)); });
      assert.equal(await vscode.commands.executeCommand('sigil.accept', ref(best)), 'refused', to);
      for (const f of FILES) {
        const document = await documentOf(root, f);
        assert.equal(document.getText(), shown(onDisk(root, f)));
        assert.equal(document.isDirty, false);
      }
      assert.equal(await isAccepted(root, best), false);
    }
    await vscode.commands.executeCommand('notifications.clearAll');
  });

  it('asks again when somebody types while it is checked', async () => {
    const { root, ref } = await project();
    const document = await documentOf(root, 'first.cfg');
    const type = async (text: string): Promise<void> => {
      const edit = new vscode.WorkspaceEdit();
      edit.insert(document.uri, new vscode.Position(0, 0), text);
      await vscode.workspace.applyEdit(edit);
    };
    await type('# before\n');
    const accepting = vscode.commands.executeCommand('sigil.accept', ref(best));
    await new Promise((done) => setTimeout(done, 300)); // the command has the text and checks it
    await type('# meanwhile\n');
    assert.equal(await accepting, 'applied');
    assert.equal(document.getText(), `# meanwhile\n# before\n${applied['first.cfg'] ?? ''}`);
  });
});
