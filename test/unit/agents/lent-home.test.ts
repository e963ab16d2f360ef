// A login that an agent and the user's own sessions both renew: whoever does it, each time the token before is spent, and nobody may be left with a spent one.

import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LentHome, recoverLogins } from '../../../src/adapters/agents/lent-home.ts';
import { isWholeLogin, secretsInLogin, secretsInVariables, withoutSecrets } from '../../../src/adapters/agents/login-text.ts';
import { processName } from '../../../src/adapters/sandbox/identity.ts';

/** As Claude Code keeps it. */
const login = (n: number | string, more: object = {}): string => JSON.stringify({ claudeAiOauth: { accessToken: `sk-ant-oat01-${n}`, refreshToken: n === '' ? '' : `sk-ant-ort01-${n}`, expiresAt: 1, scopes: ['user:inference'], ...more } });
const EMPTIED = JSON.stringify({ claudeAiOauth: { accessToken: '', refreshToken: '', expiresAt: 0, scopes: [] } });

/** As Claude Code does where it may. */
function byRename(path: string, text: string): void {
  writeFileSync(`${path}.tmp.1`, text, { mode: 0o600 });
  renameSync(`${path}.tmp.1`, path);
}

describe('a login that is lent to an agent', () => {
  let folder: string;
  let source: string;
  let parent: string;
  const open: LentHome[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sigil-lent-'));
    source = join(folder, 'user', '.claude', '.credentials.json');
    parent = join(folder, 'state');
    mkdirSync(join(source, '..'), { recursive: true });
    writeFileSync(source, login(1), { mode: 0o600 });
  });
  afterEach(async () => {
    for (const home of open.splice(0)) await home.close();
    rmSync(folder, { recursive: true });
  });

  function lend(owner?: string): { readonly home: LentHome; readonly path: string } {
    const home = LentHome.open([{ source, path: '.claude/.credentials.json', writable: true }], parent, owner);
    open.push(home);
    return { home, path: join(home.mounts[0]?.source ?? '', '.claude', '.credentials.json') };
  }
  const theirs = (): string => readFileSync(source, 'utf8');

  for (const [how, write] of [['by a rename', byRename], ['in place', writeFileSync]] as const) {
    it(`goes to the user when the agent renews it ${how}, and to the agent when the user does`, async () => {
      const { home, path } = lend();
      assert.equal(readFileSync(path, 'utf8'), login(1));
      write(path, login(2));
      home.sync();
      assert.equal(theirs(), login(2));
      assert.equal(statSync(source).mode & 0o777, 0o600);
      write(source, login(3));
      home.sync();
      assert.equal(readFileSync(path, 'utf8'), login(3));
      write(path, login(4));
      await home.close();
      assert.equal(theirs(), login(4), 'also what was renewed at the very end');
      assert.deepEqual(readdirSync(parent), [], 'nothing of it stays behind');
    });
  }

  it('reaches the other agents of the user too, each time', () => {
    const [a, b] = [lend(), lend()];
    byRename(a.path, login(2));
    a.home.sync();
    b.home.sync();
    assert.equal(readFileSync(b.path, 'utf8'), login(2));
    byRename(b.path, login(3));
    b.home.sync();
    a.home.sync();
    assert.equal(readFileSync(a.path, 'utf8'), login(3));
    assert.equal(theirs(), login(3));
  });

  it('is given back by itself while the agent works', async () => {
    const { path } = lend();
    byRename(path, login(2));
    for (let i = 0; theirs() !== login(2); i++) {
      assert.ok(i < 500);
      await new Promise((r) => setTimeout(r, 20));
    }
  });

  it('is not emptied by an agent whose renewal failed, nor removed, nor half written', () => {
    const { home, path } = lend();
    for (const bad of [EMPTIED, '{}', login(2).slice(0, 40), '']) {
      writeFileSync(path, bad);
      home.sync();
      assert.equal(theirs(), login(1), bad);
    }
    assert.ok(home.loggedOut);
    rmSync(path);
    home.sync();
    mkdirSync(path);
    home.sync();
    rmSync(path, { recursive: true });
    symlinkSync('/etc/passwd', path);
    home.sync();
    assert.equal(theirs(), login(1));
    rmSync(path);
    byRename(path, login(2));
    home.sync();
    assert.equal(theirs(), login(2), 'and when it is one again it is taken');
  });

  it('of two that renewed it the user\'s counts, unless that was emptied because the agent was faster; who logs out stays so', () => {
    const { home, path } = lend();
    byRename(path, login(2));
    byRename(source, login(3));
    home.sync();
    assert.deepEqual([theirs(), readFileSync(path, 'utf8')], [login(3), login(3)]);
    byRename(path, login(4));
    byRename(source, EMPTIED);
    home.sync();
    assert.equal(theirs(), login(4));
    rmSync(source);
    byRename(path, login(5));
    home.sync();
    assert.ok(!existsSync(source));
  });

  it('does not leave by a folder that the agent has put in the place of its own', async () => {
    const { home, path } = lend();
    const victim = join(folder, 'victim');
    mkdirSync(victim);
    writeFileSync(join(victim, '.credentials.json'), login(9));
    renameSync(join(path, '..'), join(path, '..', '..', 'old'));
    symlinkSync(victim, join(path, '..'));
    byRename(source, login(2));
    home.sync();
    assert.equal(readFileSync(join(victim, '.credentials.json'), 'utf8'), login(9));
    await home.close();
    assert.equal(theirs(), login(2));
    assert.ok(existsSync(join(victim, '.credentials.json')), 'a link is removed, and not what it leads to');
  });

  it('after a kill the next run gives back what was renewed, and not what was overtaken', async () => {
    const dead = processName(process.pid).replace(/\.(\d+)\.\d+$/, '.$1.1'); // this pid, but of a process that began at another time
    const kill = (home: LentHome): void => { clearInterval((home as unknown as { timer: NodeJS.Timeout }).timer); };
    const first = lend(dead);
    kill(first.home);
    byRename(first.path, login(2));
    await recoverLogins(parent);
    assert.equal(theirs(), login(2));
    assert.deepEqual(readdirSync(parent), []);
    const second = lend(dead);
    kill(second.home);
    byRename(second.path, login(3));
    byRename(source, login(7)); // the user has logged in again meanwhile
    const living = lend();
    await recoverLogins(parent);
    assert.equal(theirs(), login(7));
    assert.ok(existsSync(living.path), 'what a living run has lent is its own');
  });

  it('knows what in it is secret', () => {
    const codex = JSON.stringify({ OPENAI_API_KEY: 'sk-proj-12345', auth_mode: 'chatgpt', tokens: { id_token: 'eyJ.id.token', access_token: 'eyJ.access', refresh_token: 'rt_123456', account_id: 'acc-1' }, last_refresh: '2026-11-26T00:00:00Z' });
    assert.deepEqual([...secretsInLogin(codex)].sort(), ['eyJ.access', 'eyJ.id.token', 'rt_123456', 'sk-proj-12345']);
    assert.equal(isWholeLogin(codex.replace('rt_123456', 'rt_2'), codex), 'whole');
    assert.equal(isWholeLogin(codex.replace('"rt_123456"', 'null'), codex), 'emptied');
    assert.equal(isWholeLogin(JSON.stringify({ claudeAiOauth: { accessToken: 'a' } }), JSON.stringify({ claudeAiOauth: { accessToken: 'b' }, mcpOAuth: { s: { accessToken: 'c' } } })), 'whole', 'a server\'s is its own');
    assert.deepEqual(secretsInVariables({ A: 'sk-123456789', B: 'http://127.0.0.1:1', C: 'http://me:pass-word@proxy:8', D: 'short' }), ['sk-123456789', 'pass-word']);
    assert.equal(withoutSecrets('{"a":"k\\"ey-12345"} k"ey-12345 k"ey-12345-longer', ['k"ey-12345', 'k"ey-12345-longer']), '{"a":"…"} … …');
  });
});
