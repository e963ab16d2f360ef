// Who proposes in the next run and what that may cost, said before one begins: beside the view's title and on the lens.

import { BRIDGE_PROVIDER } from '../../protocol/bridge.ts';
import type { Translate } from '../translate.ts';

/** Servers on the user's own machine. */
const LOCAL = /^(?:ollama|llamacpp|vllm|lmstudio)\//;

/** In few words; empty where the settings leave it to sigil.yaml and to what `sigil models setup` has set up. */
export function proposerBrief(model: string, budgetUsd: number | null, t: Translate): string {
  if (model === '') return '';
  if (model === 'builtin') return t('built-in mutators');
  return budgetUsd === null ? model : t('{0}, at most ${1} a run', model, budgetUsd);
}

/** The same as sentences. */
export function proposerSentence(model: string, budgetUsd: number | null, t: Translate): string {
  if (model === '') return t('Proposals come from the model that sigil.yaml or “sigil models setup” names, else from the built-in mutators, which cost nothing.');
  if (model === 'builtin') return t('The built-in mutators propose: they need no key and cost nothing.');
  const asks = model.startsWith('agent/') ? t('{0} proposes: a program that gets the network and its own login or key.', model) : t('{0} is asked.', model);
  const names = model.split(',').map((m) => m.trim());
  if (names.every((m) => m.startsWith(`${BRIDGE_PROVIDER}/`))) return `${asks} ${t('Your subscription pays.')}`;
  if (names.every((m) => LOCAL.test(m))) return `${asks} ${t('It runs on a server of your own and costs $0.')}`;
  return `${asks} ${budgetUsd === null ? t('That costs money, and no limit is set here: sigil.run.budgetUsd sets one, unless sigil.yaml does.') : t('A run spends at most ${0}.', budgetUsd)}`;
}
