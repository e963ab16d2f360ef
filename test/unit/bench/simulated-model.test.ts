// The simulated model: it finds the program in the real prompts, and its answers are read as what they are meant to be.
import assert from 'node:assert/strict';
import { parseAnswer } from '../../../src/core/answers/parse.ts';
import type { BaseFile } from '../../../src/core/pin.ts';
import { askPrompt, systemPrompt } from '../../../src/adapters/models/prompt.ts';
import { FAMILIES, instanceRng, type Code } from '../../../bench/landscapes.ts';
import { askedIn } from '../../../bench/simulated/asked.ts';
import { SimulatedModel } from '../../../bench/simulated/model.ts';
import { FILE, programText, programsIn } from '../../../bench/simulated/program.ts';
import { resolvePinRefs } from '../../../src/adapters/syntax/resolve.ts';
import type { Logged } from '../../models/server.ts';
import { requestOf, specOf, stateOf } from '../models/support.ts';

const PLACES = 12;
const ZERO: Code = Array.from({ length: PLACES }, () => 0);
const at = (changes: Readonly<Record<number, number>>): Code => ZERO.map((v, i) => changes[i] ?? v);
/** The pinned function of a program. */
const chooseOf = (code: Code): string => /def choose\(\):\n[\s\S]*?\]\n/.exec(programText(code))?.[0].trimEnd() ?? '';

