// Accumulation by copying (`acc = [...acc, x]`, `acc.concat(x)`, `{...acc, [k]: v}`) in loops and reduce → in place.

import type { Context, Edit, Site } from '../rewrite.ts';
import { defineRewrite } from './define.ts';
import { isFresh, mutatesDirectly } from './facts.ts';
import { readingMethods } from './known.ts';
import { isEmptyArray, kindOf } from './kinds.ts';
import type { Model } from './model.ts';
import { isPure } from './model.ts';
import { atLine, freshName, nodesInPins, repeatable, repeatsOf, replace, replaceStatement, siteOf } from './places.ts';
import type { Binding } from './scopes.ts';
import type { Syn } from './syn.ts';
import { ancestor, argumentsOf, bare, descendants, enclosingFunction, field, isFunction, methodCall, operatorOf, parts, plainParameters, sameCode, textOf, within, wrapped } from './syn.ts';

const isName = (model: Model, e: Syn | null | undefined, b: Binding): boolean => e?.type === 'identifier' && model.scopes.bindingOf(e) === b;

/** How a copy-and-add can be done in place: as an expression, or as a statement only. */
interface InPlace { readonly expression: string | null; readonly statements: readonly string[] }

const plain = (expression: string): InPlace => ({ expression, statements: [`${expression};`] });

/** Reads `[...acc, x]`, `acc.concat(x)`, `{...acc, k: v}`, `Object.assign({}, acc, o)`, `new Set([...acc, x])` as an addition to `acc`; null for anything else. */
function addition(model: Model, e: Syn, acc: Binding): InPlace | null {
  const a = acc.name;
  const later = (n: Syn): boolean => !descendants(n, 'identifier', 'shorthand_property_identifier').some((id) => model.scopes.bindingOf(id) === acc);
  if (e.type === 'array') {
    const [first, ...rest] = parts(e);
    if (first?.type !== 'spread_element' || !isName(model, parts(first)[0], acc) || rest.length === 0 || e.children.some((c, i) => c.type === ',' && e.children[i + 1]?.type === ',')) return null;
    if (rest.every((r) => r.type !== 'spread_element')) return rest.length === 1 || rest.every(later) ? plain(`${a}.push(${rest.map(textOf).join(', ')})`) : null;
    const [only] = rest;
    if (rest.length !== 1 || !only || !later(only)) return null;
    const inner = textOf(parts(only)[0] ?? only);
    const item = freshName(model, 'item');
    return { expression: null, statements: [`for (const ${item} of ${inner}) ${a}.push(${item});`] };
  }
  const m = methodCall(e);
  if (m?.name === 'concat' && isName(model, m.object, acc) && m.args.length === 1) {
    const [arg] = m.args;
    if (!arg || arg.type === 'spread_element') return null;
    const literal = bare(arg);
    if (literal.type === 'array' && parts(literal).length > 0 && parts(literal).every((p) => p.type !== 'spread_element')) return parts(literal).length === 1 || later(literal) ? plain(`${a}.push(${parts(literal).map(textOf).join(', ')})`) : null;
    if (kindOf(model, arg) === 'array' && later(arg)) {
      const item = freshName(model, 'item');
      return { expression: null, statements: [`for (const ${item} of ${textOf(arg)}) ${a}.push(${item});`] };
    }
    return null;
  }
  if (e.type === 'object') {
    const [first, ...rest] = parts(e);
    if (first?.type !== 'spread_element' || !isName(model, parts(first)[0], acc) || rest.length === 0) return null;
    const sets = rest.map((p): string | null => {
      if (p.type === 'shorthand_property_identifier') return `${a}.${textOf(p)} = ${textOf(p)}`;
      if (p.type === 'spread_element') return `Object.assign(${a}, ${textOf(parts(p)[0] ?? p)})`;
      const key = p.type === 'pair' ? field(p, 'key') : null;
      const value = p.type === 'pair' ? field(p, 'value') : null;
      if (!key || !value || textOf(key).includes('__proto__')) return null;
      const target = key.type === 'computed_property_name' ? `${a}${textOf(key)}` : key.type === 'property_identifier' ? `${a}.${textOf(key)}` : `${a}[${textOf(key)}]`;
      return `${target} = ${textOf(value)}`;
    });
    if (sets.some((s) => s === null) || (rest.length > 1 && !rest.every(later))) return null;
    return { expression: rest.length === 1 ? `(${sets.join('')})` : `(${sets.join(', ')})`, statements: sets.map((s) => `${s ?? ''};`) };
  }
  if (m?.name === 'assign' && textOf(m.object) === 'Object' && m.args.length > 2 && m.args[0]?.type === 'object' && parts(m.args[0]).length === 0 && isName(model, m.args[1], acc)) {
    const rest = m.args.slice(2);
    return rest.every((r) => r.type !== 'spread_element' && (rest.length === 1 || later(r))) ? plain(`Object.assign(${a}, ${rest.map(textOf).join(', ')})`) : null;
  }
  if (e.type === 'new_expression') {
    const name = textOf(field(e, 'constructor') ?? e);
    const [list] = argumentsOf(e) ?? [];
    const [first, second, ...more] = list?.type === 'array' ? parts(list) : [];
    if (first?.type !== 'spread_element' || !isName(model, parts(first)[0], acc) || !second || more.length > 0 || second.type === 'spread_element') return null;
    if (name === 'Set') return plain(`${a}.add(${textOf(second)})`);
    const pair = second.type === 'array' ? parts(second) : [];
    if (name === 'Map' && pair.length === 2 && pair.every((p) => p.type !== 'spread_element')) return plain(`${a}.set(${pair.map(textOf).join(', ')})`);
  }
  return null;
}

