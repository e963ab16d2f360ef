// The proposer that `--model` names: the built-in mutators, or a model behind an endpoint.

import { existsSync, readFileSync } from 'node:fs';
import { UserError } from '../core/errors.ts';
import type { ModelPrice, Spec } from '../core/spec.ts';
import { isCallFailed, type ModelClient } from '../adapters/models/client.ts';
import { PRICES_OF, parsePrices, priceOf, type Price } from '../adapters/models/prices.ts';
import { ModelProposer } from '../adapters/models/proposer.ts';
import { endpointOf, type Endpoint } from '../adapters/models/providers.ts';
import { PatientClient, RETRY } from '../adapters/models/retry.ts';
import type { Containment, SandboxWish } from '../adapters/sandbox/level.ts';
import type { Proposer } from '../engine/ports.ts';

export const BUILTIN = 'builtin';

/** What is wanted by `--model` and `--base-url`, checked: an unknown provider, a bad URL and a missing key are refused here. Null for the built-in mutators. */
export function chooseModel(root: string, model: string, baseUrl: string | null): Endpoint | null {
  if (model !== BUILTIN) return endpointOf(model, baseUrl, root);
  if (baseUrl !== null) throw new UserError('--base-url was given without a model', 'Name one too, for example --model openai/NAME.', 2);
  return null;
}

/** The model of a run that goes on. A key is sent where the user of this shell says, and not where a file of the project does. */
export function resumedModel(root: string, started: { readonly model: string; readonly baseUrl?: string }, baseUrl: string | undefined): Endpoint | null {
  const { model } = started;
  if (baseUrl !== undefined || started.baseUrl === undefined) return chooseModel(root, model, baseUrl ?? null);
  const journaled = endpointOf(model, started.baseUrl, root);
  if (!journaled.local && journaled.key !== null && endpointOf(model, null, root).baseUrl !== journaled.baseUrl)
    throw new UserError(`the run used ${model} at ${journaled.baseUrl}, which is not its provider's own address`, `To send ${journaled.keyVariable ?? 'the key'} there: --base-url ${journaled.baseUrl}.`, 2);
  return journaled;
}

/** The prices of `--prices FILE`; undefined without one. */
export function pricesFrom(file: string | undefined): Readonly<Record<string, ModelPrice>> | undefined {
  if (file === undefined) return undefined;
  if (!existsSync(file)) throw new UserError(`--prices ${file}: there is no such file`, 'Check the path.', 2);
  return parsePrices(readFileSync(file, 'utf8'), file);
}

/** A spec as a run with this model has it: a cap needs a price, and a key that stands in `.env` is hidden from evaluations. */
export function specForModel(spec: Spec, endpoint: Endpoint): Spec {
  if (spec.budget.usd !== null && !priceOf(endpoint, spec.prices ?? {}).known && !endpoint.tellsCost)
    throw new UserError(`no price is known for ${endpoint.model}, so a budget of $${spec.budget.usd} cannot be kept`, `Give one: --prices FILE with {"${endpoint.model}": {"input": 3, "output": 15}}, USD per million tokens.`, 2);
  const { hidden } = spec.scope;
  return endpoint.keyFile === null || hidden.includes(endpoint.keyFile) ? spec : { ...spec, scope: { ...spec.scope, hidden: [...hidden, endpoint.keyFile] } };
}

/** Throws where nothing confines what a model writes and the user has not said that this is well. A run that goes on was agreed to when it began. */
export function assertAgreed(wish: SandboxWish, containment: Containment): void {
  if (wish === 'none' || containment.level === 'bubblewrap') return;
  throw new UserError(`a model writes code here that nobody has read, and nothing confines it. ${containment.note ?? ''}`, 'To run it unconfined all the same: --sandbox none.', 2);
}

/** Tokens that a call may take: with few lessons and a short answer, and with many and much thinking. */
const CALL = { in: [1500, 16_000], out: [400, 8000] } as const;

/** What a run of so many solutions may cost: broad, since nobody knows how long a model thinks. */
function estimateWords(price: ModelPrice, evaluations: number): string {
  const [low, high] = ([0, 1] as const).map((i) => ((CALL.in[i] * price.input + CALL.out[i] * price.output) / 1e6) * evaluations);
  const shown = (usd = 0): string => (usd < 0.01 ? '$0.01' : `$${usd.toFixed(usd < 10 ? 2 : 0)}`);
  return `${evaluations} proposals: about ${shown(low)} to ${shown(high)}`;
}

/** What calls cost, in words. */
function priceWords(endpoint: Endpoint, price: Price, spec: Spec): string {
  if (!price.known) return endpoint.tellsCost ? `${endpoint.model}: its provider tells what each call costs` : `${endpoint.model}: no price is known, so its cost is not counted (--prices FILE gives one)`;
  if (price.from === 'local') return `${endpoint.model} runs on this machine: its calls cost $0`;
  const { input, output } = price.price;
  return `${endpoint.model}: $${input} in, $${output} out per million tokens (${price.from === 'user' ? 'your price' : `list price of ${PRICES_OF}`}); ${estimateWords(price.price, spec.budget.evaluations)}${spec.budget.usd === null ? '' : `, capped at $${spec.budget.usd}`}`;
}

/**
 * Sees that someone answers there and takes the key, before anything is measured or written.
 * @param say told when a call waits
 * @throws UserError when nothing answers or the key is refused
 */
export async function connect(endpoint: Endpoint, signal: AbortSignal, say: (text: string) => void): Promise<ModelClient> {
  const { clientFor } = await import('../adapters/models/sdk.ts');
  const client = new PatientClient(clientFor(endpoint), { ...RETRY, onWait: say });
  try {
    await client.check(signal);
  } catch (e) {
    if (isCallFailed(e)) throw new UserError(e.message, e.remedy);
    throw e;
  }
  return client;
}

/**
 * The proposer of a run, and what its calls cost, to be shown.
 * @param calls the run's folder of calls
 * @param spent USD that the run has spent before
 */
export function modelProposer(endpoint: Endpoint, client: ModelClient, spec: Spec, calls: string, spent: number): { readonly proposer: Proposer; readonly words: string } {
  const price = priceOf(endpoint, spec.prices ?? {});
  return { proposer: new ModelProposer({ model: endpoint.model, client, price, spec, calls, spent }), words: priceWords(endpoint, price, spec) };
}
