// A model provider on loopback that speaks the true wire formats, streamed: Chat Completions (whole too, for who asks so), Responses and Anthropic's
// Messages. It logs every request.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server does with one call. */
export interface Reply {
  readonly text?: string;
  /** Thinking that comes before the answer. */
  readonly thinking?: string;
  readonly stop?: 'end' | 'length' | 'refusal';
  readonly usage?: { readonly input: number; readonly cached?: number; readonly written?: number; readonly output: number; readonly cost?: number };
  /** An error instead of an answer. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly error?: Readonly<Record<string, unknown>>;
  /** Tears the connection after so many characters of the answer; `end` closes it in order, without the closing events. */
  readonly cut?: { readonly after: number; readonly how: 'destroy' | 'end' };
  /** An error event in the middle of the stream. */
  readonly errorAfter?: number;
  /** Sends nothing at all, or nothing after the beginning. */
  readonly silent?: 'whole' | 'after-start';
  /** Waits so long before the answer, in ms. */
  readonly delay?: number;
  /** Waits for this before the answer. */
  readonly after?: Promise<unknown>;
  /** Leaves the numbers out. */
  readonly noUsage?: boolean;
}

export interface Logged {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Readonly<Record<string, unknown>>;
  /** All that was sent to the model: system and messages. */
  readonly prompt: string;
  /** Whether the whole answer went out. */
  answered: boolean;
}

export class ModelServer {
  readonly log: Logged[] = [];
  /** Requests for the list of models. */
  checks = 0;
  /** What a request for the list of models gets. */
  listStatus = 200;
  /** The models of that list, and how many of them stand on a page. */
  models: readonly Readonly<Record<string, unknown>>[] = [{ id: 'x', object: 'model', type: 'model' }];
  pageSize = Infinity;
  /** The headers of those requests. */
  readonly listed: IncomingMessage['headers'][] = [];
  private readonly reply: (call: Logged, n: number) => Reply;
  private readonly server: Server;
  port = 0;

  constructor(reply: (call: Logged, n: number) => Reply) {
    this.reply = reply;
    this.server = createServer((req, res) => {
      this.serve(req, res).catch(() => res.destroy());
    });
    this.server.keepAliveTimeout = 120_000; // a client that takes up an idle connection may else find it closed just then
  }

  /** @param port 0 for any that is free */
  async start(port = 0): Promise<this> {
    await new Promise<void>((up, fail) => this.server.once('error', fail).listen(port, '127.0.0.1', up));
    this.port = (this.server.address() as AddressInfo).port;
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((down) => this.server.close(down));
  }

  private async serve(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const path = req.url ?? '';
    if (req.method === 'GET' && /\/models(\?|$)/.test(path)) {
      this.checks++;
      this.listed.push(req.headers);
      const after = new URL(path, this.url).searchParams.get('after_id');
      const from = after === null ? 0 : this.models.findIndex((m) => m['id'] === after) + 1;
      const data = this.models.slice(from, from + this.pageSize);
      json(res, this.listStatus, this.listStatus === 200 ? { object: 'list', data, has_more: from + data.length < this.models.length, last_id: data.at(-1)?.['id'] ?? null } : { error: { message: 'no', type: 'invalid_request_error' } });
      return;
    }
    let text = '';
    for await (const piece of req) text += String(piece);
    const body = JSON.parse(text) as Record<string, unknown>;
    const anthropic = path.endsWith('/v1/messages');
    const responses = path.endsWith('/responses');
    if (!anthropic && !responses && !path.endsWith('/chat/completions')) {
      json(res, 404, { error: { message: `no ${path}`, type: 'not_found_error' } });
      return;
    }
    const call: Logged = { path, headers: req.headers, body, prompt: promptOf(body), answered: false };
    this.log.push(call);
    const r = this.reply(call, this.log.length - 1);
    if (r.silent === 'whole') return;
    await r.after;
    if (r.delay !== undefined) await new Promise((over) => setTimeout(over, r.delay));
    if (r.status !== undefined && r.status !== 200) {
      const error = { message: `status ${r.status}`, type: 'error', ...r.error };
      json(res, r.status, anthropic ? { type: 'error', error } : { error }, r.headers);
      return;
    }
    if (!anthropic && !responses && body['stream'] !== true) {
      json(res, 200, chatWhole(r, body), r.headers);
      call.answered = true;
      return;
    }
    res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', ...r.headers });
    for (const part of anthropic ? messagesStream(r, body) : responses ? responsesStream(r, body) : chatStream(r, body)) {
      if (part === 'end') {
        res.end();
        return;
      }
      if (part === 'destroy') {
        res.destroy();
        return;
      }
      if (part === 'silence') return;
      res.write(part);
      await new Promise((turn) => setImmediate(turn));
    }
    await new Promise<void>((done) => res.end(done));
    call.answered = true;
  }
}

