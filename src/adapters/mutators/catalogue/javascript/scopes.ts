// Which declaration each identifier of a file means: lexical scopes, hoisting, destructuring, TypeScript's types left out.

import type { Syn } from './syn.ts';
import { field, isFunction, parametersOf, textOf, visit } from './syn.ts';

export type BindingKind = 'const' | 'let' | 'var' | 'param' | 'function' | 'class' | 'import' | 'catch';

/** One declared name. */
export interface Binding {
  readonly name: string;
  readonly kind: BindingKind;
  /** The node whose extent is the scope. */
  readonly scope: Syn;
  /** The declaring identifier (the first one for a repeated `var`). */
  readonly decl: Syn;
  /** `const x = init` with a plain name: the variable_declarator. */
  readonly declarator: Syn | null;
  /** Every other identifier that means it, in order; writes included. */
  readonly refs: Syn[];
  /** Those of `refs` that assign it, and repeated declarations. */
  readonly writes: Syn[];
}

export interface Scopes {
  bindingOf(identifier: Syn): Binding | undefined;
  /** Whether an identifier of this name occurs anywhere in the file. */
  readonly names: ReadonlySet<string>;
  readonly bindings: readonly Binding[];
  /** Uses `with`, or calls `eval` directly: nothing can be known. */
  readonly opaque: boolean;
}

/** Subtrees without run-time meaning. */
const typeOnly = new Set([
  'type_annotation', 'type_arguments', 'type_parameters', 'interface_declaration', 'type_alias_declaration', 'ambient_declaration',
  'function_signature', 'method_signature', 'abstract_method_signature', 'type_predicate_annotation', 'asserts_annotation', 'implements_clause', 'opting_type_annotation',
]);
export const isTypeOnly = (n: Syn): boolean => typeOnly.has(n.type);

const blockScopes = new Set(['program', 'statement_block', 'for_statement', 'for_in_statement', 'catch_clause', 'switch_body', 'class_body', 'class_static_block']);
const isScope = (n: Syn): boolean => isFunction(n) || blockScopes.has(n.type);

/** The identifiers that a pattern binds or assigns, without those in default values and computed keys. */
export function patternNames(pattern: Syn): Syn[] {
  switch (pattern.type) {
    case 'identifier':
    case 'shorthand_property_identifier_pattern':
      return [pattern];
    case 'assignment_pattern':
    case 'object_assignment_pattern': {
      const left = field(pattern, 'left');
      return left ? patternNames(left) : [];
    }
    case 'pair_pattern': {
      const value = field(pattern, 'value');
      return value ? patternNames(value) : [];
    }
    case 'required_parameter':
    case 'optional_parameter': {
      const inner = field(pattern, 'pattern');
      return inner ? patternNames(inner) : [];
    }
    case 'array_pattern':
    case 'object_pattern':
    case 'rest_pattern':
    case 'parenthesized_expression':
    case 'non_null_expression':
      return pattern.children.flatMap((c) => (c.named ? patternNames(c) : []));
    default:
      return [];
  }
}

