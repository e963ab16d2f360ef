// Which expressions and functions have no effects, and which values are new.

import { child, children, descend, methodCall, type Py, strip, textOf } from './ast.ts';
import { isPurePath, isTarget, mutators, readers, rootOf } from './effects.ts';
import { assignedValue, callee, type Model, moduleFunction, variableOf } from './model.ts';
import type { Variable } from './scope.ts';

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
