// The end of a run: the best gets fresh pairs against the original baseline, and only that is called the gain.

import { costOn, objectiveValue } from '../core/axis.ts';
import { effectOfSolution } from '../core/run-state.ts';
import { effectToGain } from '../core/metric.ts';
import { seededRng } from '../core/rng.ts';
import { BASELINE, type Gain, type SolutionId } from '../core/solution.ts';
import { effectsOf, median } from '../core/stats/describe.ts';
import { permutationP } from '../core/stats/permutation.ts';
import { bornOut } from '../core/stats/trial.ts';
import { MIN_GAIN_PAIRS } from '../core/stats/estimate.ts';
import { enterTest } from '../core/stats/spending.ts';
import { MeasureFailed, type Context } from './context.ts';
import { measureOnce, type Contestant } from './pairs.ts';
import { beforeClaim, gainOf, heldOutRefusal, measurePairs, rulesOf } from './trial.ts';

export const FINAL_PAIRS = 30;
const HELD_OUT_PAIRS = 10;

interface Compared {
  /** Null when the solution could not be measured. */
  readonly gain: Gain | null;
  readonly heldOut: Gain | null;
  /** Empty when the gain holds. */
  readonly why: string;
}

/**
 * Stands two solutions up for `work`. Where the first fails to be measured it has lost its claim, unless the second, which
 * was measured before, fails as well: then it is the evaluation, and MeasureFailed is thrown.
 */
async function withBoth(ctx: Context, id: SolutionId, against: SolutionId, work: (best: Contestant, other: Contestant) => Promise<Compared>): Promise<Compared> {
  const { backend } = ctx.ports;
  const open: Contestant[] = [];
  const stand = async (who: SolutionId): Promise<Contestant> => {
    const prepared = await backend.prepare(who, ctx.genomes.of(who), { trusted: true, onGate: () => undefined }, ctx.signal);
    if ('ok' in prepared) {
      ctx.checkAborted();
      throw new MeasureFailed(prepared, who);
    }
    const c = { id: who, prepared };
    open.push(c);
    ctx.checkAborted();
    return c;
  };
  const both = async (): Promise<Compared> => {
    const other = await stand(against);
    try {
      return await work(await stand(id), other);
    } catch (e) {
      if (!(e instanceof MeasureFailed) || e.who !== id || e.failure.outcome === 'infra-error') throw e;
      await measureOnce(ctx, other);
      return { gain: null, heldOut: null, why: `it failed at ${e.failure.stage}: ${e.failure.reason}` };
    }
  };
  try {
    return await ctx.exclusively(ctx.theAxis().exclusive, both);
  } finally {
    for (const c of open) await c.prepared.release();
  }
}

/** Measures one solution against the baseline with fresh pairs. Throws MeasureFailed when the baseline cannot be measured. */
export async function verifyAgainstBaseline(ctx: Context, id: SolutionId, label: string): Promise<Compared> {
  const axis = ctx.theAxis();
  const deterministic = ctx.state.noise?.deterministic === true;
  const rng = seededRng(`${ctx.seed}/final/${label}`);
  return withBoth(ctx, id, BASELINE, async (best, baseline) => {
    if (deterministic) {
      const effects: number[] = [];
      for (let i = 0; i < 3; i++) {
        const mine = await measureOnce(ctx, best);
        const theirs = await measureOnce(ctx, baseline);
        effects.push(costOn(axis, objectiveValue(ctx.spec, theirs.values)) - costOn(axis, objectiveValue(ctx.spec, mine.values)));
      }
      const [low, high] = [Math.min(...effects), Math.max(...effects)];
      const gain: Gain = { scale: axis.scale, gain: effectToGain(median(effects), axis.scale), low: effectToGain(low, axis.scale), high: effectToGain(high, axis.scale), error: 0, pairs: 3, processes: 6 };
      return { gain, heldOut: null, why: low > 0 ? '' : 'three evaluations against the baseline do not agree on a gain' };
    }
    const pairs = await measurePairs(ctx, best, baseline, 'final', FINAL_PAIRS, rng);
    const gain = gainOf(ctx, pairs);
    const neutral = axis.scale === 'ratio' ? 1 : 0;
    if (!(gain.low > neutral) || !bornOut(rulesOf(ctx), pairs)) return { gain, heldOut: null, why: `${FINAL_PAIRS} fresh pairs against the baseline do not bear it out` };
    const refusal = await heldOutRefusal(ctx, best, baseline, rng);
    if (refusal !== null) return { gain, heldOut: null, why: refusal.reason };
    const heldOut = ctx.ports.backend.hasHeldOut ? gainOf(ctx, await measurePairs(ctx, best, baseline, 'held-out', HELD_OUT_PAIRS, rng)) : null;
    return { gain, heldOut, why: '' };
  });
}

