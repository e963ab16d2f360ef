// The commands with which a function and its measurement are set up.

import * as vscode from 'vscode';
import type { App } from '../app.ts';
import { registerCommand, toPlace, type RunRequest } from '../contributions.ts';
import { showError, trusted } from '../say.ts';
import { Checks } from './check.ts';
import { markForOptimization } from './mark.ts';

export function markingFeature(app: App): vscode.Disposable {
  const checks = new Checks(app);
  return vscode.Disposable.from(
    checks,
    registerCommand('sigil.markForOptimization', (where) => markForOptimization(app, toPlace(where))),
    registerCommand('sigil.validate', (request) => checks.check(toRequest(request))),
    registerCommand('sigil.createSpecFile', () => createSpecFile(app)),
  );
}

/** Writes a commented sigil.yaml where there is none, and shows it. */
async function createSpecFile(app: App): Promise<void> {
  if (!(await trusted())) return;
  const projects = app.projects.all();
  const [only, second] = projects;
  if (only === undefined) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Open a folder first.'));
    return;
  }
  const root = second === undefined ? only.root : (await vscode.window.showQuickPick(projects.map((p) => ({ label: vscode.workspace.asRelativePath(p.root, true), root: p.root })), { placeHolder: vscode.l10n.t('In which folder?') }))?.root;
  if (root === undefined) return;
  try {
    await app.cli.json(root, ['init']);
    await vscode.window.showTextDocument(vscode.Uri.joinPath(vscode.Uri.file(root), 'sigil.yaml'));
  } catch (e) {
    await showError(e, app.log);
  }
}

/** What was asked for by name, or by an item of the tree. Menus of the editor hand over its address, which names no spec. */
function toRequest(arg: unknown): Pick<RunRequest, 'project' | 'spec'> | undefined {
  if (typeof arg !== 'object' || arg === null) return undefined;
  if ('project' in arg && 'spec' in arg) return arg as RunRequest;
  if (!('ref' in arg) || typeof arg.ref !== 'object' || arg.ref === null) return undefined;
  const { root, spec } = arg.ref as { readonly root?: unknown; readonly spec?: unknown };
  return typeof root === 'string' && typeof spec === 'string' ? { project: { root }, spec } : undefined;
}
