// How features tell what went wrong, and ask for trust: the same everywhere.

import * as vscode from 'vscode';
import { CliError } from './cli.ts';

/** A notification is read at a glance: what a failed test printed belongs into the log. */
const MOST_CHARACTERS = 240;

function brief(text: string, log: vscode.LogOutputChannel): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  if (flat.length <= MOST_CHARACTERS) return flat;
  log.error(text);
  return `${flat.slice(0, MOST_CHARACTERS).replace(/\s\S*$/, '')} …`;
}

/** Tells an error in the command's own words: what is wrong, and what to do. Returns the button that was pressed. */
export async function showError(e: unknown, log: vscode.LogOutputChannel, ...buttons: string[]): Promise<string | undefined> {
  if (e instanceof CliError) return vscode.window.showErrorMessage(e.remedy === '' ? brief(e.message, log) : `${brief(e.message, log)} — ${e.remedy}`, ...buttons);
  log.error(e instanceof Error ? e : String(e));
  return vscode.window.showErrorMessage(e instanceof Error ? e.message : String(e), ...buttons);
}

/** False in an untrusted workspace, after saying so: nothing starts a program there. */
export async function trusted(): Promise<boolean> {
  if (vscode.workspace.isTrusted) return true;
  const manage = vscode.l10n.t('Manage Workspace Trust');
  const answer = await vscode.window.showWarningMessage(vscode.l10n.t('Sigil starts programs of this workspace only when you trust it. Past runs can be looked at.'), manage);
  if (answer === manage) await vscode.commands.executeCommand('workbench.trust.manage');
  return false;
}
