// Journals with many stored solutions: the beginning is that of a real run, the rest as a run would write it, without its measurements.
//
// Each solution is a real diff against its real parent, chosen by the real optimizer; only effects, gates and rounds are made up. So that
// it takes seconds, an edit changes one constant of the pinned function, and the normal form is named by the text's own hash.

import { axisOf } from '../src/core/axis.ts';
import type { EventBody } from '../src/core/events.ts';
import { optimizerNamed } from '../src/core/optimizers/registry.ts';
import type { Genome } from '../src/core/pin.ts';
import { seededRng } from '../src/core/rng.ts';
import { RunFold } from '../src/core/run-state.ts';
import { BASELINE, type Gain } from '../src/core/solution.ts';
import { Genomes } from '../src/core/genomes.ts';
import { contentHash, formHash, solutionId } from '../src/engine/ids.ts';
import type { Journal } from '../src/engine/ports.ts';
import { Search } from '../src/engine/search.ts';

/** A solution of every so many is kept, so that the tree gets deep: 1 in 100. */
const KEPT_EVERY = 100;

export interface Stored {
  readonly solutions: number;
  readonly rounds: number;
  readonly depth: number;
}

/** Changes one number of one pin: a text that no earlier call gave. */
function changed(genome: Genome, n: number): Genome {
  const id = Object.keys(genome)[0] ?? '';
  const text = genome[id] ?? '';
  const numbers = [...text.matchAll(/(?<![\w.])\d+(?![\w.])/g)];
  const at = numbers[n % numbers.length];
  if (at === undefined) throw new Error('the pinned function has no number to change');
  return { ...genome, [id]: `${text.slice(0, at.index)}${n + 1000}${text.slice(at.index + at[0].length)}` };
}

/** Appends `n` evaluated solutions to a journal that has its baseline; `rounds` pairs each. */
export function storeSolutions(journal: Journal, n: number, rounds: number): Stored {
  const fold = new RunFold();
  journal.replay((e) => { fold.apply(e); });
  const { started, noise } = fold.state;
  if (started === null || noise === null) throw new Error('the journal has no baseline');
  const { optimizer, options } = optimizerNamed(started.spec.optimizer.name, started.spec.optimizer.options);
  const search = new Search(optimizer, options, started.seed, { evaluations: started.spec.budget.evaluations });
  const solution = (id: string): ReturnType<typeof fold.state.solutions.get> => fold.state.solutions.get(id);
  const genomes = new Genomes(started.base, solution);
  const rng = seededRng(started.seed);
  const axis = axisOf(started.spec, [noise.scale === 'ratio' ? 1 : 0]);
  const emit = (body: EventBody): void => {
    const e = journal.append(body, false);
    fold.apply(e);
    search.follow(e, solution);
  };
  const metric = Object.keys(noise.values)[0] ?? '';
  for (let i = 0; i < n; i++) {
    const { ask, rng: before } = search.ask();
    if (ask === null) throw new Error('the search is exhausted');
    emit({ type: 'asked', ask: i, request: ask, rng: before });
    const parent = genomes.of(ask.parent);
    const genome = changed(parent, i);
    const patch = genomes.diff(parent, genome);
    const id = solutionId(started.run, i, patch);
    emit({
      type: 'proposed', ask: i, id, parents: [ask.parent], patch, operator: 'generic:constant', summary: `constant: a number to ${i + 1000}`, usd: 0, spent: false,
      form: formHash(contentHash(JSON.stringify(genome))),
    });
    emit({ type: 'gated', id, gate: started.spec.gates[0]?.name ?? 'results', ok: true, seconds: 0.0123 + i / 1e7, output: '' });
    const kept = i % KEPT_EVERY === KEPT_EVERY - 1;
    const effect = kept ? 0.02 : -0.01 - 0.02 * rng.next();
    const value = (noise.values[metric] ?? 1) * Math.exp(-effect);
    const over = fold.state.incumbent;
    for (let pair = 0; pair < rounds; pair++)
      emit({ type: 'round', id, phase: 'screen', against: over, pair, candidate: value * (1 + rng.next() / 100), incumbent: noise.values[metric] ?? 1, metrics: { [metric]: value } });
    const base = over === BASELINE ? 0 : (fold.state.solutions.get(over)?.estimate?.gain ?? 0);
    const total = axis.scale === 'ratio' ? (base === 0 ? 0 : Math.log(base)) + effect : base + effect;
    const shown = axis.scale === 'ratio' ? Math.exp(total) : total;
    const gain: Gain = { scale: axis.scale, gain: axis.scale === 'ratio' ? Math.exp(effect) : effect, low: axis.scale === 'ratio' ? 1.01 : 0.01, high: axis.scale === 'ratio' ? 1.03 : 0.03, error: 0.001, pairs: 30, processes: 60 };
    emit({
      type: 'verdict', ask: i, id, outcome: kept ? 'kept' : 'discarded', reason: kept ? 'better on fresh pairs' : 'not better than the incumbent', estimate: { scale: axis.scale, gain: shown, error: 0.003 },
      effect: total, feasible: true, p: null, alpha: null, pairs: rounds, processes: 2 * rounds + 1, seconds: 1.2345, metrics: { [metric]: value }, ...(kept ? { promotes: { over, gain } } : {}),
    });
    if (kept) emit({ type: 'promoted', id, over, gain });
  }
  // Verified already, so that a resume does not begin by measuring what was made up.
  const best = fold.state.solutions.get(fold.state.incumbent);
  if (best?.promotion) emit({ type: 'confirmed', id: best.id, against: BASELINE, ok: true, reason: '', gain: { ...best.promotion, gain: best.estimate?.gain ?? 1 }, heldOut: null });
  return { solutions: n, rounds: n * rounds, depth: fold.state.solutions.get(fold.state.incumbent)?.depth ?? 0 };
}
