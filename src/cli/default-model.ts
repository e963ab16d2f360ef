// Which model a run asks: what its arguments say, else what the user has set up, else none.

import { homedir } from 'node:os';
import { readUserConfig, userConfigPath, type UserConfig } from '../adapters/user-config.ts';
import { BUILTIN } from './models.ts';

export interface WantedModel {
  /** `builtin` or `provider/name`. */
  readonly model: string;
  readonly baseUrl: string | null;
  /** Whether it is the one that was set up, and nobody named it. */
  readonly byDefault: boolean;
}

/** An address that was set up belongs to its model: another model is asked at its provider's own. */
export function wantedModel(given: { readonly model?: string; readonly baseUrl?: string }, config: UserConfig = readUserConfig()): WantedModel {
  const model = given.model ?? config.model ?? BUILTIN;
  return { model, baseUrl: given.baseUrl ?? (model === config.model && model !== BUILTIN ? config.baseUrl : null), byDefault: given.model === undefined && config.model !== null && config.model !== BUILTIN };
}

/** Where a model that nobody named comes from. */
export function defaultWords(model: string): string {
  return `Asking ${model}, as ${tidy(userConfigPath())} says; --model builtin runs without it.`;
}

/** A path as people write it. */
export function tidy(path: string): string {
  return path.startsWith(`${homedir()}/`) ? `~${path.slice(homedir().length)}` : path;
}
