// What a code lens says of a marked place: from the latest run of its spec, in the same words everywhere.

import { chainGain, gainText, plain, unitOf } from '../../core/format.ts';
import type { RunState } from '../../core/run-state.ts';
import type { Gain } from '../../core/solution.ts';
import type { Spec } from '../../core/spec.ts';
import type { RunStatus } from '../runs/run-entry.ts';
import type { Translate } from '../translate.ts';
import type { KnownPin } from './rows.ts';

export type LensAction = 'optimize' | 'again' | 'mark' | 'show' | 'stop' | 'resume' | 'review' | 'report';

export interface LensText {
  readonly action: LensAction;
  readonly title: string;
  readonly tooltip: string;
}

/** Before any run. `pin` is null while it is not known what the mark stands on; `proposer` says who is asked, and what that costs. */
export function idleText(pin: KnownPin | null, t: Translate, proposer = ''): LensText {
  const kind = pin?.kind ?? 'function';
  const what = kind === 'function' ? t('Optimize this function') : kind === 'region' ? t('Optimize this region') : t('Optimize this file');
  if (pin !== null && pin.evaluation === null) return { action: 'mark', title: `$(zap) ${what}…`, tooltip: t('Choose how to measure it first') };
  return { action: 'optimize', title: `$(zap) ${what}`, tooltip: [t('Search for a measurably better version in the background. Your file stays as it is.'), ...(proposer === '' ? [] : [proposer])].join(' ') };
}

/** The gain as a sentence begins it: a time is faster, a size smaller, anything else is named. */
export function gainWords(g: Gain, spec: Spec | null, t: Translate): string {
  const expression = spec?.objective.expression;
  const metric = expression?.op === 'metric' ? spec?.metrics.find((m) => m.name === expression.name) : undefined;
  if (g.scale === 'ratio') {
    const [amount = '', ...interval] = gainText(g).split(' ');
    const falls = metric?.direction === 'minimize';
    const words = metric === undefined ? t('{0} better', amount) : metric.kind === 'time' && falls ? t('{0} faster', amount) : metric.kind === 'size' && falls ? t('{0} smaller', amount) : t('{0} better {1}', amount, metric.name);
    return [words, ...interval].join(' ');
  }
  // A gain is what got better: of a cost that falls it is the fall.
  const name = metric?.name ?? t('objective');
  const amount = `${plain(Math.abs(g.gain))}${metric?.unit === undefined ? '' : ` ${metric.unit}`}`;
  const words = (metric?.direction ?? spec?.objective.direction) === 'minimize' ? t('{0} lower by {1}', name, amount) : t('{0} higher by {1}', name, amount);
  return g.low === g.high ? words : `${words} [${plain(g.low)}–${plain(g.high)}]`;
}

/** Spent money; nothing where there is none. */
function money(usd: number): string {
  return usd > 0 ? ` · $${usd.toFixed(usd < 99.5 ? 2 : 0)}` : '';
}

function bestSoFar(state: RunState, t: Translate): string {
  const gain = chainGain(state, state.incumbent);
  return gain === null ? '' : ` · ${t('best {0}', gainText({ ...gain, low: gain.gain, high: gain.gain }, unitOf(state)))}`;
}

/** The lens's first part, for the latest run of the spec. */
export function runText(state: RunState, status: RunStatus, t: Translate): LensText {
  const { evaluations, planned, summary } = state;
  const so = `${evaluations}/${planned}${bestSoFar(state, t)}${money(state.usd)}`;
  if (status === 'running') {
    if (state.stopRequested) return { action: 'show', title: `$(loading~spin) ${t('Stopping…')} ${so}`, tooltip: t('Stops after the evaluation in flight; the best is then verified. Click to show the run') };
    if (state.noise === null) return { action: 'show', title: `$(loading~spin) ${t('Optimizing… measuring the original')}`, tooltip: t('Its noise decides what can be told apart. Click to show the run') };
    return { action: 'show', title: `$(loading~spin) ${t('Optimizing…')} ${so}`, tooltip: t('Click to show the run') };
  }
  if (status === 'interrupted') return { action: 'show', title: `$(debug-pause) ${t('Interrupted at')} ${so}`, tooltip: t('It can be resumed where it stopped') };
  if (summary?.reason === 'eval-broken') return { action: 'report', title: `$(warning) ${t('The evaluation failed')}`, tooltip: t('It fails on the original code too. Click for the report') };
  const gain = summary?.gain ?? null;
  if (gain === null) {
    return { action: 'review', title: `${t('No improvement found')} · ${evaluations === 1 ? t('1 solution tried') : t('{0} solutions tried', evaluations)}`, tooltip: t('Nothing was verifiably better than the original. Click for what was tried') };
  }
  const kept = state.counts.kept ?? 0;
  const accepted = state.solutions.get(summary?.best ?? '')?.accepted === true;
  return {
    action: 'review',
    title: `$(${accepted ? 'check-all' : 'check'}) ${gainWords(gain, state.started?.spec ?? null, t)} · ${accepted ? t('accepted') : kept === 1 ? t('1 solution') : t('{0} solutions', kept)}`,
    tooltip: t('Verified on {0} fresh pairs against the original; the brackets hold the true gain 19 times in 20. Click to review', gain.pairs),
  };
}

/** The lens's second part: it stands in the same row, so that nothing moves. */
export function secondText(status: RunStatus, t: Translate, proposer = ''): LensText {
  switch (status) {
    case 'running': return { action: 'stop', title: t('Stop'), tooltip: t('Stop after the evaluation in flight') };
    case 'interrupted': return { action: 'resume', title: t('Resume'), tooltip: t('Go on with the same next step') };
    case 'finished': return { action: 'again', title: t('Optimize again'), tooltip: [t('A new run, from the code as it is now.'), ...(proposer === '' ? [] : [proposer])].join(' ') };
  }
}
