// Generic edits of real-looking files in every grammar: they parse no worse, stay inside one pin, and reverse byte for byte. And knobs.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Node } from 'web-tree-sitter';
import { applyEdits, insideOne, invertEdits } from '../../../../src/adapters/mutators/edits.ts';
import { GENERIC_OPERATORS, editAt } from '../../../../src/adapters/mutators/generic.ts';
import { plainNumbers, turnKnob } from '../../../../src/adapters/mutators/numbers.ts';
import { NormalForms, Parents } from '../../../../src/adapters/mutators/parents.ts';
import { MutatorProposer } from '../../../../src/adapters/mutators/proposer.ts';
import { findKnobs } from '../../../../src/adapters/syntax/knobs.ts';
import { withTree } from '../../../../src/adapters/syntax/parser.ts';
import { findPins } from '../../../../src/adapters/syntax/pins.ts';
import { baseGenome, genomeOf, renderFile, type BaseFile, type Genome, type Language } from '../../../../src/core/pin.ts';
import { seededRng } from '../../../../src/core/rng.ts';
import { EMPTY } from '../../../../src/core/run-state.ts';
import type { ProposalRequest } from '../../../../src/engine/ports.ts';

const SOURCES = path.join(__dirname, '../../../fixtures/sources');
const FILES: readonly (readonly [Language, string])[] = [
  ['python', 'inventory.py'], ['javascript', 'tickets.js'], ['typescript', 'routes.ts'], ['tsx', 'chart.tsx'], ['go', 'ledger.go'], ['rust', 'matcher.rs'], ['java', 'Scheduler.java'], ['c', 'tiles.c'], ['cpp', 'stats.cpp'],
];

function errors(language: Language, text: string): Promise<number> {
  return withTree(language, text, (root) => {
    const count = (n: Node): number => (n.isError || n.isMissing ? 1 : 0) + (n.hasError ? n.children.reduce((sum, c) => sum + count(c), 0) : 0);
    return count(root);
  });
}

async function baseOf(file: string, text: string): Promise<BaseFile> {
  const { pins, problems } = await findPins(file, text);
  assert.deepEqual(problems, []);
  return { file, text, pins };
}

const VARIANTS: readonly (readonly [string, (t: string) => string])[] = [['as it is', (t) => t], ['with CRLF and a BOM', (t) => `\uFEFF${t.replaceAll('\n', '\r\n')}`]];

