// A world in memory for the engine: programs whose true cost stands in their text, noise from a seeded generator, a clock that only evaluations move.
import type { Action, ActionBody, Event, EventBody, Noise as RunNoise, RunSummary } from '../../../src/core/events.ts';
import type { KnobRange } from '../../../src/core/knob.ts';
import { parseObjective } from '../../../src/core/objective.ts';
import { optimizerNamed } from '../../../src/core/optimizers/registry.ts';
import type { BaseFile, Genome } from '../../../src/core/pin.ts';
import { seededRng, type Rng } from '../../../src/core/rng.ts';
import { foldRun, type RunState } from '../../../src/core/run-state.ts';
import type { SolutionId } from '../../../src/core/solution.ts';
import type { Spec, SpecMetric } from '../../../src/core/spec.ts';
import type { Ports } from '../../../src/engine/context.ts';
import type { Backend, Failure, Journal, Prepared, Proposal, ProposalRequest, Proposer, Sample } from '../../../src/engine/ports.ts';
import { run, type RunRequest } from '../../../src/engine/run.ts';

export const FILE = 'program.txt';

/** A program: lines `key value`. Keys that the world knows: cost, memory, wall, heldout, fail, jitter, objection. Others only tell programs apart. */
export type Program = Readonly<Record<string, string | number>>;

export function textOf(p: Program): string {
  return Object.entries(p).map(([k, v]) => `${k} ${v}\n`).join('');
}

export function programOf(text: string): Record<string, string> {
  return Object.fromEntries(text.split('\n').filter((l) => l !== '').map((l) => [l.slice(0, l.indexOf(' ')), l.slice(l.indexOf(' ') + 1)]));
}

export function baseFiles(program: Program): BaseFile[] {
  const text = textOf(program);
  return [{ file: FILE, text, pins: [{ id: FILE, file: FILE, kind: 'file', language: null, range: { start: 0, end: text.length, startLine: 1, endLine: text.split('\n').length }, options: {} }] }];
}

export const TIME: SpecMetric = { name: 'time_ms', kind: 'time', direction: 'minimize', unit: 'ms', exclusive: true, minEffect: 0.01, source: { from: 'timer', clock: 'wall' } };
export const COUNT: SpecMetric = { name: 'count', kind: 'count', direction: 'minimize', exclusive: false, minEffect: 0, source: { from: 'line' } };
export const MEMORY: SpecMetric = { name: 'memory', kind: 'size', direction: 'minimize', exclusive: false, minEffect: 0, source: { from: 'line' } };

export function specOf(change: Omit<Partial<Spec>, 'objective' | 'budget'> & { objective?: string; evaluations?: number; timeMs?: number; usd?: number } = {}): Spec {
  const { objective, evaluations, timeMs, usd, ...rest } = change;
  const metrics = rest.metrics ?? [TIME];
  return {
    name: 'spec', pins: [FILE], scope: { editable: [], readonly: [], hidden: [] }, link: [], copy: [], outputs: [], setup: null, build: null, gates: [],
    measure: { name: 'measure', command: 'true', timeoutMs: 1000 }, call: null, heldOut: null, metrics,
    objective: parseObjective(objective ?? `${metrics[0]!.direction} ${metrics[0]!.name}`),
    env: [], network: false, memoryMb: 1024, alpha: 0.05, budget: { evaluations: evaluations ?? 20, timeMs: timeMs ?? null, usd: usd ?? null },
    optimizer: { name: 'greedy', options: {} }, instructions: null, ...rest,
  };
}

/** Additive noise on the logarithm of a time, drawn once a sample. `t` is the fake clock's time in ms. */
export type Noise = (t: number) => number;

/** What the objective's metric shows for a program: its cost by default, times noise. */
export interface Physics {
  readonly noise: Noise;
  /** Wall time of one evaluation in ms. */
  readonly wallMs: (program: Record<string, string>, value: number) => number;
  readonly value: (program: Record<string, string>, noise: number) => number;
  readonly hasHeldOut: boolean;
  readonly claims: boolean;
  /** How many promises a sample waits for, so that lanes interleave; 0 is a plain answer. */
  readonly ticks: () => number;
  /** Whether the machine was busy during a sample. */
  readonly contended: () => boolean;
  /** The metrics' names, the objective's first. */
  readonly metrics: readonly string[];
  /** From this sample on (counted from 0), everything fails so. */
  readonly breaksAt: number;
  /** Of the jitter of programs that have some. */
  readonly seed: number;
}

