// A run as the command conducts it: the run, its control where one is wished, what is shown of them, and the exit code.

import type { Event } from '../../core/events.ts';
import { CONTROL_SUFFIX } from '../../core/run-state.ts';
import type { Spec } from '../../core/spec.ts';
import type { SandboxWish } from '../../adapters/sandbox/level.ts';
import type { RunRequest } from '../../engine/run.ts';
import type { ChosenAgent } from '../agents.ts';
import type { ChosenModel } from '../models.ts';
import type { OpenRun } from '../runs.ts';
import { Output } from '../view/terminal.ts';
import { finalWords } from './final-words.ts';
import { oneRun } from './one-run.ts';
import { asksAnyone } from './proposers.ts';
import { signals } from './signals.ts';

export interface NewRun {
  readonly kind: 'new';
  readonly spec: Spec;
  readonly workspace: string;
  readonly seed: number;
  /** The solution that it starts from. */
  readonly from: string | null;
  /** Whether a control follows. */
  readonly control: boolean;
  /** The run that this one is the control of. */
  readonly controls?: string;
}

export interface ResumedRun {
  readonly kind: 'resume';
  readonly opened: OpenRun;
  /** What changes of its limits from now on (see RunRequest). */
  readonly changes: Pick<RunRequest, 'extendTo' | 'usd' | 'timeMs'>;
}

export interface Conduct {
  readonly root: string;
  readonly json: boolean;
  readonly sandbox: SandboxWish;
  readonly parallel: number | null;
  /** Calls of a model in flight at a time; null for what the run had, or the default. */
  readonly calls: number | null;
  readonly logDir: string | null;
  /** USD that all runs of a day may spend together; null for no cap. */
  readonly usdPerDay: number | null;
  /** The models that propose; none for the built-in mutators. */
  readonly models: readonly ChosenModel[];
  /** The agents that propose, beside the models or instead of them. */
  readonly agents: readonly ChosenAgent[];
  readonly what: NewRun | ResumedRun;
}

/** Runs or resumes, shows it, and returns the exit code. */
export async function conductRun(c: Conduct): Promise<number> {
  const out = new Output(c.json);
  const sig = signals(out, asksAnyone(c));
  const withControl = c.what.kind === 'new' && c.what.control;
  const held: string[] = [];
  const tell = (e: Event): void => {
    if (!c.json) return;
    const line = `${JSON.stringify(e)}\n`;
    // The last line is the summary of the run, not of its control.
    if (withControl && held.length === 0 && e.type === 'run-ended') held.push(line);
    else process.stdout.write(line);
  };
  if (withControl && asksAnyone(c)) {
    const { usd } = c.what.spec.budget;
    out.line(`The run and its control (best-of-n) each ${usd === null ? 'make as many evaluations, and so about as many calls' : `may spend $${usd}: up to $${2 * usd} in all`}.`);
  }
  try {
    const first = await oneRun(c, out, sig, tell);
    let code = first.reason === 'interrupted' ? 130 : first.reason === 'eval-broken' ? 1 : 0;
    if (c.what.kind === 'new' && c.what.control && code === 0) {
      if (!c.json) out.line(`\n${out.paint('Control', 'bold')}: best-of-n with the same budget\n`);
      const spec = { ...c.what.spec, optimizer: { name: 'best-of-n', options: {} } };
      const control = await oneRun({ ...c, logDir: null, what: { ...c.what, workspace: `${c.what.workspace}${CONTROL_SUFFIX}`, spec, from: null, control: false, controls: first.run } }, out, sig, tell);
      code = control.reason === 'interrupted' ? 130 : code;
      if (control.reason === 'interrupted' && !c.json) out.line(`\nThe control was interrupted: "sigil resume ${control.run}" goes on with it.`);
    }
    if (!c.json) finalWords(c.root, c.what.kind === 'new' ? c.what.workspace : c.what.opened.paths.workspace, asksAnyone(c), out, first);
    return code;
  } finally {
    for (const line of held) process.stdout.write(line);
    sig.off();
  }
}
