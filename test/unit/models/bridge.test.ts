// The bridge to VS Code's language models, both ends over real loopback: who may ask for what, and what a run does while the window is away.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BridgeClient, type BridgeOptions } from '../../../src/adapters/models/bridge.ts';
import type { CallFailed, ModelRequest } from '../../../src/adapters/models/client.ts';
import { costOfAnswer, priceOf } from '../../../src/adapters/models/prices.ts';
import { endpointOf } from '../../../src/adapters/models/providers.ts';
import { BridgeServer, type BridgeHost, type BridgeMessage } from '../../../src/extension/models/bridge-server.ts';
import { bridgeModels } from '../../../src/extension/models/names.ts';
import { parseBridge, type BridgeFile } from '../../../src/protocol/bridge.ts';

const ENDPOINT = endpointOf('vscode/fake/quick', null, '/nowhere', {});
const REQUEST: ModelRequest = { system: 'Be brief.', messages: [{ role: 'user', text: 'First?' }, { role: 'assistant', text: 'This.' }, { role: 'user', text: 'And then?' }], maxTokens: 100 };

/** Fails as VS Code does. */
class LanguageModelError extends Error {
  readonly code: string;
  constructor(code: string, message: string, cause?: Error) {
    super(message, { cause });
    this.code = code;
  }
}

