// Repeated calls with the same arguments: remembered for the time of one outer call, never longer.

import type { Edit, Site } from '../rewrite.ts';
import { child, descend, functionAround, isComprehension, lineOf, plainArgs, type Py, strip, textOf } from './ast.ts';
import { define } from './define.ts';
import { before, freshName, hoistPoint, imported, indentOf, replace, site, substitute, unitOf } from './emit.ts';
import { suspends } from './effects.ts';
import { isPureBody, isPureFunction } from './purity.ts';
import { type Kind, kindOf, loopsAround, type Model, moduleFunction, variableOf } from './model.ts';

/** The names of plain parameters, or null when there are others (`*args`, keyword-only …). */
export function plainParameters(fn: Py): Py[] | null {
  const out: Py[] = [];
  for (const p of child(fn, 'parameters')?.named ?? []) {
    const id = p.type === 'identifier' ? p : p.type === 'typed_parameter' ? p.named[0] : p.type === 'default_parameter' || p.type === 'typed_default_parameter' ? child(p, 'name') : undefined;
    if (id?.type !== 'identifier') return null;
    out.push(id);
  }
  return out;
}

/** A function's calls of itself: by its name, or by `self.name` for a method. */
export interface Recursion {
  readonly name: string;
  readonly parameters: readonly Py[];
  readonly calls: readonly { readonly node: Py; readonly args: readonly Py[] }[];
  /** For each parameter, whether every call passes it on as it is. */
  readonly passedOn: readonly boolean[];
}

export function recursionOf(m: Model, fn: Py): Recursion | null {
  const id = child(fn, 'name');
  const all = plainParameters(fn);
  if (!id || !all || fn.kids.some((k) => k.type === 'async')) return null;
  const own = variableOf(m, id);
  const holder = fn.parent?.type === 'decorated_definition' ? fn.parent.parent : fn.parent;
  const method = holder?.type === 'block' && holder.parent?.type === 'class_definition';
  const decorators = fn.parent?.type === 'decorated_definition' ? fn.parent.named.filter((k) => k.type === 'decorator').map(textOf) : [];
  if (decorators.some((d) => /cache|memo|property|staticmethod|classmethod/.test(d))) return null;
  const self = method ? all[0] : undefined;
  if (method && !self) return null;
  const parameters = self ? all.slice(1) : all;
  const calls: { node: Py; args: readonly Py[] }[] = [];
  for (const n of descend(fn)) {
    if (n.type === 'identifier' && !method && variableOf(m, n) === own && n !== id && n.field !== 'function') return null; // passed around
    if (n.type !== 'call') continue;
    const f = child(n, 'function');
    const hit = self ? f?.type === 'attribute' && textOf(f) === `${textOf(self)}.${textOf(id)}` && variableOf(m, child(f, 'object')) === variableOf(m, self) : variableOf(m, f) === own && own !== undefined;
    if (!hit) continue;
    const args = plainArgs(n);
    if (!args || args.length !== parameters.length || functionAround(n) !== fn) return null;
    calls.push({ node: n, args });
  }
  if (own && !method && own.uses.filter((u) => u.kind !== 'load').length !== 1) return null;
  const passedOn = parameters.map((p, i) => {
    const v = variableOf(m, p);
    return v?.uses.every((u) => u.kind === 'load' || u.kind === 'param') === true && calls.every((c) => variableOf(m, c.args[i]) === v);
  });
  return { name: textOf(id), parameters, calls, passedOn };
}

/** Indents all lines but the first by one more unit. Null when a string runs over lines. */
export function indentMore(nodes: readonly Py[], text: string, unit: string): string | null {
  for (const n of nodes) for (const d of descend(n)) if ((d.type === 'string' || d.type === 'concatenated_string') && textOf(d).includes('\n')) return null;
  return text.replace(/\n(?=[ \t]*[^\s])/g, `\n${unit}`);
}

/** The body of a function after its docstring. */
export function bodyAfterDoc(fn: Py): readonly Py[] {
  const list = child(fn, 'body')?.named ?? [];
  return list[0]?.type === 'expression_statement' && list[0].named[0]?.type === 'string' ? list.slice(1) : list;
}

export const memoRecursion = define({
  id: 'py-memo-recursion',
  title: 'Pure recursion → results remembered during the outer call',
  assumes: 'the arguments that vary (or the items of those that are sliced) are hashable, reading attributes has no effects, and what it reads outside itself does not change during the outer call',
  *visit(m, fn, nodes) {
    yield memoize(m, fn, nodes);
  },
});

