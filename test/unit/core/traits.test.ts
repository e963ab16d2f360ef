// Traits: read from real diffs, and the same whether a lineage is one diff or many.
import assert from 'node:assert/strict';
import { filesPatch } from '../../../src/core/patch/unified.ts';
import { addTraits, NO_TRAITS, traitsOfPatch } from '../../../src/core/traits.ts';

const patch = (before: string, after: string): string => filesPatch(new Map([['a.py', before]]), new Map([['a.py', after]]));

describe('traits of a solution', () => {
  it('count characters without blanks, lines and branches', () => {
    const before = 'def f(x):\n    y = x\n    return y\n';
    assert.deepEqual(traitsOfPatch(patch(before, 'def f(x):\n    if x and x > 1:\n        y = 2\n    return y\n')), { size: 'ifxandx>1:y=2'.length - 'y=x'.length, footprint: 3, branches: 2 });
    assert.deepEqual(traitsOfPatch(patch('a ? b : c\nx ?? y\nz?.u\n', 'b\n')), { size: 1 - 'a?b:cx??yz?.u'.length, footprint: 4, branches: -2 });
    assert.deepEqual(traitsOfPatch(''), NO_TRAITS);
  });

  it('are not fooled by lines that look like headers, nor by a missing last newline', () => {
    assert.deepEqual(traitsOfPatch(patch('a\n-- if\nb\n', 'a\n++ for\nb')), { size: 1, footprint: 4, branches: 0 });
    assert.deepEqual(traitsOfPatch(patch('a\n', '@@ -1 +1 @@\na\n')), { size: 8, footprint: 1, branches: 0 });
  });

  it('of several files and steps add up to those of the way', () => {
    const texts = ['one\ntwo\nthree\n', 'one\ntwo if\nthree\n', 'one\nfour\n'];
    const files = (i: number): ReadonlyMap<string, string> => new Map([['a.js', texts[i]!], ['b.js', `while\n${texts[i]!}`]]);
    const steps = addTraits(traitsOfPatch(filesPatch(files(0), files(1))), traitsOfPatch(filesPatch(files(1), files(2))));
    const once = traitsOfPatch(filesPatch(files(0), files(2)));
    assert.equal(steps.size, once.size);
    assert.equal(steps.branches, once.branches);
    assert.ok(steps.footprint > once.footprint);
    assert.deepEqual(addTraits(steps, NO_TRAITS), steps);
  });
});
