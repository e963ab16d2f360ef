// The error budget: nothing that a run can do makes it spend more than α.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type ErrorBudget, enterTest, extendBudget, giveBack, openBudget, spreadOverLooks, typicalLevel } from '../../../src/core/stats/spending.ts';
import { testLooks } from '../../../src/core/stats/trial.ts';

describe('stats/spending', () => {
  it('never has more than α out, over any sequence of tests, promotions and extensions', () => {
    const act = fc.oneof(
      { weight: 8, arbitrary: fc.record({ do: fc.constant('enter' as const), toCome: fc.integer({ min: -2, max: 3000 }) }) },
      { weight: 2, arbitrary: fc.record({ do: fc.constant('promote' as const), which: fc.nat() }) },
      { weight: 1, arbitrary: fc.constant({ do: 'extend' as const }) },
    );
    fc.assert(fc.property(fc.constantFrom(0.001, 0.05, 0.5), fc.array(act, { maxLength: 120 }), (alpha, acts) => {
      let budget = openBudget(alpha);
      const out: number[] = []; // levels of tests that were not promoted
      for (const a of acts) {
        if (a.do === 'extend') budget = extendBudget(budget);
        else if (a.do === 'enter') {
          const entered = enterTest(budget, a.toCome);
          assert.ok(entered.level >= 0);
          budget = entered.budget;
          out.push(entered.level);
        } else if (out.length > 0) budget = giveBack(budget, out.splice(a.which % out.length, 1)[0]!);
        const sum = out.reduce((x, y) => x + y, 0);
        assert.ok(sum <= alpha * (1 + 1e-9), `${sum} of ${alpha}`);
        assert.ok(Math.abs(sum - budget.spent) < 1e-9 && budget.spent + budget.left <= alpha * (1 + 1e-9));
        budget = JSON.parse(JSON.stringify(budget)) as ErrorBudget;
      }
    }), { numRuns: 300 });
  });

  it('spends half of α on the plan, by 1/(j + 9), and half of the rest on an extension', () => {
    for (const planned of [1, 50, 5000]) {
      const plan = (start: ErrorBudget): { levels: number[]; end: ErrorBudget } => {
        let budget = start;
        const levels: number[] = [];
        for (let i = 0; i < planned; i++) {
          const entered = enterTest(budget, planned - i);
          levels.push(entered.level);
          budget = entered.budget;
        }
        return { levels, end: budget };
      };
      const sum = (v: number[]): number => v.reduce((a, b) => a + b, 0);
      const first = plan(openBudget(0.05));
      assert.ok(Math.abs(sum(first.levels) - 0.025) < 1e-12);
      const total = sum(Array.from({ length: planned }, (_, i) => 1 / (i + 10)));
      first.levels.forEach((level, i) => assert.ok(Math.abs(level - 0.025 / (i + 10) / total) < 1e-12));
      assert.ok(Math.abs(sum(plan(extendBudget(first.end)).levels) - 0.0125) < 1e-12);
    }
  });

  it('lets later tests have what candidates that never entered one left', () => {
    const { budget } = enterTest(openBudget(0.05), 50);
    assert.ok(enterTest(budget, 10).level > 2 * enterTest(budget, 49).level);
    assert.equal(enterTest(budget, 1).level, budget.left);
  });

  it('gives a promoted solution\'s level back to later tests', () => {
    const start = openBudget(0.05);
    const { level, budget } = enterTest(start, 50);
    const after = giveBack(budget, level);
    assert.ok(Math.abs(after.left - start.left) < 1e-15 && Math.abs(after.spent) < 1e-15);
  });

  it('spreads a level over looks in multiples of 2^−n, and no more than all of it', () => {
    const looks = fc.array(fc.record({ pairs: fc.integer({ min: 1, max: 40 }), share: fc.double({ min: 0.01, max: 1, noNaN: true }) }), { minLength: 1, maxLength: 6 })
      .map((l) => l.sort((a, b) => a.pairs - b.pairs));
    fc.assert(fc.property(fc.double({ min: 1e-12, max: 1, noNaN: true }), looks, (level, plan) => {
      const spread = spreadOverLooks(level, plan);
      assert.ok(spread.reduce((sum, l) => sum + l.level, 0) <= level * (1 + 1e-12));
      for (const l of spread) assert.ok(l.level === 0 || (l.level >= 2 ** -l.pairs && Number.isInteger(l.level * 2 ** l.pairs)));
    }));
  });

  it('hands the share of a look that cannot reject on to later looks', () => {
    const [a, b] = spreadOverLooks(0.01, [{ pairs: 5, share: 0.5 }, { pairs: 20, share: 0.5 }]);
    assert.deepEqual([a!.level, Math.floor(0.01 * 2 ** 20) / 2 ** 20], [0, b!.level]);
  });

  it('looks as early as a p-value can accept, down to levels of very long runs', () => {
    assert.deepEqual(testLooks(1.4e-3).map((l) => l.pairs), [8, 15, 20, 30]);
    assert.equal(testLooks(1.4e-3)[0]!.level, 2 ** -8);
    for (const level of [1e-2, 1e-3, 1e-5, 4e-7, 1e-8]) {
      const looks = testLooks(level);
      assert.ok(looks.some((l) => l.level > 0), `a test at ${level} can accept`);
      assert.ok(looks.reduce((s, l) => s + l.level, 0) * 0.05 <= level * (1 + 1e-12));
    }
    assert.ok(testLooks(0).every((l) => l.level === 0));
  });

  it('states a typical level', () => assert.equal(typicalLevel(0.05, 50), 0.0005));
});
