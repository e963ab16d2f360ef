// Runs in which a command-line agent proposes, end to end: the command, bubblewrap, and an agent that really edits and really tries what it may not.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AgentRecord } from '../../../src/adapters/agents/records.ts';
import { installAgents } from '../../agents/install.ts';
import { AgentServer, type Orders, type Started } from '../../agents/server.ts';
import { ModelServer } from '../../models/server.ts';
import { needBubblewrap } from '../sandbox/support.ts';
import { Desk, eventsIn, filesUnder, journals, leftovers, ofType, put, untouchable, until } from './support.ts';

const KEY = 'sk-not-to-be-seen-4711';
const BEST: Readonly<Record<string, number>> = { width: 40, depth: 9, ratio: 50 };

/** Brings one parameter about a third nearer to its best, another at each start. */
function improved(start: Started, n: number): Orders {
  const text = start.files['params.cfg'] ?? assert.fail('no params.cfg');
  const all = [...text.matchAll(/^(width|depth|ratio) = (\d+)/gm)];
  const [line = '', name = '', value = ''] = all[n % all.length] ?? [];
  const to = Number(value) + Math.ceil(((BEST[name] ?? 0) - Number(value)) / 3) + (n % 7);
  return { write: { 'params.cfg': text.replace(line, `${name} = ${to}`) }, text: `Done.\n\nIdea: set ${name} to ${to}.` };
}

const only = (root: string): string => {
  const found = journals(root);
  assert.equal(found.length, 1, found.join(' '));
  return found[0] as string;
};

const records = (journal: string): AgentRecord[] => {
  const dir = join(dirname(journal), 'calls');
  return existsSync(dir) ? readdirSync(dir).filter((f) => f.endsWith('.json')).sort().map((f) => JSON.parse(readFileSync(join(dir, f), 'utf8')) as AgentRecord) : [];
};

