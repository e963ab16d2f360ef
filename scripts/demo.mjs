// The demo: optimizes a real function with the built-in mutators, in a temporary copy. No key, no server; nothing but Node.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensure, root } from './ensure.mjs';

ensure();
const EXAMPLE = 'typescript-sales-report';
const SPEC = 'sales-report';
const dir = join(realpathSync(mkdtempSync(join(tmpdir(), 'sigil-demo-'))), EXAMPLE);
const cli = join(root, 'dist/cli.js');

function sigil(...args) {
  const shown = args.map((a) => (/[^\w./:=-]/.test(a) ? JSON.stringify(a) : a)).join(' ');
  console.log(`\n\u001b[2m$ sigil ${shown}\u001b[0m`);
  const { status, signal } = spawnSync(process.execPath, [cli, ...args], { cwd: dir, stdio: 'inherit' });
  if (signal || status !== 0) process.exit(status ?? 1);
}

console.log(`Optimizing a function of the example "${EXAMPLE}" in ${dir}`);
const made = spawnSync(process.execPath, [cli, 'new', dir, '-e', EXAMPLE], { stdio: ['ignore', 'ignore', 'inherit'] });
if (made.status !== 0) process.exit(made.status ?? 1);
sigil('run', SPEC, '--model', 'builtin', '--niter', process.env.SIGIL_DEMO_NITER ?? '16', '--seed', process.env.SIGIL_DEMO_SEED ?? '1', '--control');
sigil('inspect-solutions', SPEC);
sigil('diff', 'best');
console.log(`
Your turn, in that copy (the clone is untouched):
  cd ${dir}
  alias sigil="node ${cli}"
  sigil accept best        apply the diff above
  sigil report             what the number rests on
And on your own code:
  sigil mark FILE:LINE     mark a slow function
  sigil init               say how to measure it
  sigil validate SPEC      see what your evaluation can resolve
  sigil run SPEC`);
