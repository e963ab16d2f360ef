// Candidates that cheat: what they try, and what becomes of it.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { baselineProblem } from '../../../src/adapters/call/call-eval.ts';
import { compareResults, compareTimed } from '../../../src/adapters/call/compare.ts';
import { cleanUp, failure, project, results, run, target, time } from './run-call.ts';

const exact = { relative: 0, absolute: 0, ordered: true };
const inputs = { file: 'in.json' };
const PY = 'def f(x):\n    return sum(i * i for i in range(x))\n';
const JS = 'function f(x) { let s = 0; for (let i = 0; i < x; i++) s += Math.sqrt(i); return s; }\n';
const IN = '[[20000], [30000]]';

describe('call eval, against candidates that cheat', function () {
  this.timeout(60_000);
  after(cleanUp);

  const clocks: readonly (readonly [string, string, string])[] = [
    ['m.py', PY, 'import time, os\nfor n in dir(time):\n    if "time" in n or "counter" in n or "monotonic" in n: setattr(time, n, lambda *a: 0)\n'],
    ['m.js', JS, 'process.cpuUsage = () => ({ user: 0, system: 0 }); process.hrtime.bigint = () => 0n; performance.now = Date.now = () => 0; globalThis.BigInt = globalThis.Number = () => 0;\n'],
  ];
  for (const [file, honest, patch] of clocks)
    it(`${file}: replaced clocks do not shorten the time`, async () => {
      const t = await time(project({ [file]: patch + honest, 'in.json': IN }), await target(file, 'f', inputs));
      for (const p of [t.cold, ...t.passes]) assert.ok(p.cpuNs > 20_000 && p.wallNs > 20_000, JSON.stringify(p));
    });

  it('Python: replaced builtins and modules change no result and see no secret', async () => {
    const patch = `
import builtins, json, os, copy, hashlib, gc, sys, traceback, random, itertools
LEAK = os.path.join(os.getcwd(), 'leak')
def watch(name, old):
    def spy(*a, **k):
        try:
            if any(type(x) in (str, bytes) and 'nonce' in str(x) for x in a): old_open(LEAK, 'w').close()
        except Exception: pass
        return 0
    return spy
old_open = open
any = any; type = type; str = str
for m, names in ((json, 'dumps loads'), (os, 'write lseek ftruncate open _exit'), (copy, 'deepcopy'), (hashlib, 'sha256'), (gc, 'collect'), (traceback, 'format_list')):
    for n in names.split(): setattr(m, n, watch(n, getattr(m, n)))
json.encoder.encode_basestring_ascii = watch('e', None)
for n in 'len isinstance id iter next repr getattr hasattr map set dict list sorted bytes min'.split(): setattr(builtins, n, watch(n, getattr(builtins, n)))
`;
    const body = 'def f(x):\n    y = [x]\n    y.append({"k": x})\n    return y\n';
    const honest = project({ 'm.py': body, 'in.json': IN });
    const cheat = project({ 'm.py': patch + body, 'in.json': IN });
    const t = await target('m.py', 'f', inputs);
    assert.deepEqual((await results(cheat, t)).results, (await results(honest, t)).results);
    assert.equal(existsSync(join(cheat, 'leak')), false);
    assert.equal((await time(cheat, t)).passes.length, 3);
  });

  it('JavaScript: replaced prototypes and globals change no result and see no secret', async () => {
    const patch = `
const fs = require('node:fs');
const { writeFileSync, existsSync } = fs; const leak = require('node:path').join(process.cwd(), 'leak'); const { toString } = Object.prototype; const S = String; const index = ''.indexOf;
const old = Reflect.apply;
const watch = (f) => function (...a) { for (let i = 0; i < a.length; i++) if ((typeof a[i] === 'string' || a[i] instanceof Uint8Array) && old(index, S(a[i]), ['"nonce"']) >= 0) writeFileSync(leak, 'x'); return 0; };
for (const o of [fs, process, require('node:crypto'), require('node:v8'), require('node:vm')]) for (const k of ['writeSync', 'openSync', 'ftruncateSync', 'reallyExit', 'createHash', 'memoryUsage']) if (k in o) o[k] = watch();
Object.defineProperty(Object.prototype, 'toJSON', { value: watch(), configurable: true });
JSON.stringify = JSON.parse = watch(); globalThis.structuredClone = watch(); Object.keys = Object.create = watch();
for (const k of ['apply', 'ownKeys', 'getPrototypeOf', 'get']) Reflect[k] = watch();
for (const P of [Map, Set, Array, String, Buffer]) for (const k of ['get', 'set', 'has', 'add', 'forEach', 'push', 'pop', 'join', 'concat', 'slice', 'toString', 'write', 'utf8Write']) if (k in P.prototype) P.prototype[k] = watch();
Buffer.from = watch(); Function.prototype.call = Function.prototype.apply = Function.prototype.bind = watch();
Array.prototype[Symbol.iterator] = watch(); Array.isArray = () => true; Number.isFinite = () => false;
`;
    const body = 'function f(x) { return [new Map([[1, x]]), { k: [x, "s"], m: new Set([x]) }]; }\n'.replace('new Map([[1, x]])', 'MAP').replace('new Set([x])', 'SET');
    // The function itself must not need what it broke.
    const made = 'const MAP = new Map([[1, 2]]), SET = new Set([3]);\n';
    const honest = project({ 'm.js': made + body, 'in.json': IN });
    const cheat = project({ 'm.js': made + patch + body, 'in.json': IN });
    const t = await target('m.js', 'f', inputs);
    assert.deepEqual((await results(cheat, t)).results, (await results(honest, t)).results);
    assert.equal(existsSync(join(cheat, 'leak')), false);
    assert.equal((await time(cheat, t)).passes.length, 3);
  });

  it('a process that is ended from within is a crash, with where it happened', async () => {
    const root = project({
      'load.py': 'import os\nos._exit(0)\n', 'call.py': 'import os\ndef f(x): os._exit(0)\n', 'load.js': 'process.exit(0);\n', 'call.js': 'function f() { process.exit(0); }\n', 'late.js': 'setImmediate(() => { throw new Error("stray"); });\nasync function f() { await new Promise((r) => setTimeout(r, 500)); }\n', 'in.json': IN,
    });
    for (const [file, stage] of [['load.py', 'load'], ['call.py', 'call'], ['load.js', 'load'], ['call.js', 'call'], ['late.js', 'call']] as const) {
      const f = await failure(root, await target(file, 'f', inputs));
      assert.deepEqual([f.outcome, f.stage], ['crashed', stage], file);
    }
  });

  it('the request is gone before the candidate looks, and forged or removed answers are suspicious', async () => {
    const forged = '{"v":1,"nonce":"0","mode":"time","loops":1,"cold":{"cpuNs":1,"wallNs":1},"passes":[],"verify":[]}';
    const find = `
import glob, os, sys
folder = os.path.dirname(open('/proc/self/cmdline').read().split('\\0')[-2])
print('${forged}')
`;
    const root = project({
      'write.py': `${find}for p in glob.glob(folder + '/*'):\n    os.unlink(p)\n    open(p, 'w').write('${forged}')\ndef f(x): return x\n`,
      'garble.py': `${find}for p in glob.glob(folder + '/*'): open(p, 'w').write('nonsense')\nos._exit(0)\n`,
      'remove.py': `${find}for p in glob.glob(folder + '/*'): os.unlink(p)\nos._exit(0)\n`,
      'early.py': `${find}for p in glob.glob(folder + '/*'): open(p, 'w').write('${forged}')\ndef f(x): return x\n`,
      'see.py': `${find}def f(x): return [len(os.listdir(folder)), len(sys.argv), [p for p in glob.glob(folder + '/q*')]]\n`,
      'in.json': IN,
    });
    for (const file of ['write.py', 'garble.py', 'remove.py']) assert.equal((await failure(root, await target(file, 'f', inputs))).outcome, 'suspicious', file);
    assert.deepEqual((await results(root, await target('early.py', 'f', inputs))).results.map((r) => r.ok && r.value), [20000, 30000], 'the runner answers over what was written before');
    assert.deepEqual((await results(root, await target('see.py', 'f', inputs))).results.map((r) => r.ok && r.value)[0], ['seq', 'list', [1, 1, ['seq', 'list', []]]]);
  });

  it('threads, exit handlers and servers that are left do not delay or change the answer', async () => {
    const root = project({
      'm.py': 'import threading, atexit, time\natexit.register(lambda: time.sleep(60))\nthreading.Thread(target=lambda: time.sleep(60)).start()\ndef f(x): return x\n',
      'm.js': 'require("node:net").createServer().listen(0); process.on("exit", () => { for (;;); });\nfunction f(x) { return x; }\n', 'in.json': IN,
    });
    for (const file of ['m.py', 'm.js']) {
      const r = await run(root, await target(file, 'f', inputs), { mode: 'results', indices: [1] });
      assert.deepEqual([r.parsed.ok, r.code], [true, 0], file);
    }
  });

  it('a function that works only until it is timed is found out by the results of timed calls', async () => {
    const lazyPy = 'n = 0\ndef f(x):\n    global n\n    n += 1\n    return sum(i * i for i in range(x)) if n <= 4 else 0\n';
    const lazyJs = 'let n = 0;\nfunction f(x) { n++; let s = 0; if (n > 4) return 0; for (let i = 0; i < x; i++) s += Math.sqrt(i); return s; }\n';
    for (const [file, honest, lazy] of [['m.py', PY, lazyPy], ['m.js', JS, lazyJs]] as const) {
      const t = await target(file, 'f', inputs);
      const good = project({ [file]: honest, 'in.json': IN });
      const bad = project({ [file]: lazy, 'in.json': IN });
      const baseline = (await results(good, t)).results;
      assert.equal(compareResults(baseline, (await results(bad, t)).results, exact).difference, null);
      assert.match(compareTimed(baseline, (await time(bad, t, { verify: [0, 1] })).verify, exact) ?? '', /^input 0, in a timed call: expected .*, got 0/);
      assert.equal(compareTimed(baseline, (await time(good, t, { verify: [0, 1] })).verify, exact), null);
    }
  });

  it('a candidate that changes the inputs of a generator in its own file is found out', async () => {
    const base = 'def gen(seed): return [[seed + 10]]\ndef f(x): return 1\n';
    const t = await target('m.py', 'f', { generator: 'm.py:gen' });
    const a = await results(project({ 'm.py': base }), t);
    const b = await results(project({ 'm.py': `${base}def gen(seed): return [[0]]\n` }), t);
    assert.match(compareResults(a.results, b.results, exact).difference ?? '', /^input 0: it is not the input that the baseline got/);
  });

  it('results that differ from run to run, or that always raise, are named before a search starts', async () => {
    const root = project({ 'm.py': 'import os\ndef f(x): return os.urandom(8)\n', 'raise.py': 'def f(): return 1\n', 'in.json': IN });
    const twice = async (file: string) => { const t = await target(file, 'f', inputs); return baselineProblem(await results(root, t), await results(root, t), exact)?.reason ?? ''; };
    assert.match(await twice('m.py'), /^The unchanged function gives other results the second time \(input 0: expected bytes of 8 bytes/);
    assert.match(await twice('raise.py'), /^Every input makes the function raise TypeError: f\(\) takes 0 positional/);
  });

  it('NaN, exceptions and changed arguments in place of results are differences', async () => {
    const t = await target('m.py', 'f', { file: 'list.json' });
    const of = async (body: string) => (await results(project({ 'm.py': `def f(x):\n    ${body}\n`, 'list.json': '[[[1.5, 2.5]]]' }), t)).results;
    const base = await of('return sum(x)');
    assert.match(compareResults(base, await of('return float("nan")'), exact).difference ?? '', /expected 4.0, got NaN/);
    assert.match(compareResults(base, await of('raise ValueError("no")'), exact).difference ?? '', /got the exception ValueError: no/);
    assert.match(compareResults(base, await of('return x.pop() + x.pop()'), exact).difference ?? '', /the arguments are changed/);
  });
});
