// *Show Prompt and Answer*: what a model or an agent was asked for a solution and what it said, as a read-only document, from the run's records.

import * as vscode from 'vscode';
import { recordedCalls } from '../../adapters/journal/call-records.ts';
import { callsText } from '../../core/call-text.ts';
import type { App } from '../app.ts';
import { registerCommand } from '../contributions.ts';
import { toSolutionRef, type SolutionRef } from '../refs.ts';
import { findSolution } from '../runs/contents.ts';
import { solutionOf } from '../runs/pick.ts';
import { outcomeWords } from '../tree/solution-labels.ts';

const SCHEME = 'sigil-calls';

function refOf(uri: vscode.Uri): SolutionRef | null {
  try {
    return toSolutionRef(JSON.parse(uri.query));
  } catch {
    return null;
  }
}

export function callsFeature(app: App): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  /** Documents of runs that are not known yet: after a reload, projects are still looked for. */
  const waiting = new Map<string, vscode.Uri>();

  const textOf = (uri: vscode.Uri): string => {
    const ref = refOf(uri);
    const found = ref === null ? null : findSolution(app.runs, ref);
    if (found === null) {
      waiting.set(uri.toString(), uri);
      return '';
    }
    waiting.delete(uri.toString());
    const { solution: s, entry } = found;
    const calls = recordedCalls(entry.paths.calls, s.ask);
    if (calls.length === 0) return s.model === '' ? vscode.l10n.t('No model was asked for {0}: the built-in mutators made it.', s.id) : vscode.l10n.t('The record of what {0} was asked is not there any more: the folder {1} is gone.', s.model, entry.paths.calls);
    return callsText({ id: s.id, summary: s.summary, outcome: outcomeWords(s.outcome, vscode.l10n.t), reason: s.reason }, calls);
  };

  return vscode.Disposable.from(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, { onDidChange: changed.event, provideTextDocumentContent: textOf }),
    app.runs.onDidChange(() => { for (const uri of waiting.values()) changed.fire(uri); }),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => { waiting.delete(uri.toString()); }),
    registerCommand('sigil.showCalls', async (arg) => {
      const ref = await solutionOf(app, arg, vscode.l10n.t('Show prompt and answer of which solution?'), { which: (s) => s.model !== '' });
      if (ref === undefined) return;
      const { root, spec, workspace, run, id } = ref;
      const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${vscode.l10n.t('Prompt and Answer')} ${id}.md`, query: JSON.stringify({ root, spec, workspace, run, id }) });
      changed.fire(uri);
      await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uri), { preview: true, preserveFocus: true });
    }),
  );
}
