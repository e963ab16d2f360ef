import assert from 'node:assert/strict';
import fc from 'fast-check';
import { compareOutcomes, compareResults, compareValues } from '../../../src/adapters/call/compare.ts';
import type { CallResult, Encoded } from '../../../src/adapters/call/protocol.ts';

const exact = { relative: 0, absolute: 0, ordered: true };
const list = (...v: Encoded[]): Encoded => ['seq', 'list', v];
const set = (...v: Encoded[]): Encoded => ['set', 'set', v];
const dict = (...v: Encoded[]): Encoded => ['map', 'dict', v];
const diff = (a: Encoded, b: Encoded, options = exact): string | null => compareValues(a, b, options).difference;

describe('comparing results', () => {
  it('compares numbers by the tolerances, whole ones by the absolute one', () => {
    const rows: readonly (readonly [Encoded, Encoded, Partial<typeof exact>, boolean])[] = [
      [1.5, 1.5, {}, true], [1.5, 1.6, {}, false], [1.5, 1.6, { absolute: 0.11 }, true], [100.5, 101.5, { relative: 0.01 }, true], [100.5, 101.6, { relative: 0.01 }, false],
      [100, 101, { relative: 0.1 }, false], [100, 101, { absolute: 1 }, true], [['f', 100], ['f', 101], { relative: 0.1 }, true], [['f', 1], 1, {}, true], [0, ['num', '-0'], {}, true],
      [['num', 'NaN'], ['num', 'NaN'], {}, true], [1, ['num', 'NaN'], { absolute: 9 }, false], [['num', 'NaN'], 1, { absolute: 9 }, false], [['num', 'Infinity'], 1e308, { relative: 9 }, false],
      [['num', 'Infinity'], ['num', '-Infinity'], { relative: 9 }, false], [['num', 'Infinity'], ['num', 'Infinity'], {}, true],
      [['int', '0x20000000000001'], ['int', '0x20000000000002'], { relative: 0.1 }, false], [['int', '-0x20000000000001'], ['int', '-0x20000000000001'], {}, true], [2 ** 60, 2 ** 60 + 256, { relative: 1e-9 }, true],
      [['bigint', '1'], 1, {}, false], [true, 1, {}, false], [null, ['undef'], {}, false], ['1', 1, {}, false],
    ];
    for (const [a, b, options, same] of rows) assert.equal(diff(a, b, { ...exact, ...options }) === null, same, `${JSON.stringify(a)} ${JSON.stringify(b)} ${JSON.stringify(options)}`);
  });

  it('says where and what the first difference is', () => {
    assert.equal(diff(list(1, list(2, ['obj', 'P', ['x', 1.5]])), list(1, list(2, ['obj', 'P', ['x', 1.6]]))), 'expected 1.5, got 1.6 at [1][1].x');
    assert.equal(diff(dict('a b', 1), dict('a b', 2)), 'expected 1, got 2 at ["a b"]');
    assert.equal(diff(list(1, 2), ['seq', 'tuple', [1, 2]]), 'expected [1, 2], got tuple [1, 2]');
    assert.equal(diff(list(1, 2), list(1)), 'expected 2 items, got 1');
    const head = 'Sales of March\n==============\n\n 1. Ann Ek ';
    assert.equal(diff(`${head}12.50 and more to come after that`, `${head}13.50`), 'expected "…======\\n\\n 1. Ann Ek 12.50 and more to come afte…", got "…======\\n\\n 1. Ann Ek 13.50"', 'long texts where they differ');
    assert.equal(diff('abc', 'abd'), 'expected "abc", got "abd"');
    assert.equal(diff(dict('a', 1), dict('b', 1)), 'expected key "a", which is missing or differs');
    assert.equal(diff(set(1, 2), set(1, 3)), 'expected 2 among the items, which is missing');
    assert.equal(diff(list(null), list(['opaque', 'function'])), 'expected null, got a function at [0]');
    assert.equal(diff(['err', 'ValueError', 'a'], ['err', 'KeyError', 'a']), 'expected the exception ValueError, got the exception KeyError');
    assert.equal(diff(['f', 2], 'x'), 'expected 2.0, got "x"');
  });

  it('ignores the order of sets and keys always, of lists on request', () => {
    assert.equal(diff(set(1, ['seq', 'tuple', [2, 'a']], 0.1 + 0.2), set(0.3, 1, ['seq', 'tuple', [2, 'a']]), { ...exact, relative: 1e-9 }), null);
    assert.equal(diff(dict(1, 'a', 0.1 + 0.2, 'b'), dict(0.3, 'b', ['f', 1], 'a'), { ...exact, relative: 1e-9 }), null);
    assert.notEqual(diff(dict(0.1 + 0.2, 'b'), dict(0.3, 'c'), { ...exact, relative: 1e-9 }), null);
    const a = list(list(1, 2), list(3), list(3));
    const b = list(list(3), list(2, 1), list(3));
    assert.notEqual(diff(a, b), null);
    assert.equal(diff(a, b, { ...exact, ordered: false }), null);
    assert.notEqual(diff(a, list(list(3), list(2, 1), list(1, 2)), { ...exact, ordered: false }), null);
    assert.notEqual(diff(['seq', 'tuple', [1, 2]], ['seq', 'tuple', [2, 1]], { ...exact, ordered: false }), null, 'tuples are records');
  });

  it('takes shared and separate equal parts as equal, and ends on cycles', () => {
    const shared = list(list(1), ['ref', 1]);
    assert.equal(diff(shared, list(list(1), list(1))), null);
    assert.equal(diff(list(list(1), list(1)), shared), null);
    assert.equal(diff(shared, list(list(1), list(2))), 'expected 1, got 2 at [1][0]');
    const loop = list(1, ['ref', 0]);
    assert.equal(diff(loop, loop), null);
    assert.equal(diff(loop, list(1, list(1, ['ref', 0]))), null, 'unrolled once');
    assert.notEqual(diff(loop, list(1, list(2, ['ref', 0]))), null);
  });

  it('names what it cannot check', () => {
    const c = compareValues(dict('f', ['opaque', 'function'], 'l', list(['cut', 'depth'])), dict('f', ['opaque', 'function'], 'l', list(['cut', 'depth'])), exact);
    assert.deepEqual(c, { difference: null, unchecked: ['a function at ["f"]', 'what lies beyond the depth cap at ["l"][0]'] });
    assert.notEqual(diff(['opaque', 'function'], ['opaque', 'Socket']), null);
    assert.notEqual(diff(list(1, 2, 3), list(1, 2, ['cut', 'size'])), null);
    assert.deepEqual(compareValues(['iter', 'iterator', [1], true], ['iter', 'iterator', [1], true], exact).unchecked, ['items after the first 1']);
    assert.notEqual(diff(['iter', 'iterator', [1], true], ['iter', 'iterator', [1]]), null);
  });

  it('is reflexive, and unordered comparison is blind to shuffles', () => {
    const scalar: fc.Arbitrary<Encoded> = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }).map((x): Encoded => (Object.is(x, -0) ? 0 : x)), fc.string(), fc.boolean(), fc.constant(null));
    const { tree } = fc.letrec<{ tree: Encoded }>((tie) => ({
      tree: fc.oneof({ maxDepth: 3 }, scalar, fc.array(tie('tree'), { maxLength: 4 }).map((v) => list(...v)), fc.uniqueArray(fc.integer(), { maxLength: 4 }).map((v) => set(...v)), fc.dictionary(fc.string(), tie('tree'), { maxKeys: 3 }).map((o) => dict(...Object.entries(o).flat()))),
    }));
    fc.assert(fc.property(tree, (v) => { assert.equal(diff(v, structuredClone(v)), null); }));
    fc.assert(fc.property(fc.array(tree, { maxLength: 6 }).chain((v) => fc.tuple(fc.constant(v), fc.shuffledSubarray(v, { minLength: v.length }))), ([a, b]) => {
      assert.equal(diff(set(...a), set(...b)), null);
      assert.equal(diff(list(...a), list(...b), { ...exact, ordered: false }), null);
    }));
  });

  it('compares outcomes and changed arguments', () => {
    const ok = (value: Encoded, more: Partial<CallResult> = {}): CallResult => ({ index: 3, input: 'h', mutated: null, ok: true, value, ...more } as CallResult);
    const results = (a: CallResult, b: CallResult): string | null => compareResults([a], [b], exact).difference;
    assert.equal(results(ok(1), ok(1)), null);
    assert.equal(results(ok(1.5), ok(1.6)), 'input 3: expected 1.5, got 1.6');
    assert.equal(results(ok(1), ok(1, { input: 'g' }))?.startsWith('input 3: it is not the input'), true);
    assert.equal(results(ok(1), ok(1, { index: 4 })), 'input 3: there is no result');
    assert.match(results(ok(1), ok(1, { mutated: list(1) })) ?? '', /arguments are changed/);
    assert.match(results(ok(1, { mutated: list(1) }), ok(1)) ?? '', /left as they are/);
    assert.equal(results(ok(1, { mutated: list(1) }), ok(1, { mutated: list(2) })), 'input 3: expected 1, got 2 at [0] in the arguments after the call');
    const raise = (type: string) => ({ ok: false as const, type, message: 'm' });
    assert.equal(compareOutcomes(raise('A'), { ...raise('A'), message: 'other' }, exact).difference, null);
    assert.equal(compareOutcomes(raise('A'), raise('B'), exact).difference, 'expected the exception A, got the exception B: m');
    assert.equal(compareOutcomes(raise('A'), { ok: true, value: 1 }, exact).difference, 'expected the exception A, got 1');
  });
});
