// Rows and sums taken out of inner loops: `grid[i][j]` → a row variable; sums over slices → prefix sums.

import type { Context, Site } from '../rewrite.ts';
import { defineRewrite } from './define.ts';
import { kindOf } from './kinds.ts';
import type { Model } from './model.ts';
import { isInvariant, isPure, references, reshapesIn } from './model.ts';
import { indexLoop } from './nested-scan.ts';
import { outermostWhere, tablePlace } from './outer.ts';
import { atLine, freshName, indentUnit, insertBefore, nodesInPins, repeatsOf, replace, siteOf } from './places.ts';
import type { Syn } from './syn.ts';
import { bare, descendants, field, isLoop, methodCall, numberOf, onlyStatement, operatorOf, parts, plainParameters, sameCode, textOf, within } from './syn.ts';
import { resultOf } from './keyed.ts';

/** `g[i]` where it is the object of a further subscript. */
function rowOf(e: Syn): { readonly grid: Syn; readonly index: Syn } | null {
  const grid = field(e, 'object');
  const index = field(e, 'index');
  if (e.parent?.type !== 'subscript_expression' || e.field !== 'object' || grid?.type !== 'identifier' || !index || e.children.some((c) => c.type === 'optional_chain')) return null;
  return { grid, index };
}

function rowSites(context: Context, model: Model): (Site | null)[] {
  const out: (Site | null)[] = [];
  const nodes = nodesInPins(context, model, 'subscript_expression');
  const done = new Set<Syn>();
  for (const e of nodes) {
    const row = rowOf(e);
    const b = row ? model.scopes.bindingOf(row.grid) : undefined;
    if (!row || !b || done.has(e) || numberOf(row.index) !== null || kindOf(model, row.index) === 'string') continue;
    const inner = repeatsOf(e)[0];
    if (!inner || !isLoop(inner)) continue;
    // The index varies further out, or the row would be hoisted for nothing.
    const anchor = outermostWhere(e, (a) => !within(b.decl, a) && !reshapesIn(model, b, a) && isInvariant(model, row.index, a) && references(model, row.index).every((r) => r.binding !== undefined && !within(r.binding.decl, a)));
    if (!anchor || !isLoop(anchor)) continue;
    const same = nodes.filter((o) => within(o, anchor) && rowOf(o) !== null && sameCode(o, e) && references(model, o).every((r, i) => r.binding === references(model, e)[i]?.binding));
    for (const o of same) done.add(o);
    const name = freshName(model, `${b.name}Row`);
    out.push(siteOf(context, [...insertBefore(model, anchor, [`const ${name} = ${textOf(e)};`]), ...same.map((o) => replace(o, name))], `read \`${textOf(e)}\` once, before the inner loop (${atLine(e)})`));
  }
  return out;
}

export const hoistRow = defineRewrite({
  id: 'hoist-row',
  title: 'a row of a table, looked up once before the inner loop',
  assumes: 'no other name of the table, and no code outside this file, replaces the row meanwhile',
  find: rowSites,
});

