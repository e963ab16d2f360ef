// Agents that misbehave, end to end: each ends as an outcome that says what it did, and no key or login of the user's is found anywhere afterwards.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { installAgents } from '../../agents/install.ts';
import { AgentServer, type Orders, type Started } from '../../agents/server.ts';
import { needBubblewrap } from '../sandbox/support.ts';
import { Desk, eventsIn, filesUnder, journals, leftovers, ofType, put, untouchable } from './support.ts';

const KEY = 'sk-not-to-be-seen-4711';
const TOKEN = (n: number): string => `oat-not-to-be-seen-${n}-4712`;
const LOGIN = (n: number): string => JSON.stringify({ tokens: { access_token: TOKEN(n), refresh_token: `r${TOKEN(n)}` } });

const width = (start: Started, to: number): string => (start.files['params.cfg'] ?? '').replace(/^width = \d+/m, `width = ${to}`);

interface Case {
  readonly what: string;
  readonly orders: (start: Started) => Orders;
  /** Of the proposal that is none; null where its edit is taken. */
  readonly reason: RegExp | null;
  /** What is said in the terminal. */
  readonly said?: RegExp;
}

/** Of those that do not work no three come in a row: that ends a run. */
const CASES: readonly Case[] = [
  { what: 'hangs, and ignores SIGTERM', orders: () => ({ code: "process.on('SIGTERM', () => {}); process.on('SIGINT', () => {}); await new Promise(() => setInterval(() => {}, 1000));" }), reason: /it was ended after 12 s, its time limit/ },
  { what: 'leaves a daemon behind', orders: (st) => ({ write: { 'params.cfg': width(st, 21) }, code: "require('node:child_process').spawn('sh', ['-c', 'trap \"\" TERM HUP; sleep 600; echo late > params.cfg'], { detached: true, stdio: 'ignore' }).unref();" }), reason: null },
  { what: 'prints a gigabyte', orders: () => ({ code: "const mb = Buffer.alloc(1 << 20, 'x'); for (let i = 0; i < 1024; i++) require('node:fs').writeSync(1, mb);" }), reason: /it printed more than \d+ bytes/ },
  { what: 'makes a link to the outside', orders: () => ({ code: "require('node:fs').symlinkSync('/etc/passwd', 'passwords');" }), reason: /it made passwords: only the marked code may change/ },
  { what: 'puts a link in the place of the code', orders: () => ({ code: "const fs = require('node:fs'); fs.rmSync('params.cfg'); fs.symlinkSync('/etc/passwd', 'params.cfg');" }), reason: /it put something else in the place of params\.cfg/ },
  { what: 'puts a pipe in the place of the code', orders: () => ({ code: "require('node:fs').rmSync('params.cfg'); require('node:child_process').execFileSync('mkfifo', ['params.cfg']);" }), reason: /it put something else in the place of params\.cfg/ },
  { what: 'writes bytes that are no text', orders: () => ({ code: "require('node:fs').writeFileSync('params.cfg', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0xff, 0xfe, 0x00]));" }), reason: /it wrote bytes into params\.cfg that are no text/ },
  { what: 'writes zero bytes between', orders: () => ({ code: "require('node:fs').appendFileSync('params.cfg', '\\0\\0');" }), reason: /it wrote bytes into params\.cfg that are no text/ },
  { what: 'makes the code huge', orders: () => ({ code: "require('node:fs').writeFileSync('params.cfg', 'x'.repeat(20 << 20));" }), reason: /it made params\.cfg 20 MB large/ },
  { what: 'makes a repository with hooks', orders: () => ({ code: "const fs = require('node:fs'); fs.mkdirSync('.git/hooks', { recursive: true }); fs.writeFileSync('.git/hooks/pre-commit', '#!/bin/sh\\nevil\\n', { mode: 0o755 });" }), reason: /it made \.git\/hooks\/pre-commit: only/ },
  { what: 'deletes all files', orders: () => ({ code: "for (const f of require('node:fs').readdirSync('.')) require('node:fs').rmSync(f, { recursive: true });" }), reason: /it removed .*; and \d+ more: only|it removed [^;]+;/ },
  { what: 'ends well without a change', orders: () => ({}), reason: /it changed nothing/ },
  { what: 'prints its key and its login, and fails', orders: () => ({ exit: 3, stderr: `my key is ${KEY}, my token ${TOKEN(1)}` }), reason: /it ended with exit code 3: my key is …, my token … \(it did not tell what it cost: taken as \$0\.50\)$/ },
  { what: 'writes its key into the code', orders: (st) => ({ write: { 'params.cfg': `${width(st, 22)}# ${KEY}\n` } }), reason: /it wrote a key or a login of yours into params\.cfg/ },
  { what: 'names a file by its key', orders: () => ({ write: { [`of-${KEY}.txt`]: 'x' } }), reason: /it made of-…\.txt: only/ },
  { what: 'renews its login by a rename, and says it', orders: (st) => ({ write: { 'params.cfg': width(st, 23) }, text: `Idea: I am ${TOKEN(2)} and ${KEY}.`, code: `const fs = require('node:fs'); fs.writeFileSync(home + '/.mine/auth.tmp', ${JSON.stringify(LOGIN(2))}); fs.renameSync(home + '/.mine/auth.tmp', home + '/.mine/auth.json');` }), reason: null },
  { what: 'empties its login', orders: (st) => ({ write: { 'params.cfg': width(st, 24) }, code: `require('node:fs').writeFileSync(home + '/.mine/auth.json', ${JSON.stringify(JSON.stringify({ tokens: { access_token: '', refresh_token: '' } }))});` }), reason: null, said: /agent\/mine: it has emptied the login that it was lent.*Yours was left as it is/ },
  { what: 'tells a cost that is no number', orders: (st) => ({ write: { 'params.cfg': width(st, 25) }, cost: 'NaN' }), reason: null, said: /it told "NaN" as what it has cost, which cannot be; taken as \$0\.50/ },
  { what: 'tells a cost below nothing', orders: (st) => ({ write: { 'params.cfg': width(st, 26) }, cost: -3 }), reason: null, said: /it told -3 as what it has cost/ },
  { what: 'tells an absurd cost', orders: (st) => ({ write: { 'params.cfg': width(st, 27) }, cost: 1e12 }), reason: null, said: /it told 1000000000000 as what it has cost/ },
  { what: 'tells no cost', orders: (st) => ({ write: { 'params.cfg': width(st, 28) } }), reason: null },
  { what: 'changes only the white space', orders: (st) => ({ write: { 'params.cfg': (st.files['params.cfg'] ?? '').replace(/^width = /m, 'width  =  ') } }), reason: null },
];

