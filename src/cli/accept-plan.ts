// What each file would become by an accept: the solution's change, or some hunks of it, merged into the text that the user has now.

import { UserError } from '../core/errors.ts';
import type { FileChange } from '../core/genomes.ts';
import { hunkCount, mergeTexts, withHunks } from '../core/patch/merge.ts';
import { BASELINE } from '../core/solution.ts';
import type { FoundSolution } from './runs.ts';

/** One file of the plan, as the user has it. */
export interface PlannedFile {
  readonly file: string;
  readonly before: string;
  readonly merged: string;
  readonly drifted: boolean;
}

export interface Conflict {
  readonly file: string;
  /** 1-based lines of the user's text where both changed. */
  readonly lines: readonly number[];
}

export interface Plan {
  /** Files that the chosen change touches, in the run's order. */
  readonly files: readonly PlannedFile[];
  readonly conflicts: readonly Conflict[];
}

/** A solution's change against the code that the run began with. */
export function changesOf(found: FoundSolution): readonly FileChange[] {
  return found.genomes.changes(found.genomes.of(BASELINE), found.genomes.of(found.solution.id));
}

/** The hunks that `--hunks 1,3` means, 0-based; null for all. */
export function chosenHunks(text: string | undefined, changes: readonly FileChange[]): ReadonlySet<number> | null {
  const total = changes.reduce((n, c) => n + hunkCount(c.file, c.before, c.after), 0);
  if (text === undefined || total === 0) return null;
  const numbers = text.split(',').map((t) => Number(t.trim()));
  for (const n of numbers)
    if (!Number.isInteger(n) || n < 1 || n > total) throw new UserError(`--hunks ${text}: the solution has ${total === 1 ? 'one hunk' : `hunks 1 to ${total}`}`, 'Name them like --hunks 1,3; "sigil diff ID" shows them in order.', 2);
  return new Set(numbers.map((n) => n - 1));
}

/** A change with only the chosen of its hunks; files of which none is chosen are left out. */
export function withChosen(changes: readonly FileChange[], chosen: ReadonlySet<number> | null): readonly FileChange[] {
  if (chosen === null) return changes;
  let first = 0;
  return changes.flatMap((c) => {
    const count = hunkCount(c.file, c.before, c.after);
    const mine = new Set([...chosen].map((n) => n - first).filter((n) => n >= 0 && n < count));
    first += count;
    return mine.size === 0 ? [] : [{ ...c, after: withHunks(c.file, c.before, c.after, mine) }];
  });
}

const BOM = '\ufeff';
const ENDS = /\r\n|\r|\n/g;

/**
 * A text of the run as an editor holds it that shows the file as `shown`: without a byte order mark where that has none, and with its
 * one kind of line ends where it has but one.
 */
export function asShown(text: string, shown: string): string {
  const ends = new Set(shown.match(ENDS) ?? []);
  const [only] = ends;
  const bare = text.startsWith(BOM) && !shown.startsWith(BOM) ? text.slice(1) : text;
  return ends.size === 1 && only !== undefined ? bare.replace(ENDS, only) : bare;
}

/** The text of a file from what an editor shows of it: with the byte order mark that the editor keeps apart. */
export function asStored(shown: string, base: string): string {
  return base.startsWith(BOM) && !shown.startsWith(BOM) ? BOM + shown : shown;
}

/** Plans a change over what the user has now. `documents` are an editor's texts; files that are not among them are read by `stored`. */
export function planChanges(changes: readonly FileChange[], documents: ReadonlyMap<string, string>, stored: (file: string) => string): Plan {
  const files: PlannedFile[] = [];
  const conflicts: Conflict[] = [];
  for (const { file, before: base, after } of changes) {
    const shown = documents.get(file);
    if (shown?.includes('\ufffd') === true && !base.includes('\ufffd'))
      throw new UserError(`${file}: the editor does not show this file in its own encoding, so that saving it would destroy characters; nothing was written`, 'Open it with its encoding ("Reopen Editor with Encoding"), then accept again.');
    const now = shown ?? stored(file);
    const [from, to] = shown === undefined ? [base, after] : [asShown(base, shown), asShown(after, shown)];
    const merged = mergeTexts(now, from, to);
    if (!merged.ok) conflicts.push({ file, lines: merged.lines });
    else files.push({ file, before: now, merged: merged.text, drifted: shown === undefined ? now !== base : asStored(now, base) !== base });
  }
  return { files, conflicts };
}