/** Verifies the incumbent, falling back to the one before it, until one holds or the baseline is left. */
async function confirmIncumbents(ctx: Context): Promise<void> {
  for (;;) {
    const id = ctx.state.incumbent;
    if (id === BASELINE || ctx.state.solutions.get(id)?.gain) return;
    const { gain, heldOut, why } = await verifyAgainstBaseline(ctx, id, `${id}/${ctx.state.lastT}`);
    ctx.emit({ type: 'confirmed', id, against: BASELINE, ok: why === '', reason: why, gain, heldOut });
  }
}

/** One slow solution against another with the fewest pairs that `level` allows to be a claim. */
function compareSlow(ctx: Context, id: SolutionId, against: SolutionId, level: number): Promise<Compared> {
  const n = Math.max(MIN_GAIN_PAIRS, Math.ceil(Math.log2(1 / level)));
  const rng = seededRng(`${ctx.seed}/slow/${id}/${ctx.state.lastT}`);
  return withBoth(ctx, id, against, async (best, other) => {
    const pairs = await measurePairs(ctx, best, other, 'final', n, rng);
    const gain = gainOf(ctx, pairs);
    const better = permutationP(pairs, 'mean') <= level && median(effectsOf(pairs)) > ctx.theAxis().minEffect;
    if (!better) return { gain, heldOut: null, why: `${n} pairs against ${against === BASELINE ? 'the baseline' : against} do not bear it out` };
    const refusal = await beforeClaim(ctx, best, other, pairs, rng);
    return { gain, heldOut: null, why: refusal?.reason ?? '' };
  });
}

/**
 * Slow evals: the best one to three by their single measurement are verified now, each against the incumbent at its share of the
 * error budget. The first that holds is the best.
 */
async function verifySlow(ctx: Context): Promise<void> {
  const { incumbent } = ctx.state;
  const atLeast = effectOfSolution(ctx.state.solutions.get(incumbent)) + ctx.theAxis().minEffect;
  const ranked = [...ctx.state.solutions.values()]
    .filter((s) => s.outcome === 'unverified' && s.reason.startsWith('measured once') && effectOfSolution(s) > atLeast)
    .sort((a, b) => effectOfSolution(b) - effectOfSolution(a)).slice(0, 3);
  for (const [i, s] of ranked.entries()) {
    const toCome = ranked.length - i;
    const { level } = enterTest(ctx.state.errors, toCome);
    if (level < 2 ** -FINAL_PAIRS) return; // what the run may still spend allows no claim
    ctx.emit({ type: 'test-entered', id: s.id, level, toCome });
    const { gain, why } = await compareSlow(ctx, s.id, incumbent, level);
    if (why !== '' || gain === null) {
      ctx.emit({ type: 'confirmed', id: s.id, against: incumbent, ok: false, reason: why, gain, heldOut: null });
      continue;
    }
    ctx.emit({ type: 'promoted', id: s.id, over: incumbent, gain });
    const whole = incumbent === BASELINE ? gain : (await compareSlow(ctx, s.id, BASELINE, level)).gain;
    ctx.emit({ type: 'confirmed', id: s.id, against: BASELINE, ok: true, reason: '', gain: whole, heldOut: null });
    return;
  }
}

/** Verifies what the run will claim. Failures of single processes leave the claim out. */
export async function finalVerification(ctx: Context): Promise<void> {
  if (ctx.axis === null) return;
  try {
    if (ctx.state.noise?.slow && !ctx.state.noise.deterministic) await verifySlow(ctx);
    else await confirmIncumbents(ctx);
  } catch (e) {
    if (!(e instanceof MeasureFailed)) throw e;
    ctx.emit({ type: 'infra-error', id: e.who, reason: `final verification: ${e.failure.reason}`, inRow: 1 });
  }
}
