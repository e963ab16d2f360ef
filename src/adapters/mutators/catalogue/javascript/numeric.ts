// Cheaper numbers: divisor loops up to the square root, typed arrays, Math.pow and Math.floor in simple forms.

import type { Context, Edit, Site } from '../rewrite.ts';
import { defineRewrite } from './define.ts';
import { isNumber, kindOf } from './kinds.ts';
import type { Model } from './model.ts';
import { isPure } from './model.ts';
import { effectsOf } from './effects.ts';
import { atLine, nodesInPins, repeatable, replace, siblings, siteOf } from './places.ts';
import type { Binding } from './scopes.ts';
import type { Syn } from './syn.ts';
import { argumentsOf, bare, field, methodCall, numberOf, onlyStatement, operatorOf, parts, textOf, wrapped } from './syn.ts';

/** `for (let i = 2; i < n; i++) if (n % i === 0) { …; break | return }` → up to √n. */
function divisorSite(context: Context, model: Model, loop: Syn): Site | null {
  const d = field(loop, 'initializer');
  const [declarator, ...more] = d?.type === 'lexical_declaration' ? parts(d) : [];
  const counter = declarator ? field(declarator, 'name') : null;
  const i = counter?.type === 'identifier' ? model.scopes.bindingOf(counter) : undefined;
  const from = declarator ? numberOf(field(declarator, 'value')) : null;
  const condition = field(loop, 'condition');
  const increment = field(loop, 'increment');
  const body = field(loop, 'body');
  if (!i || more.length > 0 || !counter || condition?.type !== 'binary_expression' || !increment || !body || !['<', '<='].includes(operatorOf(condition))) return null;
  const bound = field(condition, 'right');
  if (!bound || textOf(field(condition, 'left') ?? bound) !== i.name) return null;
  const test = onlyStatement(body);
  if (test?.type !== 'if_statement' || field(test, 'alternative')) return null;
  const equality = bare(field(test, 'condition') ?? test);
  const remainder = equality.type === 'binary_expression' && operatorOf(equality) === '===' && numberOf(field(equality, 'right')) === 0 ? bare(field(equality, 'left') ?? equality) : null;
  const n = remainder?.type === 'binary_expression' && operatorOf(remainder) === '%' ? field(remainder, 'left') : null;
  if (!n || !remainder || n.type !== 'identifier' || textOf(field(remainder, 'right') ?? n) !== i.name) return null;
  const number = model.scopes.bindingOf(n);
  if (!number || !isWholeBound(bound, n, operatorOf(condition))) return null;
  const then = field(test, 'consequence');
  const last = then?.type === 'statement_block' ? parts(then)[parts(then).length - 1] : then;
  if (!then || !last || !['break_statement', 'return_statement'].includes(last.type)) return null;
  const fx = effectsOf(model, loop);
  if (fx.assigned.has(number) || effectsOf(model, body).assigned.has(i)) return null;
  const step = textOf(increment).replace(/\s+/g, '');
  const byOne = [`${i.name}++`, `++${i.name}`, `${i.name}+=1`].includes(step);
  const byTwo = step === `${i.name}+=2` && from === 3 && oddOnly(loop, n);
  if (!(byOne && from === 2) && !byTwo) return null;
  return siteOf(context, [replace(condition, `${i.name} * ${i.name} <= ${textOf(n)}`)], `look for divisors of \`${textOf(n)}\` up to its square root (${atLine(loop)})`);
}

/** Whether a loop bound covers all divisors up to √n: n, n / 2, Math.floor(n / 2), n - 1. */
function isWholeBound(bound: Syn, n: Syn, op: string): boolean {
  const b = textOf(bound).replace(/\s+/g, '');
  const v = textOf(n);
  return b === v ? op === '<' : [`${v}/2`, `Math.floor(${v}/2)`, `(${v}/2)`, `${v}-1`].includes(b) && op === '<=';
}

/** A statement before the loop that leaves for even numbers. */
function oddOnly(loop: Syn, n: Syn): boolean {
  const { list, at } = siblings(loop);
  return list.slice(0, at).some((s) => s.type === 'if_statement' && new RegExp(`${textOf(n).replace(/\$/g, '\\$')} % 2 === 0`).test(textOf(field(s, 'condition') ?? s)) && /return/.test(textOf(field(s, 'consequence') ?? s)));
}

export const divisorBound = defineRewrite({
  id: 'divisor-bound',
  title: 'a search for divisors up to the square root only',
  assumes: 'the number is an integer below 2⁵³',
  find: (context, model) => nodesInPins(context, model, 'for_statement').map((l) => divisorSite(context, model, l)),
});

