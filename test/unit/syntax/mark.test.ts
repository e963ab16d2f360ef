// Marking a function: the mark stands above it in its language's comment, its indentation and its line ending, and is found again.
import assert from 'node:assert/strict';
import { markFunction } from '../../../src/adapters/syntax/mark.ts';
import { findPins } from '../../../src/adapters/syntax/pins.ts';
import { listFunctions } from '../../../src/adapters/syntax/functions.ts';
import { UserError } from '../../../src/core/errors.ts';
import { SAMPLES, crlf, fixture } from './variants.ts';

describe('mark', () => {
  it('inserts one comment line, and nothing else', async () => {
    assert.equal(await markFunction('class A:\n    @dec\n    def f(self):\n        return 1\n', 'a.py', 4, {}), 'class A:\n    # sigil: improve\n    @dec\n    def f(self):\n        return 1\n');
    assert.equal(await markFunction('class A {\r\n\tf() {\r\n\t}\r\n}\r\n', 'a.ts', 2, { spec: 's' }), 'class A {\r\n\t// sigil: improve spec=s\r\n\tf() {\r\n\t}\r\n}\r\n');
    assert.equal(await markFunction('\uFEFFint f(void) { return 1; }\r\n', 'a.c', 1, {}), '\uFEFF// sigil: improve\r\nint f(void) { return 1; }\r\n');
    assert.equal(await markFunction('fn f() {}', 'a.rs', 1, {}), '// sigil: improve\nfn f() {}');
  });

  it('marks every function of every fixture that begins its line, with any option, and findPins reads it back', async () => {
    const options = { spec: 'my spec', eval: 'python "b.py" --x=\'1\' \\d \\', metric: 'ms', goal: 'min', workspace: 'v1' } as const;
    for (const [name, language] of SAMPLES)
      for (const text of [fixture(name), crlf(fixture(name))])
        for (const f of await listFunctions(language, text)) {
          const before = text.slice(text.lastIndexOf('\n', f.range.start - 1) + 1, f.range.start);
          const inner = (await listFunctions(language, text)).some((g) => g !== f && g.range.startLine <= f.range.startLine && f.range.startLine <= g.range.endLine && g.range.start > f.range.start);
          if (before.trim() !== '' || inner) continue;
          const marked = await markFunction(text, name, f.range.startLine, options);
          const { pins, problems } = await findPins(name, marked);
          assert.deepEqual(problems, []);
          assert.deepEqual(pins.map((p) => [p.symbol, p.options, marked.slice(p.range.start, p.range.end)]), [[f.symbol, options, text.slice(f.range.start, f.range.end)]]);
          assert.equal(marked.split('\n').length, text.split('\n').length + 1);
        }
  });

  it('refuses what it cannot do, with a remedy', async () => {
    const refused = (text: string, file: string, line: number, message: RegExp, options = {}): Promise<void> =>
      assert.rejects(markFunction(text, file, line, options), (e) => e instanceof UserError && message.test(e.message) && e.remedy !== '');
    await refused('# sigil: improve\ndef f(): pass\n', 'a.py', 2, /a\.py#f is marked already/);
    await refused('from sigil import improve\n@improve\ndef f(): pass\n', 'a.py', 3, /marked already/);
    await refused('class A { f() {} }\n', 'a.js', 1, /does not begin its line/);
    await refused('x = 1\n', 'a.py', 1, /no function around line 1/);
    await refused('x = 1\n', 'a.toml', 1, /no grammar/);
    await refused('def f(): pass\n', 'a.py', 1, /line break/, { eval: 'a\nb' });
  });
});
