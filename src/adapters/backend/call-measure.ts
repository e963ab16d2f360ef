// The call eval on this machine: results compared with the baseline's in this process, which never loads the candidate; times from a runner.

import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BaseFile } from '../../core/pin.ts';
import { seededRng } from '../../core/rng.ts';
import type { CallEval } from '../../core/spec.ts';
import type { Failure, Sample } from '../../engine/ports.ts';
import { UserError } from '../../core/errors.ts';
import { BASELINE, type SolutionId } from '../../core/solution.ts';
import { asUserError, baselineProblem, callDefaults, callTarget, claimedMs, passMs, planCall, type CallJob, type CallTarget } from '../call/call-eval.ts';
import { aboutText } from '../call/about.ts';
import type { Parsed } from '../call/answer.ts';
import { compareResults, compareTimed, type CompareOptions } from '../call/compare.ts';
import { coldWarmOf, typical, type ColdWarm } from '../call/plausible.ts';
import type { ResultsAnswer, TimeAnswer } from '../call/protocol.ts';
import { apart, splitInputs, verifySample, type Split } from '../call/split.ts';
import type { Checkout } from '../checkout/checkout.ts';
import type { RunResult } from '../sandbox/job.ts';
import { failureOf, inCheckout, runIn, tailOf, type CommandOptions, type Workshop } from './commands.ts';
import { plainLimits, type StepLimits } from './pace.ts';

/** The folder of a checkout through which requests and answers go; an output, so that it may be written and is emptied. */
export const CALL_FOLDER = '.sigil-call';

/** CPU time that a sampler sees enough in. */
const SAMPLED_MS = 700;
/** Processes of which each looks at inputs for the first time. */
const FIRST_SIGHTS = 3;

interface Calibration {
  readonly loops: number;
  readonly mutates: boolean;
}

export class CallMeasure {
  private readonly w: Workshop;
  private readonly call: CallEval;
  private readonly target: CallTarget;
  private readonly timeoutMs: number;
  private readonly compare: CompareOptions;
  private readonly random = seededRng(randomBytes(8).toString('hex'));
  private expected: ResultsAnswer | null = null;
  private split: Split = { search: [], heldOut: [] };
  private verifies = true;
  /** What runs the function and what the search's inputs look like, once it is open. */
  about: string | null = null;
  private calibrations: { search: Calibration; heldOut: Calibration } | null = null;

  private constructor(w: Workshop, call: CallEval, target: CallTarget, timeoutMs: number) {
    this.w = w;
    this.call = call;
    this.target = target;
    this.timeoutMs = timeoutMs;
    this.compare = { ...call.tolerance, ordered: call.ordered };
  }

  static async create(w: Workshop, projectRoot: string, call: CallEval, base: readonly BaseFile[]): Promise<CallMeasure> {
    const pin = base.flatMap((f) => f.pins)[0];
    if (pin === undefined) throw new UserError('a call eval needs a pinned function', 'Pin one under "pins".', 2);
    const target = await callTarget(projectRoot, pin, call.inputs, call.seed);
    return new CallMeasure(w, call, target, call.timeoutMs ?? 600_000);
  }

  get hasHeldOut(): boolean {
    return this.split.heldOut.length > 0;
  }

