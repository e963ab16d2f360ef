// What the user has set up: read with errors that say where, written whole and for the user only, and used where nothing else is said.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { UserError } from '../../../src/core/errors.ts';
import { readUserConfig, userConfigPath, writeUserConfig, type UserConfig } from '../../../src/adapters/user-config.ts';
import type { ModelWish } from '../../../src/core/model-wish.ts';
import { wantedModels } from '../../../src/cli/default-model.ts';
import { chooseModels } from '../../../src/cli/models.ts';

describe('the user\'s configuration', () => {
  let env: { XDG_CONFIG_HOME: string };
  beforeEach(() => { env = { XDG_CONFIG_HOME: mkdtempSync(join(tmpdir(), 'sigil-config-')) }; });
  afterEach(() => { rmSync(env.XDG_CONFIG_HOME, { recursive: true, force: true }); });
  const put = (text: string): void => {
    mkdirSync(join(env.XDG_CONFIG_HOME, 'sigil'), { recursive: true });
    writeFileSync(userConfigPath(env), text);
  };

  it('is empty where there is no file, and is read by key', () => {
    assert.deepEqual(readUserConfig(env), { model: null, baseUrl: null, usdPerDay: null });
    put('{"model": "openai/x", "baseUrl": "http://127.0.0.1:1/v1", "usdPerDay": 2.5}');
    assert.deepEqual(readUserConfig(env), { model: 'openai/x', baseUrl: 'http://127.0.0.1:1/v1', usdPerDay: 2.5 });
  });

  for (const [text, said] of [
    ['{', /config\.json: it is no JSON: /], ['[]', /it is no JSON object/], ['{"modle": "openai/x"}', /no setting "modle"[\s\S]*Did you mean "model"\?/], ['{"model": "x"}', /"model" is "x"[\s\S]*"openai\/x"/],
    ['{"usdPerDay": 0}', /"usdPerDay" is 0/], ['{"usdPerDay": "5"}', /"usdPerDay" is "5"/], ['{"baseUrl": "localhost"}', /"baseUrl" is "localhost"/],
    ['{"apiKey": "sk-1"}', /"apiKey": this file holds no keys[\s\S]*\.env/], ['{"toString": 1}', /no setting "toString"/],
  ] as const) {
    it(`refuses ${text} with its place and a remedy`, () => {
      put(text);
      assert.throws(() => readUserConfig(env), (e: UserError) => said.test(`${e.message}\n${e.remedy}`) && e.message.includes(userConfigPath(env)) && !e.message.includes('sk-1') && e.exitCode === 2);
    });
  }

  it('is changed a setting at a time, whole, and only its user may read it', () => {
    const path = writeUserConfig({ model: 'openai/x', baseUrl: 'http://127.0.0.1:1/v1' }, env);
    writeUserConfig({ usdPerDay: 5 }, env);
    writeUserConfig({ baseUrl: null }, env);
    assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), { model: 'openai/x', usdPerDay: 5 });
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(join(env.XDG_CONFIG_HOME, 'sigil')), ['config.json']);
    put('{"model": 1}');
    assert.throws(() => writeUserConfig({ usdPerDay: 1 }, env), /"model" is 1/, 'what is wrong in it is not written over');
  });

  it('gives a run its model unless one is named, and its address to that model only', () => {
    const config: UserConfig = { model: 'openai/x', baseUrl: 'http://127.0.0.1:1/v1', usdPerDay: null };
    const asked = (given: { model?: readonly string[]; baseUrl?: string }, of = config, spec?: readonly ModelWish[]): unknown => {
      const { wishes, baseUrl, addresses, from } = wantedModels({ model: [], ...given }, spec, of);
      return [from, ...chooseModels('/nowhere', wishes, baseUrl, addresses).map((m) => `${m.name}=${m.weight} ${m.endpoint.baseUrl}`)];
    };
    const before = process.env['OPENAI_API_KEY'];
    process.env['OPENAI_API_KEY'] = 'k';
    try {
      const own = 'openai/x=1 http://127.0.0.1:1/v1';
      assert.deepEqual(asked({}), ['user', own]);
      assert.deepEqual(asked({ model: ['openai/x'] }), ['command', own]);
      assert.deepEqual(asked({ model: ['openai/y'] }), ['command', 'openai/y=1 https://api.openai.com/v1']);
      assert.deepEqual(asked({ model: ['openai/x', 'ollama/z=2'] }), ['command', own, 'ollama/z=2 http://127.0.0.1:11434/v1']);
      assert.deepEqual(asked({ model: ['builtin'] }), ['command']);
      assert.deepEqual(asked({ baseUrl: 'http://127.0.0.1:2/v1' }), ['user', 'openai/x=1 http://127.0.0.1:2/v1']);
      assert.deepEqual(asked({}, config, [{ name: 'openai/y', weight: 1 }]), ['spec', 'openai/y=1 https://api.openai.com/v1'], 'sigil.yaml stands above the user\'s own choice');
      assert.deepEqual(asked({ model: ['ollama/z'] }, config, [{ name: 'openai/y', weight: 1 }]), ['command', 'ollama/z=1 http://127.0.0.1:11434/v1']);
      const none = { model: null, baseUrl: null, usdPerDay: null };
      assert.deepEqual(asked({}, none), ['nobody']);
      assert.deepEqual(asked({}, { ...none, model: 'builtin' }), ['nobody']);
    } finally {
      if (before === undefined) delete process.env['OPENAI_API_KEY'];
      else process.env['OPENAI_API_KEY'] = before;
    }
  });
});
