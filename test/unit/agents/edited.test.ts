// Files edited in place, read as a person would read them: the pins' new texts, or what was changed outside of them.

import assert from 'node:assert/strict';
import { findPins } from '../../../src/adapters/syntax/pins.ts';
import { editedFiles } from '../../../src/core/answers/edited.ts';
import { baseGenome, renderFile, type BaseFile, type Genome } from '../../../src/core/pin.ts';
import { SOURCE } from '../models/support.ts';

const file = async (path: string, text: string): Promise<BaseFile> => ({ file: path, text, pins: (await findPins(path, text)).pins });

const REGIONS = `head = 1
# EVOLVE-BLOCK-START one
a = 1
# EVOLVE-BLOCK-END
middle = 2
# EVOLVE-BLOCK-START two
b = 1
# EVOLVE-BLOCK-END
tail = 3
`;

/** What an edit of a one-file solution is read as. */
async function read(path: string, text: string, edit: (now: string) => string, parent?: Genome): Promise<{ readonly base: BaseFile; readonly result: ReturnType<typeof editedFiles> }> {
  const base = await file(path, text);
  const from = parent ?? baseGenome([base]);
  return { base, result: editedFiles([base], from, new Map([[path, edit(renderFile(base, from))]])) };
}

/** The edit is taken, and gives this file again. */
async function taken(path: string, text: string, edit: (now: string) => string, whole = edit(text)): Promise<void> {
  const { base, result } = await read(path, text, edit);
  if ('refused' in result) assert.fail(result.refused);
  assert.equal(renderFile(base, result.genome), whole);
}

async function refused(path: string, text: string, edit: (now: string) => string, reason: RegExp): Promise<void> {
  const { result } = await read(path, text, edit);
  if ('genome' in result) assert.fail('it was taken');
  assert.match(result.refused, reason);
}

describe('files that were edited in place', () => {
  it('are the pins\' new texts', async () => {
    await taken('w.py', SOURCE, (t) => t.replace('out = {}', 'out = dict()'));
    await taken('w.py', SOURCE, (t) => t.replace('    out = {}\n', '    import re as r\n    out = {}\n'));
    await taken('r.py', REGIONS, (t) => t.replace('a = 1', 'a = 7\na2 = 8').replace('b = 1', 'b = 9'));
    await taken('r.py', REGIONS, (t) => t.replace('a = 1\n', '').replace('b = 1', 'b = 9'));
  });

  it('are read right where the text between two pins stands inside of one too', async () => {
    const between = '# EVOLVE-BLOCK-END\nmiddle = 2\n# EVOLVE-BLOCK-START two\n';
    const { base, result } = await read('r.py', REGIONS, (t) => t.replace('b = 1', 'middle = 2\nb = 5'));
    assert.ok('genome' in result);
    assert.deepEqual(Object.values(result.genome), ['a = 1\n', 'middle = 2\nb = 5\n']);
    // The same lines in both blocks, and a separator without marks: functions side by side.
    const twins = 'def f():\n    return 1\n\n\ndef g():\n    return 1\n\n\n';
    const functions: BaseFile = { file: 't.py', text: twins, pins: ['f', 'g'].map((name) => {
      const start = twins.indexOf(`def ${name}`);
      return { id: `t.py#${name}`, file: 't.py', kind: 'function', language: 'python', symbol: name, options: {}, range: { start, end: twins.indexOf('\n\n\n', start), startLine: 1, endLine: 2 } };
    }) };
    const split = editedFiles([functions], baseGenome([functions]), new Map([['t.py', twins.replace('def f():\n    return 1', 'def f():\n    x = 1\n\n\n    return x')]]));
    assert.ok('genome' in split);
    assert.deepEqual(split.genome, { 't.py#f': 'def f():\n    x = 1\n\n\n    return x', 't.py#g': 'def g():\n    return 1' });
    assert.ok(base.text.includes(between));
  });

  it('are edits of the solution that was there, not of the base', async () => {
    const base = await file('w.py', SOURCE);
    const [id = ''] = Object.keys(baseGenome([base]));
    const parent = { [id]: (baseGenome([base])[id] ?? '').replace('out = {}', 'out = dict()') };
    const { result } = await read('w.py', SOURCE, (t) => t.replace('return out', 'return dict(out)'), parent);
    assert.ok('genome' in result);
    assert.match(result.genome[id] ?? '', /out = dict\(\)[\s\S]*return dict\(out\)/);
  });

  it('keep their line endings and their mark of order whatever an editor makes of them, and blank lines outside of the pins', async () => {
    const crlf = SOURCE.replaceAll('\n', '\r\n');
    await taken('w.py', crlf, (t) => t.replaceAll('\r\n', '\n').replace('out = {}', 'out = dict()'), crlf.replace('out = {}', 'out = dict()'));
    await taken('w.py', SOURCE, (t) => t.replaceAll('\n', '\r\n').replace('out = {}', 'out = dict()'), SOURCE.replace('out = {}', 'out = dict()'));
    await taken('w.py', `\ufeff${SOURCE}`, (t) => t.slice(1).replace('out = {}', 'out = dict()'), `\ufeff${SOURCE.replace('out = {}', 'out = dict()')}`);
    await taken('w.py', SOURCE, (t) => `${t.replace('out = {}', 'out = dict()')}\n\n`, SOURCE.replace('out = {}', 'out = dict()'));
  });

  it('are refused with the reason where anything outside of the pins changed', async () => {
    await refused('w.py', SOURCE, (t) => t.replace('import re\n', 'import re\nimport sys\n').replace('out = {}', 'out = dict()'), /^it changed line 2 of w\.py, outside of the code that may change: import sys$/);
    await refused('w.py', SOURCE, (t) => t.replace('print(count_words("a b a"))', 'pass'), /^it changed line 19 of w\.py, outside .*: pass$/);
    await refused('w.py', SOURCE, (t) => t.replace('# sigil: improve\n', ''), /changed the line of a mark \(sigil: improve\) in w\.py, line 6/);
    await refused('r.py', REGIONS, (t) => t.replace('# EVOLVE-BLOCK-END\nmiddle', 'middle'), /line of a mark \(EVOLVE-BLOCK-END\) in r\.py, line 4/);
    await refused('r.py', REGIONS.replace('tail = 3\n', ''), (t) => `${t}more = 1\n`, /^it changed line 8 of r\.py, outside of the code that may change: more = 1$/);
    await refused('r.py', REGIONS, (t) => t.replaceAll(/^# EVOLVE.*\n/gm, ''), /line of a mark \(EVOLVE-BLOCK-START\)/);
  });

  it('are refused where a pin vanished or is no longer the same', async () => {
    await refused('w.py', SOURCE, (t) => t.replace(/def count_words[\s\S]*?return out\n/, ''), /took the function count_words out of w\.py|mark/);
    await refused('w.py', SOURCE, (t) => t.replace('def count_words', 'def count_fast'), /took the function count_words out of w\.py: it must stay, with its name/);
    await refused('w.py', SOURCE, (t) => t.replace('def count_words', 'def helper(x):\n    return x\n\n\ndef count_words'), /put code between the mark and the function count_words/);
    await refused('r.py', REGIONS, (t) => t.replace('a = 1', '# EVOLVE-BLOCK-END\na = 1\n# EVOLVE-BLOCK-START three'), /marker of a region into|mark/);
    await refused('w.py', SOURCE, (t) => t, /^it changed nothing$/);
    await refused('w.py', SOURCE, (t) => t.replace('out = {}', 'out = {}  '), /^it changed nothing$/);
  });
});
