// The normal form: equal for comments and formatting, different for everything that means something else.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { normalForm } from '../../../src/adapters/syntax/normal-form.ts';
import { rulesOf } from '../../../src/adapters/syntax/registry.ts';
import type { Language } from '../../../src/core/pin.ts';
import { SAMPLES, crlf, fixture, indented } from './variants.ts';

const same = async (language: Language | null, ...texts: string[]): Promise<void> => {
  const forms = await Promise.all(texts.map((t) => normalForm(language, t)));
  forms.forEach((f, i) => assert.equal(f, forms[0], texts[i]));
};
const different = async (language: Language | null, ...texts: string[]): Promise<void> => {
  assert.equal(new Set(await Promise.all(texts.map((t) => normalForm(language, t)))).size, texts.length, texts.join(' / '));
};

describe('normal form', () => {
  it('ignores comments and formatting', async () => {
    await same('python', 'def f(a,b):\n  return a+b # c\n', 'def f( a, b, ):\n\n    # why\n    return a + \\\n      b\n', '\uFEFFdef f(a, b): return a + b', 'def f(a, b):\r\n\treturn (\r\n\ta+b)\r\n'.replace('(\r\n\ta+b)', 'a+b'));
    await same('python', 'a = 1; b = 2\n', 'a = 1\nb = 2\n');
    await same('javascript', 'f(1, 2); const o = { a: 1 };', 'f( 1,\n 2,\n)\n// x\nconst o = {a:1,}\n');
    await same('typescript', 'function f(a: number): number { return a; }', '/** d */\nfunction f(\n  a: number, // a\n): number\n{\n  return a\n}\n');
    await same('tsx', 'const a = <b>x y</b>;', 'const a = <b>\n  x y\n</b>');
    await same('go', 'package a\nfunc f() int { x := 1; return x }\n', 'package a\n\n// f.\nfunc f() int {\n\tx := 1 // c\n\n\treturn x\n}\n');
    await same('rust', 'fn f(a: u8,) -> u8 { g(a) }', '/// d\nfn f(a: u8) -> u8 {\n    g(a,) /* c */\n}');
    await same('java', 'class A { int f() { return 1; } }', '/** d */ class A\n{\n  int f()\n  { return 1; /* x */ }\n}');
    await same('c', 'int f(void) { return 1 + 2; }', 'int\nf(void)\n{\n  return 1 + \\\n    2; // c\n}\n');
    await same('cpp', 'template <class T> T f(T x) { return x; }', 'template<class T>\nT f(T x)\n{\n\treturn x;\n}');
    await same(null, 'a  \r\nb\n\n', 'a\nb');
  });

  it('keeps what means something', async () => {
    await different('python', 'if a:\n  b()\nc()\n', 'if a:\n  b()\n  c()\n');
    await different('python', 'for x in y:\n  if a:\n    b()\n  else:\n    c()\n', 'for x in y:\n  if a:\n    b()\nelse:\n  c()\n');
    await different('python', 'x = "a b"', 'x = "a  b"', "x = 'a b'", 'x = f"a b"', 'x = "a # b"');
    await different('python', 'def f():\n  """D."""\n  return 1', 'def f():\n  """E."""\n  return 1', 'def f():\n  return 1');
    await different('python', 'x = (1,)', 'x = (1)', 'x = 1,', 'x = 1');
    await different('python', 'f"{a = }"', 'f"{a=}"');
    await different('javascript', 'function f() { return\n1 }', 'function f() { return 1 }');
    await different('javascript', '[1,,]', '[1,]', '[,]', '[]');
    await different('javascript', 'for (;;) f()', 'for (;;); f()', 'for (;f();) ;');
    await different('javascript', 'for (let i=0; x; ) {}', 'for (let i=0;; x) {}');
    await different('javascript', 'a = `x ${y}`', 'a = `x  ${y}`', 'a = /x y/', 'a = /x  y/', 'a = "//x"', 'a = "/*x*/"');
    await different('tsx', 'a = <b> x</b>', 'a = <b>x</b>', 'a = <b>x  y</b>', 'a = <b>x y</b>');
    await different('rust', 'fn f() -> u8 { g() }', 'fn f() { g(); }', 'fn f() -> u8 { g(); }');
    await different('rust', 'f((1,))', 'f((1))', 'f(1)', 'f([1; 2])', 'f([1, 2])');
    await different('go', 'package a\nfunc f() { switch g(); { } }', 'package a\nfunc f() { switch g() { } }');
    await different('go', 'package a\nfunc f() { for ; x; {} }', 'package a\nfunc f() { for ;; x {} }');
    await different('go', 'package a\n//go:noinline\nfunc f() {}', 'package a\nfunc f() {}');
    await different('c', 'char *s = "a\\n";', 'char *s = "a";', "int s = 'a';", 'char *s = "a" "b";', 'char *s = "a""  b";');
    await different('c', '#define A 1\nint x;', '#define A 1 int\n x;', '#define A 2\nint x;');
    await different('c', 'int f() { for (;x;); }', 'int f() { for (;;x); }', 'int f() { for (x;;); }');
    await different('cpp', 'int f() { for (;x;); }', 'int f() { for (;;x); }');
    await different('java', 'class A { void f() { for (;x();); } }', 'class A { void f() { for (;;x()); } }');
    await different('java', 'class A { String s = "//"; }', 'class A { String s = ""; }');
    await different('cpp', 'auto s = R"(a  b)";', 'auto s = R"(a b)";');
    await different(null, 'a b', 'a  b', ' a b');
  });

  it('keeps text that the grammar cannot read', async () => {
    await different('c', 'int f() { @@@ }', 'int f() { @@ }', 'int f() { }');
    await different('python', 'x = = 1', 'x = 1', 'x = = 2');
  });

  for (const [name, language] of SAMPLES)
    it(`is the same after comments, CRLF and indentation anywhere in ${name}, and changes with any token`, async () => {
      const text = fixture(name).replace(/^#!.*\n/, '');
      const form = await normalForm(language, text);
      assert.equal(await normalForm(language, crlf(text)), form.replaceAll('\r\n', '\n'));
      const comment = rulesOf(language).lineComment;
      const lines = text.split('\n');
      await fc.assert(fc.asyncProperty(fc.nat(lines.length - 1), fc.string({ unit: 'grapheme', maxLength: 20 }), async (at, words) => {
        const inString = /"""|'''/.test(lines.slice(0, at).join('\n').replace(/"""[^]*?"""/g, '')) || /[`\\]$/.test(lines[at - 1] ?? '');
        if (inString || (name === 'sample.tsx' && (at === 6 || at === 12 || at === 13)) || (language === 'java' && at > 11 && at < 16) || (language === 'javascript' && at > 2 && at < 5)) return;
        const changed = [...lines.slice(0, at), `${/^\s*/.exec(lines[at] ?? '')?.[0] ?? ''}${comment} ${words.replace(/[\r\n\u2028\u2029\\\0]/g, '')}.`, ...lines.slice(at)].join('\n');
        assert.equal(await normalForm(language, changed), form);
      }), { numRuns: 15 });
      if (language !== 'python' && !name.endsWith('x')) assert.equal(await normalForm(language, indented(text, '   ')), form);
      for (const m of [...text.matchAll(/(?<![\w/*#].*)\breturn (\w)/g)].slice(0, 5))
        assert.notEqual(await normalForm(language, `${text.slice(0, m.index)}return q_${text.slice(m.index + 7)}`), form);
    });
});
