// Searches by key in a list that grows meanwhile ("find the entry, else append one") → a dict of groups kept beside the list.

import type { Edit, Site } from '../rewrite.ts';
import { assignment, child, descend, lineOf, methodCall, type Py, strip, textOf } from './ast.ts';
import { define } from './define.ts';
import { changedAttributes, effectOf, mutators, suspends } from './effects.ts';
import { after, freshName, nameFor, replace, site, substitute } from './emit.ts';
import { equation, isReadLater, isSteady, scanOf, storedItems, within, type Scan } from './index-map.ts';
import { growth } from './membership.ts';
import { isCaptured, isLocal, kindOf, loopsAround, type Model, variableOf } from './model.ts';
import { isPure } from './purity.ts';
import type { Variable } from './scope.ts';

interface Search {
  readonly scan: Scan;
  readonly targets: readonly Variable[];
  readonly key: Py;
  readonly wanted: string;
}

/** A scan of the list by key, or null. Only `for` statements: in a comprehension the list does not grow between two elements. */
function searchOf(m: Model, list: Variable, n: Py): Search | null {
  const scan = scanOf(m, n);
  if (!scan || variableOf(m, scan.iterable) !== list || scan.node.type !== 'for_statement') return null;
  const targets = scan.targets.map((t) => variableOf(m, t)).filter((v) => v !== undefined);
  if (targets.length !== scan.targets.length) return null;
  const eq = equation(m, scan, targets);
  if (!eq || eq.wanted.includes('\n') || !isPure(m, eq.key) || !eq.wantedNodes.every((w) => isPure(m, w) && !['list', 'dict', 'set'].includes(kindOf(m, w)))) return null;
  // The key is of the element alone; of an unpacked one, it is one of its parts.
  const names = descend(eq.key).filter((k) => k.type === 'identifier' && variableOf(m, k) !== undefined);
  if (!names.every((k) => targets.includes(variableOf(m, k) as Variable)) || (targets.length > 1 && eq.key.type !== 'identifier') || descend(eq.key).some((k) => k.type === 'call')) return null;
  return isReadLater(scan, targets) || !isSteady(m, scan, eq.wantedNodes) ? null : { scan, targets, key: eq.key, wanted: eq.wanted };
}

/** The key as an expression of an element that is written so. */
function keyOf(m: Model, s: Search, element: string): string {
  if (s.targets.length > 1) return `${element}[${s.targets.indexOf(variableOf(m, s.key) as Variable)}]`;
  return substitute(s.key, new Map(descend(s.key).filter((k) => variableOf(m, k) === s.targets[0]).map((k) => [k, element])));
}

/** The outermost loop around the scan that does not make the list anew. */
function homeLoop(scan: Py, store: Py): Py | null {
  let home: Py | null = null;
  for (const loop of loopsAround(scan)) {
    if (within(loop, store)) break;
    home = loop;
  }
  return home;
}

/** Whether the keys of elements may change while the loop runs: stored under the key's subscript or attribute, or through a method of an element. */
function keysChange(m: Model, loop: Py, key: Py, elements: ReadonlySet<Variable>): boolean {
  const items = storedItems(loop);
  const attributes = changedAttributes(loop);
  for (const k of descend(key)) {
    if (k.type === 'subscript' && k.named.slice(1).some((s) => items.has(textOf(s)))) return true;
    if (k.type === 'attribute' && attributes.has(textOf(child(k, 'attribute') ?? k))) return true;
  }
  return descend(loop).some((n) => {
    if (n.type === 'delete_statement') return true;
    const call = methodCall(n);
    const of = call && mutators.has(call.method) ? variableOf(m, call.object) : undefined;
    return of !== undefined && elements.has(of);
  });
}

/** Variables that a use of the list may give an element to: by a loop over it or an assignment from it. */
function takenFrom(m: Model, use: Py): Variable[] {
  let n: Py | null = use;
  while (n && n.type !== 'assignment' && n.type !== 'for_statement' && n.type !== 'for_in_clause' && n.type !== 'block') n = n.parent;
  const left = n && n.type !== 'block' ? child(n, 'left') : undefined;
  return left ? descend(left).map((k) => variableOf(m, k)).filter((v) => v !== undefined) : [];
}

function rewrite(m: Model, list: Variable, nodes: readonly Py[]): Site | null {
  if (!isLocal(list) || isCaptured(list)) return null;
  const stores = list.uses.filter((u) => u.kind !== 'load');
  const [store] = stores;
  const made = store?.node.parent?.parent ?? undefined;
  const value = assignment(made);
  if (!store || stores.length !== 1 || !made || value?.left !== store.node || value.op !== '=') return null;
  const empty = strip(value.right);
  if (empty.type !== 'list' || empty.named.length > 0) return null;

  const searches = nodes.map((n) => (n.type === 'for_statement' ? searchOf(m, list, n) : null)).filter((s) => s !== null);
  const [first] = searches;
  const home = first && homeLoop(first.scan.node, store.node);
  if (!first || !home || suspends(home)) return null;
  if (!searches.every((s) => homeLoop(s.scan.node, store.node) === home && keyOf(m, s, 'x') === keyOf(m, first, 'x'))) return null;

  const name = freshName(m, `${nameFor(store.node)}_by_${first.targets.length > 1 ? textOf(first.key) : (nameFor(first.key).split('_').at(-1) ?? 'key')}`);
  const elements = new Set<Variable>(searches.flatMap((s) => s.targets));
  const edits: (Edit | null)[] = [after(m, made, [`${name} = {}`]), ...searches.map((s) => replace(s.scan.iterable, `${name}.get(${s.wanted}, ())`))];
  let grows = false;
  for (const u of list.uses) {
    if (u === store || searches.some((s) => s.scan.iterable === u.node)) continue;
    const g = growth(u.node);
    if (g?.method === 'append' && g.args.length === 1 && g.args[0]) {
      if (searches.some((s) => within(child(s.scan.node, 'body') ?? s.scan.node, g.stmt))) return null; // it would be met by the scan that appends it
      const [item] = g.args;
      const plain = item.type === 'identifier';
      const v = plain ? variableOf(m, item) : undefined;
      if (v) elements.add(v);
      const element = plain ? textOf(item) : `${list.name}[-1]`;
      edits.push(after(m, g.stmt, [`${name}.setdefault(${keyOf(m, first, element)}, []).append(${element})`]));
      grows ||= within(home, g.stmt);
      continue;
    }
    // Behind the loop the list may be sorted or handed on: the dict is not used there any more. Before it and in it, it may only be read.
    if (u.kind === 'load' && u.node.start > home.end) continue;
    const effect = effectOf(m, u);
    if (effect !== 'read' && effect !== 'return') return null;
    for (const e of takenFrom(m, u.node)) elements.add(e);
  }
  if (!grows || keysChange(m, home, first.key, elements)) return null;
  return site(m, `keep a dict of \`${list.name}\` by \`${textOf(first.key)}\` beside it (line ${lineOf(first.scan.node)})`, edits);
}

export const growingIndex = define({
  id: 'py-growing-index',
  title: 'Growing list searched by key in a loop → a dict of its elements kept beside it',
  assumes: 'keys are hashable and compare as they hash, elements have the key as long as they are in the list, and functions called in the loop do not change it',
  *visit(m, fn, nodes) {
    for (const v of m.names.scopes.get(fn)?.variables.values() ?? []) yield rewrite(m, v, nodes);
  },
});
