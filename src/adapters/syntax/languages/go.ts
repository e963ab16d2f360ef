// Functions of Go: functions, methods as Type.Method, function literals bound to a variable.

import type { Node } from 'web-tree-sitter';
import type { LanguageRules, Visit } from '../rules.ts';
import { partsOf } from '../rules.ts';

/** `T` of the receivers `(t T)`, `(t *T)` and `(t *T[K])`. */
function receiverOf(node: Node): string | null {
  const parameter = node.childForFieldName('receiver')?.namedChildren.find((c) => c.type === 'parameter_declaration');
  let type = parameter?.childForFieldName('type') ?? null;
  while (type && type.type !== 'type_identifier') type = type.childForFieldName('type') ?? partsOf(type)[0] ?? null;
  return type?.text ?? null;
}

function visit(node: Node): Visit {
  const name = node.childForFieldName('name');
  if (node.type === 'function_declaration' || node.type === 'method_declaration') {
    const body = node.childForFieldName('body');
    if (!name || !body) return null;
    const receiver = node.type === 'method_declaration' ? receiverOf(node) : null;
    return { function: { names: receiver === null ? [name.text] : [receiver, name.text], first: node, last: node, core: node, body, decorators: [] } };
  }
  const names = node.type === 'var_spec' ? node.childrenForFieldName('name').filter((n) => n.isNamed) : partsOf(node.childForFieldName('left') ?? node);
  const right = node.childForFieldName(node.type === 'var_spec' ? 'value' : 'right');
  const values = right ? partsOf(right) : [];
  const [target, literal] = [names[0], values[0]];
  const body = literal?.childForFieldName('body');
  if (names.length !== 1 || values.length !== 1 || target?.type !== 'identifier' || literal?.type !== 'func_literal' || !body) return null;
  const outer = node.type === 'var_spec' && node.parent?.type === 'var_declaration' ? node.parent : node;
  return { function: { names: [target.text], first: outer, last: outer, core: literal, body, decorators: [] } };
}

export const go: LanguageRules = {
  language: 'go',
  wasm: 'tree-sitter-go.wasm',
  extensions: ['.go'],
  types: ['function_declaration', 'method_declaration', 'var_spec', 'short_var_declaration'],
  comments: ['comment'],
  numbers: ['int_literal', 'float_literal'],
  lineComment: '//',
  visit,
};
