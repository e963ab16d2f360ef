// What stays the same while a piece of code runs, and what is bound before it.

import { child, children, contains, descend, functionAround, isComprehension, type Py, textOf } from './ast.ts';
import { changedAttributes, type Effect, effectOf, isPurePath, mutatesUnnamed, mutators, readers } from './effects.ts';
import { assignedValue, callee, type Model, variableOf } from './model.ts';
import { isPure } from './purity.ts';
import type { Use, Variable } from './scope.ts';

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
export function sameContent(m: Model, v: Variable, region: Py, changing: readonly Effect[] = ['mutate', 'deep', 'escape']): boolean {
  if (!sameBinding(m, v, region)) return false;
  for (const a of aliases(m, v))
    for (const u of usesDuring(a, region)) {
      if (u.kind === 'aug') return false;
      if (u.kind === 'load' && changing.includes(effectOf(m, u))) return false;
    }
  // Held elsewhere and something unnamed changes: it could be the same object.
  if (changing.includes('escape') && v.uses.some((u) => u.kind === 'load' && effectOf(m, u) === 'escape') && mutatesUnnamed(region)) return false;
  if (v.scope.kind !== 'module') return true;
  const n = v.name;
  return !new RegExp(`(^|[^\\w.])${n}\\s*(\\.\\s*(${[...mutators].join('|')})\\b|\\[[^\\]\\n]*\\]\\s*[-+*/|&^%]*=[^=]|[-+*/|&^%]+=)|\\bdel\\s+${n}\\b`, 'm').test(m.module.text);
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
    // A number can be handed to anyone; but `a - b` may be of sets, so changes by name still count.
    return sameContent(m, v, region, isNumberPosition(m, n) ? ['mutate', 'deep'] : undefined);
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
    return path !== undefined && (path.startsWith('math.') || ['builtins.range', 'builtins.int', 'builtins.abs', 'builtins.chr', 'builtins.float', 'builtins.round'].includes(path));
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