/** `new Array(n).fill(v)` or `Array(n).fill(v)`: the nodes of n and v. */
function filled(e: Syn): { readonly size: Syn; readonly value: Syn } | null {
  const m = methodCall(e);
  const maker = m?.name === 'fill' && m.args.length === 1 ? bare(m.object) : null;
  const name = maker ? field(maker, maker.type === 'new_expression' ? 'constructor' : 'function') : null;
  const [size, ...more] = maker ? (argumentsOf(maker) ?? []) : [];
  const value = m?.args[0];
  return maker && name && textOf(name) === 'Array' && size && more.length === 0 && value && size.type !== 'spread_element' ? { size, value } : null;
}

/** `Array.from({ length: m }, () => new Array(n).fill(v))`: the inner one. */
function rows(e: Syn): Syn | null {
  const m = methodCall(e);
  const fn = m?.name === 'from' && textOf(m.object) === 'Array' ? m.args[1] : m?.name === 'map' && m.args.length === 1 ? m.args[0] : undefined;
  const body = fn?.type === 'arrow_function' ? field(fn, 'body') : null;
  return body && filled(bare(body)) ? bare(body) : null;
}

/** Whether every use of the list reads or writes single elements, with numbers; `depth` 2 for rows of rows. */
function elementsOnly(model: Model, b: Binding, depth: 1 | 2, element: 'number' | 'boolean', edits: Edit[], family: ReadonlySet<Binding>): boolean {
  return b.refs.every((r) => {
    let at = r.parent;
    if (at?.type === 'member_expression' && r.field === 'object') return textOf(field(at, 'property') ?? at) === 'length' && !isTarget(at);
    if (at?.type !== 'subscript_expression' || r.field !== 'object' || !isNumber(model, field(at, 'index'))) return false;
    if (depth === 2) {
      const inner = at.parent;
      // A row in a variable of its own.
      const row = inner?.type === 'variable_declarator' && at.field === 'value' ? field(inner, 'name') : null;
      const rowVariable = row?.type === 'identifier' ? model.scopes.bindingOf(row) : undefined;
      if (rowVariable) return rowVariable.writes.length === 0 && elementsOnly(model, rowVariable, 1, element, edits, family);
      if (inner?.type === 'member_expression' && at.field === 'object') return textOf(field(inner, 'property') ?? inner) === 'length' && !isTarget(inner);
      if (inner?.type !== 'subscript_expression' || at.field !== 'object' || !isNumber(model, field(inner, 'index'))) return false;
      at = inner;
    }
    const node = wrapped(at);
    const p = node.parent;
    if (p?.type === 'assignment_expression' && node.field === 'left') {
      const right = field(p, 'right');
      if (element === 'number') return right !== null && isNumberOr(model, right, family);
      if (right?.type !== 'true' && right?.type !== 'false') return false;
      edits.push(replace(right, right.type === 'true' ? '1' : '0'));
      return p.parent?.type === 'expression_statement';
    }
    if (p?.type === 'augmented_assignment_expression' && node.field === 'left') return element === 'number' && isNumberOr(model, field(p, 'right') ?? p, family) && !/^(\|\||&&|\?\?)/.test(operatorOf(p));
    if (p?.type === 'update_expression') return element === 'number';
    if (element === 'number') return !(p?.type === 'unary_expression' && operatorOf(p) === 'delete');
    return (node.field === 'condition' && p !== null) || (p?.type === 'unary_expression' && operatorOf(p) === '!') || (p?.type === 'binary_expression' && ['&&'].includes(operatorOf(p)) && node.field === 'left');
  });
}

const isTarget = (n: Syn): boolean => (n.parent?.type.endsWith('assignment_expression') === true && n.field === 'left') || n.parent?.type === 'update_expression';

/** A number, if the list's own elements are numbers. */
function isNumberOr(model: Model, e: Syn, lists: ReadonlySet<Binding>): boolean {
  const x = bare(e);
  if (isNumber(model, x)) return true;
  if (x.type === 'subscript_expression') {
    let object = field(x, 'object');
    while (object?.type === 'subscript_expression') object = field(object, 'object');
    const list = object?.type === 'identifier' ? model.scopes.bindingOf(object) : undefined;
    return list !== undefined && lists.has(list);
  }
  if (x.type === 'binary_expression' && operatorOf(x) === '+') return isNumberOr(model, field(x, 'left') ?? x, lists) && isNumberOr(model, field(x, 'right') ?? x, lists);
  if (x.type === 'ternary_expression') return isNumberOr(model, field(x, 'consequence') ?? x, lists) && isNumberOr(model, field(x, 'alternative') ?? x, lists);
  if (x.type === 'assignment_expression') return isNumberOr(model, field(x, 'right') ?? x, lists);
  return false;
}

