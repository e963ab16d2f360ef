// The projects of the window: each workspace folder, and each folder below it that has a sigil.yaml of its own.

import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import type { ProjectRef } from './refs.ts';

const SPEC_FILE = 'sigil.yaml';
const EXCLUDE = '**/{node_modules,.git,.sigil,.venv,venv,target,dist,build}/**';
const EXCLUDED = /[\\/](?:node_modules|\.git|\.sigil|\.venv|venv|target|dist|build)(?:[\\/]|$)/;
/** A folder that comes whole is looked at when it has been quiet for so long. */
const SETTLED_MS = 300;
/** Spec files of one window beyond which the rest is not looked for. */
const MOST = 200;

export class Projects implements vscode.Disposable {
  private nested: readonly string[] = [];
  private searching = false;
  private wanted = false;
  private disposed = false;
  private readonly created = new Set<string>();
  private settling: NodeJS.Timeout | undefined;
  private readonly emitter = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable[] = [];
  readonly onDidChange = this.emitter.event;

  constructor() {
    const files = vscode.workspace.createFileSystemWatcher(`**/${SPEC_FILE}`);
    this.subscriptions.push(files, files.onDidCreate(() => { this.emitter.fire(); void this.search(); }), files.onDidDelete(() => { this.emitter.fire(); void this.search(); }), files.onDidChange(() => { this.emitter.fire(); }), vscode.workspace.onDidChangeWorkspaceFolders(() => { this.emitter.fire(); void this.search(); }));
    void this.search().then(() => {
      if (this.disposed) return;
      // A folder that comes whole (git switch, a copy): the events of the files in it are often lost, its own is not.
      const created = vscode.workspace.createFileSystemWatcher('**', false, true, true);
      this.subscriptions.push(created, created.onDidCreate((u) => { this.came(u); }));
    });
  }

  /** Workspace folders first, then folders with a sigil.yaml below them. */
  all(): readonly ProjectRef[] {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter((f) => f.uri.scheme === 'file').map((f) => f.uri.fsPath);
    return [...new Set([...folders, ...this.nested])].map((root) => ({ root }));
  }

  /** The project that a file belongs to: the nearest root above it. */
  of(uri: vscode.Uri): ProjectRef | undefined {
    const path = uri.fsPath;
    return [...this.all()].filter((p) => path === p.root || path.startsWith(`${p.root}/`) || path.startsWith(`${p.root}\\`)).sort((a, b) => b.root.length - a.root.length)[0];
  }

  private came(uri: vscode.Uri): void {
    if (uri.scheme !== 'file' || EXCLUDED.test(uri.fsPath)) return;
    this.created.add(uri.fsPath);
    clearTimeout(this.settling);
    this.settling = setTimeout(() => {
      const paths = [...this.created];
      this.created.clear();
      void Promise.all(paths.slice(0, MOST).map((path) => stat(path).then((s) => s.isDirectory(), () => false))).then((folders) => {
        if (paths.length > MOST || folders.includes(true)) void this.search();
      });
    }, SETTLED_MS);
  }

  /** One at a time, and again when something came meanwhile: an older search that ends later would hide what a newer one found. */
  private async search(): Promise<void> {
    this.wanted = true;
    if (this.searching) return;
    this.searching = true;
    try {
      while (this.wanted) {
        this.wanted = false;
        const found = await vscode.workspace.findFiles(`**/${SPEC_FILE}`, EXCLUDE, MOST);
        const nested = found.filter((u) => u.scheme === 'file').map((u) => dirname(u.fsPath)).sort();
        if (nested.join('\0') === this.nested.join('\0')) continue;
        this.nested = nested;
        this.emitter.fire();
      }
    } finally {
      this.searching = false;
    }
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.settling);
    for (const s of this.subscriptions) s.dispose();
    this.emitter.dispose();
  }
}
