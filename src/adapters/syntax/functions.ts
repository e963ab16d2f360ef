// All functions of a text, with qualified names, exact ranges, one-line heads, doc comments and decorators.

import type { Node } from 'web-tree-sitter';
import type { Language, Range } from '../../core/pin.ts';
import type { Span } from './comments.ts';
import { commentsIn, docAbove } from './comments.ts';
import type { Lines } from './lines.ts';
import { linesOf, rangeOf } from './lines.ts';
import { withTree } from './parser.ts';
import { rulesOf } from './registry.ts';
import type { Found, LanguageRules } from './rules.ts';

/** Where a function stands and what it is called. Offsets are UTF-16 units. */
export interface Outline {
  /** `Outer.inner`, unique in its text: the second of the same name is `Outer.inner~2`. */
  readonly symbol: string;
  /** As Pin.range: with decorators, attributes, templates, `export` and `const f =`, without the doc comment above. */
  readonly range: Range;
  /** The function itself, without those. */
  readonly core: Span;
  /** Where the parameters begin: a comment before that, but after `range.start`, is still above the function. */
  readonly parametersStart: number;
  /** Whether it is its module's default export. */
  readonly isDefault: boolean;
}

/** An outline with what people read. */
export interface FunctionInfo extends Outline {
  /** The head on one line, e.g. `def f(x, y=1)`. */
  readonly signature: string;
  readonly doc?: string;
  /** Texts of decorators, annotations or attributes, each on one line. */
  readonly decorators: readonly string[];
}

/** The functions of a tree. Describing one costs more than finding it, so that is done for those that matter. */
export interface Functions {
  /** In order of their starts, outer before inner. */
  readonly outlines: readonly Outline[];
  /** Only while the tree lives. */
  readonly describe: (outline: Outline) => FunctionInfo;
}

/** Parses, finds and describes all. A text with syntax errors gives what stands outside them. */
export async function listFunctions(language: Language, text: string): Promise<readonly FunctionInfo[]> {
  return withTree(language, text, (root) => {
    const functions = functionsOf(language, root, text);
    return functions.outlines.map((o) => functions.describe(o));
  });
}

/** The functions of a tree that is at hand. */
export function functionsOf(language: Language, root: Node, text: string): Functions {
  const rules = rulesOf(language);
  const lines = linesOf(text);
  const claimed = new Set<number>();
  const around: { readonly end: number; readonly names: readonly string[] }[] = [];
  const found: { readonly names: readonly string[]; readonly found: Found }[] = [];

  for (const node of root.descendantsOfType([...rules.types])) {
    while (around.length > 0 && (around.at(-1)?.end ?? 0) <= node.startIndex) around.pop();
    const visit = rules.visit(node, claimed);
    if (!visit) continue;
    const own = 'scope' in visit ? visit.scope : visit.function.names;
    const names = [...(around.at(-1)?.names ?? []), ...own];
    if ('function' in visit) found.push({ names, found: visit.function });
    around.push({ end: node.endIndex, names });
  }

  found.sort((a, b) => a.found.first.startIndex - b.found.first.startIndex || b.found.last.endIndex - a.found.last.endIndex);
  const unique = uniqueNames();
  const nodes = new Map<string, Found>();
  const outlines = found.map(({ names, found: f }): Outline => {
    const symbol = unique(names.join('.'));
    nodes.set(symbol, f);
    return {
      symbol,
      range: rangeOf(lines, f.first.startIndex, endOf(f.last, rules, text)),
      core: { start: f.core.startIndex, end: endOf(f.core, rules, text) },
      parametersStart: (f.core.childForFieldName('parameters') ?? f.core.childForFieldName('declarator') ?? f.body).startIndex,
      isDefault: f.isDefault === true,
    };
  });
  return {
    outlines,
    describe(outline) {
      const f = nodes.get(outline.symbol);
      if (!f) throw new Error(`no function ${outline.symbol}`);
      return describe(f, outline, rules, lines);
    },
  };
}

/** Names each text once: `f`, `f~2`, `f~3`. It goes on from the last number: a file may hold one name thousands of times. */
function uniqueNames(): (name: string) => string {
  const taken = new Set<string>();
  const last = new Map<string, number>();
  return (name) => {
    let symbol = name;
    let n = last.get(name) ?? 1;
    while (taken.has(symbol)) symbol = `${name}~${++n}`;
    last.set(name, n);
    taken.add(symbol);
    return symbol;
  };
}

function describe(f: Found, outline: Outline, rules: LanguageRules, lines: Lines): FunctionInfo {
  const doc = rules.innerDoc ? rules.innerDoc(f) : docAbove(f.first, f.core, rules, lines);
  return {
    ...outline,
    signature: signatureOf(f, rules, lines.text),
    ...(doc === undefined || doc === '' ? {} : { doc }),
    decorators: f.decorators.map((d) => onOneLine(d.text)),
  };
}

/** The end of the last token: some grammars count a line ending, or (JavaScript without semicolons) a comment behind, to the node. */
function endOf(node: Node, rules: LanguageRules, text: string): number {
  let at = node;
  while (rules.bodyEndsWithComments !== true) {
    let last = at.lastChild;
    while (last && (rules.comments.includes(last.type) || last.startIndex === last.endIndex)) last = last.previousSibling;
    if (!last) break;
    at = last;
  }
  let end = at.endIndex;
  while (end > at.startIndex && /\s/.test(text[end - 1] ?? '')) end--;
  return end;
}

/** Source on one line, without the line breaks that only fold it. */
function onOneLine(text: string): string {
  const unfolded = text.includes('\n') ? text.replace(/([([{<])\s*\n\s*/g, '$1').replace(/,?\s*\n\s*([)\]}>])/g, '$1') : text;
  return unfolded.replace(/\s+/g, ' ').trim();
}

function signatureOf(f: Found, rules: LanguageRules, text: string): string {
  const comments = commentsIn(f.last, rules, text);
  for (let at: Node | null = f.first; at && at.id !== f.last.id; at = at.nextSibling) comments.push(...commentsIn(at, rules, text));
  const skip = [...f.decorators.map((d) => ({ start: d.startIndex, end: d.endIndex })), ...comments]
    .filter((s) => s.start >= f.first.startIndex && s.end <= f.body.startIndex)
    .sort((a, b) => a.start - b.start);
  let head = '';
  let at = f.first.startIndex;
  for (const s of skip) {
    if (s.start < at) continue;
    head += `${text.slice(at, s.start)} `;
    at = s.end;
  }
  return onOneLine(head + text.slice(at, f.body.startIndex)).replace(/ ?(?::|=>|->)$/, '');
}
