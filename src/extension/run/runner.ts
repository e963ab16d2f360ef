// Starts runs as tasks, one after the other where they would measure at the same time, and knows their terminals.

import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { TASK_TYPE } from '../contributions.ts';
import { keyOf, type RunRef } from '../refs.ts';
import type { RunEntry } from '../runs/run-entry.ts';
import type { Catalog } from './catalog.ts';
import { restored, startable, type Busy, type Wanted } from './queue.ts';
import { definitionFor, makeTask, modelsOfSpec } from './tasks.ts';

const STORED = 'sigil.queue';
/** How often a starting run is looked for: its folder is new, and may come between two looks of the store's. */
const LOOK_MS = 500;

/** A task of ours whose process runs, also one that somebody started from tasks.json. */
interface Live {
  readonly pid: number;
  /** The run that it became. */
  run: RunEntry | null;
  terminal: vscode.Terminal | undefined;
}

export class Runner implements vscode.Disposable {
  private readonly app: App;
  private readonly catalog: Catalog;
  private queue: readonly Wanted[];
  private readonly live = new Map<vscode.TaskExecution, Live>();
  /** Taken from the queue and no run yet, with their tasks once VS Code has answered. */
  private readonly launching = new Map<Wanted, vscode.TaskExecution | null>();
  private readonly over = new WeakSet<vscode.TaskExecution>();
  /** By run; also of runs that have ended, until they are closed. */
  private readonly terminals = new Map<string, vscode.Terminal>();
  private timer: NodeJS.Timeout | null = null;
  private count = 0;
  private readonly emitter = new vscode.EventEmitter<void>();
  private readonly failed = new vscode.EventEmitter<{ readonly spec: string; readonly terminal: vscode.Terminal | undefined }>();
  private readonly subscriptions: readonly { dispose(): unknown }[];
  /** The queue, or what is starting, is another. */
  readonly onDidChange = this.emitter.event;
  /** A task failed, and no run tells why. */
  readonly onDidFail = this.failed.event;

  constructor(app: App, catalog: Catalog) {
    this.app = app;
    this.catalog = catalog;
    this.queue = restored(app.context.workspaceState.get(STORED), app.runs.running().length > 0);
    this.subscriptions = [
      this.emitter, this.failed,
      app.runs.onDidChange(() => { this.look(); }),
      vscode.tasks.onDidStartTaskProcess((e) => { if (e.execution.task.definition.type === TASK_TYPE) void this.began(e.execution, e.processId); }),
      vscode.tasks.onDidEndTaskProcess((e) => { if (e.execution.task.definition.type === TASK_TYPE) this.ended(e.execution, e.exitCode); }),
      vscode.tasks.onDidEndTask((e) => {
        if (this.live.delete(e.execution)) this.look();
      }),
      vscode.window.onDidCloseTerminal((t) => { for (const [key, known] of this.terminals) if (known === t) this.terminals.delete(key); }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => { this.pump(); }),
    ];
    this.pump();
  }

  /** What waits, and what has been started and is no run yet; in order. */
  waiting(): readonly { readonly wanted: Wanted; readonly starting: boolean }[] {
    return [...[...this.launching.keys()].map((wanted) => ({ wanted, starting: true })), ...this.queue.map((wanted) => ({ wanted, starting: false }))];
  }

  /** Puts a run at the end of the queue, from which it starts at once when nothing is in its way. True when it has to wait. */
  request(w: Pick<Wanted, 'root' | 'spec' | 'arguments' | 'resume'>): boolean {
    const wanted: Wanted = { ...w, id: `${Date.now()}-${this.count++}`, exclusive: this.exclusive(w.root, w.spec), held: false };
    this.set([...this.queue, wanted]);
    this.pump();
    return this.queue.some((q) => q.id === wanted.id);
  }

  remove(id: string): void {
    this.set(this.queue.filter((w) => w.id !== id));
  }

  /** Lets one that was left over go on. */
  release(id: string): void {
    this.set(this.queue.map((w) => (w.id === id ? { ...w, held: false } : w)));
    this.pump();
  }

  /** The terminal of a run, while it is open. */
  async terminal(ref: RunRef): Promise<vscode.Terminal | undefined> {
    const known = this.terminals.get(keyOf(ref));
    const pid = this.app.runs.get(ref)?.process();
    return known ?? (pid === undefined || pid === null ? undefined : this.terminalOf(pid));
  }

  /** Ends the task of a run as closing its terminal would. False when this window has none. */
  terminate(ref: RunRef): boolean {
    for (const [execution, l] of this.live) {
      if (l.run?.key !== keyOf(ref)) continue;
      execution.terminate();
      return true;
    }
    return false;
  }