/** A table and the variables that hold its rows. */
function family(model: Model, b: Binding): ReadonlySet<Binding> {
  const out = new Set([b]);
  for (const r of b.refs) {
    const declarator = r.parent?.type === 'subscript_expression' && r.field === 'object' && r.parent.parent?.type === 'variable_declarator' ? r.parent.parent : null;
    const name = declarator && field(declarator, 'name');
    const row = name?.type === 'identifier' ? model.scopes.bindingOf(name) : undefined;
    if (row) out.add(row);
  }
  return out;
}

function typedSite(context: Context, model: Model, declarator: Syn): Site | null {
  const name = field(declarator, 'name');
  const value = field(declarator, 'value');
  const b = name?.type === 'identifier' ? model.scopes.bindingOf(name) : undefined;
  if (!b || !value || b.writes.length > 0 || field(declarator, 'type')) return null;
  const one = filled(bare(value));
  const inner = one ? bare(value) : rows(bare(value));
  const made = one ?? (inner && filled(inner));
  if (!made || !inner || !isPure(model, made.size)) return null;
  const fill = bare(made.value);
  const truth = fill.type === 'true' || fill.type === 'false';
  const edits: Edit[] = [];
  if (!truth && !isNumber(model, fill)) return null;
  if (!isNumber(model, made.size) && kindOf(model, made.size) !== 'unknown') return null;
  if (!elementsOnly(model, b, one ? 1 : 2, truth ? 'boolean' : 'number', edits, family(model, b))) return null;
  const type = truth ? 'Uint8Array' : 'Float64Array';
  const zero = fill.type === 'false' || numberOf(fill) === 0;
  const start = truth ? '1' : textOf(made.value);
  return siteOf(context, [...edits, replace(inner, `new ${type}(${textOf(made.size)})${zero ? '' : `.fill(${start})`}`)], `keep the ${truth ? 'flags' : 'numbers'} of \`${b.name}\` in a ${type} (${atLine(declarator)})`);
}

export const typedArray = defineRewrite({
  id: 'typed-array',
  title: 'a fixed list of numbers or flags as a typed array',
  assumes: 'elements are only written inside the given length, and are read there; numbers are no BigInts',
  find: (context, model) => nodesInPins(context, model, 'variable_declarator').map((d) => typedSite(context, model, d)),
});

function formSite(context: Context, model: Model, call: Syn): Site | null {
  const m = methodCall(call);
  const [a, b] = m?.args ?? [];
  const callee = field(call, 'function');
  if (m && textOf(m.object) === 'Math' && m.name === 'pow' && a && b && m.args.length === 2 && a.type !== 'spread_element') {
    const n = numberOf(b);
    const wrap = (s: string): string => `(${s})`;
    if (repeatable(a) && (n === 2 || n === 3)) return siteOf(context, [replace(call, wrap(Array.from({ length: n }, () => textOf(a)).join(' * ')))], `multiply instead of Math.pow (${atLine(call)})`);
    return siteOf(context, [replace(call, wrap(`(${textOf(a)}) ** (${textOf(b)})`))], `use ** instead of Math.pow (${atLine(call)})`);
  }
  // parseInt and Number of what is a number go through text and back.
  if (callee?.type === 'identifier' && !model.scopes.bindingOf(callee)) {
    const [x, radix] = argumentsOf(call) ?? [];
    if (textOf(callee) === 'parseInt' && x && isNumber(model, x) && (!radix || numberOf(radix) === 10)) return siteOf(context, [replace(call, `Math.trunc(${textOf(x)})`)], `truncate a number without going through text (${atLine(call)})`);
    if (textOf(callee) === 'Number' && x && !radix && isNumber(model, x) && x.type !== 'spread_element') return siteOf(context, [replace(call, `(${textOf(x)})`)], `leave out a conversion of a number to a number (${atLine(call)})`);
  }
  return null;
}

export const numericForms = defineRewrite({
  id: 'numeric-forms',
  title: 'powers and truncations in cheaper forms',
  assumes: 'numbers are between 1e-6 and 1e21 in size where they were truncated through text, and no BigInts',
  find: (context, model) => nodesInPins(context, model, 'call_expression').map((c) => formSite(context, model, c)),
});

