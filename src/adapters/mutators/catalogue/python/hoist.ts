// Work that is the same in every turn of a loop, done once before it.

import { binary, child, children, descend, isComprehension, lineOf, plainArgs, type Py, strip, textOf } from './ast.ts';
import { define } from './define.ts';
import { before, freshName, hoistPoint, nameFor, oneLine, replace, site } from './emit.ts';
import { changedAttributes, effectOf, suspends } from './effects.ts';
import { allBoundBefore, isInvariant, sameContent } from './flow.ts';
import { isPure } from './purity.ts';
import { callee, kindOf, loopsAround, mayBeNone, type Model, pathOf, useOf, variableOf } from './model.ts';
import { costly } from './memo.ts';
import { isPath } from './membership.ts';

const cheap = new Set(['range', 'enumerate', 'zip', 'reversed', 'isinstance', 'issubclass', 'type', 'id', 'slice', 'bool', 'int', 'float', 'abs', 'chr', 'ord', 'callable', 'hash'].map((x) => `builtins.${x}`));
const textMethods = new Set(['lower', 'upper', 'strip', 'lstrip', 'rstrip', 'split', 'rsplit', 'splitlines', 'join', 'replace', 'count', 'index', 'find', 'format', 'title', 'casefold', 'encode', 'decode', 'translate', 'union', 'intersection', 'difference']);

/** Whether doing this once is worth a variable. */
function worthwhile(m: Model, n: Py): boolean {
  if (n.type === 'subscript') return children(n, 'subscript').some((s) => s.type === 'slice') && !isTargetOrBase(n);
  if (isComprehension(n)) return n.type !== 'generator_expression';
  if (n.type === 'binary_operator') {
    const b = binary(n);
    return b?.op === '**' && b.left.type !== 'integer';
  }
  if (n.type !== 'call') return false;
  const path = callee(m, n);
  if (path !== undefined) return path.startsWith('itertools.') ? false : !cheap.has(path) && (isPure(m, n) || false);
  const f = child(n, 'function');
  if (f?.type === 'attribute') return textMethods.has(textOf(child(f, 'attribute') ?? f));
  return f?.type === 'identifier' && costly(m, f);
}

const isTargetOrBase = (n: Py): boolean => (n.field === 'left' && n.parent?.type !== 'binary_operator') || n.parent?.type === 'delete_statement' || n.parent?.type === 'pattern_list';

/** Whether the value may be shared between turns: it cannot be changed, or nothing changes or keeps it. */
function shareable(m: Model, n: Py): boolean {
  if (['int', 'float', 'bool', 'str', 'bytes', 'tuple'].includes(kindOf(m, n))) return true;
  const path = callee(m, n);
  if (path !== undefined && (path.startsWith('math.') || ['re.compile', 'builtins.sum', 'builtins.min', 'builtins.max', 'builtins.round', 'builtins.pow', 'builtins.divmod', 'builtins.frozenset'].includes(path))) return true;
  if (n.type === 'call' && child(n, 'function')?.type === 'identifier' && path === undefined) return true;
  if (n.type === 'binary_operator') return true;
  if (kindOf(m, n) === 'iterator') return false;
  const effect = effectOf(m, { node: n, kind: 'load', scope: m.names.module });
  if (effect === 'read') return true;
  if (effect !== 'alias' || n.parent?.type !== 'assignment') return false;
  const v = variableOf(m, child(n.parent, 'left'));
  return v?.scope.kind === 'function' && v.uses.every((u) => u.kind === 'store' || (u.kind === 'load' && effectOf(m, u) === 'read'));
}

