// The view of runs: its tree, its badge, its welcome texts' context keys, and the commands that are about the view itself.

import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { VIEW_RUNS, registerCommand, setContext, setting } from '../contributions.ts';
import { proposerBrief } from '../models/proposer-words.ts';
import { toRunRef, toSolutionRef, type RunRef, type SolutionRef } from '../refs.ts';
import type { Catalog } from '../run/catalog.ts';
import type { Runner } from '../run/runner.ts';
import type { RunEntry } from '../runs/run-entry.ts';
import { news, remember, type Counted, type Seen } from './news.ts';
import type { Node } from './nodes.ts';
import { RunsTree, type Sort } from './runs-tree.ts';
import { registerSolutionCommands } from './solution-commands.ts';

const SORT = 'sigil.sort';
const SEEN = 'sigil.seen';
/** Badge and context keys are no clock. */
const AGAIN_MS = 500;

function counted(e: RunEntry): Counted {
  const running = e.status() === 'running';
  const kept = running ? e.state().counts.kept ?? 0 : e.summary()?.counts.kept ?? null;
  return { key: e.key, running, kept };
}

export function registerTree(app: App, catalog: Catalog, runner: Runner): vscode.Disposable {
  const { workspaceState } = app.context;
  const stored = workspaceState.get<Sort>(SORT);
  const tree = new RunsTree(app, catalog, runner, stored === 'score' ? 'score' : 'lineage');
  const view = vscode.window.createTreeView<Node>(VIEW_RUNS, { treeDataProvider: tree, canSelectMany: true, showCollapseAll: true });
  let seen: Seen = workspaceState.get<Seen>(SEEN) ?? {};
  let timer: NodeJS.Timeout | null = null;

  const look = (): void => {
    timer = null;
    const runs = app.runs.all();
    const roots = app.projects.all().map((p) => p.root);
    setContext('sigil.hasRuns', runs.length > 0);
    setContext('sigil.running', app.runs.running().length > 0);
    setContext('sigil.hasProject', roots.length > 0);
    setContext('sigil.hasMarks', runs.length > 0 || roots.some((r) => (catalog.peek(r)?.length ?? 0) > 0));
    const counts = runs.map(counted);
    const now = remember(counts, seen, view.visible);
    if (JSON.stringify(now) !== JSON.stringify(seen)) void workspaceState.update(SEEN, now);
    seen = now;
    const n = news(counts, seen);
    view.badge = n === 0 ? undefined : { value: n, tooltip: n === 1 ? vscode.l10n.t('1 new verified solution') : vscode.l10n.t('{0} new verified solutions', n) };
  };
  const soon = (): void => { timer ??= setTimeout(look, AGAIN_MS); };

  /** Whether anything is marked is asked for only when somebody looks at an empty view. */
  const search = async (): Promise<void> => {
    if (!view.visible || !vscode.workspace.isTrusted || app.runs.all().length > 0) return;
    const unknown = app.projects.all().filter((p) => catalog.peek(p.root) === undefined);
    if (unknown.length === 0) return;
    view.message = vscode.l10n.t('Looking for marked functions…');
    await Promise.all(unknown.map((p) => catalog.specs(p.root)));
    view.message = '';
    look();
  };
  const sortBy = (sort: Sort): void => {
    tree.sort = sort;
    setContext('sigil.sort', sort);
    void workspaceState.update(SORT, sort);
  };

  // In the title: a description is not shown while the view is alone in its container.
  const tellProposer = (): void => {
    const brief = proposerBrief(setting('run.model'), setting('run.budgetUsd'), vscode.l10n.t);
    view.title = brief === '' ? vscode.l10n.t('Runs') : vscode.l10n.t('Runs · {0}', brief);
  };

  tree.pause(!view.visible);
  tellProposer();
  setContext('sigil.sort', tree.sort);
  look();
  void search();

  return vscode.Disposable.from(
    view, tree,
    view.onDidChangeVisibility(({ visible }) => {
      tree.pause(!visible);
      look();
      void search();
    }),
    app.runs.onDidChange(soon),
    vscode.workspace.onDidChangeConfiguration((e) => { if (e.affectsConfiguration('sigil.run')) tellProposer(); }),
    catalog.onDidChange(() => {
      soon();
      void search();
    }),
    app.projects.onDidChange(() => void search()),
    vscode.workspace.onDidGrantWorkspaceTrust(() => void search()),
    registerCommand('sigil.showRuns', async (arg) => {
      const ref: RunRef | SolutionRef | null = toSolutionRef(arg) ?? toRunRef(arg);
      const node = ref === null ? undefined : tree.nodeOf(ref);
      if (node === undefined) await vscode.commands.executeCommand(`${VIEW_RUNS}.focus`);
      else await view.reveal(node, { select: true, focus: false, expand: node.kind === 'run' });
    }),
    registerCommand('sigil.sortByScore', () => { sortBy('score'); }),
    registerCommand('sigil.sortByLineage', () => { sortBy('lineage'); }),
    registerCommand('sigil.showMore', (node) => { if (node?.kind === 'more') tree.more(node.of); }),
    registerCommand('sigil.refresh', () => {
      catalog.forget();
      app.runs.refresh();
      tree.refresh();
    }),
    registerSolutionCommands(app, () => view.selection),
    { dispose: () => { if (timer) clearTimeout(timer); } },
  );
}
