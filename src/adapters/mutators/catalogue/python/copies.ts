// Copies that nobody needs: lists made only to be read once, dict views turned to lists, deep copies of flat data.

import { child, children, comparison, descend, lineOf, plainArgs, type Py, strip, textOf } from './ast.ts';
import { define } from './define.ts';
import { replace, site } from './emit.ts';
import { sameContent } from './flow.ts';
import { isPure } from './purity.ts';
import { callee, kindOf, type Model, pathOf, variableOf } from './model.ts';
import { isPath } from './membership.ts';

/** The sole argument of a call of a builtin. */
function soleArg(m: Model, n: Py | undefined, names: readonly string[]): Py | null {
  const path = callee(m, n);
  const args = n ? plainArgs(n) : null;
  return n && path !== undefined && names.includes(path.replace('builtins.', '')) && path.startsWith('builtins.') && args?.length === 1 ? (args[0] ?? null) : null;
}

/** `d.keys()` without arguments: its dict. */
function keysOf(n: Py | undefined): Py | null {
  const f = n?.type === 'call' ? child(n, 'function') : undefined;
  return f?.type === 'attribute' && textOf(child(f, 'attribute') ?? f) === 'keys' && child(n, 'arguments')?.named.length === 0 ? (child(f, 'object') ?? null) : null;
}

/** `xs[:]` or `xs.copy()` or `list(xs)`: what is copied. */
function copied(m: Model, n: Py): Py | null {
  const x = strip(n);
  const listed = soleArg(m, x, ['list', 'tuple']);
  if (listed) return listed;
  if (x.type === 'subscript') {
    const value = child(x, 'value');
    return value && /^\[\s*:\s*\]$/.test(m.module.text.slice(value.end, x.end)) ? value : null;
  }
  return null;
}

export const needlessCopy = define({
  id: 'py-needless-copy',
  title: 'Copy made only to be read → the original',
  assumes: 'functions called in the loop do not change what is iterated, and keys() is that of a dict',
  *visit(m, _fn, nodes) {
    for (const n of nodes) {
      const c = comparison(n);
      if (c && (c.op === 'in' || c.op === 'not in')) {
        const keys = keysOf(c.right) ?? keysOf(soleArg(m, c.right, ['list', 'tuple', 'set']) ?? undefined);
        const copy = keys ?? (copied(m, c.right) && kindOf(m, copied(m, c.right) ?? undefined) !== 'iterator' && kindOf(m, copied(m, c.right) ?? undefined) !== 'str' ? copied(m, c.right) : null);
        if (copy && (keys || isPath(copy)) && (keys || kindOf(m, copy) !== 'unknown')) yield site(m, `test membership in \`${textOf(copy)}\` itself (line ${lineOf(n)})`, [replace(c.right, textOf(copy))]);
        continue;
      }
      if (n.type === 'for_statement' || n.type === 'for_in_clause') {
        const right = child(n, 'right');
        const source = right ? copied(m, right) : null;
        if (!right || !source || children(n, 'right').length !== 1) continue;
        const body = n.type === 'for_statement' ? n : n.parent;
        if (body && steady(m, source, body)) yield site(m, `iterate over \`${textOf(source)}\` without a copy (line ${lineOf(n)})`, [replace(right, textOf(source))]);
        continue;
      }
      const inner = soleArg(m, n, ['sorted', 'sum', 'min', 'max', 'set', 'frozenset', 'any', 'all', 'len', 'tuple', 'list']);
      const name = textOf(child(n, 'function') ?? n);
      if (inner && !(n.parent?.type === 'argument_list' && callee(m, n.parent.parent ?? undefined) === undefined)) {
        const source = soleArg(m, inner, ['list', 'tuple']);
        if (source && (name !== 'len' || ['list', 'tuple', 'set', 'dict', 'str', 'range'].includes(kindOf(m, source))) && source.type !== 'generator_expression') yield site(m, `no list in between (line ${lineOf(n)})`, [replace(inner, textOf(source))]);
      }
    }
  },
});

/** A comprehension without its brackets, and without the lines on which they stood alone; a comment would swallow what follows it. */
function unbracketed(text: string): string {
  const inner = text.slice(1, -1);
  return inner.includes('#') ? inner : inner.trim();
}

/** Whether a collection, or a view of one, stays the same while the loop runs. */
function steady(m: Model, source: Py, loop: Py): boolean {
  const ids = descend(source).filter((k) => k.type === 'identifier' && variableOf(m, k));
  if (!isPure(m, source) || source.type === 'generator_expression') return false;
  // A path of attributes or an iterator over something else is not followed.
  if (!(source.type === 'identifier' || (source.type === 'call' && /^\w+\.(keys|values|items)\(\)$/.test(textOf(source))) || ['map', 'filter', 'zip', 'enumerate', 'reversed'].some((b) => callee(m, source) === `builtins.${b}`))) return false;
  if (source.type === 'identifier' && ['unknown', 'iterator'].includes(kindOf(m, source)) && !variableOf(m, source)?.uses.some((u) => u.kind === 'param')) return false;
  return ids.every((k) => {
    const v = variableOf(m, k);
    return !v || (v.scope.kind === 'module' && pathOf(m, k) !== undefined) || (v.scope.kind === 'function' && sameContent(m, v, loop));
  });
}

