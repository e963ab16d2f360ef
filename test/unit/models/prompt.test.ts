// The prompt, whole, as it is sent: a change here is a change of what every model is told. UPDATE_GOLDEN=1 rewrites it.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tokensOf } from '../../../src/adapters/models/client.ts';
import { askPrompt, systemPrompt } from '../../../src/adapters/models/prompt.ts';
import { Genomes } from '../../../src/core/genomes.ts';
import { baseOf, BODY, requestOf, SOURCE, specOf, stateOf, type Told } from './support.ts';

const GOLDEN = join(__dirname, '..', '..', 'fixtures', 'golden', 'prompt.txt');

const FASTER = BODY.replace('if word in out.keys():\n            out[word] = out[word] + 1\n        else:\n            out[word] = 1', 'out[word] = out.get(word, 0) + 1');
const HISTORY: readonly Told[] = [
  { text: BODY.replace('text.lower()', 'text'), outcome: 'blocked', summary: 'do not lower the text', reason: 'gate 1: exit code 1', output: 'FAIL: test_case\nAssertionError: {\'A\': 1} != {\'a\': 1}\n' },
  { text: FASTER, outcome: 'kept', summary: 'look each word up once', gain: 1.42 },
  { text: '', outcome: 'invalid', summary: 'openai/x: it refused', reason: 'openai/x: it refused' },
  { text: FASTER.replace('out.get(word, 0) + 1', 'out.setdefault(word, 0) + 1'), parent: 's2', outcome: 'discarded', summary: 'setdefault instead of get', gain: 1.3 },
  { text: FASTER.replace('WORD.findall(text.lower())', 'text.lower().split()'), parent: 's2', outcome: 'blocked', summary: 'split at blanks', reason: 'results: input 2: expected {"a": 1}, got {"a,": 1}' },
];

