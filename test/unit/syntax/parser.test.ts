// Trees are freed after use, whatever happens, and parsers are made once a language.
import assert from 'node:assert/strict';
import type * as TreeSitter from 'web-tree-sitter';
import { listFunctions } from '../../../src/adapters/syntax/functions.ts';
import { findKnobs } from '../../../src/adapters/syntax/knobs.ts';
import { markFunction } from '../../../src/adapters/syntax/mark.ts';
import { normalForm } from '../../../src/adapters/syntax/normal-form.ts';
import { parse, withTree } from '../../../src/adapters/syntax/parser.ts';
import { findPins } from '../../../src/adapters/syntax/pins.ts';
import { resolvePinRef } from '../../../src/adapters/syntax/resolve.ts';
import { SAMPLES, fixture } from './variants.ts';

// eslint-disable-next-line @typescript-eslint/no-require-imports -- the same build of the package that the parser takes
const { Parser, Tree } = require('web-tree-sitter') as typeof TreeSitter;

describe('parser', () => {
  const parsed = Object.getOwnPropertyDescriptor(Parser.prototype, 'parse')?.value as TreeSitter.Parser['parse'];
  const deleted = Object.getOwnPropertyDescriptor(Tree.prototype, 'delete')?.value as TreeSitter.Tree['delete'];
  let live = 0;
  let made = 0;
  const parsers = new Set<unknown>();

  before(() => {
    Parser.prototype.parse = function parse(this: TreeSitter.Parser, ...args: Parameters<typeof parsed>) {
      parsers.add(this);
      live++;
      made++;
      return parsed.apply(this, args);
    };
    Tree.prototype.delete = function del(this: TreeSitter.Tree) {
      live--;
      deleted.call(this);
    };
  });
  after(() => {
    Parser.prototype.parse = parsed;
    Tree.prototype.delete = deleted;
  });
  beforeEach(() => { live = made = 0; });

  it('frees every tree of every operation', async () => {
    for (const [name, language] of SAMPLES) {
      const text = fixture(name);
      const [first] = await listFunctions(language, text);
      const marked = await markFunction(text, name, first?.range.startLine ?? 0, {});
      await findPins(name, marked);
      await findKnobs(name, `${marked}\n// sigil: knob`);
      await normalForm(language, text);
      await resolvePinRef(`${name}#${first?.symbol ?? ''}`, () => marked);
      await resolvePinRef(`${name}#nothing`, () => marked).catch(() => undefined);
    }
    assert.ok(made > 60, String(made));
    assert.equal(live, 0);
  });

  it('frees the tree when its user throws', async () => {
    await assert.rejects(withTree('python', 'x', () => { throw new Error('user'); }), /user/);
    await assert.rejects(withTree('python', 'x', () => Promise.reject(new Error('later'))), /later/);
    assert.equal(made, 2);
    assert.equal(live, 0);
  });

  it('gives the tree to the caller of parse()', async () => {
    const tree = await parse('go', 'package a\n');
    assert.equal(live, 1);
    assert.equal(tree.rootNode.type, 'source_file');
    tree.delete();
  });

  it('keeps one parser a language, and does not grow with many parses', async () => {
    parsers.clear();
    const text = fixture('sample.ts').repeat(20);
    for (let i = 0; i < 8; i++) await listFunctions('typescript', text);
    await Promise.all([1, 2, 3].map(() => listFunctions('typescript', 'const f = () => 1;')));
    assert.equal(parsers.size, 1);
    const before = process.memoryUsage().arrayBuffers + process.memoryUsage().external;
    for (let i = 0; i < 25; i++) await listFunctions('typescript', text);
    // Kept trees of this text would be over 40 MB of the WebAssembly memory.
    assert.ok(process.memoryUsage().arrayBuffers + process.memoryUsage().external - before < 20e6);
  });

  it('does not parse a text without marks', async () => {
    await findPins('a.py', 'def f(): pass\n'.repeat(1000));
    await findKnobs('a.py', 'x = 8\n');
    assert.equal(made, 0);
  });
});
