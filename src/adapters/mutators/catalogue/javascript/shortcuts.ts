// Asking for less: `filter(p).length > 0` → some, `filter(p)[0]` → find, `sort(c)[0]` → one scan, flags set in loops → break.

import type { Context, Edit, Site } from '../rewrite.ts';
import { defineRewrite } from './define.ts';
import { effectsOf } from './effects.ts';
import { isFresh } from './facts.ts';
import type { Model } from './model.ts';
import { isPure, references } from './model.ts';
import { atLine, blockStatement, freshName, insertAfter, nodesInPins, repeatable, repeatsOf, replace, replaceStatement, siteOf } from './places.ts';
import type { Binding } from './scopes.ts';
import type { MethodCall, Syn } from './syn.ts';
import { ancestor, bare, descendants, enclosingFunction, field, isFunction, isLoop, methodCall, numberOf, operatorOf, parts, sameCode, textOf, within, wrapped } from './syn.ts';

/** `x.length` around an expression: the member expression. */
function lengthAround(e: Syn): Syn | null {
  const at = wrapped(e);
  const p = at.parent;
  return p?.type === 'member_expression' && at.field === 'object' && textOf(field(p, 'property') ?? p) === 'length' ? p : null;
}

/** Reads a comparison of a length as a question whether there is any: true for any, false for none. */
function asksForAny(length: Syn): { readonly node: Syn; readonly any: boolean } | null {
  const p = length.parent;
  if (p?.type === 'binary_expression' && length.field === 'left') {
    const n = numberOf(field(p, 'right'));
    const op = operatorOf(p);
    if (n === 0 && ['>', '!==', '!='].includes(op)) return { node: p, any: true };
    if (n === 0 && ['===', '=='].includes(op)) return { node: p, any: false };
    if (n === 1 && op === '>=') return { node: p, any: true };
    if (n === 1 && op === '<') return { node: p, any: false };
  }
  if (p?.type === 'unary_expression' && operatorOf(p) === '!') return { node: p, any: false };
  const at = wrapped(length);
  const q = at.parent;
  return at.field === 'condition' && q && ['if_statement', 'while_statement', 'ternary_expression'].includes(q.type) ? { node: length, any: true } : null;
}

function filterSite(context: Context, model: Model, call: Syn): Site | null {
  const m = methodCall(call);
  const [fn] = m?.args ?? [];
  if (m?.name !== 'filter' || m.args.length !== 1 || !fn || !isFunction(fn) || !isPure(model, fn)) return null;
  const some = (any: boolean): string => `${any ? '' : '!'}${textOf(m.object)}.some(${textOf(fn)})`;
  const length = lengthAround(call);
  const asked = length && asksForAny(length);
  if (asked) return siteOf(context, [replace(asked.node, some(asked.any))], `stop at the first match instead of filtering all (${atLine(call)})`);
  const at = wrapped(call);
  const p = at.parent;
  const first = (p?.type === 'subscript_expression' && at.field === 'object' && numberOf(field(p, 'index')) === 0 && !(p.parent?.type.endsWith('assignment_expression') && p.field === 'left') ? p : null)
    ?? (p?.type === 'member_expression' && methodCall(p.parent)?.name === 'shift' ? p.parent : null)
    ?? (p?.type === 'member_expression' && methodCall(p.parent)?.name === 'at' && numberOf(methodCall(p.parent)?.args[0] ?? null) === 0 ? p.parent : null);
  return first ? siteOf(context, [replace(first, `${textOf(m.object)}.find(${textOf(fn)})`)], `find the first match instead of filtering all (${atLine(call)})`) : null;
}

