// Writing: edits that keep indentation and line ends, fresh names, imports inside the function.

import { laidOut } from '../layout.ts';
import type { Edit, Site } from '../rewrite.ts';
import { child, contains, functionAround, type Py, siblings, statementOf, textOf } from './ast.ts';
import { isBoundBefore } from './flow.ts';
import type { Model } from './model.ts';
import { loopsAround, pathOf } from './model.ts';

/** Whitespace before a statement that stands first on its line, else null. */
export function indentOf(stmt: Py): string | null {
  const lineStart = stmt.source.lastIndexOf('\n', stmt.start - 1) + 1;
  const before = stmt.source.slice(lineStart, stmt.start);
  return /^[ \t\f]*$/.test(before) ? before : null;
}

export const replace = (n: Py, text: string): Edit => ({ start: n.start, end: n.end, text });

/** New lines before a statement, in its indentation. A line may carry more indentation by leading `\t` marks, one a level. */
export function before(m: Model, stmt: Py, lines: readonly string[]): Edit | null {
  const indent = indentOf(stmt);
  if (indent === null) return null;
  const unit = unitOf(m, indent);
  return { start: stmt.start, end: stmt.start, text: lines.map((l) => deeper(l, unit) + m.module.eol + indent).join('') };
}

/** New lines after a statement, in its indentation. */
export function after(m: Model, stmt: Py, lines: readonly string[]): Edit | null {
  const indent = indentOf(stmt);
  if (indent === null) return null;
  const rest = /^[ \t]*(#[^\r\n]*)?(?=\r?\n|$)/.exec(stmt.source.slice(stmt.end));
  if (!rest) return null;
  const at = rest[1] === undefined ? stmt.end : stmt.end + rest[0].length;
  const unit = unitOf(m, indent);
  return { start: at, end: at, text: lines.map((l) => m.module.eol + indent + deeper(l, unit)).join('') };
}

/** Replaces a whole statement by lines in its indentation. */
export function replaceLines(m: Model, stmt: Py, lines: readonly string[]): Edit | null {
  const indent = indentOf(stmt);
  if (indent === null) return null;
  const unit = unitOf(m, indent);
  return { start: stmt.start, end: stmt.end, text: lines.map((l) => deeper(l, unit)).join(m.module.eol + indent) };
}

/** Removes a statement with its line. The statement must not be the only one of its block. */
export function remove(stmt: Py): Edit | null {
  if (indentOf(stmt) === null || siblings(stmt).list.length < 2) return null;
  const rest = /^[ \t]*(\r?\n|$)/.exec(stmt.source.slice(stmt.end));
  if (!rest) return null;
  const { list, at } = siblings(stmt);
  const next = list[at + 1];
  // Up to the next statement, so that the edit stays inside a pin that starts or ends at a statement.
  if (next && indentOf(next) !== null && /^\s*$/.test(stmt.source.slice(stmt.end, next.start))) return { start: stmt.start, end: next.start, text: '' };
  const previous = list[at - 1];
  if (previous && /^\s*$/.test(stmt.source.slice(previous.end, stmt.start))) return { start: previous.end, end: stmt.end, text: '' };
  return null;
}

const deeper = (line: string, unit: string): string => line.replace(/^\t+/, (tabs) => unit.repeat(tabs.length));

/** One level of the file's indentation: that of the first function whose body begins a line. */
export function unitOf(m: Model, indent: string): string {
  if (indent.includes('\t')) return '\t';
  for (const fn of m.functions) {
    const [first] = child(fn, 'body')?.named ?? [];
    const inner = first ? indentOf(first) : null;
    const outer = indentAt(fn);
    if (inner?.startsWith(outer) === true && inner.length > outer.length) return inner.slice(outer.length);
  }
  return '    ';
}

/** White space at the start of the line on which a node begins. */
function indentAt(n: Py): string {
  return /^[ \t\f]*/.exec(n.source.slice(n.source.lastIndexOf('\n', n.start - 1) + 1, n.start))?.[0] ?? '';
}

/** A name that occurs nowhere in the file. Also not among `taken`. */
export function freshName(m: Model, base: string, taken: readonly string[] = []): string {
  const clean = base.replace(/\W+/g, '_').replace(/^_+|_+$/g, '').replace(/^(\d)/, 'v$1').slice(0, 40) || 'value';
  for (let i = 1; ; i++) {
    const name = i === 1 ? clean : `${clean}_${i}`;
    if (!keywords.has(name) && !taken.includes(name) && !new RegExp(`\\b${name}\\b`).test(m.module.text)) return name;
  }
}
const keywords = new Set('False None True and as assert async await break class continue def del elif else except finally for from global if import in is lambda nonlocal not or pass raise return try while with yield match case type self cls'.split(' '));

/** A short name for an expression, to build other names from: `self.items` gives `items`. */
export function nameFor(n: Py): string {
  const ids = textOf(n).match(/[A-Za-z_]\w*/g) ?? [];
  return ids.filter((x) => x !== 'self' && x !== 'cls').slice(-2).join('_').toLowerCase() || 'value';
}

/** How to write `module.name` at a place, and the edits that make it known there. */
export function imported(m: Model, at: Py, module: string, name: string): { readonly text: string; readonly edits: readonly Edit[] } | null {
  const fn = functionAround(at);
  if (fn?.type !== 'function_definition') return null;
  // An import that the function sees already.
  const chain: Py[] = [];
  for (let f: Py | null = fn; f; f = functionAround(f)) chain.push(f);
  const shadowed = (n: string): boolean => chain.some((f) => m.names.scopes.get(f)?.bound.has(n) === true);
  for (const v of m.names.byNode.values()) {
    const { use, variable } = v;
    if (use.kind !== 'import') continue;
    const visible = variable.scope.kind === 'module' ? !shadowed(variable.name) && use.node.parent !== null && atTop(use.node) : variable.scope.node === fn && isBoundBefore(variable, statementOf(at) ?? at);
    if (!visible || pathOf(m, use.node) !== use.imported) continue;
    if (use.imported === `${module}.${name}`) return { text: variable.name, edits: [] };
    if (use.imported === module) return { text: `${variable.name}.${name}`, edits: [] };
  }
  const plain = m.names.module.variables.get(name);
  const free = !new RegExp(`\\b${name}\\b`).test(m.module.text) || (plain === undefined && !chain.some((f) => m.names.scopes.get(f)?.bound.has(name)) && !anyScopeBinds(m, name));
  const local = free ? name : freshName(m, name);
  const edit = atFunctionTop(m, fn, `from ${module} import ${name}${local === name ? '' : ` as ${local}`}`);
  return edit ? { text: local, edits: [edit] } : null;
}

function anyScopeBinds(m: Model, name: string): boolean {
  return [...m.names.scopes.values()].some((s) => s.bound.has(name));
}

function atTop(n: Py): boolean {
  for (let p = n.parent; p; p = p.parent) if (['if_statement', 'try_statement', 'function_definition', 'class_definition'].includes(p.type)) return false;
  return true;
}

/** A line at the start of a function's body, after its docstring. */
export function atFunctionTop(m: Model, fn: Py, line: string): Edit | null {
  const list = child(fn, 'body')?.named ?? [];
  const [first, second] = list;
  if (!first || indentOf(first) === null) return null;
  const doc = first.type === 'expression_statement' && first.named[0]?.type === 'string';
  if (!doc) return before(m, first, [line]);
  return second ? before(m, second, [line]) : null;
}

/**
 * A site from edits: null when an edit is missing, leaves its pin, or overlaps another.
 * Insertions at the same place are joined in the order given.
 */
export function site(m: Model, summary: string, edits: readonly (Edit | null | undefined)[]): Site | null {
  const sorted: Edit[] = [];
  const indexed = edits.map((e, i) => ({ e, i }));
  for (const { e } of indexed) if (!e) return null;
  const real = indexed.flatMap(({ e, i }) => (e ? [{ e, i }] : []));
  real.sort((a, b) => a.e.start - b.e.start || a.e.end - b.e.end || a.i - b.i);
  for (const { e } of real) {
    const last = sorted.at(-1);
    if (last && last.end === e.start && (last.start === last.end || e.start === e.end) && last.start === e.start) sorted[sorted.length - 1] = { start: last.start, end: e.end, text: last.text + e.text };
    else if (last && e.start < last.end) return null;
    else sorted.push(e);
  }
  if (sorted.length === 0 || sorted.some((e) => hiddenBuiltin(m, e.text))) return null;
  const pin = m.context.pins.find((p) => sorted.every((e) => p.start <= e.start && e.end <= p.end));
  if (!pin) return null;
  if (sorted.every((e) => m.module.text.slice(e.start, e.end) === e.text)) return null;
  return { edits: laidOut(m.module.text, sorted, { unit: unitOf(m, ''), python: true, from: pin.start }), summary: summary.replace(/\s+/g, ' ') };
}

/** Whether a text calls a builtin whose name means something else in this file. */
function hiddenBuiltin(m: Model, text: string): boolean {
  const called = text.match(/(?<![\w.])(set|list|tuple|sum|range|len|enumerate|reversed|max|min|any|sorted|pow|int)(?=\()/g);
  return called !== null && (m.names.module.dynamic || called.some((n) => anyScopeBinds(m, n)));
}

/**
 * Where to put something that is to be computed once for all turns of the outermost loop for which `same` holds.
 * Null when even the innermost loop changes it, or when no statement stands there.
 */
export function hoistPoint(node: Py, same: (loop: Py) => boolean): { readonly stmt: Py; readonly loop: Py } | null {
  let best: { stmt: Py; loop: Py } | null = null;
  for (const loop of loopsAround(node)) {
    if (!same(loop)) break;
    const stmt = anchorOf(loop);
    if (stmt && indentOf(stmt) !== null) best = { stmt, loop };
  }
  return best;
}

/** The statement before which code runs once for the whole loop; null where a condition guards the loop's expression. */
export function anchorOf(loop: Py): Py | null {
  if (loop.type === 'for_statement' || loop.type === 'while_statement') return loop.parent?.type === 'block' ? loop : null;
  let at = loop;
  for (let p = loop.parent; p; at = p, p = p.parent) {
    if (p.type === 'lambda' || p.type === 'class_definition') return null;
    if (p.type === 'conditional_expression' && p.named[1] !== at) return null;
    if (p.type === 'boolean_operator' && at.field === 'right') return null;
    if (p.type === 'elif_clause' || p.type === 'assert_statement' || p.type === 'except_clause') return null;
    if (p.type === 'while_statement') return null;
    if (p.parent?.type === 'block') return p.type === 'function_definition' || p.type === 'decorated_definition' ? null : p;
  }
  return null;
}

/** The text of an expression with some of its nodes replaced. */
export function substitute(n: Py, changes: ReadonlyMap<Py, string>): string {
  const inner = [...changes].filter(([k]) => contains(n, k)).sort((a, b) => a[0].start - b[0].start);
  let out = '';
  let at = n.start;
  for (const [k, text] of inner) {
    if (k.start < at) continue;
    out += n.source.slice(at, k.start) + text;
    at = k.end;
  }
  return out + n.source.slice(at, n.end);
}

/** The same text on one line, or null when it holds a comment or a string over several lines. */
export function oneLine(text: string): string | null {
  if (!/[\r\n]/.test(text)) return text;
  return /#|'''|"""|\\/.test(text) ? null : text.replace(/\s*\r?\n\s*/g, ' ');
}
