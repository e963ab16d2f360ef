// Short commands about one solution: measure it again, ban it, copy its patch or id.

import * as vscode from 'vscode';
import { gainText, unitOf } from '../../core/format.ts';
import { Genomes } from '../../core/genomes.ts';
import { BASELINE, type Gain } from '../../core/solution.ts';
import type { App } from '../app.ts';
import { registerCommand, setting } from '../contributions.ts';
import { toSolutionRef, type SolutionRef } from '../refs.ts';
import { showError, trusted } from '../say.ts';
import type { Node } from './nodes.ts';
import { listsOf } from './lists.ts';
import { solutionDescription } from './solution-labels.ts';

interface Measured {
  readonly gain: Gain;
  readonly holds: boolean;
  readonly reason: string;
}

/** `selection` is that of the tree: what a command from the keyboard means. */
export function registerSolutionCommands(app: App, selection: () => readonly Node[]): vscode.Disposable {
  const choose = async (arg: unknown): Promise<SolutionRef | null> => {
    const selected = selection();
    const given = toSolutionRef(arg) ?? (arg === undefined && selected.length === 1 ? toSolutionRef(selected[0]) : null);
    if (given !== null) return given;
    const entry = app.runs.running().at(-1) ?? app.runs.all().at(-1);
    const state = entry?.state();
    if (entry === undefined || state === undefined || listsOf(state).score.length === 0) {
      void vscode.window.showInformationMessage(vscode.l10n.t('There is no solution yet.'));
      return null;
    }
    const items = listsOf(state).score.map((s) => ({ label: s.summary, description: solutionDescription(state, s, vscode.l10n.t), detail: s.id, ref: { ...entry.ref, id: s.id } }));
    return (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Which solution of “{0}”?', entry.ref.spec), matchOnDescription: true, matchOnDetail: true }))?.ref ?? null;
  };
  const shown = (f: (ref: SolutionRef) => Promise<void>) => async (arg?: unknown): Promise<void> => {
    try {
      const ref = await choose(arg);
      if (ref !== null) await f(ref);
    } catch (e) {
      void showError(e, app.log);
    }
  };

  return vscode.Disposable.from(
    registerCommand('sigil.measure', shown(async (ref) => {
      if (!(await trusted())) return;
      const title = vscode.l10n.t('Measuring {0} again, with fresh pairs against the original code…', ref.id);
      const found = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () =>
        app.cli.json<Measured>(ref.root, ['measure', ref.id, '--run', ref.run, '--sandbox', setting('run.sandbox', vscode.Uri.file(ref.root))]));
      app.runs.refresh();
      const state = app.runs.get(ref)?.state();
      const gain = gainText(found.gain, state === undefined ? '' : unitOf(state));
      void vscode.window.showInformationMessage(found.holds ? vscode.l10n.t('{0}: {1}, verified by {2} fresh pairs.', ref.id, gain, found.gain.pairs) : vscode.l10n.t('{0}: {1}. {2}', ref.id, gain, found.reason));
    })),
    registerCommand('sigil.ban', shown(async (ref) => {
      if (!(await trusted())) return;
      await app.cli.json(ref.root, ['ban', ref.id, '--run', ref.run]);
      app.runs.refresh();
      vscode.window.setStatusBarMessage(vscode.l10n.t('{0} will not be a parent again.', ref.id), 5000);
    })),
    registerCommand('sigil.copyPatch', shown(async (ref) => {
      const state = app.runs.get(ref)?.state();
      const base = state?.started?.base;
      if (state === undefined || base === undefined) return;
      const genomes = new Genomes(base, (id) => state.solutions.get(id));
      await vscode.env.clipboard.writeText(genomes.diff(genomes.of(BASELINE), genomes.of(ref.id)));
      vscode.window.setStatusBarMessage(vscode.l10n.t('Copied. “git apply” takes it from the project’s folder.'), 5000);
    })),
    registerCommand('sigil.copyId', shown(async (ref) => { await vscode.env.clipboard.writeText(ref.id); })),
  );
}
