// Simulated annealing (Kirkpatrick, Gelatt & Vecchi 1983) with an adaptive, scale-free temperature and reheating.
// Temperature is a multiple of the typical |step| seen so far, so that the metric's scale cancels out.

import type { Rng } from '../rng.ts';
import { BASELINE, type SolutionId } from '../solution.ts';
import type { Optimizer } from './optimizer.ts';
import { numberOption } from './options.ts';
import { bar, isBarred, isParentMaterial, newPool, tellPool, type Pool } from './pool.ts';

interface State {
  readonly pool: Pool;
  readonly current: SolutionId;
  readonly currentEffect: number;
  /** Temperature in units of the typical step. */
  readonly heat: number;
  readonly start: number;
  readonly cooling: number;
  readonly floor: number;
  /** The last steps' sizes, for the typical one. */
  readonly steps: readonly number[];
  /** Whether each of the last moves was accepted. */
  readonly accepted: readonly boolean[];
  readonly window: number;
  readonly reheatBelow: number;
}

function typical(steps: readonly number[]): number {
  const sorted = steps.filter((s) => s > 0).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

function settle(s: State): State {
  if (!isBarred(s.pool, s.current)) return s;
  const best = s.pool.members[0];
  return best === undefined ? s : { ...s, current: best.id, currentEffect: best.effect };
}

function metropolis(s: State, step: number, rng: Rng): boolean {
  const u = rng.next(); // drawn always, so that the stream does not depend on the outcome
  if (step > 0) return true;
  const t = s.heat * typical(s.steps);
  return t > 0 && u < Math.exp(step / t);
}

export const annealing: Optimizer<State> = {
  name: 'annealing',
  summary: 'accept worse solutions as parents with falling probability; reheat when stuck',
  defaults: { heat: 1, floor: 0.02, window: 10, reheatBelow: 0.15, width: 32 },
  init: (options, plan) => {
    const start = numberOption(options, 'heat', 1e-6, 1e6);
    const floor = numberOption(options, 'floor', 1e-9, start);
    return {
      pool: newPool(numberOption(options, 'width', 1)), current: BASELINE, currentEffect: 0, heat: start, start, floor,
      // from `heat` to `floor` over the planned evaluations
      cooling: Math.pow(floor / start, 1 / Math.max(1, plan.evaluations)),
      steps: [], accepted: [], window: Math.round(numberOption(options, 'window', 1)), reheatBelow: numberOption(options, 'reheatBelow', 0, 1),
    };
  },
  ask: (state) => ({ state, ask: isBarred(state.pool, state.current) ? null : { parent: state.current, inspirations: [] } }),
  tell: (state, told, rng) => {
    const pool = tellPool(state.pool, told);
    if (told.outcome === 'duplicate' || told.outcome === 'invalid' || told.outcome === 'infra-error') return settle({ ...state, pool });
    const cooled = { ...state, pool, heat: Math.max(state.floor, state.heat * state.cooling) };
    const step = isParentMaterial(told) ? told.effect - state.currentEffect : null;
    const yes = step !== null && (told.outcome === 'kept' || metropolis(state, step, rng));
    const accepted = [...state.accepted, yes].slice(-state.window);
    const steps = step === null ? state.steps : [...state.steps, Math.abs(step)].slice(-50);
    const moved = yes && told.effect !== null ? { ...cooled, current: told.id, currentEffect: told.effect } : cooled;
    const stuck = accepted.length === state.window && accepted.filter(Boolean).length < state.reheatBelow * state.window;
    const best = pool.members[0];
    const next = stuck && best !== undefined
      ? { ...moved, heat: Math.min(state.start, moved.heat * 4), current: best.id, currentEffect: best.effect, accepted: [], steps }
      : { ...moved, accepted, steps };
    return settle(next);
  },
  ban: (state, id) => settle({ ...state, pool: bar(state.pool, id) }),
};
