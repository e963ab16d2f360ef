// Code lenses, code actions and warnings of marks: what an editor shows of marked functions.

import { relative, sep } from 'node:path';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { MarkActions } from './code-actions.ts';
import { MarkedDocuments, SELECTOR } from './documents.ts';
import { MarkLenses } from './provider.ts';

export function lensFeature(app: App): vscode.Disposable {
  const documents = new MarkedDocuments(app);
  const lenses = new MarkLenses(app, documents);
  const warnings = vscode.languages.createDiagnosticCollection('sigil');
  return vscode.Disposable.from(
    documents, lenses, warnings,
    vscode.languages.registerCodeLensProvider(SELECTOR, lenses),
    vscode.languages.registerCodeActionsProvider(SELECTOR, new MarkActions(app, documents), MarkActions.metadata),
    documents.onDidLearn((uri) => {
      const document = vscode.workspace.textDocuments.find((d) => d.uri.toString() === uri.toString());
      if (document) warnings.set(uri, warningsOf(app, documents, document));
    }),
    vscode.workspace.onDidCloseTextDocument((d) => { warnings.delete(d.uri); }),
  );
}

/** Marks that cannot be resolved, with the remedy. */
function warningsOf(app: App, documents: MarkedDocuments, document: vscode.TextDocument): vscode.Diagnostic[] {
  const root = app.projects.of(document.uri)?.root;
  const file = root === undefined ? '' : relative(root, document.uri.fsPath).split(sep).join('/');
  return documents.problems(document).filter((p) => p.file === file && p.line <= document.lineCount).map((p) => {
    const line = document.lineAt(p.line - 1);
    const from = Math.min(p.column - 1, line.range.end.character);
    const d = new vscode.Diagnostic(new vscode.Range(line.lineNumber, from, line.lineNumber, line.range.end.character), `${p.message}. ${p.remedy}`, vscode.DiagnosticSeverity.Warning);
    d.source = 'Sigil';
    return d;
  });
}