  /** A candidate is held to the pace of sound code, the baseline to the spec's limit only. Inputs held out are fewer and have a pace of their own. */
  private async ask<J extends CallJob>(checkout: Checkout, job: J, step: string, whose: SolutionId, signal: AbortSignal, extra: Pick<CommandOptions, 'env' | 'alsoReadonly' | 'alsoWritable'> = {}): Promise<{ readonly result: RunResult; readonly parsed: Parsed<J['mode']> | null; readonly limits: StepLimits }> {
    const confined = this.w.sandbox.containment.level === 'bubblewrap';
    const folder = inCheckout(this.w, CALL_FOLDER);
    const seenRoot = confined ? this.w.pool.repoRoot : checkout.root;
    const host = join(checkout.root, folder);
    const plan = planCall(this.target, job, { root: join(seenRoot, this.w.prefix), folder: { host, inner: join(seenRoot, folder) } });
    mkdirSync(host, { recursive: true });
    for (const [path, text] of plan.files) writeFileSync(path, text);
    const runner = dirname(this.target.runner);
    // The runner calls one function on one thread.
    const limits = whose === BASELINE ? plainLimits(this.timeoutMs) : this.w.pace.limits(step, this.timeoutMs, 1);
    const result = await runIn(this.w, checkout, plan.argv, {
      limits, measureCpu: false, ...extra, env: { ...extra.env, ...plan.env }, alsoReadonly: [{ source: runner, path: runner }, ...(extra.alsoReadonly ?? [])],
    }, signal);
    let text: string | null = null;
    try {
      text = readFileSync(plan.answerPath, 'utf8');
    } catch {
      // parse() says what a missing answer means
    }
    for (const path of plan.files.keys()) rmSync(path, { force: true });
    // A process that was cut off has no answer worth reading; an exit code means nothing here.
    const parsed = result.outcome === 'exited' ? plan.parse(text) : null;
    if (parsed?.ok === true) this.w.pace.note(step, result.wallMs);
    return { result, parsed, limits };
  }

  private failed(stage: string, r: RunResult, parsed: Parsed<'results' | 'time' | 'calibrate'> | null, limits: StepLimits): Failure {
    const limit = failureOf(stage, r, 'measure', limits);
    if (parsed === null) return limit ?? { ok: false, outcome: 'crashed', stage, reason: 'it gave no answer', output: tailOf(r) };
    if (parsed.ok) throw new Error('not a failure');
    return { ok: false, outcome: parsed.outcome, stage, reason: parsed.reason, output: parsed.output };
  }

  /** What the unchanged function gives, twice, and how many loops one measured pass needs. Throws a UserError that names what is wrong. */
  async open(checkout: Checkout, signal: AbortSignal): Promise<void> {
    const once = async (): Promise<ResultsAnswer> => {
      const { result, parsed, limits } = await this.ask(checkout, { mode: 'results', indices: null }, 'results', BASELINE, signal);
      if (parsed?.ok === true) return parsed.answer;
      if (parsed !== null) throw asUserError(parsed);
      throw new UserError(`the call eval fails on the unchanged code: ${this.failed('results', result, null, limits).reason}`, tailOf(result) || 'Call the function on the first input yourself to see it.');
    };
    const first = await once();
    if (this.call.compare) {
      const problem = baselineProblem(first, await once(), this.compare);
      if (problem) throw new UserError(problem.reason, problem.remedy);
    }
    this.expected = first;
    this.split = splitInputs(first.inputs, this.call.heldOut, this.call.seed);
    const search = await this.calibrate(checkout, this.split.search, signal);
    this.calibrations = { search, heldOut: this.hasHeldOut ? await this.calibrate(checkout, this.split.heldOut, signal) : search };
    // A function with memory gives other results when it is called again and again: then a timed call cannot be held to them.
    const timed = await this.time(checkout, false, BASELINE, signal);
    this.verifies = timed.ok || timed.outcome !== 'suspicious';
  }

  private async calibrate(checkout: Checkout, indices: readonly number[], signal: AbortSignal): Promise<Calibration> {
    const { targetCpuMs, maxWallMs, warmupMs } = callDefaults[this.target.kind];
    const { result, parsed, limits } = await this.ask(checkout, { mode: 'calibrate', indices, targetCpuMs, maxWallMs, warmupMs }, 'calibrate', BASELINE, signal);
    if (parsed?.ok === true) {
      this.about ??= aboutText(parsed.answer, indices.length);
      return { loops: parsed.answer.loops, mutates: parsed.answer.mutates };
    }
    if (parsed !== null) throw asUserError(parsed);
    throw new UserError(`the call eval cannot time the unchanged code: ${this.failed('measure', result, null, limits).reason}`, tailOf(result) || 'Call the function on the first input yourself to see it.');
  }

