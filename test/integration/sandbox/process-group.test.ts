// Layer 1 on real processes: every limit holds, and nothing is left behind.

import assert from 'node:assert/strict';
import { execFileSync, fork, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runOf, scan } from '../../../src/adapters/sandbox/procfs.ts';
import { liveness } from '../../../src/adapters/sandbox/identity.ts';
import { Sandbox } from '../../../src/adapters/sandbox/runner-client.ts';
import { NEVER, buildRunner, folderFor, requestIn } from './support.ts';

/** Living processes whose command line holds a text. */
const alive = (text: string): number[] => [...scan()?.values() ?? []].filter((p) => !p.zombie && commandOf(p.pid).includes(text)).map((p) => p.pid);

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
  } catch {
    return '';
  }
}

const until = async (condition: () => boolean): Promise<void> => {
  for (let i = 0; i < 500 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 20));
};

describe('process group', function () {
  let sandbox: Sandbox;
  const root = folderFor(this);
  let n = 0;
  /** A text that names the processes of one test. */
  const unique = (): string => `sigil-test-${process.pid}-${n++}`;
  const run = (command: string | readonly string[], change: Parameters<typeof requestIn>[2] = {}, signal = NEVER) => sandbox.run(requestIn(root, command, change), signal);

  before(async () => {
    buildRunner();
    sandbox = await Sandbox.start({ level: 'process-group', bwrap: null, note: null });
  });
  after(() => sandbox.close());

  it('gives back output, code and signal', async () => {
    const r = await run('echo out; echo err >&2; exit 7');
    assert.deepEqual([r.outcome, r.code, r.signal, r.stdout, r.stderr, r.leftBehind, r.error], ['exited', 7, null, 'out\n', 'err\n', 0, null]);
    for (const measureCpu of [false, true]) {
      const killed = await run(['sh', '-c', 'kill -SEGV $$'], { measureCpu });
      assert.deepEqual([killed.outcome, killed.code, killed.signal], ['exited', 139, 'SIGSEGV']);
    }
  });

  it('says why nothing started', async () => {
    const r = await run('true', { root: join(root, 'nowhere') });
    assert.equal(r.outcome, 'not-started');
    assert.match(r.error ?? '', /ENOENT/);
  });

  it('gives exactly the wanted environment, with a private home and temporary folder that are gone afterwards', async () => {
    process.env['SIGIL_TEST_SECRET'] = 'hush';
    const r = await run(['/usr/bin/env'], { env: { PATH: '/usr/bin:/bin', A: 'b' } });
    delete process.env['SIGIL_TEST_SECRET'];
    const env = new Map(r.stdout.trim().split('\n').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
    assert.deepEqual([...env.keys()].filter((k) => !['PWD', 'OLDPWD', 'SHLVL', '_'].includes(k)).sort(), ['A', 'HOME', 'PATH', 'SIGIL_RUN', 'TMPDIR']);
    assert.notEqual(env.get('HOME'), process.env['HOME']);
    assert.equal(existsSync(env.get('HOME') ?? '/'), false);
  });

  it('turns the project’s tools to the checkout', async () => {
    const r = await run('echo $PATH', { mountAt: '/the/project', env: { PATH: '/the/project/node_modules/.bin:/the/projector:/usr/bin:/bin' } });
    assert.equal(r.stdout.trim(), `${root}/node_modules/.bin:/the/projector:/usr/bin:/bin`);
  });

  it('ends what runs too long, TERM-ignoring and forking', async () => {
    const name = unique();
    const r = await run(`trap '' TERM HUP INT; (trap '' TERM; exec -a ${name} sleep 60 || sleep 60) & sh -c 'trap "" TERM; while :; do sleep 1; done' ${name}; echo ${name}`, { limits: { wallMs: 300 } });
    assert.equal(r.outcome, 'timed-out');
    assert.match(r.error ?? '', /longer than 0.3 s/);
    assert.deepEqual(alive(name), []);
  });

  it('limits CPU time of one process and of many together', async () => {
    const one = await run(['sh', '-c', 'while :; do :; done'], { limits: { cpuSeconds: 1 } });
    assert.equal(one.outcome, 'timed-out');
    assert.match(one.error ?? '', /1 s of CPU/);
    // Each child stays below the limit; only their sum is above.
    const name = unique();
    const many = await run(`for i in 1 2 3 4 5 6; do timeout 0.7 sh -c 'while :; do :; done' ${name}; done`, { limits: { cpuSeconds: 1 } });
    assert.equal(many.outcome, 'timed-out');
    assert.deepEqual(alive(name), []);
  });

  it('leaves the program’s own CPU clock as fine as it is outside', async () => {
    const reads = 'import time\nt = [time.process_time_ns() for i in range(20000)]\nprint(len(set(t)))';
    for (const measureCpu of [true, false]) {
      const r = await run(['python3', '-c', reads], { measureCpu });
      assert.ok(Number(r.stdout) > 10_000, `${r.stdout.trim()} of 20000 readings differ`); // a limit of the kernel makes it a handful
    }
  });

  it('limits memory: of one process at once, of many by the watchdog', async () => {
    const greedy = 'x = bytearray(3 << 30); print(len(x))';
    const one = await run(['python3', '-c', greedy], { limits: { memoryMb: 200 } });
    assert.notEqual(one.code, 0);
    assert.match(one.stderr + (one.error ?? ''), /MemoryError|held more than/);
    const many = await run('for i in 1 2 3 4; do python3 -c "x = bytearray(100 << 20); x[::4096] = bytes([1]) * len(x[::4096]); import time; time.sleep(30)" & done; wait', { limits: { memoryMb: 250 } });
    assert.equal(many.outcome, 'memory-limit');
  });

  it('counts shared memory once', async () => {
    const fork = 'import os, time\nx = bytearray(100 << 20)\nx[::4096] = bytes([1]) * len(x[::4096])\nfor i in range(4):\n  if os.fork() == 0:\n    time.sleep(1); os._exit(0)\nfor i in range(4): os.wait()';
    assert.equal((await run(['python3', '-c', fork], { limits: { memoryMb: 250 } })).outcome, 'exited');
  });

  it('limits the size of a file, and writes no core', async () => {
    const r = await run('head -c 5000000 /dev/zero > big; ls; ulimit -c', { limits: { fileSizeMb: 1 } });
    assert.equal(readFileSync(join(root, 'big')).length, 1 << 20);
    assert.match(r.stdout, /\n0\n$/);
    const bash = await run('head -c 5000000 /dev/zero > big2', { limits: { fileSizeMb: 1 }, measureCpu: true });
    assert.equal(readFileSync(join(root, 'big2')).length, 1 << 20, bash.stderr);
  });

  it('ends an output flood and keeps head and tail of what is allowed', async () => {
    const flood = await run('yes', { limits: { outputBytes: 1 << 20 } });
    assert.equal(flood.outcome, 'output-limit');
    const long = await run('echo first; head -c 3000000 /dev/zero | tr "\\0" x; echo; echo last');
    assert.equal(long.outcome, 'exited');
    assert.ok(long.truncated);
    assert.match(long.stdout, /^first\nx+\n\[\d+ bytes left out\]\nx+\nlast\n$/);
    assert.ok(long.stdout.length < 2_200_000);
  });

  it('never hangs on stdin', async () => {
    assert.equal((await run('cat; read x; echo done')).stdout, 'done\n');
  });

  it('does not wait for a grandchild that holds stdout, and counts it', async () => {
    for (const measureCpu of [false, true]) {
      const name = unique();
      const r = await run(`sh -c 'sleep 60; : ${name}' & echo done`, { measureCpu, limits: { wallMs: 30_000 } });
      assert.deepEqual([r.outcome, r.stdout, r.leftBehind], ['exited', 'done\n', 2]);
      assert.deepEqual(alive(name), []);
    }
  });

  it('lets a helper end by itself', async () => {
    assert.equal((await run('sleep 0.05 & echo done')).leftBehind, 0);
  });

  it('kills a bounded fork bomb with a session for each, and double-forked daemons', async () => {
    const name = unique();
    writeFileSync(join(root, 'bomb.sh'), 'trap "" TERM HUP INT\n[ "$1" -gt 0 ] && { setsid sh bomb.sh $(($1-1)) $2 & setsid sh bomb.sh $(($1-1)) $2 & }\nsleep 60; :\n');
    const bomb = await run(`sh bomb.sh 5 ${name}`, { limits: { wallMs: 1500 } });
    assert.equal(bomb.outcome, 'timed-out');
    assert.deepEqual(alive(name), []);
    const daemon = await run(`(setsid sh -c 'sleep 60; : ${name}' >/dev/null 2>&1 &) ; (setsid sh -c '(sleep 61; : ${name}) &' &); exit 0`);
    assert.ok(daemon.leftBehind >= 2, String(daemon.leftBehind));
    assert.deepEqual(alive(name), []);
  });

  it('limits the number of processes', async () => {
    const name = unique();
    const r = await run(`i=0; while [ $i -lt 60 ]; do sh -c 'sleep 60; : ${name}' & i=$((i+1)); done; wait`, { limits: { processes: 30 } });
    assert.equal(r.outcome, 'process-limit');
    assert.deepEqual(alive(name), []);
  });

  it('aborts, before and during', async () => {
    assert.equal((await run('true', {}, AbortSignal.abort())).outcome, 'aborted');
    const name = unique();
    const controller = new AbortController();
    const running = run(`sh -c 'sleep 60; : ${name}'`, {}, controller.signal);
    await until(() => alive(name).length > 0);
    assert.ok(alive(name).length > 0);
    controller.abort();
    assert.equal((await running).outcome, 'aborted');
    assert.deepEqual(alive(name), []);
  });

  it('runs several at a time', async () => {
    const results = await Promise.all([1, 2, 3, 4].map((i) => run(`sleep 0.0${i}; echo ${i}`)));
    assert.deepEqual(results.map((r) => r.stdout), ['1\n', '2\n', '3\n', '4\n']);
  });

  it('measures CPU time as the program itself does', async () => {
    // Two seconds' worth of a loop is not needed: 0.3 s is sixty times the start of Node.
    const burn = 'const t = Date.now(); let x = 0; while (process.cpuUsage().user + process.cpuUsage().system < 4e5) x++; process.on("exit", () => { const u = process.cpuUsage(); console.log((u.user + u.system) / 1000); });';
    const r = await run([process.execPath, '-e', burn], { measureCpu: true });
    const own = Number(r.stdout);
    assert.ok(r.cpuMs !== null && Math.abs(r.cpuMs - own) < 0.1 * own + 10, `${String(r.cpuMs)} against ${own}`);
    assert.equal((await run('true')).cpuMs, null);
    const children = await run(`${process.execPath} -e '${burn}' & ${process.execPath} -e '${burn}'; wait`, { measureCpu: true });
    const both = children.stdout.trim().split('\n').map(Number).reduce((a, b) => a + b);
    assert.ok(children.cpuMs !== null && Math.abs(children.cpuMs - both) < 0.1 * both + 20, `${String(children.cpuMs)} against ${both}`);
  });

  it('keeps its report of CPU time out of the candidate’s reach', async () => {
    const r = await run('for fd in /proc/self/fd/3 /proc/self/fd/4 /proc/$PPID/fd/3; do echo "cpu 0.001 0.001" > $fd && echo forged; done; true', { measureCpu: true });
    assert.deepEqual([r.stdout, r.code], ['', 0]);
    assert.ok(r.cpuMs !== null && r.cpuMs < 1000);
  });

  it('has output that can be opened by name', async () => {
    const r = await run('echo out | tee /dev/stderr > /dev/stdout; echo more > /dev/stdout');
    assert.deepEqual([r.stdout, r.stderr], ['out\nmore\n', 'out\n']);
  });

  it('kills everything when the engine is killed, and the runner ends', async () => {
    const name = unique();
    const engine = fork(join(__dirname, 'engine.ts'), ['process-group', root, `setsid sh -c 'trap "" TERM; sleep 60; : ${name}' & sh -c 'sleep 60; : ${name}'`], { execArgv: ['--import', 'tsx'] });
    const runner = await new Promise<number>((resolve) => engine.once('message', (pid) => { resolve(Number(pid)); }));
    await until(() => alive(name).length >= 2);
    assert.ok(alive(name).length >= 2);
    const runnerStart = scan()?.get(runner)?.start;
    engine.kill('SIGKILL');
    await until(() => alive(name).length === 0 && scan()?.get(runner)?.start !== runnerStart);
    assert.deepEqual(alive(name), []);
    assert.notEqual(scan()?.get(runner)?.start, runnerStart);
  });

  it('survives the death of its runner, and clears up after it', async () => {
    const name = unique();
    const own = await Sandbox.start({ level: 'process-group', bwrap: null, note: null });
    const running = own.run(requestIn(root, `sh -c 'sleep 60; : ${name}'`), NEVER);
    await until(() => alive(name).length > 0);
    const shell = alive(name)[0] ?? 0;
    const runners = [...scan()?.values() ?? []].filter((p) => p.ppid === process.pid && commandOf(p.pid).includes('runner.js')).map((p) => p.pid).sort((a, b) => a - b);
    assert.notEqual(runOf(shell), null);
    process.kill(runners.at(-1) ?? 0, 'SIGKILL');
    const r = await running;
    assert.equal(r.outcome, 'not-started');
    assert.match(r.error ?? '', /runner process ended/);
    assert.deepEqual(alive(name), []);
    assert.equal((await own.run(requestIn(root, 'echo again'), NEVER)).stdout, 'again\n');
    await own.close();
  });

  it('clears up after an engine and a runner that are both dead, and leaves the living alone', async () => {
    const name = unique();
    const dead = spawnSync(process.execPath, ['-e', 'console.log(process.pid)']).stdout.toString().trim();
    const space = /\d+/.exec(execFileSync('readlink', ['/proc/self/ns/pid']).toString())?.[0] ?? '';
    assert.equal(liveness(`${space}.${dead}.1`), 'dead');
    const orphan = (id: string, mark: string): void => { spawnSync('sh', ['-c', `setsid sh -c 'sleep 60; : ${mark}' >/dev/null 2>&1 &`], { env: { ...process.env, SIGIL_RUN: id } }); };
    orphan(`${space}.${dead}.1.0`, `${name}-dead`);
    orphan(`1.${dead}.1.0`, `${name}-foreign`);
    await until(() => alive(name).length >= 2);
    const next = await Sandbox.start({ level: 'process-group', bwrap: null, note: null });
    await next.close();
    assert.deepEqual(alive(`${name}-dead`), []);
    const foreign = alive(`${name}-foreign`);
    assert.ok(foreign.length > 0);
    for (const pid of [...scan()?.values() ?? []].filter((p) => foreign.includes(p.pid) || foreign.includes(p.ppid)).map((p) => p.pid)) process.kill(pid, 'SIGKILL');
  });
});
