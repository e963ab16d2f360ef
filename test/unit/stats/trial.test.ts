// The decision of one candidate: golden trials, and what every trial must hold.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type Direction, costOf } from '../../../src/core/metric.ts';
import { type Rng, seededRng } from '../../../src/core/rng.ts';
import { deterministicStep } from '../../../src/core/stats/deterministic.ts';
import type { Pair } from '../../../src/core/stats/describe.ts';
import { simulateTrial } from '../../../src/core/stats/simulate.ts';
import { type ErrorBudget, enterTest, extendBudget, openBudget } from '../../../src/core/stats/spending.ts';
import { NO_PAIRS, type TrialRules, nextStep, testLooks, trialRules } from '../../../src/core/stats/trial.ts';

const TIME = trialRules({ kind: 'time', minEffect: 0.01 }, 'ratio', 0);
const SCORE = trialRules({ kind: 'score', minEffect: 0 }, 'difference', 0);

/** Log-normal times with bursts, the candidate `gain` times as fast. */
function times(rng: Rng, gain: number, noise = 0.02): () => Pair {
  const one = (): number => Math.abs(noise * rng.normal()) + (rng.chance(0.1) ? 0.5 * rng.next() : 0);
  return () => ({ candidate: one() - Math.log(gain), incumbent: one() });
}

