// How many evaluations mads needs on landscapes over knobs with a known optimum, against random values and greedy turning of one knob at a time.
// In process, and nothing is timed. The families are frozen: mads was never tuned on them.
// Usage: npx tsx bench/knobs.ts [--write]   (50 seeds; prints markdown)

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { turnKnob } from '../src/adapters/mutators/numbers.ts';
import type { KnobRange } from '../src/core/knob.ts';
import type { Told } from '../src/core/optimizers/optimizer.ts';
import { optimizerNamed } from '../src/core/optimizers/registry.ts';
import { seededRng, type Rng } from '../src/core/rng.ts';
import { BASELINE } from '../src/core/solution.ts';
import { NO_TRAITS } from '../src/core/traits.ts';
import { duel, duelText, reachText } from './duels.ts';

const BUDGET = 300;
const SEEDS = 50;
const GOALS = [0.9, 0.95, 0.99] as const;
type Point = readonly number[];

interface Landscape {
  readonly knobs: readonly KnobRange[];
  /** What it costs, 0 at the best; null where it fails. */
  readonly cost: (p: Point) => number | null;
}

const whole = (value: number, low: number, high: number): KnobRange => ({ name: '', value, low, high, integer: true });
const real = (value: number, low: number, high: number): KnobRange => ({ name: '', value, low, high, integer: false });
const square = (x: number): number => x * x;

/** Each with its optimum drawn within the middle of the range. */
const FAMILIES: readonly { readonly name: string; readonly what: string; readonly make: (rng: Rng) => Landscape }[] = [
  {
    name: 'flat', what: 'four whole numbers that do not matter', make: () => ({ knobs: [1, 2, 3, 4].map((v) => whole(v, 0, 100)), cost: () => 1 }),
  },
  {
    name: 'needle', what: 'two whole numbers up to 40, and only one pair of them is any good',
    make: (rng) => {
      const at = [rng.int(41), rng.int(41)];
      return { knobs: [whole(0, 0, 40), whole(0, 0, 40)], cost: (p) => (p[0] === at[0] && p[1] === at[1] ? 0 : 1) };
    },
  },
  {
    name: 'bowl', what: 'four whole numbers up to 1000, of weights from 1 to 1000',
    make: (rng) => {
      const at = Array.from({ length: 4 }, () => 100 + rng.int(800));
      return { knobs: at.map(() => whole(1 + rng.int(1000), 1, 1000)), cost: (p) => p.reduce((sum, x, i) => sum + 10 ** i * square((x - (at[i] ?? 0)) / 1000), 0) };
    },
  },
  {
    name: 'valley', what: 'two real numbers in a bent valley (Rosenbrock 1960)',
    make: (rng) => {
      const shift = [rng.next(), rng.next()];
      return { knobs: [real(-1.2, -2, 2), real(1, -2, 2)], cost: ([x = 0, y = 0]) => square(0.5 + (shift[0] ?? 0) / 2 - x) + 100 * square(y - x * x) };
    },
  },
  {
    name: 'stairs', what: 'three whole numbers up to 1000, which matter in steps of 50',
    make: (rng) => {
      const at = Array.from({ length: 3 }, () => rng.int(20));
      return { knobs: at.map(() => whole(1 + rng.int(1000), 0, 999)), cost: (p) => p.reduce((sum, x, i) => sum + Math.abs(Math.floor(x / 50) - (at[i] ?? 0)), 0) };
    },
  },
  {
    name: 'wall', what: 'three whole numbers up to 200, whose sum may not exceed what the best needs: about half of all points fail',
    make: (rng) => {
      const at = Array.from({ length: 3 }, () => 60 + rng.int(60));
      const limit = at.reduce((a, b) => a + b, 0);
      return { knobs: at.map(() => whole(10, 0, 200)), cost: (p) => (p.reduce((a, b) => a + b, 0) > limit ? null : p.reduce((sum, x, i) => sum + square((x - (at[i] ?? 0)) / 100), 0)) };
    },
  },
  {
    name: 'ripples', what: 'three real numbers with many local optima (Rastrigin 1974)',
    make: (rng) => {
      const at = Array.from({ length: 3 }, () => 4 * rng.next() - 2);
      return { knobs: at.map(() => real(4 * rng.next() - 2, -5, 5)), cost: (p) => p.reduce((sum, x, i) => sum + square(x - (at[i] ?? 0)) + 5 * (1 - Math.cos(2 * Math.PI * (x - (at[i] ?? 0)))), 0) };
    },
  },
];

/** A way of choosing points; `learn` hears what the last one cost. */
interface Chooser { readonly next: () => Point | null; readonly learn: (cost: number | null) => void }