describe('generic edits', () => {
  for (const [language, name] of FILES) {
    it(`of ${language}: 500 parse, stay inside a pin, and reverse`, async () => {
      const tally = new Map<string, number>();
      for (const [variant, form] of VARIANTS) {
        const text = form(readFileSync(path.join(SOURCES, name), 'utf8'));
        const file = await baseOf(name, text);
        assert.equal(file.pins.length, 3, variant);
        assert.equal(await errors(language, text), 0, `${name} ${variant} must parse`);
        const forms = new NormalForms();
        const parents = new Parents(forms);
        const rng = seededRng(`${name} ${variant}`);
        const unchanged = text.length - file.pins.reduce((n, p) => n + p.range.end - p.range.start, 0);
        let genome: Genome = baseGenome([file]);
        let edits = 0;
        let tries = 0;
        for (; edits < 250 && tries < 4000; tries++) {
          const parent = parents.of([file], genome);
          const view = parent.views[0]!;
          const operator = rng.pick(GENERIC_OPERATORS);
          const site = editAt({ text: view.text, language }, (await parent.grounds(view, language)).places, operator, rng);
          // As the proposer does: what is no edit of one pin, or parses worse, is drawn again.
          if (site === null || !insideOne(site.edits, view.spans) || !(await parent.parses(view, language, site))) continue;
          const after = applyEdits(view.text, site.edits);
          assert.notEqual(after, view.text, site.summary);
          if (edits % 3 === 0) assert.equal(await errors(language, after), 0, `${site.summary}\n${after}`); // a parse is what this test costs
          assert.equal(applyEdits(after, invertEdits(view.text, site.edits)), view.text);
          const read = genomeOf([file], new Map([[name, after]]));
          assert.ok('genome' in read, site.summary);
          assert.equal(renderFile(file, read.genome), after);
          assert.equal(after.length - Object.values(read.genome).reduce((n, t) => n + t.length, 0), unchanged);
          if (variant !== 'as it is') assert.ok(!/[^\r]\n/.test(after), 'line ends stay as they are');
          tally.set(operator, (tally.get(operator) ?? 0) + 1);
          edits++;
          // They compose: half of the children are parents, until the file has been edited a dozen times.
          genome = rng.chance(0.5) ? (edits % 12 === 0 ? baseGenome([file]) : read.genome) : genome;
        }
        assert.equal(edits, 250, `${edits} of ${tries} tries`);
      }
      for (const o of GENERIC_OPERATORS) assert.ok((tally.get(o) ?? 0) >= 10, `${o}: ${tally.get(o) ?? 0}`);
    });
  }

  it('of a file that does not parse to begin with add no errors', async () => {
    const text = 'int first(void) {\n  return 1 +;\n}\n// sigil: improve\nint sum(int n) {\n  int s = 0;\n  for (int i = 0; i < n; i++) {\n    s += i * 2;\n  }\n  return s;\n}\n// sigil: improve\nint odd(int n) {\n  int s = n * ;\n  if (n > 3) {\n    s = s + 1;\n  }\n  return s;\n}\n';
    const file = await baseOf('a.c', text);
    const before = await errors('c', text);
    assert.ok(before >= 2);
    const parent = new Parents(new NormalForms()).of([file], baseGenome([file]));
    const view = parent.views[0]!;
    const { places } = await parent.grounds(view, 'c');
    const rng = seededRng('broken');
    let accepted = 0;
    for (let i = 0; i < 400; i++) {
      const site = editAt({ text, language: 'c' }, places, rng.pick(GENERIC_OPERATORS), rng);
      if (site === null || !insideOne(site.edits, view.spans) || !(await parent.parses(view, 'c', site))) continue;
      accepted++;
      assert.ok((await errors('c', applyEdits(text, site.edits))) <= before, site.summary);
    }
    assert.ok(accepted > 100);
    // An edit that breaks the sound function, as a wild proposer might make it.
    const at = text.indexOf('s += i');
    assert.equal(await parent.parses(view, 'c', { edits: [{ start: at, end: at + 4, text: 's +=' + ' )' }], summary: '' }), false);
  });

  it('leave a Python block with a statement in it', async () => {
    const text = '# sigil: improve\ndef f(x):\n    if x:\n        # why\n        x += 1\n    return x\n';
    const file = await baseOf('a.py', text);
    const parent = new Parents(new NormalForms()).of([file], baseGenome([file]));
    const { places } = await parent.grounds(parent.views[0]!, 'python');
    const rng = seededRng('pass');
    const deleted = new Set(Array.from({ length: 50 }, () => applyEdits(text, editAt({ text, language: 'python' }, places, 'delete', rng)!.edits)));
    assert.ok(deleted.has(text.replace('x += 1', 'pass')), [...deleted].join());
    for (const t of deleted) assert.ok(!t.includes('# why\n        \n'));
  });

  it('keep numbers numbers: hexadecimal, suffixed, separated', async () => {
    const text = '// sigil: improve\nlong f(long x) {\n  return x + 0x10 + 10UL + 1.5f + 0b11 + 1000;\n}\n';
    const file = await baseOf('a.c', text);
    const parent = new Parents(new NormalForms()).of([file], baseGenome([file]));
    const view = parent.views[0]!;
    const { places } = await parent.grounds(view, 'c');
    const rng = seededRng('numbers');
    const seen = new Set<string>();
    for (let i = 0; i < 400; i++) {
      const site = editAt({ text, language: 'c' }, places, 'constant', rng);
      if (site !== null && (await parent.parses(view, 'c', site))) seen.add(`${text.slice(site.edits[0]!.start, site.edits[0]!.end)} → ${site.edits[0]!.text}`);
    }
    for (const s of seen) assert.match(s, / → (\d+|\d+UL|\d+\.\d+f)$/, s);
    for (const from of ['0x10', '10UL', '1.5f', '0b11', '1000']) assert.ok([...seen].some((s) => s.startsWith(`${from} → `)), `${from}: ${[...seen].join(', ')}`);
  });
});

const request = (base: readonly BaseFile[], parent: Genome, seed: string, seen: ReadonlySet<string> = new Set()): ProposalRequest => ({
  ask: { parent: 'baseline', inspirations: [] }, number: 0, state: EMPTY, instructions: '', parent, inspirations: [], base, rng: seededRng(seed), seen: (f) => seen.has(f), record: () => ({ tries: 0, wins: 0 }), signal: new AbortController().signal, halt: new AbortController().signal,
});

