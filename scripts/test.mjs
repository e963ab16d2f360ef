// Every test: types, lint, unit, integration, the package, and the extension in a real VS Code. `npm test`, or `npm test -- unit` for one suite.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NEWEST, OLDEST, whyNot } from '../test/vscode/versions.mjs';
import { ensure, root } from './ensure.mjs';

ensure();
process.chdir(root);
const bin = (pkg, file) => join(root, 'node_modules', pkg, file);
const work = mkdtempSync(join(tmpdir(), 'sigil-test-'));
const stats = join(work, 'stats.json');
const vsix = join(work, 'sigil.vsix');
const download = Boolean(process.env.SIGIL_TEST_DOWNLOAD);
const noEditor = whyNot();

function testFiles(dir) {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? (e.name === 'fixtures' ? [] : testFiles(join(dir, e.name))) : e.name.endsWith('.test.ts') ? [join(dir, e.name)] : [])).sort();
}

const mocha = (...files) => [bin('mocha', 'bin/mocha.js'), '--reporter', 'test/reporter.cjs', ...files];

/**
 * `counts`: the suite says how many tests it ran. `vscode`: the version that it runs in. `packaged`: it tests the package.
 * On the oldest VS Code the main flow is tried.
 */
const SUITES = {
  types: { args: [bin('typescript', 'bin/tsc'), '-b'] },
  lint: { args: [bin('eslint', 'bin/eslint.js'), '.', '--max-warnings', '0'] },
  unit: { args: mocha(...testFiles('test/unit')), counts: true },
  integration: { args: mocha(...testFiles('test/integration')), counts: true },
  package: { args: mocha(...testFiles('test/package')), counts: true, packaged: true },
  host: { args: ['--import', 'tsx', 'test/host/run.mts'], counts: true, vscode: download ? null : NEWEST },
  ui: { args: mocha(...testFiles('test/ui')), counts: true, packaged: true, vscode: NEWEST },
  'ui-oldest': { args: mocha('test/ui/container.test.ts', ...testFiles('test/ui').filter((f) => f.includes('main-flow'))), counts: true, packaged: true, vscode: OLDEST },
};

const wanted = process.argv.slice(2);
const unknown = wanted.find((w) => !(w in SUITES));
if (unknown) {
  console.error(`npm test: there is no suite "${unknown}"\n  → Suites: ${Object.keys(SUITES).join(', ')}.`);
  process.exit(2);
}
const chosen = Object.entries(SUITES).filter(([name]) => wanted.length === 0 || wanted.includes(name));
const leftOut = chosen.filter(([, s]) => s.vscode && noEditor).map(([name]) => name);
const run = chosen.filter(([name]) => !leftOut.includes(name));

/** Makes what suites share. Returns whether that went well. */
function prepare() {
  const versions = [...new Set(run.map(([, s]) => s.vscode).filter(Boolean))];
  const steps = [];
  if (versions.length > 0) steps.push(['test/vscode/setup.mjs', ...versions]);
  if (run.some(([, s]) => s.packaged)) steps.push(['scripts/package.mjs', vsix]);
  return steps.every((args) => spawnSync(process.execPath, args, { stdio: 'inherit' }).status === 0);
}

let passed = 0;
let failed = 0;
let skipped = 0;
if (!prepare()) failed++;
for (const [name, { args, counts, vscode, packaged }] of run) {
  console.log(`\n== ${name}`);
  const began = Date.now();
  rmSync(stats, { force: true });
  const env = { ...process.env, SIGIL_TEST_STATS: counts ? stats : '' };
  if (vscode) Object.assign(env, { SIGIL_TEST_VSCODE: vscode, SIGIL_TEST_VSCODE_EXECUTABLE: join(root, 'test/vscode/code') });
  if (packaged) env.SIGIL_TEST_VSIX = vsix;
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit', env });
  const seconds = ((Date.now() - began) / 1000).toFixed(0);
  const read = counts && existsSync(stats) ? JSON.parse(readFileSync(stats, 'utf8')) : null;
  passed += read ? read.passes : status === 0 ? 1 : 0;
  skipped += read ? read.pending : 0;
  failed += read && read.failures > 0 ? read.failures : status === 0 ? 0 : 1;
  if (counts && (read?.passes ?? 0) === 0) failed++; // a suite that ran nothing has failed
  console.log(`== ${name}: ${status === 0 ? 'ok' : 'FAILED'} in ${seconds} s`);
}
rmSync(work, { recursive: true, force: true });
if (leftOut.length > 0) {
  console.log(`\n!! LEFT OUT: ${leftOut.join(', ')}. ${noEditor}.`);
  if (leftOut.includes('host')) console.log('!! The host tests also run in a desktop VS Code, which is downloaded: SIGIL_TEST_DOWNLOAD=1 npm test -- host');
  if (process.env.CI || wanted.length > 0) failed += leftOut.length; // what was asked for was not tested
}
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped${leftOut.length > 0 ? `, ${leftOut.length} suites left out` : ''}`);
process.exit(failed === 0 ? 0 : 1);
