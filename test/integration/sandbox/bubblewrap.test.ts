// Layer 2 against an attacker: what may not be written, read, reached or outlive, isn't.

import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../../src/adapters/assets.ts';
import { evaluationEnvironment } from '../../../src/adapters/sandbox/environment.ts';
import { scan } from '../../../src/adapters/sandbox/procfs.ts';
import { Sandbox } from '../../../src/adapters/sandbox/runner-client.ts';
import { NEVER, buildRunner, folderFor, needBubblewrap, requestIn } from './support.ts';

const alive = (text: string): number[] => [...scan()?.values() ?? []].filter((p) => {
  try {
    return !p.zombie && readFileSync(`/proc/${p.pid}/cmdline`, 'latin1').includes(text);
  } catch {
    return false;
  }
}).map((p) => p.pid);

describe('bubblewrap', function () {
  let sandbox: Sandbox;
  const root = folderFor(this);
  const project = join(root, 'project');
  const checkout = join(root, 'checkout');
  let n = 0;
  const unique = (): string => `sigil-test-${process.pid}-${n++}`;
  const run = (command: string | readonly string[], change: Parameters<typeof requestIn>[2] = {}) => sandbox.run(requestIn(checkout, command, { mountAt: project, ...change }), NEVER);

  before(async function () {
    const bwrap = await needBubblewrap(this);
    buildRunner();
    for (const folder of [project, checkout]) {
      mkdirSync(join(folder, 'src'), { recursive: true });
      mkdirSync(join(folder, 'tests'));
      mkdirSync(join(folder, '.git'));
      writeFileSync(join(folder, 'src/main.py'), folder);
      writeFileSync(join(folder, 'tests/test.py'), 'assert True');
      writeFileSync(join(folder, 'evaluate.py'), 'print(1)');
      writeFileSync(join(folder, 'held-out.json'), 'secret');
      writeFileSync(join(folder, '.git/config'), '[core]');
    }
    mkdirSync(join(checkout, 'private'));
    writeFileSync(join(checkout, 'private/data'), 'secret');
    sandbox = await Sandbox.start({ level: 'bubblewrap', bwrap, note: null }, (await evaluationEnvironment(project, [])).programs);
  });
  after(async () => { await (sandbox as Sandbox | undefined)?.close(); });

  it('stands at the project’s own path, with the checkout’s files', async () => {
    const r = await run('pwd; cat src/main.py; cd tests; pwd');
    assert.deepEqual([r.outcome, r.stdout, r.error], ['exited', `${project}\n${checkout}${project}/tests\n`, null]);
    assert.equal((await run('pwd', { cwd: 'src' })).stdout, `${project}/src\n`);
  });

  it('writes neither checkout, evaluator, tests, .git nor system; but outputs and the temporary folder', async () => {
    const targets = ['src/main.py', 'src/new', 'evaluate.py', 'tests/test.py', '.git/config', '.git/hooks', 'new', '/etc/new', '/usr/new', '/new'];
    const r = await run(`for f in ${targets.join(' ')}; do (echo x > $f) 2>/dev/null && echo "wrote $f"; done; rm -rf tests 2>/dev/null; mv evaluate.py other 2>/dev/null; ls; `
      + 'mv out out2 2>/dev/null && echo moved; rmdir out 2>/dev/null && echo removed; echo a > out/a && echo b > build/deep/b && echo t > /tmp/t && echo h > $HOME/h && cat out/a build/deep/b /tmp/t $HOME/h', { writable: ['out', 'build/deep'] });
    assert.equal(r.stdout, 'build\nevaluate.py\nheld-out.json\nout\nprivate\nsrc\ntests\na\nb\nt\nh\n', r.stderr);
    assert.equal(readFileSync(join(checkout, 'out/a'), 'utf8'), 'a\n');
    assert.equal(readFileSync(join(checkout, 'build/deep/b'), 'utf8'), 'b\n');
    assert.equal(existsSync('/tmp/t'), false);
    assert.equal(existsSync(join(checkout, 'tests/test.py')), true);
    assert.deepEqual(readdirSync(project).sort(), ['.git', 'evaluate.py', 'held-out.json', 'src', 'tests']);
  });

  it('hides what is to be hidden', async () => {
    const r = await run('cat held-out.json private/data; ls private; (echo x > private/new) 2>/dev/null && echo wrote; umount held-out.json private; echo end', { hidden: ['held-out.json', 'private', 'not/there'] });
    assert.equal(r.stdout, 'end\n');
    assert.equal(readFileSync(join(checkout, 'held-out.json'), 'utf8'), 'secret');
  });

  it('hides what lies in a linked folder, wherever that shows', async () => {
    // As pnpm and workspaces make them: links inside of the folder, one to the checkout's own packages; and one folder linked at two places.
    const modules = join(root, 'store');
    for (const folder of ['.pnpm/a@1/a', 'plain/private', 'packages']) mkdirSync(join(modules, folder), { recursive: true });
    mkdirSync(join(checkout, 'packages/own'), { recursive: true });
    for (const file of ['.pnpm/a@1/a/held-out.json', 'plain/private/data', 'plain/seen', 'key']) writeFileSync(join(modules, file), 'secret');
    writeFileSync(join(checkout, 'packages/own/key'), 'secret');
    symlinkSync('.pnpm/a@1/a', join(modules, 'a'));
    symlinkSync('../packages/own', join(modules, 'own'));
    symlinkSync(join(root, 'elsewhere'), join(modules, 'gone'));
    const readonly = [{ source: modules, path: 'node_modules' }, { source: modules, path: 'sub/modules' }, { source: join(modules, 'plain'), path: 'vendor' }];
    const hidden = ['node_modules/a/held-out.json', 'node_modules/plain/private', 'node_modules/own/key', 'node_modules/key', 'node_modules/not/there', 'node_modules/gone/x'];
    const look = 'for f in node_modules sub/modules vendor packages; do find -L $f -type f -size +0 2>/dev/null; done | sort; ls node_modules/plain/private; (echo x > node_modules/key) 2>/dev/null; echo end';
    try {
      assert.equal((await run(look, { readonly, hidden: [] })).stdout.split('\n').filter((l) => /key|held-out|private/.test(l)).length, 11);
      const r = await run(look, { readonly, hidden });
      assert.equal(r.stdout, 'node_modules/plain/seen\nsub/modules/plain/seen\nvendor/seen\nend\n', r.stderr);
      // In both orders: a folder that holds the linked one, and a file in it.
      for (const order of [['node_modules', 'node_modules/key'], ['node_modules/key', 'node_modules']]) assert.equal((await run('ls -A node_modules; echo end', { readonly, hidden: order })).stdout, 'end\n');
      assert.equal(readFileSync(join(modules, 'key'), 'utf8'), 'secret');
    } finally {
      for (const made of [modules, join(checkout, 'packages'), join(checkout, 'node_modules'), join(checkout, 'sub'), join(checkout, 'vendor')]) rmSync(made, { recursive: true, force: true });
    }
  });

  it('shows links read-only, in place of the checkout’s own', async () => {
    const modules = join(root, 'modules');
    mkdirSync(join(modules, '.bin'), { recursive: true });
    writeFileSync(join(modules, '.bin/tool'), '#!/bin/sh\necho tool\n');
    chmodSync(join(modules, '.bin/tool'), 0o755);
    symlinkSync(join(project, 'node_modules'), join(checkout, 'node_modules'));
    const change = { readonly: [{ source: modules, path: 'node_modules' }, { source: modules, path: '/tmp/elsewhere' }], env: { PATH: `${project}/node_modules/.bin:/usr/bin:/bin` } };
    for (let i = 0; i < 2; i++) assert.equal((await run('tool; ls -A /tmp/elsewhere; (echo x > node_modules/x) 2>/dev/null && echo wrote', change)).stdout, 'tool\n.bin\n');
    rmSync(join(checkout, 'node_modules'), { recursive: true });
  });

  it('refuses outputs behind a link that a candidate may have made', async () => {
    mkdirSync(join(checkout, 'made'), { recursive: true });
    symlinkSync(root, join(checkout, 'made/link'));
    await assert.rejects(run('true', { writable: ['made/link/victim'] }), /symbolic link/);
    assert.equal(existsSync(join(root, 'victim')), false);
    // At the path itself the link is replaced by a folder: nothing outside becomes writable.
    await run('echo x > made/link/x', { writable: ['made/link'] });
    assert.equal(existsSync(join(root, 'x')), false);
    await assert.rejects(run('true', { writable: ['../out'] }), /leads out/);
    rmSync(join(checkout, 'made'), { recursive: true });
  });

  it('reads no secret of the home folder, of other temporary files or of the environment', async () => {
    const secret = mkdtempSync(join(homedir(), '.sigil-test-secret-'));
    writeFileSync(join(secret, 'key'), 'secret');
    process.env['SIGIL_TEST_API_KEY'] = 'secret';
    try {
      const { env } = await evaluationEnvironment(project, []);
      const r = await run(`cat ${secret}/key ${root}/project/held-out.json.not ${checkout}/held-out.json; ls -A ${homedir()} | grep -v -e pyenv -e cargo -e rustup -e nvm -e local; env; cat /proc/*/environ`, { env });
      assert.doesNotMatch(r.stdout, /secret/);
      assert.doesNotMatch(r.stdout, /\.(bashrc|ssh|npmrc|gitconfig)/);
      assert.match((await run('ls -A $HOME; ls -A ~', { env })).stdout, /^$/);
    } finally {
      delete process.env['SIGIL_TEST_API_KEY'];
      rmSync(secret, { recursive: true });
    }
  });

  it('hides settings, account and checkouts also where variables put them out of the home', async () => {
    const moved = mkdtempSync(join(packageRoot(), '.sigil-test-'));
    const names = ['XDG_STATE_HOME', 'XDG_CONFIG_HOME', 'SIGIL_CACHE_DIR'];
    const before = names.map((name) => process.env[name]);
    let own: Sandbox | undefined;
    try {
      for (const name of names) {
        mkdirSync(join(moved, name));
        writeFileSync(join(moved, name, 'file'), 'secret', { mode: 0o600 });
        process.env[name] = join(moved, name);
      }
      own = await Sandbox.start(sandbox.containment);
      const r = await own.run(requestIn(checkout, `cat ${names.map((name) => join(moved, name, 'file')).join(' ')}; echo end`, { mountAt: project }), NEVER);
      assert.equal(r.stdout, 'end\n');
    } finally {
      names.forEach((name, i) => {
        if (before[i] === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = before[i];
      });
      await own?.close();
      rmSync(moved, { recursive: true });
    }
  });

  it('still finds the user’s tools', async () => {
    const { env } = await evaluationEnvironment(project, []);
    const r = await run('python3 -c "import json, multiprocessing as m; p = m.Pool(2); print(p.map(abs, [-1, -2])); p.close(); p.join()"; node -e "console.log(1)"', { env });
    assert.equal(r.stdout, '[1, 2]\n1\n', r.stderr);
  });

  it('reaches no socket of the host, of either kind', async () => {
    const connect = (where: string): string[] => [process.execPath, '-e', `require("net").connect(${where}).on("connect", () => { console.log("connected"); process.exit(); }).on("error", (e) => { console.log("no"); process.exit(); })`];
    const folder = mkdtempSync(join(process.getuid?.() === 0 ? '/run' : root, 'sigil-test-'));
    const unix = createServer().listen(join(folder, 'socket'));
    const tcp = createServer().listen(0, '127.0.0.1');
    const abstract = createServer().listen('\0sigil-test');
    await Promise.all([unix, tcp, abstract].map((s) => new Promise<void>((resolve) => (s.listening ? resolve() : s.once('listening', resolve)))));
    const port = (tcp.address() as { port: number }).port;
    try {
      for (const where of [JSON.stringify(join(folder, 'socket')), `${port}, "127.0.0.1"`, '"\\0sigil-test"']) {
        const r = await run(connect(where));
        assert.equal(r.stdout, 'no\n', where);
      }
      assert.equal((await run('cat /proc/net/dev')).stdout.trim().split('\n').length, 3);
      assert.equal((await run(connect(`${port}, "127.0.0.1"`), { network: true })).stdout, 'connected\n');
    } finally {
      for (const server of [unix, tcp, abstract]) server.close();
      rmSync(folder, { recursive: true });
    }
  });

  it('allows no remount, no new namespaces, no capabilities, no devices', async () => {
    const r = await run(`mount -o remount,rw,bind / && echo remounted; umount ${project} && echo unmounted; umount /tmp && echo unmounted; unshare -Urm true && echo unshared; `
      + 'mknod /tmp/sda b 8 0 && echo made; grep CapEff /proc/self/status; grep NoNewPrivs /proc/self/status; id -u; test -e /dev/vda && echo disk; kill -9 1; echo end');
    assert.equal(r.stdout, `CapEff:\t0000000000000000\nNoNewPrivs:\t1\n${process.getuid?.() === 0 ? 65534 : String(process.getuid?.())}\nend\n`, r.stderr);
  });

  it('bounds shared memory and the temporary folder', async () => {
    const r = await run('head -c 80000000 /dev/zero > /dev/shm/x; wc -c < /dev/shm/x; for i in 1 2 3 4 5 6; do head -c 60000000 /dev/zero > /tmp/$i; done; du -sm /tmp', { limits: { fileSizeMb: 100, memoryMb: 300 } });
    const [shm, tmp] = r.stdout.trim().split('\n').map((line) => Number.parseInt(line));
    assert.ok(shm !== undefined && shm <= 64 << 20 && tmp !== undefined && tmp <= 257, r.stdout);
  });

  it('ends whatever is left, and counts it', async () => {
    const name = unique();
    for (const measureCpu of [false, true]) {
      const r = await run(`(env -i setsid /bin/sh -c '/bin/sleep 60; : ${name}' >/dev/null 2>&1 &); sleep 60 & echo done`, { measureCpu });
      assert.deepEqual([r.stdout, r.leftBehind], ['done\n', 3]);
      assert.deepEqual(alive(name), []);
    }
    assert.equal((await run('sleep 0.05 & echo done')).leftBehind, 0);
  });

  it('ends what runs too long, uses too much or is aborted, with all descendants', async () => {
    const name = unique();
    const stubborn = `for i in 1 2 3; do env -i /usr/bin/setsid /bin/sh -c 'trap "" TERM HUP INT; /bin/sleep 60; : ${name}' & done; sleep 60`;
    assert.equal((await run(stubborn, { limits: { wallMs: 400 } })).outcome, 'timed-out');
    assert.deepEqual(alive(name), []);
    assert.equal((await run(`${stubborn.replace('sleep 60', 'yes')}; yes ${name}`, { limits: { outputBytes: 100_000 } })).outcome, 'output-limit');
    assert.deepEqual(alive(name), []);
    assert.equal((await run('while :; do :; done', { limits: { cpuSeconds: 1 } })).outcome, 'timed-out');
    const many = 'for i in 1 2 3 4; do python3 -c "x = bytearray(100 << 20); x[::4096] = bytes([1]) * len(x[::4096]); import time; time.sleep(30)" & done; wait';
    assert.equal((await run(many, { env: (await evaluationEnvironment(project, [])).env, limits: { memoryMb: 250 } })).outcome, 'memory-limit');
    const controller = new AbortController();
    const running = sandbox.run(requestIn(checkout, stubborn, { mountAt: project }), controller.signal);
    for (let i = 0; i < 500 && alive(name).length < 3; i++) await new Promise((resolve) => setTimeout(resolve, 20));
    controller.abort();
    assert.equal((await running).outcome, 'aborted');
    assert.deepEqual(alive(name), []);
  });

  it('ends at any moment of its start', async () => {
    const name = unique();
    for (let i = 0; i < 12; i++) {
      const controller = new AbortController();
      const running = sandbox.run(requestIn(checkout, `sleep 60; : ${name}`, { mountAt: project }), controller.signal);
      await new Promise((resolve) => setTimeout(resolve, i));
      controller.abort();
      assert.equal((await running).outcome, 'aborted');
      assert.deepEqual(alive(name), []);
    }
  });

  it('measures CPU time inside, with that of orphans', async () => {
    const burn = 'while (process.cpuUsage().user + process.cpuUsage().system < 3e5); process.on("exit", () => { const u = process.cpuUsage(); console.log((u.user + u.system) / 1000); });';
    const r = await run([process.execPath, '-e', burn], { measureCpu: true });
    const own = Number(r.stdout);
    assert.ok(r.cpuMs !== null && Math.abs(r.cpuMs - own) < 0.1 * own + 10, `${String(r.cpuMs)} against ${own}`);
    writeFileSync(join(checkout, 'burn.js'), burn);
    const hidden = await run(`(setsid ${process.execPath} burn.js > out/log &); while [ ! -s out/log ]; do sleep 0.05; done; sleep 0.1; cat out/log`, { measureCpu: true, writable: ['out'] });
    const burnt = Number(hidden.stdout);
    assert.ok(hidden.cpuMs !== null && hidden.cpuMs > 0.9 * burnt - 20, `${String(hidden.cpuMs)} against ${burnt}`);
  });

  it('says why it did not start', async () => {
    const r = await run('true', { cwd: 'not/there' });
    assert.equal(r.outcome, 'not-started');
    assert.match(r.error ?? '', /bwrap: .*not\/there/);
  });

  it('dies with the runner, whatever its environment says', async () => {
    const name = unique();
    const runners = (): number[] => [...scan()?.values() ?? []].filter((p) => p.ppid === process.pid && alive('runner.js').includes(p.pid)).map((p) => p.pid);
    const others = runners(); // of other suites in this process; pids wrap around, so the highest need not be the newest
    const own = await Sandbox.start(sandbox.containment);
    const [runner = 0] = runners().filter((pid) => !others.includes(pid));
    assert.ok(runner > 0);
    const running = own.run(requestIn(checkout, `env -i /usr/bin/setsid /bin/sh -c 'trap "" TERM; /bin/sleep 60; : ${name}' & sleep 60`, { mountAt: project }), NEVER);
    for (let i = 0; i < 500 && alive(name).length < 2; i++) await new Promise((resolve) => setTimeout(resolve, 20));
    process.kill(runner, 'SIGKILL');
    assert.equal((await running).outcome, 'not-started');
    for (let i = 0; i < 100 && alive(name).length > 0; i++) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(alive(name), []);
    await own.close();
  });

  for (const both of [false, true]) it(`dies with the engine${both ? ' and the runner, when nobody is left to clean up' : ''}`, async () => {
    const name = unique();
    const engine = fork(join(__dirname, 'engine.ts'), ['bubblewrap', checkout, `env -i /usr/bin/setsid /bin/sh -c 'trap "" TERM; /bin/sleep 60; : ${name}' & sleep 60`], { execArgv: ['--import', 'tsx'] });
    const runner = await new Promise<number>((resolve) => engine.once('message', (pid) => { resolve(Number(pid)); }));
    for (let i = 0; i < 500 && alive(name).length < 2; i++) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.ok(alive(name).length >= 2);
    if (both) process.kill(engine.pid ?? 0, 'SIGSTOP');
    if (both) process.kill(runner, 'SIGKILL');
    engine.kill('SIGKILL');
    for (let i = 0; i < 500 && (alive(name).length > 0 || existsSync(`/proc/${runner}`)); i++) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual(alive(name), []);
    assert.equal(existsSync(`/proc/${runner}`), false);
  });
});
