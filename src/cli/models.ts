// The proposer that `--model` names: the built-in mutators, or models behind endpoints.

import { existsSync, readFileSync } from 'node:fs';
import { UserError } from '../core/errors.ts';
import { estimateWords, rangeText, runCost } from '../core/run-estimate.ts';
import type { ModelPrice, Spec } from '../core/spec.ts';
import type { RunModel } from '../core/events.ts';
import { wishText, type ModelWish } from '../core/model-wish.ts';
import { BRIDGE, BridgeClient } from '../adapters/models/bridge.ts';
import { isCallFailed, type CallFailed, type ModelClient } from '../adapters/models/client.ts';
import { isAgent } from '../adapters/agents/choose.ts';
import type { Member } from '../adapters/models/ensemble.ts';
import { PRICES_OF, parsePrices, priceOf, type Price } from '../adapters/models/prices.ts';
import { ModelProposer } from '../adapters/models/proposer.ts';
import { endpointOf, keyOf, type Endpoint } from '../adapters/models/providers.ts';
import { Gate } from '../adapters/models/gate.ts';
import type { Purse } from '../adapters/models/purse.ts';
import { PatientClient, RETRY } from '../adapters/models/retry.ts';
import type { Containment, SandboxWish } from '../adapters/sandbox/level.ts';

export const BUILTIN = 'builtin';

/** A model of a run, with where it is reached. */
export interface ChosenModel extends ModelWish {
  readonly endpoint: Endpoint;
}

/**
 * What is wanted by `--model` and `--base-url` or by sigil.yaml, checked: an unknown provider, a bad URL and a missing key are refused here.
 * None for the built-in mutators.
 * @param baseUrl where all of them are reached; null: each at its own of `addresses`, else its provider's
 */
export function chooseModels(root: string, wishes: readonly ModelWish[], baseUrl: string | null, addresses: Readonly<Record<string, string>> = {}): readonly ChosenModel[] {
  const models = wishes.filter((w) => w.name !== BUILTIN);
  if (models.length === 0) {
    if (baseUrl !== null) throw new UserError('--base-url was given without a model', 'Name one too, for example --model openai/NAME.', 2);
    return [];
  }
  if (models.length < wishes.length) throw new UserError('the built-in mutators do not share a run with models', 'Leave "builtin" out.', 2);
  const twice = models.find((w, i) => models.findIndex((o) => o.name === w.name) < i);
  if (twice !== undefined) throw new UserError(`--model ${twice.name} was given twice`, `Give it once, with the weight that it is to have: --model ${twice.name}=2.`, 2);
  const providers = new Set(models.map((w) => w.name.split('/')[0] ?? ''));
  if (baseUrl !== null && providers.size > 1)
    throw new UserError(`--base-url was given for models of ${[...providers].join(' and ')}`, `It holds for the models of one provider. Set ${[...providers].map((p) => `${p.toUpperCase()}_BASE_URL`).join(' or ')} in the environment instead.`, 2);
  return models.map((w) => ({ ...w, endpoint: endpointOf(w.name, baseUrl ?? addresses[w.name] ?? null, root) }));
}

interface StartedWith {
  readonly model: string;
  readonly baseUrl?: string;
  readonly models?: readonly RunModel[];
}

/** The models and agents that a run's first event names. */
export function namedIn(started: StartedWith): readonly RunModel[] {
  return started.models ?? (started.model === BUILTIN ? [] : [{ name: started.model, weight: 1, ...(started.baseUrl === undefined ? {} : { baseUrl: started.baseUrl }) }]);
}

/** The models of a run that goes on. A key is sent where the user of this shell says, and not where a file of the project does. */
export function resumedModels(root: string, started: StartedWith, baseUrl: string | undefined): readonly ChosenModel[] {
  const models = namedIn(started).filter((m) => !isAgent(m.name));
  if (baseUrl !== undefined) return chooseModels(root, models.map(wishIn), baseUrl);
  return models.map((m) => ({ ...wishIn(m), endpoint: resumedEndpoint(root, m) }));
}

function wishIn({ name, weight, temperature, effort }: RunModel): ModelWish {
  return { name, weight, ...(temperature === undefined ? {} : { temperature }), ...(effort === undefined ? {} : { effort }) };
}

