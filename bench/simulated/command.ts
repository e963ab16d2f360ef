// Sigil's command as it was built, and the same with the bench's random search in it: a bundle of its own beside links to the rest of dist/.

import { buildSync } from 'esbuild';
import { mkdirSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../..');

export const COMMAND = join(root, 'dist/cli.js');

/** @returns the command's file, in a folder that is the caller's to remove */
export function commandWithRandom(): { readonly folder: string; readonly file: string } {
  const folder = mkdtempSync(join(tmpdir(), 'sigil-bench-'));
  const dist = join(folder, 'dist');
  mkdirSync(dist);
  for (const name of readdirSync(join(root, 'dist'))) if (!name.startsWith('cli.js')) symlinkSync(join(root, 'dist', name), join(dist, name));
  for (const name of ['python', 'schema', 'package.json']) symlinkSync(join(root, name), join(folder, name));
  const entry = join(folder, 'entry.ts');
  writeFileSync(entry, ['bench/simulated/with-random.ts', 'src/cli/main.ts'].map((f) => `import ${JSON.stringify(join(root, f))};\n`).join(''));
  const file = join(dist, 'cli.js');
  buildSync({ entryPoints: [entry], outfile: file, bundle: true, platform: 'node', format: 'cjs', target: 'node20', nodePaths: [join(root, 'node_modules')], logLevel: 'error' });
  return { folder, file };
}
