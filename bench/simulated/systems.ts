// What other systems need to run on a simulated project, written into it: their configuration, and an evaluator of theirs that runs the same
// command as sigil.yaml's. All of it is ours; the systems themselves are installed by whoever runs them, never here.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FILE } from './program.ts';

/** Worse than every program of every family: a program that does not run is never somebody's equal. */
const FAILED = -1000;
/** Each evaluation is a line of it: what it was worth, or null where the program failed. */
export const EVALUATIONS = 'evaluations.jsonl';

export interface Setting {
  readonly root: string;
  /** The command that prints what PROGRAM is worth, or fails. */
  readonly measure: string;
  readonly seed: number;
  /** With /v1. */
  readonly url: string;
  /** Evaluations, or what the system counts in their stead. */
  readonly budget: number;
}

export interface System {
  readonly name: string;
  /** What it is, for the page. */
  readonly what: string;
  /** Its package, as pip knows it. */
  readonly package: string;
  readonly write: (s: Setting) => void;
  /** In the project's folder, with the Python that has the package. */
  readonly args: (s: Setting) => readonly string[];
}

/** `worth_of(path)`: what a program is worth, by the command that Sigil runs too; None where it fails. */
const evaluatorHead = ({ measure }: Setting): string => `import json
import os
import shlex
import subprocess

HERE = os.path.dirname(os.path.abspath(__file__))


def worth_of(path):
    command = ${JSON.stringify(measure)}.replace("PROGRAM", shlex.quote(path))
    done = subprocess.run(command, shell=True, cwd=HERE, capture_output=True, text=True, timeout=60)
    worth = float(done.stdout.split("worth:")[1]) if done.returncode == 0 else None
    with open(os.path.join(HERE, ${JSON.stringify(EVALUATIONS)}), "a") as log:
        log.write(json.dumps(worth) + "\\n")
    return worth
`;

/** Its defaults, but for what has to be said: the model's address, and the seed. `more` stands in its section of the database. */
const openevolve = (name: string, what: string, more: Readonly<Record<string, number>>): System => ({
  name, what, package: 'openevolve',
  write: (s) => {
    writeFileSync(join(s.root, 'evaluator.py'), `${evaluatorHead(s)}

def evaluate(program_path):
    worth = worth_of(program_path)
    return {"combined_score": ${FAILED}.0 if worth is None else worth}
`);
    const database = Object.entries({ random_seed: s.seed, ...more }).map(([key, value]) => `  ${key}: ${value}\n`).join('');
    writeFileSync(join(s.root, 'config.yaml'), `random_seed: ${s.seed}
llm:
  primary_model: sim
  api_base: ${s.url}
  api_key: none
database:
${database}`);
  },
  args: (s) => ['-m', 'openevolve.cli', FILE, 'evaluator.py', '--config', 'config.yaml', '--iterations', String(s.budget), '--log-level', 'WARNING'],
});

/** `optimize_anything` on one task with its defaults, but for the seed and the budget, which it counts in evaluations. */
const gepa: System = {
  name: 'gepa', what: 'GEPA, `optimize_anything` on one task, with its default settings', package: 'gepa openai',
  write: (s) => writeFileSync(join(s.root, 'search.py'), `${evaluatorHead(s)}

import tempfile
from gepa.optimize_anything import EngineConfig, GEPAConfig, ReflectionConfig, optimize_anything
from openai import OpenAI

client = OpenAI(base_url=${JSON.stringify(s.url)}, api_key="none")


def model(prompt):
    messages = prompt if isinstance(prompt, list) else [{"role": "user", "content": prompt}]
    return client.chat.completions.create(model="sim", messages=messages).choices[0].message.content


def evaluate(candidate):
    with tempfile.NamedTemporaryFile("w", suffix=".py", dir=HERE) as file:
        file.write(candidate)
        file.flush()
        worth = worth_of(file.name)
    return (${FAILED}.0, {"error": "the program failed"}) if worth is None else (worth, {"worth": worth})


optimize_anything(
    seed_candidate=open(os.path.join(HERE, ${JSON.stringify(FILE)})).read(),
    evaluator=evaluate,
    objective="Maximize the worth of the program.",
    config=GEPAConfig(engine=EngineConfig(seed=${s.seed}, max_metric_calls=${s.budget}), reflection=ReflectionConfig(reflection_lm=model)),
)
`),
  args: () => ['search.py'],
};

export const SYSTEMS: readonly System[] = [
  openevolve('openevolve', 'OpenEvolve with its default settings', {}),
  // Its defaults are for thousands of answers: so small is the database in the examples that come with it.
  openevolve('openevolve-small', 'OpenEvolve with the database of its examples (population 50, archive 20, 3 islands, elites 0.2)', { population_size: 50, archive_size: 20, num_islands: 3, elite_selection_ratio: 0.2 }),
  gepa,
];

export function systemNamed(name: string): System {
  const system = SYSTEMS.find((s) => s.name === name);
  if (system === undefined) throw new Error(`there is no system "${name}": choose one of ${SYSTEMS.map((s) => s.name).join(', ')}`);
  return system;
}
