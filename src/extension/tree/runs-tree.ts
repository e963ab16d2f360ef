// The tree of runs: projects, specs, runs, solutions. It reads the store of runs and draws anew what has changed.

import { basename } from 'node:path';
import * as vscode from 'vscode';
import type { RunState, SolutionState } from '../../core/run-state.ts';
import { BASELINE } from '../../core/solution.ts';
import type { App } from '../app.ts';
import type { RunRef, SolutionRef } from '../refs.ts';
import type { Catalog } from '../run/catalog.ts';
import type { Runner } from '../run/runner.ts';
import type { RunEntry } from '../runs/run-entry.ts';
import { asideOf, listsOf, parentOf, pathToBest, type Lists } from './lists.ts';
import { Nodes, type ListNode, type Node, type SpecNode } from './nodes.ts';
import { drawMore, drawProject, drawQueued, drawRun, drawSolution, drawSpec, drawAside, explainSolution } from './draw.ts';
import { Throttle } from '../throttle.ts';

export type Sort = 'lineage' | 'score';

/** Changes come faster than anybody reads. */
const APART_MS = 200;
/** Rows of one list that are shown at first: more than a side bar has. Each change of a run hands all of them to VS Code anew. */
const PAGE = 60;
/** What "show more" adds. */
const MORE = 500;
/** A run with more solutions than this is opened by hand, level by level. */
const OPEN_AT_MOST = 200;
const ASIDE = ['failed', 'waste'] as const;

interface Known {
  readonly revision: number;
  readonly state: RunState;
  readonly lists: Lists;
  /** Solutions whose children are shown at first. */
  readonly open: ReadonlySet<string>;
}

