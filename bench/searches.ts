// How many evaluations each search needs to 90, 95 and 99 % of the optimum on the frozen landscapes, against best-of-n and random choice.
// In process, through the engine's own Search; nothing is spawned, nothing is timed. Seeded: the page is the same each time.
// Usage: npx tsx bench/searches.ts [--seeds N] [--only a,b] [--write]   (default 50 seeds; prints markdown)

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { BASELINE, type Outcome, type SolutionId } from '../src/core/solution.ts';
import { OPTIMIZERS, optimizerNamed } from '../src/core/optimizers/registry.ts';
import type { Optimizer } from '../src/core/optimizers/optimizer.ts';
import type { EventBody } from '../src/core/events.ts';
import type { Weights } from '../src/core/optimizers/policy.ts';
import { seededRng } from '../src/core/rng.ts';
import type { SolutionState } from '../src/core/run-state.ts';
import { Search } from '../src/engine/search.ts';
import { answer, FAMILIES, instanceRng, type Code, type Family } from './landscapes.ts';
import { random } from './random.ts';
import { duel, duelText, reachText, type Duel } from './duels.ts';

/** Evaluations of one run. */
const BUDGET = 1000;
/** The default of `sigil run`. */
const SHORT = 60;
/** The standard error of an estimate, and of a verified one, in units of the optimum. */
const ERROR = 0.02;
const VERIFIED = 0.005;
/** What is verified better must be so by this much. */
const MIN_EFFECT = 0.001;
const GOALS = [0.9, 0.95, 0.99] as const;
const CONTROLS = ['best-of-n', 'random'] as const;

/** A program as text, so that its diffs have traits: lines of different lengths, some of which branch. */
const lineOf = (place: number, variant: number): string => `${(place + variant) % 3 === 0 ? 'if ' : ''}place_${place} ${'x'.repeat((place * 7 + variant * 13) % 40)}`;
function patchOf(before: Code, after: Code): string {
  const changed = after.flatMap((v, i) => (v === before[i] ? [] : [[lineOf(i, before[i] ?? 0), lineOf(i, v)] as const]));
  if (changed.length === 0) return '';
  return `--- a/code\n+++ b/code\n@@ -1,${changed.length} +1,${changed.length} @@\n${changed.map(([a, b]) => `-${a}\n+${b}\n`).join('')}`;
}

const UNKNOWN: SolutionState = {
  id: '', ask: 0, parents: [], depth: 0, patch: '', operator: '', summary: '', usd: 0, spent: false, model: '', spend: [], outcome: null, reason: '', estimate: null, feasible: true,
  promotion: null, over: null, gain: null, metrics: {}, pairs: 0, gates: [], banned: false, accepted: false,
};

interface Played {
  /** The worth of the verified best after each evaluation of one run. */
  readonly best: readonly number[];
  readonly learned: Weights | undefined;
}

