// The normal form of a text: equal for two texts that differ in comments and formatting only.

import type { Node, TreeCursor } from 'web-tree-sitter';
import type { Language } from '../../core/pin.ts';
import { withTree } from './parser.ts';
import { rulesOf } from './registry.ts';

const TOKEN = '\u0001';
const OPEN = '\u0002';
const CLOSE = '\u0003';

/** Nodes whose inner whitespace means something: their text stays as it is. */
const EXACT = new Set([
  'string', 'template_string', 'regex', 'jsx_text', 'ERROR', 'interpreted_string_literal', 'raw_string_literal', 'rune_literal',
  'string_literal', 'char_literal', 'character_literal', 'text_block', 'preproc_arg', 'concatenated_string', 'system_lib_string',
]);
/** Lists in which a last comma means nothing. Python's tuples and JavaScript's holes are not among them. */
const COMMA_LISTS = new Set([
  'argument_list', 'arguments', 'parameters', 'formal_parameters', 'parameter_list', 'list', 'dictionary', 'set', 'array', 'object',
  'array_expression', 'field_initializer_list', 'literal_value', 'initializer_list', 'array_initializer', 'type_parameters', 'type_arguments',
]);
/** Nodes whose semicolons and line ends are structure of their own. */
const KEEPS_SEMICOLON = new Set([
  'for_statement', 'for_clause', 'empty_statement', 'if_statement', 'expression_switch_statement', 'type_switch_statement',
  'condition_clause', 'init_statement', 'array_type', 'array_expression', 'token_tree',
]);

/**
 * A string that two texts share when they have the same tokens in the same structure: the leaves of the syntax tree without comments,
 * in brackets for its nesting, so that Python's indentation and JavaScript's missing semicolons count as what they mean. Docstrings and
 * directives (`//go:…`) stay; strings stay exact. Without a language: the text without trailing blanks and empty lines at its end.
 */
export async function normalForm(language: Language | null, text: string): Promise<string> {
  if (language === null) return text.replace(/^\uFEFF/, '').split(/\r?\n/).map((l) => l.trimEnd()).join('\n').trimEnd();
  return withTree(language, text, (root) => {
    const cursor = root.walk();
    try {
      return tokens(cursor, text, new Set(rulesOf(language).comments));
    } finally {
      cursor.delete();
    }
  });
}

function tokens(cursor: TreeCursor, text: string, comments: ReadonlySet<string>): string {
  const out: string[] = [];
  const around: string[] = []; // types of the nodes that are open
  let at = 0;
  /** Steps over a node; text before it to which the grammar gives no leaf is a token. */
  const pass = (token: string | null): void => {
    const gap = text.slice(at, cursor.startIndex).replace(/\\\r?\n|[\s\uFEFF]+/g, '');
    if (gap !== '') out.push(gap);
    if (token !== null) out.push(token);
    at = Math.max(at, cursor.endIndex);
  };
  for (;;) {
    const type = cursor.nodeType;
    const own = EXACT.has(type) ? exact(type, text.slice(cursor.startIndex, cursor.endIndex)) : null;
    if (comments.has(type)) {
      const comment = text.slice(cursor.startIndex, cursor.endIndex);
      pass(comment.startsWith('//go:') ? comment.trim() : null);
    } else if (own !== null) {
      pass(own);
    } else if (cursor.gotoFirstChild()) {
      out.push(OPEN);
      around.push(type);
      continue;
    } else if (type === 'line_continuation' || dropped(cursor, type, around.at(-1) ?? '', comments)) {
      pass(null);
    } else {
      pass(text.slice(cursor.startIndex, cursor.endIndex));
    }
    while (!cursor.gotoNextSibling()) {
      if (!cursor.gotoParent()) return out.join(TOKEN);
      around.pop();
      out.push(CLOSE);
    }
  }
}

function exact(type: string, text: string): string {
  const unix = text.replaceAll('\r\n', '\n');
  if (type === 'preproc_arg') return unix.trim();
  if (type !== 'jsx_text' || !unix.includes('\n')) return unix;
  // JSX drops line breaks with the blanks around them.
  const lines = unix.split('\n');
  return lines.map((l, i) => (i === 0 ? l.trimEnd() : i === lines.length - 1 ? l.trimStart() : l.trim())).filter((l) => l !== '').join(' ');
}

/** Whether a leaf is formatting: a last comma, an optional semicolon, the line end of Go. */
function dropped(cursor: TreeCursor, type: string, parent: string, comments: ReadonlySet<string>): boolean {
  if (cursor.startIndex === cursor.endIndex) return true;
  if (type === ';' || type === '\n') return !KEEPS_SEMICOLON.has(parent);
  if (type !== ',' || !COMMA_LISTS.has(parent)) return false;
  const beside = (step: 'previousSibling' | 'nextSibling'): Node | null => {
    let at = cursor.currentNode[step];
    while (at && comments.has(at.type)) at = at[step];
    return at;
  };
  return beside('previousSibling')?.isNamed === true && /^[)\]}>]$/.test(beside('nextSibling')?.type ?? '');
}
