// Every Python rewrite: where it applies it gives the same results, where it must not it finds nothing, and it comes to an end.

import assert from 'node:assert/strict';
import { pythonRewrites } from '../../../../src/adapters/mutators/catalogue/python/all.ts';
import { lookupCases } from './cases-lookup.ts';
import { sequenceCases } from './cases-sequence.ts';
import { applyEdits, type Comparison, exhaust, runBoth, sitesOf } from './harness.ts';

const cases = [...lookupCases, ...sequenceCases];

describe('the Python catalogue', () => {
  it('has examples and at least two counterexamples for each rewrite', () => {
    for (const r of pythonRewrites) {
      const found = cases.filter((c) => c.id === r.id);
      assert.equal(found.length, 1, r.id);
      assert.ok(Object.keys(found[0]!.never).length >= 2 && found[0]!.applies.length >= 1, r.id);
      assert.ok(r.assumes.length > 10 && r.languages.includes('python'));
    }
    assert.equal(new Set(pythonRewrites.map((r) => r.id)).size, pythonRewrites.length);
  });

  for (const c of cases) {
    describe(c.id, () => {
      for (const a of c.applies)
        it(`applies: ${a.code.split('\n').find((l) => l.startsWith('def'))!}`, async () => {
          const sites = await sitesOf(a.code, c.id);
          assert.ok(sites.length > 0, `no site in\n${a.code}`);
          const results = sites.map((s) => applyEdits(a.code, s.edits));
          results.push(await exhaust(a.code, [c.id]));
          assert.ok(results.some((r) => a.shows.test(r)), results.join('\n-----\n'));
        });
      for (const [reason, code] of Object.entries(c.never))
        it(`not where ${reason}`, async () => {
          const sites = await sitesOf(code, c.id);
          assert.deepEqual(sites.map((s) => applyEdits(code, s.edits)), []);
        });
    });
  }

  it('gives the same results before and after, alone and all together', async function () {
    this.timeout(120_000);
    const all: (Comparison & { id: string })[] = [];
    for (const c of cases)
      for (const a of c.applies) {
        for (const s of await sitesOf(a.code, c.id)) all.push({ id: c.id, before: a.code, after: applyEdits(a.code, s.edits), calls: a.calls });
        const order = [...pythonRewrites.map((r) => r.id)];
        all.push({ id: `${c.id} then all`, before: a.code, after: await exhaust(a.code, order), calls: a.calls });
        all.push({ id: `all backwards, ${c.id}`, before: a.code, after: await exhaust(a.code, order.reverse()), calls: a.calls });
      }
    const outcomes = runBoth(all);
    for (const [i, results] of outcomes.entries())
      for (const [j, [was, is]] of results.entries()) {
        assert.ok(!was.startsWith('raises') && !was.startsWith('does not load'), `${all[i]!.calls[j]!} ${was}\n${all[i]!.before}`);
        assert.equal(is, was, `${all[i]!.id}: ${all[i]!.calls[j]!}\n${all[i]!.after}`);
      }
  });
});
