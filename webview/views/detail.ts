// The selected solution: what it is, what was measured, what can be done with it, its diff.

import { moneyText } from '../../src/core/call-text.ts';
import { plain, ratio, secondsText } from '../../src/core/format.ts';
import type { PanelDetail, PanelRun, SolutionAction } from '../../src/protocol/panel.ts';
import { button, select } from '../components.ts';
import { h, icon, setText, type Child } from '../dom.ts';
import { OUTCOME_ICON, OUTCOME_WORDS, isUsable } from '../model/outcomes.ts';
import type { RowOutcome } from '../model/rows.ts';
import { diffView, type DiffLayout } from './diff.ts';
import { strip } from './strip.ts';

export interface DetailEvents {
  act(action: SolutionAction, id: string): void;
  select(id: string): void;
  remember(change: { readonly against?: Against; readonly layout?: DiffLayout }): void;
}

type Against = 'baseline' | 'parent';

export interface DetailView {
  readonly element: HTMLElement;
  /** Null while there is none yet. */
  update(run: PanelRun, detail: PanelDetail | null): void;
}

const LINEAGE = 6;

function outcomeOf(d: PanelDetail): RowOutcome {
  if (d.lineage.length === 0) return 'baseline';
  return d.outcome ?? 'open';
}

function change(m: PanelDetail['metrics'][number]): HTMLElement {
  if (m.baseline === null || m.baseline === 0 || m.value === m.baseline) return h('td', { class: 'number' }, m.baseline === null ? '' : m.value === m.baseline ? 'equal' : plain(m.value - m.baseline));
  const relative = m.value / m.baseline - 1;
  const good = (m.better === 'less') === relative < 0;
  const text = Math.abs(relative) > 2 && m.baseline > 0 && m.value > 0 ? ratio(m.value / m.baseline) : `${relative < 0 ? '−' : '+'}${Math.abs(relative * 100).toFixed(1)} %`;
  return h('td', { class: `number ${good ? 'is-good' : 'is-bad'}` }, text, h('span', { class: 'unseen' }, good ? ' better' : ' worse'));
}

function gates(detail: PanelDetail): Child {
  if (detail.gates.length === 0) return null;
  return h('ul', { class: 'gates', 'aria-label': 'Gates' }, ...detail.gates.map((g) => {
    const head: Child[] = [icon(g.ok ? 'pass' : 'error', g.ok ? 'is-good' : 'is-bad'), h('span', {}, g.gate), h('span', { class: 'muted' }, `${g.ok ? 'passed' : 'failed'} in ${secondsText(g.seconds)}`)];
    if (g.ok || g.output.trim() === '') return h('li', {}, ...head);
    return h('li', {}, h('details', { open: true }, h('summary', {}, ...head), h('pre', { tabindex: 0 }, g.output.trim())));
  }));
}

