// A failing edit for a pin: a body that throws when it is called, or text that no program accepts.

import type { Node } from 'web-tree-sitter';
import type { Language, Pin } from '../../core/pin.ts';
import { withTree } from './parser.ts';

const MESSAGE = 'a failure planted by sigil validate';

const THROW: Record<Language, string> = {
  python: `raise RuntimeError("${MESSAGE}")`,
  javascript: `throw new Error("${MESSAGE}");`,
  typescript: `throw new Error("${MESSAGE}");`,
  tsx: `throw new Error("${MESSAGE}");`,
  go: `panic("${MESSAGE}")`,
  rust: `panic!("${MESSAGE}");`,
  java: `if (true) throw new RuntimeException("${MESSAGE}");`,
  c: '__builtin_trap();',
  cpp: '__builtin_trap();',
};

function bodyWithin(n: Node, start: number, end: number): Node | null {
  if (n.endIndex <= start || n.startIndex >= end) return null;
  if (n.startIndex >= start && n.endIndex <= end) {
    const body = n.childForFieldName('body');
    if (body && !/class|interface|impl|namespace/.test(n.type)) return body;
  }
  for (const c of n.namedChildren) {
    const found = bodyWithin(c, start, end);
    if (found) return found;
  }
  return null;
}

/** The pin's text with the failure planted. */
export async function plantFailure(pin: Pin, text: string): Promise<string> {
  const { start, end } = pin.range;
  const own = text.slice(start, end);
  if (pin.kind !== 'function' || pin.language === null) return `@@@ ${MESSAGE} @@@\n`;
  const { language } = pin;
  return withTree(language, text, (root) => {
    const body = bodyWithin(root, start, end);
    if (!body) return `@@@ ${MESSAGE} @@@\n`;
    const at = body.startIndex - start;
    const line = THROW[language];
    if (language === 'python') {
      const indent = /[ \t]*$/.exec(text.slice(text.lastIndexOf('\n', body.startIndex - 1) + 1, body.startIndex))?.[0] ?? '';
      return `${own.slice(0, at)}${line}\n${indent}${own.slice(at)}`;
    }
    if (own[at] === '{') return `${own.slice(0, at + 1)} ${line}${own.slice(at + 1)}`;
    return `${own.slice(0, at)}{ ${line} }${own.slice(body.endIndex - start)}`; // an arrow function's expression
  });
}
