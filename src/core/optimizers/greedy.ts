// Greedy: always change the best verified solution; where verdicts are not to be had (slow evals), the best estimate.

import { BASELINE, type SolutionId } from '../solution.ts';
import type { Optimizer } from './optimizer.ts';
import { bar, isIn, isParentMaterial, newPool, tellPool, type Pool } from './pool.ts';

interface State {
  readonly pool: Pool;
  readonly current: SolutionId;
  readonly currentEffect: number;
  readonly width: number;
}

/** When the current solution has no edit left, the next parent is the best of the others. */
function settle(s: State): State {
  if (isIn(s.pool, s.current)) return s;
  const best = s.pool.members[0];
  return best === undefined ? s : { ...s, current: best.id, currentEffect: best.effect };
}

export const greedy: Optimizer<State> = {
  name: 'greedy',
  summary: 'change the best verified solution, keep what is verified better',
  defaults: { width: 32 },
  init: (options) => ({ pool: newPool(Number(options['width'])), current: BASELINE, currentEffect: 0, width: Number(options['width']) }),
  ask: (state) => {
    if (state.pool.members.length === 0) return { state, ask: null };
    return { state, ask: { parent: state.current, inspirations: [] } };
  },
  tell: (state, told) => {
    const pool = tellPool(state.pool, told);
    const moved = told.outcome === 'kept' || (told.outcome === 'unverified' && isParentMaterial(told) && told.effect > state.currentEffect);
    const next = moved && told.effect !== null ? { ...state, pool, current: told.id, currentEffect: told.effect } : { ...state, pool };
    return settle(next);
  },
  ban: (state, id) => settle({ ...state, pool: bar(state.pool, id) }),
};
