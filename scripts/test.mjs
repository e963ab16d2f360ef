// Every test: types, lint, unit, integration, the package, and the extension in a real VS Code. `npm test`, or `npm test -- unit` for one suite.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { NEWEST, OLDEST, whyNot } from '../test/vscode/versions.mjs';
import { ensure, root } from './ensure.mjs';

ensure();
process.chdir(root);
const bin = (pkg, file) => join(root, 'node_modules', pkg, file);

function testFiles(dir) {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? (e.name === 'fixtures' ? [] : testFiles(join(dir, e.name))) : e.name.endsWith('.test.ts') ? [join(dir, e.name)] : [])).sort();
}

const mocha = (...files) => [bin('mocha', 'bin/mocha.js'), '--reporter', 'test/reporter.cjs', ...files];

/** A process for each file: they wait for processes more than they compute. Those that take the longest begin first. */
const LONG = ['accept', 'examples'];
/** Its liars are found by the clock, which a busy machine blurs: nothing else runs meanwhile. */
const ALONE = 'integrity';
function eachAlone(files) {
  const place = (f) => (LONG.indexOf(basename(f, '.test.ts')) + LONG.length + 1) % (LONG.length + 1);
  return [...files].sort((a, b) => place(a) - place(b)).map((f) => mocha(f));
}

/**
 * `jobs`: processes. `counts`: they say how many tests they ran. `packaged`: they test the package. `vscode`: the version that they
 * run in, one at a time. On the oldest VS Code the main flow is tried.
 */
const SUITES = {
  integration: { jobs: eachAlone(testFiles('test/integration')), counts: true },
  types: { jobs: [[bin('typescript', 'bin/tsc'), '-b']] },
  lint: { jobs: [[bin('eslint', 'bin/eslint.js'), '.', '--max-warnings', '0']] },
  unit: { jobs: [mocha(...testFiles('test/unit'))], counts: true },
  package: { jobs: [mocha(...testFiles('test/package'))], counts: true, packaged: true },
  host: { jobs: [['--import', 'tsx', 'test/host/run.mts']], counts: true, vscode: process.env.SIGIL_TEST_DOWNLOAD ? 'desktop' : NEWEST },
  // A job a file: what fails is tried once more by itself.
  ui: { jobs: testFiles('test/ui').map((f) => mocha(f)), counts: true, packaged: true, vscode: NEWEST },
  'ui-oldest': { jobs: [mocha(...testFiles('test/ui').filter((f) => /container|main-flow/.test(f)))], counts: true, packaged: true, vscode: OLDEST },
};

const wanted = process.argv.slice(2);
const unknown = wanted.find((w) => !(w in SUITES));
if (unknown) {
  console.error(`npm test: there is no suite "${unknown}"\n  → Suites: ${Object.keys(SUITES).join(', ')}.`);
  process.exit(2);
}
const noEditor = whyNot();
const chosen = Object.entries(SUITES).filter(([name]) => wanted.length === 0 || wanted.includes(name));
const leftOut = chosen.filter(([, s]) => s.vscode && s.vscode !== 'desktop' && noEditor).map(([name]) => name);
const suites = chosen.filter(([name]) => !leftOut.includes(name));
const work = mkdtempSync(join(tmpdir(), 'sigil-test-'));
const vsix = join(work, 'sigil.vsix');

/** Makes what suites share. Returns whether that went well. */
function prepare() {
  const versions = [...new Set(suites.map(([, s]) => s.vscode).filter((v) => v && v !== 'desktop'))];
  const steps = [];
  if (versions.length > 0) steps.push(['test/vscode/setup.mjs', ...versions]);
  if (suites.some(([, s]) => s.packaged)) steps.push(['scripts/package.mjs', vsix]);
  return steps.every((args) => spawnSync(process.execPath, args, { stdio: 'inherit' }).status === 0);
}

/** Runs one process and resolves with what it counted. Its output is shown when it failed. */
function runJob(name, suite, args, number) {
  const stats = join(work, `${name}-${number}.json`);
  const env = { ...process.env, SIGIL_TEST_STATS: suite.counts ? stats : '' };
  if (suite.vscode && suite.vscode !== 'desktop') Object.assign(env, { SIGIL_TEST_VSCODE: suite.vscode, SIGIL_TEST_VSCODE_EXECUTABLE: join(root, 'test/vscode/code') });
  if (suite.packaged) env.SIGIL_TEST_VSIX = vsix;
  const began = Date.now();
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
    child.once('close', (status) => {
      const counted = suite.counts && existsSync(stats) ? JSON.parse(readFileSync(stats, 'utf8')) : null;
      const ok = status === 0 && (!suite.counts || counted?.passes > 0); // what ran nothing has failed
      const what = suite.jobs.length > 1 ? `${name} ${basename(args.at(-1), '.test.ts')}` : name;
      if (!ok) console.log(`\n${output}`);
      console.log(`${ok ? 'ok    ' : 'FAILED'} ${what}${counted ? `, ${counted.passes} tests` : ''}, ${((Date.now() - began) / 1000).toFixed(0)} s`);
      resolve({ passed: counted ? counted.passes : ok ? 1 : 0, failed: counted?.failures || (ok ? 0 : 1), skipped: counted?.pending ?? 0 });
    });
  });
}

/** A window in a browser on a busy machine sometimes misses a click: a failed file is tried once more, and that is told. Twice is a failure. */
async function tryJob(job) {
  const first = await runJob(...job);
  const [, suite] = job;
  if (!suite.vscode || first.failed === 0) return first;
  console.log('!! SECOND TRY of the last: see above what failed at first');
  return runJob(...job);
}

/** Runs jobs, so many at a time. */
async function runAll(jobs, lanes) {
  const results = [];
  const next = async () => {
    for (let job = jobs.shift(); job; job = jobs.shift()) results.push(await tryJob(job));
  };
  await Promise.all(Array.from({ length: lanes }, next));
  return results;
}

const prepared = prepare();
const jobsOf = (suite) => suite[1].jobs.map((args, i) => [...suite, args, i]);
const all = suites.flatMap(jobsOf);
const alone = ([, suite, args]) => suite.vscode || args.at(-1).includes(ALONE);
const results = [
  // A core each, and two on two: most of the time is waiting.
  ...(await runAll(all.filter((job) => !alone(job)), Math.max(2, Math.min(4, availableParallelism())))),
  ...(await runAll(all.filter(alone), 1)),
];
rmSync(work, { recursive: true, force: true });
const sum = (key) => results.reduce((n, r) => n + r[key], 0);
let failed = sum('failed') + (prepared ? 0 : 1);
if (leftOut.length > 0) {
  console.log(`\n!! LEFT OUT: ${leftOut.join(', ')}: ${noEditor}.`);
  if (leftOut.includes('host')) console.log('!! The host tests also run in a desktop VS Code, which is downloaded: SIGIL_TEST_DOWNLOAD=1 npm test -- host');
  if (process.env.CI || wanted.length > 0) failed += leftOut.length; // what was asked for was not tested
}
console.log(`\n${sum('passed')} passed, ${failed} failed, ${sum('skipped')} skipped${leftOut.length > 0 ? `, ${leftOut.length} suites left out` : ''}`);
process.exit(failed === 0 ? 0 : 1);
