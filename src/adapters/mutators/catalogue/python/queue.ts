// Lists used as queues: pop(0) and repeated sorting turned into deques, heaps and ordered insertion.

import type { Edit, Site } from '../rewrite.ts';
import { assignment, child, children, comparison, descend, intValue, lineOf, methodCall, plainArgs, type Py, siblings, strip, textOf } from './ast.ts';
import { define } from './define.ts';
import { after, imported, remove, replace, site } from './emit.ts';
import { isFreshValue } from './purity.ts';
import { callee, isCaptured, isLocal, kindOf, loopsAround, type Model, variableOf } from './model.ts';
import type { Use, Variable } from './scope.ts';

/** How one use of a list variable stands in the code. */
type QueueUse =
  | { readonly kind: 'method'; readonly name: string; readonly args: readonly Py[]; readonly call: Py }
  | { readonly kind: 'init'; readonly stmt: Py; readonly value: Py }
  | { readonly kind: 'ends'; readonly node: Py; readonly index: number }
  | { readonly kind: 'rest'; readonly stmt: Py; readonly uses: readonly Py[] }
  | { readonly kind: 'look' }
  | { readonly kind: 'min'; readonly call: Py }
  | { readonly kind: 'other' };

function queueUse(m: Model, u: Use): QueueUse {
  const id = u.node;
  if (u.kind === 'store') {
    const stmt = id.parent?.parent;
    const a = assignment(stmt ?? undefined);
    if (!stmt || a?.left !== id || a.op !== '=') return { kind: 'other' };
    // q = q[1:]
    const right = strip(a.right);
    if (right.type === 'subscript' && /^\[\s*1\s*:\s*\]$/.test(m.module.text.slice(child(right, 'value')?.end ?? 0, right.end)) && variableOf(m, child(right, 'value')) === variableOf(m, id)) return { kind: 'rest', stmt, uses: [id, child(right, 'value') ?? id] };
    return isFreshValue(m, a.right) && kindOf(m, a.right) === 'list' && !descend(a.right).some((k) => variableOf(m, k) === variableOf(m, id)) ? { kind: 'init', stmt, value: a.right } : { kind: 'other' };
  }
  if (u.kind === 'aug') return { kind: 'other' };
  if (u.kind !== 'load') return { kind: 'other' };
  const p = id.parent;
  if (!p) return { kind: 'other' };
  if (p.type === 'attribute') {
    const call = methodCall(p.parent ?? undefined);
    return call && call.object === id && p.parent ? { kind: 'method', name: call.method, args: call.args, call: p.parent } : { kind: 'other' };
  }
  if (p.type === 'subscript' && id.field === 'value') {
    const index = intValue(children(p, 'subscript')[0]);
    const stored = p.field === 'left' && p.parent?.type !== 'binary_operator';
    if (children(p, 'subscript')[0]?.type === 'slice') {
      const a = p.parent?.parent;
      const inner = a?.type === 'expression_statement' ? assignment(a) : null;
      return inner && variableOf(m, inner.left) === variableOf(m, id) && /^\[\s*1\s*:\s*\]$/.test(m.module.text.slice(id.end, p.end)) ? { kind: 'look' } : { kind: 'other' };
    }
    return (index === 0 || index === -1) && !stored && p.parent?.type !== 'delete_statement' ? { kind: 'ends', node: p, index } : { kind: 'other' };
  }
  if (p.type === 'argument_list') {
    const path = callee(m, p.parent ?? undefined);
    if (path === 'builtins.min' && p.named.length === 1 && p.parent) return { kind: 'min', call: p.parent };
    return path === 'builtins.len' || path === 'builtins.any' || path === 'builtins.all' || path === 'builtins.sum' || path === 'builtins.set' ? { kind: 'look' } : { kind: 'other' };
  }
  if (p.type === 'not_operator' || p.type === 'boolean_operator' || ((p.type === 'while_statement' || p.type === 'if_statement') && id.field === 'condition')) {
    // `a or q` as a value would hand the queue out.
    if (p.type !== 'boolean_operator') return { kind: 'look' };
    let top: Py = p;
    while (top.parent && ['boolean_operator', 'not_operator', 'parenthesized_expression'].includes(top.parent.type)) top = top.parent;
    return top.field === 'condition' ? { kind: 'look' } : { kind: 'other' };
  }
  const c = comparison(p);
  if (c && (c.op === 'in' || c.op === 'not in') && c.right === id) return { kind: 'look' };
  if ((p.type === 'for_statement' || p.type === 'for_in_clause') && id.field === 'right') return { kind: 'look' };
  return { kind: 'other' };
}

