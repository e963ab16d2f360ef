// Before any search: the baseline's noise, a planted failure in each pin, and what a run will cost.

import type { Event, Noise } from '../core/events.ts';
import { baseGenome, type BaseFile, type Genome } from '../core/pin.ts';
import { RunFold } from '../core/run-state.ts';
import { BASELINE } from '../core/solution.ts';
import { objectiveValue } from '../core/axis.ts';
import type { Spec } from '../core/spec.ts';
import { baselineFailed, measureBaseline } from './baseline.ts';
import { Context } from './context.ts';
import { Genomes } from '../core/genomes.ts';
import type { Backend, GateReport, Journal, Proposer } from './ports.ts';

/** A journal that keeps nothing: a preflight is no run. */
function noJournal(): Journal {
  let seq = 0;
  return {
    replay: () => undefined,
    append: (body) => ({ v: 1, seq: seq++, t: 0, ...body }),
    settled: () => null,
    actions: () => Promise.resolve([]),
    close: () => Promise.resolve(),
  };
}

const noProposer: Proposer = {
  name: 'none',
  propose: () => Promise.resolve({ kind: 'none', reason: '', usd: 0, spent: true }),
  normalForm: () => Promise.resolve(''),
};

/** A context outside any run, for measuring. */
export function looseContext(spec: Spec, base: readonly BaseFile[], backend: Backend, seed: number, signal: AbortSignal, fold = new RunFold(), onEvent: (e: Event) => void = () => undefined): Context {
  return new Context({
    spec, base, ports: { journal: noJournal(), backend, proposer: noProposer, clock: { now: () => 0 } },
    genomes: new Genomes(base, (id) => fold.state.solutions.get(id)), seed, signal, fold, onEvent,
  });
}

/** How a planted failure in a pin was noticed; `by` null: it was not. */
export interface Planted {
  readonly pin: string;
  readonly by: string | null;
  /** The evaluation passed, but its value moved: enough for a prompt or a settings file. */
  readonly moved: boolean;
}

export interface Preflight {
  readonly noise: Noise;
  readonly gates: readonly GateReport[];
  readonly planted: readonly Planted[];
}

/**
 * Gates and measures the unchanged code, then plants a failing text in each pin (`plant`: pin id → text) and sees whether the
 * evaluation notices. Throws a UserError when the unchanged code fails.
 */
export async function preflight(spec: Spec, base: readonly BaseFile[], backend: Backend, plant: ReadonlyMap<string, string>, signal: AbortSignal): Promise<Preflight> {
  const ctx = looseContext(spec, base, backend, 1, signal);
  await backend.open(signal);
  const root = baseGenome(base);
  const gates: GateReport[] = [];
  const a = await backend.prepare(BASELINE, root, { trusted: false, onGate: (g) => gates.push(g) }, signal);
  if ('ok' in a) throw baselineFailed(a);
  const b = await backend.prepare(BASELINE, root, { trusted: true, onGate: () => undefined }, signal);
  if ('ok' in b) throw baselineFailed(b);
  const work = (): Promise<Noise> => measureBaseline(ctx, { id: BASELINE, prepared: a }, { id: BASELINE, prepared: b });
  const noise = await (spec.metrics.some((m) => m.exclusive) ? backend.exclusively(work, signal) : work());
  await a.release();
  await b.release();
  const planted: Planted[] = [];
  for (const [pin, text] of plant) planted.push(await notices(spec, backend, pin, { ...root, [pin]: text }, noise, signal));
  return { noise, gates, planted };
}

async function notices(spec: Spec, backend: Backend, pin: string, genome: Genome, noise: Noise, signal: AbortSignal): Promise<Planted> {
  const prepared = await backend.prepare('planted', genome, { trusted: false, onGate: () => undefined }, signal);
  if ('ok' in prepared) return { pin, by: prepared.stage, moved: false };
  try {
    const sample = await backend.sample(prepared, { heldOut: false }, signal);
    if (!sample.ok) return { pin, by: sample.stage, moved: false };
    const before = objectiveValue(spec, noise.values);
    const after = objectiveValue(spec, sample.values);
    return { pin, by: null, moved: noise.deterministic ? before !== after : Math.abs(after - before) > 0.5 * Math.abs(before) };
  } finally {
    await prepared.release();
  }
}
