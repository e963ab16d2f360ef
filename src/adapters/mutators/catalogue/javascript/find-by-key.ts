// Linear searches by key in a loop (`find`, `filter`, `some`, `findIndex`, `indexOf`) → a Map built once.

import type { Context, Edit, Site } from '../rewrite.ts';
import { defineRewrite } from './define.ts';
import { groupingLines, keyChangesIn, keyedCallback, keyLabel } from './keyed.ts';
import { arrayLikely, kindOf } from './kinds.ts';
import { baseName, membershipTest } from './membership.ts';
import type { Model } from './model.ts';
import { isPure } from './model.ts';
import { tablePlace } from './outer.ts';
import { atLine, freshName, indentUnit, nodesInPins, replace, siteOf } from './places.ts';
import type { Syn } from './syn.ts';
import { bare, isOptional, methodCall, sameCode, textOf, within } from './syn.ts';

const quoted = (e: Syn): string => textOf(e).replace(/\s+/g, ' ').slice(0, 40);

function site(context: Context, model: Model, call: Syn, all: readonly Syn[], done: Set<Syn>): Site | null {
  const m = methodCall(call);
  if (!m || done.has(call) || arrayLikely(model, m.object) === 'no' || isOptional(call)) return null;
  if (bare(m.object).type === 'identifier' && !model.scopes.bindingOf(bare(m.object))) return null;
  const ts = context.language !== 'javascript';
  const any = ts ? '<unknown, any>' : '';
  const unit = indentUnit(model.text);
  const array = textOf(m.object);
  const place = tablePlace(model, m.object, call);
  if (!place) return null;
  const name = baseName(m.object);
  if (m.name === 'indexOf') {
    const item = m.args[0];
    if (!item || m.args.length !== 1 || membershipTest(call) || (arrayLikely(model, m.object) === 'maybe' && kindOf(model, item) === 'string' && bare(item).type !== 'identifier') || !isPure(model, item)) return null;
    const table = freshName(model, `${name}Index`);
    const i = freshName(model, 'i');
    const same = all.filter((o) => within(o, place.extent) && methodCall(o)?.name === 'indexOf' && methodCall(o)?.args.length === 1 && sameCode(methodCall(o)?.object ?? o, m.object) && !membershipTest(o));
    for (const o of same) done.add(o);
    const lines = [`const ${table} = new Map${ts ? '<unknown, number>' : ''}();`, `for (let ${i} = ${array}.length - 1; ${i} >= 0; ${i}--) ${table}.set(${array}[${i}], ${i});`];
    const edits = same.filter((o) => !same.some((x) => x !== o && within(o, x))).map((o) => replace(o, `(${table}.get(${textOf(methodCall(o)?.args[0] ?? o)}) ?? -1)`));
    return siteOf(context, [...place.put(lines), ...edits], `index \`${array}\` by value for indexOf (${atLine(call)})`);
  }
  if (!['find', 'filter', 'some', 'findIndex'].includes(m.name) || m.args.length !== 1) return null;
  const keyed = keyedCallback(model, m.args[0]);
  if (!keyed || keyChangesIn(model, keyed.key, place.extent)) return null;
  const key = textOf(keyed.key);
  const probe = textOf(keyed.probe);
  const { element } = keyed;
  const table = freshName(model, `${name}By${keyLabel(keyed.key)}`);
  const summary = `look up \`${array}\` by \`${quoted(keyed.key)}\` in a Map (${atLine(call)})`;
  done.add(call);
  if (!keyed.partial && m.name === 'find') {
    const lines = [`const ${table} = new Map${any}();`, `for (const ${element} of ${array}) if (!${table}.has(${key})) ${table}.set(${key}, ${element});`];
    return siteOf(context, [...place.put(lines), replace(call, `${table}.get(${probe})`)], summary);
  }
  if (!keyed.partial && m.name === 'some') {
    const lines = [`const ${table} = new Set${ts ? '<unknown>' : ''}();`, `for (const ${element} of ${array}) ${table}.add(${key});`];
    return siteOf(context, [...place.put(lines), replace(call, `${table}.has(${probe})`)], summary);
  }
  if (m.name === 'findIndex') {
    if (keyed.partial) return null;
    const i = freshName(model, 'index');
    const lines = [`const ${table} = new Map${ts ? '<unknown, number>' : ''}();`, `for (const [${i}, ${element}] of ${array}.entries()) if (!${table}.has(${key})) ${table}.set(${key}, ${i});`];
    return siteOf(context, [...place.put(lines), replace(call, `(${table}.get(${probe}) ?? -1)`)], summary);
  }
  const lines = groupingLines(table, `const ${element} of ${array}`, element, key, unit, ts);
  const edits: Edit[] = keyed.partial ? [replace(m.object, `(${table}.get(${probe}) ?? [])`)] : [replace(call, `[...(${table}.get(${probe}) ?? [])]`)];
  return siteOf(context, [...place.put(lines), ...edits], summary);
}

export const findByKeyToMap = defineRewrite({
  id: 'find-by-key-to-map',
  title: 'searches by key in a loop through a Map',
  assumes: 'what is searched is an array without holes; keys are never NaN; no other name of the array, and no code outside this file, changes it or its keys meanwhile',
  find(context, model) {
    const calls = nodesInPins(context, model, 'call_expression');
    const done = new Set<Syn>();
    return calls.map((c) => site(context, model, c, calls, done));
  },
});
