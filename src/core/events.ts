// The journal's events: the only record of a run. State is their fold (run-state.ts).

import type { Asking } from './model-wish.ts';
import type { KnobRange } from './knob.ts';
import type { BaseFile, Genome } from './pin.ts';
import type { Ask } from './optimizers/optimizer.ts';
import type { Weights } from './optimizers/policy.ts';
import type { Estimate, Gain, Outcome, SolutionId } from './solution.ts';
import type { Spec } from './spec.ts';

export interface Machine {
  readonly os: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly node: string;
}

/** What of the user's an agent that proposes is given, besides the network: names only. */
export interface Granted {
  /** The agent: `agent/NAME`. */
  readonly agent: string;
  /** Variables that were set. */
  readonly variables: readonly string[];
  /** Paths of the home, as `~/…`. */
  readonly home: readonly string[];
}

/** How far evaluations are confined: see ARCHITECTURE.md, "Containment". */
export type SandboxLevel = 'bubblewrap' | 'process-group';

/** What the baseline's repeated measurement showed. */
export interface Noise {
  /** Per metric: the mean of the samples. */
  readonly values: Readonly<Record<string, number>>;
  /** Standard deviation of the pair differences on the objective's additive axis. */
  readonly sd: number;
  /** The A/A offset: the effect that two equal programs showed, on that axis. */
  readonly offset: number;
  /** The smallest true effect that is found nine times of ten, on that axis; null when none is. */
  readonly resolvable: number | null;
  /** Seconds that a trial of such an effect takes. */
  readonly resolveSeconds: number;
  readonly pairs: number;
  /** Seconds of one evaluation. */
  readonly seconds: number;
  readonly deterministic: boolean;
  readonly slow: boolean;
  readonly scale: 'ratio' | 'difference';
  /** What the original shows on each stage of the cascade; left out where there is none. */
  readonly stages?: readonly number[];
  /** What those runs were like, of each stage. */
  readonly stageRuns?: readonly StageRuns[];
}

/** The original's runs of one stage of the cascade. */
export interface StageRuns {
  /** Of one run. */
  readonly seconds: number;
  /** How much worse than their median the worst of them was, as the stage's slack is given. */
  readonly noise: number;
}

export interface RunSummary {
  readonly run: string;
  readonly spec: string;
  readonly best: SolutionId;
  /** The one number that is called the gain; null when the baseline stays or nothing was verified. */
  readonly gain: Gain | null;
  readonly counts: Readonly<Partial<Record<Outcome, number>>>;
  readonly evaluations: number;
  readonly processes: number;
  readonly seconds: number;
  readonly usd: number;
  readonly reason: StopReason;
  /** More of the reason, in words, where the reason alone does not say it. */
  readonly why?: string;
}

/** What one model has answered to an ask, and what that cost. */
export interface Spend {
  readonly model: string;
  readonly calls: number;
  readonly usd: number;
  /** Tokens of the prompts, those from the provider's cache included. */
  readonly input: number;
  readonly cached: number;
  readonly output: number;
}

/** A model that does not answer any more, and why. */
export interface Down {
  readonly model: string;
  readonly reason: string;
}

/** A model as a run asks it. */
export interface RunModel extends Asking {
  readonly name: string;
  /** Of all asks it gets a share in proportion to this. */
  readonly weight: number;
  /** Where it is reached; left out where it has no address. */
  readonly baseUrl?: string;
}

export type StopReason = 'budget' | 'exhausted' | 'time' | 'money' | 'stopped' | 'interrupted' | 'eval-broken';

