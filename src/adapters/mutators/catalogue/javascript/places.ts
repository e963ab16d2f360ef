// Where code repeats and where code may be put: loops, callbacks of array methods, and the statement before which a declaration may stand.

import { laidOut } from '../layout.ts';
import type { Context, Edit, Site } from '../rewrite.ts';
import { iteratingMethods } from './known.ts';
import type { Model } from './model.ts';
import type { Syn } from './syn.ts';
import { bare, descendants, field, isFunction, isLoop, lineOf, methodCall, parts, textOf, visit, within } from './syn.ts';

/** A call such as `xs.map((x) => …)`, `xs.sort(…)` or `Array.from(xs, (x) => …)`, if `fn` is its callback. */
export function iterationOf(fn: Syn): Syn | null {
  const args = fn.parent;
  const call = args?.type === 'arguments' ? args.parent : null;
  const m = methodCall(call);
  if (!m) return null;
  const first = m.args[0] === fn && (iteratingMethods.has(m.name) || m.name === 'sort' || m.name === 'toSorted');
  const from = m.name === 'from' && m.args[1] === fn && textOf(m.object) === 'Array';
  return first || from ? m.call : null;
}

/** The loops and iterating calls that repeat `n`, innermost first, up to the enclosing real function. */
export function repeatsOf(n: Syn): Syn[] {
  const out: Syn[] = [];
  for (let at = n, p = n.parent; p; at = p, p = p.parent) {
    if (isLoop(p)) {
      const once = (p.type === 'for_statement' && at.field === 'initializer') || (p.type === 'for_in_statement' && at.field === 'right');
      if (!once) out.push(p);
    } else if (isFunction(p)) {
      const call = iterationOf(p);
      if (!call || p.children.some((c) => c.type === 'async' || c.type === '*')) return out;
      out.push(call);
      p = p.parent ?? p; // the arguments
      p = p.parent ?? p; // the call
    }
  }
  return out;
}

const blocks = new Set(['statement_block', 'program', 'switch_case', 'switch_default', 'class_static_block']);

/** The place for a declaration that must run right before `region`: a statement, or an arrow function's expression body. Null across other function borders. */
export function anchorOf(region: Syn): Syn | null {
  for (let at = region, p = region.parent; p; at = p, p = p.parent) {
    if (p.type === 'labeled_statement') continue;
    if (blocks.has(p.type) && at.field !== 'value') return at;
    if (p.type === 'arrow_function' && at.field === 'body') return at;
    if (isFunction(p) || p.type === 'class_body' || p.type === 'formal_parameters') return null;
    const isBody = (isLoop(p) && at.field === 'body') || (p.type === 'if_statement' && at.field === 'consequence') || p.type === 'else_clause';
    if (isBody) return at.type === 'statement_block' ? null : at;
    // What precedes in a condition or a header runs each time, or conditionally.
    if (isLoop(p) && !((p.type === 'for_statement' && at.field === 'initializer') || (p.type === 'for_in_statement' && at.field === 'right'))) return null;
  }
  return null;
}

/** Whether a value leaves through `return`, alone or inside the literal that is returned. */
export function isReturned(n: Syn): boolean {
  let p = n.parent;
  while (p && ['array', 'object', 'pair', 'parenthesized_expression', 'as_expression', 'satisfies_expression', 'non_null_expression'].includes(p.type)) p = p.parent;
  return p?.type === 'return_statement';
}

/** Evaluating it twice gives the same value. */
export const repeatable = (e: Syn): boolean => {
  const b = bare(e);
  return ['identifier', 'number', 'string', 'true', 'false', 'null', 'undefined'].includes(b.type) || (b.type === 'member_expression' && repeatable(field(b, 'object') ?? b)) || b.type === 'this'
    || (b.type === 'subscript_expression' && repeatable(field(b, 'object') ?? b) && repeatable(field(b, 'index') ?? b))
    || (b.type === 'template_string' && parts(b).every((p) => p.type !== 'template_substitution' || parts(p).every(repeatable)));
};

