// Runs in which a model proposes, end to end: the command against servers on loopback, killed and resumed, with the server's own log as witness.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CallRecord } from '../../../src/adapters/models/calls.ts';
import type { Event } from '../../../src/core/events.ts';
import { OPTIMIZERS } from '../../../src/core/optimizers/registry.ts';
import { ModelServer, type Logged, type Reply } from '../../models/server.ts';
import { Desk, eventsIn, filesUnder, journals, leftovers, ofType, untouchable, until } from './support.ts';

const BEST: Readonly<Record<string, number>> = { width: 40, depth: 9, ratio: 50 };

/** What stands in the version that a prompt calls the current one. */
function currentOf(prompt: string): readonly { readonly line: string; readonly name: string; readonly value: number }[] {
  const at = prompt.lastIndexOf('# The current version');
  const section = prompt.slice(at);
  const text = /^width = /m.test(section) ? section : prompt.slice(prompt.indexOf('# The original code'));
  return [...text.matchAll(/^(width|depth|ratio) = (\d+).*$/gm)].slice(0, 3).map((m) => ({ line: m[0], name: m[1] ?? '', value: Number(m[2]) }));
}

/** A model that brings one parameter about a third nearer to its best, another at each call. */
function improver(call: Logged, n: number): Reply {
  const now = currentOf(call.prompt);
  const { line, name, value } = now[n % now.length] ?? assert.fail('no parameter in the prompt');
  const to = value + Math.ceil(((BEST[name] ?? 0) - value) / 3) + (n % 7);
  return { text: `Idea: set ${name} to ${to}.\n\nparams.cfg\n<<<<<<< SEARCH\n${line}\n=======\n${line.replace(String(value), String(to))}\n>>>>>>> REPLACE\n`, usage: { input: 2000, output: 200 } };
}

const only = (root: string): string => {
  const found = journals(root);
  assert.equal(found.length, 1, found.join(' '));
  return found[0] as string;
};

const records = (journal: string): CallRecord[] => {
  const dir = join(dirname(journal), 'calls');
  return existsSync(dir) ? readdirSync(dir).filter((f) => f.endsWith('.json')).sort().map((f) => JSON.parse(readFileSync(join(dir, f), 'utf8')) as CallRecord) : [];
};

/** The records of calls as they lie on the disk. Each holds when it began, so that a call which was made again is told from the one before. */
function shelf(root: string): ReadonlyMap<string, string> {
  const dir = journals(root).length === 0 ? '' : join(dirname(only(root)), 'calls');
  return new Map(existsSync(dir) ? readdirSync(dir).filter((f) => f.endsWith('.json')).map((f) => [f, readFileSync(join(dir, f), 'utf8')]) : []);
}

/** What was recorded and requested when a session ended. */
interface Session {
  readonly shelf: ReadonlyMap<string, string>;
  readonly requests: number;
}

/** Nothing that was recorded was asked for again, and a kill costs at most the calls that were in flight; the last session was not killed. */
function assertPaidOnce(sessions: readonly Session[], calls: number): void {
  const last = sessions.at(-1) ?? assert.fail();
  let before: Session = { shelf: new Map(), requests: 0 };
  for (const s of sessions) {
    for (const [file, text] of s.shelf) assert.equal(last.shelf.get(file), text, `${file} is paid twice`);
    const lost = s.requests - before.requests - (s.shelf.size - before.shelf.size);
    assert.ok(lost >= 0 && lost <= (s === last ? 0 : calls), `${lost} requests without a record`);
    before = s;
  }
}

