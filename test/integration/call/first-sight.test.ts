// Gains that rest on the same inputs coming again, told from what is set up once: by inputs that code sees for the first time when others have warmed it up.

import assert from 'node:assert/strict';
import { coldWarmOf, onlyWhenRepeated, type ColdWarm } from '../../../src/adapters/call/plausible.ts';
import { apart } from '../../../src/adapters/call/split.ts';
import { cleanUp, project, run, target } from './run-call.ts';

const SETUP = 12_000_000;
const JS = {
  original: 'export function f(n) { let x = n; for (let i = 0; i < 1500000; i++) x = (x * 31 + i) % 1000003; return n; }',
  // As a first parse of a date, which loads the time zones.
  setUp: `let table = null; export function f(n) { if (table === null) { table = 1; for (let i = 0; i < ${SETUP}; i++) table = (table * 31 + i) % 1000003; } let x = n; for (let i = 0; i < 3000; i++) x = (x * 31 + i) % 1000003; return n; }`,
  cache: 'const known = new Map(); export function f(n) { if (known.has(n)) return known.get(n); let x = n; for (let i = 0; i < 1500000; i++) x = (x * 31 + i) % 1000003; known.set(n, n); return n; }',
};
const PY = {
  original: 'def f(n):\n    x = n\n    for i in range(150000):\n        x = (x * 31 + i) % 1000003\n    return n\n',
  setUp: 'table = []\ndef f(n):\n    x = n\n    if not table:\n        table.append(1)\n        for i in range(1500000):\n            x = (x * 31 + i) % 1000003\n    for i in range(500):\n        x = (x * 31 + i) % 1000003\n    return n\n',
  cache: 'known = {}\ndef f(n):\n    if n in known:\n        return known[n]\n    x = n\n    for i in range(150000):\n        x = (x * 31 + i) % 1000003\n    known[n] = n\n    return n\n',
};

describe('first sight', function () {
  this.timeout(120_000);
  after(cleanUp);

  for (const [file, versions] of [['f.mjs', JS], ['f.py', PY]] as const) {
    it(`of inputs tells a cache from what is set up once, in ${file}`, async () => {
      const at = async (code: string, warmOn?: readonly number[]): Promise<ColdWarm> => {
        const root = project({ [file]: code, 'inputs.json': JSON.stringify([[1], [2], [3], [4]]) });
        const { parsed } = await run(root, await target(file, 'f', { file: 'inputs.json' }), { mode: 'time', indices: [0, 2, 3], loops: 2, passes: 3, warmupMs: 20, mutates: false, verify: [], ...(warmOn === undefined ? {} : { warmOn }) });
        return parsed.ok ? coldWarmOf(parsed.answer) : assert.fail(JSON.stringify(parsed));
      };
      // In the very first pass of a process both look the same.
      const first = await at(versions.original);
      for (const code of [versions.setUp, versions.cache]) assert.match(onlyWhenRepeated(first, await at(code)) ?? '', /it keeps results from call to call$/);
      const warmed = await at(versions.original, [1]);
      assert.equal(onlyWhenRepeated(warmed, await at(versions.setUp, [1]), 5e4), null);
      assert.match(onlyWhenRepeated(warmed, await at(versions.cache, [1]), 5e4) ?? '', /it keeps results from call to call$/);
    });
  }

  it('takes other inputs to warm up on: those held out, else every fourth', () => {
    assert.deepEqual(apart({ search: [0, 2], heldOut: [1] }), [[1], [0, 2]]);
    assert.deepEqual(apart({ search: [0, 1, 2, 3, 4, 5], heldOut: [] }), [[1, 5], [0, 2, 3, 4]]);
    assert.deepEqual(apart({ search: [0], heldOut: [] }), [[], [0]]);
  });
});