/** `xs.map(f).includes(v)` → `xs.some((e) => f(e) === v)`, for inline f. */
function mapIncludesSite(context: Context, model: Model, call: Syn): Site | null {
  const m = methodCall(call);
  const inner = m?.name === 'includes' && m.args.length === 1 ? methodCall(m.object) : null;
  const [fn] = inner?.args ?? [];
  const probe = m?.args[0];
  if (!m || inner?.name !== 'map' || inner.args.length !== 1 || fn?.type !== 'arrow_function' || !probe || !repeatable(probe) || !isPure(model, fn)) return null;
  const body = field(fn, 'body');
  if (!body || body.type === 'statement_block' || body.type === 'object') return null;
  const own = new Set(references(model, fn).flatMap((r) => (r.binding && within(r.binding.decl, fn) ? [r.binding.name] : [])));
  if (references(model, probe).some((r) => own.has(textOf(r.id)))) return null;
  const loose = ['ternary_expression', 'binary_expression', 'arrow_function', 'assignment_expression', 'sequence_expression'];
  const text = loose.includes(body.type) ? `(${textOf(body)})` : textOf(body);
  return siteOf(context, [replace(body, `${text} === ${textOf(probe)}`), replace(field(field(inner.call, 'function') ?? call, 'property') ?? call, 'some'), { start: m.object.end, end: call.end, text: '' }], `ask with some instead of mapping all (${atLine(call)})`);
}

export const askForLess = defineRewrite({
  id: 'ask-for-less',
  title: 'all matches computed where the first one is enough',
  assumes: 'what is filtered is an array; what is looked for is not NaN',
  find: (context, model) => nodesInPins(context, model, 'call_expression').flatMap((c) => [filterSite(context, model, c), mapIncludesSite(context, model, c)]),
});

/** The list that is sorted only for one end, if it is a copy or otherwise new. */
function extreme(call: Syn): { readonly node: Syn; readonly end: 'first' | 'last' } | null {
  const at = wrapped(call);
  const p = at.parent;
  if (p?.type === 'subscript_expression' && at.field === 'object' && numberOf(field(p, 'index')) === 0) return { node: p, end: 'first' };
  const m = p?.type === 'member_expression' && at.field === 'object' ? methodCall(p.parent) : null;
  if (m?.object !== at) return null;
  if (m.name === 'shift' && m.args.length === 0) return { node: m.call, end: 'first' };
  if (m.name === 'pop' && m.args.length === 0) return { node: m.call, end: 'last' };
  if (m.name === 'at' && numberOf(m.args[0] ?? null) === 0) return { node: m.call, end: 'first' };
  return m.name === 'at' && numberOf(m.args[0] ?? null) === -1 ? { node: m.call, end: 'last' } : null;
}

/** The source of a plain copy: `[...xs]`, `xs.slice()`, `Array.from(xs)`; else the expression itself. */
function uncopied(m: MethodCall): Syn {
  const object = bare(m.object);
  const [only, ...more] = object.type === 'array' ? parts(object) : [];
  if (only?.type === 'spread_element' && more.length === 0) {
    const inner = parts(only)[0];
    // Spread also takes iterables that are no arrays; those keep their copy.
    return inner && ['identifier', 'member_expression'].includes(inner.type) ? inner : object;
  }
  const c = methodCall(object);
  return c?.name === 'slice' && c.args.length === 0 ? c.object : object;
}

function sortSite(context: Context, model: Model, call: Syn): Site | null {
  const m = methodCall(call);
  const [compare] = m?.args ?? [];
  if (!m || (m.name !== 'sort' && m.name !== 'toSorted') || !compare || (!isFunction(compare) && compare.type !== 'identifier') || !isPure(model, compare)) return null;
  const end = extreme(call);
  if (!end || (m.name === 'sort' && !isFresh(m.object)) || end.node.parent?.type.endsWith('assignment_expression') && end.node.field === 'left') return null;
  const source = m.name === 'toSorted' ? m.object : uncopied(m);
  if (bare(source).type === 'identifier' && model.scopes.bindingOf(bare(source)) && ['set', 'map'].includes(model.kinds.get(model.scopes.bindingOf(bare(source)) as Binding) ?? '')) return null;
  const [best, item, order] = ['best', 'item', 'order'].map((n) => freshName(model, n)) as [string, string, string];
  const ts = context.language !== 'javascript';
  // A stable sort keeps equals in order: the first of the least, the last of the greatest.
  const test = end.end === 'first' ? `${order}(${item}, ${best}) < 0` : `${order}(${best}, ${item}) <= 0`;
  const list = freshName(model, 'list');
  const any = ts ? ': any' : '';
  const text = `((${list}${ts ? ': any[]' : ''}, ${order}${ts ? ': (a: any, b: any) => number' : ''}) => ${list}.reduce((${best}${any}, ${item}${any}) => (${test} ? ${item} : ${best}), ${list}[0]))(${textOf(source)}, ${textOf(compare)})`;
  return siteOf(context, [replace(end.node, text)], `take the ${end.end} by one scan instead of sorting (${atLine(call)})`);
}

