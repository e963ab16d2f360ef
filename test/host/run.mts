// Runs the tests of this folder inside a real extension host: `npm test -- host`, or `node --import tsx test/host/run.mts [pattern]`.
//
// With @vscode/test-electron, as every extension does. Where desktop VS Code cannot be had, SIGIL_TEST_VSCODE_EXECUTABLE names what stands
// in for it (test/vscode/code); without that variable VS Code is downloaded.

import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '../..');
const out = join(root, '.tsbuild/host-tests');
const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.test.ts')).sort();

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
writeFileSync(join(out, 'package.json'), '{ "type": "commonjs" }\n');
await build({
  stdin: { contents: files.map((f) => `import './${f}';`).join('\n'), resolveDir: import.meta.dirname, loader: 'ts', sourcefile: 'all-tests.ts' },
  outfile: join(out, 'tests.js'), bundle: true, platform: 'node', format: 'cjs', target: 'node22', sourcemap: 'inline', external: ['vscode'], logLevel: 'warning',
});
await build({ entryPoints: [join(import.meta.dirname, 'index.ts')], outfile: join(out, 'index.js'), bundle: true, platform: 'node', format: 'cjs', target: 'node22', external: ['vscode', 'mocha'], logLevel: 'warning' });

const work = mkdtempSync(join(tmpdir(), 'sigil-host-'));
const folder = join(work, 'project');
const report = join(work, 'report.json');
cpSync(join(import.meta.dirname, 'project'), folder, { recursive: true });
const executable = process.env['SIGIL_TEST_VSCODE_EXECUTABLE'];
const [pattern] = process.argv.slice(2);
let failed = false;
try {
  await runTests({
    ...(executable ? { vscodeExecutablePath: executable } : {}),
    extensionDevelopmentPath: root,
    extensionTestsPath: join(out, 'index.js'),
    launchArgs: [folder],
    extensionTestsEnv: { SIGIL_TEST_REPORT: report, SIGIL_TEST_ROOT: root, ...(pattern === undefined ? {} : { SIGIL_TEST_GREP: pattern }) },
  });
} catch (e) {
  console.error(e instanceof Error ? e.message : String(e));
  failed = true;
}
const counts = existsSync(report) ? (JSON.parse(readFileSync(report, 'utf8')) as { text: string; passes: number; failures: number; pending: number }) : null;
if (counts) console.log(counts.text);
const stats = process.env['SIGIL_TEST_STATS'];
if (stats && counts) writeFileSync(stats, JSON.stringify({ passes: counts.passes, failures: counts.failures, pending: counts.pending }));
rmSync(work, { recursive: true, force: true });
process.exit(failed || !counts || counts.passes === 0 || counts.failures > 0 ? 1 : 0);
