// Islands of elites, in the manner of AlphaEvolve (Novikov et al. 2025, arXiv 2506.13131, section 2.5), which names its parts and not their
// constants: MAP-Elites (Mouret & Clune 2015, arXiv 1504.04909) on each of several islands (Tanese 1989) with migration around a ring.
// A cell of an island's grid holds the best solution of its kind. The kinds are traits, never the score: how much longer than the baseline
// it is, how much was edited, and how many more branches it has. So a search keeps ways that are not the best yet, and mixes them.
// The shares of exploring, exploiting and weighted choice are those of OpenEvolve 0.3; the intervals are shorter, since runs here are.

import type { Rng } from '../rng.ts';
import { BASELINE, type SolutionId } from '../solution.ts';
import { NO_TRAITS, type Traits } from '../traits.ts';
import type { Ask, Optimizer, Told } from './optimizer.ts';
import { numberOption } from './options.ts';
import { cautious, isParentMaterial } from './pool.ts';

interface Elite {
  readonly cell: number;
  readonly id: SolutionId;
  /** Less one standard error. */
  readonly effect: number;
}

interface State {
  /** One list an island, the best first, each cell once; ties in order of arrival. */
  readonly islands: readonly (readonly Elite[])[];
  readonly barred: readonly SolutionId[];
  /** The island whose turn it is. */
  readonly turn: number;
  /** Evaluations since the last migration. */
  readonly since: number;
  readonly options: Options;
}

interface Options {
  readonly explore: number;
  readonly exploit: number;
  readonly rewrite: number;
  readonly crossover: number;
  readonly inspirations: number;
  readonly migration: number;
  readonly migrants: number;
}

const stepOf = (n: number, bounds: readonly number[]): number => bounds.filter((b) => n > b).length;

/** A step of size ends after so many characters more or fewer, one of lines after so many lines. */
export const SIZE_STEPS = [10, 100] as const;
export const LINE_STEPS = [2, 8, 26] as const;

/** A kind of solution: size in five steps, the smallest first, the lines that were edited in four, branches in three. */
export interface Kind {
  readonly size: number;
  readonly lines: number;
  readonly branches: number;
}

export function kindOf(t: Traits): Kind {
  return { size: 2 + Math.sign(t.size) * stepOf(Math.abs(t.size), SIZE_STEPS), lines: stepOf(t.footprint, LINE_STEPS), branches: 1 + Math.sign(t.branches) };
}

/** The cell of a kind. */
export function cellOf(t: Traits): number {
  const { size, lines, branches } = kindOf(t);
  return (size * 4 + lines) * 3 + branches;
}

/** Puts an elite into its cell, if that is empty or holds a worse one. */
function settled(island: readonly Elite[], one: Elite): readonly Elite[] {
  const held = island.find((e) => e.cell === one.cell);
  if (held !== undefined && held.effect >= one.effect) return island;
  const rest = island.filter((e) => e !== held && e.id !== one.id);
  const at = rest.findIndex((e) => e.effect < one.effect);
  return at < 0 ? [...rest, one] : [...rest.slice(0, at), one, ...rest.slice(at)];
}

/** Around the ring: the best of each island are also put on the next. All leave before any arrives. */
function migrated(s: State): State {
  const { islands } = s;
  const next = islands.map((island, i) => {
    const from = islands[(i + islands.length - 1) % islands.length] ?? [];
    return from.slice(0, Math.ceil(s.options.migrants * from.length)).reduce(settled, island);
  });
  return { ...s, islands: next, since: 0 };
}

/** One by rank: each is half as likely as the one before. */
function byRank<T>(items: readonly T[], rng: Rng): T | undefined {
  let i = 0;
  while (i < items.length - 1 && rng.chance(0.5)) i++;
  return items[i];
}

function parentOn(island: readonly Elite[], o: Options, rng: Rng): Elite | undefined {
  const u = rng.next();
  if (u < o.explore && island.length > 0) return rng.pick(island);
  return u < o.explore + o.exploit ? island[0] : byRank(island, rng);
}

