// Packages the extension: `npm run package` writes sigil-<version>.vsix. `node scripts/package.mjs FILE` writes it elsewhere.
//
// What goes in is what `files` of package.json allows, by npm's own rules. No dependencies: everything is bundled.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { ensure, root } from './ensure.mjs';

/** The marketplace takes more; an extension that takes longer to install than to try is not tried. */
const MAXIMUM = 5_000_000;

/** Fields of package.json that mean nothing to who installs it. */
const OURS = ['private', 'scripts', 'devDependencies', 'dependencies', 'files', 'bin'];

/** The files that `files` of package.json allows, by npm itself. */
export function allowedFiles() {
  const npm = process.env.npm_execpath?.endsWith('.js') ? [process.execPath, process.env.npm_execpath] : ['npm'];
  const told = execFileSync(npm[0], [...npm.slice(1), 'pack', '--dry-run', '--json', '--ignore-scripts', '--offline'], { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const [pack] = Object.values(JSON.parse(told));
  return pack.files.map((f) => f.path).sort();
}

export async function makePackage(to) {
  ensure();
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const file = to ? resolve(to) : join(root, `sigil-${manifest.version}.vsix`);
  const stage = mkdtempSync(join(tmpdir(), 'sigil-package-'));
  try {
    const files = allowedFiles();
    for (const path of files) {
      mkdirSync(dirname(join(stage, path)), { recursive: true });
      // Source maps stay here, so nothing may point to them.
      if (path.startsWith('dist/') && /\.(js|css)$/.test(path)) writeFileSync(join(stage, path), readFileSync(join(root, path), 'utf8').replace(/\n(\/\/|\/\*)# sourceMappingURL=.*\s*$/, '\n'), { mode: statSync(join(root, path)).mode });
      else cpSync(join(root, path), join(stage, path));
    }
    writeFileSync(join(stage, 'package.json'), `${JSON.stringify(Object.fromEntries(Object.entries(manifest).filter(([k]) => !OURS.includes(k))), null, 2)}\n`);
    writeFileSync(join(stage, '.vscodeignore'), ''); // all of it: the choice is made
    const { createVSIX } = await import('@vscode/vsce');
    // Links of the README stay relative: there is no repository address yet that they could be completed with.
    await createVSIX({ cwd: stage, packagePath: file, dependencies: false, allowMissingRepository: true, rewriteRelativeLinks: false });
  } finally {
    rmSync(stage, { recursive: true, force: true });
  }
  const { size } = statSync(file);
  console.log(`${file}: ${(size / 1e6).toFixed(2)} MB`);
  if (size > MAXIMUM) throw new Error(`the package is larger than ${MAXIMUM / 1e6} MB`);
  return file;
}

if (process.argv[1] && resolve(process.argv[1]) === join(root, 'scripts/package.mjs')) await makePackage(process.argv[2]);
