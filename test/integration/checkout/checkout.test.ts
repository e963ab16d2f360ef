// One checkout over many solutions: what a solution leaves behind is found and put right, and never reaches the user's own files.

import assert from 'node:assert/strict';
import { appendFileSync, chmodSync, existsSync, linkSync, lstatSync, mkdirSync, readFileSync, readdirSync, realpathSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { UserError } from '../../../src/core/errors.ts';
import { decodeText, encodeText } from '../../../src/adapters/checkout/encoding.ts';
import { openCheckouts, type CheckoutPool, type OpenOptions } from '../../../src/adapters/checkout/pool.ts';
import { contents, fingerprint, git, put, sandbox, type Sandbox } from './helpers.ts';

const BASE = {
  'src/a.py': 'a = 1\n', 'src/b.py': 'b = 1\n', 'src/sub/c.py': 'c = 1\n', 'test/t.py': 'assert True\n', 'out/kept.txt': 'tracked output\n', 'x.sh': '#!/bin/sh\n',
  'legacy.c': '/* caf\xe9 */\n', 'bom.ts': '\xef\xbb\xbflet x = 1;\r\n',
};

for (const kind of ['worktree', 'copy'] as const) {
  describe(`a checkout (${kind})`, () => {
    let s: Sandbox;
    let p: string;
    let pool: CheckoutPool;
    let before: ReadonlyMap<string, string>;
    const open = async (more: Partial<OpenOptions> = {}): Promise<CheckoutPool> =>
      (pool = await openCheckouts({ projectRoot: p, runId: 'r1', link: [], copy: [], outputs: [], ...more }));

    beforeEach(() => {
      s = sandbox();
      p = s.project();
      put(p, BASE);
      chmodSync(join(p, 'x.sh'), 0o755);
      symlinkSync('src/a.py', join(p, 'link.py'));
      if (kind === 'worktree') {
        put(p, { '.gitignore': 'node_modules/\n.venv/\n/data/\nsecret.cfg\n' });
        git(p, 'init', '-q');
        git(p, 'add', '-A');
        git(p, 'commit', '-qm', 'one');
      }
      before = fingerprint(p);
    });
    afterEach(async () => {
      await pool.close();
      assert.deepEqual(fingerprint(p), before, 'the user\'s tree is as it was');
      s.dispose();
    });

    it('holds each solution\'s texts, and the base\'s where a solution has none', async () => {
      await open();
      assert.equal(pool.kind, kind);
      const c = await pool.add();
      const base = contents(c.root);
      await c.write(new Map([['src/a.py', 'a = 2\n'], ['x.sh', '#!/bin/bash\n']]));
      assert.deepEqual(contents(c.root), { ...base, 'src/a.py': 'a = 2\n', 'x.sh': '*#!/bin/bash\n' });
      assert.deepEqual(await c.violations(), []);
      const inode = lstatSync(join(c.root, 'src/a.py')).ino;
      put(c.root, { 'src/__pycache__/a.pyc': 'stale' });
      await c.write(new Map([['src/a.py', 'a = 3\n']]));
      assert.deepEqual(contents(c.root), { ...base, 'src/a.py': 'a = 3\n' });
      assert.notEqual(lstatSync(join(c.root, 'src/a.py')).ino, inode, 'replaced, not written into');
      await c.write(new Map());
      assert.deepEqual(contents(c.root), base);
      assert.deepEqual(await c.violations(), []);
    });

    it('keeps encodings and byte order marks, and refuses what an encoding cannot hold before changing anything', async () => {
      await open();
      const c = await pool.add();
      const { text, encoding } = await pool.readText('legacy.c');
      assert.deepEqual([text, encoding], ['/* café */\n', 'latin1']);
      assert.equal((await pool.readText('bom.ts')).text, '\uFEFFlet x = 1;\r\n');
      await c.write(new Map([['legacy.c', '/* café é */\n'], ['bom.ts', '\uFEFFlet x = 2;\r\n']]));
      assert.equal(readFileSync(join(c.root, 'legacy.c'), 'latin1'), '/* caf\xe9 \xe9 */\n');
      assert.equal(readFileSync(join(c.root, 'bom.ts'), 'latin1'), '\xef\xbb\xbflet x = 2;\r\n');
      const now = contents(c.root);
      await assert.rejects(c.write(new Map([['src/a.py', 'new'], ['legacy.c', '→']])), UserError);
      assert.deepEqual(contents(c.root), now);
      await assert.rejects(c.write(new Map([['absent.py', 'x']])), UserError);
      await assert.rejects(c.write(new Map([['link.py', 'x']])), UserError);
      await assert.rejects(c.write(new Map([['../outside.py', 'x']])), UserError);
    });

    it('empties outputs, but for what the project keeps in them', async () => {
      await open({ outputs: ['out', 'build/deep/', 'result.json'] });
      const c = await pool.add();
      const base = contents(c.root);
      assert.ok(lstatSync(join(c.root, 'build/deep')).isDirectory());
      put(c.root, { 'out/new/x': 'x', 'out/kept.txt': 'changed', 'build/deep/o.o': 'o', 'result.json': '{}' });
      assert.deepEqual(await c.violations(), []);
      await c.resetOutputs();
      assert.deepEqual(contents(c.root), base);
      rmSync(join(c.root, 'out'), { recursive: true });
      rmSync(join(c.root, 'build'), { recursive: true });
      symlinkSync(join(p, 'src'), join(c.root, 'build'));
      await c.write(new Map());
      assert.deepEqual(contents(c.root), base);
      assert.ok(lstatSync(join(c.root, 'build')).isDirectory());
    });

    const sabotage: Record<string, [act: (root: string) => void, found: string[]]> = {
      'a changed file': [(r) => writeFileSync(join(r, 'test/t.py'), 'assert 1==1\n'), ['test/t.py']],
      'a file of the same size and times': [(r) => {
        const { atime, mtime } = lstatSync(join(r, 'test/t.py'));
        writeFileSync(join(r, 'test/t.py'), 'assert Tru3\n');
        utimesSync(join(r, 'test/t.py'), atime, mtime);
      }, ['test/t.py']],
      'a pinned file that rewrites itself': [(r) => writeFileSync(join(r, 'src/a.py'), 'a = 9\n'), ['src/a.py']],
      'a removed folder': [(r) => rmSync(join(r, 'src/sub'), { recursive: true }), ['src/sub', 'src/sub/c.py']],
      'new files and folders': [(r) => put(r, { 'src/new.py': 'x', 'more/deep/y.py': 'y' }), ['more', 'src/new.py']],
      'a changed mode': [(r) => chmodSync(join(r, 'x.sh'), 0o644), ['x.sh']],
      'a folder closed to writing': [(r) => chmodSync(join(r, 'src/sub'), 0o500), ['src/sub']],
      'a link that points elsewhere': [(r) => {
        rmSync(join(r, 'link.py'));
        symlinkSync('src/b.py', join(r, 'link.py'));
      }, ['link.py']],
      'a file that became a folder': [(r) => {
        rmSync(join(r, 'src/b.py'));
        put(r, { 'src/b.py/x': 'x' });
      }, ['src/b.py']],
      'a folder that became a file': [(r) => {
        rmSync(join(r, 'src/sub'), { recursive: true });
        put(r, { 'src/sub': 'x' });
      }, ['src/sub', 'src/sub/c.py']],
      'a swapped folder of the same contents': [(r) => {
        renameSync(join(r, 'src/sub'), join(r, 'src/was'));
        put(r, { 'src/sub/c.py': 'c = 1\n' });
      }, ['src/sub', 'src/sub/c.py', 'src/was']],
      'a folder that became a link to the user\'s own': [(r) => {
        rmSync(join(r, 'src'), { recursive: true });
        symlinkSync(join(p, 'src'), join(r, 'src'));
      }, ['src', 'src/a.py', 'src/b.py', 'src/sub', 'src/sub/c.py']],
    };
    for (const [name, [act, found]] of Object.entries(sabotage)) {
      it(`finds and puts right: ${name}`, async () => {
        await open();
        const c = await pool.add();
        const base = contents(c.root);
        await c.write(new Map([['src/a.py', 'a = 2\n']]));
        await sleep(10); // an evaluation starts a process: its writes are later by a tick of the kernel's clock
        act(c.root);
        assert.deepEqual(await c.violations(), found);
        assert.deepEqual(await c.violations(), found, 'until they are put right');
        assert.deepEqual((await c.write(new Map([['src/a.py', 'a = 3\n']]))).restored, found);
        assert.deepEqual(contents(c.root), { ...base, 'src/a.py': 'a = 3\n' });
        assert.equal(lstatSync(join(c.root, 'src/sub')).mode & 0o777, 0o755);
        assert.deepEqual(await c.violations(), []);
        // The same without anybody asking: the next write finds it in a small tree.
        await sleep(10);
        act(c.root);
        assert.deepEqual((await c.write(new Map())).restored, found);
        assert.deepEqual(contents(c.root), base);
      });
    }

    it('never writes through a link into the user\'s tree, and drops bytecode, where it does not look for changes', async () => {
      await open({ mounted: true, outputs: ['src/sub/out'] });
      const c = await pool.add();
      const base = contents(c.root);
      put(c.root, { 'src/__pycache__/a.pyc': 'made by setup' });
      await c.seal();
      await c.write(new Map([['src/a.py', 'a = 2\n']]));
      assert.deepEqual(contents(c.root), { ...base, 'src/a.py': 'a = 2\n' });
      assert.deepEqual(await c.violations(), []);
      rmSync(join(c.root, 'src'), { recursive: true });
      symlinkSync(join(p, 'src'), join(c.root, 'src'));
      await c.write(new Map([['src/a.py', 'a = 3\n']]));
      assert.deepEqual(contents(c.root), { ...base, 'src/a.py': 'a = 3\n' });
    });

    it('clears bytecode and caches without a word, and what it was told to tolerate', async () => {
      await open();
      const c = await pool.add();
      const base = contents(c.root);
      const litter = { 'test/__pycache__/t.pyc': 'x', '.pytest_cache/v': 'x', 'profile.out': 'x', 'test/t.py': 'assert 2\n' };
      put(c.root, litter);
      assert.deepEqual(await c.violations(), ['profile.out', 'test/t.py']);
      pool.tolerate(['profile.out', 'test/t.py']);
      assert.deepEqual(await c.violations(), []);
      assert.deepEqual((await c.write(new Map())).restored, []);
      assert.deepEqual(contents(c.root), base);
      put(c.root, litter);
      await c.write(new Map());
      assert.deepEqual(contents(c.root), base);
    });

    it('takes what setup made for right, and says when that was damaged', async () => {
      await open();
      const c = await pool.add();
      put(c.root, { 'generated.py': 'g\n', 'src/b.py': 'changed by setup\n' });
      await c.seal();
      assert.deepEqual(await c.violations(), []);
      await sleep(10);
      put(c.root, { 'src/sub/c.py': 'x' });
      assert.deepEqual(await c.write(new Map()), { restored: ['src/sub/c.py'], spoiled: [] });
      put(c.root, { 'generated.py': 'bad\n', 'src/b.py': 'bad\n' });
      assert.deepEqual((await c.write(new Map())).spoiled, ['generated.py', 'src/b.py']);
    });

    it('can be measured at one path in turn', async () => {
      await open();
      const [c, d] = [await pool.add(), await pool.add()];
      await c.write(new Map([['src/a.py', 'c']]));
      await d.write(new Map([['src/a.py', 'd']]));
      const seen: string[] = [];
      for (const x of [c, d, d, c, d]) {
        pool.place(x);
        seen.push(`${x.root} ${readFileSync(join(x.projectRoot, 'src/a.py'), 'utf8')}`);
        if (kind === 'worktree') assert.equal(git(x.root, 'status', '--porcelain').trim(), 'M src/a.py');
        assert.deepEqual(await x.violations(), []);
      }
      const at = join(pool.folder, 'work');
      assert.deepEqual(seen, ['c', 'd', 'd', 'c', 'd'].map((t) => `${at} ${t}`));
      assert.equal(c.root, c.home);
      appendFileSync(join(d.root, 'test/t.py'), '#');
      await d.write(new Map([['src/a.py', 'd2']]));
      assert.equal(readFileSync(join(at, 'src/a.py'), 'utf8'), 'd2');
      assert.equal(readFileSync(join(at, 'test/t.py'), 'utf8'), 'assert True\n');
    });

    it('links dependencies and declared paths, copies declared ones, and names the missing', async () => {
      put(p, { 'node_modules/m/index.js': 'm', 'node_modules/@s/n/index.js': 'n', 'node_modules/.cache/x': 'x', 'data/big.bin': 'big', 'secret.cfg': 'k=v', 'src/node_modules/deep/index.js': 'd', '.venv/bin/python': 'py' });
      put(p, { 'packages/w/index.js': 'w' });
      symlinkSync('../packages/w', join(p, 'node_modules/w'));
      symlinkSync(join(p, 'packages/w'), join(p, 'node_modules/absolute'));
      before = fingerprint(p);
      await open({ link: ['data', 'none'], copy: ['secret.cfg', 'nothing/'] });
      assert.deepEqual(pool.missing, ['none', 'nothing/']);
      assert.deepEqual(pool.links, ['.venv', 'data', 'node_modules', 'src/node_modules'].map((path) => ({ path, source: join(p, path) })));
      const c = await pool.add();
      const base = contents(c.root);
      assert.equal(readFileSync(join(c.root, 'secret.cfg'), 'utf8'), 'k=v');
      assert.equal(readFileSync(join(c.root, 'data/big.bin'), 'utf8'), 'big');
      assert.equal(readFileSync(join(c.root, 'node_modules/@s/n/index.js'), 'utf8'), 'n');
      // A workspace's own packages are the checkout's; a tool's cache is the checkout's own.
      pool.place(c);
      for (const name of ['w', 'absolute']) assert.equal(realpathSync(join(c.root, 'node_modules', name)), join(c.root, 'packages/w'));
      assert.equal(existsSync(join(c.root, 'node_modules/.cache')), false);
      put(c.root, { 'node_modules/.cache/y': 'y' });
      assert.deepEqual(await c.violations(), []);
      rmSync(join(c.root, 'node_modules'), { recursive: true });
      rmSync(join(c.root, '.venv'));
      writeFileSync(join(c.root, 'secret.cfg'), 'stolen');
      assert.equal((await c.write(new Map())).spoiled.length, 0);
      assert.deepEqual(contents(c.root), base);
      assert.deepEqual(await c.violations(), []);
      await pool.close();
      // Under a sandbox that binds the sources, only their places are made.
      await open({ link: ['data'], mounted: true });
      const m = await pool.add();
      assert.deepEqual(readdirSync(join(m.root, 'node_modules')), []);
      assert.ok(lstatSync(join(m.root, '.venv')).isDirectory());
      await assert.rejects(openCheckouts({ projectRoot: p, runId: 'r3', link: ['../elsewhere'], copy: [], outputs: [] }), UserError);
    });

    it('never touches a hard link\'s other names', async () => {
      await open();
      const c = await pool.add();
      mkdirSync(join(s.folder, 'other'));
      linkSync(join(c.root, 'src/a.py'), join(s.folder, 'other/a.py'));
      await c.write(new Map([['src/a.py', 'a = 2\n']]));
      assert.equal(readFileSync(join(s.folder, 'other/a.py'), 'utf8'), 'a = 1\n');
    });
  });
}

describe('text of files', () => {
  it('goes to bytes and back exactly, for any bytes', () => {
    fc.assert(fc.property(fc.oneof(fc.uint8Array(), fc.string({ unit: 'binary' }).map((t) => Buffer.from(t))), (array) => {
      const bytes = Buffer.from(array);
      const { text, encoding } = decodeText(bytes);
      assert.deepEqual(encodeText(text, encoding, 'x'), bytes);
    }));
  });
});
