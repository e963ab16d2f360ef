// Invariant expressions out of loops: costly calls and constructions that yield the same in each pass.

import type { Context, Site } from '../rewrite.ts';
import { defineRewrite } from './define.ts';
import { calledFunction } from './facts.ts';
import { intlConstructors, readingMethods } from './known.ts';
import { kindOf } from './kinds.ts';
import type { Model } from './model.ts';
import { references } from './model.ts';
import { outermostAnchor } from './outer.ts';
import { atLine, freshName, insertBefore, nodesInPins, repeatsOf, replace, siteOf } from './places.ts';
import type { Syn } from './syn.ts';
import { argumentsOf, bare, field, methodCall, operatorOf, parts, sameCode, textOf, within, wrapped } from './syn.ts';

/** Methods that cost no more than the read of a variable, or nearly. */
const cheap = new Set(['get', 'has', 'at', 'charAt', 'charCodeAt', 'codePointAt', 'isArray', 'isInteger', 'isFinite', 'isNaN', 'isSafeInteger', 'is', 'valueOf', 'getTime', 'hasOwn', 'hasOwnProperty', 'concat', 'exec', 'test', 'push']);

function isCostly(model: Model, e: Syn): boolean {
  if (e.type === 'new_expression') {
    const constructor = field(e, 'constructor');
    const name = constructor ? textOf(constructor) : '';
    if (name.startsWith('Intl.')) return intlConstructors.has(name.slice(5));
    if (name === 'Set' || name === 'Map') return (argumentsOf(e)?.length ?? 0) > 0;
    return name === 'RegExp' || name === 'Date';
  }
  if (e.type === 'array') return parts(e).some((p) => p.type === 'spread_element');
  const m = methodCall(e);
  if (m) return textOf(m.object) !== 'Math' ? !cheap.has(m.name) : m.args.some((a) => a.type === 'spread_element');
  const callee = field(e, 'function');
  return e.type === 'call_expression' && callee !== null && calledFunction(model, callee) !== null;
}

/** Whether a value at this place is only read: it may then be the same object in each pass. */
export function isOnlyRead(model: Model, expr: Syn, depth = 0): boolean {
  const at = wrapped(expr);
  const p = at.parent;
  if (!p || depth > 3) return false;
  switch (p.type) {
    case 'member_expression': {
      if (at.field !== 'object') return false;
      const m = methodCall(p.parent);
      if (m?.object === at) return readingMethods.has(m.name) && m.name !== 'entries' && m.name !== 'values' && m.name !== 'get' ? true : m.name === 'test' || m.name === 'exec' || m.name === 'has' || m.name === 'get';
      return isReadPlace(wrapped(p));
    }
    case 'subscript_expression':
      return at.field === 'index' || isReadPlace(wrapped(p));
    case 'for_in_statement':
      return at.field === 'right';
    case 'spread_element':
    case 'binary_expression':
    case 'template_substitution':
    case 'unary_expression':
      return operatorOf(p) !== '??' && operatorOf(p) !== '||' && operatorOf(p) !== '&&';
    case 'arguments': {
      const m = methodCall(p.parent);
      if (m) return ['replace', 'replaceAll', 'match', 'matchAll', 'search', 'split', 'test', 'exec'].includes(m.name) || ['Math', 'Array', 'Object', 'JSON'].includes(textOf(m.object)) && m.name !== 'assign';
      return p.parent?.type === 'new_expression' && ['Set', 'Map'].includes(textOf(field(p.parent, 'constructor') ?? p));
    }
    case 'variable_declarator': {
      const name = field(p, 'name');
      const b = name?.type === 'identifier' ? model.scopes.bindingOf(name) : undefined;
      if (name && !b) return ['array_pattern', 'object_pattern'].includes(name.type) && parts(name).every((x) => x.type !== 'rest_pattern');
      return b !== undefined && b.writes.length === 0 && b.refs.every((r) => isOnlyRead(model, r, depth + 1));
    }
    default:
      return p.type === 'parenthesized_expression' || (p.type === 'if_statement' && at.field === 'condition');
  }
}

const isReadPlace = (n: Syn): boolean => !(n.parent?.type.endsWith('assignment_expression') && n.field === 'left') && n.parent?.type !== 'update_expression' && !(n.parent?.type === 'unary_expression' && operatorOf(n.parent) === 'delete');

