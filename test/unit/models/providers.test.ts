// Which endpoint a name means, with which key, and what is refused in words.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { UserError } from '../../../src/core/errors.ts';
import { endpointOf, PROVIDERS } from '../../../src/adapters/models/providers.ts';

describe('endpoints', () => {
  const root = mkdtempSync(join(tmpdir(), 'sigil-providers-'));
  after(() => { rmSync(root, { recursive: true }); });

  it('are known by their provider, and take its key from the environment before .env', () => {
    writeFileSync(join(root, '.env'), '# keys\nOTHER=1\nexport GROQ_API_KEY="of the file"\nANTHROPIC_API_KEY=of-the-file\n');
    const a = endpointOf('anthropic/claude-x', null, root, {});
    assert.deepEqual([a.api, a.baseUrl, a.name, a.key, a.keyFile, a.local], ['anthropic', 'https://api.anthropic.com', 'claude-x', 'of-the-file', '.env', false]);
    const b = endpointOf('anthropic/claude-x', null, root, { ANTHROPIC_API_KEY: 'of the shell' });
    assert.deepEqual([b.key, b.keyFile], ['of the shell', null]);
    assert.equal(endpointOf('groq/a', null, root, {}).key, 'of the file');
    assert.equal(process.env['GROQ_API_KEY'], undefined, 'it is set nowhere');
    assert.deepEqual(['ollama', 'llamacpp', 'vllm', 'lmstudio'].map((p) => endpointOf(`${p}/a`, null, root, {}).local), [true, true, true, true]);
    assert.equal(endpointOf('openrouter/vendor/name', null, root, { OPENROUTER_API_KEY: 'k' }).name, 'vendor/name');
  });

  it('take a URL of the user\'s own: from the flag, else the environment', () => {
    assert.equal(endpointOf('openai/x', 'http://127.0.0.1:9/v1/', root, {}).baseUrl, 'http://127.0.0.1:9/v1');
    assert.equal(endpointOf('openai/x', null, root, { OPENAI_BASE_URL: 'http://localhost:9/v1' }).baseUrl, 'http://localhost:9/v1');
    assert.deepEqual([endpointOf('openai/x', null, root, { OPENAI_API_KEY: 'k' }).api, endpointOf('openai/x', 'http://127.0.0.1:9/v1', root, {}).api], ['responses', 'chat'], 'only OpenAI itself surely speaks Responses');
  });

  it('are refused in words', () => {
    const cases: readonly (readonly [string, string | null, RegExp, RegExp])[] = [
      ['opnai/x', null, /there is no provider "opnai"/, /openai/],
      ['openai', null, /the name of the model is missing/, /openai\/NAME/],
      ['openai/x', null, /OPENAI_API_KEY is not set/, /\.env/],
      ['openai/x', 'https://example.com/v1', /OPENAI_API_KEY is not set/, /export/],
      ['openai/x', 'not a url', /not a URL/, /http:/],
      ['openai/x', 'ftp://127.0.0.1/', /no http/, /http:/],
      ['openai/x', 'http://me:secret@127.0.0.1:1/v1', /holds a password/, /environment/],
    ];
    for (const [model, url, message, remedy] of cases) {
      assert.throws(() => endpointOf(model, url, '/nowhere', {}), (e: UserError) => {
        assert.match(e.message, message);
        assert.match(e.remedy, remedy);
        assert.ok(!e.message.includes('secret'));
        return e.exitCode === 2;
      }, model);
    }
    assert.ok(PROVIDERS.length >= 12);
    const clear = (): unknown => endpointOf('openai/x', 'http://192.168.1.5:8000/v1', '/nowhere', { OPENAI_API_KEY: 'secret' });
    assert.throws(clear, (e: UserError) => /in the clear/.test(e.message) && e.remedy.includes('vllm/x') && !`${e.message}${e.remedy}`.includes('secret') && e.exitCode === 2);
    assert.equal(endpointOf('vllm/x', 'http://192.168.1.5:8000/v1', '/nowhere', { OPENAI_API_KEY: 'secret' }).key, null);
    assert.equal(endpointOf('openai/x', 'http://127.0.0.1:8000/v1', '/nowhere', { OPENAI_API_KEY: 'k' }).key, 'k');
  });
});