describe('runs with a model', function () {
  this.timeout(300_000);
  let desk: Desk;
  let server: ModelServer | undefined;
  const KEY = 'sk-not-to-be-seen-4711';

  before(() => { desk = new Desk(); });
  after(async () => desk.dispose());
  afterEach(async () => {
    await server?.stop();
    server = undefined;
    assert.deepEqual(leftovers(desk.folder), []);
  });

  const serve = async (reply: (call: Logged, n: number) => Reply): Promise<ModelServer> => (server = await new ModelServer(reply).start());

  const PROVIDERS = [
    { model: 'openai/x', base: '/v1', key: 'OPENAI_API_KEY' },
    { model: 'anthropic/x', base: '', key: 'ANTHROPIC_API_KEY' },
  ];

  for (const { model, base, key } of PROVIDERS) {
    it(`${model}: proposes, is measured, is recorded, and its key is seen by its server only`, async () => {
      const s = await serve(improver);
      const root = desk.project('knobs', { 'gate.sh': 'env | grep -q 4711 && exit 1\ngrep -q 4711 .env && exit 1\nexit 0\n', '.env': `${key}=${KEY}\n` });
      const before = untouchable(root);
      const env = { OPENAI_API_KEY: '', ANTHROPIC_API_KEY: '' };
      const r = await desk.sigil(root, ['run', 'shape', '--seed', '3', '--niter', '4', '--calls', '1', '--model', model, '--base-url', `${s.url}${base}`, '--json'], { env });
      assert.equal(r.code, 0, r.stderr);
      const events = eventsIn(only(root));
      const started = ofType(events, 'run-started')[0];
      assert.equal(started?.model, model);
      assert.equal(started.baseUrl, `${s.url}${base}`);
      assert.ok(ofType(events, 'promoted').length > 0, 'something is kept');
      assert.equal(ofType(events, 'proposed').length, s.log.length);
      assert.deepEqual(ofType(events, 'proposed').map((p) => p.usd), s.log.map(() => 0), 'a server on this machine costs nothing');
      const recorded = records(only(root));
      assert.deepEqual(recorded.map((c) => [c.prompt.system, ...c.prompt.messages.map((m) => m.text)].every((t) => s.log[c.ask]?.prompt.includes(t))), s.log.map(() => true));
      assert.deepEqual(recorded.map((c) => c.answer.text), s.log.map((call, i) => improver(call, i).text));
      assert.equal(statSync(join(dirname(only(root)), 'calls', '000000-0.json')).mode & 0o077, 0, 'only the user may read prompts');
      for (const call of s.log) assert.equal(call.headers.authorization, `Bearer ${KEY}`);
      assert.ok(ofType(events, 'gated').every((g) => g.ok), 'no evaluation sees the key, in its environment or in the file');
      for (const text of [r.stdout, r.stderr, ...filesUnder(join(root, '.sigil')).map((f) => readFileSync(f, 'utf8')), ...s.log.map((c) => c.prompt)]) assert.ok(!text.includes(KEY));
      assert.deepEqual(untouchable(root), before);
      // A later prompt tells of the first try: the second is asked for while that is measured.
      assert.match(s.log[2]?.prompt ?? '', /# What was tried, oldest first; .*\n\n#1 from the original — .*\n {3}→ (kept: verified|no gain|blocked|undecided)/);
    });

    it(`${model}: killed at any moment and resumed, no answered call is made again`, async () => {
      const s = await serve((call, n) => ({ ...improver(call, n), delay: 20 }));
      const root = desk.project('knobs');
      const before = untouchable(root);
      const start = ['run', 'shape', '--seed', '3', '--niter', '8', '--model', model, '--base-url', `${s.url}${base}`, '--json'];
      const sessions: Session[] = [];
      const moments = ['"type":"asked"', '"type":"proposed"', '"type":"gated"', '"type":"verdict"', 'call'];
      for (let starts = 0, over = false; !over; starts++) {
        assert.ok(starts < 40, 'it makes progress');
        const begun = journals(root).length > 0 && eventsIn(only(root)).length > 0;
        const recordedBefore = begun ? records(only(root)).length : 0;
        const child = desk.start(root, begun ? ['resume', '--json'] : start);
        let ended = false;
        void child.ended.then(() => (ended = true));
        const moment = moments[starts % moments.length] ?? '';
        // Just behind the record of an answer, before the journal tells of it, is the moment at which it could be paid twice.
        await until(moment, () => ended || (starts < 8 && (moment === 'call' ? journals(root).length > 0 && records(only(root)).length > recordedBefore : child.stdout.includes(moment))));
        child.child.kill('SIGKILL');
        const end = await child.ended;
        await until('no process is left of it', () => leftovers(desk.folder, [child.child.pid ?? 0]).length === 0, 10_000);
        over = end.signal !== 'SIGKILL';
        sessions.push({ shelf: shelf(root), requests: s.log.length });
        if (over) assert.equal(end.code, 0, end.stderr);
        assert.deepEqual(untouchable(root), before);
      }
      const events = eventsIn(only(root));
      const asks = ofType(events, 'asked').map((e) => e.ask);
      assert.deepEqual(ofType(events, 'proposed').map((e) => e.ask).sort((a, b) => a - b), asks);
      const recorded = records(only(root));
      assert.equal(recorded.length, asks.length, `one call an ask: ${recorded.map((c) => `${c.ask}.${c.call} ${c.answer.text}`).join('\n')}`);
      // The witness is the server's log.
      assertPaidOnce(sessions, 4);

      // Killed between the record of an answer and the journal's line of it: a moment that no kill is sure to hit. All is taken from the records.
      const journal = only(root);
      const lines = readFileSync(journal, 'utf8').split('\n');
      writeFileSync(journal, `${lines.slice(0, lines.findIndex((l) => l.includes('"type":"proposed"'))).join('\n')}\n`);
      const open = ofType(eventsIn(journal), 'asked').map((e) => e.ask);
      for (const c of recorded) if (!open.includes(c.ask)) rmSync(join(dirname(journal), 'calls', `${String(c.ask).padStart(6, '0')}-${c.call}.json`));
      const cut: Session = { shelf: shelf(root), requests: s.log.length };
      const again = await desk.sigil(root, ['resume', '--json']);
      assert.equal(again.code, 0, again.stderr);
      assertPaidOnce([cut, { shelf: shelf(root), requests: s.log.length }], s.log.length);
      const patches = (all: readonly Event[]): string[] => open.map((ask) => ofType(all, 'proposed').find((e) => e.ask === ask)?.patch ?? '');
      assert.deepEqual(patches(eventsIn(journal)), patches(events));
    });
  }

  const SEARCHES = OPTIMIZERS.filter((o) => o.needs === undefined).map((o) => o.name);
  /** Every search by both forms, and what changes how many calls there are at a time and which. */
  const KILLED: readonly (readonly [what: string, models: readonly string[], calls: number, more: readonly string[]])[] = [
    ...SEARCHES.flatMap((name) => ['openai/x', 'anthropic/x'].map((model) => [`--optimizer ${name} by ${model}`, [model], 3, ['--optimizer', name]] as const)),
    ['many at a time', ['anthropic/x'], 8, ['--optimizer', 'alphaevolve', '--parallel', '4']],
    ['several drafts a step', ['openai/x'], 3, ['--optimizer', 'greedy', '--option', 'draftsPerStep=3']],
    ['an ensemble', ['openai/x', 'anthropic/y=2'], 4, ['--optimizer', 'rl']],
  ];
  for (const [what, models, calls, more] of KILLED) {
    it(`${what}: killed twice and resumed, it ends with what it had planned, and pays for no answer twice`, async () => {
      const s = await serve(improver);
      const root = desk.project('knobs');
      const env = { OPENAI_BASE_URL: `${s.url}/v1`, ANTHROPIC_BASE_URL: s.url, OPENAI_API_KEY: 'o', ANTHROPIC_API_KEY: 'a' };
      const start = ['run', 'shape', '--seed', '7', '--niter', '9', '--calls', String(calls), ...models.flatMap((m) => ['--model', m]), ...more, '--json'];
      const sessions: Session[] = [];
      for (const verdicts of [2, 4]) {
        const child = desk.start(root, sessions.length === 0 ? start : ['resume', '--json'], { env });
        let ended = false;
        void child.ended.then(() => (ended = true));
        await until(`${verdicts} verdicts`, () => ended || (journals(root).length > 0 && ofType(eventsIn(only(root)), 'verdict').length >= verdicts));
        assert.ok(!ended, `it ended before: ${child.stderr}`);
        child.child.kill('SIGKILL');
        await child.ended;
        sessions.push({ shelf: shelf(root), requests: s.log.length });
      }
      const r = await desk.sigil(root, ['resume', '--json'], { env });
      assert.equal(r.code, 0, r.stderr);
      const events = eventsIn(only(root));
      const asks = ofType(events, 'asked').map((e) => e.ask);
      for (const type of ['proposed', 'verdict'] as const) assert.deepEqual(ofType(events, type).map((e) => e.ask).sort((a, b) => a - b), asks, type);
      assert.equal(ofType(events, 'run-ended').at(-1)?.summary.reason, 'budget');
      assertPaidOnce([...sessions, { shelf: shelf(root), requests: s.log.length }], calls);
    });
  }

  it('several models share a run by weight: each answer under its own name, through kills and resumes', async () => {
    const s = await serve((call, n) => ({ ...improver(call, n), usage: { input: 1000, cached: 3000, output: 200 } }));
    const root = desk.project('knobs', { 'prices.json': '{"openai/b": {"input": 5, "output": 50, "cacheRead": 1}, "anthropic/a": {"input": 1, "output": 10}}' });
    const env = { OPENAI_BASE_URL: `${s.url}/v1`, ANTHROPIC_BASE_URL: s.url, OPENAI_API_KEY: 'o', ANTHROPIC_API_KEY: 'a' };
    const start = ['run', 'shape', '--seed', '5', '--niter', '8', '--model', 'anthropic/a', '--model', 'openai/b=3', '--prices', 'prices.json', '--budget-usd', '5', '--json'];
    const child = desk.start(root, start, { env });
    await until('three verdicts', () => journals(root).length > 0 && ofType(eventsIn(only(root)), 'verdict').length >= 3);
    child.child.kill('SIGKILL');
    await child.ended;
    const r = await desk.sigil(root, ['resume', '--json'], { env });
    assert.equal(r.code, 0, r.stderr);
    const events = eventsIn(only(root));
    assert.deepEqual(ofType(events, 'run-started')[0]?.models, [{ name: 'anthropic/a', weight: 1, baseUrl: s.url }, { name: 'openai/b', weight: 3, baseUrl: `${s.url}/v1` }]);
    const models = ofType(events, 'proposed').map((e) => e.model);
    assert.deepEqual([...new Set(models)].sort(), ['anthropic/a', 'openai/b']);
    assert.ok(models.filter((m) => m === 'openai/b').length > models.length / 2, models.join(' '));
    for (const c of records(only(root))) {
      // The first prompts are all the same, to whichever model they went.
      const asked = s.log.filter((l) => l.prompt.endsWith(c.prompt.messages.map((m) => `[${m.role}] ${m.text}`).join('\n\n')));
      assert.ok(asked.some((l) => (l.path.endsWith('/messages') ? 'anthropic/a' : 'openai/b') === c.model));
      assert.equal(c.model, ofType(events, 'proposed').find((e) => e.ask === c.ask)?.model, 'the journal says who answered');
    }
    const usd = { 'anthropic/a': (4000 + 2000) / 1e6, 'openai/b': (5000 + 3000 + 10_000) / 1e6 };
    const report = await desk.json<{ usd: number; models: { model: keyof typeof usd; proposals: number; usd: number; input: number; cached: number; kept: number }[] }>(root, ['report']);
    for (const row of report.models) {
      assert.ok(row.proposals > 0 && Math.abs(row.usd - row.proposals * usd[row.model]) < 1e-9, JSON.stringify(row));
      assert.deepEqual([row.input, row.cached], [row.proposals * 4000, row.proposals * 3000]);
    }
    assert.ok(Math.abs(report.usd - report.models.reduce((sum, m) => sum + m.usd, 0)) < 1e-9);
    assert.equal(report.models.reduce((n, m) => n + m.kept, 0), ofType(events, 'promoted').length);
    const words = await desk.sigil(root, ['report']);
    assert.match(words.stdout, /MODEL +ANSWERS[^\n]*\nanthropic\/a +\d[^\n]*\nopenai\/b +\d[\s\S]*75 % of the input came from the providers' caches/);
  });

  it('takes models from sigil.yaml, where the command line names none', async () => {
    const s = await serve(improver);
    const root = desk.project('knobs');
    const file = join(root, 'sigil.yaml');
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^( +)pins:/m, '$1models: [openai/y, { name: openai/z, weight: 2 }]\n$1pins:'));
    const env = { OPENAI_BASE_URL: `${s.url}/v1` };
    for (const [args, models] of [[[], [['openai/y', 1], ['openai/z', 2]]], [['--model', 'openai/x'], [['openai/x', 1]]], [['--model', 'builtin'], undefined]] as const) {
      const r = await desk.sigil(root, ['run', 'shape', '--niter', '1', ...args, '--json'], { env });
      assert.equal(r.code, 0, r.stderr);
      assert.deepEqual(ofType(eventsIn(journals(root).at(-1) ?? ''), 'run-started')[0]?.models?.map((m) => [m.name, m.weight]), models);
    }
  });

  it('fails at once and in words: a refused key, nobody there, no key, no price for a budget', async () => {
    const s = await serve(improver);
    const root = desk.project('knobs');
    const run = (...more: readonly string[]): ReturnType<Desk['sigil']> => desk.sigil(root, ['run', 'shape', ...more], { env: { OPENAI_API_KEY: '', ANTHROPIC_API_KEY: KEY } });
    s.listStatus = 401;
    const refused = await run('--model', 'anthropic/x', '--base-url', s.url);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /anthropic\/x: the key was refused \(401\)[\s\S]*Check ANTHROPIC_API_KEY/);
    assert.ok(!refused.stderr.includes(KEY));
    const closed = await new ModelServer(improver).start();
    await closed.stop();
    const gone = await run('--model', 'openai/x', '--base-url', `${closed.url}/v1`);
    assert.equal(gone.code, 1);
    assert.ok(gone.stderr.includes(`nothing answers at ${closed.url}/v1`), gone.stderr);
    const keyless = await run('--model', 'openai/x');
    assert.equal(keyless.code, 2);
    assert.match(keyless.stderr, /OPENAI_API_KEY is not set/);
    const priceless = await run('--model', 'anthropic/of-next-year', '--budget-usd', '1');
    assert.equal(priceless.code, 2);
    assert.match(priceless.stderr, /no price is known for anthropic\/of-next-year[\s\S]*--prices/);
    assert.deepEqual(journals(root), [], 'nothing was begun');
    assert.equal(s.log.length, 0);
  });

  it('keeps within --budget-usd at the price that is given, and tells what was spent', async () => {
    const s = await serve(improver);
    const root = desk.project('knobs', { 'prices.json': '{"openai/x": {"input": 5, "output": 50}}' });
    const args = ['run', 'shape', '--seed', '3', '--niter', '20', '--model', 'openai/x', '--base-url', `${s.url}/v1`, '--prices', 'prices.json', '--json'];
    const r = await desk.sigil(root, [...args, '--budget-usd', '0.15']);
    assert.equal(r.code, 0, r.stderr);
    const events = eventsIn(only(root));
    const { summary } = ofType(events, 'run-ended')[0] ?? assert.fail();
    assert.equal(summary.reason, 'money');
    assert.ok(Math.abs(summary.usd - s.log.length * 0.02) < 1e-9 && summary.usd <= 0.15 && s.log.length >= 3, `${summary.usd} for ${s.log.length} calls`);
    for (const call of s.log) assert.ok(0.02 * s.log.indexOf(call) + Number(call.body['max_tokens']) * 50e-6 <= 0.15, 'no call may go over what is left');
    const more = await desk.sigil(root, ['resume', '--budget-usd', '0.25', '--json']);
    assert.equal(more.code, 0, more.stderr);
    const raised = ofType(eventsIn(only(root)), 'run-ended').at(-1)?.summary ?? assert.fail();
    assert.ok(raised.reason === 'money' && raised.usd > summary.usd && raised.usd <= 0.25 && Math.abs(raised.usd - s.log.length * 0.02) < 1e-9, JSON.stringify(raised));
  });

  it('keeps within the cap of a day with two runs at once, says which cap it was, and goes on when there is more', async () => {
    const s = await serve((call, n) => ({ ...improver(call, n), delay: 30 }));
    const env = { XDG_STATE_HOME: join(desk.folder, 'state') };
    const prices = { 'prices.json': '{"openai/x": {"input": 5, "output": 50}}' };
    const roots = [desk.project('knobs', prices), desk.project('knobs', prices)];
    const args = (seed: string): string[] => ['run', 'shape', '--seed', seed, '--niter', '20', '--model', 'openai/x', '--base-url', `${s.url}/v1`, '--prices', 'prices.json', '--usd-per-day', '0.31'];
    const ended = await Promise.all(roots.map((root, i) => desk.sigil(root, args(String(i)), { env })));
    const spent = s.log.length * 0.02;
    assert.ok(spent <= 0.31 && spent > 0.2, `${spent} by the server's log`);
    for (const [i, end] of ended.entries()) {
      assert.equal(end.code, 0, end.stderr);
      const { summary } = ofType(eventsIn(only(roots[i] ?? '')), 'run-ended')[0] ?? assert.fail();
      assert.equal(summary.reason, 'money');
      assert.match(summary.why ?? '', /all runs of a day may spend \$0\.31 together/);
      assert.match(end.stdout, /goes on tomorrow, or now with --usd-per-day AMOUNT/);
    }
    const before = s.log.length;
    const more = await desk.sigil(roots[0] ?? '', ['resume', '--usd-per-day', '0.41', '--json', ofType(eventsIn(only(roots[0] ?? '')), 'run-started')[0]?.run ?? ''], { env });
    assert.equal(more.code, 0, more.stderr);
    assert.ok(s.log.length > before && s.log.length * 0.02 <= 0.41);
  });

  it('lets the others take the asks of a model that goes down in mid-run, and says so in the terminal and in the journal', async () => {
    let down = false;
    const s = await serve((call, n) => (down && call.path.endsWith('/messages') ? { status: 401 } : improver(call, n)));
    const root = desk.project('knobs');
    const env = { OPENAI_BASE_URL: `${s.url}/v1`, ANTHROPIC_BASE_URL: s.url, ANTHROPIC_API_KEY: 'a' };
    const child = desk.start(root, ['run', 'shape', '--seed', '5', '--niter', '12', '--model', 'anthropic/a', '--model', 'openai/b'], { env });
    await until('an answer of a', () => s.log.some((c) => c.answered && c.path.endsWith('/messages')));
    down = true;
    const end = await child.ended;
    assert.equal(end.code, 0, end.stderr);
    assert.equal(end.stdout.match(/anthropic\/a: the key was refused \(401\).*anthropic\/a is left out for now; the others take its asks/g)?.length, 1, end.stdout);
    const proposed = ofType(eventsIn(only(root)), 'proposed');
    const downs = proposed.flatMap((p) => (p.down === undefined ? [] : [p]));
    assert.deepEqual(downs.map((p) => [p.model, p.down?.map((d) => d.model)]), [['openai/b', ['anthropic/a']]]);
    assert.ok(proposed.slice(proposed.indexOf(downs[0] ?? assert.fail()) + 4).every((p) => p.model === 'openai/b'), 'it is left alone');
    assert.equal(ofType(eventsIn(only(root)), 'run-ended')[0]?.summary.reason, 'budget');
  });

  it('gives a model up that answers nothing of use, long before the plan is over, and can go on', async () => {
    let useless = true;
    const s = await serve((call, n) => (useless ? { text: 'I would rather not.', stop: 'refusal' } : improver(call, n)));
    const root = desk.project('knobs');
    const r = await desk.sigil(root, ['run', 'shape', '--seed', '3', '--niter', '30', '--calls', '2', '--model', 'openai/x', '--base-url', `${s.url}/v1`]);
    assert.equal(r.code, 0, r.stderr);
    assert.match(r.stdout, /Stopped: 2\d answers in a row brought no edit that can be applied; the last: openai\/x: it refused: I would rather not/);
    assert.ok(s.log.length >= 20 && s.log.length <= 22, String(s.log.length));
    useless = false;
    const resumed = await desk.sigil(root, ['resume', '--niter', '30', '--parallel', '1', '--time', '1s', '--json', ofType(eventsIn(only(root)), 'run-started')[0]?.run ?? '']);
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.equal(ofType(eventsIn(only(root)), 'resumed')[0]?.timeMs, 1000);
    const { reason } = ofType(eventsIn(only(root)), 'run-ended').at(-1)?.summary ?? assert.fail();
    assert.equal(reason, 'time', 'what --time of a resume says holds');
    const refused = await desk.sigil(root, ['resume', '--sandbox', 'none']);
    assert.equal(refused.code, 2, 'a run keeps the confinement that it began with');
  });

  it('a key that is refused in the middle ends the run in words, and it can go on', async () => {
    let refused = false;
    const s = await serve((call, n) => (refused ? { status: 401 } : improver(call, n)));
    const root = desk.project('knobs');
    const child = desk.start(root, ['run', 'shape', '--seed', '3', '--niter', '12', '--calls', '2', '--model', 'openai/x', '--base-url', `${s.url}/v1`, '--json']);
    await until('a verdict', () => child.stdout.includes('"type":"verdict"'));
    refused = true;
    const end = await child.ended;
    assert.equal(end.code, 1, end.stderr);
    assert.match(end.stderr, /openai\/x: the key was refused \(401\)/);
    const before = s.log.length;
    refused = false;
    const resumed = await desk.sigil(root, ['resume', '--json']);
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.equal(ofType(eventsIn(only(root)), 'run-ended').at(-1)?.summary.reason, 'budget');
    assert.ok(s.log.length > before);
  });

  it('lets the model repair an edit that does not fit, and goes on after overload and cut streams', async () => {
    const s = await serve((call, n) => {
      if (n === 0) return { status: 529, headers: { 'retry-after-ms': '10' } };
      if (n === 1) return { ...improver(call, n), cut: { after: 40, how: 'destroy' } };
      if (n === 2) return { text: 'Idea: x.\n\nparams.cfg\n<<<<<<< SEARCH\nnothing like it = 1\n=======\nwidth = 9\n>>>>>>> REPLACE\n' };
      return improver(call, n);
    });
    const root = desk.project('knobs');
    const r = await desk.sigil(root, ['run', 'shape', '--seed', '3', '--niter', '2', '--calls', '1', '--model', 'openai/x', '--base-url', `${s.url}/v1`]);
    assert.equal(r.code, 0, r.stderr);
    assert.match(r.stdout + r.stderr, /overloaded \(529.*waiting 0\.0 s \(try 2 of 7\)/);
    assert.match(r.stdout + r.stderr, /runs on this machine: its calls cost \$0/);
    const messages = s.log[3]?.body['messages'] as { role: string }[];
    assert.deepEqual(messages.map((m) => m.role), ['system', 'user', 'assistant', 'user']);
    const first = records(only(root));
    assert.deepEqual(first.slice(0, 2).map((c) => [c.ask, c.call, c.answer.lost?.length ?? 0]), [[0, 0, 1], [0, 1, 0]]);
  });
});