  /** Results on the search's inputs, or on those held out, against the baseline's. */
  async check(checkout: Checkout, heldOut: boolean, whose: SolutionId, signal: AbortSignal): Promise<Failure | null> {
    if (!this.call.compare || this.expected === null) return null;
    const stage = heldOut ? 'held-out results' : 'results';
    const indices = heldOut ? this.split.heldOut : this.split.search;
    const { result, parsed, limits } = await this.ask(checkout, { mode: 'results', indices }, 'results', whose, signal);
    if (parsed?.ok !== true) return this.failed(stage, result, parsed, limits);
    const wanted = new Set(indices);
    const { difference } = compareResults(this.expected.results.filter((r) => wanted.has(r.index)), parsed.answer.results, this.compare);
    return difference === null ? null : { ok: false, outcome: 'blocked', stage, reason: difference, output: '' };
  }

  /** One process that calls the function for as long as a sampler needs. What it measures is of no use. */
  async work(checkout: Checkout, signal: AbortSignal, extra: Pick<CommandOptions, 'env' | 'alsoReadonly' | 'alsoWritable'>): Promise<void> {
    if (this.calibrations === null) throw new Error('called before it was opened');
    const { loops, mutates } = this.calibrations.search;
    const { warmupMs, passes, targetCpuMs } = callDefaults[this.target.kind];
    const times = Math.ceil(SAMPLED_MS / (targetCpuMs * passes));
    await this.ask(checkout, { mode: 'time', indices: this.split.search, loops: loops * times, passes, warmupMs, mutates, verify: [] }, 'profile', BASELINE, signal, extra);
  }

  /** One process: the fastest of its passes by each clock, in ms. */
  async time(checkout: Checkout, heldOut: boolean, whose: SolutionId, signal: AbortSignal): Promise<{ readonly ok: true; readonly cpu: number; readonly wall: number; readonly sample: Pick<Sample, 'wallMs' | 'cpuMs' | 'claimedMs'>; readonly coldWarm: ColdWarm } | Failure> {
    if (this.calibrations === null || this.expected === null) throw new Error('timed before it was opened');
    const { loops, mutates } = heldOut ? this.calibrations.heldOut : this.calibrations.search;
    const indices = heldOut ? this.split.heldOut : this.split.search;
    const { warmupMs, passes } = callDefaults[this.target.kind];
    const verify = this.call.compare && this.verifies ? verifySample(indices, 2, this.random) : [];
    const { result, parsed, limits } = await this.ask(checkout, { mode: 'time', indices, loops, passes, warmupMs, mutates, verify }, heldOut ? 'held-out time' : 'time', whose, signal);
    if (parsed?.ok !== true) return this.failed('measure', result, parsed, limits);
    const answer: TimeAnswer = parsed.answer;
    const wrong = compareTimed(this.expected.results, answer.verify, this.compare);
    if (wrong !== null) return { ok: false, outcome: 'suspicious', stage: 'measure', reason: `${wrong}: it gives other results when it is timed`, output: '' };
    return {
      ok: true, cpu: passMs(answer, 'cpu'), wall: passMs(answer, 'wall'),
      sample: { wallMs: result.wallMs, cpuMs: result.cpuMs, claimedMs: claimedMs(answer) },
      coldWarm: coldWarmOf(answer),
    };
  }

  /** How long inputs take at first sight and later, by code that others have warmed up: compilers and what is set up once count for nothing. Null where there are no inputs to spare, or no time comes. */
  async firstSight(checkout: Checkout, whose: SolutionId, signal: AbortSignal): Promise<ColdWarm | null> {
    if (this.calibrations === null) throw new Error('timed before it was opened');
    const { loops, mutates } = this.calibrations.search;
    const [warmOn, indices] = apart(this.split);
    if (warmOn.length === 0) return null;
    const { warmupMs, passes } = callDefaults[this.target.kind];
    const samples: ColdWarm[] = [];
    for (let i = 0; i < FIRST_SIGHTS; i++) {
      const { parsed } = await this.ask(checkout, { mode: 'time', indices, loops, passes, warmupMs: warmupMs * 2, mutates, verify: [], warmOn }, 'time', whose, signal);
      if (parsed?.ok !== true) return null;
      samples.push(coldWarmOf(parsed.answer));
    }
    return typical(samples);
  }
}
