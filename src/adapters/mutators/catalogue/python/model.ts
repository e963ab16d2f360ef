// What the rewrites ask about a module: which functions may change, what a name means, what an expression is.

import type { Context } from '../rewrite.ts';
import { binary, child, children, contains, copyTree, descend, functionAround, isComprehension, methodCall, type Module, type Py, readModule, strip, textOf } from './ast.ts';
import { type Names, resolveNames, type Scope, type Use, type Variable } from './scope.ts';

export interface Model {
  readonly context: Context;
  readonly module: Module;
  readonly names: Names;
  /** Functions that a pin touches, outermost first, without those that read names by text or hold errors. */
  readonly functions: readonly Py[];
}

const cache = new WeakMap<object, Model>();

/** The model of a context; one is kept per tree and set of pins. */
export function modelOf(context: Context): Model {
  const known = cache.get(context.root);
  if (known && known.context.text === context.text && samePins(known.context.pins, context.pins)) return known;
  const module = readModule(context);
  const names = resolveNames(module);
  const functions = descend(module.top).filter((n) => {
    if (n.type !== 'function_definition' || (child(n, 'body')?.named.length ?? 0) === 0) return false;
    if (!context.pins.some((p) => p.start < n.end && n.start < p.end)) return false;
    if (module.broken.some((b) => b.start < n.end && n.start < b.end)) return false;
    for (let p: Py | null = n; p; p = p.parent) if (names.scopes.get(p)?.kind === 'function' && names.scopes.get(p)?.dynamic) return false;
    return !descend(n).some((d) => names.scopes.get(d)?.kind === 'function' && names.scopes.get(d)?.dynamic);
  });
  const model: Model = { context, module, names, functions };
  cache.set(context.root, model);
  return model;
}

function samePins(a: Context['pins'], b: Context['pins']): boolean {
  return a === b || (a.length === b.length && a.every((p, i) => p.start === b[i]?.start && p.end === b[i].end));
}

/** All nodes inside a function, with its lambdas, but not inside functions or classes nested in it. */
export function inside(fn: Py): Py[] {
  const body = child(fn, 'body');
  return body ? descend(body, (n) => n.type !== 'function_definition' && n.type !== 'class_definition') : [];
}

export function variableOf(m: Model, id: Py | undefined): Variable | undefined {
  return id?.type === 'identifier' ? m.names.byNode.get(id)?.variable : undefined;
}

export function useOf(m: Model, id: Py): Use | undefined {
  return m.names.byNode.get(id)?.use;
}

/** A dotted path for a callee or attribute: `builtins.len`, `math.sqrt`, `collections.deque`; undefined for what is not certain. */
export function pathOf(m: Model, n: Py | undefined): string | undefined {
  if (!n) return undefined;
  if (n.type === 'attribute') {
    const object = pathOf(m, child(n, 'object'));
    const attribute = child(n, 'attribute');
    return object !== undefined && !object.startsWith('builtins.') && attribute ? `${object}.${textOf(attribute)}` : undefined;
  }
  const v = variableOf(m, n);
  if (!v) return undefined;
  const bindings = v.uses.filter((u) => u.kind !== 'load');
  if (v.scope.kind === 'module' && bindings.length === 0) return m.names.module.dynamic ? undefined : `builtins.${v.name}`;
  const [only] = bindings;
  return bindings.length === 1 && only?.kind === 'import' ? only.imported : undefined;
}

export const isBuiltin = (m: Model, n: Py | undefined, name: string): boolean => pathOf(m, n) === `builtins.${name}`;

/** The path of a call's function. */
export const callee = (m: Model, n: Py | undefined): string | undefined => (n?.type === 'call' ? pathOf(m, child(n, 'function')) : undefined);

export type Kind = 'list' | 'tuple' | 'set' | 'dict' | 'str' | 'bytes' | 'int' | 'float' | 'bool' | 'none' | 'range' | 'deque' | 'iterator' | 'unknown';

