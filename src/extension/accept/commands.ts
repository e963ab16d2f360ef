// The commands that take a solution: accept, accept in parts, derive. They say how they ended.

import * as vscode from 'vscode';
import { BASELINE } from '../../core/solution.ts';
import type { App } from '../app.ts';
import { registerCommand, runCommand } from '../contributions.ts';
import type { SolutionDocuments } from '../diff/documents.ts';
import { findSolution } from '../runs/contents.ts';
import { solutionOf } from '../runs/pick.ts';
import type { SolutionRef } from '../refs.ts';
import { trusted } from '../say.ts';
import { acceptSolution, type Desk, type Ended } from './accept.ts';
import { WHOLE } from './answer.ts';
import { chooseHunks } from './hunks.ts';
import { Watches } from './watches.ts';

export function acceptCommands(app: App, documents: SolutionDocuments): vscode.Disposable {
  const watches = new Watches(app);
  const desk: Desk = { app, documents, watches };
  /** One at a time for a solution: a double click is one accept. */
  const busy = new Set<string>();

  const once = async (ref: SolutionRef, work: () => Promise<Ended | undefined>): Promise<Ended | undefined> => {
    if (busy.has(ref.id)) return undefined;
    busy.add(ref.id);
    try {
      return await work();
    } finally {
      busy.delete(ref.id);
    }
  };
  const choose = async (argument: unknown, title: string): Promise<SolutionRef | undefined> => {
    if (!(await trusted())) return undefined; // gates are programs of the workspace
    const ref = await solutionOf(app, argument, title);
    if (ref?.id !== BASELINE) return ref;
    void vscode.window.showInformationMessage(vscode.l10n.t('That is the code as it was: there is nothing to accept.'));
    return undefined;
  };

  return vscode.Disposable.from(
    watches,
    registerCommand('sigil.accept', async (solution) => {
      const ref = await choose(solution, vscode.l10n.t('Accept which solution?'));
      return ref && once(ref, () => acceptSolution(desk, ref, WHOLE));
    }),
    registerCommand('sigil.acceptHunks', async (solution) => {
      const ref = await choose(solution, vscode.l10n.t('Accept parts of which solution?'));
      const found = ref && findSolution(app.runs, ref);
      if (!ref || !found) return undefined;
      const wish = await chooseHunks(found);
      return wish && once(ref, () => acceptSolution(desk, ref, wish));
    }),
    registerCommand('sigil.derive', async (solution) => {
      const ref = await choose(solution, vscode.l10n.t('Start a new run from which solution?'));
      if (ref) await runCommand('sigil.run', { project: { root: ref.root }, spec: ref.spec, workspace: ref.workspace, from: ref.id });
    }),
  );
}
