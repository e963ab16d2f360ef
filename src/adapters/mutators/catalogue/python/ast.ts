// A light copy of a Python syntax tree: only what the pins need, so that twenty rewrites can read it without crossing into WebAssembly.

import type { Node, TreeCursor } from 'web-tree-sitter';
import type { Context } from '../rewrite.ts';

/** One node. Comments and line continuations are left out. Offsets are UTF-16 units of the file's text. */
export interface Py {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  /** The field of the parent that this child fills, e.g. `left`. */
  readonly field: string | null;
  readonly parent: Py | null;
  readonly kids: readonly Py[];
  /** The children that are not mere punctuation or keywords. */
  readonly named: readonly Py[];
  readonly source: string;
}

/** Deeper nesting than this is left alone: recursion over it could exhaust the stack. */
const maxDepth = 300;

export interface Module {
  readonly text: string;
  readonly eol: string;
  readonly top: Py;
  readonly pins: Context['pins'];
  /** Spans of top-level statements with syntax errors or too deep nesting: nothing in them is rewritten. */
  readonly broken: readonly { readonly start: number; readonly end: number }[];
}

interface Building {
  type: string;
  start: number;
  end: number;
  field: string | null;
  parent: Py | null;
  kids: Py[];
  named: Py[];
  source: string;
}

/**
 * Copies the tree. Bodies of functions for which `wanted` is false are left empty.
 * Returns the copy and whether some part was too deep.
 */
export function copyTree(root: Node, text: string, wanted: (start: number, end: number) => boolean): { readonly top: Py; readonly deep: readonly Py[] } {
  const deep: Py[] = [];
  const cursor = root.walk();
  const visit = (c: TreeCursor, parent: Building | null, depth: number): Building => {
    const node: Building = { type: c.nodeType, start: c.startIndex, end: c.endIndex, field: c.currentFieldName, parent, kids: [], named: [], source: text };
    const skipBody = node.type === 'block' && parent?.type === 'function_definition' && !wanted(node.start, node.end);
    if (skipBody) return node;
    if (depth > maxDepth) {
      deep.push(node);
      return node;
    }
    if (c.gotoFirstChild()) {
      do {
        if (c.nodeType === 'comment' || c.nodeType === 'line_continuation') continue;
        const named = c.nodeIsNamed;
        const kid = visit(c, node, depth + 1);
        node.kids.push(kid);
        if (named) node.named.push(kid);
      } while (c.gotoNextSibling());
      c.gotoParent();
    }
    return node;
  };
  try {
    return { top: visit(cursor, null, 0), deep };
  } finally {
    cursor.delete();
  }
}

/** The copy for a context: whole statements of the module, and the inside of those functions that a pin touches. */
export function readModule(context: Context): Module {
  const { text, root, pins } = context;
  const wanted = (start: number, end: number): boolean => pins.some((p) => p.start < end && start < p.end);
  const { top, deep } = copyTree(root, text, wanted);
  const broken: { start: number; end: number }[] = deep.map((d) => topOf(d));
  if (root.hasError) {
    for (const child of root.children) if (child.hasError) broken.push({ start: child.startIndex, end: child.endIndex });
    // An error at the module's own level may have torn the statements around it.
    if (root.children.some((c) => c.isError)) broken.push({ start: 0, end: text.length });
  }
  return { text, eol: text.includes('\r\n') ? '\r\n' : '\n', top, pins, broken };
}

function topOf(node: Py): { start: number; end: number } {
  let n = node;
  while (n.parent?.parent) n = n.parent;
  return { start: n.start, end: n.end };
}

export const textOf = (n: Py): string => n.source.slice(n.start, n.end);

export function child(n: Py | null | undefined, field: string): Py | undefined {
  return n?.kids.find((k) => k.field === field);
}

export function children(n: Py, field: string): Py[] {
  return n.kids.filter((k) => k.field === field);
}

/** The node and everything below it, in source order. `into` says which nodes are entered. */
export function descend(n: Py, into: (n: Py) => boolean = () => true, out: Py[] = []): Py[] {
  out.push(n);
  if (into(n)) for (const k of n.kids) descend(k, into, out);
  return out;
}

export const contains = (outer: Py, inner: Py): boolean => outer.start <= inner.start && inner.end <= outer.end;

export const isFunction = (n: Py): boolean => n.type === 'function_definition' || n.type === 'lambda';

