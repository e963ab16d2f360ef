// What a checkout holds: the user's files as they are now, byte for byte; and what a run leaves of itself: nothing.

import assert from 'node:assert/strict';
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { UserError } from '../../../src/core/errors.ts';
import { openCheckouts, type OpenOptions } from '../../../src/adapters/checkout/pool.ts';
import { contents, fingerprint, git, put, sandbox, traps, type Sandbox } from './helpers.ts';

const options = (projectRoot: string, more: Partial<OpenOptions> = {}): OpenOptions => ({ projectRoot, runId: 'r1', link: [], copy: [], outputs: [], ...more });

describe('checkouts of a repository', () => {
  let s: Sandbox;
  beforeEach(() => (s = sandbox()));
  afterEach(() => s.dispose());

  it('hold the working tree as it is now: dirty, untracked, renamed, deleted, modes, links, odd names; not what is ignored', async () => {
    const p = s.project();
    git(p, 'init', '-q');
    put(p, {
      'src/a.py': 'a = 1\n', 'src/gone.py': 'x\n', 'src/old.py': 'same\n', 'run.sh': '#!/bin/sh\n', 'staged-then-deleted': 'x', 'was-folder/x': 'x', 'was-file': 'x',
      'linked/dir.txt': 'tracked below what becomes a link', '.gitignore': '*.log\nbuild/\n', 'forced.log': 'tracked though ignored', 'n\xe4me caf\xc3\xa9.txt': 'non-ASCII', 'plain.txt': 'x',
    });
    symlinkSync('src/a.py', join(p, 'link.py'));
    git(p, 'add', '-A');
    git(p, 'add', '-f', 'forced.log');
    git(p, 'commit', '-qm', 'one');
    put(p, { 'src/a.py': 'a = 2 # staged\n' });
    git(p, 'add', '-A');
    git(p, 'stash');
    put(p, { 'src/a.py': 'a = 3 # staged\n' });
    git(p, 'add', 'src/a.py');
    put(p, { 'src/a.py': 'a = 4 # dirty\n', 'new/untracked.py': 'new\n', 'x.log': 'ignored', 'build/out': 'ignored', '.sigil/ws/s/v1/j': 'never', 'sub/.sigil/x': 'never', 'e/__pycache__/a.pyc': 'never' });
    put(p, { '.git/info/exclude': 'excluded.txt\n', 'excluded.txt': 'ignored by info/exclude', 'global.tmp': 'ignored by core.excludesFile' });
    put(s.folder, { 'excludes': '*.tmp\n' });
    git(p, 'config', 'core.excludesFile', join(s.folder, 'excludes'));
    unlinkSync(join(p, 'src/gone.py'));
    git(p, 'mv', 'src/old.py', 'src/renamed.py');
    git(p, 'rm', '-q', '--cached', 'staged-then-deleted');
    unlinkSync(join(p, 'staged-then-deleted'));
    chmodSync(join(p, 'run.sh'), 0o755);
    rmSync(join(p, 'was-folder'), { recursive: true });
    put(p, { 'was-folder': 'now a file' });
    rmSync(join(p, 'was-file'));
    put(p, { 'was-file/y': 'now a folder', 'else/dir.txt': 'other' });
    rmSync(join(p, 'linked'), { recursive: true });
    symlinkSync('else', join(p, 'linked'));
    const before = fingerprint(p);
    const pool = await openCheckouts(options(p));
    const c = await pool.add();
    assert.equal(pool.kind, 'worktree');
    assert.deepEqual(contents(c.root), {
      '.gitignore': '*.log\nbuild/\n', 'else/dir.txt': 'other', 'forced.log': 'tracked though ignored', 'link.py': '-> src/a.py', linked: '-> else', 'new/untracked.py': 'new\n', 'n\xe4me caf\xc3\xa9.txt': 'non-ASCII',
      'plain.txt': 'x', 'run.sh': '*#!/bin/sh\n', 'src/a.py': 'a = 4 # dirty\n', 'src/renamed.py': 'same\n', 'was-file/y': 'now a folder', 'was-folder': 'now a file',
    });
    assert.equal(pool.head, git(p, 'rev-parse', 'HEAD').trim());
    assert.deepEqual(await c.violations(), []);
    await c.write(new Map([['src/a.py', 'a = 5\n']]));
    await pool.close();
    assert.deepEqual(fingerprint(p), before);
  });

  it('are byte-exact under autocrlf, eol attributes, ident and encodings; no hook or filter of the user runs', async () => {
    s.dispose();
    s = sandbox('[core]\n\tautocrlf = true\n');
    const p = s.project();
    const trace = traps(s, join(s.folder, 'global-hooks'));
    traps(s, join(p, '.git/hooks'));
    git(p, 'init', '-q');
    put(p, { '.gitattributes': '*.txt text eol=crlf\n*.lf text eol=lf\n*.id ident\n*.big filter=trap diff=trap\n*.u16 working-tree-encoding=UTF-16LE\n' });
    put(p, { 'a.txt': 'one\ntwo\n', 'mixed.lf': 'one\r\ntwo\n', 'crlf.py': 'x\r\ny\r\n', 'x.id': '$Id$\n', 'x.big': 'large', 'x.u16': 'h\0i\0\n\0' });
    git(p, '-c', 'core.hooksPath=/dev/null', 'add', '.gitattributes', 'a.txt', 'crlf.py');
    const config = join(s.folder, 'gitconfig');
    writeFileSync(config, `${readFileSync(config, 'utf8')}\thooksPath = ${join(s.folder, 'global-hooks')}\n\tfsmonitor = ${join(s.folder, 'global-hooks', 'fsmonitor-watchman')}\n` +
      `[filter "trap"]\n\tclean = ${join(s.folder, 'filter')}\n\tsmudge = ${join(s.folder, 'filter')}\n\trequired = true\n`);
    writeFileSync(join(s.folder, 'filter'), `#!/bin/sh\necho filter >> '${trace}'\ncat\n`, { mode: 0o755 });
    rmSync(trace, { force: true });
    git(p, 'add', '-A');
    assert.ok(existsSync(trace), 'the traps work: they run for the user');
    rmSync(trace);
    const before = fingerprint(p);
    const pool = await openCheckouts(options(p));
    const c = await pool.add();
    await c.write(new Map([['crlf.py', 'x = 1\r\ny\r\n']]));
    writeFileSync(join(c.root, 'a.txt'), 'broken');
    await c.write(new Map());
    assert.deepEqual(contents(c.root), contents(p));
    assert.deepEqual(contents(c.root)['mixed.lf'], 'one\r\ntwo\n');
    // Git in a checkout works, and runs no hook of the user's either.
    git(c.root, 'status');
    git(c.root, 'commit', '--allow-empty', '-qm', 'by an evaluation');
    await pool.close();
    assert.equal(existsSync(trace), false, existsSync(trace) ? readFileSync(trace, 'utf8') : '');
    assert.deepEqual(fingerprint(p), before);
  });

  it('stand for the whole repository when the project is a folder of it, without a first commit too', async () => {
    const p = s.project();
    git(p, 'init', '-q');
    put(p, { 'packages/app/main.py': 'x\n', 'packages/lib/lib.py': 'y\n', 'top.txt': 't' });
    const before = fingerprint(p);
    const pool = await openCheckouts(options(join(p, 'packages/app')));
    const c = await pool.add();
    assert.equal(pool.head, null);
    assert.equal(pool.repoRoot, p);
    assert.deepEqual(contents(c.root), contents(p));
    assert.equal(c.projectRoot, join(c.root, 'packages/app'));
    await c.write(new Map([['main.py', 'z\n']]));
    assert.equal(readFileSync(join(c.root, 'packages/app/main.py'), 'utf8'), 'z\n');
    assert.equal((await pool.readText('../lib/lib.py')).text, 'y\n');
    await pool.close();
    assert.deepEqual(fingerprint(p), before);
  });

  it('serve a linked worktree of the user, and its .git points to the private repository only', async () => {
    const main = s.project('main');
    git(main, 'init', '-q');
    put(main, { 'a.py': 'main\n', '.gitignore': '/wt\n' });
    git(main, 'add', '-A');
    git(main, 'commit', '-qm', 'one');
    const p = join(s.folder, 'tree');
    git(main, 'worktree', 'add', '-q', p);
    git(main, 'worktree', 'add', '-q', join(main, 'nested'));
    put(p, { 'a.py': 'tree\n' });
    const before = [fingerprint(p), fingerprint(main)];
    const pool = await openCheckouts(options(p));
    const c = await pool.add();
    assert.deepEqual(contents(c.root), { '.gitignore': '/wt\n', 'a.py': 'tree\n' });
    assert.ok(pool.gitDir);
    assert.equal(git(c.root, 'rev-parse', '--git-common-dir').trim(), pool.gitDir);
    assert.equal(existsSync(join(pool.gitDir, 'objects/info/alternates')), false);
    // The user's own worktree inside the work tree is not taken for a part of it.
    const other = await openCheckouts(options(main, { runId: 'r2' }));
    assert.deepEqual(contents((await other.add()).root), { '.gitignore': '/wt\n', 'a.py': 'main\n' });
    await pool.close();
    await other.close();
    assert.deepEqual([fingerprint(p), fingerprint(main)], before);
  });

  it('hold submodules and nested repositories as plain files', async () => {
    const lib = s.project('lib');
    git(lib, 'init', '-q');
    put(lib, { 'lib.py': 'lib\n', '.gitignore': '*.o\n' });
    git(lib, 'add', '-A');
    git(lib, 'commit', '-qm', 'one');
    const p = s.project();
    git(p, 'init', '-q');
    put(p, { 'a.py': 'a\n' });
    git(p, 'submodule', '--quiet', 'add', lib, 'deps/lib');
    git(p, 'submodule', '--quiet', 'add', lib, 'deps/absent');
    git(p, 'add', '-A');
    git(p, 'commit', '-qm', 'one');
    git(p, 'submodule', '--quiet', 'deinit', '-f', 'deps/absent');
    put(p, { 'deps/lib/lib.py': 'dirty\n', 'deps/lib/x.o': 'ignored there', 'deps/lib/new.py': 'untracked there\n', 'unborn/x.py': 'nested\n' });
    git(join(p, 'unborn'), 'init', '-q');
    const before = fingerprint(p);
    const pool = await openCheckouts(options(p));
    const c = await pool.add();
    const found = contents(c.root, ['.gitmodules']);
    assert.deepEqual(found, { 'a.py': 'a\n', 'deps/lib/.gitignore': '*.o\n', 'deps/lib/lib.py': 'dirty\n', 'deps/lib/new.py': 'untracked there\n', 'unborn/x.py': 'nested\n' });
    await pool.close();
    assert.deepEqual(fingerprint(p), before);
  });

  it('keep names that are not UTF-8', async function () {
    if (process.platform !== 'linux') this.skip();
    const p = s.project();
    git(p, 'init', '-q');
    writeFileSync(Buffer.from(join(p, 'caf\xe9.txt'), 'latin1'), 'latin1 name');
    const pool = await openCheckouts(options(p));
    const c = await pool.add();
    assert.deepEqual(readdirSync(Buffer.from(c.root), 'buffer').map((b) => b.toString('latin1')).filter((n) => n !== '.git'), ['caf\xe9.txt']);
    assert.deepEqual(await c.violations(), []);
    await pool.close();
  });

  it('follow the tree from run to run: the same files give the same commit, edits of the same size are seen', async () => {
    const p = s.project();
    git(p, 'init', '-q');
    put(p, { 'a.py': 'a = 1\n', 'b.py': 'b\n', '.gitignore': '' });
    const commitOf = async (): Promise<[string | null, Record<string, string>]> => {
      const pool = await openCheckouts(options(p));
      const c = await pool.add();
      const result = [pool.commit, contents(c.root)] as [string | null, Record<string, string>];
      await pool.close();
      return result;
    };
    const [first] = await commitOf();
    assert.equal((await commitOf())[0], first);
    for (let i = 0; i < 5; i++) {
      put(p, { 'a.py': `a = ${i}\n` });
      assert.equal((await commitOf())[1]['a.py'], `a = ${i}\n`);
    }
    put(p, { '.gitignore': 'b.py\n', 'a.py': 'a = 1\n' });
    assert.deepEqual(Object.keys((await commitOf())[1]), ['.gitignore', 'a.py']);
    rmSync(join(p, 'a.py'));
    assert.deepEqual(Object.keys((await commitOf())[1]), ['.gitignore']);
  });

  it('recover from a damaged private repository, and say what git cannot read', async function () {
    const p = s.project();
    git(p, 'init', '-q');
    put(p, { 'a.py': 'a\n' });
    const first = await openCheckouts(options(p));
    const repo = first.gitDir ?? '';
    await first.close();
    rmSync(join(repo, 'objects'), { recursive: true });
    mkdirSync(join(repo, 'objects'));
    writeFileSync(join(repo, 'sigil-index'), 'damaged');
    const pool = await openCheckouts(options(p));
    assert.notEqual(pool.gitDir, repo);
    assert.deepEqual(contents((await pool.add()).root), { 'a.py': 'a\n' });
    await pool.close();
    await (await openCheckouts(options(p))).close();
    assert.equal(existsSync(repo), false, 'swept at the next start');
    writeFileSync(join(p, '.git/index'), 'damaged');
    await assert.rejects(openCheckouts(options(p)), (e) => e instanceof UserError && /git status/.test(e.remedy));
  });

  it('are made by many runs at once, each its own, on a cold and on a warm cache', async () => {
    const p = s.project();
    git(p, 'init', '-q');
    for (let i = 0; i < 40; i++) put(p, { [`src/f${i}.py`]: `v = ${i}\n` });
    const expected = contents(p);
    for (let round = 0; round < 2; round++) {
      const pools = await Promise.all(Array.from({ length: 8 }, async (_, i) => {
        const pool = await openCheckouts(options(p, { runId: `run-${i}` }));
        return { pool, checkouts: await Promise.all([pool.add(), pool.add()]) };
      }));
      for (const { pool, checkouts } of pools) for (const c of checkouts) {
        assert.deepEqual(contents(c.root), expected);
        assert.equal(git(c.root, 'rev-parse', 'HEAD').trim(), pool.commit);
        assert.equal(git(c.root, 'status', '--porcelain'), '');
      }
      // Some end while others begin: what they remove is being read.
      const [first, ...rest] = pools;
      await Promise.all([first?.pool.close(), ...rest.map(async ({ pool }) => {
        await pool.add();
        await pool.close();
      })]);
    }
  });

  it('stop at an abort and leave nothing', async () => {
    const p = s.project();
    git(p, 'init', '-q');
    put(p, { 'a.py': 'a\n' });
    for (const after of [0, 10, 30, 60, 100]) {
      const abort = new AbortController();
      const opening = openCheckouts(options(p, { signal: abort.signal })).then((pool) => pool.close());
      const timer = setTimeout(() => abort.abort(), after);
      await opening.catch((e: unknown) => assert.equal((e as Error).name, 'AbortError'));
      clearTimeout(timer);
      for (const project of existsSync(join(s.cache, 'checkouts')) ? readdirSync(join(s.cache, 'checkouts')) : []) {
        assert.deepEqual(readdirSync(join(s.cache, 'checkouts', project, 'runs')), []);
      }
    }
  });
});

