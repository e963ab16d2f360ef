// The models that a provider says it has: its own list, in the form of its API.

import { CallFailed } from './client.ts';
import { failureOf } from './failures.ts';
import type { Endpoint } from './providers.ts';

export interface ListedModel {
  /** As it is asked for. */
  readonly name: string;
  /** What its provider calls it, where that is another name. */
  readonly title?: string;
  /** Tokens that it takes in. */
  readonly context?: number;
}

const PATIENCE_MS = 20_000;
/** Pages of a list that has no end. */
const MOST_PAGES = 50;
/** Of names that say that they answer no text: lists hold these among the others, and few say what each is for. */
const NO_CHAT = /embed|whisper|\btts\b|dall-e|moderation|transcribe|realtime|\bimage\b|imagen|\bveo\b|\bsora\b|\baudio\b|rerank|\bocr\b|guard\b/i;

/** What one entry of a list may say of itself: each server some of it. */
interface Entry {
  readonly id?: unknown;
  readonly name?: unknown;
  readonly display_name?: unknown;
  readonly context_length?: unknown;
  readonly context_window?: unknown;
  readonly max_context_length?: unknown;
  readonly max_input_tokens?: unknown;
  readonly capabilities?: unknown;
  readonly supports_chat?: unknown;
}

/**
 * The models of an endpoint, by name.
 * @param all also those that by what is said of them answer no text
 * @throws CallFailed
 */
export async function listModels(endpoint: Endpoint, signal: AbortSignal, all = false): Promise<readonly ListedModel[]> {
  const found = new Map<string, ListedModel>();
  let after: string | null = null;
  for (let page = 0; page < MOST_PAGES; page++) {
    const body = await fetchPage(endpoint, after, signal);
    for (const entry of entriesOf(body)) {
      const model = modelOf(entry);
      if (model !== null && (all || answersText(entry, model.name))) found.set(model.name, model);
    }
    const { has_more: more, last_id: last } = (typeof body === 'object' && body !== null ? body : {}) as { readonly has_more?: unknown; readonly last_id?: unknown };
    if (more !== true || typeof last !== 'string' || last === after) break;
    after = last;
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
}

async function fetchPage(endpoint: Endpoint, after: string | null, signal: AbortSignal): Promise<unknown> {
  const anthropic = endpoint.api === 'anthropic';
  const query = anthropic ? `?limit=1000${after === null ? '' : `&after_id=${encodeURIComponent(after)}`}` : after === null ? '' : `?after=${encodeURIComponent(after)}`;
  const headers: Record<string, string> = { accept: 'application/json' };
  if (anthropic) headers['anthropic-version'] = '2026-10-21';
  if (endpoint.key !== null) headers['authorization'] = `Bearer ${endpoint.key}`;
  const url = `${endpoint.baseUrl}${anthropic ? '/v1' : ''}/models${query}`;
  let response: Response;
  let text: string;
  try {
    // No redirects: the key goes to this server and to no other.
    response = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.any([signal, AbortSignal.timeout(PATIENCE_MS)]) });
    text = await response.text();
  } catch (e) {
    if (signal.aborted) throw signal.reason;
    if ((e as Error).name === 'TimeoutError') throw new CallFailed('later', `${endpoint.baseUrl} has not answered in ${PATIENCE_MS / 1000} s`, { remedy: 'Is the server running, and is the address right?' });
    throw failureOf(e, endpoint, null, Date.now());
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  if (!response.ok) throw failureOf({ status: response.status, headers: response.headers, message: messageOf(body) ?? response.statusText }, endpoint, null, Date.now());
  if (body === undefined) throw new CallFailed('fatal', `${url} answers with no list of models`, { remedy: 'Check the base URL, which mostly ends in /v1; a name can be given without a list too.' });
  return body;
}

function messageOf(body: unknown): string | null {
  const error: unknown = typeof body === 'object' && body !== null ? (body as { readonly error?: unknown }).error : undefined;
  const message: unknown = typeof error === 'object' && error !== null ? (error as { readonly message?: unknown }).message : error;
  return typeof message === 'string' ? message : null;
}

/** `{data: […]}`, as nearly all say it; a bare list; or Ollama's own `{models: […]}`. */
function entriesOf(body: unknown): readonly Entry[] {
  const { data, models } = (typeof body === 'object' && body !== null ? body : {}) as { readonly data?: unknown; readonly models?: unknown };
  const list = [body, data, models].find(Array.isArray) as readonly unknown[] | undefined;
  return (list ?? []).filter((e): e is Entry => typeof e === 'object' && e !== null);
}

function modelOf(e: Entry): ListedModel | null {
  const id = typeof e.id === 'string' ? e.id : typeof e.name === 'string' ? e.name : '';
  if (id === '') return null;
  const name = id.replace(/^models\//, ''); // so Gemini lists them, and takes them without
  const title = [e.display_name, e.name].find((t): t is string => typeof t === 'string' && t !== '' && t !== id);
  const context = [e.context_length, e.context_window, e.max_context_length, e.max_input_tokens].find((n): n is number => typeof n === 'number' && n > 0);
  return { name, ...(title === undefined ? {} : { title }), ...(context === undefined ? {} : { context }) };
}

function answersText(e: Entry, name: string): boolean {
  const chat: unknown = typeof e.capabilities === 'object' && e.capabilities !== null ? (e.capabilities as { readonly completion_chat?: unknown }).completion_chat : undefined;
  return chat !== false && e.supports_chat !== false && !NO_CHAT.test(name);
}
