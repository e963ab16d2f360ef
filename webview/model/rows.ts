// The rows of a snapshot as the page asks for them: by number, with what is derived from their columns.

import { estimateText, gainText, ratio } from '../../src/core/format.ts';
import type { Outcome, SolutionId } from '../../src/core/solution.ts';
import { ACCEPTED, BANNED, OUTCOMES, VERIFIED, type PanelRun } from '../../src/protocol/panel.ts';

/** What stands for a row that is under evaluation, or whose evaluation was cut off. */
export type RowOutcome = Outcome | 'baseline' | 'open';

export class Rows {
  readonly count: number;
  readonly run: PanelRun;
  private readonly byId: ReadonlyMap<SolutionId, number>;

  constructor(run: PanelRun) {
    this.run = run;
    this.count = run.rows.id.length;
    this.byId = new Map(run.rows.id.map((id, i) => [id, i]));
  }

  /** −1 for an unknown one. */
  find(id: SolutionId): number {
    return this.byId.get(id) ?? -1;
  }

  id(i: number): SolutionId {
    return this.run.rows.id[i] ?? '';
  }

  parent(i: number): number {
    return this.run.rows.parent[i] ?? -1;
  }

  summary(i: number): string {
    return this.run.rows.summary[i] ?? '';
  }

  operator(i: number): string {
    return this.run.rows.operators[this.run.rows.operator[i] ?? -1] ?? '';
  }

  outcome(i: number): RowOutcome {
    if (this.parent(i) < 0) return 'baseline';
    return OUTCOMES[this.run.rows.outcome[i] ?? -1] ?? 'open';
  }

  /** The number of its evaluation; 0 without one. */
  at(i: number): number {
    return this.run.rows.at[i] ?? 0;
  }

  score(i: number): number | null {
    return this.run.rows.score[i] ?? null;
  }

  low(i: number): number | null {
    return this.run.rows.low[i] ?? null;
  }

  high(i: number): number | null {
    return this.run.rows.high[i] ?? null;
  }

  private flag(i: number, bit: number): boolean {
    return ((this.run.rows.flags[i] ?? 0) & bit) !== 0;
  }

  verified(i: number): boolean {
    return this.flag(i, VERIFIED);
  }

  banned(i: number): boolean {
    return this.flag(i, BANNED);
  }

  accepted(i: number): boolean {
    return this.flag(i, ACCEPTED);
  }

  best(i: number): boolean {
    return this.id(i) === this.run.best && this.parent(i) >= 0;
  }

  /** `1.42× [1.36–1.49]`, `≈ 1.04×`, or empty. */
  worth(i: number): string {
    const gain = this.score(i);
    const [low, high] = [this.low(i), this.high(i)];
    if (gain === null) return '';
    const { scale } = this.run;
    return this.verified(i) && low !== null && high !== null ? gainText({ scale, gain, low, high, error: 0, pairs: 0, processes: 0 }) : estimateText({ scale, gain, error: 0 });
  }
}

/** A number on the run's scale, without an interval. */
export function scoreText(x: number, scale: PanelRun['scale']): string {
  return scale === 'ratio' ? ratio(x) : estimateText({ scale, gain: x, error: 0 }).slice(2);
}
