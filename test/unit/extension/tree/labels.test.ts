// What the tree says of solutions and runs, to those who see it and to those who hear it.

import assert from 'node:assert/strict';
import type { Outcome } from '../../../../src/core/solution.ts';
import { briefOfState, briefOfSummary, briefSentence, briefText, endMessage, progressText } from '../../../../src/extension/run/summary.ts';
import { runLabel, runTime } from '../../../../src/extension/tree/run-labels.ts';
import { solutionContext, solutionDescription, solutionDetails, solutionIcon, solutionLabel, solutionSentence } from '../../../../src/extension/tree/solution-labels.ts';
import { plainly as t } from '../../../../src/extension/translate.ts';
import { Story, gain, summary } from './journal.ts';

const OUTCOMES: readonly Outcome[] = ['kept', 'discarded', 'inconclusive', 'unverified', 'duplicate', 'invalid', 'blocked', 'crashed', 'timed-out', 'suspicious', 'infra-error'];

describe('a solution in the tree', () => {
  const story = new Story().tried('a', 'kept', 1.42).tried('b', 'discarded', 0.95).tried('c', 'blocked', null, 'a').propose('d');
  const { state } = story;
  const of = (id: string) => state.solutions.get(id)!;

  it('shows a verified gain with its interval, an estimate with ≈, and else why there is no number', () => {
    assert.equal(solutionDescription(state, of('a'), t), '1.42× [1.38–1.46]');
    assert.equal(solutionLabel(state, of('a')), '1.42× change a');
    assert.equal(solutionDescription(state, of('b'), t), '≈ 0.95×');
    assert.equal(solutionLabel(state, of('b')), 'change b');
    assert.equal(solutionDescription(state, of('c'), t), 'a check failed');
    assert.equal(solutionDescription(state, of('d'), t), 'being evaluated');
  });

  it('tells menus its outcome, its role, what people did to it, and whether there is a patch', () => {
    assert.equal(solutionContext(state, of('a')), 'solution:kept:best:patch');
    assert.equal(solutionContext(state, of('d')), 'solution:pending:patch');
    const acted = new Story().tried('a', 'kept', 1.42).act('accepted', 'a').act('banned', 'a').state;
    assert.equal(solutionContext(acted, acted.solutions.get('a')!), 'solution:kept:best:accepted:banned:patch');
    assert.match(solutionDescription(acted, acted.solutions.get('a')!, t), / · accepted · banned$/);
  });

  it('of a model tells its name and what it cost, and that there is a prompt to be shown', () => {
    const asked = new Story().propose('m', 'baseline', 'a set', { model: 'openai/x', usd: 0.02, spend: [{ model: 'openai/x', calls: 2, usd: 0.02, input: 3000, cached: 0, output: 400 }] }).judge('m', 'discarded', 1).state;
    const refused = new Story().propose('r', 'baseline', 'openai/x: it refused', { model: 'openai/x' }).judge('r', 'invalid', null, 'openai/x: it refused').state;
    assert.equal(solutionLabel(refused, refused.solutions.get('r')!), 'it refused', 'a narrow list shows the reason, not the name');
    const rows = new Map(solutionDetails(asked, asked.solutions.get('m')!, t));
    assert.equal(rows.get('Model'), 'openai/x');
    assert.equal(rows.get('Cost'), '2 calls · 3,000 tokens in, 400 out · $0.0200');
    assert.equal(solutionContext(asked, asked.solutions.get('m')!), 'solution:discarded:asked:patch');
  });

  it('has an icon of its own for each outcome, so that colour alone says nothing', () => {
    const many = OUTCOMES.reduce((s, o) => s.tried(o, o, null), new Story()).tried('best', 'kept', 2).state;
    const icons = [...OUTCOMES, 'best'].map((id) => solutionIcon(many, many.solutions.get(id)!).icon);
    assert.equal(new Set(icons).size, icons.length, icons.join());
  });

  it('is a sentence for a screen reader', () => {
    assert.equal(solutionSentence(state, of('a'), t), 'change a: verified better, worth 1.42× [1.38–1.46], the best of its run, not accepted.');
    assert.equal(solutionSentence(state, of('b'), t), 'change b: not better, estimated 0.95×, not accepted.');
  });

  it('tells in its tooltip what a number rests on', () => {
    const rows = new Map(solutionDetails(state, of('b'), t));
    assert.equal(rows.get('Estimate'), '≈ 0.95×, which claims nothing');
    assert.equal(rows.get('Parent'), 'baseline');
    const verified = new Story().tried('a', 'kept', 1.42).say({ type: 'confirmed', id: 'a', against: 'baseline', ok: true, reason: '', gain: gain(1.4), heldOut: null }).state;
    assert.equal(new Map(solutionDetails(verified, verified.solutions.get('a')!, t)).get('Gain'), '1.40× [1.36–1.44] against the original code, 30 fresh pairs');
  });
});

describe('a run in few words', () => {
  const state = new Story().tried('a', 'kept', 1.42).tried('b', 'discarded', 0.95).state;

  it('says how far it is and what the best is worth', () => {
    assert.equal(progressText(briefOfState(state, 'running'), t), '2/40 · best 1.42× [1.38–1.46]');
    assert.equal(briefSentence(briefOfState(state, 'running'), t), 'Running: 2 of 40 evaluated, the best is worth 1.42× [1.38–1.46] so far.');
  });

  it('says that a killed or stopped one can be resumed', () => {
    assert.equal(briefText(briefOfState(state, 'interrupted'), t), 'interrupted, resume · 2/40 · best 1.42× [1.38–1.46]');
    assert.equal(briefText(briefOfSummary(summary({ reason: 'interrupted' })), t), 'interrupted, resume · 12 evaluated');
  });

  it('respects that nothing was found, and says when the evaluation broke', () => {
    assert.equal(briefText(briefOfSummary(summary({})), t), 'no improvement found · 12 evaluated');
    assert.equal(briefText(briefOfSummary(summary({ reason: 'stopped', best: 'a', gain: gain(1.42), usd: 0.031 })), t), '1.42× [1.38–1.46] · stopped after 12 · $0.03');
    assert.equal(briefText(briefOfSummary(summary({ reason: 'eval-broken' })), t), 'stopped: the evaluation fails');
  });

  it('is told once at its end, unless the user ended it themselves', () => {
    assert.deepEqual(endMessage('parse', briefOfSummary(summary({ best: 'a', gain: gain(1.42) })), t), { text: '“parse”: 1.42× [1.38–1.46], verified by 30 fresh pairs.', kind: 'gain' });
    assert.deepEqual(endMessage('parse', briefOfSummary(summary({})), t), { text: '“parse”: no improvement found in 12 evaluations.', kind: 'none' });
    assert.equal(endMessage('parse', briefOfSummary(summary({ reason: 'interrupted' })), t), null);
    assert.equal(endMessage('parse', briefOfSummary(summary({ reason: 'eval-broken' })), t)?.kind, 'broken');
  });

  it('is named by when it began: today by the time of day alone', () => {
    const now = new Date(Date.UTC(2026, 10, 26, 20, 0));
    assert.equal(runTime('20261126-110755-greedy', 'en-GB', now, 'UTC'), '11:07');
    assert.match(runTime('20261124-110755-greedy', 'en-GB', now, 'UTC'), /24 Nov.*11:07/);
    assert.equal(runLabel('20261126-110755-greedy', 'v2', 'en-GB', now, 'UTC'), '11:07 · v2');
    assert.equal(runTime('by-hand', 'en-GB', now), 'by-hand');
  });
});
