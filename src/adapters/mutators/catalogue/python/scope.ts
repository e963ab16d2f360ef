// Names: which variable each identifier of a module means, and everything that is done to it.

import { child, children, isComprehension, isFunction, type Module, type Py, textOf } from './ast.ts';

export type UseKind = 'load' | 'store' | 'aug' | 'del' | 'param' | 'import' | 'def';

export interface Use {
  readonly node: Py;
  readonly kind: UseKind;
  /** The scope in which the identifier stands. */
  readonly scope: Scope;
  /** For imports: `collections.deque` or `math`. */
  readonly imported?: string;
}

export interface Variable {
  readonly name: string;
  readonly scope: Scope;
  readonly uses: Use[];
}

export interface Scope {
  readonly node: Py;
  readonly kind: 'module' | 'function' | 'class' | 'comprehension';
  readonly parent: Scope | null;
  readonly bound: Set<string>;
  readonly globals: Set<string>;
  readonly nonlocals: Set<string>;
  readonly variables: Map<string, Variable>;
  /** The inside reads or writes names by text (eval, locals …) or imports `*`. */
  dynamic: boolean;
}

export interface Names {
  readonly module: Scope;
  readonly byNode: ReadonlyMap<Py, { readonly variable: Variable; readonly use: Use }>;
  readonly scopes: ReadonlyMap<Py, Scope>;
}

const dynamicNames = new Set(['eval', 'exec', 'locals', 'vars', 'globals', '__import__']);