function resumedEndpoint(root: string, { name, baseUrl }: RunModel): Endpoint {
  if (baseUrl === undefined) return endpointOf(name, null, root);
  const journaled = endpointOf(name, baseUrl, root);
  if (!journaled.local && journaled.key !== null && endpointOf(name, null, root).baseUrl !== journaled.baseUrl)
    throw new UserError(`the run used ${name} at ${journaled.baseUrl}, which is not its provider's own address`, `To send ${journaled.keyVariable ?? 'the key'} there: --base-url ${journaled.baseUrl}.`, 2);
  return journaled;
}

/** The models and agents as the run's first event holds them. */
export function startedModels(models: readonly ChosenModel[], agents: readonly ModelWish[] = []): StartedWith {
  const all: readonly RunModel[] = [...agents, ...models.map(({ endpoint, ...wish }) => ({ ...wish, baseUrl: endpoint.baseUrl }))];
  const [first, second] = all;
  if (first === undefined) return { model: BUILTIN };
  return { model: wishText(all), ...(second === undefined && first.baseUrl !== undefined ? { baseUrl: first.baseUrl } : {}), models: all };
}

/** The prices of `--prices FILE`; undefined without one. */
export function pricesFrom(file: string | undefined): Readonly<Record<string, ModelPrice>> | undefined {
  if (file === undefined) return undefined;
  if (!existsSync(file)) throw new UserError(`--prices ${file}: there is no such file`, 'Check the path.', 2);
  return parsePrices(readFileSync(file, 'utf8'), file);
}

/** A spec as a run with these models has it: a cap needs a price of each, and a key that stands in `.env` is hidden from evaluations. */
export function specForModels(spec: Spec, models: readonly ChosenModel[], usdPerDay: number | null = null, root?: string): Spec {
  const hidden = new Set(spec.scope.hidden);
  for (const { endpoint } of models) {
    const cap = spec.budget.usd !== null ? `a budget of $${spec.budget.usd}` : usdPerDay !== null ? `the cap of $${usdPerDay} a day` : null;
    if (cap !== null && !priceOf(endpoint, spec.prices ?? {}).known && !endpoint.tellsCost)
      throw new UserError(`no price is known for ${endpoint.model}, so ${cap} cannot be kept`, `Give one: --prices FILE with {"${endpoint.model}": {"input": 3, "output": 15}}, USD per million tokens.`, 2);
    // Also where the environment has it too, and wins.
    const file = endpoint.keyFile ?? (root === undefined || endpoint.keyVariable === null ? null : keyOf(endpoint.keyVariable, root, {}).file);
    if (file !== null) hidden.add(file);
  }
  return hidden.size === spec.scope.hidden.length ? spec : { ...spec, scope: { ...spec.scope, hidden: [...hidden] } };
}

/** Throws where nothing confines what a model writes and the user has not said that this is well. A run that goes on was agreed to when it began. */
export function assertAgreed(wish: SandboxWish, containment: Containment): void {
  if (wish === 'none' || containment.level === 'bubblewrap') return;
  throw new UserError(`a model writes code here that nobody has read, and nothing confines it. ${containment.note ?? ''}`, 'To run it unconfined all the same: --sandbox none.', 2);
}

/** What calls cost, in words. */
function priceWords(endpoint: Endpoint, price: Price, evaluations: number): string {
  if (!price.known) return endpoint.tellsCost ? `${endpoint.model}: its provider tells what each call costs` : `${endpoint.model}: no price is known, so its cost is not counted (--prices FILE gives one)`;
  if (price.from === 'subscription') return `${endpoint.model} is asked through VS Code: your subscription there pays, and it is counted as $0`;
  if (price.from === 'local') return `${endpoint.model} runs on this machine: its calls cost $0`;
  const { input, output } = price.price;
  return `${endpoint.model}: $${input} in, $${output} out per million tokens (${price.from === 'user' ? 'your price' : `list price of ${PRICES_OF}`}); ${estimateWords(price.price, evaluations)}`;
}

/** A model that can be called. */
export interface ConnectedModel extends ChosenModel {
  readonly client: ModelClient;
}

