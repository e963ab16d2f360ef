// Recursion over xs[1:]: an index that moves, instead of a copy of the rest at each level.

import type { Site } from '../rewrite.ts';
import { child, children, descend, intValue, lineOf, type Py, strip, textOf } from './ast.ts';
import { define } from './define.ts';
import { freshName, indentOf, site, substitute, unitOf } from './emit.ts';
import { bodyAfterDoc, indentMore, recursionOf } from './memo.ts';
import { callee, type Model, variableOf } from './model.ts';

export const sliceRecursion = define({
  id: 'py-slice-recursion',
  title: 'Recursion over xs[1:] → recursion over an index',
  assumes: 'xs is a list, tuple or string that nobody changes during the call',
  *visit(m, fn) {
    const r = recursionOf(m, fn);
    if (!r || r.calls.length === 0) return;
    for (const [at, p] of r.parameters.entries()) yield indexed(m, fn, r, at, p);
  },
});

/** The k of `xs[k:]`, a literal of at least 1. */
function restFrom(m: Model, n: Py, xs: Py): number | null {
  const x = strip(n);
  const value = x.type === 'subscript' ? child(x, 'value') : undefined;
  if (!value || variableOf(m, value) !== variableOf(m, xs)) return null;
  const k = /^\[\s*(\d+)\s*:\s*\]$/.exec(m.module.text.slice(value.end, x.end))?.[1];
  return k !== undefined && Number(k) > 0 ? Number(k) : null;
}

function indexed(m: Model, fn: Py, r: NonNullable<ReturnType<typeof recursionOf>>, at: number, p: Py): Site | null {
  const v = variableOf(m, p);
  const steps = r.calls.map((c) => (c.args[at] ? restFrom(m, c.args[at], p) : null));
  if (!v || !steps.some((s) => s !== null)) return null;
  if (descend(fn).some((k) => k.type === 'lambda' || k.type === 'yield' || (k.type === 'function_definition' && k !== fn))) return null;
  const from = freshName(m, `${v.name}_from`);
  const inner = freshName(m, `${r.name}_${from}`, [from]);
  const changes = new Map<Py, string>();
  for (const u of v.uses) {
    if (u.kind === 'param') continue;
    if (u.kind !== 'load' || u.scope.kind === 'class') return null;
    const text = shifted(m, u.node, v.name, from, r, at, p);
    if (text === null) return null;
    if (text.node) changes.set(text.node, text.text);
  }
  const body = bodyAfterDoc(fn);
  const [first] = body;
  const last = body.at(-1);
  const indent = first ? indentOf(first) : null;
  if (!first || !last || indent === null) return null;
  const others = r.parameters.flatMap((q, i) => (i !== at && r.passedOn[i] === false ? [{ q, i }] : []));
  const render = (n: Py): string => {
    const change = changes.get(n);
    if (change !== undefined) return change;
    const i = r.calls.findIndex((c) => c.node === n);
    const call = r.calls[i];
    if (call) {
      const step = steps[i];
      const moved = step === null || step === undefined ? from : `${from} + ${step}`;
      return `${inner}(${[moved, ...others.map(({ i: j }) => (call.args[j] ? render(call.args[j]) : ''))].join(', ')})`;
    }
    return substitute(n, new Map(n.kids.map((k) => [k, render(k)])));
  };
  let text = '';
  let position = first.start;
  for (const s of body) {
    text += s.source.slice(position, s.start) + render(s);
    position = s.end;
  }
  const unit = unitOf(m, indent);
  const deeper = indentMore(body, text, unit);
  if (deeper === null) return null;
  const eol = m.module.eol;
  const names = others.map(({ q }) => textOf(q));
  return site(m, `recurse over an index of \`${v.name}\` instead of copies of its rest (line ${lineOf(fn)})`, [
    { start: first.start, end: last.end, text: `def ${inner}(${[from, ...names].join(', ')}):${eol}${indent}${unit}${deeper}${eol}${indent}return ${inner}(${['0', ...names].join(', ')})` },
  ]);
}

/** What one use of xs becomes when xs means xs[from:]; null when it cannot be said. */
function shifted(m: Model, id: Py, name: string, from: string, r: NonNullable<ReturnType<typeof recursionOf>>, at: number, p: Py): { readonly node: Py | null; readonly text: string } | null {
  const parent = id.parent;
  if (!parent) return null;
  if (parent.type === 'argument_list' && r.calls.some((c) => c.node === parent.parent && c.args[at] === id)) return { node: null, text: '' };
  if (parent.type === 'argument_list' && callee(m, parent.parent ?? undefined) === 'builtins.len' && parent.parent) return { node: parent.parent, text: `max(len(${name}) - ${from}, 0)` };
  if (parent.type === 'not_operator') return { node: parent, text: `${from} >= len(${name})` };
  if (['if_statement', 'elif_clause', 'while_statement'].includes(parent.type) && id.field === 'condition') return { node: id, text: `${from} < len(${name})` };
  if (parent.type === 'comparison_operator') {
    const other = parent.named.find((k) => k !== id);
    const op = parent.kids.filter((k) => k.field === 'operators').map(textOf).join(' ');
    const empty = other !== undefined && ['[]', '()', "''", '""'].includes(textOf(other));
    return empty && parent.named.length === 2 && (op === '==' || op === '!=') ? { node: parent, text: `${from} ${op === '==' ? '>=' : '<'} len(${name})` } : null;
  }
  if (parent.type === 'subscript' && id.field === 'value') {
    if (restFrom(m, parent, p) !== null) {
      const call = parent.parent?.type === 'argument_list' ? r.calls.find((c) => c.node === parent.parent?.parent && c.args[at] === parent) : undefined;
      return call ? { node: null, text: '' } : null;
    }
    const [index] = children(parent, 'subscript');
    const k = intValue(index);
    const stored = (parent.field === 'left' && parent.parent?.type !== 'binary_operator') || parent.parent?.type === 'delete_statement' || parent.parent?.type === 'pattern_list';
    if (stored || k === null || k < 0 || children(parent, 'subscript').length !== 1) return null;
    return { node: parent, text: k === 0 ? `${name}[${from}]` : `${name}[${from} + ${k}]` };
  }
  return null;
}
