// A project whose evaluation is a landscape: a small Python program, its evaluation in one file, and a sigil.yaml.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { FAMILIES, instanceRng, type Family } from '../landscapes.ts';
import { FILE, programText } from './program.ts';

export function familyNamed(name: string): Family {
  const family = FAMILIES.find((f) => f.name === name);
  if (family === undefined) throw new Error(`there is no family "${name}": choose one of ${FAMILIES.map((f) => f.name).join(', ')}`);
  return family;
}

/** The command that measures a program: it prints `worth: NUMBER`. */
export const measureOf = (file: string, family: Family, seed: number): string => `python3 ${file} | node evaluate.mjs ${family.name} ${seed}`;

/** Writes the project of one landscape into a folder. */
export function writeProject(root: string, family: Family, seed: number): void {
  const land = family.make(instanceRng(family, seed));
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, FILE), programText(Array.from({ length: land.places }, () => 0)));
  writeFileSync(join(root, 'sigil.yaml'), `version: 1
specs:
  simulated:
    pins: [${FILE}#choose]
    gates: ["python3 ${FILE}"]
    measure: "${measureOf(FILE, family, seed)}"
    metrics:
      - { name: worth, kind: score }
    objective: maximize worth
`);
  buildSync({ entryPoints: [join(__dirname, 'evaluate.ts')], outfile: join(root, 'evaluate.mjs'), bundle: true, platform: 'node', format: 'esm', target: 'node20' });
}
