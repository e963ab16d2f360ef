// The Backend port on this machine: checkouts, sandbox, gates and measurements of one run.

import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { UserError } from '../../core/errors.ts';
import type { Machine, SandboxLevel } from '../../core/events.ts';
import { renderFiles, type BaseFile, type Genome } from '../../core/pin.ts';
import { BASELINE, type SolutionId } from '../../core/solution.ts';
import type { Spec, Stage } from '../../core/spec.ts';
import type { Backend, Failure, GateReport, Prepared, Sample } from '../../engine/ports.ts';
import { broughtNode } from '../call/node-path.ts';
import { onlyWhenRepeated, typical, type ColdWarm } from '../call/plausible.ts';
import type { Checkout } from '../checkout/checkout.ts';
import { openCheckouts, type CheckoutPool } from '../checkout/pool.ts';
import { profilesIn, profileText } from '../profile/read.ts';
import { underSamplers } from '../profile/samplers.ts';
import { readSource } from '../files.ts';
import { isContended, watchLoad } from '../sandbox/contention.ts';
import { evaluationEnvironment } from '../sandbox/environment.ts';
import type { Containment } from '../sandbox/level.ts';
import { exclusively } from '../sandbox/machine-lock.ts';
import { machineFacts } from '../sandbox/machine.ts';
import { Sandbox } from '../sandbox/runner-client.ts';
import { CALL_FOLDER, CallMeasure } from './call-measure.ts';
import { inCheckout, runCommand, runIn, setupRemedy, tailOf, type Workshop } from './commands.ts';
import { valuesOf, type RunParser } from './metrics.ts';
import { Pace, plainLimits } from './pace.ts';

export interface LocalOptions {
  readonly projectRoot: string;
  readonly runId: string;
  readonly spec: Spec;
  readonly base: readonly BaseFile[];
  readonly containment: Containment;
  /** Told when another run on this machine is measuring and this one waits. */
  readonly onWait: (pid: number) => void;
  readonly signal: AbortSignal;
}

/** CPU ns of a first pass of warm code from which on it says something. */
const LEAST_FIRST_SIGHT = 5e4;

/** The folder of a checkout that samplers write to, there while one run is profiled. */
const PROFILE_FOLDER = '.sigil-profile';

class Stand implements Prepared {
  readonly id: SolutionId;
  readonly checkout: Checkout;
  readonly processes: number;
  /** First-sight and repeated times, sample by sample. */
  readonly coldWarm: ColdWarm[] = [];
  private readonly free: (checkout: Checkout) => void;
  private released = false;

  constructor(id: SolutionId, checkout: Checkout, processes: number, free: (checkout: Checkout) => void) {
    this.id = id;
    this.checkout = checkout;
    this.processes = processes;
    this.free = free;
  }

  release(): Promise<void> {
    if (!this.released) this.free(this.checkout);
    this.released = true;
    return Promise.resolve();
  }
}

/** The lines that carry the nonce, without it. */
function signedLines(text: string, nonce: string): string {
  return text.split('\n').filter((l) => l.includes(nonce)).map((l) => l.replace(nonce, '')).join('\n');
}

export class LocalBackend implements Backend {
  readonly level: SandboxLevel;
  readonly checkout: 'worktree' | 'copy';
  readonly machine: Machine = machineFacts();
  /** Declared paths that do not exist. */
  readonly missing: readonly string[];
  readonly head: string | null;
  /** Variables that look like credentials and that evaluations see, because the spec names them. */
  readonly credentials: readonly string[];
  private readonly o: LocalOptions;
  private readonly w: Workshop;
  private readonly free: Checkout[] = [];
  private readonly place: boolean;
  private readonly needsCpu: boolean;
  private call: CallMeasure | null = null;
  private baselineMatches: Readonly<Record<string, number>> | null = null;
  private tolerated = false;
  /** The evaluator signs its lines with $SIGIL_NONCE: those without it are not its own. */
  private signed = false;

  private constructor(o: LocalOptions, w: Workshop) {
    this.o = o;
    this.w = w;
    this.level = o.containment.level;
    this.checkout = w.pool.kind;
    this.missing = w.pool.missing;
    this.head = w.pool.head;
    this.credentials = w.environment.credentials;
    // Without mounts, all that is timed stands at one path by renaming, so that no path is faster than another.
    this.place = this.level === 'process-group' && o.spec.metrics.some((m) => m.exclusive);
    this.needsCpu = o.spec.metrics.some((m) => m.source.from === 'timer' && m.source.clock === 'cpu');
  }

