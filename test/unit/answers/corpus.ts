// The corpus of answers: parents with marks in them, the edits that are meant, the answers, and harmless variations of them.
import { readFileSync, readdirSync } from 'node:fs';
import { parse } from 'yaml';
import { findPins } from '../../../src/adapters/syntax/pins.ts';
import { baseGenome, type BaseFile, type Genome } from '../../../src/core/pin.ts';

const root = new URL('../../fixtures/answers/', import.meta.url);

export interface Case {
  readonly form: string;
  readonly name: string;
  readonly answer: string;
  readonly files: readonly string[];
  /** Pins that the parent has changed already. */
  readonly parent: Genome;
  /** The whole genome that a person would make of it. */
  readonly pins: Genome | null;
  /** A part of what the model is asked. */
  readonly repair: string | null;
  /** A part of the reason why there is nothing. */
  readonly none: string | null;
}

interface Written {
  readonly name: string;
  readonly answer: string;
  readonly means?: string;
  readonly repair?: string;
  readonly none?: string;
  readonly files?: readonly string[];
  readonly parent?: string;
}

export interface Edit {
  readonly files: readonly string[];
  readonly pins: Genome;
}

export const edits = parse(readFileSync(new URL('edits.yaml', root), 'utf8')) as Readonly<Record<string, Edit>>;

export async function baseOf(files: readonly string[], change: (text: string) => string = (t) => t): Promise<readonly BaseFile[]> {
  return Promise.all(files.map(async (file) => {
    const text = change(readFileSync(new URL(`parents/${file}`, root), 'utf8'));
    return { file, text, pins: (await findPins(file, text)).pins };
  }));
}

export function cases(): readonly Case[] {
  return readdirSync(new URL('cases/', root)).sort().flatMap((name) => (parse(readFileSync(new URL(`cases/${name}`, root), 'utf8')) as readonly Written[]).map((w): Case => {
    const edit = w.means === undefined ? undefined : edits[w.means];
    if (w.means !== undefined && edit === undefined) throw new Error(`${name}: no edit ${w.means}`);
    return {
      form: name.replace(/\.yaml$/, ''), name: w.name, answer: w.answer, parent: w.parent === undefined ? {} : (edits[w.parent]?.pins ?? {}), files: w.files ?? edit?.files ?? [], pins: edit?.pins ?? null, repair: w.repair ?? null, none: w.none ?? null,
    };
  }));
}

/** What a parent becomes: its own pins, with those that the edit changes. */
export function meant(base: readonly BaseFile[], pins: Genome): Genome {
  return { ...baseGenome(base), ...pins };
}
