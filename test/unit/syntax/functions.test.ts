// Functions of nine languages: names, exact ranges, heads, docs, decorators; and the same in CRLF, tabs, BOM and any prefix.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { listFunctions } from '../../../src/adapters/syntax/functions.ts';
import { languageOf } from '../../../src/adapters/syntax/parser.ts';
import { rulesOf } from '../../../src/adapters/syntax/registry.ts';
import type { Language } from '../../../src/core/pin.ts';
import { SAMPLES, crlf, fixture, indented, tabbed } from './variants.ts';

async function slices(language: Language, text: string): Promise<[string, string][]> {
  return (await listFunctions(language, text)).map((f) => [f.symbol, text.slice(f.range.start, f.range.end)]);
}

const only = async (language: Language, text: string, symbol: string): Promise<string | undefined> => new Map(await slices(language, text)).get(symbol);

describe('functions', () => {
  const expected = new Map(fixture('expected.txt').split(/^== /m).slice(1).map((s) => [s.split(' ')[0] ?? '', s.split('\n').slice(1, -1)]));

  for (const [name, language] of SAMPLES) {
    describe(name, () => {
      const text = fixture(name);

      it('has the functions, heads, docs and decorators that were checked by hand', async () => {
        const lines = (await listFunctions(language, text)).map((f) =>
          [f.symbol, `${f.range.startLine}-${f.range.endLine}`, f.signature, ...(f.doc === undefined ? [] : [`doc ${JSON.stringify(f.doc)}`]), ...f.decorators].join(' | '));
        assert.deepEqual(lines, expected.get(name));
        assert.equal(languageOf(name, text), language);
      });

      it('has ranges that begin and end at tokens, nest, and agree with their lines', async () => {
        const all = await listFunctions(language, text);
        for (const f of all) {
          const slice = text.slice(f.range.start, f.range.end);
          assert.equal(slice, slice.trim(), f.symbol);
          assert.equal(f.range.startLine, text.slice(0, f.range.start).split('\n').length);
          assert.equal(f.range.endLine, text.slice(0, f.range.end).split('\n').length);
          assert.ok(f.range.start <= f.core.start && f.core.end <= f.range.end && f.core.start <= f.parametersStart);
          for (const g of all) assert.ok(g.range.end <= f.range.start || f.range.end <= g.range.start || (f.range.start <= g.range.start && g.range.end <= f.range.end) || (g.range.start <= f.range.start && f.range.end <= g.range.end));
        }
        assert.equal(new Set(all.map((f) => f.symbol)).size, all.length);
      });

      it('is the same with CRLF', async () => {
        assert.deepEqual(await slices(language, crlf(text)), (await slices(language, text)).map(([s, t]) => [s, crlf(t)]));
        const plain = await listFunctions(language, text);
        assert.deepEqual((await listFunctions(language, crlf(text))).map((f) => [f.doc, f.signature, f.range.startLine]), plain.map((f) => [f.doc, f.signature, f.range.startLine]));
      });

      it('is the same with a byte order mark', async () => {
        const plain = await listFunctions(language, text);
        assert.deepEqual(await slices(language, `\uFEFF${text}`), await slices(language, text));
        assert.deepEqual((await listFunctions(language, `\uFEFF${text}`)).map((f) => f.range.start - 1), plain.map((f) => f.range.start));
      });

      it('is the same with tabs', async () => {
        const width = /\.[jt]sx?$/.test(name) ? 2 : 4;
        assert.deepEqual(await slices(language, tabbed(text, width)), (await slices(language, text)).map(([s, t]) => [s, tabbed(t, width)]));
      });

      it('is the same after any prefix, indentation and line ending', async () => {
        const source = text.replace(/^#!.*\n/, '');
        const plain = await slices(language, source);
        const comment = rulesOf(language).lineComment;
        await fc.assert(fc.asyncProperty(
          fc.array(fc.string({ unit: 'grapheme', maxLength: 40 })), fc.constantFrom('', '  ', '\t', ' \t ', '        '), fc.boolean(), fc.boolean(),
          async (junk, indent, bom, dos) => {
            const head = junk.map((j) => `${comment} ${j.replace(/[\r\n\u2028\u2029\\\0]/g, '')}.\n`).join('');
            const block = language === 'python' && indent !== '' ? 'if 1:\n' : '';
            const unix = `${head}${block}${indent}${indented(source, indent)}`;
            const changed = (bom ? '\uFEFF' : '') + (dos ? crlf(unix) : unix);
            assert.deepEqual(await slices(language, changed), plain.map(([s, t]) => [s, dos ? crlf(indented(t, indent)) : indented(t, indent)]));
          }), { numRuns: 15 });
      });
    });
  }

  it('gives the exact text of wrapped functions', async () => {
    const py = fixture('sample.py');
    assert.equal(await only('python', py, 'Größe.decorated'), '@staticmethod\n    @functools.lru_cache(\n        maxsize=None,\n    )\n    def decorated(n: int) -> "int":\n        return n');
    assert.equal(await only('javascript', fixture('sample.js'), 'größe'), 'export const größe = (a) => {\n  return `${a} 😀`;\n};');
    assert.equal(await only('typescript', fixture('sample.ts'), 'Grüße.compute'), "@log()\n  @memo('😀', /* inner */ 1)\n  // between\n  public async compute<U>(this: Grüße<T>, u: U): Promise<U> {\n    return u;\n  }");
    assert.equal(await only('rust', fixture('sample.rs'), 'plain'), '#[inline]\npub fn plain(a: i32, b: i32) -> i32 { a + b }');
    assert.equal(await only('cpp', fixture('sample.cpp'), 'Stack.top'), 'template <typename T>\nT& Stack<T>::top() { return *this->begin(); }');
    assert.equal(await only('go', fixture('sample.go'), 'Größe.Method.inner'), 'inner := func(z int) int { return z * 2 }');
    assert.equal(await only('c', fixture('sample.c'), 'hot'), '__attribute__((noinline)) unsigned long hot(void) /* here */ { return TWICE(1); }');
    assert.equal(await only('java', fixture('Sample.java'), 'Sample.Inner.deep.run'), '@Override public void run() { }');
    assert.equal(await only('tsx', fixture('sample.tsx'), 'default'), 'export default () => <p>default</p>;');
  });

  it('leaves comments behind a function out of it, also where the grammar counts them to it', async () => {
    assert.deepEqual(await slices('javascript', 'const f = () => 1 // c\n// d\nfunction g() {} // z\n// about h\nfunction h() {} /* q */\n'), [['f', 'const f = () => 1'], ['g', 'function g() {}'], ['h', 'function h() {}']]);
  });

  it('gives the function written in improve() alone, under the name it is bound to', async () => {
    assert.deepEqual(await slices('typescript', 'export const f = improve((x: number) => x * 2, { spec: "s" });\n'), [['f', '(x: number) => x * 2']]);
  });

  it('gives what it can of a text with syntax errors', async () => {
    assert.ok((await listFunctions('python', 'def good():\n    return 1\n\nx = = 3\n\ndef also():\n    return 2\n')).map((f) => f.symbol).includes('also'));
    assert.deepEqual((await listFunctions('javascript', 'function a() { return 1; }\nconst = ;\nfunction b() { return 2; }\n')).map((f) => f.symbol), ['a', 'b']);
    assert.ok((await listFunctions('cpp', 'int f() { return 1; }\nMACRO(x y z\nint g() { return 2; }\n')).some((f) => f.symbol === 'f'));
    assert.deepEqual(await listFunctions('go', ')))) {{{'), []);
    assert.deepEqual(await listFunctions('rust', ''), []);
  });

  it('survives lone surrogates and very deep nesting', async () => {
    const odd = 'const s = "\uD800"; function f() { return "\uDC00"; }';
    assert.equal(await only('javascript', odd, 'f'), 'function f() { return "\uDC00"; }');
    const deep = `function f() { return ${'('.repeat(3000)}1${')'.repeat(3000)}; }`;
    assert.equal(await only('javascript', deep, 'f'), deep);
  });
});

describe('languageOf', () => {
  it('goes by the ending', () => {
    const of: Record<string, Language | null> = {
      'a.py': 'python', 'a.mjs': 'javascript', 'a.cjs': 'javascript', 'a.jsx': 'javascript', 'a.mts': 'typescript', 'a.cts': 'typescript', 'b/a.d.ts': 'typescript',
      'a.tsx': 'tsx', 'x.GO': 'go', 'a.rs': 'rust', 'A.java': 'java', 'a.c': 'c', 'a.h': 'c', 'a.hpp': 'cpp', 'a.cc': 'cpp', 'A.C': 'cpp', 'Makefile': null, 'a.toml': null, '.py': null, 'py': null,
    };
    for (const [path, language] of Object.entries(of)) assert.equal(languageOf(path), language, path);
  });

  it('tells a C++ header by what only C++ has', () => {
    assert.equal(languageOf('a.h', '#ifdef __cplusplus\nextern "C" {\n#endif\nint f(void);\nstruct class_of { int namespace_id; };\n'), 'c');
    for (const t of ['namespace a {\n}', 'template <class T> T f();', '#include <vector>\n', 'std::size_t n;', 'class A : B {\n public:\n};']) assert.equal(languageOf('a.h', t), 'cpp', t);
  });
});
