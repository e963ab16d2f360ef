// Answers of models, read as a careful person would.
import assert from 'node:assert/strict';
import { parseAnswer } from '../../../src/core/answers/parse.ts';
import { baseGenome, type BaseFile } from '../../../src/core/pin.ts';
import { findPins } from '../../../src/adapters/syntax/pins.ts';

const text = 'import math\n\n\n# sigil: improve\ndef f(x):\n    total = 0\n    for i in range(x):\n        total += i\n    return total\n\n\ndef g(y):\n    return y\n';

async function base(): Promise<BaseFile[]> {
  return [{ file: 'a.py', text, pins: (await findPins('a.py', text)).pins }];
}

describe('an answer', () => {
  it('may be a SEARCH/REPLACE block', async () => {
    const files = await base();
    const answer = 'Use a formula.\n\n<<<<<<< SEARCH\n    total = 0\n    for i in range(x):\n        total += i\n    return total\n=======\n    return x * (x - 1) // 2\n>>>>>>> REPLACE\n';
    assert.deepEqual(parseAnswer(answer, { parent: baseGenome(files), base: files }), { kind: 'genome', genome: { 'a.py#f': 'def f(x):\n    return x * (x - 1) // 2' }, summary: 'Use a formula.' });
  });

  it('may be a whole function', async () => {
    const files = await base();
    assert.deepEqual(parseAnswer('```python\ndef f(x):\n    return 1\n```', { parent: baseGenome(files), base: files }), { kind: 'genome', genome: { 'a.py#f': 'def f(x):\n    return 1' }, summary: 'changes a.py#f' });
  });

  it('is asked for again when a block does not match, with the nearest text', async () => {
    const files = await base();
    const parsed = parseAnswer('<<<<<<< SEARCH\n    total = 1\n    for i in range(x):\n=======\n    for i in range(x):\n>>>>>>> REPLACE\n', { parent: baseGenome(files), base: files });
    assert.ok(parsed.kind === 'repair');
    assert.match(parsed.problem, /not in a\.py:\n<<<<<<< SEARCH\n {4}total = 1\n[\s\S]*lines 6 to 7\):\n {4}total = 0\n/);
  });

  it('is refused when it changes what is outside the pins', async () => {
    const files = await base();
    const parsed = parseAnswer('<<<<<<< SEARCH\n    return y\n=======\n    return y + 1\n>>>>>>> REPLACE\n', { parent: baseGenome(files), base: files });
    assert.ok(parsed.kind === 'repair');
    assert.match(parsed.problem, /changes line 13 of a\.py, which is outside/);
  });
});
