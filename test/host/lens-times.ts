// Measures inside a real extension host, for bench/lenses.ts: activation, and lenses on big files. No test: it only writes figures.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { extension, projectFolder, until } from './support.ts';

interface LensTimes {
  readonly vscode: string;
  /** Of the extension's own code: reading and evaluating its bundle for the first time, and its activate(). */
  readonly loadMs: number;
  readonly activateMs: number;
  /** From the question to the answer: VS Code's own messages with it. */
  readonly askedMs: number;
  /** Milliseconds of each question, by the file's lines. */
  readonly lenses: Readonly<Record<string, readonly number[]>>;
}

const QUESTIONS = 15;

/** A Python file of many functions, `marks` of them marked. */
function bigFile(lines: number, marks: number): string {
  const functions = Math.floor(lines / 6);
  return Array.from({ length: functions }, (_, i) => `${i % Math.floor(functions / marks) === 0 ? '# sigil: improve' : '# what it does, to improve the reader\'s day'}\ndef work_${i}(items, wanted):\n    found = [x for x in items if x in wanted]\n    return len(found) + ${i}\n\n\n`).join('');
}

async function askedAnew(file: vscode.Uri, document: vscode.TextDocument): Promise<number> {
  // A new version each time: nothing is answered from what was seen before.
  const edit = new vscode.WorkspaceEdit();
  edit.insert(file, new vscode.Position(0, 0), '#');
  await vscode.workspace.applyEdit(edit);
  const { version } = document;
  const began = performance.now();
  await vscode.commands.executeCommand('vscode.executeCodeLensProvider', file);
  const ms = performance.now() - began;
  if (document.version !== version) throw new Error('the document changed');
  return ms;
}

interface Main {
  activate(context: vscode.ExtensionContext): unknown;
}

/** VS Code takes the module that is loaded already: so its parts can be timed, though not more than once a host. */
async function activation(): Promise<{ loadMs: number; activateMs: number; askedMs: number }> {
  const path = join(extension().extensionPath, 'dist', 'extension.js');
  const began = performance.now();
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const main = require(path) as Main;
  const loadMs = performance.now() - began;
  let activateMs = NaN;
  const module = require.cache[path];
  if (!module) throw new Error('the bundle is not where Node keeps modules');
  module.exports = {
    activate(context: vscode.ExtensionContext): unknown {
      const from = performance.now();
      const answer = main.activate(context);
      activateMs = performance.now() - from;
      return answer;
    },
  };
  const asked = performance.now();
  await extension().activate();
  const askedMs = performance.now() - asked;
  if (Number.isNaN(activateMs)) throw new Error('VS Code loaded the extension another way');
  return { loadMs, activateMs, askedMs };
}

export async function run(): Promise<void> {
  if (extension().isActive) throw new Error('it is active before anything asked for it');
  const { loadMs, activateMs, askedMs } = await activation();
  const lenses: Record<string, number[]> = {};
  for (const lines of [1_000, 10_000, 100_000]) {
    const file = vscode.Uri.file(join(projectFolder().fsPath, `big-${lines}.py`));
    writeFileSync(file.fsPath, bigFile(lines, 20));
    const document = await vscode.workspace.openTextDocument(file);
    await until('lenses', async () => vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', file), (l) => l.length >= 20);
    const times: number[] = [];
    for (let i = 0; i < QUESTIONS; i++) times.push(await askedAnew(file, document));
    lenses[String(lines)] = times;
  }
  writeFileSync(process.env['SIGIL_TEST_REPORT'] ?? '', JSON.stringify({ vscode: vscode.version, loadMs, activateMs, askedMs, lenses, passes: 1, failures: 0, pending: 0 } satisfies LensTimes & Record<string, unknown>));
}
