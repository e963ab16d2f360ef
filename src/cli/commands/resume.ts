// `resume`: goes on exactly where a run stopped, or extends one that ended.

import { UserError } from '../../core/errors.ts';
import { secondsText } from '../../core/format.ts';
import { chooseAgents, specForAgents } from '../agents.ts';
import { conductRun } from '../running/conduct.ts';
import type { Globals } from '../main.ts';
import { assertOfUse } from '../of-no-use.ts';
import { namedIn, resumedModels, specForModels } from '../models.ts';
import { projectRoot } from '../project.ts';
import { readUserConfig } from '../../adapters/user-config.ts';
import { milliseconds } from '../../adapters/spec/resolve.ts';
import type { RunPaths } from '../../adapters/journal/layout.ts';
import { isInterrupted, oneRun, openRun, runStatus, runsOf, withoutControls } from '../runs.ts';

/** `40` is a total, `+20` twenty more than planned. */
function planned(text: string | undefined, before: number): number | null {
  if (text === undefined) return null;
  const m = /^(\+?)(\d+)$/.exec(text);
  const n = Number(m?.[2] ?? NaN);
  if (!m || n < 1) throw new UserError(`--niter ${text}: it is not a number of solutions`, 'Write --niter 60 for a total, or --niter +20 for twenty more.', 2);
  const total = m[1] === '+' ? before + n : n;
  if (total < before) throw new UserError(`--niter ${text}: ${before} are planned already`, `Write --niter +N for more than that.`, 2);
  return total;
}

interface ResumeOptions {
  readonly niter?: string;
  readonly budgetUsd?: number;
  readonly usdPerDay?: number;
  readonly baseUrl?: string;
  readonly calls?: number;
  readonly time?: string;
  readonly parallel?: number;
  readonly logDir?: string;
}

/** The latest run that can go on; a control only where nothing else can. */
function lastInterrupted(root: string): RunPaths | undefined {
  const interrupted = runsOf(root, {}).filter(isInterrupted);
  return withoutControls(interrupted, {}).at(-1) ?? interrupted.at(-1);
}

export async function resumeRun(globals: Globals, options: ResumeOptions, name?: string): Promise<number> {
  const root = projectRoot(globals.cwd);
  const paths = name === undefined ? (lastInterrupted(root) ?? oneRun(root, {})) : oneRun(root, { run: name });
  const opened = openRun(paths);
  const { state } = opened;
  if (state.started === null) throw new UserError(`run ${paths.run} ended before it began: there is nothing to go on with`, 'Start a new one with "sigil run".');
  const extendTo = planned(options.niter, state.planned);
  if (runStatus(paths, state) === 'finished' && state.evaluations >= (extendTo ?? state.planned)) {
    throw new UserError(`run ${paths.run} is finished: ${state.evaluations} of ${state.planned} evaluations`, 'Extend it with --niter +20, or start a new run.', 2);
  }
  const timeMs = options.time === undefined ? undefined : milliseconds(options.time);
  const limit = timeMs ?? state.timeLimit;
  if (state.summary?.reason === 'time' && runStatus(paths, state) === 'finished' && limit !== null && state.activeMs >= limit)
    throw new UserError(`run ${paths.run} has used its time: ${secondsText(state.activeMs / 1000)} of ${secondsText(limit / 1000)}`, 'Give it more: --time DURATION says how long it may be at work in all.', 2);
  const { agents } = chooseAgents(root, namedIn(state.started), options.baseUrl ?? null);
  if (options.baseUrl !== undefined && namedIn(state.started).length === 0) throw new UserError(`--base-url was given, and run ${paths.run} asks no model`, 'Leave it out.', 2);
  const models = resumedModels(root, state.started, options.baseUrl);
  assertOfUse(options, models.length, agents.map((a) => a.agent.model), true);
  const usdPerDay = options.usdPerDay ?? readUserConfig().usdPerDay;
  const capped = { ...state.started.spec, budget: { ...state.started.spec.budget, usd: options.budgetUsd ?? state.usdLimit } };
  await specForAgents(root, specForModels(capped, models, usdPerDay), agents, usdPerDay);
  return conductRun({
    models, agents, usdPerDay, root, json: globals.json, sandbox: state.started.level === 'bubblewrap' ? 'required' : 'best', parallel: options.parallel ?? state.started.slots, calls: options.calls ?? null, logDir: options.logDir ?? null,
    what: { kind: 'resume', opened, changes: { extendTo, ...(options.budgetUsd === undefined ? {} : { usd: options.budgetUsd }), ...(timeMs === undefined ? {} : { timeMs }) } },
  });
}
