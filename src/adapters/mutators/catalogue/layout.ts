// Indentation of what a rewrite wrote: code that was moved keeps its shape and takes the depth of its new place.

import { applyEdits } from '../edits.ts';
import type { Edit } from './rewrite.ts';

export interface Layout {
  /** One step of the file's indentation. */
  readonly unit: string;
  /** Python's statements are moved by what makes them: their indentation means something. Only lines inside brackets are then laid out. */
  readonly python: boolean;
  /** Where to begin to read: the start of a pin that holds the edits. */
  readonly from: number;
}

/** Code since an opening bracket, or since the beginning. */
interface Group {
  /** Columns of white space before the line that opened it, and by how much that line was moved. */
  readonly base: number;
  readonly moved: number;
  /** The bracket was written by an edit. */
  readonly written: boolean;
  /** Braces of statements (or of an object), not brackets of an expression. */
  readonly block: boolean;
  /** Nothing but the end of the line follows the bracket. */
  readonly hanging: boolean;
  /** The last line that began a statement or an element, as it was and as it is. */
  start: { readonly old: number; readonly now: number; readonly edited: boolean; readonly text: string } | null;
  /** By how much the further lines of that statement are moved; null before the first. */
  shift: number | null;
  cases: boolean;
}

/** Farther from the pin's start than this nothing is laid out: each site is read from there, and a file pinned whole may have hundreds. */
const FAR = 60_000;

