// What `sigil models`, `models list` and `models test` say, and how it is told in the picker.

import type { Translate } from '../translate.ts';

export interface ProviderAnswer {
  readonly provider: string;
  readonly url: string;
  /** Null where no key is asked for. */
  readonly keyVariable: string | null;
  readonly keyFrom: 'environment' | '.env' | null;
}

export interface ProvidersAnswer {
  readonly providers: readonly ProviderAnswer[];
}

export interface ModelAnswer {
  /** `provider/name`. */
  readonly model: string;
  readonly name: string;
  readonly title?: string;
  readonly context?: number;
  /** USD per million tokens. */
  readonly price?: { readonly input: number; readonly output: number };
}

export interface ListAnswer {
  readonly models: readonly ModelAnswer[];
}

export interface TestAnswer {
  readonly answer: string;
  readonly stop: 'end' | 'length' | 'refusal';
  readonly seconds: number;
  /** Null where no price is known. */
  readonly usd: number | null;
}

/** How people write the providers' names. */
const TITLES: Readonly<Record<string, string>> = {
  anthropic: 'Anthropic', openai: 'OpenAI', gemini: 'Google Gemini', deepseek: 'DeepSeek', fireworks: 'Fireworks AI', openrouter: 'OpenRouter', mistral: 'Mistral AI', groq: 'Groq',
  ollama: 'Ollama', llamacpp: 'llama.cpp', vllm: 'vLLM', lmstudio: 'LM Studio',
};

export function titleOf(provider: string): string {
  return TITLES[provider] ?? provider;
}

/** Where a provider's key is, or what it needs. */
export function keyText(p: ProviderAnswer, stored: boolean, t: Translate): string {
  if (p.keyVariable === null) return t('on this machine, no key needed');
  if (stored) return t('key stored in VS Code');
  if (p.keyFrom === null) return t('needs a key');
  return p.keyFrom === '.env' ? t('key: {0} from .env', p.keyVariable) : t('key: {0} from the environment', p.keyVariable);
}

export function modelText(m: ModelAnswer, t: Translate): string {
  return [
    ...(m.title === undefined ? [] : [m.title]),
    ...(m.price === undefined || m.price.input + m.price.output === 0 ? [] : [t('${0} in, ${1} out per million tokens', m.price.input, m.price.output)]),
    ...(m.context === undefined ? [] : [t('{0} tokens of context', m.context)]),
  ].join(' · ');
}

/** What a test call has shown. */
export function testText(a: TestAnswer, t: Translate): string {
  const seconds = a.seconds.toFixed(1);
  if (a.usd === null) return t('answered in {0} s; no price is known for it', seconds);
  return a.usd === 0 ? t('answered in {0} s; it costs $0', seconds) : t('answered in {0} s for ${1}', seconds, a.usd < 0.0001 ? a.usd.toExponential(0) : a.usd.toFixed(4));
}
