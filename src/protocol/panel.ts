// What the Solutions panel and the extension tell each other. The panel is browser code: a trust boundary, so what it sends is checked.

import type { Outcome, SolutionId } from '../core/solution.ts';

/** Outcomes by number, as rows hold them. */
export const OUTCOMES: readonly Outcome[] = [
  'kept', 'discarded', 'inconclusive', 'unverified', 'duplicate', 'invalid', 'blocked', 'crashed', 'timed-out', 'suspicious', 'infra-error',
];

/** Bits of a row's `flags`. */
export const VERIFIED = 1;
export const BANNED = 2;
export const ACCEPTED = 4;

/**
 * The rows of the tree, oldest first, the baseline first of all: one array a column, since a snapshot is sent whole and there may be
 * 10,000 rows. Texts that follow from numbers are made where they are seen (core/format.ts).
 */
export interface PanelRows {
  readonly id: readonly SolutionId[];
  /** The row of the first parent; −1 for the baseline. Parents come before their children. */
  readonly parent: readonly number[];
  readonly summary: readonly string[];
  /** Index into `operators`. */
  readonly operator: readonly number[];
  readonly operators: readonly string[];
  /** Index into OUTCOMES; −1 while there is none. */
  readonly outcome: readonly number[];
  /** The number of the evaluation in the order of asks; 0 where none was spent (yet). */
  readonly at: readonly number[];
  /** On the run's scale, a ratio or a difference, six significant digits; null where nothing was measured. */
  readonly score: readonly (number | null)[];
  /** The 95 % interval of what is verified, else one standard error around an estimate. */
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
  /** VERIFIED | BANNED | ACCEPTED. */
  readonly flags: readonly number[];
}

/** What a run is named by; the panel keeps it for its own restoring and hands it to native context menus. */
export interface PanelRef {
  readonly root: string;
  readonly spec: string;
  readonly workspace: string;
  readonly run: string;
}

/** The best solution of one kind on one island. */
export interface PanelElite {
  readonly island: number;
  /** Steps of the kind: see PanelMap. */
  readonly size: number;
  readonly lines: number;
  readonly branches: number;
  /** Its row. */
  readonly row: number;
  /** Lines edited, as a number. */
  readonly edited: number;
}

/** What a search found of each kind: where it keeps the best of every kind on islands. */
export interface PanelMap {
  readonly islands: number;
  /** The steps' names, the first first. */
  readonly sizes: readonly string[];
  readonly lines: readonly string[];
  readonly branches: readonly string[];
  readonly elites: readonly PanelElite[];
  /** Of all islands, by lines edited: nothing measured is worth more with as few of them. */
  readonly front: readonly { readonly row: number; readonly edited: number }[];
}

/** One run whole, as a snapshot: never a delta, so that a hidden panel that keeps only the newest message is right. */
export interface PanelRun {
  readonly ref: PanelRef;
  readonly status: 'running' | 'interrupted' | 'finished';
  /** Why it is not running, or that it was asked to stop; empty otherwise. */
  readonly ending: string;
  readonly objective: string;
  readonly optimizer: string;
  readonly model: string;
  /** Containment: `bubblewrap` or `process-group`; empty before the run began. */
  readonly sandbox: string;
  /** The same in words, with what the spec lets evaluations have. */
  readonly confinement: string;
  readonly evaluations: number;
  readonly planned: number;
  readonly usd: number;
  readonly seconds: number;
  /** The noise in words; empty before the baseline was measured. */
  readonly noise: string;
  readonly scale: 'ratio' | 'difference';
  readonly best: SolutionId;
  /** Of the best: `1.42× [1.36–1.49]`; empty when it is the baseline. */
  readonly bestWorth: string;
  /** Whether that was measured against the baseline on fresh pairs; else it is the product of the steps so far. */
  readonly bestIsFinal: boolean;
  readonly trusted: boolean;
  /** The incumbent's staircase: from evaluation `at` on, the verified best had this score. */
  readonly staircase: readonly { readonly at: number; readonly score: number }[];
  readonly rows: PanelRows;
  /** Null for searches that keep no such map. */
  readonly map: PanelMap | null;
}

