// The command as it stands in an installed extension: under the home folder, which evaluations do not see, started by VS Code's own
// runtime, on a machine without Node. A Node that takes itself for Electron stands for that runtime.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { findNode } from '../../src/adapters/call/node-path.ts';
import { readZip } from './zip.ts';

const root = resolve(import.meta.dirname, '../..');
const vsix = process.env['SIGIL_TEST_VSIX'] ?? assert.fail('SIGIL_TEST_VSIX names no package: `npm test -- package` makes one');
const TOOLS = ['sh', 'bash', 'bwrap', 'git', 'python3', 'env', 'sleep', 'cat', 'uname', 'mkdir', 'rm'];

interface Answer { readonly status: number | null; readonly stdout: string; readonly stderr: string }

describe('the command of an installed extension', () => {
  let home: string;
  let sigil: (project: string, ...args: string[]) => Answer;

  before(() => {
    home = mkdtempSync(join(homedir(), '.sigil-test-'));
    const extension = join(home, '.vscode/extensions/sigil.sigil-0.1.0');
    for (const entry of readZip(vsix).filter((e) => e.name.startsWith('extension/'))) {
      const file = join(extension, entry.name.slice('extension/'.length).replace(/^readme|^changelog/, (n) => n.toUpperCase()));
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, entry.content());
    }
    const electron = join(home, 'code/code');
    mkdirSync(dirname(electron));
    copyFileSync(findNode(), join(home, 'code/node'));
    writeFileSync(join(home, 'code/electron.cjs'), `Object.defineProperty(process.versions, 'electron', { value: '35.0.0', enumerable: true });\nprocess.execPath = ${JSON.stringify(electron)};\n`);
    writeFileSync(electron, `#!/bin/sh\n[ "$ELECTRON_RUN_AS_NODE" = 1 ] || { echo 'a window opens' >&2; exit 97; }\nexec ${join(home, 'code/node')} --require ${join(home, 'code/electron.cjs')} "$@"\n`);
    chmodSync(electron, 0o755);
    mkdirSync(join(home, 'bin'));
    for (const tool of TOOLS) {
      const found = ['/usr/bin', '/bin', '/usr/local/bin'].map((d) => join(d, tool)).find((p) => existsSync(p));
      if (found) symlinkSync(found, join(home, 'bin', tool));
    }
    sigil = (project, ...args) => {
      const env = { HOME: home, PATH: join(home, 'bin'), TMPDIR: join(home, 'tmp'), ELECTRON_RUN_AS_NODE: '1', LANG: 'C.UTF-8' };
      mkdirSync(env.TMPDIR, { recursive: true });
      return spawnSync(electron, [join(extension, 'dist/cli.js'), ...args, '--cwd', project], { cwd: project, env, encoding: 'utf8' });
    };
  });
  after(() => { rmSync(home, { recursive: true, force: true }); });

  function project(name: string): string {
    const folder = join(home, 'work', name);
    cpSync(join(root, 'examples', name), folder, { recursive: true, filter: (p) => !p.includes('.sigil') });
    return folder;
  }

  it('calls a TypeScript function by VS Code\'s runtime', function () {
    this.timeout(120_000);
    const answer = sigil(project('typescript-sales-report'), 'validate', 'sales-report');
    assert.equal(answer.status, 0, answer.stdout + answer.stderr);
    assert.match(answer.stdout, /time_ms/);
  });

  it('calls a Python function, and runs its tests', function () {
    this.timeout(120_000);
    const answer = sigil(project('python-log-report'), 'validate', 'log-report');
    assert.equal(answer.status, 0, answer.stdout + answer.stderr);
    assert.match(answer.stdout, /time_ms/);
  });

  it('reads the languages that it has grammars for', () => {
    const answer = sigil(project('cpp-blur'), 'pins', '--json');
    assert.equal(answer.status, 0, answer.stdout + answer.stderr);
    assert.match(answer.stdout, /blur\.cpp/);
  });
});
