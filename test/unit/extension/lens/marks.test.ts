// Marks seen without parsing: where lenses stand before the command has answered, and how they follow edits.

import assert from 'node:assert/strict';
import { findPins } from '../../../../src/adapters/syntax/pins.ts';
import { seeMarks, type MarkStyle } from '../../../../src/core/marks.ts';
import { looksLikeHead } from '../../../../src/extension/lens/heads.ts';
import { rowsOf, shifted, type KnownPin, type LineChange } from '../../../../src/extension/lens/rows.ts';

const lines = (text: string, style: MarkStyle): unknown => seeMarks(text, style).map((m) => [m.line, m.target]);

describe('marks seen in text', () => {
  it('comments of every language, over other comments and attributes', () => {
    assert.deepEqual(lines('import x\n\n# sigil: improve\n@cached\ndef f(): pass\n', 'python'), [[2, 3]]);
    assert.deepEqual(lines('// sigil: improve spec=a\r\n// more\r\n/** doc\r\n * of it */\r\nfn f() {}\r\n', 'comments'), [[0, 4]]);
    assert.deepEqual(lines('  /* sigil: improve */\n  int f() {}\n', 'comments'), [[0, 1]]);
    assert.deepEqual(lines('/**\n * sigil: improve\n */\nfunction f() {}\n', 'script'), [[1, 3]]);
    assert.deepEqual(lines('{/* sigil: improve */}\n<A/>', 'script'), [[0, 1]]);
    assert.deepEqual(lines('// EVOLVE-BLOCK-START name\nx = 1\n// EVOLVE-BLOCK-END\n', 'comments'), [[0, 1]]);
    assert.deepEqual(lines('# sigil: improve\n# EVOLVE-BLOCK-START\nx = 1\n# EVOLVE-BLOCK-END', 'python'), [[0, 2]], 'one place, one row');
    assert.deepEqual(lines('# sigil: improve', 'python'), [[0, 0]], 'at the end of the file');
  });

  it('Python decorators and JavaScript calls', () => {
    assert.deepEqual(lines('from sigil import improve\n\n@improve(with_eval=check)\ndef f(): pass\n@sigil.improve\ndef g(): pass\n', 'python'), [[2, 2], [4, 4]]);
    assert.deepEqual(lines('# sigil: improve\n@improve\ndef f(): pass\n', 'python'), [[0, 1]]);
    const js = "import { improve } from 'sigil';\n\nfunction slow(a) {\n}\nexport const fast = improve(slow, { spec: 'a' });\nconst h = improve<T>(function (x) {});\n";
    assert.deepEqual(lines(js, 'script'), [[2, 2], [5, 5]]);
    assert.deepEqual(lines(js.replace("'sigil'", "'other'"), 'script'), []);
    assert.deepEqual(lines("import 'sigil';\nfunction improve(a) {}\nx.improvement(a); $improve(a)\n", 'script'), []);
  });

  it('nothing where nothing is marked', () => {
    for (const text of ['', 'x = "sigil: improve"\n', 'a = 1 # sigil: improve\n', '# sigil: improvement\n', '# sigil: knob 8 4..64\n', 'EVOLVE-BLOCK-START\n', '# EVOLVE-BLOCK-START-2\n', '# improve this\n'])
      assert.deepEqual(lines(text, 'python'), [], text);
  });

  it('agrees with the parser on what can be marked', async () => {
    const samples: readonly (readonly [string, MarkStyle, string])[] = [
      ['a.py', 'python', 'import sigil\n\n\nclass A:\n    # sigil: improve\n    @staticmethod\n    def f(x):\n        return x\n\n\n@sigil.improve\ndef g(): pass\n\n\n# EVOLVE-BLOCK-START\nx = 1\n# EVOLVE-BLOCK-END\n'],
      ['a.ts', 'script', "import { improve } from 'sigil';\n// sigil: improve\nexport const f = (a: number) => a;\nfunction slow() {}\nimprove(slow);\n"],
      ['a.rs', 'comments', '// sigil: improve\n#[inline]\npub fn f() {}\n'],
      ['a.go', 'comments', 'package a\n\n// sigil: improve\n// F is slow.\nfunc F() {}\n'],
    ];
    for (const [file, style, text] of samples) {
      const { pins, problems } = await findPins(file, text);
      assert.deepEqual(problems, []);
      const answer = { pins: pins.map((p): KnownPin => ({ id: p.id, kind: p.kind, symbol: p.symbol ?? null, range: p.range, spec: 'x', evaluation: 'mark' })), problems: [] };
      const marks = seeMarks(text, style);
      const rows = rowsOf(marks, answer, true);
      assert.deepEqual(rows.map((r) => r.line), marks.map((m) => m.line), `${file}: no row moves when the command answers`);
      assert.deepEqual(rows.map((r) => r.pin?.id).sort(), pins.map((p) => p.id).sort(), file);
    }
  });
});