/** A regex that keeps a position (flags g, y) may be shared only where it is given to methods that start anew. */
function regexShareable(e: Syn): boolean {
  if (e.type !== 'new_expression' || textOf(field(e, 'constructor') ?? e) !== 'RegExp') return true;
  const flags = argumentsOf(e)?.[1];
  if (!flags) return bare(argumentsOf(e)?.[0] ?? e).type !== 'regex' && kindOf2(argumentsOf(e)?.[0]);
  if (flags.type === 'string' && !/[gy]/.test(textOf(flags))) return true;
  const at = wrapped(e);
  const m = at.parent?.type === 'arguments' ? methodCall(at.parent.parent) : null;
  return m !== null && ['replace', 'replaceAll', 'match', 'matchAll', 'split', 'search'].includes(m.name) && flags.type === 'string' && !textOf(flags).includes('y');
}

/** A pattern given as text has no flags of its own. */
const kindOf2 = (e: Syn | undefined): boolean => e !== undefined && (['string', 'template_string', 'binary_expression'].includes(bare(e).type) || bare(e).type === 'identifier' || bare(e).type === 'call_expression' || bare(e).type === 'member_expression');

function nameFor(e: Syn): string {
  const p = wrapped(e).parent;
  if (p?.type === 'variable_declarator') {
    const name = field(p, 'name');
    if (name?.type === 'identifier') return `${textOf(name)}Once`;
  }
  const m = methodCall(e);
  const up = (s: string): string => s.charAt(0).toUpperCase() + s.slice(1);
  if (m) {
    const [arg] = m.args;
    if (/^[A-Z]/.test(textOf(m.object))) return arg?.type === 'identifier' ? `${textOf(arg)}${up(m.name)}` : `${m.name}Once`;
    const object = bare(m.object);
    const last = object.type === 'member_expression' ? field(object, 'property') : object;
    return last && (last.type === 'identifier' || last.type === 'property_identifier') ? `${textOf(last)}${up(m.name)}` : `${m.name}Once`;
  }
  const callee = field(e, 'constructor') ?? field(e, 'function');
  const word = callee ? textOf(callee).split('.').pop() ?? '' : 'list';
  return `${word.charAt(0).toLowerCase()}${word.slice(1)}Once`;
}

function sites(context: Context, model: Model): (Site | null)[] {
  const out: (Site | null)[] = [];
  const done: Syn[] = [];
  const nodes = nodesInPins(context, model, 'call_expression', 'new_expression', 'array');
  for (const e of nodes) {
    if (done.some((d) => within(e, d)) || repeatsOf(e).length === 0 || !isCostly(model, e) || !regexShareable(e)) continue;
    if (e.parent?.type === 'expression_statement' || e.parent?.type === 'array_pattern' || (e.type === 'array' && e.field === 'left')) continue;
    // A link of a method chain is moved with the whole chain, or the chain as far as it is invariant.
    const kind = kindOf(model, e);
    if (kind !== 'number' && kind !== 'string' && kind !== 'boolean' && !isOnlyRead(model, e)) continue;
    const anchor = outermostAnchor(model, e, e);
    if (!anchor || within(anchor, e)) continue;
    const twins = nodes.filter((o) => o !== e && within(o, anchor) && sameCode(o, e) && sameMeaning(model, o, e) && (['number', 'string', 'boolean'].includes(kind) || isOnlyRead(model, o)) && regexShareable(o));
    const name = freshName(model, nameFor(e));
    done.push(e, ...twins);
    out.push(siteOf(context, [...insertBefore(model, anchor, [`const ${name} = ${textOf(e)};`]), ...[e, ...twins].map((t) => replace(t, name))], `compute \`${textOf(e).replace(/\s+/g, ' ').slice(0, 50)}\` once, before the loop (${atLine(e)})`));
  }
  return out;
}

function sameMeaning(model: Model, a: Syn, b: Syn): boolean {
  const x = references(model, a).filter((r) => !r.binding || !within(r.binding.decl, a));
  const y = references(model, b).filter((r) => !r.binding || !within(r.binding.decl, b));
  return x.length === y.length && x.every((r, i) => r.binding === y[i]?.binding);
}

export const hoistInvariant = defineRewrite({
  id: 'hoist-invariant',
  title: 'what does not change in a loop, computed once before it',
  assumes: 'the expression throws nothing where the loop would not have reached it; property reads have no side effects; no other name of the data, and no code outside this file, changes it meanwhile',
  find: sites,
});