function play(optimizer: Optimizer, family: Family, seed: number, learned?: Weights): Played {
  const land = family.make(instanceRng(family, seed));
  const options = optimizer.name === 'random' ? {} : optimizerNamed(optimizer.name, {}).options;
  const search = new Search(optimizer, options, seed, { evaluations: BUDGET, ...(learned === undefined ? {} : { learned }) });
  const codes = new Map<SolutionId, Code>([[BASELINE, Array.from({ length: land.places }, () => 0)]]);
  const tried = new Set<string>([codes.get(BASELINE)?.join('') ?? '']);
  const solutions = new Map<SolutionId, SolutionState>();
  const world = seededRng(`world ${family.name} ${seed} ${optimizer.name}`);
  const best: number[] = [];
  let incumbent = 0;
  let seq = 0;
  const say = (body: EventBody): void => { search.follow({ v: 1, seq, t: seq++, ...body }, (id) => solutions.get(id)); };
  for (let n = 0; best.length < BUDGET && n < 10 * BUDGET; n++) {
    const { ask, rng } = search.ask();
    if (ask === null) break;
    say({ type: 'asked', ask: n, request: ask, rng });
    const parent = codes.get(ask.parent) ?? [];
    const made = answer(land, ask.operator ?? 'diff', parent, codes.get(ask.inspirations[0] ?? ''), ask.broken === undefined ? undefined : codes.get(ask.broken), world);
    const id = `s${n}`;
    const patch = `${patchOf(parent, made.code)}${made.broken ? '\n' : ''}`;
    const parents = [ask.parent, ...ask.inspirations];
    codes.set(id, made.code);
    solutions.set(id, { ...UNKNOWN, id, ask: n, parents, patch, operator: ask.operator ?? 'diff' });
    say({ type: 'proposed', ask: n, id, parents, patch, operator: ask.operator ?? 'diff', summary: '', usd: 0, spent: false });
    const key = made.code.join('');
    const worth = land.worth(made.code);
    const outcome: Outcome = made.broken ? 'blocked' : tried.has(key) ? 'duplicate' : worth > incumbent + MIN_EFFECT ? 'kept' : 'discarded';
    const error = outcome === 'kept' ? VERIFIED : ERROR;
    const effect = outcome === 'kept' || outcome === 'discarded' ? worth + error * world.normal() : null;
    if (!made.broken) tried.add(key);
    if (outcome === 'kept') incumbent = worth;
    if (outcome !== 'duplicate') best.push(incumbent);
    say({ type: 'verdict', ask: n, id, outcome, reason: '', estimate: effect === null ? null : { scale: 'difference', gain: effect, error }, effect, feasible: true, p: null, alpha: null, pairs: 1, processes: 1, seconds: 0, metrics: {} });
  }
  return { best, learned: search.learned };
}

/** Runs of the same family that come before, on landscapes of their own, and hand on what they learned. */
const BEFORE = 8;

function learnedOn(optimizer: Optimizer, family: Family): Weights | undefined {
  return Array.from({ length: BEFORE }, (_, i) => 5000 + i).reduce<Weights | undefined>((learned, seed) => play(optimizer, family, seed, learned).learned, undefined);
}

interface Cell {
  readonly family: string;
  readonly search: string;
  /** By goal, by seed: evaluations until it is reached; Infinity where it is not. */
  readonly reached: readonly (readonly number[])[];
  readonly short: number;
  readonly long: number;
}

/** A search as the page has it: `later` ones begin with what earlier runs learned. */
interface Entry {
  readonly name: string;
  readonly optimizer: Optimizer;
  readonly later: boolean;
}

function cellOf({ name, optimizer, later }: Entry, family: Family, seeds: number): Cell {
  const learned = later ? learnedOn(optimizer, family) : undefined;
  const runs = Array.from({ length: seeds }, (_, seed) => play(optimizer, family, seed, learned).best);
  const at = (run: readonly number[], n: number): number => run[Math.min(n, run.length) - 1] ?? 0;
  const mean = (n: number): number => runs.reduce((sum, r) => sum + at(r, n), 0) / seeds;
  const reached = GOALS.map((goal) => runs.map((r) => {
    const i = r.findIndex((v) => v >= goal);
    return i < 0 ? Infinity : i + 1;
  }));
  return { family: family.name, search: name, reached, short: mean(SHORT), long: mean(BUDGET) };
}

