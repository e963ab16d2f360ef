// A list that is sorted in each pass of a loop which only adds to it → sorted once, after the loop.

import type { Context, Site } from '../rewrite.ts';
import { defineRewrite } from './define.ts';
import { isEmptyArray } from './kinds.ts';
import type { Model } from './model.ts';
import { isPure, references, refsIn } from './model.ts';
import { atLine, blockStatement, insertAfter, nodesInPins, removal, repeatsOf, siteOf } from './places.ts';
import type { Binding } from './scopes.ts';
import type { Syn } from './syn.ts';
import { field, isFunction, isLoop, methodCall, parts, textOf, visit, within } from './syn.ts';

/** Whether a loop leaves its function, or stands where an exception in it would be seen with the list half done. */
function leavesEarly(loop: Syn): boolean {
  let found = false;
  visit(loop, (c) => {
    if (isFunction(c)) return false;
    if (c.type === 'return_statement' || c.type === 'await_expression' || c.type === 'yield_expression') found = true;
    return !found;
  });
  for (let p = loop.parent; p && !isFunction(p); p = p.parent) if (p.type === 'try_statement') found = true;
  return found;
}

/** Whether all that the loop does with the list is to push onto it and to sort it, in its own function. */
function onlyGrows(list: Binding, loop: Syn, sort: Syn): boolean {
  return refsIn(list, loop).every((r) => {
    const m = r.parent?.type === 'member_expression' && r.field === 'object' ? methodCall(r.parent.parent) : null;
    if (m?.object !== r || m.call.parent?.type !== 'expression_statement') return false;
    for (let p = r.parent; p && p !== loop; p = p.parent) if (isFunction(p)) return false;
    return m.call === sort || m.name === 'push';
  });
}

function place(context: Context, model: Model, call: Syn): Site | null {
  const m = methodCall(call);
  const statement = call.parent;
  if (m?.name !== 'sort' || m.args.length > 1 || m.object.type !== 'identifier' || statement?.type !== 'expression_statement' || blockStatement(statement) !== statement) return null;
  const list = model.scopes.bindingOf(m.object);
  const value = list?.declarator ? field(list.declarator, 'value') : null;
  const [compare] = m.args;
  // What was in it before the loop would stay unsorted where the loop has no pass.
  if (!list || list.writes.length > 0 || !value || !(isEmptyArray(value) || (value.type === 'array' && parts(value).length === 1 && parts(value)[0]?.type !== 'spread_element'))) return null;
  if (compare && (compare.type === 'spread_element' || !isPure(model, compare))) return null;
  const loops = repeatsOf(call).filter((l) => isLoop(l) && !within(list.decl, l));
  for (const loop of loops.reverse()) {
    if (blockStatement(loop) !== loop || leavesEarly(loop) || !onlyGrows(list, loop, call)) continue;
    if (compare && references(model, compare).some(({ binding }) => binding && !within(binding.decl, compare) && within(binding.decl, loop))) continue;
    return siteOf(context, [removal(statement), ...insertAfter(model, loop, [`${textOf(call)};`])], `sort \`${list.name}\` once after the loop instead of in each pass (${atLine(statement)})`);
  }
  return null;
}

export const sortAfterLoop = defineRewrite({
  id: 'sort-after-loop',
  title: 'a list sorted in each pass of a loop that only adds to it, sorted once after it',
  assumes: 'the last pass sorts it, no two elements compare equal (or their order does not matter), and nothing reads it through another name meanwhile',
  find: (context, model) => nodesInPins(context, model, 'call_expression').map((c) => place(context, model, c)),
});
