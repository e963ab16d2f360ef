// *Set up a Model…*: who proposes, its key, a model of the provider's own list, a test call; then runs of this editor ask it.

import { homedir } from 'node:os';
import * as vscode from 'vscode';
import { estimateWords } from '../../core/run-estimate.ts';
import { BRIDGE_PROVIDER } from '../../protocol/bridge.ts';
import type { App } from '../app.ts';
import { CliError } from '../cli.ts';
import { runCommand, setting } from '../contributions.ts';
import { showError, trusted } from '../say.ts';
import { keyText, modelText, testText, titleOf, type ListAnswer, type ModelAnswer, type ProviderAnswer, type ProvidersAnswer, type TestAnswer } from './answers.ts';
import { tidyUrl } from './asked.ts';
import type { StoredKey } from './keys.ts';

type Item = vscode.QuickPickItem & { readonly run?: () => Promise<void> };

/** An endpoint that is being set up. */
interface Wanted {
  readonly app: App;
  readonly root: string;
  readonly provider: ProviderAnswer;
  /** The user's own address; null: the provider's. */
  readonly baseUrl: string | null;
  /** Just typed, and stored when it has proved right; null: the command finds one, or needs none. */
  key: string | null;
}

const separator = (label: string): Item => ({ label, kind: vscode.QuickPickItemKind.Separator });
const title = (): string => vscode.l10n.t('Set up a Model');

export async function setUpModel(app: App): Promise<void> {
  if (!(await trusted())) return;
  const root = app.projects.all()[0]?.root ?? homedir();
  try {
    const { providers } = await app.cli.json<ProvidersAnswer>(root, ['models']);
    const now = setting('run.model');
    const own = setting('run.baseUrl');
    const stored = app.keys.stored();
    const item = (p: ProviderAnswer): Item => ({
      label: titleOf(p.provider), description: keyText(p, app.keys.has({ provider: p.provider, baseUrl: null }), vscode.l10n.t),
      ...(now.startsWith(`${p.provider}/`) && own === '' ? { detail: vscode.l10n.t('$(check) {0} is set up', now) } : {}),
      run: () => chooseModel({ app, root, provider: p, baseUrl: null, key: null }),
    });
    const openai = providers.find((p) => p.provider === 'openai');
    const items: Item[] = [
      { label: vscode.l10n.t('$(tools) Built-in Mutators'), description: vscode.l10n.t('no model and no key'), ...(now === 'builtin' ? { detail: vscode.l10n.t('$(check) They propose now') } : {}), run: () => useBuiltin() },
      {
        label: vscode.l10n.t('$(sparkle) VS Code’s Own Language Models…'), description: vscode.l10n.t('those of Copilot and of other extensions, no key'),
        ...(now.startsWith(`${BRIDGE_PROVIDER}/`) ? { detail: vscode.l10n.t('$(check) {0} is set up', now) } : {}), run: () => useLanguageModel(app),
      },
      {
        label: vscode.l10n.t('$(terminal) A Command-line Agent…'), description: vscode.l10n.t('Claude Code or Codex, with a login of yours'),
        ...(now.startsWith('agent/') ? { detail: vscode.l10n.t('$(check) {0} is set up', now) } : {}), run: () => useAgent(app, root),
      },
      separator(vscode.l10n.t('with a key of yours')), ...providers.filter((p) => p.keyVariable !== null).map(item),
      separator(vscode.l10n.t('your own server')), ...providers.filter((p) => p.keyVariable === null).map(item),
      ...(openai === undefined ? [] : [{
        label: vscode.l10n.t('$(server) Another Address…'), description: vscode.l10n.t('any server that speaks OpenAI’s language'),
        ...(own === '' ? {} : { detail: vscode.l10n.t('$(check) {0} at {1} is set up', now, own) }), run: () => chooseAddress(app, root, openai),
      }]),
      ...(stored.length === 0 ? [] : [separator(''), { label: vscode.l10n.t('$(trash) Remove a Key…'), run: () => removeKey(app) }]),
    ];
    const chosen = await vscode.window.showQuickPick(items, { title: title(), placeHolder: vscode.l10n.t('Who is to propose changes?'), matchOnDescription: true });
    await chosen?.run?.();
  } catch (e) {
    await showError(e, app.log);
  }
}

async function useBuiltin(): Promise<void> {
  await keep('builtin', null);
  void vscode.window.showInformationMessage(vscode.l10n.t('The built-in mutators propose from now on. They need no key.'));
}