export const lazyArgument = define({
  id: 'py-lazy-argument',
  title: 'List comprehension for any, all, set, dict, count → evaluated lazily or directly',
  assumes: 'evaluating fewer elements makes no difference: the element expression has no effects and does not fail',
  *visit(m, _fn, nodes) {
    for (const n of nodes) {
      const quick = soleArg(m, n, ['any', 'all']);
      if (quick?.type === 'list_comprehension' && isPure(m, quick)) yield site(m, `let ${textOf(child(n, 'function') ?? n)}() stop early (line ${lineOf(n)})`, [replace(quick, unbracketed(textOf(quick)))]);
      const direct = soleArg(m, n, ['set']);
      if (direct?.type === 'list_comprehension' || (direct?.type === 'generator_expression' && direct.parent === n)) yield site(m, `build the set directly (line ${lineOf(n)})`, [replace(n, `{${textOf(direct).slice(1, -1)}}`)]);
      // len([x for x in xs if c]) > 0 → any(…)
      const c = comparison(n);
      const counted = c ? soleArg(m, c.left, ['len']) : null;
      if (c && counted?.type === 'list_comprehension' && isPure(m, counted)) {
        const op = `${c.op}${textOf(c.right)}`;
        const some = ['>0', '!=0', '>=1'].includes(op);
        const none = ['==0', '<1', '<=0'].includes(op);
        const clauses = counted.named.slice(1).map(textOf).join(' ');
        if ((some || none) && pathOf(m, child(c.left, 'function')) === 'builtins.len' && !m.names.module.dynamic && ![...m.names.scopes.values()].some((s) => s.bound.has('any'))) yield site(m, `stop at the first match (line ${lineOf(n)})`, [replace(n, `${none ? 'not ' : ''}any(True ${clauses})`)]);
      }
    }
  },
});

export const shallowCopy = define({
  id: 'py-deepcopy',
  title: 'copy.deepcopy of a table → copies of its rows',
  assumes: 'it is a list of lists of values that do not change (numbers, strings), or a list of such values',
  *visit(m, _fn, nodes) {
    for (const n of nodes) {
      if (callee(m, n) !== 'copy.deepcopy') continue;
      const [source] = plainArgs(n) ?? [];
      if (!source || !isPath(source) || plainArgs(n)?.length !== 1) continue;
      // The variables that show how deep the data is: the source, and what the copy is bound to.
      const target = n.parent?.type === 'assignment' ? child(n.parent, 'left') : undefined;
      const depths = [source, ...(target ? [target] : [])].flatMap((x) => {
        const v = variableOf(m, x);
        return v ? v.uses.flatMap((u) => (u.kind === 'load' ? depthOf(u.node) : [])) : [];
      });
      const depth = Math.max(0, ...depths);
      const odd = [source, ...(target ? [target] : [])].some((x) => variableOf(m, x)?.uses.some((u) => u.kind === 'load' && dictLike(m, u.node)));
      if (odd || ['dict', 'set'].includes(kindOf(m, source))) continue;
      const row = unusedName(m, 'row');
      const flat = /\[\s*(int|float|str|bool)\s*\]/.test(annotationOf(m, source));
      if (depth === 2 && row !== null) yield site(m, `copy the rows of \`${textOf(source)}\` only (line ${lineOf(n)})`, [replace(n, `[list(${row}) for ${row} in ${textOf(source)}]`)]);
      else if (depth === 1 && flat) yield site(m, `copy \`${textOf(source)}\` flatly (line ${lineOf(n)})`, [replace(n, `list(${textOf(source)})`)]);
    }
  },
});

function annotationOf(m: Model, n: Py): string {
  const param = variableOf(m, n)?.uses.find((u) => u.kind === 'param')?.node.parent;
  const type = param ? child(param, 'type') : undefined;
  return type ? textOf(type) : '';
}

/** How many subscripts in a row stand on an identifier; 9 when something else is done to an element. */
function depthOf(id: Py): number {
  let n = id;
  let depth = 0;
  while (n.parent?.type === 'subscript' && n.field === 'value' && children(n.parent, 'subscript')[0]?.type !== 'slice') {
    n = n.parent;
    depth++;
  }
  return depth > 0 && n.parent?.type === 'attribute' ? (depth === 1 ? 2 : 9) : depth;
}

/** Subscripts by strings, or a dict's methods. */
function dictLike(m: Model, id: Py): boolean {
  const p = id.parent;
  if (p?.type === 'attribute') return ['items', 'keys', 'values', 'get', 'setdefault', 'update', 'add'].includes(textOf(child(p, 'attribute') ?? p));
  return p?.type === 'subscript' && id.field === 'value' && [children(p, 'subscript')[0], p.parent?.type === 'subscript' && p.field === 'value' ? children(p.parent, 'subscript')[0] : undefined].some((s) => s !== undefined && kindOf(m, s) === 'str');
}

/** A name for a comprehension's variable: its scope is its own, but it must not be one that the source reads. */
function unusedName(m: Model, base: string): string | null {
  for (let i = 1; i < 9; i++) {
    const name = i === 1 ? base : `${base}_${i}`;
    if (!new RegExp(`\\b${name}\\b`).test(m.module.text)) return name;
  }
  return null;
}

