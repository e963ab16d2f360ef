// The embedded proposer's answers to what a search asks for by name: a crossover, a mended failure, several edits at once.
import assert from 'node:assert/strict';
import { crossed, mended } from '../../../../src/adapters/mutators/combine.ts';
import { MutatorProposer } from '../../../../src/adapters/mutators/proposer.ts';
import { findPins } from '../../../../src/adapters/syntax/pins.ts';
import { textEdits } from '../../../../src/core/patch/edits.ts';
import { baseGenome, renderFile, type BaseFile, type Genome } from '../../../../src/core/pin.ts';
import { seededRng } from '../../../../src/core/rng.ts';
import { EMPTY } from '../../../../src/core/run-state.ts';
import type { ProposalRequest } from '../../../../src/engine/ports.ts';

const LINES = ['# sigil: improve', 'def f(x):', '    a = x + 1', '    b = a * 2', '    c = b - 3', '    d = c + a', '    return d', ''];
const text = LINES.join('\n');
const file = async (): Promise<BaseFile> => ({ file: 'a.py', text, pins: (await findPins('a.py', text)).pins });
const edit = (base: BaseFile, ...pairs: readonly (readonly [string, string])[]): Genome => {
  const [[pin, before]] = Object.entries(baseGenome([base])) as [[string, string]];
  return { [pin]: pairs.reduce((t, [a, b]) => t.replace(a, b), before) };
};
const request = (base: readonly BaseFile[], change: Partial<ProposalRequest>, seed = 's'): ProposalRequest => ({
  ask: { parent: 'p', inspirations: [] }, number: 0, state: EMPTY, instructions: '', parent: baseGenome(base), inspirations: [], base, rng: seededRng(seed), seen: () => false, record: () => ({ tries: 0, wins: 0 }), signal: new AbortController().signal, halt: new AbortController().signal, ...change,
});

describe('a crossover', () => {
  it('has what both have changed, and is none where they disagree', async () => {
    const base = await file();
    const a = edit(base, ['a = x + 1', 'a = x - 1']);
    const b = edit(base, ['d = c + a', 'd = c']);
    assert.deepEqual(crossed([base], a, b), edit(base, ['a = x + 1', 'a = x - 1'], ['d = c + a', 'd = c']));
    assert.deepEqual(crossed([base], a, a), a);
    const next = ['b = a * 2', 'b = a + a'] as const;
    assert.deepEqual(crossed([base], a, edit(base, next)), edit(base, ['a = x + 1', 'a = x - 1'], next), 'lines side by side');
    assert.deepEqual(crossed([base], a, edit(base, ['a = x + 1', 'a = x - 1'], next)), edit(base, ['a = x + 1', 'a = x - 1'], next), 'what both have is there once');
    assert.equal(crossed([base], a, edit(base, ['a = x + 1', 'a = 7'])), null);
  });

  it('is proposed when it is new and parses; else another edit is', async () => {
    const base = await file();
    const a = edit(base, ['a = x + 1', 'a = x - 1']);
    const b = edit(base, ['d = c + a', 'd = c']);
    const both = crossed([base], a, b);
    const proposer = new MutatorProposer({ generic: true });
    const ask = { parent: 'a', inspirations: ['b'], operator: 'crossover' };
    const p = await proposer.propose(request([base], { ask, parent: a, inspirations: [b] }));
    assert.ok(p.kind === 'proposal' && p.operator === 'crossover');
    assert.deepEqual(p.genome, both);
    const tried = await proposer.normalForm([base], p.genome);
    const again = await proposer.propose(request([base], { ask, parent: a, inspirations: [b], seen: (f) => f === tried }));
    assert.ok(again.kind === 'proposal' && again.operator !== 'crossover');
    const broken = await proposer.propose(request([base], { ask, parent: a, inspirations: [edit(base, ['d = c + a', 'd = (c'])] }));
    assert.ok(broken.kind === 'proposal' && broken.operator !== 'crossover');
  });
});

describe('a mended failure', () => {
  it('lacks one change of the failed one, each in its turn, and is none of one change', async () => {
    const base = await file();
    const first = ['a = x + 1', 'a = x - 1'] as const;
    const second = ['d = c + a', 'd = c'] as const;
    const failed = edit(base, first, second);
    const made = new Set(Array.from({ length: 20 }, (_, i) => JSON.stringify(mended([base], baseGenome([base]), failed, seededRng(i)))));
    assert.deepEqual([...made].sort(), [JSON.stringify(edit(base, first)), JSON.stringify(edit(base, second))].sort());
    assert.equal(mended([base], baseGenome([base]), edit(base, first), seededRng(1)), null);
    const ask = { parent: 'baseline', inspirations: [], operator: 'debug', broken: 'x' };
    const p = await new MutatorProposer({ generic: true }).propose(request([base], { ask, broken: { genome: failed, reason: '', output: '' } }));
    assert.ok(p.kind === 'proposal' && p.operator === 'mend' && made.has(JSON.stringify(p.genome)));
  });
});

describe('several edits at once', () => {
  it('differ from the parent in more than one place, and say each', async () => {
    const base = await file();
    const proposer = new MutatorProposer({ generic: true });
    let more = 0;
    for (let i = 0; i < 20; i++) {
      const r = request([base], { ask: { parent: 'baseline', inspirations: [], operator: 'rewrite' } }, `${i}`);
      const p = await proposer.propose(r);
      assert.ok(p.kind === 'proposal' && p.operator === 'several');
      assert.match(p.summary, /; /);
      assert.deepEqual(await proposer.propose({ ...r, rng: seededRng(`${i}`) }), p);
      if (textEdits(text, renderFile(base, p.genome)).length > 1 || p.summary.split('; ').length > 2) more++;
    }
    assert.ok(more > 3, `${more}`);
  });
});
