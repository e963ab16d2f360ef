// The bridge: VS Code's language models as Chat Completions on loopback, each run with a token of its own. Imports no VS Code: it is given models.

import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { TOO_LONG } from '../../protocol/bridge.ts';

/** A message as VS Code's models take it: they know no system's. */
export interface BridgeMessage {
  readonly role: 'user' | 'assistant';
  readonly text: string;
}

/** A language model of VS Code. */
export interface BridgeModel {
  /** `vendor/id`. */
  readonly name: string;
  readonly maxInputTokens: number;
  countTokens(text: string, signal: AbortSignal): Promise<number>;
  /** Its answer in pieces. Throws an error with `code` as VS Code's LanguageModelError has it. */
  ask(messages: readonly BridgeMessage[], signal: AbortSignal): AsyncIterable<string>;
}

export interface BridgeHost {
  /** The model of a name now; null when there is none. */
  model(name: string): Promise<BridgeModel | null>;
  /** Told once a call: which run, which model, how it went. */
  log(text: string): void;
}

interface Offer {
  readonly run: string;
  /** The names that the run may ask for. */
  readonly models: readonly string[];
  readonly hash: Buffer;
}

const MOST_BYTES = 8 << 20;
/** A model that thinks is silent, and clients give up on a connection in which nothing comes. */
const KEEP_ALIVE_MS = 15_000;

/** Of a fixed length, so that comparing takes the same time for all that is sent. */
const hashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

class Refused extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export class BridgeServer {
  private readonly host: BridgeHost;
  private readonly offers = new Map<string, Offer>();
  private readonly server: Server;
  private listening: Promise<number> | null = null;

  constructor(host: BridgeHost) {
    this.host = host;
    this.server = createServer((req, res) => { void this.serve(req, res); });
    this.server.requestTimeout = 60_000; // of sending a request; an answer may take as long as it likes
  }

  /** Offers models to one run, and returns where and with which token. */
  async offer(run: string, models: readonly string[]): Promise<{ readonly port: number; readonly token: string }> {
    this.listening ??= new Promise((up, failed) => {
      this.server.once('error', failed);
      this.server.listen(0, '127.0.0.1', () => { up((this.server.address() as AddressInfo).port); });
    });
    const port = await this.listening;
    const token = randomBytes(32).toString('base64url');
    this.offers.set(run, { run, models, hash: hashOf(token) });
    return { port, token };
  }

  withdraw(run: string): void {
    this.offers.delete(run);
  }

  close(): void {
    this.offers.clear();
    this.server.closeAllConnections();
    this.server.close();
  }

  /** The offer that a request's token is for. All are compared, so that the time tells nothing of which. */
  private offerOf(req: IncomingMessage): Offer | null {
    const sent = hashOf(/^Bearer (\S+)$/.exec(req.headers.authorization ?? '')?.[1] ?? '');
    let found: Offer | null = null;
    for (const offer of this.offers.values()) if (timingSafeEqual(offer.hash, sent)) found = offer;
    return found;
  }

