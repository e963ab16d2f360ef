// Small helpers for messages.

import { distance } from 'fastest-levenshtein';

/** A remedy that names the nearest known word, or lists them all. */
export function closest(word: string, known: readonly string[], noun: string): string {
  if (known.length === 0) return `There is no ${noun} yet.`;
  const near = nearest(word, known);
  if (near !== undefined) return `Did you mean "${near}"?`;
  return `Known: ${known.slice(0, 12).join(', ')}${known.length > 12 ? `, and ${known.length - 12} more` : ''}.`;
}

/** The known word within a third of the letters, if any. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const k of known) {
    const d = distance(word.toLowerCase(), k.toLowerCase());
    if (d < bestDistance) [best, bestDistance] = [k, d];
  }
  return best;
}
