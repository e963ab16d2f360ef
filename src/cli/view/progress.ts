// What a person sees of a run: the baseline with its noise, each verdict as it falls, a live bar, the end.

import type { Event, Noise } from '../../core/events.ts';
import { confinementWords } from '../../core/granted.ts';
import { RunFold, type SolutionState } from '../../core/run-state.ts';
import { soleMetric } from '../../core/axis.ts';
import { printObjective } from '../../core/objective.ts';
import { BASELINE, type Outcome } from '../../core/solution.ts';
import { SYMBOL, chainGain, gainText, noiseText, plain, secondsText, unitOf, worth } from '../../core/format.ts';
import { cut, widthOf, wrap } from './format.ts';
import type { Output, Style } from './terminal.ts';

const STYLE: Record<Outcome, Style[]> = {
  kept: ['green', 'bold'], discarded: ['dim'], inconclusive: ['yellow'], unverified: ['cyan'], duplicate: ['dim'], invalid: ['dim'],
  blocked: ['red'], crashed: ['red'], 'timed-out': ['red'], suspicious: ['magenta', 'bold'], 'infra-error': ['yellow', 'bold'],
};

const PHASES: Record<string, string> = {
  baseline: 'measuring the baseline against itself', screen: 'screening', test: 'testing', confirm: 'confirming on fresh pairs', final: 'measuring the best against the baseline, fresh pairs',
  'held-out': 'held-out inputs', single: 'evaluating', again: 'evaluating again',
};

/** Before a verdict's further lines: under the name of its outcome. */
const INDENT = ' '.repeat(12);

/** Follows a run's events and draws them. */
export class ProgressView {
  private readonly out: Output;
  private fold = new RunFold();
  private phase = '';
  private barShown = false;
  private lastDraw = 0;
  private readonly began = Date.now();
  private startEvaluations = 0;

  constructor(out: Output) {
    this.out = out;
  }

  /** Goes on from where a run stood. */
  adopt(fold: RunFold): void {
    this.fold = fold;
    this.startEvaluations = fold.state.evaluations;
  }

  on(e: Event): void {
    this.fold.apply(e);
    switch (e.type) {
      case 'run-started': {
        const { paint } = this.out;
        this.print(`${paint(e.spec.name, 'bold')}  ${printObjective(e.spec.objective)}`);
        this.print(paint(`  pins      ${e.base.flatMap((f) => f.pins.map((p) => p.id)).join(', ')}`, 'dim'));
        this.print(paint(`  search    ${e.spec.optimizer.name}, ${e.spec.budget.evaluations} evaluations, proposer ${e.model}, seed ${e.seed}${e.learnedIn === undefined ? '' : `; it goes on with what ${e.learnedIn} learned`}`, 'dim'));
        this.print(paint(`  sandbox   ${confinementWords(e.level, e.spec)}; checkouts: ${e.checkout === 'worktree' ? 'git worktrees' : 'copies'}`, 'dim'));
        break;
      }
      case 'baseline': this.baseline(e.noise); break;
      case 'round': this.phase = PHASES[e.phase] ?? e.phase; break;
      case 'verdict':
        if (e.outcome !== 'kept') this.verdict(this.fold.state.solutions.get(e.id)); // a kept one is told with its gain
        break;
      case 'promoted': this.verdict(this.fold.state.solutions.get(e.id)); break;
      case 'confirmed':
        if (!e.ok) this.print(`  ${this.out.paint(`${SYMBOL.inconclusive} ${e.id}`, 'yellow')}  not confirmed: ${e.reason}`);
        break;
      case 'infra-error': this.print(`  ${this.out.paint(`${SYMBOL['infra-error']} the evaluation itself failed`, 'yellow')}: ${e.reason}`); break;
      default: break;
    }
    this.draw(e.type !== 'round');
  }

