// Texts into the open documents: the smallest edits, in one undo step, nothing saved, verified afterwards.

import { join } from 'node:path';
import * as vscode from 'vscode';
import { textEdits } from '../../core/patch/edits.ts';
import type { AnsweredFile } from './answer.ts';

/** A document as it was when the command was asked about its text. */
export interface OpenFile {
  readonly file: string;
  readonly document: vscode.TextDocument;
  readonly version: number;
  readonly text: string;
}

/** Opens the files as documents, without showing them. */
export async function openFiles(root: string, files: readonly string[]): Promise<readonly OpenFile[]> {
  return Promise.all(files.map(async (file) => {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(join(root, file)));
    return { file, document, version: document.version, text: document.getText() };
  }));
}

export function isAsAsked(o: OpenFile): boolean {
  return !o.document.isClosed && o.document.version === o.version;
}

/** Applies the answer. False when a document changed in between: VS Code refuses the whole edit then. */
export function applyTexts(open: readonly OpenFile[], answer: readonly AnsweredFile[]): Thenable<boolean> {
  const edit = new vscode.WorkspaceEdit();
  for (const { file, document, text } of open) {
    const after = answer.find((a) => a.file === file)?.text ?? text;
    for (const e of textEdits(text, after)) edit.replace(document.uri, new vscode.Range(document.positionAt(e.start), document.positionAt(e.end)), e.text);
  }
  return vscode.workspace.applyEdit(edit); // not as a refactoring: those may be saved at once
}

/** Files whose document does not hold what it should: something else edits along. */
export function unlike(open: readonly OpenFile[], answer: readonly AnsweredFile[]): readonly string[] {
  return open.filter((o) => o.document.getText() !== (answer.find((a) => a.file === o.file)?.text ?? o.text)).map((o) => o.file);
}