  static async create(o: LocalOptions): Promise<LocalBackend> {
    const { spec } = o;
    const outputs = [...spec.outputs, ...(spec.call ? [CALL_FOLDER] : []), ...spec.metrics.flatMap((m) => (m.source.from === 'file' && m.source.file.includes('/') ? [m.source.file.slice(0, m.source.file.lastIndexOf('/'))] : []))];
    const mounted = o.containment.level === 'bubblewrap';
    const pool: CheckoutPool = await openCheckouts({
      projectRoot: o.projectRoot, runId: o.runId, link: spec.link, copy: spec.copy, hidden: mounted ? spec.scope.hidden : [], outputs: [...new Set(outputs)], mounted, signal: o.signal,
    });
    try {
      const environment = await evaluationEnvironment(o.projectRoot, spec.env);
      // The Node that our scripts bring runs call evals; in a clone under the home folder it would be hidden.
      const sandbox = await Sandbox.start(o.containment, [...environment.programs, broughtNode()]);
      const prefix = relative(pool.repoRoot, o.projectRoot).split(sep).join('/');
      return new LocalBackend(o, { spec, pool, sandbox, environment, prefix: prefix.startsWith('..') ? '' : prefix, pace: new Pace(spec.call !== null || spec.metrics.some((m) => m.exclusive || m.kind === 'time' || m.kind === 'rate')) });
    } catch (e) {
      await pool.close();
      throw e;
    }
  }

  get hasHeldOut(): boolean {
    return this.call?.hasHeldOut === true || this.w.spec.heldOut !== null;
  }

  async open(signal: AbortSignal): Promise<void> {
    const { spec } = this.w;
    if (this.missing.length > 0) throw new UserError(`${this.missing.join(', ')}: named under "link" or "copy", but not there`, 'Create it (install the dependencies), or take it out of the spec.', 2);
    if (!spec.call) return;
    this.call = await CallMeasure.create(this.w, this.o.projectRoot, spec.call, this.o.base);
    const checkout = await this.take(signal);
    await checkout.write(renderFiles(this.o.base, {}), signal);
    this.arrange(checkout);
    const built = await this.build(checkout, BASELINE, signal);
    if (built) throw new UserError(`the unchanged code fails at ${built.stage}: ${built.reason}\n${built.output}`, 'Make it build first.');
    await this.call.open(checkout, signal);
    this.free.push(checkout);
  }

  get about(): string | null {
    return this.call?.about ?? null;
  }

  private arrange(checkout: Checkout): void {
    if (this.place) this.w.pool.place(checkout);
  }

  private async take(signal: AbortSignal): Promise<Checkout> {
    const known = this.free.pop();
    if (known) return known;
    const checkout = await this.w.pool.add();
    const { setup } = this.w.spec;
    if (setup) {
      this.arrange(checkout);
      const { failure } = await runCommand(this.w, checkout, setup, 'gate', BASELINE, signal, { editable: true, network: true });
      if (failure) throw new UserError(`setup fails: ${failure.reason}\n${failure.output}`, setupRemedy(failure, this.w.pool));
      await checkout.seal(signal);
    }
    return checkout;
  }

  private async build(checkout: Checkout, whose: SolutionId, signal: AbortSignal): Promise<Failure | null> {
    const { build } = this.w.spec;
    return build ? (await runCommand(this.w, checkout, build, 'gate', whose, signal)).failure : null;
  }

  async prepare(id: SolutionId, genome: Genome, options: { readonly trusted: boolean; readonly onGate: (g: GateReport) => void }, signal: AbortSignal): Promise<Stand | Failure> {
    const checkout = await this.take(signal);
    if (id !== BASELINE && !this.tolerated) await this.tolerateBaseline(checkout);
    await checkout.write(renderFiles(this.o.base, genome), signal);
    this.arrange(checkout);
    const { spec } = this.w;
    let processes = 0;
    const failed = (f: Failure): Failure => {
      this.free.push(checkout);
      return f;
    };
    const step = async (gate: string, work: () => Promise<Failure | null>, tail = ''): Promise<Failure | null> => {
      const began = performance.now();
      const failure = await work();
      processes++;
      options.onGate({ gate, ok: failure === null, seconds: (performance.now() - began) / 1000, output: failure ? `${failure.reason}\n${failure.output}`.trim() : tail });
      return failure;
    };
    if (spec.build) {
      const failure = await step(spec.build.name, () => this.build(checkout, id, signal));
      if (failure) return failed(failure);
    }
    if (!options.trusted) {
      for (const gate of spec.gates) {
        const failure = await step(gate.name, async () => (await runCommand(this.w, checkout, gate, 'gate', id, signal)).failure);
        if (failure) return failed(failure);
      }
      if (this.call && spec.call?.compare === true) {
        const { call } = this;
        const failure = await step('results', () => call.check(checkout, false, id, signal));
        if (failure) return failed(failure);
      }
    }
    return new Stand(id, checkout, processes, (c) => this.free.push(c));
  }

