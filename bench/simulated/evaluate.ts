// The evaluation of a simulated project, bundled into one file of it: what the chosen variants are worth on its landscape.
// Usage: python3 program.py | node evaluate.mjs FAMILY SEED

import { readFileSync } from 'node:fs';
import { FAMILIES, instanceRng } from '../landscapes.ts';

const [name, seed] = process.argv.slice(2);
const family = FAMILIES.find((f) => f.name === name);
if (family === undefined) throw new Error(`there is no family ${String(name)}`);
const land = family.make(instanceRng(family, Number(seed)));
const code = JSON.parse(readFileSync(0, 'utf8')) as unknown;
if (!Array.isArray(code) || code.length !== land.places || !code.every((c) => Number.isInteger(c) && c >= 0 && c < land.variants)) throw new Error('this is no program of the landscape');
process.stdout.write(`worth: ${land.worth(code as number[])}\n`);
