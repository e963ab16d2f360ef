// Functions of JavaScript, TypeScript and TSX: declarations, methods, and functions bound to a name, a property or a field.

import type { Node } from 'web-tree-sitter';
import type { Found, LanguageRules, Visit } from '../rules.ts';
import { flat, partsOf } from '../rules.ts';

const FUNCTIONS = new Set(['function_expression', 'generator_function', 'arrow_function']);
const DECLARATIONS = new Set(['function_declaration', 'generator_function_declaration']);
const WRAPPERS = new Set(['parenthesized_expression', 'as_expression', 'satisfies_expression', 'non_null_expression']);

/** The expression inside parentheses, `as` and `satisfies`. */
export function unwrap(node: Node | null | undefined): Node | null {
  let at = node ?? null;
  while (at && WRAPPERS.has(at.type)) at = partsOf(at)[0] ?? null;
  return at;
}

/** Whether a node is a function expression of any kind. */
export function isFunctionExpression(node: Node): boolean {
  return FUNCTIONS.has(node.type);
}

function keyOf(node: Node | null): string | null {
  if (!node) return null;
  switch (node.type) {
    case 'identifier': case 'property_identifier': case 'private_property_identifier': case 'number': return node.text;
    case 'string': return node.text.slice(1, -1);
    case 'computed_property_name': return flat(node);
    default: return null;
  }
}

/** `a.b`, `Foo.prototype.bar` → Foo.bar, `exports.f` → f, `module.exports` → default, `this.x` → x. */
function targetOf(node: Node): readonly string[] | null {
  if (node.type !== 'identifier' && node.type !== 'member_expression') return null;
  const parts = node.text.split('.').map((p) => p.trim());
  if (parts.some((p) => !/^#?[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u.test(p))) return null;
  if (parts[0] === 'module' && parts[1] === 'exports') parts.splice(0, 2);
  else if (parts[0] === 'exports' || parts[0] === 'this') parts.shift();
  else if (parts.length > 2 && parts[1] === 'prototype') parts.splice(1, 1);
  return parts.length === 0 ? ['default'] : parts;
}

function exportOf(node: Node): Node {
  return node.parent?.type === 'export_statement' ? node.parent : node;
}

function isDefaultExport(node: Node): boolean {
  return node.type === 'export_statement' && node.children.some((c) => c.type === 'default');
}

interface Binding {
  readonly names: readonly string[] | null;
  readonly value: Node | null;
  readonly outer: Node;
}

function bindingOf(node: Node): Binding | null {
  switch (node.type) {
    case 'variable_declarator': {
      const name = node.childForFieldName('name');
      const declaration = node.parent;
      const alone = declaration !== null && /^(lexical|variable)_declaration$/.test(declaration.type)
        && declaration.namedChildren.filter((c) => c.type === 'variable_declarator').length === 1;
      return { names: name?.type === 'identifier' ? [name.text] : null, value: node.childForFieldName('value'), outer: alone ? exportOf(declaration) : node };
    }
    case 'pair': {
      const key = keyOf(node.childForFieldName('key'));
      return { names: key === null ? null : [key], value: node.childForFieldName('value'), outer: node };
    }
    case 'field_definition': case 'public_field_definition': {
      const key = keyOf(node.childForFieldName('property') ?? node.childForFieldName('name'));
      return { names: key === null ? null : [key], value: node.childForFieldName('value'), outer: node };
    }
    case 'assignment_expression': {
      const left = node.childForFieldName('left');
      return { names: left && targetOf(left), value: node.childForFieldName('right'), outer: node.parent?.type === 'expression_statement' ? node.parent : node };
    }
    case 'export_statement':
      return isDefaultExport(node) ? { names: ['default'], value: node.childForFieldName('value'), outer: node } : null;
    default:
      return null;
  }
}

/** Decorators stand inside a member (JavaScript) or before it (TypeScript). */
function decoratorsOf(node: Node): Node[] {
  const before: Node[] = [];
  for (let at = node.previousSibling; at && (at.type === 'decorator' || at.type === 'comment'); at = at.previousSibling)
    if (at.type === 'decorator') before.unshift(at);
  return [...before, ...node.children.filter((c) => c.type === 'decorator')];
}

function found(names: readonly string[], outer: Node, core: Node, isDefault = false): Visit {
  const body = core.childForFieldName('body');
  if (!body) return null;
  const decorators = /_definition$/.test(outer.type) ? decoratorsOf(outer) : [];
  const first = decorators[0] && decorators[0].startIndex < outer.startIndex ? decorators[0] : outer;
  const out: Found = { names, first, last: outer, core, body, decorators };
  return { function: isDefault ? { ...out, isDefault } : out };
}

/** The function written in the first argument of improve(…): it alone may change, not the mark. */
function inlineOfMark(call: Node): Node | null {
  if (call.type !== 'call_expression' || !/(^|\.)improve$/.test(call.childForFieldName('function')?.text ?? '')) return null;
  const args = call.childForFieldName('arguments');
  const inline = args && unwrap(partsOf(args)[0]);
  return inline && FUNCTIONS.has(inline.type) ? inline : null;
}

function visitBinding({ names, value, outer }: Binding, claimed: Set<number>): Visit {
  const core = unwrap(value);
  if (!names || !core) return null;
  const isDefault = isDefaultExport(outer) || names[0] === 'default';
  if (FUNCTIONS.has(core.type)) {
    claimed.add(core.id);
    return found(names, outer, core, isDefault);
  }
  const inline = inlineOfMark(core);
  if (inline) {
    claimed.add(inline.id);
    return found(names, inline, inline, isDefault);
  }
  if (core.type === 'class') claimed.add(core.id);
  return core.type === 'class' || core.type === 'object' ? { scope: names } : null;
}

function visit(node: Node, claimed: Set<number>): Visit {
  if (claimed.has(node.id)) return null;
  const binding = bindingOf(node);
  if (binding) return visitBinding(binding, claimed);
  const name = node.childForFieldName('name');
  switch (node.type) {
    case 'class': case 'class_declaration': case 'abstract_class_declaration':
      return name ? { scope: [name.text] } : null;
    case 'internal_module': case 'module':
      return name ? { scope: name.type === 'string' ? [name.text.slice(1, -1)] : name.text.split('.').map((p) => p.trim()) } : null;
    case 'method_definition': {
      const key = keyOf(name);
      return key === null ? null : found([key], node, node);
    }
    default: {
      if (!name) return null;
      const outer = DECLARATIONS.has(node.type) ? exportOf(node) : node;
      return found([name.text], outer, node, isDefaultExport(outer));
    }
  }
}

const shared = {
  types: [
    ...FUNCTIONS, ...DECLARATIONS, 'method_definition', 'class', 'class_declaration', 'abstract_class_declaration', 'internal_module', 'module',
    'variable_declarator', 'pair', 'field_definition', 'public_field_definition', 'assignment_expression', 'export_statement',
  ],
  comments: ['comment', 'html_comment'],
  numbers: ['number'],
  lineComment: '//',
  visit,
} as const;

export const javascript: LanguageRules = { ...shared, language: 'javascript', wasm: 'tree-sitter-javascript.wasm', extensions: ['.js', '.mjs', '.cjs', '.jsx'] };
export const typescript: LanguageRules = { ...shared, language: 'typescript', wasm: 'tree-sitter-typescript.wasm', extensions: ['.ts', '.mts', '.cts'] };
export const tsx: LanguageRules = { ...shared, language: 'tsx', wasm: 'tree-sitter-tsx.wasm', extensions: ['.tsx'] };