  private baseline(noise: Noise): void {
    const spec = this.fold.state.started?.spec;
    const metric = spec ? soleMetric(spec) : null;
    const values = Object.entries(noise.values).map(([k, v]) => `${k} ${plain(v)}${metric?.name === k && metric.unit !== undefined ? ` ${metric.unit}` : ''}`).join(', ');
    const [first = '', ...rest] = wrap(`${values}; ${noiseText(noise, metric?.unit)}`, this.out.width - INDENT.length - 1, Infinity);
    this.print(`  ${this.out.paint('baseline', 'bold')}  ${first}`);
    for (const line of rest) this.print(INDENT + line);
    this.print('');
  }

  private verdict(s: SolutionState | undefined): void {
    if (!s?.outcome) return;
    const state = this.fold.state;
    const { paint } = this.out;
    const n = `${state.evaluations}/${state.planned}`.padStart(8);
    const outcome = paint(`${SYMBOL[s.outcome]} ${s.outcome.padEnd(12)}`, ...STYLE[s.outcome]);
    const chain = s.outcome === 'kept' ? chainGain(state, s.id) : null;
    const gain = chain ? gainText(chain, unitOf(state)) : worth(s, unitOf(state));
    const head = `${paint(n, 'dim')}  ${outcome} `;
    const told = s.outcome === 'kept' || s.outcome === 'discarded' || s.outcome === 'unverified';
    if (!this.out.live) {
      // In a file or a pipe each verdict is one whole line.
      this.print(`${head}${gain.padEnd(18)} ${s.id} ${(told || s.reason === s.summary ? s.summary : `${s.reason} — ${s.summary}`).replace(/\s+/g, ' ')}`);
      return;
    }
    // What failed has no gain to show: its line says what was tried, and those under it why it failed.
    const id = paint(s.id, 'dim');
    const room = this.out.width - INDENT.length - 1;
    if (gain === '') this.print(`${head}${cut(s.summary, this.out.width - n.length - 18 - s.id.length - 1)} ${id}`);
    else {
      const first = this.out.width - n.length - 18 - Math.max(18, widthOf(gain)) - s.id.length - 1;
      const line = `${head}${s.outcome === 'kept' ? paint(gain.padEnd(18), 'green', 'bold') : gain.padEnd(18)} ${id}`;
      this.print(widthOf(s.summary) <= first ? `${line} ${s.summary}` : line);
      if (widthOf(s.summary) > first) this.print(INDENT + cut(s.summary, room));
    }
    if (!told && s.reason !== s.summary) for (const text of wrap(s.reason, room, 3)) this.print(INDENT + paint(text, 'dim'));
  }

  /** Writes a line above the bar. */
  print(text: string): void {
    this.clear();
    this.out.line(text);
  }

  private clear(): void {
    if (this.barShown) this.out.stream.write('\r\u001b[2K');
    this.barShown = false;
  }

  private draw(now: boolean): void {
    if (!this.out.live) return;
    const t = Date.now();
    if (!now && t - this.lastDraw < 100) return;
    this.lastDraw = t;
    const s = this.fold.state;
    if (s.started === null || s.summary !== null) return;
    const share = Math.min(1, s.evaluations / Math.max(1, s.planned));
    const size = 20;
    const bar = '█'.repeat(Math.round(share * size)) + '░'.repeat(size - Math.round(share * size));
    const chain = s.incumbent === BASELINE ? null : chainGain(s, s.incumbent);
    const done = s.evaluations - this.startEvaluations;
    const left = done > 0 && s.evaluations < s.planned ? ` · about ${secondsText((((t - this.began) / 1000) / done) * (s.planned - s.evaluations))} left` : '';
    const spend = s.usd > 0 ? ` · $${s.usd.toFixed(2)}` : '';
    const line = `${bar} ${s.evaluations}/${s.planned} · best ${chain ? gainText(chain, unitOf(s)) : 'so far: the baseline'}${spend}${left}${this.phase === '' ? '' : ` · ${this.phase}`}`;
    this.out.stream.write(`\r\u001b[2K${this.out.paint(cut(line, this.out.width - 1), 'cyan')}`);
    this.barShown = true;
  }

  /** Removes the bar before other text. */
  end(): void {
    this.clear();
  }
}
