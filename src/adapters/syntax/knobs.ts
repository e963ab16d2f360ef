// Knobs: numeric literals that a comment `sigil: knob 8 4..64` behind them offers to a search.

import type { Node } from 'web-tree-sitter';
import { linesOf, lineAt, lineStart } from './lines.ts';
import type { Lines } from './lines.ts';
import type { CommentMark, PinProblem, Report } from './marks.ts';
import { commentMarks, parseSigil, reporter } from './marks.ts';
import { languageOf, withTree } from './parser.ts';
import { rulesOf } from './registry.ts';
import type { LanguageRules } from './rules.ts';

/** A literal that may be tuned. Offsets are UTF-16 units of the literal with its sign. */
export interface Knob {
  readonly start: number;
  readonly end: number;
  readonly line: number;
  /** What the literal says now. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Whether it is written without point and exponent, so that it must stay whole. */
  readonly integer: boolean;
  /** What must follow the digits: `UL`, `f32`, `n`. */
  readonly suffix: string;
}

/** The knobs of a text, in order, and the knob marks that name no literal. Files without a grammar have knobs too. */
export async function findKnobs(file: string, text: string): Promise<{ readonly knobs: Knob[]; readonly problems: PinProblem[] }> {
  const problems: PinProblem[] = [];
  if (!text.includes('sigil:')) return { knobs: [], problems };
  const language = languageOf(file, text);
  const lines = linesOf(text);
  const report = reporter(lines, problems);
  if (language === null) return { knobs: knobsOf(commentMarks(lines, null, null), lines, null, null, report), problems };
  const rules = rulesOf(language);
  return withTree(language, text, (root) => ({ knobs: knobsOf(commentMarks(lines, rules, root), lines, rules, root, report), problems }));
}

/** The same of marks that are at hand. Reports problems of knobs only. */
export function knobsOf(marks: readonly CommentMark[], lines: Lines, rules: LanguageRules | null, root: Node | null, report: Report): Knob[] {
  const out: Knob[] = [];
  for (const mark of marks) {
    if (!/^sigil:\s*knob\b/.test(mark.words)) continue;
    const parsed = parseSigil(mark, report);
    if (parsed?.kind !== 'knob') continue;
    const literals = literalsBefore(mark.comment.start, lines, rules, root);
    const literal = choose(literals, parsed.value, lines.text, mark.comment.start);
    if (!literal) {
      report(mark.at, literals.length === 0 ? 'no number stands before this knob on its line' : `which of the ${literals.length} numbers on this line is the knob cannot be told`,
        literals.length === 0 ? 'Put the comment behind the literal, on the same line.' : 'Give the literal a line of its own, or put the comment directly behind it.');
      continue;
    }
    out.push({ ...literal, line: lineAt(lines, literal.start), low: parsed.low, high: parsed.high });
  }
  return out;
}

type Literal = Omit<Knob, 'line' | 'low' | 'high'>;

/** The one directly before the comment, or the only one of the line, or the only one with the stated value. */
function choose(literals: readonly Literal[], value: number, text: string, comment: number): Literal | undefined {
  const last = literals.at(-1);
  if (literals.length === 1 || (last && text.slice(last.end, comment).trim() === '')) return last;
  const same = literals.filter((l) => l.value === value);
  return same.length === 1 ? same[0] : undefined;
}

const NUMBER = /(?<![\p{ID_Continue}.$])(?:0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_']*)?\.?\d[\d_']*\.?(?:[eE][-+]?\d+)?)(?:[uUiI](?:8|16|32|64|128|size)|f(?:32|64)|[uUlLfFdDnzZjJ]{0,3})(?![\p{ID_Continue}$]|\.\d)/gu;

function literalsBefore(comment: number, lines: Lines, rules: LanguageRules | null, root: Node | null): Literal[] {
  const { text } = lines;
  const from = lineStart(lines, lineAt(lines, comment));
  const out: Literal[] = [];
  for (const m of text.slice(from, comment).matchAll(NUMBER)) {
    let start = from + m.index;
    const end = start + m[0].length;
    const parsed = parseNumber(m[0]);
    if (!parsed) continue;
    let negative = false;
    if (rules && root) {
      const node = root.descendantForIndex(start, end);
      // C counts a sign to the number; elsewhere it is a node around it.
      const lead = node ? text.slice(node.startIndex, start) : '';
      if (!node || !rules.numbers.includes(node.type) || !/^[-+]?$/.test(lead) || node.endIndex !== end) continue;
      const sign = lead === '' && node.parent && /unary/.test(node.parent.type) && node.parent.firstChild?.type === '-' ? node.parent : null;
      negative = sign !== null || lead === '-';
      start = sign?.startIndex ?? node.startIndex;
    } else if (/(?:^|[\s:=([,])-$/.test(text.slice(from, start))) {
      negative = true;
      start--;
    }
    out.push({ ...parsed, value: negative ? -parsed.value : parsed.value, start, end });
  }
  return out;
}

/** The value of a numeric literal of any of the languages; null for what is none (imaginary numbers). */
export function parseNumber(literal: string): { readonly value: number; readonly integer: boolean; readonly suffix: string } | null {
  const digits = literal.replace(/[_']/g, '');
  const radix = /^(0[xX][\da-fA-F]+|0[oO][0-7]+|0[bB][01]+)([uUlLnNiIzZ]\w*)?$/.exec(digits);
  if (radix) return { value: Number(radix[1]), integer: true, suffix: radix[2] ?? '' };
  const m = /^(\d*\.?\d*(?:[eE][-+]?\d+)?)([a-zA-Z]\w*)?$/.exec(digits);
  const suffix = m?.[2] ?? '';
  if (!m?.[1] || /[jJ]/.test(suffix)) return null;
  const value = Number(m[1]);
  return Number.isNaN(value) ? null : { value, integer: /^\d+$/.test(m[1]) && !/^[fFdD]/.test(suffix), suffix };
}