  /** What the unchanged project's own evaluation writes is not a solution's doing. */
  private async tolerateBaseline(checkout: Checkout): Promise<void> {
    this.tolerated = true;
    if (this.level !== 'process-group') return;
    const paths = await checkout.violations();
    if (paths.length > 0) this.w.pool.tolerate(paths);
  }

  async sample(prepared: Prepared, options: { readonly heldOut: boolean }, signal: AbortSignal): Promise<Sample | Failure> {
    if (!(prepared instanceof Stand)) throw new Error('prepared by another backend');
    this.arrange(prepared.checkout);
    const load = watchLoad();
    const got = await this.measure(prepared, options.heldOut, signal);
    if (!got.ok) return got;
    const seen = load(got.cpuMs ?? got.wallMs);
    return { ...got, contended: seen !== null && isContended(seen) };
  }

  private async measure(stand: Stand, heldOut: boolean, signal: AbortSignal): Promise<Omit<Sample, 'contended'> | Failure> {
    const { spec } = this.w;
    const values: Record<string, number> = {};
    let clock: Pick<Sample, 'wallMs' | 'cpuMs' | 'claimedMs'> | null = null;
    if (this.call) {
      const t = await this.call.time(stand.checkout, heldOut, stand.id, signal);
      if (!t.ok) return t;
      clock = t.sample;
      if (!heldOut) stand.coldWarm.push(t.coldWarm);
      for (const m of spec.metrics) if (m.source.from === 'call') values[m.name] = m.source.clock === 'cpu' ? t.cpu : t.wall;
    }
    const command = heldOut ? (spec.heldOut ?? spec.measure) : spec.measure;
    if (command && spec.metrics.some((m) => m.source.from !== 'call')) {
      const nonce = randomBytes(12).toString('hex');
      const { failure, result: whole } = await runCommand(this.w, stand.checkout, command, 'measure', stand.id, signal, { measureCpu: this.needsCpu, seesHidden: heldOut && spec.heldOut !== null, env: { SIGIL_NONCE: nonce } });
      if (failure) return failure;
      if (stand.id === BASELINE && !heldOut) this.signed = whole.stdout.includes(nonce);
      const result = this.signed ? { ...whole, stdout: signedLines(whole.stdout, nonce), stderr: '' } : whole;
      const read = await valuesOf(spec.metrics, result, stand.checkout.projectRoot, this.parser(stand, signal));
      if ('reason' in read) return { ok: false, outcome: 'crashed', stage: command.name, reason: read.reason, output: tailOf(result) };
      const extra = this.unlikeBaseline(stand.id, read.matches, heldOut);
      if (extra !== null) return { ok: false, outcome: 'suspicious', stage: command.name, reason: extra, output: tailOf(result) };
      Object.assign(values, read.values);
      clock ??= { wallMs: result.wallMs, cpuMs: result.cpuMs, claimedMs: null };
    }
    if (clock === null) throw new Error('a spec without a measurement');
    return { ok: true, values, ...clock };
  }

  async profile(prepared: Prepared, signal: AbortSignal): Promise<string | null> {
    if (!(prepared instanceof Stand)) throw new Error('prepared by another backend');
    const { spec, prefix } = this.w;
    const { checkout } = prepared;
    this.arrange(checkout);
    const folder = inCheckout(this.w, PROFILE_FOLDER);
    const seenRoot = this.level === 'bubblewrap' ? this.w.pool.repoRoot : checkout.root;
    const host = join(checkout.root, folder);
    mkdirSync(host, { recursive: true });
    try {
      const extra = { ...underSamplers(join(seenRoot, folder), this.w.environment.env), alsoWritable: [folder] };
      if (this.call !== null) await this.call.work(checkout, signal, extra);
      else if (spec.measure !== null) await runCommand(this.w, checkout, spec.measure, 'measure', BASELINE, signal, extra);
      const sources = new Map(this.o.base.map((f) => [f.file, readSource(join(checkout.projectRoot, f.file)).text]));
      return profileText(profilesIn(host), join(seenRoot, prefix), sources);
    } finally {
      rmSync(host, { recursive: true, force: true });
    }
  }

