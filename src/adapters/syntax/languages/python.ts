// Functions of Python: def, async def, lambdas bound to a name; docstrings.

import type { Node } from 'web-tree-sitter';
import type { Found, LanguageRules, Visit } from '../rules.ts';
import { partsOf } from '../rules.ts';

/** A docstring's text as inspect.cleandoc gives it; escapes stay as written. */
function docstring(found: Found): string | undefined {
  if (found.body.type !== 'block') return undefined;
  const first = partsOf(found.body)[0];
  const string = first?.type === 'expression_statement' ? partsOf(first)[0] : undefined;
  if (string?.type !== 'string') return undefined;
  const start = string.firstChild;
  const end = string.lastChild;
  if (start?.type !== 'string_start' || end?.type !== 'string_end' || /[bft]/i.test(start.text)) return undefined;
  return cleandoc(string.text.slice(start.endIndex - string.startIndex, end.startIndex - string.startIndex));
}

function cleandoc(text: string): string {
  const [head = '', ...rest] = text.replaceAll('\t', '        ').split(/\r?\n/);
  const indent = Math.min(...rest.filter((l) => l.trim() !== '').map((l) => l.length - l.trimStart().length));
  return [head.trim(), ...rest.map((l) => l.slice(Number.isFinite(indent) ? indent : 0).trimEnd())].join('\n').trim();
}

function visit(node: Node): Visit {
  const name = node.childForFieldName('name');
  if (node.type === 'class_definition') return name ? { scope: [name.text] } : null;
  if (node.type === 'function_definition') {
    const body = node.childForFieldName('body');
    if (!name || !body) return null;
    const outer = node.parent?.type === 'decorated_definition' ? node.parent : node;
    return { function: { names: [name.text], first: outer, last: outer, core: node, body, decorators: outer.children.filter((c) => c.type === 'decorator') } };
  }
  const left = node.childForFieldName('left');
  const right = node.childForFieldName('right');
  const body = right?.childForFieldName('body');
  if (left?.type !== 'identifier' || right?.type !== 'lambda' || !body) return null;
  const outer = node.parent?.type === 'expression_statement' && node.parent.namedChildCount === 1 ? node.parent : node;
  return { function: { names: [left.text], first: outer, last: outer, core: right, body, decorators: [] } };
}

export const python: LanguageRules = {
  language: 'python',
  wasm: 'tree-sitter-python.wasm',
  extensions: ['.py', '.pyi', '.pyw'],
  types: ['class_definition', 'function_definition', 'assignment'],
  comments: ['comment'],
  numbers: ['integer', 'float'],
  lineComment: '#',
  bodyEndsWithComments: true,
  visit,
  innerDoc: docstring,
};