export const invariantCall = define({
  id: 'py-hoist-invariant',
  title: 'Call with the same arguments in every turn → computed once before the loop',
  assumes: 'the call does not fail where the loop would not have reached it, and functions called in the loop do not change what it reads',
  *visit(m, _fn, nodes) {
    const groups = new Map<string, { expr: Py; stmt: Py; uses: Py[] }>();
    const taken: Py[] = [];
    for (const n of nodes) {
      if (taken.some((t) => t.start <= n.start && n.end <= t.end)) continue;
      if (!worthwhile(m, n) || loopsAround(n).length === 0) continue;
      const point = hoistPoint(n, (loop) => !suspends(loop) && isInvariant(m, n, loop));
      if (!point || !allBoundBefore(m, n, point.stmt) || !shareable(m, n)) continue;
      if (callee(m, n) !== 're.compile' && !descend(n).some((k) => k.type === 'identifier' && variableOf(m, k)?.scope.kind === 'function')) continue;
      if (conditional(n, point.loop) && !safe(m, n)) continue;
      taken.push(n);
      const key = `${textOf(n)}@${point.stmt.start}`;
      const group = groups.get(key) ?? { expr: n, stmt: point.stmt, uses: [] };
      group.uses.push(n);
      groups.set(key, group);
    }
    for (const { expr, stmt, uses } of groups.values()) {
      const f = child(expr, 'function');
      const base = f ? `${nameFor(f).split('_').slice(-1).join('')}_${plainArgs(expr)?.[0] ? nameFor(plainArgs(expr)?.[0] ?? f) : 'value'}` : `${nameFor(expr)}_part`;
      const name = freshName(m, base);
      const text = oneLine(guarded(m, expr));
      yield text === null ? null : site(m, `compute \`${short(expr)}\` once before the loop (line ${lineOf(stmt)})`, [before(m, stmt, [`${name} = ${text}`]), ...uses.map((u) => replace(u, name))]);
    }
  },
});

/** Whether it can be evaluated though the loop may not come to it: nothing is looked up that a condition may have tested. */
function safe(m: Model, n: Py): boolean {
  return descend(n).every((k) => {
    if (k.type === 'subscript') return children(k, 'subscript').some((s) => s.type === 'slice');
    const v = variableOf(m, k);
    return v === undefined || !mayBeNone(v);
  });
}

const short = (n: Py): string => (textOf(n).length > 40 ? `${textOf(n).slice(0, 37)}…` : textOf(n)).replace(/\s+/g, ' ');

/** min and max of nothing fail: before a loop that may have no turns they must not. */
function guarded(m: Model, n: Py): string {
  const path = callee(m, n);
  const args = plainArgs(n);
  const list = child(n, 'arguments');
  if ((path === 'builtins.min' || path === 'builtins.max') && args?.length === 1 && args[0] && list) {
    const arg = textOf(args[0]);
    return `${textOf(child(n, 'function') ?? n)}(${arg.startsWith('(') && list.type === 'generator_expression' ? arg : arg.includes(' for ') && args[0].type === 'generator_expression' ? `(${arg.replace(/^\(|\)$/g, '')})` : arg}, default=None)`;
  }
  return textOf(n);
}

export const rowHoist = define({
  id: 'py-hoist-row',
  title: 'm[i][j] in a loop over j → row bound before the loop',
  assumes: 'm[i] exists also where the inner loop has no turns, and functions called in the loop do not replace it',
  *visit(m, _fn, nodes) {
    const groups = new Map<string, { row: Py; stmt: Py; uses: Py[]; sure: boolean }>();
    for (const n of nodes) {
      if (n.type !== 'subscript' || n.field !== 'value' || n.parent?.type !== 'subscript' || loopsAround(n).length === 0) continue;
      const base = child(n, 'value');
      const index = children(n, 'subscript');
      const [i] = index;
      if (!base || !i || index.length !== 1 || i.type === 'slice' || !isPath(base) || !isPure(m, i)) continue;
      if (kindOf(m, base) === 'dict') continue;
      const root = descend(base).find((k) => k.type === 'identifier' && k.field !== 'attribute') ?? base;
      const v = variableOf(m, root);
      if (!v) continue;
      const point = hoistPoint(n, (loop) => {
        if (suspends(loop) || !isInvariant(m, i, loop)) return false;
        return base.type === 'identifier' ? sameContent(m, v, loop, ['mutate', 'escape']) && !replacesRow(m, base, loop) : isInvariant(m, base, loop) && !changedAttributes(loop).has(textOf(base).split('.').at(-1) ?? '');
      });
      if (!point || !allBoundBefore(m, n, point.stmt)) continue;
      const key = `${textOf(n)}@${point.stmt.start}`;
      const group = groups.get(key) ?? { row: n, stmt: point.stmt, uses: [], sure: i.type === 'identifier' || i.type === 'integer' };
      group.uses.push(n);
      // A computed index may be tested before it is used.
      if (!conditional(n, point.loop)) group.sure = true;
      groups.set(key, group);
    }
    for (const { row, stmt, uses, sure } of groups.values()) {
      if (!sure) continue;
      const name = freshName(m, `${nameFor(child(row, 'value') ?? row)}_row`);
      yield site(m, `bind \`${textOf(row)}\` once before the loop (line ${lineOf(stmt)})`, [before(m, stmt, [`${name} = ${textOf(row)}`]), ...uses.map((u) => replace(u, name))]);
    }
  },
});

