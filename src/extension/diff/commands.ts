// Native diffs: a solution against the original, its parent, the file as it is now, or another solution. Both sides are virtual but for the file.

import { join } from 'node:path';
import * as vscode from 'vscode';
import type { FileChange } from '../../core/genomes.ts';
import { renderFile } from '../../core/pin.ts';
import { BASELINE } from '../../core/solution.ts';
import type { App } from '../app.ts';
import { PANEL_TYPE, registerCommand } from '../contributions.ts';
import { toSolutionRef, type SolutionRef } from '../refs.ts';
import { findSolution, type Found } from '../runs/contents.ts';
import { solutionOf } from '../runs/pick.ts';
import { documentUri } from './documents.ts';
import { diffTitle, shortName } from './titles.ts';

interface Side {
  readonly name: string;
  readonly uri: (file: string) => vscode.Uri;
}

function sideOf(found: Found, ref: SolutionRef): Side {
  return { name: shortName(found.state, found.solution), uri: (file) => documentUri(ref, file) };
}

/** Where a diff opens: in the active group, but not over the Solutions panel, from which people look at one after the other. */
function column(): vscode.ViewColumn {
  const { all, activeTabGroup } = vscode.window.tabGroups;
  const isPanel = ({ activeTab }: vscode.TabGroup): boolean => activeTab?.input instanceof vscode.TabInputWebview && activeTab.input.viewType.endsWith(PANEL_TYPE);
  if (!isPanel(activeTabGroup)) return activeTabGroup.viewColumn;
  return all.find((g) => !isPanel(g))?.viewColumn ?? vscode.ViewColumn.Beside;
}

/** Nothing takes the focus: people click through a list of solutions. */
async function show(files: readonly string[], left: Side, right: Side, resource: (file: string) => vscode.Uri): Promise<void> {
  const title = diffTitle(files, left.name, right.name);
  const [only] = files;
  if (only === undefined) void vscode.window.setStatusBarMessage(vscode.l10n.t('Sigil: no difference between {0} and {1}', left.name, right.name), 5000);
  else if (files.length === 1) await vscode.commands.executeCommand('vscode.diff', left.uri(only), right.uri(only), title, { preview: true, preserveFocus: true, viewColumn: column() });
  else await vscode.commands.executeCommand('vscode.changes', title, files.map((f) => [resource(f), left.uri(f), right.uri(f)]));
}

const filesOf = (changes: readonly FileChange[]): string[] => changes.map((c) => c.file);

/** Against the original or the parent: both of the same run. */
async function within(found: Found, ref: SolutionRef, other: string): Promise<void> {
  const otherSolution = found.state.solutions.get(other);
  if (!otherSolution) return;
  const changes = found.genomes.changes(found.genomes.of(other), found.genomes.of(ref.id));
  await show(filesOf(changes), sideOf({ ...found, solution: otherSolution }, { ...ref, id: other }), sideOf(found, ref), (f) => vscode.Uri.file(join(ref.root, f)));
}

async function compare(app: App, a: SolutionRef, b: SolutionRef): Promise<void> {
  const [left, right] = [findSolution(app.runs, a), findSolution(app.runs, b)];
  if (!left || !right) { gone(); return; }
  const textOf = (found: Found, file: string): string | null => {
    const base = found.started.base.find((f) => f.file === file);
    return base ? renderFile(base, found.genomes.of(found.solution.id)) : null;
  };
  const all = [...new Set([...left.started.base, ...right.started.base].map((f) => f.file))];
  const common = all.filter((f) => textOf(left, f) !== null && textOf(right, f) !== null);
  if (common.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('These two solutions are of different files: compare each with its original.'));
    return;
  }
  await show(common.filter((f) => textOf(left, f) !== textOf(right, f)), sideOf(left, a), sideOf(right, b), (f) => vscode.Uri.file(join(a.root, f)));
}

function gone(): void {
  void vscode.window.showInformationMessage(vscode.l10n.t('This solution is not there any more: its run was deleted, or its journal cannot be read.'));
}

export function diffCommands(app: App): vscode.Disposable {
  const on = async (argument: unknown, title: string, work: (found: Found, ref: SolutionRef) => Promise<void>): Promise<void> => {
    const ref = await solutionOf(app, argument, title);
    if (ref === undefined) return;
    const found = findSolution(app.runs, ref);
    if (found) await work(found, ref);
    else gone();
  };
  return vscode.Disposable.from(
    registerCommand('sigil.openDiff', (solution) => on(solution, vscode.l10n.t('Show the diff of which solution?'), (found, ref) => within(found, ref, BASELINE))),
    registerCommand('sigil.openParentDiff', (solution) => on(solution, vscode.l10n.t('Show the diff of which solution against its parent?'), (found, ref) => within(found, ref, found.solution.parents[0] ?? BASELINE))),
    registerCommand('sigil.openFileDiff', (solution) => on(solution, vscode.l10n.t('Compare your file with which solution?'), (found, ref) => {
      const now: Side = { name: vscode.l10n.t('your file'), uri: (f) => vscode.Uri.file(join(ref.root, f)) };
      return show(filesOf(found.genomes.changes(found.genomes.of(BASELINE), found.genomes.of(ref.id))), now, sideOf(found, ref), now.uri);
    })),
    registerCommand('sigil.compareSolutions', async (one, all) => {
      const chosen = (all ?? []).map(toSolutionRef).filter((r) => r !== null);
      const first = chosen[0] ?? (await solutionOf(app, one, vscode.l10n.t('Compare which solution?')));
      if (first === undefined) return;
      const entry = app.runs.get(first);
      if (!entry) { gone(); return; }
      const second = chosen[1] ?? (await solutionOf(app, undefined, vscode.l10n.t('Compare {0} with which?', first.id.slice(0, 6)), { entry, except: first.id }));
      if (second !== undefined) await compare(app, first, second);
    }),
  );
}
