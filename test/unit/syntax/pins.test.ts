// Marks in code and comments, as pins; and what cannot be resolved, as problems with a place and a remedy.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { hasMarks } from '../../../src/core/marks.ts';
import { findPins } from '../../../src/adapters/syntax/pins.ts';
import type { MarkOptions } from '../../../src/core/pin.ts';
import { crlf } from './variants.ts';

const code = (...lines: string[]): string => `${lines.join('\n')}\n`;

/** `[id without the file, text]` of each pin; no problem may be there. */
async function texts(file: string, text: string): Promise<[string, string][]> {
  const { pins, problems } = await findPins(file, text);
  assert.deepEqual(problems, []);
  return pins.map((p) => [p.id.slice(file.length + 1), text.slice(p.range.start, p.range.end)]);
}

async function options(file: string, text: string): Promise<[string, MarkOptions][]> {
  const { pins, problems } = await findPins(file, text);
  assert.deepEqual(problems, []);
  return pins.map((p) => [p.id.slice(file.length + 1), p.options]);
}

/** `line:column message → remedy` of the problems, of which each must match. */
async function problems(file: string, text: string, ...expected: RegExp[]): Promise<string[]> {
  const found = await findPins(file, text);
  const shown = found.problems.map((p) => `${p.line}:${p.column} ${p.message} → ${p.remedy}`);
  assert.equal(shown.length, expected.length, shown.join('\n'));
  expected.forEach((e, i) => assert.match(shown[i] ?? '', e));
  for (const p of found.problems) assert.ok(p.remedy.length > 5);
  return found.pins.map((p) => p.id.slice(file.length + 1));
}

