// A part of a solution as a list shows it: where it is, how much, and its first changed line.

import type { NumberedHunk } from '../../core/patch/hunks.ts';

export function hunkText(h: NumberedHunk, several: boolean): { readonly label: string; readonly description: string; readonly detail: string } {
  const where = h.lastLine < h.firstLine ? `before line ${h.firstLine}` : h.firstLine === h.lastLine ? `line ${h.firstLine}` : `lines ${h.firstLine}–${h.lastLine}`;
  const counts = [h.added.length > 0 ? `+${h.added.length}` : '', h.removed.length > 0 ? `−${h.removed.length}` : ''].filter((t) => t !== '').join(' ');
  const first = h.added.find((l) => l.trim() !== '');
  const gone = h.removed.find((l) => l.trim() !== '');
  return {
    label: several ? `${h.file}, ${where}` : where.replace(/^./, (c) => c.toUpperCase()),
    description: counts,
    detail: first !== undefined ? `+ ${first.trim()}` : gone !== undefined ? `− ${gone.trim()}` : '',
  };
}
