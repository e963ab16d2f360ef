// What a project has that could judge a function: test runners, benchmarks, scripts. Read from its files; nothing is run.

import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Language } from '../../core/pin.ts';

/** A program that prints a number, or seems to. */
export interface Script {
  /** From the project root. */
  readonly file: string;
  readonly command: string;
  /** The name of a metric that its text prints, as far as one can see. */
  readonly metric: string | null;
}

export interface Facts {
  /** Commands that fail when results are wrong, with what runs them. */
  readonly tests: readonly { readonly name: string; readonly command: string }[];
  /** Scripts of package.json that are benchmarks, as commands. */
  readonly packageBenches: readonly { readonly name: string; readonly command: string; readonly metric: string | null }[];
  readonly scripts: readonly Script[];
  readonly goBenches: readonly { readonly name: string; readonly folder: string }[];
  /** Bench targets of Cargo, and the folder of Cargo.toml. */
  readonly cargoBenches: readonly { readonly name: string; readonly folder: string }[];
  /** The crate's name as Rust code writes it, where it has a library. */
  readonly crate: string | null;
}

const read = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};
const list = (path: string): readonly string[] => {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
};

/** The folder nearest above a file, down to the root, that holds one of some files; '' is the root, null none. */
export function folderWith(root: string, file: string, names: readonly string[]): string | null {
  for (let dir = dirname(file); ; dir = dirname(dir)) {
    if (names.some((n) => existsSync(join(root, dir, n)))) return dir === '.' ? '' : dir;
    if (dir === '.' || dir === '/' || dir === '') return null;
  }
}

