// Candidates that cheat, through the real backend and engine: only the proposer is ours, and its answers are written by hand.

import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { chooseLevel, type SandboxWish } from '../../../src/adapters/sandbox/level.ts';
import { tryAll, verdicts } from './by-hand.ts';
import { Desk, ofType, untouchable } from './support.ts';

const levels: readonly SandboxWish[] = ['required', 'none'];
const levelName = (w: SandboxWish): string => (w === 'required' ? 'bubblewrap' : 'a process group');

describe('candidates that cheat', function () {
  this.timeout(240_000);
  let desk: Desk;
  let cache: string | undefined;
  let bubblewrap: boolean;

  before(async () => {
    desk = new Desk();
    cache = process.env['SIGIL_CACHE_DIR'];
    process.env['SIGIL_CACHE_DIR'] = desk.cache;
    bubblewrap = (await chooseLevel('best')).level === 'bubblewrap';
  });
  after(async () => {
    if (cache === undefined) delete process.env['SIGIL_CACHE_DIR'];
    else process.env['SIGIL_CACHE_DIR'] = cache;
    await desk.dispose();
  });

  const COUNT = `version: 1
specs:
  count:
    pins: [work.py]
    gates: [python3 check.py]
    measure: env -u PYTHONDONTWRITEBYTECODE python3 bench.py
    metrics: [{ name: steps, kind: count }]
    objective: minimize steps
`;
  const counting = { 'sigil.yaml': COUNT, 'work.py': 'STEPS = 50\n', 'bench.py': 'import work\nprint("steps: %d" % work.STEPS)\n', 'check.py': 'import work\nassert work.STEPS > 9\n' };

  it('an evaluator that signs its lines is believed for those alone', async () => {
    // The evaluator keeps the nonce from the candidate, which runs in a process of its own without it.
    const sign = 'import os, subprocess, sys\nnonce = os.environ.pop("SIGIL_NONCE")\nout = subprocess.run([sys.executable, "work.py"], capture_output=True, text=True).stdout\nprint(out)\nprint("steps: %d %s" % (len(out.split()), nonce))\n';
    const root = desk.project(null, { 'sigil.yaml': COUNT.replace('env -u PYTHONDONTWRITEBYTECODE python3 bench.py', 'python3 bench.py').replace('    gates: [python3 check.py]\n', ''), 'work.py': 'print("a b c d")\n', 'bench.py': sign });
    const events = await tryAll(root, ['print("steps: 1")\n', 'print("steps: 1 forged a b c d e")\n', 'print("a")\n'], 'best');
    const values = ofType(events, 'proposed').map((p) => ofType(events, 'round').find((r) => r.id === p.id)?.metrics['steps']);
    assert.deepEqual(values, [2, 8, 1]);
  });

  for (const wish of levels) {
    describe(`under ${levelName(wish)}`, () => {
      before(function () {
        if (wish === 'required' && !bubblewrap) this.skip();
      });

      it('each text runs its own code: the same size, within a second, with the bytecode cache on', async () => {
        const root = desk.project(null, counting);
        const texts = [41, 42, 43, 44, 45].map((n) => `STEPS = ${n}\n`);
        const events = await tryAll(root, texts, wish);
        const values = ofType(events, 'proposed').map((p) => ofType(events, 'round').find((r) => r.id === p.id)?.metrics['steps']);
        assert.deepEqual(values, [41, 42, 43, 44, 45]);
        assert.match(verdicts(events)[0] ?? '', /^kept/, 'an honest one is kept');
      });

      it('one that prints the metric itself, or writes over the evaluator, the tests or its own source, is not kept', async () => {
        const root = desk.project(null, counting);
        const before = untouchable(root);
        const overwrite = (file: string, text: string): string => `STEPS = 50\ntry:\n    open(${JSON.stringify(file)}, "w").write(${JSON.stringify(text)})\nexcept OSError:\n    pass\n`;
        const texts = [
          'print("steps: 1")\nSTEPS = 50\n',
          'import atexit\natexit.register(lambda: print("steps: 1"))\nSTEPS = 50\n',
          'import os\nprint("steps: 1\\nsteps: 1", flush=True)\nos._exit(0)\n',
          overwrite('bench.py', 'print("steps: 1")\n'),
          overwrite('check.py', ''),
          overwrite('work.py', 'STEPS = 1\n'),
        ];
        const events = await tryAll(root, texts, wish);
        const got = verdicts(events);
        assert.equal(got.length, texts.length);
        assert.deepEqual(ofType(events, 'promoted'), [], got.join('\n'));
        for (const i of [0, 1, 2]) assert.match(got[i] ?? '', /^(suspicious: .*stands 2 times|blocked)/, String(i));
        assert.deepEqual(untouchable(root), before);
      });

      it('one that uses git in its checkout does not reach the user\'s repository, and no hook runs', async () => {
        const root = desk.project(null, counting);
        const trace = join(desk.folder, `hook-ran-${wish}`);
        for (const hook of ['post-checkout', 'pre-commit', 'post-commit', 'reference-transaction', 'post-index-change']) writeFileSync(join(root, '.git', 'hooks', hook), `#!/bin/sh\ntouch '${trace}'\n`, { mode: 0o755 });
        const before = untouchable(root);
        const shell = (command: string): string => `import os\nos.system(${JSON.stringify(`(${command}) >/dev/null 2>&1`)})\nSTEPS = 40\n`;
        const identity = 'git -c user.name=x -c user.email=x@y';
        const texts = [
          shell(`${identity} commit --allow-empty -am stolen`), shell(`${identity} stash`), shell('git branch taken; git tag taken'), shell('git config --local core.hooksPath /tmp; git update-ref refs/heads/main HEAD~0'),
          shell('rm -rf .git; git init -q .'), shell(`cd '${root}' && ${identity} commit --allow-empty -m stolen`),
        ];
        // Outside of bubblewrap nothing keeps a process out of the project itself: the last is the sandbox's to stop.
        const events = await tryAll(root, wish === 'required' ? texts : texts.slice(0, -1), wish);
        assert.ok(verdicts(events).length >= 5);
        assert.deepEqual(untouchable(root), before);
        assert.ok(!existsSync(trace), 'no hook ran');
      });
    });
  }

  it('one that looks for secrets finds neither variables nor files (bubblewrap)', async function () {
    if (!bubblewrap) this.skip();
    const secret = join(desk.folder, 'secret.txt');
    writeFileSync(secret, 'token');
    process.env['SIGIL_TEST_API_KEY'] = 'token';
    try {
      const root = desk.project(null, counting);
      const found = (test: string): string => `import os\nSTEPS = 40 if ${test} else 50\n`;
      const events = await tryAll(root, [
        found('"SIGIL_TEST_API_KEY" in os.environ'), found(`os.path.exists(${JSON.stringify(secret)})`), found(`any(f in (".ssh", ".aws", ".npmrc", ".netrc", ".gitconfig", ".bash_history", ".cache") for f in os.listdir(${JSON.stringify(homedir())}))`),
        found('len(open("/proc/net/dev").read().splitlines()) > 3'),
      ], 'required');
      assert.deepEqual(verdicts(events).map((v) => v.split(':')[0]), Array<string>(4).fill('discarded'));
    } finally {
      delete process.env['SIGIL_TEST_API_KEY'];
    }
  });

  it('one that lies about its time is found out by the engine\'s own clock', async () => {
    const spec = `version: 1
specs:
  work:
    pins: [work.py]
    measure: python3 bench.py
    metrics: [{ name: time_ms, kind: time }]
    objective: minimize time_ms
`;
    const honest = 'def work():\n    total = 0\n    for i in range(3000000):\n        total += i\n    return total\n';
    const bench = 'import time\nimport work\nstart = time.perf_counter()\nassert work.work() == 4499998500000\nprint("time_ms: %.6f" % (1000 * (time.perf_counter() - start)))\n';
    const root = desk.project(null, { 'sigil.yaml': spec, 'work.py': honest, 'bench.py': bench });
    const texts = [
      // the clock runs slow
      `import time\nreal = time.perf_counter\ntime.perf_counter = lambda: real() / 20\n${honest}`,
      // the printer divides
      `import builtins\nreal = builtins.print\ndef lie(text):\n    real("time_ms: %.6f" % (float(text.split()[1]) / 20))\nbuiltins.print = lie\n${honest}`,
    ];
    const events = await tryAll(root, texts, 'best');
    const got = verdicts(events);
    assert.deepEqual(ofType(events, 'promoted'), [], got.join('\n'));
    assert.ok(got.some((v) => v.startsWith('suspicious: it claims to save')), got.join('\n'));
  });
});