/** A good one first, which is the mate of a crossover, then any: none twice, and never the parent. */
function inspirationsOn(island: readonly Elite[], parent: Elite, o: Options, rng: Rng): readonly SolutionId[] {
  const others = island.filter((e) => e.id !== parent.id && e.id !== BASELINE);
  const mate = byRank(others, rng);
  if (mate === undefined) return [];
  return [mate, ...rng.shuffle(others.filter((e) => e !== mate))].slice(0, o.inspirations).map((e) => e.id);
}

function without(s: State, id: SolutionId): State {
  return s.barred.includes(id) ? s : { ...s, barred: [...s.barred, id], islands: s.islands.map((island) => island.filter((e) => e.id !== id)) };
}

/** The island that a verdict belongs to: the ask's, or, for what the run asked by itself, the one that has the parent. */
function islandOf(s: State, told: Told): number {
  const { branch } = told.ask;
  if (branch !== undefined && branch < s.islands.length) return branch;
  return Math.max(0, s.islands.findIndex((island) => island.some((e) => e.id === told.parent)));
}

export const alphaevolve: Optimizer<State> = {
  name: 'alphaevolve',
  summary: 'islands that each keep the best of every kind (MAP-Elites), with migration, crossover and rewrites',
  defaults: { islands: 2, explore: 0.2, exploit: 0.7, rewrite: 0.15, crossover: 0.2, inspirations: 3, migration: 10, migrants: 0.1, novelty: 0 },
  init: (given) => {
    numberOption(given, 'novelty', 0, 1); // the run's own: what it does with proposals that are nearly those before
    return {
      islands: Array.from({ length: Math.floor(numberOption(given, 'islands', 1, 16)) }, () => [{ cell: cellOf(NO_TRAITS), id: BASELINE, effect: 0 }]),
      barred: [], turn: 0, since: 0,
      options: {
        explore: numberOption(given, 'explore', 0, 1), exploit: numberOption(given, 'exploit', 0, 1), rewrite: numberOption(given, 'rewrite', 0, 1), crossover: numberOption(given, 'crossover', 0, 1),
        inspirations: Math.floor(numberOption(given, 'inspirations', 0, 16)), migration: numberOption(given, 'migration', 1), migrants: numberOption(given, 'migrants', 0, 1),
      },
    };
  },
  ask: (state, rng) => {
    const n = state.islands.length;
    for (let i = 0; i < n; i++) {
      const branch = (state.turn + i) % n;
      const island = state.islands[branch] ?? [];
      const parent = parentOn(island, state.options, rng);
      if (parent === undefined) continue; // all of its elites are spent or banned
      const inspirations = inspirationsOn(island, parent, state.options, rng);
      const u = rng.next();
      const { crossover, rewrite } = state.options;
      const operator = u < crossover && inspirations.length > 0 && parent.id !== BASELINE ? 'crossover' : u >= crossover && u < crossover + rewrite ? 'rewrite' : 'diff';
      const ask: Ask = { parent: parent.id, inspirations, operator, branch };
      return { state: { ...state, turn: (branch + 1) % n }, ask };
    }
    return { state, ask: null };
  },
  tell: (state, told) => {
    const s = told.spent ? without(state, told.parent) : state;
    if (told.outcome === 'duplicate' || told.outcome === 'invalid' || told.outcome === 'infra-error') return s;
    const counted = { ...s, since: s.since + 1 };
    const at = islandOf(s, told);
    const settledIn = isParentMaterial(told) && !s.barred.includes(told.id)
      ? { ...counted, islands: s.islands.map((island, i) => (i === at ? settled(island, { cell: cellOf(told.traits), id: told.id, effect: cautious(told) }) : island)) }
      : counted;
    return settledIn.since >= s.options.migration ? migrated(settledIn) : settledIn;
  },
  ban: without,
};
