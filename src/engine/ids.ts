// Names of solutions: short, from their content and place in the run, unique over a workspace.

import { createHash } from 'node:crypto';
import type { SolutionId } from '../core/solution.ts';

/**
 * Ten hex digits: no clash is to be expected below a million solutions. Never the word `best` or `baseline`. `run` must be unique in
 * the project. No clock: a resumed run names the same solution the same.
 */
export function solutionId(run: string, ask: number, content: string): SolutionId {
  return createHash('sha256').update(`${run}\0${ask}\0${content}`).digest('hex').slice(0, 10);
}

/** The name of a normal form: 128 bits, so that a journal of a hundred thousand solutions need not be parsed again to know what was tried. */
export function formHash(normalForm: string): string {
  return createHash('sha256').update(normalForm).digest('hex').slice(0, 32);
}

/** The hash by which pins, evaluators and inputs are compared. */
export function contentHash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
