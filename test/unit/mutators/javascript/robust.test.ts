// Properties of all JavaScript rewrites on sources that nobody wrote for them.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { javascriptRewrites } from '../../../../src/adapters/mutators/catalogue/javascript/all.ts';
import type { Language } from '../../../../src/core/pin.ts';
import { applySite, contextOf, loadParsers } from './harness.ts';

const modules = join(__dirname, '..', '..', '..', '..', 'node_modules');
const folders = ['mocha/lib', 'mocha/lib/reporters', 'diff/libcjs/diff', 'diff/libcjs/patch', 'sucrase/dist/parser/traverser', 'sucrase/dist/transformers', 'acorn/dist', 'semver/functions', 'semver/ranges', 'semver/classes', 'esquery/dist', 'commander/lib', 'optionator/lib', 'levn/lib', 'flatted/cjs',
  'fastest-levenshtein', 'fast-levenshtein', 'glob/dist/commonjs', 'minimatch/dist/commonjs', 'ignore', 'yaml/dist/compose', 'js-yaml/lib', 'eslint/lib/rules', 'zod/src/v4/core', 'chokidar', 'picomatch/lib', 'natural-compare', 'ms', 'argparse/lib', '@typescript-eslint/eslint-plugin/dist/rules'];

function files(): string[] {
  const out: string[] = [];
  for (const folder of folders) {
    const dir = join(modules, folder);
    if (!existsSync(dir)) continue;
    const list = readdirSync(dir).filter((f) => /\.(js|cjs|mjs|ts)$/.test(f) && !/\.min\.|\.d\.ts$/.test(f)).map((f) => join(dir, f)).filter((f) => statSync(f).size > 800 && statSync(f).size < 40_000);
    out.push(...list.slice(0, 4));
  }
  return out;
}

describe('all JavaScript rewrites', () => {
  before(loadParsers);

  it('have distinct names and say what they assume', () => {
    assert.equal(new Set(javascriptRewrites.map((r) => r.id)).size, javascriptRewrites.length);
    for (const r of javascriptRewrites) assert.ok(r.title !== '' && r.assumes !== '' && r.languages.length === 3);
  });

  it('take any file, and give edits that stay in the pin, do not overlap and parse', function () {
    this.timeout(120_000);
    const list = files();
    assert.ok(list.length >= 20, `only ${list.length} files to try`);
    let sites = 0;
    for (const file of list) {
      const text = readFileSync(file, 'utf8');
      const language: Language = file.endsWith('.ts') ? 'typescript' : 'javascript';
      const context = contextOf(text, language);
      for (const rewrite of javascriptRewrites) {
        for (const site of rewrite.find(context)) {
          applySite(context, site, `${rewrite.id} in ${file}: ${site.summary}`);
          sites++;
        }
      }
    }
    assert.ok(sites > 15, `only ${sites} sites: the files show nothing`);
    if (process.env['SHOW']) console.log(`${sites} sites in ${list.length} files`);
  });

  it('stay inside each function when only that is pinned, with Windows line ends and text outside ASCII', () => {
    const text = `// ünïcode 🎉 before\r\nexport function main(xs, ys) {\r\n  const out = [];\r\n  for (const x of xs) {\r\n    if (ys.includes(x)) out.push(Math.pow(x, 2));\r\n  }\r\n  return out;\r\n}\r\nfunction other(a, b) { return a.filter((x) => b.includes(x)); }\r\n`;
    const pin = { start: text.indexOf('function main'), end: text.indexOf('}\r\nfunction other') + 1 };
    const context = contextOf(text, 'javascript', [pin]);
    const all = javascriptRewrites.flatMap((r) => r.find(context).map((s) => applySite(context, s, r.id)));
    assert.equal(all.length, 2);
    for (const after of all) {
      assert.ok(after.endsWith(text.slice(pin.end)) && after.startsWith(text.slice(0, pin.start)));
      assert.doesNotMatch(after, /[^\r]\n/);
    }
  });

  it('do not throw on broken code', () => {
    for (const text of ['', 'function f( { for (', 'xs.includes(', 'a = [...a, ', 'for (const x of ) { y.find( }', 'class { m() { return this.x.filter() } }', '`${', 'x => { while (q.length) q.shift() ']) {
      const context = contextOf(text);
      for (const r of javascriptRewrites) r.find(context);
    }
  });

  it('find nothing where everything is pinned away', () => {
    const context = contextOf('function f(a, b) { return a.filter((x) => b.includes(x)); }', 'javascript', []);
    assert.deepEqual(javascriptRewrites.flatMap((r) => r.find(context)), []);
  });
});
