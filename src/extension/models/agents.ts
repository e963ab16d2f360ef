// *Set up a Model…* for command-line agents: what one may read and do is said before it is kept, and where nothing would confine it, it is not.

import * as vscode from 'vscode';
import type { App } from '../app.ts';

interface Doctor {
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly found: string; readonly remedy: string }[];
}

const AGENTS = [
  { model: 'agent/claude', label: 'Claude Code', login: '~/.claude/.credentials.json', key: 'ANTHROPIC_API_KEY' },
  { model: 'agent/codex', label: 'Codex CLI', login: '~/.codex/auth.json', key: 'CODEX_API_KEY' },
] as const;

/** The setting's value of the agent that may propose; null when the user gave up, or nothing confines one here. */
export async function chooseAgent(app: App, root: string, now: string): Promise<string | null> {
  const title = vscode.l10n.t('Command-line Agents');
  const items = AGENTS.map((a) => ({ label: a.label, description: a.model, detail: now.startsWith(a.model) ? vscode.l10n.t('$(check) set up') : vscode.l10n.t('with your login, or {0}', a.key), a }));
  const chosen = await vscode.window.showQuickPick(items, { title, placeHolder: vscode.l10n.t('It edits a copy of the marked code, and what it changed is the proposal'), ignoreFocusOut: true });
  if (chosen === undefined) return null;
  const { a } = chosen;
  const sandbox = (await app.cli.json<Doctor>(root, ['doctor'], { alsoFine: [1] })).checks.find((c) => c.name === 'sandbox');
  if (sandbox?.ok !== true) {
    void vscode.window.showWarningMessage(vscode.l10n.t('{0} is a program that edits and runs what it likes, and nothing would confine it here: {1}. {2}', a.label, sandbox?.found ?? '', sandbox?.remedy ?? ''));
    return null;
  }
  const yes = vscode.l10n.t('Allow');
  const detail = vscode.l10n.t('A run starts it in a sandbox, in a copy of the project. It gets the network, and of your home its login alone ({0}) or {1}. Your working tree, hidden files, .env and the rest of your home are not there. It can reach what listens on this machine. Evaluations get neither network nor login, unless the spec asks for them. What it does costs money with its provider.', a.login, a.key);
  return (await vscode.window.showInformationMessage(vscode.l10n.t('May runs of Sigil start {0}?', a.label), { modal: true, detail }, yes)) === yes ? a.model : null;
}
