// Looking at solutions and taking them: native diffs, accept whole or in parts, derive, steer.

import * as vscode from 'vscode';
import { acceptCommands } from './accept/commands.ts';
import type { App } from './app.ts';
import { DOCUMENT_SCHEME } from './contributions.ts';
import { diffCommands } from './diff/commands.ts';
import { SolutionDocuments } from './diff/documents.ts';

export function reviewFeature(app: App): vscode.Disposable {
  const documents = new SolutionDocuments(app.runs);
  return vscode.Disposable.from(documents, vscode.workspace.registerTextDocumentContentProvider(DOCUMENT_SCHEME, documents), diffCommands(app), acceptCommands(app, documents));
}