export const sortToScan = defineRewrite({
  id: 'sort-to-scan',
  title: 'a sort of which only one end is used, as one scan',
  assumes: 'what is copied is an array; the comparison is a consistent order (never NaN); no element is undefined',
  find: (context, model) => nodesInPins(context, model, 'call_expression').map((c) => sortSite(context, model, c)),
});

/** `flag = true;` inside a loop that does nothing else: break right after. */
function flagSite(context: Context, model: Model, assignment: Syn): Site | null {
  const left = field(assignment, 'left');
  const right = field(assignment, 'right');
  const statement = assignment.parent;
  const flag = left?.type === 'identifier' ? model.scopes.bindingOf(left) : undefined;
  if (!flag || !right || statement?.type !== 'expression_statement' || !['true', 'false', 'number', 'string', 'null'].includes(right.type)) return null;
  const loops = repeatsOf(assignment);
  let target: Syn | null = null;
  for (const l of loops) {
    if (!isLoop(l) || within(flag.decl, l) || !onlySets(model, l, flag, right)) break;
    target = l;
  }
  const inner = loops[0];
  if (!target || !inner || ancestor(assignment, (n) => n.type === 'switch_statement' || n.type === 'try_statement' || n === target) !== target) return null;
  const next = statement.parent?.type === 'statement_block' ? parts(statement.parent)[parts(statement.parent).indexOf(statement) + 1] : undefined;
  if (next && ['break_statement', 'return_statement', 'continue_statement'].includes(next.type)) return null;
  const edits: Edit[] = [];
  let label = '';
  if (target !== inner) {
    if (target.parent?.type === 'labeled_statement') label = ` ${textOf(field(target.parent, 'label') ?? target)}`;
    else {
      if (blockStatement(target) !== target) return null;
      const name = new RegExp('\\bsearch:').test(model.text) ? freshName(model, 'scan') : 'search';
      label = ` ${name}`;
      edits.push({ start: target.start, end: target.start, text: `${name}: ` });
    }
  }
  if (statement.parent?.type === 'statement_block') edits.push(...insertAfter(model, statement, [`break${label};`]));
  else edits.push(replaceStatement(model, statement, [textOf(statement), `break${label};`]));
  return siteOf(context, edits, `stop once \`${flag.name}\` is ${textOf(right)} (${atLine(assignment)})`);
}

/** Whether a loop does nothing that outlasts it but set the flag to this value. */
function onlySets(model: Model, loop: Syn, flag: Binding, value: Syn): boolean {
  const fx = effectsOf(model, loop);
  if (fx.impure || fx.throws || fx.unknownCalls || fx.mutatesUnknown || [...fx.mutated].some((b) => !within(b.decl, loop))) return false;
  if ([...fx.assigned].some((b) => b !== flag && !within(b.decl, loop))) return false;
  if (descendants(loop, 'return_statement', 'throw_statement').some((n) => enclosingFunction(n) === enclosingFunction(loop))) return false;
  for (const b of fx.mutated) if (b.decl.parent?.type !== 'variable_declarator') return false;
  // Reading the flag in the loop would make passes differ.
  return flag.refs.filter((r) => within(r, loop)).every((r) => {
    const v = r.parent?.type === 'assignment_expression' && r.field === 'left' ? field(r.parent, 'right') : null;
    return v !== null && sameCode(v, value);
  });
}

export const exitEarly = defineRewrite({
  id: 'exit-early',
  title: 'a loop that only sets a flag, left as soon as it is set',
  assumes: 'later passes would not have thrown; the loop ends',
  find: (context, model) => nodesInPins(context, model, 'assignment_expression').map((a) => flagSite(context, model, a)),
});
