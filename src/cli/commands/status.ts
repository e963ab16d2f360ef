// `status`: what runs now. `history`: past runs. `stop`: ends a run after the evaluation in flight.

import { UserError } from '../../core/errors.ts';
import { isControl } from '../../core/run-state.ts';
import { appendAction, runningPid } from '../../adapters/journal/file-journal.ts';
import { listRuns } from '../../adapters/journal/layout.ts';
import type { Globals } from '../main.ts';
import { projectRoot } from '../project.ts';
import { oneRun, openRun, runStatus, type OpenRun } from '../runs.ts';
import type { chainGain} from '../../core/format.ts';
import { gainText, secondsText, unitOf } from '../../core/format.ts';
import { printTable } from '../view/table.ts';
import { Output } from '../view/terminal.ts';

function row(r: OpenRun): { run: string; spec: string; workspace: string; status: string; optimizer: string; evaluations: number; planned: number; kept: number; best: string; gain: ReturnType<typeof chainGain>; unit: string; control: boolean; seconds: number; usd: number; pid: number | null } {
  const s = r.state;
  return {
    run: r.paths.run, spec: r.paths.spec, workspace: r.paths.workspace, status: runStatus(r.paths, s), optimizer: s.started?.spec.optimizer.name ?? '–',
    evaluations: s.evaluations, planned: s.planned, kept: s.counts.kept ?? 0, best: s.incumbent, gain: s.solutions.get(s.incumbent)?.gain ?? null, unit: unitOf(s), control: s.started !== null && isControl(s.started), seconds: s.activeMs / 1000, usd: s.usd, pid: runningPid(r.paths),
  };
}

function print(out: Output, rows: readonly ReturnType<typeof row>[]): void {
  printTable(out, [
    { title: 'RUN', value: (r) => r.run },
    { title: 'SPEC', value: (r) => `${r.spec}${r.control ? ' (control)' : ''}`, flexible: true },
    { title: 'STATUS', value: (r) => r.status, style: (r) => (r.status === 'running' ? ['cyan'] : r.status === 'interrupted' ? ['yellow'] : []) },
    { title: 'DONE', value: (r) => `${r.evaluations}/${r.planned}`, right: true },
    { title: 'KEPT', value: (r) => String(r.kept), right: true, optional: true },
    { title: 'GAIN', value: (r) => (r.gain ? gainText(r.gain, r.unit) : r.best === 'baseline' ? 'none' : 'not verified yet') },
    { title: 'TIME', value: (r) => secondsText(r.seconds), right: true, optional: true },
  ], rows);
}

export function status(globals: Globals): Promise<number> {
  const out = new Output(globals.json);
  const rows = listRuns(projectRoot(globals.cwd)).filter((p) => runningPid(p) !== null).map((p) => row(openRun(p)));
  if (globals.json) out.document({ running: rows });
  else if (rows.length === 0) out.line('Nothing runs. "sigil history" lists past runs.');
  else print(out, rows);
  return Promise.resolve(0);
}

export function history(globals: Globals, options: { spec?: string }): Promise<number> {
  const out = new Output(globals.json);
  const rows = listRuns(projectRoot(globals.cwd), { spec: options.spec }).map((p) => row(openRun(p)));
  if (globals.json) out.document({ runs: rows });
  else if (rows.length === 0) out.line(`No run${options.spec === undefined ? '' : ` of "${options.spec}"`} yet. "sigil run SPEC" starts one.`);
  else print(out, rows);
  return Promise.resolve(0);
}

export async function stop(globals: Globals, _options: object, run?: string): Promise<number> {
  const out = new Output(globals.json);
  const root = projectRoot(globals.cwd);
  const running = listRuns(root).filter((p) => runningPid(p) !== null);
  const paths = run === undefined ? running[running.length - 1] : oneRun(root, { run });
  if (paths === undefined || runningPid(paths) === null) {
    throw new UserError(run === undefined ? 'nothing runs' : `run ${run} does not run`, running.length > 0 ? `Running: ${running.map((p) => p.run).join(', ')}.` : '"sigil history" lists past runs; "sigil resume" goes on with an interrupted one.');
  }
  await appendAction(paths, { type: 'stop-requested' }, Date.now());
  if (globals.json) out.document({ run: paths.run, stopping: true });
  else out.line(`${paths.run} stops after the evaluation in flight; its best is then measured against the baseline.`);
  return 0;
}
