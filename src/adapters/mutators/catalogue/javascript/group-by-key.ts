// Searches by key in a list that grows meanwhile ("find the group, else push a new one") → a Map kept beside the list.

import type { Context, Edit, Site } from '../rewrite.ts';
import { defineRewrite } from './define.ts';
import { keyChangesIn, keyedCallback, keyLabel } from './keyed.ts';
import { isEmptyArray } from './kinds.ts';
import { upkeep } from './membership.ts';
import type { Model } from './model.ts';
import { atLine, blockStatement, freshName, insertAfter, nodesInPins, replace, replaceStatement, repeatsOf, siteOf } from './places.ts';
import type { Binding } from './scopes.ts';
import type { Syn } from './syn.ts';
import { enclosingFunction, field, methodCall, textOf, within } from './syn.ts';

interface Search { readonly call: Syn; readonly name: string; readonly probe: Syn; readonly key: Syn; readonly element: string }

/** A search `list.find((e) => e.key === probe)` in a variable. */
function searchOf(model: Model, call: Syn): { readonly list: Binding; readonly search: Search } | null {
  const m = methodCall(call);
  if (!m || !['find', 'some', 'findIndex'].includes(m.name) || m.args.length !== 1 || m.object.type !== 'identifier') return null;
  const list = model.scopes.bindingOf(m.object);
  const keyed = keyedCallback(model, m.args[0]);
  return list && keyed && !keyed.partial ? { list, search: { call, name: m.name, probe: keyed.probe, key: keyed.key, element: keyed.element } } : null;
}

function site(context: Context, model: Model, list: Binding, searches: readonly Search[]): Site | null {
  const [first] = searches;
  const declaration = list.declarator?.parent ?? null;
  const value = list.declarator && field(list.declarator, 'value');
  if (!first || !declaration || list.writes.length > 0 || !isEmptyArray(value) || blockStatement(declaration) !== declaration) return null;
  if (!searches.some((s) => repeatsOf(s.call).some((l) => !within(list.decl, l)) || enclosingFunction(s.call) !== enclosingFunction(list.decl))) return null;
  // One key for all; the callbacks may name the element differently.
  const path = (s: Search): string => textOf(s.key).replace(new RegExp(`^${s.element.replace(/\$/g, '\\$')}\\b`), '');
  if (!searches.every((s) => path(s) === path(first))) return null;
  const care = upkeep(model, list);
  if (!care || care.pushes.length === 0 || care.resets.length > 0) return null;
  const scope = enclosingFunction(list.decl) ?? model.root;
  if (keyChangesIn(model, first.key, scope)) return null;
  const ts = context.language !== 'javascript';
  const index = searches.some((s) => s.name === 'findIndex');
  if (index && !searches.every((s) => s.name === 'findIndex' || s.name === 'some')) return null;
  const table = freshName(model, `${list.name}By${keyLabel(first.key)}`);
  const edits: Edit[] = [];
  for (const push of care.pushes) {
    const statement = push.parent?.type === 'expression_statement' ? push.parent : null;
    const [item, ...more] = methodCall(push)?.args ?? [];
    if (!item || more.length > 0 || !statement) return null;
    const plain = item.type === 'identifier';
    const name = plain ? textOf(item) : freshName(model, 'added');
    const key = `${name}${path(first)}`;
    const lines = [
      ...(plain ? [] : [`const ${name} = ${textOf(item)};`]),
      `if (!${table}.has(${key})) ${table}.set(${key}, ${index ? `${list.name}.length` : name});`,
      `${list.name}.push(${name});`,
    ];
    edits.push(replaceStatement(model, statement, lines));
  }
  for (const s of searches) {
    if (edits.some((e) => s.call.start >= e.start && s.call.end <= e.end)) return null;
    const probe = textOf(s.probe);
    edits.push(replace(s.call, s.name === 'some' ? `${table}.has(${probe})` : s.name === 'find' ? `${table}.get(${probe})` : `(${table}.get(${probe}) ?? -1)`));
  }
  return siteOf(context, [...insertAfter(model, declaration, [`const ${table} = new Map${ts ? '<unknown, any>' : ''}();`]), ...edits], `keep a Map of \`${list.name}\` by \`${keyLabel(first.key)}\` beside it (${atLine(first.call)})`);
}

export const growingListByKey = defineRewrite({
  id: 'growing-list-by-key',
  title: 'searches by key in a growing list through a Map beside it',
  assumes: 'keys are never NaN, and do not change once an element is in the list',
  find(context, model) {
    const groups = new Map<Binding, Search[]>();
    for (const call of nodesInPins(context, model, 'call_expression')) {
      const found = searchOf(model, call);
      if (found) groups.set(found.list, [...(groups.get(found.list) ?? []), found.search]);
    }
    return [...groups].map(([list, searches]) => site(context, model, list, searches));
  },
});
