// Mark for optimization…: asks how to measure, writes the mark and the spec, and checks what the evaluation can resolve.

import { join, relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { seeMarks } from '../../core/marks.ts';
import type { App } from '../app.ts';
import { runCommand, type Place } from '../contributions.ts';
import { showError, trusted } from '../say.ts';
import type { MarkAnswer, WaysAnswer } from './answers.ts';
import { askHow } from './ask.ts';
import { writeMark } from './write.ts';

export async function markForOptimization(app: App, where: Place | undefined): Promise<void> {
  if (!(await trusted())) return;
  const editor = vscode.window.activeTextEditor;
  const place = where ?? (editor ? { uri: editor.document.uri.toString(), line: editor.selection.active.line } : null);
  const uri = place ? vscode.Uri.parse(place.uri) : null;
  const project = uri ? app.projects.of(uri) : undefined;
  if (place === null || uri === null || project === undefined || uri.scheme !== 'file') {
    void vscode.window.showInformationMessage(uri?.scheme === 'untitled' ? vscode.l10n.t('Save the file in a folder of this workspace first.') : vscode.l10n.t('Put the cursor into a function of a file in this workspace first.'));
    return;
  }
  const { root } = project;
  try {
    const document = await vscode.workspace.openTextDocument(uri);
    const { version } = document;
    const text = document.getText();
    const file = relative(root, uri.fsPath).split(sep).join('/');
    const at = `${file}:${lineInside(text, place.line) + 1}`;
    const found = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Looking at how it could be measured…') },
      () => app.cli.json<WaysAnswer>(root, ['mark', at, '--list', '--stdin'], { stdin: text }));
    const how = await askHow(found);
    if (how === null) return;
    await saveSpecFile(root);
    const answer = await app.cli.json<MarkAnswer>(root, ['mark', at, ...how, '--stdin'], { stdin: text });
    await writeMark(root, document, version, answer);
    await show(root, answer);
    if (answer.unfinished === null) await runCommand('sigil.validate', { project, spec: answer.spec });
    else {
      const check = vscode.l10n.t('Check Now');
      const said = await vscode.window.showInformationMessage(vscode.l10n.t('{0} is marked. Fill in {1}, then check how it is measured.', found.symbol ?? found.id, answer.unfinished), check);
      if (said === check) {
        await vscode.workspace.textDocuments.find((d) => d.uri.fsPath === join(root, answer.unfinished ?? ''))?.save();
        await runCommand('sigil.validate', { project, spec: answer.spec });
      }
    }
  } catch (e) {
    await showError(e, app.log);
  }
}

/** A line of the function, where the given one is that of the mark above it. */
function lineInside(text: string, line: number): number {
  for (const style of ['comments', 'python'] as const) {
    const mark = seeMarks(text, style).find((m) => m.line === line || (m.line < line && line < m.target));
    if (mark) return mark.target;
  }
  return line;
}

/** The command adds to what is on the disk. */
async function saveSpecFile(root: string): Promise<void> {
  await vscode.workspace.textDocuments.find((d) => d.isDirty && d.uri.fsPath === join(root, 'sigil.yaml'))?.save();
}

/** What is to be read or filled in, beside the code, which keeps the focus. */
async function show(root: string, answer: MarkAnswer): Promise<void> {
  const document = await vscode.workspace.openTextDocument(join(root, answer.unfinished ?? 'sigil.yaml'));
  const at = document.getText().indexOf(answer.unfinished === null ? `${answer.spec}:` : 'FILL IN');
  const position = document.positionAt(Math.max(0, at));
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true, preview: true, selection: new vscode.Range(position, position) });
}
