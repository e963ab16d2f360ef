// A run before its first event: its names and folders, the search with its options, what the journal is to begin with; or what a journal holds.

import { copyFileSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import type { EventBody } from '../../core/events.ts';
import type { KnobRange } from '../../core/knob.ts';
import type { Optimizer } from '../../core/optimizers/optimizer.ts';
import { optimizerNamed } from '../../core/optimizers/registry.ts';
import type { BaseFile } from '../../core/pin.ts';
import type { Spec } from '../../core/spec.ts';
import { listRuns, newRunName, runPaths, type RunPaths } from '../../adapters/journal/layout.ts';
import { knobRanges } from '../../adapters/mutators/knob-vector.ts';
import { NormalForms, Parents } from '../../adapters/mutators/parents.ts';
import { grantedTo } from '../agents.ts';
import { assertSameJudges, hashesOf } from '../hashes.ts';
import { learnedBefore } from '../learned.ts';
import { startedModels } from '../models.ts';
import { baseOf } from '../project.ts';
import { oneSolution, type OpenRun } from '../runs.ts';
import type { Conduct, NewRun, ResumedRun } from './conduct.ts';
import { asksAnyone, callsFor } from './proposers.ts';

type Started = Extract<EventBody, { type: 'run-started' }>;
type OptimizerOptions = ReturnType<typeof optimizerNamed>['options'];

/** The first event without what the backend tells. */
export type Start = Omit<Started, 'level' | 'checkout' | 'machine' | 'commit' | 'slots'>;

export interface Prepared {
  readonly paths: RunPaths;
  /** Its budget in USD is the one that holds now. */
  readonly spec: Spec;
  readonly base: readonly BaseFile[];
  readonly optimizer: Optimizer;
  readonly options: OptimizerOptions;
  /** Evaluations to come. */
  readonly evaluations: number;
  /** USD that it has cost so far. */
  readonly spent: number;
  /** What a new run's journal begins with. */
  readonly start: Start | null;
  /** The run that goes on. */
  readonly opened: OpenRun | null;
}

export function prepare(c: Conduct): Promise<Prepared> | Prepared {
  return c.what.kind === 'new' ? prepareNew(c, c.what) : prepareResume(c.root, c.what);
}

async function prepareNew(c: Conduct, what: NewRun): Promise<Prepared> {
  const { spec } = what;
  const base = await baseOf(c.root, spec);
  const from = what.from === null ? null : oneSolution(c.root, what.from, {});
  const { optimizer, options } = optimizerNamed(spec.optimizer.name, spec.optimizer.options);
  const knobs = await knobsFor(optimizer, options, spec, base, asksAnyone(c));
  const learned = learnedBefore(c.root, optimizer, spec.name);
  const names = new Set(listRuns(c.root).map((r) => r.run)); // of all specs: a run is named without its spec
  const name = newRunName(Date.now(), spec.optimizer.name, (n) => names.has(n));
  const paths = runPaths(c.root, spec.name, what.workspace, name);
  for (const f of base) {
    const path = join(paths.base, f.file);
    mkdirSync(dirname(path), { recursive: true });
    copyFileSync(join(c.root, f.file), path);
  }
  let parent: Start['parent'] = null;
  if (from) {
    const pins = new Set(base.flatMap((f) => f.pins.map((p) => p.id)));
    const genome = from.genomes.of(from.solution.id);
    const foreign = Object.keys(genome).find((id) => !pins.has(id));
    if (foreign !== undefined) throw new UserError(`--from ${what.from ?? ''}: it is a solution of other pins (${foreign})`, 'Give a solution of the same spec.', 2);
    parent = { genome, from: from.solution.id };
  }
  const start: Start = {
    type: 'run-started', run: name, workspace: what.workspace, spec, base, hashes: hashesOf(c.root, spec, base), seed: what.seed,
    ...startedModels(c.models, c.agents.map(({ agent, weight }) => ({ name: agent.model, weight }))), ...(c.agents.length === 0 ? {} : { granted: await grantedTo(c.agents, c.root) }),
    ...callsFor(c), parent, ...(knobs === null ? {} : { knobs }), ...(learned === null ? {} : { learned: learned.weights, learnedIn: learned.run }), ...(what.controls === undefined ? {} : { controls: what.controls }),
  };
  return { paths, spec, base, optimizer, options, evaluations: spec.budget.evaluations, spent: 0, start, opened: null };
}

/** The knobs of a search that needs them, checked before anything is written; null for the others. */
async function knobsFor(optimizer: Optimizer, options: OptimizerOptions, spec: Spec, base: readonly BaseFile[], asks: boolean): Promise<readonly KnobRange[] | null> {
  if (optimizer.needs !== 'knobs') return null;
  if (asks) throw new UserError(`${optimizer.name} sets numbers by itself, and asks no model`, 'Leave --model out, or choose another search.', 2);
  const knobs = await knobRanges(new Parents(new NormalForms()), base);
  optimizer.init(options, { evaluations: spec.budget.evaluations, knobs });
  return knobs;
}

function prepareResume(root: string, { opened, changes }: ResumedRun): Prepared {
  const { paths, state } = opened;
  const { started } = state;
  if (started === null) throw new UserError(`run ${paths.run} has no beginning`, 'Start a new one.');
  const { spec, base, hashes } = started;
  assertSameJudges(root, hashes, spec, base);
  return {
    paths, spec: { ...spec, budget: { ...spec.budget, usd: changes.usd ?? state.usdLimit } }, base,
    ...optimizerNamed(spec.optimizer.name, spec.optimizer.options), evaluations: Math.max(0, (changes.extendTo ?? state.planned) - state.evaluations), spent: state.usd, start: null, opened,
  };
}
