// The words of marks that stand in comments.

import type { Node } from 'web-tree-sitter';
import { BLOCK, OPENER, SIGIL } from '../../core/marks.ts';
import type { MarkOptions } from '../../core/pin.ts';
import { closest, nearest } from '../text.ts';
import { commentAt, withoutCloser } from './comments.ts';
import type { Span } from './comments.ts';
import type { Lines } from './lines.ts';
import { lineAt, lineEnd, lineStart, positionAt } from './lines.ts';
import type { LanguageRules } from './rules.ts';

/** Something in a mark that cannot be resolved. Line and column are 1-based, the column in UTF-16 units. */
export interface PinProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly remedy: string;
}

/** Takes a problem at an offset. */
export type Report = (offset: number, message: string, remedy: string) => void;

export function reporter(lines: Lines, into: PinProblem[]): Report {
  return (offset, message, remedy) => into.push({ ...positionAt(lines, offset), message, remedy });
}

/** A mark found in a comment: its words from `sigil:` or `EVOLVE-BLOCK-` to the end of the line or comment. */
export interface CommentMark {
  /** Where the words begin. */
  readonly at: number;
  readonly words: string;
  readonly comment: Span;
  /** Whether no code stands before the comment on its line. */
  readonly ownLine: boolean;
}

/** All marks in comments, in order. Without rules (no grammar) a comment is what follows a known opener. */
export function commentMarks(lines: Lines, rules: LanguageRules | null, root: Node | null): CommentMark[] {
  const out: CommentMark[] = [];
  for (const needle of [SIGIL, BLOCK])
    for (let at = lines.text.indexOf(needle); at >= 0; at = lines.text.indexOf(needle, at + needle.length)) {
      const mark = markAt(lines, at, rules, root);
      if (mark) out.push(mark);
    }
  return out.sort((a, b) => a.at - b.at);
}

const LEAD = new RegExp(`^\\s*(?:${OPENER})?\\s*$`);
const TRAILING = new RegExp(`(?:${OPENER})\\s*$`);

function markAt(lines: Lines, at: number, rules: LanguageRules | null, root: Node | null): CommentMark | null {
  const { text } = lines;
  const line = lineAt(lines, at);
  const start = lineStart(lines, line);
  const end = lineEnd(lines, line);
  let comment: Span | null;
  if (rules && root) {
    comment = commentAt(root, rules, text, at);
    if (!comment || !LEAD.test(text.slice(Math.max(start, comment.start), at))) return null;
  } else {
    const opener = TRAILING.exec(text.slice(start, at));
    comment = opener ? { start: start + opener.index, end } : null;
    if (!comment) return null;
  }
  const words = withoutCloser(text.slice(at, Math.min(end, comment.end)));
  const before = text.slice(lineStart(lines, lineAt(lines, comment.start)), comment.start);
  return { at, words, comment, ownLine: /^[\s\uFEFF]*\{?\s*$/.test(before) }; // JSX comments stand in braces
}

/** The words after `sigil:`, understood. */
export type SigilMark =
  | { readonly kind: 'improve'; readonly options: MarkOptions }
  | { readonly kind: 'knob'; readonly value: number; readonly low: number; readonly high: number };

const KEYS = ['spec', 'eval', 'metric', 'goal', 'workspace'] as const;
const NUMBER = String.raw`[-+]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][-+]?\d+)?`;
const KNOB = new RegExp(`^(${NUMBER})\\s+(${NUMBER})\\s*\\.\\.\\s*(${NUMBER})$`);

/** Reads `sigil: improve …` or `sigil: knob …`. Null for other words, reported when they look like a slip. */
export function parseSigil(mark: CommentMark, report: Report): SigilMark | null {
  const m = /^sigil:\s*([A-Za-z_-]+)(?![\w-])/.exec(mark.words);
  const word = m?.[1] ?? '';
  const rest = mark.words.slice(m?.[0].length ?? 0);
  const restAt = mark.at + (m?.[0].length ?? 0);
  if (word === 'improve') return { kind: 'improve', options: parseOptions(rest, restAt, report) };
  if (word === 'knob') return parseKnob(rest.trim(), mark.at, report);
  const near = word === '' ? undefined : nearest(word, ['improve', 'knob']);
  if (near !== undefined) report(mark.at, `"sigil: ${word}" is not a mark`, `Did you mean "sigil: ${near}"?`);
  return null;
}

function parseKnob(words: string, at: number, report: Report): SigilMark | null {
  const [, value, low, high] = (KNOB.exec(words) ?? []).map((s) => Number(s.replaceAll('_', '')));
  if (value === undefined || low === undefined || high === undefined || [value, low, high].some(Number.isNaN)) {
    report(at, `"sigil: knob ${words}" does not say a value and its bounds`, 'Write for example "sigil: knob 8 4..64".');
    return null;
  }
  if (!(low < high) || value < low || value > high) {
    report(at, `the knob's value ${value} is not within ${low}..${high}`, 'Give bounds low..high with low ≤ value ≤ high and low < high.');
    return null;
  }
  return { kind: 'knob', value, low, high };
}

/** Reads `spec=x eval="…" metric=… goal=max|min workspace=…`; what is wrong is reported and left out. */
function parseOptions(words: string, from: number, report: Report): MarkOptions {
  const out: Record<string, string> = {};
  const token = /\s*(?:([A-Za-z_-]+)=("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[^\s"']\S*)?(?=\s|$)|(\S+))/y;
  for (let m = token.exec(words); m; m = token.exec(words)) {
    const at = from + m.index + m[0].length - m[0].trimStart().length;
    const [, key, raw = '', junk] = m;
    if (junk !== undefined || key === undefined) {
      if (/=["']/.test(junk ?? '')) {
        report(at, `the quote in ${junk ?? ''} is not closed`, 'Close it, on the same line.');
        break;
      }
      report(at, `"${junk ?? ''}" is not key=value`, `A mark's options are ${KEYS.map((k) => `${k}=…`).join(' ')}; quote values with spaces.`);
      continue;
    }
    if (!(KEYS as readonly string[]).includes(key)) {
      report(at, `a mark has no option "${key}"`, closest(key, KEYS, 'option'));
      continue;
    }
    const value = /^["']/.test(raw) ? raw.slice(1, -1).replace(/\\(["'\\])/g, '$1') : raw;
    if (value === '') report(at, `the option "${key}" is empty`, `Write ${key}=value, or leave it out.`);
    else if (key in out) report(at, `the option "${key}" is there twice`, 'Leave one out.');
    else if (key === 'goal' && value !== 'max' && value !== 'min') report(at, `goal=${value} is neither max nor min`, 'Write goal=max or goal=min.');
    else out[key] = value;
  }
  return out;
}
