// The same actions as the lenses' among the code actions, for those who switch lenses off.

import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { asCommand, type Place } from '../contributions.ts';
import type { MarkedDocuments } from './documents.ts';
import { looksLikeHead } from './heads.ts';
import { latestRun } from './provider.ts';

export class MarkActions implements vscode.CodeActionProvider {
  static readonly metadata: vscode.CodeActionProviderMetadata = { providedCodeActionKinds: [vscode.CodeActionKind.RefactorRewrite] };
  private readonly app: App;
  private readonly documents: MarkedDocuments;

  constructor(app: App, documents: MarkedDocuments) {
    this.app = app;
    this.documents = documents;
  }

  provideCodeActions(document: vscode.TextDocument, range: vscode.Range, context: vscode.CodeActionContext): vscode.CodeAction[] {
    if (!vscode.workspace.isTrusted || !this.documents.supports(document)) return [];
    const { line } = range.start;
    const row = this.documents.rowAt(document, line);
    const place: Place = { uri: document.uri.toString(), line: row?.target ?? line };
    if (row === undefined) {
      // Offered by itself on the head of a function only: a bulb on every line would be noise.
      const asked = context.triggerKind === vscode.CodeActionTriggerKind.Invoke;
      return asked || looksLikeHead(document.lineAt(line).text, document.languageId) ? [action(asCommand('sigil.markForOptimization', vscode.l10n.t('Mark for optimization with Sigil…'), place))] : [];
    }
    if (row.problem !== null) return [];
    if (row.pin?.evaluation === null) return [action(asCommand('sigil.markForOptimization', vscode.l10n.t('Choose how Sigil measures this function…'), place))];
    const optimize = action(asCommand('sigil.optimize', vscode.l10n.t('Optimize this function with Sigil'), place));
    const run = latestRun(this.app, document, row);
    return run === undefined ? [optimize] : [optimize, action(asCommand('sigil.openPanel', vscode.l10n.t('Review what Sigil found for this function'), run.ref))];
  }
}

function action(command: vscode.Command): vscode.CodeAction {
  const a = new vscode.CodeAction(command.title, vscode.CodeActionKind.RefactorRewrite);
  a.command = command;
  return a;
}
