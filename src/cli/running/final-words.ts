// What the command says when a run has ended: its report, why it ended, and what to do next.

import type { RunSummary } from '../../core/events.ts';
import { BASELINE } from '../../core/solution.ts';
import { checksResults } from '../../core/spec.ts';
import { controlOf, printReport } from '../commands/inspect.ts';
import { oneSolution } from '../runs.ts';
import type { Output } from '../view/terminal.ts';

/** @param asked whether models or agents proposed */
export function finalWords(root: string, workspace: string, asked: boolean, out: Output, summary: RunSummary): void {
  const found = oneSolution(root, 'best', { run: summary.run, spec: summary.spec, workspace });
  out.line('');
  printReport(out, found, controlOf(root, found));
  out.line('');
  if (summary.reason === 'interrupted') out.line(`Interrupted: "sigil resume ${summary.run}" goes on exactly here.`);
  else if (summary.reason === 'eval-broken') out.line('Stopped: the evaluation fails on the unchanged code too. "sigil validate" shows where; "sigil resume" goes on after that.');
  else if (summary.reason === 'exhausted' && summary.why !== undefined) out.line(`Stopped: ${summary.why}. Another model may do better; "sigil resume ${summary.run}" asks this one again.`);
  else if (summary.reason === 'money' && summary.why !== undefined) out.line(`Stopped: ${summary.why}. "sigil resume ${summary.run}" goes on tomorrow, or now with --usd-per-day AMOUNT.`);
  else if (summary.reason === 'money' && summary.best === BASELINE) out.line(`$${summary.usd.toFixed(2)} are spent, and another call may cost more than is left: "sigil resume ${summary.run} --budget-usd AMOUNT" goes on.`);
  else if (summary.reason === 'time' && summary.best === BASELINE) out.line(`"sigil resume ${summary.run} --time DURATION" goes on: DURATION is how long it may be at work in all; "sigil inspect-solutions ${summary.spec}" shows what was tried.`);
  else if (summary.best !== BASELINE) out.line(`Nothing was written to your files. Next:\n  sigil diff best        see it\n  sigil accept best      apply it\n  sigil inspect-solutions ${summary.spec}`);
  else if (summary.reason === 'exhausted' && !asked) {
    const { started } = found.state;
    const generic = started !== null && !checksResults(started.spec) ? ' With gates or a call eval, which check that results stay right, generic edits would be tried too.' : '';
    out.line(`The built-in mutators have no further edit for this code.${generic} "sigil inspect-solutions ${summary.spec}" shows what was tried.`);
  } else out.line(`Next: "sigil resume ${summary.run} --niter +${Math.max(10, summary.evaluations)}" tries more; "sigil inspect-solutions ${summary.spec}" shows what was tried.`);
}
