// What became of each model's answers in a run, and what they cost.

import { countsAsEvaluation, effectOfSolution, type RunState } from './run-state.ts';

export interface ModelRow {
  readonly model: string;
  /** Asks that it answered. */
  readonly proposals: number;
  /** Of those: without an applicable edit, or a program that had been tried. */
  readonly invalid: number;
  readonly duplicate: number;
  /** Of those: that got an estimate; that are better than their parent by it; that are verified to be better than the incumbent of their time. */
  readonly measured: number;
  readonly better: number;
  readonly kept: number;
  readonly calls: number;
  readonly usd: number;
  /** Tokens; those from the provider's cache are among `input`. */
  readonly input: number;
  readonly cached: number;
  readonly output: number;
}

const NONE: Omit<ModelRow, 'model'> = { proposals: 0, invalid: 0, duplicate: 0, measured: 0, better: 0, kept: 0, calls: 0, usd: 0, input: 0, cached: 0, output: 0 };

/** One row a model, those of the run's beginning first; empty where no model proposed, or an older version wrote the journal. */
export function modelRows(state: RunState): readonly ModelRow[] {
  const rows = new Map<string, ModelRow>((state.started?.models ?? []).map((m) => [m.name, { model: m.name, ...NONE }]));
  const add = (model: string, change: Partial<Omit<ModelRow, 'model'>>): void => {
    const old = rows.get(model) ?? { model, ...NONE };
    rows.set(model, { ...old, ...Object.fromEntries(Object.entries(change).map(([key, n]) => [key, old[key as keyof typeof NONE] + n])) });
  };
  for (const s of state.solutions.values()) {
    for (const { model, calls, usd, input, cached, output } of s.spend) add(model, { calls, usd, input, cached, output });
    if (s.model === '') continue;
    const measured = s.estimate !== null && s.outcome !== null && countsAsEvaluation(s.outcome);
    add(s.model, {
      proposals: 1, invalid: Number(s.outcome === 'invalid'), duplicate: Number(s.outcome === 'duplicate'), measured: Number(measured),
      better: Number(measured && s.feasible && effectOfSolution(s) > effectOfSolution(state.solutions.get(s.parents[0] ?? ''))), kept: Number(s.promotion !== null),
    });
  }
  return [...rows.values()];
}

/** How much of the input came from the providers' caches, 0 to 1; null where there was none. */
export function cachedShare(rows: readonly ModelRow[]): number | null {
  const input = rows.reduce((sum, r) => sum + r.input, 0);
  return input === 0 ? null : rows.reduce((sum, r) => sum + r.cached, 0) / input;
}