export class RunsTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  private readonly app: App;
  private readonly runner: Runner;
  private readonly catalog: Catalog;
  private readonly nodes = new Nodes();
  private readonly known = new WeakMap<RunEntry, Known>();
  /** How many rows of a long list are shown, by the id of its node. */
  private readonly shown = new Map<string, number>();
  private readonly emitter = new vscode.EventEmitter<Node[] | undefined>();
  private readonly subscriptions: readonly { dispose(): unknown }[];
  private readonly throttle: Throttle<Node>;
  private order: Sort;
  readonly onDidChangeTreeData = this.emitter.event;

  constructor(app: App, catalog: Catalog, runner: Runner, sort: Sort) {
    this.app = app;
    this.runner = runner;
    this.catalog = catalog;
    this.order = sort;
    this.throttle = new Throttle<Node>(APART_MS, (changed) => { this.emitter.fire(changed === null ? undefined : [...changed]); });
    const status = new WeakMap<RunEntry, string>();
    this.subscriptions = [
      this.emitter, this.throttle,
      app.runs.onDidChange((c) => {
        if (c.kind === 'list') {
          this.nodes.forget((ref) => app.runs.get(ref) !== undefined);
          this.throttle.note(null);
          return;
        }
        // What a spec shows of itself hangs on whether something of it runs.
        const now = c.entry.status();
        this.throttle.note(status.get(c.entry) === now ? this.nodes.run(c.entry.ref) : this.nodes.spec(c.entry.ref.root, c.entry.ref.spec));
        status.set(c.entry, now);
      }),
      runner.onDidChange(() => { this.throttle.note(null); }),
      catalog.onDidChange(() => { this.throttle.note(null); }),
    ];
  }

  get sort(): Sort {
    return this.order;
  }

  set sort(order: Sort) {
    this.order = order;
    this.shown.clear();
    this.throttle.note(null);
  }

  /** While nobody sees the tree nothing is drawn. */
  pause(paused: boolean): void {
    this.throttle.pause(paused);
  }

  refresh(): void {
    this.throttle.note(null);
  }

  more(of: ListNode): void {
    this.shown.set(of.id, (this.shown.get(of.id) ?? PAGE) + MORE);
    this.throttle.note(of);
  }

  /** The node of a run, or of a solution in a list that is long enough to hold it; undefined when there is none. */
  nodeOf(ref: RunRef | SolutionRef): Node | undefined {
    const entry = this.app.runs.get(ref);
    if (entry === undefined) return undefined;
    const s = 'id' in ref ? this.look(entry).state.solutions.get(ref.id) : undefined;
    if (s === undefined || s.id === BASELINE) return this.nodes.run(entry.ref);
    for (let at: Node | undefined = this.nodes.solution(entry.ref, s.id); at !== undefined; at = this.getParent(at)) {
      if (at.kind !== 'solution') continue;
      const parent = this.getParent(at) as ListNode;
      const index = this.rows(entry, parent).findIndex((x) => x.id === (at as { ref: SolutionRef }).ref.id);
      if (index >= (this.shown.get(parent.id) ?? PAGE)) this.shown.set(parent.id, index + 1);
    }
    return this.nodes.solution(entry.ref, s.id);
  }

  getTreeItem(node: Node): vscode.TreeItem {
    switch (node.kind) {
      case 'project': return drawProject(node, basename(node.ref.root));
      case 'spec': return drawSpec(node, this.app.runs.ofSpec(node.ref.root, node.ref.spec), this.waiting(node).length > 0);
      case 'queued': {
        const w = this.runner.waiting().find((x) => x.wanted.id === node.item);
        return drawQueued(node, w?.starting ?? false, w?.wanted ?? null);
      }
      case 'run': {
        const entry = this.app.runs.get(node.ref);
        return drawRun(node, entry, entry !== undefined && (entry.status() === 'running' || entry === this.app.runs.all().at(-1)));
      }
      case 'solution': {
        const k = this.of(node.ref);
        const s = k?.state.solutions.get(node.ref.id);
        if (k === undefined || s === undefined) return new vscode.TreeItem('');
        const below = this.order === 'lineage' ? k.lists.children.get(s.id)?.length ?? 0 : 0;
        return drawSolution(node, k.state, s, below, k.open.has(s.id));
      }
      case 'aside': return drawAside(node, this.of(node.ref)?.lists.aside[node.of].length ?? 0);
      case 'more': {
        const entry = this.app.runs.get(node.ref);
        return drawMore(node, entry === undefined ? 0 : this.rows(entry, node.of).length - (this.shown.get(node.of.id) ?? PAGE));
      }
    }
  }

  getChildren(node?: Node): Node[] {
    if (node === undefined) {
      const roots = this.roots();
      const [only] = roots;
      return roots.length > 1 ? roots.map((r) => this.nodes.project(r)) : only === undefined ? [] : this.specs(only);
    }
    switch (node.kind) {
      case 'project': return this.specs(node.ref.root);
      case 'spec': return this.ofSpec(node);
      case 'run':
      case 'aside':
      case 'solution': return this.list(node);
      case 'queued':
      case 'more': return [];
    }
  }

  getParent(node: Node): Node | undefined {
    switch (node.kind) {
      case 'project': return undefined;
      case 'spec': return this.roots().length > 1 ? this.nodes.project(node.ref.root) : undefined;
      case 'queued':
      case 'run': return this.nodes.spec(node.ref.root, node.ref.spec);
      case 'aside': return this.nodes.run(runOf(node.ref));
      case 'more': return node.of;
      case 'solution': {
        const k = this.of(node.ref);
        const s = k?.state.solutions.get(node.ref.id);
        if (k === undefined || s === undefined) return this.nodes.run(runOf(node.ref));
        const aside = asideOf(s);
        if (aside !== null) return this.nodes.aside(runOf(node.ref), aside);
        const parent = this.order === 'lineage' ? parentOf(k.state, s) : BASELINE;
        return parent === BASELINE ? this.nodes.run(runOf(node.ref)) : this.nodes.solution(runOf(node.ref), parent);
      }
    }
  }

  resolveTreeItem(item: vscode.TreeItem, node: Node): vscode.TreeItem {
    if (node.kind !== 'solution') return item;
    const k = this.of(node.ref);
    const s = k?.state.solutions.get(node.ref.id);
    if (k !== undefined && s !== undefined) item.tooltip = explainSolution(k.state, s);
    return item;
  }

  private roots(): readonly string[] {
    const roots = new Set([...this.app.runs.all().map((e) => e.ref.root), ...this.runner.waiting().map((w) => w.wanted.root)]);
    return this.app.projects.all().map((p) => p.root).filter((r) => roots.has(r));
  }

  private specs(root: string): Node[] {
    const names = new Set([
      ...this.app.runs.all().filter((e) => e.ref.root === root).map((e) => e.ref.spec), ...this.runner.waiting().filter((w) => w.wanted.root === root).map((w) => w.wanted.spec),
      ...(this.catalog.peek(root) ?? []).map((s) => s.spec),
    ]);
    return [...names].sort((a, b) => a.localeCompare(b)).map((spec) => this.nodes.spec(root, spec));
  }

  private waiting({ ref }: SpecNode): Node[] {
    return this.runner.waiting().filter((w) => w.wanted.root === ref.root && w.wanted.spec === ref.spec).map((w) => this.nodes.queued(ref.root, ref.spec, w.wanted.id));
  }

  private ofSpec(node: SpecNode): Node[] {
    const { ref } = node;
    return [...this.waiting(node), ...this.app.runs.ofSpec(ref.root, ref.spec).map((e) => this.nodes.run(e.ref)).reverse()];
  }

  private list(node: ListNode): Node[] {
    const entry = this.app.runs.get(node.ref);
    if (entry === undefined) return [];
    const rows = this.rows(entry, node);
    const most = this.shown.get(node.id) ?? PAGE;
    const out: Node[] = rows.slice(0, most).map((s) => this.nodes.solution(entry.ref, s.id));
    if (rows.length > most) out.push(this.nodes.more(node));
    if (node.kind === 'run') for (const of of ASIDE) if (this.look(entry).lists.aside[of].length > 0) out.push(this.nodes.aside(entry.ref, of));
    return out;
  }

  private rows(entry: RunEntry, node: ListNode): readonly SolutionState[] {
    const { lists } = this.look(entry);
    if (node.kind === 'aside') return lists.aside[node.of];
    if (this.order === 'score') return node.kind === 'run' ? lists.score : [];
    return lists.children.get(node.kind === 'run' ? BASELINE : node.ref.id) ?? [];
  }

  private of(ref: RunRef): Known | undefined {
    const entry = this.app.runs.get(ref);
    return entry === undefined ? undefined : this.look(entry);
  }

  /** A run's lists, computed once for each state of it. */
  private look(entry: RunEntry): Known {
    const state = entry.state();
    const known = this.known.get(entry);
    if (known?.revision === entry.revision) return known;
    const lists = listsOf(state, known?.lists);
    const now: Known = { revision: entry.revision, state, lists, open: lists.score.length <= OPEN_AT_MOST ? pathToBest(state) : new Set() };
    this.known.set(entry, now);
    return now;
  }

  dispose(): void {
    for (const s of this.subscriptions) s.dispose();
  }
}

function runOf(ref: RunRef): RunRef {
  return { root: ref.root, spec: ref.spec, workspace: ref.workspace, run: ref.run };
}
