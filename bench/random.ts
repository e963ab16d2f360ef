// The search that learns nothing but is not bound to the baseline: the control beside best-of-n.

import type { Optimizer } from '../src/core/optimizers/optimizer.ts';
import { isParentMaterial } from '../src/core/optimizers/pool.ts';
import { BASELINE, type SolutionId } from '../src/core/solution.ts';

/** Any solution that may be a parent, all alike. */
export const random: Optimizer<readonly SolutionId[]> = {
  name: 'random', summary: 'any measured solution, all alike', defaults: {},
  init: () => [BASELINE],
  ask: (state, rng) => ({ state, ask: { parent: rng.pick(state), inspirations: [] } }),
  tell: (state, told) => (isParentMaterial(told) ? [...state, told.id] : state),
  ban: (state) => state,
};