describe('runs with an agent', function () {
  this.timeout(300_000);
  let desk: Desk;
  let server: AgentServer | undefined;
  let home: string;
  let tools: string;

  before(async function () {
    desk = new Desk();
    await needBubblewrap(this);
    tools = installAgents(desk.folder, 'claude', 'codex', 'mine');
    home = join(desk.folder, 'home');
    put(home, { '.claude/.credentials.json': '{"token":"old"}', '.claude/settings.json': '{"hooks":{}}', '.ssh/id_rsa': 'a private key', 'notes.txt': 'private' });
  });
  after(async () => desk.dispose());
  afterEach(async () => {
    await server?.stop();
    server = undefined;
    assert.deepEqual(leftovers(desk.folder), []);
  });

  const serve = async (orders: (start: Started, n: number) => Orders): Promise<AgentServer> => (server = await new AgentServer(orders).start());
  const environment = (more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv => ({
    PATH: `${tools}:${process.env['PATH'] ?? ''}`, HOME: home, ANTHROPIC_API_KEY: '', ANTHROPIC_AUTH_TOKEN: '', CLAUDE_CODE_OAUTH_TOKEN: '', CODEX_API_KEY: '', ANTHROPIC_BASE_URL: server?.url, FAKE_URL: server?.url, AWS_SECRET: 'another secret 4712', ...more,
  });
  const run = (root: string, args: readonly string[], more: NodeJS.ProcessEnv = {}): ReturnType<Desk['sigil']> => desk.sigil(root, args, { env: environment(more) });
  /** The knobs with agents beside the spec. */
  const project = (agents = '', files: Readonly<Record<string, string>> = {}, spec = ''): string => {
    const yaml = readFileSync(join(__dirname, '..', '..', 'fixtures', 'projects', 'knobs', 'sigil.yaml'), 'utf8');
    return desk.project('knobs', { 'sigil.yaml': `${yaml.trimEnd()}\n${spec === '' ? '' : `    ${spec}\n`}${agents === '' ? '' : `agents:\n  ${agents}\n`}`, ...files });
  };

  it('Claude Code proposes, is measured and recorded, and has its own login and key, which nobody else has', async () => {
    const s = await serve(improved);
    const root = project('', { 'gate.sh': 'env | grep -q 4711 && exit 1\n[ -e .env ] && grep -q 4711 .env && exit 1\nexit 0\n', '.env': `ANTHROPIC_API_KEY=${KEY}\n` });
    const before = untouchable(root);
    const r = await run(root, ['run', 'shape', '--seed', '3', '--niter', '4', '--model', 'agent/claude/haiku', '--budget-usd', '2', '--json']);
    assert.equal(r.code, 0, r.stderr);
    const events = eventsIn(only(root));
    assert.deepEqual(ofType(events, 'run-started').map((e) => [e.model, e.granted]), [['agent/claude/haiku', [{ agent: 'agent/claude/haiku', variables: ['ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL'], home: ['~/.claude/.credentials.json'] }]]]);
    assert.ok(ofType(events, 'promoted').length > 0, 'something is kept');
    assert.ok(ofType(events, 'gated').every((g) => g.ok), 'no evaluation sees the key, in its environment or in the file');
    assert.ok(ofType(events, 'proposed').every((p) => p.usd === 0.01 && /^set \w+ to \d+$/.test(p.summary)), JSON.stringify(ofType(events, 'proposed')));
    assert.equal(records(only(root)).length, s.starts.length);
    for (const start of s.starts) {
      assert.deepEqual(start.args.slice(0, 6), ['-p', '--output-format', 'stream-json', '--verbose', '--permission-mode', 'acceptEdits']);
      assert.equal(start.args[start.args.indexOf('--model') + 1], 'haiku');
      const cap = Number(start.args[start.args.indexOf('--max-budget-usd') + 1]);
      assert.ok(cap > 0 && cap <= 2, String(cap));
      assert.equal(start.env['ANTHROPIC_API_KEY'], KEY);
      assert.equal(start.env['AWS_SECRET'], undefined);
      assert.equal(start.cwd, root, 'it works at the project\'s own path');
      assert.equal(start.files['.env'], undefined, 'keys of the project are no file for it');
      assert.match(start.prompt, /Edit the files in place[\s\S]*# What is judged\n\nGoal: minimize cost\.[\s\S]*May change: the whole file\.[\s\S]*# Your task/);
    }
    assert.match(s.starts.at(-1)?.prompt ?? '', /# What was tried, oldest first/);
    const calls = join(dirname(only(root)), 'calls');
    for (const f of readdirSync(calls)) assert.equal(statSync(join(calls, f)).mode & 0o077, 0, f);
    for (const text of [r.stdout, r.stderr, ...filesUnder(join(root, '.sigil')).map((f) => readFileSync(f, 'utf8'))]) assert.ok(!text.includes(KEY));
    assert.deepEqual(untouchable(root), before);
    const report = await run(root, ['report']);
    assert.match(report.stdout.replace(/\s+/g, ' '), /agent\/claude\/haiku has the network, and of yours ~\/\.claude\/\.credentials\.json, ANTHROPIC_API_KEY and ANTHROPIC_BASE_URL; it sees neither your working tree nor hidden files\. Evaluations have none of it\./);
  });

  it('sees no hidden file, no home, no working tree and no other project, and renews its login and nothing else', async () => {
    put(home, { '.claude/.credentials.json': '{"token":"old"}' });
    const other = join(desk.folder, 'other');
    put(other, { 'secret.txt': 'of another project' });
    const s = await serve((start, n) => ({
      ...improved(start, n),
      probe: {
        read: ['hidden/answers.txt', 'answers.txt', 'data/answers.txt', '.env', 'sub/.env.local', 'tools/tool.txt', 'tools/.env', 'tools/deep/answers.txt', '~/.claude/.credentials.json', '~/.claude/settings.json', join(home, '.ssh', 'id_rsa'), join(home, '.claude', 'settings.json'), join(other, 'secret.txt'), join(__dirname, '..', '..', '..', 'package.json'), join(start.cwd, '.sigil', '.gitignore'), join(start.cwd, '.git', 'HEAD'), '.git'],
        list: ['~', home, dirname(start.cwd), '/proc', 'hidden'],
        write: { '~/.claude/.credentials.json': '{"token":"renewed"}', '~/.claude/settings.json': '{"hooks":"evil"}', [join(start.cwd, 'params.cfg.bak')]: 'x', '/usr/bin/sigil-was-here': 'x', [join(other, 'secret.txt')]: 'x', [join(home, 'notes.txt')]: 'x' },
      },
    }));
    const root = project('', { 'hidden/answers.txt': 'the answers', 'answers.txt': 'more of them', 'sub/.env.local': 'KEY=in a package', '.gitignore': '*.bak\ndata/\ntools/\n' }, 'scope: { hidden: [hidden, answers.txt, data/answers.txt, tools/deep/answers.txt, .env] }\n    link: [data, tools, .env]');
    put(root, { 'data/answers.txt': 'linked answers', 'tools/tool.txt': 'a linked tool', 'tools/.env': 'KEY=in a linked folder', 'tools/deep/answers.txt': 'linked answers too', '.env': 'KEY=of the project\n' });
    const before = untouchable(root);
    const r = await run(root, ['run', 'shape', '--seed', '3', '--niter', '1', '--model', 'agent/claude', '--json']);
    assert.equal(r.code, 0, r.stderr);
    const [probed = assert.fail('it was not asked')] = s.probed;
    const failed = ['ENOENT', 'EACCES', 'ENOTDIR'];
    for (const [path, got] of Object.entries(probed.read)) if (path !== '~/.claude/.credentials.json' && path !== 'tools/tool.txt') assert.ok(failed.includes(got), `${path}: ${got}`);
    assert.equal(probed.read['~/.claude/.credentials.json'], '{"token":"old"}');
    assert.equal(probed.read['tools/tool.txt'], 'a linked tool');
    assert.equal(probed.list['~'], '.claude', 'a home of its own');
    assert.ok(failed.includes(probed.list[home] ?? ''), probed.list[home]);
    assert.ok(failed.includes(probed.list['hidden'] ?? ''), 'absent, not only empty');
    assert.ok(!(probed.list[dirname(root)] ?? '').includes('other'), 'no other project beside its own');
    assert.ok((probed.list['/proc'] ?? '').split(' ').filter((p) => /^\d+$/.test(p)).length < 10, 'its own processes only');
    assert.equal(readFileSync(join(home, '.claude', '.credentials.json'), 'utf8'), '{"token":"renewed"}', 'a renewed login lasts');
    assert.equal(readFileSync(join(home, '.claude', 'settings.json'), 'utf8'), '{"hooks":{}}');
    assert.equal(readFileSync(join(home, 'notes.txt'), 'utf8'), 'private');
    assert.equal(readFileSync(join(other, 'secret.txt'), 'utf8'), 'of another project');
    assert.ok(!existsSync('/usr/bin/sigil-was-here'));
    assert.deepEqual(untouchable(root), before);
    const [proposed = assert.fail()] = ofType(eventsIn(only(root)), 'proposed');
    assert.notEqual(proposed.patch, '', 'what git ignores is no edit');
    assert.deepEqual(records(only(root))[0]?.left, ['params.cfg.bak']);
  });

  it('Codex tells tokens, which are counted at the price of its model', async () => {
    const s = await serve(improved);
    const root = project('coder: { preset: codex, env: [FAKE_URL] }');
    const r = await run(root, ['run', 'shape', '--seed', '3', '--niter', '2', '--model', 'agent/coder/gpt-5.4', '--budget-usd', '5', '--json'], { CODEX_API_KEY: KEY });
    assert.equal(r.code, 0, r.stderr);
    assert.ok(s.starts.length >= 2 && s.starts.every((start) => start.args.includes('--dangerously-bypass-approvals-and-sandbox') && start.env['CODEX_API_KEY'] === KEY));
    for (const p of ofType(eventsIn(only(root)), 'proposed')) assert.ok(Math.abs(p.usd - (16_000 * 2.5 + 4000 * 0.25 + 1000 * 15) / 1e6) < 1e-9, String(p.usd));
    const capless = await run(root, ['run', 'shape', '--model', 'agent/coder', '--budget-usd', '5'], { CODEX_API_KEY: KEY });
    assert.equal(capless.code, 2);
    assert.match(capless.stderr, /agent\/coder does not tell what it costs, so a budget of \$5 cannot be kept[\s\S]*agent\/coder\/gpt-5\.4/);
  });

  it('edits outside of the marked code are refused with the reason, and what git or the agent leaves aside is not one', async () => {
    const cfg = (start: Started): string => start.files['params.cfg'] ?? '';
    const cases: readonly { readonly orders: (start: Started) => Orders; readonly reason: RegExp | null }[] = [
      { orders: (st) => ({ write: { 'cost.sh': 'echo "cost: 0"\n', 'params.cfg': cfg(st).replace('width = 8', 'width = 9') } }), reason: /it changed cost\.sh: only the marked code may change/ },
      { orders: () => ({ write: { 'helper.cfg': 'x', 'gate.sh': null } }), reason: /it removed gate\.sh; it made helper\.cfg: only/ },
      { orders: (st) => ({ write: { 'params.cfg': cfg(st).replace('# EVOLVE-BLOCK-START', '#').replace('width = 8', 'width = 9') } }), reason: /it changed the line of a mark \(EVOLVE-BLOCK-START\) in params\.cfg, line 2/ },
      { orders: (st) => ({ write: { 'params.cfg': `${cfg(st)}extra = 1\n` } }), reason: /it changed line \d+ of params\.cfg, outside of the code that may change: extra = 1/ },
      { orders: () => ({}), reason: /it changed nothing/ },
      { orders: () => ({ write: { 'params.cfg': null } }), reason: /it removed params\.cfg/ },
      { orders: (st) => ({ write: { 'log.txt~': 'x', '.mine.history': 'y', 'out/made.txt': 'z', 'cost.sh': st.files['cost.sh'] ?? '', 'params.cfg': cfg(st).replace('width = 8', 'width = 9') }, usd: 0.25 }), reason: null },
    ];
    const s = await serve((start, n) => cases[n]?.orders(start) ?? improved(start, n));
    const params = '# a cache\n# EVOLVE-BLOCK-START\nwidth = 8\ndepth = 30\nratio = 12\n# EVOLVE-BLOCK-END\n';
    const root = project("mine: { command: mine, cost: cost, summary: said, env: [FAKE_URL], leaves: ['.mine*'] }", { 'params.cfg': params, '.gitignore': '*~\n', 'out/kept.txt': 'k' }, 'outputs: [out]');
    const yaml = readFileSync(join(root, 'sigil.yaml'), 'utf8');
    writeFileSync(join(root, 'sigil.yaml'), yaml.replace('pins: [params.cfg]', 'pins: ["params.cfg#1"]'));
    const before = untouchable(root);
    const r = await run(root, ['run', 'shape', '--seed', '3', '--niter', '1', '--calls', '1', '--optimizer', 'best-of-n', '--model', 'agent/mine', '--json']);
    assert.equal(r.code, 0, r.stderr);
    const proposed = ofType(eventsIn(only(root)), 'proposed');
    for (const [i, { reason }] of cases.entries()) {
      const p = proposed[i] ?? assert.fail(`only ${proposed.length} proposals: ${proposed.map((x) => x.summary).join('\n')}`);
      if (reason === null) assert.ok(p.patch.includes('+width = 9') && p.usd === 0.25 && p.summary === 'as I was told', JSON.stringify(p));
      else {
        assert.equal(p.patch, '');
        assert.match(p.summary, reason);
        assert.match(p.summary, /^agent\/mine: /);
      }
    }
    assert.deepEqual([...(records(only(root))[6]?.left ?? [])].sort(), ['.mine.history', 'log.txt~']);
    assert.ok(s.starts.every((start) => start.args.length === 0));
    assert.deepEqual(untouchable(root), before);
  });

  it('killed at any moment and resumed, no run of it that has ended is paid again, and one that was cut off is told', async () => {
    const s = await serve((start, n) => ({ ...improved(start, n), sleep: 30 }));
    const root = project();
    const before = untouchable(root);
    const moments = ['"type":"asked"', 'start', '"type":"proposed"', 'record', '"type":"verdict"'];
    const paid: { readonly asks: readonly number[]; readonly starts: number }[] = [];
    let said = '';
    for (let kills = 0, over = false; !over; kills++) {
      assert.ok(kills < 30, 'it makes progress');
      const begun = journals(root).length > 0 && eventsIn(only(root)).length > 0;
      const [startsBefore, recordsBefore] = [s.starts.length, begun ? records(only(root)).length : 0];
      const child = desk.start(root, begun ? ['resume', '--json'] : ['run', 'shape', '--seed', '3', '--niter', '5', '--model', 'agent/claude', '--json'], { env: environment() });
      let ended = false;
      void child.ended.then(() => (ended = true));
      const moment = moments[kills % moments.length] ?? '';
      await until(moment, () => ended || (kills < 5 && (moment === 'start' ? s.starts.length > startsBefore : moment === 'record' ? journals(root).length > 0 && records(only(root)).length > recordsBefore : child.stdout.includes(moment))));
      child.child.kill('SIGKILL');
      const end = await child.ended;
      await until('no process is left of it', () => leftovers(desk.folder, [child.child.pid ?? 0]).length === 0, 10_000);
      over = end.signal !== 'SIGKILL';
      if (over) assert.equal(end.code, 0, end.stderr);
      said += end.stderr;
      paid.push({ asks: journals(root).length > 0 ? records(only(root)).map((c) => c.ask) : [], starts: s.starts.length });
      assert.deepEqual(untouchable(root), before);
    }
    const events = eventsIn(only(root));
    const asks = ofType(events, 'asked').map((e) => e.ask);
    assert.deepEqual(ofType(events, 'proposed').map((e) => e.ask).sort((a, b) => a - b), asks);
    const recorded = records(only(root));
    assert.deepEqual(recorded.map((c) => c.ask), asks, 'one record an ask');
    // The witness is the server's log: a run whose record was on the disk at a kill was not made again. Runs cut off: at most two a kill.
    assert.ok(s.starts.length <= recorded.length + 2 * (paid.length - 1), `${s.starts.length} starts for ${recorded.length} records`);
    assert.match(said, /agent\/claude: a run for step \d+ was cut off when the search was killed\. What it cost is not known/);

    // Killed between the record and the journal's line of it: what had been asked is taken from the records, and only what is asked anew is started.
    const journal = only(root);
    const lines = readFileSync(journal, 'utf8').split('\n');
    writeFileSync(journal, `${lines.slice(0, lines.findIndex((l) => l.includes('"type":"proposed"'))).join('\n')}\n`);
    const open = ofType(eventsIn(journal), 'asked').map((e) => e.ask);
    for (const c of recorded) if (!open.includes(c.ask)) rmSync(join(dirname(journal), 'calls', `${String(c.ask).padStart(6, '0')}-agent-claude.json`));
    const starts = s.starts.length;
    const again = await run(root, ['resume', '--json']);
    assert.equal(again.code, 0, again.stderr);
    const after = eventsIn(journal);
    assert.equal(s.starts.length - starts, ofType(after, 'proposed').length - open.length, 'what is recorded is not started again');
    const proposals = (all: ReturnType<typeof eventsIn>): unknown => open.map((ask) => ofType(all, 'proposed').filter((e) => e.ask === ask).map((e) => [e.patch, e.summary, e.usd]));
    assert.ok(open.length > 0);
    assert.deepEqual(proposals(after), proposals(events));
  });

  it('ends at its time limit with all its processes; three runs in a row that do not work end the search, resumable', async () => {
    let slow = true;
    const s = await serve((start, n) => ({ ...improved(start, n), ...(slow ? { sleep: 60_000 } : {}) }));
    const root = project('quick: { preset: claude, timeout: 1500ms }');
    const r = await run(root, ['run', 'shape', '--seed', '3', '--niter', '3', '--calls', '1', '--model', 'agent/quick', '--json']);
    // Its program is the preset's.
    assert.equal(r.code, 1, r.stderr);
    assert.match(r.stderr, /agent\/quick: 3 runs in a row did not work; the last: it was ended after 1\.5 s, its time limit/);
    assert.equal(s.starts.length, 3);
    const proposed = ofType(eventsIn(only(root)), 'proposed');
    assert.equal(proposed.length, 2);
    assert.ok(proposed.every((p) => p.usd === 0.5 && /did not tell what it cost: taken as \$0\.50/.test(p.summary)), JSON.stringify(proposed));
    slow = false;
    const resumed = await run(root, ['resume', '--json']);
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.equal(ofType(eventsIn(only(root)), 'run-ended').at(-1)?.summary.reason, 'budget');
  });

  it('is ended with all its processes by a second interrupt, and started again when the run goes on', async () => {
    let slow = true;
    const s = await serve((start, n) => ({ ...improved(start, n), ...(slow ? { sleep: 600_000 } : {}) }));
    const root = project();
    const child = desk.start(root, ['run', 'shape', '--seed', '3', '--niter', '1', '--calls', '1', '--model', 'agent/claude', '--json'], { env: environment() });
    await until('its start', () => s.starts.length === 1);
    child.child.kill('SIGINT');
    await until('the first interrupt is heard', () => child.stderr.includes('press Ctrl-C again'));
    child.child.kill('SIGINT');
    const end = await child.ended;
    assert.equal(end.code, 130, end.stderr);
    assert.deepEqual(leftovers(desk.folder), []);
    slow = false;
    const resumed = await run(root, ['resume', '--json']);
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.match(resumed.stderr, /a run for step 1 was cut off/);
    assert.ok(ofType(eventsIn(only(root)), 'proposed').every((p) => p.patch !== ''));
  });

  it('a login that ends in the middle ends the run in words and at once, and it can go on', async () => {
    let out = false;
    const s = await serve((start, n) => (out ? { error: 'Not logged in · Please run /login', usd: 0 } : improved(start, n)));
    const root = project();
    const child = desk.start(root, ['run', 'shape', '--seed', '3', '--niter', '4', '--calls', '1', '--model', 'agent/claude', '--json'], { env: environment() });
    await until('a proposal', () => child.stdout.includes('"type":"proposed"'));
    out = true;
    const end = await child.ended;
    assert.equal(end.code, 1, end.stderr);
    assert.match(end.stderr, /agent\/claude: it failed: Not logged in[\s\S]*Run "claude" once and log in, or set ANTHROPIC_API_KEY\. Then "sigil resume" goes on\./);
    const before = s.starts.length;
    out = false;
    const resumed = await run(root, ['resume', '--json']);
    assert.equal(resumed.code, 0, resumed.stderr);
    assert.ok(s.starts.length > before);
    assert.ok(ofType(eventsIn(only(root)), 'proposed').every((p) => !p.summary.includes('Not logged in')));
  });

  it('keeps within --budget-usd, and tells what was spent', async () => {
    const s = await serve((start, n) => ({ ...improved(start, n), usd: 0.3 }));
    const root = project();
    const r = await run(root, ['run', 'shape', '--seed', '3', '--niter', '20', '--model', 'agent/claude', '--budget-usd', '1', '--json']);
    assert.equal(r.code, 0, r.stderr);
    const { summary } = ofType(eventsIn(only(root)), 'run-ended')[0] ?? assert.fail();
    assert.equal(summary.reason, 'money');
    assert.ok(s.starts.length === 3 && Math.abs(summary.usd - 0.9) < 1e-9, `${summary.usd} for ${s.starts.length} runs`);
  });

  it('shares a run with a model, also its budget, and leaves its asks to that when its login ends', async () => {
    const s = await serve((start, n) => (n < 3 ? { ...improved(start, n), usd: 0.02 } : { error: 'Not logged in · Please run /login', usd: 0 }));
    const model = await new ModelServer((call, n) => {
      const now = call.prompt.slice(call.prompt.lastIndexOf('# The current version'));
      const [line = '', name = ''] = /^(width|depth|ratio) = \d+.*$/m.exec(/^width = /m.test(now) ? now : call.prompt) ?? [];
      return { text: `Idea: try ${n}.\n\nparams.cfg\n<<<<<<< SEARCH\n${line}\n=======\n${name} = ${10 + n}\n>>>>>>> REPLACE\n`, usage: { input: 1000, output: 100 } };
    }).start();
    try {
      const root = project();
      const r = await run(root, ['run', 'shape', '--seed', '3', '--niter', '8', '--optimizer', 'best-of-n', '--model', 'agent/claude=2', '--model', 'openai/x', '--base-url', `${model.url}/v1`, '--budget-usd', '3', '--json'], { OPENAI_API_KEY: 'k' });
      assert.equal(r.code, 0, r.stderr);
      const events = eventsIn(only(root));
      assert.equal(ofType(events, 'run-started')[0]?.model, 'agent/claude=2, openai/x');
      const proposed = ofType(events, 'proposed');
      assert.deepEqual([...new Set(proposed.map((p) => p.model))].sort(), ['agent/claude', 'openai/x']);
      assert.equal(proposed.filter((p) => p.model === 'agent/claude').length, 3);
      assert.ok(Math.abs((ofType(events, 'run-ended')[0]?.summary.usd ?? 0) - 0.06) < 1e-9);
      assert.match(r.stderr, /agent\/claude: it failed: Not logged in.*agent\/claude is left out for now; the others take its asks/);
      assert.ok(s.starts.length > 3);
      const resumed = await run(root, ['resume', '--niter', '+1', '--json'], { OPENAI_API_KEY: 'k' });
      assert.equal(resumed.code, 0, resumed.stderr);
      assert.match((await run(root, ['report'])).stdout, /agent\/claude +3 /);
    } finally {
      await model.stop();
    }
  });

  it('refuses in words: not installed, not logged in, unknown; and runs unconfined only by --sandbox none', async () => {
    const s = await serve(improved);
    const root = project('mine: { command: mine, env: [FAKE_URL] }');
    const of = (model: string, more: NodeJS.ProcessEnv = {}, ...args: readonly string[]): ReturnType<Desk['sigil']> => run(root, ['run', 'shape', '--niter', '1', '--model', model, ...args], more);
    const missing = await of('agent/claude', { PATH: process.env['PATH'] });
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /agent\/claude: there is no program "claude"[\s\S]*npm install -g @anthropic-ai\/claude-code/);
    const keyless = await of('agent/codex');
    assert.equal(keyless.code, 2);
    assert.match(keyless.stderr, /agent\/codex: it is not logged in, and no key is set \(CODEX_API_KEY\)[\s\S]*Run "codex login"/);
    const unknown = await of('agent/cluade');
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /there is no agent "cluade"/);
    const costless = await of('agent/mine', {}, '--budget-usd', '1');
    assert.equal(costless.code, 2);
    assert.match(costless.stderr, /agent\/mine does not tell what it costs[\s\S]*agents: \{ mine: \{ cost:/);
    assert.match((await of('agent/mine', {}, '--usd-per-day', '1')).stderr, /agent\/mine does not tell what it costs, so the cap of \$1 a day cannot be kept/);
    // A project that was cloned may not start a program with a login of the user's.
    const cloned = project('mine: { command: mine, env: [FAKE_URL] }', {}, 'models: [agent/mine]');
    const unasked = await run(cloned, ['run', 'shape', '--niter', '1']);
    assert.equal(unasked.code, 2);
    assert.match(unasked.stderr, /specs\.shape\.models\.0: must be .*an agent is named on the command line/);
    assert.deepEqual([...journals(root), ...journals(cloned)], [], 'nothing was begun');
    assert.equal(s.starts.length, 0);
    const open = await of('agent/mine', {}, '--sandbox', 'none');
    assert.equal(open.code, 0, open.stderr);
    assert.match(open.stdout.replace(/\s+/g, ' '), /agent\/mine is not confined: it has the network and can read and write what you can/);
    assert.equal(s.starts[0]?.home, home, 'unconfined it has the user\'s home');
    assert.equal(s.starts[0].env['AWS_SECRET'], undefined);
  });

  it('evaluations have the network and variables where the spec asks, and the report says so', async () => {
    await serve(improved);
    const root = project('', { 'gate.sh': '[ "$FOR_PROMPTS" = 4713 ] || exit 1\nenv | grep -q 4711 && exit 1\nexit 0\n' }, 'env: [FOR_PROMPTS]\n    network: true');
    const r = await run(root, ['run', 'shape', '--seed', '3', '--niter', '1', '--model', 'agent/claude'], { ANTHROPIC_API_KEY: KEY, FOR_PROMPTS: '4713' });
    assert.equal(r.code, 0, r.stderr);
    assert.match((await run(root, ['report'])).stdout.replace(/\s+/g, ' '), /Evaluations have the network and FOR_PROMPTS, as the spec says, and else none of it\./);
  });
});