const resultKinds: Readonly<Record<string, Kind>> = {
  'builtins.list': 'list', 'builtins.sorted': 'list', 'builtins.set': 'set', 'builtins.frozenset': 'set', 'builtins.dict': 'dict', 'builtins.tuple': 'tuple',
  'builtins.str': 'str', 'builtins.repr': 'str', 'builtins.chr': 'str', 'builtins.input': 'str', 'builtins.int': 'int', 'builtins.len': 'int', 'builtins.ord': 'int', 'builtins.float': 'float',
  'builtins.bool': 'bool', 'builtins.any': 'bool', 'builtins.all': 'bool', 'builtins.isinstance': 'bool', 'builtins.range': 'range', 'builtins.bytes': 'bytes',
  'builtins.map': 'iterator', 'builtins.filter': 'iterator', 'builtins.zip': 'iterator', 'builtins.enumerate': 'iterator', 'builtins.iter': 'iterator', 'builtins.reversed': 'iterator', 'builtins.open': 'iterator',
  'collections.deque': 'deque', 'collections.defaultdict': 'dict', 'collections.Counter': 'dict', 'collections.OrderedDict': 'dict',
  'math.sqrt': 'float', 'math.floor': 'int', 'math.ceil': 'int', 'math.isqrt': 'int', 'math.gcd': 'int',
  'heapq.nsmallest': 'list', 'heapq.nlargest': 'list',
};
const methodKinds: Readonly<Record<string, Kind>> = {
  split: 'list', rsplit: 'list', splitlines: 'list', readlines: 'list', lower: 'str', upper: 'str', strip: 'str', lstrip: 'str', rstrip: 'str', join: 'str', format: 'str', title: 'str', casefold: 'str', capitalize: 'str', zfill: 'str', decode: 'str', encode: 'bytes', startswith: 'bool', endswith: 'bool', isdigit: 'bool', isalpha: 'bool',
};
const annotationKinds: Readonly<Record<string, Kind>> = {
  list: 'list', List: 'list', Sequence: 'list', MutableSequence: 'list', tuple: 'tuple', Tuple: 'tuple', set: 'set', Set: 'set', frozenset: 'set', FrozenSet: 'set', AbstractSet: 'set', dict: 'dict', Dict: 'dict', Mapping: 'dict', MutableMapping: 'dict', DefaultDict: 'dict', Counter: 'dict', str: 'str', bytes: 'bytes', int: 'int', float: 'float', bool: 'bool', deque: 'deque', Deque: 'deque', Iterator: 'iterator', Generator: 'iterator', range: 'range',
};

