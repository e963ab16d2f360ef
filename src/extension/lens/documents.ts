// What the command knows of the pins of open documents: asked in the background, once a version, never waited for.

import { relative, sep } from 'node:path';
import * as vscode from 'vscode';
import { seeMarks, type MarkStyle, type SeenMark } from '../../core/marks.ts';
import type { App } from '../app.ts';
import { rowsOf, shifted, type PinsAnswer, type Row } from './rows.ts';

/** After the last keystroke. */
const QUIET_MS = 400;
const NOTHING: PinsAnswer = { pins: [], problems: [] };

/** The languages in which functions can be marked, by VS Code's names. */
const STYLES: Readonly<Record<string, MarkStyle>> = {
  python: 'python', javascript: 'script', javascriptreact: 'script', typescript: 'script', typescriptreact: 'script',
  go: 'comments', rust: 'comments', java: 'comments', c: 'comments', cpp: 'comments',
};
export const LANGUAGES = Object.keys(STYLES);
export const SELECTOR: vscode.DocumentSelector = LANGUAGES.map((language) => ({ language, scheme: 'file' }));

interface Known {
  /** What the command said, its pins moved along with later changes. */
  answer: PinsAnswer | null;
  /** The version of the document that `answer` is of. */
  answered: number;
  /** The version that was asked last. */
  asked: number;
  timer: NodeJS.Timeout | null;
  abort: AbortController | null;
  seen: { readonly version: number; readonly marks: readonly SeenMark[] } | null;
}

export class MarkedDocuments implements vscode.Disposable {
  private readonly known = new Map<string, Known>();
  /** The text of each project's sigil.yaml; '' where there is none. */
  private readonly specFiles = new Map<string, string>();
  private readonly emitter = new vscode.EventEmitter<vscode.Uri>();
  private readonly subscriptions: vscode.Disposable[];
  private queue: Promise<unknown> = Promise.resolve();
  private readonly app: App;
  /** The command has answered for a document. */
  readonly onDidLearn = this.emitter.event;

  constructor(app: App) {
    this.app = app;
    this.subscriptions = [
      vscode.workspace.onDidChangeTextDocument((e) => { this.changed(e); }),
      vscode.workspace.onDidCloseTextDocument((d) => { this.forget(d); }),
      app.projects.onDidChange(() => { this.askAllAgain(); }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => { this.askAllAgain(); }),
    ];
  }

  supports(document: vscode.TextDocument): boolean {
    return document.uri.scheme === 'file' && STYLES[document.languageId] !== undefined && this.app.projects.of(document.uri) !== undefined;
  }

  /** The rows as far as they are known now. What is not known yet is asked, and told by onDidLearn. */
  rows(document: vscode.TextDocument): readonly Row[] {
    const known = this.of(document);
    const marks = this.marks(document, known);
    if (marks.length > 0 || this.named(document)) this.ask(document, known);
    return rowsOf(marks, known.answer, known.answered === document.version);
  }

  /** The row at or around a 0-based line. */
  rowAt(document: vscode.TextDocument, line: number): Row | undefined {
    const around = this.rows(document).filter((r) => r.line === line || r.target === line || (r.line < line && line < r.target)
      || (r.pin !== null && r.pin.kind !== 'file' && r.pin.range.startLine - 1 <= line && line <= r.pin.range.endLine - 1));
    return around.at(-1); // inner ones come later
  }

  problems(document: vscode.TextDocument): PinsAnswer['problems'] {
    const known = this.known.get(document.uri.toString());
    return known?.answered === document.version ? (known.answer?.problems ?? []) : [];
  }

  private of(document: vscode.TextDocument): Known {
    const key = document.uri.toString();
    let known = this.known.get(key);
    if (!known) this.known.set(key, (known = { answer: null, answered: -1, asked: -1, timer: null, abort: null, seen: null }));
    return known;
  }

  private marks(document: vscode.TextDocument, known: Known): readonly SeenMark[] {
    if (known.seen?.version !== document.version) known.seen = { version: document.version, marks: seeMarks(document.getText(), STYLES[document.languageId] ?? 'comments') };
    return known.seen.marks;
  }

  /** Whether the project's sigil.yaml speaks of a file: it may pin functions that carry no mark. */
  private named(document: vscode.TextDocument): boolean {
    const project = this.app.projects.of(document.uri);
    if (!project) return false;
    const text = this.specFiles.get(project.root);
    if (text === undefined) {
      this.specFiles.set(project.root, '');
      void vscode.workspace.fs.readFile(vscode.Uri.joinPath(vscode.Uri.file(project.root), 'sigil.yaml')).then((bytes) => {
        this.specFiles.set(project.root, new TextDecoder().decode(bytes));
        for (const d of vscode.workspace.textDocuments) if (this.supports(d) && this.named(d)) this.ask(d, this.of(d));
      }, () => undefined);
      return false;
    }
    return text.includes(relative(project.root, document.uri.fsPath).split(sep).join('/'));
  }

  private ask(document: vscode.TextDocument, known: Known): void {
    if (known.asked === document.version || !vscode.workspace.isTrusted) return;
    const first = known.asked < 0;
    known.asked = document.version;
    if (known.timer) clearTimeout(known.timer);
    known.timer = setTimeout(() => {
      known.timer = null;
      known.abort?.abort();
      const abort = (known.abort = new AbortController());
      // One after another: a window that opens with twenty files must not start twenty processes.
      this.queue = this.queue.then(() => (abort.signal.aborted ? undefined : this.answer(document, known, abort.signal)));
    }, first ? 0 : QUIET_MS);
  }

  private async answer(document: vscode.TextDocument, known: Known, signal: AbortSignal): Promise<void> {
    const project = this.app.projects.of(document.uri);
    if (!project || document.isClosed) return;
    const { version } = document;
    try {
      const answer = await this.app.cli.json<PinsAnswer>(project.root, ['pins', '--stdin', document.uri.fsPath], { stdin: document.getText(), signal, alsoFine: [1] });
      if (signal.aborted || document.version !== version) return; // a newer question is on its way
      known.answer = answer;
      known.answered = version;
    } catch (e) {
      if (signal.aborted) return;
      this.app.log.debug(`pins of ${document.uri.fsPath}: ${e instanceof Error ? e.message : String(e)}`);
      known.answer ??= NOTHING;
    }
    this.emitter.fire(document.uri);
  }

  private changed({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const known = this.known.get(document.uri.toString());
    if (!known?.answer || contentChanges.length === 0) return;
    // From the last to the first, as the editor orders them: each in the text that the others have left.
    let { pins } = known.answer;
    for (const c of contentChanges) {
      const change = { startLine: c.range.start.line, endLine: c.range.end.line, endColumn: c.range.end.character, breaks: c.text.split('\n').length - 1 };
      pins = pins.map((p) => shifted(p, change));
    }
    known.answer = { pins, problems: [] };
  }

  private askAllAgain(): void {
    this.specFiles.clear();
    for (const d of vscode.workspace.textDocuments) {
      const known = this.known.get(d.uri.toString());
      if (!known) continue;
      known.asked = -1;
      if (this.supports(d)) this.rows(d);
      this.emitter.fire(d.uri);
    }
  }

  private forget(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    const known = this.known.get(key);
    if (known?.timer) clearTimeout(known.timer);
    known?.abort?.abort();
    this.known.delete(key);
  }

  dispose(): void {
    for (const d of vscode.workspace.textDocuments) this.forget(d);
    for (const s of this.subscriptions) s.dispose();
    this.emitter.dispose();
  }
}
