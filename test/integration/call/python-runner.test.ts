import assert from 'node:assert/strict';
import { compareResults } from '../../../src/adapters/call/compare.ts';
import { calibrate, cleanUp, failure, project, results, target, time } from './run-call.ts';

const exact = { relative: 0, absolute: 0, ordered: true };

/** Results of `f` in m.py on one input of no arguments. */
async function valueOf(source: string, inputs = '[[]]', symbol = 'f') {
  const root = project({ 'm.py': source, 'in.json': inputs });
  return (await results(root, await target('m.py', symbol, { file: 'in.json' }))).results;
}

describe('call eval, Python', function () {
  this.timeout(60_000);
  after(cleanUp);

  it('encodes the values of the language', async () => {
    const [r] = await valueOf(`
import collections, dataclasses, datetime, decimal, enum
@dataclasses.dataclass
class P:
    x: int
    y: float
class S:
    __slots__ = ('a', '__b')
    def __init__(self): self.a = 1; self.__b = 2
class E(enum.Enum): A = 1
N = collections.namedtuple('N', 'p q')
class O: pass
def f():
    loop = []; loop.append(loop)
    return [None, True, 1, -2**53 - 1, 1.5, 2.0, float('nan'), float('-inf'), -0.0, 1e300, 'é\\ud800', b'\\x00\\xff', (1,), {3}, frozenset([4]),
            {(1, 2): 'k'}, collections.Counter('aa'), N(1, 2), P(1, 2.5), S(), E.A, datetime.date(2020, 1, 2), decimal.Decimal('1.10'), 1+2j, range(3),
            ValueError('no'), loop, f, object(), O(), iter([7]), collections.deque([8])]
`);
    assert.deepEqual(r, {
      index: 0, ok: true, mutated: null, input: r?.input,
      value: ['seq', 'list', [
        null, true, 1, ['int', '-0x20000000000001'], 1.5, ['f', 2], ['num', 'NaN'], ['num', '-Infinity'], ['num', '-0'], ['f', 1e300], 'é\ud800', ['bytes', 'bytes', 'AP8='],
        ['seq', 'tuple', [1]], ['set', 'set', [3]], ['set', 'set', [4]], ['map', 'dict', [['seq', 'tuple', [1, 2]], 'k']], ['map', 'dict', ['a', 2]], ['seq', 'tuple', [1, 2]],
        ['obj', 'P', ['x', 1, 'y', 2.5]], ['obj', 'S', ['a', 1, '_S__b', 2]], ['val', 'E', 'A'], ['val', 'date', 'datetime.date(2020, 1, 2)'], ['val', 'Decimal', "Decimal('1.10')"],
        ['seq', 'complex', [['f', 1], ['f', 2]]], ['val', 'range', 'range(0, 3)'], ['err', 'ValueError', 'no'], ['seq', 'list', [['ref', 11]]],
        ['opaque', 'function'], ['opaque', 'object'], ['opaque', 'O'], ['iter', 'iterator', [7]], ['seq', 'deque', [8]],
      ]],
    });
  });

  it('reports exceptions, changed arguments and hashes of inputs', async () => {
    const all = await valueOf('def f(x):\n    x.append(1)\n    return 1 / len(x[0])\n', '[[[[]]], [[[1]]], [[[1]]]]');
    const [a, b, c] = all;
    assert.ok(a && !a.ok && b?.ok && c?.ok);
    assert.deepEqual([a.type, a.message, b.value], ['ZeroDivisionError', 'division by zero', ['f', 1]]);
    assert.deepEqual(b.mutated, ['seq', 'list', [['seq', 'list', [['seq', 'list', [['seq', 'list', [1]], 1]]]], ['map', 'dict', []]]]);
    assert.notEqual(a.input, b.input);
    assert.equal(b.input, c.input);
  });

  it('imports modules of packages, src layouts, namespace folders, and files called like standard modules', async () => {
    const root = project({
      'src/pkg/__init__.py': '', 'src/pkg/base.py': 'K = 2\n', 'src/pkg/sub/__init__.py': '', 'src/pkg/sub/m.py': 'from ..base import K\nfrom pkg.base import K as L\ndef f(x): return x * K * L\n',
      'ns/a.py': 'V = 5\n', 'ns/b.py': 'from .a import V\ndef f(x): return x + V\n',
      'copy.py': 'import helper\ndef f(x): return helper.g(x)\n', 'helper.py': 'def g(x): return -x\n', 'in.json': '[[3]]',
    });
    const value = async (file: string) => (await results(root, await target(file, 'f', { file: 'in.json' }))).results.map((r) => r.ok && r.value);
    assert.deepEqual(await value('src/pkg/sub/m.py'), [12]);
    assert.deepEqual(await value('ns/b.py'), [8]);
    assert.deepEqual(await value('copy.py'), [-3]);
  });

  it('never runs stale bytecode of the pinned file', async () => {
    const { execFileSync } = await import('node:child_process');
    const { utimesSync, writeFileSync } = await import('node:fs');
    const root = project({ 'p/__init__.py': '', 'p/m.py': 'def f(): return 1\n', 'in.json': '[[]]' });
    const t = await target('p/m.py', 'f', { file: 'in.json' });
    const at = new Date(1_600_000_000_000);
    utimesSync(`${root}/p/m.py`, at, at);
    execFileSync(t.interpreter, ['-c', 'import p.m'], { cwd: root, env: {} });
    writeFileSync(`${root}/p/m.py`, 'def f(): return 2\n');
    utimesSync(`${root}/p/m.py`, at, at);
    assert.equal(execFileSync(t.interpreter, ['-c', 'import p.m; print(p.m.f())'], { cwd: root, env: {}, encoding: 'utf8' }).trim(), '1', 'the trap is set');
    assert.deepEqual((await results(root, t)).results.map((r) => r.ok && r.value), [2]);
  });

  it('calls methods of all kinds, with receivers from JSON and from a generator', async () => {
    const source = `
class A:
    def __init__(self, n): self.n = n
    def add(self, x): self.n += x; return self.n
    @staticmethod
    def s(x): return x + 1
    @classmethod
    def c(cls, x): return [cls.__name__, x]
    @property
    def p(self): return self.n * 2
def make(seed):
    yield {'args': [seed], 'this': A(10)}
`;
    const one = async (symbol: string, inputs: string) => { const [r] = await valueOf(source, inputs, symbol); return r?.ok === true ? r.value : r; };
    assert.deepEqual(await one('A.add', '[{"args": [2], "this": {"n": 1}}]'), 3);
    assert.deepEqual(await one('A.s', '[[2]]'), 3);
    assert.deepEqual(await one('A.c', '[[2]]'), ['seq', 'list', ['A', 2]]);
    assert.deepEqual(await one('A.p', '[{"this": {"n": 4}}]'), 8);
    const root = project({ 'm.py': source });
    const answer = await results(root, await target('m.py', 'A.add', { generator: 'm.py:make' }, 7));
    assert.equal(answer.generatedByCandidate, true);
    assert.deepEqual(answer.results.map((r) => r.ok && [r.value, r.mutated]), [[17, ['seq', 'list', [['seq', 'list', [7]], ['map', 'dict', []], ['obj', 'A', ['n', 17]]]]]]);
  });

  it('awaits coroutines and drains generators inside the timed region', async () => {
    const [a] = await valueOf('import asyncio\nasync def f():\n    await asyncio.sleep(0)\n    return 4\n');
    const [b] = await valueOf('async def f():\n    for i in range(3):\n        yield i\n');
    assert.deepEqual([a?.ok && a.value, b?.ok && b.value], [4, ['iter', 'iterator', [0, 1, 2]]]);
    const root = project({ 'm.py': 'def f(n):\n    for i in range(n):\n        sum(range(3000))\n        yield i\n', 'in.json': '[[40]]' });
    const t = await time(root, await target('m.py', 'f', { file: 'in.json' }), { verify: [0] });
    assert.ok(t.passes.every((p) => p.cpuNs > 200_000), 'the work of the body is in the time');
    assert.equal(t.verify.length, 1);
  });

  it('gives the same random numbers each time', async () => {
    const source = 'import random\ndef f(): return random.random()\n';
    assert.deepEqual(await valueOf(source), await valueOf(source));
  });

  it('calibrates loops and sees changed arguments', async () => {
    const root = project({ 'm.py': 'def f(x): x.sort(); return x\ndef g(x): return sorted(x)\n', 'in.json': '[[[3, 1, 2]]]' });
    const f = await calibrate(root, await target('m.py', 'f', { file: 'in.json' }));
    const g = await calibrate(root, await target('m.py', 'g', { file: 'in.json' }));
    assert.deepEqual([f.mutates, g.mutates, f.inputs], [true, false, 1]);
    assert.ok(g.loops > 100 && g.pass.cpuNs * g.loops >= 5e6);
    const t = await time(root, await target('m.py', 'f', { file: 'in.json' }), { mutates: true, loops: 50, verify: [0] });
    assert.deepEqual(t.verify, [{ index: 0, ok: true, value: ['seq', 'list', [1, 2, 3]] }]);
  });

  it('tells what runs the code and what the inputs look like', async () => {
    const root = project({
      'm.py': 'def f(*a, **k): return len(a)\n',
      'gen.py': 'def make(seed):\n    return [{"args": [["a", "b"], 3, {"k": [1]}, None], "kwargs": {"limit": True}}, {"args": [["c"], 5.5, {}, "x"]}, {"args": [[], 10 ** 20, {}, b"yz", (1,)], "kwargs": {"base": 10}}]\n',
    });
    const { runtime, arguments: shapes } = await calibrate(root, await target('m.py', 'f', { generator: 'gen.py:make' }));
    assert.match(runtime, /^Python 3\.\d+\.\d+/);
    assert.deepEqual(shapes, [
      { name: '', types: ['list'], of: ['str'], size: [0, 2] }, { name: '', types: ['float', 'int'] }, { name: '', types: ['dict'], of: ['list'], size: [0, 1] }, { name: '', types: ['NoneType', 'bytes', 'str'] },
      { name: '', types: ['tuple'], of: ['int'], size: [1, 1] }, { name: 'base', types: ['int'], range: [10, 10] }, { name: 'limit', types: ['bool'] },
    ]);
  });

  it('cuts what is too deep, too large or endless', async () => {
    const root = project({ 'm.py': 'import itertools\ndef f(k):\n    if k == 0:\n        x = []\n        for _ in range(3000): x = [x]\n        return x\n    return itertools.count() if k == 1 else list(range(500))\n', 'in.json': '[[0],[1],[2]]' });
    const { results: all } = await results(root, await target('m.py', 'f', { file: 'in.json' }), { depth: 50, nodes: 100, items: 20, bytes: 1e6 });
    const text = all.map((r) => JSON.stringify(r.ok && r.value));
    assert.match(text[0] ?? '', /\["cut","depth"\]/);
    assert.match(text[1] ?? '', /18,19\],true\]$/);
    assert.match(text[2] ?? '', /97,98,\["cut","size"\]\]\]$/);
  });

  it('says in words what is wrong with inputs and functions', async () => {
    const files = {
      'm.py': 'import gone\n', 'ok.py': 'def f(x):\n    def g(): pass\n    return x\nclass C: pass\nK = 3\n', 'syntax.py': 'def f(:\n', 'bad.json': '[[1],\n[2,,3]]', 'bad.jsonl': '[1]\n{oops\n', 'shape.json': '[5]', 'one.json': '[[1]]', 'empty.json': '[]',
      'gen.py': 'def boom(seed): raise KeyError("k")\ndef it(seed): return [[(i for i in [1])]]\n', 'exit.py': 'import sys\nsys.exit(0)\n',
    };
    const root = project(files);
    const why = async (file: string, symbol: string, inputs: Parameters<typeof target>[2]) => { const f = await failure(root, await target(file, symbol, inputs)); return `${f.outcome}: ${f.reason} | ${f.remedy} | ${f.output}`; };
    const one = { file: 'one.json' };
    assert.match(await why('m.py', 'f', one), /^crashed: m.py fails to import: ModuleNotFoundError: No module named 'gone'.*m\.py", line 1/s);
    assert.match(await why('syntax.py', 'f', one), /^crashed: syntax.py fails to import: SyntaxError/);
    assert.match(await why('exit.py', 'f', one), /^crashed: exit.py fails to import: SystemExit/);
    assert.match(await why('ok.py', 'nope', one), /^crashed: ok.py has no nope/);
    assert.match(await why('ok.py', 'f.g', one), /nested inside the function f in ok.py/);
    assert.match(await why('ok.py', 'f.<locals>.g', one), /nested function/);
    assert.match(await why('ok.py', 'C', one), /not a function/);
    assert.match(await why('ok.py', 'f', { file: 'none.json' }), /^infra-error: The inputs file none.json does not exist/);
    assert.match(await why('ok.py', 'f', { file: 'bad.json' }), /^infra-error: bad.json:2 is not JSON/);
    assert.match(await why('ok.py', 'f', { file: 'bad.jsonl' }), /^infra-error: bad.jsonl:2 is not JSON/);
    assert.match(await why('ok.py', 'f', { file: 'shape.json' }), /^infra-error: Input 0 of shape.json is not an array of arguments/);
    assert.match(await why('ok.py', 'f', { file: 'empty.json' }), /^infra-error: There are no inputs/);
    assert.match(await why('ok.py', 'f', { generator: 'gen.py:none' }), /^infra-error: gen.py has no none/);
    assert.match(await why('ok.py', 'f', { generator: 'gen.py:boom' }), /^infra-error: The input generator gen.py:boom failed: KeyError.*gen\.py", line 1/s);
    assert.match(await why('ok.py', 'f', { generator: 'gen.py:it' }), /^infra-error: Input 0 cannot be copied: TypeError: cannot pickle/);
    assert.match(await why('ok.py', 'f', { generator: 'gone.py:it' }), /^infra-error: gone.py does not exist/);
    assert.match(await why('gone.py', 'f', one), /^infra-error: gone.py does not exist/);
  });

  it('compares a rewrite that keeps its results and one that does not', async () => {
    const base = await valueOf('def f(x): return {"m": (x[0] + x[1] + x[2]) / len(x), "s": set(x)}\n', '[[[1, 2, 4]], [[0.1, 0.2, 0.3]]]');
    const same = await valueOf('import math\nimport collections\ndef f(x): return collections.OrderedDict(s=frozenset(reversed(x)), m=math.fsum(x) / len(x))\n', '[[[1, 2, 4]], [[0.1, 0.2, 0.3]]]');
    const other = await valueOf('def f(x): return {"m": sum(x) // len(x), "s": set(x)}\n', '[[[1, 2, 4]], [[0.1, 0.2, 0.3]]]');
    assert.equal(compareResults(base, same, { ...exact, relative: 1e-9 }).difference, null);
    assert.match(compareResults(base, same, exact).difference ?? '', /^input 1: expected 0\.2\d*, got 0\.\d+ at \["m"\]$/);
    assert.match(compareResults(base, other, { ...exact, relative: 1e-9 }).difference ?? '', /^input 0: expected 2\.33\d*, got 2 at \["m"\]$/);
  });
});
