// What *Set up a model* is made of: the key of a provider, its list, a test call.

import { UserError } from '../core/errors.ts';
import { BRIDGE_PROVIDER } from '../protocol/bridge.ts';
import { isCallFailed, type Answer, type ModelRequest } from '../adapters/models/client.ts';
import { listModels, type ListedModel } from '../adapters/models/listing.ts';
import { costOfAnswer, priceOf } from '../adapters/models/prices.ts';
import { endpointOf, presetOf, PROVIDERS, type Endpoint } from '../adapters/models/providers.ts';
import { closest } from '../adapters/text.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** `provider/name` or a provider alone, checked. */
export function splitModel(text: string): { readonly provider: string; readonly name: string } {
  const slash = text.indexOf('/');
  const provider = slash < 0 ? text : text.slice(0, slash);
  if (provider === BRIDGE_PROVIDER) throw new UserError('VS Code\'s language models are asked through VS Code', 'Choose one there: "Sigil: Set up a Model…".', 2);
  if (presetOf(provider) === null) throw new UserError(`there is no provider "${provider}"`, `${closest(provider, PROVIDERS, 'provider')} Any OpenAI-compatible server: openai/NAME --base-url URL.`, 2);
  return { provider, name: slash < 0 ? '' : text.slice(slash + 1) };
}

/** A provider's endpoint when only its list is wanted. */
export function endpointOfProvider(provider: string, baseUrl: string | null, root: string, env: Environment): Endpoint {
  const endpoint = endpointOf(`${provider}/*`, baseUrl, root, env);
  return { ...endpoint, model: provider };
}

/** Where a key came from, in words; the key itself is nowhere. */
export function keyWords(endpoint: Endpoint): string {
  if (endpoint.keyVariable === null) return 'needs no key';
  if (endpoint.key === null) return `${endpoint.keyVariable} is not set, and a server on this machine mostly needs none`;
  return `key: ${endpoint.keyVariable} from ${endpoint.keyFile ?? 'the environment'}`;
}

/** Does what asks a server, and tells its failures as a user's errors. */
async function asking<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (e) {
    // A setup has no run to go on with.
    if (isCallFailed(e)) throw new UserError(e.message, e.remedy.replace(/^Go on with "sigil resume" later\.$/, 'Try again later.').replace(': go on with "sigil resume" later', ': try again later').replace(/, then go on with "sigil resume"/, ''));
    throw e;
  }
}

export function modelsOf(endpoint: Endpoint, signal: AbortSignal, all: boolean): Promise<readonly ListedModel[]> {
  return asking(() => listModels(endpoint, signal, all));
}

export interface Tested {
  readonly answer: string;
  readonly stop: Answer['stop'];
  readonly seconds: number;
  readonly usage: Answer['usage'];
  /** What it cost; null where no price is known and the provider tells none. */
  readonly usd: number | null;
}

/** Models that think use some of it before they answer. */
const TEST: ModelRequest = { system: 'You answer in one word.', messages: [{ role: 'user', text: 'Answer with the word: ready' }], maxTokens: 200 };

/** One real call. */
export function testModel(endpoint: Endpoint, signal: AbortSignal): Promise<Tested> {
  return asking(async () => {
    const { clientFor } = await import('../adapters/models/sdk.ts');
    const began = Date.now();
    const answer = await clientFor(endpoint, 60_000).complete(TEST, signal);
    const price = priceOf(endpoint, {});
    const known = price.known || answer.usage.usd !== undefined;
    return { answer: answer.text.trim().slice(0, 200), stop: answer.stop, seconds: (Date.now() - began) / 1000, usage: answer.usage, usd: known ? costOfAnswer(price, answer) : null };
  });
}

/** What a test call has shown, in a line. */
export function testWords(t: Tested): string {
  const said = t.stop === 'refusal' ? 'declined' : t.answer === '' ? (t.stop === 'length' ? 'was still thinking when its answer was cut' : 'gave an empty answer') : `answered "${t.answer.replace(/\s+/g, ' ').slice(0, 40)}"`;
  const tokens = `${t.usage.input + t.usage.cacheRead + t.usage.cacheWrite} tokens in, ${t.usage.output} out${t.usage.estimated === true ? ', by estimate' : ''}`;
  return `${said} in ${t.seconds.toFixed(1)} s; ${tokens}; ${t.usd === null ? 'no price is known' : t.usd === 0 ? '$0' : `$${t.usd < 0.0001 ? t.usd.toExponential(0) : t.usd.toFixed(4)}`}`;
}
