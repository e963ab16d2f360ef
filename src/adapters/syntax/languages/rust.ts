// Functions of Rust: fn items with their attributes, methods as Type.method, closures bound by let.

import type { Node } from 'web-tree-sitter';
import type { LanguageRules, Visit } from '../rules.ts';
import { flat } from '../rules.ts';

function typeName(type: Node): string {
  switch (type.type) {
    case 'generic_type': case 'reference_type': {
      const inner = type.childForFieldName('type');
      return inner ? typeName(inner) : flat(type);
    }
    case 'scoped_type_identifier': return type.childForFieldName('name')?.text ?? flat(type);
    default: return flat(type);
  }
}

/** Attributes before an item, with comments among them. */
function attributesOf(node: Node): Node[] {
  const out: Node[] = [];
  for (let at = node.previousSibling; at && (at.type === 'attribute_item' || at.type.endsWith('_comment')); at = at.previousSibling)
    if (at.type === 'attribute_item') out.unshift(at);
  return out;
}

function visit(node: Node): Visit {
  switch (node.type) {
    case 'impl_item': {
      const type = node.childForFieldName('type');
      return type ? { scope: [typeName(type)] } : null;
    }
    case 'trait_item': case 'mod_item': {
      const name = node.childForFieldName('name');
      return name ? { scope: [name.text] } : null;
    }
    case 'let_declaration': {
      const pattern = node.childForFieldName('pattern');
      const value = node.childForFieldName('value');
      const body = value?.childForFieldName('body');
      if (pattern?.type !== 'identifier' || value?.type !== 'closure_expression' || !body) return null;
      const decorators = attributesOf(node);
      return { function: { names: [pattern.text], first: decorators[0] ?? node, last: node, core: value, body, decorators } };
    }
    default: {
      const name = node.childForFieldName('name');
      const body = node.childForFieldName('body');
      if (!name || !body) return null;
      const decorators = attributesOf(node);
      return { function: { names: [name.text], first: decorators[0] ?? node, last: node, core: node, body, decorators } };
    }
  }
}

export const rust: LanguageRules = {
  language: 'rust',
  wasm: 'tree-sitter-rust.wasm',
  extensions: ['.rs'],
  types: ['function_item', 'impl_item', 'trait_item', 'mod_item', 'let_declaration'],
  comments: ['line_comment', 'block_comment'],
  numbers: ['integer_literal', 'float_literal'],
  lineComment: '//',
  visit,
};
