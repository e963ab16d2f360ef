// Lines of a text: offsets to 1-based lines and columns and back. A line ends with \n; a \r before it belongs to the ending.

import type { Range } from '../../core/pin.ts';

export interface Lines {
  readonly text: string;
  /** The offset of each line's first character. */
  readonly starts: readonly number[];
}

export function linesOf(text: string): Lines {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return { text, starts };
}

/** The 1-based line that holds an offset. */
export function lineAt(lines: Lines, offset: number): number {
  let low = 0;
  let high = lines.starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lines.starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}

/** The offset at which a 1-based line begins; the text's end for the line after the last. */
export function lineStart(lines: Lines, line: number): number {
  return lines.starts[line - 1] ?? lines.text.length;
}

/** The offset after a line's last character, before its ending. */
export function lineEnd(lines: Lines, line: number): number {
  const next = lines.starts[line];
  if (next === undefined) return lines.text.length;
  return lines.text[next - 2] === '\r' ? Math.max(next - 2, lineStart(lines, line)) : next - 1;
}

/** A line and column, both 1-based; the column in UTF-16 units. */
export function positionAt(lines: Lines, offset: number): { readonly line: number; readonly column: number } {
  const line = lineAt(lines, offset);
  return { line, column: offset - lineStart(lines, line) + 1 };
}

export function rangeOf(lines: Lines, start: number, end: number): Range {
  return { start, end, startLine: lineAt(lines, start), endLine: lineAt(lines, Math.max(start, end - 1)) };
}

/** Whether only blanks (or a byte order mark) stand before an offset on its line. */
export function isFirstOnLine(lines: Lines, offset: number): boolean {
  return /^[\s\uFEFF]*$/.test(lines.text.slice(lineStart(lines, lineAt(lines, offset)), offset));
}
