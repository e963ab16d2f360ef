// The known providers: only URL, key variable and quirks. Which endpoint a `provider/name` means, and with which key.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { UserError } from '../../core/errors.ts';
import { BRIDGE_PROVIDER } from '../../protocol/bridge.ts';
import { closest } from '../text.ts';

/** The language of an endpoint: Chat Completions, OpenAI's Responses, Anthropic's Messages, or the bridge to VS Code's language models. */
export type Api = 'chat' | 'responses' | 'anthropic' | 'bridge';

export interface Preset {
  readonly api: Api;
  readonly url: string;
  /** The variable that holds the key; null for servers that ask for none. */
  readonly key: string | null;
  /** Says what a call cost when asked to. */
  readonly tellsCost?: true;
}

const PRESETS: Readonly<Record<string, Preset>> = {
  anthropic: { api: 'anthropic', url: 'https://api.anthropic.com', key: 'ANTHROPIC_API_KEY' },
  openai: { api: 'responses', url: 'https://api.openai.com/v1', key: 'OPENAI_API_KEY' },
  gemini: { api: 'chat', url: 'https://generativelanguage.googleapis.com/v1beta/openai', key: 'GEMINI_API_KEY' },
  deepseek: { api: 'chat', url: 'https://api.deepseek.com/v1', key: 'DEEPSEEK_API_KEY' },
  fireworks: { api: 'chat', url: 'https://api.fireworks.ai/inference/v1', key: 'FIREWORKS_API_KEY' },
  openrouter: { api: 'chat', url: 'https://openrouter.ai/api/v1', key: 'OPENROUTER_API_KEY', tellsCost: true },
  mistral: { api: 'chat', url: 'https://api.mistral.ai/v1', key: 'MISTRAL_API_KEY' },
  groq: { api: 'chat', url: 'https://api.groq.com/openai/v1', key: 'GROQ_API_KEY' },
  ollama: { api: 'chat', url: 'http://127.0.0.1:11434/v1', key: null },
  llamacpp: { api: 'chat', url: 'http://127.0.0.1:8080/v1', key: null },
  vllm: { api: 'chat', url: 'http://127.0.0.1:8000/v1', key: null },
  lmstudio: { api: 'chat', url: 'http://127.0.0.1:1234/v1', key: null },
};

export const PROVIDERS: readonly string[] = Object.keys(PRESETS);

/** Of VS Code's language models: their window says where it is, to each run anew. Its journal has this. */
const IN_VSCODE = 'http://127.0.0.1';

/** What is known of a provider before a model of it is chosen; null for a word that is none. */
export function presetOf(provider: string): Preset | null {
  return (Object.hasOwn(PRESETS, provider) ? PRESETS[provider] : undefined) ?? null;
}

/** Where the key of a provider is found now: a variable of the environment, the project's `.env`, or nowhere. */
export function keySource(provider: string, root: string, env: Environment = process.env): 'environment' | '.env' | null {
  const variable = presetOf(provider)?.key ?? null;
  const found = variable === null ? NO_KEY : keyOf(variable, root, env);
  return found.key === null ? null : found.file === null ? 'environment' : '.env';
}

