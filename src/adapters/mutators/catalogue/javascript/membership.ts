// Membership tests in arrays (`includes`, `indexOf … -1`) → a Set, built once or kept beside a growing array.

import type { Context, Edit, Site } from '../rewrite.ts';
import { defineRewrite } from './define.ts';
import { effectsOf } from './effects.ts';
import { readingMethods } from './known.ts';
import { arrayLikely, isEmptyArray } from './kinds.ts';
import type { Model } from './model.ts';
import { outermostAnchor } from './outer.ts';
import { atLine, blockStatement, freshName, indentAt, insertAfter, insertBefore, isReturned, nodesInPins, repeatable, replace, replaceStatement, repeatsOf, siteOf } from './places.ts';
import type { Binding } from './scopes.ts';
import type { Syn } from './syn.ts';
import { bare, enclosingFunction, field, methodCall, numberOf, operatorOf, parts, sameCode, textOf, within, wrapped } from './syn.ts';

/** Arrays written out with at most this many elements are as fast as a Set. */
const smallArray = 8;

interface Test {
  /** The node to replace, e.g. the whole `xs.indexOf(x) !== -1`. */
  readonly node: Syn;
  readonly array: Syn;
  readonly item: Syn;
  readonly negated: boolean;
}

/** Reads a call as a membership test of an array. */
export function membershipTest(call: Syn): Test | null {
  const m = methodCall(call);
  const item = m?.args[0];
  if (!m || !item || m.args.length !== 1 || item.type === 'spread_element') return null;
  const array = m.object;
  if (m.name === 'includes') return { node: call, array, item, negated: false };
  if (m.name !== 'indexOf' && m.name !== 'lastIndexOf') return null;
  const at = wrapped(call);
  const p = at.parent;
  if (p?.type !== 'binary_expression' || at.field !== 'left') return null;
  const bound = numberOf(field(p, 'right'));
  const op = operatorOf(p);
  if ((bound === -1 && ['!==', '!=', '>'].includes(op)) || (bound === 0 && op === '>=')) return { node: p, array, item, negated: false };
  if ((bound === -1 && ['===', '=='].includes(op)) || (bound === 0 && op === '<')) return { node: p, array, item, negated: true };
  return null;
}

function testable(model: Model, t: Test): boolean {
  const likely = arrayLikely(model, t.array);
  if (likely === 'no' || bare(t.array).type === 'this') return false;
  const literal = bare(t.item).type;
  if (likely === 'maybe' && (literal === 'string' || literal === 'template_string' || literal === 'regex')) return false;
  const value = literalArray(model, t.array);
  return value === null || parts(value).length > smallArray;
}

/** The array literal that never grows, if that is what the expression is. */
function literalArray(model: Model, array: Syn): Syn | null {
  const e = bare(array);
  if (e.type === 'array') return e;
  if (e.type !== 'identifier') return null;
  const b = model.scopes.bindingOf(e);
  const value = b?.declarator ? field(b.declarator, 'value') : null;
  if (!b || value?.type !== 'array' || b.writes.length > 0 || parts(value).some((p) => p.type === 'spread_element')) return null;
  return b.refs.some((r) => methodCall(r.parent?.parent)?.name === 'push') ? null : value;
}

const has = (t: Test, set: string): Edit => replace(t.node, `${t.negated ? '!' : ''}${set}.has(${textOf(t.item)})`);

