// How far out of its loops something may be computed, and where a helper table for a variable may stand.

import type { Edit } from '../rewrite.ts';
import type { Model } from './model.ts';
import { isInvariant, reshapesIn } from './model.ts';
import { anchorOf, blockStatement, insertAfter, insertBefore, repeatsOf } from './places.ts';
import type { Binding } from './scopes.ts';
import type { Syn } from './syn.ts';
import { bare, enclosingFunction, field, methodCall, parts, textOf, within } from './syn.ts';

/** The place before the outermost of the loops around `at` for which `holds(anchor)`; null if it fails for the innermost one. */
export function outermostWhere(at: Syn, holds: (anchor: Syn) => boolean): Syn | null {
  let best: Syn | null = null;
  for (const region of repeatsOf(at)) {
    const anchor = anchorOf(region);
    if (!anchor || !holds(anchor)) break;
    best = anchor;
  }
  return best;
}

/** The statement before which `expr`, at the place `at`, may be computed once for the outermost loop in which it does not change. */
export const outermostAnchor = (model: Model, expr: Syn, at: Syn): Syn | null => outermostWhere(at, (anchor) => isInvariant(model, expr, anchor));

/** A place that sees an array's elements once: before loops, or right after its declaration for helper functions. */
export interface TablePlace {
  /** All code in which the table is valid. */
  readonly extent: Syn;
  put(lines: readonly string[]): Edit[];
}

/** Where a table over the elements of `array` may be built for the use at `at`; null if the array changes meanwhile. */
export function tablePlace(model: Model, array: Syn, at: Syn): TablePlace | null {
  const e = bare(array);
  const b = e.type === 'identifier' ? model.scopes.bindingOf(e) : undefined;
  const keeps = (anchor: Syn): boolean => (b ? !within(b.decl, anchor) && !reshapesIn(model, b, anchor) : methodFree(e) && isInvariant(model, e, anchor));
  const anchor = outermostWhere(at, keeps);
  if (anchor) return { extent: anchor, put: (lines) => insertBefore(model, anchor, lines) };
  return b ? homePlace(model, b, at) : null;
}

/** Paths such as `a.b[c]`: their data is there already. Other expressions are left to hoisting. */
const methodFree = (e: Syn): boolean => e.type === 'this' || e.type === 'identifier' || ((e.type === 'member_expression' || e.type === 'subscript_expression') && methodFree(bare(field(e, 'object') ?? e)));

/** For a use in a function inside the variable's own one: right after the declaration, if nothing changes it after that. */
export function homePlace(model: Model, b: Binding, at: Syn): TablePlace | null {
  const home = enclosingFunction(b.decl);
  if (enclosingFunction(at) === home || b.scope === enclosingFunction(at) || b.writes.length > 0) return null;
  const region = b.scope.type === 'program' ? b.scope : (field(b.scope, 'body') ?? b.scope);
  if (b.refs.some((r) => methodCall(r.parent?.parent)?.object === r && r.parent?.type === 'member_expression' && ['push', 'unshift', 'splice'].includes(methodCall(r.parent.parent)?.name ?? ''))) return null;
  if (reshapesIn(model, b, region)) return null;
  if (b.declarator) {
    const statement = b.declarator.parent;
    if (!statement || blockStatement(statement) !== statement || !field(b.declarator, 'value')) return null;
    return { extent: region, put: (lines) => insertAfter(model, statement, lines) };
  }
  if (b.kind !== 'param' || region.type !== 'statement_block') return null;
  const start = parts(region)[0];
  if (!start || /^['"]/.test(textOf(start))) return null;
  return { extent: region, put: (lines) => insertBefore(model, start, lines) };
}
