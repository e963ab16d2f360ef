// The engine's side of the call eval: the command line, the request and the judged answer of one runner process. Starting it, within
// its limits, is the sandbox's part.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import type { Language, Pin } from '../../core/pin.ts';
import { distFile, packageRoot } from '../assets.ts';
import { parseAnswer, type CallFailure, type Parsed } from './answer.ts';
import { compareResults, type CompareOptions } from './compare.ts';
import { findNode, nodeEnvironment } from './node-path.ts';
import { defaultLimits, type CalibrateRequest, type InputSource, type Limits, type Mode, type Request, type ResultsAnswer, type TimeAnswer, type TimeRequest } from './protocol.ts';
import { findPython } from './python.ts';

/** What is called, and by what. */
export interface CallTarget {
  readonly kind: 'python' | 'javascript';
  /** The interpreter, and the runner's file, as seen inside the sandbox. */
  readonly interpreter: string;
  readonly runner: string;
  /** The pinned file from the project root, and the function in it. */
  readonly file: string;
  readonly symbol: string;
  readonly inputs: InputSource;
  readonly seed: number;
}

/** Sensible numbers: a pass of 5 ms CPU, three passes, and a warm-up in which a JIT compiler settles. */
export const callDefaults = {
  python: { targetCpuMs: 5, maxWallMs: 100, warmupMs: 5, passes: 3 },
  javascript: { targetCpuMs: 5, maxWallMs: 100, warmupMs: 60, passes: 3 },
} as const satisfies Record<CallTarget['kind'], CalibrateRequest & { readonly passes: number }>;

/** Which runner a language has; null for none. */
export function callKind(language: Language | null): CallTarget['kind'] | null {
  return language === 'python' ? 'python' : language === 'javascript' || language === 'typescript' || language === 'tsx' ? 'javascript' : null;
}

/** The target of a pin. Throws UserError for pins that cannot be called, and where the interpreter is missing. */
export async function callTarget(project: string, pin: Pin, inputs: InputSource, seed: number): Promise<CallTarget> {
  const kind = callKind(pin.language);
  if (kind === null) throw new UserError(`A call eval cannot call ${pin.id}: it knows Python, JavaScript and TypeScript.`, 'Use a `measure` command instead of `call` in the spec.', 2);
  if (pin.kind !== 'function' || pin.symbol === undefined) throw new UserError(`A call eval cannot call ${pin.id}: it is not a function.`, 'Pin a function, or use a `measure` command.', 2);
  const interpreter = kind === 'python' ? await findPython(project) : findNode();
  const runner = kind === 'python' ? join(packageRoot(), 'python', 'sigil_runtime', 'call_runner.py') : distFile('js-runner.js');
  return { kind, interpreter, runner, file: pin.file, symbol: pin.symbol, inputs, seed };
}

/** What is asked of one process. `indices` null: all inputs. */
export type CallJob =
  | { readonly mode: 'results'; readonly indices: readonly number[] | null }
  | ({ readonly mode: 'time'; readonly indices: readonly number[] | null } & TimeRequest)
  | ({ readonly mode: 'calibrate'; readonly indices: readonly number[] | null } & CalibrateRequest);

/** Where the call happens. */
export interface CallPlace {
  /** The checkout as the runner sees it. */
  readonly root: string;
  /** A private folder, new for each process, writable inside the sandbox (the request is deleted there): its path outside and inside. */
  readonly folder: { readonly host: string; readonly inner: string };
  readonly limits?: Limits;
}

export interface CallPlan<M extends Mode> {
  /** To be run with the checkout as the working folder. */
  readonly argv: readonly string[];
  /** Added to the scrubbed environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Written before the start: host path → content. The answer file is among them, empty. */
  readonly files: ReadonlyMap<string, string>;
  /** Read after the end, on the host. */
  readonly answerPath: string;
  /** Judges the answer file's text; null when it is gone. */
  readonly parse: (text: string | null) => Parsed<M>;
}

/** Everything that one runner process needs. */
export function planCall<J extends CallJob>(target: CallTarget, job: J, place: CallPlace): CallPlan<J['mode']> {
  const nonce = randomBytes(24).toString('hex');
  const name = randomBytes(6).toString('hex');
  const inner = (file: string): string => `${place.folder.inner.replace(/\/$/, '')}/${file}`;
  const defaults = callDefaults[target.kind];
  const request: Request = {
    v: 1, nonce, answer: inner(`a-${name}`), mode: job.mode, root: place.root, file: target.file, symbol: target.symbol,
    inputs: target.inputs, seed: target.seed, indices: job.indices, limits: place.limits ?? defaultLimits,
    time: job.mode === 'time' ? { loops: job.loops, passes: job.passes, warmupMs: job.warmupMs, mutates: job.mutates, verify: job.verify, ...(job.warmOn === undefined ? {} : { warmOn: job.warmOn }) } : { loops: 1, passes: 3, warmupMs: 0, mutates: false, verify: [] },
    calibrate: job.mode === 'calibrate' ? { targetCpuMs: job.targetCpuMs, maxWallMs: job.maxWallMs, warmupMs: job.warmupMs } : defaults,
  };
  const flags = target.kind === 'python' ? ['-B'] : ['--no-warnings'];
  return {
    argv: [target.interpreter, ...flags, target.runner, inner(`q-${name}`)],
    // Sets of strings in the same order in every process, so that results of programs that depend on it agree.
    env: target.kind === 'python' ? { PYTHONHASHSEED: '0', PYTHONDONTWRITEBYTECODE: '1' } : nodeEnvironment(target.interpreter),
    files: new Map([[join(place.folder.host, `q-${name}`), JSON.stringify(request)], [join(place.folder.host, `a-${name}`), '']]),
    answerPath: join(place.folder.host, `a-${name}`),
    parse: (text) => parseAnswer<J['mode']>(text, nonce, job.mode),
  };
}

/** The metric: the fastest of the measured passes over the inputs, in ms of one pass. */
export function passMs(answer: TimeAnswer, clock: 'cpu' | 'wall'): number {
  return Math.min(...answer.passes.map((t) => (clock === 'cpu' ? t.cpuNs : t.wallNs))) / 1e6;
}

/** All that the measured passes took together, wall ms: what the engine's own clock must bear out. */
export function claimedMs(answer: TimeAnswer): number {
  return (answer.passes.reduce((sum, t) => sum + t.wallNs, 0) * answer.loops) / 1e6;
}

/**
 * What is wrong with an eval, from two runs of the baseline's results: the first problem in words, or null. Every input raises; the
 * inputs or the results differ between two runs; nothing of any result can be looked into.
 */
export function baselineProblem(first: ResultsAnswer, second: ResultsAnswer, options: CompareOptions): { readonly reason: string; readonly remedy: string } | null {
  const raised = first.results[0];
  if (raised !== undefined && first.results.every((r) => !r.ok) && !raised.ok)
    return { reason: `Every input makes the function raise ${raised.type}: ${raised.message.slice(0, 200)}`, remedy: 'Check that the inputs fit its parameters: each input is the array of all arguments.' };
  const { difference } = compareResults(first.results, second.results, options);
  if (difference !== null)
    return { reason: `The unchanged function gives other results the second time (${difference}).`, remedy: 'Let it draw numbers from a seeded generator, widen `tolerance`, set `ordered: false`, or `compare: false` with gates that check the results.' };
  return null;
}

/** A failure of the baseline is the user's to mend. */
export function asUserError(failure: CallFailure): UserError {
  return new UserError(failure.reason, failure.remedy === '' ? (failure.output === '' ? 'Call the function on the first input yourself to see it.' : failure.output) : failure.remedy);
}
