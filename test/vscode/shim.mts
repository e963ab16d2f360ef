// Takes the arguments that @vscode/test-electron gives to VS Code, and runs the tests in code-server and Chromium instead.

import { existsSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { runInHost } from './host-run.ts';

const fromUri = (x: string): string => (x.startsWith('file:') ? fileURLToPath(x) : x);
const { values, positionals } = parseArgs({
  strict: false, // --no-sandbox and the like mean nothing here
  allowPositionals: true,
  options: {
    extensionTestsPath: { type: 'string' }, extensionDevelopmentPath: { type: 'string' }, 'user-data-dir': { type: 'string' }, 'extensions-dir': { type: 'string' },
    'install-extension': { type: 'string', multiple: true }, 'disable-workspace-trust': { type: 'boolean' },
  },
});
const { extensionTestsPath: tests, extensionDevelopmentPath: extension } = values;
if (typeof tests !== 'string' || typeof extension !== 'string') {
  console.error('code: needs --extensionDevelopmentPath and --extensionTestsPath');
  process.exit(2);
}

/** Settings that a test wrote into the profile which it names. */
function preparedSettings(): Readonly<Record<string, unknown>> {
  const dir = values['user-data-dir'];
  const file = typeof dir === 'string' ? join(dir, 'User/settings.json') : '';
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>) : {};
}

const [folder] = positionals;
const { code, why } = await runInHost({
  extension: fromUri(extension),
  tests: fromUri(tests),
  ...(folder === undefined ? {} : { folder }),
  vsix: (values['install-extension'] ?? []) as readonly string[],
  settings: preparedSettings(),
  report: process.env['SIGIL_TEST_REPORT'] ?? join(tmpdir(), `sigil-host-${process.pid}.json`),
  timeoutSeconds: Number(process.env['SIGIL_TEST_TIMEOUT'] ?? 240),
  evidence: process.env['SIGIL_TEST_EVIDENCE'] ?? join(tmpdir(), `sigil-host-failed-${process.pid}`),
});
console.log(why);
process.exit(code);