describe('an agent that misbehaves', function () {
  this.timeout(600_000);
  let desk: Desk;
  let server: AgentServer;

  before(async function () {
    desk = new Desk();
    await needBubblewrap(this);
  });
  after(async () => {
    await server.stop();
    await desk.dispose();
  });

  it('ends each time as what it did, does no harm, and tells no key', async () => {
    const tools = installAgents(desk.folder, 'mine');
    const home = join(desk.folder, 'home');
    put(home, { '.mine/auth.json': LOGIN(1), '.mine/settings.json': '{}' });
    server = await new AgentServer((start, n) => CASES[n]?.orders(start) ?? { write: { 'params.cfg': width(start, 100 + n) }, usd: 0.01 }).start();
    const yaml = readFileSync(join(__dirname, '..', '..', 'fixtures', 'projects', 'knobs', 'sigil.yaml'), 'utf8');
    const root = desk.project('knobs', { 'sigil.yaml': `${yaml.trimEnd()}\nagents:\n  mine: { command: mine, cost: cost, summary: said, timeout: 12s, env: [FAKE_URL, MINE_KEY], home: { write: [.mine/auth.json] } }\n` });
    const before = untouchable(root);
    const env = { PATH: `${tools}:${process.env['PATH'] ?? ''}`, HOME: home, XDG_STATE_HOME: join(desk.folder, 'state'), FAKE_URL: server.url, MINE_KEY: KEY };
    const planned = CASES.filter((c) => c.reason === null).length + 1;
    const r = await desk.sigil(root, ['run', 'shape', '--seed', '3', '--niter', String(planned), '--calls', '1', '--optimizer', 'best-of-n', '--model', 'agent/mine', '--json'], { env });
    assert.equal(r.code, 0, r.stderr);
    const [journal = assert.fail('no journal')] = journals(root);
    const proposed = ofType(eventsIn(journal), 'proposed');
    for (const [i, { what, reason, said }] of CASES.entries()) {
      const p = proposed[i] ?? assert.fail(`only ${proposed.length} proposals`);
      if (reason === null) assert.notEqual(p.patch, '', `${what}: ${p.summary}`);
      else {
        assert.equal(p.patch, '', what);
        assert.match(p.summary, reason);
      }
      if (said !== undefined) assert.match(r.stderr, said, what);
      assert.ok(p.usd === 0 || p.usd === 0.5 || p.usd === 0.01, `${what}: ${p.usd}`);
    }
    assert.match(proposed[CASES.findIndex((c) => c.what.startsWith('renews'))]?.summary ?? '', /I am … and …/);
    const texts = [r.stdout, r.stderr, ...filesUnder(join(root, '.sigil')).map((f) => readFileSync(f, 'utf8'))];
    for (const secret of [KEY, TOKEN(1), TOKEN(2)]) assert.ok(!texts.some((t) => t.includes(secret)), secret);
    assert.equal(readFileSync(join(home, '.mine', 'auth.json'), 'utf8'), LOGIN(2), 'the renewed login lasts, and the emptied one does not');
    assert.equal(statSync(join(home, '.mine', 'auth.json')).mode & 0o777, statSync(join(home, '.mine', 'settings.json')).mode & 0o777, 'with the mode that it had');
    assert.deepEqual(readdirSync(join(home, '.mine')).sort(), ['auth.json', 'settings.json']);
    assert.deepEqual(readdirSync(join(desk.folder, 'state', 'sigil', 'logins')), []);
    assert.deepEqual(untouchable(root), before);
    assert.deepEqual(leftovers(desk.folder), []);
    assert.ok(!existsSync(join(root, 'passwords')));
  });
});
