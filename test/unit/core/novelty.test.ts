// How alike two edits are: what differs in a detail is nearly the same, what differs in a number or in kind is not.
import assert from 'node:assert/strict';
import { likeness, sketchOf } from '../../../src/core/novelty.ts';
import { filePatch } from '../../../src/core/patch/unified.ts';

const BEFORE = `def f(rows):
    out = []
    for row in rows:
        if row.name in out:
            continue
        out.append(row.name)
    return sorted(out)
`;
const WITH_SET = `def f(rows):
    seen = set()
    out = []
    for row in rows:
        name = row.name
        if name in seen:
            continue
        seen.add(name)
        out.append(name)
    out.sort()
    return out
`;
const like = (a: string, b: string): number => likeness(sketchOf(filePatch('a.py', BEFORE, a)), sketchOf(filePatch('a.py', BEFORE, b)));

describe('novelty of an edit', () => {
  it('is the share of what two edits have in common', () => {
    assert.equal(like(WITH_SET, WITH_SET), 1);
    assert.ok(like(WITH_SET, WITH_SET.replace('    out.sort()\n', '    out.sort()  \n')) === 1, 'blanks do not matter');
    const detail = like(WITH_SET, WITH_SET.replace('out.sort()', 'out.sort(key=None)'));
    assert.ok(detail > 0.8 && detail < 1, `${detail}`);
    const other = like(WITH_SET, BEFORE.replace(/ {4}out = \[\][\s\S]*/, '    return sorted({row.name for row in rows})\n'));
    assert.ok(other < 0.6, `${other}`);
  });

  it('is whole where another number is put in: a constant may be what matters', () => {
    const limited = WITH_SET.replace('return out', 'return out[:100]');
    assert.equal(like(limited, limited.replace('100', '64')), 0);
    assert.equal(like(limited, limited), 1);
  });

  it('is told of short edits too', () => {
    assert.equal(like(BEFORE.replace('sorted(out)', 'out'), BEFORE.replace('sorted(out)', 'out')), 1);
    assert.ok(like(BEFORE.replace('sorted(out)', 'out'), BEFORE.replace('continue', 'pass')) < 0.3);
  });
});
