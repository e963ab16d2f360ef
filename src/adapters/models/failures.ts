// What an error of a provider's SDK means: try again, shorten, or tell the user what is wrong.

import { CallFailed, isCallFailed, type HeaderReader, type Usage } from './client.ts';
import type { Endpoint } from './providers.ts';

/** What both SDKs' errors have in common. */
interface SdkError {
  readonly status?: number;
  readonly headers?: HeaderReader;
  readonly message?: string;
  readonly code?: unknown;
  readonly type?: unknown;
  readonly cause?: unknown;
  /** What the provider sent as its error. */
  readonly error?: unknown;
}

const TOO_LONG = /context[ _]length|context window|maximum context|too many tokens|prompt is too long|exceeds? the (?:available )?context|input (?:is|length) too long|max_(?:completion_)?tokens.{0,60}(?:>|exceed|too large|at most|maximum)/i;
/** Some say it with another status than 401. */
const BAD_KEY = /api[ _-]?key (?:is )?(?:not valid|invalid)|(?:invalid|incorrect) api[ _-]?key/i;
const NO_CREDIT = /insufficient[ _](?:quota|balance|credits?|funds)|credit balance|exceeded your current quota|billing/i;

/** A server's text, on one line, short, and without the key. */
export function withoutKey(text: string, key: string | null): string {
  const clean = key === null || key === '' ? text : text.replaceAll(key, '…');
  const line = clean.replace(/\s+/g, ' ').trim();
  return line.length > 300 ? `${line.slice(0, 300)}…` : line;
}

/** Milliseconds that a response asks to wait; null when it does not say. */
export function retryAfter(headers: SdkError['headers'], now: number): number | null {
  const ms = Number(headers?.get('retry-after-ms') ?? NaN);
  if (Number.isFinite(ms) && ms >= 0) return ms;
  const text = headers?.get('retry-after') ?? null;
  if (text === null) return null;
  const seconds = Number(text);
  if (text.trim() !== '' && Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(text);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/** What the words of an error that comes in the middle of an answer, or with a wrong status, stand for. */
const STATUS_OF: Readonly<Record<string, number>> = {
  invalid_request_error: 400, authentication_error: 401, billing_error: 402, insufficient_quota: 402, permission_error: 403, not_found_error: 404, request_too_large: 413, rate_limit_error: 429, rate_limit_exceeded: 429,
  api_error: 500, server_error: 500, timeout_error: 504, overloaded_error: 529,
};

/** The status of an error, also of one that has come inside of a stream; undefined where the network failed. */
function statusOf(e: SdkError): number | undefined {
  if (e.status !== undefined) return e.status;
  const code = typeof e.code === 'string' && /^[45]\d\d$/.test(e.code) ? Number(e.code) : e.code;
  if (typeof code === 'number') return code >= 400 && code < 600 ? code : undefined;
  for (const word of [e.code, e.type]) if (typeof word === 'string' && Object.hasOwn(STATUS_OF, word)) return STATUS_OF[word];
  return e.error === undefined ? undefined : 500;
}

/** The failure that an error is. `used` is what an answer that had begun has used. */
export function failureOf(error: unknown, endpoint: Endpoint, used: Usage | null, now: number): CallFailed {
  if (isCallFailed(error)) return error;
  // An SDK takes whatever its fetch throws for a failed connection.
  const { cause } = (typeof error === 'object' && error !== null ? error : {}) as SdkError;
  if (isCallFailed(cause)) return cause;
  const e = (typeof error === 'object' && error !== null ? error : {}) as SdkError;
  const said = withoutKey(e.message ?? String(error), endpoint.key);
  const status = statusOf(e);
  const who = endpoint.model;
  const after = retryAfter(e.headers, now);
  if (status === undefined) return new CallFailed('later', `${who}: ${networkWords(e, endpoint, said)}`, { used, remedy: `Is the server at ${endpoint.baseUrl} running, and is the address right?` });
  const text = `${said} ${typeof e.code === 'string' ? e.code : ''} ${typeof e.type === 'string' ? e.type : ''}`;
  const credit = status === 402 || ((status === 400 || status === 403 || status === 429) && NO_CREDIT.test(text));
  if (credit) return new CallFailed('fatal', `${who}: the provider says that there is no credit left (${status}: ${said})`, { remedy: 'Add credit with the provider, then go on with "sigil resume".' });
  if (status === 401 || status === 403 || (status === 400 && BAD_KEY.test(text))) {
    const held = endpoint.keyVariable === null ? 'Check the server\'s own access rules.' : endpoint.key === null ? `The server wants a key: set ${endpoint.keyVariable}.` : `Check ${endpoint.keyVariable} (in the environment, or the project's .env).`;
    return new CallFailed('fatal', `${who}: the key was refused (${status}) by ${endpoint.baseUrl}`, { remedy: held });
  }
  if (status === 404) return new CallFailed('fatal', `${who}: not found (404) at ${endpoint.baseUrl}: ${said}`, { remedy: `Check the model's name "${endpoint.name}" and the base URL${endpoint.api !== 'anthropic' ? ', which mostly ends in /v1' : ''}.` });
  if (status === 413 || ((status === 400 || status === 422) && TOO_LONG.test(text))) return new CallFailed('too-long', `${who}: the prompt does not fit into the model's context (${said})`, { remedy: 'Choose a model with a larger context.' });
  if (status === 408 || status === 409 || status === 425 || status === 429 || status >= 500) return new CallFailed('later', `${who}: ${statusWords(status)} (${status}: ${said})`, { retryAfterMs: after, used, limited: status === 429 || status === 529 || status === 503, remedy: 'The provider may be overloaded: go on with "sigil resume" later.' });
  return new CallFailed('fatal', `${who}: the provider refused the request (${status}: ${said})`, { remedy: 'Check the model\'s name and the base URL.' });
}

function statusWords(status: number): string {
  if (status === 429) return 'too many requests';
  if (status === 529 || status === 503) return 'overloaded';
  return status >= 500 ? 'the server failed' : 'the request was not taken';
}

function networkWords(e: SdkError, endpoint: Endpoint, said: string): string {
  // fetch hides the reason in its causes.
  let code: unknown = e.code;
  for (let at: unknown = e.cause, i = 0; i < 4 && typeof at === 'object' && at !== null; at = (at as SdkError).cause, i++) code = (at as SdkError).code ?? code;
  if (code === 'ECONNREFUSED') return `nothing answers at ${endpoint.baseUrl}`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `the host of ${endpoint.baseUrl} is not found`;
  return typeof code === 'string' ? `${said} (${code})` : said;
}