describe('comment marks', () => {
  const CASES: readonly (readonly [string, string, string])[] = [
    ['a.py', code('class C:', '    # sigil: improve', '    @staticmethod', '    def f(): return 1'), '@staticmethod\n    def f(): return 1'],
    ['b.py', code('@dec', '# sigil: improve', 'def f(): return 1'), '@dec\n# sigil: improve\ndef f(): return 1'],
    ['a.js', code('// sigil: improve', '/** Doc. */', 'export const f = (x) => x;'), 'export const f = (x) => x;'],
    ['a.ts', code('/* sigil: improve */', 'function f(x: number) { return x; }'), 'function f(x: number) { return x; }'],
    ['b.ts', code('/**', ' * Adds.', ' * sigil: improve', ' */', 'function f(x: number) { return x; }'), 'function f(x: number) { return x; }'],
    ['c.ts', code('class C {', '  @a()', '  // sigil: improve', '  @b()', '  f() { return 1; }', '}'), '@a()\n  // sigil: improve\n  @b()\n  f() { return 1; }'],
    ['a.tsx', code('// sigil: improve', 'const F = () => <b/>;'), 'const F = () => <b/>;'],
    ['a.go', code('package a', '', '// F does.', '// sigil: improve', 'func F() {}'), 'func F() {}'],
    ['a.rs', code('/// Doc.', '// sigil: improve', '#[inline]', 'fn f() {}'), '#[inline]\nfn f() {}'],
    ['b.rs', code('#[inline]', '// sigil: improve', 'fn f() {}'), '#[inline]\n// sigil: improve\nfn f() {}'],
    ['A.java', code('class A {', '  // sigil: improve', '  @Override', '  int f() { return 1; }', '}'), '@Override\n  int f() { return 1; }'],
    ['B.java', code('class A {', '  @Override', '  // sigil: improve', '  int f() { return 1; }', '}'), '@Override\n  // sigil: improve\n  int f() { return 1; }'],
    ['a.c', code('// sigil: improve', 'int f(void) { return 1; }'), 'int f(void) { return 1; }'],
    ['a.cpp', code('// sigil: improve', 'template <class T>', 'T f(T x) { return x; }'), 'template <class T>\nT f(T x) { return x; }'],
  ];
  for (const [file, text, expected] of CASES)
    it(`stand above a function (${file})`, async () => {
      assert.equal((await texts(file, text))[0]?.[1], expected);
      assert.equal((await texts(file, crlf(text)))[0]?.[1], crlf(expected));
      assert.equal((await texts(file, `\uFEFF${text}`))[0]?.[1], expected);
    });

  it('carry options', async () => {
    assert.deepEqual(await options('a.py', code('# sigil: improve spec=fast eval="python bench.py --x \\"q\\" \\d" metric=ms goal=min workspace=v2', 'def f(): pass')),
      [['f', { spec: 'fast', eval: 'python bench.py --x "q" \\d', metric: 'ms', goal: 'min', workspace: 'v2' }]]);
    assert.deepEqual(await options('a.c', code("/* sigil: improve eval='make bench' goal=max */", 'int f(void) { return 1; }')), [['f', { eval: 'make bench', goal: 'max' }]]);
  });

  it('mark the function directly below only', async () => {
    const above = /no function begins on the line below.*→.*directly above/;
    assert.deepEqual(await problems('a.py', code('# sigil: improve', '', 'def f(): pass'), above), []);
    assert.deepEqual(await problems('a.py', code('# sigil: improve', 'x = 1', 'def f(): pass'), above), []);
    assert.deepEqual(await problems('a.py', code('# sigil: improve', 'class C:', '    def f(self): pass'), above), []);
    assert.deepEqual(await problems('a.js', code('// sigil: improve', 'class C { f() {} }'), above), []);
    assert.deepEqual(await problems('a.js', code('function f(', '  // sigil: improve', '  x,', ') {}'), above), []);
    assert.deepEqual(await problems('a.js', code('function f() {}', '// sigil: improve'), above), []);
    assert.deepEqual(await problems('a.js', code('class C { // sigil: improve', '  f() {}', '}'), /1:14 .*behind code/), []);
  });

  it('are read in comments only, and only where a line begins with them', async () => {
    assert.deepEqual(await texts('a.py', code('s = """', '# sigil: improve', 'def f(): pass', '"""', '# how to use sigil: improve f', 'def g(): pass')), []);
    assert.deepEqual(await texts('a.ts', code('const s = `', '// sigil: improve', 'function f() {}`;')), []);
  });

  it('report what they cannot mean', async () => {
    const ids = await problems('a.py', code('# sigil: improve goal=maximum sepc=x eval="never closed', 'def f(): pass', '# sigil: imporve', 'def g(): pass', '# sigil: improve fast', 'def h(): pass', '# sigil: something else entirely', 'def i(): pass'),
      /^1:18 goal=maximum.*Write goal=max/, /^1:31 .*no option "sepc".*Did you mean "spec"\?/, /^1:38 .*"never is not closed/, /^3:3 .*imporve.*Did you mean "sigil: improve"\?/, /^5:18 "fast" is not key=value/);
    assert.deepEqual(ids, ['f', 'h']);
  });

  it('report two marks that contradict each other, and take two that agree as one', async () => {
    await problems('a.py', code('# sigil: improve spec=a', '# sigil: improve spec=b', 'def f(): pass'), /^2:3 .*differ in "spec": a and b/);
    assert.deepEqual(await options('a.py', code('# sigil: improve spec=a', '# sigil: improve metric=m', 'def f(): pass')), [['f', { spec: 'a', metric: 'm' }]]);
  });
});

describe('Python marks', () => {
  it('belong to the Spec that the module tracks', async () => {
    assert.deepEqual(await options('a.py', code('import sigil', 'from sigil import Spec, improve', 'from evals import check as c', '', 'spec = Spec(name="fast-sum")', 'sigil.track(spec)', '',
      'def my_eval(f): return 1', '', '@improve(with_eval=my_eval, serve_workspace="v1")', 'def f(xs): return sum(xs)', '', 'class A:', '    @sigil.improve(with_eval=c)', '    def m(self): pass', '', '@improve', 'def g(): pass')),
    [['f', { spec: 'fast-sum', withEval: 'my_eval', workspace: 'v1' }], ['A.m', { spec: 'fast-sum', withEval: 'evals#check' }], ['g', { spec: 'fast-sum' }]]);
  });

  it('hold the decorated text', async () => {
    assert.deepEqual(await texts('a.py', code('from sigil import improve', '@cache', '@improve()', 'def größe(x):', '    return "😀"', '', 'y = 1')), [['größe', '@cache\n@improve()\ndef größe(x):\n    return "😀"']]);
  });

  it('know the import by other names, and leave other packages alone', async () => {
    assert.deepEqual(await options('a.py', code('import sigil as s', 'from sigil import improve as better', 'import evals.sub', '@s.improve(with_eval=evals.sub.check)', 'def f(): pass', '@better', 'def g(): pass')),
      [['f', { withEval: 'evals.sub#check' }], ['g', {}]]);
    assert.deepEqual(await texts('a.py', code('from photos import improve', '@improve(1)', 'def f(): pass')), []);
    assert.deepEqual(await texts('a.py', code('def improve(f): return f', '@improve', 'def f(): pass')), []);
    assert.deepEqual(await texts('a.py', code('@photos.improve', 'def f(): pass')), []);
  });

  it('report what is not static', async () => {
    await problems('a.py', code('from sigil import *', 'n = "x"', 'spec = Spec(name=n)', 'track(spec)', '@improve', 'def f(): pass'), /^3:8 .*not a plain string.*Spec\(name="my-spec"\)/);
    await problems('a.py', code('from sigil import *', 'spec = Spec(name="x")', '@improve', 'def f(): pass'), /^2:1 .*"spec" is never tracked.*sigil\.track\(spec\)/);
    await problems('a.py', code('from sigil import *', 'spec = Spec(name="x")', 'track(spec)', 'track(spek)', '@improve', 'def f(): pass'), /^4:1 .*Did you mean "spec"\?/);
    await problems('a.py', code('from sigil import *', 'track(Spec(name="x"))', 'track(Spec(name="y"))', '@improve', 'def f(): pass'), /tracks 2 Specs/);
    await problems('a.py', code('from sigil import improve', 'def check(): pass', '@improve(with_eval=chek, serve_workspce="v", spec=f"{x}")', 'def f(): pass'),
      /^3:20 with_eval=chek .*Did you mean "check"\?/, /^3:26 .*serve_workspce.*Did you mean "serve_workspace"\?/, /^3:51 spec=f"\{x\}"/);
    await problems('a.py', code('from sigil import improve', '@improve(lambda: 1, **o)', 'def f(): pass'), /^2:10 /, /^2:21 /);
    await problems('a.py', code('from sigil import improve', '@improve', 'class C: pass'), /^2:1 .*not stand on a function/);
  });
});

describe('JavaScript and TypeScript marks', () => {
  it('name a function or hold one', async () => {
    const text = code("import { improve } from 'sigil';", "import { check } from './evals.js';", "import * as e from './more.js';", 'export function f(x) { return x; }', 'const g = (x) => x;', 'function local() {}',
      "improve(f, { withEval: check, serveWorkspace: 'v1', spec: `s` });", 'export const h = improve((x) => x + 1, { withEval: e.deep });', 'improve(g, { withEval: local });', 'improve(api.run);', 'const api = { run() { return 1; } };');
    for (const file of ['a.js', 'a.ts', 'a.tsx']) {
      assert.deepEqual(await options(file, text), [['f', { withEval: './evals.js#check', workspace: 'v1', spec: 's' }], ['g', { withEval: 'local' }], ['h', { withEval: './more.js#deep' }], ['api.run', {}]]);
      assert.deepEqual((await texts(file, crlf(text))).map(([, t]) => t), ['export function f(x) { return x; }', 'const g = (x) => x;', '(x) => x + 1', 'run() { return 1; }']);
    }
  });

  it('look names up from the innermost function outwards, and know require()', async () => {
    assert.deepEqual((await texts('a.cjs', code("const { improve: better } = require('@me/sigil');", 'function f() { return 1; }', 'function outer() {', '  function f() { return 2; }', '  better(f);', '  return f;', '}'))), [['outer.f', 'function f() { return 2; }']]);
    assert.deepEqual((await texts('a.cjs', code("const sigil = require('sigil');", 'function f() { return 1; }', 'function outer() {', '  sigil.improve(f, {});', '}'))), [['f', 'function f() { return 1; }']]);
  });

  it('leave other improve functions alone', async () => {
    assert.deepEqual(await texts('a.ts', code("import { improve } from './photos';", 'function f() {}', 'improve(f);')), []);
    assert.deepEqual(await texts('a.ts', code('function improve(x: unknown) {}', 'function f() {}', 'improve(f);')), []);
    assert.deepEqual(await texts('a.ts', code('function f() {}', 'photo.improve(f);', 'class A { improve(f: F) {} }')), []);
  });

  it('report what is not static', async () => {
    const head = "import { improve } from 'sigil'; import { far } from './far.js'; function near() {}";
    await problems('a.js', code(head, 'improve(naer);', 'improve(far);', 'improve(make());', 'improve();', 'improve(() => 1);'),
      /^2:9 .*no function "naer".*Did you mean "near"\?/, /^3:9 far is imported from .\/far.js.*file that defines it/, /^4:9 /, /^5:1 .*0 arguments/, /^6:1 .*no name.*Bind it/);
    const ids = await problems('a.js', code(head, 'improve(near, { withEvl: near, spec: name, ...o, withEval: () => 1 });', 'improve(near, opts);'),
      /^2:17 .*withEvl.*Did you mean "withEval"\?/, /^2:38 spec is not a plain string/, /^2:44 /, /^2:60 withEval/, /^3:15 .*not an object literal/);
    assert.deepEqual(ids, ['near']);
    await problems('a.js', code(head, 'if (x) { function twice() { return 1; } } else { function twice() { return 2; } }', 'improve(twice);'), /^3:9 there are 2 functions called twice/);
  });
});

describe('EVOLVE-BLOCK', () => {
  it('marks the lines between, in any comment syntax and any file', async () => {
    for (const [file, start, end] of [['a.py', '# EVOLVE-BLOCK-START', '# EVOLVE-BLOCK-END'], ['a.c', '/* EVOLVE-BLOCK-START */', '// EVOLVE-BLOCK-END'], ['q.sql', '-- EVOLVE-BLOCK-START', '-- EVOLVE-BLOCK-END'],
      ['a.html', '<!-- EVOLVE-BLOCK-START -->', '<!-- EVOLVE-BLOCK-END -->'], ['a.lisp', ';; EVOLVE-BLOCK-START', '; EVOLVE-BLOCK-END'], ['a.tex', '% EVOLVE-BLOCK-START', '% EVOLVE-BLOCK-END'],
      ['a.conf', '  # EVOLVE-BLOCK-START', '\t# EVOLVE-BLOCK-END'], ['a.css', '/* EVOLVE-BLOCK-START */', '/* EVOLVE-BLOCK-END */'], ['Makefile', '# EVOLVE-BLOCK-START', '# EVOLVE-BLOCK-END']] as const) {
      const text = code('', start, '  größe = 1 ', '', end, 'x');
      assert.deepEqual(await texts(file, text), [['1', '  größe = 1 \n\n']], file);
      assert.deepEqual(await texts(file, crlf(text)), [['1', '  größe = 1 \r\n\r\n']], file);
      assert.deepEqual(await texts(file, `\uFEFF${code(start, 'x', end)}`), [['1', 'x\n']], file);
    }
    assert.deepEqual(await texts('a.tsx', code('const a = <b>', '  {/* EVOLVE-BLOCK-START view */}', '  <i/>', '  {/* EVOLVE-BLOCK-END */}', '</b>;')), [['view', '  <i/>\n']]);
  });

  it('has names, numbers, kinds and lines', async () => {
    const text = code('# EVOLVE-BLOCK-START hot', 'a = 1', '# EVOLVE-BLOCK-END', '# EVOLVE-BLOCK-START', '# EVOLVE-BLOCK-END hot', '/* c */');
    assert.deepEqual((await findPins('x.toml', text)).pins, [
      { id: 'x.toml#hot', file: 'x.toml', kind: 'region', language: null, range: { start: 25, end: 31, startLine: 2, endLine: 2 }, options: {} },
      { id: 'x.toml#2', file: 'x.toml', kind: 'region', language: null, range: { start: 71, end: 71, startLine: 5, endLine: 5 }, options: {} },
    ]);
  });

  it('takes options from a mark directly above, with or without a grammar', async () => {
    const text = code('# sigil: improve spec=tune eval="./bench" goal=max', '# EVOLVE-BLOCK-START', 'x = 1', '# EVOLVE-BLOCK-END');
    for (const file of ['a.toml', 'a.py']) assert.deepEqual(await options(file, text), [['1', { spec: 'tune', eval: './bench', goal: 'max' }]]);
    await problems('a.toml', code('# sigil: improve', 'x = 1'), /^1:3 .*kind of file.*EVOLVE-BLOCK-START/);
  });

  it('reports what is not balanced or not clear', async () => {
    assert.deepEqual(await problems('a.py', code('# EVOLVE-BLOCK-END', '# EVOLVE-BLOCK-START', 'x = 1'), /^1:3 .*without a start/, /^2:3 .*without an end/), []);
    assert.deepEqual(await problems('a.py', code('# EVOLVE-BLOCK-START', '# EVOLVE-BLOCK-START', '# EVOLVE-BLOCK-END', '# EVOLVE-BLOCK-END', '# EVOLVE-BLOCK-START', '# EVOLVE-BLOCK-END'), /^2:3 .*inside the block of line 1/), ['2']);
    assert.deepEqual(await problems('a.py', code('# EVOLVE-BLOCK-START a', '# EVOLVE-BLOCK-END', '# EVOLVE-BLOCK-START a', '# EVOLVE-BLOCK-END'), /^3:3 .*called "a"/), ['a']);
    assert.deepEqual(await problems('a.py', code('# EVOLVE-BLOCK-START two words', '# EVOLVE-BLOCK-END'), /^1:3 "two words"/), []);
    assert.deepEqual(await problems('a.py', code('x = 1  # EVOLVE-BLOCK-START', '# EVOLVE-BLOCK-END'), /^1:10 .*behind code/, /^2:3 .*without a start/), []);
    assert.deepEqual(await problems('a.c', code('/* EVOLVE-BLOCK-START', ' * EVOLVE-BLOCK-END */'), /^2:4 .*same comment/), []);
    assert.deepEqual(await texts('a.py', code('s = "# EVOLVE-BLOCK-START"', '# EVOLVE-BLOCK-STARTED')), []);
  });
});

describe('hasMarks', () => {
  it('sees every kind of mark and not the common word', () => {
    for (const t of ['@improve', '@sigil.improve(', '  @a.b.improve\n', 'improve(f', 'improve<T>(f)', 'improve as better', '{ improve: b }', '// sigil: knob 1 0..2', '% EVOLVE-BLOCK-END']) assert.equal(hasMarks(t), true, t);
    for (const t of ['', 'to improve performance', 'improvement(x)', 'sigil', 'email: me@x.org to improve it', 'EVOLVE BLOCK']) assert.equal(hasMarks(t), false, t);
  });

  it('is certain when it says no: a file without marks has no pins', async () => {
    assert.deepEqual(await findPins('a.py', 'def f(): pass\n'), { pins: [], problems: [] });
  });
});

describe('any text', () => {
  it('gives pins inside it and problems with a place, and never fails', async () => {
    const pieces = fc.constantFrom('# sigil: improve', '// sigil: improve goal=', ' /* sigil: knob 8 4..64 */', '# EVOLVE-BLOCK-START', '// EVOLVE-BLOCK-END', '@improve(', 'improve(f, {', ')', '}', 'def f():', '    return 8',
      'function f() { return 8; }', 'int f() { return 8; }', 'class A {', '\'', '"', '`', '\n', '\r\n', '\n\n', '\t', '\uFEFF', '😀', '\uD83D', '\0', '\u2028', 'from sigil import *', 'track(', 'Spec(name=');
    await fc.assert(fc.asyncProperty(fc.constantFrom('a.py', 'a.js', 'a.ts', 'a.tsx', 'a.go', 'a.rs', 'a.java', 'a.c', 'a.cpp', 'a.txt'), fc.array(pieces, { maxLength: 30 }), async (file, parts) => {
      const text = parts.join('');
      const found = await findPins(file, text);
      assert.equal(new Set(found.pins.map((p) => p.id)).size, found.pins.length);
      const lines = text.split('\n').length;
      for (const { range } of found.pins) assert.ok(range.start >= 0 && range.start <= range.end && range.end <= text.length && range.startLine >= 1 && range.endLine <= lines);
      for (const p of found.problems) assert.ok(p.line >= 1 && p.line <= lines && p.column >= 1);
    }), { numRuns: 200 });
  });
});