/** Events without the envelope that the journal adds. */
export type EventBody =
  | {
    readonly type: 'run-started'; readonly run: string; readonly workspace: string; readonly spec: Spec; readonly base: readonly BaseFile[];
    /** The commit that the project stood on, if any, and the hash of all hashed inputs. */
    readonly commit: string | null; readonly hashes: Readonly<Record<string, string>>;
    readonly seed: number; readonly machine: Machine; readonly level: SandboxLevel; readonly checkout: 'worktree' | 'copy';
    readonly model: string; readonly slots: number; readonly parent: { readonly genome: Genome; readonly from: string } | null;
    /** Where the model is reached; left out with the built-in mutators. */
    readonly baseUrl?: string;
    /** Of a run in which agents propose: one each. */
    readonly granted?: readonly Granted[];
    /** The models that propose. Older journals have none: `model` and `baseUrl` say it. */
    readonly models?: readonly RunModel[];
    /** The knobs of the baseline, of a search that needs them. */
    readonly knobs?: readonly KnobRange[];
    /** Calls of the model in flight at a time; left out with the built-in mutators, and in older journals. */
    readonly calls?: number;
    /** What the search begins with, of one that learns: what it had learned in an earlier run. */
    readonly learned?: Weights;
    /** The run that it learned that in. */
    readonly learnedIn?: string;
    /** Of a control: the run that it is compared with. Older journals tell a control by its workspace only. */
    readonly controls?: string;
  }
  | {
    readonly type: 'baseline'; readonly noise: Noise; readonly processes: number; readonly secondsSpent: number;
    /** What runs the code and what it is called with, in words; left out where the eval does not tell. */
    readonly about?: string;
  }
  | {
    readonly type: 'resumed'; readonly evaluations: number; readonly extended: boolean;
    /** How long it may be at work in all from now on, where that was changed. */
    readonly timeMs?: number;
    /** The money that the run may spend from now on, where that was changed. */
    readonly usd?: number;
  }
  | { readonly type: 'asked'; readonly ask: number; readonly request: Ask; readonly rng: string }
  | {
    readonly type: 'proposed'; readonly ask: number; readonly id: SolutionId; readonly parents: readonly SolutionId[];
    /** Unified diff against the first parent; empty when there was no applicable edit. */
    readonly patch: string; readonly operator: string; readonly summary: string; readonly usd: number;
    /** The proposer has no further edit for this parent. */
    readonly spent: boolean;
    /** Who answered, where that is a model or an agent; older journals do not tell. */
    readonly model?: string;
    /** What each model was paid for this ask, also one whose answers came to nothing. */
    readonly spend?: readonly Spend[];
    /** Models that were asked before it and could not answer: told once each time that one goes down. */
    readonly down?: readonly Down[];
    /** The hash of its normal form, by which a program that was tried is told. Left out where there is no patch; older journals have none. */
    readonly form?: string;
  }
  /** Where its time goes, in words for a proposer: one run under a sampling profiler. */
  | { readonly type: 'profiled'; readonly id: SolutionId; readonly text: string }
  | { readonly type: 'gated'; readonly id: SolutionId; readonly gate: string; readonly ok: boolean; readonly seconds: number; readonly output: string }
  /** A candidate has passed the screen and takes a level of the run's error budget, with `toCome` evaluations left in the plan. */
  | { readonly type: 'test-entered'; readonly id: SolutionId; readonly level: number; readonly toCome: number }
  | {
    readonly type: 'round'; readonly id: SolutionId; readonly phase: Phase;
    readonly against: SolutionId; readonly pair: number;
    /** Values of the objective: candidate, then incumbent. */
    readonly candidate: number; readonly incumbent: number; readonly metrics: Readonly<Record<string, number>>;
  }
  | {
    readonly type: 'verdict'; readonly ask: number; readonly id: SolutionId; readonly outcome: Outcome; readonly reason: string;
    /** Against the baseline, on its scale. */
    readonly estimate: Estimate | null; readonly effect: number | null; readonly feasible: boolean;
    readonly p: number | null; readonly alpha: number | null; readonly pairs: number; readonly processes: number; readonly seconds: number;
    readonly metrics: Readonly<Record<string, number>>;
    /** Of a kept one: what its `promoted` says, so that a kill between the two lines loses no claim. */
    readonly promotes?: { readonly over: SolutionId; readonly gain: Gain };
  }
  | { readonly type: 'promoted'; readonly id: SolutionId; readonly over: SolutionId; readonly gain: Gain }
  | { readonly type: 'confirmed'; readonly id: SolutionId; readonly against: SolutionId; readonly ok: boolean; readonly reason: string; readonly gain: Gain | null; readonly heldOut: Gain | null }
  /** The run has taken note of the actions before this number in actions.jsonl. */
  | { readonly type: 'acted'; readonly upTo: number; readonly banned: readonly SolutionId[]; readonly steered?: readonly Steering[] }
  /** Since the event before this one, another run of this machine was measuring: that long the run stood still, which is no time of its own. */
  | { readonly type: 'waited'; readonly ms: number }
  | { readonly type: 'infra-error'; readonly id: SolutionId; readonly reason: string; readonly inRow: number }
  | { readonly type: 'stopped'; readonly reason: StopReason; readonly why?: string }
  /** `learned`: what later runs of a search that learns may begin with. */
  | { readonly type: 'run-ended'; readonly summary: RunSummary; readonly learned?: Weights };

export type Phase = 'baseline' | 'screen' | 'test' | 'confirm' | 'final' | 'held-out' | 'single' | 'again';

/** An event as it stands in the journal. `t` is milliseconds since the epoch. */
export type Event = EventBody & { readonly v: 1; readonly seq: number; readonly t: number };

/** What a person tells a search from now on: an instruction for the proposer, a solution to search from, or both. */
export interface Steering {
  /** May be empty where there is a focus. */
  readonly text: string;
  readonly focus: SolutionId | null;
}

/** What people do while or after a run, in actions.jsonl. */
export type ActionBody =
  | { readonly type: 'accepted'; readonly id: SolutionId; readonly hunks: readonly number[] | null; readonly files: readonly string[] }
  /** An accepted solution was taken back, by an editor's undo. */
  | { readonly type: 'undone'; readonly id: SolutionId; readonly files: readonly string[] }
  | { readonly type: 'banned'; readonly id: SolutionId }
  | { readonly type: 'stop-requested' }
  | ({ readonly type: 'steered' } & Steering)
  | { readonly type: 'measured'; readonly id: SolutionId; readonly gain: Gain; readonly against: SolutionId };

export type Action = ActionBody & { readonly v: 1; readonly seq: number; readonly t: number };
