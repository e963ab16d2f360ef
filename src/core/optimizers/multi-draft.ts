// Several drafts for one step: a search that asks for the same change N times, and decides when it has been told what became of all of them.
// The gates prune what does not work, and all survivors are measured. Which came first does not matter: the search is told of the best last.

import type { Rng } from '../rng.ts';
import type { Ask, Optimizer, Told } from './optimizer.ts';
import { numberOption } from './options.ts';

interface Step {
  readonly ask: Ask;
  /** Drafts that are still to be asked for, and those that were and are not told of. */
  readonly left: number;
  readonly open: number;
  readonly told: readonly Told[];
}

interface State<S> {
  readonly inner: S;
  readonly drafts: number;
  readonly step: Step | null;
}

const isOf = (step: Step, told: Told): boolean => JSON.stringify(told.ask) === JSON.stringify(step.ask);

/**
 * A search with the option `draftsPerStep`; with 1, its default, it is the search as it was.
 * @param multiplies which asks are steps; the others are asked once, and do not wait
 */
export function withDrafts<S>(inner: Optimizer<S>, multiplies: (ask: Ask) => boolean = () => true): Optimizer<State<S>> {
  /** Tells the inner search of a step that is over. */
  const decided = (state: State<S>, rng: Rng): State<S> => {
    const { step } = state;
    if (step === null || step.left > 0 || step.open > 0) return state;
    const inOrder = [...step.told].sort((a, b) => (a.effect ?? -Infinity) - (b.effect ?? -Infinity) || 0); // two without an effect differ by NaN
    return { ...state, step: null, inner: inOrder.reduce((s, told) => inner.tell(s, told, rng), state.inner) };
  };
  return {
    name: inner.name, summary: inner.summary, ...(inner.needs === undefined ? {} : { needs: inner.needs }),
    defaults: { ...inner.defaults, draftsPerStep: 1 },
    init: (options, plan) => ({ inner: inner.init(options, plan), drafts: Math.floor(numberOption(options, 'draftsPerStep', 1, 64)), step: null }),
    ask: (given, rng) => {
      const state = decided(given, rng);
      const { step } = state;
      if (step !== null) {
        if (step.left === 0) return { state, ask: null }; // waits for what is in flight
        return { state: { ...state, step: { ...step, left: step.left - 1, open: step.open + 1 } }, ask: step.ask };
      }
      const asked = inner.ask(state.inner, rng);
      const next = { ...state, inner: asked.state };
      if (asked.ask === null || state.drafts === 1 || !multiplies(asked.ask)) return { state: next, ask: asked.ask };
      return { state: { ...next, step: { ask: asked.ask, left: state.drafts - 1, open: 1, told: [] } }, ask: asked.ask };
    },
    tell: (state, told, rng) => {
      const { step } = state;
      if (step === null || !isOf(step, told)) return { ...state, inner: inner.tell(state.inner, told, rng) };
      return decided({ ...state, step: { ...step, open: step.open - 1, left: told.spent ? 0 : step.left, told: [...step.told, told] } }, rng);
    },
    ban: (state, id) => {
      const { step } = state;
      const over = step !== null && [step.ask.parent, step.ask.broken, ...step.ask.inspirations].includes(id);
      return { ...state, inner: inner.ban(state.inner, id), step: over ? { ...step, left: 0 } : step };
    },
  };
}
