// What rewrites write is indented as its place demands: TypeScript's own formatter is the judge, over programs in very narrow lines.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { laidOut } from '../../../src/adapters/mutators/catalogue/layout.ts';
import { javascriptRewrites } from '../../../src/adapters/mutators/catalogue/javascript/all.ts';
import type { Rewrite } from '../../../src/adapters/mutators/catalogue/rewrite.ts';
import { applyEdits, contextOf, findSites, loadParsers } from './javascript/harness.ts';
import { applyEdits as applyPython, sitesOf } from './python/harness.ts';

/** The text as TypeScript's formatter would indent it. */
function formatted(text: string, unit: string): string {
  const host: ts.LanguageServiceHost = {
    getScriptFileNames: () => ['a.ts'], getScriptVersion: () => '0', getScriptSnapshot: (f) => (f === 'a.ts' ? ts.ScriptSnapshot.fromString(text) : undefined),
    getCurrentDirectory: () => '/', getCompilationSettings: () => ({ noLib: true }), getDefaultLibFileName: () => 'lib.d.ts', fileExists: () => false, readFile: () => undefined,
  };
  const size = unit === '\t' ? 4 : unit.length;
  const edits = ts.createLanguageService(host, undefined, ts.LanguageServiceMode.Syntactic)
    .getFormattingEditsForDocument('a.ts', { ...ts.getDefaultFormatCodeSettings('\n'), indentSize: size, tabSize: size, convertTabsToSpaces: unit !== '\t' });
  return applyEdits(text, edits.map((e) => ({ start: e.span.start, end: e.span.start + e.span.length, text: e.newText })));
}

const indentation = (text: string): string[] => text.split('\n').map((l) => (l.trim() === '' ? '' : (/^\s*/.exec(l)?.[0] ?? '')));
const rewrite = (id: string): Rewrite => javascriptRewrites.find((r) => r.id === id) ?? assert.fail(id);
const first = (id: string, text: string): string => {
  const [site] = findSites(rewrite(id), text);
  assert.ok(site, `${id} does not apply to:\n${text}`);
  return applyEdits(text, site.edits);
};

describe('the layout of rewritten code', function () {
  this.timeout(60_000);
  before(loadParsers);

  for (const unit of ['  ', '    ', '\t']) {
    it(`is that of the file, as the compiler's formatter sees it, in steps of ${JSON.stringify(unit)}`, () => {
      const programs = readFileSync(join(__dirname, '..', '..', 'fixtures', 'layout', 'narrow.ts.txt'), 'utf8').split('// next\n');
      let judged = 0;
      const wrong: string[] = [];
      const applied = new Set<string>();
      for (const program of programs) {
        const text = formatted(program.replace(/^ +/gm, (s) => unit.repeat(s.length / 2)), unit);
        const context = contextOf(text, 'typescript');
        for (const r of javascriptRewrites) {
          for (const site of r.find(context)) {
            const after = applyEdits(text, site.edits);
            judged++;
            applied.add(r.id);
            if (JSON.stringify(indentation(after)) !== JSON.stringify(indentation(formatted(after, unit)))) wrong.push(`${r.id}\n${after}`);
          }
        }
      }
      assert.ok(judged > 90 && applied.size > 20, `${judged} sites of ${applied.size} rewrites`);
      assert.ok(wrong.length <= 1, wrong.join('\n'));
    });
  }

  it('moves a multi-line value with the statement that replaces it, to the letter', () => {
    assert.equal(first('accumulate-in-place', `function main(rows) {
  let out = {};
  for (const r of rows) {
    out = {
      ...out,
      [r.id]: {
        name: r.name,
        size: {
          width: r.w,
        },
      },
    };
  }
  return out;
}
`), `function main(rows) {
  let out = {};
  for (const r of rows) {
    out[r.id] = {
      name: r.name,
      size: {
        width: r.w,
      },
    };
  }
  return out;
}
`);
  });

  it('gives a lone body braces on the line of its head, and keeps all that it adds under its condition', () => {
    assert.equal(first('accumulate-in-place', `function main(rows) {
  let out = {};
  for (const r of rows)
    if (r.ok)
      out = { ...out, [r.id]: 1, n: 2 };
  return out;
}
`), `function main(rows) {
  let out = {};
  for (const r of rows)
    if (r.ok) {
      out[r.id] = 1;
      out.n = 2;
    }
  return out;
}
`);
  });

  it('never touches lines inside strings and comments', () => {
    const text = 'function main(xs, n) {\n  const out = [];\n  for (const x of xs) {\n    out.push(x + `a\n  ${n}\n        b`.repeat(20));\n  }\n  return out;\n}\n';
    const after = first('hoist-invariant', text);
    assert.match(after, /\n {2}const \w+ = `a\n {2}\$\{n\}\n {8}b`\.repeat\(20\);\n/);
  });

  it('leaves what it cannot read, and edits of one line', () => {
    const edits = [{ start: 0, end: 1, text: 'b' }];
    assert.deepEqual(laidOut('a\n   c', edits, { unit: '  ', python: false, from: 0 }), edits);
    const torn = [{ start: 0, end: 1, text: ')]}\n  x' }];
    assert.equal(applyEdits('a\n', laidOut('a\n', torn, { unit: '  ', python: false, from: 0 })), ')]}\n  x\n');
  });

  it('in Python moves lines in brackets only, and takes its step from the functions', async () => {
    const text = `class Grid:
    def ways(
        self, r, c
    ):
        if r == 0 or c == 0:
            return 1
        return self.ways(r - 1, c) + self.ways(r, c - 1)


def pick(rows):
    return set(
        [
            r.id
            for r in rows
        ]
    )
`;
    const [memo] = await sitesOf(text, 'py-memo-recursion');
    assert.match(applyPython(text, memo?.edits ?? []), /\n {8}def ways_memo\(r, c\):\n {12}key = \(r, c\)\n {12}if key in memo:\n {16}return memo\[key\]\n/);
    const [direct] = await sitesOf(text, 'py-lazy-argument');
    assert.match(applyPython(text, direct?.edits ?? []), /\n {4}return \{\n {8}r\.id\n {8}for r in rows\n {4}\}\n/);
  });
});