describe('the prompt', () => {
  it('is this, whole', async () => {
    const base = await baseOf();
    const spec = specOf();
    const state = stateOf(base, spec, HISTORY);
    const request = requestOf(base, state, { parent: 's2', inspirations: ['s4'], operator: 'improve' }, { instructions: 'Keep it readable.' });
    const text = `${systemPrompt(spec, base, 10_000, { about: state.about })}\n\n======== the same for all asks until here ========\n\n${askPrompt(request, 10_000)}\n`;
    if (process.env['UPDATE_GOLDEN'] === '1' || !existsSync(GOLDEN)) writeFileSync(GOLDEN, text);
    assert.equal(text, readFileSync(GOLDEN, 'utf8'));
  });

  it('is the same in its first part whatever was tried, and shows the original\'s numbers at the start', async () => {
    const base = await baseOf();
    const spec = specOf();
    const first = askPrompt(requestOf(base, stateOf(base, spec, []), { parent: 'baseline', inspirations: [] }), 10_000);
    assert.match(first, /^# The current version\n\nIt is the original code, as shown above\. Measured: time_ms 7\.78 ms\. A difference of less than about 2\.0 % cannot be told from noise\.\n\n# Your task/);
    assert.equal(systemPrompt(spec, base, 10_000), systemPrompt(spec, await baseOf(), 10_000));
  });

  it('says where the time goes: of the current version, or of the nearest above it that was profiled', async () => {
    const base = await baseOf();
    const spec = specOf();
    const state = stateOf(base, spec, HISTORY);
    const profiled = (id: string): typeof state => ({ ...state, solutions: new Map([...state.solutions].map(([k, s]) => [k, k === id ? { ...s, profile: '90 % in find' } : s])) });
    const asked = (s: typeof state, parent: string): string => askPrompt(requestOf(base, s, { parent, inspirations: [] }), 10_000);
    assert.match(asked(profiled('s2'), 's2'), /\n\n# Where the time goes\n\n90 % in find\n\n# Your task/);
    assert.match(asked(profiled('s2'), 's4'), /# Where the time goes\n\nOf #2, from which the current version was made\. 90 % in find\n/);
    assert.match(asked(profiled('baseline'), 's4'), /Of the original, from which/);
    assert.doesNotMatch(asked(profiled('s4'), 's2'), /Where the time goes/);
  });

  it('tells of a profile of another version the functions only: its lines are not there any more', async () => {
    const base = await baseOf();
    const spec = specOf();
    const state = stateOf(base, spec, HISTORY);
    const text = 'By function:\n 90 % find (a.py:3)\nBy line of the pinned files:\n 80 % a.py:4  for x in y:';
    const profiled = { ...state, solutions: new Map([...state.solutions].map(([k, s]) => [k, k === 's2' ? { ...s, profile: text } : s])) };
    assert.match(askPrompt(requestOf(base, profiled, { parent: 's2', inspirations: [] }), 10_000), /80 % a\.py:4/);
    const child = askPrompt(requestOf(base, profiled, { parent: 's4', inspirations: [] }), 10_000);
    assert.match(child, /Of #2, from which the current version was made\. By function:\n 90 % find/);
    assert.doesNotMatch(child, /By line|80 %/);
  });

  it('tells what is still measured, and that others are asked at the same time, so that an idea does not come twice', async () => {
    const base = await baseOf();
    const spec = specOf();
    const state = stateOf(base, spec, HISTORY);
    const pending = new Map(state.solutions).set('s6', { ...(state.solutions.get('s2') ?? assert.fail()), id: 's6', ask: 5, outcome: null, promotion: null, estimate: null, summary: 'count by Counter' });
    const at = (open: readonly number[], number: number): string => askPrompt({ ...requestOf(base, { ...state, solutions: pending, open: new Map(open.map((ask) => [ask, null])) }, { parent: 'baseline', inspirations: [] }), number }, 10_000);
    assert.match(at([6], 6), /#6 from the original — count by Counter\n {3}→ being measured\n/);
    assert.doesNotMatch(at([6, 7], 6), /being written at this moment/);
    assert.match(at([6, 7], 7), /not tried yet\. Another answer is being written at this moment/);
    assert.match(at([6, 7, 8], 8), /2 other answers are being written at this moment/);
  });

  it('names the twin of a duplicate, calls what beats the original so, and shows of a long edit what it puts in', async () => {
    const base = await baseOf();
    const spec = specOf();
    const long = FASTER.replace('    return out', `${Array.from({ length: 30 }, (_, i) => `    out[${i}] = ${i}`).join('\n')}\n    return out`);
    const state = stateOf(base, spec, [{ text: long, outcome: 'kept', summary: 'much', gain: 2 }, { text: FASTER, outcome: 'discarded', summary: 'less', gain: 1.4 }, { text: long, outcome: 'duplicate', summary: 'much again' }, { text: `${BODY}  # slow`, outcome: 'discarded', summary: 'worse', gain: 0.9 }]);
    const text = askPrompt(requestOf(base, state, { parent: 'baseline', inspirations: [] }), 10_000);
    assert.match(text, /→ kept: verified 2\.00×[^\n]*\n {3}\+ {8}out\[word\] = out\.get\(word, 0\) \+ 1\n {3}\+ {4}out\[0\] = 0\n/);
    assert.match(text, /less\n {3}→ better than the original, but not than the best of its time \(≈ 1\.40×\)/);
    assert.match(text, /much again\n {3}→ the same program as #1\n#4/);
    assert.match(text, /worse\n {3}→ no gain \(≈ 0\.90/);
  });

  it('gives each metric its own unit, and of one that is only bounded the bound instead of a direction', async () => {
    const base = await baseOf();
    const spec = specOf({ metrics: [{ name: 'time_ms', source: { call: 'cpu' } }, { name: 'dropped', kind: 'score', unit: 'share' }], measure: 'python3 m.py', objective: 'minimize time_ms subject to dropped <= 0.01' });
    const judged = systemPrompt(spec, base, 10_000);
    assert.match(judged, /\nMetric time_ms: a time in ms, less is better\.\nMetric dropped: a score in share, must be <= 0\.01\.\n/);
    const state = stateOf(base, spec, []);
    const measured = { ...state, solutions: new Map([...state.solutions].map(([k, s]) => [k, { ...s, metrics: { time_ms: 7.78, dropped: 0.005 } }])) };
    assert.match(askPrompt(requestOf(base, measured, { parent: 'baseline', inspirations: [] }), 10_000), /Measured: time_ms 7\.78 ms, dropped 0\.005 share\./);
  });

  it('asks to mend a parent that failed, with what the step printed', async () => {
    const base = await baseOf();
    const spec = specOf();
    const state = stateOf(base, spec, HISTORY);
    const text = askPrompt(requestOf(base, state, { parent: 's1', inspirations: [] }), 10_000);
    assert.match(text, /# Your task\n\nThe current version fails: gate 1: exit code 1\. Mend it, and keep its idea\. The failed step printed:\n\nFAIL: test_case\nAssertionError/);
  });

  it('takes a failed solution for the current version of a debug ask, and tells repairs as such', async () => {
    const base = await baseOf();
    const spec = specOf();
    const state = stateOf(base, spec, HISTORY);
    const broken = { genome: new Genomes(base, (id) => state.solutions.get(id)).of('s1'), reason: 'gate 1: exit code 1', output: 'AssertionError' };
    const text = askPrompt(requestOf(base, state, { parent: 'baseline', broken: 's1', inspirations: [], operator: 'debug' }, { broken }), 10_000);
    assert.match(text, /# The current version\n\nIt is #1 \(blocked: gate 1: exit code 1\): do not lower the text[\s\S]*WORD\.findall\(text\):[\s\S]*The current version fails: gate 1: exit code 1\. Mend it[\s\S]*AssertionError/);
    const mended = new Map(state.solutions).set('s6', { ...(state.solutions.get('s2') ?? assert.fail()), id: 's6', ask: 5, parents: ['baseline', 's1'] });
    const next = askPrompt({ ...requestOf(base, { ...state, solutions: mended }, { parent: 'baseline', inspirations: [] }), number: 6 }, 10_000);
    assert.match(next, /#6 from the original, mending #1 — /);
  });

  it('stays within its budget: the history shrinks before the code, the newest and the kept stay', async () => {
    const base = await baseOf();
    const spec = specOf();
    const many: Told[] = [{ text: FASTER, outcome: 'kept', summary: 'the one that was kept', gain: 1.4 }];
    for (let i = 0; i < 400; i++) many.push({ text: `${BODY}\n    # ${i}`, outcome: 'discarded', summary: `idea ${i} ${'with many words '.repeat(8)}`, gain: 0.99 });
    const state = stateOf(base, spec, many);
    const text = askPrompt(requestOf(base, state, { parent: 's1', inspirations: [] }), 3000);
    assert.ok(tokensOf(text) < 3300, String(tokensOf(text)));
    assert.match(text, /#1 from the original — the one that was kept/);
    assert.match(text, /idea 399/);
    assert.match(text, /\(\d{3} others are left out\.\)/);
    assert.ok(!text.includes('idea 3 '));
  });

  it('shows a long file around its pins, and fences what holds fences', async () => {
    const long = `${'# a line of comment that fills the file\n'.repeat(3000)}${SOURCE.replace('"""How often each word is there."""', '"""```\nx\n```"""')}${'# and another one\n'.repeat(3000)}`;
    const base = await baseOf(long);
    const text = systemPrompt(specOf(), base, 3000);
    assert.ok(tokensOf(text) < 4000, String(tokensOf(text)));
    assert.ok(text.includes('for word in WORD.findall(text.lower()):'));
    assert.match(text, /\[… \d+ lines that are not shown …\]/);
    assert.match(text, /\n````python\n/);
  });
});
