// All runs of all projects of the window, kept true by watching their folders. Nothing but the journals is state.

import { watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { listRuns, runPaths } from '../../adapters/journal/layout.ts';
import type { Projects } from '../projects.ts';
import { keyOf, type RunRef } from '../refs.ts';
import { RunEntry } from './run-entry.ts';

/** Changes are told together: a run writes several lines a verdict. */
const COALESCE_MS = 100;
/** Where watching fails (network drives) and for locks of killed processes, which write nothing. */
const POLL_MS = 1000;

export type RunsChange =
  /** Runs came or went. */
  | { readonly kind: 'list' }
  /** One run has news. */
  | { readonly kind: 'run'; readonly entry: RunEntry };

export class RunStore implements vscode.Disposable {
  private readonly entries = new Map<string, RunEntry>();
  /** Watched folders by path. */
  private readonly watchers = new Map<string, FSWatcher>();
  private readonly dirty = new Set<RunEntry>();
  private listDirty = false;
  private timer: NodeJS.Timeout | null = null;
  private poll: NodeJS.Timeout | null = null;
  private readonly emitter = new vscode.EventEmitter<RunsChange>();
  private readonly subscription: vscode.Disposable;
  private readonly projects: Projects;
  readonly onDidChange = this.emitter.event;

  constructor(projects: Projects) {
    this.projects = projects;
    this.subscription = projects.onDidChange(() => { this.note(null); });
    this.list();
  }

  /** Oldest first. */
  all(): readonly RunEntry[] {
    return [...this.entries.values()].sort((a, b) => (a.ref.run < b.ref.run ? -1 : 1));
  }

  get(ref: RunRef): RunEntry | undefined {
    return this.entries.get(keyOf(ref));
  }

  /** The runs of a spec, oldest first. */
  ofSpec(root: string, spec: string): readonly RunEntry[] {
    return this.all().filter((e) => e.ref.root === root && e.ref.spec === spec);
  }

  running(): readonly RunEntry[] {
    return this.all().filter((e) => e.status() === 'running');
  }

  /** Looks at everything now: after a command of ours has written something. */
  refresh(): void {
    this.list();
    for (const e of this.entries.values()) if (e.refresh()) this.emitter.fire({ kind: 'run', entry: e });
  }

  private list(): void {
    const seen = new Set<string>();
    let changed = false;
    const folders = new Set<string>();
    for (const { root } of this.projects.all()) {
      const ws = join(root, '.sigil', 'ws');
      for (const folder of [root, join(root, '.sigil'), ws]) folders.add(folder);
      for (const paths of listRuns(root)) {
        const known = runPaths(root, paths.spec, paths.workspace, paths.run);
        const key = keyOf({ root, spec: paths.spec, workspace: paths.workspace, run: paths.run });
        seen.add(key);
        if (!this.entries.has(key)) {
          this.entries.set(key, new RunEntry(root, known));
          changed = true;
        }
        folders.add(join(ws, paths.spec));
        folders.add(join(ws, paths.spec, paths.workspace));
        folders.add(join(ws, paths.spec, paths.workspace, 'runs'));
      }
    }
    for (const key of [...this.entries.keys()]) if (!seen.has(key)) changed = this.entries.delete(key) || changed;
    // A finished run is watched too: people accept, ban and measure its solutions. One inotify watch each is cheap.
    for (const e of this.entries.values()) folders.add(e.paths.dir);
    this.watchFolders(folders);
    if (changed) this.emitter.fire({ kind: 'list' });
    this.schedulePoll();
  }

  private watchFolders(wanted: ReadonlySet<string>): void {
    for (const [path, w] of this.watchers) {
      if (wanted.has(path)) continue;
      w.close();
      this.watchers.delete(path);
    }
    for (const path of wanted) {
      if (this.watchers.has(path)) continue;
      try {
        const w = watch(path, { persistent: false }, (_, name) => { this.noteFolder(path, name); });
        w.on('error', () => {
          w.close();
          this.watchers.delete(path);
          this.note(null);
        });
        this.watchers.set(path, w);
      } catch {
        // Not there yet, or no watch to be had: the folder above tells when it comes, the poll sees what is running.
      }
    }
  }

  private noteFolder(path: string, name: string | null): void {
    const entry = [...this.entries.values()].find((e) => e.paths.dir === path);
    if (entry) this.note(entry);
    else if (name === null || name === '.sigil' || path.includes('.sigil')) this.note(null); // else it is the project's own folder
  }

  /** Something happened to a run, or, with null, to the list of runs. */
  private note(entry: RunEntry | null): void {
    if (entry === null) this.listDirty = true;
    else this.dirty.add(entry);
    this.timer ??= setTimeout(() => { this.flush(); }, COALESCE_MS);
  }

  private flush(): void {
    this.timer = null;
    const dirty = [...this.dirty];
    this.dirty.clear();
    if (this.listDirty) {
      this.listDirty = false;
      this.list();
    }
    for (const e of dirty) if (e.refresh()) this.emitter.fire({ kind: 'run', entry: e });
    this.schedulePoll();
  }

  /** While something runs it is also looked at by the clock. */
  private schedulePoll(): void {
    const live = this.running();
    if (live.length === 0) {
      if (this.poll) clearInterval(this.poll);
      this.poll = null;
    } else {
      this.poll ??= setInterval(() => {
        for (const e of this.running()) if (e.refresh()) this.emitter.fire({ kind: 'run', entry: e });
        this.schedulePoll();
      }, POLL_MS);
    }
  }

  dispose(): void {
    this.subscription.dispose();
    this.emitter.dispose();
    for (const w of this.watchers.values()) w.close();
    if (this.timer) clearTimeout(this.timer);
    if (this.poll) clearInterval(this.poll);
  }
}