/** A text with all lines but the first moved by one step; as it is if a template string spans lines. */
export function indented(n: Syn, text: string, step: string): string {
  const spans = descendants(n, 'template_string').some((c) => textOf(c).includes('\n'));
  return !spans ? text.replace(/\n(?=[^\r\n])/g, `\n${step}`) : text;
}

/** White space at the start of the line that holds `at`. */
export function indentAt(text: string, at: number): string {
  const line = text.lastIndexOf('\n', at - 1) + 1;
  return /^[\t ]*/.exec(text.slice(line, line + 200))?.[0] ?? '';
}

/** One step of the file's indentation. */
export function indentUnit(text: string): string {
  const m = /\n(\t| {2,8})(?=\S)/.exec(text);
  return m?.[1] ?? '  ';
}

/** Edits that put `lines` right before an anchor, with braces where the anchor stands alone. Further lines of each are laid out by siteOf(). */
export function insertBefore(model: Model, anchor: Syn, lines: readonly string[]): Edit[] {
  const { text } = model;
  const indent = indentAt(text, anchor.start);
  const p = anchor.parent;
  if (p && (blocks.has(p.type) || p.type === 'labeled_statement')) {
    return [{ start: anchor.start, end: anchor.start, text: lines.map((l) => `${l}\n${indent}`).join('') }];
  }
  const unit = indentUnit(text);
  const deeper = indent + unit;
  const returns = p?.type === 'arrow_function' && anchor.type !== 'statement_block';
  return [
    { ...openBrace(anchor), text: `${openBrace(anchor).text}\n${lines.map((l) => `${deeper}${l}\n`).join('')}${deeper}${returns ? 'return ' : ''}` },
    { start: anchor.end, end: anchor.end, text: `${returns ? ';' : ''}\n${indent}}` },
  ];
}

/** The brace of a body that stands without: on the line of its head, also where the body begins a line. */
export function openBrace(body: Syn): Edit {
  const gap = /\s*$/.exec(body.source.slice(Math.max(0, body.start - 400), body.start))?.[0] ?? '';
  const before = body.source.slice(Math.max(0, body.start - gap.length - 80), body.start - gap.length);
  // Behind a comment to the line's end a brace would be comment.
  const own = !gap.includes('\n') || /\/\/[^\n]*$/.test(before);
  return own ? { start: body.start, end: body.start, text: '{' } : { start: body.start - gap.length, end: body.start, text: ' {' };
}

/** A lone body as a block with other statements; a statement of a block as these statements. */
export function replaceStatement(model: Model, statement: Syn, lines: readonly string[]): Edit {
  const indent = indentAt(model.text, statement.start);
  const p = statement.parent;
  if (lines.length === 1 || (p && blocks.has(p.type))) return { start: statement.start, end: statement.end, text: lines.join(`\n${indent}`) };
  const { start, text } = openBrace(statement);
  const deeper = indent + indentUnit(model.text);
  return { start, end: statement.end, text: `${text}\n${lines.map((l) => `${deeper}${l}\n`).join('')}${indent}}` };
}

/** Edits that put `lines` right after a statement in a block. */
export function insertAfter(model: Model, statement: Syn, lines: readonly string[]): Edit[] {
  const indent = indentAt(model.text, statement.start);
  return [{ start: statement.end, end: statement.end, text: lines.map((l) => `\n${indent}${l}`).join('') }];
}

/** The statement of a block that holds `n` (also of the program), or null where it is a lone body or a for-head. */
export function blockStatement(n: Syn): Syn | null {
  let at: Syn | null = n;
  while (at && !(at.parent && blocks.has(at.parent.type))) {
    if (isFunction(at) && at !== n) return null;
    at = at.parent;
  }
  return at && at.type !== 'export_statement' && at.field !== 'value' ? at : null;
}

/** A name that no identifier of the file has. */
export function freshName(model: Model, wish: string, taken: ReadonlySet<string> = new Set()): string {
  const clean = wish.replace(/[^A-Za-z0-9_$]/g, '');
  const base = clean === '' || /^[0-9]/.test(clean) ? `v${clean}` : clean;
  for (let i = 1; ; i++) {
    const name = i === 1 ? base : `${base}${i}`;
    if (!model.scopes.names.has(name) && !taken.has(name)) return name;
  }
}