  /** Whether runs of a spec measure times: as its last run did, else taken for granted. */
  private exclusive(root: string, spec: string): boolean {
    const last = this.app.runs.ofSpec(root, spec).at(-1);
    return last === undefined || measuresTimes(last);
  }

  private set(queue: readonly Wanted[]): void {
    this.queue = queue;
    void this.app.context.workspaceState.update(STORED, queue);
    this.emitter.fire();
  }

  private busy(): readonly Busy[] {
    return [...this.app.runs.running().map((e) => ({ root: e.ref.root, spec: e.ref.spec, exclusive: measuresTimes(e) })), ...this.ending(), ...this.launching.keys()];
  }

  /** Runs that have ended, and whose tasks have not: VS Code starts no second task of the same name beside one. */
  private ending(): readonly Busy[] {
    return [...this.live.values()].flatMap(({ run }) => (run === null ? [] : [{ root: run.ref.root, spec: run.ref.spec, exclusive: false }]));
  }

  private pump(): void {
    if (this.queue.length === 0 || !vscode.workspace.isTrusted) return;
    for (const w of startable(this.queue, this.busy())) void this.start(w);
  }

  private async start(w: Wanted): Promise<void> {
    this.launching.set(w, null);
    this.set(this.queue.filter((q) => q.id !== w.id));
    this.app.log.info(w.resume === null ? `Starting a run of ${w.spec} in ${w.root}` : `Resuming ${w.resume}`);
    try {
      const execution = await vscode.tasks.executeTask(await makeTask(this.app, w.root, definitionFor(w.root, w.spec, w.arguments, w.resume), await modelsOfSpec(this.app, this.catalog, w.root, w.spec)));
      if (this.over.has(execution)) this.launching.delete(w); // it ended before this answer came
      else this.launching.set(w, execution);
    } catch (e) {
      this.launching.delete(w);
      this.app.log.error(e instanceof Error ? e : String(e));
      void vscode.window.showErrorMessage(vscode.l10n.t('The run of “{0}” could not be started: {1}', w.spec, e instanceof Error ? e.message : String(e)));
    }
    this.emitter.fire();
    this.look();
  }

  private async began(execution: vscode.TaskExecution, pid: number): Promise<void> {
    const l: Live = { pid, run: null, terminal: undefined };
    this.live.set(execution, l);
    this.timer ??= setInterval(() => {
      this.app.runs.refresh();
      this.look();
    }, LOOK_MS);
    l.terminal = await this.terminalOf(pid);
    this.look();
  }

  /** Whether what is starting has become a run, and what may start now. */
  private look(): void {
    let changed = false;
    for (const l of this.live.values()) {
      if (l.run === null) {
        l.run = this.app.runs.running().find((e) => e.process() === l.pid) ?? null;
        changed ||= l.run !== null;
      }
      if (l.run !== null && l.terminal !== undefined) this.terminals.set(l.run.key, l.terminal);
    }
    for (const [w, execution] of this.launching) if (execution !== null && (this.live.get(execution)?.run ?? null) !== null) this.launching.delete(w);
    if (this.timer && [...this.live.values()].every((l) => l.run !== null)) {
      clearInterval(this.timer);
      this.timer = null;
    }
    if (changed) this.emitter.fire();
    this.pump();
  }

  private ended(execution: vscode.TaskExecution, code: number | undefined): void {
    const l = this.live.get(execution);
    this.app.log.info(`The task ${execution.task.name} ended with ${code ?? 'a signal'}`);
    this.app.runs.refresh();
    this.over.add(execution);
    for (const [w, e] of this.launching) if (e === execution) this.launching.delete(w);
    // 130: interrupted, and the tree says so. A broken evaluation is told with the run's end.
    if (code !== undefined && code !== 0 && code !== 130 && l?.run?.summary()?.reason !== 'eval-broken') {
      this.failed.fire({ spec: String(execution.task.definition['spec']), terminal: l?.terminal });
    }
    this.emitter.fire();
    this.look();
  }

  private async terminalOf(pid: number): Promise<vscode.Terminal | undefined> {
    for (const t of vscode.window.terminals) if ((await t.processId) === pid) return t;
    return undefined;
  }

  dispose(): void {
    if (this.timer) clearInterval(this.timer);
    for (const s of this.subscriptions) s.dispose();
  }
}

function measuresTimes(e: RunEntry): boolean {
  const spec = e.state().started?.spec;
  return spec === undefined || spec.metrics.some((m) => m.exclusive);
}
