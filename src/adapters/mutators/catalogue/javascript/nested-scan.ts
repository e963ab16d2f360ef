// An inner loop that only acts on elements with a given key → a loop over the group of that key.

import type { Context, Edit, Site } from '../rewrite.ts';
import { defineRewrite } from './define.ts';
import { effectsOf } from './effects.ts';
import type { Keyed } from './keyed.ts';
import { groupingLines, keyChangesIn, keyedCondition, keyLabel, mentions } from './keyed.ts';
import { arrayLikely } from './kinds.ts';
import { baseName } from './membership.ts';
import type { Model } from './model.ts';
import { isInvariant, isPure } from './model.ts';
import { tablePlace } from './outer.ts';
import { atLine, freshName, indentUnit, nodesInPins, replace, siteOf } from './places.ts';
import type { Syn } from './syn.ts';
import { bare, field, numberOf, onlyStatement, operatorOf, parts, sameCode, textOf } from './syn.ts';

/** A counting loop `for (let j = from; j < array.length; j++)` whose counter the body leaves alone. */
export interface IndexLoop { readonly counter: Syn; readonly from: Syn; readonly bound: Syn; readonly inclusive: boolean }

export function indexLoop(model: Model, loop: Syn): IndexLoop | null {
  if (loop.type !== 'for_statement') return null;
  const declaration = field(loop, 'initializer');
  const declarators = declaration?.type === 'lexical_declaration' ? parts(declaration) : [];
  const [d] = declarators;
  const counter = d ? field(d, 'name') : null;
  const from = d ? field(d, 'value') : null;
  const condition = field(loop, 'condition');
  const increment = field(loop, 'increment');
  const body = field(loop, 'body');
  if (declarators.length !== 1 || counter?.type !== 'identifier' || !from || condition?.type !== 'binary_expression' || !increment || !body) return null;
  const op = operatorOf(condition);
  const left = field(condition, 'left');
  const bound = field(condition, 'right');
  const b = model.scopes.bindingOf(counter);
  if (!left || !bound || !b || (op !== '<' && op !== '<=') || textOf(left) !== b.name) return null;
  const steps = increment.type === 'update_expression' ? operatorOf(increment) === '++' && textOf(field(increment, 'argument') ?? increment) === b.name : /^\S+\s*\+=\s*1$/.test(textOf(increment)) && textOf(increment).startsWith(b.name);
  if (!steps || effectsOf(model, body).assigned.has(b)) return null;
  return { counter, from, bound, inclusive: op === '<=' };
}

/** The condition of a body that is one `if` without `else`. */
function guard(body: Syn): { readonly statement: Syn; readonly condition: Syn } | null {
  const statement = onlyStatement(body);
  if (statement?.type !== 'if_statement' || field(statement, 'alternative')) return null;
  const condition = field(statement, 'condition');
  return condition ? { statement, condition } : null;
}

function scanOf(context: Context, model: Model, loop: Syn): Site | null {
  const body = field(loop, 'body');
  const g = body ? guard(body) : null;
  if (!body || !g) return null;
  const unit = indentUnit(model.text);
  const ts = context.language !== 'javascript';
  const finish = (array: Syn, keyed: Keyed, head: (groups: string) => Edit[], grouping: (groups: string) => readonly string[]): Site | null => {
    const place = tablePlace(model, array, loop);
    if (!place || keyChangesIn(model, keyed.key, place.extent) || !isInvariant(model, keyed.probe, loop)) return null;
    const groups = freshName(model, `${baseName(array)}By${keyLabel(keyed.key)}`);
    return siteOf(context, [...place.put(grouping(groups)), ...head(groups)], `scan only the elements of \`${textOf(array)}\` with the same \`${textOf(keyed.key).slice(0, 40)}\` (${atLine(loop)})`);
  };
  if (loop.type === 'for_in_statement') {
    const left = field(loop, 'left');
    const array = field(loop, 'right');
    if (!array || left?.type !== 'identifier' || !field(loop, 'kind') || operatorOf(loop) !== 'of' || arrayLikely(model, array) === 'no') return null;
    if (loop.children.some((c) => c.type === 'await') || !['identifier', 'member_expression'].includes(bare(array).type)) return null;
    const element = model.scopes.bindingOf(left);
    const keyed = keyedCondition(model, g.condition, (n) => n.type === 'identifier' && model.scopes.bindingOf(n) === element);
    if (!keyed) return null;
    return finish(array, keyed, (groups) => [replace(array, `${groups}.get(${textOf(keyed.probe)}) ?? []`)], (groups) => groupingLines(groups, `const ${textOf(left)} of ${textOf(array)}`, textOf(left), textOf(keyed.key), unit, ts));
  }
  const index = indexLoop(model, loop);
  const header = index && bare(index.bound);
  const array = header?.type === 'member_expression' && textOf(field(header, 'property') ?? header) === 'length' ? field(header, 'object') : null;
  if (!index || !array || index.inclusive || arrayLikely(model, array) === 'no' || !['identifier', 'member_expression'].includes(bare(array).type)) return null;
  const counter = model.scopes.bindingOf(index.counter);
  const isElement = (n: Syn): boolean => {
    const object = n.type === 'subscript_expression' ? field(n, 'object') : null;
    const at = n.type === 'subscript_expression' ? field(n, 'index') : null;
    return object !== null && at?.type === 'identifier' && model.scopes.bindingOf(at) === counter && sameCode(object, array);
  };
  const isCounter = (n: Syn): boolean => n.type === 'identifier' && model.scopes.bindingOf(n) === counter;
  const keyed = keyedCondition(model, g.condition, isElement);
  if (!keyed || mentions(keyed.probe, isCounter) || !isPure(model, index.from)) return null;
  const j = textOf(index.counter);
  const start = numberOf(index.from);
  if (start === null && !isInvariant(model, index.from, body)) return null;
  // A loop that starts later keeps its order; what lies before the start is passed over.
  const skip = start === 0 ? '' : `if (${j} < ${textOf(index.from)}) continue;\n`;
  if (skip && (body.type !== 'statement_block')) return null;
  const head = (groups: string): Edit[] => {
    const [open, close] = [loop.children.find((c) => c.type === '('), loop.children.find((c) => c.type === ')' )];
    const edits: Edit[] = open && close ? [{ start: open.end, end: close.start, text: `const ${j} of ${groups}.get(${textOf(keyed.probe)}) ?? []` }] : [];
    return skip ? [...edits, { start: g.statement.start, end: g.statement.start, text: skip.trimEnd() + '\n' + indentOf(g.statement) }] : edits;
  };
  const arrayText = textOf(array);
  return finish(array, keyed, head, (groups) => groupingLines(groups, `let ${j} = 0; ${j} < ${arrayText}.length; ${j}++`, j, textOf(keyed.key), unit, ts));
}

const indentOf = (n: Syn): string => /[\t ]*$/.exec(n.source.slice(Math.max(0, n.start - 200), n.start))?.[0] ?? '';

export const nestedScanToGroups = defineRewrite({
  id: 'nested-scan-to-groups',
  title: 'an inner loop that looks for a key, over the group of that key only',
  assumes: 'what is scanned is an array without holes; keys are never NaN; no other name of the array, and no code outside this file, changes it or its keys meanwhile',
  find: (context, model) => nodesInPins(context, model, 'for_statement', 'for_in_statement').map((l) => scanOf(context, model, l)),
});