/** The local list variables of a function with all their uses, if each use is understood. */
function* queues(m: Model, fn: Py): Generator<{ v: Variable; uses: readonly { u: Use; q: QueueUse }[] }> {
  for (const v of m.names.scopes.get(fn)?.variables.values() ?? []) {
    if (!isLocal(v) || isCaptured(v)) continue;
    const uses = v.uses.map((u) => ({ u, q: queueUse(m, u) }));
    if (uses.some(({ q }) => q.kind === 'other') || !uses.some(({ q }) => q.kind === 'init')) continue;
    yield { v, uses };
  }
}

const isPop0 = (q: QueueUse): boolean => q.kind === 'method' && q.name === 'pop' && q.args.length === 1 && intValue(q.args[0]) === 0;

export const dequeQueue = define({
  id: 'py-deque',
  title: 'list.pop(0) or list.insert(0, x) in a loop → collections.deque',
  assumes: 'nothing beyond what is checked: the queue is local and only used as one',
  *visit(m, fn) {
    for (const { v, uses } of queues(m, fn)) {
      const front = uses.some(({ u, q }) => (isPop0(q) || q.kind === 'rest' || (q.kind === 'method' && q.name === 'insert')) && loopsAround(u.node).length > 0);
      if (!front) continue;
      const edits: (Edit | null)[] = [];
      let good = uses.every(({ q }) => q.kind !== 'min');
      const first = uses.find(({ q }) => q.kind === 'init')?.u.node;
      const deque = first ? imported(m, first, 'collections', 'deque') : null;
      if (!deque) continue;
      for (const { u, q } of uses) {
        if (q.kind === 'init') edits.push(replace(q.value, `${deque.text}(${strip(q.value).type === 'list' && strip(q.value).named.length === 0 ? '' : textOf(q.value)})`));
        else if (q.kind === 'rest') {
          // The list is not empty: the statement before reads its head.
          const { list, at } = siblings(q.stmt);
          const previous = list[at - 1];
          const reads = previous !== undefined && descend(previous).some((k) => k.type === 'subscript' && variableOf(m, child(k, 'value')) === v && intValue(children(k, 'subscript')[0]) === 0);
          if (!reads) good = false;
          edits.push(replace(q.stmt, `${v.name}.popleft()`));
        } else if (q.kind === 'method') {
          if (isPop0(q)) edits.push(replace(q.call, `${v.name}.popleft()`));
          else if (q.name === 'insert' && q.args.length === 2 && intValue(q.args[0]) === 0 && q.args[1]) edits.push(replace(q.call, `${v.name}.appendleft(${textOf(q.args[1])})`));
          else if (!(['append', 'extend', 'clear', 'remove', 'count', 'reverse'].includes(q.name) || (q.name === 'pop' && q.args.length === 0))) good = false;
        } else if (q.kind === 'look' && changesWhileIterated(m, u.node, v)) good = false;
      }
      if (good) yield site(m, `make \`${v.name}\` a deque (line ${lineOf(first ?? fn)})`, [...deque.edits, ...edits]);
    }
  },
});

/** A deque may not change while a loop runs over it; a list may. */
function changesWhileIterated(m: Model, id: Py, v: Variable): boolean {
  const loop = id.parent;
  return loop?.type === 'for_statement' && descend(child(loop, 'body') ?? loop).some((k) => variableOf(m, k) === v && (k.parent?.type === 'attribute' || k.field === 'left'));
}

/** `q.sort()` as a statement. */
const isSort = (q: QueueUse): boolean => q.kind === 'method' && q.name === 'sort' && child(q.call, 'arguments')?.named.length === 0 && q.call.parent?.type === 'expression_statement';

