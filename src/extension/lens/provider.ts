// The code lenses above marked functions: a row each, whose text follows the latest run.

import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { asCommand, setting, type Place } from '../contributions.ts';
import { proposerSentence } from '../models/proposer-words.ts';
import type { RunEntry } from '../runs/run-entry.ts';
import { Throttle } from '../throttle.ts';
import { BoundCommands } from './bound.ts';
import type { MarkedDocuments } from './documents.ts';
import type { Row } from './rows.ts';
import { idleText, runText, secondText, type LensText } from './words.ts';

/** While a run goes on, its lens is drawn anew at most this often. */
const CALM_MS = 3000;
/** Between two redraws: several things change at once when a window opens. */
const APART_MS = 1000;

class MarkLens extends vscode.CodeLens {
  readonly row: Row;
  readonly document: vscode.TextDocument;
  readonly second: boolean;

  constructor(document: vscode.TextDocument, row: Row, second: boolean) {
    super(new vscode.Range(row.line, 0, row.line, 0));
    this.document = document;
    this.row = row;
    this.second = second;
  }
}

export class MarkLenses implements vscode.CodeLensProvider<MarkLens>, vscode.Disposable {
  private readonly app: App;
  private readonly documents: MarkedDocuments;
  private readonly emitter = new vscode.EventEmitter<void>();
  private readonly subscriptions: vscode.Disposable[];
  /** What stands there of each run, by its key: only what differs is worth a redraw. */
  private readonly shown = new Map<string, { readonly status: string; readonly title: string }>();
  private readonly stale = new Set<RunEntry>();
  private readonly bound = new BoundCommands();
  private readonly redraw = new Throttle<null>(APART_MS, () => { this.emitter.fire(); });
  private timer: NodeJS.Timeout | null = null;
  readonly onDidChangeCodeLenses = this.emitter.event;

  constructor(app: App, documents: MarkedDocuments) {
    this.app = app;
    this.documents = documents;
    this.subscriptions = [
      documents.onDidLearn(() => { this.redraw.note(null); }),
      app.runs.onDidChange((c) => { if (c.kind === 'list') this.redraw.note(null); else this.runChanged(c.entry); }),
      vscode.workspace.onDidChangeConfiguration((e) => { if (['sigil.codeLens', 'sigil.run.model', 'sigil.run.budgetUsd'].some((s) => e.affectsConfiguration(s))) this.redraw.note(null); }),
    ];
  }

  provideCodeLenses(document: vscode.TextDocument): MarkLens[] {
    if (!vscode.workspace.isTrusted || !setting('codeLens.enabled', document) || !this.documents.supports(document)) return [];
    return this.documents.rows(document).flatMap((row) => {
      const entry = latestRun(this.app, document, row);
      return entry === undefined ? [new MarkLens(document, row, false)] : [new MarkLens(document, row, false), new MarkLens(document, row, true)];
    });
  }

  resolveCodeLens(lens: MarkLens): MarkLens {
    lens.command = this.bound.bind(this.command(lens));
    return lens;
  }

  private command({ document, row, second }: MarkLens): vscode.Command {
    const place: Place = { uri: document.uri.toString(), line: row.target };
    if (row.problem !== null) return { command: 'workbench.actions.view.problems', title: `$(warning) ${vscode.l10n.t('This mark cannot be used')}`, tooltip: `${row.problem.message}. ${row.problem.remedy}` };
    const entry = latestRun(this.app, document, row);
    const proposer = proposerSentence(setting('run.model', document), setting('run.budgetUsd', document), vscode.l10n.t);
    const text = entry === undefined ? idleText(row.pin, vscode.l10n.t, proposer) : second ? secondText(entry.status(), vscode.l10n.t, proposer) : this.firstText(entry);
    return { ...this.act(text, place, entry), tooltip: text.tooltip };
  }

  private firstText(entry: RunEntry): LensText {
    const text = runText(entry.state(), entry.status(), vscode.l10n.t);
    this.shown.set(entry.key, { status: entry.status(), title: text.title });
    return text;
  }

  private act({ action, title }: LensText, place: Place, entry: RunEntry | undefined): vscode.Command {
    switch (action) {
      case 'optimize': case 'again': return asCommand('sigil.optimize', title, place);
      case 'mark': return asCommand('sigil.markForOptimization', title, place);
      case 'show': return asCommand('sigil.showRuns', title, entry?.ref);
      case 'stop': return asCommand('sigil.stop', title, entry?.ref);
      case 'resume': return asCommand('sigil.resume', title, entry?.ref);
      case 'review': return asCommand('sigil.openPanel', title, entry?.ref);
      case 'report': return asCommand('sigil.openReport', title, entry?.ref);
    }
  }

  private runChanged(entry: RunEntry): void {
    const before = this.shown.get(entry.key);
    if (before === undefined) return; // no lens speaks of it
    if (before.status !== entry.status()) {
      this.redraw.note(null); // it began or ended, which is worth knowing at once
      return;
    }
    this.stale.add(entry);
    this.timer ??= setTimeout(() => {
      this.timer = null;
      const stale = [...this.stale];
      this.stale.clear();
      if (stale.some((e) => runText(e.state(), e.status(), vscode.l10n.t).title !== this.shown.get(e.key)?.title)) this.redraw.note(null);
    }, CALM_MS);
  }

  dispose(): void {
    if (this.timer) clearTimeout(this.timer);
    for (const s of this.subscriptions) s.dispose();
    this.redraw.dispose();
    this.bound.dispose();
    this.emitter.dispose();
  }
}

/** The run that a row speaks of: one that goes on, else the newest. */
export function latestRun(app: App, document: vscode.TextDocument, { pin }: Row): RunEntry | undefined {
  const project = app.projects.of(document.uri);
  if (!project || pin === null) return undefined;
  const runs = app.runs.ofSpec(project.root, pin.spec).filter((e) => !e.isControl());
  return runs.findLast((e) => e.status() === 'running') ?? runs.at(-1);
}
