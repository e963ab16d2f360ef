// How numbers and outcomes are written, the same in the terminal, the editor and the panel.

import { soleMetric } from './axis.ts';
import type { Noise } from './events.ts';
import { effectOfSolution, type RunState, type SolutionState } from './run-state.ts';
import { BASELINE, type Estimate, type Gain, type Outcome } from './solution.ts';

/** `1.42×`, with as many digits as its size deserves. */
export function ratio(x: number): string {
  if (!Number.isFinite(x)) return '–';
  if (x >= 99.95) return `${x.toFixed(0)}×`;
  if (x >= 9.995) return `${x.toFixed(1)}×`;
  return `${x.toFixed(2)}×`;
}

/** The one line of a solution without the model's name before it, which would push the reason out of a narrow list. */
export function summaryText(s: { readonly summary: string; readonly model: string }): string {
  const prefix = `${s.model}: `;
  return s.model !== '' && s.summary.startsWith(prefix) ? s.summary.slice(prefix.length) : s.summary;
}

/** A plain number in at most five significant digits. */
export function plain(x: number): string {
  if (!Number.isFinite(x)) return '–';
  if (Number.isInteger(x) && Math.abs(x) < 1e9) return String(x);
  const a = Math.abs(x);
  return a !== 0 && (a < 1e-4 || a >= 1e7) ? x.toExponential(2) : String(Number(x.toPrecision(5)));
}

const minus = (x: number): string => (x < 0 ? `−${plain(-x)}` : plain(x));

/** A difference says which way it goes: of a cost that is minimized, `+3` would read as more of it. */
const difference = (x: number, unit: string): string => `${plain(Math.abs(x))}${unit === '' ? '' : ` ${unit}`}${x === 0 ? '' : x > 0 ? ' better' : ' worse'}`;

/** A verified gain with its 95 % interval: `1.42× [1.36–1.49]`, or `3.2 MB better [2.9–3.5]` where differences are compared. */
export function gainText(g: Gain, unit = ''): string {
  if (g.scale === 'ratio') return g.low === g.high ? ratio(g.gain) : `${ratio(g.gain)} [${ratio(g.low).slice(0, -1)}–${ratio(g.high).slice(0, -1)}]`;
  if (g.low === g.high) return difference(g.gain, unit);
  const [low, high] = g.gain < 0 ? [-g.high, -g.low] : [g.low, g.high];
  return `${difference(g.gain, unit)} [${low < 0 ? `${minus(low)} to ${minus(high)}` : `${plain(low)}–${plain(high)}`}]`;
}

/** An estimate: never with an interval, always with ≈. */
export function estimateText(e: Estimate, unit = ''): string {
  if (e.scale !== 'ratio') return `≈ ${difference(e.gain, unit)}`;
  return e.gain > 10 ? '≈ >10×' : `≈ ${ratio(e.gain)}`; // a huge gain is shown when it is verified
}

/** The unit in which a run's differences are given; '' when its objective is no one metric, or has none. */
export function unitOf(state: RunState): string {
  return state.started ? (soleMetric(state.started.spec)?.unit ?? '') : '';
}

/** A noise or an effect on the axis: `2.1 %` on the ratio scale. */
export function effectText(x: number, scale: 'ratio' | 'difference', unit = ''): string {
  if (scale === 'ratio') return `${(Math.expm1(Math.abs(x)) * 100).toFixed(Math.abs(x) < 0.1 ? 1 : 0)} %`;
  return `${plain(x)}${unit === '' ? '' : ` ${unit}`}`;
}

export function secondsText(s: number): string {
  if (!Number.isFinite(s)) return '–';
  if (s < 0.9995) return `${(s * 1000).toFixed(0)} ms`;
  if (s < 89.5) return `${s.toFixed(s < 9.95 ? 1 : 0)} s`;
  const seconds = Math.round(s);
  if (seconds < 5400) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(s / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** What is known of a solution's worth: the verified gain, else the estimate. */
export function worth(s: SolutionState, unit = ''): string {
  if (s.gain) return gainText(s.gain, unit);
  if (s.estimate === null) return '';
  return estimateText(s.estimate, unit);
}

/**
 * The run's verified steps, multiplied (or added) with their errors: what the best is worth so far.
 * The final measurement against the baseline replaces it.
 */
export function chainGain(state: RunState, id: string): Gain | null {
  const best = state.solutions.get(id);
  if (best?.gain) return best.gain;
  let effect = 0;
  let variance = 0;
  let pairs = 0;
  let scale: 'ratio' | 'difference' = 'ratio';
  // From one promotion to that before it: a run's bar draws this at each event, however many solutions there are.
  const kept: Gain[] = [];
  for (let s = best; s !== undefined && s.id !== BASELINE; s = state.solutions.get(s.over ?? BASELINE)) if (s.promotion !== null) kept.push(s.promotion);
  for (const g of kept.reverse()) {
    scale = g.scale;
    effect += scale === 'ratio' ? Math.log(g.gain) : g.gain;
    variance += g.error * g.error;
    pairs += g.pairs;
  }
  if (kept.length === 0) return null;
  const e = 1.96 * Math.sqrt(variance);
  const shown = (x: number): number => (scale === 'ratio' ? Math.exp(x) : x);
  return { scale, gain: shown(effect), low: shown(effect - e), high: shown(effect + e), error: Math.sqrt(variance), pairs, processes: pairs * 2 };
}

/** A kept solution's verified steps so far stand for its gain until it is measured against the baseline. */
export function worthSoFar(state: RunState, s: SolutionState): string {
  const chain = s.promotion === null || s.gain !== null ? null : chainGain(state, s.id);
  return chain ? gainText(chain, unitOf(state)) : worth(s, unitOf(state));
}

export const SYMBOL: Record<Outcome, string> = {
  kept: '✔', discarded: '·', inconclusive: '?', unverified: '≈', duplicate: '=', invalid: '∅', blocked: '✗', crashed: '✗', 'timed-out': '⧖', suspicious: '!', 'infra-error': '⚠',
};

/** The noise in words: what a person must know before money is spent. */
export function noiseText(noise: Noise, unit = ''): string {
  if (noise.deterministic) return `no noise: equal in ${noise.pairs} evaluations, so one each suffices`;
  if (noise.slow) return `one evaluation takes ${secondsText(noise.seconds)}: candidates are measured once and the best one to three verified at the end`;
  return `noise ±${effectText(noise.sd, noise.scale, unit)} a pair over ${noise.pairs} pairs; ${noise.resolvable !== null ? `an effect of ${effectText(noise.resolvable, noise.scale, unit)} can be resolved in ${secondsText(noise.resolveSeconds)}` : 'no effect can be resolved under this noise'}`;
}

/** For sorting tables: verified gain first, then estimate. */
export function rank(s: SolutionState): number {
  if (s.gain) return s.gain.scale === 'ratio' ? Math.log(s.gain.gain) : s.gain.gain;
  return s.estimate ? effectOfSolution(s) : -Infinity;
}
