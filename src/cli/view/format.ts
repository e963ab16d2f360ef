// Texts that fit a terminal's width.

import stringWidth from 'string-width';

/** Columns on a terminal. Most texts are plain, and the full count takes a hundred times as long. */
export function widthOf(text: string): number {
  // ✔ and ⚠ are emoji, but terminals draw them as text, in one column, unless a selector asks for the picture.
  return /^[ -~]*$/.test(text) ? text.length : stringWidth(text.replace(/(?!\p{Emoji_Presentation})\p{Extended_Pictographic}(?!\uFE0F)/gu, '.'));
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

/** A text in lines of a width in columns, broken between words; what does not fit into `most` lines is cut with an ellipsis. */
export function wrap(text: string, width: number, most: number): string[] {
  const out: string[] = [];
  let rest = text.replace(/\s+/g, ' ').trim();
  while (rest !== '' && out.length < most - 1 && widthOf(rest) > width) {
    const fits = cut(rest, width + 1).slice(0, -1); // one column more, since it ends in an ellipsis
    const space = fits.lastIndexOf(' ');
    const end = space > 0 ? space : fits.length;
    if (end === 0) break;
    out.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  if (rest !== '') out.push(cut(rest, width));
  return out;
}
