// A model is set up in the editor: address, key, list, test call; a run asks it, and its key is in the run's environment and nowhere else.

import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ModelServer } from '../models/server.ts';
import { poll } from '../vscode/workbench.ts';
import { fixture, journals, useWorkbench } from './support.ts';

const KEY = 'sk-not-to-be-seen-4711';
const ANSWER = 'Idea: keep a set of the words that were seen.\n\n```python\ndef unique_words(words):\n    return list(dict.fromkeys(words))\n```\n';

/** Files below a folder that hold the key as it is. */
function filesWithKey(dir: string): readonly string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8', withFileTypes: true }).filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name)).filter((f) => {
    try {
      return readFileSync(f, 'latin1').includes(KEY);
    } catch {
      return false; // VS Code removes some of its own meanwhile
    }
  });
}

function seenInArguments(): readonly string[] {
  return readdirSync('/proc').filter((n) => /^\d+$/.test(n)).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(KEY);
    } catch {
      return false; // it has ended
    }
  });
}

describe('setting up a model', function () {
  this.timeout(180_000);
  let server: ModelServer;
  const arguments_: string[] = [];
  before(async () => {
    server = await new ModelServer((call) => {
      arguments_.push(...seenInArguments());
      return call.prompt.includes('Answer with the word') ? { text: 'ready', usage: { input: 20, output: 1 } } : { text: ANSWER };
    }).start();
    server.models = [{ id: 'fast-coder' }, { id: 'slow-thinker' }, { id: 'text-embedding-1' }];
  });
  after(() => server.stop());
  const wb = useWorkbench(() => ({ folder: fixture('words'), env: { OPENAI_API_KEY: '' }, settings: { 'sigil.run.evaluations': 1 } }));
  const settings = (): Readonly<Record<string, unknown>> => JSON.parse(readFileSync(join(wb().session.userData, 'User/settings.json'), 'utf8')) as Readonly<Record<string, unknown>>;

  it('asks for address, key and model, and tries it before it keeps it', async () => {
    await wb().openFile('words.py');
    await wb().codeLens('Optimize this function').waitFor();
    await wb().openViewContainer('Sigil');
    await wb().page.getByRole('button', { name: 'Set up a Model…' }).click();
    await wb().quickInput.getByRole('option', { name: /Built-in Mutators/ }).waitFor();
    await wb().pick(/Another Address…/);
    await wb().input(`${server.url}/v1`, 'Set up a Model');
    await wb().quickInput.locator('.quick-input-title', { hasText: `Key of ${server.url}/v1` }).waitFor();
    assert.equal(await wb().quickInput.locator('input').first().getAttribute('type'), 'password');
    await wb().input(KEY, 'Key of');
    await wb().quickInput.getByRole('option', { name: /fast-coder/ }).waitFor();
    assert.equal(await wb().quickInput.getByRole('option', { name: /embedding/ }).count(), 0);
    await wb().pick(/fast-coder/);
    await wb().notification(/openai\/fast-coder answered in \d+\.\d s; it costs \$0/).waitFor();
    assert.equal(server.listed[0]?.authorization, `Bearer ${KEY}`);
    assert.equal(server.log[0]?.headers.authorization, `Bearer ${KEY}`);
    await poll(settings, (s) => s['sigil.run.model'] === 'openai/fast-coder' && s['sigil.run.baseUrl'] === `${server.url}/v1`, 'the settings to name the model');
    await wb().page.getByRole('button', { name: 'Set up a Model…' }).waitFor({ state: 'hidden' });
    await wb().page.locator('.part.sidebar .composite.title').getByText('openai/fast-coder').waitFor(); // before anything is asked
  });

  it('gives the key to the run\'s environment: no argument, setting, journal, record or log holds it', async () => {
    await wb().codeLens('Optimize this function').click();
    await wb().codeLens(/comparisons lower by \d+ · 1 solution/).waitFor({ timeout: 120_000 });
    const proposals = server.log.filter((l) => l.prompt.includes('def unique_words'));
    assert.ok(proposals.length > 0);
    for (const p of proposals) assert.equal(p.headers.authorization, `Bearer ${KEY}`);
    assert.match(readFileSync(journals(wb().folder)[0] ?? '', 'utf8'), /"model":"openai\/fast-coder"/);
    assert.deepEqual(arguments_, []);
    assert.deepEqual(filesWithKey(wb().session.dir), []);
    await wb().open(); // VS Code keeps terminals over a reload, with what they were started with
    await wb().openFile('words.py');
    await wb().codeLens(/comparisons lower by \d+ · 1 solution/).waitFor();
    assert.deepEqual(filesWithKey(wb().session.dir), []);
  });

  it('says what an agent may read and do, and keeps it only when that is allowed', async () => {
    await wb().command('Sigil: Set up a Model…');
    await wb().pick(/A Command-line Agent…/);
    await wb().pick(/Claude Code/);
    await wb().dialog.or(wb().notification(/nothing would confine it here/)).first().waitFor();
    if (await wb().dialog.count() > 0) {
      const text = await wb().dialog.innerText();
      assert.match(text, /May runs of Sigil start Claude Code\?[^]*the network[^]*\.env and the rest of your home are not there/);
      await wb().dialog.getByRole('button', { name: 'Cancel' }).click();
    }
    assert.equal(settings()['sigil.run.model'], 'openai/fast-coder');
  });

  it('takes the key out again', async () => {
    await wb().command('Sigil: Set up a Model…');
    await wb().quickInput.locator('input').first().fill('Remove'); // it stands at the end of a list that shows what fits
    await wb().pick(/Remove a Key…/);
    await wb().pick(/OpenAI/);
    await wb().notification(/The key of http.* is removed/).waitFor();
    await wb().command('Sigil: Set up a Model…');
    await wb().quickInput.getByRole('option', { name: /Built-in Mutators/ }).waitFor();
    await wb().quickInput.locator('input').first().fill('Remove');
    await wb().quickInput.getByRole('option', { name: /Built-in Mutators/ }).waitFor({ state: 'hidden' });
    assert.equal(await wb().quickInput.getByRole('option', { name: /Remove a Key/ }).count(), 0);
    await wb().quickInput.locator('input').first().fill('');
    await wb().pick(/Built-in Mutators/);
    await poll(settings, (s) => s['sigil.run.model'] === 'builtin' && s['sigil.run.baseUrl'] === undefined, 'the settings to name none');
  });
});
