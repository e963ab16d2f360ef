// First contact: the walkthrough, and an example project that opens with its slow function in view.

import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { EXTENSION_ID, registerCommand } from '../contributions.ts';
import { showError } from '../say.ts';

interface Example {
  readonly name: string;
  readonly label: string;
  readonly detail: string;
  /** What is in view when it opens, and the mark in it. */
  readonly file: string;
}

/** In which folder to show which file after the window has opened it; kept across the reload. */
const PENDING = 'sigil.exampleToShow';
interface Pending {
  readonly root: string;
  readonly file: string;
}

export function welcomeFeature(app: App): vscode.Disposable {
  void showPending(app);
  return vscode.Disposable.from(
    registerCommand('sigil.openWalkthrough', () => vscode.commands.executeCommand('workbench.action.openWalkthrough', `${EXTENSION_ID}#start`, false)),
    registerCommand('sigil.openExample', () => openExample(app)),
  );
}

function examples(): readonly Example[] {
  return [
    { name: 'typescript-sales-report', label: 'TypeScript', detail: vscode.l10n.t('A monthly sales report: one slow function, made about three times faster in two minutes. Needs nothing'), file: 'src/report.ts' },
    { name: 'python-log-report', label: 'Python', detail: vscode.l10n.t('A report on a web server’s log, slow for several ordinary reasons. Needs Python 3.8'), file: 'logreport/report.py' },
  ];
}

async function openExample(app: App): Promise<void> {
  const title = vscode.l10n.t('Open the Example Project');
  const example = await vscode.window.showQuickPick(examples(), { title, placeHolder: vscode.l10n.t('Both are optimized by the built-in mutators: no key is needed') });
  if (example === undefined) return;
  const own = { label: vscode.l10n.t('$(folder) A fresh copy'), detail: vscode.l10n.t('In the extension’s own storage: nothing of yours is touched'), choose: false };
  const pick = { label: vscode.l10n.t('$(folder-opened) Choose a folder…'), detail: vscode.l10n.t('A folder “{0}” is made in it', example.name), choose: true };
  const where = await vscode.window.showQuickPick([own, pick], { title, placeHolder: vscode.l10n.t('Where to?') });
  if (where === undefined) return;
  const parent = where.choose ? (await vscode.window.showOpenDialog({ canSelectFolders: true, canSelectFiles: false, openLabel: vscode.l10n.t('Copy Example Here') }))?.[0]?.fsPath : join(app.context.globalStorageUri.fsPath, 'examples');
  if (parent === undefined) return;
  const inNew = await newWindow(title);
  if (inNew === null) return;
  try {
    mkdirSync(parent, { recursive: true });
    const root = free(parent, example.name);
    await app.cli.json(parent, ['new', root, '-e', example.name]);
    await app.context.globalState.update(PENDING, { root, file: example.file } satisfies Pending);
    await vscode.commands.executeCommand('vscode.openFolder', vscode.Uri.file(root), { forceNewWindow: inNew });
  } catch (e) {
    await showError(e, app.log);
  }
}

/** A folder that is not there yet. */
function free(parent: string, name: string): string {
  for (let n = 1; ; n++) {
    const path = join(parent, n === 1 ? name : `${name}-${n}`);
    if (!existsSync(path)) return path;
  }
}

/** Asked only where there is something to lose in this window. */
async function newWindow(title: string): Promise<boolean | null> {
  if (!vscode.workspace.workspaceFolders?.length) return false;
  const items = [{ label: vscode.l10n.t('$(multiple-windows) Open in a New Window'), inNew: true }, { label: vscode.l10n.t('$(window) Open in This Window'), inNew: false }];
  return (await vscode.window.showQuickPick(items, { title }))?.inNew ?? null;
}

/** The example's file, in the window that has just opened it. */
async function showPending(app: App): Promise<void> {
  const pending = app.context.globalState.get<Pending>(PENDING);
  if (pending === undefined || vscode.workspace.workspaceFolders?.[0]?.uri.fsPath !== vscode.Uri.file(pending.root).fsPath) return;
  await app.context.globalState.update(PENDING, undefined);
  const document = await vscode.workspace.openTextDocument(join(pending.root, pending.file));
  const at = document.positionAt(Math.max(0, document.getText().indexOf('sigil: improve')));
  const editor = await vscode.window.showTextDocument(document, { preview: false });
  editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenter);
}