/** The pieces of one answer in a provider's language, as the server would send them. */
export function streamOf(api: 'chat' | 'responses' | 'anthropic', reply: Reply, body: Readonly<Record<string, unknown>> = { model: 'x', stream_options: { include_usage: true } }): string[] {
  return [...(api === 'anthropic' ? messagesStream(reply, body) : api === 'responses' ? responsesStream(reply, body) : chatStream(reply, body))];
}

function json(res: ServerResponse, status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): void {
  res.writeHead(status, { 'content-type': 'application/json', ...headers });
  res.end(JSON.stringify(body));
}

function promptOf(body: Readonly<Record<string, unknown>>): string {
  const textOf = (content: unknown): string => (typeof content === 'string' ? content : Array.isArray(content) ? content.map((c) => (c as { text?: string }).text ?? '').join('') : '');
  const messages = ((body['messages'] ?? body['input']) as { role: string; content: unknown }[]).map((m) => `[${m.role}] ${textOf(m.content)}`);
  return [textOf(body['system'] ?? body['instructions']), ...messages].filter((t) => t !== '').join('\n\n');
}

const pieces = (text: string): string[] => text.match(/[\s\S]{1,40}/g) ?? [];

/** The pieces of an answer up to where it is to break. */
function* broken(r: Reply, send: (piece: string) => string, errorEvent: string): Generator<string, boolean> {
  let sent = 0;
  const limit = r.cut?.after ?? r.errorAfter ?? Infinity;
  for (const piece of pieces(r.text ?? '')) {
    if (sent + piece.length > limit) break;
    sent += piece.length;
    yield send(piece);
  }
  if (r.cut !== undefined) {
    yield r.cut.how;
    return true;
  }
  if (r.errorAfter !== undefined) {
    yield errorEvent;
    yield 'end';
    return true;
  }
  return false;
}

const finishOf = (r: Reply): string => (r.stop === 'length' ? 'length' : r.stop === 'refusal' ? 'content_filter' : 'stop');

/** An answer that was not to be streamed. */
function chatWhole(r: Reply, body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const u = r.usage ?? { input: 1000, output: 100 };
  return {
    id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: body['model'],
    choices: [{ index: 0, message: { role: 'assistant', content: r.text ?? '' }, finish_reason: finishOf(r) }],
    ...(r.noUsage === true ? {} : { usage: { prompt_tokens: u.input, completion_tokens: u.output, total_tokens: u.input + u.output } }),
  };
}

function* chatStream(r: Reply, body: Readonly<Record<string, unknown>>): Generator<string> {
  const chunk = (more: Readonly<Record<string, unknown>>): string => `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: body['model'], ...more })}\n\n`;
  const delta = (d: Readonly<Record<string, unknown>>, finish: string | null = null): string => chunk({ choices: [{ index: 0, delta: d, finish_reason: finish }] });
  yield ': keep-alive\n\n';
  yield delta({ role: 'assistant', content: '' });
  if (r.silent === 'after-start') {
    yield 'silence';
    return;
  }
  for (const piece of pieces(r.thinking ?? '')) yield delta({ reasoning_content: piece });
  if (yield* broken(r, (piece) => delta({ content: piece }), `data: ${JSON.stringify({ error: { message: 'overloaded', type: 'server_error' } })}\n\n`)) return;
  yield delta({}, finishOf(r));
  const options = body['stream_options'] as { include_usage?: boolean } | undefined;
  const u = r.usage ?? { input: 1000, output: 100 };
  if (options?.include_usage === true && r.noUsage !== true) {
    yield chunk({ choices: [], usage: { prompt_tokens: u.input + (u.cached ?? 0) + (u.written ?? 0), completion_tokens: u.output, total_tokens: u.input + u.output, prompt_tokens_details: { cached_tokens: u.cached ?? 0, cache_write_tokens: u.written ?? 0 }, ...(u.cost === undefined ? {} : { cost: u.cost }) } });
  }
  yield 'data: [DONE]\n\n';
}

