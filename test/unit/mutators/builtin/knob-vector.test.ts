// Knobs as a vector: read from the pins only, and set all at once, in the form in which they were written.
import assert from 'node:assert/strict';
import { knobRanges, withKnobs } from '../../../../src/adapters/mutators/knob-vector.ts';
import { NormalForms, Parents } from '../../../../src/adapters/mutators/parents.ts';
import { MutatorProposer } from '../../../../src/adapters/mutators/proposer.ts';
import { findPins } from '../../../../src/adapters/syntax/pins.ts';
import { baseGenome, renderFile, type BaseFile } from '../../../../src/core/pin.ts';
import { seededRng } from '../../../../src/core/rng.ts';
import { EMPTY } from '../../../../src/core/run-state.ts';

const SOURCE = [
  'long unpinned = 3; // sigil: knob 3 1..9', '// sigil: improve', 'long f(long x) {', '  long a = 0x40; // sigil: knob 64 16..256', '  double b = 0.5; // sigil: knob 0.5 0.01..1',
  '  unsigned long c = 100UL; // sigil: knob 100 1..1000', '  return x + a + 7;', '}', '',
].join('\n');
const SETTINGS = 'a = 10\n# b = 3\nc: -2.5\n';

async function files(): Promise<BaseFile[]> {
  const whole = { id: 's.ini', file: 's.ini', kind: 'file', language: null, range: { start: 0, end: SETTINGS.length, startLine: 1, endLine: 4 }, options: {} } as const;
  return [{ file: 'a.c', text: SOURCE, pins: (await findPins('a.c', SOURCE)).pins }, { file: 's.ini', text: SETTINGS, pins: [whole] }];
}

describe('knobs as a vector', () => {
  it('are those inside the pins, in order: marked ones, and every number of settings', async () => {
    const ranges = await knobRanges(new Parents(new NormalForms()), await files());
    assert.deepEqual(ranges.map((r) => [r.name, r.value, r.low, r.high, r.integer]), [
      ['a.c:4', 64, 16, 256, true], ['a.c:5', 0.5, 0.01, 1, false], ['a.c:6', 100, 1, 1000, true], ['s.ini:1', 10, 0, 10240, true], ['s.ini:3', -2.5, -2560, 2560, false],
    ]);
  });

  it('are set at once; what has its value keeps its form', async () => {
    const base = await files();
    const made = await withKnobs(new Parents(new NormalForms()), base, [64, 0.25, 200, 11, -3]);
    assert.ok(made);
    assert.equal(renderFile(base[0]!, made.genome), SOURCE.replace('= 0.5;', '= 0.25;').replace('100UL', '200UL'));
    assert.equal(renderFile(base[1]!, made.genome), 'a = 11\n# b = 3\nc: -3.0\n');
    assert.equal(made.summary, 'knobs: line 5: 0.5 to 0.25, line 6: 100UL to 200UL, line 1: 10 to 11, line 3: -2.5 to -3.0');
    assert.equal(await withKnobs(new Parents(new NormalForms()), base, [1, 2]), null);
  });

  it('are set from the baseline on, whatever the parent has', async () => {
    const base = await files();
    const proposer = new MutatorProposer({ generic: false });
    const parents = new Parents(new NormalForms());
    const parent = (await withKnobs(parents, base, [16, 1, 1, 1, 1]))!.genome;
    const p = await proposer.propose({
      ask: { parent: 'p', inspirations: [], operator: 'knobs', knobs: [64, 0.5, 100, 12, -2.5] }, instructions: '', parent, inspirations: [], base, rng: seededRng(1), seen: () => false,
      record: () => ({ tries: 0, wins: 0 }), signal: new AbortController().signal, halt: new AbortController().signal, number: 0, state: EMPTY,
    });
    assert.ok(p.kind === 'proposal' && p.operator === 'knobs');
    assert.deepEqual(p.genome, { ...baseGenome(base), 's.ini': SETTINGS.replace('10', '12') });
  });
});