export const heapQueue = define({
  id: 'py-heap',
  title: 'Sort (or min and remove) before each pop → heapq',
  assumes: 'elements that compare equal are interchangeable, and the order is total',
  *visit(m, fn) {
    for (const { v, uses } of queues(m, fn)) yield heap(m, fn, v, uses);
  },
});

function heap(m: Model, fn: Py, v: Variable, uses: readonly { u: Use; q: QueueUse }[]): Site | null {
  const anchor = uses.find(({ q }) => q.kind === 'init')?.u.node ?? fn;
  const push = imported(m, anchor, 'heapq', 'heappush');
  const pop = imported(m, anchor, 'heapq', 'heappop');
  const heapify = imported(m, anchor, 'heapq', 'heapify');
  if (!push || !pop || !heapify) return null;
  const edits: (Edit | null)[] = [];
  let pops = 0;
  let pushes = 0;
  let needsHeapify = false;
  const handled = new Set<Py>();
  for (const { u, q } of uses) {
    switch (q.kind) {
      case 'init': {
        const n = strip(q.value).type === 'list' ? strip(q.value).named : null;
        if (!n || n.length > 1 || n.some((k) => k.type === 'list_splat')) {
          needsHeapify = true;
          edits.push(after(m, q.stmt, [`${heapify.text}(${v.name})`]));
        }
        break;
      }
      case 'look':
        // The order of the inside differs: only its size and content may be looked at.
        if (u.node.parent?.type === 'for_statement' || u.node.parent?.type === 'for_in_clause') return null;
        break;
      case 'ends':
        if (q.index !== 0) return null;
        break;
      case 'rest':
      case 'other':
        return null;
      case 'min': {
        // x = min(q) directly followed by q.remove(x)
        const stmt = q.call.parent?.parent;
        const a = assignment(stmt ?? undefined);
        if (!stmt || a?.right !== q.call || a.left.type !== 'identifier') return null;
        const { list, at } = siblings(stmt);
        const next = list[at + 1];
        const removal = next?.type === 'expression_statement' ? methodCall(next.named[0]) : null;
        if (!next || removal?.method !== 'remove' || variableOf(m, removal.object) !== v || variableOf(m, removal.args[0]) !== variableOf(m, a.left)) return null;
        handled.add(removal.object);
        edits.push(replace(q.call, `${pop.text}(${v.name})`), remove(next));
        if (loopsAround(stmt).length > 0) pops++;
        break;
      }
      case 'method': {
        if (handled.has(u.node)) break;
        const stmt = q.call.parent;
        if (q.name === 'append' && q.args.length === 1 && q.args[0] && stmt?.type === 'expression_statement') {
          edits.push(replace(q.call, `${push.text}(${v.name}, ${textOf(q.args[0])})`));
          if (loopsAround(q.call).length > 0) pushes++;
        } else if (isSort(q) && stmt) {
          // Each sort must be followed at once by the pop of the head; a sort outside loops keeps the heap as well.
          const { list, at } = siblings(stmt);
          const next = list[at + 1];
          const popsHead = next !== undefined && uses.some((o) => isPop0(o.q) && o.u.node.start >= next.start && o.u.node.end <= next.end) && next.type === 'expression_statement';
          if (!popsHead) return null;
          edits.push(remove(stmt));
        } else if (isPop0(q)) {
          const s = statement(q.call);
          const { list, at } = s ? siblings(s) : { list: [], at: 0 };
          const previous = list[at - 1];
          if (!previous || !uses.some((o) => isSort(o.q) && o.q.kind === 'method' && o.q.call.parent === previous)) return null;
          edits.push(replace(q.call, `${pop.text}(${v.name})`));
          if (loopsAround(q.call).length > 0) pops++;
        } else if (q.name === 'remove' && q.args.length === 1) {
          // Only as the second half of min and remove, checked there.
          const s = statement(q.call);
          const { list, at } = s ? siblings(s) : { list: [], at: 0 };
          const a = assignment(list[at - 1]);
          if (!a || callee(m, a.right) !== 'builtins.min' || variableOf(m, plainArgs(a.right)?.[0]) !== v) return null;
        } else return null;
        break;
      }
    }
  }
  if (pops === 0 || (pushes === 0 && !needsHeapify)) return null;
  const used = new Set([pop, ...(pushes > 0 || edits.some((e) => e?.text.startsWith(push.text)) ? [push] : []), ...(needsHeapify ? [heapify] : [])]);
  return site(m, `make \`${v.name}\` a heap (line ${lineOf(anchor)})`, [...[...used].flatMap((i) => i.edits), ...edits]);
}

