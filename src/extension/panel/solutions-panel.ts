// One open Solutions panel: sends the run whole when it has news, the selected solution in full, and does what its buttons say.

import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { roundsOf } from '../../adapters/journal/rounds.ts';
import { fromPanel, type FromPanel, type ToPanel } from '../../protocol/panel.ts';
import type { App } from '../app.ts';
import { runCommand } from '../contributions.ts';
import type { RunRef, SolutionRef } from '../refs.ts';
import { Coalesced } from './coalesce.ts';
import { Diffs, panelDetail } from './detail.ts';
import { pageHtml } from './html.ts';
import { panelRun } from './snapshot.ts';

export class SolutionsPanel implements vscode.Disposable {
  readonly ref: RunRef;
  private readonly app: App;
  private readonly panel: vscode.WebviewPanel;
  private readonly subscriptions: vscode.Disposable[] = [];
  private readonly news = new Coalesced(() => { this.sendRun(); });
  /** The page has said that it listens. A page that is hidden is gone, and says so again when it comes back. */
  private ready = false;
  private revision = 0;
  /** To be selected as soon as the page listens. */
  private wanted: string | null;
  private selected: string | null = null;
  /** The solution and its run as last sent: state is never changed in place, so the same object is the same content. */
  private sent: object | null = null;
  private diffs: Diffs | null = null;
  private diffsOf: object | null = null;

  constructor(app: App, panel: vscode.WebviewPanel, ref: RunRef, wanted: string | null) {
    this.app = app;
    this.panel = panel;
    this.ref = ref;
    this.wanted = wanted;
    const folder = vscode.Uri.joinPath(app.context.extensionUri, 'dist', 'webview');
    const media = vscode.Uri.joinPath(app.context.extensionUri, 'media');
    panel.iconPath = { light: vscode.Uri.joinPath(media, 'sigil-light.svg'), dark: vscode.Uri.joinPath(media, 'sigil-dark.svg') }; // a tab draws it as a picture: no colour is taken from the theme
    panel.title = vscode.l10n.t('Solutions: {0}', ref.spec);
    const { webview } = panel;
    webview.options = { enableScripts: true, localResourceRoots: [folder, media] };
    this.subscriptions.push(
      webview.onDidReceiveMessage((m: unknown) => { this.hear(m); }),
      panel.onDidChangeViewState(() => { if (!panel.visible) this.ready = false; }),
      app.runs.onDidChange((change) => { if (change.kind === 'list' || change.entry === this.entry()) this.news.request(); }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => { this.news.request(); }),
    );
    webview.html = pageHtml({
      title: panel.title, language: vscode.env.language, nonce: randomBytes(16).toString('base64'), source: webview.cspSource,
      script: webview.asWebviewUri(vscode.Uri.joinPath(folder, 'main.js')).toString(), style: webview.asWebviewUri(vscode.Uri.joinPath(folder, 'main.css')).toString(),
    });
  }

  onDidDispose(what: () => void): void {
    this.panel.onDidDispose(what);
  }

  /** Brings it to the front without taking the focus. */
  show(wanted: string | null): void {
    this.panel.reveal(undefined, true);
    this.wanted = wanted ?? this.wanted;
    if (this.ready) this.sendWanted();
  }

  private entry(): ReturnType<App['runs']['get']> {
    return this.app.runs.get(this.ref);
  }

  private post(message: ToPanel): void {
    if (this.ready) void this.panel.webview.postMessage(message);
  }

  private sendWanted(): void {
    if (this.wanted !== null) this.post({ type: 'select', id: this.wanted });
    this.wanted = null;
  }

  private sendRun(): void {
    if (!this.ready) return; // it asks when it is there
    const entry = this.entry();
    if (!entry) {
      this.post({ type: 'gone', message: vscode.l10n.t('This run is not there any more.'), remedy: vscode.l10n.t('Its folder was removed or its workspace folder closed. Other runs are listed in the view Runs of Sigil.') });
      return;
    }
    this.post({ type: 'run', revision: ++this.revision, run: panelRun(this.ref, entry.status(), entry.state(), vscode.workspace.isTrusted) });
    this.sendDetail(false).catch((e: unknown) => { this.app.log.error(e instanceof Error ? e : String(e)); });
  }

  /** What the page shows of the selected solution, when that has changed. */
  private async sendDetail(again: boolean): Promise<void> {
    const entry = this.entry();
    const id = this.selected;
    if (!entry || id === null) return;
    const state = entry.state();
    const solution = state.solutions.get(id);
    if (!solution) return;
    // While it is evaluated, pairs come that are not state.
    if (!again && solution.outcome !== null && this.sent === solution) return;
    this.sent = solution;
    const rounds = await roundsOf(entry.paths.journal, id);
    if (id !== this.selected) return; // another was selected meanwhile
    if (this.diffs === null || this.diffsOf !== state.started) this.diffs = new Diffs(state); // a journal may be replaced
    this.diffsOf = state.started;
    this.post({ type: 'detail', detail: panelDetail(state, solution, this.diffs, rounds) });
  }

  private hear(raw: unknown): void {
    const message = fromPanel(raw);
    if (message === null) {
      this.app.log.warn('The Solutions panel sent something that is no message of its own.');
      return;
    }
    this.act(message).catch((e: unknown) => {
      this.app.log.error(e instanceof Error ? e : String(e));
      void vscode.window.showErrorMessage(e instanceof Error ? e.message : String(e));
    });
  }

  private async act(message: FromPanel): Promise<void> {
    switch (message.type) {
      case 'ready':
        this.ready = true;
        this.news.now();
        this.sendWanted();
        return;
      case 'select':
        this.selected = message.id;
        await this.sendDetail(true);
        return;
      case 'run':
        await runCommand(`sigil.${message.action}`, this.ref);
        return;
      case 'solution': {
        const solution: SolutionRef = { ...this.ref, id: message.id };
        await runCommand(`sigil.${message.action}`, solution);
        return;
      }
    }
  }

  dispose(): void {
    this.news.dispose();
    for (const s of this.subscriptions) s.dispose();
    this.panel.dispose();
  }
}
