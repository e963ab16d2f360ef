// An accept followed through undo and redo, and a part of a solution in a list.

import assert from 'node:assert/strict';
import { hunkText } from '../../../../src/extension/accept/hunk-text.ts';
import { AcceptWatch, lineCount, looseText } from '../../../../src/extension/accept/watch.ts';

describe('an accept that is followed', () => {
  const files = [{ key: 'a', before: 'one\ntwo\n', after: 'one\nTWO\n' }, { key: 'b', before: 'x', after: 'y\nz' }];
  const set = (w: AcceptWatch, key: string, text: string): 'undone' | 'redone' | null => w.changed(key, lineCount(text), () => text);

  it('is undone when all its files have their former texts, and redone when all have the accepted ones', () => {
    const w = new AcceptWatch(files);
    assert.equal(set(w, 'a', 'one\ntwo\n'), null, 'the other file still has it');
    assert.equal(set(w, 'b', 'x'), 'undone');
    assert.equal(set(w, 'b', 'x'), null, 'told once');
    assert.equal(set(w, 'b', 'y\nz'), null);
    assert.equal(set(w, 'a', 'one\nTWO\n'), 'redone');
  });

  it('stands through other edits, and makes no text of a document that has other lines', () => {
    const w = new AcceptWatch(files);
    assert.equal(w.changed('a', 7, () => assert.fail('made a text')), null);
    assert.equal(set(w, 'a', 'one\nTWO!\n'), null);
    assert.equal(set(w, 'b', 'x'), null, 'the first file is elsewhere, not at its former text');
    assert.equal(set(w, 'elsewhere', 'x'), null);
    assert.equal(w.has('elsewhere'), false);
    assert.equal(set(w, 'a', 'one\ntwo\n'), 'undone');
  });

  it('counts lines as an editor does, and knows a text on the disk again', () => {
    assert.deepEqual(['', 'a', 'a\n', 'a\r\nb\rc\n'].map(lineCount), [1, 1, 2, 4]);
    assert.equal(looseText('\ufeffa\r\nb\r'), 'a\nb\n');
  });
});

describe('a part of a solution in a list', () => {
  const hunk = { number: 1, file: 'src/a.ts', firstLine: 12, lastLine: 14, removed: ['  a', '', 'b'], added: ['', '    const m = new Map();'] };

  it('says where it is, how much changes, and the first changed line', () => {
    assert.deepEqual(hunkText(hunk, false), { label: 'Lines 12–14', description: '+2 −3', detail: '+ const m = new Map();' });
    assert.deepEqual(hunkText({ ...hunk, lastLine: 12, added: [] }, true), { label: 'src/a.ts, line 12', description: '−3', detail: '− a' });
    assert.equal(hunkText({ ...hunk, lastLine: 11, removed: [] }, false).label, 'Before line 12');
  });
});
