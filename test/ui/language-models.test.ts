// VS Code's own language models propose: chosen and allowed in the picker, asked through the bridge, also by a run that outlives its window.
//
// Only in the newest VS Code: an extension can offer models since 1.104, so that in the oldest one that Sigil runs on none can be had without an account.

import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { poll } from '../vscode/workbench.ts';
import { OLDEST, chosenVersion } from '../vscode/versions.mjs';
import { fixture, journals, root, useWorkbench } from './support.ts';

describe('VS Code\'s language models', function () {
  this.timeout(240_000);
  const notes = mkdtempSync(join(tmpdir(), 'sigil-fake-'));
  const calls = (): readonly string[] => (existsSync(join(notes, 'log')) ? readFileSync(join(notes, 'log'), 'utf8').trim().split('\n') : []);
  before(function () { if (chosenVersion() === OLDEST) this.skip(); });
  after(() => { rmSync(notes, { recursive: true }); });
  const wb = useWorkbench({ folder: fixture('words'), companions: [join(root, 'test/fixtures/extensions/fake-models')], env: { FAKE_MODELS: notes }, settings: { 'sigil.run.evaluations': 1, 'sigil.run.model': 'vscode/fake/refusing' } });
  const settings = (): Readonly<Record<string, unknown>> => JSON.parse(readFileSync(join(wb().session.userData, 'User/settings.json'), 'utf8')) as Readonly<Record<string, unknown>>;
  const choose = async (model: string): Promise<void> => {
    await wb().command('Sigil: Set up a Model…');
    await wb().pick(/VS Code’s Own Language Models…/);
    await wb().pick(new RegExp(model));
    await wb().dialog.filter({ hasText: `May runs of Sigil ask ${model}?` }).waitFor();
  };

  it('are not asked by a run that names one which the user did not allow', async () => {
    await wb().openFile('words.py');
    await wb().codeLens('Optimize this function').click();
    await wb().answer(/The run of “words” wants to ask VS Code’s language model fake\/refusing/, 'Don’t Allow');
    const journal = await poll(() => journals(wb().folder)[0] ?? '', Boolean, 'the run');
    await poll(() => existsSync(join(dirname(journal), 'lock')), (there) => !there, 'the run to end', 60_000);
    assert.deepEqual(calls(), []);
    assert.doesNotMatch(readFileSync(journal, 'utf8'), /"type":"proposed"/);
  });

  it('are listed, and one is kept when the user allows it and it answers', async () => {
    await choose('Fake Quick');
    await wb().dialog.getByRole('button', { name: 'Cancel' }).click();
    assert.deepEqual(calls(), [], 'it is not asked without leave');
    await choose('Fake Refusing');
    await wb().dialog.getByRole('button', { name: 'Allow' }).click();
    await wb().notification(/Fake Refusing: it is blocked.*the quota is used up/).waitFor();
    await choose('Fake Quick');
    await wb().dialog.getByRole('button', { name: 'Allow' }).click();
    await wb().notification(/vscode\/fake\/quick answered in \d+\.\d s.*your subscription pays/).waitFor();
    await poll(settings, (s) => s['sigil.run.model'] === 'vscode/fake/quick', 'the setting to name the model');
  });

  it('propose through the bridge, whose file is the user\'s alone and gone after the run', async () => {
    writeFileSync(join(notes, 'hold'), '');
    await wb().command('Sigil: Run a Search…');
    const journal = await poll(() => journals(wb().folder)[1] ?? '', Boolean, 'a run');
    const bridge = join(dirname(journal), 'bridge.json');
    await poll(() => existsSync(bridge) && readFileSync(bridge, 'utf8').includes('token'), Boolean, 'the bridge');
    assert.equal(statSync(bridge).mode & 0o777, 0o600);
    const { port, token } = JSON.parse(readFileSync(bridge, 'utf8')) as { port: number; token: string };
    assert.equal((await fetch(`http://127.0.0.1:${port}/v1/models`)).status, 401);
    assert.equal((await fetch(`http://127.0.0.1:${port}/v1/models`, { headers: { authorization: `Bearer ${token}`, origin: 'http://127.0.0.1' } })).status, 403);
    await poll(calls, (all) => all.includes('asked quick proposal'), 'the model to be asked');
    rmSync(join(notes, 'hold'));
    await wb().codeLens(/comparisons lower by \d+ · 1 solution/).waitFor({ timeout: 120_000 });
    const text = readFileSync(journal, 'utf8');
    assert.match(text, /"model":"vscode\/fake\/quick"/);
    assert.ok(!text.includes(token));
    await poll(() => existsSync(bridge), (there) => !there, 'the bridge file to go');
    assert.equal((await fetch(`http://127.0.0.1:${port}/v1/models`, { headers: { authorization: `Bearer ${token}` } })).status, 401);
    await wb().command('Sigil: Show the Run\'s Terminal');
    await wb().pick(/words/); // the latest stands first
    await wb().terminalShows(/vscode\/fake\/quick is asked through VS Code: your subscription there pays/);
  });

  it('are waited for by a run whose window reloads, and answer it then', async () => {
    const before = journals(wb().folder).length;
    const asked = calls().length;
    writeFileSync(join(notes, 'hold'), '');
    await wb().command('Sigil: Run a Search…');
    await poll(() => calls().length, (n) => n > asked, 'the model to be asked', 60_000);
    const journal = journals(wb().folder).at(-1) ?? '';
    assert.equal(journals(wb().folder).length, before + 1);
    const bridge = join(dirname(journal), 'bridge.json');
    const old = readFileSync(bridge, 'utf8');
    await wb().open();
    await poll(() => existsSync(bridge) && readFileSync(bridge, 'utf8'), (now) => typeof now === 'string' && now.includes('token') && now !== old, 'the new window to offer its models', 90_000);
    rmSync(join(notes, 'hold'));
    await poll(() => readFileSync(journal, 'utf8'), (text) => /"type":"run-ended"/.test(text), 'the run to end', 120_000);
    assert.match(readFileSync(journal, 'utf8'), /"type":"promoted"/);
    assert.doesNotMatch(readFileSync(journal, 'utf8'), /"type":"resumed"/, 'it was the same process all the time');
  });
});
