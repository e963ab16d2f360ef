// A queue that is sorted before each removal → a binary heap; a list that is sorted after each insertion → insertion by binary search.

import type { Context, Edit, Site } from '../rewrite.ts';
import { defineRewrite } from './define.ts';
import { isEmptyArray } from './kinds.ts';
import type { Model } from './model.ts';
import { changesIn, isPure, references } from './model.ts';
import { effectsOf } from './effects.ts';
import { anchorOf, atLine, blockStatement, freshName, indentAt, indentUnit, insertAfter, insertBefore, isReturned, nodesInPins, removal, repeatsOf, replace, siblings, siteOf } from './places.ts';
import type { Binding } from './scopes.ts';
import type { MethodCall, Syn } from './syn.ts';
import { bare, descendants, field, isFunction, methodCall, parts, textOf, within } from './syn.ts';

/** `xs.sort(compare);` as a statement in a loop around which `xs` is declared. */
interface SortInLoop { readonly list: Binding; readonly call: MethodCall; readonly statement: Syn; readonly compare: Syn; readonly loop: Syn }

function sortInLoop(model: Model, call: Syn): SortInLoop | null {
  const m = methodCall(call);
  const compare = m?.args[0];
  const statement = call.parent;
  if (m?.name !== 'sort' || !compare || m.object.type !== 'identifier' || statement?.type !== 'expression_statement' || blockStatement(statement) !== statement) return null;
  const list = model.scopes.bindingOf(m.object);
  const loop = list && repeatsOf(call).filter((l) => !within(list.decl, l)).pop();
  if (!list || !loop || list.writes.length > 0) return null;
  if (!isFunction(compare) && compare.type !== 'identifier') return null;
  return isPure(model, compare) && orderIsFixed(model, compare, loop) ? { list, call: m, statement, compare, loop } : null;
}

/** Whether the order of two elements stays the same while the loop runs. */
function orderIsFixed(model: Model, compare: Syn, loop: Syn): boolean {
  const fx = effectsOf(model, loop);
  for (const { binding } of references(model, compare)) if (binding && !within(binding.decl, compare) && (within(binding.decl, loop) || changesIn(model, binding, loop))) return false;
  return descendants(compare, 'property_identifier').every((p) => !fx.properties.has(textOf(p)));
}

/** The uses of a list by method; null if it is used in any way but calls of methods and `.length`. */
function usesByMethod(list: Binding): ReadonlyMap<string, MethodCall[]> | null {
  const out = new Map<string, MethodCall[]>();
  for (const r of list.refs) {
    const member = r.parent?.type === 'member_expression' && r.field === 'object' ? r.parent : null;
    if (!member) return null;
    const m = methodCall(member.parent);
    if (m?.object === r) out.set(m.name, [...(out.get(m.name) ?? []), m]);
    else if (textOf(field(member, 'property') ?? r) !== 'length' || (member.parent?.type.endsWith('assignment_expression') && member.field === 'left') || member.parent?.type === 'update_expression') return null;
  }
  return out;
}

function heapSite(context: Context, model: Model, call: Syn): Site | null {
  const s = sortInLoop(model, call);
  const declaration = s?.list.declarator?.parent;
  const value = s?.list.declarator ? field(s.list.declarator, 'value') : null;
  if (!s || !declaration || value?.type !== 'array' || parts(declaration).length !== 1 || blockStatement(declaration) !== declaration) return null;
  if (parts(value).some((p) => p.type === 'spread_element') || descendants(value, 'identifier').some((id) => model.scopes.bindingOf(id) === s.list)) return null;
  const uses = usesByMethod(s.list);
  if (!uses || [...uses.keys()].some((k) => !['push', 'sort', 'shift', 'pop'].includes(k)) || uses.get('sort')?.length !== 1) return null;
  const removals = [...(uses.get('shift') ?? []), ...(uses.get('pop') ?? [])];
  const [taken] = removals;
  const pushes = uses.get('push') ?? [];
  if (!taken || removals.length !== 1 || pushes.some((p) => p.args.some((a) => a.type === 'spread_element'))) return null;
  const { list: around, at } = siblings(s.statement);
  const next = around[at + 1];
  if (!next || !within(taken.call, next) || !['lexical_declaration', 'variable_declaration', 'expression_statement'].includes(next.type)) return null;
  if (pushes.some((p) => within(p.call, next))) return null;
  // Pushes hand on the array's length where their value is used.
  if (pushes.some((p) => p.call.parent?.type !== 'expression_statement' && !(p.call.parent?.type === 'arrow_function' && p.call.field === 'body'))) return null;
  for (const { binding } of references(model, s.compare)) if (binding && !within(binding.decl, s.compare) && !within(declaration, binding.scope)) return null;
  for (const { binding } of references(model, s.compare)) if (binding && !within(binding.decl, s.compare) && binding.decl.start > declaration.start && binding.kind !== 'function') return null;
  return emitHeap(context, model, s, declaration, value, taken, pushes);
}