describe('the embedded proposer', () => {
  it('gives the same proposal for the same ask, changes only pins, and never what was tried', async () => {
    for (const [language, name] of FILES.filter((_, i) => i % 2 === 0)) {
      const base = [await baseOf(name, readFileSync(path.join(SOURCES, name), 'utf8'))];
      const [a, b] = [new MutatorProposer({ generic: true }), new MutatorProposer({ generic: true })];
      const tried = new Set([await a.normalForm(base, baseGenome(base))]);
      let parent = baseGenome(base);
      for (let i = 0; i < 12; i++) {
        const p = await a.propose(request(base, parent, `${i}`, tried));
        assert.deepEqual(await b.propose(request(base, parent, `${i}`, tried)), p);
        if (p.kind !== 'proposal') assert.fail(`${name} ${i}: ${JSON.stringify(p)}`);
        const form = await a.normalForm(base, p.genome);
        assert.ok(!tried.has(form), `${name}: ${p.summary}`);
        tried.add(form);
        assert.equal(await errors(language, renderFile(base[0]!, p.genome)), 0, p.summary);
        if (i % 2 === 0) parent = p.genome;
      }
    }
  });

  it('makes no generic edits where nothing checks results, and says when it has nothing', async () => {
    const base = [await baseOf('ledger.go', readFileSync(path.join(SOURCES, 'ledger.go'), 'utf8'))];
    const p = await new MutatorProposer({ generic: false }).propose(request(base, baseGenome(base), '1'));
    assert.deepEqual(p, { kind: 'none', reason: 'no built-in edit is left for this parent', usd: 0, spent: true });
  });
});

describe('knobs', () => {
  it('stay within their bounds, keep their kind and suffix, and move', async () => {
    const text = [
      '// sigil: improve', 'long f(long x) {', '  long a = 8; // sigil: knob 8 4..64', '  double b = 0.5; // sigil: knob 0.5 0.01..1', '  unsigned long c = 100UL; // sigil: knob 100 1..100000',
      '  float d = 2.0f; // sigil: knob 2 1..8', '  long e = -3; // sigil: knob -3 -8..8', '  long g = 0; // sigil: knob 0 -2..2', '  long h = 0x40; // sigil: knob 64 16..256', '  return x + a;', '}', '',
    ].join('\n');
    const { knobs, problems } = await findKnobs('a.c', text);
    assert.deepEqual(problems, []);
    assert.equal(knobs.length, 7);
    const rng = seededRng('knobs');
    for (const k of knobs) {
      const values = new Set<number>();
      for (let i = 0; i < 300; i++) {
        const site = turnKnob(k, text, rng);
        if (site === null) continue;
        const after = applyEdits(text, site.edits);
        assert.equal(await errors('c', after), 0, site.summary);
        const again = (await findKnobs('a.c', after)).knobs.find((other) => other.line === k.line);
        assert.ok(again, site.summary);
        assert.ok(again.value >= k.low && again.value <= k.high && again.value !== k.value, site.summary);
        assert.deepEqual([again.integer, again.suffix, again.low, again.high], [k.integer, k.suffix, k.low, k.high], site.summary);
        assert.equal(applyEdits(after, invertEdits(text, site.edits)), text);
        values.add(again.value);
      }
      assert.ok(values.size >= (k.value === 0 ? 2 : 3), `${k.value}: ${[...values].join()}`);
    }
  });

  it('of files without a grammar are the plain numbers: not in comments, versions, names or dates', () => {
    const text = '# threads 4\nthreads = 8\nratio: 0.25, limit -3\nversion = 1.2.3\ndate 2024-01-02\nname7 = x9\nsize=1e3\n; old = 5\n[10, 20]\nip 10.0.0.1\n';
    const spans = [{ start: 0, end: text.length }];
    assert.deepEqual(plainNumbers(text, spans).map((k) => text.slice(k.start, k.end)), ['8', '0.25', '-3', '1e3', '10', '20']);
    assert.deepEqual(plainNumbers(text, [{ start: 0, end: 25 }]).map((k) => text.slice(k.start, k.end)), ['8']);
    const rng = seededRng('plain');
    for (const k of plainNumbers(text, spans)) {
      for (let i = 0; i < 100; i++) {
        const site = turnKnob(k, text, rng);
        if (site === null) continue;
        const again = plainNumbers(applyEdits(text, site.edits), [{ start: 0, end: 1e6 }]);
        assert.equal(again.length, 6, site.summary);
        const at = again.find((other) => other.start === k.start);
        assert.ok(at && at.integer === k.integer && at.value !== k.value, site.summary);
      }
    }
  });
});
