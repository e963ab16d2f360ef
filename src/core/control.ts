// What a search gained over plain best-of-n: the ratio (or difference) of the two verified gains, with a 95 % interval from both of theirs.

import { gainText, plain } from './format.ts';
import { effectToGain } from './metric.ts';
import type { RunState } from './run-state.ts';
import { BASELINE } from './solution.ts';

export interface Cost {
  readonly evaluations: number;
  readonly usd: number;
}

/** A run beside its control. */
export interface Comparison {
  readonly scale: 'ratio' | 'difference';
  /** The run's gain over the control's: above 1, or 0 for differences, where the search found more. */
  readonly gain: number;
  readonly low: number;
  readonly high: number;
  readonly verdict: 'better' | 'worse' | 'even';
  readonly cost: Cost;
  readonly controlCost: Cost;
  readonly equalCost: boolean;
}

/** Spends that differ by no more than this share of the larger are the same: answers differ in length. */
const SAME_USD = 0.1;

interface Effect {
  readonly at: number;
  readonly low: number;
  readonly high: number;
}

/** What a run ended with, on the additive axis; null where its best is not verified. Where nothing was kept it is the baseline, which is no better than itself, exactly. */
function endOf(s: RunState): Effect | null {
  if (s.incumbent === BASELINE) return { at: 0, low: 0, high: 0 };
  const gain = s.solutions.get(s.incumbent)?.gain;
  if (!gain) return null;
  const axis = (x: number): number => (gain.scale === 'ratio' ? Math.log(x) : x);
  return { at: axis(gain.gain), low: axis(gain.low), high: axis(gain.high) };
}

/**
 * The run against its control; null while one of them has no verified end. The interval is that of the difference of two independent
 * estimates from the interval of each, which need not be symmetric (MOVER: Zou & Donner 2008, Statistics in Medicine 27(10), section 2).
 */
export function overControl(run: RunState, control: RunState): Comparison | null {
  const [mine, theirs] = [endOf(run), endOf(control)];
  const scale = run.noise?.scale;
  if (run.summary === null || control.summary === null || mine === null || theirs === null || scale === undefined || control.noise?.scale !== scale) return null;
  const effect = mine.at - theirs.at;
  const low = effect - Math.hypot(mine.at - mine.low, theirs.high - theirs.at);
  const high = effect + Math.hypot(mine.high - mine.at, theirs.at - theirs.low);
  const cost: Cost = { evaluations: run.evaluations, usd: run.usd };
  const controlCost: Cost = { evaluations: control.evaluations, usd: control.usd };
  return {
    scale, gain: effectToGain(effect, scale), low: effectToGain(low, scale), high: effectToGain(high, scale), verdict: low > 0 ? 'better' : high < 0 ? 'worse' : 'even', cost, controlCost,
    equalCost: cost.evaluations === controlCost.evaluations && Math.abs(cost.usd - controlCost.usd) <= SAME_USD * Math.max(cost.usd, controlCost.usd),
  };
}

function costText(c: Comparison): string {
  const usd = c.cost.usd > 0 || c.controlCost.usd > 0;
  const of = (x: Cost): string => `${plain(x.evaluations)} ${x.evaluations === 1 ? 'evaluation' : 'evaluations'}${usd ? ` and $${x.usd.toFixed(2)}` : ''}`;
  return c.equalCost ? `at equal cost (${of(c.cost)}${usd && c.cost.usd !== c.controlCost.usd ? ` against $${c.controlCost.usd.toFixed(2)}` : ' each'})` : `at unequal cost (${of(c.cost)} against ${of(c.controlCost)})`;
}

const VERDICT: Readonly<Record<Comparison['verdict'], string>> = { better: 'the search found more', worse: 'best-of-n found more', even: 'no difference is shown' };

/** `Over best-of-n at equal cost (60 evaluations each): 1.21× [1.12–1.31], the search found more.` */
export function comparisonText(c: Comparison, unit: string): string {
  const gain = gainText({ scale: c.scale, gain: c.gain, low: c.low, high: c.high, error: 0, pairs: 0, processes: 0 }, unit);
  return `Over best-of-n ${costText(c)}: ${gain}, ${VERDICT[c.verdict]}. Of one run each: another seed may find something else.`;
}