function emitHeap(context: Context, model: Model, s: SortInLoop, declaration: Syn, value: Syn, taken: MethodCall, pushes: readonly MethodCall[]): Site | null {
  const q = s.list.name;
  const unit = indentUnit(model.text);
  const any = context.language !== 'javascript' ? ': any' : '';
  const [order, before, push, pop, compare] = [`${q}Count`, `${q}Before`, `${q}Push`, `${q}Pop`, `${q}Compare`].map((n) => freshName(model, n)) as [string, string, string, string, string];
  // Stable sorts keep equals in the order of insertion: shift takes the oldest of them, pop the newest.
  const first = taken.name === 'shift' ? 'c < 0 || (c === 0 && a.order < b.order)' : 'c > 0 || (c === 0 && a.order > b.order)';
  const lines = [
    `const ${compare} = ${textOf(s.compare)};`,
    `let ${order} = 0;`,
    `const ${before} = (a${any}, b${any}) => {`,
    `${unit}const c = ${compare}(a.item, b.item);`,
    `${unit}return ${first};`,
    '};',
    `const ${push} = (item${any}) => {`,
    `${unit}const entry = { item, order: ${order}++ };`,
    `${unit}let i = ${q}.length;`,
    `${unit}${q}.push(entry);`,
    `${unit}while (i > 0) {`,
    `${unit}${unit}const up = (i - 1) >> 1;`,
    `${unit}${unit}if (!${before}(entry, ${q}[up])) break;`,
    `${unit}${unit}${q}[i] = ${q}[up];`,
    `${unit}${unit}i = up;`,
    `${unit}}`,
    `${unit}${q}[i] = entry;`,
    '};',
    `const ${pop} = ()${any} => {`,
    `${unit}const top = ${q}[0];`,
    `${unit}const last = ${q}.pop();`,
    `${unit}const n = ${q}.length;`,
    `${unit}if (n > 0) {`,
    `${unit}${unit}let i = 0;`,
    `${unit}${unit}for (;;) {`,
    `${unit}${unit}${unit}let down = 2 * i + 1;`,
    `${unit}${unit}${unit}if (down >= n) break;`,
    `${unit}${unit}${unit}if (down + 1 < n && ${before}(${q}[down + 1], ${q}[down])) down++;`,
    `${unit}${unit}${unit}if (!${before}(${q}[down], last)) break;`,
    `${unit}${unit}${unit}${q}[i] = ${q}[down];`,
    `${unit}${unit}${unit}i = down;`,
    `${unit}${unit}}`,
    `${unit}${unit}${q}[i] = last;`,
    `${unit}}`,
    `${unit}return top === undefined ? undefined : top.item;`,
    '};',
    ...parts(value).map((e) => `${push}(${textOf(e)});`),
  ];
  const type = s.list.declarator ? field(s.list.declarator, 'type') : null;
  const edits: Edit[] = [
    replace(value, '[]'),
    ...(type ? [replace(type, ': any[]')] : any && s.list.declarator ? [{ start: s.list.decl.end, end: s.list.decl.end, text: ': any[]' }] : []),
    ...insertAfter(model, declaration, lines),
    removal(s.statement),
    replace(taken.call, `${pop}()`),
    ...pushes.flatMap((p) => replace(p.call, p.args.length === 1 ? `${push}(${textOf(p.args[0] ?? p.call)})` : p.args.map((a) => `${push}(${textOf(a)})`).join(', ') || 'undefined')),
  ];
  return siteOf(context, edits, `keep \`${q}\` as a binary heap instead of sorting it in each pass (${atLine(s.statement)})`);
}

