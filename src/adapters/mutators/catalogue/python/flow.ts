// Effects: what may change while a piece of code runs, and which expressions have none.

import { child, children, contains, descend, functionAround, isComprehension, methodCall, type Py, strip, textOf } from './ast.ts';
import { assignedValue, callee, type Model, moduleFunction, variableOf } from './model.ts';
import type { Use, Variable } from './scope.ts';

/** What a use does to the object that the variable names. */
export type Effect = 'read' | 'mutate' | 'deep' | 'alias' | 'escape' | 'return';

const mutators = new Set('append extend insert remove pop clear sort reverse add discard update setdefault popitem appendleft popleft extendleft rotate push put write intersection_update difference_update symmetric_difference_update subtract __setitem__ send throw close'.split(' '));
const readers = new Set(
  ('index count copy keys values items get startswith endswith split rsplit splitlines join lower upper strip lstrip rstrip format replace find rfind isdigit isalpha isalnum isspace isupper islower isnumeric title capitalize casefold zfill center ljust rjust encode decode partition rpartition ' +
    'union intersection difference symmetric_difference issubset issuperset isdisjoint most_common elements total bit_length conjugate hex translate swapcase expandtabs').split(' '),
);
const pureBuiltins = new Set(
  'len sum min max sorted abs set list tuple frozenset dict range str int float bool ord chr round divmod pow any all enumerate zip reversed isinstance issubclass repr hash bin hex oct bytes complex type id slice callable ascii'.split(' '),
);
const pureModules = new Set(['math', 'operator', 'itertools', 'string', 'cmath', 'statistics', 'bisect.bisect', 'bisect.bisect_left', 'bisect.bisect_right', 're.compile', 're.escape', 'heapq.nsmallest', 'heapq.nlargest', 'collections.Counter']);

/** Whether a dotted path names a function of the standard library without effects, whose value depends on its arguments only. */
export function isPurePath(path: string | undefined): boolean {
  if (path === undefined) return false;
  if (path.startsWith('builtins.')) return pureBuiltins.has(path.slice('builtins.'.length));
  return pureModules.has(path) || (pureModules.has(path.split('.')[0] ?? '') && path.split('.').length === 2);
}

export const isMutator = (method: string): boolean => mutators.has(method);

/** Builtins that read their argument and keep no hold on it. */
function readsArgument(m: Model, call: Py): boolean {
  const path = callee(m, call);
  return isPurePath(path) || path === 'builtins.print' || path === 'builtins.map' || path === 'builtins.filter';
}

/** Classifies one use by walking up from the identifier. */
export function effectOf(m: Model, u: Use): Effect {
  if (u.kind !== 'load') return 'read';
  let n = u.node;
  let below = 0; // how many attribute or subscript steps down from the variable
  for (;;) {
    const p = n.parent;
    if (!p) return 'escape';
    switch (p.type) {
      case 'parenthesized_expression':
        n = p;
        continue;
      case 'attribute': {
        const call = p.parent;
        if (call?.type === 'call' && p.field === 'function') {
          const method = textOf(child(p, 'attribute') ?? p);
          if (readers.has(method)) return 'read';
          return below > 0 ? 'deep' : 'mutate';
        }
        below++;
        n = p;
        continue;
      }
      case 'subscript':
        if (n.field !== 'value') return 'read';
        if (children(p, 'subscript').some((s) => s.type === 'slice') && !isTarget(p)) return 'read';
        if (isTarget(p)) return below > 0 ? 'deep' : 'mutate';
        below++;
        n = p;
        continue;
      case 'assignment':
        if (n.field === 'left') return below > 1 ? 'deep' : below === 1 ? 'mutate' : 'read';
        if (below > 0) return 'read';
        return child(p, 'left')?.type === 'identifier' ? 'alias' : 'escape';
      case 'augmented_assignment':
        if (n.field === 'left') return below > 1 ? 'deep' : 'mutate';
        return 'read';
      case 'delete_statement':
        return below > 0 ? 'mutate' : 'read';
      case 'expression_list':
      case 'argument_list':
      case 'keyword_argument':
      case 'list_splat':
      case 'dictionary_splat':
      case 'conditional_expression':
      case 'boolean_operator':
        if (p.type === 'conditional_expression' && p.named[1] === n) return 'read';
        n = p;
        continue;
      case 'call':
        if (n.field === 'function') return below > 0 ? 'mutate' : 'read';
        if (below > 0) return readsArgument(m, p) ? 'read' : 'deep';
        return readsArgument(m, p) ? 'read' : 'escape';
      case 'return_statement':
        return below > 0 ? 'read' : 'return';
      case 'for_statement':
      case 'for_in_clause':
        return n.field === 'left' ? (below > 1 ? 'deep' : 'mutate') : 'read';
      case 'comparison_operator':
      case 'not_operator':
      case 'binary_operator':
      case 'unary_operator':
      case 'if_statement':
      case 'elif_clause':
      case 'while_statement':
      case 'if_clause':
      case 'interpolation':
      case 'format_expression':
      case 'expression_statement':
      case 'assert_statement':
      case 'slice':
      case 'format_specifier':
      case 'match_statement':
        return 'read';
      default:
        return below > 0 ? 'read' : 'escape';
    }
  }
}