describe('the simulated model', () => {
  let base: readonly BaseFile[];
  before(async () => { base = await resolvePinRefs([`${FILE}#choose`], () => programText(ZERO)); });

  const told = (): ReturnType<typeof stateOf> => stateOf(base, specOf(), [
    { text: chooseOf(at({ 1: 2 })), outcome: 'kept', gain: 1.2, summary: 'one' },
    { text: chooseOf(at({ 5: 3 })), outcome: 'discarded', gain: 1.1, summary: 'two' },
    { text: chooseOf(at({ 7: 1 })).replace('place_7 = 1', 'place_7 = 1 +'), outcome: 'blocked', summary: 'three', reason: 'gate 1: exit code 1', output: 'SyntaxError' },
  ]);
  const promptFor = (ask: Parameters<typeof requestOf>[2], more: Parameters<typeof requestOf>[3] = {}): string => `${systemPrompt(specOf(), base, 10_000)}\n\n${askPrompt(requestOf(base, told(), ask, more), 10_000)}`;

  it('finds the current program, the mate and what is asked for in the real prompts', () => {
    const asked = (prompt: string): unknown => {
      const a = askedIn(prompt, PLACES) ?? assert.fail('no program');
      return [a.operator, a.current.code, a.mate ?? null];
    };
    assert.deepEqual(asked(promptFor({ parent: 'baseline', inspirations: [], operator: 'draft' })), ['diff', ZERO, null]);
    assert.deepEqual(asked(promptFor({ parent: 's1', inspirations: [], operator: 'improve' })), ['diff', at({ 1: 2 }), null]);
    assert.deepEqual(asked(promptFor({ parent: 's1', inspirations: ['s2'], operator: 'crossover' })), ['crossover', at({ 1: 2 }), at({ 5: 3 })]);
    assert.deepEqual(asked(promptFor({ parent: 's1', inspirations: ['s2'], operator: 'rewrite' })), ['rewrite', at({ 1: 2 }), at({ 5: 3 })]);
    assert.deepEqual(asked(`An example:\n${programText(at({ 2: 2 }))}\n# Current program\n${programText(at({ 3: 3 }))}`), ['diff', at({ 3: 3 }), null]);
    assert.equal(askedIn('no program', PLACES), null);
  });

  it('seven answers in ten are a working program of the landscape, the rest fail in the ways that models fail', () => {
    const family = FAMILIES.find((f) => f.name === 'additive') ?? assert.fail();
    const model = new SimulatedModel(family.make(instanceRng(family, 1)), 'test', { medianMs: 0, sigma: 0.5 });
    const prompt = promptFor({ parent: 'baseline', inspirations: [], operator: 'improve' });
    const counts: Record<string, number> = {};
    const seen = new Set<string>();
    for (let i = 0; i < 600; i++) {
      const r = model.reply({ prompt } as Logged);
      const read = r.stop === 'length' || r.stop === 'refusal' || r.text === '' ? null : parseAnswer(r.text ?? '', { parent: { [`${FILE}#choose`]: chooseOf(ZERO) }, base });
      const text = read?.kind === 'genome' ? (read.genome[`${FILE}#choose`] ?? '') : '';
      const what = read === null ? (r.stop ?? 'empty') : read.kind !== 'genome' ? read.kind : /place_\d+ = (\d+ \+|")/.test(text) ? 'does not run' : 'works';
      counts[what] = (counts[what] ?? 0) + 1;
      if (what === 'works') {
        const [found] = programsIn(text, PLACES);
        assert.ok(found !== undefined && found.code.every((v) => v >= 0 && v < 4));
        seen.add(found.code.join(''));
      }
    }
    assert.ok(Math.abs((counts['works'] ?? 0) / 600 - 0.7) < 0.05, JSON.stringify(counts));
    for (const shape of ['does not run', 'length', 'refusal', 'empty', 'none']) assert.ok((counts[shape] ?? 0) > 0, `${shape}: ${JSON.stringify(counts)}`);
    assert.ok(seen.size > 50);
  });

  it('answers another system in the form that its prompt shows, with the same proposals', () => {
    const family = FAMILIES.find((f) => f.name === 'additive') ?? assert.fail();
    const make = (): SimulatedModel => new SimulatedModel(family.make(instanceRng(family, 1)), 'test', { medianMs: 0, sigma: 0.5 });
    const [ours, edits, whole] = [make(), make(), make()];
    const current = `# The program now\n\`\`\`python\n${programText(ZERO)}\`\`\`\n`;
    const prompts = { ours: promptFor({ parent: 'baseline', inspirations: [], operator: 'improve' }), edits: `${current}Answer as\n<<<<<<< SEARCH\nold\n=======\nnew\n>>>>>>> REPLACE\n`, whole: `${current}Give the whole program in a fence.` };
    let working = 0;
    for (let i = 0; i < 200; i++) {
      const [a, b, c] = [ours.reply({ prompt: prompts.ours } as Logged), edits.reply({ prompt: prompts.edits } as Logged), whole.reply({ prompt: prompts.whole } as Logged)];
      assert.deepEqual(b, { ...a, usage: b.usage });
      const inFence = /```python\n([\s\S]*)```/.exec(c.text ?? '')?.[1] ?? '';
      const [found] = programsIn(inFence, PLACES);
      if (found === undefined || inFence !== programText(found.code)) continue;
      const read = parseAnswer(a.text ?? '', { parent: { [`${FILE}#choose`]: chooseOf(ZERO) }, base });
      assert.equal(read.kind === 'genome' ? read.genome[`${FILE}#choose`] : read.kind, chooseOf(found.code));
      working++;
    }
    assert.ok(working > 120 && working < 160, `${working}`);
  });

  it('answers a program the same for the n-th time, whatever was asked between', () => {
    const family = FAMILIES.find((f) => f.name === 'rugged') ?? assert.fail();
    const make = (): SimulatedModel => new SimulatedModel(family.make(instanceRng(family, 3)), 'test', { medianMs: 100, sigma: 0.5 });
    const [a, b] = [make(), make()];
    const first = { prompt: promptFor({ parent: 'baseline', inspirations: [], operator: 'improve' }) } as Logged;
    const other = { prompt: promptFor({ parent: 's1', inspirations: [], operator: 'improve' }) } as Logged;
    const straight = [a.reply(first), a.reply(first), a.reply(first)];
    const mixed = [b.reply(first), b.reply(other), b.reply(first), b.reply(other), b.reply(first)];
    assert.deepEqual([mixed[0], mixed[2], mixed[4]], straight);
    assert.notDeepEqual(straight[0], straight[1]);
  });
});
