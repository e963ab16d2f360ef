// `accept`: a solution into the working files or an editor's texts, whole or by hunk; merged where they drifted, refused where that is not safe.

import { join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import { BASELINE, type Gain } from '../../core/solution.ts';
import { appendAction } from '../../adapters/journal/file-journal.ts';
import { replaceSources } from '../../adapters/files.ts';
import type { SandboxWish } from '../../adapters/sandbox/level.ts';
import { asStored, changesOf, chosenHunks, planChanges, withChosen, type Conflict, type Plan } from '../accept-plan.ts';
import { cancellable } from '../cancel.ts';
import { judgeTexts, type Gated, type Measured } from '../judge.ts';
import type { Globals } from '../main.ts';
import { projectRoot, readStdin, textOf } from '../project.ts';
import { oneSolution, type FoundSolution, type RunFilter } from '../runs.ts';
import { gainText, unitOf } from '../../core/format.ts';
import { Output, progressOf } from '../view/terminal.ts';

interface AcceptOptions extends RunFilter {
  readonly hunks?: string;
  readonly document?: string;
  readonly documents?: string;
  readonly record?: boolean;
  readonly undone?: boolean;
  readonly measure?: boolean;
  readonly gates: boolean;
  readonly sandbox: SandboxWish;
}

/** Why nothing was written, fit to show. */
interface Refused {
  readonly why: 'conflict' | 'gates' | 'not-better';
  readonly message: string;
  readonly remedy: string;
  readonly conflicts: readonly Conflict[];
}

/** A plan with what speaks for and against it. */
interface Judged {
  readonly plan: Plan;
  readonly gates: Gated | null;
  readonly measured: Measured | null;
  /** The gain that is verified for exactly this change: the solution's own, or that just measured. */
  readonly gain: Gain | null;
  readonly refused: Refused | null;
}

/** The editor's texts by file: of one with --document, of several with --documents. */
function documentsOf(found: FoundSolution, o: AcceptOptions): ReadonlyMap<string, string> | null {
  for (const [flag, value] of [['--document', o.document], ['--documents', o.documents]] as const)
    if (value !== undefined && value !== '-') throw new UserError(`${flag} ${value}: only - is known`, `Give the text on stdin: ${flag} - < file`, 2);
  if (o.document !== undefined) {
    const changed = changesOf(found).map((c) => c.file);
    if (changed.length > 1) throw new UserError(`${found.solution.id} changes ${changed.length} files (${changed.join(', ')}); --document takes the text of one`, 'Give them with --documents -, or accept it without.', 2);
    return new Map(changed.map((f) => [f, readStdin()]));
  }
  if (o.documents === undefined) return null;
  let given: unknown;
  try {
    given = JSON.parse(readStdin());
  } catch {
    given = null;
  }
  const list = typeof given === 'object' && given !== null && 'documents' in given && Array.isArray(given.documents) ? (given.documents as unknown[]) : null;
  const entries = list?.map((d) => (typeof d === 'object' && d !== null && 'file' in d && 'text' in d && typeof d.file === 'string' && typeof d.text === 'string' ? ([d.file, d.text] as const) : null));
  if (entries === undefined || entries.includes(null)) throw new UserError('--documents -: stdin is not {"documents": [{"file": …, "text": …}, …]}', 'Give the text of each file that the solution changes; paths are from the project\'s root.', 2);
  return new Map(entries.filter((e) => e !== null));
}

function conflictText(id: string, conflicts: readonly Conflict[]): Refused {
  return {
    why: 'conflict', conflicts, message: `${conflicts.map((c) => `${c.file}:${c.lines.join(',')}`).join('; ')}: this was changed since the run began, where the solution changes it too; nothing was written`,
    remedy: `Apply the patch by hand ("sigil diff ${id}"), or run again from the code as it is now.`,
  };
}

function gatesText(byHunk: boolean, g: Gated): Refused {
  return {
    why: 'gates', conflicts: [], message: `the ${byHunk ? 'chosen hunks' : 'merged text'} fail${byHunk ? '' : 's'} at ${g.stage}: ${g.reason}; nothing was written${g.output === '' ? '' : `\n${g.output}`}`,
    remedy: 'Accept the whole solution on the code it was found on, or run again from the code as it is now.',
  };
}

async function judge(root: string, found: FoundSolution, o: AcceptOptions, documents: ReadonlyMap<string, string> | null, out: Output, signal: AbortSignal): Promise<Judged> {
  const changes = changesOf(found);
  const chosen = chosenHunks(o.hunks, changes);
  const plan = planChanges(withChosen(changes, chosen), documents ?? new Map(), (file) => textOf(root, file));
  const none = { plan, gates: null, measured: null, gain: null, refused: null };
  if (plan.conflicts.length > 0) return { ...none, refused: conflictText(found.solution.id, plan.conflicts) };
  if (plan.files.every((c) => c.merged === c.before)) return none;
  // A combination that was never measured or gated: a merge, or a part of the hunks.
  const untested = plan.files.some((c) => c.drifted) || chosen !== null;
  const measure = o.measure === true;
  if (!(untested && o.gates) && !measure) return { ...none, gain: untested ? null : found.solution.gain };
  const base = new Map(changes.map((c) => [c.file, c.before]));
  const stored = (file: string, text: string): string => asStored(text, base.get(file) ?? '');
  const now = (file: string): string => stored(file, documents?.get(file) ?? textOf(root, file));
  const bench = { root, sandbox: o.sandbox, signal, say: progressOf(out) };
  const { gates, measured } = await judgeTexts(bench, found, now, new Map(plan.files.map((c) => [c.file, stored(c.file, c.merged)])), { gates: o.gates, measure });
  if (gates !== null && !gates.ok) return { ...none, gates, refused: gatesText(o.hunks !== undefined, gates) };
  return { plan, gates, measured, gain: measured?.holds === true ? measured.gain : untested ? null : found.solution.gain, refused: null };
}

const SHOWN = ': measured against the code as it is now with fresh pairs, it is not shown to be better';

export async function accept(globals: Globals, o: AcceptOptions, name?: string): Promise<number> {
  const out = new Output(globals.json);
  const root = projectRoot(globals.cwd);
  const found = oneSolution(root, name ?? '', o);
  if (o.record === true || o.undone === true) return note(globals, o, found, out);
  const { id } = found.solution;
  const documents = documentsOf(found, o);
  return cancellable(globals, out, async (signal) => {
    const judged = await judge(root, found, o, documents, out, signal);
    const { plan, gates, measured, gain, refused } = judged;
    const real = plan.files.filter((c) => c.merged !== c.before);
    if (o.documents !== undefined) {
      out.document({ id, files: plan.files.map((c) => ({ file: c.file, text: c.merged, drifted: c.drifted, changed: c.merged !== c.before })), drifted: plan.files.some((c) => c.drifted), gates, measured, gain, refused });
      return refused === null ? 0 : 1;
    }
    if (refused !== null) throw new UserError(refused.message, refused.remedy);
    if (real.length === 0) {
      const why = id === BASELINE ? 'The best is the baseline: there is nothing to accept.' : `${id} is already in the working files.`;
      if (globals.json) out.document({ id, applied: [], text: documents?.values().next().value ?? null, reason: why });
      else out.line(why);
      return 0;
    }
    if (documents !== null) {
      const [only] = plan.files;
      out.document({ id, file: only?.file ?? null, text: only?.merged ?? null, drifted: only?.drifted ?? false, gates, measured, gain });
      return 0;
    }
    if (measured !== null && !measured.holds) throw new UserError(`${id}${SHOWN} (${gainText(measured.gain, unitOf(found.state))}: ${measured.reason}); nothing was written`, 'Leave --measure out to take it all the same.');
    replaceSources(real.map((c) => ({ path: join(root, c.file), text: c.merged })));
    await appendAction(found.paths, { type: 'accepted', id, hunks: numbers(o.hunks), files: real.map((c) => c.file) }, Date.now());
    if (globals.json) out.document({ id, applied: real.map((c) => c.file), drifted: real.some((c) => c.drifted), gates, measured, gain });
    else tell(out, judged, found, real.map((c) => c.file));
    return 0;
  });
}

function tell(out: Output, { plan, gates, measured, gain }: Judged, { solution: { id }, state }: FoundSolution, files: readonly string[]): void {
  const unit = unitOf(state);
  out.line(`Applied ${id} to ${files.join(', ')}${plan.files.some((c) => c.drifted) ? ', merged with your changes' : ''}.`);
  if (measured !== null) out.line(`Verified against the code as it was before: ${gainText(measured.gain, unit)}, ${measured.gain.pairs} fresh pairs.`);
  else if (gain) out.line(`Verified against the code that the run began with: ${gainText(gain, unit)}.`);
  else if (gates !== null || plan.files.some((c) => c.drifted)) out.line(`This combination was ${gates ? 'gated but not measured' : 'not tested'}: --measure does that before it applies it.`);
  else out.line('Its gain is not verified ("sigil measure" does that).');
}

function numbers(hunks: string | undefined): number[] | null {
  return hunks === undefined ? null : hunks.split(',').map(Number);
}

/** Notes that an editor has applied a solution, or taken it back: the text is the editor's, the event is ours. */
async function note(globals: Globals, o: AcceptOptions, found: FoundSolution, out: Output): Promise<number> {
  const { id } = found.solution;
  if (o.record === true && o.undone === true) throw new UserError('both --record and --undone were given', 'Give one of the two.', 2);
  if (id === BASELINE) throw new UserError('the baseline is what the files are without an accept', 'Name a solution by its id.', 2);
  const changes = changesOf(found);
  const files = withChosen(changes, chosenHunks(o.hunks, changes)).map((c) => c.file);
  await appendAction(found.paths, o.record === true ? { type: 'accepted', id, hunks: numbers(o.hunks), files } : { type: 'undone', id, files }, Date.now());
  if (globals.json) out.document({ id, recorded: o.record === true ? 'accepted' : 'undone', files });
  else out.line(`${id} is noted as ${o.record === true ? 'accepted' : 'taken back'}.`);
  return 0;
}
