// The model of one file that all rewrites share: its tree, scopes, and caches; and the questions of purity and invariance.

import type { Context } from '../rewrite.ts';
import type { Node } from 'web-tree-sitter';
import type { Effects } from './effects.ts';
import { effectsOf, originsOf } from './effects.ts';
import { mutatesDirectly } from './facts.ts';
import type { Kind } from './kinds.ts';
import type { Binding, Scopes } from './scopes.ts';
import { isTypeOnly, resolveScopes } from './scopes.ts';
import type { Syn } from './syn.ts';
import { bare, copyTree, enclosingFunction, field, isFunction, textOf, visit, within } from './syn.ts';

export interface Model {
  readonly root: Syn;
  readonly text: string;
  readonly scopes: Scopes;
  readonly effects: Map<Syn, Effects>;
  readonly origins: Map<Binding, readonly Binding[]>;
  readonly kinds: Map<Binding, Kind>;
}

/** Files above this many UTF-16 units are left alone: a copy of the tree would take seconds. */
const largestFile = 2_000_000;
const models = new WeakMap<Node, Model | 'opaque'>();

/** The file's model; null for files that use `eval` or `with`, or are too large. */
export function modelOf(context: Context): Model | null {
  let m = models.get(context.root);
  if (!m) {
    m = 'opaque';
    if (context.text.length <= largestFile) {
      const root = copyTree(context.root, context.text);
      const scopes = resolveScopes(root);
      if (!scopes.opaque) m = { root, text: context.text, scopes, effects: new Map(), origins: new Map(), kinds: new Map() };
    }
    models.set(context.root, m);
  }
  return m === 'opaque' ? null : m;
}

/** The identifiers below `n` that are run-time references, with their variables (undefined for globals). */
export function references(model: Model, n: Syn): { readonly id: Syn; readonly binding: Binding | undefined }[] {
  const out: { id: Syn; binding: Binding | undefined }[] = [];
  visit(n, (c) => {
    if (isTypeOnly(c)) return false;
    if (c.type === 'identifier' || c.type === 'shorthand_property_identifier' || c.type === 'shorthand_property_identifier_pattern') out.push({ id: c, binding: model.scopes.bindingOf(c) });
    return undefined;
  });
  return out;
}

/** The uses of a variable inside a node. */
export const refsIn = (b: Binding, n: Syn): Syn[] => b.refs.filter((r) => within(r, n));

/** Whether evaluating `expr` changes nothing outside it and gives the same result for the same data (property getters are taken for plain data). */
export function isPure(model: Model, expr: Syn, mayThrow = false): boolean {
  const fx = effectsOf(model, expr);
  if (fx.impure || (fx.throws && !mayThrow) || fx.unknownCalls || fx.mutatesUnknown) return false;
  const inside = (b: Binding): boolean => within(b.decl, expr) && !(b.kind === 'param' && b.scope.start === expr.start && b.scope.end === expr.end);
  for (const b of fx.assigned) if (!within(b.decl, expr) && !belongsToCallee(b, expr)) return false;
  for (const b of fx.mutated) if (!inside(b) && !belongsToCallee(b, expr)) return false;
  return true;
}

/** A local variable of some function that `expr` calls: its changes stay in there. Parameters don't count: their data is the caller's (and is tracked to the arguments). */
function belongsToCallee(b: Binding, expr: Syn): boolean {
  const home = enclosingFunction(b.decl);
  return home !== null && b.scope.type !== 'program' && !within(expr, home);
}

/** Whether the code contains `await` or `yield` of its own function, so that other code may run in between. */
export function suspends(n: Syn): boolean {
  let found = false;
  visit(n, (c) => {
    if (c !== n && isFunction(c)) return false;
    if (c.type === 'await_expression' || c.type === 'yield_expression' || (c.type === 'for_in_statement' && c.children.some((x) => x.type === 'await'))) found = true;
    return !found;
  });
  return found;
}