/** A node's text with edits inside it applied. */
export function rewritten(n: Syn, edits: readonly Edit[]): string {
  let out = '';
  let at = n.start;
  for (const e of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    if (e.start < at || e.end > n.end) continue;
    out += n.source.slice(at, e.start) + e.text;
    at = e.end;
  }
  return out + n.source.slice(at, n.end);
}

export const replace = (n: Syn, text: string): Edit => ({ start: n.start, end: n.end, text });

/** Edits that drop a statement with its line. */
export function removal(n: Syn): Edit {
  const { source } = n;
  let start = n.start;
  let end = n.end;
  const line = source.lastIndexOf('\n', start - 1) + 1;
  const next = /^[ \t]*\r?\n/.exec(source.slice(end, end + 200));
  if (source.slice(line, start).trim() === '' && next) {
    start = line;
    end += next[0].length;
  }
  return { start, end, text: '' };
}

/** A site if the edits lie in one pin and don't overlap, in the file's own line ends; else null. Insertions at one place keep the given order. */
export function siteOf(context: Context, edits: readonly Edit[], summary: string): Site | null {
  const list = edits.map((e, i) => ({ e, i })).sort((a, b) => a.e.start - b.e.start || a.e.end - b.e.end || a.i - b.i).map(({ e }) => e);
  const first = list[0];
  const last = list[list.length - 1];
  if (!first || !last) return null;
  const end = Math.max(...list.map((e) => e.end));
  if (!context.pins.some((p) => first.start >= p.start && end <= p.end)) return null;
  for (let i = 1; i < list.length; i++) if ((list[i] as Edit).start < (list[i - 1] as Edit).end) return null;
  const pin = context.pins.find((p) => first.start >= p.start && end <= p.end);
  const tidy = laidOut(context.text, list, { unit: indentUnit(context.text), python: false, from: pin?.start ?? 0 });
  const crlf = context.text.includes('\r\n');
  const merged: Edit[] = [];
  for (const e of tidy) {
    const text = crlf ? e.text.replace(/\r?\n/g, '\r\n') : e.text;
    const before = merged[merged.length - 1];
    // Two edits that touch at one point are one edit, so that their order is not left to whoever applies them.
    if (before && before.end === e.start && (before.start === e.start || e.start === e.end)) merged[merged.length - 1] = { start: before.start, end: e.end, text: before.text + text };
    else merged.push({ ...e, text });
  }
  return { edits: merged, summary: summary.replace(/\s+/g, ' ') };
}

/** All nodes of some types that touch a pin, in order. */
export function nodesInPins(context: Context, model: Model, ...types: readonly string[]): Syn[] {
  const out: Syn[] = [];
  visit(model.root, (n) => {
    if (!context.pins.some((p) => n.start < p.end && n.end > p.start)) return n === model.root ? undefined : false;
    if (types.includes(n.type) && context.pins.some((p) => n.start >= p.start && n.end <= p.end)) out.push(n);
    return undefined;
  });
  return out;
}

/** `line 12`, for summaries. */
export const atLine = (n: Syn): string => `line ${lineOf(n)}`;

/** The statements of a block that holds this one, and its place among them. */
export function siblings(statement: Syn): { readonly list: readonly Syn[]; readonly at: number } {
  const list = (statement.parent?.children ?? []).filter((c) => c.named && c.type !== 'comment');
  return { list, at: list.indexOf(statement) };
}

/** Whether `inner` is run by each pass of `loop` directly: not inside a function that starts in the loop. */
export function sameFunction(inner: Syn, loop: Syn): boolean {
  for (let p: Syn | null = inner; p && p !== loop; p = p.parent) if (isFunction(p)) return false;
  return within(inner, loop);
}

/** A loop's body. */
export const bodyOf = (loop: Syn): Syn | null => field(loop, 'body');