export class World implements Backend {
  readonly about = null;
  readonly level = 'process-group';
  readonly checkout = 'copy';
  readonly machine = { os: 'test', cpu: 'test', cores: 2, memoryGb: 1, node: '0' };
  readonly hasHeldOut: boolean;
  now = 1_700_000_000_000;
  samples = 0;
  staged = 0;
  /** Samples by solution. */
  readonly sampled = new Map<SolutionId, number>();
  readonly standing = new Set<Prepared>();
  exclusive = 0;
  private readonly physics: Physics;
  private readonly programs = new Map<Prepared, Record<string, string>>();
  private readonly jitter: Rng;

  constructor(physics: Partial<Physics> = {}) {
    this.physics = {
      noise: () => 0, wallMs: (_, v) => v + 50, value: (p, noise) => Number(p['cost']) * Math.exp(noise), hasHeldOut: false, claims: false,
      ticks: () => 0, contended: () => false, metrics: ['time_ms'], breaksAt: Infinity, seed: 1, ...physics,
    };
    this.jitter = seededRng(`jitter ${this.physics.seed}`);
    this.hasHeldOut = this.physics.hasHeldOut;
  }

  open(): Promise<void> {
    return Promise.resolve();
  }

  async prepare(id: SolutionId, genome: Genome, options: Parameters<Backend['prepare']>[2]): Promise<Prepared | Failure> {
    await this.wait();
    this.now += 10;
    const program = programOf(genome[FILE] ?? '');
    const fail = program['fail'];
    const failure = (outcome: Failure['outcome'], stage: string): Failure => ({ ok: false, outcome, stage, reason: `${stage} failed`, output: '' });
    if (!options.trusted) {
      options.onGate({ gate: 'test', ok: fail !== 'gate', seconds: 0.01, output: '' });
      if (fail === 'gate') return failure('blocked', 'test');
    }
    if (fail === 'build') return failure('crashed', 'build');
    if (fail === 'tool') return failure('infra-error', 'build');
    const prepared: Prepared = { id, processes: 1, release: () => {
      if (!this.standing.delete(prepared)) throw new Error(`${id} is released twice`);
      return Promise.resolve();
    } };
    this.standing.add(prepared);
    this.programs.set(prepared, program);
    return prepared;
  }

  async sample(prepared: Prepared, options: { readonly heldOut: boolean }): Promise<Sample | Failure> {
    if (!this.standing.has(prepared)) throw new Error(`${prepared.id} is measured after its release`);
    await this.wait();
    const p = this.programs.get(prepared)!;
    const n = this.samples++;
    this.sampled.set(prepared.id, (this.sampled.get(prepared.id) ?? 0) + 1);
    const failure = (outcome: Failure['outcome']): Failure => ({ ok: false, outcome, stage: 'measure', reason: `measure: ${outcome}`, output: '' });
    this.now += 1;
    if (n >= this.physics.breaksAt) return failure('crashed');
    if (p['fail'] === 'crash') return failure('crashed');
    if (p['fail'] === 'later' && (this.sampled.get(prepared.id) ?? 0) > Number(p['after'])) return failure('crashed');
    if (p['fail'] === 'timeout') return failure('timed-out');
    if (p['fail'] === 'infra') return failure('infra-error');
    const honest = this.physics.value(p, this.physics.noise(this.now)) * (options.heldOut ? Number(p['heldout'] ?? 1) : 1);
    const shown = p['fail'] === 'nan' ? NaN : honest * Number(p['claim'] ?? 1) + (p['jitter'] === undefined ? 0 : this.jitter.int(Number(p['jitter'])));
    const wallMs = this.physics.wallMs(p, honest);
    this.now += wallMs;
    const values = Object.fromEntries(this.physics.metrics.map((m, i) => [m, i === 0 ? shown : Number(p[m])]));
    return { ok: true, values, wallMs, cpuMs: null, claimedMs: this.physics.claims ? shown : null, contended: this.physics.contended() };
  }

  /** Of each solution that was profiled, whose it was. */
  readonly profiled: SolutionId[] = [];

  profile(prepared: Prepared): Promise<string | null> {
    if (!this.standing.has(prepared)) throw new Error(`${prepared.id} is profiled after its release`);
    this.profiled.push(prepared.id);
    return Promise.resolve(`where ${prepared.id} spends it`);
  }

