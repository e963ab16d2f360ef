// Writes what a mark comes to: the mark as one edit of the open document, the rest as files.

import { join } from 'node:path';
import * as vscode from 'vscode';
import { textEdits } from '../../core/patch/edits.ts';
import type { MarkAnswer } from './answers.ts';

/** What the document would be, in its own line endings and without the mark of byte order, which editors keep apart. */
function asIn(document: vscode.TextDocument, text: string): string {
  const bare = text.replace(/^\uFEFF/, '');
  return document.eol === vscode.EndOfLine.CRLF ? bare.replace(/\r?\n/g, '\r\n') : bare.replaceAll('\r\n', '\n');
}

function addEdit(edit: vscode.WorkspaceEdit, document: vscode.TextDocument, text: string): void {
  for (const e of textEdits(document.getText(), asIn(document, text))) edit.replace(document.uri, new vscode.Range(document.positionAt(e.start), document.positionAt(e.end)), e.text);
}

/** A changed document would get an answer for another text. */
export class ChangedMeanwhile extends Error {
  override readonly name = 'ChangedMeanwhile';
}

/**
 * sigil.yaml and new files are saved: the command reads them from the disk. The code's own document is saved only if it had no
 * unsaved changes; its edit is one undo step. Throws where an edit was refused, with nothing half written.
 * @param version the document's when the command was asked
 */
export async function writeMark(root: string, document: vscode.TextDocument, version: number, answer: MarkAnswer): Promise<void> {
  if (document.isClosed || document.version !== version) throw new ChangedMeanwhile(vscode.l10n.t('The file was changed meanwhile. Try again.'));
  const refused = (file: string): Error => new Error(vscode.l10n.t('{0} could not be changed.', file));
  const files = new vscode.WorkspaceEdit();
  const saved: vscode.Uri[] = [];
  let own: string | null = null;
  for (const f of answer.files) {
    const uri = vscode.Uri.file(join(root, f.file));
    if (uri.fsPath === document.uri.fsPath) own = f.text;
    else if (f.created) files.createFile(uri, { contents: new TextEncoder().encode(f.text), ignoreIfExists: false });
    else {
      addEdit(files, await vscode.workspace.openTextDocument(uri), f.text);
      saved.push(uri);
    }
  }
  if (!(await vscode.workspace.applyEdit(files))) throw refused(answer.files.find((f) => f.text !== own)?.file ?? 'sigil.yaml');
  for (const uri of saved) if (!(await (await vscode.workspace.openTextDocument(uri)).save())) throw refused(vscode.workspace.asRelativePath(uri));
  if (own === null) return;
  const wasSaved = !document.isDirty;
  const mark = new vscode.WorkspaceEdit();
  addEdit(mark, document, own);
  if (!(await vscode.workspace.applyEdit(mark)) || document.getText() !== asIn(document, own)) throw refused(vscode.workspace.asRelativePath(document.uri));
  if (wasSaved) await document.save();
}
