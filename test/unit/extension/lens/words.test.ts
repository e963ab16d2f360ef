// What a lens says in each state of the latest run.

import assert from 'node:assert/strict';
import type { Event, EventBody, RunSummary } from '../../../../src/core/events.ts';
import type { MetricKind } from '../../../../src/core/metric.ts';
import { foldRun, type RunState } from '../../../../src/core/run-state.ts';
import type { Gain } from '../../../../src/core/solution.ts';
import type { Spec } from '../../../../src/core/spec.ts';
import { specSchema } from '../../../../src/protocol/spec-file.ts';
import { resolveSpec } from '../../../../src/adapters/spec/resolve.ts';
import { gainWords, idleText, runText, secondText } from '../../../../src/extension/lens/words.ts';
import { plainly } from '../../../../src/extension/translate.ts';

const gain = (g: number, low: number, high: number, scale: Gain['scale'] = 'ratio'): Gain => ({ scale, gain: g, low, high, error: 0.02, pairs: 30, processes: 60 });

function spec(metric: string, kind: MetricKind, direction: 'minimize' | 'maximize', more: object = {}): Spec {
  return resolveSpec('x', specSchema.parse({ pins: ['a.py#f'], measure: 'x', metrics: [{ name: metric, kind, direction, ...more }], budget: { evaluations: 60 } }), 'here');
}
const TIME = spec('time_ms', 'time', 'minimize');

/** A run's state from the events after its start. */
function state(events: readonly EventBody[], of: Spec = TIME): RunState {
  const started: EventBody = {
    type: 'run-started', run: 'r', workspace: 'v1', spec: of, base: [], commit: null, hashes: {}, seed: 1, machine: { os: '', cpu: '', cores: 1, memoryGb: 1, node: '' }, level: 'bubblewrap', checkout: 'copy',
    model: 'builtin', slots: 1, parent: null,
  };
  return foldRun([started, ...events].map((e, i): Event => ({ ...e, v: 1, seq: i, t: i })));
}
const BASELINE: EventBody = { type: 'baseline', processes: 2, secondsSpent: 1, noise: { values: { time_ms: 10 }, sd: 0.01, offset: 0, resolvable: 0.02, resolveSeconds: 8, pairs: 10, seconds: 1, deterministic: false, slow: false, scale: 'ratio' } };
const proposed = (ask: number, usd = 0): EventBody => ({ type: 'proposed', ask, id: `s${ask}`, parents: ['baseline'], patch: 'p', operator: 'o', summary: 's', usd, spent: false });
const verdict = (ask: number, outcome: 'kept' | 'discarded'): EventBody => ({ type: 'verdict', ask, id: `s${ask}`, outcome, reason: '', estimate: null, effect: null, feasible: true, p: null, alpha: null, pairs: 3, processes: 6, seconds: 1, metrics: {} });
const promoted = (ask: number, g: Gain): EventBody => ({ type: 'promoted', id: `s${ask}`, over: 'baseline', gain: g });
const ended = (g: Gain | null, best: string, reason: RunSummary['reason'] = 'budget'): EventBody => ({ type: 'run-ended', summary: { run: 'r', spec: 'x', best, gain: g, counts: {}, evaluations: 2, processes: 1, seconds: 1, usd: 0, reason } });

const title = (s: RunState, status: 'running' | 'interrupted' | 'finished'): string => runText(s, status, plainly).title.replace(/^\$\([^)]*\) /, '');

describe('a lens says', () => {
  it('what can be done, before any run', () => {
    const pin = { id: 'a.py#f', kind: 'function', symbol: 'f', range: { start: 0, end: 0, startLine: 1, endLine: 2 }, spec: 'f', evaluation: 'mark' } as const;
    assert.deepEqual([idleText(null, plainly).title, idleText(null, plainly).action], ['$(zap) Optimize this function', 'optimize']);
    assert.deepEqual([idleText({ ...pin, evaluation: null }, plainly).title, idleText({ ...pin, evaluation: null }, plainly).action], ['$(zap) Optimize this function…', 'mark']);
    assert.equal(idleText({ ...pin, kind: 'region' }, plainly).title, '$(zap) Optimize this region');
  });

  it('how far a run is', () => {
    assert.equal(title(state([]), 'running'), 'Optimizing… measuring the original');
    assert.equal(title(state([BASELINE]), 'running'), 'Optimizing… 0/60');
    const some = [BASELINE, proposed(0, 0.01), verdict(0, 'discarded'), proposed(1, 0.02), verdict(1, 'kept'), promoted(1, gain(1.42, 1.36, 1.49))];
    assert.equal(title(state(some), 'running'), 'Optimizing… 2/60 · best 1.42× · $0.03');
    assert.equal(title(state(some), 'interrupted'), 'Interrupted at 2/60 · best 1.42× · $0.03');
    assert.deepEqual((['running', 'interrupted', 'finished'] as const).map((s) => secondText(s, plainly).action), ['stop', 'resume', 'again']);
  });

  it('what was found', () => {
    const some = [BASELINE, proposed(0), verdict(0, 'discarded'), proposed(1), verdict(1, 'kept'), promoted(1, gain(1.5, 1.4, 1.6))];
    assert.equal(title(state([...some, ended(gain(1.42, 1.36, 1.49), 's1')]), 'finished'), '1.42× faster [1.36–1.49] · 1 solution');
    assert.equal(title(state([BASELINE, proposed(0), verdict(0, 'discarded'), ended(null, 'baseline')]), 'finished'), 'No improvement found · 1 solution tried');
    assert.equal(runText(state([BASELINE, ended(null, 'baseline', 'eval-broken')]), 'finished', plainly).action, 'report');
    const fold = state([...some, ended(gain(1.42, 1.36, 1.49), 's1')]);
    const best = fold.solutions.get('s1');
    assert.ok(best);
    assert.equal(title({ ...fold, solutions: new Map([['s1', { ...best, accepted: true }]]) }, 'finished'), '1.42× faster [1.36–1.49] · accepted');
  });

  it('gains in the words of their metric', () => {
    const words = (g: Gain, of: Spec | null): string => gainWords(g, of, plainly);
    assert.equal(words(gain(1.42, 1.36, 1.49), TIME), '1.42× faster [1.36–1.49]');
    assert.equal(words(gain(1.3, 1.3, 1.3), spec('size_kb', 'size', 'minimize')), '1.30× smaller');
    assert.equal(words(gain(2, 1.9, 2.1), spec('ops_per_s', 'rate', 'maximize')), '2.00× better ops_per_s [1.90–2.10]');
    assert.equal(words(gain(0.031, 0.02, 0.04, 'difference'), spec('accuracy', 'score', 'maximize')), 'accuracy higher by 0.031 [0.02–0.04]');
    assert.equal(words(gain(3.2, 3.2, 3.2, 'difference'), spec('cost', 'score', 'minimize', { unit: '$/h' })), 'cost lower by 3.2 $/h');
    assert.equal(words(gain(1.2, 1.1, 1.3), null), '1.20× better [1.10–1.30]');
    const both = { ...TIME, objective: { ...TIME.objective, expression: { op: '+' as const, left: TIME.objective.expression, right: TIME.objective.expression } } };
    assert.equal(words(gain(1.2, 1.1, 1.3), both), '1.20× better [1.10–1.30]');
  });
});
