import assert from 'node:assert/strict';
import { fromJson, fromLines, fromRegex } from '../../src/core/metric-text.ts';

const value = (r: ReturnType<typeof fromLines>): number | string => (r.ok ? r.value : r.reason);

describe('metrics out of text', () => {
  for (const [text, name, expected] of [
    ['speedup: 1.5', 'speedup', 1.5],
    ['Final speedup value = 1.5', 'speedup', 1.5],
    ['speedup = 1.5x', 'speedup', 1.5],
    ['SPEEDUP:2', 'speedup', 2],
    ['latency_ms: 1,234.5 ms', 'latency_ms', 1234.5],
    ['latency ms: 7', 'latency_ms', 7],
    ['accuracy: 91.5%', 'accuracy', 91.5],
    ['"accuracy": 0.5', 'accuracy', 0.5],
    ['loss: 1e-5', 'loss', 1e-5],
    ['loss: -.5', 'loss', -0.5],
    ['my_speedup: 9\nspeedup: 2', 'speedup', 2],
    ['speedup: 9\nspeedup: 2\n', 'speedup', 2],
    ['speedup_total: 9\nspeedup is 3', 'speedup', 3],
    ['Speedup over baseline 10 runs: 4', 'speedup', 'nothing printed "speedup: <number>"'],
    ['speedup: nan', 'speedup', 'speedup is NaN'],
    ['speedup: inf', 'speedup', 'speedup is infinite'],
    ['nothing here', 'speedup', 'nothing printed "speedup: <number>"'],
  ] as const) it(`reads ${JSON.stringify(text)}`, () => assert.equal(value(fromLines(text, name)), expected));

  it('counts the places, so that an extra one can be seen', () => {
    const r = fromLines('t: 1\nt: 2\nt: 3', 't');
    assert.ok(r.ok);
    assert.deepEqual([r.value, r.matches], [3, 3]);
  });
  it('reads JSON documents and JSON lines', () => {
    assert.equal(value(fromJson('{"a":{"b":[1,2.5]}}', 'a.b.1', 'x')), 2.5);
    assert.equal(value(fromJson('log\n{"x":1}\n[skip]\n{"x":2}\n', 'x', 'x')), 2);
    assert.equal(value(fromJson('{"x":"NaN"}', 'x', 'x')), 'x is NaN');
    assert.equal(value(fromJson('{"y":1}', 'x', 'x')), 'the JSON has no key "x"');
  });
  it('reads the last match of a pattern', () => {
    assert.equal(value(fromRegex('a=1\na=2', '^a=(\\d)', 'a')), 2);
    assert.equal(value(fromRegex('a 7', '\\d', 'a')), 7);
  });
});
