// Asks which solution is meant, where a command was called without one.

import * as vscode from 'vscode';
import { rank } from '../../core/format.ts';
import { BASELINE } from '../../core/solution.ts';
import type { App } from '../app.ts';
import { refOf } from '../diff/documents.ts';
import { worthOf } from '../diff/titles.ts';
import { toSolutionRef, type SolutionRef } from '../refs.ts';
import type { SolutionState } from '../../core/run-state.ts';
import type { RunEntry } from './run-entry.ts';

interface Item extends vscode.QuickPickItem {
  readonly ref?: SolutionRef;
}

/** Runs and solutions beyond which the list is cut: the tree and the panel show all. */
const MOST_RUNS = 5;
const MOST = 200;

/** Which solutions are offered. */
interface Among {
  /** Only of this run. */
  readonly entry?: RunEntry;
  readonly except?: string;
  /** Those that can be meant; left out: those that changed something. */
  readonly which?: (s: SolutionState) => boolean;
}

const changed = (s: SolutionState): boolean => s.patch !== '' && s.outcome !== 'duplicate';

function itemsOf(entry: RunEntry, { except, which = changed }: Among): Item[] {
  const state = entry.state();
  const solutions = [...state.solutions.values()].filter((s) => s.id !== BASELINE && s.id !== except && which(s)).sort((a, b) => Number(state.incumbent === b.id) - Number(state.incumbent === a.id) || rank(b) - rank(a));
  if (solutions.length === 0) return [];
  return [
    { label: `${entry.ref.spec} · ${entry.ref.run}`, kind: vscode.QuickPickItemKind.Separator },
    ...solutions.slice(0, MOST).map((s): Item => ({
      label: `${state.incumbent === s.id ? '$(star-full) ' : ''}${worthOf(state, s)}`, description: `${s.outcome ?? ''} ${s.id}`, detail: s.summary, ref: { ...entry.ref, id: s.id },
    })),
  ];
}

/** The solution that a command's argument names, else the one that the user picks; undefined when they pick none. */
export async function solutionOf(app: App, argument: unknown, title: string, among: Among = {}): Promise<SolutionRef | undefined> {
  const named = argument instanceof vscode.Uri ? refOf(argument) : toSolutionRef(argument); // the title bar of a diff hands its document over
  if (named !== null) return named;
  const entries = among.entry ? [among.entry] : [...app.runs.all()].reverse().slice(0, MOST_RUNS);
  const items = entries.flatMap((e) => itemsOf(e, among));
  if (items.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('There is no solution yet. Start a search with the lens above a marked function, or with "Sigil: Run a Search…".'));
    return undefined;
  }
  return (await vscode.window.showQuickPick(items, { title, matchOnDescription: true, matchOnDetail: true }))?.ref;
}
