// `ban`: never a parent again. `measure`: a solution again, with fresh pairs against the baseline.

import { BASELINE } from '../../core/solution.ts';
import { UserError } from '../../core/errors.ts';
import { appendAction } from '../../adapters/journal/file-journal.ts';
import type { Globals } from '../main.ts';
import { cancellable } from '../cancel.ts';
import { measureSolution } from '../judge.ts';
import { projectRoot } from '../project.ts';
import { oneSolution, type RunFilter } from '../runs.ts';
import { gainText, unitOf } from '../../core/format.ts';
import { Output, progressOf } from '../view/terminal.ts';
import type { SandboxWish } from '../../adapters/sandbox/level.ts';

export async function ban(globals: Globals, options: RunFilter, name?: string): Promise<number> {
  const out = new Output(globals.json);
  const found = oneSolution(projectRoot(globals.cwd), name ?? '', options);
  if (found.solution.id === BASELINE) throw new UserError('the baseline cannot be banned', 'Ban a solution by its id.', 2);
  await appendAction(found.paths, { type: 'banned', id: found.solution.id }, Date.now());
  if (globals.json) out.document({ id: found.solution.id, banned: true });
  else out.line(`${found.solution.id} will not be a parent again.`);
  return 0;
}

export async function measure(globals: Globals, options: RunFilter & { sandbox: SandboxWish }, name?: string): Promise<number> {
  const out = new Output(globals.json);
  const root = projectRoot(globals.cwd);
  const found = oneSolution(root, name ?? '', options);
  if (found.solution.id === BASELINE) throw new UserError('the baseline is what solutions are measured against', 'Name another solution, or run "sigil validate" for the baseline\'s noise.', 2);
  out.line(`Measuring ${found.solution.id} against the baseline with fresh pairs…`);
  return cancellable(globals, out, async (signal) => {
    const { gain, heldOut, holds, reason } = await measureSolution({ root, sandbox: options.sandbox, signal, say: progressOf(out) }, found);
    await appendAction(found.paths, { type: 'measured', id: found.solution.id, gain, against: BASELINE }, Date.now());
    if (globals.json) out.document({ id: found.solution.id, gain, heldOut, holds, reason });
    else out.line(`${found.solution.id}  ${gainText(gain, unitOf(found.state))}  ${holds ? `verified by ${gain.pairs} fresh pairs` : reason}`);
    return 0;
  });
}