/** Resolves every identifier by Python's rules (Language Reference 4.2). */
export function resolveNames(module: Module): Names {
  const raw: Use[] = [];
  const scopes = new Map<Py, Scope>();
  const open = (node: Py, kind: Scope['kind'], parent: Scope | null): Scope => {
    const s: Scope = { node, kind, parent, bound: new Set(), globals: new Set(), nonlocals: new Set(), variables: new Map(), dynamic: false };
    scopes.set(node, s);
    return s;
  };
  const use = (node: Py, kind: UseKind, scope: Scope, imported?: string): void => {
    if (kind !== 'load') scope.bound.add(textOf(node));
    raw.push(imported === undefined ? { node, kind, scope } : { node, kind, scope, imported });
  };
  const target = (n: Py, s: Scope, kind: UseKind): void => {
    switch (n.type) {
      case 'identifier':
        use(n, kind, s);
        break;
      case 'pattern_list':
      case 'tuple_pattern':
      case 'list_pattern':
      case 'list_splat_pattern':
      case 'as_pattern_target':
      case 'tuple':
      case 'list':
      case 'expression_list':
      case 'parenthesized_expression':
        for (const k of n.named) target(k, s, kind);
        break;
      default:
        visit(n, s);
    }
  };
  const outward = (s: Scope): Scope => {
    let x = s;
    while (x.kind === 'comprehension' && x.parent) x = x.parent;
    return x;
  };
  const parameters = (list: Py | undefined, outer: Scope, inner: Scope): void => {
    for (const p of list?.named ?? []) {
      const value = child(p, 'value');
      const type = child(p, 'type');
      if (value) visit(value, outer);
      if (type) visit(type, outer);
      const name = child(p, 'name') ?? (p.type === 'typed_parameter' ? p.named[0] : p);
      const names = name ? (name.type === 'identifier' ? [name] : identifiers(name)) : [];
      for (const id of names) use(id, 'param', inner);
    }
  };
  const visit = (n: Py, s: Scope): void => {
    switch (n.type) {
      case 'identifier':
        use(n, 'load', s);
        if (dynamicNames.has(textOf(n))) outward(s).dynamic = true;
        return;
      case 'function_definition': {
        const name = child(n, 'name');
        if (name) use(name, 'def', s);
        const inner = open(n, 'function', s);
        parameters(child(n, 'parameters'), s, inner);
        const returns = child(n, 'return_type');
        if (returns) visit(returns, s);
        const body = child(n, 'body');
        if (body) visit(body, inner);
        return;
      }
      case 'lambda': {
        const inner = open(n, 'function', s);
        parameters(child(n, 'parameters'), s, inner);
        const body = child(n, 'body');
        if (body) visit(body, inner);
        return;
      }
      case 'class_definition': {
        const name = child(n, 'name');
        if (name) use(name, 'def', s);
        for (const k of n.named) if (k.field === 'superclasses') visit(k, s);
        const body = child(n, 'body');
        if (body) visit(body, open(n, 'class', s));
        return;
      }
      case 'list_comprehension':
      case 'set_comprehension':
      case 'dictionary_comprehension':
      case 'generator_expression': {
        const inner = open(n, 'comprehension', s);
        let first = true;
        for (const k of n.named) {
          if (k.type !== 'for_in_clause') {
            visit(k, inner);
            continue;
          }
          const left = child(k, 'left');
          if (left) target(left, inner, 'store');
          for (const right of children(k, 'right')) visit(right, first ? s : inner);
          first = false;
        }
        return;
      }
      case 'assignment':
      case 'augmented_assignment': {
        const left = child(n, 'left');
        const right = child(n, 'right');
        const type = child(n, 'type');
        if (type) visit(type, s);
        if (right) visit(right, s);
        if (left) target(left, s, n.type === 'augmented_assignment' ? 'aug' : right ? 'store' : 'load');
        if (left?.type === 'identifier' && !right) s.bound.add(textOf(left));
        return;
      }
      case 'for_statement': {
        for (const k of n.named) if (k.field === 'left') target(k, s, 'store');
        else visit(k, s);
        return;
      }
      case 'named_expression': {
        const name = child(n, 'name');
        if (name) use(name, 'store', outward(s));
        const value = child(n, 'value');
        if (value) visit(value, s);
        return;
      }
      case 'as_pattern': {
        for (const k of n.named) if (k.field === 'alias' || k.type === 'as_pattern_target') target(k, s, 'store');
        else visit(k, s);
        return;
      }
      case 'except_clause': {
        for (const k of n.named) if (k.field === 'alias') target(k, s, 'store');
        else visit(k, s);
        return;
      }
      case 'delete_statement':
        for (const k of n.named) target(k, s, 'del');
        return;
      case 'global_statement':
      case 'nonlocal_statement':
        for (const k of n.named) (n.type === 'global_statement' ? s.globals : s.nonlocals).add(textOf(k));
        return;
      case 'import_statement':
      case 'import_from_statement':
      case 'future_import_statement': {
        const from = child(n, 'module_name');
        for (const k of n.named) {
          if (k.type === 'wildcard_import') s.dynamic = true;
          if (k.field !== 'name') continue;
          const path = textOf(child(k, 'name') ?? k);
          const name = child(k, 'alias') ?? (k.type === 'dotted_name' ? k.named[0] : undefined);
          if (name) use(name, 'import', s, from ? `${textOf(from)}.${path}` : child(k, 'alias') ? path : textOf(name));
        }
        return;
      }
      case 'keyword_argument': {
        const value = child(n, 'value');
        if (value) visit(value, s);
        return;
      }
      case 'attribute': {
        const object = child(n, 'object');
        if (object) visit(object, s);
        return;
      }
      case 'case_pattern':
        // A capture binds, a dotted name reads: taken as both.
        for (const id of identifiers(n)) {
          use(id, 'store', s);
        }
        return;
      case 'exec_statement':
        outward(s).dynamic = true;
        for (const k of n.named) visit(k, s);
        return;
      default:
        for (const k of n.named) visit(k, s);
    }
  };
  const top = open(module.top, 'module', null);
  visit(module.top, top);

  const byNode = new Map<Py, { variable: Variable; use: Use }>();
  for (const u of raw) {
    const name = textOf(u.node);
    const owner = ownerOf(name, u.scope, top);
    let variable = owner.variables.get(name);
    if (!variable) owner.variables.set(name, (variable = { name, scope: owner, uses: [] }));
    variable.uses.push(u);
    byNode.set(u.node, { variable, use: u });
  }
  return { module: top, byNode, scopes };
}

function ownerOf(name: string, from: Scope, top: Scope): Scope {
  if (from.globals.has(name)) return top;
  let first = true;
  for (let s: Scope | null = from; s; s = s.parent) {
    if (s.kind === 'class' && !first) continue;
    if (s.kind === 'function' && s.globals.has(name)) return top;
    if (s.bound.has(name) && !s.nonlocals.has(name)) return s;
    // Inside a comprehension of a class body the class's names are not seen; of a function they are.
    first = false;
  }
  return top;
}

function identifiers(n: Py): Py[] {
  if (n.type === 'identifier') return [n];
  if (n.type === 'attribute') return [];
  return n.named.flatMap(identifiers);
}

/** The function, class or module scope around a node; comprehensions count as part of it. */
export function scopeAround(names: Names, n: Py): Scope {
  for (let p: Py | null = n; p; p = p.parent) {
    if (isComprehension(p)) continue;
    if ((isFunction(p) || p.type === 'class_definition') && p !== n) {
      const s = names.scopes.get(p);
      if (s) return s;
    }
  }
  return names.module;
}
