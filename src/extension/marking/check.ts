// Checks how a spec is measured: with progress, an answer in a sentence, and the whole report as a document.

import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { CliError } from '../cli.ts';
import { runCommand, setting, type RunRequest } from '../contributions.ts';
import { showError, trusted } from '../say.ts';
import type { CheckAnswer } from './answers.ts';
import { checkWords, stepOf } from './check-words.ts';
import type { PinsAnswer } from '../lens/rows.ts';

const SCHEME = 'sigil-check';
type Request = Pick<RunRequest, 'project' | 'spec'>;

export class Checks implements vscode.Disposable, vscode.TextDocumentContentProvider {
  private readonly app: App;
  /** The report of each check by its address; the newest of a spec replaces the one before. */
  private readonly reports = new Map<string, string>();
  private readonly changed = new vscode.EventEmitter<vscode.Uri>();
  private readonly registration: vscode.Disposable;
  private readonly running = new Set<string>();
  readonly onDidChange = this.changed.event;

  constructor(app: App) {
    this.app = app;
    this.registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.reports.get(uri.toString()) ?? '';
  }

  async check(request: Request | undefined): Promise<void> {
    if (!(await trusted())) return;
    try {
      const chosen = request ?? (await this.choose());
      if (chosen === null) return;
      const key = `${chosen.project.root}\0${chosen.spec}`;
      if (this.running.has(key)) return; // its notification is there
      this.running.add(key);
      try {
        await this.run(chosen);
      } finally {
        this.running.delete(key);
      }
    } catch (e) {
      await showError(e, this.app.log);
    }
  }

  private async run({ project, spec }: Request): Promise<void> {
    const lines: string[] = [];
    const abort = new AbortController();
    const details = vscode.l10n.t('Show Details');
    const edit = vscode.l10n.t('Open sigil.yaml');
    const optimize = vscode.l10n.t('Optimize');
    const sandbox = setting('run.sandbox', vscode.Uri.file(project.root));
    let answer: CheckAnswer;
    try {
      answer = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, cancellable: true, title: vscode.l10n.t('Checking how “{0}” is measured', spec) }, (progress, token) => {
        token.onCancellationRequested(() => { abort.abort(); });
        return this.app.cli.json<CheckAnswer>(project.root, ['validate', spec, '--sandbox', sandbox], {
          signal: abort.signal, alsoFine: [1],
          onLine: (line) => {
            lines.push(line);
            const message = stepOf(line);
            if (message !== null) progress.report({ message });
          },
        });
      });
    } catch (e) {
      if (abort.signal.aborted) return;
      const uri = this.keep(spec, e instanceof CliError ? [...lines.filter((l) => !l.includes(e.message)), '', e.message, e.remedy === '' ? '' : `→ ${e.remedy}`] : lines);
      await this.follow(await showError(e, this.app.log, details, edit), uri, project.root);
      return;
    }
    const uri = this.keep(spec, lines);
    const words = checkWords(answer, vscode.l10n.t);
    const said = words.severity === 'info' ? await vscode.window.showInformationMessage(words.text, optimize, details) : await vscode.window.showWarningMessage(words.text, details, edit);
    if (said === optimize) await runCommand('sigil.run', { project, spec });
    else await this.follow(said, uri, project.root);
  }

  private async follow(button: string | undefined, report: vscode.Uri, root: string): Promise<void> {
    if (button === vscode.l10n.t('Show Details')) await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(report), { preview: true });
    if (button === vscode.l10n.t('Open sigil.yaml')) await vscode.window.showTextDocument(vscode.Uri.joinPath(vscode.Uri.file(root), 'sigil.yaml'), { preview: true });
  }

  private keep(spec: string, lines: readonly string[]): vscode.Uri {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${spec}: how it is measured.txt` });
    // eslint-disable-next-line no-control-regex
    this.reports.set(uri.toString(), `${lines.map((l) => l.replace(/\x1b\[[\d;]*m/g, '')).join('\n').trim()}\n`);
    this.changed.fire(uri);
    return uri;
  }

  /** One of the specs of the window. */
  private async choose(): Promise<Request | null> {
    const projects = this.app.projects.all();
    const items = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Looking for marked functions…') }, async () => {
      const all = await Promise.all(projects.map(async (project) => ({ project, found: await this.app.cli.json<PinsAnswer>(project.root, ['pins'], { alsoFine: [1] }) })));
      return all.flatMap(({ project, found }) => [...new Set(found.pins.map((p) => p.spec))].map((spec) => ({
        label: spec, description: found.pins.filter((p) => p.spec === spec).map((p) => p.id).join(', '), project, ...(projects.length > 1 ? { detail: vscode.workspace.asRelativePath(project.root, true) } : {}),
      })));
    });
    const [only, second] = items;
    if (only === undefined) {
      const mark = vscode.l10n.t('Mark for Optimization…');
      if ((await vscode.window.showInformationMessage(vscode.l10n.t('Nothing is marked in this workspace.'), mark)) === mark) await runCommand('sigil.markForOptimization');
      return null;
    }
    const chosen = second === undefined ? only : await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Which evaluation?') });
    return chosen === undefined ? null : { project: chosen.project, spec: chosen.label };
  }

  dispose(): void {
    this.registration.dispose();
    this.changed.dispose();
  }
}