/** An inner loop that only adds up `xs[j]` from A to B. */
function sumLoop(context: Context, model: Model, loop: Syn): Site | null {
  const index = indexLoop(model, loop);
  const body = field(loop, 'body');
  const statement = body ? onlyStatement(body) : null;
  const add = statement?.type === 'expression_statement' ? parts(statement)[0] : undefined;
  if (!index || !statement || add?.type !== 'augmented_assignment_expression' || operatorOf(add) !== '+=') return null;
  const total = field(add, 'left');
  const element = bare(field(add, 'right') ?? add);
  const array = element.type === 'subscript_expression' ? field(element, 'object') : null;
  const at = element.type === 'subscript_expression' ? field(element, 'index') : null;
  if (total?.type !== 'identifier' || array?.type !== 'identifier' || at?.type !== 'identifier' || model.scopes.bindingOf(at) !== model.scopes.bindingOf(index.counter)) return null;
  if (kindOf(model, array) === 'string' || !isPure(model, index.from) || !isPure(model, index.bound)) return null;
  // It must start as a number: text would be glued.
  const sum = model.scopes.bindingOf(total);
  if (!sum?.declarator || numberOf(field(sum.declarator, 'value')) === null) return null;
  if ([index.from, index.bound].some((e) => descendants(e, 'identifier').some((id) => model.scopes.bindingOf(id) === model.scopes.bindingOf(total)) || !isInvariant(model, e, loop))) return null;
  if (numberOf(index.from) === 0 && textOf(index.bound) === `${textOf(array)}.length`) return null; // a whole sum: invariant, or nothing to gain
  const place = tablePlace(model, array, loop);
  if (!place || !within(loop, place.extent)) return null;
  const sums = freshName(model, `${textOf(array)}Sums`);
  const [from, to] = [textOf(index.from), `${textOf(index.bound)}${index.inclusive ? ' + 1' : ''}`];
  return siteOf(context, [...place.put(prefixLines(sums, textOf(array))), replace(loop, `if (${from} < ${to}) ${textOf(total)} += ${sums}[${to}] - ${sums}[${from}];`)], `sum \`${textOf(array)}\` by prefix sums (${atLine(loop)})`);
}

const prefixLines = (sums: string, array: string): string[] => [`const ${sums} = [0];`, `for (const value of ${array}) ${sums}.push(${sums}[${sums}.length - 1] + value);`];

/** `xs.slice(a, b).reduce((s, x) => s + x, 0)`. */
function sumSlice(context: Context, model: Model, call: Syn): Site | null {
  const m = methodCall(call);
  const [fn, init] = m?.args ?? [];
  const slice = m?.name === 'reduce' && m.args.length === 2 && numberOf(init ?? null) === 0 ? methodCall(m.object) : null;
  if (slice?.name !== 'slice' || !fn || slice.args.length === 0 || slice.object.type !== 'identifier' || kindOf(model, slice.object) === 'string' || fn.type !== 'arrow_function') return null;
  const names = plainParameters(fn);
  const result = resultOf(fn);
  const sum = result ? bare(result) : null;
  if (names?.length !== 2 || sum?.type !== 'binary_expression' || operatorOf(sum) !== '+') return null;
  const operands = [textOf(field(sum, 'left') ?? sum), textOf(field(sum, 'right') ?? sum)];
  if (!(operands.includes(names[0] ?? '') && operands.includes(names[1] ?? ''))) return null;
  if (!slice.args.every((a) => a.type !== 'spread_element' && isPure(model, a))) return null;
  const place = tablePlace(model, slice.object, call);
  if (!place || !within(call, place.extent)) return null;
  const array = textOf(slice.object);
  const sums = freshName(model, `${array}Sums`);
  const between = freshName(model, `${array}Sum`);
  const unit = indentUnit(model.text);
  const t = context.language !== 'javascript' ? ': number' : '';
  const lines = [
    ...prefixLines(sums, array),
    `const ${between} = (from${t}, to${t} = ${array}.length) => {`,
    `${unit}const n = ${array}.length;`,
    `${unit}const a = from < 0 ? Math.max(n + from, 0) : Math.min(from, n);`,
    `${unit}const b = to < 0 ? Math.max(n + to, 0) : Math.min(to, n);`,
    `${unit}return a < b ? ${sums}[b] - ${sums}[a] : 0;`,
    '};',
  ];
  return siteOf(context, [...place.put(lines), replace(call, `${between}(${slice.args.map(textOf).join(', ')})`)], `sum slices of \`${array}\` by prefix sums (${atLine(call)})`);
}

export const sumsToPrefix = defineRewrite({
  id: 'sums-to-prefix',
  title: 'sums over stretches of a list, by prefix sums',
  assumes: 'elements are finite numbers; sums of floats may differ in the last digits; stretches lie inside the list and have integer ends; nothing else changes the list meanwhile',
  find: (context, model) => [
    ...nodesInPins(context, model, 'for_statement').map((l) => sumLoop(context, model, l)),
    ...nodesInPins(context, model, 'call_expression').map((c) => sumSlice(context, model, c)),
  ],
});