/** `m[k] = …` with m by any of its names in the loop. */
function replacesRow(m: Model, base: Py, loop: Py): boolean {
  const v = variableOf(m, base);
  return descend(loop).some((n) => n.type === 'subscript' && n.field === 'left' && n.parent?.type !== 'binary_operator' && variableOf(m, strip(child(n, 'value') ?? n)) === v);
}

export const attributeHoist = define({
  id: 'py-hoist-attribute',
  title: 'Attribute read in every turn → local name',
  assumes: 'the attribute is plain data or a module’s function, and functions called in the loop do not set it',
  *visit(m, _fn, nodes) {
    const groups = new Map<string, { attribute: Py; stmt: Py; uses: Py[] }>();
    for (const n of nodes) {
      if (n.type !== 'attribute' || loopsAround(n).length === 0 || n.parent?.type === 'attribute') continue;
      if ((n.field === 'left' && n.parent?.type !== 'binary_operator') || n.parent?.type === 'delete_statement' || n.parent?.type === 'pattern_list') continue;
      const object = child(n, 'object');
      if (object?.type !== 'identifier' || !useOf(m, object)) continue;
      const path = pathOf(m, n);
      const ofModule = path !== undefined && !path.startsWith('builtins.');
      // A method found on an object is bound to it: left alone.
      if (!ofModule && n.field === 'function') continue;
      const point = hoistPoint(n, (loop) => !suspends(loop) && (ofModule || isInvariant(m, n, loop)));
      if (!point || !allBoundBefore(m, n, point.stmt)) continue;
      if (!ofModule && conditional(n, point.loop)) continue;
      const key = `${textOf(n)}@${point.stmt.start}`;
      const group = groups.get(key) ?? { attribute: n, stmt: point.stmt, uses: [] };
      group.uses.push(n);
      groups.set(key, group);
    }
    for (const { attribute, stmt, uses } of groups.values()) {
      const name = freshName(m, `${textOf(child(attribute, 'attribute') ?? attribute)}_local`);
      yield site(m, `bind \`${textOf(attribute)}\` to a local name (line ${lineOf(stmt)})`, [before(m, stmt, [`${name} = ${textOf(attribute)}`]), ...uses.map((u) => replace(u, name))]);
    }
  },
});

/** Whether the node is evaluated only under a condition inside the loop. */
function conditional(n: Py, loop: Py): boolean {
  let from = n;
  for (let p = n.parent; p && p !== loop; from = p, p = p.parent) {
    if (p.type === 'if_statement' && from.field !== 'condition') return true;
    if (p.type === 'boolean_operator' && from.field === 'right') return true;
    if (p.type === 'conditional_expression' && p.named[1] !== from) return true;
    if (p.type === 'try_statement' || p.type === 'if_clause' || p.type === 'match_statement') return true;
  }
  // Not the first thing of a comprehension: its conditions come before its body.
  return isComprehension(loop) && loop.named.some((k) => k.type === 'if_clause');
}