async function useLanguageModel(app: App): Promise<void> {
  const { chooseLanguageModel } = await import('./vscode-models.ts');
  const chosen = await chooseLanguageModel(app);
  if (chosen === null) return;
  await keep(chosen.model, null);
  ready(vscode.l10n.t('{0} answered in {1} s. Runs of this editor ask it from now on; your subscription pays, and it is counted as $0.', chosen.model, chosen.seconds.toFixed(1)));
}

async function useAgent(app: App, root: string): Promise<void> {
  const { chooseAgent } = await import('./agents.ts');
  const model = await chooseAgent(app, root, setting('run.model'));
  if (model === null) return;
  await keep(model, null);
  ready(vscode.l10n.t('{0} proposes from now on. A run of it is taken to cost $0.50 until one has told.', model), setBudget());
}

const setBudget = (): { readonly title: string; readonly go: () => void } => ({
  title: vscode.l10n.t('Set a Budget'), go: () => { void vscode.commands.executeCommand('workbench.action.openSettings', 'sigil.run.budgetUsd'); },
});

/** Tells that a model is set up, with what one does next. */
function ready(message: string, ...more: readonly { readonly title: string; readonly go: () => void }[]): void {
  const actions = [{ title: vscode.l10n.t('Run a Search…'), go: () => { void runCommand('sigil.run'); } }, ...more];
  void vscode.window.showInformationMessage(message, ...actions.map((a) => a.title)).then((answer) => { actions.find((a) => a.title === answer)?.go(); });
}

/** For the user, in all workspaces. */
async function keep(model: string, baseUrl: string | null): Promise<void> {
  const settings = vscode.workspace.getConfiguration('sigil');
  await settings.update('run.model', model, vscode.ConfigurationTarget.Global);
  await settings.update('run.baseUrl', baseUrl ?? undefined, vscode.ConfigurationTarget.Global);
  const shadow = settings.inspect<string>('run.model');
  const other = shadow?.workspaceFolderValue ?? shadow?.workspaceValue;
  if (other !== undefined && other !== model) void vscode.window.showWarningMessage(vscode.l10n.t('The settings of this workspace name another model, {0}, and win here.', other));
}

async function chooseAddress(app: App, root: string, provider: ProviderAnswer): Promise<void> {
  const address = await vscode.window.showInputBox({
    title: title(), prompt: vscode.l10n.t('The address of an OpenAI-compatible server; it mostly ends in /v1'), placeHolder: 'http://127.0.0.1:8080/v1', value: setting('run.baseUrl'), ignoreFocusOut: true,
    validateInput: (text) => (/^https?:\/\/[^\s@?]+$/.test(text.trim()) ? undefined : vscode.l10n.t('An http or https address, without a password or a query')),
  });
  if (address !== undefined) await chooseModel({ app, root, provider, baseUrl: tidyUrl(address), key: null });
}

/** A key is asked for where none is found: at an address of the user's own always, since it may need none. False when the user gave up. */
async function haveKey(w: Wanted): Promise<boolean> {
  const { provider: p, baseUrl } = w;
  if (p.keyVariable === null || w.app.keys.has({ provider: p.provider, baseUrl }) || (baseUrl === null && p.keyFrom !== null)) return true;
  return askKey(w);
}

async function askKey(w: Wanted): Promise<boolean> {
  const { provider: p, baseUrl } = w;
  const key = await vscode.window.showInputBox({
    title: vscode.l10n.t('Key of {0}', baseUrl ?? titleOf(p.provider)), password: true, ignoreFocusOut: true,
    prompt: baseUrl === null ? vscode.l10n.t('It is kept in VS Code’s secret storage, and given to runs of this model alone')
      : vscode.l10n.t('It is kept in VS Code’s secret storage. Empty: {0} of the environment if it is set, else none', p.keyVariable ?? ''),
    validateInput: (text) => (/[\s\p{Cc}]/u.test(text.trim()) ? vscode.l10n.t('A key has no blanks in it') : text.trim() === '' && baseUrl === null ? vscode.l10n.t('A key is needed') : undefined),
  });
  if (key === undefined) return false;
  w.key = key.trim() === '' ? null : key.trim();
  return true;
}

/** Asks the command with the key in its environment alone. */
async function ask<T>(w: Wanted, message: string, args: readonly string[]): Promise<T> {
  const { app, provider: p, baseUrl } = w;
  const env = w.key === null || p.keyVariable === null ? await app.keys.environment([{ provider: p.provider, baseUrl }]) : { [p.keyVariable]: w.key };
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: message, cancellable: true }, (_progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => { abort.abort(); });
    return app.cli.json<T>(w.root, [...args, ...(baseUrl === null ? [] : ['--base-url', baseUrl])], { env, signal: abort.signal });
  });
}