function isTarget(n: Py): boolean {
  const p = n.parent;
  if (!p) return false;
  if (p.type === 'pattern_list' || p.type === 'tuple_pattern' || p.type === 'list_pattern') return true;
  if (p.type === 'expression_list') return p.parent?.type === 'delete_statement';
  return (n.field === 'left' && (p.type === 'assignment' || p.type === 'augmented_assignment' || p.type === 'for_statement' || p.type === 'for_in_clause')) || p.type === 'delete_statement' || p.type === 'as_pattern_target';
}

/** Whether code in the region waits or hands control out, so that other code may run in between. */
export function suspends(region: Py): boolean {
  return descend(region, (n) => n.type !== 'lambda' && n.type !== 'function_definition').some((n) => n.type === 'yield' || n.type === 'await' || n.type === 'async');
}

/** Variables that may name the same object: joined by plain assignments. */
function aliases(m: Model, v: Variable): Set<Variable> {
  const group = new Set([v]);
  const queue = [v];
  for (let x = queue.pop(); x; x = queue.pop()) {
    for (const u of x.uses) {
      const others: (Variable | undefined)[] = [];
      if (u.kind === 'store') {
        const value = assignedValue(u.node);
        if (value && ['identifier', 'parenthesized_expression', 'conditional_expression', 'boolean_operator'].includes(value.type)) for (const id of descend(value, (k) => k.type !== 'call' && k.type !== 'subscript' && k.type !== 'attribute')) others.push(variableOf(m, id));
      } else if (u.kind === 'load' && effectOf(m, u) === 'alias') {
        let s: Py | null = u.node;
        while (s && s.type !== 'assignment') s = s.parent;
        const left = s ? child(s, 'left') : undefined;
        if (left) others.push(variableOf(m, left));
      }
      for (const o of others) if (o && !group.has(o)) {
        group.add(o);
        queue.push(o);
      }
    }
  }
  return group;
}

/** Uses that may run while the region runs: those in it, and those in other functions that the region may call. */
export function usesDuring(v: Variable, region: Py): Use[] {
  const home = functionAround(region);
  return v.uses.filter((u) => contains(region, u.node) || (u.scope.kind !== 'module' && functionAround(u.node) !== home));
}

/** Whether the name is bound to the same object all through the region. */
export function sameBinding(m: Model, v: Variable, region: Py): boolean {
  if (usesDuring(v, region).some((u) => u.kind !== 'load' && u.kind !== 'param')) return false;
  if (v.scope.kind !== 'module') return v.scope.kind === 'function';
  return !new RegExp(`\\bglobal\\b[^\\n]*\\b${v.name}\\b`).test(m.module.text);
}

/** Whether the object that the variable names holds the same items all through the region, as far as its names show. */
export function sameContent(m: Model, v: Variable, region: Py, deep = true): boolean {
  if (!sameBinding(m, v, region)) return false;
  const changing: Effect[] = deep ? ['mutate', 'deep', 'escape'] : ['mutate', 'escape'];
  for (const a of aliases(m, v))
    for (const u of usesDuring(a, region)) {
      if (u.kind === 'aug') return false;
      if (u.kind === 'load' && changing.includes(effectOf(m, u))) return false;
    }
  // Held elsewhere and something unnamed changes: it could be the same object.
  if (v.uses.some((u) => u.kind === 'load' && effectOf(m, u) === 'escape') && mutatesUnnamed(region)) return false;
  if (v.scope.kind !== 'module') return true;
  const n = v.name;
  return !new RegExp(`(^|[^\\w.])${n}\\s*(\\.\\s*(${[...mutators].join('|')})\\b|\\[[^\\]\\n]*\\]\\s*[-+*/|&^%]*=[^=]|[-+*/|&^%]+=)|\\bdel\\s+${n}\\b`, 'm').test(m.module.text);
}

