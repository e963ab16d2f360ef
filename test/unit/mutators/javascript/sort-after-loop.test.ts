import assert from 'node:assert/strict';
import { sortAfterLoop } from '../../../../src/adapters/mutators/catalogue/javascript/sort-after-loop.ts';
import { keeps, loadParsers, refuses } from './harness.ts';

describe('JavaScript rewrites: sort after the loop', () => {
  before(loadParsers);

  it('sorts once what a loop only adds to', () => {
    const after = keeps(sortAfterLoop, `function main(xs) {
  const ranked = [];
  for (const x of xs) {
    if (x < 0) continue;
    ranked.push({ x });
    ranked.sort((a, b) => b.x - a.x);
  }
  return ranked.map((r) => r.x);
}`, [[[3, 1, -1, 2]], [[]], [[5]]]);
    assert.match(after, / {2}\}\n {2}ranked\.sort\(\(a, b\) => b\.x - a\.x\);\n {2}return/);
  });

  it('goes out of nested loops, and takes a comparator of the file', () => {
    const after = keeps(sortAfterLoop, `const order = (a, b) => a - b;
function main(rows) {
  const all = [];
  for (const row of rows) {
    for (const x of row) {
      all.push(x);
      all.sort(order);
    }
  }
  return all;
}`, [[[[3, 1], [2]]], [[]]]);
    assert.match(after, / {2}\}\n {2}all\.sort\(order\);\n {2}return all/);
  });

  it('leaves alone what is read, returned early, shared, filled before, or ordered by the loop', () => {
    const loop = (body: string, start = 'const q = [];', rest = 'return q;'): string => `function main(xs, p) {\n  ${start}\n  for (const x of xs) {\n    ${body}\n  }\n  ${rest}\n}`;
    refuses(sortAfterLoop, {
      'it is read in the loop': loop('q.push(x);\n    q.sort();\n    if (q[0] > 3) break;'),
      'its length is read in the loop': loop('if (q.length < 3) q.push(x);\n    q.sort();'),
      'elements are taken out': loop('q.push(x);\n    q.sort();\n    q.shift();'),
      'the loop returns': loop('q.push(x);\n    q.sort();\n    if (x > 9) return x;'),
      'it is a parameter': loop('p.push(x);\n    p.sort();', '', 'return p;'),
      'it holds something already': loop('q.push(x);\n    q.sort();', 'const q = [3, 1];'),
      'it is assigned': loop('q.push(x);\n    q.sort();', 'let q = [];', 'q = [];\n  return q;'),
      'the order depends on the pass': loop('q.push(x);\n    q.sort((a, b) => (a - b) * x);'),
      'a closure sees it': loop('q.push(x);\n    q.sort();\n    p.push(() => q);'),
      'the comparison has an effect': loop('q.push(x);\n    q.sort((a, b) => { p.push(a); return a - b; });'),
      'an exception would show it': `function main(xs) {\n  const q = [];\n  try {\n    for (const x of xs) {\n      q.push(x.y);\n      q.sort();\n    }\n  } catch (e) {\n    return q;\n  }\n  return q;\n}`,
      'it is sorted only sometimes, in a value': loop('q.push(x);\n    p = q.sort();'),
    });
  });
});
