// Which models a run asks: what its arguments say, else sigil.yaml, else what the user has set up, else none.

import { homedir } from 'node:os';
import { UserError } from '../core/errors.ts';
import { wishOf, type Asking, type ModelWish } from '../core/model-wish.ts';
import { readUserConfig, userConfigPath, type UserConfig } from '../adapters/user-config.ts';
import { chooseAgents, type ChosenAgent } from './agents.ts';
import { BUILTIN, chooseModels, type ChosenModel } from './models.ts';

export interface WantedModels {
  /** None, or `builtin` alone: the built-in mutators. */
  readonly wishes: readonly ModelWish[];
  /** Of the command line: for all of them. */
  readonly baseUrl: string | null;
  /** The user's own address of a model: another is asked at its provider's own. */
  readonly addresses: Readonly<Record<string, string>>;
  /** Who named them. */
  readonly from: 'command' | 'spec' | 'user' | 'nobody';
}

/** `--temperature` and `--effort` hold for all models of the run, whoever named them. */
export function wantedModels(given: { readonly model: readonly string[]; readonly baseUrl?: string } & Asking, spec: readonly ModelWish[] | undefined, config: UserConfig = readUserConfig()): WantedModels {
  const more = { baseUrl: given.baseUrl ?? null, addresses: config.model === null || config.baseUrl === null ? {} : { [config.model]: config.baseUrl } };
  const asked = (wishes: readonly ModelWish[]): readonly ModelWish[] => wishes.map((w) => ({ ...w, ...(given.temperature === undefined ? {} : { temperature: given.temperature }), ...(given.effort === undefined ? {} : { effort: given.effort }) }));
  if (given.model.length > 0) return { wishes: asked(given.model.map(wishOf)), from: 'command', ...more };
  if (spec !== undefined) return { wishes: asked(spec), from: 'spec', ...more };
  if (config.model !== null && config.model !== BUILTIN) return { wishes: asked([{ name: config.model, weight: 1 }]), from: 'user', ...more };
  return { wishes: [], from: 'nobody', ...more };
}

/** The wanted models and agents, checked. Where the command line names none, the remedy of what is wrong with them is also to run without. */
export function whoIsAsked(root: string, { wishes, baseUrl, addresses, from }: WantedModels): { readonly models: readonly ChosenModel[]; readonly agents: readonly ChosenAgent[] } {
  try {
    const { agents, others } = chooseAgents(root, wishes, baseUrl, from !== 'command');
    return { agents, models: chooseModels(root, others, baseUrl, addresses) };
  } catch (e) {
    if (!(e instanceof UserError) || (from !== 'spec' && from !== 'user')) throw e;
    throw new UserError(`${e.message} (${whose(from)} names it)`, `${e.remedy} Or run without: --model builtin.`, e.exitCode);
  }
}

function whose(from: 'spec' | 'user'): string {
  return from === 'spec' ? 'sigil.yaml' : tidy(userConfigPath());
}

/** Where models that nobody named on the command line come from. */
export function defaultWords(models: string, from: 'spec' | 'user'): string {
  return `Asking ${models}, as ${whose(from)} says; --model builtin runs without.`;
}

/** A path as people write it. */
export function tidy(path: string): string {
  return path.startsWith(`${homedir()}/`) ? `~${path.slice(homedir().length)}` : path;
}
