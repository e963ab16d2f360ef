// Every test: types, lint, unit, integration. `npm test`, or `npm test -- unit` for one suite.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensure, root } from './ensure.mjs';

ensure();
process.chdir(root);
const bin = (pkg, file) => join(root, 'node_modules', pkg, file);
const stats = join(mkdtempSync(join(tmpdir(), 'sigil-test-')), 'stats.json');

function testFiles(dir) {
  if (!existsSync(dir)) return [];
  return readdirSync(dir, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? (e.name === 'fixtures' ? [] : testFiles(join(dir, e.name))) : e.name.endsWith('.test.ts') ? [join(dir, e.name)] : [])).sort();
}

const mocha = (dir) => [bin('mocha', 'bin/mocha.js'), '--reporter', 'test/reporter.cjs', ...testFiles(dir)];
const SUITES = {
  types: [bin('typescript', 'bin/tsc'), '-b'],
  lint: [bin('eslint', 'bin/eslint.js'), '.', '--max-warnings', '0'],
  unit: mocha('test/unit'),
  integration: mocha('test/integration'),
};

const wanted = process.argv.slice(2);
const unknown = wanted.find((w) => !(w in SUITES));
if (unknown) {
  console.error(`npm test: there is no suite "${unknown}"\n  → Suites: ${Object.keys(SUITES).join(', ')}.`);
  process.exit(2);
}
let passed = 0;
let failed = 0;
let skipped = 0;
for (const [name, args] of Object.entries(SUITES)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  console.log(`\n== ${name}`);
  const began = Date.now();
  const counts = args.includes('test/reporter.cjs');
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit', env: { ...process.env, SIGIL_TEST_STATS: counts ? stats : '' } });
  const seconds = ((Date.now() - began) / 1000).toFixed(0);
  const read = counts && existsSync(stats) ? JSON.parse(readFileSync(stats, 'utf8')) : null;
  passed += read ? read.passes : status === 0 ? 1 : 0;
  skipped += read ? read.pending : 0;
  failed += read && read.failures > 0 ? read.failures : status === 0 ? 0 : 1;
  if (counts && (read?.passes ?? 0) === 0) failed++; // a suite that ran nothing has failed
  console.log(`== ${name}: ${status === 0 ? 'ok' : 'FAILED'} in ${seconds} s`);
}
console.log(`\n${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed === 0 ? 0 : 1);