/** What an expression's value surely is, as far as its text says. */
export function kindOf(m: Model, expr: Py | undefined, seen: ReadonlySet<Variable> = new Set()): Kind {
  if (!expr) return 'unknown';
  const n = strip(expr);
  switch (n.type) {
    case 'list':
    case 'list_comprehension':
      return 'list';
    case 'tuple':
    case 'expression_list':
      return 'tuple';
    case 'set':
    case 'set_comprehension':
      return 'set';
    case 'dictionary':
    case 'dictionary_comprehension':
      return 'dict';
    case 'generator_expression':
      return 'iterator';
    case 'string':
    case 'concatenated_string':
      return /^[a-zA-Z]*[bB]/.test(textOf(n)) && !/^[^'"]*[fF]/.test(textOf(n)) && /^[rR]?[bB]/.test(textOf(n)) ? 'bytes' : 'str';
    case 'integer':
      return 'int';
    case 'float':
      return 'float';
    case 'true':
    case 'false':
    case 'comparison_operator':
    case 'not_operator':
      return 'bool';
    case 'none':
      return 'none';
    case 'unary_operator':
      return kindOf(m, child(n, 'argument'), seen);
    case 'conditional_expression':
      return join([kindOf(m, n.named[0], seen), kindOf(m, n.named[2], seen)]);
    case 'boolean_operator':
      return join([kindOf(m, child(n, 'left'), seen), kindOf(m, child(n, 'right'), seen)]);
    case 'binary_operator': {
      const b = binary(n);
      const left = kindOf(m, b?.left, seen);
      const right = kindOf(m, b?.right, seen);
      if (b?.op === '%' && left === 'str') return 'str';
      if (b && ['+', '-', '*', '//', '%'].includes(b.op) && (left === 'none') !== (right === 'none')) return left === 'none' ? right : left;
      if (b?.op === '/' && left === 'int' && right === 'int') return 'float';
      if (b?.op === '*' && (left === 'list' || left === 'str' || left === 'tuple')) return left;
      if ((left === 'float' && right === 'int') || (left === 'int' && right === 'float')) return 'float';
      return left === right ? left : 'unknown';
    }
    case 'subscript': {
      const index = children(n, 'subscript');
      return index.length === 1 && index[0]?.type === 'slice' ? kindOf(m, child(n, 'value'), seen) : 'unknown';
    }
    case 'call': {
      const path = callee(m, n);
      if (path !== undefined) return resultKinds[path] ?? 'unknown';
      const call = methodCall(n);
      if (!call) return 'unknown';
      return call.method === 'copy' ? kindOf(m, call.object, seen) : (methodKinds[call.method] ?? 'unknown');
    }
    case 'identifier': {
      const v = variableOf(m, n);
      // A variable in terms of itself (acc = acc + …) says nothing by that: the other values decide.
      return !v ? 'unknown' : seen.has(v) ? 'none' : kindOfVariable(m, v, new Set([...seen, v]));
    }
    default:
      return 'unknown';
  }
}

function join(kinds: readonly Kind[]): Kind {
  const real = [...new Set(kinds.filter((k) => k !== 'none'))];
  return real.length === 1 ? (real[0] ?? 'unknown') : real.length === 0 && kinds.length > 0 ? 'none' : 'unknown';
}

export function kindOfVariable(m: Model, v: Variable, seen: ReadonlySet<Variable> = new Set([v])): Kind {
  const kinds: Kind[] = [];
  let added = false; // v = x + v, with an x of any kind
  for (const u of v.uses) {
    if (u.kind === 'param') kinds.push(kindOfParameter(m, u.node));
    else if (u.kind === 'store') {
      const value = assignedValue(u.node);
      const sum = binary(value && strip(value));
      if (sum?.op === '+' && [sum.left, sum.right].some((k) => variableOf(m, k) === v) && kindOf(m, value, seen) === 'unknown') {
        added = true;
        continue;
      }
      kinds.push(value ? kindOf(m, value, seen) : countingTarget(m, u.node) ? 'int' : 'unknown');
    } else if (u.kind === 'def' || u.kind === 'import') kinds.push('unknown');
  }
  const kind = join(kinds);
  // Only another sequence of its kind can be added to a sequence; to a number, any number.
  return added && !['str', 'bytes', 'list', 'tuple'].includes(kind) ? 'unknown' : kind;
}

/** The right side when the identifier is the only target of `name = value` or `name := value`. */
export function assignedValue(id: Py): Py | undefined {
  const p = id.parent;
  if (p?.type === 'assignment' && id.field === 'left') {
    const right = child(p, 'right');
    return right?.type === 'assignment' ? undefined : p.parent?.type === 'assignment' ? undefined : right;
  }
  return p?.type === 'named_expression' ? child(p, 'value') : undefined;
}

/** Whether the identifier is the counter of `for i in range(…)` or `for i, x in enumerate(…)`. */
function countingTarget(m: Model, id: Py): boolean {
  const direct = id.parent;
  if (direct && (direct.type === 'for_statement' || direct.type === 'for_in_clause') && id.field === 'left') return callee(m, child(direct, 'right')) === 'builtins.range';
  const loop = direct?.type === 'pattern_list' ? direct.parent : null;
  return loop !== null && (loop.type === 'for_statement' || loop.type === 'for_in_clause') && direct?.named[0] === id && callee(m, child(loop, 'right')) === 'builtins.enumerate';
}

function kindOfParameter(m: Model, id: Py): Kind {
  const p = id.parent;
  if (p?.type === 'list_splat_pattern') return 'tuple';
  if (p?.type === 'dictionary_splat_pattern') return 'dict';
  const annotation = p && (p.type === 'typed_parameter' || p.type === 'typed_default_parameter') ? child(p, 'type') : undefined;
  if (annotation) {
    const bare = textOf(annotation).replace(/^['"]|['"]$/g, '').replace(/^(typing\.)?Optional\[(.*)\]$/, '$2').replace(/\s*\|\s*None$/, '').replace(/^(typing|collections|collections\.abc)\./, '');
    return annotationKinds[/^\w+/.exec(bare)?.[0] ?? ''] ?? 'unknown';
  }
  const value = p?.type === 'default_parameter' ? child(p, 'value') : undefined;
  return value && value.type !== 'none' ? kindOf(m, value) : 'unknown';
}

/** Whether the code asks somewhere whether the variable is None or empty, or it may be None by its default. */
export function mayBeNone(v: Variable): boolean {
  return v.uses.some((u) => {
    if (u.kind === 'param') {
      const p = u.node.parent;
      const value = p ? child(p, 'value') : undefined;
      const type = p ? child(p, 'type') : undefined;
      return value?.type === 'none' || (type !== undefined && /Optional|None/.test(textOf(type)));
    }
    if (u.kind === 'store') return assignedValue(u.node)?.type === 'none';
    const p = u.node.parent;
    if (p?.type === 'comparison_operator') return p.named.some((k) => k.type === 'none');
    return p !== null && (p.type === 'not_operator' || p.type === 'boolean_operator' || ((p.type === 'if_statement' || p.type === 'conditional_expression' || p.type === 'while_statement') && u.node.field !== 'body'));
  });
}

/** A module-level function of this name, copied whole, with its own names resolved; null when it is not the only binding. */
export function moduleFunction(m: Model, v: Variable): { readonly fn: Py; readonly names: Names } | null {
  const binding = v.uses.filter((u) => u.kind !== 'load');
  const def = binding[0]?.node.parent;
  if (binding.length !== 1 || binding[0]?.kind !== 'def' || def?.type !== 'function_definition') return null;
  const known = helpers.get(def);
  if (known !== undefined) return known;
  const node = m.context.root.descendantForIndex(def.start, def.end);
  let found: { fn: Py; names: Names } | null = null;
  if (node?.type === 'function_definition' && !node.hasError) {
    const { top, deep } = copyTree(node, m.context.text, () => true);
    if (deep.length === 0) found = { fn: top, names: resolveNames({ ...m.module, top }) };
  }
  helpers.set(def, found);
  return found;
}
const helpers = new WeakMap<Py, { fn: Py; names: Names } | null>();

/** A variable of a function's own (not a parameter, not shared with other scopes by global or nonlocal). */
export function isLocal(v: Variable): boolean {
  return v.scope.kind === 'function' && v.uses.every((u) => u.kind !== 'param');
}

/** Whether a nested function, lambda or class reads or writes the variable. */
export function isCaptured(v: Variable): boolean {
  return v.uses.some((u) => u.kind !== 'param' && functionAround(u.node) !== v.scope.node) || v.uses.some((u) => inClassBody(u.node, v.scope));
}

function inClassBody(n: Py, scope: Scope): boolean {
  for (let p = n.parent; p && p !== scope.node; p = p.parent) if (p.type === 'class_definition') return true;
  return false;
}

/** A lambda that its call runs at once for each element: `key=` of a sort, min or max. */
function isKeyFunction(lambda: Py): boolean {
  const k = lambda.parent;
  const name = k?.type === 'keyword_argument' ? child(k, 'name') : undefined;
  return name !== undefined && textOf(name) === 'key' && /^(sorted|min|max|[\w.]+\.sort)$/.test(textOf(child(k?.parent?.parent, 'function') ?? lambda));
}

/** Loops around a node within its function, innermost first: bodies of for, conditions and bodies of while, comprehensions past their first iterable, key functions of sorts. */
export function loopsAround(n: Py): Py[] {
  const out: Py[] = [];
  let from = n;
  for (let p = n.parent; p && p.type !== 'function_definition' && p.type !== 'class_definition'; from = p, p = p.parent) {
    if (p.type === 'lambda') {
      if (!isKeyFunction(p)) return out;
      out.push(p);
    } else if (p.type === 'for_statement' && from.field === 'body') out.push(p);
    else if (p.type === 'while_statement' && from.field !== 'alternative') out.push(p);
    else if (isComprehension(p)) {
      const first = p.named.find((k) => k.type === 'for_in_clause');
      const iterable = first ? child(first, 'right') : undefined;
      if (!(iterable && contains(iterable, n))) out.push(p);
    }
  }
  return out;
}
