// Objectives and metrics as text: what is written is read back, and every failure is named.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { UserError } from '../../../src/core/errors.ts';
import { fromJson, fromLines, fromRegex, toNumber, type Extracted } from '../../../src/core/metric-text.ts';
import { evaluate, metricsOf, parseObjective, printObjective, satisfies, type Expression, type Objective } from '../../../src/core/objective.ts';

const name = fc.constantFrom('latency_ms', 'accuracy', 'a.b', 'x1', '_y', 'min', 'minimize', 'and', 'to', 'subject', 'where', 'e5');
const positive = fc.oneof(fc.nat(1000), fc.double({ min: 0, max: 1e30, noNaN: true })).map((x) => x + 0);
const expression: fc.Memo<Expression> = fc.memo((n) => (n <= 1 ? leaf : fc.oneof(leaf, fc.record({ op: fc.constantFrom('+', '-', '*', '/'), left: expression(n - 1), right: expression(n - 1) }, { noNullPrototype: true }))));
const leaf: fc.Arbitrary<Expression> = fc.oneof(fc.record({ op: fc.constant('metric' as const), name }, { noNullPrototype: true }), fc.record({ op: fc.constant('number' as const), value: positive }, { noNullPrototype: true }));
const objective: fc.Arbitrary<Objective> = fc.record({
  direction: fc.constantFrom('minimize' as const, 'maximize' as const),
  expression: expression(4),
  constraints: fc.array(fc.record({ metric: name, relation: fc.constantFrom('<=' as const, '>=' as const, '<' as const, '>' as const, '==' as const), bound: fc.oneof(positive, positive.map((x) => 0 - x)) }, { noNullPrototype: true }), { maxLength: 3 }),
}, { noNullPrototype: true });

describe('objectives', () => {
  it('are read back as they were printed', () => {
    fc.assert(fc.property(objective, (o) => assert.deepEqual(parseObjective(printObjective(o)), o)), { numRuns: 2000 });
  });

  it('are evaluated with the usual precedence, and NaN for what is missing', () => {
    const values = { a: 2, b: 3, c: 4 };
    for (const [text, expected] of [['a + b * c', 14], ['(a + b) * c', 20], ['a - b - c', -5], ['c / a / 2', 1], ['-a * b', -6], ['a - -b', 5], ['1e2 + .5', 100.5], ['a + missing', NaN], ['a / 0', Infinity]] as const)
      assert.equal(evaluate(parseObjective(`minimize ${text}`).expression, values), expected, text);
    assert.deepEqual(metricsOf(parseObjective('minimize a / b + a subject to c > 1 and a < 2')), ['a', 'b', 'c']);
  });

  it('are read in the words that people use', () => {
    const usual = printObjective(parseObjective('minimize a subject to b >= 0.9 and c < -2'));
    for (const text of ['Minimise a such that b >= .9, c<-2', 'MIN a s.t. b>=0.90 and c < -2.0', 'min  a\nwhere b >= 9e-1 , c < -2'])
      assert.equal(printObjective(parseObjective(text)), usual, text);
  });

  it('that are wrong name the character and a remedy', () => {
    for (const [text, at, what] of [
      ['', 1, 'it must begin'], ['fast', 1, 'it must begin'], ['minimize', 9, 'a metric or a number was expected'], ['minimize  @', 11, 'unexpected "@"'], ['min a b', 7, '"b" was not expected here'],
      ['min (a', 7, 'a ")" is missing'], ['min a subject to', 17, 'a metric was expected'], ['min a subject to b', 19, 'one of <= >= < > == was expected'],
      ['min a subject to b >=  x', 24, 'a number was expected'], ['min a subject to b > 1 and', 27, 'a metric was expected'], ['min a = 2', 7, 'unexpected "="'], ['min 2x', 6, '"x" was not expected here'],
    ] as const) {
      assert.throws(() => parseObjective(text), (e) => e instanceof UserError && e.exitCode === 2 && e.message.includes(`character ${at}: ${what}`) && e.remedy.includes('subject to'), text);
    }
  });

  it('constraints hold for values only', () => {
    for (const relation of ['<=', '>=', '<', '>', '=='] as const) assert.equal(satisfies({ metric: 'a', relation, bound: 1 }, NaN), false);
    assert.deepEqual((['<=', '>=', '<', '>', '=='] as const).map((relation) => satisfies({ metric: 'a', relation, bound: 1 }, 1)), [true, true, false, false, true]);
  });
});

const read = (e: Extracted): number | string => (e.ok ? e.value : e.reason);

