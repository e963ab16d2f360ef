// *Run a Search With…*: which search and who proposes, for one run; the settings stay as they are.

import * as vscode from 'vscode';
import { EXTENSION_ID, setting, type Settings } from '../contributions.ts';

interface Item extends vscode.QuickPickItem {
  readonly arguments: readonly string[];
}

/** The searches as the setting lists them, in the user's language. */
function searches(): readonly { readonly name: string; readonly about: string }[] {
  const manifest = vscode.extensions.getExtension(EXTENSION_ID)?.packageJSON as { readonly contributes?: { readonly configuration?: { readonly properties?: Readonly<Record<string, { readonly enum?: readonly string[]; readonly markdownEnumDescriptions?: readonly string[] }>> } } } | undefined;
  const property = manifest?.contributes?.configuration?.properties?.['sigil.run.optimizer'];
  return (property?.enum ?? []).map((name, i) => ({ name, about: (property?.markdownEnumDescriptions?.[i] ?? '').replaceAll('`', '') }));
}

/** The arguments of `sigil run` that were chosen; null when the user gave up. */
export async function chooseSearch(spec: string, scope: vscode.Uri): Promise<readonly string[] | null> {
  const title = vscode.l10n.t('Run a Search of “{0}” With…', spec);
  const now: Settings['run.optimizer'] = setting('run.optimizer', scope);
  const items = searches().map(({ name, about }): Item => ({
    label: name === 'sigil.yaml' ? vscode.l10n.t('As sigil.yaml Says') : name, detail: about, ...(name === now ? { description: vscode.l10n.t('in the settings') } : {}), arguments: name === 'sigil.yaml' ? [] : ['--optimizer', name],
  }));
  const search = await vscode.window.showQuickPick(items, { title, placeHolder: vscode.l10n.t('Which search?'), matchOnDetail: true, ignoreFocusOut: true });
  if (search === undefined) return null;
  const proposer = await chooseProposer(title, setting('run.model', scope));
  return proposer === null ? null : [...search.arguments, ...proposer];
}

async function chooseProposer(title: string, model: string): Promise<readonly string[] | null> {
  const items: Item[] = [
    { label: model === '' ? vscode.l10n.t('$(settings) As sigil.yaml Says') : model === 'builtin' ? vscode.l10n.t('$(tools) Built-in Mutators') : `$(hubot) ${model}`, description: vscode.l10n.t('as the settings say'), arguments: [] },
    ...(model === 'builtin' ? [] : [{ label: vscode.l10n.t('$(tools) Built-in Mutators'), description: vscode.l10n.t('no model and no key'), arguments: ['--model', 'builtin'] }]),
    { label: vscode.l10n.t('$(edit) Another Model…'), description: vscode.l10n.t('provider/name'), arguments: ['?'] },
  ];
  const chosen = await vscode.window.showQuickPick(items, { title, placeHolder: vscode.l10n.t('Who is to propose changes?'), ignoreFocusOut: true });
  if (chosen?.arguments[0] !== '?') return chosen?.arguments ?? null;
  const name = await vscode.window.showInputBox({
    title, prompt: vscode.l10n.t('A model as provider/name, several with commas, or agent/claude, agent/codex'), ignoreFocusOut: true,
    validateInput: (text) => (/^(?:builtin|[a-z]+\/[^\s,]+(?:\s*,\s*[a-z]+\/[^\s,]+)*)$/.test(text.trim()) ? undefined : vscode.l10n.t('Write builtin, or provider/name')),
  });
  return name === undefined ? null : name.split(',').flatMap((m) => ['--model', m.trim()]);
}