export const sortedQueueToHeap = defineRewrite({
  id: 'sorted-queue-to-heap',
  title: 'a queue sorted before each removal, kept as a binary heap',
  assumes: 'the comparison is a consistent order (never NaN) that does not change for elements in the queue, and no element is undefined',
  find: (context, model) => nodesInPins(context, model, 'call_expression').map((c) => heapSite(context, model, c)),
});

function insertionSite(context: Context, model: Model, call: Syn): Site | null {
  const s = sortInLoop(model, call);
  if (!s) return null;
  const { list: around, at } = siblings(s.statement);
  const before = around[at - 1];
  const push = before?.type === 'expression_statement' ? methodCall(parts(before)[0]) : null;
  const [item] = push?.args ?? [];
  if (!before || push?.name !== 'push' || push.args.length !== 1 || !item || item.type === 'spread_element' || push.object.type !== 'identifier' || model.scopes.bindingOf(push.object) !== s.list) return null;
  const value = s.list.declarator ? field(s.list.declarator, 'value') : null;
  if (!value || !(isEmptyArray(value) || (value.type === 'array' && parts(value).length === 1 && parts(value)[0]?.type !== 'spread_element'))) return null;
  // Everything else must leave it sorted: reads, and removals.
  for (const r of s.list.refs) {
    const m = r.parent?.type === 'member_expression' && r.field === 'object' ? methodCall(r.parent.parent) : null;
    if (m?.object === r) {
      if (m.call === push.call || m.call === s.call.call || ['shift', 'pop'].includes(m.name)) continue;
      if (m.name === 'splice' && m.args.length <= 2) continue;
    }
    const statement = r.parent?.parent ?? r;
    if (effectsOf(model, r.parent?.type === 'arguments' ? statement : (m?.call ?? r.parent ?? r)).mutated.has(s.list)) return null;
    if (isReturned(r)) continue;
    if (!m && !['member_expression', 'subscript_expression', 'for_in_statement', 'spread_element', 'return_statement', 'arguments'].includes(r.parent?.type ?? '')) return null;
    const target = r.parent;
    if ((target?.type === 'subscript_expression' || target?.type === 'member_expression') && ((target.parent?.type.endsWith('assignment_expression') && target.field === 'left') || target.parent?.type === 'update_expression')) return null;
  }
  const anchor = anchorOf(s.loop);
  if (!anchor) return null;
  const unit = indentUnit(model.text);
  const name = s.list.name;
  const ts = context.language !== 'javascript' ? ': any' : '';
  const [compare, value2, low, high, mid] = [`${name}Compare`, 'item', 'low', 'high', 'middle'].map((n) => freshName(model, n)) as [string, string, string, string, string];
  const inline = bare(s.compare).type === 'identifier';
  const lines = [
    `const ${value2} = ${textOf(item)};`,
    `let ${low} = 0;`,
    `let ${high} = ${name}.length;`,
    `while (${low} < ${high}) {`,
    `${unit}const ${mid} = (${low} + ${high}) >>> 1;`,
    `${unit}if (${inline ? textOf(s.compare) : compare}(${name}[${mid}], ${value2}) <= 0) ${low} = ${mid} + 1;`,
    `${unit}else ${high} = ${mid};`,
    '}',
    `${name}.splice(${low}, 0, ${value2});`,
  ];
  const header = ts && !inline ? `const ${compare}: (a: any, b: any) => number = ${textOf(s.compare)};` : `const ${compare} = ${textOf(s.compare)};`;
  return siteOf(context, [...(inline ? [] : insertBefore(model, anchor, [header])), replace(before, lines.join(`\n${indentAt(model.text, before.start)}`)), removal(s.statement)], `insert into \`${name}\` by binary search instead of sorting it in each pass (${atLine(s.statement)})`);
}

export const pushSortToInsertion = defineRewrite({
  id: 'push-sort-to-insertion',
  title: 'a list sorted after each push, with insertion at the right place instead',
  assumes: 'the comparison is a consistent order (never NaN) that does not change for elements in the list',
  find: (context, model) => nodesInPins(context, model, 'call_expression').map((c) => insertionSite(context, model, c)),
});