/** Whether the collection leaves the variable at this use, or is changed, so that a copy would be told apart. */
function leaks(r: Syn): boolean {
  const at = wrapped(r);
  const p = at.parent;
  if (!p) return true;
  if (p.type === 'member_expression' && at.field === 'object') {
    const m = methodCall(p.parent);
    if (m?.object === at) return !readingMethods.has(m.name) || ['values', 'keys', 'entries', 'forEach', 'map', 'filter'].includes(m.name);
    return mutatesDirectly(r);
  }
  if (p.type === 'subscript_expression') return mutatesDirectly(r);
  return !['binary_expression', 'unary_expression', 'template_substitution'].includes(p.type);
}

function loopSite(context: Context, model: Model, assignment: Syn): Site | null {
  const left = field(assignment, 'left');
  const right = field(assignment, 'right');
  const statement = assignment.parent;
  const acc = left?.type === 'identifier' ? model.scopes.bindingOf(left) : undefined;
  if (!acc || !right || !statement || statement.type !== 'expression_statement' || acc.kind === 'param' || !acc.declarator) return null;
  const way = addition(model, bare(right), acc);
  const loop = repeatsOf(assignment).filter((l) => !within(acc.decl, l)).pop();
  if (!way || !loop || enclosingFunction(acc.decl) !== enclosingFunction(loop)) return null;
  // Every value it takes must be new or made by the same kind of addition, so that no other name sees the change.
  const value = field(acc.declarator, 'value');
  if (!value || !isFresh(value) || ['new_expression'].includes(value.type) && !/^new (Set|Map|Array)\b/.test(textOf(value))) return null;
  for (const w of acc.writes) {
    const p = w.parent;
    const next = p?.type === 'assignment_expression' ? field(p, 'right') : null;
    if (!next || (!isFresh(next) && !addition(model, bare(next), acc))) return null;
  }
  const own = acc.refs.filter((r) => !acc.writes.includes(r) && !within(r, assignment) && within(r, loop));
  if (own.some((r) => leaks(r) && !acc.writes.some((w) => w.parent && within(r, w.parent) && addition(model, bare(field(w.parent, 'right') ?? r), acc)))) return null;
  // Before the loop nothing may have taken the collection along.
  if (acc.refs.some((r) => r.end <= loop.start && !acc.writes.includes(r) && leaks(r) && !acc.writes.some((w) => w.parent && within(r, w.parent)))) return null;
  // Nested uses inside the added value that keep the old collection alive, such as { parent: acc }.
  const inside = acc.refs.filter((r) => within(r, right));
  if (inside.filter((r) => leaks(r)).length > 1) return null;
  return siteOf(context, [replaceStatement(model, statement, way.statements)], `add to \`${acc.name}\` in place instead of copying it (${atLine(assignment)})`);
}

/** `o[k] = [...o[k], x]` and `o[k] = [...(o[k] || []), x]`, also with concat([x]): the list stays, and grows. */
function memberSite(context: Context, model: Model, assignment: Syn): Site | null {
  const left = field(assignment, 'left');
  const right = field(assignment, 'right');
  const statement = assignment.parent;
  if (!left || !right || statement?.type !== 'expression_statement' || (left.type !== 'member_expression' && left.type !== 'subscript_expression') || !repeatable(left) || repeatsOf(assignment).length === 0) return null;
  const value = bare(right);
  const m = methodCall(value);
  const [first, ...rest] = value.type === 'array' ? parts(value) : [];
  const [arg] = m?.name === 'concat' && m.args.length === 1 ? m.args : [];
  const source = first?.type === 'spread_element' ? parts(first)[0] : arg?.type === 'array' ? m?.object : undefined;
  const added = first ? rest : arg ? parts(arg) : [];
  if (!source || added.length === 0 || added.some((a) => a.type === 'spread_element')) return null;
  const from = bare(source);
  const start = from.type === 'binary_expression' && ['||', '??'].includes(operatorOf(from)) && isEmptyArray(field(from, 'right')) ? field(from, 'left') : null;
  if (!sameCode(bare(start ?? from), left) || !added.every((a) => isPure(model, a) && !mentionsCode(a, left))) return null;
  const list = start ? `(${textOf(left)} ${operatorOf(from)}= [])` : textOf(left);
  return siteOf(context, [replace(statement, `${list}.push(${added.map(textOf).join(', ')});`)], `add to \`${textOf(left)}\` in place instead of copying it (${atLine(assignment)})`);
}

