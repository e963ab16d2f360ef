// Prices, and a cap that holds with calls in flight.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { NO_USAGE, type ModelRequest } from '../../../src/adapters/models/client.ts';
import { costOf, costOfAnswer, parsePrices, priceOf } from '../../../src/adapters/models/prices.ts';
import table from '../../../src/adapters/models/prices.json' with { type: 'json' };
import { CallCost, Purse } from '../../../src/adapters/models/purse.ts';
import { endpointOf } from '../../../src/adapters/models/providers.ts';

const request = (text: string, maxTokens = 4000): ModelRequest => ({ system: '', messages: [{ role: 'user', text }], maxTokens });

describe('prices', () => {
  it('each say when and against what they were checked', () => {
    const said = table.checked.flatMap((c) => c.models);
    assert.deepEqual([...said].sort(), Object.keys(table.models).sort());
    for (const { on } of table.checked) assert.ok(on === null || /^\d{4}-\d\d-\d\d$/.test(on));
  });

  const at = (model: string, url: string | null = null): Parameters<typeof priceOf>[0] => endpointOf(model, url, '/nowhere', { OPENAI_API_KEY: 'k', ANTHROPIC_API_KEY: 'k' });

  it('are the user\'s, else none on this machine, else the table\'s, also of a dated name', () => {
    assert.deepEqual(priceOf(at('anthropic/claude-sonnet-4-5'), {}), { known: true, from: 'table', price: { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 } });
    assert.deepEqual(priceOf(at('anthropic/claude-sonnet-4-5-20250929'), {}), priceOf(at('anthropic/claude-sonnet-4-5'), {}));
    assert.deepEqual(priceOf(at('openai/x', 'http://127.0.0.1:1/v1'), {}), { known: true, from: 'local', price: { input: 0, output: 0 } });
    assert.deepEqual(priceOf(at('openai/x', 'http://127.0.0.1:1/v1'), { 'openai/x': { input: 1, output: 2 } }), { known: true, from: 'user', price: { input: 1, output: 2 } });
    assert.deepEqual(priceOf(at('openai/of-next-year'), {}), { known: false });
  });

  it('count each kind of token, what the provider says, and what broke off', () => {
    const price = { input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 };
    assert.equal(costOf(price, { input: 1e6, cacheRead: 1e6, cacheWrite: 1e6, output: 1e6 }), 22.05);
    assert.equal(costOf({ input: 3, output: 15 }, { input: 0, cacheRead: 1e6, cacheWrite: 1e6, output: 0 }), 6);
    assert.equal(costOf(price, { ...NO_USAGE, output: 5, usd: 0.5 }), 0.5);
    assert.equal(costOfAnswer({ known: true, from: 'user', price }, { text: '', stop: 'end', usage: { ...NO_USAGE, output: 1e6 }, lost: [{ ...NO_USAGE, input: 1e6 }] }), 18);
  });

  it('of a file are checked', () => {
    assert.deepEqual(parsePrices('{"openai/x": {"input": 1, "output": 2.5, "cacheRead": 0}}', 'p.json'), { 'openai/x': { input: 1, output: 2.5, cacheRead: 0 } });
    for (const text of ['{', '[]', '{"openai/x": 3}', '{"openai/x": {"input": 1}}', '{"openai/x": {"input": -1, "output": 1}}']) assert.throws(() => parsePrices(text, 'p.json'), /--prices p\.json/, text);
  });
});

