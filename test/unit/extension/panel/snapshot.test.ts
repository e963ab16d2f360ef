// What the Solutions panel is told of a run and of one solution.
import assert from 'node:assert/strict';
import type { Round } from '../../../../src/adapters/journal/rounds.ts';
import { applyExactly } from '../../../../src/core/patch/unified.ts';
import { EMPTY } from '../../../../src/core/run-state.ts';
import { Diffs, pairsOf, panelDetail } from '../../../../src/extension/panel/detail.ts';
import { panelRun } from '../../../../src/extension/panel/snapshot.ts';
import { ACCEPTED, BANNED, OUTCOMES, VERIFIED } from '../../../../src/protocol/panel.ts';
import type { Done } from '../../engine/world.ts';
import { REF, stateOf, tried } from './run.ts';

describe('the panel\'s snapshot', () => {
  let done: Done;
  before(async () => { done = await tried(); });

  const ids = (d: Done): string[] => [...d.state.solutions.keys()];

  it('has a row for each solution, parents first, with outcome and evaluation', () => {
    const { rows } = panelRun(REF, 'finished', done.state, true);
    assert.deepEqual(rows.id, ids(done));
    assert.deepEqual(rows.parent, [-1, 0, 1, 1, 3, 3, 3]);
    assert.deepEqual(rows.outcome.map((o) => OUTCOMES[o] ?? null), [null, 'kept', 'discarded', 'kept', 'blocked', 'crashed', 'discarded']);
    assert.deepEqual(rows.at, [0, 1, 2, 3, 4, 5, 6]);
  });

  it('shows a claim with its interval and an estimate with one standard error', () => {
    const { rows, best, bestWorth, bestIsFinal } = panelRun(REF, 'finished', done.state, true);
    const i = rows.id.indexOf(best);
    assert.equal(i, 3);
    assert.ok(bestIsFinal);
    assert.match(bestWorth, /^2\.0\d× \[1\.9\d–2\.0\d\]$|^1\.9\d× \[/);
    assert.ok((rows.low[i] ?? 9) < (rows.score[i] ?? 0) && (rows.score[i] ?? 9) < (rows.high[i] ?? 0));
    assert.equal((rows.flags[i] ?? 0) & VERIFIED, VERIFIED);
    const worse = done.state.solutions.get(rows.id[2] ?? '');
    assert.ok(worse?.estimate);
    assert.equal((rows.flags[2] ?? 0) & VERIFIED, 0);
    assert.ok(Math.abs(Math.log((rows.high[2] ?? 0) / (rows.score[2] ?? 1)) - worse.estimate.error) < 1e-4);
    assert.equal(rows.score[4], null, 'a failure is never a score');
  });

  it('draws the staircase through what was kept, and never back in time', () => {
    const { staircase, rows } = panelRun(REF, 'finished', done.state, true);
    assert.deepEqual(staircase.map((s) => s.at), [0, 1, 3]);
    assert.deepEqual(staircase.map((s) => s.score), [1, rows.score[1], rows.score[3]]);
  });

  it('says what ended the run, or that it was asked to stop', () => {
    assert.match(panelRun(REF, 'finished', done.state, true).ending, /^All planned evaluations are done, after /);
    const early = stateOf(done, (type) => type === 'promoted', [{ v: 1, seq: 0, t: Infinity, type: 'stop-requested' }]);
    assert.equal(panelRun(REF, 'running', early, true).ending, 'It stops after the evaluation in flight');
    assert.match(panelRun(REF, 'interrupted', early, true).ending, /^It was interrupted, /);
  });

  it('holds what people did', () => {
    const [, one = '', two = ''] = ids(done);
    const state = stateOf(done, () => false, [{ v: 1, seq: 0, t: 0, type: 'banned', id: two }, { v: 1, seq: 1, t: 0, type: 'accepted', id: one, hunks: null, files: [] }]);
    const { rows } = panelRun(REF, 'finished', state, true);
    assert.equal((rows.flags[1] ?? 0) & ACCEPTED, ACCEPTED);
    assert.equal((rows.flags[2] ?? 0) & BANNED, BANNED);
  });

  it('is empty before the run has begun, and has the baseline alone before the first solution', () => {
    const none = panelRun(REF, 'running', EMPTY, true);
    assert.deepEqual([none.rows.id.length, none.noise, none.objective], [0, '', '']);
    const first = panelRun(REF, 'running', stateOf(done, (type) => type === 'asked'), true);
    assert.deepEqual(first.rows.id, ['baseline']);
    assert.equal(first.bestWorth, '');
  });

  it('is the same from a state folded anew: nothing of an earlier snapshot is kept that has changed', () => {
    const before = stateOf(done, (type) => type === 'promoted');
    assert.equal(panelRun(REF, 'running', before, true).rows.score[3], undefined);
    assert.deepEqual(panelRun(REF, 'finished', stateOf(done), true), panelRun(REF, 'finished', done.state, true));
  });
});

describe('the panel\'s detail', () => {
  let done: Done;
  before(async () => { done = await tried(); });

  const detail = (i: number): ReturnType<typeof panelDetail> => {
    const s = [...done.state.solutions.values()][i]!;
    const rounds = done.events.filter((e): e is Round => e.type === 'round' && e.id === s.id);
    return panelDetail(done.state, s, new Diffs(done.state), rounds);
  };

  it('has a diff against the baseline that applies to it, and the journal\'s against the parent', () => {
    const two = detail(3);
    const base = new Map((done.state.started?.base ?? []).map((f) => [f.file, f.text]));
    const text = applyExactly(two.diff, base)?.get('program.txt') ?? '';
    assert.match(text, /cost 50/);
    assert.match(two.diff, /-cost 100\n/);
    assert.match(two.parentDiff, /-cost 80\n/);
    assert.deepEqual(two.lineage, [detail(1).id, 'baseline']);
  });

  it('groups its pairs by phase and by what they were against', () => {
    const two = detail(3);
    const phases = two.pairs.map((p) => [p.against === 'baseline' ? 'baseline' : 'parent', p.phase, p.shown.length]);
    assert.deepEqual(phases.filter(([, phase]) => phase !== 'test').map(([against, phase]) => `${against} ${phase}`), ['parent screen', 'parent confirmation', 'baseline final']);
    assert.equal(phases.find(([, phase]) => phase === 'final')?.[2], 30);
    for (const p of two.pairs) for (const x of p.shown) assert.ok(p.against === 'baseline' ? x > 1.8 && x < 2.2 : x > 1.5 && x < 1.7, `${p.phase}: ${x}`);
    assert.equal(two.step?.over, detail(1).id);
  });

  it('says what a number rests on, and why there is none', () => {
    assert.equal(detail(3).rests, '30 fresh pairs against the baseline, 60 processes');
    assert.match(detail(1).rests, /^the verified steps so far; this one 1\.2\d× \[.*\] over the baseline on \d+ fresh pairs$/);
    assert.match(detail(2).rests, /^an estimate from \d+ pairs: it steers the search and claims nothing$/);
    assert.equal(detail(4).rests, 'it was not measured');
    assert.match(detail(4).reason, /test/);
  });

  it('compares metrics with the baseline\'s', () => {
    const [m] = detail(3).metrics;
    assert.equal(m?.name, 'time_ms');
    assert.equal(m.baseline, 100);
    assert.equal(m.better, 'less');
    assert.equal(detail(0).metrics[0]?.baseline, null);
  });

  it('tells that a diff cannot be made, instead of failing', () => {
    const s = { ...[...done.state.solutions.values()][1]!, patch: '--- a/x\n+++ b/x\n@@ -1 +1 @@\n-y\n+z\n' };
    const solutions = new Map(done.state.solutions).set(s.id, s);
    const state = { ...done.state, solutions };
    const made = panelDetail(state, s, new Diffs(state), []);
    assert.equal(made.diff, '');
    assert.match(made.diffProblem, /does not fit its parent/);
  });

  it('compares single values with the baseline, not with themselves', () => {
    const round = { v: 1, seq: 0, t: 0, type: 'round', id: 'x', phase: 'single', against: 'baseline', pair: 0, candidate: 50, incumbent: 50, metrics: {} } as const;
    assert.deepEqual(pairsOf(done.state, [round]), [{ against: 'baseline', phase: 'single evaluation', shown: [2] }]);
  });
});
