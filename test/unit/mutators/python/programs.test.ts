// Every site in a set of ordinary functions, alone and composed in random orders, gives the same results on random inputs.

import assert from 'node:assert/strict';
import { pythonRewrites } from '../../../../src/adapters/mutators/catalogue/python/all.ts';
import { createRng } from './random.ts';
import { applyEdits, type Comparison, runBoth, withContext } from './harness.ts';
import { programCalls, programText } from './programs.ts';

describe('the Python catalogue on ordinary functions', function () {
  this.timeout(240_000);
  const calls = programCalls.map((c) => `[(rng.seed(i), ${c})[1] for i in range(12)]`);

  it('finds sites whose results are the same, alone and composed', async () => {
    const cases: (Comparison & { label: string })[] = [];
    const used = new Set<string>();
    await withContext(programText, (context) => {
      for (const r of pythonRewrites)
        for (const s of r.find(context)) {
          used.add(r.id);
          cases.push({ label: `${r.id}: ${s.summary}`, before: programText, after: applyEdits(programText, s.edits), calls });
        }
    });
    const random = createRng(7);
    for (let round = 0; round < 3; round++) {
      let text = programText;
      const path: string[] = [];
      for (let step = 0; step < 14; step++) {
        const sites = await withContext(text, (context) => pythonRewrites.flatMap((r) => r.find(context).map((s) => ({ id: r.id, s }))));
        if (sites.length === 0) break;
        const pick = sites[random(sites.length)]!;
        path.push(pick.id);
        text = applyEdits(text, pick.s.edits);
      }
      cases.push({ label: path.join(' → '), before: programText, after: text, calls });
    }
    assert.ok(used.size >= 18, `only ${[...used].join(' ')}`);
    for (const [i, results] of runBoth(cases).entries())
      for (const [j, [was, is]] of results.entries()) {
        assert.ok(!was.startsWith('raises') && !was.startsWith('does not load'), `${calls[j]!}: ${was}`);
        assert.equal(is, was, `${cases[i]!.label}\n${calls[j]!}`);
      }
  });
});
