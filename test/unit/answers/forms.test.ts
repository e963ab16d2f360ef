// A known edit, written in each form with random harmless malformation, is read as that edit; and nothing outside the pins ever changes.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseAnswer } from '../../../src/core/answers/parse.ts';
import { baseGenome, genomeOf, renderFiles } from '../../../src/core/pin.ts';
import { asBlock, asData, asDiff, asWhole, draws, known, type Draw, type Known } from './generated.ts';

const FORMS: Readonly<Record<string, (k: Known, draw: Draw) => string>> = {
  'SEARCH/REPLACE blocks': asBlock, 'diffs and patches': asDiff, 'whole functions and files': asWhole, 'data and tags': asData,
};

describe('answers made from a known edit', () => {
  for (const [form, write] of Object.entries(FORMS)) {
    it(`as ${form} mean that edit`, () => {
      fc.assert(fc.property(known, draws, (k, draw) => {
        const answer = write(k, draw);
        const parsed = parseAnswer(answer, { parent: baseGenome(k.base), base: k.base });
        assert.deepEqual(parsed.kind === 'genome' ? parsed.genome : parsed, k.genome, answer);
      }), { numRuns: 600 });
    });
  }

  it('as blocks or data, cut off anywhere, mean that edit or none', () => {
    fc.assert(fc.property(known, draws, fc.constantFrom(asBlock, asData), fc.double({ min: 0, max: 1, noNaN: true }), (k, draw, write, share) => {
      const answer = write(k, draw);
      const cut = answer.slice(0, Math.floor(answer.length * share));
      const parsed = parseAnswer(cut, { parent: baseGenome(k.base), base: k.base });
      if (parsed.kind === 'genome') assert.deepEqual(parsed.genome, k.genome, cut);
    }), { numRuns: 1500 });
  });

  it('with a block beside it whose lines are not there are never taken in part', () => {
    fc.assert(fc.property(known, draws, fc.boolean(), (k, draw, first) => {
      const lost = '<<<<<<< SEARCH\n    no such line = 1\n=======\n    x = 1\n>>>>>>> REPLACE\n';
      const answer = asBlock(k, draw).replace(/^\ufeff/, '');
      const parsed = parseAnswer(first && !answer.startsWith('<think>') ? `${lost}\n${answer}` : `${answer}\n${lost}`, { parent: baseGenome(k.base), base: k.base });
      assert.equal(parsed.kind, 'repair');
    }), { numRuns: 500 });
  });

  it('cut, doubled or shuffled anywhere, are read without an error, and leave what is outside the pins', () => {
    fc.assert(fc.property(known, draws, fc.constantFrom(...Object.values(FORMS)), fc.array(fc.tuple(fc.constantFrom('drop', 'double', 'swap', 'cut'), fc.nat(), fc.nat()), { minLength: 1, maxLength: 5 }), (k, draw, write, harms) => {
      let lines = write(k, draw).split('\n');
      for (const [how, a, b] of harms) {
        const [i, j] = [a % lines.length, b % lines.length];
        if (how === 'drop' && lines.length > 1) lines.splice(i, 1);
        else if (how === 'double') lines.splice(j, 0, lines[i] ?? '');
        else if (how === 'swap') [lines[i], lines[j]] = [lines[j] ?? '', lines[i] ?? ''];
        else if (how === 'cut' && i > 0) lines = lines.slice(0, i);
      }
      const parsed = parseAnswer(lines.join('\n'), { parent: baseGenome(k.base), base: k.base });
      if (parsed.kind !== 'genome') return;
      assert.deepEqual(Object.keys(parsed.genome), [k.pin.id]);
      const text = renderFiles(k.base, parsed.genome).get(k.file.file) ?? '';
      assert.ok(text.startsWith(k.file.text.slice(0, k.pin.range.start)) && text.endsWith(k.file.text.slice(k.pin.range.end)));
      assert.deepEqual(genomeOf(k.base, new Map([[k.file.file, text]])), { genome: parsed.genome });
    }), { numRuns: 1500 });
  });

  it('of noise are read without an error', () => {
    const bits = fc.constantFrom('<<<<<<< SEARCH', '=======', '>>>>>>> REPLACE', '```python', '```', '~~~', '--- a/src/work.py', '+++ b/src/work.py', '@@ -1,2 +1,2 @@', '*** Begin Patch', '*** End Patch', '*** Update File: src/work.py', 'def pinned(x):', 'function pinned(x) {', '}', '    x = 1', '...', '{"code": "', '<search>', '</search>', '<replace>', '</replace>', '<think>', '</think>', '-', '+ y', ' ', '', 'EVOLVE-BLOCK-START', '"""', '\u0000', '😀');
    fc.assert(fc.property(known, fc.array(fc.oneof(bits, fc.string()), { maxLength: 25 }), (k, lines) => {
      const parsed = parseAnswer(lines.join('\n'), { parent: baseGenome(k.base), base: k.base });
      assert.ok(parsed.kind !== 'repair' || parsed.problem.length > 20);
    }), { numRuns: 1500 });
  });
});