const anyPoint = (l: Landscape, rng: Rng): Point => l.knobs.map((k) => (k.integer ? k.low + rng.int(k.high - k.low + 1) : k.low + (k.high - k.low) * rng.next()));

/** The embedded proposer's turn of one knob, from the best so far. */
function turning(l: Landscape, rng: Rng): Chooser {
  let best = l.knobs.map((k) => k.value);
  let least = l.cost(best) ?? Infinity;
  let asked: Point = best;
  return {
    next: () => {
      const i = rng.int(best.length);
      const value = best[i] ?? 0;
      const text = String(value);
      const site = turnKnob({ ...(l.knobs[i] as KnobRange), value, start: 0, end: text.length }, text, rng);
      asked = site === null ? best : best.map((x, k) => (k === i ? Number(site.edits[0]?.text ?? text) : x));
      return asked;
    },
    learn: (cost) => {
      if (cost === null || cost >= least) return;
      best = [...asked];
      least = cost;
    },
  };
}

function searching(l: Landscape, rng: Rng): Chooser {
  const { optimizer, options } = optimizerNamed('mads', {});
  let state = optimizer.init(options, { evaluations: BUDGET, knobs: l.knobs });
  const start = l.cost(l.knobs.map((k) => k.value)) ?? 0;
  let ask: Told['ask'] | null = null;
  let n = 0;
  return {
    next: () => {
      const out = optimizer.ask(state, rng);
      state = out.state;
      ask = out.ask;
      return ask?.knobs ?? null;
    },
    learn: (cost) => {
      if (ask === null) return;
      const told: Told = { id: `s${n++}`, parent: BASELINE, ask, outcome: cost === null ? 'crashed' : 'discarded', effect: cost === null ? null : start - cost, error: 0, feasible: true, operator: 'knobs', traits: NO_TRAITS, spent: false };
      state = optimizer.tell(state, told, rng);
    },
  };
}

const WAYS: readonly { readonly name: string; readonly of: (l: Landscape, rng: Rng) => Chooser }[] = [
  { name: 'mads', of: searching },
  { name: 'random', of: (l, rng) => ({ next: () => anyPoint(l, rng), learn: () => undefined }) },
  { name: 'turning', of: turning },
];

/** By goal: evaluations until that share of the way from the baseline's cost to 0 is made. */
function play(l: Landscape, way: Chooser): readonly number[] {
  const start = l.cost(l.knobs.map((k) => k.value)) ?? 0;
  const reached: number[] = GOALS.map(() => Infinity);
  for (let n = 1; n <= BUDGET; n++) {
    const p = way.next();
    if (p === null) break;
    const cost = l.cost(p);
    way.learn(cost);
    if (cost !== null) GOALS.forEach((g, i) => { if (cost <= (1 - g) * start) reached[i] = Math.min(reached[i] ?? Infinity, n); });
  }
  return reached;
}

const lines = [
  '# Searching over knobs', '', '`npx tsx bench/knobs.ts --write`', '',
  `Evaluations until 90, 95 and 99 % of what there is to gain is gained, on ${SEEDS} seeded landscapes of each family, with a budget of ${BUDGET} and without noise: the median, and on how many landscapes the goal was reached. *random* draws each knob anew within its bounds; *turning* is what the built-in mutators do under greedy: one knob of the best at a time, by a random factor. Beside mads: how often it was there sooner – later, landscape by landscape; ▲ and ▼ where a sign test (two-sided, 5 % a cell) says that this is no chance. mads was not tuned on these families. Seeded: the same page on any machine.`, '',
];
for (const family of FAMILIES) {
  const results = WAYS.map((way) => Array.from({ length: SEEDS }, (_, seed) => play(family.make(seededRng(`knobs ${family.name} ${seed}`)), way.of(family.make(seededRng(`knobs ${family.name} ${seed}`)), seededRng(`${way.name} ${seed}`)))));
  const [mine = [], ...others] = results.map((runs) => GOALS.map((_, g) => runs.map((r) => r[g] ?? Infinity)));
  lines.push(`## ${family.name}`, '', `${family.what[0]?.toUpperCase() ?? ''}${family.what.slice(1)}.`, '', '| goal | mads | random | mads against it | turning | mads against it |', '| --- | --- | --- | --- | --- | --- |');
  GOALS.forEach((goal, g) => {
    const columns = others.map((o) => `${reachText(o[g] ?? [], BUDGET)} | ${duelText(duel(mine[g] ?? [], o[g] ?? []))}`);
    lines.push(`| ${goal * 100} % | ${reachText(mine[g] ?? [], BUDGET)} | ${columns.join(' | ')} |`);
  });
  lines.push('');
}
if (process.argv.includes('--write')) writeFileSync(path.join(__dirname, 'results/knobs.md'), lines.join('\n'));
else process.stdout.write(lines.join('\n'));
