// Gates and measurements outside a run: a solution again, or texts that are no solution (a merge, a part of the hunks).

import { axisOf } from '../core/axis.ts';
import { UserError } from '../core/errors.ts';
import type { Event } from '../core/events.ts';
import { filesPatch } from '../core/patch/unified.ts';
import type { BaseFile } from '../core/pin.ts';
import { BASELINE, type Gain } from '../core/solution.ts';
import type { Spec } from '../core/spec.ts';
import type { LocalBackend } from '../adapters/backend/local.ts';
import { visitEvents } from '../adapters/journal/file-journal.ts';
import { chooseLevel, type SandboxWish } from '../adapters/sandbox/level.ts';
import { baselineFailed } from '../engine/baseline.ts';
import { MeasureFailed, type Context } from '../engine/context.ts';
import { FINAL_PAIRS, verifyAgainstBaseline } from '../engine/finish.ts';
import type { Failure } from '../engine/ports.ts';
import { looseContext } from '../engine/preflight.ts';
import { openBackend } from './running/backend.ts';
import { assertSameJudges } from './hashes.ts';
import type { FoundSolution } from './runs.ts';

/** How a judgement is conducted. */
export interface Bench {
  readonly root: string;
  readonly sandbox: SandboxWish;
  /** Ends it at once. Aborted is thrown. */
  readonly signal: AbortSignal;
  /** Told what happens, in a few words each. */
  readonly say: (text: string) => void;
}

export interface Measured {
  readonly gain: Gain;
  readonly heldOut: Gain | null;
  /** Whether it is shown to be better; else `reason` says why not. */
  readonly holds: boolean;
  readonly reason: string;
}

export interface Gated {
  readonly ok: boolean;
  readonly stage: string;
  readonly reason: string;
  readonly output: string;
  /** The gates that were run. */
  readonly gates: readonly string[];
}

/** The one solution that such a judgement is about. */
const CHOICE = 'choice';

async function withBackend<T>(b: Bench, spec: Spec, base: readonly BaseFile[], name: string, work: (backend: LocalBackend) => Promise<T>): Promise<T> {
  const backend = await openBackend(b.root, spec, base, await chooseLevel(b.sandbox), `${name}-${process.pid}`, b.signal, b.say);
  try {
    await backend.open(b.signal);
    return await work(backend);
  } catch (e) {
    if (e instanceof MeasureFailed) throw baselineFailed(e.failure);
    throw e;
  } finally {
    b.say('');
    await backend.close();
  }
}

/** A context with what a run knows of its evaluation's noise. */
function contextOf(b: Bench, found: FoundSolution, base: readonly BaseFile[], backend: LocalBackend): Context {
  const { started, noise } = found.state;
  if (started === null || noise === null) throw new UserError(`run ${found.paths.run} has no baseline`, 'Resume it first.');
  let pairs = 0;
  const onEvent = (e: Event): void => {
    if (e.type === 'round') b.say(`measuring: pair ${++pairs}${e.phase === 'final' ? ` of ${FINAL_PAIRS}` : ', on held-out inputs'}`);
  };
  const ctx = looseContext(started.spec, base, backend, Date.now() % 2 ** 31, b.signal, undefined, onEvent);
  visitEvents(found.paths.journal, (e) => { ctx.fold.apply(e); }, 'last');
  ctx.axis = axisOf(started.spec, [noise.scale === 'ratio' ? 1 : 0]);
  return ctx;
}

async function against(ctx: Context, id: string, what: string): Promise<Measured> {
  const { gain, heldOut, why } = await verifyAgainstBaseline(ctx, id, `again/${Date.now()}`);
  if (gain === null) throw new UserError(`${what}: ${why}`, 'The code before the change can be measured, this cannot: "sigil show" shows what the solution changes.');
  return { gain, heldOut, holds: why === '', reason: why };
}

/** Measures a solution of an earlier run again, against its baseline, with fresh pairs. */
export function measureSolution(b: Bench, found: FoundSolution): Promise<Measured> {
  const { started } = found.state;
  if (started === null) throw new UserError(`run ${found.paths.run} has no baseline`, 'Resume it first.');
  assertSameJudges(b.root, started.hashes, started.spec, started.base);
  return withBackend(b, started.spec, started.base, 'measure', (backend) => against(contextOf(b, found, started.base, backend), found.solution.id, found.solution.id));
}

/**
 * Judges texts of the pinned files that are no solution: build, gates and the call eval's comparison, then, if wished, fresh pairs against
 * the files as the user has them. `now` gives those: the results that must stay, and the times that must be beaten.
 */
export function judgeTexts(b: Bench, found: FoundSolution, now: (file: string) => string, after: ReadonlyMap<string, string>, wish: { readonly gates: boolean; readonly measure: boolean }): Promise<{ readonly gates: Gated | null; readonly measured: Measured | null }> {
  const { started } = found.state;
  if (started === null) throw new UserError(`run ${found.paths.run} has no beginning`, 'Accept with --no-gates.');
  // One pin a file, as wide as the file: the user's own changes lie outside the run's pins as well.
  const base: BaseFile[] = started.base.map((f) => {
    const text = now(f.file);
    const [pin] = f.pins;
    return { file: f.file, text, pins: pin === undefined ? [] : [{ ...pin, range: { start: 0, end: text.length, startLine: 1, endLine: text.split('\n').length } }] };
  });
  const before = new Map(base.map((f) => [f.file, f.text]));
  const genome = Object.fromEntries(base.flatMap((f) => f.pins.map((p) => [p.id, after.get(f.file) ?? f.text])));
  return withBackend(b, started.spec, base, 'accept', async (backend) => {
    let gates: Gated | null = null;
    if (wish.gates) {
      const run: string[] = [];
      const prepared = await backend.prepare(CHOICE, genome, { trusted: false, onGate: (g) => { run.push(g.gate); b.say(`${g.gate} ${g.ok ? 'passes' : 'fails'}`); } }, b.signal);
      if ('ok' in prepared) {
        const f: Failure = prepared;
        return { gates: { ok: false, stage: f.stage, reason: f.reason, output: f.output, gates: run }, measured: null };
      }
      await prepared.release();
      gates = { ok: true, stage: '', reason: '', output: '', gates: run };
    }
    if (!wish.measure) return { gates, measured: null };
    const ctx = contextOf(b, found, base, backend);
    ctx.fold.apply({
      v: 1, seq: 0, t: 0, type: 'proposed', ask: 0, id: CHOICE, parents: [BASELINE], patch: filesPatch(before, after), operator: CHOICE, summary: 'what was chosen', usd: 0, spent: false,
    });
    return { gates, measured: await against(ctx, CHOICE, 'what was chosen') };
  });
}
