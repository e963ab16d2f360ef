// A run's journal as tests write it: events of solutions with their outcomes.

import type { EventBody, RunSummary } from '../../../../src/core/events.ts';
import { RunFold, type RunState } from '../../../../src/core/run-state.ts';
import { BASELINE, type Gain, type Outcome } from '../../../../src/core/solution.ts';

export const gain = (g: number): Gain => ({ scale: 'ratio', gain: g, low: g * 0.97, high: g * 1.03, error: 0.015, pairs: 30, processes: 60 });

const SPEC = {
  name: 'parse', pins: ['a.ts#f'], budget: { evaluations: 40, timeMs: null, usd: null }, alpha: 0.05, optimizer: { name: 'greedy', options: {} }, env: [], setup: null, network: false,
  metrics: [{ name: 'time_ms', kind: 'time', direction: 'minimize', unit: 'ms', exclusive: true, minEffect: 0.01, source: { from: 'line' } }],
  objective: { direction: 'minimize', expression: { op: 'metric', name: 'time_ms' }, constraints: [] },
};

export class Story {
  private readonly fold = new RunFold();
  private seq = 0;
  private ask = 0;

  constructor() {
    this.say({
      type: 'run-started', run: 'r', workspace: 'v1', spec: SPEC as never, base: [{ file: 'a.ts', text: 'x\n', pins: [] }], commit: null, hashes: {}, seed: 1,
      machine: { os: 'linux', cpu: 'a|b', cores: 2, memoryGb: 4, node: '22' }, level: 'bubblewrap', checkout: 'copy', model: 'builtin', slots: 1, parent: null,
    });
    this.say({ type: 'baseline', noise: { values: { time_ms: 12 }, sd: 0.01, offset: 0, resolvable: 0.02, resolveSeconds: 8, pairs: 10, seconds: 0.1, deterministic: false, slow: false, scale: 'ratio' }, processes: 20, secondsSpent: 1 });
  }

  get state(): RunState {
    return this.fold.state;
  }

  say(body: EventBody): this {
    this.fold.apply({ v: 1, seq: this.seq, t: 1000 * ++this.seq, ...body });
    return this;
  }

  propose(id: string, parent = BASELINE, summary = `change ${id}`, more: Partial<Extract<EventBody, { type: 'proposed' }>> = {}): this {
    return this.say({ type: 'proposed', ask: this.ask, id, parents: [parent], patch: 'x', operator: 'generic:x', summary, usd: 0, spent: false, ...more });
  }

  /** `worth` is the estimate against the baseline. */
  judge(id: string, outcome: Outcome, worth: number | null = null, reason = ''): this {
    const s = this.state.solutions.get(id);
    this.say({
      type: 'verdict', ask: this.ask++, id, outcome, reason, estimate: worth === null ? null : { scale: 'ratio', gain: worth, error: 0.01 }, effect: null, feasible: true, p: null, alpha: null, pairs: 5, processes: 10, seconds: 1, metrics: {},
    });
    return outcome === 'kept' ? this.say({ type: 'promoted', id, over: s?.parents[0] ?? BASELINE, gain: gain(worth ?? 1) }) : this;
  }

  tried(id: string, outcome: Outcome, worth: number | null = null, parent = BASELINE): this {
    return this.propose(id, parent).judge(id, outcome, worth);
  }

  act(type: 'accepted' | 'banned', id: string): this {
    this.fold.act(type === 'accepted' ? { v: 1, seq: 0, t: 1, type, id, hunks: null, files: [] } : { v: 1, seq: 0, t: 1, type, id });
    return this;
  }
}

export const summary = (more: Partial<RunSummary>): RunSummary => ({ run: 'r', spec: 'parse', best: BASELINE, gain: null, counts: {}, evaluations: 12, processes: 9, seconds: 5, usd: 0, reason: 'budget', ...more });
