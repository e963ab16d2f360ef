// Dictionaries asked twice for the same key.

import type { Site } from '../rewrite.ts';
import { assignment, bodyOf, child, children, comparison, lineOf, methodCall, type Py, siblings, textOf } from './ast.ts';
import { define } from './define.ts';
import { oneLine, remove, replace, replaceLines, site } from './emit.ts';
import { isPure } from './purity.ts';
import { kindOf, type Model } from './model.ts';
import { isPath } from './membership.ts';

/** `d[k]` as a target: its dict and key. */
function entry(n: Py | undefined): { readonly dict: Py; readonly key: Py } | null {
  if (n?.type !== 'subscript') return null;
  const dict = child(n, 'value');
  const [key] = children(n, 'subscript');
  return dict && key && key.type !== 'slice' && children(n, 'subscript').length === 1 ? { dict, key } : null;
}

const same = (e: { readonly dict: Py; readonly key: Py } | null, dict: string, key: string): boolean => e !== null && textOf(e.dict) === dict && textOf(e.key) === key;

const constant = (n: Py): boolean => ['integer', 'float', 'true', 'false', 'none'].includes(n.type) || (n.type === 'string' && !n.named.some((k) => k.type === 'interpolation'));
const emptyContainer = (n: Py): boolean => ['[]', '{}', 'set()', 'list()', 'dict()'].includes(textOf(n).replace(/\s/g, ''));

export const dictGet = define({
  id: 'py-dict-get',
  title: 'Key tested, then read or set → get or setdefault',
  assumes: 'the mapping is a plain dict (a defaultdict or a class of its own may differ)',
  *visit(m, _fn, nodes) {
    for (const n of nodes) if (n.type === 'if_statement') yield twoBranches(m, n) ?? missingFirst(m, n);
  },
});

/** if k in d: d[k] += x else: d[k] = x → d[k] = d.get(k, 0) + x; and the reading form. */
function twoBranches(m: Model, n: Py): Site | null {
  const c = comparison(child(n, 'condition'));
  const alternatives = children(n, 'alternative');
  const [otherwise] = alternatives;
  if (!c || (c.op !== 'in' && c.op !== 'not in') || alternatives.length !== 1 || otherwise?.type !== 'else_clause' || n.parent?.type !== 'block') return null;
  const dict = c.right.type === 'call' && methodCall(c.right)?.method === 'keys' ? methodCall(c.right)?.object : c.right;
  if (!dict || !isPath(dict) || !isPure(m, c.left) || ['list', 'set', 'tuple', 'str'].includes(kindOf(m, dict))) return null;
  const d = textOf(dict);
  const k = textOf(c.left);
  const [a, b] = c.op === 'in' ? [bodyOf(n), bodyOf(otherwise)] : [bodyOf(otherwise), bodyOf(n)];
  if (a.length !== 1 || b.length !== 1 || /(^|\s)#/.test(textOf(n))) return null;
  const there = assignment(a[0]);
  const missing = assignment(b[0]);
  if (!there || !missing || missing.op !== '=' || textOf(there.left) !== textOf(missing.left)) return null;
  let line: string | null = null;
  if (same(entry(there.left), d, k)) {
    // d[k] += x / d[k] = d[k] + x, with d[k] = start.
    const first = missing.right;
    const sum = /^(.*?)\s*\+\s*(.*)$/s.exec(textOf(there.right));
    const added = there.op === '+=' ? there.right : there.op === '=' && sum?.[1] === `${d}[${k}]` && there.right.type === 'binary_operator' ? child(there.right, 'right') : undefined;
    if (!added || !constant(first) || first.type !== 'integer' || !isPure(m, added)) return null;
    if (textOf(added) === textOf(first)) line = `${d}[${k}] = ${d}.get(${k}, 0) + ${textOf(added)}`;
    else if (added.type === 'integer') line = `${d}[${k}] = ${d}.get(${k}, ${String(Number(textOf(first)) - Number(textOf(added)))}) + ${textOf(added)}`;
  } else if (there.op === '=' && there.left.type === 'identifier' && same(entry(there.right), d, k) && constant(missing.right)) line = `${textOf(there.left)} = ${d}.get(${k}, ${textOf(missing.right)})`;
  const text = line === null ? null : oneLine(line);
  return text === null ? null : site(m, `look \`${k}\` up in \`${d}\` once (line ${lineOf(n)})`, [replaceLines(m, n, [text])]);
}

/** if k not in d: d[k] = [] followed by d[k].append(x) → d.setdefault(k, []).append(x); and with += 1. */
function missingFirst(m: Model, n: Py): Site | null {
  const c = comparison(child(n, 'condition'));
  const { list, at } = siblings(n);
  const next = list[at + 1];
  const [only] = bodyOf(n);
  const set = assignment(only);
  if (!c || c.op !== 'not in' || children(n, 'alternative').length > 0 || bodyOf(n).length !== 1 || !set || set.op !== '=' || !isPath(c.right) || !isPure(m, c.left) || next?.type !== 'expression_statement') return null;
  const d = textOf(c.right);
  const k = textOf(c.left);
  if (!same(entry(set.left), d, k) || /(^|\s)#/.test(textOf(n))) return null;
  if (emptyContainer(set.right) && /^(\[\]|\{\})$/.test(textOf(set.right))) {
    const call = methodCall(next.named[0]);
    if (!call || !same(entry(call.object), d, k)) return null;
    return site(m, `look \`${k}\` up in \`${d}\` once (line ${lineOf(n)})`, [remove(n), replace(call.object, `${d}.setdefault(${k}, ${textOf(set.right)})`)]);
  }
  const a = assignment(next);
  if (a?.op === '+=' && same(entry(a.left), d, k) && set.right.type === 'integer' && isPure(m, a.right)) {
    const text = oneLine(`${d}[${k}] = ${d}.get(${k}, ${textOf(set.right)}) + ${a.right.type === 'integer' || a.right.type === 'identifier' ? textOf(a.right) : `(${textOf(a.right)})`}`);
    return text === null ? null : site(m, `look \`${k}\` up in \`${d}\` once (line ${lineOf(n)})`, [remove(n), replaceLines(m, next, [text])]);
  }
  return null;
}