const LEADS = /^(?:\.(?!\.\.)|\?|:|&&|\|\||[*%<>|&^=]|\+(?!\+)|-(?!-)|\/(?![/*])|instanceof\b|in\b)/;
const LONE_HEAD = /^(?:\} )?(?:else )?(?:if|for|while)\b/;

/** Whether a line goes on with the statement of the line before. */
function continues(line: string, before: string, start: string): boolean {
  if (LEADS.test(line) || /[=+\-*/%&|^?:<>!~.]$/.test(before)) return true;
  return (before.endsWith(')') && LONE_HEAD.test(start)) || /(?:^|[^\w$.])else$/.test(before);
}

/** Where a text's brackets, strings and comments are: read on line by line. */
class Reader {
  private readonly python: boolean;
  /** What ends the string or comment that the reader is in; `}` of a template's `${` is told by depth. */
  private inside: string | null = null;
  private readonly templates: number[] = [];
  private depth = 0;
  /** Code before the reader on its line and the one before, without comments and white space at its end. */
  code = '';

  constructor(python: boolean) {
    this.python = python;
  }

  get inText(): boolean {
    return this.inside !== null;
  }

  /** Reads one line; tells each bracket that is code. */
  line(text: string, onBracket: (c: string, at: number) => void): void {
    if (this.inside === '\'' || this.inside === '"') this.inside = null; // no such string goes over a line's end
    for (let i = 0; i < text.length; i++) {
      const c = text.charAt(i);
      if (this.inside !== null) {
        if (c === '\\' && this.inside !== '*/') i++;
        else if (this.inside === '`' && text.startsWith('${', i)) {
          this.templates.push(this.depth);
          this.inside = null;
          i++;
        } else if (text.startsWith(this.inside, i)) {
          i += this.inside.length - 1;
          this.inside = null;
        }
        continue;
      }
      const triple = text.slice(i, i + 3);
      if (this.python ? c === '#' : text.startsWith('//', i)) return;
      if (this.python && (triple === '"""' || triple === '\'\'\'')) {
        this.inside = triple;
        i += 2;
      } else if (!this.python && text.startsWith('/*', i)) {
        this.inside = '*/';
        i++;
        continue;
      } else if (c === '"' || c === '\'' || (c === '`' && !this.python)) this.inside = c;
      else if (c === '/' && !this.python && /(?:^|[=(,:[!&|?{};+\-*%<>~^]|\b(?:return|typeof|case|in|of))$/.test(this.code.trimEnd())) {
        const end = /^\/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\[])+\//.exec(text.slice(i));
        if (end) i += end[0].length - 1;
      } else if ('([{'.includes(c)) {
        this.depth++;
        onBracket(c, i);
      } else if (')]}'.includes(c)) {
        if (c === '}' && this.templates.at(-1) === this.depth) {
          this.templates.pop();
          this.inside = '`';
          continue;
        }
        this.depth--;
        onBracket(c, i);
      }
      if (c.trim() !== '') this.code = `${this.code.slice(-40)}${text.slice(Math.max(0, i), i + 1)}`;
      else if (!this.code.endsWith(' ')) this.code += ' ';
    }
  }
}

/** The same edits with each of their lines, and the lines between them, at the depth of their place. Texts that it cannot read are left as they are. */
export function laidOut(text: string, edits: readonly Edit[], layout: Layout): Edit[] {
  if (!edits.some((e) => e.text.includes('\n') || text.slice(e.start, e.end).includes('\n'))) return [...edits];
  const sorted = [...edits].sort((a, b) => a.start - b.start || a.end - b.end);
  if ((sorted.at(-1)?.end ?? 0) - layout.from > FAR) return [...edits];
  const whole = applyEdits(text, sorted);
  // What the edits wrote, as spans of the new text.
  let drift = 0;
  const written = sorted.map((e) => {
    const start = e.start + drift;
    drift += e.text.length - (e.end - e.start);
    return { start, end: start + e.text.length };
  });
  const isWritten = (at: number): boolean => written.some((w) => at >= w.start && at < w.end);
  /** White space before the line of the old text where a character of the new one stood; `otherwise` for what an edit wrote. */
  const indentBefore = (at: number, otherwise: number): number => {
    if (isWritten(at)) return otherwise;
    const was = at - shiftAt(sorted, written, at);
    return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', was - 1) + 1))?.[0].length ?? 0;
  };
  const last = written.at(-1)?.end ?? 0;
  const width = layout.unit.length;
  const reader = new Reader(layout.python);
  const root: Group = { base: 0, moved: 0, written: false, block: true, hanging: true, start: null, shift: null, cases: false };
  const groups: Group[] = [root];
  const changes: { at: number; length: number; text: string }[] = [];
  for (let at = whole.lastIndexOf('\n', layout.from - 1) + 1; at <= last;) {
    const newline = whole.indexOf('\n', at);
    const end = newline < 0 ? whole.length : newline;
    const line = whole.slice(at, end);
    const old = /^[ \t]*/.exec(line)?.[0] ?? '';
    const content = line.slice(old.length).trimEnd();
    const top = groups.at(-1) ?? root;
    const edited = at > 0 && isWritten(at - 1);
    let now = old.length;
    if (!reader.inText && content !== '') {
      if (/^[)\]}]/.test(content)) {
        if (top !== root) now = edited || top.written ? top.base : old.length + top.moved;
      } else {
        const begun = top.start;
        if (begun !== null && continues(content, reader.code.trimEnd(), begun.text) && !(layout.python && top === root)) {
          if (top.shift !== null) now += top.shift;
          else if (edited || begun.now !== begun.old) {
            const step = old.length - begun.old;
            // In brackets many let operands stand one under another; where a statement goes on, what came before it may have been written.
            const shaped = edited === begun.edited && step >= 0 && step <= 2 * width && !(edited && top.block);
            now = begun.now + (shaped ? step : width);
            top.shift = now - old.length;
          }
        } else if (layout.python && top === root) {
          // statements stand where they were put
        } else {
          if (/^(?:case\b.*|default):/.test(content)) top.cases = true;
          if (top.written && !top.hanging && continues(content, reader.code.trimEnd(), '')) now = top.base + width;
          else if (top.written) now = top.hanging ? top.base + width * (top.cases && !/^(?:case\b|default:)/.test(content) ? 2 : 1) : old.length + top.moved;
          else if (!edited) now += top.moved;
          else if (top !== root && top.hanging && !top.cases) now = top.start?.now ?? top.base + width;
          top.start = { old: indentBefore(at + old.length, old.length), now, edited, text: content };
          top.shift = null;
        }
      }
      if (now < 0) now = 0;
      if (now !== old.length) changes.push({ at, length: old.length, text: (layout.unit.startsWith('\t') ? '\t' : ' ').repeat(now) });
    }
    reader.line(`${line}\n`, (c, i) => {
      if ('([{'.includes(c)) groups.push({ base: now, moved: now - indentBefore(at + i, old.length), written: isWritten(at + i), block: c === '{', hanging: line.slice(i + 1).trim() === '', start: null, shift: null, cases: false });
      else if (groups.length > 1) groups.pop();
    });
    at = end + 1;
  }
  return changes.length === 0 ? [...edits] : merged(text, sorted, written, changes);
}

/** How far text after the edits before a place of the new text stands behind its old place. */
function shiftAt(edits: readonly Edit[], written: readonly { readonly end: number }[], at: number): number {
  return edits.reduce((n, e, i) => ((written[i]?.end ?? Infinity) <= at ? n + e.text.length - (e.end - e.start) : n), 0);
}

/** Changes of white space in the new text, brought into the edits of the old. */
function merged(text: string, edits: readonly Edit[], written: readonly { readonly start: number; readonly end: number }[], changes: readonly { readonly at: number; readonly length: number; readonly text: string }[]): Edit[] {
  const out = edits.map((e) => ({ start: e.start, end: e.end, text: e.text }));
  const more: Edit[] = [];
  for (const c of [...changes].reverse()) {
    const from = c.at;
    const to = c.at + c.length;
    const i = written.findIndex((w) => from <= w.end && to >= w.start && w.end > w.start);
    const w = written[i];
    const e = out[i];
    if (w === undefined || e === undefined) {
      // A line between the edits: back to where it stands in the old text.
      const shift = shiftAt(edits, written, from);
      more.push({ start: from - shift, end: to - shift, text: c.text });
      continue;
    }
    // White space that an edit shares with what stands before or after it.
    const head = Math.max(0, w.start - from);
    const tail = Math.max(0, to - w.end);
    const inner = e.text.slice(0, Math.max(0, from - w.start)) + c.text + e.text.slice(Math.max(0, to - w.start));
    out[i] = { start: e.start - head, end: e.end + tail, text: inner };
    if (text.slice(e.start - head, e.start).trim() !== '' || text.slice(e.end, e.end + tail).trim() !== '') return [...edits];
  }
  return [...out, ...more].sort((a, b) => a.start - b.start || a.end - b.end);
}
