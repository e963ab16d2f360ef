// Saying how to measure a function: what a project is seen to have, what is guessed, and what is written into sigil.yaml.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseSpecs } from '../../../src/adapters/spec/load.ts';
import { printedMetric, readFacts } from '../../../src/cli/marking/facts.ts';
import { guessArgument, kindOfType } from '../../../src/cli/marking/guess.ts';
import { benchmarkScaffold, goCommands, inputsScaffold } from '../../../src/cli/marking/scaffold.ts';
import { parametersOf } from '../../../src/cli/marking/signature.ts';
import { addSpec } from '../../../src/cli/marking/spec-text.ts';
import { automatic, setupFor, waysFor } from '../../../src/cli/marking/ways.ts';
import { UserError } from '../../../src/core/errors.ts';
import type { Language, Pin } from '../../../src/core/pin.ts';

const pin = (language: Language, signature: string, symbol = 'f', file = `src/a.${language}`): Pin =>
  ({ id: `${file}#${symbol}`, file, kind: 'function', language, symbol, signature, range: { start: 0, end: 0, startLine: 1, endLine: 1 }, options: {} });

describe('a function\'s head', () => {
  const names = (signature: string, language: 'python' | 'javascript'): unknown => parametersOf(signature, language)?.map((p) => [p.name, p.type, ...(p.optional ? ['optional'] : []), ...(p.keyword ? ['keyword'] : [])]);

  it('Python: types, defaults, receivers, stars', () => {
    assert.deepEqual(names('def f(self, a: dict[str, list[int]], b="x, y", *args, c, d: int = 3, **kw) -> str', 'python'),
      [['a', 'dict[str, list[int]]'], ['b', '', 'optional'], ['c', '', 'keyword'], ['d', 'int', 'optional', 'keyword']]);
    assert.deepEqual(names('async def f(x, /, y)', 'python'), [['x', ''], ['y', '']]);
    assert.deepEqual(names('def f()', 'python'), []);
  });

  it('JavaScript and TypeScript: generics, arrows, functions as types, destructuring', () => {
    assert.deepEqual(names('export async function f<T extends (x: number) => void>(rows: readonly T[], by: (a: T, b: T) => number, n = 3, m?: string, ...rest: T[]): T', 'javascript'),
      [['rows', 'readonly T[]'], ['by', '(a: T, b: T) => number'], ['n', '', 'optional'], ['m', 'string', 'optional']]);
    assert.deepEqual(names('const f = x', 'javascript'), [['x', '']]);
    assert.deepEqual(names('f({ a, b = 1 }: Props, k: "(" | ")")', 'javascript'), [['options', 'Props'], ['k', '"(" | ")"']]);
    assert.equal(names('const f', 'javascript'), undefined);
  });

  it('types become values, and unknown ones do not', () => {
    const python = (type: string): string | null => kindOfType(type, 'python');
    assert.deepEqual(['List[int]', 'Optional[str]', 'int | None', 'Sequence[list[float]]', 'dict[str, list[int]]', 'Order', 'list[Order]', '"str"', 'dict[int, int]'].map(python),
      ['list of int', 'str', 'int', 'list of list of float', 'dict of str to list of int', null, null, 'str', null]);
    const script = (type: string): string | null => kindOfType(type, 'javascript');
    assert.deepEqual(['readonly string[]', 'Array<number>', 'Map<string, number[]>', 'number | undefined', '"a" | "b"', 'Order[]', 'ReadonlySet<string>'].map(script),
      ['list of str', 'list of int', 'map of str to list of int', 'int', 'literal "a"', null, 'set of str']);
    assert.equal(guessArgument({ name: 'order', type: '', optional: false, keyword: false }, 'python'), null);
  });
});