export function resolveScopes(root: Syn): Scopes {
  const tables = new Map<Syn, Map<string, Binding>>();
  const declared = new Map<Syn, Binding>();
  const bindings: Binding[] = [];
  const names = new Set<string>();
  let opaque = false;

  const scopeOf = (n: Syn, functionOnly: boolean): Syn => {
    for (let p: Syn | null = n; p; p = p.parent) {
      if (functionOnly ? isFunction(p) || p.type === 'program' || p.type === 'class_static_block' : isScope(p)) {
        // A function's outermost block shares the scope of its parameters.
        if (!functionOnly && p.type === 'statement_block' && p.parent && isFunction(p.parent)) return p.parent;
        return p;
      }
    }
    return root;
  };
  const declare = (id: Syn, kind: BindingKind, scope: Syn, declarator: Syn | null = null): void => {
    const name = textOf(id);
    let table = tables.get(scope);
    if (!table) tables.set(scope, (table = new Map<string, Binding>()));
    const old = table.get(name);
    if (old) {
      declared.set(id, old);
      old.refs.push(id);
      old.writes.push(id);
      return;
    }
    const binding: Binding = { name, kind, scope, decl: id, declarator, refs: [], writes: [] };
    table.set(name, binding);
    declared.set(id, binding);
    bindings.push(binding);
  };

  visit(root, (n) => {
    if (isTypeOnly(n)) return false;
    switch (n.type) {
      case 'identifier':
      case 'shorthand_property_identifier':
      case 'shorthand_property_identifier_pattern':
        names.add(textOf(n));
        break;
      case 'with_statement':
        opaque = true;
        break;
      case 'call_expression': {
        const callee = field(n, 'function');
        if (callee?.type === 'identifier' && textOf(callee) === 'eval') opaque = true;
        break;
      }
      case 'variable_declarator': {
        const pattern = field(n, 'name');
        const keyword = n.parent?.children[0];
        const kind = keyword && textOf(keyword) === 'const' ? 'const' : keyword && textOf(keyword) === 'let' ? 'let' : 'var';
        if (!pattern) break;
        for (const id of patternNames(pattern)) declare(id, kind, scopeOf(n, kind === 'var'), pattern.type === 'identifier' ? n : null);
        break;
      }
      case 'for_in_statement': {
        const kindNode = field(n, 'kind');
        const left = field(n, 'left');
        if (!kindNode || !left) break;
        const kind = textOf(kindNode) === 'const' ? 'const' : textOf(kindNode) === 'let' ? 'let' : 'var';
        for (const id of patternNames(left)) declare(id, kind, kind === 'var' ? scopeOf(n, true) : n);
        break;
      }
      case 'catch_clause': {
        const parameter = field(n, 'parameter');
        if (parameter) for (const id of patternNames(parameter)) declare(id, 'catch', n);
        break;
      }
      case 'class_declaration':
      case 'abstract_class_declaration':
      case 'class':
      case 'enum_declaration': {
        const name = field(n, 'name');
        if (name && n.parent) declare(name, 'class', scopeOf(n.parent, false));
        if (name) names.add(textOf(name));
        break;
      }
      case 'import_clause':
      case 'namespace_import':
        for (const c of n.children) if (c.type === 'identifier') declare(c, 'import', root);
        break;
      case 'import_specifier': {
        const name = field(n, 'alias') ?? field(n, 'name');
        if (name) declare(name, 'import', root);
        break;
      }
      default:
        if (isFunction(n)) {
          const name = field(n, 'name');
          if (name?.type === 'identifier') declare(name, 'function', n.type.endsWith('_declaration') && n.parent ? scopeOf(n.parent, false) : n);
          for (const p of parametersOf(n) ?? []) for (const id of patternNames(p)) declare(id, 'param', n);
        }
    }
    return undefined;
  });

  const resolved = new Map<Syn, Binding>();
  visit(root, (n) => {
    if (isTypeOnly(n)) return false;
    if (n.type !== 'identifier' && n.type !== 'shorthand_property_identifier' && n.type !== 'shorthand_property_identifier_pattern') return undefined;
    const own = declared.get(n);
    if (own) {
      resolved.set(n, own);
      return undefined;
    }
    const name = textOf(n);
    for (let p: Syn | null = n; p; p = p.parent) {
      const found = tables.get(p)?.get(name);
      if (!found) continue;
      found.refs.push(n);
      if (isAssigned(n)) found.writes.push(n);
      resolved.set(n, found);
      break;
    }
    return undefined;
  });
  return { bindingOf: (id) => resolved.get(id), names, bindings, opaque };
}

/** Whether an identifier stands where its variable is assigned (also in destructuring and for…of heads without a declaration). */
export function isAssigned(id: Syn): boolean {
  let at = id;
  for (let p = at.parent; p; at = p, p = p.parent) {
    switch (p.type) {
      case 'assignment_expression':
      case 'augmented_assignment_expression':
        return at.field === 'left';
      case 'update_expression':
        return true;
      case 'for_in_statement':
        return at.field === 'left';
      case 'array_pattern':
      case 'object_pattern':
      case 'rest_pattern':
      case 'parenthesized_expression':
      case 'non_null_expression':
      case 'as_expression':
        continue;
      case 'pair_pattern':
        if (at.field === 'value') continue;
        return false;
      case 'assignment_pattern':
      case 'object_assignment_pattern':
        if (at.field === 'left') continue;
        return false;
      default:
        return false;
    }
  }
  return false;
}
