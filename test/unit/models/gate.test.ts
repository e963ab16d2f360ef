// Calls in flight of one provider, and what it says of its limits: on a clock of its own, and against the server with true headers.

import assert from 'node:assert/strict';
import { setMaxListeners } from 'node:events';
import fc from 'fast-check';
import { Gate, type Pass } from '../../../src/adapters/models/gate.ts';
import { limitsIn } from '../../../src/adapters/models/limits.ts';
import { endpointOf } from '../../../src/adapters/models/providers.ts';
import { PatientClient, RETRY } from '../../../src/adapters/models/retry.ts';
import { clientFor } from '../../../src/adapters/models/sdk.ts';
import { ModelServer } from '../../models/server.ts';

const never = new AbortController().signal;
setMaxListeners(0, never);
const NOW = Date.parse('2026-11-26T12:00:00Z');

describe('the limits in headers', () => {
  const of = (h: Record<string, string>): unknown => limitsIn(new Headers(h), NOW).map((l) => [l.key, l.limit, l.remaining, l.resetAt - NOW]);

  it('are read of Anthropic, by its own clock', () => {
    assert.deepEqual(of({
      'date': 'Thu, 26 Nov 2026 12:00:10 GMT', 'anthropic-ratelimit-requests-limit': '50', 'anthropic-ratelimit-requests-remaining': '3', 'anthropic-ratelimit-requests-reset': '2026-11-26T12:00:40Z',
      'anthropic-ratelimit-input-tokens-limit': '30000', 'anthropic-ratelimit-input-tokens-remaining': '0', 'anthropic-ratelimit-input-tokens-reset': '2026-11-26T12:01:10Z',
    }), [['requests', 50, 3, 30_000], ['input', 30_000, 0, 60_000]]);
  });

  it('are read of OpenAI and its like, as durations, seconds and epochs', () => {
    const ms = (reset: string): unknown => (of({ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': reset }) as number[][])[0]?.[3];
    assert.deepEqual(['1s', '6m0s', '120ms', '2m59.56s', '1h2m', '7', String(NOW / 1000 + 5), String(NOW + 5000), '2026-11-26T12:00:05Z'].map(ms), [1000, 360_000, 120, 179_560, 3_720_000, 7000, 5000, 5000, 5000]);
    assert.deepEqual(of({ 'x-ratelimit-limit-requests': '60', 'x-ratelimit-remaining-requests': '59', 'x-ratelimit-reset-requests': '1s', 'x-ratelimit-limit-tokens': '150000', 'x-ratelimit-remaining-tokens': '149984', 'x-ratelimit-reset-tokens': '6m0s' }), [['requests', 60, 59, 1000], ['tokens', 150_000, 149_984, 360_000]]);
    assert.deepEqual(of({ 'x-ratelimit-limit': '20', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW + 60_000) }), [['requests', 20, 0, 60_000]]);
  });

  it('are no limits where half is missing or makes no sense', () => {
    for (const h of [{}, { 'x-ratelimit-remaining-requests': '0' }, { 'x-ratelimit-remaining-requests': 'none', 'x-ratelimit-reset-requests': '1s' }, { 'x-ratelimit-remaining-requests': '1', 'x-ratelimit-reset-requests': 'soon' }]) assert.deepEqual(of(h as Record<string, string>), []);
  });
});

describe('the gate of a provider', () => {
  let clock: number;
  let waits: number[];
  let said: string[];
  beforeEach(() => {
    clock = NOW;
    waits = [];
    said = [];
  });
  const gate = (most: number): Gate => new Gate('openai', most, {
    now: () => clock, say: (t) => said.push(t),
    wait: (ms) => {
      waits.push(ms);
      clock += ms;
      return Promise.resolve();
    },
  });

  /** How many may begin at once. */
  async function width(g: Gate): Promise<number> {
    const passes: Pass[] = [];
    for (;;) {
      const abort = new AbortController();
      const pass = await Promise.race([g.enter(1, abort.signal).catch(() => null), new Promise<null>((r) => { setImmediate(() => { r(null); }); })]);
      abort.abort(new Error('enough'));
      if (pass === null) break;
      passes.push(pass);
    }
    await Promise.resolve();
    for (const p of passes) p.done(false);
    return passes.length;
  }

  it('lets no more calls begin than are allowed, and as many as wait when they end', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 30 }), async (most, calls) => {
      const g = gate(most);
      let [now, peak] = [0, 0];
      await Promise.all(Array.from({ length: calls }, async () => {
        const pass = await g.enter(10, never);
        peak = Math.max(peak, ++now);
        await new Promise((turn) => setImmediate(turn));
        now--;
        pass.done(false);
      }));
      assert.equal(peak, Math.min(most, calls));
    }), { numRuns: 20 });
  });

  it('halves what is allowed when the provider says too many, once for calls of one time, and grows it slowly', async () => {
    const g = gate(8);
    const eight: Pass[] = [];
    for (let i = 0; i < 8; i++) eight.push(await g.enter(1, never));
    clock += 10;
    for (const p of eight) p.done(true);
    assert.equal(await width(g), 4, 'eight refusals of one moment are one');
    const grown: number[] = [];
    for (let i = 0; i < 40; i++) {
      (await g.enter(1, never)).done(false);
      grown.push(await width(g));
    }
    assert.ok(grown[0] !== 8 && grown.at(-1) === 8, grown.join(' '));
    for (let i = 0; i < 6; i++) {
      clock += 10;
      (await g.enter(1, never)).done(true);
    }
    assert.equal(await width(g), 1, 'one may always go');
  });

  it('waits for its limits to fill up instead of running into them', async () => {
    const g = gate(4);
    const first = await g.enter(1000, never);
    first.heard(new Headers({ 'x-ratelimit-limit-requests': '60', 'x-ratelimit-remaining-requests': '1', 'x-ratelimit-reset-requests': '59s', 'x-ratelimit-limit-tokens': '100000', 'x-ratelimit-remaining-tokens': '1500', 'x-ratelimit-reset-tokens': '98.5s' }));
    first.done(false);
    const second = await g.enter(1000, never);
    assert.deepEqual(waits, [], 'one request and 1500 tokens are left');
    const third = await g.enter(1000, never);
    assert.deepEqual(waits.map(Math.round), [1000], 'a request comes back each second, 1000 tokens too');
    second.done(false);
    third.done(false);
    const large = await g.enter(40_000, never);
    const longest = Math.max(...waits);
    assert.ok(longest > 35_000 && longest < 45_000, String(waits));
    large.done(false);
    assert.match(said.join('\n'), /openai: its limit of tokens is nearly used up; waiting \d\d s/);
  });

  it('counts what was begun since the limits were heard, of which the provider cannot have told yet', async () => {
    const g = gate(8);
    const first = await g.enter(1, never);
    first.heard(new Headers({ 'x-ratelimit-limit-requests': '10', 'x-ratelimit-remaining-requests': '2', 'x-ratelimit-reset-requests': '8s' }));
    await g.enter(1, never);
    await g.enter(1, never);
    assert.deepEqual(waits, [], 'two are left');
    await g.enter(1, never);
    assert.deepEqual([waits, said], [[1000], []], 'the third waits for one of the eight that come back in 8 s, which nobody notices');
  });

  it('does not wait beforehand for hours: the provider says itself what is then', async () => {
    const g = gate(4);
    const first = await g.enter(10, never);
    first.heard(new Headers({ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '23h' }));
    await g.enter(10, never);
    assert.deepEqual(waits, []);
  });

  it('lets who waits go when the run is aborted', async () => {
    const g = gate(1);
    await g.enter(1, never);
    const abort = new AbortController();
    const waiting = g.enter(1, abort.signal);
    abort.abort(new Error('stopped'));
    await assert.rejects(waiting, /stopped/);
  });
});

