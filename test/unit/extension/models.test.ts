// Which keys a run's process gets, where they are kept, and how the picker tells what there is.

import assert from 'node:assert/strict';
import { keyText, modelText, testText } from '../../../src/extension/models/answers.ts';
import { keysAsked } from '../../../src/extension/models/asked.ts';
import { proposerBrief, proposerSentence } from '../../../src/extension/models/proposer-words.ts';
import { idleText } from '../../../src/extension/lens/words.ts';
import { estimateWords } from '../../../src/core/run-estimate.ts';
import { Keys } from '../../../src/extension/models/keys.ts';
import { plainly } from '../../../src/extension/translate.ts';

function memory(): { readonly keys: Keys; readonly secrets: Map<string, string>; readonly state: Map<string, unknown> } {
  const secrets = new Map<string, string>();
  const state = new Map<string, unknown>();
  const keys = new Keys({
    secrets: { get: (k: string) => Promise.resolve(secrets.get(k)), store: (k: string, v: string) => Promise.resolve(void secrets.set(k, v)), delete: (k: string) => Promise.resolve(void secrets.delete(k)) },
    globalState: { get: (k: string, other: unknown) => state.get(k) ?? other, update: (k: string, v: unknown) => Promise.resolve(void state.set(k, v)) },
  } as unknown as ConstructorParameters<typeof Keys>[0]);
  return { keys, secrets, state };
}

describe('keys of models', () => {
  it('are asked for by the models that a command names, each for the address that it would go to', () => {
    assert.deepEqual(keysAsked(['run', 'a', '--sandbox', 'best'], null), []);
    assert.deepEqual(keysAsked(['run', 'a', '--model', 'builtin'], null), []);
    assert.deepEqual(keysAsked(['run', 'a', '--model', 'openai/x'], null), [{ provider: 'openai', baseUrl: null }]);
    assert.deepEqual(keysAsked(['run', 'a', '--model', 'openai/x', '--base-url', 'http://127.0.0.1:1/v1/'], null), [{ provider: 'openai', baseUrl: 'http://127.0.0.1:1/v1' }]);
    assert.deepEqual(keysAsked(['run', 'a', '--model', 'openai/x', '-m', 'anthropic/y', '--model=groq/z,openai/w'], null).map((p) => p.provider), ['openai', 'anthropic', 'groq']);
    assert.deepEqual(keysAsked(['run', 'a'], null, ['openai/x', 'agent/claude']).map((p) => p.provider), ['openai', 'agent'], 'of sigil.yaml');
    assert.deepEqual(keysAsked(['run', 'a', '--model', 'builtin'], null, ['openai/x']), [], 'which is not asked then');
    assert.deepEqual(keysAsked(['resume', 'r1'], { model: 'openai/x', baseUrl: 'https://elsewhere.example' }), [{ provider: 'openai', baseUrl: null }], 'the command itself refuses a journal\'s address');
  });

  it('never go where the project\'s tasks.json sends them', async () => {
    const { keys } = memory();
    await keys.store({ provider: 'openai', baseUrl: null, variable: 'OPENAI_API_KEY' }, 'sk-own');
    const asked = keysAsked(['run', 'a', '--model', 'openai/x', '--base-url=https://elsewhere.example/v1'], null);
    assert.deepEqual(await keys.environment(asked), {});
    assert.deepEqual(await keys.environment(keysAsked(['run', 'a', '--model', 'openai/x'], null)), { OPENAI_API_KEY: 'sk-own' });
  });

  it('are one a provider and address, and gone when they are removed', async () => {
    const { keys, secrets, state } = memory();
    const own = { provider: 'openai', baseUrl: 'http://127.0.0.1:1/v1', variable: 'OPENAI_API_KEY' };
    await keys.store({ provider: 'openai', baseUrl: null, variable: 'OPENAI_API_KEY' }, 'sk-own');
    await keys.store(own, 'sk-mine');
    await keys.store(own, 'sk-new');
    assert.deepEqual(await keys.environment([own]), { OPENAI_API_KEY: 'sk-new' });
    assert.equal(keys.stored().length, 2);
    assert.doesNotMatch(JSON.stringify([...state]), /sk-/, 'the index holds none');
    await keys.remove(own);
    assert.deepEqual(await keys.environment([own]), {});
    assert.deepEqual([...secrets.values()], ['sk-own']);
    assert.equal(keys.has(own), false);
  });

  it('are told by where they are', () => {
    const p = { provider: 'openai', url: 'u', keyVariable: 'OPENAI_API_KEY', keyFrom: null };
    assert.equal(keyText(p, false, plainly), 'needs a key');
    assert.equal(keyText(p, true, plainly), 'key stored in VS Code');
    assert.equal(keyText({ ...p, keyFrom: '.env' }, false, plainly), 'key: OPENAI_API_KEY from .env');
    assert.equal(keyText({ ...p, keyVariable: null }, false, plainly), 'on this machine, no key needed');
    assert.equal(modelText({ model: 'openai/x', name: 'x', title: 'The X', price: { input: 1, output: 2 }, context: 1000 }, plainly), 'The X · $1 in, $2 out per million tokens · 1000 tokens of context');
    assert.equal(modelText({ model: 'ollama/x', name: 'x', price: { input: 0, output: 0 } }, plainly), '');
    assert.equal(testText({ answer: 'ready', stop: 'end', seconds: 0.84, usd: 0.00123 }, plainly), 'answered in 0.8 s for $0.0012');
    assert.equal(testText({ answer: 'ready', stop: 'end', seconds: 0.84, usd: null }, plainly), 'answered in 0.8 s; no price is known for it');
  });
});

describe('who proposes, before a run', () => {
  const sentence = (model: string, budget: number | null = null): string => proposerSentence(model, budget, plainly);

  it('is named beside the view with what a run may spend', () => {
    assert.deepEqual(['', 'builtin', 'openai/x'].map((m) => proposerBrief(m, null, plainly)), ['', 'built-in mutators', 'openai/x']);
    assert.equal(proposerBrief('openai/x', 2, plainly), 'openai/x, at most $2 a run');
  });

  it('is told on the lens: what costs money, and what does not', () => {
    assert.match(sentence('builtin'), /cost nothing/);
    assert.match(sentence('ollama/a, lmstudio/b=2'), /costs \$0/);
    assert.match(sentence('vscode/copilot/gpt'), /subscription pays/);
    assert.match(sentence('openai/x'), /costs money, and no limit is set/);
    assert.match(sentence('openai/x, ollama/y', 2), /spends at most \$2\./);
    assert.match(sentence('agent/claude'), /network and its own login or key.*costs money/);
    assert.match(idleText(null, plainly, sentence('openai/x', 2)).tooltip, /^Search for .*openai\/x is asked\. A run spends at most \$2\.$/);
  });

  it('may cost so much: a range that grows with evaluations', () => {
    assert.equal(estimateWords({ input: 3, output: 15 }, 60), '60 evaluations: about $0.29 to $15');
    assert.equal(estimateWords({ input: 0.1, output: 0.1 }, 1), '1 evaluation: under $0.01');
    assert.equal(estimateWords({ input: 1, output: 1 }, 2), '2 evaluations: up to about $0.07');
  });
});
