// Applies JavaScript rewrites to source texts and compares what the code does before and after.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { Language as Grammar, Parser } from 'web-tree-sitter';
import { transform } from 'sucrase';
import type { Context, Edit, Rewrite, Site } from '../../../../src/adapters/mutators/catalogue/rewrite.ts';
import type { Language } from '../../../../src/core/pin.ts';

const grammars = join(__dirname, '..', '..', '..', '..', 'dist', 'grammars');
const parsers = new Map<Language, Parser>();

export async function loadParsers(): Promise<void> {
  await Parser.init({ locateFile: () => join(grammars, 'web-tree-sitter.wasm') });
  for (const language of ['javascript', 'typescript', 'tsx'] as const) {
    const parser = new Parser();
    parser.setLanguage(await Grammar.load(join(grammars, `tree-sitter-${language}.wasm`)));
    parsers.set(language, parser);
  }
}

export function contextOf(text: string, language: Language = 'javascript', pins?: Context['pins']): Context {
  const tree = parsers.get(language)?.parse(text);
  if (!tree) throw new Error('no parser: call loadParsers() first');
  return { text, root: tree.rootNode, language, pins: pins ?? [{ start: 0, end: text.length }] };
}

export function applyEdits(text: string, edits: readonly Edit[]): string {
  let out = '';
  let at = 0;
  for (const e of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    assert.ok(e.start >= at && e.end >= e.start, 'edits overlap');
    out += text.slice(at, e.start) + e.text;
    at = e.end;
  }
  return out + text.slice(at);
}

/** Checks what every site must keep: inside a pin, no new syntax errors. Returns the new text. */
export function applySite(context: Context, site: Site, label: string): string {
  assert.ok(site.edits.length > 0, `${label}: no edits`);
  const start = Math.min(...site.edits.map((e) => e.start));
  const end = Math.max(...site.edits.map((e) => e.end));
  assert.ok(context.pins.some((p) => start >= p.start && end <= p.end), `${label}: outside the pins`);
  const after = applyEdits(context.text, site.edits);
  assert.notEqual(after, context.text, `${label}: changes nothing`);
  if (!context.root.hasError) assert.ok(!contextOf(after, context.language).root.hasError, `${label}: does not parse:\n${after}`);
  return after;
}

export function findSites(rewrite: Rewrite, text: string, language: Language = 'javascript', pins?: Context['pins']): Site[] {
  return rewrite.find(contextOf(text, language, pins));
}

/** Applies the first site again and again until none is left; fails if there is no end. */
export function applyAll(rewrite: Rewrite, text: string, language: Language = 'javascript'): string {
  let at = text;
  for (let i = 0; i < 25; i++) {
    const context = contextOf(at, language);
    const [site] = rewrite.find(context);
    if (!site) return at;
    at = applySite(context, site, rewrite.id);
  }
  throw new Error(`${rewrite.id} applies endlessly:\n${at}`);
}

/** Runs `main` of a program on each input, in a realm of its own; results, thrown errors and the mutated arguments as JSON-like text. */
export function outcomes(text: string, inputs: readonly (readonly unknown[])[], language: Language = 'javascript'): string[] {
  const code = language === 'javascript' ? text : transform(text, { transforms: ['typescript'], disableESTransforms: true }).code;
  const realm = createContext({ structuredClone });
  runInContext(`${code.replace(/^export /gm, '')}\n;globalThis.__main = main;
    globalThis.__show = (v) => JSON.stringify(v, (k, x) => x instanceof Map ? { map: [...x] } : x instanceof Set ? { set: [...x] } : typeof x === 'bigint' ? 'big' + x : ArrayBuffer.isView(x) ? [...x] : x === undefined ? '<undefined>' : typeof x === 'number' && !Number.isFinite(x) ? String(x) : Object.is(x, -0) ? '-0' : x);`, realm);
  return inputs.map((input) => {
    const source = JSON.stringify(input);
    return String(runInContext(`(() => { const args = ${source}; let r; try { r = __main(...args); } catch (e) { r = { thrown: e.name }; } return __show([r, args]); })()`, realm, { timeout: 5000 }));
  });
}

/** The rewrite applies at least once, and the program does the same afterwards. Returns the rewritten text. */
export function keeps(rewrite: Rewrite, text: string, inputs: readonly (readonly unknown[])[], language: Language = 'javascript'): string {
  const after = applyAll(rewrite, text, language);
  assert.notEqual(after, text, `${rewrite.id} does not apply to:\n${text}`);
  assert.deepEqual(outcomes(after, inputs, language), outcomes(text, inputs, language), `${rewrite.id} changes what this does:\n${after}`);
  return after;
}

/** The rewrite finds nothing in any of the texts. */
export function refuses(rewrite: Rewrite, texts: Readonly<Record<string, string>>, language: Language = 'javascript'): void {
  for (const [why, text] of Object.entries(texts)) {
    const [site] = findSites(rewrite, text, language);
    assert.equal(site && applyEdits(text, site.edits), undefined, `${rewrite.id} must not apply: ${why}`);
  }
}
