// Best of n: independent changes of the baseline. It learns nothing, so it is the control that every search is compared with.

import { BASELINE } from '../solution.ts';
import type { Optimizer } from './optimizer.ts';

interface State {
  readonly spent: boolean;
}

export const bestOfN: Optimizer<State> = {
  name: 'best-of-n',
  summary: 'independent changes of the baseline: the control that a search must beat',
  defaults: {},
  init: () => ({ spent: false }),
  ask: (state) => ({ state, ask: state.spent ? null : { parent: BASELINE, inspirations: [] } }),
  tell: (state, told) => (told.spent && told.parent === BASELINE ? { spent: true } : state),
  ban: (state, id) => (id === BASELINE ? { spent: true } : state),
};