const quote = (word: string): string => (/^[\w./@:+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);

/** A command to be run in a folder of the project. */
export function inFolder(folder: string, command: string): string {
  return folder === '' ? command : `cd ${quote(folder)} && ${command}`;
}

/** The metric that a program's text prints: `print(f"speedup: {x}")`, `console.log("time_ms:", t)`, `"score = %f"`. */
export function printedMetric(text: string): string | null {
  const found = [...text.matchAll(/(?:print\w*|log|write|puts|echo|cout)\b[^\n]{0,60}?["'`]\s*([A-Za-z_]\w{1,40})\s*[:=]\s*(?:["'`]|[{%$<])/g)].map((m) => m[1] ?? '');
  return found.at(-1) ?? null;
}

const BENCH_FILE = /^(?:evaluate|eval|bench|benchmark)(?:[_-]\w+)?\.(?:py|js|mjs|cjs|ts|mts|sh)$/i;

function commandFor(file: string): string | null {
  const path = quote(file);
  if (file.endsWith('.py')) return `python3 ${path}`;
  if (/\.[mc]?[jt]s$/.test(file)) return `node ${path}`;
  return file.endsWith('.sh') ? `sh ${path}` : null;
}

interface PackageJson {
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

function packageFacts(root: string, file: string): Pick<Facts, 'tests' | 'packageBenches'> {
  const folder = folderWith(root, file, ['package.json']);
  if (folder === null) return { tests: [], packageBenches: [] };
  let json: PackageJson;
  try {
    json = JSON.parse(read(join(root, folder, 'package.json'))) as PackageJson;
  } catch {
    return { tests: [], packageBenches: [] };
  }
  const has = (name: string): boolean => name in { ...json.dependencies, ...json.devDependencies };
  const scripts = Object.entries(json.scripts ?? {}).filter((e): e is [string, string] => typeof e[1] === 'string');
  const test = scripts.find(([name]) => name === 'test')?.[1];
  const tests: { name: string; command: string }[] = [];
  // The runner itself where it is known: npm in between costs a second a solution.
  if (has('vitest')) tests.push({ name: 'vitest', command: 'vitest run' });
  else if (has('mocha')) tests.push({ name: 'mocha', command: test !== undefined && /^mocha\b[^&|;]*$/.test(test) ? test : 'mocha' });
  else if (has('jest')) tests.push({ name: 'jest', command: 'jest --ci' });
  else if (test !== undefined && !test.includes('no test specified')) tests.push({ name: 'npm test', command: 'npm test --silent' });
  const packageBenches = scripts.filter(([name]) => /^(?:bench|benchmark|perf)(?:[:_-].+)?$/.test(name)).map(([name, text]) => {
    const program = /[\w./-]+\.(?:[mc]?[jt]s|py)\b/.exec(text)?.[0];
    return { name, command: inFolder(folder, `npm run --silent ${quote(name)}`), metric: program === undefined ? null : printedMetric(read(join(root, folder, program))) };
  });
  return { tests: tests.map((t) => ({ ...t, command: inFolder(folder, t.command) })), packageBenches };
}

function pythonTests(root: string, file: string): Facts['tests'] {
  const folder = folderWith(root, file, ['pyproject.toml', 'setup.py', 'setup.cfg', 'requirements.txt', 'pytest.ini', 'tox.ini', 'tests', 'test']) ?? '';
  const at = (name: string): string => join(root, folder, name);
  const names = list(join(root, folder));
  const testFolder = ['tests', 'test'].find((d) => list(at(d)).some((f) => /^test_.*\.py$|_test\.py$/.test(f)));
  const own = names.some((f) => /^test_.*\.py$/.test(f));
  const wantsPytest = names.includes('pytest.ini') || names.includes('conftest.py') || list(at(testFolder ?? 'tests')).includes('conftest.py')
    || names.filter((f) => /^(?:pyproject\.toml|setup\.(?:cfg|py)|tox\.ini|requirements.*\.txt|Pipfile)$/.test(f)).some((f) => /\bpytest\b/.test(read(at(f))));
  if (testFolder === undefined && !own) return [];
  if (wantsPytest) return [{ name: 'pytest', command: inFolder(folder, 'python3 -m pytest -q -p no:cacheprovider') }];
  const texts = list(at(testFolder ?? '.')).filter((f) => f.endsWith('.py')).slice(0, 50).map((f) => read(at(join(testFolder ?? '.', f))));
  if (texts.some((t) => /\bimport unittest\b|\bfrom unittest\b/.test(t))) return [{ name: 'unittest', command: inFolder(folder, testFolder !== undefined && !list(at(testFolder)).includes('__init__.py') ? `python3 -m unittest discover -q -s ${testFolder} -t .` : 'python3 -m unittest -q') }];
  return texts.some((t) => /^def test_/m.test(t)) ? [{ name: 'pytest', command: inFolder(folder, 'python3 -m pytest -q -p no:cacheprovider') }] : [];
}

function goFacts(root: string, file: string): Pick<Facts, 'tests' | 'goBenches'> {
  const module = folderWith(root, file, ['go.mod']);
  if (module === null) return { tests: [], goBenches: [] };
  const folder = dirname(file) === '.' ? '' : dirname(file);
  const texts = list(join(root, folder)).filter((f) => f.endsWith('_test.go')).map((f) => read(join(root, folder, f)));
  const goBenches = texts.flatMap((t) => [...t.matchAll(/^func (Benchmark\w*)\(\w+ \*testing\.B\)/gm)].map((m) => ({ name: m[1] ?? '', folder })));
  return { goBenches, tests: texts.some((t) => /^func Test\w*\(/m.test(t)) ? [{ name: 'go test', command: inFolder(folder, 'go test -count=1 .') }] : [] };
}

function cargoFacts(root: string, file: string): Pick<Facts, 'tests' | 'cargoBenches' | 'crate'> {
  const folder = folderWith(root, file, ['Cargo.toml']);
  if (folder === null) return { tests: [], cargoBenches: [], crate: null };
  const manifest = read(join(root, folder, 'Cargo.toml'));
  const benches = new Set([...manifest.matchAll(/\[\[bench\]\][^[]*?\bname\s*=\s*"([\w-]+)"/g)].map((m) => m[1] ?? ''));
  for (const f of list(join(root, folder, 'benches'))) if (f.endsWith('.rs')) benches.add(f.slice(0, -3));
  const name = /\[lib\][^[]*?\bname\s*=\s*"([\w-]+)"/.exec(manifest)?.[1] ?? /\[package\][^[]*?\bname\s*=\s*"([\w-]+)"/.exec(manifest)?.[1];
  const lib = existsSync(join(root, folder, 'src', 'lib.rs'));
  return {
    cargoBenches: [...benches].map((b) => ({ name: b, folder })),
    crate: lib && name !== undefined ? name.replaceAll('-', '_') : null,
    tests: [{ name: 'cargo test', command: inFolder(folder, 'cargo test --offline --quiet') }],
  };
}

/** @param file of the function, from the project root */
export function readFacts(root: string, file: string, language: Language | null): Facts {
  const scripts = ['', 'bench', 'benchmarks', 'eval', 'scripts'].flatMap((folder) => list(join(root, folder)).filter((f) => BENCH_FILE.test(f)).flatMap((f): Script[] => {
    const path = folder === '' ? f : `${folder}/${f}`;
    const command = commandFor(path);
    return command === null || path === file ? [] : [{ file: path, command, metric: printedMetric(read(join(root, path))) }];
  }));
  const go = language === 'go' ? goFacts(root, file) : { tests: [], goBenches: [] };
  const rust = language === 'rust' ? cargoFacts(root, file) : { tests: [], cargoBenches: [], crate: null };
  const script = language === 'javascript' || language === 'typescript' || language === 'tsx';
  const packages = packageFacts(root, file);
  const tests = script ? packages.tests : language === 'python' ? pythonTests(root, file) : [...go.tests, ...rust.tests];
  return { tests, packageBenches: packages.packageBenches, scripts, goBenches: go.goBenches, cargoBenches: rust.cargoBenches, crate: rust.crate };
}
