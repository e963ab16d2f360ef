// Solutions out of other solutions, without a new edit: one with what another one changed, and a failed one with one of its changes taken back.

import { textEdits } from '../../core/patch/edits.ts';
import { mergeTexts } from '../../core/patch/merge.ts';
import { baseGenome, genomeOf, renderFile, type BaseFile, type Genome } from '../../core/pin.ts';
import type { Rng } from '../../core/rng.ts';
import { applyEdits } from './edits.ts';

/** The parent with what the mate has changed of the base, pin by pin, merged by lines. Null where both changed the same lines differently. */
export function crossed(base: readonly BaseFile[], parent: Genome, mate: Genome): Genome | null {
  const out: Record<string, string> = {};
  for (const [pin, before] of Object.entries(baseGenome(base))) {
    const merged = mergeTexts(parent[pin] ?? before, before, mate[pin] ?? before);
    if (!merged.ok) return null;
    out[pin] = merged.text;
  }
  return out;
}

/** The failed solution with one of the places in which it differs from its parent taken back. Null when it has one only: that would be the parent. */
export function mended(base: readonly BaseFile[], parent: Genome, failed: Genome, rng: Rng): Genome | null {
  const files = base.map((f) => {
    const before = renderFile(f, parent);
    return { file: f.file, before, edits: textEdits(before, renderFile(f, failed)) };
  });
  const total = files.reduce((sum, f) => sum + f.edits.length, 0);
  if (total < 2) return null;
  let out = rng.int(total);
  const texts = new Map<string, string>();
  for (const f of files) {
    texts.set(f.file, applyEdits(f.before, f.edits.filter((_, i) => i !== out)));
    out -= f.edits.length;
  }
  const read = genomeOf(base, texts);
  return 'genome' in read ? read.genome : null;
}
