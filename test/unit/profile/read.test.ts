// Samples as words: shares, places, the pinned files' lines; and what is passed over.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { profilesIn, profileText, type Samples } from '../../../src/adapters/profile/read.ts';

const ROOT = '/work/p';
const SOURCES = new Map([['src/a.py', 'def f(x):\n    y = g(x)\n    return y\n']]);
const one: Samples = {
  samples: 200,
  functions: [['/work/p/src/a.py', 'f', 1, 20, 190], ['/work/p/src/b.py', 'g', 9, 160, 170], ['/usr/lib/python3.11/re/__init__.py', 'search', 173, 15, 15], ['', '(garbage collector)', 0, 4, 4], ['/work/p/x.py', 'tiny', 1, 1, 1]],
  lines: [['/work/p/src/a.py', 2, 15, 175], ['/work/p/src/a.py', 3, 1, 1], ['/work/p/src/b.py', 10, 160, 160]],
};

describe('profiles as words', () => {
  it('say functions by what they take themselves, and lines of pinned files', () => {
    assert.equal(profileText([one], ROOT, SOURCES), [
      'One run under a sampling profiler, 200 samples. By function:',
      ' 80 % itself, 85 % with what it calls: g (src/b.py:9)',
      ' 10 % itself, 95 % with what it calls: f (src/a.py:1)',
      '  8 % itself, 8 % with what it calls: search (re/__init__.py)',
      '  2 % itself, 2 % with what it calls: (garbage collector) (built in)',
      'By line of the pinned files:',
      ' 88 % src/a.py:2  y = g(x)',
    ].join('\n'));
  });

  it('leave out what is ours and the interpreters\' start, and count it for nothing', () => {
    const ours: Samples['functions'] = [['/opt/sigil/dist/js-runner.js', 'measure', 3, 60, 190], ['', 'cpuUsage', 0, 20, 20], ['node:internal/modules/cjs/loader', 'wrapSafe', 9, 10, 10], ['/opt/sigil/python/sigil_runtime/calls.py', 'measure', 1, 10, 190]];
    assert.equal(profileText([{ ...one, samples: 300, functions: [...one.functions, ...ours] }], ROOT, SOURCES), profileText([one], ROOT, SOURCES));
  });

  it('say nothing where there are few samples, or none of a pinned file', () => {
    assert.equal(profileText([], ROOT, SOURCES), null);
    assert.equal(profileText([{ ...one, samples: 19 }], ROOT, SOURCES), null);
    assert.equal(profileText([one], ROOT, new Map([['src/c.py', 'x']])), null);
    assert.equal(profileText([one], '/work/other', SOURCES), null);
  });

  it('take the process that was longest in the pinned files', () => {
    const npm: Samples = { samples: 900, functions: [['/usr/lib/npm.js', 'npm', 1, 900, 900]], lines: [] };
    assert.match(profileText([npm, one], ROOT, SOURCES) ?? '', /200 samples/);
  });

  it('come from whole files of the right form only', () => {
    const folder = mkdtempSync(join(tmpdir(), 'profiles-'));
    try {
      const put = (name: string, text: string): void => { writeFileSync(join(folder, name), text); };
      put('python-1.json', JSON.stringify(one));
      put('python-2.json', JSON.stringify(one).slice(0, 50));
      put('python-3.json.part', JSON.stringify(one));
      put('python-4.json', JSON.stringify({ ...one, functions: [['a', 'b', 'c', 1, 1]] }));
      put('python-5.json', 'null');
      assert.deepEqual(profilesIn(folder), [one]);
      assert.deepEqual(profilesIn(join(folder, 'none')), []);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
