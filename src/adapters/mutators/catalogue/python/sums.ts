// Sums and extremes: builtins instead of loops, prefix sums instead of summing slices again.

import type { Site } from '../rewrite.ts';
import { assignment, bodyOf, child, children, comparison, contains, lineOf, plainArgs, type Py, siblings, textOf } from './ast.ts';
import { define } from './define.ts';
import { before, freshName, hoistPoint, imported, nameFor, oneLine, remove, replace, replaceLines, site } from './emit.ts';
import { suspends } from './effects.ts';
import { allBoundBefore, isInvariant } from './flow.ts';
import { isPure } from './purity.ts';
import { callee, isCaptured, kindOf, loopsAround, type Model, variableOf } from './model.ts';
import { isPath, orEmpty } from './membership.ts';
import { insideOtherLoop, loopNames } from './loops.ts';

const builtinFree = (m: Model, name: string): boolean => !m.names.module.dynamic && ![...m.names.scopes.values()].some((s) => s.bound.has(name));

/** A for loop whose body is one statement, with variables used only inside. */
function* tightLoops(m: Model, nodes: readonly Py[]): Generator<{ loop: Py; target: Py; iterable: Py; only: Py }> {
  for (const n of nodes) {
    if (n.type !== 'for_statement' || child(n, 'alternative') || n.kids.some((k) => k.type === 'async') || suspends(n) || /(^|\s)#/.test(textOf(n))) continue;
    const target = child(n, 'left');
    const iterable = child(n, 'right');
    const [only] = bodyOf(n);
    const ids = loopNames(target);
    if (!target || !iterable || !only || !ids || bodyOf(n).length !== 1 || children(n, 'right').length !== 1 || iterable.type === 'expression_list') continue;
    const inside = ids.every((id) => {
      const v = variableOf(m, id);
      return v?.scope.kind === 'function' && !isCaptured(v) && v.uses.every((u) => contains(n, u.node) || u.kind === 'store' || insideOtherLoop(u.node, v.name));
    });
    if (inside && n.parent?.type === 'block') yield { loop: n, target, iterable, only };
  }
}

export const builtinSum = define({
  id: 'py-builtin-sum',
  title: 'Adding up in a loop → sum()',
  assumes: 'numbers are added, and the order of rounding does not matter; slice bounds lie inside the list',
  *visit(m, _fn, nodes) {
    if (!builtinFree(m, 'sum')) return;
    for (const { loop, target, iterable, only } of tightLoops(m, nodes)) {
      let filter = '';
      let add: Py | undefined = only;
      if (only.type === 'if_statement' && children(only, 'alternative').length === 0 && bodyOf(only).length === 1) {
        const c = child(only, 'condition');
        if (!c || !isPure(m, c)) continue;
        filter = ` if ${c.type === 'conditional_expression' ? `(${textOf(c)})` : textOf(c)}`;
        add = bodyOf(only)[0];
      }
      const a = assignment(add);
      const v = variableOf(m, a?.left);
      if (!a || a.op !== '+=' || !v || v.scope.kind !== 'function' || isCaptured(v) || !['int', 'float'].includes(kindOf(m, a.left))) continue;
      if (['str', 'list', 'tuple'].includes(kindOf(m, a.right))) continue;
      if (!isPure(m, a.right) || v.uses.filter((u) => contains(loop, u.node)).length !== 1) continue;
      const text = oneLine(expression(m, target, iterable, a.right, filter));
      if (text !== null) yield site(m, `add up by sum() (line ${lineOf(loop)})`, [replaceLines(m, loop, [`${v.name} += ${text}`])]);
    }
  },
});

function expression(m: Model, target: Py, iterable: Py, item: Py, filter: string): string {
  const over = ['conditional_expression', 'lambda'].includes(iterable.type) ? `(${textOf(iterable)})` : textOf(iterable);
  if (filter === '' && item.type === 'identifier' && textOf(item) === textOf(target)) return `sum(${textOf(iterable)})`;
  if (item.type === 'integer' && filter !== '' && textOf(item) === '1') return `sum(1 for ${textOf(target)} in ${over}${filter})`;
  // xs[j] for j in range(a, b): a slice. Only where the bounds surely are inside: range(n), or range(i, i + k) of counters.
  const args = callee(m, iterable) === 'builtins.range' ? plainArgs(iterable) : null;
  const base = item.type === 'subscript' ? child(item, 'value') : undefined;
  if (filter === '' && args && base && args.length <= 2 && isPath(base) && target.type === 'identifier' && children(item, 'subscript').length === 1 && textOf(children(item, 'subscript')[0] ?? item) === textOf(target) && args.every((x) => isPure(m, x))) {
    return args.length === 1 && args[0] ? `sum(${textOf(base)}[0:${textOf(args[0])}])` : `sum(${textOf(base)}[${args.map(textOf).join(':')}])`;
  }
  return `sum(${textOf(item)} for ${textOf(target)} in ${over}${filter})`;
}

export const builtinExtreme = define({
  id: 'py-builtin-max',
  title: 'Keeping the largest or smallest in a loop → max() or min()',
  assumes: 'the order is total (no NaN)',
  *visit(m, _fn, nodes) {
    if (!builtinFree(m, 'max') || !builtinFree(m, 'min')) return;
    for (const { loop, target, iterable, only } of tightLoops(m, nodes)) {
      if (only.type !== 'if_statement' || children(only, 'alternative').length > 0 || target.type !== 'identifier') continue;
      const [set] = bodyOf(only);
      const a = assignment(set);
      const c = comparison(child(only, 'condition'));
      const v = variableOf(m, a?.left);
      if (!a || !c || a.op !== '=' || bodyOf(only).length !== 1 || !v || v.scope.kind !== 'function' || isCaptured(v) || !isPure(m, a.right)) continue;
      const flipped = textOf(c.left) === v.name && textOf(c.right) === textOf(a.right);
      if (!flipped && !(textOf(c.right) === v.name && textOf(c.left) === textOf(a.right))) continue;
      if ((c.op !== '>' && c.op !== '<') || v.uses.filter((u) => contains(loop, u.node)).length !== 2) continue;
      const name = (c.op === '>') === flipped ? 'min' : 'max';
      const items = textOf(a.right) === textOf(target) ? textOf(iterable) : `(${textOf(a.right)} for ${textOf(target)} in ${textOf(iterable)})`;
      const text = oneLine(`${v.name} = ${name}(${v.name}, ${name}(${items}, default=${v.name}))`);
      if (text !== null) yield site(m, `find the ${name === 'max' ? 'largest' : 'smallest'} by ${name}() (line ${lineOf(loop)})`, [replaceLines(m, loop, [text])]);
    }
  },
});

interface Slice {
  readonly base: Py;
  readonly from: string;
  readonly to: string | null;
}

/** `xs[a:b]` without a step and without negative literal bounds. */
function sliceOf(m: Model, n: Py | undefined): Slice | null {
  if (n?.type !== 'subscript') return null;
  const base = child(n, 'value');
  const [slice] = children(n, 'subscript');
  if (!base || slice?.type !== 'slice' || children(n, 'subscript').length !== 1 || !isPath(base) || !isPure(m, slice)) return null;
  const colons = slice.kids.filter((k) => k.type === ':');
  if (colons.length !== 1 || !colons[0]) return null;
  const colon = colons[0];
  const from = slice.named.find((k) => k.end <= colon.start);
  const to = slice.named.find((k) => k.start >= colon.end);
  if ([from, to].some((k) => k && /^-|-\s*1\s*$/.test(textOf(k)) && k === to && textOf(k).startsWith('-'))) return null;
  if (from && textOf(from).startsWith('-')) return null;
  return { base, from: from ? textOf(from) : '0', to: to ? textOf(to) : null };
}

/** `part = xs[a:b]` right before the statement with its only use: the slice, and the statement to drop. */
function namedSlice(m: Model, n: Py | undefined): { readonly slice: Slice; readonly stmt: Py } | null {
  const v = variableOf(m, n);
  const store = v?.uses.find((u) => u.kind === 'store')?.node;
  const stmt = store?.parent?.parent;
  const a = assignment(stmt ?? undefined);
  if (!n || !v || v.scope.kind !== 'function' || isCaptured(v) || v.uses.length !== 2 || !stmt || a?.op !== '=' || a.left !== store) return null;
  const { list, at } = siblings(stmt);
  const next = list[at + 1];
  if (!next || !contains(next, n) || !['expression_statement', 'return_statement', 'if_statement'].includes(next.type) || loopsAround(n).length !== loopsAround(stmt).length) return null;
  const slice = sliceOf(m, a.right);
  return slice && { slice, stmt };
}

export const prefixSums = define({
  id: 'py-prefix-sums',
  title: 'sum(xs[a:b]) in a loop → difference of prefix sums',
  assumes: 'numbers are added, and the order of rounding does not matter; slice bounds are not negative and in order',
  *visit(m, _fn, nodes) {
    const groups = new Map<string, { base: Py; stmt: Py; calls: { node: Py; slice: Slice; drop: Py | null }[] }>();
    for (const n of nodes) {
      if (callee(m, n) !== 'builtins.sum' || loopsAround(n).length === 0) continue;
      const args = plainArgs(n);
      const named = args?.length === 1 ? namedSlice(m, args[0]) : null;
      const slice = named ? named.slice : args?.length === 1 ? sliceOf(m, args[0]) : null;
      if (!slice) continue;
      const point = hoistPoint(n, (loop) => !suspends(loop) && isInvariant(m, slice.base, loop));
      if (!point || !allBoundBefore(m, slice.base, point.stmt)) continue;
      const key = `${textOf(slice.base)}@${point.stmt.start}`;
      const group = groups.get(key) ?? { base: slice.base, stmt: point.stmt, calls: [] };
      group.calls.push({ node: n, slice, drop: named?.stmt ?? null });
      groups.set(key, group);
    }
    for (const { base, stmt, calls } of groups.values()) {
      if (!builtinFree(m, 'min')) continue;
      const accumulate = imported(m, stmt, 'itertools', 'accumulate');
      const name = freshName(m, `${nameFor(base)}_prefix`);
      const size = freshName(m, `${nameFor(base)}_size`, [name]);
      const bound = (t: string): string => (/^\d+$/.test(t) && t === '0' ? '0' : `min(${t}, ${size})`);
      const term = (s: Slice): string => `${name}[${s.to === null ? '-1' : bound(s.to)}]${s.from === '0' ? '' : ` - ${name}[${bound(s.from)}]`}`;
      yield accumulate &&
        site(m, `sum slices of \`${textOf(base)}\` by prefix sums (line ${lineOf(stmt)})`, [
          ...accumulate.edits,
          before(m, stmt, [`${name} = [0, *${accumulate.text}(${orEmpty(m, base)})]`, `${size} = len(${name}) - 1`]),
          ...calls.flatMap((c) => (c.drop ? [remove(c.drop)] : [])),
          ...calls.map((c) => replace(c.node, c.slice.from === '0' && !(c.node.parent?.type === 'attribute') ? term(c.slice) : `(${term(c.slice)})`)),
        ]);
    }
  },
});

export const prefixExtreme = define({
  id: 'py-prefix-max',
  title: 'max(xs[:i]) or max(xs[i:]) in a loop → running maximum computed once',
  assumes: 'the slice is not empty, its bound not negative, and the order is total',
  *visit(m, _fn, nodes) {
    for (const n of nodes) {
      const path = callee(m, n);
      if ((path !== 'builtins.max' && path !== 'builtins.min') || loopsAround(n).length === 0) continue;
      const args = plainArgs(n);
      const slice = args?.length === 1 ? sliceOf(m, args[0]) : null;
      if (!slice || (slice.from === '0') === (slice.to === null)) continue;
      const point = hoistPoint(n, (loop) => !suspends(loop) && isInvariant(m, slice.base, loop));
      if (!point || !allBoundBefore(m, slice.base, point.stmt)) continue;
      yield running(m, n, slice, point.stmt, path.slice('builtins.'.length));
    }
  },
});

function running(m: Model, n: Py, slice: Slice, stmt: Py, name: string): Site | null {
  const accumulate = imported(m, stmt, 'itertools', 'accumulate');
  const base = textOf(slice.base);
  const front = slice.from === '0';
  const table = freshName(m, `${nameFor(slice.base)}_${name}_${front ? 'until' : 'from'}`);
  if (!accumulate) return null;
  const build = front ? `${table} = list(${accumulate.text}(${base}, ${name}))` : `${table} = list(${accumulate.text}(reversed(${base}), ${name}))[::-1]`;
  const plusOne = front && slice.to !== null ? /^(\w+)\s*\+\s*1$/.exec(slice.to)?.[1] : undefined;
  const index = front ? (plusOne ?? `${slice.to ?? ''} - 1`) : slice.from;
  // A bound past the end means the whole list: the last entry of the table.
  const text = front ? `${table}[min(${index}, len(${table}) - 1)]` : `${table}[${index}]`;
  return builtinFree(m, 'min') ? site(m, `keep the running ${name} of \`${base}\` (line ${lineOf(n)})`, [...accumulate.edits, before(m, stmt, [build]), replace(n, text)]) : null;
}

