// Whole runs of 50 useless candidates, under noise of several shapes and on the recordings in time order: how many promote one.
// A sample; bench/statistics.ts is the large version.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Rng, seededRng } from '../../../src/core/rng.ts';
import type { Pair, Statistic } from '../../../src/core/stats/describe.ts';
import { permutationP } from '../../../src/core/stats/permutation.ts';
import { simulateTrial } from '../../../src/core/stats/simulate.ts';
import { enterTest, giveBack, openBudget } from '../../../src/core/stats/spending.ts';
import { type TrialRules, testLooks } from '../../../src/core/stats/trial.ts';

type Draw = () => Pair;
type Source = (rng: Rng) => Draw;

const independent = (one: (rng: Rng) => number): Source => (rng) => () => ({ candidate: one(rng), incumbent: one(rng) });

const SHAPES: Record<string, Source> = {
  normal: independent((r) => 0.03 * r.normal()),
  'student t, 2 degrees': independent((r) => (0.02 * r.normal()) / Math.sqrt((r.normal() ** 2 + r.normal() ** 2) / 2)),
  'log-normal spikes': independent((r) => 0.01 * r.normal() + Math.exp(1.2 * r.normal() - 3.5) + (r.chance(0.1) ? r.next() : 0)),
  bimodal: independent((r) => (r.chance(0.5) ? 0.12 : 0) + 0.01 * r.normal()),
  // Drift and bursts hit both members; the order within a pair, here worth 1 %, is random.
  drifting: (r) => {
    let base = 0;
    let burst = 0;
    return () => {
      base += 0.02 * r.normal();
      if (r.chance(0.05)) burst = burst > 0 ? 0 : 0.7;
      const first = base + burst + 0.02 * r.normal();
      const second = base + burst + 0.01 + 0.02 * r.normal();
      return r.chance(0.5) ? { candidate: first, incumbent: second } : { candidate: second, incumbent: first };
    };
  },
};

/** Two recordings of one program in time order from a random start, one of them in the candidate's role for the whole trial. */
function recorded(file: string, program: string): Source {
  const text = gunzipSync(readFileSync(path.join(__dirname, '../../../bench/noise', `${file}.jsonl.gz`))).toString();
  const rows = text.trim().split('\n').map((line) => JSON.parse(line) as Record<string, number[]>);
  const cost = (v: number[]): number => Math.log(Math.min(...v.slice(5, 8)));
  const a = rows.map((r) => cost(r[`${program}A1`]!));
  const b = rows.map((r) => cost(r[`${program}A2`]!));
  return (rng) => {
    let at = rng.int(rows.length);
    const [candidate, incumbent] = rng.chance(0.5) ? [a, b] : [b, a];
    return () => {
      at = (at + 1) % rows.length;
      return { candidate: candidate[at]!, incumbent: incumbent[at]! };
    };
  };
}

/** Runs of `candidates` useless candidates; the number of runs with a promotion. */
function falseRuns(runs: number, source: Source, statistic: Statistic, alpha: number, seed: string, candidates = 50): number {
  const rules: TrialRules = { statistic, scale: 'ratio', minEffect: 0, offset: 0 };
  let wrong = 0;
  for (let run = 0; run < runs; run++) {
    const rng = seededRng(`${seed} ${run}`);
    let budget = openBudget(alpha);
    let promoted = false;
    for (let i = 0; i < candidates; i++) {
      let level = 0;
      const trial = simulateTrial(rules, source(rng), () => {
        ({ level, budget } = enterTest(budget, candidates - i));
        return level;
      });
      if (trial.end.outcome !== 'promote') continue;
      promoted = true;
      budget = giveBack(budget, level);
    }
    if (promoted) wrong++;
  }
  return wrong;
}

/** The most wrong runs that `alpha` explains, but for one such test in ten thousand. */
function mostBy(alpha: number, runs: number): number {
  let term = (1 - alpha) ** runs;
  let below = term;
  let k = 0;
  while (below < 0.9999) {
    term *= ((runs - k) / (k + 1)) * (alpha / (1 - alpha));
    below += term;
    k++;
  }
  return k;
}

describe('stats: whole runs of 50 useless candidates', () => {
  const sources = { ...SHAPES, ...Object.fromEntries(['quiet', 'othercore'].flatMap((f) => ['py', 'js'].map((p) => [`recording ${f} ${p}`, recorded(f, p)] as const))) };
  for (const [name, source] of Object.entries(sources)) {
    it(`promote one in at most α of the runs: ${name}`, () => {
      const lowTail = falseRuns(40, source, 'low-tail', 0.05, name);
      const mean = falseRuns(8, source, 'mean', 0.05, name);
      assert.ok(lowTail + mean <= mostBy(0.05, 48), `${lowTail} of 40 and ${mean} of 8`);
      // A large α makes the budget visible in few runs.
      const large = falseRuns(30, source, 'low-tail', 0.4, name, 10);
      assert.ok(large <= mostBy(0.2, 30), `${large} of 30 at α = .4, of which the plan may spend half`);
    });
  }

  it('have noise enough that taking the better of single measurements promotes one in nearly every run', () => {
    for (const [name, source] of Object.entries(sources)) {
      let wrong = 0;
      for (let run = 0; run < 30; run++) {
        const draw = source(seededRng(`${name} ${run}`));
        let best = draw().incumbent;
        let promoted = false;
        for (let i = 0; i < 50; i++) {
          const { candidate } = draw();
          if (candidate >= best) continue;
          best = candidate;
          promoted = true;
        }
        wrong += promoted ? 1 : 0;
      }
      assert.ok(wrong >= 20, `${name}: ${wrong} of 30`);
    }
  });

  // Guards, screen and confirmation left out: this sees a p-value or a level that is wrong by little.
  it('reach the level of some look as often as the levels say, and no more often', () => {
    const level = 0.01;
    const looks = testLooks(level);
    const total = looks.reduce((sum, look) => sum + look.level, 0);
    assert.ok(Math.abs(total - 0.2) < 0.01);
    const trials = 300;
    for (const [name, source] of Object.entries(sources)) {
      let reached = 0;
      for (let i = 0; i < trials; i++) {
        const draw = source(seededRng(`${name} look ${i}`));
        const pairs = Array.from({ length: 30 }, draw);
        reached += looks.some((look) => permutationP(pairs.slice(0, look.pairs), 'low-tail') <= look.level) ? 1 : 0;
      }
      assert.ok(reached <= mostBy(total, trials), `${name}: ${reached} of ${trials} at ${total}`);
      if (!name.startsWith('recording')) assert.ok(reached >= (total / 4) * trials, `${name}: ${reached} of ${trials} at ${total}: no power`);
    }
  });
});
