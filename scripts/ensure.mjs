// What every script needs: dependencies as the lockfile has them, and a build that is newer than its sources. Plain Node 18 syntax.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npm } from './node.mjs';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const MINIMUM = [20, 19];

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > MINIMUM[0] || (major === MINIMUM[0] && minor >= MINIMUM[1])) return;
  console.error(`sigil: Node ${process.versions.node} is too old\n  → Install Node ${MINIMUM.join('.')} or later.`);
  process.exit(2);
}

/** Whether node_modules holds what the lockfile says. */
function installed() {
  const have = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(have)) return false;
  const want = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const got = JSON.parse(readFileSync(have, 'utf8')).packages;
  return Object.entries(want).every(([path, p]) => path === '' || p.optional || got[path]?.version === p.version);
}

function newest(dir) {
  let t = 0;
  for (const e of readdirSync(dir, { withFileTypes: true })) {
    const path = join(dir, e.name);
    t = Math.max(t, e.isDirectory() ? newest(path) : statSync(path).mtimeMs);
  }
  return t;
}

/** Installs and builds what is missing or old. Says what it does: a first install takes a while. */
export function ensure() {
  checkNode();
  if (!installed()) {
    console.error('Installing dependencies (npm ci)…');
    npm(['ci', '--no-audit', '--no-fund', '--loglevel=error'], root);
  }
  const built = join(root, 'dist/cli.js');
  if (existsSync(built) && statSync(built).mtimeMs > Math.max(...['src', 'webview', 'scripts'].map((d) => newest(join(root, d))))) return;
  console.error('Building…');
  execFileSync(process.execPath, [join(root, 'scripts/build.mjs')], { stdio: 'inherit' });
}
