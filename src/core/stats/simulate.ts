// Plays a whole trial on pairs from a source: how power is stated before money is spent, and how the rules are proved.

import type { Pair } from './describe.ts';
import { type TrialRules, type TrialStep, nextStep } from './trial.ts';

export interface TrialResult {
  readonly end: Extract<TrialStep, { do: 'end' }>;
  /** Evaluations spent: two a pair. */
  readonly evaluations: number;
  readonly entered: boolean;
}

/** Runs one trial. `draw` measures one pair; `enter` is asked for the level when the screen is passed. */
export function simulateTrial(rules: TrialRules, draw: () => Pair, enter: () => number): TrialResult {
  const pairs = { screen: [] as Pair[], test: [] as Pair[], confirm: [] as Pair[] };
  let level: number | null = null;
  for (;;) {
    const step = nextStep(rules, pairs, level);
    switch (step.do) {
      case 'measure':
        while (pairs[step.phase].length < step.upTo) pairs[step.phase].push(draw());
        break;
      case 'enter':
        level = enter();
        break;
      case 'end':
        return { end: step, evaluations: 2 * (pairs.screen.length + pairs.test.length + pairs.confirm.length), entered: level !== null };
    }
  }
}