function page(cells: readonly Cell[], seeds: number): string {
  const of = (family: string, search: string): Cell | undefined => cells.find((c) => c.family === family && c.search === search);
  const duels = cells.filter((c) => !CONTROLS.some((n) => n === c.search)).flatMap((c) => GOALS.flatMap((goal, g) => CONTROLS.flatMap((control) => {
    const theirs = of(c.family, control)?.reached[g];
    return theirs === undefined ? [] : [{ cell: c, goal, control, mine: c.reached[g] ?? [], theirs, ...duel(c.reached[g] ?? [], theirs) }];
  })));
  const count = (v: Duel['verdict']): number => duels.filter((d) => d.verdict === v).length;
  const lost = duels.filter((d) => d.verdict === 'slower').sort((a, b) => b.losses - b.wins - (a.losses - a.wins));
  const out = [
    '# Searches on landscapes with a known optimum', '',
    '`npx tsx bench/searches.ts --write`', '',
    'Seeded and in process: the same numbers on any machine, in about a minute.', '',
    `Evaluations until the verified best is worth 90, 95 and 99 % of the optimum, over ${seeds} seeded landscapes of each family (bench/landscapes.ts, frozen before any but greedy, annealing and best-of-n was written). The defaults of ucb and alphaevolve were chosen on twelve other landscapes of each family (seeds from 1000 on), after comparing nine and eight settings, those of rl after comparing eighteen; tree has AIDE's constants. *rl, later* begins with what rl learned in ${BEFORE} runs on other landscapes of the family. Every search has its default options and a plan of ${BUDGET} evaluations, one at a time, and runs through the engine's own Search. The simulated model is the same for all: 30 % of its answers are broken, whatever was asked; half of its repairs work. Estimates have a standard error of ${ERROR * 100} % of the optimum, verified ones of ${VERIFIED * 100} %; verification itself never errs here. Broken answers count as evaluations, duplicates do not.`, '',
    'What this does not show: real models answer better to better prompts, and real programs are none of these families. Nothing is timed.', '',
    `A cell is the median with the number of landscapes on which the goal was reached. Beside it, landscape by landscape, how often the search was there sooner – later than the control; ▲ and ▼ where a sign test says that the difference is no chance (two-sided, 5 % a cell: of ${duels.length} comparisons some ${Math.round(0.05 * duels.length)} would say so by luck).`, '',
    `Of ${duels.length} comparisons ${count('slower')} are lost, ${count('even')} are even, ${count('faster')} are won.`, '',
    '## Where a search is slower than a control', '',
    '| family | search | goal | its evaluations | control | the control\'s | sooner – later |', '| --- | --- | --- | --- | --- | --- | --- |',
    ...lost.map((d) => `| ${d.cell.family} | ${d.cell.search} | ${d.goal * 100} % | ${reachText(d.mine, BUDGET)} | ${d.control} | ${reachText(d.theirs, BUDGET)} | ${duelText(d)} |`), '',
    '## All cells', '',
  ];
  for (const family of FAMILIES) {
    const rows = cells.filter((c) => c.family === family.name);
    if (rows.length === 0) continue;
    out.push(`### ${family.name}`, '', `${family.what[0]?.toUpperCase() ?? ''}${family.what.slice(1)}.`, '');
    out.push(`| search | ${GOALS.map((g) => `${g * 100} % | ${CONTROLS.map((c) => `against ${c}`).join(' | ')}`).join(' | ')} | worth after ${SHORT} | after ${BUDGET} |`);
    out.push(`| --- |${' --- |'.repeat(GOALS.length * (1 + CONTROLS.length) + 2)}`);
    for (const c of rows) {
      const columns = GOALS.map((goal, g) => {
        const against = CONTROLS.map((control) => {
          const d = duels.find((x) => x.cell === c && x.goal === goal && x.control === control);
          return d === undefined ? '' : duelText(d);
        });
        return `${reachText(c.reached[g] ?? [], BUDGET)} | ${against.join(' | ')}`;
      });
      out.push(`| ${c.search} | ${columns.join(' | ')} | ${c.short.toFixed(2)} | ${c.long.toFixed(2)} |`);
    }
    out.push('');
  }
  return out.join('\n');
}

function argument(name: string): string | undefined {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
}

const seeds = Number(argument('seeds') ?? 50);
const only = argument('only')?.split(',');
const searches: readonly Entry[] = [...OPTIMIZERS, random as Optimizer].filter((o) => o.needs === undefined).filter((o) => only === undefined || only.includes(o.name) || CONTROLS.some((c) => c === o.name))
  .flatMap((o) => [{ name: o.name, optimizer: o, later: false }, ...(o.learned === undefined ? [] : [{ name: `${o.name}, later`, optimizer: o, later: true }])]);
const began = Date.now();
const cells = FAMILIES.flatMap((f) => searches.map((o) => cellOf(o, f, seeds)));
const text = page(cells, seeds);
process.stderr.write(`${((Date.now() - began) / 1000).toFixed(0)} s\n`);
if (process.argv.includes('--write')) writeFileSync(path.join(__dirname, 'results/searches.md'), text);
else process.stdout.write(text);
