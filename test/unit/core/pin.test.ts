// Solutions as texts for pins: rendered, read back, and what lies outside the pins left alone.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { baseGenome, genomeOf, pinSpans, renderFile, renderFiles, type BaseFile, type Genome, type Pin } from '../../../src/core/pin.ts';
import { Genomes } from '../../../src/core/genomes.ts';

const piece = fc.array(fc.constantFrom('a', 'b', '\n', '\r\n', ' ', 'é', '😀', 'x = 1'), { maxLength: 12 }).map((p) => p.join(''));
/** Text between pins: of other letters than the pins', so that where it stands can be told. */
const between = fc.array(fc.constantFrom('#', '=', 'ß'), { minLength: 1, maxLength: 8 }).map((p) => `${p.join('')}§`);

function baseFile(file: string, pieces: readonly string[], pinTexts: readonly string[]): BaseFile {
  let text = pieces[0] ?? '';
  const pins: Pin[] = pinTexts.map((t, i) => {
    const start = text.length;
    text += t + (pieces[i + 1] ?? '');
    return { id: `${file}#${i}`, file, kind: 'region', language: null, range: { start, end: start + t.length, startLine: 1, endLine: 1 }, options: {} };
  });
  return { file, text, pins };
}

/** Files with their pins, and other texts for each pin. */
const project = fc.array(fc.tuple(fc.array(fc.tuple(between, piece, piece), { minLength: 1, maxLength: 4 }), between), { minLength: 1, maxLength: 3 }).map((files) => {
  const base = files.map(([parts, last], i) => baseFile(`f${i}`, [...parts.map(([b]) => b), last], parts.map(([, p]) => p)));
  const genome: Record<string, string> = {};
  files.forEach(([parts], i) => parts.forEach(([, , other], k) => (genome[`f${i}#${k}`] = other)));
  return { base, genome };
});

describe('genomes', () => {
  it('read back from the rendered files are the same', () => {
    fc.assert(fc.property(project, ({ base, genome }) => {
      assert.deepEqual(genomeOf(base, renderFiles(base, genome)), { genome });
      assert.deepEqual(genomeOf(base, renderFiles(base, baseGenome(base))), { genome: baseGenome(base) });
      assert.deepEqual(genomeOf(base, new Map()), { genome: baseGenome(base) });
    }), { numRuns: 1000 });
  });

  it('render to the same files also where the pins\' text holds what stands between them', () => {
    fc.assert(fc.property(fc.array(piece, { minLength: 2, maxLength: 5 }), fc.array(piece, { minLength: 4, maxLength: 4 }), (pieces, others) => {
      const base = [baseFile('f', pieces, others.slice(0, pieces.length - 1))];
      const genome: Genome = Object.fromEntries(base[0]!.pins.map((p, i) => [p.id, others[(i + 1) % 4]! + (pieces[i + 1] ?? '') + others[i]!]));
      const read = genomeOf(base, renderFiles(base, genome));
      assert.ok('genome' in read);
      assert.deepEqual(renderFiles(base, read.genome), renderFiles(base, genome));
    }), { numRuns: 1000 });
  });

  it('are given back or said to be ambiguous, where pins hold what stands between them', () => {
    // Few letters, so that the text between pins stands in pins again and again.
    const few = fc.array(fc.constantFrom('a', '#', '\n'), { maxLength: 5 }).map((p) => p.join(''));
    const seen = { back: 0, ambiguous: 0, near: 0 };
    fc.assert(fc.property(fc.array(few, { minLength: 2, maxLength: 5 }), fc.array(few, { minLength: 4, maxLength: 4 }), fc.array(few, { minLength: 4, maxLength: 4 }), fc.nat(), (gaps, old, now, which) => {
      const base = [baseFile('f', gaps, old.slice(0, gaps.length - 1))];
      const pins = base[0]!.pins.map((p) => p.id);
      const genome: Genome = Object.fromEntries(pins.map((id, i) => [id, now[i]!]));
      const read = genomeOf(base, renderFiles(base, genome));
      assert.ok('genome' in read);
      assert.deepEqual(renderFiles(base, read.genome), renderFiles(base, genome));
      if (read.ambiguous === undefined) assert.deepEqual(read.genome, genome);
      seen[read.ambiguous === undefined ? 'back' : 'ambiguous']++;
      // A change of one pin is read as that, unless another one pin could have been changed to the same.
      const one: Genome = { ...genome, [pins[which % pins.length]!]: old[which % 4]! };
      const nearer = genomeOf(base, renderFiles(base, one), genome);
      assert.ok('genome' in nearer);
      assert.deepEqual(renderFiles(base, nearer.genome), renderFiles(base, one));
      if (nearer.ambiguous === undefined) assert.deepEqual(nearer.genome, one);
      assert.ok(pins.filter((id) => nearer.genome[id] !== genome[id]).length <= 1);
      if (nearer.ambiguous === undefined && 'ambiguous' in genomeOf(base, renderFiles(base, one))) seen.near++;
    }), { numRuns: 3000 });
    for (const n of Object.values(seen)) assert.ok(n > 100, JSON.stringify(seen));
    const [file] = [baseFile('f', ['<', '|', '>'], ['a', 'b'])];
    assert.deepEqual(genomeOf([file], new Map([['f', '<a|x|b>']])), { genome: { 'f#0': 'a', 'f#1': 'x|b' }, ambiguous: 'f' });
    assert.deepEqual(genomeOf([file], new Map([['f', '<a|x|b>']]), { 'f#0': 'a|x', 'f#1': 'c' }), { genome: { 'f#0': 'a|x', 'f#1': 'b' } });
  });

  it('stand where the spans say', () => {
    fc.assert(fc.property(project, ({ base, genome }) => {
      for (const f of base) {
        const text = renderFile(f, genome);
        for (const [id, start, end] of pinSpans(f, genome)) assert.equal(text.slice(start, end), genome[id]);
      }
    }));
  });

  it('do not take a change outside the pins, and say where it is', () => {
    fc.assert(fc.property(project, fc.nat(), fc.nat(), fc.constantFrom('insert', 'delete', 'replace'), ({ base, genome }, which, where, how) => {
      const f = base[which % base.length]!;
      const text = renderFile(f, genome);
      const spans = pinSpans(f, genome);
      const inside = (at: number): boolean => spans.some(([, s, e]) => at >= s && at <= e);
      const outside = Array.from({ length: text.length }, (_, i) => i).filter((i) => !inside(i) && !inside(i + 1));
      if (outside.length === 0) return;
      const at = outside[where % outside.length]!;
      const changed = text.slice(0, at) + (how === 'delete' ? '' : '!') + text.slice(how === 'insert' ? at : at + 1);
      const read = genomeOf(base, new Map(renderFiles(base, genome)).set(f.file, changed));
      assert.ok('outside' in read, JSON.stringify([text, changed]));
      assert.equal(read.outside, f.file);
      assert.ok(read.line >= 1 && read.line <= changed.split('\n').length + 1);
    }), { numRuns: 1000 });
    const base = [baseFile('f', ['one\ntwo\n', '\nfour\n'], ['three'])];
    assert.deepEqual(genomeOf(base, new Map([['f', 'one\n2\nthree\nfour\n']])), { outside: 'f', line: 2 });
    assert.deepEqual(genomeOf([{ file: 'g', text: 'a\nb\n', pins: [] }], new Map([['g', 'a\nc\n']])), { outside: 'g', line: 2 });
  });
});