function mutatesUnnamed(region: Py): boolean {
  return descend(region).some((n) => {
    const call = methodCall(n);
    return call !== null && mutators.has(call.method) && call.object.type !== 'identifier';
  });
}

/** Attribute names that the region assigns, or whose objects it changes by a method: `self.items.append(x)` gives `items`. */
export function changedAttributes(region: Py): Set<string> {
  const out = new Set<string>();
  for (const n of descend(region)) {
    if (n.type === 'attribute' && isTarget(n)) out.add(textOf(child(n, 'attribute') ?? n));
    if (n.type === 'subscript' && isTarget(n)) for (const k of descend(n)) if (k.type === 'attribute') out.add(textOf(child(k, 'attribute') ?? k));
    const call = methodCall(n);
    if (call && !readers.has(call.method)) for (const k of descend(call.object)) if (k.type === 'attribute') out.add(textOf(child(k, 'attribute') ?? k));
  }
  return out;
}

/**
 * Whether evaluating the expression has no effect, and gives the same value as long as what it reads stays the same.
 * Attribute and item reads are taken as plain (a rewrite that relies on it says so).
 */
export function isPure(m: Model, expr: Py): boolean {
  return descend(expr).every((n) => {
    switch (n.type) {
      case 'yield':
      case 'await':
      case 'named_expression':
      case 'assignment':
        return false;
      case 'call': {
        if (isPurePath(callee(m, n))) return true;
        const call = child(n, 'function');
        if (call?.type === 'attribute') {
          const method = textOf(child(call, 'attribute') ?? call);
          return readers.has(method);
        }
        const v = variableOf(m, call);
        return v !== undefined && isPureFunction(m, v);
      }
      default:
        return true;
    }
  });
}

const pureCache = new WeakMap<Py, boolean>();

/** Whether a function of this module visibly has no effects: it changes only what it made itself and calls only such functions. */
export function isPureFunction(m: Model, v: Variable): boolean {
  if (v.scope.kind !== 'module') return false;
  const found = moduleFunction(m, v);
  if (!found) return false;
  const { fn, names } = found;
  const known = pureCache.get(fn);
  if (known !== undefined) return known;
  pureCache.set(fn, true); // recursion: pure if everything else is
  const pure = isPureBody(m, { ...m, names }, fn, (call) => textOf(child(call, 'function') ?? call) === v.name);
  pureCache.set(fn, pure);
  return pure;
}

/** Whether a function's body has no effects. `own` resolves its names; `self` recognises its calls of itself. */
export function isPureBody(m: Model, own: Model, fn: Py, self: (call: Py) => boolean): boolean {
  return descend(fn).every((n) => {
    switch (n.type) {
      case 'global_statement':
      case 'nonlocal_statement':
      case 'yield':
      case 'await':
      case 'async':
      case 'with_statement':
      case 'import_statement':
      case 'import_from_statement':
      case 'class_definition':
      case 'print_statement':
        return false;
      case 'function_definition':
        return n === fn;
      case 'attribute':
        return !isTarget(n);
      case 'subscript': {
        if (!isTarget(n)) return true;
        const x = variableOf(own, rootOf(n));
        return x !== undefined && isFresh(own, x);
      }
      case 'call': {
        if (self(n)) return true;
        const f = child(n, 'function');
        if (f?.type === 'attribute') {
          const method = textOf(child(f, 'attribute') ?? f);
          if (readers.has(method) || isPurePath(pathOutside(m, own, f))) return true;
          const x = variableOf(own, child(f, 'object'));
          return mutators.has(method) && x !== undefined && isFresh(own, x);
        }
        if (isPurePath(pathOutside(m, own, f))) return true;
        const w = variableOf(own, f);
        if (w?.scope.kind !== 'module') return false;
        const outer = m.names.module.variables.get(w.name);
        return outer !== undefined && isPureFunction(m, outer);
      }
      case 'augmented_assignment': {
        const left = child(n, 'left');
        const x = variableOf(own, left);
        // `xs += …` on a parameter could change the caller's list.
        return left?.type !== 'identifier' || (x !== undefined && (x.uses.every((u) => u.kind !== 'param') || ['integer', 'float'].includes(child(n, 'right')?.type ?? '')));
      }
      default:
        return true;
    }
  });
}

