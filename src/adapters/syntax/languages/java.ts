// Functions of Java: methods and constructors with a body, lambdas bound to a field or variable.

import type { Node } from 'web-tree-sitter';
import type { LanguageRules, Visit } from '../rules.ts';

const METHODS = ['method_declaration', 'constructor_declaration', 'compact_constructor_declaration'];
const TYPES = ['class_declaration', 'interface_declaration', 'enum_declaration', 'record_declaration', 'annotation_type_declaration', 'enum_constant'];

function annotationsOf(node: Node): Node[] {
  const modifiers = node.namedChildren.find((c) => c.type === 'modifiers');
  return modifiers ? modifiers.namedChildren.filter((c) => c.type.endsWith('annotation')) : [];
}

function visit(node: Node): Visit {
  const name = node.childForFieldName('name');
  if (!name) return null;
  if (TYPES.includes(node.type)) return { scope: [name.text] };
  if (METHODS.includes(node.type)) {
    const body = node.childForFieldName('body');
    return body ? { function: { names: [name.text], first: node, last: node, core: node, body, decorators: annotationsOf(node) } } : null;
  }
  const lambda = node.childForFieldName('value');
  const body = lambda?.childForFieldName('body');
  if (lambda?.type !== 'lambda_expression' || !body) return null;
  const declaration = node.parent;
  const alone = declaration !== null && /^(field|local_variable)_declaration$/.test(declaration.type) && declaration.childrenForFieldName('declarator').length === 1;
  const outer = alone ? declaration : node;
  return { function: { names: [name.text], first: outer, last: outer, core: lambda, body, decorators: annotationsOf(outer) } };
}

export const java: LanguageRules = {
  language: 'java',
  wasm: 'tree-sitter-java.wasm',
  extensions: ['.java'],
  types: [...METHODS, ...TYPES, 'variable_declarator'],
  comments: ['line_comment', 'block_comment'],
  numbers: [
    'decimal_integer_literal', 'hex_integer_literal', 'octal_integer_literal', 'binary_integer_literal', 'decimal_floating_point_literal',
    'hex_floating_point_literal',
  ],
  lineComment: '//',
  visit,
};
