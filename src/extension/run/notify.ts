// One message at the end of each run, also of one that ended while the window was reloaded.

import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { runCommand, setting } from '../contributions.ts';
import type { RunEntry } from '../runs/run-entry.ts';
import type { Runner } from './runner.ts';
import { briefOfSummary, endMessage } from './summary.ts';

/** Keys of the runs that were running when last looked. */
const STORED = 'sigil.watched';

export function registerNotifications(app: App, runner: Runner): vscode.Disposable {
  const watched = new Set<string>(app.context.workspaceState.get<string[]>(STORED) ?? []);

  const look = (): void => {
    const before = [...watched].sort().join('\n');
    for (const e of app.runs.all()) {
      if (e.status() === 'running') {
        if (!watched.has(e.key)) app.log.info(`Running: ${e.ref.spec} ${e.ref.run}`);
        watched.add(e.key);
      } else if (watched.delete(e.key)) void ended(e, app.log);
    }
    if ([...watched].sort().join('\n') !== before) void app.context.workspaceState.update(STORED, [...watched]);
  };
  look();

  return vscode.Disposable.from(
    app.runs.onDidChange(look),
    runner.onDidFail(({ spec, terminal }) => {
      const show = vscode.l10n.t('Show Terminal');
      const text = vscode.l10n.t('The run of “{0}” ended with an error: its terminal says what is wrong and what to do.', spec);
      void (terminal === undefined ? vscode.window.showErrorMessage(text) : vscode.window.showErrorMessage(text, show)).then((answer) => { if (answer === show) terminal?.show(true); });
    }),
  );
}

async function ended(e: RunEntry, log: vscode.LogOutputChannel): Promise<void> {
  const summary = e.summary();
  log.info(`Ended: ${e.ref.spec} ${e.ref.run}, ${summary?.reason ?? 'killed'}`);
  const message = summary === null ? null : endMessage(e.ref.spec, briefOfSummary(summary), vscode.l10n.t);
  if (summary === null || message === null || !setting('notifications.atEnd', vscode.Uri.file(e.ref.root))) return;
  const review = vscode.l10n.t('Review');
  const accept = vscode.l10n.t('Accept');
  const check = vscode.l10n.t('Check the Evaluation');
  const best = { ...e.ref, id: summary.best };
  switch (message.kind) {
    case 'gain': {
      const answer = await vscode.window.showInformationMessage(message.text, review, accept);
      if (answer === review) await runCommand('sigil.openPanel', best);
      if (answer === accept) await runCommand('sigil.accept', best);
      return;
    }
    case 'none':
      if ((await vscode.window.showInformationMessage(message.text, review)) === review) await runCommand('sigil.openPanel', e.ref);
      return;
    case 'broken':
      if ((await vscode.window.showWarningMessage(message.text, check)) === check) await runCommand('sigil.validate', { project: { root: e.ref.root }, spec: e.ref.spec });
      return;
  }
}
