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
  const block = '<<<<<<< SEARCH\n    return total\n=======\n    return float(total)\n>>>>>>> REPLACE\n';
  const summary = async (answer: string): Promise<string> => {
    const files = await base();
    const parsed = parseAnswer(answer, { parent: baseGenome(files), base: files });
    assert.ok(parsed.kind === 'genome', JSON.stringify(parsed));
    return parsed.summary;
  };

  it('is summed up by its idea, else by its first sentence that says something, else by what it changes', async () => {
    assert.equal(await summary(`Let me think.\n\n**Idea:** a float at once; no more.\n\n${block}`), 'a float at once; no more.');
    assert.equal(await summary(`Sure! Here is the code:\n\nThe sum is a float now. It helps.\n\na.py\n${block}`), 'The sum is a float now.');
    assert.equal(await summary(`Idea: #2 shows that it pays. A float at once.\n\n${block}`), '#2 shows that it pays. A float at once.', 'an idea whole');
    assert.equal(await summary(`Sure! Here is an optimized version. The sum was slow. It helps.\n\na.py\n${block}`), 'The sum was slow.');
    assert.equal(await summary(`a.py\n\`\`\`python\n${block}\`\`\``), 'changes a.py#f');
    assert.equal((await summary(`${'long words '.repeat(60)}\n${block}`)).length, 200);
  });

  it('is asked for again when a block does not match, with the block and the nearest text', async () => {
    const files = await base();
    const parsed = parseAnswer('<<<<<<< SEARCH\n    total = 1\n    for i in range(x):\n=======\n    for i in range(x):\n>>>>>>> REPLACE\n', { parent: baseGenome(files), base: files });
    assert.deepEqual(parsed, { kind: 'repair', reason: 'the lines that a block replaces are not in a.py: total = 1', problem: `The lines that this block replaces are not in a.py:
<<<<<<< SEARCH
    total = 1
    for i in range(x):
=======
    for i in range(x):
>>>>>>> REPLACE
The nearest text that is there (a.py, lines 6 to 7):
    total = 0
    for i in range(x):
Copy the lines to replace exactly from the file and send the whole answer again.` });
  });

  it('is refused when it changes what is outside the pins, with the line and what may change', async () => {
    const files = await base();
    const parsed = parseAnswer('<<<<<<< SEARCH\n    return y\n=======\n    return y + 1\n>>>>>>> REPLACE\n', { parent: baseGenome(files), base: files });
    assert.deepEqual(parsed, { kind: 'repair', reason: 'the answer changes line 13 of a.py, which is outside the code that may change: return y + 1', problem: `The answer changes line 13 of a.py, which is outside the code that may change:
return y + 1
Only this may change: a.py#f (lines 5 to 9). Put what is needed (imports too) inside it and send the whole answer again.` });
  });

  it('is read against the parent, not the base', async () => {
    const files = await base();
    const parent = { 'a.py#f': 'def f(x):\n    return x + 1' };
    assert.deepEqual(parseAnswer('<<<<<<< SEARCH\n    return x + 1\n=======\n    return x + 2\n>>>>>>> REPLACE\n', { parent, base: files }), { kind: 'genome', genome: { 'a.py#f': 'def f(x):\n    return x + 2' }, summary: 'changes a.py#f' });
    assert.equal(parseAnswer(block, { parent, base: files }).kind, 'repair');
  });

  it('keeps mixed line endings of what it does not change', async () => {
    const mixed = text.replace('def f(x):\n', 'def f(x):\r\n').replace('        total += i\n', '        total += i  \n');
    const files: BaseFile[] = [{ file: 'a.py', text: mixed, pins: (await findPins('a.py', mixed)).pins }];
    const parsed = parseAnswer('<<<<<<< SEARCH\ndef f(x):\n    total = 0\n    for i in range(x):\n        total += i\n=======\ndef f(x):\n    total = 1\n    for i in range(x):\n        total += i\n>>>>>>> REPLACE\n', { parent: baseGenome(files), base: files });
    assert.ok(parsed.kind === 'genome');
    assert.deepEqual(parsed.genome, { 'a.py#f': 'def f(x):\r\n    total = 1\n    for i in range(x):\n        total += i  \n    return total' });
  });
});