describe('the tree of diffs', () => {
  it('gives back every solution from its lineage, in any order of asking', () => {
    fc.assert(fc.property(project, fc.array(fc.tuple(fc.nat(), fc.nat(), piece), { maxLength: 12 }), fc.infiniteStream(fc.nat()), ({ base, genome }, changes, order) => {
      const known = new Map<string, { parents: string[]; patch: string }>();
      const truth = new Map<string, Genome>([['baseline', baseGenome(base)]]);
      const maker = new Genomes(base, (id) => known.get(id));
      [...changes, [0, 0, Object.values(genome)[0] ?? ''] as const].forEach(([parentAt, pinAt, text], n) => {
        const ids = [...truth.keys()];
        const parent = ids[parentAt % ids.length]!;
        const pins = Object.keys(truth.get(parent)!);
        const child = { ...truth.get(parent)!, [pins[pinAt % pins.length]!]: text };
        known.set(`s${n}`, { parents: [parent], patch: maker.diff(truth.get(parent)!, child) });
        truth.set(`s${n}`, child);
      });
      const reader = new Genomes(base, (id) => known.get(id));
      const ids = [...truth.keys()].sort(() => (order.next().value % 3) - 1);
      for (const id of ids) assert.deepEqual(reader.texts(reader.of(id)), renderFiles(base, truth.get(id)!));
    }), { numRuns: 200 });
  });

  it('of a journal that was edited by hand is refused', () => {
    const base = [baseFile('f', ['#\n', '\n#'], ['a'])];
    const broken = new Genomes(base, () => ({ parents: ['baseline'], patch: '--- a/f\n+++ b/f\n@@ -1,1 +1,1 @@\n-not there\n+x\n' }));
    assert.throws(() => broken.of('x'), /does not fit its parent/);
    const outside = new Genomes(base, () => ({ parents: ['baseline'], patch: '--- a/f\n+++ b/f\n@@ -1,1 +1,1 @@\n-#\n+x\n' }));
    assert.throws(() => outside.of('x'), /does not fit its parent/);
    assert.throws(() => new Genomes(base, () => undefined).of('x'), /no solution x/);
  });
});
