// Which inputs the search sees and which are held out.

import { seededRng, type Rng } from '../../core/rng.ts';

export interface Split {
  readonly search: readonly number[];
  readonly heldOut: readonly number[];
}

/**
 * Holds out round(count · share) inputs, one from each of as many equal stretches of the list, so that small and large ones (inputs
 * tend to be ordered) fall on both sides. At least one where there are four or more and the share is positive; none of fewer than
 * four; never all. The same arguments give the same split.
 */
export function splitInputs(count: number, share: number, seed: number): Split {
  const wanted = count < 4 || share <= 0 ? 0 : Math.min(count - 1, Math.max(1, Math.round(count * share)));
  const rng = seededRng(seed).fork('held-out');
  const held = new Set<number>();
  for (let k = 0; k < wanted; k++) {
    const from = Math.floor((k * count) / wanted);
    held.add(from + rng.int(Math.floor(((k + 1) * count) / wanted) - from));
  }
  const all = Array.from({ length: count }, (_, i) => i);
  return { search: all.filter((i) => !held.has(i)), heldOut: all.filter((i) => held.has(i)) };
}

/** Inputs to warm code up on, and others to time at first sight: those held out and the search's; where none are held out, every fourth of the search's and the rest. */
export function apart({ search, heldOut }: Split): readonly [warmOn: readonly number[], indices: readonly number[]] {
  return heldOut.length > 0 ? [heldOut, search] : [search.filter((_, i) => i % 4 === 1), search.filter((_, i) => i % 4 !== 1)];
}

/** Up to `n` of the inputs, drawn anew for each timing, whose timed results are compared: a candidate cannot know which. */
export function verifySample(indices: readonly number[], n: number, rng: Rng): readonly number[] {
  return rng.shuffle(indices).slice(0, n).sort((a, b) => a - b);
}
