// A run in a few words: for the tree, the status bar and the message at its end.

import { chainGain, gainText, unitOf } from '../../core/format.ts';
import type { RunSummary, StopReason } from '../../core/events.ts';
import type { RunState } from '../../core/run-state.ts';
import { BASELINE, type Gain } from '../../core/solution.ts';
import type { RunStatus } from '../runs/run-entry.ts';
import type { Translate } from '../translate.ts';

export interface Brief {
  readonly status: RunStatus;
  /** Why it ended; null while it runs and where it was killed. */
  readonly reason: StopReason | null;
  readonly evaluations: number;
  /** Null where the run has ended: what was planned is no news then. */
  readonly planned: number | null;
  /** What the best is worth: verified, or so far by its steps; null for the baseline. */
  readonly best: Gain | null;
  /** `best` was measured against the original with fresh pairs. */
  readonly verified: boolean;
  /** Of differences; '' where there is none, or it is not known without folding the journal. */
  readonly unit: string;
  readonly usd: number;
  /** A stop was asked for. */
  readonly stopping: boolean;
  /** The baseline was measured. */
  readonly measured: boolean;
}

/** Of a run whose journal tells its end, without folding it. */
export function briefOfSummary(s: RunSummary): Brief {
  return {
    status: s.reason === 'interrupted' ? 'interrupted' : 'finished', reason: s.reason, evaluations: s.evaluations, planned: null,
    best: s.gain, verified: s.gain !== null, unit: '', usd: s.usd, stopping: false, measured: true,
  };
}

/** Of one that goes on, or was killed. */
export function briefOfState(s: RunState, status: RunStatus): Brief {
  const best = s.solutions.get(s.incumbent);
  return {
    status, reason: status === 'running' ? null : s.summary?.reason ?? null, evaluations: s.evaluations, planned: s.planned, best: s.incumbent === BASELINE ? null : chainGain(s, s.incumbent),
    verified: (best?.gain ?? null) !== null, unit: unitOf(s), usd: s.usd, stopping: s.stopRequested && status === 'running', measured: s.noise !== null,
  };
}

const money = (usd: number): string => (usd > 0 ? ` · $${usd.toFixed(2)}` : '');

/** `14/60 · best 1.42× [1.36–1.49] · $0.03`. */
export function progressText(b: Brief, t: Translate): string {
  if (!b.measured) return t('measuring the code as it is');
  const best = b.best === null ? t('nothing better yet') : t('best {0}', gainText(b.best, b.unit));
  return `${b.evaluations}/${b.planned ?? b.evaluations} · ${best}${money(b.usd)}`;
}

/** What stands behind a run's name in the tree. */
export function briefText(b: Brief, t: Translate): string {
  switch (b.status) {
    case 'running':
      return `${b.stopping ? `${t('stopping')} · ` : ''}${progressText(b, t)}`; // that it runs is said by its icon
    case 'interrupted': {
      const n = b.planned === null ? t('{0} evaluated', b.evaluations) : `${b.evaluations}/${b.planned}`;
      return `${t('interrupted, resume')} · ${n}${b.best === null ? '' : ` · ${t('best {0}', gainText(b.best, b.unit))}`}`;
    }
    case 'finished':
      if (b.reason === 'eval-broken') return t('stopped: the evaluation fails');
      return `${b.best === null ? t('no improvement found') : gainText(b.best, b.unit)} · ${b.reason === 'stopped' ? t('stopped after {0}', b.evaluations) : t('{0} evaluated', b.evaluations)}${money(b.usd)}`;
  }
}

/** The same as a sentence, for those who hear it. */
export function briefSentence(b: Brief, t: Translate): string {
  const best = b.best === null ? t('no improvement found so far') : b.verified ? t('the best is worth {0}, verified', gainText(b.best, b.unit)) : t('the best is worth {0} so far', gainText(b.best, b.unit));
  switch (b.status) {
    case 'running': return `${b.stopping ? t('Stopping') : t('Running')}: ${t('{0} of {1} evaluated', b.evaluations, b.planned ?? b.evaluations)}, ${best}.`;
    case 'interrupted': return `${t('Interrupted after {0} evaluations; it can be resumed', b.evaluations)}: ${best}.`;
    case 'finished':
      if (b.reason === 'eval-broken') return t('Stopped, since the evaluation fails on the unchanged code too.');
      return b.best === null ? t('Finished after {0} evaluations: no improvement found.', b.evaluations) : `${t('Finished after {0} evaluations', b.evaluations)}: ${best}.`;
  }
}

/** What is told once, when a run has ended; null where the user ended it themselves and knows. */
export function endMessage(spec: string, b: Brief, t: Translate): { readonly text: string; readonly kind: 'gain' | 'none' | 'broken' } | null {
  if (b.status !== 'finished') return null;
  if (b.reason === 'eval-broken') return { text: t('“{0}”: stopped, since the evaluation fails on the unchanged code too.', spec), kind: 'broken' };
  if (b.best === null) return { text: t('“{0}”: no improvement found in {1} evaluations.', spec, b.evaluations), kind: 'none' };
  return { text: t('“{0}”: {1}, verified by {2} fresh pairs.', spec, gainText(b.best, b.unit), b.best.pairs), kind: 'gain' };
}
