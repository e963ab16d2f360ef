// Minimal edits and numbered hunks.

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyEdits } from '../../../src/adapters/mutators/edits.ts';
import { textEdits } from '../../../src/core/patch/edits.ts';
import { numberedHunks } from '../../../src/core/patch/hunks.ts';
import { hunkCount, withHunks } from '../../../src/core/patch/merge.ts';

const text = fc.array(fc.constantFrom('a', 'b', 'x = 1', '\n', '\n', '\r\n', '', '😀', '😁', 'é'), { maxLength: 30 }).map((p) => p.join(''));

describe('minimal edits', () => {
  it('make the one text of the other, in order, and never cut a line\'s end or a character', () => {
    fc.assert(fc.property(text, text, (before, after) => {
      const edits = textEdits(before, after);
      assert.equal(applyEdits(before, edits), after);
      let at = 0;
      for (const e of edits) {
        assert.ok(e.start >= at && e.end >= e.start && (e.end > e.start || e.text !== ''));
        at = e.end;
        for (const cut of [e.start, e.end]) {
          assert.ok(!(before[cut - 1] === '\r' && before[cut] === '\n'), 'inside a line\'s end');
          assert.ok(!/[\ud800-\udbff]/.test(before[cut - 1] ?? ''), 'inside a character');
        }
      }
    }), { numRuns: 2000 });
  });

  it('touch what changed and nothing else', () => {
    const before = 'one\ntwo\nthree\nfour\nfive\n';
    const edits = textEdits(before, 'one\ntwo and a half\nthree\nfour\nFIVE\nsix\n');
    assert.deepEqual(edits, [{ start: 7, end: 7, text: ' and a half' }, { start: 19, end: 23, text: 'FIVE\nsix' }]);
    assert.deepEqual(textEdits(before, before), []);
    assert.deepEqual(textEdits('', 'a\n'), [{ start: 0, end: 0, text: 'a\n' }]);
  });
});

describe('numbered hunks', () => {
  const lines = (n: number, change: Readonly<Record<number, string>> = {}): string => Array.from({ length: n }, (_, i) => change[i + 1] ?? `line ${i + 1}\n`).join('');

  it('count over the files as --hunks does, and say their own lines', () => {
    const a = { file: 'a', before: lines(40), after: lines(40, { 3: 'three\n', 20: '', 30: 'line 30\nnew\n' }) };
    const b = { file: 'b', before: lines(9).replaceAll('\n', '\r\n'), after: lines(9, { 9: 'nine\n' }).replaceAll('\n', '\r\n') };
    const hunks = numberedHunks([a, b]);
    assert.deepEqual(hunks.map((h) => [h.number, h.file, h.firstLine, h.lastLine, h.removed, h.added]), [
      [1, 'a', 3, 3, ['line 3'], ['three']], [2, 'a', 20, 20, ['line 20'], []], [3, 'a', 31, 30, [], ['new']], [4, 'b', 9, 9, ['line 9'], ['nine']],
    ]);
    assert.equal(hunkCount('a', a.before, a.after), 3);
    assert.equal(withHunks('a', a.before, a.after, new Set([1])), lines(40, { 20: '' }), 'the second of the file is the second here');
  });
});
