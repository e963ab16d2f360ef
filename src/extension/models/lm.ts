// vscode.lm as the bridge and the picker use it: models by name, answers in pieces, and the user's consent to let runs ask one.

import * as vscode from 'vscode';
import type { BridgeMessage, BridgeModel } from './bridge-server.ts';

/** `vendor/id`, unique in this window. */
export function nameOf(m: vscode.LanguageModelChat): string {
  return `${m.vendor}/${m.id}`;
}

/** The model that a name means: `vendor/id`, or an id or a family alone. */
export async function languageModel(name: string): Promise<vscode.LanguageModelChat | null> {
  const all = await vscode.lm.selectChatModels();
  return all.find((m) => nameOf(m) === name) ?? all.find((m) => m.id === name) ?? all.find((m) => m.family === name) ?? null;
}

/** VS Code's tokens end with a signal. */
async function cancelling<T>(signal: AbortSignal, work: (token: vscode.CancellationToken) => Thenable<T>): Promise<T> {
  const source = new vscode.CancellationTokenSource();
  const cancel = (): void => { source.cancel(); };
  signal.addEventListener('abort', cancel, { once: true });
  try {
    signal.throwIfAborted();
    return await work(source.token);
  } finally {
    signal.removeEventListener('abort', cancel);
    source.dispose();
  }
}

function toMessage({ role, text }: BridgeMessage): vscode.LanguageModelChatMessage {
  return role === 'assistant' ? vscode.LanguageModelChatMessage.Assistant(text) : vscode.LanguageModelChatMessage.User(text);
}

export function asBridgeModel(m: vscode.LanguageModelChat): BridgeModel {
  return {
    name: nameOf(m), maxInputTokens: m.maxInputTokens,
    countTokens: (text, signal) => cancelling(signal, (token) => m.countTokens(text, token)),
    async *ask(messages, signal) {
      const source = new vscode.CancellationTokenSource();
      const cancel = (): void => { source.cancel(); };
      signal.addEventListener('abort', cancel, { once: true });
      try {
        signal.throwIfAborted();
        const response = await m.sendRequest(messages.map(toMessage), { justification: vscode.l10n.t('A search of Sigil asks it for better versions of the functions that you marked.') }, source.token);
        yield* response.text;
      } finally {
        signal.removeEventListener('abort', cancel);
        source.dispose();
      }
    },
  };
}

const ALLOWED = 'sigil.languageModels';

/** Whether the user has said that runs may ask a model. Not every VS Code asks by itself: 1.139 does only for some providers. */
export function isAllowed(state: vscode.Memento, name: string): boolean {
  return state.get<readonly string[]>(ALLOWED, []).includes(name);
}

export async function allow(state: vscode.Memento, name: string): Promise<void> {
  if (!isAllowed(state, name)) await state.update(ALLOWED, [...state.get<readonly string[]>(ALLOWED, []), name]);
}
