// Asks that are the run's own and not the optimizer's: what a derived run begins with, and what a person steers it to.

import type { Ask } from '../core/optimizers/optimizer.ts';
import type { RunState } from '../core/run-state.ts';
import { BASELINE } from '../core/solution.ts';

/** The operator of the first ask of a run that goes on from a solution of another run. */
export const DERIVED = 'derived';

/** What the run asks by itself next, by its journal alone; null when it is the optimizer's turn. */
export function ownAsk(state: RunState): Ask | null {
  // A run derived from a solution tries that first: it must be verified here like any other.
  if (state.nextAsk === 0 && state.started?.parent) return { parent: BASELINE, inspirations: [], operator: DERIVED };
  if (state.focus !== null) return { parent: state.focus.id, inspirations: [], steered: true };
  return null;
}

/** Whether an ask of a journal was none of the optimizer's. */
export function isOwn(ask: Ask): boolean {
  return ask.operator === DERIVED || ask.steered === true;
}
