// The run's head: what it looks for, how far it is, the best so far, and what can be done with it.

import { secondsText } from '../../src/core/format.ts';
import type { PanelRun, RunAction } from '../../src/protocol/panel.ts';
import { button } from '../components.ts';
import { h, icon, setAttribute, setText } from '../dom.ts';

const STATUS: Record<PanelRun['status'], readonly [icon: string, word: string]> = { running: ['sync', 'Running'], interrupted: ['debug-pause', 'Interrupted'], finished: ['check', 'Finished'] };

export interface HeaderView {
  readonly element: HTMLElement;
  update(run: PanelRun): void;
}

export function headerView(act: (action: RunAction) => void): HeaderView {
  const statusIcon = icon('sync');
  const statusWord = h('span', { class: 'status-word' });
  const name = h('h1');
  const objective = h('span', { class: 'objective' });
  const steer = button({ label: 'Steer…', icon: 'compass', title: 'Tell the search what to try from now on' }, () => { act('steer'); });
  const stop = button({ label: 'Stop', icon: 'debug-stop', title: 'Stop after the evaluation in flight' }, () => { act('stop'); });
  const resume = button({ label: 'Resume', icon: 'debug-continue', title: 'Go on exactly where it stopped' }, () => { act('resume'); });
  const terminal = button({ label: 'Show the terminal', icon: 'terminal', kind: 'icon' }, () => { act('showTerminal'); });
  const report = button({ label: 'Open the report', icon: 'note', kind: 'icon' }, () => { act('openReport'); });
  const bar = h('div', { class: 'bar-fill' });
  const progress = h('div', { class: 'bar', role: 'progressbar', 'aria-label': 'Evaluations', 'aria-valuemin': 0 }, bar);
  const count = h('span');
  const best = h('span', { class: 'fact fact-best' });
  const cost = h('span', { class: 'fact' });
  const proposer = h('span', { class: 'fact fact-proposer' });
  const time = h('span', { class: 'fact' });
  const sandbox = h('span', { class: 'fact' });
  const noise = h('span', { class: 'fact fact-noise' });
  const notice = h('p', { class: 'notice', hidden: true }, icon('workspace-untrusted'), h('span'));
  const element = h('header', { class: 'head' },
    h('div', { class: 'head-line' },
      h('div', { class: 'head-title' }, h('span', { class: 'status' }, statusIcon, statusWord), name, objective),
      h('div', { class: 'head-actions', role: 'toolbar', 'aria-label': 'Run' }, steer.element, stop.element, resume.element, terminal.element, report.element)),
    h('div', { class: 'head-facts' }, h('span', { class: 'fact fact-progress' }, progress, count), best, proposer, cost, time, sandbox, noise),
    notice);

  return {
    element,
    update: (run) => {
      const [glyph, word] = STATUS[run.status];
      statusIcon.className = `codicon codicon-${glyph}${run.status === 'running' ? ' spin' : ''}`;
      setText(statusWord, word);
      setAttribute(element, 'data-status', run.status);
      setAttribute(statusWord, 'title', run.ending);
      setText(name, run.ref.spec);
      setText(objective, run.objective);
      setAttribute(objective, 'title', `${run.objective}. ${run.optimizer} search, proposals by ${run.model}. Run ${run.ref.run}, workspace ${run.ref.workspace}.`);
      bar.style.width = `${Math.min(100, (100 * run.evaluations) / Math.max(1, run.planned))}%`;
      setAttribute(progress, 'aria-valuenow', run.evaluations);
      setAttribute(progress, 'aria-valuemax', run.planned);
      setText(count, `${run.evaluations} of ${run.planned}`);
      setAttribute(count, 'title', run.ending === '' ? 'Evaluations done and planned' : run.ending);
      setText(best, run.bestWorth === '' ? 'nothing better verified yet' : `best ${run.bestWorth}`);
      setAttribute(best, 'title', run.bestWorth === '' ? 'The baseline is the best so far' : run.bestIsFinal ? 'Measured against the baseline on fresh pairs; the 95 % interval in brackets' : 'The verified steps so far, multiplied; measured against the baseline at the end');
      best.classList.toggle('is-kept', run.bestWorth !== '');
      setText(cost, run.usd > 0 ? `$${run.usd.toFixed(2)}` : '');
      setText(proposer, run.model === '' ? '' : `${run.optimizer}, ${run.model === 'builtin' ? 'built-in mutators' : run.model}`);
      setAttribute(proposer, 'title', `Search: ${run.optimizer}. Proposals by ${run.model}`);
      setText(time, run.seconds > 0 ? secondsText(run.seconds) : '');
      setText(sandbox, run.sandbox === 'bubblewrap' ? 'sandboxed' : run.sandbox === '' ? '' : 'not sandboxed');
      setAttribute(sandbox, 'title', run.confinement === '' ? '' : `Candidates run under ${run.confinement}`);
      sandbox.classList.toggle('is-warning', run.sandbox === 'process-group');
      setText(noise, run.noise);
      setAttribute(noise, 'title', run.noise);
      stop.update({ hidden: run.status !== 'running', disabled: !run.trusted || run.ending !== '' });
      resume.update({ hidden: run.status !== 'interrupted', disabled: !run.trusted });
      steer.update({ hidden: run.status === 'finished', disabled: !run.trusted });
      notice.hidden = run.trusted;
      setText(notice.lastElementChild ?? notice, 'This workspace is not trusted: solutions can be looked at, but nothing is run, measured or accepted until you trust it.');
    },
  };
}