describe('inputs to fill in', () => {
  it('run as they are where all is guessed, and say what is missing where not', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sigil-inputs-'));
    const run = (program: string, ...args: string[]): { status: number | null; out: string } => {
      const r = spawnSync(program, args, { cwd: folder, encoding: 'utf8' });
      return { status: r.status, out: r.stdout + r.stderr };
    };
    try {
      const py = inputsScaffold(pin('python', 'def f(a: dict[str, list[int]], text, n: float, k: set[str], *, flag: bool)'));
      assert.equal(py.unfinished, false);
      writeFileSync(join(folder, 'i.py'), py.text);
      assert.deepEqual(run('python3', '-c', 'import i; c = i.make(1); print(len(c), len(c[2]["args"][0]) > 50, type(c[0]["kwargs"]["flag"]).__name__, c == i.make(1))'), { status: 0, out: '8 True bool True\n' });
      const open = inputsScaffold(pin('python', 'def f(self, order)', 'Shop.f'));
      assert.equal(open.unfinished, true);
      writeFileSync(join(folder, 'o.py'), open.text);
      assert.match(run('python3', '-c', 'import o; o.make(1)').out, /NotImplementedError: fill in order, in bench\/inputs_Shop_f\.py/);
      const js = inputsScaffold(pin('javascript', 'function f(items, text, grid)'));
      writeFileSync(join(folder, 'i.mjs'), js.text);
      assert.deepEqual(run('node', '-e', 'import("./i.mjs").then(({ make }) => console.log(make(1).length, make(1)[2][0].length, JSON.stringify(make(1)) === JSON.stringify(make(1))))'), { status: 0, out: '8 100 true\n' });
      assert.match(inputsScaffold(pin('typescript', 'export function f(a: Order)')).text, /fillIn\("a"\), \/\/ a: Order/);
      assert.match(inputsScaffold(pin('typescript', 'f(a: number)', 'Shop.f')).text, /this: fillIn\("the object that Shop\.f is called on"\)/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('a C benchmark does not compile before it is filled in, and prints a time after', function () {
    this.timeout(30_000);
    const folder = mkdtempSync(join(tmpdir(), 'sigil-bench-'));
    try {
      mkdirSync(join(folder, 'bench'));
      writeFileSync(join(folder, 'a.c'), 'double f(int n) { double s = 0; for (int i = 0; i < n; i++) s += i * 0.5; return s; }\n');
      const b = benchmarkScaffold(pin('c', 'double f(int n)', 'f', 'a.c'), '', null);
      assert.ok(b);
      writeFileSync(join(folder, b.file), b.text);
      const refused = spawnSync('sh', ['-c', b.build ?? ''], { cwd: folder, encoding: 'utf8' });
      assert.match(refused.stderr, /FILL IN bench\/f_bench\.c/);
      writeFileSync(join(folder, b.file), b.text.replace(/#error.*/, 'for (int i = 0; i < 1000; i++) sink = f(1000);'));
      const r = spawnSync('sh', ['-c', `${b.build ?? ''} && ${b.measure}`], { cwd: folder, encoding: 'utf8' });
      assert.match(r.stdout, /^time_ms: [\d.]+\n$/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('other languages get a benchmark where one can be made', () => {
    assert.equal(benchmarkScaffold(pin('rust', 'fn f()'), '', null), null);
    assert.match(benchmarkScaffold(pin('rust', 'fn f()'), '', 'my_crate')?.text ?? '', /my_crate::f/);
    assert.match(benchmarkScaffold(pin('java', 'int f()', 'A.f', 'src/org/x/A.java'), 'package org.x;\nclass A {}', null)?.build ?? '', /-sourcepath src /);
    const go = benchmarkScaffold(pin('go', 'func f()', 'f', 'pkg/a.go'), 'package shapes\n', null);
    assert.match(go?.text ?? '', /^package shapes\n[^]*func BenchmarkSigilF\(/);
    assert.equal(goCommands('a/b', 'BenchmarkX').measure, "cd a/b && ../../build/bench.test -test.run '^$' -test.bench '^BenchmarkX$'");
  });
});

describe('what a project has', () => {
  const facts = (files: Readonly<Record<string, string>>, file: string, language: Language): ReturnType<typeof readFacts> => {
    const root = mkdtempSync(join(tmpdir(), 'sigil-facts-'));
    try {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(root, name)), { recursive: true });
        writeFileSync(join(root, name), text);
      }
      return readFacts(root, file, language);
    } finally {
      rmSync(root, { recursive: true });
    }
  };
  const gates = (files: Readonly<Record<string, string>>, file: string, language: Language): readonly string[] => facts(files, file, language).tests.map((t) => t.command);

  it('recognises tests', () => {
    assert.deepEqual(gates({ 'tests/test_a.py': '', 'requirements-dev.txt': 'pytest==8' }, 'src/a.py', 'python'), ['python3 -m pytest -q -p no:cacheprovider']);
    assert.deepEqual(gates({ 'tests/test_a.py': 'import unittest' }, 'src/a.py', 'python'), ['python3 -m unittest discover -q -s tests -t .']);
    assert.deepEqual(gates({ 'pyproject.toml': '[tool.pytest]' }, 'a.py', 'python'), [], 'no tests to run');
    const npm = (json: object): readonly string[] => gates({ 'package.json': JSON.stringify(json) }, 'src/a.ts', 'typescript');
    assert.deepEqual(npm({ devDependencies: { vitest: '3' }, scripts: { test: 'vitest' } }), ['vitest run']);
    assert.deepEqual(npm({ devDependencies: { mocha: '11' }, scripts: { test: 'mocha --require tsx' } }), ['mocha --require tsx']);
    assert.deepEqual(npm({ devDependencies: { mocha: '11' }, scripts: { test: 'npm run build && mocha' } }), ['mocha']);
    assert.deepEqual(npm({ scripts: { test: 'node --test' } }), ['npm test --silent']);
    assert.deepEqual(npm({ scripts: { test: 'echo "Error: no test specified" && exit 1' } }), []);
    assert.deepEqual(gates({ 'packages/a b/package.json': '{"scripts":{"test":"tap"}}', 'package.json': '{}' }, 'packages/a b/src/x.js', 'javascript'), ["cd 'packages/a b' && npm test --silent"]);
    assert.deepEqual(gates({ 'go.mod': '', 'p/a_test.go': 'func TestA(t *testing.T) {}' }, 'p/a.go', 'go'), ['cd p && go test -count=1 .']);
    assert.deepEqual(gates({ 'Cargo.toml': '[package]\nname = "x-y"' }, 'src/lib.rs', 'rust'), ['cargo test --offline --quiet']);
    assert.deepEqual(gates({ 'package.json': 'no json' }, 'a.js', 'javascript'), []);
  });

  it('recognises benchmarks and what they print', () => {
    const f = facts({ 'evaluate.py': 'print(f"speedup: {a / b:.2f}")', 'bench/bench.js': 'console.log("time_ms:", t)', 'package.json': '{"scripts":{"bench":"node bench/bench.js","build":"x"}}' }, 'src/a.js', 'javascript');
    assert.deepEqual(f.scripts.map((s) => [s.command, s.metric]), [['python3 evaluate.py', 'speedup'], ['node bench/bench.js', 'time_ms']]);
    assert.deepEqual(f.packageBenches.map((b) => [b.command, b.metric]), [['npm run --silent bench', 'time_ms']]);
    assert.deepEqual(facts({ 'go.mod': '', 'a_test.go': 'func BenchmarkSum(b *testing.B) {' }, 'a.go', 'go').goBenches, [{ name: 'BenchmarkSum', folder: '' }]);
    assert.deepEqual(facts({ 'Cargo.toml': '[package]\nname = "x-y"\n[[bench]]\nname = "sum"', 'src/lib.rs': '' }, 'src/lib.rs', 'rust'), { ...f, tests: [{ name: 'cargo test', command: 'cargo test --offline --quiet' }], packageBenches: [], scripts: [], cargoBenches: [{ name: 'sum', folder: '' }], crate: 'x_y' });
    assert.equal(printedMetric('printf("score = %f\\n", s);'), 'score');
    assert.equal(printedMetric('print("hello world")'), null);
  });

  it('chooses what needs least of the user', () => {
    const ways = (files: Readonly<Record<string, string>>, p: Pin): ReturnType<typeof waysFor> => waysFor(p, '', facts(files, p.file, p.language as Language));
    const chosen = (files: Readonly<Record<string, string>>, p: Pin): string | undefined => automatic(ways(files, p))?.id;
    const py = pin('python', 'def f(n)');
    assert.equal(chosen({}, py), 'call');
    assert.equal(chosen({ 'evaluate.py': 'print("speedup: %f" % x)' }, py), 'file:evaluate.py');
    assert.equal(chosen({ 'bench.py': 'run()' }, py), 'call', 'a script that prints nothing known is not chosen before the call eval');
    assert.equal(chosen({}, pin('python', 'def f(n)', 'f~2')), undefined, 'two of one name cannot be called');
    assert.equal(chosen({}, pin('c', 'int f(int n)')), 'benchmark');
    assert.equal(chosen({ 'go.mod': '', 'src/a_test.go': 'func BenchmarkF(b *testing.B) {' }, pin('go', 'func f()')), 'go:BenchmarkF');
  });

  it('every way makes a spec that can be read', () => {
    const files = { 'go.mod': '', 'src/a_test.go': 'func BenchmarkF(b *testing.B) {', 'Cargo.toml': '[package]\nname="x"\n[[bench]]\nname = "sum"', 'src/lib.rs': '', 'bench.py': '', 'package.json': '{"scripts":{"bench":"x","test":"y"}}', 'tests/test_a.py': 'def test_a(): pass' };
    for (const language of ['python', 'javascript', 'typescript', 'go', 'rust', 'c', 'cpp', 'java'] as const) {
      const p = pin(language, 'f(a)');
      const known = facts(files, p.file, language);
      for (const way of waysFor(p, 'package p', known)) {
        const { entry } = setupFor(way, { command: 'make bench', metric: way.asks.includes('metric') ? 'ops_per_s' : undefined }, p, 'package p', known);
        const spec = parseSpecs(addSpec(null, 'x', entry)).specs.get('x');
        assert.deepEqual(spec?.pins, [p.id], way.id);
        if (way.asks.includes('metric')) assert.deepEqual([spec.objective.direction, spec.metrics[0]?.kind], ['maximize', 'rate']);
      }
    }
    const known = facts({}, 'a.py', 'python');
    const command = waysFor(pin('python', 'def f()'), '', known).find((w) => w.id === 'command');
    assert.ok(command);
    assert.throws(() => setupFor(command, {}, pin('python', ''), '', known), (e) => e instanceof UserError && /needs a command/.test(e.message));
    assert.throws(() => setupFor(command, { command: 'x' }, pin('python', ''), '', known), /name of the number/);
    assert.throws(() => setupFor(command, { command: 'x', metric: 'a b' }, pin('python', ''), '', known), /cannot be a metric's name/);
  });

  it('reads the times of criterion and libtest', () => {
    const known = facts({ 'Cargo.toml': '[[bench]]\nname = "sum"' }, 'src/a.rs', 'rust');
    const p = pin('rust', 'fn f()');
    const way = waysFor(p, '', known).find((w) => w.id === 'cargo:sum');
    assert.ok(way);
    const spec = parseSpecs(addSpec(null, 'x', setupFor(way, {}, p, '', known).entry)).specs.get('x');
    const source = spec?.metrics[0]?.source;
    assert.ok(source?.from === 'parse');
    const folder = mkdtempSync(join(tmpdir(), 'sigil-awk-'));
    const times = (output: string): string => {
      writeFileSync(join(folder, 'out'), output);
      return spawnSync('sh', ['-c', source.command], { encoding: 'utf8', env: { ...process.env, SIGIL_OUTPUT: join(folder, 'out') } }).stdout.trim();
    };
    assert.equal(times('sum    time:   [1.10 µs 1.25 µs 1.40 µs]\n       change: [-1% +1% +2%]\n'), '1250');
    assert.equal(times('a  time: [1 ms 2.5 ms 3 ms]\nb  time: [7.0 ns 8.0 ns 9.0 ns]\n'), '2500008');
    assert.equal(times('test bench_sum ... bench:       1,234.5 ns/iter (+/- 12)\n'), '1234.5');
    assert.equal(times('nothing\n'), '');
    rmSync(folder, { recursive: true });
  });
});

describe('adding a spec to sigil.yaml', () => {
  const entry = { pins: ['b.py#g'], measure: 'python3 b.py', metrics: [{ name: 'time_ms' }] };
  const lines = (indent: string): string => [`${indent}b:`, `${indent}${indent}pins:`, `${indent}${indent}${indent}- b.py#g`, `${indent}${indent}measure: python3 b.py`, `${indent}${indent}metrics:`, `${indent}${indent}${indent}- { name: time_ms }`, ''].join('\n');
  const OLD = '# mine\nversion: 1\nspecs:\n  a: # first\n    pins: [a.py]\n    measure:   "x"  # odd   spacing\n    metrics: [{ name: t }]';

  it('changes nothing else', () => {
    assert.equal(addSpec(`${OLD}\n`, 'b', entry), `${OLD}\n${lines('  ')}`);
    assert.equal(addSpec(OLD, 'b', entry), `${OLD}\n${lines('  ')}`, 'without a line ending at the end');
    assert.equal(addSpec(`${OLD} # end\n\n# behind\n`, 'b', entry), `${OLD} # end\n${lines('  ')}\n# behind\n`);
    assert.equal(addSpec(`${OLD}\n$schema: x\n`, 'b', entry), `${OLD}\n${lines('  ')}$schema: x\n`, 'keys behind the specs');
    assert.equal(addSpec(`${OLD}\n`.replaceAll('\n', '\r\n'), 'b', entry), `${OLD}\n${lines('  ')}`.replaceAll('\n', '\r\n'));
    const four = 'version: 1\nspecs:\n    a:\n        pins: [a.py]\n        measure: x\n        metrics: [{ name: t }]\n';
    assert.equal(addSpec(four, 'b', entry), four + lines('    '));
  });

  it('begins where there is nothing yet', () => {
    for (const text of [null, '', '\n', 'version: 1\n', 'version: 1\nspecs:\n', 'version: 1\nspecs: {}\n', 'version: 1\nspecs: {} # none\n', 'specs:\nversion: 1\n', '# only words\n', 'version: 1\nspecs: { a: { pins: [a.py], measure: x, metrics: [{ name: t }] } } # braces\n']) {
      const added = addSpec(text, 'b', entry);
      assert.deepEqual(parseSpecs(added).specs.get('b')?.pins, ['b.py#g'], added);
      for (const comment of text?.match(/# .*/g) ?? []) assert.ok(added.includes(comment), added);
    }
  });

  it('refuses broken YAML and a name that is taken', () => {
    assert.throws(() => addSpec('version: [', 'b', entry), (e) => e instanceof UserError && /sigil\.yaml/.test(e.message));
    assert.throws(() => addSpec(OLD, 'a', entry), /has a spec "a" already/);
  });

  it('writes texts so that they are read back', () => {
    for (const text of ['a b', 'a: b', 'x #y', '5m', 'true', '{', "it's", '"q"', 'a,b', '-x', 'cd a && b', 'ends:', 'é', '.5', '~', '*a'])
      assert.deepEqual(parseSpecs(addSpec(null, 'b', { ...entry, measure: { name: text, command: text }, env: [] })).specs.get('b')?.measure?.command, text);
  });
});
