// *Set up a Model…* for VS Code's own language models: the user chooses one, and allows runs to ask it, and it is asked for one word.

import * as vscode from 'vscode';
import { BRIDGE_PROVIDER } from '../../protocol/bridge.ts';
import type { App } from '../app.ts';
import { setting } from '../contributions.ts';
import { showError } from '../say.ts';
import { allow, asBridgeModel, nameOf } from './lm.ts';

/** The setting's value of the model that was chosen and answers; null when the user gave up. */
export async function chooseLanguageModel(app: App): Promise<{ readonly model: string; readonly seconds: number } | null> {
  const title = vscode.l10n.t('VS Code’s Language Models');
  const models = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Looking for VS Code’s language models…') }, () => vscode.lm.selectChatModels());
  if (models.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No extension offers a language model in this VS Code. Sign in to GitHub Copilot, or install an extension that has one, and try again.'));
    return null;
  }
  const now = setting('run.model');
  const items = [...models].sort((a, b) => nameOf(a).localeCompare(nameOf(b))).map((m) => ({
    label: m.name, description: vscode.l10n.t('{0} · {1} · {2} tokens of context', m.vendor, m.family, m.maxInputTokens), m,
    ...(now === `${BRIDGE_PROVIDER}/${nameOf(m)}` ? { detail: vscode.l10n.t('$(check) set up') } : {}),
  }));
  const chosen = await vscode.window.showQuickPick(items, { title, placeHolder: vscode.l10n.t('Your subscription with its vendor pays; Sigil counts it as $0'), matchOnDescription: true, ignoreFocusOut: true });
  if (chosen === undefined) return null;
  const { m } = chosen;
  const yes = vscode.l10n.t('Allow');
  const detail = vscode.l10n.t('A run sends it the code that may change, its file, and what became of earlier attempts; the vendor “{0}” answers by your subscription. Runs of this machine reach it through VS Code only, each with a token of its own.', m.vendor);
  if ((await vscode.window.showInformationMessage(vscode.l10n.t('May runs of Sigil ask {0}?', m.name), { modal: true, detail }, yes)) !== yes) return null;
  const began = Date.now();
  try {
    await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Asking {0} for one word…', m.name), cancellable: true }, async (_progress, token) => {
      const abort = new AbortController();
      token.onCancellationRequested(() => { abort.abort(); });
      // VS Code may ask for its own consent here: it does so in answer to a user's action only.
      for await (const piece of asBridgeModel(m).ask([{ role: 'user', text: 'Answer with the word: ready' }], abort.signal)) if (piece !== '') break;
    });
  } catch (e) {
    await showError(e instanceof vscode.LanguageModelError ? new Error(errorWords(m.name, e)) : e, app.log);
    return null;
  }
  await allow(app.context.globalState, nameOf(m));
  return { model: `${BRIDGE_PROVIDER}/${nameOf(m)}`, seconds: (Date.now() - began) / 1000 };
}

function errorWords(name: string, e: vscode.LanguageModelError): string {
  switch (e.code) {
    case vscode.LanguageModelError.NoPermissions.name: return vscode.l10n.t('{0}: VS Code was not allowed to let Sigil use it. {1}', name, e.message);
    case vscode.LanguageModelError.Blocked.name: return vscode.l10n.t('{0}: it is blocked, perhaps since its quota is used up. {1}', name, e.message);
    case vscode.LanguageModelError.NotFound.name: return vscode.l10n.t('{0} is no longer there.', name);
    default: return vscode.l10n.t('{0}: {1}', name, e.message);
  }
}