function memoize(m: Model, fn: Py, nodes: readonly Py[]): Site | null {
  const r = recursionOf(m, fn);
  if (!r || r.calls.length === 0 || (r.calls.length === 1 && !r.calls.some((c) => loopsAround(c.node).length > 0))) return null;
  if (!isPureBody(m, m, fn, (call) => r.calls.some((c) => c.node === call))) return null;
  const varying = r.parameters.filter((_, i) => r.passedOn[i] === false);
  if (varying.length === 0) return null;
  const kinds = (p: Py): Kind[] => [kindOf(m, p), ...r.calls.map((c) => kindOf(m, c.args[r.parameters.indexOf(p)]))];
  if (varying.some((p) => kinds(p).some((k) => k === 'dict' || k === 'set' || k === 'iterator' || k === 'deque'))) return null;
  // Lists are no keys, but their items in a tuple are. What is sliced may be one.
  const isSequence = (p: Py): boolean => !kinds(p).includes('str') && (kinds(p).includes('list') || r.calls.some((c) => isSlice(c.args[r.parameters.indexOf(p)])));
  if (nodes.some((n) => n.type === 'lambda')) return null;
  const body = bodyAfterDoc(fn);
  const [first] = body;
  const last = body.at(-1);
  const indent = first ? indentOf(first) : null;
  if (!first || !last || indent === null || nodes.some((n) => n.type === 'identifier' && variableOf(m, n)?.scope.kind === 'function' && variableOf(m, n)?.scope.node !== fn && !isComprehension(variableOf(m, n)?.scope.node ?? n))) return null;
  const inner = freshName(m, `${r.name}_memo`);
  const memo = freshName(m, 'memo', [inner]);
  const key = freshName(m, 'key', [inner, memo]);
  const keys = varying.map((p) => (isSequence(p) ? `tuple(${textOf(p)})` : textOf(p)));
  const keyText = keys.length === 1 ? (keys[0] ?? '') : `(${keys.join(', ')})`;
  if (keyText.includes('tuple(') && [...m.names.scopes.values()].some((s) => s.bound.has('tuple'))) return null;
  // From the inside out: a call within another's arguments, a call within a return.
  const render = (n: Py): string => {
    const call = r.calls.find((c) => c.node === n);
    if (call) return `${inner}(${call.args.flatMap((a, i) => (r.passedOn[i] === true ? [] : [render(a)])).join(', ')})`;
    if (n.type === 'return_statement' && n.named[0]) {
      const value = render(n.named[0]);
      if (['identifier', 'integer', 'true', 'false', 'none', 'float', 'string'].includes(n.named[0].type)) return `return ${n.named[0].type === 'identifier' ? `${memo}.setdefault(${key}, ${value})` : value}`;
      return `return ${memo}.setdefault(${key}, ${n.named[0].type === 'expression_list' ? `(${value})` : value})`;
    }
    return substitute(n, new Map(n.kids.map((k) => [k, render(k)])));
  };
  const unit = unitOf(m, indent);
  let text = '';
  let at = first.start;
  for (const s of body) {
    text += s.source.slice(at, s.start) + render(s);
    at = s.end;
  }
  const shifted = indentMore(body, text, unit);
  if (shifted === null) return null;
  const eol = m.module.eol;
  const i1 = eol + indent;
  const i2 = i1 + unit;
  const names = varying.map(textOf).join(', ');
  const replacement =
    `${memo} = {}${i1}def ${inner}(${names}):${i2}${key} = ${keyText}${i2}if ${key} in ${memo}:${i2}${unit}return ${memo}[${key}]${i2}` + shifted + `${i1}return ${inner}(${names})`;
  return site(m, `remember the results of the recursion in \`${r.name}\` (line ${lineOf(fn)})`, [{ start: first.start, end: last.end, text: replacement }]);
}

/** A slice, or slices added up. */
function isSlice(n: Py | undefined): boolean {
  if (!n) return false;
  const x = strip(n);
  if (x.type === 'binary_operator') return x.named.some(isSlice);
  return x.type === 'subscript' && x.kids.some((k) => k.field === 'subscript' && k.type === 'slice');
}

export const memoCalls = define({
  id: 'py-memo-calls',
  title: 'Pure function called in a loop → results remembered',
  assumes: 'the arguments are hashable, equal arguments give equal results, and nobody changes a returned object',
  *visit(m, fn, nodes) {
    const groups = new Map<string, { stmt: Py; callee: Py; uses: Py[] }>();
    for (const n of nodes) {
      const f = n.type === 'call' ? child(n, 'function') : undefined;
      const args = f?.type === 'identifier' ? plainArgs(n) : null;
      const v = variableOf(m, f);
      if (!f || !args || args.length === 0 || v?.scope.kind !== 'module' || !costly(m, f)) continue;
      if (textOf(f) === textOf(child(fn, 'name') ?? fn) || args.some((a) => ['list', 'dict', 'set', 'iterator'].includes(kindOf(m, a)))) continue;
      const helper = moduleFunction(m, v);
      if (helper && (plainParameters(helper.fn) ?? []).some((p) => ['list', 'dict', 'set'].includes(kindOf({ ...m, names: helper.names }, p)))) continue;
      const point = hoistPoint(n, (loop) => !suspends(loop));
      if (!point) continue;
      const key = `${textOf(f)}@${point.stmt.start}`;
      const group = groups.get(key) ?? { stmt: point.stmt, callee: f, uses: [] };
      group.uses.push(f);
      groups.set(key, group);
    }
    for (const { stmt, callee, uses } of groups.values()) {
      const cache = imported(m, stmt, 'functools', 'lru_cache');
      const name = freshName(m, `${textOf(callee)}_memo`);
      const edits: (Edit | null)[] = [...(cache?.edits ?? []), before(m, stmt, [`${name} = ${cache?.text ?? ''}(maxsize=None)(${textOf(callee)})`]), ...uses.map((u) => replace(u, name))];
      yield cache && site(m, `remember the results of \`${textOf(callee)}\` during the loop (line ${lineOf(stmt)})`, edits);
    }
  },
});

/** Whether a module function is pure, has a loop or a recursion inside, and does not hand out a new container. */
export function costly(m: Model, f: Py): boolean {
  const v = variableOf(m, f);
  const found = v ? moduleFunction(m, v) : null;
  if (!v || !found || !isPureFunction(m, v)) return false;
  const own: Model = { ...m, names: found.names };
  const all = descend(found.fn);
  const works = all.some((n) => n.type === 'for_statement' || n.type === 'while_statement' || isComprehension(n) || (n.type === 'call' && textOf(child(n, 'function') ?? n) === v.name));
  const changeable = (k: Py): boolean => ['list', 'dict', 'set', 'iterator', 'deque'].includes(kindOf(own, k)) || ((k.type === 'expression_list' || k.type === 'tuple') && k.named.some(changeable));
  const makes = all.some((n) => n.type === 'return_statement' && n.named.some(changeable));
  return works && !makes;
}
