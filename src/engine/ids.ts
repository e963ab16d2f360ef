// Names of solutions: short, from their content and place in the run, unique over a workspace.

import { createHash } from 'node:crypto';
import type { SolutionId } from '../core/solution.ts';

/** Ten hex digits: no clash is to be expected below a million solutions. Never the word `best` or `baseline`. */
export function solutionId(run: string, ask: number, content: string): SolutionId {
  return createHash('sha256').update(`${run}\0${ask}\0${content}`).digest('hex').slice(0, 10);
}

/** The hash by which pins, evaluators and inputs are compared. */
export function contentHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