describe('stats/trial', () => {
  it('takes rules from the metric', () => {
    assert.deepEqual([TIME.statistic, TIME.minEffect], ['low-tail', Math.log1p(0.01)]);
    assert.deepEqual([SCORE.statistic, SCORE.minEffect], ['mean', 0]);
    assert.equal(trialRules({ kind: 'size', minEffect: 0 }, 'ratio', 0).statistic, 'mean');
    assert.equal(trialRules({ kind: 'time', minEffect: 0 }, 'difference', 0).statistic, 'mean');
  });

  it('begins with the screen and asks for a level only after it', () => {
    assert.deepEqual(nextStep(TIME, NO_PAIRS, null), { do: 'measure', phase: 'screen', upTo: 3 });
    const better = Array.from({ length: 10 }, (_, i) => ({ candidate: 1 + i / 100, incumbent: 1.05 + i / 100 }));
    assert.deepEqual(nextStep(TIME, { ...NO_PAIRS, screen: better.slice(0, 3) }, null), { do: 'measure', phase: 'screen', upTo: 5 });
    assert.deepEqual(nextStep(TIME, { ...NO_PAIRS, screen: better }, null), { do: 'enter' });
    assert.deepEqual(nextStep(TIME, { ...NO_PAIRS, screen: better }, 1e-3), { do: 'measure', phase: 'test', upTo: testLooks(1e-3)[0]!.pairs });
  });

  it('drops what is far worse after three pairs, what is worse after five', () => {
    const far = simulateTrial(TIME, times(seededRng(1), 0.5), () => assert.fail('entered'));
    assert.deepEqual([far.end.outcome, far.evaluations], ['discarded', 6]);
    const worse = simulateTrial(TIME, times(seededRng(1), 0.95), () => assert.fail('entered'));
    assert.deepEqual([worse.end.outcome, worse.evaluations], ['discarded', 10]);
  });

  it('golden: accepts a true 3× gain with 5000 planned evaluations, and after an extension by 5000, at the last and least level', () => {
    const enterAll = (budget: ErrorBudget): { level: number; budget: ErrorBudget } => {
      let level = 0;
      // All enter; ahead of the last one the plan still counts 100 to come, so that it does not get what is left.
      for (let i = 0; i < 5000; i++) ({ level, budget } = enterTest(budget, Math.max(100, 5000 - i)));
      return { level, budget };
    };
    const planned = enterAll(openBudget(0.05));
    const extended = enterAll(extendBudget(planned.budget));
    assert.ok(planned.level < 1.2e-6 && extended.level < 6e-7);
    for (const [level, most] of [[enterTest(openBudget(0.05), 5000).level, 40], [planned.level, 60], [extended.level, 60]] as const) {
      for (let seed = 0; seed < 20; seed++) {
        const trial = simulateTrial(TIME, times(seededRng(seed), 3), () => level);
        assert.equal(trial.end.outcome, 'promote', trial.end.reason);
        assert.ok(trial.evaluations <= most, `${trial.evaluations} evaluations at ${level}`);
      }
    }
    assert.ok(simulateTrial(TIME, times(seededRng(0), 3), () => enterTest(openBudget(0.05), 50).level).evaluations <= 36);
  });

  it('promotes a gain of 5 % in quiet times and none of a half per cent, which does not matter', () => {
    let five = 0;
    let half = 0;
    for (let seed = 0; seed < 40; seed++) {
      five += simulateTrial(TIME, times(seededRng(seed), 1.05, 0.01), () => 1e-3).end.outcome === 'promote' ? 1 : 0;
      half += simulateTrial(TIME, times(seededRng(seed), 1.005, 0.001), () => 1e-3).end.outcome === 'promote' ? 1 : 0;
    }
    assert.ok(five >= 34, `${five} of 40`);
    assert.equal(half, 0);
  });

  it('promotes nothing inside the A/A offset', () => {
    const offset: TrialRules = { ...TIME, offset: Math.log(1.05) };
    for (let seed = 0; seed < 10; seed++) {
      assert.notEqual(simulateTrial(offset, times(seededRng(seed), 1.03, 0.002), () => 1e-3).end.outcome, 'promote');
      assert.equal(simulateTrial(offset, times(seededRng(seed), 1.2, 0.002), () => 1e-3).end.outcome, 'promote');
    }
  });

  it('does not promote a candidate for being more random, nor one that is now and then far slower', () => {
    let random = 0;
    let stumbling = 0;
    for (let seed = 0; seed < 60; seed++) {
      const rng = seededRng(seed);
      random += simulateTrial(TIME, () => ({ candidate: 0.1 * rng.normal(), incumbent: 0.01 * rng.normal() }), () => 1e-3).end.outcome === 'promote' ? 1 : 0;
      stumbling += simulateTrial(TIME, () => ({ candidate: 0.01 * rng.normal() - 0.05 + (rng.chance(0.3) ? 2.3 : 0), incumbent: 0.01 * rng.normal() }), () => 1e-3).end.outcome === 'promote' ? 1 : 0;
    }
    assert.ok(random <= 1, `${random} more random ones`);
    assert.ok(stumbling <= 2, `${stumbling} stumbling ones`);
  });

  it('needs fresh pairs to agree', () => {
    const good = Array.from({ length: 30 }, (_, i) => ({ candidate: 0.1 + i / 1000, incumbent: 0.3 + i / 1000 }));
    const bad = good.map((p) => ({ candidate: p.incumbent, incumbent: p.candidate }));
    const end = nextStep(TIME, { screen: good.slice(0, 10), test: good, confirm: bad.slice(0, 20) }, 1e-3);
    assert.ok(end.do === 'end' && end.outcome === 'inconclusive' && end.confirmP !== null && end.confirmP > 0.9);
    assert.match(end.reason, /not confirmed/);
  });

  it('ends at once when the error budget is spent', () => {
    const good = Array.from({ length: 10 }, (_, i) => ({ candidate: 0.1 + i / 1000, incumbent: 0.3 + i / 1000 }));
    const end = nextStep(TIME, { ...NO_PAIRS, screen: good }, 0);
    assert.ok(end.do === 'end' && end.outcome === 'inconclusive' && /budget/.test(end.reason));
  });

  it('is the same for maximize f and minimize −f, for any unit, and asks for no more than 60 pairs', () => {
    const kinds = fc.constantFrom(['time', 'ratio'] as const, ['score', 'difference'] as const);
    fc.assert(fc.property(fc.integer(), fc.double({ min: -0.1, max: 0.4, noNaN: true }), kinds, fc.constantFrom(1e-6, 1, 1e6), (seed, effect, [kind, scale], unit) => {
      const run = (direction: Direction, f: (value: number) => number, minEffect: number): unknown => {
        const rng = seededRng(seed);
        const value = (gain: number): number => Math.exp(0.05 * rng.normal() - gain);
        const trial = simulateTrial(trialRules({ kind, minEffect }, scale, 0), () => ({
          candidate: costOf(f(value(effect)), direction, scale), incumbent: costOf(f(value(0)), direction, scale),
        }), () => 1e-3);
        assert.ok(trial.evaluations <= 120);
        return [trial.end.outcome, trial.evaluations];
      };
      const least = scale === 'ratio' ? 0.01 : 0;
      const plain = run('minimize', (v) => v, least);
      assert.deepEqual(run('maximize', scale === 'ratio' ? (v) => 1 / v : (v) => -v, least), plain);
      assert.deepEqual(run('minimize', (v) => v * unit, least), plain);
    }), { numRuns: 60 });
  });

  it('decides the same when it is asked after each pair, or with more pairs than it asked for', () => {
    fc.assert(fc.property(fc.integer(), fc.double({ min: 0.9, max: 1.3, noNaN: true }), (seed, gain) => {
      const draw = times(seededRng(seed), gain);
      const all = { screen: Array.from({ length: 10 }, draw), test: Array.from({ length: 30 }, draw), confirm: Array.from({ length: 20 }, draw) };
      const stepwise = { screen: [] as Pair[], test: [] as Pair[], confirm: [] as Pair[] };
      let level: number | null = null;
      for (;;) {
        const step = nextStep(TIME, stepwise, level);
        if (step.do === 'end') {
          assert.deepEqual(step, nextStep(TIME, all, level));
          return;
        }
        if (step.do === 'enter') level = 2e-3;
        else stepwise[step.phase].push(all[step.phase][stepwise[step.phase].length]!);
      }
    }), { numRuns: 60 });
  });
});

describe('stats/deterministic', () => {
  const rules = { minEffect: 0 };
  it('spends one evaluation on what is not better', () => {
    assert.deepEqual(deterministicStep(rules, [], 10), { do: 'measure', upTo: 1 });
    for (const cost of [10, 11, 10 - 1e-13]) assert.ok(deterministicStep(rules, [cost], 10).do === 'end');
  });
  it('promotes what is better three times alike, and only that', () => {
    assert.deepEqual(deterministicStep(rules, [9], 10), { do: 'measure', upTo: 3 });
    const promoted = deterministicStep(rules, [9, 9, 9], 10);
    assert.ok(promoted.do === 'end' && promoted.outcome === 'promote' && promoted.effect === 1);
    const lucky = deterministicStep(rules, [9, 9, 9.5], 10);
    assert.ok(lucky.do === 'end' && lucky.outcome === 'inconclusive' && lucky.effect === 0.5);
    assert.ok(deterministicStep({ minEffect: 2 }, [9], 10).do === 'end');
    assert.throws(() => deterministicStep(rules, [NaN], 10), RangeError);
  });
});