/** Where a model is reached. The key is held by no journal and no log. */
export interface Endpoint {
  /** `provider/name`, as the user wrote it. */
  readonly model: string;
  readonly provider: string;
  /** The provider's own name of the model. */
  readonly name: string;
  readonly api: Api;
  readonly baseUrl: string;
  readonly key: string | null;
  /** The project's file that the key stands in; null when it came from the environment, or there is none. */
  readonly keyFile: string | null;
  /** The variable that the key is looked for in. */
  readonly keyVariable: string | null;
  /** On this machine: it costs nothing, unless a price is given. */
  readonly local: boolean;
  readonly tellsCost: boolean;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The endpoint of `provider/name`. The key comes from the environment, else from the project's `.env`.
 * @param baseUrl the user's own URL, or null for that of the environment (`OPENAI_BASE_URL`, …), else the provider's
 * @throws UserError for an unknown provider, a bad URL, or a missing key
 */
export function endpointOf(model: string, baseUrl: string | null, root: string, env: Environment = process.env): Endpoint {
  const slash = model.indexOf('/');
  const provider = slash < 0 ? model : model.slice(0, slash);
  if (provider === BRIDGE_PROVIDER) return bridged(model, slash, baseUrl);
  const preset = Object.hasOwn(PRESETS, provider) ? PRESETS[provider] : undefined;
  if (preset === undefined) throw new UserError(`${model}: there is no provider "${provider}"`, `${closest(provider, [...PROVIDERS, BRIDGE_PROVIDER, 'builtin'], 'provider')} Any OpenAI-compatible server: --model openai/NAME --base-url URL.`, 2);
  const name = slash < 0 ? '' : model.slice(slash + 1);
  if (name === '') throw new UserError(`${model}: the name of the model is missing`, `Write it as ${provider}/NAME, with the name that ${provider} gives it.`, 2);
  const variable = `${provider.toUpperCase()}_BASE_URL`;
  const set = env[variable]?.trim();
  const url = checkedUrl(baseUrl ?? (set === undefined || set === '' ? preset.url : set));
  const local = isLoopback(url);
  const { key, file } = preset.key === null ? NO_KEY : keyOf(preset.key, root, env);
  if (key === null && preset.key !== null && !local) {
    throw new UserError(`${model}: there is no key: ${preset.key} is not set`, `Set it in the environment (export ${preset.key}=…) or in the project's .env. A server on this machine needs none: --base-url http://127.0.0.1:PORT/v1.`, 2);
  }
  if (key !== null && !local && url.startsWith('http:'))
    throw new UserError(`${provider}: a key would go to ${url} in the clear`, `Use https, or a tunnel to a port of this machine. A server that wants no key is asked without: --model vllm/${name === '*' ? 'NAME' : name} --base-url ${url}.`, 2);
  const own = url !== preset.url;
  return {
    // Servers that speak OpenAI's language speak the older one.
    model, provider, name, api: own && preset.api === 'responses' ? 'chat' : preset.api, baseUrl: url, key, keyFile: file, keyVariable: preset.key, local,
    tellsCost: preset.tellsCost === true && !own,
  };
}

/** `vscode/vendor/id`, or an id or a family of VS Code's models. */
function bridged(model: string, slash: number, baseUrl: string | null): Endpoint {
  const name = slash < 0 ? '' : model.slice(slash + 1);
  if (name === '') throw new UserError(`${model}: the name of the model is missing`, 'Choose one in VS Code: "Sigil: Set up a Model…".', 2);
  if (baseUrl !== null && baseUrl !== IN_VSCODE) throw new UserError(`--base-url was given with ${model}, which is asked through VS Code`, 'Leave it out.', 2);
  return { model, provider: BRIDGE_PROVIDER, name, api: 'bridge', baseUrl: IN_VSCODE, key: null, keyFile: null, keyVariable: null, local: false, tellsCost: false };
}

function checkedUrl(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new UserError(`--base-url ${text}: it is not a URL`, 'For example --base-url http://127.0.0.1:8080/v1.', 2);
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new UserError(`--base-url ${text}: it is no http or https URL`, 'For example --base-url http://127.0.0.1:8080/v1.', 2);
  // The URL goes into the journal, and a key may not.
  if (url.username !== '' || url.password !== '' || url.search !== '') throw new UserError('--base-url: it holds a password or a query, and would be written into the journal', 'Give the URL without it, and the key in the environment.', 2);
  return text.replace(/\/+$/, '');
}

function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

const NO_KEY = { key: null, file: null };

/** The environment wins; `.env` is read for this variable only and set nowhere, so that no child process inherits it. */
export function keyOf(variable: string, root: string, env: Environment): { readonly key: string | null; readonly file: string | null } {
  const set = env[variable]?.trim();
  if (set !== undefined && set !== '') return { key: set, file: null };
  const file = join(root, '.env');
  if (!existsSync(file)) return NO_KEY;
  const value = parseEnv(readFileSync(file, 'utf8'))[variable]?.trim();
  return value === undefined || value === '' ? NO_KEY : { key: value, file: '.env' };
}
