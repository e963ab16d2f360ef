// Every answer of the corpus, by itself and in variations that change nothing of what it means.
import assert from 'node:assert/strict';
import { parseAnswer } from '../../../src/core/answers/parse.ts';
import type { Genome } from '../../../src/core/pin.ts';
import { baseOf, cases, meant, type Case } from './corpus.ts';

/** Variations by name: of the answer, or of the parent's files. Their expectation is that of the answer they are made of. */
const VARIATIONS: Readonly<Record<string, { readonly answer?: (a: string) => string; readonly parent?: (t: string) => string }>> = {
  'as it is': {},
  'with carriage returns': { answer: (a) => a.replaceAll('\n', '\r\n') },
  'behind thinking, with code in it': { answer: (a) => `<think>\nFirst idea:\n\`\`\`python\ndef total(values):\n    return 0\n\`\`\`\nNo.\n</think>\n\n${a}` },
  'of files with carriage returns': { parent: (t) => t.replaceAll('\n', '\r\n') },
  'with a byte order mark, no last line break, and prose at both ends': { answer: (a) => `\ufeffI looked at the code.\n\n${a.replace(/\n+$/, '')}\n\nTell me what the measurement says` },
};

async function check(c: Case, variation: (typeof VARIATIONS)[string]): Promise<void> {
  const base = await baseOf(c.files, variation.parent);
  const written = (pins: Genome): Genome => Object.fromEntries(Object.entries(pins).map(([id, text]) => [id, variation.parent?.(text) ?? text]));
  const parsed = parseAnswer(variation.answer?.(c.answer) ?? c.answer, { parent: meant(base, written(c.parent)), base });
  if (c.pins) {
    assert.deepEqual(parsed.kind === 'genome' ? parsed.genome : parsed, meant(base, written({ ...c.parent, ...c.pins })));
  } else if (c.repair !== null) {
    assert.ok(parsed.kind === 'repair', JSON.stringify(parsed));
    assert.ok(parsed.problem.includes(c.repair), parsed.problem);
    assert.match(parsed.reason, /^\S[^\n]{14,240}$/);
    assert.doesNotMatch(parsed.reason, /again|<<<|\n/);
  } else {
    assert.ok(parsed.kind === 'none', JSON.stringify(parsed));
    assert.ok(parsed.reason.includes(c.none ?? '\0'), parsed.reason);
  }
}

describe('the corpus of answers', () => {
  const all = cases();

  it('has at least 200 written by hand, each with one expectation and a name of its own', () => {
    assert.ok(all.length >= 200, `${all.length}`);
    assert.equal(new Set(all.map((c) => `${c.form}/${c.name}`)).size, all.length);
    for (const c of all) assert.equal([c.pins, c.repair, c.none].filter((x) => x !== null).length, 1, c.name);
  });

  for (const [how, variation] of Object.entries(VARIATIONS)) {
    describe(how, () => {
      for (const c of all) {
        if (c.none !== null && how.includes('prose')) continue; // what the model says is part of that reason
        it(`${c.form}: ${c.name}`, () => check(c, variation));
      }
    });
  }
});