export function detailView(events: DetailEvents, wish: { readonly against?: Against | undefined; readonly layout?: DiffLayout | undefined }): DetailView {
  let detail: PanelDetail | null = null;
  let run: PanelRun | null = null;
  let trusted = true;
  let against: Against = wish.against ?? 'baseline';
  let layout: DiffLayout = wish.layout ?? 'unified';
  const act = (action: SolutionAction) => () => { if (detail) events.act(action, detail.id); };

  const glyph = icon('circle-small');
  const title = h('h2');
  const id = h('code', { class: 'muted' });
  const accept = button({ label: 'Accept', icon: 'check', kind: 'primary' }, act('accept'));
  const parts = button({ label: 'Accept Parts…', icon: 'checklist', title: 'Choose which of its changes to take' }, act('acceptHunks'));
  const native = button({ label: 'Open Diff', icon: 'diff', title: 'Open the diff in an editor (Enter)' }, act('openDiff'));
  const derive = button({ label: 'New Run From Here', icon: 'repo-forked', title: 'Start a new run from this solution' }, act('derive'));
  const steer = button({ label: 'Steer Here', icon: 'compass' }, act('steer'));
  const measure = button({ label: 'Measure again with fresh pairs against the baseline', icon: 'watch', kind: 'icon' }, act('measure'));
  const ban = button({ label: 'Ban: never a parent again', icon: 'circle-slash', kind: 'icon' }, act('ban'));
  const calls = button({ label: 'Show prompt and answer', icon: 'comment-discussion', kind: 'icon' }, act('showCalls'));
  const copy = button({ label: 'Copy the patch', icon: 'copy', kind: 'icon' }, act('copyPatch'));
  const worthText = h('span', { class: 'worth' });
  const outcomeText = h('span', { class: 'outcome' });
  const rests = h('p', { class: 'muted rests' });
  const reason = h('p', { class: 'reason' });
  const stripBox = h('div', { class: 'strip-box' });
  const facts = h('dl', { class: 'facts' });
  const gateBox = h('div');
  const metricBody = h('tbody');
  const metrics = h('table', { class: 'metrics' },
    h('caption', { class: 'unseen' }, 'Metrics against the baseline'),
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Metric'), h('th', { scope: 'col', class: 'number' }, 'Baseline'), h('th', { scope: 'col', class: 'number' }, 'This'), h('th', { scope: 'col', class: 'number' }, 'Change'))),
    metricBody);
  const diff = diffView(() => (against === 'parent' ? 'It is equal to its parent.' : 'It is equal to the baseline.'));
  const againstControl = select({ label: 'Diff against' }, (v) => { against = v === 'parent' ? 'parent' : 'baseline'; events.remember({ against }); fillDiff(); });
  const layoutControl = button({ label: 'Side by side', icon: 'split-horizontal', kind: 'icon' }, () => { layout = layout === 'unified' ? 'side-by-side' : 'unified'; events.remember({ layout }); fillDiff(); });
  const diffCount = h('span', { class: 'diff-count' });

  const diffSection = h('section', { class: 'diff-section', 'aria-label': 'Diff' }, h('div', { class: 'diff-bar' }, h('h3', {}, 'Diff'), againstControl.element, diffCount, h('span', { class: 'gap' }), layoutControl.element), diff.element);
  const body = h('div', { class: 'detail-body' },
    h('div', { class: 'detail-head' },
      h('div', { class: 'detail-title' }, glyph, title, id),
      h('div', { class: 'detail-actions', role: 'toolbar', 'aria-label': 'Solution' }, accept.element, native.element, parts.element, derive.element, steer.element, h('div', { class: 'detail-more' }, calls.element, measure.element, copy.element, ban.element))),
    h('section', { class: 'measured', 'aria-label': 'Measurement' }, h('div', { class: 'headline' }, worthText, outcomeText), rests, reason, stripBox, h('div', { class: 'columns' }, metrics, h('div', {}, gateBox, facts))),
    diffSection);
  const waiting = h('p', { class: 'waiting' });
  const element = h('div', { class: 'detail' }, body, waiting);

  const fillDiff = (): void => {
    if (!detail) return;
    againstControl.update([{ value: 'baseline', label: 'against the baseline' }, { value: 'parent', label: `against its parent${detail.lineage[0] === undefined ? '' : ` ${detail.lineage[0]}`}` }], against);
    const patch = against === 'parent' ? detail.parentDiff : detail.diff;
    layoutControl.update({ pressed: layout === 'side-by-side' });
    let [added, removed] = [0, 0];
    for (const line of patch.split('\n')) {
      if (line.startsWith('+') && !line.startsWith('+++ ')) added++;
      else if (line.startsWith('-') && !line.startsWith('--- ')) removed++;
    }
    diffCount.replaceChildren(...(patch === '' ? [] : [h('span', { class: 'is-added' }, `+${added}`), ' ', h('span', { class: 'is-removed' }, `−${removed}`)]));
    diff.update(patch, against === 'parent' ? '' : detail.diffProblem, layout);
  };

  const fillStrip = (): void => {
    const width = stripBox.clientWidth;
    if (!detail || !run || width === 0) return;
    const made = strip(detail, run.scale, Math.max(260, Math.min(width, 760)));
    stripBox.replaceChildren(...(made ? [made] : []));
  };
  let width = 0;
  new ResizeObserver(() => {
    if (stripBox.clientWidth === width) return;
    width = stripBox.clientWidth;
    fillStrip();
  }).observe(stripBox);

  const lineage = (d: PanelDetail): Child[] => {
    const shown = d.lineage.length > LINEAGE ? [...d.lineage.slice(0, LINEAGE - 1), '…', d.lineage.at(-1) ?? ''] : d.lineage;
    return shown.flatMap((x, i): Child[] => {
      const arrow = i === 0 ? [] : [h('span', { class: 'muted' }, ' ← ')];
      if (x === '…') return [...arrow, `${d.lineage.length - LINEAGE} more`];
      const link = h('a', { href: '#' }, x);
      link.addEventListener('click', (e) => { e.preventDefault(); events.select(x); });
      return [...arrow, link];
    });
  };

  const fact = (name: string, ...value: Child[]): HTMLElement[] => [h('dt', {}, name), h('dd', {}, ...value)];

  return {
    element,
    update: (newRun, d) => {
      run = newRun;
      body.hidden = d === null;
      waiting.hidden = d !== null;
      setText(waiting, newRun.rows.id.length === 0 ? 'The baseline is being measured. Solutions appear here as they are tried.' : 'Select a solution.');
      steer.update({ hidden: newRun.status === 'finished' || d?.lineage.length === 0 });
      if (d === null || (d === detail && newRun.trusted === trusted)) return;
      trusted = newRun.trusted;
      const scroll = detail !== null && detail.id !== d.id;
      detail = d;
      const what = outcomeOf(d);
      const running = what === 'open' && newRun.status === 'running';
      glyph.className = `codicon codicon-${what === 'open' && !running ? 'debug-pause' : OUTCOME_ICON[what]} is-${what}${running ? ' spin' : ''}`;
      setText(title, d.summary || d.operator || d.id);
      setText(id, d.id);
      const usable = isUsable(what);
      const why = what === 'baseline' ? 'The baseline is the code as it was' : usable ? '' : `It cannot be accepted: ${OUTCOME_WORDS[what]}`;
      const trust = newRun.trusted ? '' : 'Not in an untrusted workspace';
      accept.update({ disabled: !usable || trust !== '' || d.diff === '', label: d.accepted ? 'Accept Again' : 'Accept', title: trust || why || 'Put it into your code, in one undo step (Ctrl+Enter in the tree)' });
      parts.update({ disabled: !usable || trust !== '' || d.diff === '', title: trust || why || 'Choose which of its changes to take' });
      native.update({ disabled: what === 'baseline' || d.diff === '' });
      derive.update({ disabled: !usable || trust !== '', title: trust || why || 'Start a new run from this solution' });
      steer.update({ disabled: !usable || d.banned || trust !== '', title: trust || (d.banned ? 'It is banned: never a parent again' : why) || 'Let this run try changes of this solution next' });
      measure.update({ disabled: !usable || trust !== '' });
      ban.update({ disabled: what === 'baseline' || d.banned || trust !== '' });
      calls.update({ hidden: d.model === '', title: `What ${d.model} was asked, and what it answered` });
      copy.update({ disabled: d.diff === '' });
      worthText.className = `worth${d.verified ? ' is-verified' : ''}`;
      setText(worthText, d.worth);
      setText(outcomeText, [OUTCOME_WORDS[what], d.accepted ? 'accepted' : '', d.banned ? 'banned' : ''].filter((t) => t !== '').join(' · '));
      outcomeText.className = `outcome is-${what}`;
      setText(rests, d.rests === '' ? '' : `${d.rests.charAt(0).toUpperCase()}${d.rests.slice(1)}.`);
      setText(reason, d.reason === '' ? '' : `${d.reason.charAt(0).toUpperCase()}${d.reason.slice(1)}${/[.!?]$/.test(d.reason) ? '' : '.'}`);
      gateBox.replaceChildren(...[gates(d)].filter((x) => x !== null));
      metrics.hidden = d.metrics.length === 0;
      metrics.classList.toggle('is-baseline', what === 'baseline');
      diffSection.hidden = what === 'baseline';
      metricBody.replaceChildren(...d.metrics.map((m) => h('tr', {},
        h('th', { scope: 'row' }, m.name, m.unit === '' ? null : h('span', { class: 'muted' }, ` ${m.unit}`)),
        h('td', { class: 'number' }, m.baseline === null ? '' : plain(m.baseline)), h('td', { class: 'number' }, plain(m.value)), change(m))));
      facts.replaceChildren(
        ...(d.operator === '' ? [] : fact('By', d.line === '' ? d.operator : `${d.operator}, ${d.line}`)),
        ...((d.model || newRun.model) === '' || what === 'baseline' ? [] : fact('Proposer', d.model || newRun.model)),
        ...(d.spend !== '' || d.usd > 0 ? fact('Cost', d.spend || moneyText(d.usd)) : []),
        ...(d.lineage.length === 0 ? [] : fact('From', ...lineage(d))));
      fillStrip();
      fillDiff();
      if (scroll) element.parentElement?.scrollTo({ top: 0 });
    },
  };
}