/** A path of a helper's expression: its free names mean what they mean in the module. */
function pathOutside(m: Model, own: Model, f: Py | undefined): string | undefined {
  if (!f) return undefined;
  if (f.type === 'attribute') {
    const object = pathOutside(m, own, child(f, 'object'));
    const name = child(f, 'attribute');
    return object !== undefined && !object.startsWith('builtins.') && name ? `${object}.${textOf(name)}` : undefined;
  }
  const v = variableOf(own, f);
  if (v?.scope.kind !== 'module') return undefined;
  const outer = m.names.module.variables.get(v.name);
  const bindings = (outer?.uses ?? []).filter((u) => u.kind !== 'load');
  if (bindings.length === 0) return m.names.module.dynamic ? undefined : `builtins.${v.name}`;
  return bindings.length === 1 && bindings[0]?.kind === 'import' ? bindings[0].imported : undefined;
}

/** The identifier at the bottom of `a.b[c].d`, or undefined. */
export function rootOf(n: Py): Py | undefined {
  let x: Py | undefined = strip(n);
  while (x && (x.type === 'attribute' || x.type === 'subscript')) x = child(x, x.type === 'attribute' ? 'object' : 'value');
  return x?.type === 'identifier' ? x : undefined;
}

const freshCalls = new Set(['builtins.list', 'builtins.sorted', 'builtins.set', 'builtins.dict', 'collections.deque', 'collections.defaultdict', 'collections.Counter', 'collections.OrderedDict']);

/** Whether an expression makes a new container, which nothing else can name yet. */
export function isFreshValue(m: Model, value: Py | undefined): boolean {
  if (!value) return false;
  const n = strip(value);
  if (['list', 'dictionary', 'set', 'list_comprehension', 'dictionary_comprehension', 'set_comprehension', 'string', 'integer', 'float', 'true', 'false', 'none', 'tuple'].includes(n.type)) return true;
  if (n.type === 'binary_operator') return true;
  if (n.type === 'call') {
    const path = callee(m, n);
    const call = methodCall(n);
    return (path !== undefined && freshCalls.has(path)) || (call !== null && ['split', 'rsplit', 'splitlines', 'copy'].includes(call.method));
  }
  return n.type === 'subscript' && children(n, 'subscript').some((s) => s.type === 'slice');
}

/** A local that only ever names containers made in this function. */
export function isFresh(m: Model, v: Variable): boolean {
  if (v.scope.kind !== 'function') return false;
  const stores = v.uses.filter((u) => u.kind !== 'load' && u.kind !== 'aug');
  return stores.length > 0 && stores.every((u) => u.kind === 'store' && isFreshValue(m, assignedValue(u.node)));
}

/**
 * Whether the expression gives an equal value all through the region: pure, and everything that it reads stays.
 * Names that stand for numbers (in arithmetic, ranges, math functions) need to keep their binding only.
 */
export function isInvariant(m: Model, expr: Py, region: Py): boolean {
  if (!isPure(m, expr)) return false;
  const attributes = changedAttributes(region);
  const callsUnknown = descend(region).some((n) => n.type === 'call' && !isPurePath(callee(m, n)) && !knownMethod(n));
  return descend(expr).every((n) => {
    if (n.type === 'attribute') {
      if (attributes.has(textOf(child(n, 'attribute') ?? n))) return n.field === 'function';
      // Another function may set the attribute of an object that it can reach.
      return n.field === 'function' || callee(m, n.parent ?? n) !== undefined || !callsUnknown || isPurePath(modulePath(m, n));
    }
    const v = variableOf(m, n);
    if (!v) return true;
    if (v.scope.kind === 'comprehension' && contains(expr, v.scope.node)) return true;
    if (v.scope.kind === 'function' && v.scope.node !== functionAround(region) && contains(expr, v.scope.node)) return true;
    if (v.scope.kind === 'module' && v.uses.every((u) => u.kind !== 'store' && u.kind !== 'aug')) return true;
    return isNumberPosition(m, n) ? sameBinding(m, v, region) : sameContent(m, v, region);
  });
}

function modulePath(m: Model, n: Py): string | undefined {
  const object = child(n, 'object');
  const v = variableOf(m, object);
  const [b] = v?.uses.filter((u) => u.kind !== 'load') ?? [];
  return b?.kind === 'import' && b.imported !== undefined ? `${b.imported}.${textOf(child(n, 'attribute') ?? n)}` : undefined;
}