async function chooseModel(w: Wanted): Promise<void> {
  if (!(await haveKey(w))) return;
  const { provider: p } = w;
  let listed: ListAnswer;
  try {
    listed = await ask<ListAnswer>(w, vscode.l10n.t('Asking {0} for its models…', w.baseUrl ?? titleOf(p.provider)), ['models', 'list', p.provider]);
  } catch (e) {
    await failed(w, e, vscode.l10n.t('Type a Name'), async () => { await typeName(w); }, () => chooseModel(w));
    return;
  }
  const now = setting('run.model');
  const items: Item[] = [
    ...listed.models.map((m): Item => ({ label: m.name, description: modelText(m, vscode.l10n.t), ...(m.model === now ? { detail: vscode.l10n.t('$(check) set up') } : {}), run: () => tryModel(w, m.name, m.price) })),
    ...(listed.models.length === 0 ? [] : [separator('')]), { label: vscode.l10n.t('$(edit) Another Name…'), alwaysShow: true, run: () => typeName(w) },
  ];
  const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Models of {0}', w.baseUrl ?? titleOf(p.provider)), matchOnDescription: true, ignoreFocusOut: true, placeHolder: vscode.l10n.t('It is then asked for one word, to see that it answers') });
  await chosen?.run?.();
}

async function typeName(w: Wanted): Promise<void> {
  const name = await vscode.window.showInputBox({
    title: vscode.l10n.t('Model of {0}', w.baseUrl ?? titleOf(w.provider.provider)), prompt: vscode.l10n.t('The name that the provider gives it'), ignoreFocusOut: true,
    validateInput: (text) => (/^\S+$/.test(text.trim()) ? undefined : vscode.l10n.t('A name without blanks')),
  });
  if (name !== undefined) await tryModel(w, name.trim());
}

async function tryModel(w: Wanted, name: string, price?: ModelAnswer['price']): Promise<void> {
  const { app, provider: p, baseUrl } = w;
  const model = `${p.provider}/${name}`;
  const done = async (): Promise<void> => {
    if (w.key !== null && p.keyVariable !== null) await app.keys.store({ provider: p.provider, baseUrl, variable: p.keyVariable }, w.key);
    await keep(model, baseUrl);
  };
  let tested: TestAnswer;
  try {
    tested = await ask<TestAnswer>(w, vscode.l10n.t('Asking {0} for one word…', model), ['models', 'test', model]);
  } catch (e) {
    await failed(w, e, vscode.l10n.t('Use It Anyway'), done, () => tryModel(w, name, price));
    return;
  }
  await done();
  const cost = price === undefined || price.input + price.output === 0 ? '' : ` ${vscode.l10n.t('What a run may cost: {0}.', estimateWords(price, setting('run.evaluations') ?? 60))}`;
  ready(`${vscode.l10n.t('{0} {1}. Runs of this editor ask it from now on.', model, testText(tested, vscode.l10n.t))}${cost}`, setBudget());
}

/** Tells what went wrong, and offers another key, or to go on all the same. */
async function failed(w: Wanted, e: unknown, otherwise: string, go: () => Promise<void>, again: () => Promise<void>): Promise<void> {
  if (e instanceof Error && e.name === 'AbortError') return;
  const another = vscode.l10n.t('Enter Another Key');
  // The command's remedy is for keys of the environment.
  const told = e instanceof CliError && w.key !== null && /key was refused/.test(e.message) ? new CliError(e.message, vscode.l10n.t('Nothing was stored. See that it was copied whole, and that it is a key of this provider.'), e.exitCode) : e;
  const buttons = e instanceof CliError ? [...(w.provider.keyVariable === null ? [] : [another]), otherwise] : [];
  const answer = await showError(told, w.app.log, ...buttons);
  if (answer === otherwise) await go();
  else if (answer === another && (await askKey(w))) await again();
}

async function removeKey(app: App): Promise<void> {
  const items = app.keys.stored().map((of: StoredKey) => ({ label: titleOf(of.provider), description: of.baseUrl ?? of.variable, of }));
  const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Remove a Key'), placeHolder: vscode.l10n.t('It is taken out of VS Code’s secret storage') });
  if (chosen === undefined) return;
  await app.keys.remove(chosen.of);
  void vscode.window.showInformationMessage(vscode.l10n.t('The key of {0} is removed.', chosen.of.baseUrl ?? chosen.label));
}