describe('rows of lenses', () => {
  const pin = (id: string, startLine: number, endLine: number, kind: KnownPin['kind'] = 'function'): KnownPin => ({ id, kind, symbol: id, range: { start: 0, end: 0, startLine, endLine }, spec: id, evaluation: 'mark' });
  const seen = (line: number, target = line + 1) => ({ line, target });

  it('stand by the scan alone before the command answers', () => {
    assert.deepEqual(rowsOf([seen(3)], null, false), [{ line: 3, target: 4, pin: null, problem: null }]);
  });

  it('join marks with their pins, the inner ones first, and add pins without a mark', () => {
    const rows = rowsOf([seen(0), seen(4)], { pins: [pin('outer', 2, 20), pin('inner', 6, 8), pin('named', 30, 40), pin('a.cfg', 1, 90, 'file')], problems: [] }, true);
    assert.deepEqual(rows.map((r) => [r.line, r.pin?.id]), [[0, 'outer'], [4, 'inner'], [29, 'named']], 'the file\'s own row would stand where another does');
    assert.deepEqual(rowsOf([], { pins: [pin('a.cfg', 1, 90, 'file')], problems: [] }, true).map((r) => r.line), [0]);
  });

  it('a mark that the command does not know goes when the answer is of this text, and stays when it is of an older one', () => {
    const problem = { file: 'a.py', line: 10, column: 3, message: 'no function begins on the line below this mark', remedy: 'Put it above one' };
    const answer = { pins: [], problems: [problem] };
    assert.deepEqual(rowsOf([seen(3), seen(9)], answer, true), [{ line: 9, target: 10, pin: null, problem }]);
    assert.equal(rowsOf([seen(3)], answer, false).length, 1);
  });

  it('pins follow edits', () => {
    const change = (startLine: number, endLine: number, breaks: number, endColumn = 1): LineChange => ({ startLine, endLine, endColumn, breaks });
    const at = (c: LineChange): unknown => { const { range } = shifted(pin('f', 10, 20), c); return [range.startLine, range.endLine]; };
    assert.deepEqual(at(change(0, 0, 2)), [12, 22], 'lines added above');
    assert.deepEqual(at(change(0, 3, 0)), [7, 17], 'lines removed above');
    assert.deepEqual(at(change(9, 9, 1, 0)), [11, 21], 'a line added right before it');
    assert.deepEqual(at(change(9, 9, 1, 4)), [10, 21], 'its first line broken');
    assert.deepEqual(at(change(12, 14, 1)), [10, 19], 'lines removed inside');
    assert.deepEqual(at(change(20, 20, 5)), [10, 20], 'lines added below');
    assert.deepEqual(at(change(5, 5, 0)), [10, 20], 'typing');
    assert.deepEqual(at(change(9, 30, 0)), [10, 10], 'all of it removed');
  });
});

describe('heads of functions', () => {
  it('are recognised, and statements are not', () => {
    const heads: Readonly<Record<string, readonly string[]>> = {
      python: ['def f(x):', '    async def f('],
      typescript: ['export async function f<T>(a: T) {', 'const f = (a: number): number => {', 'const f = x => x', '  private async load(a: string): Promise<void> {', '  get size(): number {', '  *items() {', 'export default function () {'],
      go: ['func (t *T) F(a int) error {'], rust: ['pub(crate) async fn f<T>(x: T) -> T {', '    fn f(&self);'],
      java: ['    public static int f(int a) {', '  private List<String> g(Map<String, Integer> m) throws IOException {'], cpp: ['std::vector<int> f(const T& x) const {', 'void f(int a,', 'Foo::Foo(int a)'].slice(0, 2),
    };
    for (const [language, all] of Object.entries(heads)) for (const line of all) assert.ok(looksLikeHead(line, language), `${language}: ${line}`);
    const not: Readonly<Record<string, readonly string[]>> = {
      python: ['x = f(1)', 'class A:', ''], typescript: ['  if (a) {', '} else if (b(c)) {', 'for (const x of f(y)) {', 'return f(x)', 'f(a);', 'const x = 1;', ''],
      java: ['    return f(a);', '  x = f(a);', '} catch (Exception e) {', 'new A(b) {'], c: ['#include <stdio.h>', '  while (f(x)) {', 'int x = f(2);'],
    };
    for (const [language, all] of Object.entries(not)) for (const line of all) assert.ok(!looksLikeHead(line, language), `${language}: ${line}`);
  });
});
