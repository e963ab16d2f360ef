// Where the files stand that ship beside the bundle: grammars, runners, examples.

import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

let root: string | undefined;

/** The folder of this package's package.json, from the bundle (dist/) or from the sources alike. */
export function packageRoot(): string {
  if (root !== undefined) return root;
  let dir = __dirname;
  for (;;) {
    const file = join(dir, 'package.json');
    if (existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as { name?: string }).name === 'sigil') return (root = dir);
    const up = dirname(dir);
    if (up === dir) throw new Error(`no package.json of sigil above ${__dirname}`);
    dir = up;
  }
}

/** A built file: `dist/<name>`. */
export function distFile(name: string): string {
  return join(packageRoot(), 'dist', name);
}
