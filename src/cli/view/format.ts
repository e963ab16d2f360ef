// Texts that fit a terminal's width.

import stringWidth from 'string-width';

/** Columns on a terminal. Most texts are plain, and the full count takes a hundred times as long. */
export function widthOf(text: string): number {
  return /^[ -~]*$/.test(text) ? text.length : stringWidth(text);
}

/** A text on one line, cut to a width in columns, with an ellipsis. */
export function cut(text: string, width: number): string {
  const line = text.replace(/\s+/g, ' ');
  if (widthOf(line) <= width) return line;
  let out = '';
  let columns = 1; // of the ellipsis
  for (const c of line) {
    columns += widthOf(c);
    if (columns > width) break;
    out += c;
  }
  return width < 1 ? '' : `${out}…`;
}