/**
 * Sees that someone answers at each address and takes the key, before anything is measured or written. One that refuses is an error; one that
 * is only not there is left to the run, as long as another answers.
 * @param calls in flight at a time, of each provider
 * @param say told when a call waits, and of what is not there
 * @param bridge the run's bridge file, once the run has a folder
 * @throws UserError when nothing answers or a key is refused
 */
export async function connect(models: readonly ChosenModel[], calls: number, signal: AbortSignal, say: (text: string) => void, bridge: () => string | null): Promise<readonly ConnectedModel[]> {
  if (models.length === 0) return [];
  const { clientFor } = await import('../adapters/models/sdk.ts');
  const checks = new Map<string, Promise<CallFailed | null>>();
  const gates = new Map<string, Gate>();
  const connected = models.map((m) => {
    const at = addressOf(m.endpoint);
    const gate = gates.get(at) ?? new Gate(m.endpoint.provider, calls, { say });
    gates.set(at, gate);
    const refused = (parameter: string): void => { say(`${m.name} takes no ${parameter}: it is asked without.`); };
    const client = m.endpoint.api === 'bridge' ? new BridgeClient(m.endpoint, { file: bridge, say, ...BRIDGE }) : clientFor(m.endpoint, undefined, { refused });
    return { ...m, client: new PatientClient(client, gate, { ...RETRY, onWait: say }) };
  });
  for (const { endpoint, client } of connected) {
    const at = addressOf(endpoint);
    if (!checks.has(at)) {
      checks.set(at, client.check(signal).then(() => null, (e: unknown) => {
        if (isCallFailed(e)) return e;
        throw e;
      }));
    }
  }
  const failures = (await Promise.all(checks.values())).filter((f) => f !== null);
  const first = failures.find((f) => f.kind === 'fatal') ?? failures[0];
  if (first !== undefined && (first.kind === 'fatal' || failures.length === checks.size)) throw new UserError(first.message, first.remedy);
  for (const f of failures) say(`${f.message}. Going on without it for now.`);
  return connected;
}

/** One provider as the user reaches it. */
function addressOf({ provider, baseUrl, key }: Endpoint): string {
  return JSON.stringify([provider, baseUrl, key]);
}

/**
 * The models of a run as they propose, and what the calls of each cost, in words.
 * @param calls the run's folder of calls
 * @param share how many of the evaluations to come are of a member with this weight
 */
export function modelMembers(models: readonly ConnectedModel[], spec: Spec, calls: string, purse: Purse, share: (weight: number) => number): { readonly members: readonly Member[]; readonly words: readonly string[] } {
  const priced = models.map((m) => ({ ...m, price: priceOf(m.endpoint, spec.prices ?? {}) }));
  return {
    members: priced.map(({ client, price, ...asking }) => ({ name: asking.name, weight: asking.weight, proposer: new ModelProposer({ model: asking.name, client, price, spec, calls, purse, asking }) })),
    words: costLines(models, spec, share).lines,
  };
}

/** What the models of a run may cost: a line each, and together, and at most by estimate (USD; null where a price is not known). */
export function costLines(models: readonly ChosenModel[], spec: Spec, share: (weight: number) => number): { readonly lines: readonly string[]; readonly most: number | null } {
  const cap = spec.budget.usd === null ? '' : `, capped at $${spec.budget.usd}`;
  const told = models.map(({ endpoint, weight }) => {
    const price = priceOf(endpoint, spec.prices ?? {});
    const paid = price.known && (price.from === 'user' || price.from === 'table');
    return { known: price.known, line: priceWords(endpoint, price, share(weight)), range: paid ? runCost(price.price, share(weight)) : null };
  });
  const ranges = told.flatMap((t) => t.range ?? []);
  const sum = { low: ranges.reduce((n, r) => n + r.low, 0), high: ranges.reduce((n, r) => n + r.high, 0) };
  const lines = ranges.length < 2 ? told.map((t) => (t.range === null ? t.line : `${t.line}${cap}${cap !== '' && models.length > 1 ? ' for all' : ''}`)) : [...told.map((t) => t.line), `Together: ${rangeText(sum)}${cap}`];
  return { lines, most: told.every((t) => t.known) ? sum.high : null };
}
