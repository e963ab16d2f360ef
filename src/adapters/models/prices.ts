// What calls cost: from the shipped table, or from what the user says.

import { UserError } from '../../core/errors.ts';
import { BRIDGE_PROVIDER } from '../../protocol/bridge.ts';
import type { ModelPrice } from '../../core/spec.ts';
import type { Answer, Usage } from './client.ts';
import type { Endpoint } from './providers.ts';
import table from './prices.json' with { type: 'json' };

/** When the shipped prices were looked up. */
export const PRICES_OF: string = table.date;

export type Price =
  | { readonly known: true; readonly price: ModelPrice; readonly from: 'table' | 'user' }
  /** A server on this machine. */
  | { readonly known: true; readonly price: ModelPrice; readonly from: 'local' }
  /** A language model of VS Code: the user's subscription there pays. */
  | { readonly known: true; readonly price: ModelPrice; readonly from: 'subscription' }
  | { readonly known: false };

const FREE: ModelPrice = { input: 0, output: 0 };

/** What a model costs: the user's word first, then nothing where it runs on this machine, then the table. A date at the name's end may be left out of it. */
export function priceOf(endpoint: Pick<Endpoint, 'model' | 'provider' | 'name' | 'local'>, own: Readonly<Record<string, ModelPrice>>): Price {
  const said = Object.hasOwn(own, endpoint.model) ? own[endpoint.model] : undefined;
  if (said !== undefined) return { known: true, price: said, from: 'user' };
  if (endpoint.provider === BRIDGE_PROVIDER) return { known: true, price: FREE, from: 'subscription' };
  if (endpoint.local) return { known: true, price: FREE, from: 'local' };
  const models: Readonly<Record<string, ModelPrice>> = table.models;
  const undated = endpoint.model.replace(/-(?:\d{8}|\d{4}-\d{2}-\d{2}|latest)$/, '');
  for (const name of [endpoint.model, undated]) if (Object.hasOwn(models, name)) return { known: true, price: models[name] as ModelPrice, from: 'table' };
  return { known: false };
}

/** USD of some tokens. */
export function costOf(price: ModelPrice, u: Usage): number {
  if (u.usd !== undefined) return u.usd;
  return (u.input * price.input + u.cacheRead * (price.cacheRead ?? price.input) + u.cacheWrite * (price.cacheWrite ?? price.input) + u.output * price.output) / 1e6;
}

/** USD of an answer, with the tries of it that broke off; 0 where no price is known and the provider tells none. */
export function costOfAnswer(price: Price, answer: Answer): number {
  const each = price.known ? price.price : FREE;
  return [answer.usage, ...(answer.lost ?? [])].reduce((sum, u) => sum + costOf(each, u), 0);
}

/** A file of prices: `{"provider/name": {"input": 3, "output": 15}}`, USD per million tokens. */
export function parsePrices(text: string, file: string): Record<string, ModelPrice> {
  const wrong = (what: string): UserError => new UserError(`--prices ${file}: ${what}`, 'It is JSON such as {"openai/my-model": {"input": 3, "output": 15}}: USD per million tokens; cacheRead and cacheWrite may be given too.', 2);
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch (e) {
    throw wrong((e as Error).message);
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read)) throw wrong('it is no object');
  const out: Record<string, ModelPrice> = {};
  for (const [model, value] of Object.entries(read)) {
    const p = (typeof value === 'object' && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
    for (const key of ['input', 'output', 'cacheRead', 'cacheWrite']) {
      const n = p[key];
      if (n === undefined && key.startsWith('cache')) continue;
      if (typeof n !== 'number' || !(n >= 0) || !Number.isFinite(n)) throw wrong(`the "${key}" of "${model}" is no price`);
    }
    out[model] = { input: p['input'] as number, output: p['output'] as number, ...(p['cacheRead'] === undefined ? {} : { cacheRead: p['cacheRead'] as number }), ...(p['cacheWrite'] === undefined ? {} : { cacheWrite: p['cacheWrite'] as number }) };
  }
  return out;
}
