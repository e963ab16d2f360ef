// The rows of code lenses of one text: marks that the scan sees, joined with what the command knows of them.

import type { SeenMark } from '../../core/marks.ts';
import type { Range } from '../../core/pin.ts';

/** A pin as `sigil pins --json` tells it. Lines are 1-based. */
export interface KnownPin {
  readonly id: string;
  readonly kind: 'function' | 'region' | 'file';
  readonly symbol: string | null;
  readonly range: Range;
  readonly spec: string;
  /** Where it says how to measure; null when nothing does yet. */
  readonly evaluation: 'sigil.yaml' | 'mark' | null;
}

/** Something in a mark that cannot be resolved. Line and column are 1-based. */
export interface KnownProblem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly remedy: string;
}

export interface PinsAnswer {
  readonly pins: readonly KnownPin[];
  readonly problems: readonly KnownProblem[];
}

/** One row. Lines are 0-based. */
export interface Row {
  /** Where the row stands: above this line. */
  readonly line: number;
  /** A line inside what is marked, for commands. */
  readonly target: number;
  /** Null until the command has answered, and for marks that it cannot resolve. */
  readonly pin: KnownPin | null;
  readonly problem: KnownProblem | null;
}

/** A change of a text, as editors tell it: the lines that went (0-based, with the column where they end), and how many came. */
export interface LineChange {
  readonly startLine: number;
  readonly endLine: number;
  readonly endColumn: number;
  /** Line breaks of the new text. */
  readonly breaks: number;
}

/** Where a pin stands after a change: pins found in an older text keep their place until the newer is read. */
export function shifted(pin: KnownPin, change: LineChange): KnownPin {
  const by = change.breaks - (change.endLine - change.startLine);
  if (by === 0) return pin;
  const { startLine, endLine } = pin.range;
  const above = change.endLine < startLine - 1 || (change.endLine === startLine - 1 && change.endColumn === 0);
  if (above) return { ...pin, range: { ...pin.range, startLine: startLine + by, endLine: endLine + by } };
  return change.startLine > endLine - 1 ? pin : { ...pin, range: { ...pin.range, endLine: Math.max(startLine, endLine + by) } };
}

/**
 * @param answer what the command said of this text, or of an older one, its pins shifted; null when it has not spoken
 * @param current whether the answer is of this very text: then marks that it does not know are none
 */
export function rowsOf(marks: readonly SeenMark[], answer: PinsAnswer | null, current: boolean): readonly Row[] {
  if (answer === null) return marks.map((m) => ({ line: m.line, target: m.target, pin: null, problem: null }));
  const rows: Row[] = [];
  const taken = new Set<string>();
  for (const mark of marks) {
    const [pin] = answer.pins
      .filter((p) => p.kind !== 'file' && !taken.has(p.id) && p.range.startLine - 1 <= mark.target && mark.target <= p.range.endLine - 1)
      .sort((a, b) => a.range.endLine - a.range.startLine - (b.range.endLine - b.range.startLine));
    if (pin) taken.add(pin.id);
    const problem = pin ? null : (answer.problems.find((p) => p.line - 1 === mark.line) ?? null);
    if (pin || problem || !current) rows.push({ line: mark.line, target: pin ? Math.max(mark.target, pin.range.startLine - 1) : mark.target, pin: pin ?? null, problem });
  }
  for (const pin of answer.pins) {
    if (taken.has(pin.id)) continue;
    const line = pin.kind === 'file' ? 0 : Math.max(0, pin.range.startLine - 1);
    if (!rows.some((r) => r.line === line)) rows.push({ line, target: line, pin, problem: null });
  }
  return rows.sort((a, b) => a.line - b.line);
}
