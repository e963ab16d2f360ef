// Syntax trees: grammars loaded on first use, one parser kept per language, every tree freed after use.

import { readFile } from 'node:fs/promises';
import type * as TreeSitter from 'web-tree-sitter';
import type { Node, Parser, Tree } from 'web-tree-sitter';
import { UserError } from '../../core/errors.ts';
import type { Language } from '../../core/pin.ts';
import { distFile } from '../assets.ts';
import { rulesOf } from './registry.ts';

export { languageOf } from './registry.ts';

// The package's ES module asks import.meta for its own place, which a CommonJS bundle does not have; require() takes its CommonJS build.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const treeSitter = require('web-tree-sitter') as typeof TreeSitter;

let started: Promise<void> | undefined;
const parsers = new Map<Language, Promise<Parser>>();

async function asset(name: string): Promise<Uint8Array> {
  try {
    return await readFile(distFile(`grammars/${name}`));
  } catch (e) {
    throw new UserError(`the grammar ${name} cannot be read: ${(e as Error).message}`, 'Run "npm run build", or install Sigil again.');
  }
}

async function start(): Promise<void> {
  const wasmBinary = await asset('web-tree-sitter.wasm');
  await treeSitter.Parser.init({ wasmBinary });
}

async function load(language: Language): Promise<Parser> {
  await (started ??= start());
  const grammar = await treeSitter.Language.load(await asset(rulesOf(language).wasm));
  return new treeSitter.Parser().setLanguage(grammar);
}

async function parserOf(language: Language): Promise<Parser> {
  let parser = parsers.get(language);
  if (!parser) parsers.set(language, (parser = load(language)));
  try {
    return await parser;
  } catch (e) {
    parsers.delete(language); // a later call may find the file
    started = undefined;
    throw e;
  }
}

/**
 * Parses a text. Offsets of nodes (startIndex, endIndex) are UTF-16 units of `text` as it is, with BOM and CRLF; rows are 0-based.
 * The caller deletes the tree; prefer withTree(). A text with syntax errors gives a tree with error nodes.
 */
export async function parse(language: Language, text: string): Promise<Tree> {
  const tree = (await parserOf(language)).parse(text);
  if (!tree) throw new Error(`the ${language} parser gave no tree`);
  return tree;
}

/** Parses, hands the root to `use`, and frees the tree. Nodes must not outlive the call. */
export async function withTree<T>(language: Language, text: string, use: (root: Node) => T | Promise<T>): Promise<T> {
  const tree = await parse(language, text);
  try {
    return await use(tree.rootNode);
  } finally {
    tree.delete();
  }
}