describe('metrics out of text', () => {
  it('give back any number, however it is printed', () => {
    const value = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }).map((x) => x + 0));
    const form = fc.constantFrom<(n: string, v: string) => string>((n, v) => `${n}: ${v}`, (n, v) => `${n}=${v}`, (n, v) => `Final ${n} value = ${v}`, (n, v) => `"${n}": ${v},`, (n, v) => `${n} is ${v}`, (n, v) => `${n.toUpperCase().replaceAll('_', ' ')}: ${v} ms`, (n, v) => `${n} (lower is better): ${v}`);
    const noise = fc.array(fc.constantFrom('starting', 'step 3 of 10', 'time_msx: 9', 'mytime_ms: 9', 'other_time_ms: 9', ''), { maxLength: 4 });
    fc.assert(fc.property(value, form, noise, noise, fc.constantFrom('\n', '\r\n'), (v, f, before, after, end) => {
      const text = [...before, f('time_ms', String(v)), ...after].join(end);
      assert.deepEqual(fromLines(text, 'time_ms'), { ok: true, value: v, matches: 1 }, text);
    }), { numRuns: 1000 });
  });

  it('stop where the number stops', () => {
    for (const [text, expected] of [
      ['errors: 12, warnings: 3', 12], ['errors: 12,', 12], ['errors: 12.', 12], ['errors: 1,234,567.5 in all', 1234567.5], ['errors: 1_000', 1000], ['errors: 5ms', 5], ['errors: 5e', 5], ['errors: -5', -5], ['errors: +.5', 0.5],
      ['errors: 1,23', 'errors is not a number: "1,23"'], ['errors: 1,2,3', 'errors is not a number: "1,2,3"'], ['errors: 0x1F', 'nothing printed "errors: <number>"'], ['errors: 1e999', 'errors is not a number: "1e999"'],
      ['errors: NaN', 'errors is NaN'], ['errors = -inf', 'errors is infinite'], ['errors: nano', 'nothing printed "errors: <number>"'], ['errors: none', 'nothing printed "errors: <number>"'],
    ] as const) assert.equal(read(fromLines(text, 'errors')), expected, text);
  });

  it('do not take a number from another line', () => {
    for (const text of ['speedup:\n3 tests passed', 'speedup\n12:30', 'speedup =\r\n 4']) assert.equal(read(fromLines(text, 'speedup')), 'nothing printed "speedup: <number>"', text);
  });

  it('take the last, and say how many there were', () => {
    assert.deepEqual(fromLines('t: 1\nt=2 t=3\n', 't'), { ok: true, value: 3, matches: 3 });
    assert.equal(read(fromLines('t: 1\nt: nan\n', 't')), 't is NaN', 'the last counts also when it is no number');
    assert.deepEqual(fromRegex('a=1\nb=2\na=3', '^a=(\\d+)', 'a'), { ok: true, value: 3, matches: 2 });
    assert.deepEqual(fromJson('{"a":1}\nlog\n{"b":1}\n{"a":2}', 'a', 'a'), { ok: true, value: 2, matches: 2 });
  });

  it('names of metrics are no patterns', () => {
    assert.equal(read(fromLines('axb: 1', 'a.b')), 'nothing printed "a.b: <number>"');
    assert.equal(read(fromLines('a.b: 1', 'a.b')), 1);
  });

  it('JSON: each way to have no number is named', () => {
    for (const [text, key, expected] of [
      ['', 'a', 'no JSON was printed'], ['{"a": }', 'a', 'no JSON was printed'], ['{"b": 1}', 'a', 'the JSON has no key "a"'], ['{"a": null}', 'a', 'm is not a number: "null"'], ['{"a": [1]}', 'a', 'm is not a number: "[1]"'],
      ['{"a": "1.5"}', 'a', 1.5], ['{"a": {"b": [0, 7]}}', 'a.b.1', 7], ['{"a": 1e999}', 'a', 'm is not finite'], ['3.5', '', 3.5], ['{"a": true}', 'a', 'm is not a number: "true"'],
      ['{"a": 1}', 'toString', 'the JSON has no key "toString"'], ['{"a": 1}', 'a.constructor', 'the JSON has no key "a.constructor"'],
      ['progress {1}\n{"a": 2}\n[not json', 'a', 2],
    ] as const) assert.equal(read(fromJson(text, key, 'm')), expected, text);
  });

  it('patterns: each way to have no number is named', () => {
    assert.equal(read(fromRegex('nothing', 'x=(\\d+)', 'm')), 'the pattern /x=(\\d+)/ matches nothing that was printed');
    assert.equal(read(fromRegex('x=abc', 'x=(\\w+)', 'm')), 'm is not a number: "abc"');
    assert.equal(read(fromRegex('x', 'x|(y)', 'm')), 'm is not a number: "x"');
    assert.equal(read(toNumber(' 1.5\n', 'm')), 1.5);
    assert.equal(read(toNumber('', 'm')), 'm is not a number: ""');
  });

  it('take time in proportion to the text', () => {
    const long = `${'speedup '.repeat(20_000)}\n${'a'.repeat(200_000)}: 1\n${'1'.repeat(100_000)},\n`;
    assert.equal(read(fromLines(`${long}speedup: 2`, 'speedup')), 2);
  }).timeout(20_000);
});
