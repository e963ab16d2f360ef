// Eight frozen families of search landscapes with a known optimum, and the simulated model that proposes on them.
// They are never tuned: a change here makes every published cell void, so it gets a new page. See bench/searches.ts.

import { seededRng, type Rng } from '../src/core/rng.ts';

/** A program: the variant chosen at each place. The baseline has variant 0 everywhere. */
export type Code = readonly number[];

export interface Landscape {
  readonly places: number;
  readonly variants: number;
  /** The true effect against the baseline: 0 for it, 1 for the optimum. */
  readonly worth: (code: Code) => number;
}

export interface Family {
  readonly name: string;
  /** One line for the page. */
  readonly what: string;
  /** One instance. The same seed gives the same. */
  readonly make: (rng: Rng) => Landscape;
}

const PLACES = 12;
const VARIANTS = 4;

/** A number in [0, 1) that depends on the code and the salt only (FNV-1a, finished by murmur3's mixer). */
function chanceOf(code: Code, salt: number): number {
  let h = (0x811c9dc5 ^ salt) >>> 0;
  for (const c of code) h = Math.imul(h ^ (c + 1), 0x01000193) >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

/** For each place the variant that is wanted: never the baseline's. */
const wanted = (rng: Rng): number[] => Array.from({ length: PLACES }, () => 1 + rng.int(VARIANTS - 1));
const isBase = (code: Code): boolean => code.every((c) => c === 0);
const right = (code: Code, want: Code, from: number, to: number): number => code.slice(from, to).filter((c, i) => c === want[from + i]).length;

/** NK (Kauffman 1993) with two variants a place, K = 3, normalized by enumeration so that the baseline is 0 and the best 1. */
function rugged(rng: Rng): Landscape {
  const near = Array.from({ length: PLACES }, (_, i) => [i, ...rng.shuffle(Array.from({ length: PLACES }, (_, j) => j).filter((j) => j !== i)).slice(0, 3)]);
  const tables = near.map(() => Array.from({ length: 16 }, () => rng.next()));
  const raw = (code: Code): number => near.reduce((sum, places, i) => sum + (tables[i]?.[places.reduce((bits, p) => bits * 2 + (code[p] ?? 0), 0)] ?? 0), 0);
  const base = raw(Array.from({ length: PLACES }, () => 0));
  let top = base;
  for (let n = 1; n < 2 ** PLACES; n++) top = Math.max(top, raw(Array.from({ length: PLACES }, (_, i) => (n >> i) & 1)));
  return { places: PLACES, variants: 2, worth: (code) => (top === base ? 0 : (raw(code) - base) / (top - base)) };
}

export const FAMILIES: readonly Family[] = [
  { name: 'flat', what: 'nothing helps: every program is worth the same', make: () => ({ places: PLACES, variants: VARIANTS, worth: () => 0 }) },
  {
    name: 'needle', what: 'one change of the original, and nothing else beside it, is worth everything',
    make: (rng) => {
      const at = rng.int(PLACES);
      const variant = 1 + rng.int(VARIANTS - 1);
      return { places: PLACES, variants: VARIANTS, worth: (code) => (code.every((c, i) => c === (i === at ? variant : 0)) ? 1 : 0) };
    },
  },
  {
    name: 'independent', what: 'what an answer is worth has nothing to do with its parent: the fourth power of a uniform number',
    make: (rng) => {
      const salt = rng.int(2 ** 32);
      return { places: PLACES, variants: VARIANTS, worth: (code) => (isBase(code) ? 0 : chanceOf(code, salt) ** 4) };
    },
  },
  {
    name: 'additive', what: 'each place helps or harms by itself',
    make: (rng) => {
      const gains = Array.from({ length: PLACES }, () => [0, ...Array.from({ length: VARIANTS - 1 }, () => rng.normal())]);
      const top = gains.reduce((sum, g) => sum + Math.max(...g), 0);
      return { places: PLACES, variants: VARIANTS, worth: (code) => code.reduce((sum, c, i) => sum + (gains[i]?.[c] ?? 0), 0) / top };
    },
  },
  {
    name: 'deceptive', what: 'four places help by themselves; four pairs harm until both of their places are right',
    make: (rng) => {
      const want = wanted(rng);
      return {
        places: PLACES, variants: VARIANTS,
        worth: (code) => {
          let sum = 0.1 * right(code, want, 0, 4);
          for (let at = 4; at < PLACES; at += 2) sum += [0, -0.05, 0.15][right(code, want, at, at + 2)] ?? 0;
          return sum;
        },
      };
    },
  },
  {
    name: 'neutral', what: 'six pairs of places, each worth nothing until both are right (royal road: Mitchell, Forrest & Holland 1992)',
    make: (rng) => {
      const want = wanted(rng);
      return {
        places: PLACES, variants: VARIANTS,
        worth: (code) => {
          let whole = 0;
          for (let at = 0; at < PLACES; at += 2) if (right(code, want, at, at + 2) === 2) whole++;
          return whole / (PLACES / 2);
        },
      };
    },
  },
  { name: 'rugged', what: 'NK with N = 12, K = 3: places depend on each other at random', make: rugged },
  {
    name: 'chain', what: 'each place counts only when all before it are right (leading ones)',
    make: (rng) => {
      const want = wanted(rng);
      return {
        places: PLACES, variants: VARIANTS,
        worth: (code) => {
          let n = 0;
          while (n < PLACES && code[n] === want[n]) n++;
          return n / PLACES;
        },
      };
    },
  },
];

/** The share of answers that do not work, whatever was asked. */
export const BROKEN = 0.3;
/** The share of repairs that work. */
const REPAIRED = 0.5;

export interface Answer {
  readonly code: Code;
  /** It does not pass its gates. `code` is then what was meant. */
  readonly broken: boolean;
}

function changed(code: Code, places: number, variants: number, rng: Rng): Code {
  const at = new Set(rng.shuffle(code.map((_, i) => i)).slice(0, places));
  return code.map((c, i) => (at.has(i) ? (c + 1 + rng.int(variants - 1)) % variants : c));
}

/**
 * What the simulated model answers. `crossover` takes each place from the parent or from the mate, `rewrite` changes two to five places,
 * `debug` tries what the broken program meant once more; all else changes one place (seven times in ten), two, or three.
 */
export function answer(l: Landscape, operator: string, parent: Code, mate: Code | undefined, broken: Code | undefined, rng: Rng): Answer {
  if (operator === 'debug' && broken !== undefined) return { code: broken, broken: !rng.chance(REPAIRED) };
  const fails = rng.chance(BROKEN);
  if (operator === 'crossover' && mate !== undefined) return { code: parent.map((c, i) => (rng.chance(0.5) ? c : mate[i] ?? c)), broken: fails };
  if (operator === 'rewrite') return { code: changed(parent, 2 + rng.int(4), l.variants, rng), broken: fails };
  const u = rng.next();
  return { code: changed(parent, u < 0.7 ? 1 : u < 0.9 ? 2 : 3, l.variants, rng), broken: fails };
}

/** The generator of one instance of a family. */
export const instanceRng = (family: Family, seed: number): Rng => seededRng(`landscape ${family.name} ${seed}`);
