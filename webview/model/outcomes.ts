// How outcomes look and what they are called: never by colour alone.

import type { RowOutcome } from './rows.ts';

export const OUTCOME_ICON: Record<RowOutcome, string> = {
  baseline: 'home', open: 'loading', kept: 'pass-filled', discarded: 'circle-small', inconclusive: 'question', unverified: 'circle-large', duplicate: 'files', invalid: 'circle-slash',
  blocked: 'shield', crashed: 'flame', 'timed-out': 'watch', suspicious: 'warning', 'infra-error': 'tools',
};

/** In a few words, as a reader would say them. */
export const OUTCOME_WORDS: Record<RowOutcome, string> = {
  baseline: 'the original', open: 'not decided', kept: 'verified better', discarded: 'not better', inconclusive: 'inconclusive', unverified: 'measured once', duplicate: 'duplicate',
  invalid: 'no usable edit', blocked: 'failed a gate', crashed: 'crashed', 'timed-out': 'timed out', suspicious: 'suspicious', 'infra-error': 'evaluation could not run',
};

/** Whether a solution is a program that could be taken over: it ran, and passed its gates. */
export function isUsable(outcome: RowOutcome): boolean {
  return outcome === 'kept' || outcome === 'discarded' || outcome === 'inconclusive' || outcome === 'unverified';
}
