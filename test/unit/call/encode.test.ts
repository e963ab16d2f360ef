import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareValues } from '../../../src/adapters/call/compare.ts';
import { deepCopy } from '../../../src/adapters/call/copy.ts';
import { encode } from '../../../src/adapters/call/encode.ts';
import { defaultLimits, type Encoded } from '../../../src/adapters/call/protocol.ts';

const exact = { relative: 0, absolute: 0, ordered: true };
const enc = (v: unknown, limits = defaultLimits): Encoded => JSON.parse(encode(v, limits, true)) as Encoded;
const anything = fc.anything({ withBigInt: true, withDate: true, withMap: true, withSet: true, withTypedArray: true, withSparseArray: true, withNullPrototype: true });

describe('encoding and copying JavaScript values', () => {
  it('is JSON for any value, equal for a deep copy, and leaves the value alone', () => {
    fc.assert(fc.property(anything, (v) => {
      const before = encode(v, defaultLimits, false);
      const copy = deepCopy(v);
      assert.equal(encode(copy, defaultLimits, false), before);
      assert.equal(encode(v, defaultLimits, false), before);
      assert.equal(compareValues(enc(v), enc(copy), exact).difference, null);
    }), { numRuns: 500 });
  });

  it('differs where values differ', () => {
    fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      let same = true;
      try {
        assert.deepEqual(JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b)));
      } catch { same = false; }
      assert.equal(compareValues(enc(JSON.parse(JSON.stringify(a))), enc(JSON.parse(JSON.stringify(b))), exact).difference === null, same);
    }), { numRuns: 500 });
  });

  it('a copy shares nothing that can change, keeps sharing, cycles and classes', () => {
    class P { items: unknown[] = [1]; }
    const shared = { n: 1 };
    const source = { a: shared, b: shared, p: new P(), m: new Map([[shared, new Set([shared])]]), f: () => 1, buffer: Buffer.from('x'), date: new Date(5), loop: null as unknown };
    source.loop = source;
    const copy = deepCopy(source) as typeof source;
    assert.ok(copy.a === copy.b && copy.a !== shared && copy.loop === copy && copy.f === source.f);
    assert.ok(copy.p instanceof P && copy.p.items !== source.p.items && [...copy.m.keys()][0] === copy.a);
    assert.ok(Buffer.isBuffer(copy.buffer) && copy.buffer !== source.buffer && copy.date.getTime() === 5);
    assert.throws(() => deepCopy([[1].values()]), /cannot be copied/);
  });

  it('cuts at its caps without end', () => {
    const loop: unknown[] = [];
    loop.push(loop, loop);
    assert.deepEqual(enc(loop), ['seq', 'Array', [['ref', 0], ['ref', 0]]]);
    let deep: unknown = 0;
    for (let i = 0; i < 100_000; i++) deep = [deep];
    assert.match(encode(deep, defaultLimits, true), /\["cut","depth"\]/);
    assert.deepEqual(enc(Array.from({ length: 50 }, (_, i) => i), { ...defaultLimits, nodes: 4 }), ['seq', 'Array', [0, 1, 2, ['cut', 'size']]]);
    const endless = (function* () { for (;;) yield 1; })();
    assert.deepEqual(enc(endless, { ...defaultLimits, items: 2 }), ['iter', 'iterator', [1, 1], true]);
  });
});
