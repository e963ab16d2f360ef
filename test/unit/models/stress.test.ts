// The providers' clients where servers, proxies and networks do what they do on bad days: whatever comes, an answer is whole or the failure says what happened.

import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { CallFailed, type Answer, type FailureKind, type ModelRequest } from '../../../src/adapters/models/client.ts';
import { endpointOf, type Endpoint } from '../../../src/adapters/models/providers.ts';
import { clientFor } from '../../../src/adapters/models/sdk.ts';
import { streamOf } from '../../models/server.ts';

const KEY = 'sk-secret-0815';
const REQUEST: ModelRequest = { system: 'the same for all', messages: [{ role: 'user', text: 'first' }], maxTokens: 500 };
const never = new AbortController().signal;
const TEXT = 'Grüße 🐎 — 漢字 and "quotes" \\ and\nlines. '.repeat(4);
const USAGE = { input: 700, cached: 200, written: 30, output: 90 };
const WHOLE: Answer = { text: TEXT, usage: { input: 700, cacheRead: 200, cacheWrite: 30, output: 90 }, stop: 'end' };

const APIS = [
  { api: 'chat', model: 'openai/x', path: '/v1', env: { OPENAI_API_KEY: KEY } },
  { api: 'responses', model: 'openai/x', path: '/v1', env: { OPENAI_API_KEY: KEY } },
  { api: 'anthropic', model: 'anthropic/x', path: '', env: { ANTHROPIC_API_KEY: KEY } },
] as const;
type ApiName = (typeof APIS)[number]['api'];

type Serve = (res: ServerResponse, req: IncomingMessage) => void;

const SSE = { 'content-type': 'text/event-stream' };
/** One server for all tests: each says what it does. */
let server: Server;
let serve: Serve = () => undefined;
let calls: IncomingMessage['headers'][] = [];

const url = (of = server): string => `http://127.0.0.1:${(of.address() as AddressInfo).port}`;
const endpoint = ({ api, model, path, env }: (typeof APIS)[number]): Endpoint => ({ ...endpointOf(model, `${url()}${path}`, '/nowhere', env), api });

async function complete(of: (typeof APIS)[number], idleMs = 10_000, request = REQUEST): Promise<Answer> {
  return clientFor(endpoint(of), idleMs).complete(request, never);
}

async function failure(of: (typeof APIS)[number], idleMs = 10_000): Promise<CallFailed> {
  try {
    const a = await complete(of, idleMs);
    assert.fail(`it answered ${JSON.stringify(a)}`);
  } catch (e) {
    assert.ok(e instanceof CallFailed, e instanceof Error ? e.stack : String(e));
    assert.ok(!`${e.message} ${e.remedy}`.includes(KEY), `the key is told: ${e.message}`);
    return e;
  }
}

/** What an error event in the middle of an answer looks like. */
const inStream = (api: ApiName, error: Readonly<Record<string, unknown>>): string => (api === 'chat' ? `data: ${JSON.stringify({ error })}\n\n` : `event: error\ndata: ${JSON.stringify({ type: 'error', ...(api === 'anthropic' ? { error } : { code: error['type'], ...error, type: 'error' }) })}\n\n`);

before(async () => {
  server = createServer((req, res) => {
    calls.push(req.headers);
    req.resume().on('end', () => { serve(res, req); });
  });
  await new Promise<void>((up) => server.listen(0, '127.0.0.1', up));
});
beforeEach(() => { calls = []; });
after(async () => {
  server.closeAllConnections();
  await new Promise((down) => server.close(down));
});