  /** A stage shows a program's cost times what it says under the stage's number. */
  async stage(prepared: Prepared, index: number): Promise<Sample | Failure> {
    await this.wait();
    const p = this.programs.get(prepared)!;
    this.staged++;
    this.now += 1;
    if (p['fail'] === 'stage') return { ok: false, outcome: 'crashed', stage: `cascade ${index + 1}`, reason: 'it crashed', output: '' };
    const [metric = ''] = this.physics.metrics;
    return { ok: true, values: { [metric]: Number(p['cost']) * Number(p[`stage${index}`] ?? 1) * Math.exp(this.physics.noise(this.now)) }, wallMs: 1, cpuMs: null, claimedMs: null, contended: false };
  }

  checkHeldOut(prepared: Prepared): Promise<Failure | null> {
    const wrong = this.programs.get(prepared)?.['wrong'];
    return Promise.resolve(wrong === undefined ? null : { ok: false, outcome: 'blocked', stage: 'results', reason: 'a held-out result differs', output: '' });
  }

  objections(candidate: Prepared): Promise<readonly string[]> {
    const o = this.programs.get(candidate)?.['objection'];
    return Promise.resolve(o === undefined ? [] : [o]);
  }

  async exclusively<T>(work: () => Promise<T>): Promise<T> {
    this.exclusive++;
    if (this.exclusive > 1) throw new Error('two measure at once');
    try {
      return await work();
    } finally {
      this.exclusive--;
    }
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  private async wait(): Promise<void> {
    for (let n = this.physics.ticks(); n > 0; n--) await Promise.resolve();
  }
}

/** A journal as it would be read back: each event through JSON. */
export class MemoryJournal implements Journal {
  readonly lines: string[];
  readonly people: Action[] = [];
  private readonly now: () => number;
  /** Called after each event; may throw to play a crash of the process. */
  onAppend: (e: Event) => void = () => undefined;

  constructor(now: () => number, lines: readonly string[] = []) {
    this.now = now;
    this.lines = [...lines];
  }

  get events(): Event[] {
    return this.lines.map((l) => JSON.parse(l) as Event);
  }

  replay(visit: (e: Event) => unknown, rounds: 'all' | 'last' = 'all'): void {
    const { events } = this;
    for (const [i, e] of events.entries()) {
      if (rounds === 'last' && e.type === 'round' && i < events.length - 1) continue;
      if (visit(e) === false) return;
    }
  }

  append(body: EventBody): Event {
    const event: Event = { v: 1, seq: this.lines.length, t: this.now(), ...body };
    this.lines.push(JSON.stringify(event));
    this.onAppend(event);
    return event;
  }

  act(body: ActionBody): void {
    this.people.push({ v: 1, seq: this.people.length, t: this.now(), ...body });
  }

  /** What settled() gives. */
  settling: () => Promise<void> | null = () => null;

  settled(): Promise<void> | null {
    return this.settling();
  }

