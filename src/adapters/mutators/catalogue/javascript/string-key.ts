// Sets and Maps keyed by two numbers glued to text (`${x},${y}`) → keyed by one number.

import type { Context, Edit, Site } from '../rewrite.ts';
import { defineRewrite } from './define.ts';
import { kindOf } from './kinds.ts';
import type { Model } from './model.ts';
import { atLine, nodesInPins, replace, siteOf } from './places.ts';
import type { Binding } from './scopes.ts';
import type { Syn } from './syn.ts';
import { argumentsOf, bare, field, methodCall, operatorOf, parts, textOf } from './syn.ts';

/** The two parts of a key: of a template with two substitutions and text between, or of `a + ',' + b`. */
function pairOf(e: Syn): readonly [Syn, Syn] | null {
  const b = bare(e);
  if (b.type === 'template_string') {
    const inner = parts(b);
    const [x, gap, y] = inner;
    if (inner.length !== 3 || x?.type !== 'template_substitution' || gap?.type !== 'string_fragment' || y?.type !== 'template_substitution') return null;
    const [p, q] = [parts(x)[0], parts(y)[0]];
    return p && q ? [p, q] : null;
  }
  if (b.type !== 'binary_expression' || operatorOf(b) !== '+') return null;
  const left = bare(field(b, 'left') ?? b);
  const right = field(b, 'right');
  const first = field(left, 'left');
  const gap = field(left, 'right');
  return left.type === 'binary_expression' && operatorOf(left) === '+' && first && right && gap?.type === 'string' && textOf(gap).length > 2 && bare(right).type !== 'string' && bare(first).type !== 'string' ? [first, right] : null;
}

/** Whether something shows that a part is a number: its own form, or how its variable is used. */
function looksNumeric(model: Model, e: Syn): boolean {
  const kind = kindOf(model, e);
  if (kind !== 'unknown') return kind === 'number';
  const b = bare(e);
  if (b.type === 'binary_expression') return [field(b, 'left'), field(b, 'right')].some((x) => x !== null && looksNumeric(model, x));
  const binding = b.type === 'identifier' ? model.scopes.bindingOf(b) : undefined;
  return binding?.refs.some((r) => {
    const p = r.parent;
    return (p?.type === 'binary_expression' && ['-', '*', '/', '%', '<', '>', '<=', '>='].includes(operatorOf(p))) || (p?.type === 'subscript_expression' && r.field === 'index') || p?.type === 'update_expression'
      || (p?.type === 'binary_expression' && operatorOf(p) === '+' && [field(p, 'left'), field(p, 'right')].some((x) => x !== null && x !== r && x.type === 'number'));
  }) ?? false;
}

/** 2²⁶: keys stay exact integers for parts up to 2²⁵ in size. */
const factor = 67108864;

function site(context: Context, model: Model, declarator: Syn): Site | null {
  const name = field(declarator, 'name');
  const value = field(declarator, 'value');
  const table = name?.type === 'identifier' ? model.scopes.bindingOf(name) : undefined;
  if (!table || value?.type !== 'new_expression' || !['Set', 'Map'].includes(textOf(field(value, 'constructor') ?? value)) || (argumentsOf(value)?.length ?? 1) > 0 || table.writes.length > 0 || table.refs.length === 0) return null;
  const keys = new Map<Syn, readonly [Syn, Syn]>();
  const variables = new Set<Binding>();
  for (const r of table.refs) {
    const member = r.parent?.type === 'member_expression' && r.field === 'object' ? r.parent : null;
    const m = member ? methodCall(member.parent) : null;
    if (!m) {
      if (member && textOf(field(member, 'property') ?? member) === 'size') continue;
      return null;
    }
    if (m.name === 'clear') continue;
    const key = m.args[0];
    if (!key || !['has', 'add', 'get', 'set', 'delete'].includes(m.name)) return null;
    // Chained or used results of add and set would hand the table on.
    if ((m.name === 'add' || m.name === 'set') && m.call.parent?.type !== 'expression_statement') return null;
    const b = bare(key).type === 'identifier' ? model.scopes.bindingOf(bare(key)) : undefined;
    const written = b?.kind === 'const' && b.declarator ? field(b.declarator, 'value') : key;
    const pair = written && pairOf(written);
    if (!pair) return null;
    keys.set(bare(written), pair);
    if (b) variables.add(b);
  }
  if (keys.size === 0) return null;
  // A variable that holds a key may be used for nothing else.
  for (const v of variables) if (!v.refs.every((r) => r.parent?.type === 'arguments' && methodCall(r.parent.parent)?.args[0] === r && table.refs.includes(methodCall(r.parent.parent)?.object ?? r))) return null;
  const all = [...keys.values()].flat();
  if (all.some((p) => !['unknown', 'number'].includes(kindOf(model, p)) || ['string', 'template_string', 'call_expression', 'member_expression'].includes(bare(p).type))) return null;
  if (![...keys.values()].some((p) => p.every((x) => looksNumeric(model, x)))) return null;
  const loose = (e: Syn): string => (['identifier', 'number', 'subscript_expression', 'parenthesized_expression'].includes(e.type) ? textOf(e) : `(${textOf(e)})`);
  const edits: Edit[] = [...keys].map(([node, [x, y]]) => replace(node, `${loose(x)} * ${factor} + ${loose(y)}`));
  const types = [field(value, 'type_arguments'), field(declarator, 'type')].flatMap((t) => (t ? typeNodes(t) : []));
  edits.push(...types.map((t) => replace(t, 'number')));
  for (const v of variables) {
    const t = v.declarator ? field(v.declarator, 'type') : null;
    if (t) edits.push(replace(t, ': number'));
  }
  return siteOf(context, edits, `key \`${table.name}\` by one number instead of text (${atLine(declarator)})`);
}

/** The key types `string` in `Set<string>` or `Map<string, V>`. */
function typeNodes(t: Syn): Syn[] {
  const list = t.type === 'type_arguments' ? t : (parts(t)[0]?.children.find((c) => c.type === 'type_arguments') ?? null);
  const first = list ? parts(list)[0] : undefined;
  return first && textOf(first) === 'string' ? [first] : [];
}

export const stringKeyToNumber = defineRewrite({
  id: 'string-key-to-number',
  title: 'pairs of numbers as one numeric key instead of text',
  assumes: 'both parts of the key are integers of at most 2²⁵ in size',
  find: (context, model) => nodesInPins(context, model, 'variable_declarator').map((d) => site(context, model, d)),
});
