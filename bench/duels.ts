// Who reaches a goal sooner, landscape by landscape, and whether that is more than chance.

import { quantile } from './machine.ts';

/** Two-sided sign test: the chance of so uneven a split of `wins + losses` fair coins. */
function signP(wins: number, losses: number): number {
  const n = wins + losses;
  let term = 2 ** -n;
  let tail = 0;
  for (let k = 0; k <= Math.min(wins, losses); k++) {
    tail += term;
    term *= (n - k) / (k + 1);
  }
  return Math.min(1, 2 * tail);
}

export interface Duel { readonly wins: number; readonly losses: number; readonly ties: number; readonly verdict: 'faster' | 'slower' | 'even' }

/** Landscape by landscape: who got there in fewer evaluations. */
export function duel(mine: readonly number[], theirs: readonly number[]): Duel {
  const wins = mine.filter((m, i) => m < (theirs[i] ?? Infinity)).length;
  const losses = mine.filter((m, i) => m > (theirs[i] ?? Infinity)).length;
  const sure = signP(wins, losses) < 0.05;
  return { wins, losses, ties: mine.length - wins - losses, verdict: !sure ? 'even' : wins > losses ? 'faster' : 'slower' };
}

const SIGN = { faster: '▲', slower: '▼', even: '·' } as const;
export const duelText = (d: Duel): string => `${SIGN[d.verdict]} ${d.wins}–${d.losses}`;
/** The median of evaluations until a goal, and how often it was reached within the budget. */
export function reachText(values: readonly number[], budget: number): string {
  const median = quantile(values, 0.5);
  return `${Number.isFinite(median) ? median : `> ${budget}`} (${values.filter(Number.isFinite).length}/${values.length})`;
}