function statement(n: Py): Py | null {
  for (let p: Py | null = n; p; p = p.parent) if (p.parent?.type === 'block') return p;
  return null;
}

export const orderedInsert = define({
  id: 'py-insort',
  title: 'append then sort in a loop → bisect.insort',
  assumes: 'the order is total',
  *visit(m, fn) {
    for (const v of m.names.scopes.get(fn)?.variables.values() ?? []) {
      if (!isLocal(v) || isCaptured(v) || kindOf(m, v.uses[0]?.node) !== 'list') continue;
      yield insort(m, v);
    }
  },
});

function insort(m: Model, v: Variable): Site | null {
  const edits: (Edit | null)[] = [];
  const handled = new Set<Py>();
  let first: Py | undefined;
  for (const u of v.uses) {
    if (u.kind === 'store') {
      const a = assignment(u.node.parent?.parent ?? undefined);
      const value = a ? strip(a.right) : undefined;
      const sorted = value !== undefined && ((value.type === 'list' && value.named.length <= 1 && value.named[0]?.type !== 'list_splat') || (callee(m, value) === 'builtins.sorted' && child(value, 'arguments')?.named.length === 1));
      if (a?.left !== u.node || a.op !== '=' || !sorted) return null;
      continue;
    }
    if (u.kind !== 'load' || handled.has(u.node)) {
      if (u.kind !== 'load') return null;
      continue;
    }
    const call = methodCall(u.node.parent?.parent ?? undefined);
    if (call?.object !== u.node) {
      const p = u.node.parent;
      const stored = p?.type === 'subscript' && u.node.field === 'value' && (p.field === 'left' || p.parent?.type === 'pattern_list') && p.parent?.type !== 'binary_operator';
      const reads = p?.type === 'subscript' || p?.type === 'return_statement' || p?.type === 'binary_operator' || p?.type === 'while_statement' || p?.type === 'if_statement' || p?.type === 'not_operator' || p?.type === 'comparison_operator' || p?.type === 'for_in_clause' || p?.type === 'for_statement' || (p?.type === 'argument_list' && ['builtins.len', 'builtins.sum', 'builtins.list', 'builtins.tuple', 'builtins.print', 'builtins.enumerate', 'builtins.reversed', 'builtins.min', 'builtins.max'].includes(callee(m, p.parent ?? undefined) ?? ''));
      if (stored || !reads) return null;
      // Handed out while it still grows, it would be seen unsorted or sorted alike: only the order of steps inside differs.
      continue;
    }
    if (call.method === 'append' && call.args.length === 1 && call.args[0]) {
      const stmt = statement(u.node);
      const { list, at } = stmt ? siblings(stmt) : { list: [], at: 0 };
      const next = list[at + 1];
      const sort = next?.type === 'expression_statement' ? methodCall(next.named[0]) : null;
      if (!stmt || stmt.type !== 'expression_statement' || !next || sort?.method !== 'sort' || variableOf(m, sort.object) !== v || child(next.named[0], 'arguments')?.named.length !== 0) return null;
      const insert = imported(m, stmt, 'bisect', 'insort');
      if (!insert) return null;
      handled.add(sort.object);
      if (!first) edits.push(...insert.edits);
      first ??= loopsAround(stmt).length > 0 ? stmt : undefined;
      edits.push(replace(stmt, `${insert.text}(${v.name}, ${textOf(call.args[0])})`), remove(next));
    } else if (!['pop', 'remove', 'index', 'count', 'clear', 'copy'].includes(call.method)) return null;
  }
  return first ? site(m, `insert into \`${v.name}\` in order instead of sorting it each time (line ${lineOf(first)})`, edits) : null;
}
