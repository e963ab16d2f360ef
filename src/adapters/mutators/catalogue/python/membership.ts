// Membership tests, counts and positions in lists: from a scan for each test to a hash lookup.

import type { Edit, Site } from '../rewrite.ts';
import { assignment, child, comparison, descend, lineOf, methodCall, type Py, strip, textOf } from './ast.ts';
import { define } from './define.ts';
import { after, before, freshName, hoistPoint, imported, nameFor, replace, site } from './emit.ts';
import { effectOf, suspends } from './effects.ts';
import { allBoundBefore, isInvariant } from './flow.ts';
import { isCaptured, isLocal, kindOf, loopsAround, mayBeNone, type Model, variableOf } from './model.ts';
import type { Variable } from './scope.ts';

/** A name or a path of attributes: cheap to read twice and without effects. */
export function isPath(n: Py): boolean {
  return n.type === 'identifier' || (n.type === 'attribute' && isPath(child(n, 'object') ?? n.kids[0] ?? n));
}

const notLists = new Set(['keys', 'values', 'items', 'get', 'add', 'discard', 'startswith', 'endswith', 'lower', 'upper', 'strip', 'split', 'setdefault', 'appendleft', 'popleft']);

/** Whether a value may be a list or tuple, from its kind and the methods called on it anywhere in the function. */
function mayBeList(m: Model, n: Py): boolean {
  const kind = kindOf(m, n);
  if (/^(self|cls)$/.test(textOf(n))) return false; // an object with its own way of holding things
  if (kind === 'list' || kind === 'tuple') return !holdsUnhashable(m, n);
  if (kind !== 'unknown') return false;
  const v = variableOf(m, n);
  return !v?.uses.some((u) => {
    const p = u.node.parent;
    return p?.type === 'attribute' && u.node.field === 'object' && notLists.has(textOf(child(p, 'attribute') ?? p));
  });
}

