// The fetch that the providers' SDKs are given: it follows no redirect, tells of every byte that comes, and knows a page or an error that comes where a stream should.

import { CallFailed } from './client.ts';
import { failureOf, withoutKey } from './failures.ts';
import type { Endpoint } from './providers.ts';

/** Of a page in place of an answer only its title is of use. */
const MOST_READ = 1 << 20;

/**
 * A fetch for one call. Throws CallFailed for a redirect, and for what is no stream in answer to a POST.
 * @param heard called when the head comes, and for each piece of the body: comments that keep a connection alive count too
 */
export function guardedFetch(endpoint: Endpoint, heard: () => void = () => undefined): typeof fetch {
  return async (input, init) => {
    const response = await fetch(input, { ...init, redirect: 'manual' });
    heard();
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      throw redirected(endpoint, response.headers.get('location') ?? 'nowhere', response.status);
    }
    const type = response.headers.get('content-type') ?? '';
    if (response.ok && init?.method?.toUpperCase() === 'POST' && /\bhtml\b|application\/(?:\w+\+)?json\b/i.test(type)) throw noStream(endpoint, type, await start(response), response.headers);
    if (response.body === null) return response;
    const body = response.body.pipeThrough(new TransformStream<Uint8Array, Uint8Array>({
      transform(piece, out) {
        heard();
        out.enqueue(piece);
      },
    }));
    return new Response(body, { status: response.status, statusText: response.statusText, headers: response.headers });
  };
}

/** A fetch would take some of the headers that hold a key along to any host. */
function redirected(endpoint: Endpoint, to: string, status: number): CallFailed {
  return new CallFailed('fatal', `${endpoint.model}: ${endpoint.baseUrl} sends the call on to ${withoutKey(to, endpoint.key)} (${status}), where the key does not go`, { remedy: 'If that is the right address, give it: --base-url URL.' });
}

async function start(response: Response): Promise<string> {
  let text = '';
  const decoder = new TextDecoder();
  if (response.body !== null) {
    for await (const piece of response.body as unknown as AsyncIterable<Uint8Array>) {
      text += decoder.decode(piece, { stream: true });
      if (text.length > MOST_READ) break;
    }
  }
  return text;
}

/** A page is mostly a proxy's, and may be gone the next time; JSON is an error without its status, or an answer of a server that does not stream. */
function noStream(endpoint: Endpoint, type: string, text: string, headers: Headers): CallFailed {
  if (/\bhtml\b/i.test(type)) {
    const title = /<title[^>]*>([^<]*)/i.exec(text)?.[1] ?? text.replace(/<[^>]*>/g, ' ').slice(0, 200);
    return new CallFailed('later', `${endpoint.model}: ${endpoint.baseUrl} answered with a web page instead of a model's answer: ${withoutKey(title, endpoint.key)}`, { remedy: 'Is a proxy or a login page in between, and is the address right?' });
  }
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = null;
  }
  const error: unknown = typeof body === 'object' && body !== null ? (body as { readonly error?: unknown }).error : undefined;
  if (typeof error === 'object' && error !== null) return failureOf({ error, ...error, headers }, endpoint, null, Date.now());
  if (typeof error === 'string') return failureOf({ error, message: error, headers }, endpoint, null, Date.now());
  return new CallFailed('fatal', `${endpoint.model}: ${endpoint.baseUrl} answered, but not as a stream: ${withoutKey(text, endpoint.key)}`, { remedy: 'Sigil asks for streamed answers only: the server, or what is between, must pass them on.' });
}
