// What a check of an evaluation comes to, in a sentence or two.

import { effectText, secondsText } from '../../core/format.ts';
import type { Translate } from '../translate.ts';
import type { CheckAnswer } from './answers.ts';

/** What the evaluation can tell apart. */
export function resolvesWords({ noise }: Pick<CheckAnswer, 'noise'>, t: Translate): string {
  if (noise.deterministic) return t('This evaluation has no noise: one measurement each tells any difference.');
  if (noise.slow) return t('One evaluation takes {0}: candidates are measured once, and the best one to three are verified at the end.', secondsText(noise.seconds));
  if (noise.resolvable === null) return t('This evaluation is too noisy to tell anything apart. Give it more work per run, or fewer things that vary.');
  return t('This evaluation can resolve {0} in {1}.', effectText(noise.resolvable, noise.scale), secondsText(noise.resolveSeconds));
}

export interface CheckWords {
  readonly severity: 'info' | 'warning';
  readonly text: string;
}

export function checkWords(c: CheckAnswer, t: Translate): CheckWords {
  const blind = c.planted.find((p) => p.by === null && !p.moved);
  if (blind) return { severity: 'warning', text: t('“{0}”: a failure planted into {1} went unnoticed. The evaluation does not run this code, so nothing can be measured with it.', c.spec, blind.pin) };
  const [missing] = c.missing;
  if (missing !== undefined) return { severity: 'warning', text: `“${c.spec}”: ${missing}` };
  const gates = c.checked ? '' : ` ${t('Nothing checks that results stay right: add gates, or a call eval.')}`;
  const severity = c.noise.resolvable === null && !c.noise.deterministic && !c.noise.slow ? 'warning' : 'info';
  return { severity, text: `“${c.spec}”: ${resolvesWords(c, t)}${gates} ${t('A run takes about {0}.', secondsText(c.estimatedSeconds))}` };
}

/** A line of the check's progress, without colours and ticks; null for what is no step. */
export function stepOf(line: string): string | null {
  // eslint-disable-next-line no-control-regex
  const bare = line.replace(/\x1b\[[\d;]*m/g, '').trim();
  const step = bare.replace(/^[✔✗]\s*/, '');
  return step === '' ? null : step.length > 90 ? `${step.slice(0, 89)}…` : step;
}
