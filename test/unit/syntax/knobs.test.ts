// Knobs: which literal a mark offers, its value and bounds, in every language and in files without a grammar.
import assert from 'node:assert/strict';
import { findKnobs, parseNumber } from '../../../src/adapters/syntax/knobs.ts';
import { findPins } from '../../../src/adapters/syntax/pins.ts';

async function knobs(file: string, text: string): Promise<string[]> {
  const r = await findKnobs(file, text);
  assert.deepEqual(r.problems, []);
  return r.knobs.map((k) => `${text.slice(k.start, k.end)}=${k.value} ${k.low}..${k.high} ${k.integer ? 'whole' : 'real'}${k.suffix} line ${k.line}`);
}

describe('knobs', () => {
  it('stand behind a literal, in any language', async () => {
    assert.deepEqual(await knobs('a.py', '\uFEFFä = "😀"\r\nBLOCK = 8  # sigil: knob 8 4..64\r\n'), ['8=8 4..64 whole line 2']);
    assert.deepEqual(await knobs('a.js', 'const x = 0.5; // sigil: knob 0.5 0..1\n'), ['0.5=0.5 0..1 real line 1']);
    assert.deepEqual(await knobs('a.ts', 'const x: bigint = 1_000n; // sigil: knob 1000 1..1e6\n'), ['1_000n=1000 1..1000000 wholen line 1']);
    assert.deepEqual(await knobs('a.tsx', 'const x = <A n={4 /* sigil: knob 4 1..9 */} />;\n'), ['4=4 1..9 whole line 1']);
    assert.deepEqual(await knobs('a.go', 'package a\nconst n = 0x10 // sigil: knob 16 1..32\n'), ['0x10=16 1..32 whole line 2']);
    assert.deepEqual(await knobs('a.rs', 'const N: f32 = 1.5f32; // sigil: knob 1.5 0.1 .. 4\n'), ['1.5f32=1.5 0.1..4 realf32 line 1']);
    assert.deepEqual(await knobs('A.java', 'class A { long n = 10L; // sigil: knob 10 1..99\n}\n'), ['10L=10 1..99 wholeL line 1']);
    assert.deepEqual(await knobs('a.c', 'unsigned n = 8UL; /* sigil: knob 8 4..64 */\n'), ['8UL=8 4..64 wholeUL line 1']);
    assert.deepEqual(await knobs('a.cpp', "float n = 1'000.0f; // sigil: knob 1000 1..2000\n"), ["1'000.0f=1000 1..2000 realf line 1"]);
    assert.deepEqual(await knobs('a.yaml', 'threads: 8  # sigil: knob 8 1..64\nratio: -0.5 # sigil: knob -0.5 -1..0\n'), ['8=8 1..64 whole line 1', '-0.5=-0.5 -1..0 real line 2']);
  });

  it('take the sign of the literal, but no minus between two numbers', async () => {
    assert.deepEqual(await knobs('a.py', 'x = -3  # sigil: knob -3 -9..0\n'), ['-3=-3 -9..0 whole line 1']);
    assert.deepEqual(await knobs('a.c', 'int x = -3; // sigil: knob -3 -9..0\n'), ['-3=-3 -9..0 whole line 1']);
    assert.deepEqual(await knobs('a.py', 'x = y - 3  # sigil: knob 3 1..9\n'), ['3=3 1..9 whole line 1']);
  });

  it('choose the literal directly before, else the one with the value; numbers in names and strings do not count', async () => {
    assert.deepEqual(await knobs('a.js', 'f(8 /* sigil: knob 8 4..64 */, 8);\n'), ['8=8 4..64 whole line 1']);
    assert.deepEqual(await knobs('a.js', 'f(3, 8); // sigil: knob 8 4..64\n'), ['8=8 4..64 whole line 1']);
    assert.deepEqual(await knobs('a.py', 'a1 = g2("7 7", 5)  # sigil: knob 5 1..9\n'), ['5=5 1..9 whole line 1']);
  });

  it('keep their bounds when the literal was tuned', async () => {
    assert.deepEqual(await knobs('a.py', 'BLOCK = 32  # sigil: knob 8 4..64\n'), ['32=32 4..64 whole line 1']);
  });

  it('are reported when they cannot be told, also among the marks of the file', async () => {
    for (const [text, message] of [['f(8, 8)  # sigil: knob 8 4..64\n', /which of the 2 numbers/], ['x = y  # sigil: knob 8 4..64\n', /no number stands before/], ['x = 8  # sigil: knob 4..64\n', /does not say/],
      ['x = 8  # sigil: knob 8 9..64\n', /not within 9\.\.64/], ['x = 8  # sigil: knob 8 8..8\n', /not within/]] as const) {
      const { knobs: found, problems } = await findKnobs('a.py', text);
      assert.deepEqual(found, []);
      assert.equal(problems.length, 1);
      assert.match(problems[0]?.message ?? '', message);
      assert.deepEqual((await findPins('a.py', text)).problems, problems);
    }
  });

  it('read literals of all languages', () => {
    for (const [text, value] of [['1_000', 1000], ["1'000", 1000], ['0xFF', 255], ['0b101', 5], ['0o17', 15], ['1e-3', 0.001], ['.5', 0.5], ['5.', 5], ['2f', 2], ['3.0f64', 3], ['7usize', 7], ['9n', 9], ['0x1Fu', 31]] as const)
      assert.equal(parseNumber(text)?.value, value, text);
    assert.equal(parseNumber('3j'), null);
  });
});