function* responsesStream(r: Reply, body: Readonly<Record<string, unknown>>): Generator<string> {
  let number = 0;
  const event = (type: string, more: Readonly<Record<string, unknown>> = {}): string => `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: number++, ...more })}\n\n`;
  const u = r.usage ?? { input: 1000, output: 100 };
  const usage = { input_tokens: u.input + (u.cached ?? 0) + (u.written ?? 0), input_tokens_details: { cached_tokens: u.cached ?? 0, cache_write_tokens: u.written ?? 0 }, output_tokens: u.output, output_tokens_details: { reasoning_tokens: 0 }, total_tokens: u.input + u.output };
  const response = (status: string, more: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> => ({ id: 'resp_1', object: 'response', created_at: 1, status, model: body['model'], output: [], error: null, incomplete_details: null, ...more });
  yield event('response.created', { response: response('in_progress') });
  yield event('response.in_progress', { response: response('in_progress') });
  if (r.silent === 'after-start') {
    yield 'silence';
    return;
  }
  for (const piece of pieces(r.thinking ?? '')) yield event('response.reasoning_summary_text.delta', { item_id: 'rs_1', output_index: 0, summary_index: 0, delta: piece });
  const delta = (piece: string): string => event('response.output_text.delta', { item_id: 'msg_1', output_index: 1, content_index: 0, delta: piece, logprobs: [] });
  const failed = event('response.failed', { response: response('failed', { error: { code: 'server_error', message: 'overloaded' }, usage }) });
  if (yield* broken(r, delta, failed)) return;
  yield event('response.output_text.done', { item_id: 'msg_1', output_index: 1, content_index: 0, text: r.text ?? '', logprobs: [] });
  const why = r.stop === 'length' ? 'max_output_tokens' : r.stop === 'refusal' ? 'content_filter' : null;
  yield why === null ? event('response.completed', { response: response('completed', { usage }) }) : event('response.incomplete', { response: response('incomplete', { incomplete_details: { reason: why }, usage }) });
}

function* messagesStream(r: Reply, body: Readonly<Record<string, unknown>>): Generator<string> {
  const event = (type: string, more: Readonly<Record<string, unknown>> = {}): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
  const u = r.usage ?? { input: 1000, output: 100 };
  yield event('message_start', {
    message: { id: 'msg_1', type: 'message', role: 'assistant', model: body['model'], content: [], stop_reason: null, stop_sequence: null, usage: { input_tokens: u.input, cache_creation_input_tokens: u.written ?? 0, cache_read_input_tokens: u.cached ?? 0, output_tokens: 1 } },
  });
  yield event('ping');
  if (r.silent === 'after-start') {
    yield 'silence';
    return;
  }
  let index = 0;
  if (r.thinking !== undefined) {
    yield event('content_block_start', { index, content_block: { type: 'thinking', thinking: '', signature: '' } });
    for (const piece of pieces(r.thinking)) yield event('content_block_delta', { index, delta: { type: 'thinking_delta', thinking: piece } });
    yield event('content_block_delta', { index, delta: { type: 'signature_delta', signature: 'c2ln' } });
    yield event('content_block_stop', { index });
    index++;
  }
  yield event('content_block_start', { index, content_block: { type: 'text', text: '' } });
  if (yield* broken(r, (piece) => event('content_block_delta', { index, delta: { type: 'text_delta', text: piece } }), event('error', { error: { type: 'overloaded_error', message: 'Overloaded' } }))) return;
  yield event('content_block_stop', { index });
  yield event('message_delta', { delta: { stop_reason: r.stop === 'length' ? 'max_tokens' : r.stop === 'refusal' ? 'refusal' : 'end_turn', stop_sequence: null }, usage: { output_tokens: u.output } });
  yield event('message_stop');
}