/** Whether the list is visibly made of lists, dicts or sets. */
function holdsUnhashable(m: Model, n: Py): boolean {
  const bad = (e: Py | undefined): boolean => e !== undefined && ['list', 'dict', 'set'].includes(kindOf(m, e));
  const check = (value: Py | undefined): boolean => {
    if (!value) return false;
    const x = strip(value);
    if (x.type === 'list' || x.type === 'tuple') return x.named.some(bad);
    return x.type === 'list_comprehension' && bad(child(x, 'body'));
  };
  const v = variableOf(m, n);
  if (!v) return check(n);
  return v.uses.some((u) => {
    if (u.kind === 'store') return u.node.parent?.type === 'assignment' && check(child(u.node.parent, 'right'));
    if (u.kind === 'param') return /\b(list|List)\[\s*(list|List|dict|Dict|set|Set)\b/.test(textOf(u.node.parent ?? u.node));
    const call = methodCall(u.node.parent?.parent ?? undefined);
    return call !== null && call.object === u.node && call.method === 'append' && bad(call.args[0]);
  });
}

/** The iterable as text that also stands for None as nothing, where the code shows that it may be None. */
export function orEmpty(m: Model, n: Py): string {
  const v = variableOf(m, n);
  return v && mayBeNone(v) ? `() if ${textOf(n)} is None else ${textOf(n)}` : textOf(n);
}

const isSlice = (n: Py): boolean => n.type === 'subscript' && n.kids.some((k) => k.type === 'slice');

export const membershipSet = define({
  id: 'py-membership-set',
  title: 'List searched in a loop → set built once',
  assumes: 'the elements are hashable and compare as they hash, the collection is a list or tuple (not a string or an iterator), and functions called in the loop do not change it',
  *visit(m, _fn, nodes) {
    const groups = new Map<string, { list: Py; stmt: Py; rights: Py[] }>();
    for (const n of nodes) {
      const c = comparison(n);
      if (!c || (c.op !== 'in' && c.op !== 'not in') || !isPath(c.right)) continue;
      if (!mayBeList(m, c.right) || ['list', 'set', 'dict'].includes(kindOf(m, c.left))) continue;
      // A string or a part of something in an unknown: that may be a search for a substring.
      if (kindOf(m, c.right) === 'unknown' && (kindOf(m, c.left) === 'str' || isSlice(c.left))) continue;
      const point = hoistPoint(n, (loop) => !suspends(loop) && isInvariant(m, c.right, loop));
      if (!point || !allBoundBefore(m, c.right, point.stmt)) continue;
      const key = `${textOf(c.right)}@${point.stmt.start}`;
      const group = groups.get(key);
      if (group) group.rights.push(c.right);
      else groups.set(key, { list: c.right, stmt: point.stmt, rights: [c.right] });
    }
    for (const { list, stmt, rights } of groups.values()) {
      const name = freshName(m, `${nameFor(list)}_set`);
      yield site(m, `build a set of \`${textOf(list)}\` once for the membership tests (line ${lineOf(stmt)})`, [before(m, stmt, [`${name} = set(${orEmpty(m, list)})`]), ...rights.map((r) => replace(r, name))]);
    }
  },
});

/** `xs.append(e)` and its kin as a statement, for a list variable. */
export function growth(id: Py): { readonly stmt: Py; readonly method: string; readonly args: readonly Py[] } | null {
  const call = id.parent?.parent;
  const found = methodCall(call ?? undefined);
  const stmt = call?.parent;
  return found && found.object === id && stmt?.type === 'expression_statement' && stmt.parent?.type === 'block' ? { stmt, method: found.method, args: found.args } : null;
}

const simple = (n: Py): boolean => ['identifier', 'integer', 'string', 'attribute'].includes(n.type) && (n.type !== 'string' || !n.named.some((k) => k.type === 'interpolation')) && (n.type !== 'attribute' || isPath(n));
const repeatable = (n: Py): boolean => simple(n) || (n.type === 'tuple' && n.named.every(simple));

export const companionSet = define({
  id: 'py-seen-set',
  title: 'Growing list searched in a loop → a set kept beside it',
  assumes: 'the elements are hashable and compare as they hash',
  *visit(m, fn, nodes) {
    for (const v of m.names.scopes.get(fn)?.variables.values() ?? []) yield companion(m, v, nodes);
  },
});

function companion(m: Model, v: Variable, nodes: readonly Py[]): Site | null {
  if (!isLocal(v) || isCaptured(v) || kindOf(m, v.uses[0]?.node) !== 'list') return null;
  const tests = nodes.flatMap((n) => {
    const c = comparison(n);
    return c && (c.op === 'in' || c.op === 'not in') && variableOf(m, c.right) === v && loopsAround(n).length > 0 && !['list', 'set', 'dict'].includes(kindOf(m, c.left)) ? [c.right] : [];
  });
  if (tests.length === 0) return null;
  const some = v.uses.find((u) => u.kind === 'store');
  if (!some || holdsUnhashable(m, some.node)) return null;
  const name = freshName(m, `${v.name}_set`);
  const edits: (Edit | null)[] = tests.map((t) => replace(t, name));
  let grows = false;
  for (const u of v.uses) {
    if (u.kind === 'store') {
      const stmt = u.node.parent?.parent;
      const a = assignment(stmt ?? undefined);
      if (!stmt || a?.left !== u.node || a.op !== '=' || kindOf(m, a.right) !== 'list' || strip(a.right).type === 'identifier') return null;
      const empty = strip(a.right).type === 'list' && strip(a.right).named.length === 0;
      edits.push(after(m, stmt, [`${name} = set(${empty ? '' : v.name})`]));
      continue;
    }
    if (u.kind !== 'load') return null;
    const g = growth(u.node);
    if (g) {
      const last = g.args.at(-1);
      if (g.method === 'append' && g.args.length === 1 && last) edits.push(after(m, g.stmt, [`${name}.add(${repeatable(last) ? textOf(last) : `${v.name}[-1]`})`]));
      else if (g.method === 'insert' && g.args.length === 2 && last && repeatable(last)) edits.push(after(m, g.stmt, [`${name}.add(${textOf(last)})`]));
      else if (g.method === 'extend' && g.args.length === 1 && last && ((last.type === 'identifier' && ['list', 'tuple', 'set'].includes(kindOf(m, last))) || (last.type === 'list' && last.named.every(simple)))) edits.push(after(m, g.stmt, [`${name}.update(${textOf(last)})`]));
      else return null;
      if (loopsAround(g.stmt).length > 0) grows = true;
      continue;
    }
    const effect = effectOf(m, u);
    if (effect === 'read') continue;
    if (effect === 'return' && v.uses.length > 0) continue;
    return null;
  }
  return grows ? site(m, `keep a set beside the list \`${v.name}\` for the membership tests (line ${lineOf(tests[0] ?? some.node)})`, edits) : null;
}

/** Whether an exception of the expression may be handled in this function. */
export function inTry(n: Py): boolean {
  for (let p = n.parent; p && p.type !== 'function_definition'; p = p.parent) if (p.type === 'try_statement') return true;
  return false;
}

/** Whether `e` runs over the elements of `list` in a loop around it. */
function isElementOf(m: Model, e: Py, list: Py): boolean {
  const v = variableOf(m, e);
  return v?.uses.some((u) => {
    const loop = u.node.parent;
    if (u.kind !== 'store' || (loop?.type !== 'for_statement' && loop?.type !== 'for_in_clause')) return false;
    const source = textOf(child(loop, 'right') ?? e);
    return source === textOf(list) || source === `set(${textOf(list)})` || source === `sorted(set(${textOf(list)}))` || source === `sorted(${textOf(list)})`;
  }) === true;
}

export const countAndIndex = define({
  id: 'py-count-index',
  title: 'list.count or list.index in a loop → table built once',
  assumes: 'the elements are hashable and compare as they hash, the sequence is a list or tuple or is searched for single elements, and what is searched by index() is there',
  *visit(m, _fn, nodes) {
    const groups = new Map<string, { list: Py; stmt: Py; method: string; calls: { node: Py; arg: Py }[] }>();
    for (const n of nodes) {
      const c = methodCall(n);
      const arg = c?.args[0];
      if (!c || !arg || c.args.length !== 1 || (c.method !== 'count' && c.method !== 'index') || !isPath(c.object)) continue;
      const kind = kindOf(m, c.object);
      const element = isElementOf(m, arg, c.object);
      if (kind !== 'list' && kind !== 'tuple' && !element && !(kind === 'unknown' && c.method === 'index' && arg.type !== 'string')) continue;
      if (['list', 'dict', 'set'].includes(kindOf(m, arg)) || (c.method === 'index' && inTry(n)) || holdsUnhashable(m, c.object)) continue;
      const point = hoistPoint(n, (loop) => !suspends(loop) && isInvariant(m, c.object, loop));
      if (!point || !allBoundBefore(m, c.object, point.stmt)) continue;
      const key = `${c.method}:${textOf(c.object)}@${point.stmt.start}`;
      const group = groups.get(key) ?? { list: c.object, stmt: point.stmt, method: c.method, calls: [] };
      group.calls.push({ node: n, arg });
      groups.set(key, group);
    }
    for (const { list, stmt, method, calls } of groups.values()) {
      // A call inside the argument of another waits for the next application.
      if (calls.some((a) => calls.some((b) => a !== b && descend(a.node).includes(b.node)))) continue;
      const line = lineOf(stmt);
      if (method === 'count') {
        const counter = imported(m, stmt, 'collections', 'Counter');
        const name = freshName(m, `${nameFor(list)}_counts`);
        yield counter && site(m, `count the elements of \`${textOf(list)}\` once (line ${line})`, [...counter.edits, before(m, stmt, [`${name} = ${counter.text}(${textOf(list)})`]), ...calls.map((c) => replace(c.node, `${name}[${textOf(c.arg)}]`))]);
      } else {
        const name = freshName(m, `${nameFor(list)}_position`);
        const i = freshName(m, 'position_index', [name]);
        const x = freshName(m, 'position_value', [name]);
        yield site(m, `find the positions in \`${textOf(list)}\` once (line ${line})`, [
          before(m, stmt, [`${name} = {}`, `for ${i}, ${x} in enumerate(${textOf(list)}):`, `\t${name}.setdefault(${x}, ${i})`]),
          ...calls.map((c) => replace(c.node, `${name}[${textOf(c.arg)}]`)),
        ]);
      }
    }
  },
});

