// Opens Solutions panels, one a run, and restores them after a reload.

import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { PANEL_TYPE, registerCommand } from '../contributions.ts';
import { keyOf, toRunRef, toSolutionRef, type RunRef } from '../refs.ts';
import type { RunEntry } from '../runs/run-entry.ts';
import { SolutionsPanel } from './solutions-panel.ts';

export function panelFeature(app: App): vscode.Disposable {
  const open = new Map<string, SolutionsPanel>();

  const adopt = (webview: vscode.WebviewPanel, ref: RunRef, wanted: string | null): void => {
    const panel = new SolutionsPanel(app, webview, ref, wanted);
    const key = keyOf(ref);
    open.set(key, panel);
    panel.onDidDispose(() => {
      open.delete(key);
      panel.dispose();
    });
  };

  return vscode.Disposable.from(
    registerCommand('sigil.openPanel', (what) => {
      const ref = toRunRef(what) ?? latest(app);
      if (ref === null) {
        void vscode.window.showInformationMessage(vscode.l10n.t('There is no run yet. Start one with the lens above a marked function, or with "Sigil: Run a Search…".'));
        return;
      }
      const wanted = toSolutionRef(what)?.id ?? null;
      const known = open.get(keyOf(ref));
      if (known) known.show(wanted);
      else adopt(vscode.window.createWebviewPanel(PANEL_TYPE, '', { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true }, { enableFindWidget: true }), ref, wanted);
    }),
    vscode.window.registerWebviewPanelSerializer(PANEL_TYPE, {
      deserializeWebviewPanel(webview, state: unknown) {
        // What the page saved is browser data: only the name of a run is taken from it, and only a known run is shown.
        const ref = toRunRef(state);
        if (ref === null || open.has(keyOf(ref))) webview.dispose();
        else adopt(webview, ref, null);
        return Promise.resolve();
      },
    }),
    { dispose: () => { for (const panel of [...open.values()]) panel.dispose(); } },
  );
}

/** The run that is meant when none is named: what runs now, else the last. */
function latest(app: App): RunRef | null {
  const newest = (runs: readonly RunEntry[]): RunEntry | undefined => runs.findLast((e) => !e.isControl());
  return (newest(app.runs.running()) ?? newest(app.runs.all()))?.ref ?? null;
}
