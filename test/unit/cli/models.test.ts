// Where a resumed run sends its key, and what a run with a model needs before it begins.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { UserError } from '../../../src/core/errors.ts';
import { runCost, rangeText } from '../../../src/core/run-estimate.ts';
import { expectedCost } from '../../../src/cli/expected-cost.ts';
import { assertAgreed, chooseModels, resumedModels, specForModels, startedModels } from '../../../src/cli/models.ts';
import { wishOf } from '../../../src/core/model-wish.ts';
import { specOf } from '../models/support.ts';

describe('the model of a run', () => {
  const before = { ...process.env };
  beforeEach(() => {
    for (const name of Object.keys(process.env)) if (/_(API_KEY|BASE_URL)$/.test(name)) Reflect.deleteProperty(process.env, name);
    process.env['OPENAI_API_KEY'] = 'k';
  });
  afterEach(() => { Object.assign(process.env, before); });

  it('is reached again where the user says, and where a journal says only if that is the provider or this machine', () => {
    const at = (baseUrl: string, again?: string): string | undefined => resumedModels('/nowhere', { model: 'openai/x', baseUrl }, again)[0]?.endpoint.baseUrl;
    assert.equal(at('https://api.openai.com/v1'), 'https://api.openai.com/v1');
    assert.equal(at('http://127.0.0.1:7/v1'), 'http://127.0.0.1:7/v1');
    assert.throws(() => at('https://elsewhere.example/v1'), (e: UserError) => /not its provider's own address/.test(e.message) && e.remedy.includes('--base-url https://elsewhere.example/v1'));
    assert.equal(at('https://elsewhere.example/v1', 'https://elsewhere.example/v1'), 'https://elsewhere.example/v1');
    process.env['OPENAI_BASE_URL'] = 'https://elsewhere.example/v1';
    assert.equal(at('https://elsewhere.example/v1'), 'https://elsewhere.example/v1');
    assert.deepEqual(resumedModels('/nowhere', { model: 'builtin' }, undefined), []);
  });

  it('runs unconfined only when the user says so', () => {
    const open = { level: 'process-group', bwrap: null, note: 'No sandbox: no bwrap.' } as const;
    assert.throws(() => { assertAgreed('best', open); }, (e: UserError) => /nobody has read.*No sandbox: no bwrap/.test(e.message) && e.remedy.includes('--sandbox none') && e.exitCode === 2);
    assertAgreed('none', open);
    assertAgreed('best', { level: 'bubblewrap', bwrap: '/usr/bin/bwrap', note: null });
  });

  it('hides a .env with its key from evaluations, also when the key comes from the environment', () => {
    const root = mkdtempSync(join(tmpdir(), 'sigil-test-'));
    try {
      writeFileSync(join(root, '.env'), 'OTHER=x\n');
      const hidden = (): readonly string[] => specForModels(specOf(), chooseModels(root, [wishOf('openai/x')], null), null, root).scope.hidden;
      assert.deepEqual(hidden(), []);
      writeFileSync(join(root, '.env'), 'OPENAI_API_KEY=k\n');
      assert.deepEqual(hidden(), ['.env']);
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  it('is expected to cost so much before a run, alone, with others, or not known', () => {
    const prices = { 'openai/a': { input: 1, output: 10 }, 'openai/b': { input: 2, output: 20 } };
    const of = (models: readonly string[] | undefined, more: Parameters<typeof specOf>[0] = {}): ReturnType<typeof expectedCost> => expectedCost('/nowhere', specOf({ prices, ...(models === undefined ? {} : { models }), ...more }));
    assert.deepEqual(of(undefined), { ok: true, lines: null, usd: 0 });
    const { evaluations } = specOf().budget;
    const one = of(['openai/a']);
    const { low, high } = runCost({ input: 1, output: 10 }, evaluations);
    assert.ok(one.ok && one.lines?.length === 1 && one.lines[0]?.endsWith(`${evaluations} evaluations: ${rangeText({ low, high })}`), String(one.lines));
    assert.equal(one.usd, high);
    const two = of(['openai/a', 'openai/b=3'], { budget: { usd: 2, evaluations: 8 } });
    const sum = [runCost({ input: 1, output: 10 }, 2), runCost({ input: 2, output: 20 }, 6)];
    assert.equal(two.usd, sum.reduce((n, r) => n + r.high, 0));
    assert.equal(two.lines?.[2], `Together: ${rangeText({ low: sum.reduce((n, r) => n + r.low, 0), high: sum.reduce((n, r) => n + r.high, 0) })}, capped at $2`);
    const unknown = of(['openai/of-next-year']);
    assert.deepEqual([unknown.ok, unknown.usd], [true, null]);
    assert.match(unknown.lines?.[0] ?? '', /no price is known/);
    Reflect.deleteProperty(process.env, 'OPENAI_API_KEY');
    const refused = of(['openai/a']);
    assert.deepEqual([refused.ok, refused.usd], [false, null]);
    assert.match(refused.lines?.[0] ?? '', /OPENAI_API_KEY is not set/);
  });

  it('needs a price for a budget: of the spec, of the list, or none on this machine', () => {
    const unknown = chooseModels('/nowhere', [wishOf('openai/of-next-year')], null);
    assert.throws(() => specForModels(specOf({ budget: { usd: 1 } }), unknown), /no price is known/);
    const priced = specOf({ budget: { usd: 1 }, prices: { 'openai/of-next-year': { input: 1, output: 2, cache_read: 0.5 } } });
    assert.equal(specForModels(priced, unknown), priced);
    assert.deepEqual(priced.prices, { 'openai/of-next-year': { input: 1, output: 2, cacheRead: 0.5 } });
    specForModels(specOf(), unknown);
    specForModels(specOf({ budget: { usd: 1 } }), chooseModels('/nowhere', [wishOf('openai/x')], 'http://127.0.0.1:7/v1'));
    assert.throws(() => chooseModels('/nowhere', [wishOf('builtin')], 'http://127.0.0.1:7/v1'), /without a model/);
  });

  it('are several with weights, by the number behind the last "=", and a resume has them all again', () => {
    assert.deepEqual(['openai/b=3', 'ollama/a:7b', 'openrouter/v/m=0.5', 'x/y=z', 'x/y=2=1'].map(wishOf), [
      { name: 'openai/b', weight: 3 }, { name: 'ollama/a:7b', weight: 1 }, { name: 'openrouter/v/m', weight: 0.5 }, { name: 'x/y=z', weight: 1 }, { name: 'x/y=2', weight: 1 },
    ]);
    assert.throws(() => wishOf('openai/b=0'), /weight is 0/);
    const wishes = [wishOf('openai/a'), { ...wishOf('ollama/b=3'), temperature: { low: 0.2, high: 1 }, effort: 'low' as const }];
    const chosen = chooseModels('/nowhere', wishes, null);
    const started = startedModels(chosen);
    assert.deepEqual(started, { model: 'openai/a, ollama/b=3', models: [{ name: 'openai/a', weight: 1, baseUrl: 'https://api.openai.com/v1' }, { name: 'ollama/b', weight: 3, temperature: { low: 0.2, high: 1 }, effort: 'low', baseUrl: 'http://127.0.0.1:11434/v1' }] });
    assert.deepEqual(resumedModels('/nowhere', started, undefined), chosen);
    assert.throws(() => chooseModels('/nowhere', wishes, 'http://127.0.0.1:7/v1'), (e: UserError) => /models of openai and ollama/.test(e.message) && e.remedy.includes('OPENAI_BASE_URL'));
    assert.throws(() => chooseModels('/nowhere', [wishOf('openai/a'), wishOf('openai/a=2')], null), /given twice/);
    assert.deepEqual(specOf({ models: ['openai/a=2', { name: 'ollama/b' }] }).models, [{ name: 'openai/a', weight: 2 }, { name: 'ollama/b', weight: 1 }]);
    assert.deepEqual(specOf({ models: [{ name: 'openai/a', temperature: '0.2..1', effort: 'high' }, { name: 'ollama/b', temperature: 0.5 }] }).models, [
      { name: 'openai/a', weight: 1, temperature: { low: 0.2, high: 1 }, effort: 'high' }, { name: 'ollama/b', weight: 1, temperature: { low: 0.5, high: 0.5 } },
    ]);
    for (const temperature of ['hot', '1..0.2', 2.5, '0.2-1']) assert.throws(() => specOf({ models: [{ name: 'openai/a', temperature }] }), /temperature|Too big|Invalid/, String(temperature));
    assert.throws(() => specOf({ models: ['agent/claude'] }), /provider and a name/, 'a project starts no agent');
    assert.throws(() => specOf({ models: [{ name: 'openai/a', base_url: 'https://elsewhere.example' }] }), /base_url/, 'a file of the project does not say where a key is sent');
  });
});
