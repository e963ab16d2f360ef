// Regions between EVOLVE-BLOCK-START and EVOLVE-BLOCK-END, in comments of any file.

import type { CommentMark, Report } from './marks.ts';
import type { Lines } from './lines.ts';
import { lineAt, lineStart } from './lines.ts';

export interface Region {
  /** Its name, or its number among the file's regions, from 1. */
  readonly name: string;
  /** The lines between the two markers, with the last one's ending. */
  readonly start: number;
  readonly end: number;
  /** The START marker's comment. */
  readonly marker: { readonly start: number; readonly end: number };
}

interface Open {
  readonly mark: CommentMark;
  readonly number: number;
  nested: boolean;
}

export function regionsOf(marks: readonly CommentMark[], lines: Lines, report: Report): Region[] {
  const out: Region[] = [];
  let open: Open | null = null;
  let number = 0;
  let depth = 0;
  for (const mark of marks) {
    const edge = /^EVOLVE-BLOCK-(START|END)(?![\w-])/.exec(mark.words)?.[1];
    if (edge === undefined) continue;
    if (!mark.ownLine) {
      report(mark.at, `EVOLVE-BLOCK-${edge} stands behind code`, 'Put the marker on a line of its own.');
      continue;
    }
    if (edge === 'START') {
      depth++;
      if (!open) {
        open = { mark, number: ++number, nested: false };
        continue;
      }
      open.nested = true;
      report(mark.at, `EVOLVE-BLOCK-START inside the block of line ${lineAt(lines, open.mark.at)}`, 'Close the outer block first; blocks do not nest.');
    } else if (!open) {
      report(mark.at, 'EVOLVE-BLOCK-END without a start', 'Add a comment EVOLVE-BLOCK-START above, or remove this line.');
    } else if (--depth === 0) {
      const region: Region | null = open.nested ? null : regionOf(open, mark, lines, report);
      if (region && out.some((r) => r.name === region.name)) report(open.mark.at, `a second block is called "${region.name}"`, 'Give it a name of its own.');
      else if (region) out.push(region);
      open = null;
    }
  }
  if (open) report(open.mark.at, 'EVOLVE-BLOCK-START without an end', 'Add a comment EVOLVE-BLOCK-END below the block.');
  return out;
}

function regionOf(open: Open, end: CommentMark, lines: Lines, report: Report): Region | null {
  const label = open.mark.words.replace(/^EVOLVE-BLOCK-START:?/, '').trim();
  if (label !== '' && !/^[\p{ID_Start}_][\p{ID_Continue}.-]*$/u.test(label)) {
    report(open.mark.at, `"${label}" cannot be a block's name`, 'A name is one word that begins with a letter; or leave it out.');
    return null;
  }
  const start = lineStart(lines, lineAt(lines, open.mark.comment.end) + 1);
  const stop = lineStart(lines, lineAt(lines, end.comment.start));
  if (stop < start) {
    report(end.at, 'EVOLVE-BLOCK-END stands in the same comment or line as its start', 'Put each marker in a comment and on a line of its own.');
    return null;
  }
  return { name: label === '' ? String(open.number) : label, start, end: stop, marker: open.mark.comment };
}
