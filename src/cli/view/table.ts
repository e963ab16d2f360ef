// Tables that fit the terminal: the column that may shrink is cut, the others keep their width. Plain tabs-free text when piped.

import { cut, widthOf } from './format.ts';
import type { Output } from './terminal.ts';

export interface Column<T> {
  readonly title: string;
  readonly value: (row: T) => string;
  readonly right?: boolean;
  /** Shrinks when the table is too wide. */
  readonly flexible?: boolean;
  /** Left out, the last first, where the one that shrinks would have too little room. */
  readonly optional?: boolean;
  readonly style?: (row: T) => Parameters<Output['paint']>[1][];
}

function pad(text: string, width: number, right: boolean): string {
  const gap = ' '.repeat(Math.max(0, width - widthOf(text)));
  return right ? gap + text : text + gap;
}

/** What the one that shrinks should keep. */
const READABLE = 32;

/** Columns of the terminal that a table wants at least. */
function needed<T>(columns: readonly Column<T>[], rows: readonly T[]): number {
  const widths = columns.map((c) => rows.reduce((most, r) => Math.max(most, widthOf(c.value(r))), widthOf(c.title)));
  return widths.reduce((sum, w, i) => sum + (columns[i]?.flexible ? Math.min(w, READABLE) : w), 0) + 2 * (columns.length - 1);
}

/** Prints a table; nothing when there are no rows. */
export function printTable<T>(out: Output, columns: readonly Column<T>[], rows: readonly T[]): void {
  if (rows.length === 0) return;
  const optional = columns.findLast((c) => c.optional);
  if (optional && needed(columns, rows) > out.width) {
    printTable(out, columns.filter((c) => c !== optional), rows);
    return;
  }
  const cells = rows.map((r) => columns.map((c) => c.value(r).replace(/\s+/g, ' ')));
  const widths = columns.map((c, i) => cells.reduce((most, row) => Math.max(most, widthOf(row[i] ?? '')), widthOf(c.title)));
  const total = widths.reduce((a, b) => a + b, 0) + 2 * (columns.length - 1);
  const spare = total - out.width;
  if (spare > 0) {
    const flexible = columns.findIndex((c) => c.flexible);
    if (flexible >= 0) widths[flexible] = Math.max(8, (widths[flexible] ?? 0) - spare);
  }
  const line = (values: readonly string[], style?: (i: number, text: string) => string): string =>
    values.map((v, i) => {
      const c = columns[i];
      const padded = pad(cut(v, widths[i] ?? 0), i === values.length - 1 && !c?.right ? 0 : (widths[i] ?? 0), c?.right === true);
      return style ? style(i, padded) : padded;
    }).join('  ').trimEnd();
  out.line(out.paint(line(columns.map((c) => c.title)), 'dim'));
  rows.forEach((row, r) => out.line(line(cells[r] ?? [], (i, text) => out.paint(text, ...(columns[i]?.style?.(row) ?? [])))));
}
