// kill -9 at any moment: the user's tree is as it was, and the next start leaves nothing of the dead run.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { UserError } from '../../../src/core/errors.ts';
import { openCheckouts } from '../../../src/adapters/checkout/pool.ts';
import { sweep } from '../../../src/adapters/checkout/owner.ts';
import { contents, fingerprint, git, put, sandbox, traps, type Sandbox } from './helpers.ts';

const FILES = 150;
const ROUNDS = { worktree: 6, copy: 3 };

for (const kind of ['worktree', 'copy'] as const) {
  describe(`killed checkouts (${kind})`, () => {
    let s: Sandbox;
    let p: string;
    beforeEach(() => {
      s = sandbox();
      p = s.project();
      for (let i = 0; i < FILES; i++) put(p, { [`src/f${i}.py`]: `v = ${i}\n` });
      put(p, { 'secret.cfg': 'k', 'node_modules/m/i.js': 'm' });
      if (kind === 'copy') return;
      put(p, { '.gitignore': 'node_modules/\nsecret.cfg\n' });
      git(p, 'init', '-q');
      git(p, 'add', '-A');
      git(p, 'commit', '-qm', 'one');
      put(p, { 'src/f3.py': 'dirty\n' });
      traps(s, join(p, '.git/hooks'));
    });
    afterEach(() => s.dispose());

    const start = async (run: string): Promise<{ kill: () => Promise<void> }> => {
      const child = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'child.ts'), p, run], { stdio: ['ignore', 'pipe', 'inherit'], cwd: join(__dirname, '../../..') });
      const gone = once(child, 'exit');
      await once(child.stdout, 'data');
      return {
        kill: async () => {
          child.kill('SIGKILL');
          await gone;
        },
      };
    };
    const projectDir = (): string => join(s.cache, 'checkouts', readdirSync(join(s.cache, 'checkouts'))[0] ?? '');

    it('leave nothing behind, whenever they die', async () => {
      const before = fingerprint(p);
      for (let round = 0; round < ROUNDS[kind]; round++) {
        const child = await start('victim');
        // The first open of a cold cache takes the longest; later rounds die in all the other places.
        await sleep((round * 540) / ROUNDS[kind] + Math.random() * 80);
        await child.kill();
        assert.deepEqual(fingerprint(p), before);
        // The same run is resumed at once, while git processes of the dead one may still be at work.
        const pool = await openCheckouts({ projectRoot: p, runId: 'victim', link: [], copy: ['secret.cfg'], outputs: [] });
        const c = await pool.add();
        const expected = contents(p, ['node_modules']);
        assert.deepEqual(contents(c.root, ['node_modules']), expected);
        await pool.close();
      }
      await sleep(200); // for those git processes
      await sweep(projectDir());
      assert.deepEqual(readdirSync(join(projectDir(), 'runs')), []);
      assert.deepEqual(readdirSync(projectDir()).filter((n) => n.startsWith('.')), []);
      for (const name of readdirSync(projectDir()).filter((n) => n.endsWith('.git'))) {
        const worktrees = join(projectDir(), name, 'worktrees');
        assert.deepEqual(existsSync(worktrees) ? readdirSync(worktrees) : [], []);
      }
      assert.deepEqual(fingerprint(p), before);
      assert.equal(existsSync(join(s.folder, 'trace')), false, 'no hook ran');
    });

    it('are left alone while their process lives', async () => {
      const child = await start('living');
      try {
        // The child opens and closes in turn; catch it open.
        const mine = await openCheckouts({ projectRoot: p, runId: 'mine', link: [], copy: [], outputs: [] });
        const c = await mine.add();
        for (let i = 0; i < 10; i++) {
          await sleep(50);
          await sweep(projectDir());
        }
        assert.deepEqual(await c.violations(), []);
        if (kind === 'worktree') assert.match(git(c.root, 'rev-parse', 'HEAD'), /^[0-9a-f]{40}/);
        await assert.rejects(openCheckouts({ projectRoot: p, runId: 'mine', link: [], copy: [], outputs: [] }), UserError);
        await mine.close();
      } finally {
        await child.kill();
      }
    });
  });
}

describe('projects that are gone', () => {
  it('are forgotten by the next start of any other', async () => {
    const s = sandbox();
    try {
      for (const name of ['one', 'two']) put(s.project(name), { 'a.py': 'a\n' });
      const options = { link: [], copy: [], outputs: [], runId: 'r' };
      await (await openCheckouts({ ...options, projectRoot: join(s.folder, 'one') })).close();
      rmSync(join(s.folder, 'one'), { recursive: true });
      await (await openCheckouts({ ...options, projectRoot: join(s.folder, 'two') })).close();
      assert.deepEqual(readdirSync(join(s.cache, 'checkouts')).map((n) => n.replace(/-.*/, '')), ['two']);
    } finally {
      s.dispose();
    }
  });
});