/** Whether a variable, or the data in it, may change while `region` runs. Functions that cannot be seen are taken to leave local data alone unless this file shows another function that changes it. */
export function changesIn(model: Model, b: Binding, region: Syn): boolean {
  const fx = effectsOf(model, region);
  if (fx.assigned.has(b) || fx.mutated.has(b)) return true;
  for (const alias of exactAliases(model, b)) if (fx.mutated.has(alias)) return true;
  for (const r of b.refs) {
    const p = r.parent;
    const key = p?.type === 'pair' && r.field === 'value' ? field(p, 'key') : p?.type === 'assignment_expression' && r.field === 'right' ? memberName(field(p, 'left')) : null;
    if (key && fx.properties.has(textOf(key))) return true;
    if (r.type === 'shorthand_property_identifier' && fx.properties.has(b.name)) return true;
  }
  return changesElsewhere(b, region, fx);
}

/** Whether the array or map in a variable may get or lose elements while `region` runs; changes inside its elements don't count. */
export function reshapesIn(model: Model, b: Binding, region: Syn): boolean {
  const fx = effectsOf(model, region);
  if (fx.assigned.has(b) || fx.reshaped.has(b)) return true;
  for (const alias of exactAliases(model, b)) if (fx.reshaped.has(alias) || fx.assigned.has(alias)) return true;
  for (const other of fx.reshaped) if (exactAliases(model, other).includes(b)) return true;
  const up = new Set<Binding>();
  const climb = (x: Binding): void => {
    for (const o of originsOf(model, x)) if (!up.has(o)) {
      up.add(o);
      climb(o);
    }
  };
  climb(b);
  for (const o of up) if (fx.named.has(o)) return true;
  return changesElsewhere(b, region, fx);
}

function changesElsewhere(b: Binding, region: Syn, fx: Effects): boolean {
  if (!fx.unknownCalls && !suspends(region)) return false;
  const home = enclosingFunction(region);
  return b.refs.some((r) => enclosingFunction(r) !== home && !within(r, region) && (b.writes.includes(r) || mutatesDirectly(r)) && reachable(r, home));
}

/** Whether code at `r` may run while the function `home` does: it is not just the surroundings in which home's own variables are set up. */
const reachable = (r: Syn, home: Syn | null): boolean => !(home && enclosingFunction(r) && within(home, enclosingFunction(r) as Syn)) && enclosingFunction(r) !== null;

const memberName = (n: Syn | null): Syn | null => (n?.type === 'member_expression' ? field(n, 'property') : null);

/** Other names of the same value: `const a = b` makes b one of a's. */
function exactAliases(model: Model, b: Binding): Binding[] {
  const out: Binding[] = [];
  let at: Binding | undefined = b;
  for (let i = 0; at && i < 8; i++) {
    const value: Syn | null = at.declarator ? field(at.declarator, 'value') : null;
    const id: Syn | null = value ? bare(value) : null;
    at = id?.type === 'identifier' ? model.scopes.bindingOf(id) : undefined;
    if (at) out.push(at);
  }
  return out;
}

/** Whether `expr` is pure and yields the same data each time it is evaluated while `region` runs, so that it may be evaluated once before. */
export function isInvariant(model: Model, expr: Syn, region: Syn): boolean {
  if (!isPure(model, expr) || suspends(region) || usesOwnFunction(expr, region)) return false;
  const fx = effectsOf(model, region);
  for (const { binding } of references(model, expr)) {
    if (!binding || within(binding.decl, expr)) continue;
    if (within(binding.decl, region) || changesIn(model, binding, region)) return false;
  }
  let ok = true;
  // Code that cannot be seen may call back into this file's methods.
  const elsewhere = fx.unknownCalls ? effectsOf(model, model.root).properties : fx.properties;
  visit(expr, (n) => {
    if (n.type === 'member_expression') {
      const property = field(n, 'property');
      if (property && !isCallee(n) && (fx.properties.has(textOf(property)) || elsewhere.has(textOf(property)))) ok = false;
    }
    return ok;
  });
  return ok;
}

const isCallee = (n: Syn): boolean => n.parent?.type === 'call_expression' && n.field === 'function';

/** Whether `expr` says `this`, `super`, `arguments` or `new.target` of a function that starts inside `region`, or moves `arguments` at all. */
function usesOwnFunction(expr: Syn, region: Syn): boolean {
  let found = false;
  visit(expr, (n) => {
    if (n.type === 'super' || n.type === 'meta_property' || (n.type === 'identifier' && textOf(n) === 'arguments')) found = true;
    if (n.type === 'this') {
      for (let p: Syn | null = expr; p && p !== region; p = p.parent) if (isFunction(p) && p.type !== 'arrow_function') found = true;
    }
    return !found;
  });
  return found;
}