  async stage(prepared: Prepared, index: number, signal: AbortSignal): Promise<Sample | Failure> {
    if (!(prepared instanceof Stand)) throw new Error('prepared by another backend');
    this.arrange(prepared.checkout);
    const { metric, ...command } = this.stageOf(index);
    const { failure, result } = await runCommand(this.w, prepared.checkout, command, 'measure', prepared.id, signal, { measureCpu: metric.source.from === 'timer' && metric.source.clock === 'cpu' });
    if (failure) return failure;
    const read = await valuesOf([metric], result, prepared.checkout.projectRoot, this.parser(prepared, signal));
    if ('reason' in read) return { ok: false, outcome: 'crashed', stage: command.name, reason: read.reason, output: tailOf(result) };
    return { ok: true, values: read.values, wallMs: result.wallMs, cpuMs: result.cpuMs, claimedMs: null, contended: false };
  }

  private stageOf(index: number): Stage {
    const stage = this.w.spec.cascade?.[index];
    if (stage === undefined) throw new Error(`there is no stage ${index}`);
    return stage;
  }

  /** Runs a parse command of the spec on what a measurement printed. */
  private parser(stand: Stand, signal: AbortSignal): RunParser {
    return async (parser, output) => {
      const r = await runIn(this.w, stand.checkout, ['/bin/sh', '-c', parser], { limits: plainLimits(30_000), measureCpu: false, env: { SIGIL_OUTPUT: await this.keepOutput(stand, output) } }, signal);
      return r.outcome === 'exited' && r.code === 0 ? { ok: true, stdout: r.stdout } : { ok: false, reason: `the parse command fails: ${tailOf(r, 3)}` };
    };
  }

  private async keepOutput(stand: Stand, output: string): Promise<string> {
    const { mkdirSync, writeFileSync } = await import('node:fs');
    const folder = inCheckout(this.w, CALL_FOLDER);
    mkdirSync(`${stand.checkout.root}/${folder}`, { recursive: true });
    writeFileSync(`${stand.checkout.root}/${folder}/output.txt`, output);
    return `${this.level === 'bubblewrap' ? this.w.pool.repoRoot : stand.checkout.root}/${folder}/output.txt`;
  }

  /** A solution that prints the metric more or fewer times than the baseline may be printing it itself. */
  private unlikeBaseline(id: SolutionId, matches: Readonly<Record<string, number>>, heldOut: boolean): string | null {
    if (heldOut) return null;
    if (id === BASELINE) this.baselineMatches = matches;
    for (const [name, n] of Object.entries(this.baselineMatches ?? {}))
      if (matches[name] !== n) return `"${name}" stands ${matches[name] ?? 0} times in what it prints, ${n} times in what the baseline prints`;
    return null;
  }

  async checkHeldOut(prepared: Prepared, signal: AbortSignal): Promise<Failure | null> {
    if (!(prepared instanceof Stand) || this.call?.hasHeldOut !== true) return null;
    this.arrange(prepared.checkout);
    return this.call.check(prepared.checkout, true, prepared.id, signal);
  }

  async objections(candidate: Prepared, incumbent: Prepared, signal: AbortSignal): Promise<readonly string[]> {
    if (!(candidate instanceof Stand) || !(incumbent instanceof Stand)) return [];
    const changed = await candidate.checkout.violations();
    const out = changed.length === 0 ? [] : [`it changed files that it may not: ${changed.slice(0, 3).join(', ')}${changed.length > 3 ? ` and ${changed.length - 3} more` : ''}`];
    if (candidate.coldWarm.length > 0 && incumbent.coldWarm.length > 0) {
      const doubt = onlyWhenRepeated(typical(incumbent.coldWarm), typical(candidate.coldWarm));
      if (doubt !== null && !(await this.holdsAtFirstSight(candidate, incumbent, signal))) out.push(doubt);
    }
    return out;
  }

  /** Whether a gain also shows on inputs that warm code sees for the first time. */
  private async holdsAtFirstSight(candidate: Stand, incumbent: Stand, signal: AbortSignal): Promise<boolean> {
    const seen: ColdWarm[] = [];
    for (const stand of [incumbent, candidate]) {
      this.arrange(stand.checkout);
      const one = await this.call?.firstSight(stand.checkout, stand.id, signal);
      if (!one) return false;
      seen.push(one);
    }
    const [before, now] = seen;
    return before !== undefined && now !== undefined && onlyWhenRepeated(before, now, LEAST_FIRST_SIGHT) === null;
  }

  exclusively<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return exclusively(work, signal, this.o.onWait);
  }

  async close(): Promise<void> {
    await this.w.sandbox.close();
    await this.w.pool.close();
  }
}
