// Virtual documents: pinned files as a solution or the baseline has them, and snapshots of what the user had.

import * as vscode from 'vscode';
import { renderFile } from '../../core/pin.ts';
import { DOCUMENT_SCHEME } from '../contributions.ts';
import { toSolutionRef, type SolutionRef } from '../refs.ts';
import { findSolution } from '../runs/contents.ts';
import type { RunStore } from '../runs/run-store.ts';

const SNAPSHOT = 'snapshot';

/** Names what is shown, not its text: it survives a reload. The file's path ends it, so that the language is right. */
export function documentUri(ref: SolutionRef, file: string): vscode.Uri {
  const { root, spec, workspace, run, id } = ref;
  return vscode.Uri.from({ scheme: DOCUMENT_SCHEME, path: `/${file}`, query: JSON.stringify({ root, spec, workspace, run, id }) });
}

/** What a document shows; null for a snapshot. */
export function refOf(uri: vscode.Uri): SolutionRef | null {
  try {
    return toSolutionRef(JSON.parse(uri.query));
  } catch {
    return null;
  }
}

export class SolutionDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly runs: RunStore;
  private readonly emitter = new vscode.EventEmitter<vscode.Uri>();
  private readonly subscriptions: vscode.Disposable;
  /** Documents that were asked for before their run was known: after a reload, projects are still looked for. */
  private readonly waiting = new Map<string, vscode.Uri>();
  private readonly snapshots = new Map<string, string>();
  readonly onDidChange = this.emitter.event;

  constructor(runs: RunStore) {
    this.runs = runs;
    this.subscriptions = vscode.Disposable.from(
      runs.onDidChange(() => { for (const uri of this.waiting.values()) this.emitter.fire(uri); }),
      // VS Code drops what is said of a document before it stands: a run that was found in between is told again.
      vscode.workspace.onDidOpenTextDocument(({ uri }) => { if (this.waiting.has(uri.toString())) this.emitter.fire(uri); }),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => { this.waiting.delete(uri.toString()); }),
    );
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    if (uri.authority === SNAPSHOT) return this.snapshots.get(uri.toString()) ?? '';
    const ref = refOf(uri);
    const found = ref && findSolution(this.runs, ref);
    const file = found?.started.base.find((f) => `/${f.file}` === uri.path);
    if (!found || !file) {
      this.waiting.set(uri.toString(), uri);
      return '';
    }
    this.waiting.delete(uri.toString());
    // VS Code takes the byte order mark off its own documents too.
    return renderFile(file, found.genomes.of(found.solution.id)).replace(/^\ufeff/, '');
  }

  /** A document that shows a text as it is now, for the window's life. */
  snapshot(file: string, text: string): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: DOCUMENT_SCHEME, authority: SNAPSHOT, path: `/${file}`, query: String(this.snapshots.size) });
    this.snapshots.set(uri.toString(), text);
    return uri;
  }

  dispose(): void {
    this.subscriptions.dispose();
    this.emitter.dispose();
  }
}