describe('the purse', () => {
  const PRICE = { input: 10, output: 50 };
  const reserve = (purse: Purse, r: ModelRequest): ReturnType<typeof purse.reserve<{ most: number; maxTokens: number }>> => purse.reserve((left) => new CallCost(PRICE).fit(r, left));

  it('never lets calls in flight go over the limit, whatever they cost up to what they may', async () => {
    await fc.assert(fc.asyncProperty(
      fc.double({ min: 0.01, max: 2, noNaN: true }), fc.array(fc.record({ bytes: fc.integer({ min: 10, max: 20_000 }), want: fc.integer({ min: 100, max: 20_000 }), share: fc.double({ min: 0, max: 1, noNaN: true }) }), { minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 5 }),
      async (limit, calls, lanes) => {
        const purse = new Purse(limit, 0);
        let spent = 0;
        const work = async (mine: typeof calls): Promise<void> => {
          for (const c of mine) {
            const r = request('x'.repeat(c.bytes), c.want);
            const got = await reserve(purse, r);
            if (got === null) continue;
            await new Promise((turn) => setImmediate(turn));
            // At most a token a byte, and the answer that was allowed.
            const usd = ((c.bytes * PRICE.input + got.maxTokens * PRICE.output) / 1e6) * c.share;
            spent += usd;
            got.settle(usd);
          }
        };
        await Promise.all(Array.from({ length: lanes }, (_, i) => work(calls.filter((_c, k) => k % lanes === i))));
        assert.ok(spent <= limit + 1e-9, `${spent} of ${limit}`);
      },
    ), { numRuns: 60 });
  });

  it('shortens an answer to what is left, waits for what hangs in the air, and then says no', async () => {
    const purse = new Purse(0.2, 0);
    const first = await reserve(purse, request('x'.repeat(1000), 3000));
    assert.equal(first?.maxTokens, 3000);
    let settled = false;
    const waiting = reserve(purse, request('x'.repeat(1000), 3000)).then((r) => {
      assert.ok(settled, 'it waits for what the first will cost');
      return r?.maxTokens ?? 0;
    });
    await new Promise((turn) => setImmediate(turn));
    settled = true;
    first.settle(0.1);
    const second = await waiting;
    assert.ok(second > 1000 && second < 2000, String(second));
    const spent = new Purse(0.2, 0.19);
    assert.equal(await reserve(spent, request('x'.repeat(1000))), null);
  });

  it('without a limit only counts, and learns how many tokens a byte is', async () => {
    const free = new Purse(null, 0);
    assert.equal((await reserve(free, request('x', 9999)))?.maxTokens, 9999);
    const purse = new Purse(0.1, 0);
    const cost = new CallCost(PRICE);
    const long = request('x'.repeat(9000));
    assert.equal(await purse.reserve((left) => cost.fit(long, left)), null);
    cost.learn(long, { ...NO_USAGE, input: 2000 });
    assert.ok(await purse.reserve((left) => cost.fit(long, left)));
  });

  it('gives a call that has ended back while others are in flight', async () => {
    const purse = new Purse(1, 0);
    const take = (most: number): ReturnType<typeof purse.reserve<{ most: number }>> => purse.reserve((left) => (most <= left ? { most } : null));
    const [a, b] = [await take(0.4), await take(0.4)];
    a?.settle(0.1);
    a?.settle(0.1); // counts once
    assert.ok(await take(0.5), '0.1 is spent and 0.4 reserved');
    let more = false;
    const waiting = take(0.1).then((r) => (more = r !== null));
    await new Promise((turn) => setImmediate(turn));
    assert.equal(more, false, 'all is reserved');
    b?.settle(0);
    await waiting;
    assert.ok(more);
  });

  it('takes tokens of the cache into what it learns, and the most that was seen', () => {
    const r = request('x'.repeat(10_000), 1);
    const least = (cost: CallCost): number => cost.fit(r, Infinity)?.most ?? assert.fail();
    const plain = new CallCost({ input: 10, output: 0 });
    plain.learn(r, { ...NO_USAGE, input: 2000 });
    const cached = new CallCost({ input: 10, output: 0 });
    cached.learn(r, { ...NO_USAGE, input: 500, cacheRead: 1000, cacheWrite: 500 });
    assert.equal(least(cached), least(plain));
    plain.learn(r, { ...NO_USAGE, input: 1000 });
    assert.equal(least(plain), least(cached), 'a cheaper one later is no promise');
    plain.learn(r, { ...NO_USAGE, input: 4000, estimated: true });
    assert.equal(least(plain), least(cached), 'an estimate teaches nothing');
    assert.equal(new CallCost({ input: 10, output: 0 }).fit(request('x', 9999), 0.01)?.maxTokens, 9999, 'answers that cost nothing are not shortened');
  });
});
