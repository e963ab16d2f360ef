// Where a resumed run sends its key, and what a run with a model needs before it begins.

import assert from 'node:assert/strict';
import type { UserError } from '../../../src/core/errors.ts';
import { assertAgreed, chooseModel, resumedModel, specForModel } from '../../../src/cli/models.ts';
import { specOf } from '../models/support.ts';

describe('the model of a run', () => {
  const before = { ...process.env };
  beforeEach(() => {
    for (const name of Object.keys(process.env)) if (/_(API_KEY|BASE_URL)$/.test(name)) Reflect.deleteProperty(process.env, name);
    process.env['OPENAI_API_KEY'] = 'k';
  });
  afterEach(() => { Object.assign(process.env, before); });

  it('is reached again where the user says, and where a journal says only if that is the provider or this machine', () => {
    const at = (baseUrl: string, again?: string): string | undefined => resumedModel('/nowhere', { model: 'openai/x', baseUrl }, again)?.baseUrl;
    assert.equal(at('https://api.openai.com/v1'), 'https://api.openai.com/v1');
    assert.equal(at('http://127.0.0.1:7/v1'), 'http://127.0.0.1:7/v1');
    assert.throws(() => at('https://elsewhere.example/v1'), (e: UserError) => /not its provider's own address/.test(e.message) && e.remedy.includes('--base-url https://elsewhere.example/v1'));
    assert.equal(at('https://elsewhere.example/v1', 'https://elsewhere.example/v1'), 'https://elsewhere.example/v1');
    process.env['OPENAI_BASE_URL'] = 'https://elsewhere.example/v1';
    assert.equal(at('https://elsewhere.example/v1'), 'https://elsewhere.example/v1');
    assert.equal(resumedModel('/nowhere', { model: 'builtin' }, undefined), null);
  });

  it('runs unconfined only when the user says so', () => {
    const open = { level: 'process-group', bwrap: null, note: 'No sandbox: no bwrap.' } as const;
    assert.throws(() => { assertAgreed('best', open); }, (e: UserError) => /nobody has read.*No sandbox: no bwrap/.test(e.message) && e.remedy.includes('--sandbox none') && e.exitCode === 2);
    assertAgreed('none', open);
    assertAgreed('best', { level: 'bubblewrap', bwrap: '/usr/bin/bwrap', note: null });
  });

  it('needs a price for a budget: of the spec, of the list, or none on this machine', () => {
    const unknown = chooseModel('/nowhere', 'openai/of-next-year', null) ?? assert.fail();
    assert.throws(() => specForModel(specOf({ budget: { usd: 1 } }), unknown), /no price is known/);
    const priced = specOf({ budget: { usd: 1 }, prices: { 'openai/of-next-year': { input: 1, output: 2, cache_read: 0.5 } } });
    assert.equal(specForModel(priced, unknown), priced);
    assert.deepEqual(priced.prices, { 'openai/of-next-year': { input: 1, output: 2, cacheRead: 0.5 } });
    specForModel(specOf(), unknown);
    specForModel(specOf({ budget: { usd: 1 } }), chooseModel('/nowhere', 'openai/x', 'http://127.0.0.1:7/v1') ?? assert.fail());
    assert.throws(() => chooseModel('/nowhere', 'builtin', 'http://127.0.0.1:7/v1'), /without a model/);
  });
});
