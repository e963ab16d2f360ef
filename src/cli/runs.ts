// Runs and solutions by the names that people give: a run's name or prefix, `best`, `baseline`, an id's prefix.

import { UserError } from '../core/errors.ts';
import { CONTROL_SUFFIX, RunFold, isControl, type RunState, type SolutionState } from '../core/run-state.ts';
import { BASELINE } from '../core/solution.ts';
import { isRunning, lastEvent, readActions, visitEvents } from '../adapters/journal/file-journal.ts';
import { listRuns, type RunPaths } from '../adapters/journal/layout.ts';
import { closest, nearest } from '../adapters/text.ts';
import { Genomes } from '../core/genomes.ts';

export interface RunFilter {
  readonly spec?: string | undefined;
  readonly workspace?: string | undefined;
  readonly run?: string | undefined;
}

export interface OpenRun {
  readonly paths: RunPaths;
  /** As the journal stands; its solutions are those of `fold`. */
  readonly state: RunState;
  /** Takes what comes after. */
  readonly fold: RunFold;
  readonly torn: number;
}

export function openRun(paths: RunPaths): OpenRun {
  const fold = new RunFold();
  const { torn } = visitEvents(paths.journal, (e) => { fold.apply(e); }, 'last');
  for (const a of readActions(paths.actions)) fold.act(a);
  return { paths, state: fold.state, fold, torn };
}

/** All runs that match, oldest first. */
export function runsOf(root: string, filter: RunFilter): readonly RunPaths[] {
  const all = listRuns(root, { spec: filter.spec, workspace: filter.workspace });
  if (filter.run === undefined) return all;
  const { run } = filter;
  const exact = all.filter((p) => p.run === run);
  return exact.length > 0 ? exact : all.filter((p) => p.run.startsWith(run));
}

/** Whether a run is the control of another: told from its first event, which is read only where the workspace's name suggests it. */
export function isControlRun(paths: RunPaths): boolean {
  if (!paths.workspace.endsWith(CONTROL_SUFFIX)) return false;
  let control = false;
  visitEvents(paths.journal, (e) => {
    control = e.type === 'run-started' && isControl(e);
    return false;
  });
  return control;
}

/** Those among which `latest` and `best` are looked for: controls only where the run or its workspace is named. */
export function withoutControls(runs: readonly RunPaths[], filter: RunFilter): readonly RunPaths[] {
  if (filter.run !== undefined || filter.workspace !== undefined) return runs;
  return runs.filter((p) => !isControlRun(p));
}

/** The one run that a name means, or the latest that is no control. */
export function oneRun(root: string, filter: RunFilter): RunPaths {
  const runs = withoutControls(runsOf(root, filter), filter);
  const latest = runs[runs.length - 1];
  if (latest === undefined) {
    const all = listRuns(root).map((p) => p.run);
    if (filter.run !== undefined && all.length > 0) throw new UserError(`there is no run "${filter.run}"`, `${closest(filter.run, all, 'run')} "sigil history" lists all.`, 2);
    const near = filter.spec === undefined ? undefined : nearest(filter.spec, [...new Set(listRuns(root).map((p) => p.spec))]);
    throw new UserError(`there is no run${filter.spec === undefined ? '' : ` of "${filter.spec}"`} yet`, near !== undefined ? `Did you mean "${near}"?` : 'Start one with "sigil run SPEC"; "sigil pins" shows what is marked.', 2);
  }
  if (filter.run !== undefined && runs.length > 1) throw new UserError(`"${filter.run}" is the beginning of ${runs.length} runs`, `Give more of the name: ${runs.map((r) => r.run).slice(0, 5).join(', ')}.`, 2);
  return latest;
}

export interface FoundSolution extends OpenRun {
  readonly solution: SolutionState;
  readonly genomes: Genomes;
}

/** Contents of a run's solutions. */
export function genomesOf(state: RunState): Genomes {
  if (state.started === null) throw new UserError('this run has no beginning in its journal', 'It ended before it began: start a new one.');
  return new Genomes(state.started.base, (id) => state.solutions.get(id));
}

/** A solution by `best`, `baseline` or the beginning of its id; `best` and `baseline` are those of the latest matching run that is no control. */
export function oneSolution(root: string, name: string, filter: RunFilter): FoundSolution {
  if (name === 'best' || name === BASELINE) {
    const run = openRun(oneRun(root, filter));
    const solution = run.state.solutions.get(name === 'best' ? run.state.incumbent : BASELINE);
    if (!solution) throw new UserError(`run ${run.paths.run} has no solutions`, 'It ended before its baseline was measured: "sigil resume" goes on with it.');
    return { ...run, solution, genomes: genomesOf(run.state) };
  }
  const found: FoundSolution[] = [];
  const known = new Set<string>(['best', BASELINE]);
  for (const paths of [...runsOf(root, filter)].reverse()) {
    const run = openRun(paths);
    for (const s of run.state.solutions.values()) {
      known.add(s.id);
      if (s.id.startsWith(name) && s.id !== BASELINE) found.push({ ...run, solution: s, genomes: genomesOf(run.state) });
    }
    if (found.some((f) => f.solution.id === name)) break;
  }
  const exact = found.filter((f) => f.solution.id === name);
  const [only, second] = exact.length > 0 ? exact : found;
  const near = nearest(name, [...known]);
  if (only === undefined) throw new UserError(`there is no solution "${name}"`, near !== undefined && name.length > 3 ? `Did you mean "${near}"?` : 'Name it by the beginning of its id ("sigil inspect-solutions SPEC" lists them), or as best or baseline.', 2);
  if (second !== undefined) throw new UserError(`"${name}" is the beginning of several ids`, `Give more of it: ${found.map((f) => f.solution.id).slice(0, 5).join(', ')}.`, 2);
  return only;
}

/** What a run is doing, in a word. */
export function runStatus(paths: RunPaths, state: RunState): 'running' | 'finished' | 'interrupted' {
  if (isRunning(paths)) return 'running';
  return state.summary !== null && state.summary.reason !== 'interrupted' ? 'finished' : 'interrupted';
}

/** Whether a run that nobody runs can go on, told from the end of its journal. */
export function isInterrupted(paths: RunPaths): boolean {
  if (isRunning(paths)) return false;
  const last = lastEvent(paths.journal);
  return last?.type !== 'run-ended' || last.summary.reason === 'interrupted';
}
