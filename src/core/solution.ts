// Solutions and what can become of them.

export type SolutionId = string;
export const BASELINE: SolutionId = 'baseline';

/** See ARCHITECTURE.md, "Outcomes". Only `kept` is a claim. */
export type Outcome =
  | 'kept' | 'discarded' | 'inconclusive' | 'unverified' | 'duplicate' | 'invalid' | 'blocked' | 'crashed' | 'timed-out'
  | 'suspicious' | 'infra-error';

/** An effect with its error. `gain` is a ratio on the ratio scale, else a difference in the metric's unit; positive is better than 1 or 0. */
export interface Estimate {
  readonly scale: 'ratio' | 'difference';
  readonly gain: number;
  /** One standard error of the effect: of the log ratio on the ratio scale. */
  readonly error: number;
}

/** A verified gain: a claim, with its 95 % interval, and what it rests on. */
export interface Gain extends Estimate {
  readonly low: number;
  readonly high: number;
  readonly pairs: number;
  /** Processes started for it. */
  readonly processes: number;
}