describe('the bridge', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sigil-bridge-'));
  const file = join(folder, 'bridge.json');
  const servers: BridgeServer[] = [];
  let asked: (readonly BridgeMessage[])[] = [];
  let said: string[] = [];
  beforeEach(() => {
    asked = [];
    said = [];
    rmSync(file, { force: true });
  });
  afterEach(() => { for (const s of servers.splice(0)) s.close(); });
  after(() => { rmSync(folder, { recursive: true }); });

  function serve(answer: (signal: AbortSignal) => AsyncIterable<string>, maxInputTokens = 1000): BridgeServer {
    const host: BridgeHost = {
      model: (name) => Promise.resolve(name === 'gone/away' ? null : {
        name, maxInputTokens, countTokens: (text) => Promise.resolve(text.length),
        ask: (messages, signal) => {
          asked.push(messages);
          return answer(signal);
        },
      }),
      log: () => undefined,
    };
    const server = new BridgeServer(host);
    servers.push(server);
    return server;
  }
  // eslint-disable-next-line @typescript-eslint/require-await -- as a stream
  async function* words(...pieces: string[]): AsyncGenerator<string> { yield* pieces; }
  // eslint-disable-next-line @typescript-eslint/require-await, require-yield -- as a stream that fails
  async function* failing(e: Error): AsyncGenerator<string> { throw e; }
  const put = (what: BridgeFile): void => { writeFileSync(file, JSON.stringify(what)); };
  const client = (more: Partial<BridgeOptions> = {}): BridgeClient => new BridgeClient(ENDPOINT, { file: () => file, say: (t) => said.push(t), firstMs: 300, againMs: 2000, lookMs: 10, idleMs: 60_000, ...more });
  const never = new AbortController().signal;
  const failure = (work: Promise<unknown>): Promise<CallFailed> => work.then(() => assert.fail('it did not fail'), (e: unknown) => e as CallFailed);

  it('hands a run\'s prompt to the model and its answer back in pieces, counted and at no cost', async () => {
    const server = serve(() => words('And', ' then', ' that.'));
    put({ v: 1, ...(await server.offer('r', ['fake/quick'])) });
    const answer = await client().complete(REQUEST, never);
    assert.deepEqual(answer, { text: 'And then that.', usage: { input: 9 + 6 + 5 + 9, cacheRead: 0, cacheWrite: 0, output: 14 }, stop: 'end' });
    assert.deepEqual(asked[0], [{ role: 'user', text: 'Be brief.' }, { role: 'user', text: 'First?' }, { role: 'assistant', text: 'This.' }, { role: 'user', text: 'And then?' }]);
    assert.equal(costOfAnswer(priceOf(ENDPOINT, {}), answer), 0);
    assert.deepEqual(said, []);
  });

  it('is asked by nobody but the run with its token, for its models, and by no browser', async () => {
    const server = serve(() => words('x'));
    const { port, token } = await server.offer('r', ['fake/quick']);
    const other = await server.offer('other', ['fake/dear']);
    const send = (headers: Record<string, string>, path = '/v1/chat/completions', model = 'fake/quick', method = 'POST'): Promise<number> => new Promise((done, failed) => {
      const req = httpRequest({ host: '127.0.0.1', port, path, method, headers }, (res) => {
        res.resume();
        done(res.statusCode ?? 0);
      });
      req.once('error', failed);
      req.end(method === 'POST' ? JSON.stringify({ model, messages: [{ role: 'user', content: 'x' }] }) : undefined);
    });
    const mine = { authorization: `Bearer ${token}` };
    assert.equal(await send(mine), 200);
    assert.equal(await send({}), 401);
    assert.equal(await send({ authorization: `Bearer ${token.slice(1)}x` }), 401);
    assert.equal(await send({ authorization: 'Bearer ' }), 401);
    assert.equal(await send({ ...mine, origin: 'https://page.example' }), 403);
    assert.equal(await send({ ...mine, 'sec-fetch-site': 'cross-site' }), 403);
    assert.equal(await send({ ...mine, host: 'page.example' }), 403, 'a name that leads to this machine');
    assert.equal(await send(mine, '/v1/chat/completions', 'fake/dear'), 404, 'a model of another run');
    assert.equal(await send({ authorization: `Bearer ${other.token}` }), 404);
    assert.equal(await send(mine, '/v1/embeddings'), 404);
    assert.equal(await send(mine, '/v1/models', '', 'GET'), 200);
    assert.equal(await send({}, '/v1/models', '', 'GET'), 401);
    assert.deepEqual(await (await fetch(`http://127.0.0.1:${port}/v1/models`, { headers: mine })).json(), { object: 'list', data: [{ id: 'fake/quick', object: 'model', created: 0, owned_by: 'vscode' }] });
    server.withdraw('r');
    assert.equal(await send(mine), 401, 'after the run\'s end');
    assert.equal(asked.length, 1);
  });

  it('says what VS Code says of a call that fails, and whether it may work later', async () => {
    const cases: readonly (readonly [Error, CallFailed['kind'], RegExp])[] = [
      [new LanguageModelError('NoPermissions', 'no consent'), 'fatal', /does not let Sigil use it \(no consent\)/],
      [new LanguageModelError('Blocked', 'quota'), 'fatal', /blocks it \(quota\)/],
      [new LanguageModelError('NotFound', 'unknown'), 'later', /has no such model now/],
      [new LanguageModelError('Unknown', '', new Error('the network')), 'later', /the network/],
      [new Error('anything'), 'later', /anything/],
    ];
    for (const [error, kind, message] of cases) {
      const server = serve(() => failing(error));
      put({ v: 1, ...(await server.offer('r', ['fake/quick'])) });
      const e = await failure(client().complete(REQUEST, never));
      assert.equal(e.kind, kind, e.message);
      assert.match(e.message, message);
    }
    const small = serve(() => words('x'), 10);
    put({ v: 1, ...(await small.offer('r', ['fake/quick'])) });
    assert.equal((await failure(client().complete(REQUEST, never))).kind, 'too-long');
    const away = serve(() => words('x'));
    put({ v: 1, ...(await away.offer('r', ['gone/away'])) });
    assert.equal((await failure(new BridgeClient(endpointOf('vscode/gone/away', null, '/', {}), { file: () => file, say: () => undefined, firstMs: 300, againMs: 300, lookMs: 10, idleMs: 60_000 }).complete(REQUEST, never))).kind, 'later');
  });

  it('waits while the window reloads, in the middle of an answer, and goes on with the next one', async () => {
    const first: BridgeServer = serve(async function* () {
      yield 'half';
      setImmediate(() => { first.close(); });
      await sleep(5000, undefined, { ref: false });
    });
    put({ v: 1, ...(await first.offer('r', ['fake/quick'])) });
    const answer = client().complete(REQUEST, never);
    await sleep(150);
    assert.match(said.join('\n'), /VS Code has gone.*the run waits for it/);
    const second = serve(() => words('whole'));
    put({ v: 1, ...(await second.offer('r', ['fake/quick'])) });
    assert.equal((await answer).text, 'whole');
    assert.deepEqual(said.length, 2);
    assert.match(said[1] ?? '', /goes on/);
  });

  it('waits once for all calls in flight', async () => {
    const one = client();
    const answers = [one.complete(REQUEST, never), one.complete(REQUEST, never), one.complete(REQUEST, never)];
    await sleep(50);
    const server = serve(() => words('x'));
    put({ v: 1, ...(await server.offer('r', ['fake/quick'])) });
    await Promise.all(answers);
    assert.equal(said.length, 2, said.join('\n'));
  });

  it('gives up in words where no VS Code is there, or none comes back, and at once where the user says no', async () => {
    const nobody = await failure(client({ firstMs: 50 }).complete(REQUEST, never));
    assert.equal(nobody.kind, 'fatal');
    assert.match(`${nobody.message} ${nobody.remedy}`, /no VS Code offers its language models to this run.*open the project's folder.*sigil resume.*another model/i);
    put({ v: 1, asking: true });
    const answered = failure(client({ firstMs: 20 }).complete(REQUEST, never));
    await sleep(100);
    assert.match(said.at(-1) ?? '', /asks you/, 'a question may take longer');
    put({ v: 1, refused: 'it was not allowed' });
    assert.match((await answered).message, /it was not allowed/);
    const server = serve(() => words('x'));
    put({ v: 1, ...(await server.offer('r', ['fake/quick'])) });
    const known = client({ againMs: 50 });
    await known.complete(REQUEST, never);
    server.close();
    const gone = await failure(known.complete(REQUEST, never));
    assert.equal(gone.kind, 'fatal');
    assert.match(gone.remedy, /sigil resume/);
  });

  it('sees before a run measures that a window will answer, or asks its user first', async () => {
    assert.match((await failure(client({ firstMs: 50 }).ready(never))).message, /no VS Code offers its language models/);
    put({ v: 1, refused: 'it was not allowed' });
    assert.match((await failure(client().ready(never))).message, /it was not allowed/);
    put({ v: 1, asking: true });
    const early = client({ firstMs: 20 });
    await early.ready(never);
    rmSync(file); // its window reloads while the baseline is measured: it is waited for like one that has answered
    const answer = early.complete(REQUEST, never);
    await sleep(100);
    assert.match(said.at(-1) ?? '', /has gone/);
    const server = serve(() => words('x'));
    put({ v: 1, ...(await server.offer('r', ['fake/quick'])) });
    assert.equal((await answer).text, 'x');
  });

  it('ends a call of the model when the run ends it', async () => {
    const seen = { ended: false };
    const server = serve(async function* (signal) {
      yield 'x';
      await sleep(10_000, undefined, { signal }).catch(() => { seen.ended = true; });
    });
    put({ v: 1, ...(await server.offer('r', ['fake/quick'])) });
    const abort = new AbortController();
    const call = client().complete(REQUEST, abort.signal);
    setTimeout(() => { abort.abort(new Error('stopped')); }, 50);
    await assert.rejects(call, /stopped/);
    for (let i = 0; !seen.ended && i < 200; i++) await sleep(10);
    assert.ok(seen.ended);
  });

  it('gives a model up that has fallen silent, and does not take the window for gone', async () => {
    const server = serve(async function* () {
      yield 'x';
      await sleep(5000, undefined, { ref: false });
    });
    put({ v: 1, ...(await server.offer('r', ['fake/quick'])) });
    const e = await failure(client({ idleMs: 100 }).complete(REQUEST, never));
    assert.equal(e.kind, 'later');
    assert.match(e.message, /nothing came/);
    assert.deepEqual(said, []);
  });

  it('knows its file and its models', () => {
    assert.equal(parseBridge('{'), null);
    assert.equal(parseBridge('{"v":2,"asking":true}'), null);
    assert.equal(parseBridge('{"v":1,"port":70000,"token":"aaaaaaaaaaaaaaaaaaaaaaaa"}'), null);
    assert.equal(parseBridge('{"v":1,"port":7,"token":"a b"}'), null);
    assert.deepEqual(bridgeModels({ model: 'vscode/fake/quick' }), ['fake/quick']);
    assert.deepEqual(bridgeModels({ model: 'a, b', models: [{ name: 'openai/x' }, { name: 'vscode/copilot/y' }] }), ['copilot/y']);
    assert.deepEqual(bridgeModels({ model: 'builtin' }), []);
    assert.throws(() => endpointOf('vscode/fake/quick', 'http://127.0.0.1:1/v1', '/', {}), /asked through VS Code/);
  });
});