function mentionsCode(n: Syn, code: Syn): boolean {
  return descendants(n, code.type).some((d) => sameCode(d, code));
}

function reduceSite(context: Context, model: Model, call: Syn): Site | null {
  const m = methodCall(call);
  const [fn, init] = m?.args ?? [];
  if (!m || (m.name !== 'reduce' && m.name !== 'reduceRight') || !fn || !init || (fn.type !== 'arrow_function' && fn.type !== 'function_expression')) return null;
  const body = field(fn, 'body');
  const first = parts(field(fn, 'parameters') ?? fn)[0];
  const id = first?.type === 'identifier' ? first : first ? field(first, 'pattern') : null;
  const acc = id?.type === 'identifier' ? model.scopes.bindingOf(id) : undefined;
  const start = bare(init);
  if (!body || !acc || acc.kind !== 'param' || acc.scope !== fn || acc.writes.length > 0) return null;
  if (!['array', 'object'].includes(start.type) && !/^new (Set|Map)\b/.test(textOf(start))) return null;
  const results = body.type === 'statement_block' ? descendants(body, 'return_statement').filter((r) => ancestor(r, isFunction) === fn).map((r) => parts(r)[0]) : [body];
  const edits: Edit[] = [];
  const accounted: Syn[] = [];
  const names = plainParameters(fn);
  const flat: string[] = [];
  const handle = (e: Syn | undefined): boolean => {
    if (!e) return false;
    const b = bare(e);
    if (b.type === 'ternary_expression') return handle(field(b, 'consequence') ?? undefined) && handle(field(b, 'alternative') ?? undefined);
    if (isName(model, b, acc)) {
      accounted.push(b);
      return true;
    }
    const way = addition(model, b, acc);
    if (way?.expression) {
      const text = `${way.expression.replace(/^\((.*)\)$/s, '$1')}, ${acc.name}`;
      edits.push(replace(b, wrapped(b) === b ? `(${text})` : text));
      accounted.push(b);
      return true;
    }
    const list = flatPart(model, b, acc);
    if (list !== null) flat.push(list);
    if (list !== null && body === e && start.type === 'array' && parts(start).length === 0 && m.name === 'reduce' && names?.length === 2) return true;
    // Spreading an unknown list: pushed element by element, in a statement of its own.
    if (way && e.parent?.type === 'return_statement' && e.parent.parent?.type === 'statement_block') {
      edits.push(replaceStatement(model, e.parent, [...way.statements, `return ${acc.name};`]));
      accounted.push(b);
      return true;
    }
    return false;
  };
  if (results.length === 0 || !results.every(handle)) return null;
  const [only] = flat;
  if (only !== undefined && edits.length === 0) {
    const parameter = parts(field(fn, 'parameters') ?? fn)[1];
    if (!parameter || acc.refs.length !== 1 || fn.type !== 'arrow_function') return null;
    return siteOf(context, [replace(call, `${textOf(m.object)}.flatMap((${textOf(parameter)}) => ${only})`)], `collect with flatMap instead of copying the array each time (${atLine(call)})`);
  }
  if (edits.length === 0 || acc.refs.some((r) => !accounted.some((n) => within(r, n)) && leaks(r))) return null;
  // Inside an addition, acc may only be read, but for the copy itself.
  if (accounted.some((n) => acc.refs.filter((r) => within(r, n) && leaks(r)).length > 1)) return null;
  return siteOf(context, edits, `add to \`${acc.name}\` in place instead of copying it in each step of ${m.name} (${atLine(call)})`);
}

/** The list that `[...acc, ...list]` or `acc.concat(list)` adds, as text for flatMap. */
function flatPart(model: Model, e: Syn, acc: Binding): string | null {
  const m = methodCall(e);
  if (m?.name === 'concat' && isName(model, m.object, acc) && m.args.length === 1 && m.args[0] && m.args[0].type !== 'spread_element') return bare(m.args[0]).type === 'object' ? `(${textOf(m.args[0])})` : textOf(m.args[0]);
  if (e.type !== 'array') return null;
  const [first, second, ...rest] = parts(e);
  return first?.type === 'spread_element' && isName(model, parts(first)[0], acc) && second?.type === 'spread_element' && rest.length === 0 ? `[${textOf(second)}]` : null;
}

export const accumulateInPlace = defineRewrite({
  id: 'accumulate-in-place',
  title: 'accumulation by copies, done in place',
  assumes: 'added keys are not __proto__; spread values are iterable as in the copy; nobody holds on to the intermediate copies',
  find: (context, model) => [
    ...nodesInPins(context, model, 'assignment_expression').flatMap((a) => [loopSite(context, model, a), memberSite(context, model, a)]),
    ...nodesInPins(context, model, 'call_expression').map((c) => reduceSite(context, model, c)),
  ],
});