for (const of of APIS) {
  const { api } = of;
  describe(`${api} on bad days`, () => {
    const parts = streamOf(api, { text: TEXT, thinking: 'hm, 考', usage: USAGE });
    const send = (res: ServerResponse, pieces: readonly (string | Buffer)[], headers: Readonly<Record<string, string>> = SSE): void => {
      res.writeHead(200, headers);
      for (const p of pieces) res.write(p);
      res.end();
    };
    /** The same without a network: the client gets just these chunks. */
    const chunked = async (chunks: readonly Uint8Array[]): Promise<Answer> => {
      const real = globalThis.fetch;
      globalThis.fetch = () => Promise.resolve(new Response(new ReadableStream<Uint8Array>({
        start(c) {
          for (const chunk of chunks) c.enqueue(chunk);
          c.close();
        },
      }), { headers: SSE }));
      try {
        return await clientFor({ ...endpointOf(of.model, 'http://127.0.0.1:1/v1', '/nowhere', of.env), api }, 10_000).complete(REQUEST, never);
      } finally {
        globalThis.fetch = real;
      }
    };
    const bytes = Buffer.from(parts.join(''));

    const TIMES: readonly (readonly [Readonly<Record<string, string>>, number, number])[] = [
      [{ 'retry-after': '7' }, 7000, 7000], [{ 'retry-after': '0' }, 0, 0], [{ 'retry-after': '1.5' }, 1500, 1500], [{ 'retry-after-ms': '250', 'retry-after': '7' }, 250, 250],
      [{ 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() }, 3_500_000, 3_600_000], [{ 'retry-after': new Date(Date.now() - 60_000).toUTCString() }, 0, 0],
    ];
    for (const [headers, least, most] of TIMES) {
      it(`429 with ${JSON.stringify(headers).replace(/\d\d:\d\d:\d\d/, 'TIME')} is waited for so long`, async () => {
        serve = (res) => res.writeHead(429, { 'content-type': 'application/json', ...headers }).end('{"error":{"message":"slow down","type":"rate_limit_error"}}');
        const e = await failure(of);
        assert.equal(e.kind, 'later');
        assert.ok(e.limited);
        assert.ok(e.retryAfterMs !== null && e.retryAfterMs >= least && e.retryAfterMs <= most, String(e.retryAfterMs));
        assert.equal(calls.length, 1);
      });
    }

    for (const [status, body, type] of [[500, '{"error":{"message":"oh"}}', 'application/json'], [502, '<html><title>Bad Gateway</title></html>', 'text/html'], [503, '', 'text/plain'], [504, 'upstream timed out', 'text/plain'], [529, '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}', 'application/json'], [408, '', 'text/plain']] as const) {
      it(`${status} as ${type} may pass`, async () => {
        serve = (res) => res.writeHead(status, { 'content-type': type }).end(body);
        const e = await failure(of);
        assert.equal(e.kind, 'later', e.message);
        assert.match(e.message, new RegExp(String(status)));
        assert.equal(e.limited, status === 503 || status === 529);
        assert.equal(e.used, null, 'nothing had begun');
      });
    }

    it('a stream that breaks off after any of its events is whole or is told, in order or torn', async () => {
      // From this event on all is known: what kind of end, and what it used.
      const done = parts.findIndex((p) => /"finish_reason":"stop"|response\.completed|"stop_reason":"end_turn"/.test(p));
      for (let n = 0; n < parts.length; n++) {
        for (const torn of [false, true]) {
          serve = (res) => {
            res.writeHead(200, SSE);
            res.flushHeaders();
            const end = (): void => {
              if (torn) res.destroy();
              else res.end();
            };
            if (n === 0) setTimeout(end, 5);
            else res.write(parts.slice(0, n).join(''), () => setTimeout(end, 5));
          };
          if (n > done) {
            const a = await complete(of);
            assert.equal(a.text, TEXT, `${n}`);
            assert.ok(api === 'chat' || a.usage.estimated === undefined, 'what it used was told');
          } else {
            const e = await failure(of);
            assert.equal(e.kind, 'later', `${n}: ${e.message}`);
            assert.equal(e.used === null, parts.slice(0, n).every((p) => p.startsWith(':')), `after ${n}: what had begun is paid`);
          }
        }
      }
    });

    it('cut at any byte into two, inside of characters too, it is the same answer', async () => {
      const few = Buffer.from(streamOf(api, { text: 'ü🐎 漢"\n', usage: USAGE }).join(''));
      for (let at = 1; at < few.length; at++) assert.deepEqual(await chunked([few.subarray(0, at), few.subarray(at)]), { ...WHOLE, text: 'ü🐎 漢"\n' }, `at ${at}`);
    }).timeout(60_000);

    it('byte by byte, with CRLF or with CR, and with comments in between, it is the same answer', async () => {
      const crlf = Buffer.from(bytes.toString().replaceAll('\n', '\r\n'));
      for (const form of [bytes, crlf]) assert.deepEqual(await chunked(Array.from(form, (_, i) => form.subarray(i, i + 1))), WHOLE);
      const commented = Buffer.from(parts.map((p) => `: OPENROUTER PROCESSING\n\n${p}`).join(''));
      assert.deepEqual(await chunked([commented]), WHOLE);
      assert.deepEqual(await chunked([crlf]), WHOLE);
    });

    it('any way of cutting any text into chunks gives the same answer', async () => {
      await fc.assert(fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 120 }), fc.array(fc.nat(6000), { maxLength: 40 }), fc.boolean(), async (text, cuts, crlf) => {
        const plain = streamOf(api, { text, usage: USAGE }).join('');
        const all = Buffer.from(crlf ? plain.replaceAll('\n', '\r\n') : plain);
        const at = [...new Set([0, ...cuts.map((c) => c % all.length), all.length])].sort((a, b) => a - b);
        assert.deepEqual(await chunked(at.slice(1).map((to, i) => all.subarray(at[i], to))), { ...WHOLE, text });
      }), { numRuns: 60 });
    }).timeout(60_000);

    it('gzip is taken', async () => {
      serve = (res, req) => {
        assert.match(String(req.headers['accept-encoding']), /gzip/);
        send(res, [gzipSync(bytes)], { ...SSE, 'content-encoding': 'gzip' });
      };
      assert.deepEqual(await complete(of), WHOLE);
    });

    it('a web page with status 200 is told as one, with its title, and may pass', async () => {
      serve = (res) => send(res, [`<!doctype html><html><head><title>Please log in, ${KEY}</title></head><body>${'x'.repeat(5000)}</body></html>`], { 'content-type': 'text/html; charset=utf-8' });
      const e = await failure(of);
      assert.equal(e.kind, 'later');
      assert.match(e.message, /answered with a web page instead of a model's answer: Please log in/);
      assert.match(e.remedy, /proxy/);
    });

    it('an error with status 200 counts by its code, and an answer that is no stream is told', async () => {
      const json = { 'content-type': 'application/json' };
      serve = (res) => send(res, [JSON.stringify({ error: { code: 429, message: `too many, ${KEY}` } })], json);
      const e = await failure(of);
      assert.deepEqual([e.kind, e.limited], ['later', true], e.message);
      serve = (res) => send(res, [JSON.stringify({ error: { code: 402, message: 'Insufficient credits' } })], json);
      assert.match((await failure(of)).message, /no credit left/);
      serve = (res) => send(res, ['{"id":"x","object":"chat.completion","choices":[{"message":{"content":"whole"}}]}'], json);
      assert.match((await failure(of)).message, /answered, but not as a stream/);
    });

    for (const status of [301, 302, 307, 308]) {
      it(`the key does not follow a redirect (${status}) to another host, nor to another place of the same`, async () => {
        const seen: IncomingMessage['headers'][] = [];
        const other = createServer((req, res) => {
          seen.push(req.headers);
          send(res, [bytes]);
        });
        await new Promise<void>((up) => other.listen(0, '127.0.0.1', up));
        try {
          serve = (res) => res.writeHead(status, { location: `${url(other)}/v1/elsewhere?key=${KEY}` }).end();
          const e = await failure(of);
          assert.equal(e.kind, 'fatal');
          assert.match(e.message, /sends the call on to http:\/\/127\.0\.0\.1:\d+\/v1\/elsewhere\?key=… \(30\d\), where the key does not go/);
          assert.match(e.remedy, /--base-url/);
          await assert.rejects(clientFor(endpoint(of)).check(never), /sends the call on to/);
          assert.equal(seen.length, 0);
        } finally {
          other.closeAllConnections();
          other.close();
        }
      });
    }

    const IN_STREAM: readonly (readonly [Readonly<Record<string, unknown>>, FailureKind, boolean, RegExp])[] = [
      [{ code: 'server_error', message: 'Provider disconnected' }, 'later', false, /Provider disconnected/],
      [{ code: 502, message: 'upstream' }, 'later', false, /upstream/],
      [{ code: 429, message: 'rate limit' }, 'later', true, /too many requests/],
      [{ code: 402, message: 'no funds' }, 'fatal', false, /no credit left/],
      [{ type: 'overloaded_error', message: 'Overloaded' }, 'later', true, /overloaded/],
      [{ type: 'authentication_error', message: `bad ${KEY}` }, 'fatal', false, /the key was refused/],
      [{ message: `who knows ${KEY}` }, 'later', false, /who knows/],
    ];
    for (const [error, kind, limited, words] of IN_STREAM) {
      if (api === 'anthropic' && typeof error['code'] === 'number') continue; // it has no such codes
      it(`an error in mid-stream: ${JSON.stringify(error).replace(KEY, 'KEY')}`, async () => {
        const cut = parts.findIndex((p) => p.includes('Grü')) + 1;
        serve = (res) => send(res, [...parts.slice(0, cut), inStream(api, error), ...parts.slice(cut)]);
        const e = await failure(of);
        assert.deepEqual([e.kind, e.limited], [kind, limited], e.message);
        assert.match(e.message, words);
        assert.doesNotMatch(e.remedy, /Is the server at/, 'it did answer');
        if (kind === 'later') assert.ok((e.used?.output ?? 0) > 0, 'what had come is paid');
      });
    }

    if (api === 'responses') {
      it('a response that failed tells no key', async () => {
        serve = (res) => send(res, [...parts.slice(0, 2), `data: ${JSON.stringify({ type: 'response.failed', response: { status: 'failed', error: { code: 'rate_limit_exceeded', message: `of ${KEY}` } } })}\n\n`]);
        const e = await failure(of);
        assert.deepEqual([e.kind, e.limited], ['later', true]);
      });
    }

    it('an answer without usage is estimated', async () => {
      const without = parts.map((p) => p.replace(/"usage":\{(?:[^{}]|\{[^{}]*\})*\}/g, '"usage":null'));
      serve = (res) => send(res, without);
      const a = await complete(of);
      assert.equal(a.text, TEXT);
      assert.ok(a.usage.estimated === true && a.usage.input > 0 && a.usage.output > 0, JSON.stringify(a.usage));
    });

    it('a server that keeps the connection open behind a whole answer is not waited for', async () => {
      serve = (res) => {
        res.writeHead(200, SSE);
        res.write(bytes);
      };
      assert.deepEqual(await complete(of, 300), WHOLE);
    });

    it('signs of life keep a call, also comments alone, and not without end', async () => {
      let timer: NodeJS.Timeout | undefined;
      const alive = (then: (res: ServerResponse) => void, after: number): Serve => (res) => {
        res.writeHead(200, SSE);
        let n = 0;
        timer = setInterval(() => {
          if (++n < after) res.write(api === 'anthropic' ? 'event: ping\ndata: {"type": "ping"}\n\n' : ': still here\n\n');
          else {
            clearInterval(timer);
            then(res);
          }
        }, 40);
        res.on('close', () => { clearInterval(timer); });
      };
      serve = alive((res) => { res.end(bytes); }, 12);
      assert.deepEqual(await complete(of, 200), WHOLE, 'longer alive than a silence may be');
      serve = alive(() => undefined, Infinity);
      const e = await failure(of, 100);
      assert.equal(e.kind, 'later');
      assert.match(e.message, /the answer had not ended after 1 s/);
    });

    it('a server that tears the connection before its head is told as the network', async () => {
      serve = (res) => res.destroy();
      const e = await failure(of);
      assert.equal(e.kind, 'later');
      assert.match(e.remedy, /Is the server at/);
    });

    it('an end that is none of the usual keeps the text', async () => {
      const ends = { chat: ['tool_calls', 'function_call', 'eos'], responses: [], anthropic: ['tool_use', 'pause_turn', 'stop_sequence'] }[api];
      for (const end of ends) {
        serve = (res) => send(res, parts.map((p) => p.replace('"finish_reason":"stop"', `"finish_reason":"${end}"`).replace('"stop_reason":"end_turn"', `"stop_reason":"${end}"`)));
        assert.deepEqual(await complete(of), WHOLE, end);
      }
    });
  });
}