function knownMethod(call: Py): boolean {
  const f = child(call, 'function');
  if (f?.type !== 'attribute') return false;
  const method = textOf(child(f, 'attribute') ?? f);
  return readers.has(method) || mutators.has(method);
}

function isNumberPosition(m: Model, n: Py): boolean {
  const p = n.parent;
  if (!p) return false;
  if (p.type === 'parenthesized_expression') return isNumberPosition(m, p);
  if (p.type === 'subscript' && n.field === 'subscript') return true;
  if (p.type === 'slice') return true;
  if (p.type === 'binary_operator') return ['-', '/', '//', '**', '%'].includes(textOf(child(p, 'operator') ?? p)) || p.named.some((k) => k.type === 'integer' || k.type === 'float');
  if (p.type === 'argument_list') {
    const path = callee(m, p.parent ?? undefined);
    return path !== undefined && (path.startsWith('math.') || ['builtins.range', 'builtins.int', 'builtins.abs', 'builtins.chr', 'builtins.float', 'builtins.round', 'builtins.str'].includes(path));
  }
  return false;
}

/** Whether every path to `point` binds the variable before it, as far as the statements before it show. */
export function isBoundBefore(v: Variable, point: Py): boolean {
  if (v.scope.kind === 'module') return true;
  const stores = v.uses.filter((u) => u.kind !== 'load' && u.kind !== 'aug');
  if (v.scope.kind === 'comprehension') return contains(v.scope.node, point);
  if (stores.some((u) => u.kind === 'param')) return true;
  if (v.scope.node !== functionAround(point)) return true;
  const binds = (s: Py): boolean => {
    if (!stores.some((u) => contains(s, u.node))) return false;
    switch (s.type) {
      case 'expression_statement':
      case 'import_statement':
      case 'import_from_statement':
      case 'function_definition':
      case 'class_definition':
      case 'decorated_definition':
        return true;
      case 'if_statement': {
        const alternatives = children(s, 'alternative');
        const branches = [child(s, 'consequence'), ...alternatives.map((a) => child(a, 'consequence') ?? child(a, 'body'))];
        return alternatives.at(-1)?.type === 'else_clause' && branches.every((b) => b !== undefined && (b.named.some(binds) || leaves(b)));
      }
      case 'with_statement':
        return (child(s, 'body')?.named ?? []).some(binds) || s.named.some((k) => k.type === 'with_clause' && stores.some((u) => contains(k, u.node)));
      case 'try_statement': {
        const handlers = s.named.filter((k) => k.type === 'except_clause' || k.type === 'except_group_clause').map((k) => k.named.find((b) => b.type === 'block'));
        return (child(s, 'body')?.named ?? []).some(binds) && handlers.every((b) => b !== undefined && (b.named.some(binds) || leaves(b)));
      }
      default:
        return false;
    }
  };
  let at: Py = point;
  for (let p = point.parent; p && p !== v.scope.node; at = p, p = p.parent) {
    if (p.type === 'block' && p.named.slice(0, p.named.indexOf(at)).some(binds)) return true;
    if (p.type === 'for_statement' && at.field === 'body' && stores.some((u) => u.node.start >= p.start && u.node.end <= (child(p, 'left')?.end ?? 0))) return true;
    if (p.type === 'with_statement' && p.named.some((k) => k.type === 'with_clause' && stores.some((u) => contains(k, u.node)))) return true;
  }
  return false;
}

/** Whether a block surely ends by leaving it. */
export function leaves(block: Py): boolean {
  const last = block.named.at(-1);
  return last !== undefined && ['return_statement', 'raise_statement', 'continue_statement', 'break_statement'].includes(last.type);
}

/** Whether all names of the expression are bound before the point. */
export function allBoundBefore(m: Model, expr: Py, point: Py): boolean {
  return descend(expr).every((n) => {
    const v = variableOf(m, n);
    return !v || (isComprehension(v.scope.node) && contains(expr, v.scope.node)) || (v.scope.kind === 'function' && v.scope.node !== expr && contains(expr, v.scope.node)) || isBoundBefore(v, point);
  });
}

/** `name = value` statements of a variable. */
export function storesOf(v: Variable): Use[] {
  return v.uses.filter((u) => u.kind !== 'load');
}

