// What an agent printed, read: what it said last, what it cost, and whether it failed for a reason that will stay.

import { costOf, type Price } from '../models/prices.ts';
import type { OutputForm } from './agent.ts';

export interface Tokens {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
}

const NO_TOKENS: Tokens = { input: 0, cached: 0, output: 0 };

export interface Told {
  /** USD; null when it did not tell. */
  readonly usd: number | null;
  /** What it told as its cost and what is none, as it stood there. */
  readonly odd?: string;
  /** Those of its prompts, with those from the provider's cache, and of its answers; zero when it did not tell. */
  readonly tokens: Tokens;
  /** Its last words to the user. */
  readonly text: string;
  /** Why it did not do its work, in its own words; null when it says that it did. */
  readonly failure: string | null;
  /** `fatal`: it will fail again. `limit`: it stopped at a limit of its own, in the middle of its work. */
  readonly kind: 'fatal' | 'limit' | 'other';
}

/** Words of a failure that another try does not mend. */
const FATAL = /not logged in|run \/login|codex login|invalid (?:api|x-api) key|authentication[_ ]error|unauthori[sz]ed|\b401\b|\b403\b|credit balance|insufficient[_ ]quota|billing|usage limit|issue with the selected model|model[_ ]not[_ ]found|does not exist or you do not have access|permission[_ ]error/i;

const kindOf = (failure: string): Told['kind'] => (FATAL.test(failure) ? 'fatal' : 'other');
const text = (value: unknown): string => (typeof value === 'string' ? value.trim() : '');
const amount = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null);

/** No run of some minutes costs more, in USD: whoever tells more counts wrongly, and would have the day's budget spent. */
const MOST_USD = 1000;

/** A cost in USD as it was told: what is no amount, or an absurd one, is taken for not told. */
function costIn(value: unknown): Pick<Told, 'usd' | 'odd'> {
  if (value === undefined || value === null) return { usd: null };
  const usd = amount(typeof value === 'string' && value.trim() !== '' ? Number(value) : value);
  return usd !== null && usd <= MOST_USD ? { usd } : { usd: null, odd: JSON.stringify(value).slice(0, 40) };
}

type Json = Readonly<Record<string, unknown>>;

/** The JSON objects of an output: the one document that it is, or those of its lines. */
export function objectsIn(output: string): readonly Json[] {
  const read = (t: string): Json | null => {
    try {
      const value: unknown = JSON.parse(t);
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
    } catch {
      return null;
    }
  };
  const whole = read(output);
  return whole !== null ? [whole] : output.split('\n').map((line) => (line.trimStart().startsWith('{') ? read(line) : null)).filter((o) => o !== null);
}

/** Reads an output in its form; null when it holds nothing of it. */
export function readOutput(form: OutputForm, output: string, price: Price): Told | null {
  const objects = objectsIn(output);
  switch (form.form) {
    case 'claude': return claude(objects);
    case 'codex': return codex(objects, price);
    case 'paths': return paths(objects, form, output);
  }
}

function claude(objects: readonly Json[]): Told | null {
  const result = objects.findLast((o) => o['type'] === 'result');
  if (result === undefined) return null;
  const cost = costIn(result['total_cost_usd']);
  const [said, subtype] = [text(result['result']), text(result['subtype'])];
  const u = (typeof result['usage'] === 'object' && result['usage'] !== null ? result['usage'] : {}) as Json;
  const n = (key: string): number => amount(u[key]) ?? 0;
  const tokens = { input: n('input_tokens') + n('cache_creation_input_tokens') + n('cache_read_input_tokens'), cached: n('cache_read_input_tokens'), output: n('output_tokens') };
  const errors = Array.isArray(result['errors']) ? result['errors'].map(text).filter((t) => t !== '').join('; ') : '';
  if (subtype === 'error_max_budget_usd' || subtype === 'error_max_turns') return { ...cost, tokens, text: said, failure: errors || (subtype === 'error_max_turns' ? 'it reached its limit of turns' : 'it reached its limit of money'), kind: 'limit' };
  if (result['is_error'] !== true && subtype === 'success') return { ...cost, tokens, text: said, failure: null, kind: 'other' };
  const status = result['api_error_status'];
  const failure = said || errors || subtype || 'it failed without a word';
  return { ...cost, tokens, text: '', failure, kind: status === 401 || status === 403 ? 'fatal' : kindOf(failure) };
}

function codex(objects: readonly Json[], price: Price): Told | null {
  const turns = objects.filter((o) => o['type'] === 'turn.completed');
  const failed = objects.findLast((o) => o['type'] === 'turn.failed');
  const error = objects.findLast((o) => o['type'] === 'error');
  if (turns.length === 0 && failed === undefined && error === undefined) return null;
  const messages = objects.flatMap((o) => {
    const item = o['item'] as Json | undefined;
    return o['type'] === 'item.completed' && item?.['type'] === 'agent_message' ? [text(item['text'])] : [];
  });
  const sum = (key: string): number => turns.reduce((all, t) => all + (amount(((t['usage'] ?? {}) as Json)[key]) ?? 0), 0);
  // Those from the cache and into it are among the input tokens; those of its thinking are among the output tokens.
  const [input, cacheRead, cacheWrite, output] = [sum('input_tokens'), sum('cached_input_tokens'), sum('cache_write_input_tokens'), sum('output_tokens')];
  const tokens = { input, cached: cacheRead, output };
  const cost = turns.length === 0 || !price.known ? costIn(null) : costIn(costOf(price.price, { input: Math.max(0, input - cacheRead - cacheWrite), cacheRead, cacheWrite, output }));
  if (failed === undefined && turns.length > 0) return { ...cost, tokens, text: messages.at(-1) ?? '', failure: null, kind: 'other' };
  const failure = text((failed?.['error'] as Json | undefined)?.['message']) || text(error?.['message']) || 'it failed without a word';
  return { ...cost, tokens, text: '', failure, kind: kindOf(failure) };
}

function at(object: Json, path: string): unknown {
  let value: unknown = object;
  for (const key of path.split('.')) value = typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Json)[key] : undefined;
  return value;
}

function paths(objects: readonly Json[], form: Extract<OutputForm, { form: 'paths' }>, output: string): Told {
  const last = (path: string | null): unknown => (path === null ? undefined : objects.map((o) => at(o, path)).findLast((v) => v !== undefined));
  return { ...costIn(last(form.cost)), tokens: NO_TOKENS, text: form.summary === null ? output.trim().slice(-2000) : text(last(form.summary)), failure: null, kind: 'other' };
}

/** Why a program that failed without a word of its own form failed, of what it printed. */
export function failureOf(printed: string): { readonly failure: string; readonly fatal: boolean } {
  const failure = printed.split('\n').map((l) => l.trim()).filter((l) => l !== '').slice(-3).join(' ').slice(-300);
  return { failure, fatal: FATAL.test(failure) };
}
