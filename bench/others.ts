// Other systems and Sigil's own searches on the same simulated model, the same landscapes and the same evaluation, each as its users start it.
// Usage: npm run build && npx tsx bench/others.ts --python openevolve=/venv/bin/python3 --python gepa=/venv2/bin/python3
//          [--only a,b] [--families a,b] [--seeds 8] [--from 0] [--budget 200] [--jobs 1] [--keep runs.jsonl] [--write]
// --keep appends each run to a file and takes up those that stand there. The systems come from pip, into environments of their own.

import { execFileSync } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { FAMILIES, type Family } from './landscapes.ts';
import { machineLine } from './machine.ts';
import { othersPage } from './others-page.ts';
import { commandWithRandom } from './simulated/command.ts';
import { familyNamed } from './simulated/project.ts';
import { play, type Contender, type Played } from './simulated/play.ts';
import { SYSTEMS } from './simulated/systems.ts';

const OURS = [
  { name: 'alphaevolve', what: 'Sigil with its default search for a model' }, { name: 'greedy', what: 'Sigil with `--optimizer greedy`' },
  { name: 'best-of-n', what: 'Sigil with `--optimizer best-of-n`: changes of the original only' }, { name: 'random', what: 'Sigil with a search of this bench: any measured solution is the next parent' },
];

/** One after the other, in so many lanes. */
async function each<T>(items: readonly T[], lanes: number, work: (item: T) => Promise<void>): Promise<void> {
  const rest = [...items];
  await Promise.all(Array.from({ length: lanes }, async () => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await work(item);
  }));
}

function pythons(given: readonly string[]): ReadonlyMap<string, string> {
  return new Map(given.map((text) => {
    const [name, file] = text.split('=');
    if (name === undefined || file === undefined || !existsSync(file)) throw new Error(`--python ${text}: name a package and a Python that has it, as openevolve=/venv/bin/python3`);
    if (!SYSTEMS.some((s) => s.package.startsWith(name))) throw new Error(`--python ${text}: there is no ${name}`);
    return [name, file];
  }));
}

const headOf = (versions: readonly string[], seeds: number, budget: number): readonly string[] => [
  '# Other systems on the simulated model', '',
  `\`npm run build && npx tsx bench/others.ts --python openevolve=/venv/bin/python3 --python gepa=/venv/bin/python3 --seeds ${seeds} --budget ${budget} --write\` (each in an environment of its own, from pip)`, '',
  `${machineLine()} ${versions.join(', ')}.`, '',
  `Each contender is started as its users start it, on the frozen landscapes of bench/landscapes.ts (seeds 0 to ${seeds - 1}; flat is left out, on which there is nothing to reach), until it has had ${budget} evaluations or reached 99 % of the optimum. The bench's own process is both the model and the evaluation, so it sees every answer and every execution; nothing here is what a system says of itself.`, '',
  '**The same for all**: the landscape; the program to begin with; the model, whose n-th answer to the same program is the same whoever asks, 30 % of them broken in the same ways; the evaluation, which is exact and by the same command; what is counted. *Evaluations* are executions of that command after the first answer: those by which Sigil confirms a promotion (three each) and those by which GEPA measures a parent again count like any others. *Answers* are the model\'s.', '',
  '**Not the same**: each has its own prompts, so its own parents, and its own form of answer (SEARCH/REPLACE, or the whole program). Sigil\'s prompts also ask for rewrites, crossovers and repairs, which the model answers as such; whatever another system asks for is answered as a change of the program that it shows, of one to three places: its instructions, feedback and inspirations are read by nobody here, as Sigil\'s history is not. A program that fails scores −1000 for systems that know scores only; a changed program whose parent failed mends it in seven of ten answers, where Sigil\'s repairs work in half. OpenEvolve and Sigil ask ahead of verdicts by their defaults. Sigil runs in its sandbox, the others run evaluations in none. The evaluation asks the bench\'s process instead of starting Python and Node as `bench/simulated-model.ts --project` has it: the program must be one of the landscape letter for letter, else it fails.', '',
  '**What this does not show**: how well prompts work with real models, which is most of what such systems are; noise; longer runs than this (OpenEvolve\'s defaults are for thousands of answers); several objectives or tasks, for which GEPA\'s front is made. Seconds are of a machine that others share.', '',
  '**Why it is behind where it is**: needle and independent are there for best-of-n to win. On additive landscapes every search that always changes the best one is ahead of one that keeps islands and kinds, and GEPA on one task is such a search, as greedy is. GEPA measures a parent again for each answer, so counts of evaluations speak against it and counts of answers for it: both are here. Sigil asks again where an answer has no usable edit or repeats a program that was tried, which costs answers and spares evaluations. A first run of this bench showed that Sigil asked two proposals ahead also where answers come much faster than evaluations end, so that parents were two verdicts old; it asks one ahead there now, and its rows are from after that change. Nothing else was changed for what stands here.', '',
];

