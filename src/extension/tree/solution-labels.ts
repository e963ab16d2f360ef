// How a solution is shown in the tree: its text, its icon, what menus know it by, and the same as a sentence.

import { callsBrief, moneyText, totalOf } from '../../core/call-text.ts';
import { chainGain, plain, ratio, secondsText, summaryText, worthSoFar } from '../../core/format.ts';
import type { RunState, SolutionState } from '../../core/run-state.ts';
import type { Outcome } from '../../core/solution.ts';
import type { Translate } from '../translate.ts';

/** A codicon and a theme colour. Icons differ by outcome, so that nobody needs the colour. */
export interface Icon {
  readonly icon: string;
  readonly color?: string;
}

const ICONS: Record<Outcome, Icon> = {
  kept: { icon: 'pass-filled', color: 'testing.iconPassed' },
  discarded: { icon: 'circle-outline', color: 'disabledForeground' },
  inconclusive: { icon: 'question', color: 'list.warningForeground' },
  unverified: { icon: 'circle-large-outline', color: 'charts.blue' },
  duplicate: { icon: 'copy', color: 'disabledForeground' },
  invalid: { icon: 'exclude', color: 'disabledForeground' },
  blocked: { icon: 'error', color: 'testing.iconFailed' },
  crashed: { icon: 'bug', color: 'testing.iconFailed' },
  'timed-out': { icon: 'watch', color: 'testing.iconFailed' },
  suspicious: { icon: 'warning', color: 'list.warningForeground' },
  'infra-error': { icon: 'debug-disconnect', color: 'list.warningForeground' },
};

export function solutionIcon(state: RunState, s: SolutionState): Icon {
  if (s.banned) return { icon: 'circle-slash', color: 'disabledForeground' };
  if (s.accepted) return { icon: 'check-all', color: 'testing.iconPassed' };
  if (s.outcome === null) return { icon: state.stopped === null ? 'loading~spin' : 'debug-pause' }; // a run that was stopped leaves what is to be taken up
  if (s.outcome === 'kept' && state.incumbent === s.id) return { icon: 'star-full', color: 'testing.iconPassed' };
  return ICONS[s.outcome];
}

/** What people call the outcomes. */
export function outcomeWords(outcome: Outcome | null, t: Translate): string {
  switch (outcome) {
    case null: return t('being evaluated');
    case 'kept': return t('verified better');
    case 'discarded': return t('not better');
    case 'inconclusive': return t('no verdict');
    case 'unverified': return t('measured once, not verified');
    case 'duplicate': return t('tried before');
    case 'invalid': return t('no applicable edit');
    case 'blocked': return t('a check failed');
    case 'crashed': return t('crashed');
    case 'timed-out': return t('took too long');
    case 'suspicious': return t('suspicious');
    case 'infra-error': return t('the evaluation failed');
  }
}

/** The summary; of a verified one behind its gain, since a narrow side bar cuts all that follows. */
export function solutionLabel(state: RunState, s: SolutionState): string {
  const what = s.summary === '' ? s.id : summaryText(s);
  const gain = s.gain ?? (s.promotion === null ? null : chainGain(state, s.id));
  return gain?.scale === 'ratio' ? `${ratio(gain.gain)} ${what}` : what;
}

/** `1.42× [1.36–1.49]`, or why there is no number. */
export function solutionDescription(state: RunState, s: SolutionState, t: Translate): string {
  const worth = worthSoFar(state, s);
  const marks = [...(s.accepted ? [t('accepted')] : []), ...(s.banned ? [t('banned')] : [])];
  const claims = s.outcome === 'kept' || s.outcome === 'discarded' || s.outcome === 'unverified';
  return [...(worth === '' ? [] : [worth]), ...(claims && worth !== '' ? [] : [outcomeWords(s.outcome, t)]), ...marks].join(' · ');
}

/** `solution:kept:best:accepted`: menus look for these words. Only one with a patch can be opened, accepted and copied. */
export function solutionContext(state: RunState, s: SolutionState): string {
  return ['solution', s.outcome ?? 'pending', ...(state.incumbent === s.id ? ['best'] : []), ...(s.accepted ? ['accepted'] : []), ...(s.banned ? ['banned'] : []), ...(s.model === '' ? [] : ['asked']), ...(s.patch === '' ? [] : ['patch'])].join(':');
}

export function solutionSentence(state: RunState, s: SolutionState, t: Translate): string {
  const worth = worthSoFar(state, s);
  return [
    `${summaryText(s)}:`, outcomeWords(s.outcome, t),
    ...(worth === '' ? [] : [s.gain !== null || s.promotion !== null ? t('worth {0}', worth) : t('estimated {0}', worth.replace('≈ ', ''))]),
    ...(state.incumbent === s.id ? [t('the best of its run')] : []), s.accepted ? t('accepted') : t('not accepted'), ...(s.banned ? [t('banned')] : []),
  ].join(', ').replace(':,', ':') + '.';
}

/** Rows of the tooltip, as plain text. */
export function solutionDetails(state: RunState, s: SolutionState, t: Translate): readonly (readonly [string, string])[] {
  const rows: (readonly [string, string])[] = [[t('Outcome'), [outcomeWords(s.outcome, t), ...(s.reason === '' ? [] : [s.reason])].join(' — ')]];
  const worth = worthSoFar(state, s);
  if (s.gain) rows.push([t('Gain'), t('{0} against the original code, {1} fresh pairs', worth, s.gain.pairs)]);
  else if (s.promotion) rows.push([t('So far'), t('{0} by its verified steps', worth)]);
  else if (s.estimate) rows.push([t('Estimate'), t('{0}, which claims nothing', worth)]);
  const metrics = Object.entries(s.metrics).map(([k, v]) => `${k} ${plain(v)}`).join(', ');
  if (metrics !== '') rows.push([t('Metrics'), metrics]);
  for (const g of s.gates) rows.push([g.ok ? t('Check passed') : t('Check failed'), `${g.gate}, ${secondsText(g.seconds)}`]);
  rows.push([t('By'), s.operator], [t('Model'), s.model], [t('Parent'), s.parents[0] ?? ''], [t('ID'), s.id]);
  if (s.spend.length > 0) rows.push([t('Cost'), callsBrief(totalOf(s))]);
  else if (s.usd > 0) rows.push([t('Cost'), moneyText(s.usd)]);
  return rows.filter(([, value]) => value !== '');
}
