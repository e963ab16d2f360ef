// Greedy: always change the best verified solution; where verdicts are not to be had (slow evals), the best estimate.

import { BASELINE, type SolutionId } from '../solution.ts';
import type { Optimizer } from './optimizer.ts';
import { numberOption } from './options.ts';
import { bar, isBarred, isParentMaterial, newPool, tellPool, type Pool } from './pool.ts';

interface State {
  readonly pool: Pool;
  readonly current: SolutionId;
  readonly currentEffect: number;
}

/**
 * When the current solution has no edit left, the next parent is the best of the others. Not before: among many measured solutions
 * some look better by luck, and an estimate is no reason to leave what is verified.
 */
function settle(s: State): State {
  if (!isBarred(s.pool, s.current)) return s;
  const best = s.pool.members[0];
  return best === undefined ? s : { ...s, current: best.id, currentEffect: best.effect };
}

export const greedy: Optimizer<State> = {
  name: 'greedy',
  summary: 'change the best verified solution, keep what is verified better',
  defaults: { width: 32 },
  init: (options) => ({ pool: newPool(numberOption(options, 'width', 1)), current: BASELINE, currentEffect: 0 }),
  ask: (state) => {
    if (isBarred(state.pool, state.current)) return { state, ask: null };
    return { state, ask: { parent: state.current, inspirations: [] } };
  },
  tell: (state, told) => {
    const pool = tellPool(state.pool, told);
    const moved = isParentMaterial(told) && (told.outcome === 'kept' || (told.outcome === 'unverified' && told.effect > state.currentEffect));
    const next = moved ? { ...state, pool, current: told.id, currentEffect: told.effect } : { ...state, pool };
    return settle(next);
  },
  ban: (state, id) => settle({ ...state, pool: bar(state.pool, id) }),
};
