// Setting a model up: keys are found or asked for and written nowhere else, lists are the provider's own, and runs ask what was set up.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ModelServer, type Logged, type Reply } from '../../models/server.ts';
import { CLI, Desk, eventsIn, journals, leftovers, ofType, oneDocument, type Ended } from './support.ts';

const KEY = 'sk-not-to-be-seen-4711';
const PARAMS = 'Idea: other numbers.\n\nparams.cfg\n```\nalpha = 3\nbeta = 4\n```\n';

/** Processes whose command line holds the key. */
function seenInArguments(): string[] {
  return readdirSync('/proc').filter((n) => /^\d+$/.test(n)).filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(KEY);
    } catch {
      return false; // gone meanwhile
    }
  });
}

function filesWith(dir: string, text: string): string[] {
  return readdirSync(dir, { recursive: true, encoding: 'utf8', withFileTypes: true }).filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name)).filter((f) => readFileSync(f, 'latin1').includes(text));
}

describe('setting up a model', function () {
  this.timeout(120_000);
  let desk: Desk;
  let server: ModelServer | undefined;
  let config: string;
  const env: Record<string, string> = {};
  before(() => {
    desk = new Desk();
    config = join(desk.folder, 'config');
    Object.assign(env, { XDG_CONFIG_HOME: config, OPENAI_API_KEY: '', ANTHROPIC_API_KEY: '', GROQ_API_KEY: '' });
  });
  after(() => desk.dispose());
  beforeEach(() => { rmSync(config, { recursive: true, force: true }); });
  afterEach(async () => {
    await server?.stop();
    server = undefined;
    assert.deepEqual(leftovers(desk.folder), []);
  });

  const serve = async (reply: (call: Logged, n: number) => Reply = () => ({ text: 'ready', usage: { input: 20, output: 1 } })): Promise<ModelServer> => (server = await new ModelServer(reply).start());
  const saved = (): Record<string, unknown> => JSON.parse(readFileSync(join(config, 'sigil', 'config.json'), 'utf8')) as Record<string, unknown>;
  const sigil = (root: string, args: readonly string[], more: Record<string, string> = {}): Promise<Ended> => desk.sigil(root, args, { env: { ...env, ...more } });

  /** The command on a terminal, its questions answered. */
  function onTerminal(root: string, args: readonly string[], answers: readonly (readonly [string, string])[]): Promise<{ readonly code: number | null; readonly shown: string }> {
    const child = spawn('python3', [join(import.meta.dirname, 'terminal.py'), JSON.stringify(answers), process.execPath, CLI, ...args], { cwd: root, env: { ...desk.env, ...env, TERM: 'xterm' } });
    let shown = '';
    for (const s of [child.stdout, child.stderr]) s.setEncoding('utf8').on('data', (d: string) => (shown += d));
    return new Promise((done) => child.once('close', (code) => { done({ code, shown }); }));
  }

  it('lists what a provider has: paged where its API is, with its key, without what answers no text', async () => {
    const s = await serve();
    const root = desk.project(null, { 'a.txt': '' });
    s.models = [{ id: 'claude-b', display_name: 'Claude B' }, { id: 'claude-a' }, { id: 'claude-c' }];
    s.pageSize = 1;
    const a = oneDocument((await sigil(root, ['models', 'list', 'anthropic', '--base-url', s.url, '--json'], { ANTHROPIC_API_KEY: KEY })).stdout) as { models: { model: string; title?: string }[] };
    assert.deepEqual(a.models.map((m) => m.model), ['anthropic/claude-a', 'anthropic/claude-b', 'anthropic/claude-c']);
    assert.equal(a.models[1]?.title, 'Claude B');
    assert.deepEqual(s.listed.map((h) => [h.authorization, h['anthropic-version']]), [0, 1, 2].map(() => [`Bearer ${KEY}`, '2026-10-21']));
    s.pageSize = Infinity;
    s.listed.length = 0;
    s.models = [{ id: 'gpt-5' }, { id: 'text-embedding-3-small' }, { id: 'models/from-gemini', context_window: 1000 }, { id: 'codestral', capabilities: { completion_chat: false } }];
    const o = oneDocument((await sigil(root, ['models', 'list', 'openai', '--base-url', `${s.url}/v1`, '--json'], { OPENAI_API_KEY: KEY })).stdout) as { models: { model: string; context?: number; price?: unknown }[] };
    assert.deepEqual(o.models.map((m) => [m.model, m.context]), [['openai/from-gemini', 1000], ['openai/gpt-5', undefined]]);
    assert.equal(s.listed[0]?.authorization, `Bearer ${KEY}`);
    const every = oneDocument((await sigil(root, ['models', '--json', 'list', 'ollama', '--base-url', `${s.url}/v1`, '--all'])).stdout) as { models: unknown[] };
    assert.equal(every.models.length, 4);
    assert.equal(s.listed[1]?.authorization, undefined, 'the key of one provider is not sent to another');
  });

  it('says in words what is wrong with a list: a refused key, nobody there, no list', async () => {
    const s = await serve();
    const root = desk.project(null, { 'a.txt': '' });
    s.listStatus = 401;
    const refused = await sigil(root, ['models', 'list', 'openai', '--base-url', `${s.url}/v1`], { OPENAI_API_KEY: KEY });
    assert.match(refused.stderr, /the key was refused \(401\)[\s\S]*Check OPENAI_API_KEY/);
    s.listStatus = 404;
    assert.match((await sigil(root, ['models', 'list', 'ollama', '--base-url', `${s.url}/v1`])).stderr, /not found \(404\)/);
    await s.stop();
    const gone = await sigil(root, ['models', 'list', 'ollama', '--base-url', `${s.url}/v1`]);
    assert.match(gone.stderr, /nothing answers at http/);
    assert.doesNotMatch(refused.stderr + refused.stdout + gone.stderr, new RegExp(KEY));
  });

  it('tries a model by one real call and keeps it, with one document, and without a terminal asks nothing', async () => {
    const s = await serve();
    const root = desk.project('knobs', { '.env': `ANTHROPIC_API_KEY=${KEY}\n` });
    const r = await sigil(root, ['models', 'setup', 'anthropic/claude-sonnet-5-5', '--base-url', s.url, '--usd-per-day', '5', '--json']);
    assert.equal(r.code, 0, r.stderr);
    const told = oneDocument(r.stdout) as { test: { answer: string; usd: number; seconds: number }; key: string };
    assert.equal(told.test.answer, 'ready');
    assert.match(told.key, /ANTHROPIC_API_KEY from \.env/);
    assert.deepEqual(saved(), { model: 'anthropic/claude-sonnet-5-5', baseUrl: s.url, usdPerDay: 5 });
    assert.equal(statSync(join(config, 'sigil', 'config.json')).mode & 0o777, 0o600);
    assert.equal(s.log.length, 1);
    assert.equal(s.log[0]?.headers.authorization, `Bearer ${KEY}`);
    for (const args of [['models', 'setup'], ['models', 'setup', 'groq'], ['models', 'setup', 'groq/x'], ['models', 'setup', 'openai', '--base-url', `${s.url}/v1`]]) {
      const e = await sigil(root, args);
      assert.equal(e.code, 2, args.join(' '));
      assert.match(e.stderr, /PROVIDER\/NAME|export GROQ_API_KEY|openai\/NAME/);
    }
    assert.deepEqual(saved()['model'], 'anthropic/claude-sonnet-5-5', 'what failed has changed nothing');
    const doctor = oneDocument((await sigil(root, ['doctor', '--json'])).stdout) as { checks: { name: string; found: string }[] };
    assert.match(doctor.checks.find((c) => c.name === 'model')?.found ?? '', /anthropic\/claude-sonnet-5-5 at http.*ANTHROPIC_API_KEY from \.env/);
    const models = oneDocument((await sigil(root, ['models', '--json'])).stdout) as { model: string; keyFrom: string };
    assert.deepEqual([models.model, models.keyFrom], ['anthropic/claude-sonnet-5-5', '.env']);
    assert.doesNotMatch(JSON.stringify([r, doctor, models]), new RegExp(KEY));
  });

  it('keeps nothing where the test call fails', async () => {
    const s = await serve(() => ({ status: 404, error: { message: 'no such model' } }));
    const root = desk.project(null, { 'a.txt': '' });
    const r = await sigil(root, ['models', 'setup', 'ollama/none', '--base-url', `${s.url}/v1`]);
    assert.equal(r.code, 1);
    assert.match(r.stderr, /no such model[\s\S]*Check the model's name "none"/);
    assert.ok(!existsSync(join(config, 'sigil', 'config.json')));
  });

  it('on a terminal asks for provider, address, key and model; the key is not shown, and stands in .env for its user only', async () => {
    const s = await serve();
    s.models = [{ id: 'gpt-5' }, { id: 'gpt-5-mini' }, { id: 'whisper-1' }];
    const root = desk.project('knobs', { '.env': 'export OPENAI_API_KEY=\nOTHER=1\n', '.gitignore': 'node_modules' });
    desk.git(root, 'rm', '-q', '--cached', '.env');
    const clear = await onTerminal(root, ['models', 'setup'], [['Number or name', 'openai\r'], ['Address', `http://127.0.0.1.nip.invalid:${s.port}/v1\r`]]);
    assert.equal(clear.code, 2, clear.shown);
    assert.match(clear.shown, /openai: a key would go to http.* in the clear/, 'before a key is asked for');
    // An address that is not of this machine: only then is a key needed.
    const r = await onTerminal(root, ['models', 'setup'], [
      ['Number or name', 'openai\r'], ['Address', `https://127.0.0.1.nip.invalid:${s.port}/v1\r`], ['OPENAI_API_KEY (it is not shown): ', `${KEY}\r`], ['[y/N] ', 'y\r'],
    ]);
    assert.equal(r.code, 1, r.shown);
    assert.match(r.shown, /the host of http.* is not found/);
    assert.doesNotMatch(r.shown, new RegExp(KEY));
    assert.deepEqual(readFileSync(join(root, '.env'), 'utf8'), `OPENAI_API_KEY=${KEY}\nOTHER=1\n`);
    assert.equal(statSync(join(root, '.env')).mode & 0o777, 0o600);
    assert.equal(readFileSync(join(root, '.gitignore'), 'utf8'), 'node_modules\n.env\n');
    const again = await onTerminal(root, ['models', 'setup'], [['Number or name', 'openai\r'], ['Address', `${s.url}/v1\r`], ['Number or name', 'mini\r'], ['Number or name', '1\r']]);
    assert.equal(again.code, 0, again.shown);
    assert.doesNotMatch(again.shown, /whisper/);
    assert.match(again.shown, /openai\/gpt-5-mini answered "ready" in/);
    assert.deepEqual(saved(), { model: 'openai/gpt-5-mini', baseUrl: `${s.url}/v1` });
    assert.equal(s.log[0]?.headers.authorization, `Bearer ${KEY}`);
    const given = await onTerminal(root, ['models', 'setup'], [['Number or name', '\u0003']]);
    assert.equal(given.code, 1);
    assert.match(given.shown, /given up: nothing was changed/);
  });

  it('writes no key where git would commit it', async () => {
    const root = desk.project('knobs', { '.env': 'OTHER=1\n' });
    const r = await onTerminal(root, ['models', 'setup', 'groq/x'], [['GROQ_API_KEY (it is not shown): ', `${KEY}\r`], ['[y/N] ', 'y\r']]);
    assert.match(r.shown, /\.env is in git's index/);
    assert.equal(readFileSync(join(root, '.env'), 'utf8'), 'OTHER=1\n');
  });

  it('is what a run without --model asks; --model builtin wins; and its key is in no argument, journal, record or file', async () => {
    const seen: string[] = [];
    const s = await serve(() => {
      seen.push(...seenInArguments());
      return { text: PARAMS };
    });
    const root = desk.project('knobs');
    mkdirSync(join(config, 'sigil'), { recursive: true });
    writeFileSync(join(config, 'sigil', 'config.json'), JSON.stringify({ model: 'openai/x', baseUrl: `${s.url}/v1` }));
    const r = await sigil(root, ['run', 'shape', '--niter', '1', '--seed', '1'], { OPENAI_API_KEY: KEY });
    assert.equal(r.code, 0, r.stderr);
    assert.match(r.stdout.split('\n')[0] ?? '', /^Asking openai\/x, as .*config\.json says; --model builtin/);
    assert.ok(s.log.length > 0);
    const started = ofType(eventsIn(journals(root)[0] ?? ''), 'run-started')[0];
    assert.deepEqual([started?.model, started?.baseUrl, started?.spec.optimizer.name], ['openai/x', `${s.url}/v1`, 'alphaevolve']);
    assert.deepEqual(seen, []);
    assert.deepEqual(filesWith(desk.folder, KEY), filesWith(desk.folder, KEY).filter((f) => f.endsWith('.env')), 'only what other tests wrote');
    assert.doesNotMatch(r.stdout + r.stderr, new RegExp(KEY));
    const calls = s.log.length;
    for (const args of [['--model', 'builtin'], ['--optimizer', 'mads']]) {
      const b = await sigil(root, ['run', 'shape', '--niter', '1', '--seed', '1', ...args], { OPENAI_API_KEY: KEY });
      assert.equal(b.code, 0, b.stderr);
      assert.doesNotMatch(b.stdout, /Asking openai/);
    }
    assert.equal(s.log.length, calls);
  });
});
