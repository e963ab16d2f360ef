// The providers' clients against a server on loopback that speaks their wire formats: what each kind of answer and failure becomes.

import assert from 'node:assert/strict';
import { CallFailed, type Answer, type FailureKind, type ModelRequest } from '../../../src/adapters/models/client.ts';
import { endpointOf, type Endpoint } from '../../../src/adapters/models/providers.ts';
import { clientFor } from '../../../src/adapters/models/sdk.ts';
import { ModelServer, type Reply } from '../../models/server.ts';

const KEY = 'sk-secret-0815';
const REQUEST: ModelRequest = { system: 'the same for all', messages: [{ role: 'user', text: 'first' }, { role: 'assistant', text: 'answer' }, { role: 'user', text: 'then' }], maxTokens: 500 };
const never = new AbortController().signal;

const APIS = [
  { api: 'chat', model: 'openai/x', path: '/v1', env: { OPENAI_API_KEY: KEY } },
  { api: 'responses', model: 'openai/x', path: '/v1', env: { OPENAI_API_KEY: KEY } },
  { api: 'anthropic', model: 'anthropic/x', path: '', env: { ANTHROPIC_API_KEY: KEY } },
] as const;

for (const { api, model, path, env } of APIS) {
  describe(`the client of ${api}`, () => {
    let server: ModelServer | undefined;
    afterEach(async () => {
      await server?.stop();
      server = undefined;
    });

    async function serve(...replies: readonly Reply[]): Promise<{ server: ModelServer; endpoint: Endpoint }> {
      server = await new ModelServer((_, n) => replies[Math.min(n, replies.length - 1)] ?? {}).start();
      return { server, endpoint: { ...endpointOf(model, `${server.url}${path}`, '/nowhere', env), api } };
    }

    async function answer(reply: Reply, idleMs = 10_000): Promise<Answer> {
      const { endpoint } = await serve(reply);
      return clientFor(endpoint, idleMs).complete(REQUEST, never);
    }

    async function failure(reply: Reply, idleMs = 10_000): Promise<CallFailed> {
      const { endpoint } = await serve(reply);
      try {
        await clientFor(endpoint, idleMs).complete(REQUEST, never);
      } catch (e) {
        assert.ok(e instanceof CallFailed, String(e));
        assert.ok(!`${e.message} ${e.remedy}`.includes(KEY), e.message);
        return e;
      }
      assert.fail('it did not fail');
    }

    it('sends the conversation, and gives text, usage and end, without the thinking', async () => {
      const a = await answer({ text: 'Grüße, and a long text '.repeat(10), thinking: 'let me think', usage: { input: 700, cached: 200, written: 30, output: 90 } });
      assert.deepEqual(a, { text: 'Grüße, and a long text '.repeat(10), usage: { input: 700, cacheRead: 200, cacheWrite: 30, output: 90 }, stop: 'end' });
      const sent = server?.log[0];
      assert.equal(sent?.headers.authorization, `Bearer ${KEY}`);
      assert.equal(sent.body['model'], 'x');
      assert.equal(sent.body['stream'], true);
      assert.equal(sent.body['max_tokens'] ?? sent.body['max_output_tokens'], 500);
      assert.ok(sent.prompt.includes('the same for all') && sent.prompt.endsWith('[user] first\n\n[assistant] answer\n\n[user] then'), sent.prompt);
    });

    it('leaves temperature and effort out where they are not wanted, and says them in its language where they are', async () => {
      const { server: s, endpoint } = await serve({ text: 'x' });
      const client = clientFor(endpoint);
      await client.complete(REQUEST, never);
      await client.complete({ ...REQUEST, temperature: 0.4 }, never);
      await client.complete({ ...REQUEST, maxTokens: 16_000, effort: 'high' }, never);
      const sent = s.log.map(({ body: b }) => ({ temperature: b['temperature'], effort: b['reasoning_effort'] ?? b['reasoning'] ?? b['output_config'], thinking: b['thinking'] }));
      const effort = { chat: 'high', responses: { effort: 'high' }, anthropic: { effort: 'high' } }[api];
      assert.deepEqual(sent, [
        { temperature: undefined, effort: undefined, thinking: undefined }, { temperature: 0.4, effort: undefined, thinking: undefined },
        { temperature: undefined, effort, thinking: api === 'anthropic' ? { type: 'adaptive' } : undefined },
      ]);
    });

    it('goes on without a temperature and an effort that the server does not take, and says so once', async () => {
      const told: string[] = [];
      server = await new ModelServer(({ body }) => {
        const refuse = (message: string, param?: string): Reply => ({ status: 400, error: { message, type: 'invalid_request_error', ...(param === undefined ? {} : { param }) } });
        if ('temperature' in body) return refuse('Unsupported value: \'temperature\' does not support 0.4 with this model. Only the default (1) value is supported.', 'temperature');
        if ('reasoning_effort' in body || 'reasoning' in body) return refuse('Unsupported parameter: \'reasoning\' is not supported with this model, nor is reasoning_effort', 'reasoning' in body ? 'reasoning.effort' : 'reasoning_effort');
        if ('output_config' in body) return refuse('output_config: Extra inputs are not permitted');
        if ((body['thinking'] as { type?: string } | undefined)?.type === 'adaptive') return refuse('thinking.type: Input tag \'adaptive\' found using \'type\' does not match any of the expected tags: \'disabled\', \'enabled\'');
        if ('thinking' in body) return refuse('thinking: this model does not support it');
        return { text: 'well' };
      }).start();
      const endpoint = { ...endpointOf(model, `${server.url}${path}`, '/nowhere', env), api };
      const client = clientFor(endpoint, 10_000, { refused: (p) => told.push(p) });
      for (let i = 0; i < 2; i++) assert.equal((await client.complete({ ...REQUEST, maxTokens: 16_000, temperature: 0.4 }, never)).text, 'well');
      for (let i = 0; i < 2; i++) assert.equal((await client.complete({ ...REQUEST, maxTokens: 16_000, effort: 'medium' }, never)).text, 'well');
      assert.deepEqual(told, ['temperature', 'effort']);
      const tries = server.log.map((c) => ['temperature', 'reasoning_effort', 'reasoning', 'output_config', 'thinking'].filter((p) => p in c.body).join(' '));
      assert.deepEqual(tries, api === 'anthropic' ? ['temperature', '', '', 'output_config thinking', 'thinking', 'thinking', '', ''] : ['temperature', '', '', api === 'chat' ? 'reasoning_effort' : 'reasoning', '', '']);
    });

    it('tells an answer that was cut at its limit, a refusal and an empty one', async () => {
      assert.equal((await answer({ text: 'half of', stop: 'length' })).stop, 'length');
      await server?.stop();
      assert.equal((await answer({ text: '', stop: 'refusal' })).stop, 'refusal');
      await server?.stop();
      const empty = await answer({ text: '' });
      assert.deepEqual([empty.text, empty.stop], ['', 'end']);
    });

    for (const [what, reply] of Object.entries<Reply>({
      'torn': { text: 'x'.repeat(400), cut: { after: 200, how: 'destroy' } },
      'ended too early': { text: 'x'.repeat(400), cut: { after: 200, how: 'end' } },
      'ended by an error event': { text: 'x'.repeat(400), errorAfter: 200 },
    })) {
      it(`a stream that is ${what} may be tried again, and what it had used counts`, async () => {
        const e = await failure(reply);
        assert.equal(e.kind, 'later', e.message);
        assert.ok(e.used && e.used.output >= 50 && e.used.input > 0, JSON.stringify(e.used));
      });
    }

    it('a server that falls silent is given up, before and in its answer', async () => {
      for (const silent of ['whole', 'after-start'] as const) {
        const e = await failure({ silent }, 150);
        assert.equal(e.kind, 'later', e.message);
        await server?.stop();
      }
    });

    const STATUS: readonly (readonly [Reply & { readonly error?: { readonly message?: string; readonly code?: string; readonly type?: string } }, FailureKind, RegExp, RegExp])[] = [
      [{ status: 429, headers: { 'retry-after': '7' } }, 'later', /too many requests/, /resume/],
      [{ status: 529, error: { type: 'overloaded_error', message: 'Overloaded' } }, 'later', /overloaded/, /resume/],
      [{ status: 503 }, 'later', /overloaded/, /resume/],
      [{ status: 500 }, 'later', /the server failed/, /resume/],
      [{ status: 401, error: { message: `bad key ${KEY}` } }, 'fatal', /the key was refused \(401\)/, /_API_KEY/],
      [{ status: 403 }, 'fatal', /the key was refused \(403\)/, /_API_KEY/],
      [{ status: 404, error: { message: 'no model x' } }, 'fatal', /not found .*no model x/, /the model's name "x"/],
      [{ status: 402, error: { message: 'Insufficient Balance' } }, 'fatal', /no credit left/, /resume/],
      [{ status: 429, error: { message: 'You exceeded your current quota', code: 'insufficient_quota' } }, 'fatal', /no credit left/, /resume/],
      [{ status: 400, error: { message: 'This model\'s maximum context length is 4096 tokens', code: 'context_length_exceeded' } }, 'too-long', /does not fit/, /context/],
      [{ status: 400, error: { message: 'max_tokens: 16384 > 8192, which is the maximum allowed number of output tokens' } }, 'too-long', /does not fit/, /context/],
      [{ status: 400, error: { message: 'max_tokens is too large: 16384. This model supports at most 4096 completion tokens' } }, 'too-long', /does not fit/, /context/],
      [{ status: 400, error: { message: 'API key not valid. Please pass a valid API key.' } }, 'fatal', /the key was refused \(400\)/, /_API_KEY/],
      [{ status: 400, error: { message: `no such thing ${KEY}` } }, 'fatal', /refused the request \(400/, /base URL/],
    ];
    for (const [reply, kind, message, remedy] of STATUS) {
      it(`${String(reply.status)} ${(reply.error?.message ?? '').replace(KEY, 'KEY')} is ${kind}`, async () => {
        const e = await failure(reply);
        assert.equal(e.kind, kind, e.message);
        assert.match(e.message, message);
        assert.match(e.remedy, remedy);
        assert.equal(e.retryAfterMs, reply.headers ? 7000 : null);
        assert.equal(server?.log.length, 1, 'the SDK itself tries nothing again');
      });
    }

    it('nothing answers: said with the address', async () => {
      const { server: s, endpoint } = await serve({});
      await s.stop();
      await assert.rejects(clientFor(endpoint).check(new AbortController().signal), (e: CallFailed) => e.kind === 'later' && e.message.includes(`nothing answers at ${endpoint.baseUrl}`));
      server = undefined;
    });

    it('the check takes a server without a list of models, and not one that refuses the key', async () => {
      const { server: s, endpoint } = await serve({});
      for (const status of [200, 404, 405, 500]) {
        s.listStatus = status;
        await clientFor(endpoint).check(new AbortController().signal);
      }
      s.listStatus = 401;
      await assert.rejects(clientFor(endpoint).check(new AbortController().signal), /the key was refused/);
      assert.equal(s.log.length, 0, 'it costs nothing');
    });

    it('ends at once when the run is aborted', async () => {
      const { endpoint } = await serve({ silent: 'after-start' });
      const abort = new AbortController();
      const call = clientFor(endpoint).complete(REQUEST, abort.signal);
      setTimeout(() => { abort.abort(new Error('stopped')); }, 50);
      await assert.rejects(call, /stopped/);
    });
  });
}

describe('quirks of Chat Completions', () => {
  let server: ModelServer;
  afterEach(() => server.stop());

  it('leaves out and renames parameters that a server refuses, once and for all', async () => {
    const refuse = (body: Readonly<Record<string, unknown>>): Reply => {
      if ('max_tokens' in body) return { status: 400, error: { message: 'Unsupported parameter: \'max_tokens\' is not supported with this model. Use \'max_completion_tokens\' instead.', param: 'max_tokens' } };
      if ('stream_options' in body) return { status: 422, error: { message: 'Extra inputs are not permitted: stream_options' } };
      return { text: 'well' };
    };
    server = await new ModelServer((call) => refuse(call.body)).start();
    const client = clientFor(endpointOf('vllm/x', `${server.url}/v1`, '/nowhere', {}));
    const a = await client.complete(REQUEST, never);
    assert.equal(a.text, 'well');
    assert.equal(a.usage.estimated, true, 'without numbers it is estimated');
    await client.complete(REQUEST, never);
    assert.deepEqual(server.log.map((c) => ['max_tokens', 'max_completion_tokens', 'stream_options'].filter((p) => p in c.body).join(' ')), ['max_tokens stream_options', 'max_completion_tokens stream_options', 'max_completion_tokens', 'max_completion_tokens']);
  });

  it('takes the cost that a provider tells', async () => {
    server = await new ModelServer(() => ({ text: 'x', usage: { input: 10, output: 5, cost: 0.0123 } })).start();
    const a = await clientFor(endpointOf('openrouter/some/model', `${server.url}/v1`, '/nowhere', { OPENROUTER_API_KEY: KEY })).complete(REQUEST, never);
    assert.equal(a.usage.usd, 0.0123);
    assert.equal(server.log[0]?.body['model'], 'some/model');
  });
});

describe('thinking by Anthropic\'s Messages', () => {
  let server: ModelServer;
  afterEach(() => server.stop());

  it('is told in tokens where a model knows no other way, below the answer\'s limit, and without a temperature', async () => {
    server = await new ModelServer(({ body }) => ('output_config' in body || (body['thinking'] as { type?: string } | undefined)?.type === 'adaptive' ? { status: 400, error: { message: 'adaptive thinking and output_config are not supported on this model', type: 'invalid_request_error' } } : { text: 'well' })).start();
    const client = clientFor(endpointOf('anthropic/x', server.url, '/nowhere', { ANTHROPIC_API_KEY: KEY }));
    const asked = { ...REQUEST, maxTokens: 16_000, temperature: 0.4 };
    for (const effort of ['low', 'medium', 'high'] as const) await client.complete({ ...asked, effort }, never);
    await client.complete({ ...asked, maxTokens: 1024, effort: 'high' }, never);
    const answered = server.log.filter((c) => c.answered).map((c) => [c.body['thinking'], c.body['temperature']]);
    assert.deepEqual(answered, [2000, 4000, 8000].map((n) => [{ type: 'enabled', budget_tokens: n }, undefined]).concat([[undefined, 0.4]] as never));
  });

  it('sets the cache\'s mark behind what is the same for the whole run', async () => {
    server = await new ModelServer(() => ({ text: 'x' })).start();
    await clientFor(endpointOf('anthropic/x', server.url, '/nowhere', { ANTHROPIC_API_KEY: KEY })).complete(REQUEST, never);
    assert.deepEqual(server.log[0]?.body['system'], [{ type: 'text', text: 'the same for all', cache_control: { type: 'ephemeral' } }]);
    assert.ok(!JSON.stringify(server.log[0].body['messages']).includes('cache_control'));
  });
});
