// A plain copy of a JavaScript/TypeScript syntax tree: the parser's own nodes are slow to ask and have no identity.

import type { Node } from 'web-tree-sitter';

/** One syntax node. `start` and `end` are UTF-16 units into `source`, the whole file's text. */
export interface Syn {
  readonly type: string;
  /** The field of the parent that holds it, e.g. `body`. */
  readonly field: string | null;
  readonly named: boolean;
  readonly start: number;
  readonly end: number;
  readonly parent: Syn | null;
  readonly children: readonly Syn[];
  readonly source: string;
}

/** Copies the tree below `root`. `source` is the text that was parsed. */
export function copyTree(root: Node, source: string): Syn {
  const cursor = root.walk();
  const build = (parent: Syn | null): Syn => {
    const children: Syn[] = [];
    const node: Syn = {
      type: cursor.nodeType, field: cursor.currentFieldName, named: cursor.nodeIsNamed,
      start: cursor.startIndex, end: cursor.endIndex, parent, children, source,
    };
    if (cursor.gotoFirstChild()) {
      do children.push(build(node)); while (cursor.gotoNextSibling());
      cursor.gotoParent();
    }
    return node;
  };
  try {
    return build(null);
  } finally {
    cursor.delete();
  }
}

export const textOf = (n: Syn): string => n.source.slice(n.start, n.end);

/** The child in a field, or null. */
export function field(n: Syn, name: string): Syn | null {
  return n.children.find((c) => c.field === name) ?? null;
}

/** Named children that are not comments. */
export function parts(n: Syn): readonly Syn[] {
  return n.children.filter((c) => c.named && c.type !== 'comment' && c.type !== 'html_comment');
}

/** All nodes below and including `n`, parents first. A visitor that returns false skips what is below. */
export function visit(n: Syn, fn: (n: Syn) => boolean | undefined): void {
  if (fn(n) === false) return;
  for (const c of n.children) visit(c, fn);
}

export function descendants(n: Syn, ...types: readonly string[]): Syn[] {
  const out: Syn[] = [];
  visit(n, (c) => {
    if (types.includes(c.type)) out.push(c);
    return undefined;
  });
  return out;
}

export function ancestor(n: Syn, test: (n: Syn) => boolean): Syn | null {
  for (let p = n.parent; p; p = p.parent) if (test(p)) return p;
  return null;
}

export const within = (inner: Syn, outer: Syn): boolean => inner.start >= outer.start && inner.end <= outer.end;

const functionTypes = new Set(['function_declaration', 'generator_function_declaration', 'function_expression', 'function', 'generator_function', 'arrow_function', 'method_definition']);
export const isFunction = (n: Syn): boolean => n.named && functionTypes.has(n.type);
export const enclosingFunction = (n: Syn): Syn | null => ancestor(n, (p) => isFunction(p) || p.type === 'class_static_block');

const loopTypes = new Set(['for_statement', 'for_in_statement', 'while_statement', 'do_statement']);
export const isLoop = (n: Syn): boolean => loopTypes.has(n.type);

const wrappers = new Set(['parenthesized_expression', 'as_expression', 'satisfies_expression', 'non_null_expression']);

/** The expression inside parentheses, `as T` and `!`. */
export function bare(n: Syn): Syn {
  let at = n;
  for (;;) {
    const inner = wrappers.has(at.type) ? parts(at)[0] : undefined;
    if (!inner) return at;
    at = inner;
  }
}

/** The other way round: the outermost wrapper around `n`. */
export function wrapped(n: Syn): Syn {
  let at = n;
  while (at.parent && wrappers.has(at.parent.type) && parts(at.parent)[0] === at) at = at.parent;
  return at;
}

/** An operator's text (binary, unary, update and augmented assignments). */
export function operatorOf(n: Syn): string {
  const op = field(n, 'operator');
  return op ? textOf(op) : '';
}

/** A parsed `object.method(args)` without optional chaining. */
export interface MethodCall {
  readonly call: Syn;
  readonly object: Syn;
  readonly name: string;
  readonly args: readonly Syn[];
}

export function methodCall(n: Syn | null | undefined): MethodCall | null {
  if (n?.type !== 'call_expression') return null;
  const callee = field(n, 'function');
  const args = field(n, 'arguments');
  if (callee?.type !== 'member_expression' || args?.type !== 'arguments') return null;
  const object = field(callee, 'object');
  const property = field(callee, 'property');
  if (!object || property?.type !== 'property_identifier' || isOptional(callee) || isOptional(n)) return null;
  return { call: n, object, name: textOf(property), args: parts(args) };
}

/** Whether the node itself is `a?.b`, `a?.[b]` or `a?.()`. */
export const isOptional = (n: Syn): boolean => n.children.some((c) => c.type === 'optional_chain' || c.type === '?.');

/** The arguments of a call or `new`; null for tagged templates. */
export function argumentsOf(n: Syn): readonly Syn[] | null {
  const args = field(n, 'arguments');
  if (!args) return n.type === 'new_expression' ? [] : null;
  return args.type === 'arguments' ? parts(args) : null;
}

/** The parameters of a function as pattern nodes (identifier, object_pattern, …, without TS wrappers), or null where it has something else, such as `this`. */
export function parametersOf(fn: Syn): readonly Syn[] | null {
  const single = field(fn, 'parameter');
  if (single) return [single];
  const list = field(fn, 'parameters');
  if (!list) return null;
  return parts(list).map((p) => {
    if (p.type !== 'required_parameter' && p.type !== 'optional_parameter') return p;
    const pattern = field(p, 'pattern');
    return pattern && !field(p, 'value') ? pattern : p;
  });
}

/** The names of a function's parameters if all are plain identifiers. */
export function plainParameters(fn: Syn): readonly string[] | null {
  const list = parametersOf(fn);
  return list?.every((p) => p.type === 'identifier') ? list.map(textOf) : null;
}

/** Same code up to white space and comments. */
export function sameCode(a: Syn, b: Syn): boolean {
  const x = a.children.filter((c) => c.type !== 'comment');
  const y = b.children.filter((c) => c.type !== 'comment');
  if (a.type !== b.type || x.length !== y.length) return false;
  return x.length === 0 ? textOf(a) === textOf(b) : x.every((c, i) => sameCode(c, y[i] as Syn));
}

/** 1-based line of a node. */
export function lineOf(n: Syn): number {
  let line = 1;
  for (let i = n.source.indexOf('\n'); i >= 0 && i < n.start; i = n.source.indexOf('\n', i + 1)) line++;
  return line;
}

/** A statement block's single statement, or the statement itself; null if there is not exactly one. */
export function onlyStatement(body: Syn): Syn | null {
  if (body.type !== 'statement_block') return body;
  const list = parts(body);
  return list.length === 1 ? (list[0] ?? null) : null;
}

/** The value of a numeric literal (also negative), else null. */
export function numberOf(n: Syn | null): number | null {
  if (!n) return null;
  const b = bare(n);
  if (b.type === 'number') {
    const v = Number(textOf(b).replace(/_/g, ''));
    return Number.isNaN(v) ? null : v;
  }
  if (b.type === 'unary_expression' && operatorOf(b) === '-') {
    const v = numberOf(field(b, 'argument'));
    return v === null ? null : -v;
  }
  return null;
}
