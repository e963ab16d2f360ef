// A spec: a named scope of work — what may change, how it is judged, with what limits. Resolved: every default filled in.

import type { Metric } from './metric.ts';
import type { ModelWish } from './model-wish.ts';
import type { Objective } from './objective.ts';

/** Where a metric's value comes from. */
export type MetricSource =
  /** The last `name: value` or `… name = value` line of stdout. */
  | { readonly from: 'line' }
  /** A key path (`a.b.0`) in the one JSON document, or the last JSON line, of stdout. */
  | { readonly from: 'json'; readonly path: string }
  /** A file written by the command: JSON with a key path, or `name: value` lines. Path from the project root. */
  | { readonly from: 'file'; readonly file: string; readonly path?: string }
  /** Group 1 (else the whole match) of the last match in stdout, multi-line mode. */
  | { readonly from: 'regex'; readonly regex: string }
  /** A command that reads the measure command's stdout from the file named by $SIGIL_OUTPUT and prints one number. */
  | { readonly from: 'parse'; readonly command: string }
  /** The engine's own clock of the measure command, in ms. */
  | { readonly from: 'timer'; readonly clock: 'wall' | 'cpu' }
  /** The call eval's in-process time of one pass over the inputs, in ms. */
  | { readonly from: 'call'; readonly clock: 'wall' | 'cpu' };

export interface SpecMetric extends Metric {
  readonly source: MetricSource;
}

export interface Command {
  readonly name: string;
  /** Run by `sh -c` in the project root of the checkout. */
  readonly command: string;
  readonly timeoutMs: number;
}

/** A cheap stage before the measurement: a command that gives one metric on little input. */
export interface Stage extends Command {
  /** Where its value comes from: as of the spec's own metric; the command's wall time where that is of a call eval. */
  readonly metric: SpecMetric;
  /** How much worse than the original a candidate may be: a share for times, rates and sizes, else in the metric's unit. */
  readonly slack: number;
}

/** The eval in which a runner of ours calls the pinned function. */
export interface CallEval {
  /** A JSON or JSONL file of inputs, or `file:function` of a generator `(seed) -> list of inputs`. */
  readonly inputs: { readonly file: string } | { readonly generator: string };
  /** The share of the inputs that the search never sees, 0 to 0.9. */
  readonly heldOut: number;
  /** |a−b| ≤ absolute + relative·|b| for floats. */
  readonly tolerance: { readonly relative: number; readonly absolute: number };
  /** Whether results are compared with the baseline's. */
  readonly compare: boolean;
  readonly seed: number;
  /** Whether the order of returned lists matters (false: multisets). */
  readonly ordered: boolean;
  /** Of one process. Journals of older versions have none. */
  readonly timeoutMs?: number;
}

export interface Budget {
  /** Solutions that reach a gate. */
  readonly evaluations: number;
  readonly timeMs: number | null;
  readonly usd: number | null;
}

/** USD per million tokens of a model. */
export interface ModelPrice {
  readonly input: number;
  readonly output: number;
  /** Of input that came from the provider's cache, and that went into it; as `input` where left out. */
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
}

export interface Spec {
  readonly name: string;
  /** Pin references: `file#symbol`, `file#region`, or `file`. */
  readonly pins: readonly string[];
  readonly scope: { readonly editable: readonly string[]; readonly readonly: readonly string[]; readonly hidden: readonly string[] };
  /** Ignored paths that a checkout needs, linked or copied from the project. */
  readonly link: readonly string[];
  readonly copy: readonly string[];
  /** Folders that builds and evals may write, from the project root; emptied for each solution. */
  readonly outputs: readonly string[];
  readonly setup: Command | null;
  readonly build: Command | null;
  readonly gates: readonly Command[];
  /** Cheap stages before the measurement, in order. Journals of older versions have none. */
  readonly cascade?: readonly Stage[];
  /** The command measured each round, unless `call` is set. */
  readonly measure: Command | null;
  readonly call: CallEval | null;
  readonly heldOut: Command | null;
  readonly metrics: readonly SpecMetric[];
  readonly objective: Objective;
  /** Environment variables passed on to evaluations, by name. */
  readonly env: readonly string[];
  readonly network: boolean;
  readonly memoryMb: number;
  readonly alpha: number;
  readonly budget: Budget;
  /** `byDefault`: nobody has chosen it, so a run with a model takes another. */
  readonly optimizer: { readonly name: string; readonly options: Readonly<Record<string, unknown>>; readonly byDefault?: true };
  readonly instructions: string | null;
  /** Who proposes where the command line does not say: names and weights only, since a file of the project may not say where a key is sent. */
  readonly models?: readonly ModelWish[];
  /** The user's own prices of models, by `provider/name`: they win over the shipped ones. */
  readonly prices?: Readonly<Record<string, ModelPrice>>;
}

/** Whether something checks that results stay right: else generic edits are off. */
export function checksResults(spec: Spec): boolean {
  return spec.gates.length > 0 || spec.call?.compare === true;
}
