// Brings a newer Node from the package registry (tools/node) where the machine's is older than the call eval's runner needs.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Whether a version like `22.15.0` has module.registerHooks: 22.15 and later, but not 23.0 to 23.4. */
export function newEnough(version) {
  const [major, minor] = version.split('.').map(Number);
  return major >= 24 || (major === 23 && minor >= 5) || (major === 22 && minor >= 15);
}

/** Installs tools/node once, where it is needed. */
export async function bringNode() {
  if (newEnough(process.versions.node)) return;
  const os = process.platform === 'win32' ? 'win' : process.platform;
  const dir = join(root, 'tools/node');
  if (existsSync(join(dir, 'node_modules', `node-${os}-${process.arch}`))) return;
  console.error(`Node ${process.versions.node} is older than 22.15: bringing a newer one for the JavaScript runner…`);
  npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], dir);
}

/** Runs npm, whatever it is called here. Throws when it fails. */
export function npm(args, cwd) {
  const cli = process.env.npm_execpath;
  if (cli?.endsWith('.js')) execFileSync(process.execPath, [cli, ...args], { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
  else execFileSync(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, { cwd, stdio: ['ignore', 'inherit', 'inherit'], shell: process.platform === 'win32' });
}
