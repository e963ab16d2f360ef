// Comments of a tree: the comment around an offset, doc comments above a node, and their plain text.

import type { Node } from 'web-tree-sitter';
import type { LanguageRules } from './rules.ts';
import type { Lines } from './lines.ts';
import { isFirstOnLine } from './lines.ts';

export interface Span {
  readonly start: number;
  readonly end: number;
}

const CLOSER = /\s*(?:\*+\/|--+>|\*\)|-\})\s*\}?\s*$/;

/** A line inside a comment, from after its opener, without the closer. */
export function withoutCloser(text: string): string {
  return text.replace(CLOSER, '').trimEnd();
}

/** A comment's extent without the line ending that some grammars count to it. */
function spanOf(node: Node, text: string): Span {
  let end = node.endIndex;
  while (end > node.startIndex && /\s/.test(text[end - 1] ?? '')) end--;
  return { start: node.startIndex, end };
}

/** The comment that holds an offset, if one does. */
export function commentAt(root: Node, rules: LanguageRules, text: string, offset: number): Span | null {
  for (let node = root.descendantForIndex(offset, offset + 1); node; node = node.parent)
    if (rules.comments.includes(node.type)) return spanOf(node, text);
  return null;
}

/** All comments, in order. */
export function commentsIn(node: Node, rules: LanguageRules, text: string): Span[] {
  return node.descendantsOfType([...rules.comments]).map((n) => spanOf(n, text));
}

/** Comments are directly above when no blank line and no code stands between. */
function adjacent(text: string, from: number, to: number): boolean {
  const between = text.slice(from, to);
  return between.trim() === '' && between.split('\n').length <= 2;
}

/** The doc comment directly above a node (and, for Rust, among the attributes down to `core`): its plain text. */
export function docAbove(first: Node, core: Node, rules: LanguageRules, lines: Lines): string | undefined {
  const spans: Span[] = [];
  let below = first.startIndex;
  for (let at = first.previousSibling; at && rules.comments.includes(at.type); at = at.previousSibling) {
    const span = spanOf(at, lines.text);
    if (!adjacent(lines.text, span.end, below) || !isFirstOnLine(lines, span.start)) break;
    spans.unshift(span);
    below = span.start;
  }
  if (first.type === 'attribute_item')
    for (let at: Node | null = first; at && at.startIndex < core.startIndex; at = at.nextSibling)
      if (rules.comments.includes(at.type)) spans.push(spanOf(at, lines.text));
  const doc = spans.map((s) => plainText(lines.text.slice(s.start, s.end))).join('\n').trim();
  return doc === '' ? undefined : doc;
}

/** A comment without its markers; lines that are marks or compiler directives left out. */
function plainText(comment: string): string {
  const block = comment.startsWith('/*');
  return comment
    .replace(/^(?:\/\*[*!]?|\/\/[/!]?|#+)/, '')
    .replace(block ? /\*+\/$/ : /$^/, '')
    .split(/\r?\n/)
    .map((line, i) => (block && i > 0 ? line.replace(/^\s*\* ?/, '') : line.replace(/^ /, '')).trimEnd())
    .filter((line) => !/^\s*(?:sigil:|EVOLVE-BLOCK-|go:[a-z])/.test(line))
    .join('\n');
}