/** Measured pairs of one kind, in their order. */
export interface PanelPairs {
  /** What the solution was paired with: the incumbent of its time, or the baseline. */
  readonly against: SolutionId;
  /** `screen`, `test`, `confirmation`, …: in words. */
  readonly phase: string;
  /** On the run's scale: better is more than 1, or than 0. */
  readonly shown: readonly number[];
}

/** What is shown of the selected solution. */
export interface PanelDetail {
  readonly id: SolutionId;
  readonly summary: string;
  readonly outcome: Outcome | null;
  readonly reason: string;
  /** `1.42× [1.36–1.49]`, `≈ 1.04×`, or empty. */
  readonly worth: string;
  readonly score: number | null;
  readonly low: number | null;
  readonly high: number | null;
  /** `30 fresh pairs against the baseline, 60 processes`, or why this is no claim. */
  readonly rests: string;
  readonly gates: readonly { readonly gate: string; readonly ok: boolean; readonly seconds: number; readonly output: string }[];
  readonly metrics: readonly { readonly name: string; readonly unit: string; readonly value: number; readonly baseline: number | null; readonly better: 'less' | 'more' }[];
  readonly pairs: readonly PanelPairs[];
  /** The verified step over the incumbent of its time; null without one, and where that was the baseline. */
  readonly step: { readonly over: SolutionId; readonly score: number; readonly low: number; readonly high: number } | null;
  /** From its parent back to the baseline. */
  readonly lineage: readonly SolutionId[];
  readonly operator: string;
  /** The search's own line that it belongs to: `island 2`, `tree 3`; empty without. */
  readonly line: string;
  /** Who proposed it; empty where only the run tells. */
  readonly model: string;
  readonly usd: number;
  /** Calls, tokens and money in words; empty where no model was asked, or nothing is known. */
  readonly spend: string;
  /** Against the baseline: unified, may be empty. */
  readonly diff: string;
  /** Against its parent. */
  readonly parentDiff: string;
  /** What kept the diffs from being made; empty when they are there. */
  readonly diffProblem: string;
  readonly verified: boolean;
  readonly banned: boolean;
  readonly accepted: boolean;
}

/** Extension → panel. */
export type ToPanel =
  | { readonly type: 'run'; readonly revision: number; readonly run: PanelRun }
  | { readonly type: 'detail'; readonly detail: PanelDetail }
  | { readonly type: 'select'; readonly id: SolutionId }
  /** There is nothing to show: what is wrong, and what to do. */
  | { readonly type: 'gone'; readonly message: string; readonly remedy: string };

/** What a button does, to the run or to one solution. Each is a command of the same name. */
export const RUN_ACTIONS = ['steer', 'stop', 'resume', 'openReport', 'showTerminal'] as const;
export const SOLUTION_ACTIONS = ['accept', 'acceptHunks', 'openDiff', 'derive', 'steer', 'measure', 'ban', 'copyPatch', 'copyId', 'showCalls'] as const;
export type RunAction = (typeof RUN_ACTIONS)[number];
export type SolutionAction = (typeof SOLUTION_ACTIONS)[number];

/** Panel → extension. */
export type FromPanel =
  | { readonly type: 'ready' }
  | { readonly type: 'select'; readonly id: SolutionId }
  | { readonly type: 'run'; readonly action: RunAction }
  | { readonly type: 'solution'; readonly action: SolutionAction; readonly id: SolutionId };

function member<T extends string>(all: readonly T[], x: unknown): x is T {
  return (all as readonly unknown[]).includes(x);
}

/** Checks a message of the panel; null when it is none. Nothing but these names passes: what they are done to, the extension knows. */
export function fromPanel(x: unknown): FromPanel | null {
  if (typeof x !== 'object' || x === null) return null;
  const { type, id, action } = x as Readonly<Record<string, unknown>>;
  if (type === 'ready') return { type };
  if (type === 'run') return member(RUN_ACTIONS, action) ? { type, action } : null;
  if (typeof id !== 'string' || !/^[\w-]{1,64}$/.test(id)) return null;
  if (type === 'select') return { type, id };
  if (type === 'solution' && member(SOLUTION_ACTIONS, action)) return { type, action, id };
  return null;
}