describe('checkouts without a repository', () => {
  let s: Sandbox;
  beforeEach(() => (s = sandbox()));
  afterEach(() => s.dispose());

  const fill = (p: string): void => {
    put(p, { 'src/a.py': 'a\r\n', 'run.sh': '#!/bin/sh\n', 'node_modules/m/index.js': 'm', 'venv/pyvenv.cfg': '', 'venv/lib.py': 'v', 'env/settings.py': 'not a virtual environment', 'vendor/v.go': 'v', '.sigil/x': 'never', 'src/__pycache__/a.pyc': 'never' });
    chmodSync(join(p, 'run.sh'), 0o755);
    symlinkSync('src', join(p, 'link'));
    mkdirSync(join(p, 'empty'));
  };
  const expected = { 'env/settings.py': 'not a virtual environment', link: '-> src', 'run.sh': '*#!/bin/sh\n', 'src/a.py': 'a\r\n', 'vendor/v.go': 'v' };

  it('are plain copies with the dependencies linked', async () => {
    const p = s.project();
    fill(p);
    const before = fingerprint(p);
    const pool = await openCheckouts(options(p));
    const c = await pool.add();
    assert.equal(pool.kind, 'copy');
    assert.equal(pool.commit, null);
    assert.deepEqual(contents(c.root, ['node_modules', 'venv']), expected);
    assert.deepEqual(pool.links, [{ path: 'node_modules', source: join(p, 'node_modules') }, { path: 'venv', source: join(p, 'venv') }]);
    assert.equal(readFileSync(join(c.root, 'node_modules/m/index.js'), 'utf8'), 'm');
    assert.ok(lstatSync(join(c.root, 'empty')).isDirectory());
    assert.ok(Math.abs(lstatSync(join(c.root, 'src/a.py')).mtimeMs - lstatSync(join(p, 'src/a.py')).mtimeMs) < 1);
    put(p, { 'src/a.py': 'changed later by the user' });
    assert.deepEqual(contents((await pool.add()).root, ['node_modules', 'venv']), expected);
    put(p, { 'src/a.py': 'a\r\n' });
    await pool.close();
    assert.deepEqual([...fingerprint(p).keys()], [...before.keys()]);
  });

  it('are copies where git is not on PATH, and where an outer repository ignores the project', async () => {
    const outer = s.project('outer');
    git(outer, 'init', '-q');
    put(outer, { '.gitignore': 'ignored/\n' });
    const p = join(outer, 'ignored');
    fill(p);
    const pool = await openCheckouts(options(p));
    assert.equal(pool.kind, 'copy');
    await pool.close();
    const script = `const { openCheckouts } = require(${JSON.stringify(join(__dirname, '../../../src/adapters/checkout/pool.ts'))});
      openCheckouts({ projectRoot: ${JSON.stringify(outer)}, runId: 'x', link: [], copy: [], outputs: [] }).then(async (pool) => { await pool.add(); console.log(pool.kind); await pool.close(); });`;
    const printed = execFileSync(process.execPath, ['--import', 'tsx', '-e', script], { env: { ...process.env, PATH: '/nonexistent' }, encoding: 'utf8', cwd: join(__dirname, '../../..') });
    assert.equal(printed.trim(), 'copy');
  });
});