async function main(): Promise<void> {
  const { values } = parseArgs({ options: {
    python: { type: 'string', multiple: true, default: [] }, only: { type: 'string' }, families: { type: 'string', default: FAMILIES.filter((f) => f.name !== 'flat').map((f) => f.name).join(',') },
    seeds: { type: 'string', default: '8' }, from: { type: 'string', default: '0' }, budget: { type: 'string', default: '200' }, jobs: { type: 'string', default: '1' }, keep: { type: 'string' }, write: { type: 'boolean', default: false },
  } });
  const at = pythons(values.python);
  const command = commandWithRandom();
  const contenders: readonly Contender[] = [
    ...OURS.map(({ name }): Contender => ({ name, kind: 'sigil', command: command.file })),
    ...SYSTEMS.flatMap((system): Contender[] => { const python = at.get(system.package.split(' ')[0] ?? ''); return python === undefined ? [] : [{ name: system.name, kind: 'other', system, python }]; }),
  ].filter((c) => values.only === undefined || values.only.split(',').includes(c.name));
  const kept = values.keep !== undefined && existsSync(values.keep) ? readFileSync(values.keep, 'utf8').trim().split('\n').filter((l) => l !== '').map((l) => JSON.parse(l) as Played) : [];
  const budget = Number(values.budget);
  const runs: Played[] = kept.filter((r) => r.budget === budget);
  const done = (name: string, family: Family, seed: number): boolean => runs.some((r) => r.contender === name && r.family === family.name && r.seed === seed);
  const families = values.families.split(',').map(familyNamed);
  const todo = Array.from({ length: Number(values.seeds) }, (_, i) => Number(values.from) + i)
    .flatMap((seed) => families.flatMap((family) => contenders.filter((c) => !done(c.name, family, seed)).map((contender) => ({ contender, family, seed }))));
  try {
    await each(todo, Number(values.jobs), async ({ contender, family, seed }) => {
      const played = await play(contender, family, seed, budget);
      runs.push(played);
      if (values.keep !== undefined) appendFileSync(values.keep, `${JSON.stringify(played)}\n`);
      process.stderr.write(`${family.name} ${seed} ${contender.name}: best ${Math.max(...played.worths.map((w) => w ?? -Infinity)).toFixed(3)} after ${played.worths.length} evaluations and ${played.answers.at(-1) ?? 0} answers, ${played.seconds.toFixed(0)} s\n`);
    });
  } finally {
    rmSync(command.folder, { recursive: true, force: true });
  }
  const versions = [...at].map(([name, python]) => `${name} ${execFileSync(python, ['-c', `import importlib.metadata as m; print(m.version("${name}"))`], { encoding: 'utf8' }).trim()}`);
  const entrants = [...OURS.map((e) => ({ ...e, ours: true })), ...SYSTEMS.map((e) => ({ ...e, ours: false }))];
  const page = othersPage(runs, entrants, budget, headOf(versions, new Set(runs.map((r) => r.seed)).size, budget));
  if (values.write) writeFileSync(join(__dirname, 'results/others.md'), page);
  else process.stdout.write(page);
}

void main();