  actions(from: number): Promise<readonly Action[]> {
    return Promise.resolve(this.people.slice(from));
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** The next text for a parent, or null when there is none left, or 'none' when this try had none. */
export type Propose = (parent: Record<string, string>, ask: number, rng: Rng, request: ProposalRequest) => Program | null | 'none';

/** A proposer that counts its calls. Its asks are numbered by the order of its calls, from `first` on. */
export class FakeProposer implements Proposer {
  readonly name = 'fake';
  calls = 0;
  usd = 0;
  /** How many promises a proposal waits for. */
  thinks: () => number = () => 0;
  inFlight = 0;
  most = 0;
  private readonly next: Propose;
  private readonly first: number;

  constructor(next: Propose, first = 0) {
    this.next = next;
    this.first = first;
  }

  async propose(request: ProposalRequest): Promise<Proposal> {
    this.most = Math.max(this.most, ++this.inFlight);
    for (let n = this.thinks(); n > 0; n--) await Promise.resolve();
    this.inFlight--;
    const made = this.next(programOf(request.parent[FILE] ?? ''), this.first + this.calls++, request.rng, request);
    if (made === null || made === 'none') return { kind: 'none', reason: 'nothing left', usd: this.usd, spent: made === null };
    return { kind: 'proposal', genome: { [FILE]: textOf(made) }, operator: String(made['operator'] ?? 'edit'), summary: 'an edit', usd: this.usd };
  }

  /** Lines that begin with `#` are comments. */
  normalForm(_: readonly BaseFile[], genome: Genome): Promise<string> {
    return Promise.resolve((genome[FILE] ?? '').split('\n').filter((l) => !l.startsWith('#')).join('\n'));
  }
}

/** What a search over knobs is told of; the programs here have none. */
export const KNOBS: readonly KnobRange[] = [
  { name: 'a:1', value: 8, low: 1, high: 64, integer: true }, { name: 'a:2', value: 0, low: -50, high: 50, integer: true }, { name: 'a:3', value: 0.5, low: 0, high: 4, integer: false },
];

export interface Setup {
  readonly spec: Spec;
  readonly world: World;
  readonly propose: Propose;
  readonly base?: Program;
  readonly optimizer?: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly lanes?: number;
  /** Proposals in flight apart from the lanes. */
  readonly calls?: number;
  /** How many promises a proposal waits for. */
  readonly thinks?: () => number;
  readonly seed?: number;
  readonly usd?: number;
  readonly parent?: Extract<EventBody, { type: 'run-started' }>['parent'];
  /** Begins behind a baseline that was measured so: measuring it takes longer than many a test. */
  readonly noise?: Partial<RunNoise>;
  /** Resumes these lines instead of starting. */
  readonly resume?: readonly string[];
  readonly extendTo?: number;
  readonly interrupt?: AbortSignal;
  readonly abort?: AbortSignal;
  readonly people?: readonly Action[];
  readonly onEvent?: (e: Event, journal: MemoryJournal) => void;
}

export interface Done {
  readonly summary: RunSummary;
  readonly journal: MemoryJournal;
  readonly events: readonly Event[];
  readonly state: RunState;
  readonly proposer: FakeProposer;
  readonly world: World;
}

export function requestOf(s: Setup): { readonly request: RunRequest; readonly journal: MemoryJournal; readonly proposer: FakeProposer } {
  const { spec, world } = s;
  const start: Extract<EventBody, { type: 'run-started' }> = {
    type: 'run-started', run: 'run', workspace: 'v1', spec, base: baseFiles(s.base ?? { cost: 100 }), commit: null, hashes: {}, seed: s.seed ?? 1,
    machine: world.machine, level: world.level, checkout: world.checkout, model: 'fake', slots: 1, parent: s.parent ?? null, knobs: KNOBS,
  };
  const measured: EventBody = { type: 'baseline', noise: { ...MEASURED, ...s.noise }, processes: 0, secondsSpent: 0 };
  const lines = s.resume ?? (s.noise ? [start, measured].map((e, seq) => JSON.stringify({ v: 1, seq, t: world.now, ...e })) : undefined);
  const journal = new MemoryJournal(() => world.now, lines);
  journal.people.push(...(s.people ?? []));
  journal.onAppend = (e) => s.onEvent?.(e, journal);
  const asked = journal.events.filter((e) => e.type === 'proposed').length;
  const proposer = new FakeProposer(s.propose, asked);
  proposer.usd = s.usd ?? 0;
  if (s.thinks !== undefined) proposer.thinks = s.thinks;
  const { optimizer, options } = optimizerNamed(s.optimizer ?? 'greedy', s.options ?? {});
  const ports: Ports = { journal, backend: world, proposer, clock: { now: () => world.now } };
  const never = new AbortController().signal;
  return {
    journal, proposer,
    request: { ports, optimizer, options, lanes: s.lanes ?? 1, ...(s.calls === undefined ? {} : { calls: s.calls }), interrupt: s.interrupt ?? never, abort: s.abort ?? never, extendTo: s.extendTo ?? null, start: lines ? null : start },
  };
}

const MEASURED: RunNoise = { values: { time_ms: 100 }, sd: 0.03, offset: 0, resolvable: 0.05, resolveSeconds: 1, pairs: 10, seconds: 0.1, deterministic: false, slow: false, scale: 'ratio' };
/** What a baseline shows that has no noise. */
export const EXACT: Partial<RunNoise> = { values: { count: 100 }, sd: 0, deterministic: true, scale: 'difference' };

/** Runs to the end and folds the journal as a reader would. */
export async function play(s: Setup): Promise<Done> {
  const { request, journal, proposer } = requestOf(s);
  const summary = await run(request);
  return { summary, journal, events: journal.events, state: foldRun(journal.events, journal.people), proposer, world: s.world };
}

export function outcomes(d: { readonly events: readonly Event[] }): string[] {
  return d.events.flatMap((e) => (e.type === 'verdict' ? [e.outcome] : []));
}

export function asks(d: { readonly events: readonly Event[] }): string[] {
  return d.events.flatMap((e) => (e.type === 'asked' ? [JSON.stringify(e.request)] : []));
}

/** Normal noise on the logarithm. */
export function normal(sd: number, seed = 'noise'): Noise {
  const rng = seededRng(seed);
  return () => sd * rng.normal();
}

/** Children that are the parent under another name. */
export const nulls: Propose = (parent, ask) => ({ ...parent, tag: ask });
