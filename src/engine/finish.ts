// The end of a run: the best gets fresh pairs against the original baseline, and only that is called the gain.

import { costOn, objectiveValue } from '../core/axis.ts';
import { effectOfSolution } from '../core/run-state.ts';
import { effectToGain } from '../core/metric.ts';
import { seededRng } from '../core/rng.ts';
import { BASELINE, type Gain, type SolutionId } from '../core/solution.ts';
import { effectsOf, median } from '../core/stats/describe.ts';
import { permutationP } from '../core/stats/permutation.ts';
import { MeasureFailed, type Context } from './context.ts';
import { measureOnce, type Contestant } from './pairs.ts';
import { gainOf, heldOutRefusal, measurePairs } from './trial.ts';

export const FINAL_PAIRS = 30;
const HELD_OUT_PAIRS = 10;

async function withBoth<T>(ctx: Context, id: SolutionId, work: (best: Contestant, baseline: Contestant) => Promise<T>): Promise<T> {
  const { backend } = ctx.ports;
  const open: Contestant[] = [];
  const stand = async (who: SolutionId): Promise<Contestant> => {
    const prepared = await backend.prepare(who, ctx.genomes.of(who), { trusted: true, onGate: () => undefined }, ctx.signal);
    ctx.checkAborted();
    if ('ok' in prepared) throw new MeasureFailed(prepared, who);
    const c = { id: who, prepared };
    open.push(c);
    return c;
  };
  try {
    const best = await stand(id);
    const baseline = await stand(BASELINE);
    const run = (): Promise<T> => work(best, baseline);
    return await (ctx.theAxis().exclusive ? backend.exclusively(run, ctx.signal) : run());
  } finally {
    for (const c of open) await c.prepared.release();
  }
}

/** Measures one solution against the baseline with fresh pairs. `why` is empty when the gain holds. */
export async function verifyAgainstBaseline(ctx: Context, id: SolutionId, label: string): Promise<{ readonly gain: Gain; readonly heldOut: Gain | null; readonly why: string }> {
  const axis = ctx.theAxis();
  const deterministic = ctx.state.noise?.deterministic === true;
  const rng = seededRng(`${ctx.seed}/final/${label}`);
  return withBoth(ctx, id, async (best, baseline) => {
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
    if (!(gain.low > neutral)) return { gain, heldOut: null, why: `${FINAL_PAIRS} fresh pairs against the baseline do not bear it out` };
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

/**
 * Slow evals: the best one to three by their single measurement are verified now, each at half the error budget that is left,
 * with the fewest pairs that can carry it. The first that holds is the best.
 */
async function verifySlow(ctx: Context): Promise<void> {
  const ranked = [...ctx.state.solutions.values()]
    .filter((s) => s.outcome === 'unverified' && s.reason.startsWith('measured once') && effectOfSolution(s) > ctx.theAxis().minEffect)
    .sort((a, b) => effectOfSolution(b) - effectOfSolution(a)).slice(0, 3);
  let alpha = ctx.spec.alpha;
  for (const s of ranked) {
    alpha /= 2;
    const level = alpha;
    const n = Math.ceil(Math.log2(1 / level));
    const rng = seededRng(`${ctx.seed}/slow/${s.id}/${ctx.state.lastT}`);
    const { gain, ok, why } = await withBoth(ctx, s.id, async (best, baseline) => {
      const pairs = await measurePairs(ctx, best, baseline, 'final', n, rng);
      const better = permutationP(pairs, 'mean') <= level && median(effectsOf(pairs)) > ctx.theAxis().minEffect;
      const refusal = better ? await heldOutRefusal(ctx, best, baseline, rng) : null;
      return { gain: gainOf(ctx, pairs), ok: better && refusal === null, why: refusal?.reason ?? `${n} pairs against the baseline do not bear it out` };
    });
    if (ok) {
      ctx.emit({ type: 'promoted', id: s.id, over: BASELINE, gain });
      ctx.emit({ type: 'confirmed', id: s.id, against: BASELINE, ok: true, reason: '', gain, heldOut: null });
      return;
    }
    ctx.emit({ type: 'confirmed', id: s.id, against: BASELINE, ok: false, reason: why, gain, heldOut: null });
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
