// What a command is about when it was called without saying so: the only one there is, or the user's choice.

import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { runCommand, type RunRequest } from '../contributions.ts';
import { toRunRef } from '../refs.ts';
import type { RunEntry, RunStatus } from '../runs/run-entry.ts';
import { showError } from '../say.ts';
import { runTime } from '../tree/run-labels.ts';
import type { Catalog } from './catalog.ts';

/** The run that a command was called with, else one of those in a state that suits it: null when there is none, or the user gave up. */
export async function chooseRun(app: App, arg: unknown, suits: readonly RunStatus[], none: string): Promise<RunEntry | null> {
  const ref = toRunRef(arg);
  if (ref !== null) return app.runs.get(ref) ?? null;
  const entries = [...app.runs.all()].reverse().filter((e) => suits.includes(e.status()));
  const [only, second] = entries;
  if (only === undefined) {
    void vscode.window.showInformationMessage(none);
    return null;
  }
  if (second === undefined) return only;
  const items = entries.map((entry) => ({ label: entry.ref.spec, description: runTime(entry.ref.run, vscode.env.language, new Date()), detail: entry.ref.run, entry }));
  return (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Which run?') }))?.entry ?? null;
}

function toRequest(arg: unknown): RunRequest | null {
  if (typeof arg !== 'object' || arg === null) return null;
  if ('project' in arg) return arg as RunRequest;
  if (!('ref' in arg) || typeof arg.ref !== 'object' || arg.ref === null) return null;
  const { root, spec } = arg.ref as { readonly root?: unknown; readonly spec?: unknown }; // a spec of the tree
  return typeof root === 'string' && typeof spec === 'string' ? { project: { root }, spec } : null;
}

/** The spec that a command was called with, else one of those that are marked. */
export async function chooseSpec(app: App, catalog: Catalog, arg: unknown): Promise<RunRequest | null> {
  const given = toRequest(arg);
  if (given !== null) return given;
  const projects = app.projects.all();
  const items = vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Looking for marked functions…') }, async () => {
    const found = await Promise.all(projects.map(async ({ root }) => ({ root, specs: await catalog.ask(root) })));
    return found.flatMap(({ root, specs }) => specs.map((s) => ({
      label: s.spec, description: s.pins.map((p) => p.id).join(', '), ...(projects.length > 1 ? { detail: vscode.workspace.asRelativePath(root, true) } : {}),
      root, known: s,
    })));
  });
  try {
    const all = await items;
    if (all.length === 0) {
      const mark = vscode.l10n.t('Mark for Optimization…');
      const answer = await vscode.window.showInformationMessage(vscode.l10n.t('Nothing is marked in this workspace.'), mark);
      if (answer === mark) await runCommand('sigil.markForOptimization');
      return null;
    }
    const chosen = all.length === 1 ? all[0] : await vscode.window.showQuickPick(all, { placeHolder: vscode.l10n.t('What is to be improved?') });
    if (chosen === undefined) return null;
    const [pin] = chosen.known.pins;
    if (chosen.known.evaluation === null && pin !== undefined) {
      await runCommand('sigil.markForOptimization', { uri: vscode.Uri.joinPath(vscode.Uri.file(chosen.root), pin.file).toString(), line: pin.range.startLine - 1 });
      return null;
    }
    return { project: { root: chosen.root }, spec: chosen.label };
  } catch (e) {
    void showError(e, app.log);
    return null;
  }
}
