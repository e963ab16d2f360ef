// What the Solutions panel and the extension tell each other. The panel is browser code: a trust boundary, so what it sends is checked.

import type { Outcome, SolutionId } from '../core/solution.ts';

/** A row of the tree of solutions: all that the list and the chart draw. Kept small: there may be 10,000. */
export interface PanelRow {
  readonly id: SolutionId;
  /** The first parent; null for the baseline. */
  readonly parent: SolutionId | null;
  readonly depth: number;
  /** The number of the evaluation, in the order of verdicts; null while there is none. */
  readonly at: number | null;
  readonly summary: string;
  readonly operator: string;
  /** Null while it is evaluated. */
  readonly outcome: Outcome | null;
  /** `1.42× [1.36–1.49]`, `≈ 1.04×`, or empty. */
  readonly worth: string;
  /** On the shown scale, for the chart: a ratio or a difference; null where nothing was measured. */
  readonly score: number | null;
  /** The 95 % interval of a verified gain, else one standard error around an estimate; null where there is none. */
  readonly low: number | null;
  readonly high: number | null;
  readonly verified: boolean;
  readonly banned: boolean;
  readonly accepted: boolean;
}

/** One run whole, as a snapshot: never a delta, so that a hidden panel that keeps only the newest message is right. */
export interface PanelRun {
  readonly spec: string;
  readonly workspace: string;
  readonly run: string;
  readonly status: 'running' | 'interrupted' | 'finished';
  readonly objective: string;
  readonly optimizer: string;
  readonly model: string;
  /** Containment in words, e.g. `bubblewrap`. */
  readonly sandbox: string;
  readonly evaluations: number;
  readonly planned: number;
  readonly usd: number;
  readonly seconds: number;
  /** The noise in words. */
  readonly noise: string;
  readonly scale: 'ratio' | 'difference';
  readonly best: SolutionId;
  readonly bestWorth: string;
  readonly trusted: boolean;
  /** The incumbent's staircase: from evaluation `at` on, the verified best had this score. */
  readonly staircase: readonly { readonly at: number; readonly score: number }[];
  /** Oldest first, the baseline first of all. */
  readonly rows: readonly PanelRow[];
}

/** What is shown of the selected solution. */
export interface PanelDetail {
  readonly id: SolutionId;
  readonly summary: string;
  readonly outcome: Outcome | null;
  readonly reason: string;
  readonly worth: string;
  /** `30 fresh pairs against the original, 60 processes`, or why there is no claim. */
  readonly rests: string;
  readonly gates: readonly { readonly gate: string; readonly ok: boolean; readonly seconds: number; readonly output: string }[];
  readonly metrics: readonly { readonly name: string; readonly value: number; readonly baseline: number | null }[];
  /** Measured pairs in their order: the objective's values of candidate and incumbent. */
  readonly pairs: readonly { readonly phase: string; readonly candidate: number; readonly incumbent: number }[];
  readonly lineage: readonly SolutionId[];
  readonly operator: string;
  readonly usd: number;
  /** Against the baseline. Unified; may be empty. */
  readonly diff: string;
  /** Against its parent. */
  readonly parentDiff: string;
  readonly hunks: number;
  readonly verified: boolean;
  readonly banned: boolean;
  readonly accepted: boolean;
}

/** Extension → panel. */
export type ToPanel =
  | { readonly type: 'run'; readonly revision: number; readonly run: PanelRun }
  | { readonly type: 'detail'; readonly revision: number; readonly detail: PanelDetail | null }
  | { readonly type: 'select'; readonly id: SolutionId }
  | { readonly type: 'gone'; readonly reason: string };

export const PANEL_ACTIONS = ['accept', 'acceptHunks', 'openDiff', 'derive', 'measure', 'ban', 'copyPatch', 'steer', 'stop', 'resume', 'openReport', 'showTerminal'] as const;
export type PanelAction = (typeof PANEL_ACTIONS)[number];

/** Panel → extension. */
export type FromPanel =
  | { readonly type: 'ready' }
  | { readonly type: 'select'; readonly id: SolutionId }
  | { readonly type: 'act'; readonly action: PanelAction; readonly id: SolutionId };

/** Checks a message of the panel; null when it is none. */
export function fromPanel(x: unknown): FromPanel | null {
  if (typeof x !== 'object' || x === null) return null;
  const { type, id, action } = x as Readonly<Record<string, unknown>>;
  if (type === 'ready') return { type };
  if (typeof id !== 'string' || !/^[\w-]{1,64}$/.test(id)) return null;
  if (type === 'select') return { type, id };
  if (type === 'act' && (PANEL_ACTIONS as readonly unknown[]).includes(action)) return { type, id, action: action as PanelAction };
  return null;
}