const comprehensions = new Set(['list_comprehension', 'set_comprehension', 'dictionary_comprehension', 'generator_expression']);
export const isComprehension = (n: Py): boolean => comprehensions.has(n.type);

/** The nearest function around a node (not the node itself). */
export function functionAround(n: Py): Py | null {
  for (let p = n.parent; p; p = p.parent) if (isFunction(p)) return p;
  return null;
}

/** The statement of a block that holds the node (or is it), or null in a lambda or outside a block. */
export function statementOf(n: Py): Py | null {
  for (let p: Py | null = n; p; p = p.parent) {
    if (p.type === 'lambda') return null;
    if (p.parent?.type === 'block') return p;
  }
  return null;
}

/** Position of a statement among its siblings, and those siblings. */
export function siblings(stmt: Py): { readonly list: readonly Py[]; readonly at: number } {
  const list = stmt.parent?.named ?? [];
  return { list, at: list.indexOf(stmt) };
}

export const lineOf = (n: Py): number => n.source.slice(0, n.start).split('\n').length;

export function strip(n: Py): Py {
  let x = n;
  while (x.type === 'parenthesized_expression' && x.named.length === 1 && x.named[0]) x = x.named[0];
  return x;
}

/** Arguments of a call when all are positional and plain, else null. */
export function plainArgs(call: Py): readonly Py[] | null {
  const list = child(call, 'arguments');
  if (!list) return null;
  if (list.type === 'generator_expression') return [list];
  return list.named.some((a) => ['keyword_argument', 'list_splat', 'dictionary_splat'].includes(a.type)) ? null : list.named;
}

/** `object.method(...)`: its object, method name and arguments. */
export function methodCall(n: Py | undefined): { readonly object: Py; readonly method: string; readonly args: readonly Py[] } | null {
  if (n?.type !== 'call') return null;
  const f = child(n, 'function');
  if (f?.type !== 'attribute') return null;
  const object = child(f, 'object');
  const method = child(f, 'attribute');
  const args = plainArgs(n);
  return object && method && args ? { object, method: textOf(method), args } : null;
}

/** `left op right` of a comparison with one operator, parentheses stripped. `op` as written, e.g. `not in`. */
export function comparison(n: Py | undefined): { readonly left: Py; readonly op: string; readonly right: Py } | null {
  if (n?.type !== 'comparison_operator' || n.named.length !== 2) return null;
  const [left, right] = n.named;
  const ops = n.kids.filter((k) => k.field === 'operators');
  if (!left || !right || ops.length === 0) return null;
  return { left: strip(left), op: ops.map(textOf).join(' ').replace(/\s+/g, ' '), right: strip(right) };
}

/** `left op right` of an arithmetic expression, parentheses stripped. */
export function binary(n: Py | undefined): { readonly left: Py; readonly op: string; readonly right: Py } | null {
  if (n?.type !== 'binary_operator') return null;
  const left = child(n, 'left');
  const right = child(n, 'right');
  const op = child(n, 'operator');
  return left && right && op ? { left: strip(left), op: textOf(op), right: strip(right) } : null;
}

/** The assignment `name = value` of a statement (one target, no annotation needed). */
export function assignment(stmt: Py | undefined): { readonly left: Py; readonly right: Py; readonly op: string } | null {
  if (stmt?.type !== 'expression_statement' || stmt.named.length !== 1) return null;
  const a = stmt.named[0];
  if (a?.type !== 'assignment' && a?.type !== 'augmented_assignment') return null;
  const left = child(a, 'left');
  const right = child(a, 'right');
  if (!left || !right || right.type === 'assignment' || right.type === 'augmented_assignment') return null;
  const op = child(a, 'operator');
  return { left, right, op: op ? textOf(op) : '=' };
}

/** The statements of a loop's or branch's body. */
export function bodyOf(n: Py): readonly Py[] {
  return (child(n, 'body') ?? child(n, 'consequence'))?.named ?? [];
}

/** An integer literal's value, also with a sign. */
export function intValue(n: Py | undefined): number | null {
  if (!n) return null;
  const m = /^(-?)\s*(\d[\d_]*)$/.exec(textOf(strip(n)));
  return m ? Number(`${m[1] ?? ''}${(m[2] ?? '').replaceAll('_', '')}`) : null;
}
