// Small facts about single expressions: whether a value is new, whether it is an object at all, which function a name means.

import { readingMethods } from './known.ts';
import type { Model } from './model.ts';
import type { Syn } from './syn.ts';
import { bare, field, isFunction, methodCall, operatorOf, textOf } from './syn.ts';

/** The function that a call's callee certainly means: a declaration or a never reassigned `const f = () => …` of this file. */
export function calledFunction(model: Model, callee: Syn): Syn | null {
  const id = bare(callee);
  if (isFunction(id)) return id;
  if (id.type !== 'identifier') return null;
  const b = model.scopes.bindingOf(id);
  if (!b || b.writes.length > 0) return null;
  if (b.kind === 'function') return b.decl.parent && isFunction(b.decl.parent) ? b.decl.parent : null;
  const value = b.declarator && field(b.declarator, 'value');
  return value && isFunction(bare(value)) ? bare(value) : null;
}

/** Operators and literals that never yield an object. */
export function isPrimitiveForm(e: Syn): boolean {
  return ['unary_expression', 'update_expression', 'number', 'string', 'template_string', 'true', 'false', 'null', 'undefined'].includes(e.type)
    || (e.type === 'binary_expression' && !['||', '&&', '??'].includes(operatorOf(e)));
}

/** Whether an expression's value is certainly new, so that changing it changes nothing else. */
export function isFresh(expr: Syn): boolean {
  const e = bare(expr);
  if (['array', 'object', 'new_expression', 'string', 'number', 'template_string', 'true', 'false', 'null', 'undefined', 'arrow_function', 'function_expression', 'regex'].includes(e.type)) return true;
  const m = methodCall(e);
  if (!m) return false;
  if (['map', 'filter', 'slice', 'concat', 'split', 'flat', 'flatMap', 'toSorted', 'toReversed'].includes(m.name)) return true;
  if (['fill', 'sort', 'reverse'].includes(m.name)) return isFresh(m.object);
  return (m.object.type === 'identifier' && ['Object', 'Array', 'JSON'].includes(textOf(m.object)) && ['keys', 'values', 'entries', 'fromEntries', 'from', 'of', 'parse'].includes(m.name));
}

/** A parameter's plain name, also where it has a default. */
export function namedParameter(p: Syn | undefined): Syn | null {
  const id = p?.type === 'assignment_pattern' ? field(p, 'left') : p?.type === 'required_parameter' || p?.type === 'optional_parameter' ? field(p, 'pattern') : p;
  return id?.type === 'identifier' ? id : null;
}

/** Whether an identifier's use is `x.push(…)`, `x.a = …`, `x[i]++`, `delete x.a` or the like. */
export function mutatesDirectly(id: Syn): boolean {
  let at = id;
  while (at.parent && ['member_expression', 'subscript_expression', 'non_null_expression', 'parenthesized_expression', 'as_expression'].includes(at.parent.type) && (at.field === 'object' || at.field === null)) at = at.parent;
  if (at === id) return false;
  const p = at.parent;
  if (!p) return false;
  if (p.type === 'call_expression' && at.field === 'function') {
    const m = methodCall(p);
    return !m || !readingMethods.has(m.name);
  }
  return (p.type.endsWith('assignment_expression') && at.field === 'left') || p.type === 'update_expression' || (p.type === 'unary_expression' && operatorOf(p) === 'delete');
}

/** The text of the regex literal that an expression certainly is, else null. */
export function regexLiteral(model: Model, expr: Syn): string | null {
  const e = bare(expr);
  if (e.type === 'regex') return textOf(e);
  if (e.type !== 'identifier') return null;
  const b = model.scopes.bindingOf(e);
  const value = b?.declarator && b.writes.length === 0 ? field(b.declarator, 'value') : null;
  return value?.type === 'regex' ? textOf(value) : null;
}
