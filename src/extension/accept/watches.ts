// The accepts of this window, followed through undo, redo, revert and closing without saving.

import * as vscode from 'vscode';
import type { App } from '../app.ts';
import type { SolutionRef } from '../refs.ts';
import { noteArguments, type Wish } from './answer.ts';
import { AcceptWatch, lineCount, looseText, type WatchedFile } from './watch.ts';

/** Accepts that are followed at a time. */
const MOST = 50;

interface Watched {
  readonly ref: SolutionRef;
  readonly wish: Wish;
  readonly watch: AcceptWatch;
  readonly files: readonly WatchedFile[];
}

export class Watches implements vscode.Disposable {
  private readonly app: App;
  private watched: readonly Watched[] = [];
  private readonly subscriptions: vscode.Disposable;
  /** Notes are written in the order in which things happen. */
  private noting: Promise<void> = Promise.resolve();

  constructor(app: App) {
    this.app = app;
    this.subscriptions = vscode.Disposable.from(
      vscode.workspace.onDidChangeTextDocument(({ document }) => { this.look(document.uri.toString(), document.lineCount, () => document.getText()); }),
      vscode.workspace.onDidCloseTextDocument((document) => void this.lookOnDisk(document.uri)),
    );
  }

  add(ref: SolutionRef, wish: Wish, files: readonly WatchedFile[]): void {
    this.watched = [...this.watched, { ref, wish, files, watch: new AcceptWatch(files) }].slice(-MOST);
  }

  private look(key: string, lines: number, text: () => string): void {
    for (const w of this.watched) {
      const what = w.watch.has(key) ? w.watch.changed(key, lines, text) : null;
      if (what !== null) this.note(w, what);
    }
  }

  /** A document that was closed without being saved is what the disk says. */
  private async lookOnDisk(uri: vscode.Uri): Promise<void> {
    const key = uri.toString();
    const mine = this.watched.filter((w) => w.watch.has(key));
    if (mine.length === 0) return;
    try {
      const stored = looseText(new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)));
      for (const w of mine) {
        const file = w.files.find((f) => f.key === key);
        const shown = file && [file.before, file.after].find((t) => looseText(t) === stored);
        const what = w.watch.changed(key, lineCount(shown ?? ''), () => shown ?? '');
        if (what !== null) this.note(w, what);
      }
    } catch {
      // deleted: nothing is known of what becomes of the accept
    }
  }

  private note({ ref, wish }: Watched, what: 'undone' | 'redone'): void {
    this.noting = this.noting.then(async () => {
      try {
        await this.app.cli.json(ref.root, noteArguments(ref, wish, what === 'undone' ? 'undone' : 'record'));
        this.app.log.info(`${ref.id} was ${what}`);
        this.app.runs.refresh();
      } catch (e) {
        this.app.log.error(`that ${ref.id} was ${what} could not be noted: ${e instanceof Error ? e.message : String(e)}`);
      }
    });
  }

  dispose(): void {
    this.subscriptions.dispose();
  }
}