  private async serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const abort = new AbortController();
    res.once('close', () => { abort.abort(); });
    try {
      // A browser says where its page comes from, and no run does. A page that reaches 127.0.0.1 by a name of its own has another host.
      const port = (this.server.address() as AddressInfo | null)?.port ?? 0;
      if (req.headers.origin !== undefined || req.headers['sec-fetch-site'] !== undefined || req.headers.host !== `127.0.0.1:${port}`) throw new Refused(403, 'forbidden', 'only runs may ask');
      const offer = this.offerOf(req);
      if (offer === null) throw new Refused(401, 'invalid_api_key', 'the token is not that of a run');
      if (req.method === 'GET' && req.url === '/v1/models') {
        send(res, 200, { object: 'list', data: offer.models.map((id) => ({ id, object: 'model', created: 0, owned_by: 'vscode' })) });
      } else if (req.method === 'POST' && req.url === '/v1/chat/completions') await this.complete(offer, await bodyOf(req), res, abort.signal);
      else throw new Refused(404, 'not_found', `there is no ${req.url ?? ''}`);
    } catch (e) {
      if (abort.signal.aborted) return;
      const { status, code, message } = failureOf(e);
      if (status >= 500) this.host.log(`A call of VS Code's language model failed: ${code} ${message}`);
      if (!res.headersSent) send(res, status, { error: { message, code, type: 'bridge_error' } });
      else res.end(`data: ${JSON.stringify({ error: { message, code, type: 'bridge_error' } })}\n\n`);
    }
  }

  private async complete(offer: Offer, body: Readonly<Record<string, unknown>>, res: ServerResponse, signal: AbortSignal): Promise<void> {
    const name = typeof body['model'] === 'string' ? body['model'] : '';
    if (!offer.models.includes(name)) throw new Refused(404, 'model_not_found', `this run may not ask for "${name}"`);
    const messages = messagesOf(body['messages']);
    const model = await this.host.model(name);
    if (model === null) throw new Refused(404, 'NotFound', `VS Code has no language model "${name}"`);
    const input = await sum(messages.map((m) => model.countTokens(m.text, signal)));
    if (input > model.maxInputTokens) throw new Refused(400, TOO_LONG, `the prompt has ${input} tokens, and the model takes ${model.maxInputTokens}`);
    const stream = body['stream'] === true;
    const base = { id: 'chatcmpl-vscode', created: 0, model: name };
    const event = (more: Readonly<Record<string, unknown>>): void => { res.write(`data: ${JSON.stringify({ ...base, object: 'chat.completion.chunk', ...more })}\n\n`); };
    const begin = (): void => { if (!res.headersSent) res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' }); };
    const alive = stream ? setInterval(() => {
      begin();
      res.write(': waiting\n\n');
    }, KEEP_ALIVE_MS) : undefined;
    let text = '';
    try {
      for await (const piece of model.ask(messages, signal)) {
        text += piece;
        if (!stream) continue;
        begin();
        event({ choices: [{ index: 0, delta: { content: piece }, finish_reason: null }] });
      }
    } finally {
      clearInterval(alive);
    }
    if (signal.aborted) return;
    const output = await model.countTokens(text, signal);
    const usage = { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
    this.host.log(`${offer.run} asked ${name}: ${input} tokens in, ${output} out`);
    if (!stream) {
      send(res, 200, { ...base, object: 'chat.completion', choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }], usage });
      return;
    }
    begin();
    // VS Code does not tell why an answer ended.
    event({ choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
    if ((body['stream_options'] as { include_usage?: unknown } | undefined)?.include_usage === true) event({ choices: [], usage });
    res.end('data: [DONE]\n\n');
  }
}

function send(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  res.end(JSON.stringify(body));
}

async function sum(numbers: readonly Promise<number>[]): Promise<number> {
  return (await Promise.all(numbers)).reduce((a, b) => a + b, 0);
}

/** A request's text as JSON; too long a one is read no further. */
async function bodyOf(req: IncomingMessage): Promise<Readonly<Record<string, unknown>>> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  for await (const piece of req as AsyncIterable<Buffer>) {
    bytes += piece.length;
    if (bytes > MOST_BYTES) throw new Refused(413, TOO_LONG, 'the request is too long');
    pieces.push(piece);
  }
  try {
    const body: unknown = JSON.parse(Buffer.concat(pieces).toString('utf8'));
    if (typeof body === 'object' && body !== null) return body as Readonly<Record<string, unknown>>;
  } catch { /* told below */ }
  throw new Refused(400, 'invalid_request', 'the request is no JSON object');
}

/** Messages of a request; a system's becomes the user's first, since VS Code knows none. */
function messagesOf(x: unknown): readonly BridgeMessage[] {
  if (!Array.isArray(x) || x.length === 0) throw new Refused(400, 'invalid_request', 'there are no messages');
  return x.map((m: unknown): BridgeMessage => {
    const { role, content } = (typeof m === 'object' && m !== null ? m : {}) as { readonly role?: unknown; readonly content?: unknown };
    if (typeof content !== 'string') throw new Refused(400, 'invalid_request', 'a message has no text');
    return { role: role === 'assistant' ? 'assistant' : 'user', text: content };
  });
}

const STATUS: Readonly<Record<string, number>> = { NoPermissions: 403, Blocked: 429, NotFound: 404 };

function failureOf(e: unknown): { readonly status: number; readonly code: string; readonly message: string } {
  if (e instanceof Refused) return e;
  const { code, message, cause } = (typeof e === 'object' && e !== null ? e : {}) as { readonly code?: unknown; readonly message?: unknown; readonly cause?: unknown };
  const known = typeof code === 'string' ? code : 'Unknown';
  // Of an unknown error VS Code keeps the real one as the cause.
  const said = [message, cause instanceof Error ? cause.message : ''].find((s): s is string => typeof s === 'string' && s !== '') ?? 'the language model failed';
  return { status: STATUS[known] ?? 500, code: known, message: said };
}
