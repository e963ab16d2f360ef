// Steering from the editor: a solution to search from, words for the proposer, or both.

import * as vscode from 'vscode';
import type { App } from './app.ts';
import { registerCommand, runCommand } from './contributions.ts';
import { toRunRef, toSolutionRef, type RunRef, type SolutionRef } from './refs.ts';
import { solutionOf } from './runs/pick.ts';
import type { RunEntry } from './runs/run-entry.ts';
import { showError, trusted } from './say.ts';

interface Steered {
  readonly text: string;
  readonly focus: string | null;
  readonly asks: number;
  readonly status: 'running' | 'finished' | 'interrupted';
  readonly readsText: boolean;
}

export function steerFeature(app: App): vscode.Disposable {
  return registerCommand('sigil.steer', async (what) => {
    if (!(await trusted())) return;
    const solution = toSolutionRef(what);
    const entry = await runOf(app, solution ?? toRunRef(what));
    if (entry === undefined) return;
    const builtin = entry.state().started?.model === 'builtin';
    const focus = solution ?? (await focusOf(app, entry, builtin));
    if (focus === undefined) return;
    // The built-in mutators read no words: they are not asked for any.
    const text = builtin ? '' : await vscode.window.showInputBox({ title: vscode.l10n.t('Steer {0}', entry.ref.spec), prompt: vscode.l10n.t('What should the proposer know from now on?'), placeHolder: vscode.l10n.t('For example: avoid regular expressions') });
    if (text === undefined || (text.trim() === '' && focus === null)) return;
    try {
      const told = await app.cli.json<Steered>(entry.ref.root, ['steer', entry.ref.run, ...(text.trim() === '' ? [] : [text.trim()]), ...(focus === null ? [] : ['--focus', focus.id])]);
      app.runs.refresh();
      tell(told, entry.ref);
    } catch (e) {
      void showError(e, app.log);
    }
  });
}

/** The run that is meant; asks where several could be. */
async function runOf(app: App, ref: RunRef | null): Promise<RunEntry | undefined> {
  if (ref !== null) return app.runs.get(ref);
  const running = app.runs.running();
  const among = running.length > 0 ? running : [...app.runs.all()].slice(-20);
  if (among.length === 0) void vscode.window.showInformationMessage(vscode.l10n.t('There is no run to steer.'));
  if (among.length <= 1) return among[0];
  const items = [...among].reverse().map((entry) => ({ label: entry.ref.spec, description: `${entry.ref.run}, ${entry.status()}`, entry }));
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Steer which run?') }))?.entry;
}

/** The solution to search from; null for words alone, undefined when the user gives up. */
async function focusOf(app: App, entry: RunEntry, builtin: boolean): Promise<SolutionRef | null | undefined> {
  if (builtin) return solutionOf(app, undefined, vscode.l10n.t('Search on from which solution? (The built-in mutators read no text.)'), { entry });
  const words = { label: vscode.l10n.t('Tell the proposer something'), from: false };
  const from = { label: vscode.l10n.t('Search on from a solution'), from: true };
  const way = await vscode.window.showQuickPick([words, from], { title: vscode.l10n.t('Steer {0}', entry.ref.spec) });
  if (way === undefined) return undefined;
  return way.from ? solutionOf(app, undefined, vscode.l10n.t('Search on from which solution?'), { entry }) : null;
}

function tell({ focus, asks, status }: Steered, ref: RunRef): void {
  const text = focus === null ? vscode.l10n.t('Sigil: the search takes note of it') : vscode.l10n.t('Sigil: the next {0} things that {1} tries change {2}', asks, ref.spec, focus);
  if (status === 'running') {
    void vscode.window.setStatusBarMessage(`$(compass) ${text}`, 10_000);
    return;
  }
  const resume = vscode.l10n.t('Resume');
  void vscode.window.showInformationMessage(vscode.l10n.t('{0}, when the run goes on.', text), resume).then((pressed) => {
    if (pressed === resume) void runCommand('sigil.resume', ref);
  });
}