describe('peculiar servers of Chat Completions', () => {
  const [chat] = APIS;
  const answers = (...chunks: readonly unknown[]): void => {
    serve = (res) => {
      res.writeHead(200, SSE);
      for (const c of chunks) res.write(typeof c === 'string' ? c : `data: ${JSON.stringify(c)}\n\n`);
      res.end('data: [DONE]\n\n');
    };
  };
  const delta = (d: unknown, finish: string | null = null): unknown => ({ id: 'c', object: 'chat.completion.chunk', created: 1, model: 'x', choices: [{ index: 0, delta: d, finish_reason: finish }] });

  it('Ollama: thinking in a field of its own, usage in the last chunk with the end', async () => {
    answers(delta({ role: 'assistant', content: '', reasoning: 'let me see' }), delta({ role: 'assistant', content: 'well' }), { ...(delta({ role: 'assistant', content: '' }, 'stop') as object), usage: { prompt_tokens: 26, completion_tokens: 9, total_tokens: 35 } });
    assert.deepEqual(await complete(chat), { text: 'well', usage: { input: 26, cacheRead: 0, cacheWrite: 0, output: 9 }, stop: 'end' });
  });

  it('llama.cpp: null content first, timings, an end without a delta; loading and a full context have words', async () => {
    answers(delta({ role: 'assistant', content: null }), delta({ content: 'well' }), { ...(delta({}) as object), choices: [{ index: 0, finish_reason: 'stop' }], timings: { predicted_n: 3 } }, { choices: [], usage: { prompt_tokens: 5, completion_tokens: 3, total_tokens: 8, prompt_tokens_details: null }, timings: {} });
    assert.deepEqual(await complete(chat), { text: 'well', usage: { input: 5, cacheRead: 0, cacheWrite: 0, output: 3 }, stop: 'end' });
    serve = (res) => res.writeHead(503, { 'content-type': 'application/json' }).end('{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}');
    assert.deepEqual([(await failure(chat)).kind], ['later']);
    serve = (res) => res.writeHead(400, { 'content-type': 'application/json' }).end('{"error":{"code":400,"message":"request (9000 tokens) exceeds the available context size (4096 tokens), try increasing it","type":"exceed_context_size_error","n_prompt_tokens":9000,"n_ctx":4096}}');
    assert.equal((await failure(chat)).kind, 'too-long');
  });

  it('LM Studio: an error event whose error is a text', async () => {
    answers(delta({ content: 'we' }), 'event: error\ndata: {"error":"The model has crashed without additional information."}\n\n');
    const e = await failure(chat);
    assert.equal(e.kind, 'later');
    assert.match(e.message, /crashed/);
  });

  it('OpenRouter: a provider behind it that failed, told by an error or by the end alone', async () => {
    answers(': OPENROUTER PROCESSING\n\n', delta({ content: 'we' }), { ...(delta({ content: '' }, 'error') as object), error: { code: 'server_error', message: 'Provider disconnected unexpectedly' } });
    assert.match((await failure(chat)).message, /Provider disconnected/);
    answers(delta({ content: 'we' }), delta({ content: '' }, 'error'));
    const e = await failure(chat);
    assert.equal(e.kind, 'later');
    assert.ok((e.used?.output ?? 0) > 0);
  });

  it('Mistral: content in parts, of which thinking is no text', async () => {
    answers(delta({ content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] }] }), delta({ content: [{ type: 'text', text: 'we' }] }), delta({ content: 'll' }), delta({ content: '' }, 'stop'));
    assert.equal((await complete(chat)).text, 'well');
  });

  it('a filter that ends the answer is a refusal, and a line that is no JSON breaks it off', async () => {
    answers(delta({ content: 'we' }, 'content_filter'));
    assert.equal((await complete(chat)).stop, 'refusal');
    answers(delta({ content: 'we' }), 'data: {"choices": [\n\n');
    assert.equal((await failure(chat)).kind, 'later');
  });
});
