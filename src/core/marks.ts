// Marks seen in text without parsing it: whether there may be any, and on which lines. The parser has the last word (adapters/syntax).

/** What may open a comment or lead a line inside one, in any language. The longer come first. */
export const OPENER = String.raw`\/\/[\/!]?|\/\*[*!]?|<!--|\{-|\(\*|--|#+|;+|%+|!|\*`;
export const SIGIL = 'sigil:';
export const BLOCK = 'EVOLVE-BLOCK-';
/** `improve(`, `improve<T>(`, `@x.improve`, and the imports that rename it. */
const CALLED = /improve(?:\s*[(<:]|\s+as\s)|@[\w.]*improve\b/;

/**
 * Whether a text may hold a mark. A yes may be false and costs one parse. A no is wrong only for a call with a comment between
 * `improve` and its parenthesis. Some milliseconds for 100,000 lines.
 */
export function hasMarks(text: string): boolean {
  if (text.includes(SIGIL) || text.includes(BLOCK)) return true;
  for (let at = text.indexOf('improve'); at >= 0; at = text.indexOf('improve', at + 7))
    if (CALLED.test(text.slice(Math.max(0, at - 200), at + 40))) return true;
  return false;
}

/** How calls and decorators mark: Python's, JavaScript's, or by comments only. */
export type MarkStyle = 'python' | 'script' | 'comments';

/** A mark as it looks without parsing. Lines are 0-based. */
export interface SeenMark {
  /** Where it stands; for a call `improve(f, …)` where the function `f` stands, as far as one can see. */
  readonly line: number;
  /** A line that is likely inside what it marks. */
  readonly target: number;
}

const LEAD = new RegExp(`^\\s*\\{?\\s*(?:${OPENER})\\s*$`);
const COMMENT = new RegExp(`^\\s*\\{?\\s*(?:${OPENER})`);
/** Lines that a mark's comment may be away from its function: it is read over other comments. */
const REACH = 60;

/** The marks of a text in order, one a marked place. Linear in the text, and quick where nothing is marked. */
export function seeMarks(text: string, style: MarkStyle): readonly SeenMark[] {
  const hits: { readonly at: number; readonly kind: 'comment' | 'block' | 'decorator' | 'call'; readonly name?: string }[] = [];
  const lineStart = (at: number): number => text.lastIndexOf('\n', at - 1) + 1;
  for (let at = text.indexOf(SIGIL); at >= 0; at = text.indexOf(SIGIL, at + SIGIL.length))
    if (/^sigil:\s*improve(?![\w-])/.test(text.slice(at, at + 60)) && LEAD.test(text.slice(lineStart(at), at))) hits.push({ at, kind: 'comment' });
  const start = `${BLOCK}START`;
  for (let at = text.indexOf(start); at >= 0; at = text.indexOf(start, at + start.length))
    if (!/^[\w-]/.test(text.slice(at + start.length, at + start.length + 1)) && LEAD.test(text.slice(lineStart(at), at))) hits.push({ at, kind: 'block' });
  if (style === 'python') {
    for (let at = text.indexOf('improve'); at >= 0; at = text.indexOf('improve', at + 7))
      if (/^\s*@(?:\w+\.)*$/.test(text.slice(lineStart(at), at)) && !/^\w/.test(text.slice(at + 7, at + 8))) hits.push({ at, kind: 'decorator' });
  } else if (style === 'script' && /['"]sigil\b/.test(text)) {
    for (let at = text.indexOf('improve'); at >= 0; at = text.indexOf('improve', at + 7)) {
      if (/[\w$]$|function\s+$/.test(text.slice(Math.max(0, at - 20), at))) continue;
      const call = /^improve\s*(?:<[^>\n]*>)?\(\s*([A-Za-z_$][\w$]*)?/.exec(text.slice(at, at + 200));
      if (call) hits.push({ at, kind: 'call', ...(call[1] === undefined ? {} : { name: call[1] }) });
    }
  }
  if (hits.length === 0) return [];
  hits.sort((a, b) => a.at - b.at);

  const lineOf = lineCounter(text);
  const out: SeenMark[] = [];
  for (const hit of hits) {
    const line = lineOf(hit.at);
    const mark = hit.kind === 'call' ? definition(text, hit.name, line) : { line, target: hit.kind === 'block' ? line + 1 : hit.kind === 'decorator' ? line : below(text, hit.at, line) };
    // A comment above a decorator or a block: one place.
    if (!out.some((m) => m.target === mark.target || m.target === mark.line)) out.push(mark);
  }
  return out.sort((a, b) => a.line - b.line);
}

/** Line numbers of offsets that come in ascending order. */
function lineCounter(text: string): (at: number) => number {
  let line = 0;
  let from = 0;
  return (at) => {
    for (let next = text.indexOf('\n', from); next >= 0 && next < at; next = text.indexOf('\n', from)) {
      line++;
      from = next + 1;
    }
    return line;
  };
}

/** The first line of code below a mark in a comment. */
function below(text: string, at: number, line: number): number {
  let from = text.indexOf('\n', at) + 1;
  for (let n = 1; from > 0 && n <= REACH; n++) {
    const end = text.indexOf('\n', from);
    const words = text.slice(from, end < 0 ? undefined : end);
    if (words.trim() !== '' && !COMMENT.test(words)) return line + n;
    from = end + 1;
  }
  return line;
}

/** Where a function that a call names is defined; the call itself where that cannot be seen. */
function definition(text: string, name: string | undefined, line: number): SeenMark {
  const call = { line, target: line };
  if (name === undefined || name === 'function' || name === 'async') return call;
  const at = new RegExp(`(?:function\\s*\\*?\\s+|(?:const|let|var)\\s+)${name.replaceAll('$', '\\$')}(?![\\w$])`).exec(text)?.index;
  if (at === undefined) return call;
  const own = lineCounter(text)(at);
  return { line: own, target: own };
}
