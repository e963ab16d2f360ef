// `steer`: tells a search something from now on: an instruction for its proposer, a solution to search from, or both.

import { UserError } from '../../core/errors.ts';
import { FOCUS_ASKS } from '../../core/run-state.ts';
import { BASELINE } from '../../core/solution.ts';
import { appendAction } from '../../adapters/journal/file-journal.ts';
import type { Globals } from '../main.ts';
import { projectRoot } from '../project.ts';
import { oneRun, oneSolution, openRun, runStatus } from '../runs.ts';
import { Output } from '../view/terminal.ts';

/** Whether a proposer takes instructions in words. The built-in mutators do not. */
function readsText(model: string): boolean {
  return model !== 'builtin';
}

export async function steer(globals: Globals, options: { focus?: string }, run?: string, ...words: string[]): Promise<number> {
  const out = new Output(globals.json);
  const root = projectRoot(globals.cwd);
  const paths = oneRun(root, { run });
  const text = words.join(' ').trim();
  if (text === '' && options.focus === undefined) throw new UserError('there is nothing to tell the search', 'Give a text, or --focus SOLUTION to search from there.', 2);
  const { state } = openRun(paths);
  if (state.started === null) throw new UserError(`run ${paths.run} ended before it began`, 'Start a new one with "sigil run".');
  let focus: string | null = null;
  if (options.focus !== undefined) {
    const { solution } = oneSolution(root, options.focus, { run: paths.run });
    if (solution.id !== BASELINE && solution.patch === '') throw new UserError(`${solution.id} is no program: there was no applicable edit`, 'Name a solution that changes something.', 2);
    if (solution.banned) throw new UserError(`${solution.id} is banned: it is never a parent again`, 'Name another solution.', 2);
    focus = solution.id;
  }
  await appendAction(paths, { type: 'steered', text, focus }, Date.now());
  const status = runStatus(paths, state);
  const reads = readsText(state.started.model);
  if (globals.json) out.document({ run: paths.run, text, focus, asks: focus === null ? 0 : FOCUS_ASKS, status, proposer: state.started.model, readsText: reads });
  else {
    const when = status === 'running' ? 'before its next ask' : `when it goes on ("sigil resume ${paths.run}${status === 'finished' ? ' --niter +20' : ''}")`;
    out.line(`${paths.run} takes note ${when}.`);
    if (focus !== null) out.line(`The next ${FOCUS_ASKS} things it tries change ${focus}.`);
    if (text !== '' && !reads) out.line(out.paint(`Its proposer, the built-in mutators, does not read text: ${focus === null ? 'this changes nothing in its search. --focus SOLUTION does' : 'only the focus changes its search'}.`, 'yellow'));
  }
  return 0;
}
