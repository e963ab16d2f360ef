// What a solution looks like beside what it is worth: traits that a search may keep apart, from the diffs along its lineage.

/** All are 0 for the baseline, and add up along a lineage. */
export interface Traits {
  /** Characters more than the baseline has, blanks left out. */
  readonly size: number;
  /** Lines removed and added on the way from the baseline; an edit that is taken back counts twice. */
  readonly footprint: number;
  /** Branches more than the baseline has: words and signs of conditions and loops, in any language. */
  readonly branches: number;
}

export const NO_TRAITS: Traits = { size: 0, footprint: 0, branches: 0 };

export function addTraits(a: Traits, b: Traits): Traits {
  return { size: a.size + b.size, footprint: a.footprint + b.footprint, branches: a.branches + b.branches };
}

const BRANCHES = /\b(?:if|elif|for|foreach|while|until|unless|case|match|when|catch|except|loop|and|or)\b|&&|\|\||(?<!\?)\?(?![.:])/g;

/** The traits of one unified diff. Lines outside its hunks are headers, whatever they look like. */
export function traitsOfPatch(patch: string): Traits {
  let size = 0;
  let footprint = 0;
  let branches = 0;
  let before = 0; // lines of the hunk that are still to come
  let after = 0;
  for (const line of patch.split('\n')) {
    if (before <= 0 && after <= 0) {
      const counts = /^@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/.exec(line);
      if (counts) {
        before = Number(counts[1] ?? 1);
        after = Number(counts[2] ?? 1);
      }
      continue;
    }
    const mark = line[0];
    if (mark === '\\') continue; // no newline at the end of the file
    if (mark !== '+') before--;
    if (mark !== '-') after--;
    if (mark !== '+' && mark !== '-') continue;
    const sign = mark === '+' ? 1 : -1;
    footprint++;
    size += sign * line.slice(1).replace(/\s+/g, '').length;
    branches += sign * (line.slice(1).match(BRANCHES)?.length ?? 0);
  }
  return { size, footprint, branches };
}