for (const [model, path, headers] of [
  ['openai/x', '/v1', (left: number) => ({ 'x-ratelimit-limit-requests': '10', 'x-ratelimit-remaining-requests': String(left), 'x-ratelimit-reset-requests': `${(10 - left) * 30}ms` })],
  ['anthropic/x', '', (left: number) => ({ 'date': new Date().toUTCString(), 'anthropic-ratelimit-requests-limit': '10', 'anthropic-ratelimit-requests-remaining': String(left), 'anthropic-ratelimit-requests-reset': new Date(Math.floor(Date.now() / 1000) * 1000 + (10 - left) * 30).toISOString() })],
] as const) {
  describe(`the limits of ${model} over the wire`, () => {
    it('are kept: of many calls at once none is refused for them', async () => {
      // A bucket of ten that gets one back each 30 ms, as providers have it.
      let [left, at] = [10, Date.now()];
      let refused = 0;
      const server = await new ModelServer(() => {
        left = Math.min(10, left + (Date.now() - at) / 30);
        at = Date.now();
        if (left < 1) {
          refused++;
          return { status: 429, headers: { ...headers(0), 'retry-after-ms': '30' } };
        }
        left--;
        return { text: 'well', headers: headers(Math.floor(left)) };
      }).start();
      try {
        const gate = new Gate('x', 4, { say: () => undefined });
        const client = new PatientClient(clientFor(endpointOf(model, `${server.url}${path}`, '/nowhere', { OPENAI_API_KEY: 'k', ANTHROPIC_API_KEY: 'k' })), gate, { ...RETRY, firstMs: 10, onWait: () => undefined });
        const answers = await Promise.all(Array.from({ length: 30 }, () => client.complete({ system: '', messages: [{ role: 'user', text: 'x' }], maxTokens: 10 }, never)));
        assert.equal(answers.filter((a) => a.text === 'well').length, 30);
        assert.ok(refused <= 2, `${refused} of ${server.log.length} were refused`);
      } finally {
        await server.stop();
      }
    });
  });
}
