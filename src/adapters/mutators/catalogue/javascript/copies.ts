// Needless copies: `JSON.parse(JSON.stringify(x))` → a plain copy; `[...xs]` that is only read → xs itself.

import type { Context, Site } from '../rewrite.ts';
import { defineRewrite } from './define.ts';
import { accessorMethods, iteratingMethods } from './known.ts';
import { annotationOf, arrayLikely, elementKind } from './kinds.ts';
import type { Model } from './model.ts';
import { effectsOf } from './effects.ts';
import { isPure } from './model.ts';
import { anchorOf, atLine, blockStatement, freshName, indentUnit, insertBefore, nodesInPins, repeatsOf, replace, siteOf } from './places.ts';
import type { Syn } from './syn.ts';
import { bare, enclosingFunction, field, isFunction, methodCall, parts, textOf, wrapped } from './syn.ts';

/** The argument of `JSON.parse(JSON.stringify(x))`. */
function jsonCopied(call: Syn): Syn | null {
  const outer = methodCall(call);
  const inner = outer?.name === 'parse' && textOf(outer.object) === 'JSON' && outer.args.length === 1 ? methodCall(outer.args[0]) : null;
  const [arg] = inner?.args ?? [];
  return inner?.name === 'stringify' && textOf(inner.object) === 'JSON' && inner.args.length === 1 && arg && arg.type !== 'spread_element' ? arg : null;
}

function jsonSite(context: Context, model: Model, call: Syn): Site | null {
  const x = jsonCopied(call);
  if (!x) return null;
  const annotated = bare(x).type === 'identifier' ? model.scopes.bindingOf(bare(x)) : undefined;
  const type = annotated ? textOf(annotationOf(annotated) ?? x) : '';
  const summary = `copy \`${textOf(x).slice(0, 30)}\` without going through JSON (${atLine(call)})`;
  if (/^:\s*(readonly )?(number|string|boolean)\[\]\[\]$/.test(type)) return siteOf(context, [replace(call, `${textOf(x)}.map((row) => row.slice())`)], summary);
  if (['number', 'string', 'boolean'].includes(elementKind(model, x)) && arrayLikely(model, x) === 'yes') return siteOf(context, [replace(call, `${textOf(x)}.slice()`)], summary);
  const fn = enclosingFunction(call);
  const body = fn && field(fn, 'body');
  const start = body?.type === 'statement_block' ? parts(body)[0] : undefined;
  const outer = repeatsOf(call).pop();
  const anchor = (outer && anchorOf(outer)) ?? (start && !/^['"]/.test(textOf(start)) ? start : blockStatement(call)) ?? anchorOf(call);
  if (!anchor) return null;
  const name = freshName(model, 'copyData');
  const unit = indentUnit(model.text);
  const ts = context.language !== 'javascript' ? ': any' : '';
  const lines = [
    `const ${name} = (value${ts})${ts} => {`,
    `${unit}if (value === null || typeof value !== 'object') return value;`,
    `${unit}if (typeof value.toJSON === 'function') return ${name}(value.toJSON());`,
    `${unit}if (Array.isArray(value)) return value.map((item) => (item === undefined ? null : ${name}(item)));`,
    `${unit}const copy${ts} = {};`,
    `${unit}for (const key of Object.keys(value)) if (value[key] !== undefined) copy[key] = ${name}(value[key]);`,
    `${unit}return copy;`,
    '};',
  ];
  const all = anchor === start || outer ? nodesInPins(context, model, 'call_expression').filter((c) => jsonCopied(c) && c.start >= anchor.start && c.end <= (outer ? anchor.end : (body?.end ?? anchor.end))) : [call];
  const inner = all.filter((c) => !all.some((o) => o !== c && c.start >= o.start && c.end <= o.end));
  return siteOf(context, [...insertBefore(model, anchor, lines), ...inner.map((c) => replace(c, `${name}(${textOf(jsonCopied(c) ?? c)})`))], summary);
}

/** The original of `[...xs]`, `xs.slice()`, `Array.from(xs)`, `xs.concat()`, `s.split('')`. */
function original(e: Syn): Syn | null {
  if (e.type === 'array') {
    const [only, ...more] = parts(e);
    return only?.type === 'spread_element' && more.length === 0 ? (parts(only)[0] ?? null) : null;
  }
  const m = methodCall(e);
  if (m?.name === 'slice' && m.args.length === 0) return m.object;
  return m?.name === 'from' && m.args.length === 1 && textOf(m.object) === 'Array' && m.args[0]?.type !== 'spread_element' ? (m.args[0] ?? null) : null;
}

function needlessSite(context: Context, model: Model, e: Syn): Site | null {
  const source = original(e);
  if (!source || !isPure(model, source)) return null;
  const at = wrapped(e);
  const p = at.parent;
  const summary = `read \`${textOf(source).slice(0, 30)}\` itself instead of a copy (${atLine(e)})`;
  if (p?.type === 'for_in_statement' && at.field === 'right') {
    // Looping over the original is the same only if the loop leaves it alone.
    const body = field(p, 'body');
    if (p.children.some((c) => c.field === 'operator' && textOf(c) === 'in') || !body) return null;
    const fx = effectsOf(model, body);
    if (fx.unknownCalls || fx.mutatesUnknown || fx.mutated.size > 0 && !['identifier'].includes(bare(source).type)) return null;
    const b = bare(source).type === 'identifier' ? model.scopes.bindingOf(bare(source)) : undefined;
    if (!b || fx.mutated.has(b) || fx.assigned.has(b) || fx.impure) return null;
    return siteOf(context, [replace(at, textOf(source))], summary);
  }
  if (arrayLikely(model, source) !== 'yes' || p?.type !== 'member_expression' || at.field !== 'object') return null;
  const m = methodCall(p.parent);
  if (m?.object !== at) return textOf(field(p, 'property') ?? p) === 'length' ? siteOf(context, [replace(at, textOf(source))], summary) : null;
  const reads = ['map', 'filter', 'reduce', 'some', 'every', 'find', 'findIndex', 'join', 'includes', 'indexOf', 'slice', 'concat', 'flatMap', 'forEach'].includes(m.name);
  if (!reads || (iteratingMethods.has(m.name) && !m.args.every((a) => isPure(model, a))) || (!iteratingMethods.has(m.name) && !accessorMethods.has(m.name) && !['join', 'includes', 'indexOf'].includes(m.name))) return null;
  if (m.args.some((a) => !isFunction(a) && !isPure(model, a))) return null;
  return siteOf(context, [replace(at, textOf(source))], summary);
}

export const jsonCopyToCopy = defineRewrite({
  id: 'json-copy-to-copy',
  title: 'a copy through JSON text, made directly',
  assumes: 'the data is plain and without cycles: no functions, symbols, NaN, infinities, Maps or class instances',
  find: (context, model) => nodesInPins(context, model, 'call_expression').map((c) => jsonSite(context, model, c)),
});

export const dropNeedlessCopy = defineRewrite({
  id: 'drop-needless-copy',
  title: 'a copy of a list that is only read, left out',
  assumes: 'the copied value is an array, or an iterable that a loop may run over',
  find: (context, model) => nodesInPins(context, model, 'array', 'call_expression').map((e) => needlessSite(context, model, e)),
});
