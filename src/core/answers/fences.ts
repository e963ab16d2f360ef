// The fenced parts of an answer, with what they say of themselves: language, path, and the lines above them.

import { isPath, pathIn } from './edit.ts';

export interface Fence {
  /** The first word behind the opening, in lower case. */
  readonly info: string;
  /** A path in the opening line, or on a line of its own right above. */
  readonly path: string | null;
  /** Rows of the opening and of the closing line; that behind the last where it is not closed. */
  readonly open: number;
  readonly close: number;
  readonly closed: boolean;
  readonly lines: readonly string[];
  /** Up to three lines with text above the opening. */
  readonly above: readonly string[];
}

const OPENING = /^[ \t>]*(`{3,}|~{3,})\s*([^`]*)$/;

function infoPath(info: string): string | null {
  const titled = /(?:title|file(?:name)?|path)\s*[=:]\s*["']?([^"'\s,}]+)/i.exec(info)?.[1];
  if (titled !== undefined) return titled;
  const colon = /^[\w+#-]*:([^\s:]+)/.exec(info)?.[1] ?? /^\d+:\d+:(\S+)/.exec(info)?.[1];
  if (colon !== undefined && isPath(colon)) return colon;
  return info.split(/\s+/).find((word, i) => isPath(word) && (i > 0 || word.includes('/') || word.includes('.'))) ?? null;
}

const TEXTS = new Set(['', 'markdown', 'md', 'text', 'txt']);

/** Fences in order. One in another is the other's text, except in one of Markdown, which only wraps. */
export function fencesOf(rows: readonly string[], from = 0, to = rows.length): readonly Fence[] {
  const out: Fence[] = [];
  for (let i = from; i < to; i++) {
    const m = OPENING.exec(rows[i] ?? '');
    if (!m) continue;
    const [mark, info] = [m[1] ?? '', (m[2] ?? '').trim()];
    const end = closing(rows, i, to, mark, info);
    const close = end ?? to;
    const inner = ['markdown', 'md'].includes(info.toLowerCase()) ? fencesOf(rows, i + 1, close) : [];
    if (inner.length > 0) out.push(...inner);
    else {
      const indent = /^[ \t>]*/.exec(rows[i] ?? '')?.[0] ?? '';
      const lines = rows.slice(i + 1, close).map((line) => (indent !== '' && line.startsWith(indent) ? line.slice(indent.length) : line));
      const above = linesAbove(rows, i);
      const heading = above.at(-1);
      out.push({
        info: /^[\w+#-]*/.exec(info)?.[0].toLowerCase() ?? '', path: infoPath(info) ?? (heading === undefined ? null : pathIn(heading)),
        open: i, close, closed: end !== null, lines, above,
      });
    }
    i = close;
  }
  return out;
}

/** Up to three lines with text above a row. */
function linesAbove(rows: readonly string[], row: number): readonly string[] {
  const out: string[] = [];
  for (let k = row - 1; k >= 0 && out.length < 3; k--) if (rows[k]?.trim() !== '') out.unshift(rows[k] ?? '');
  return out;
}

/** The row of the closing line. An opening with a language inside is closed first; a fence within a text in triple quotes is that text's. */
function closing(rows: readonly string[], open: number, to: number, mark: string, info: string): number | null {
  let depth = 0;
  let quotes = 0;
  let within: number | null = null;
  for (let i = open + 1; i < to; i++) {
    const line = rows[i] ?? '';
    const m = /^[ \t>]*(`{3,}|~{3,})\s*(.*)$/.exec(line);
    if (m === null || m[1]?.[0] !== mark[0]) {
      quotes += line.split(/"""|'''/).length - 1;
      continue;
    }
    if ((m[1]?.length ?? 0) < mark.length) continue;
    if ((m[2] ?? '').trim() !== '') depth++;
    else if (depth > 0) depth--;
    else if (quotes % 2 === 1 && !TEXTS.has(info.toLowerCase())) within ??= i;
    else return i;
  }
  return within;
}