export function baseName(e: Syn): string {
  const b = bare(e);
  if (b.type === 'identifier') return textOf(b);
  const property = b.type === 'member_expression' ? field(b, 'property') : null;
  if (property) return textOf(property).replace(/^#/, '');
  const m = methodCall(b);
  return m ? baseName(m.object) : 'known';
}

/** Tests in a loop in which the array does not change: the Set is built before the loop. */
function* unchanging(context: Context, model: Model, tests: readonly Test[]): Generator<Site | null> {
  const done = new Set<Syn>();
  for (const t of tests) {
    if (done.has(t.node)) continue;
    const anchor = outermostAnchor(model, t.array, t.node);
    if (!anchor) continue;
    const group = tests.filter((o) => within(o.node, anchor) && sameCode(bare(o.array), bare(t.array)) && sameVariables(model, o.array, t.array) && repeatsOf(o.node).length > 0);
    for (const o of group) done.add(o.node);
    const inner = group.filter((o) => !group.some((x) => x !== o && within(o.node, x.item)));
    const set = freshName(model, `${baseName(t.array)}Set`);
    yield siteOf(context, [...insertBefore(model, anchor, [`const ${set} = new Set(${textOf(t.array)});`]), ...inner.map((o) => has(o, set))], `turn \`${textOf(t.array).slice(0, 40)}\` into a Set for membership tests (${atLine(t.node)})`);
  }
}

function sameVariables(model: Model, a: Syn, b: Syn): boolean {
  const x = bare(a);
  const y = bare(b);
  if (x.type === 'identifier') return model.scopes.bindingOf(x) === model.scopes.bindingOf(y);
  const p = field(x, 'object');
  const q = field(y, 'object');
  return p && q ? sameVariables(model, p, q) : true;
}

interface Upkeep { readonly pushes: readonly Syn[]; readonly resets: readonly Syn[] }

/** The places where an array grows, if it only ever grows by `push` or starts anew with `[]`; null if anything else may change it. */
export function upkeep(model: Model, b: Binding): Upkeep | null {
  const pushes: Syn[] = [];
  const resets: Syn[] = [];
  for (const r of b.refs) {
    const p = r.parent;
    if (!p) return null;
    if (b.writes.includes(r)) {
      if (p.type !== 'assignment_expression' || p.parent?.type !== 'expression_statement' || !isEmptyArray(field(p, 'right')) || blockStatement(p) !== p.parent) return null;
      resets.push(p.parent);
      continue;
    }
    if (p.type === 'member_expression' && r.field === 'object') {
      const m = methodCall(p.parent);
      if (m?.object !== r) {
        if (p.parent?.type === 'assignment_expression' && p.field === 'left') return null;
        if (p.parent?.type === 'update_expression') return null;
        continue;
      }
      if (m.name === 'push' && m.args.every((a) => a.type !== 'spread_element')) pushes.push(m.call);
      else if (!readingMethods.has(m.name) || m.name === 'entries') return null;
      continue;
    }
    if (p.type === 'subscript_expression' && r.field === 'object') {
      const target = wrapped(p);
      if ((target.parent?.type.endsWith('assignment_expression') && target.field === 'left') || target.parent?.type === 'update_expression' || target.parent?.type === 'unary_expression') return null;
      continue;
    }
    if (p.type === 'spread_element' || (p.type === 'for_in_statement' && r.field === 'right')) continue;
    if (p.type === 'arguments' && p.parent && p.parent.type === 'call_expression' && !effectsOf(model, p.parent).mutated.has(b)) continue;
    if (p.type === 'arguments' && p.parent?.type === 'new_expression' && ['Set', 'Map'].includes(textOf(field(p.parent, 'constructor') ?? p))) continue;
    if (isReturned(r)) continue;
    return null;
  }
  return { pushes, resets };
}

/** The edit that also adds what a push adds. */
function addBeside(model: Model, push: Syn, set: string): Edit[] | null {
  const args = methodCall(push)?.args ?? [];
  if (args.length === 0) return [];
  const statement = push.parent?.type === 'expression_statement' ? push.parent : null;
  if (args.every(repeatable)) {
    const adds = args.map((a) => `${set}.add(${textOf(a)})`);
    if (!statement) return [replace(push, `(${adds.join(', ')}, ${textOf(push)})`)];
    if (blockStatement(statement) === statement) return insertAfter(model, statement, adds.map((a) => `${a};`));
    return [replaceStatement(model, statement, [textOf(push), ...adds].map((l) => `${l};`))];
  }
  const [only] = args;
  if (!only || args.length !== 1 || !statement || blockStatement(statement) !== statement) return null;
  const item = freshName(model, 'item');
  const indent = indentAt(model.text, statement.start);
  return [
    { start: statement.start, end: statement.start, text: `const ${item} = ${textOf(only)};\n${indent}` },
    replace(only, item),
    ...insertAfter(model, statement, [`${set}.add(${item});`]),
  ];
}

/** Tests of a variable that only grows: a Set beside it. */
function* growing(context: Context, model: Model, tests: readonly Test[]): Generator<Site | null> {
  const groups = new Map<Binding, Test[]>();
  for (const t of tests) {
    const e = bare(t.array);
    const b = e.type === 'identifier' ? model.scopes.bindingOf(e) : undefined;
    if (b) groups.set(b, [...(groups.get(b) ?? []), t]);
  }
  for (const [b, group] of groups) {
    const [first] = group;
    if (!first) continue;
    const hot = group.some((t) => repeatsOf(t.node).some((l) => !within(b.decl, l)) || enclosingFunction(t.node) !== enclosingFunction(b.decl));
    if (!hot) continue;
    const care = upkeep(model, b);
    if (!care) continue;
    if (care.pushes.length === 0 && group.every((t) => outermostAnchor(model, t.array, t.node))) continue; // the other form does that
    const set = freshName(model, `${b.name}Set`);
    const adds = care.pushes.map((p) => addBeside(model, p, set));
    if (adds.some((a) => a === null)) continue;
    let declaration: Edit[];
    if (b.declarator) {
      const value = field(b.declarator, 'value');
      const statement = b.declarator.parent;
      if (!value || arrayLikely(model, value) !== 'yes' || !statement || blockStatement(statement) !== statement) continue;
      declaration = insertAfter(model, statement, [`const ${set} = new Set(${isEmptyArray(value) ? '' : b.name});`]);
    } else if (b.kind === 'param' && enclosingFunction(first.node) !== b.scope) {
      const body = field(b.scope, 'body');
      const start = body?.type === 'statement_block' ? parts(body)[0] : undefined;
      if (!start || /^['"]/.test(textOf(start))) continue;
      declaration = insertBefore(model, start, [`const ${set} = new Set(${b.name});`]);
    } else continue;
    yield siteOf(context, [...declaration, ...adds.flatMap((a) => a ?? []), ...care.resets.flatMap((r) => insertAfter(model, r, [`${set}.clear();`])), ...group.map((t) => has(t, set))], `keep a Set beside the array \`${b.name}\` for membership tests (${atLine(first.node)})`);
  }
}

export const membershipToSet = defineRewrite({
  id: 'membership-to-set',
  title: 'membership tests in an array through a Set',
  assumes: 'what is tested is an array, not a string; indexOf is not asked for NaN; no other name of the array, and no code outside this file, changes it meanwhile',
  find(context, model) {
    const tests = nodesInPins(context, model, 'call_expression').map(membershipTest).filter((t) => t !== null).filter((t) => testable(model, t));
    return [...unchanging(context, model, tests), ...growing(context, model, tests)];
  },
});
