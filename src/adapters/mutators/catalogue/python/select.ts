// Sorting to take a few: min, max and heapq's selections.

import type { Site } from '../rewrite.ts';
import { assignment, child, children, intValue, lineOf, plainArgs, type Py, siblings, textOf } from './ast.ts';
import { define } from './define.ts';
import { imported, remove, replace, site } from './emit.ts';
import { callee, isCaptured, isLocal, kindOf, type Model, useOf, variableOf } from './model.ts';
import { inTry } from './membership.ts';
import { isPure } from './purity.ts';

interface Sorted {
  readonly of: string;
  readonly key: string | null;
  readonly reverse: boolean;
}

/** The parts of `sorted(xs, key=…, reverse=True)`; null for anything else. */
function sortedCall(m: Model, n: Py | undefined): Sorted | null {
  if (!n || callee(m, n) !== 'builtins.sorted') return null;
  const args = child(n, 'arguments');
  if (args?.type !== 'argument_list') return null;
  let of: Py | undefined;
  let key: string | null = null;
  let reverse = false;
  for (const a of args.named) {
    if (a.type === 'keyword_argument') {
      const name = textOf(child(a, 'name') ?? a);
      const value = child(a, 'value');
      if (name === 'key' && value) key = textOf(value);
      else if (name === 'reverse' && value && (value.type === 'true' || value.type === 'false')) reverse = value.type === 'true';
      else return null;
    } else if (a.type === 'list_splat' || a.type === 'dictionary_splat' || of) return null;
    else of = a;
  }
  return of ? { of: textOf(of), key, reverse } : null;
}

/** What replaces one subscript of a sorted list. */
function selection(m: Model, s: Sorted, subscript: Py): { readonly text: string; readonly edits: ReturnType<typeof imported> } | null {
  const [index] = children(subscript, 'subscript');
  if (!index || children(subscript, 'subscript').length !== 1) return null;
  const key = s.key === null ? '' : `, key=${s.key}`;
  const stored = subscript.field === 'left' && subscript.parent?.type !== 'binary_operator';
  if (stored || subscript.parent?.type === 'delete_statement') return null;
  if (index.type !== 'slice') {
    const i = intValue(index);
    if (i !== 0 && i !== -1) return null;
    if (inTry(subscript)) return null; // an empty list raises another exception
    // Of equal elements sorted()[-1] takes the last, max() the first: with a key they may differ.
    if (i === -1 && s.key !== null) return null;
    const name = (i === 0) === s.reverse ? 'max' : 'min';
    if (pathIsFree(m, name)) return { text: `${name}(${s.of}${key})`, edits: { text: name, edits: [] } };
    return null;
  }
  const match = /^\[\s*:\s*([A-Za-z_]\w*|\d+)\s*\]$/.exec(m.module.text.slice(child(subscript, 'value')?.end ?? 0, subscript.end));
  const count = match?.[1];
  if (count === undefined) return null;
  const heap = imported(m, subscript, 'heapq', s.reverse ? 'nlargest' : 'nsmallest');
  return heap && { text: `${heap.text}(${count}, ${s.of}${key})`, edits: heap };
}

/** Whether a builtin's name means the builtin everywhere in the file. */
function pathIsFree(m: Model, name: string): boolean {
  return ![...m.names.scopes.values()].some((s) => s.bound.has(name)) && !m.names.module.dynamic;
}

export const selectFew = define({
  id: 'py-select',
  title: 'Sorted to take the first few → min, max, heapq.nsmallest',
  assumes: 'the sequence is not empty where one element is taken, the count is not negative, and elements that compare equal are interchangeable where the last is taken',
  *visit(m, fn, nodes) {
    for (const n of nodes) {
      if (n.type !== 'subscript') continue;
      const s = sortedCall(m, child(n, 'value'));
      const pick = s && selection(m, s, n);
      if (s && pick) yield site(m, `select without sorting \`${s.of}\` (line ${lineOf(n)})`, [...(pick.edits?.edits ?? []), replace(n, pick.text)]);
    }
    for (const v of m.names.scopes.get(fn)?.variables.values() ?? []) {
      if (!isLocal(v) || isCaptured(v) || v.uses.length !== 2) continue;
      yield throughName(m, v.uses.map((u) => u.node));
    }
    for (const n of nodes) yield sortStatement(m, n);
  },
});

/** `ys = sorted(xs)` directly before its only use `ys[0]`. */
function throughName(m: Model, [store, load]: readonly Py[]): Site | null {
  const stmt = store?.parent?.parent;
  const a = assignment(stmt ?? undefined);
  const subscript = load?.parent;
  if (!stmt || !load || a?.left !== store || a.op !== '=' || subscript?.type !== 'subscript' || load.field !== 'value') return null;
  const { list, at } = siblings(stmt);
  const next = list[at + 1];
  if (!next || !['return_statement', 'expression_statement'].includes(next.type) || !(next.start <= load.start && load.end <= next.end)) return null;
  // Inside a loop of the next statement the sorted list would be used more than once.
  for (let p = subscript.parent; p && p !== next; p = p.parent) if (/comprehension|generator|lambda/.test(p.type)) return null;
  const s = sortedCall(m, a.right);
  const args = plainArgs(a.right);
  if (!s || (args?.[0] && !isPure(m, args[0]))) return null;
  const pick = selection(m, s, subscript);
  return pick && site(m, `select without sorting \`${s.of}\` (line ${lineOf(stmt)})`, [...(pick.edits?.edits ?? []), remove(stmt), replace(subscript, pick.text)]);
}

/** `xs.sort()` of a local directly before a return that takes its ends. */
function sortStatement(m: Model, n: Py): Site | null {
  if (n.type !== 'expression_statement') return null;
  const call = n.named[0];
  const f = call?.type === 'call' ? child(call, 'function') : undefined;
  const object = f?.type === 'attribute' && textOf(child(f, 'attribute') ?? f) === 'sort' ? child(f, 'object') : undefined;
  const v = variableOf(m, object);
  const { list, at } = siblings(n);
  const next = list[at + 1];
  if (!v || !object || !isLocal(v) || isCaptured(v) || child(call, 'arguments')?.named.length !== 0 || next?.type !== 'return_statement' || kindOf(m, object) !== 'list') return null;
  // The list must be known to nobody else, as it is left unsorted.
  if (v.uses.some((u) => u.kind === 'load' && u.node.start < n.start && !['attribute', 'subscript', 'comparison_operator', 'not_operator', 'if_statement'].includes(u.node.parent?.type ?? ''))) return null;
  const later = v.uses.filter((u) => u.node.start >= next.start && u.node.end <= next.end);
  const subscript = later[0]?.node.parent;
  if (later.length !== 1 || subscript?.type !== 'subscript' || !useOf(m, object)) return null;
  const pick = selection(m, { of: v.name, key: null, reverse: false }, subscript);
  return pick && site(m, `select without sorting \`${v.name}\` (line ${lineOf(n)})`, [...(pick.edits?.edits ?? []), remove(n), replace(subscript, pick.text)]);
}

