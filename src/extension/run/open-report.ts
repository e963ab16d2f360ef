// Opens a run's report as a read-only document that follows the run.

import * as vscode from 'vscode';
import { CONTROL_SUFFIX } from '../../core/run-state.ts';
import type { App } from '../app.ts';
import { registerCommand } from '../contributions.ts';
import { keyOf, toRunRef, type RunRef } from '../refs.ts';
import { chooseRun } from './choose.ts';
import { reportOf } from './report.ts';

const SCHEME = 'sigil-report';
/** A report that is open while its run goes on is drawn anew this often. */
const AGAIN_MS = 1000;

function uriOf(ref: RunRef): vscode.Uri {
  return vscode.Uri.from({ scheme: SCHEME, path: `/${ref.spec}-${ref.run}.md`, query: JSON.stringify(ref) });
}

function refOf(uri: vscode.Uri): RunRef | null {
  try {
    return toRunRef(JSON.parse(uri.query));
  } catch {
    return null;
  }
}

export function registerReport(app: App): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const timers = new Map<string, NodeJS.Timeout>();

  const textOf = (ref: RunRef): string => {
    const entry = app.runs.get(ref);
    if (entry === undefined) return vscode.l10n.t('This run is gone: its folder was removed.');
    const state = entry.state();
    const control = app.runs.ofSpec(ref.root, ref.spec).find((e) => e.ref.workspace.endsWith(CONTROL_SUFFIX) && e.state().started?.controls === ref.run);
    return reportOf(ref.run, state, control === undefined ? null : { run: control.ref.run, state: control.state() });
  };

  return vscode.Disposable.from(
    changed,
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: (uri) => {
        const ref = refOf(uri);
        return ref === null ? '' : textOf(ref);
      },
    }),
    app.runs.onDidChange((c) => {
      if (c.kind !== 'run' || timers.has(c.entry.key)) return;
      const open = vscode.workspace.textDocuments.find((d) => d.uri.scheme === SCHEME && keyOf(refOf(d.uri) ?? { root: '', spec: '', workspace: '', run: '' }) === c.entry.key);
      if (open === undefined) return;
      timers.set(c.entry.key, setTimeout(() => {
        timers.delete(c.entry.key);
        changed.fire(open.uri);
      }, AGAIN_MS));
    }),
    registerCommand('sigil.openReport', async (arg) => {
      const entry = await chooseRun(app, arg, ['running', 'interrupted', 'finished'], vscode.l10n.t('There is no run yet.'));
      if (entry === null) return;
      const uri = uriOf(entry.ref);
      changed.fire(uri);
      await vscode.workspace.openTextDocument(uri);
      await vscode.commands.executeCommand('markdown.showPreview', uri);
    }),
    { dispose: () => { for (const t of timers.values()) clearTimeout(t); } },
  );
}
