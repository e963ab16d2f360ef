// `accept`: a solution into the working files, whole or by hunk; merged where they drifted, refused where that is not safe.

import { join } from 'node:path';
import { UserError } from '../../core/errors.ts';
import { hunkCount, mergeTexts, withHunks } from '../../core/patch/merge.ts';
import { renderFile } from '../../core/pin.ts';
import { BASELINE } from '../../core/solution.ts';
import { appendAction } from '../../adapters/journal/file-journal.ts';
import { replaceSources } from '../../adapters/files.ts';
import type { SandboxWish } from '../../adapters/sandbox/level.ts';
import { runGates } from '../build-run.ts';
import type { Globals } from '../main.ts';
import { projectRoot, readStdin, textOf } from '../project.ts';
import { oneSolution, type FoundSolution, type RunFilter } from '../runs.ts';
import { gainText, unitOf } from '../../core/format.ts';
import { Output } from '../view/terminal.ts';

interface AcceptOptions extends RunFilter {
  readonly hunks?: string;
  readonly document?: string;
  readonly gates: boolean;
  readonly sandbox: SandboxWish;
}

interface FileChange {
  readonly file: string;
  readonly before: string;
  readonly merged: string;
  readonly drifted: boolean;
}

function chosenHunks(text: string | undefined, total: number): ReadonlySet<number> | null {
  if (text === undefined || total === 0) return null;
  const numbers = text.split(',').map((t) => Number(t.trim()));
  for (const n of numbers)
    if (!Number.isInteger(n) || n < 1 || n > total) throw new UserError(`--hunks ${text}: the solution has ${total === 1 ? 'one hunk' : `hunks 1 to ${total}`}`, 'Name them like --hunks 1,3; "sigil diff ID" shows them in order.', 2);
  return new Set(numbers.map((n) => n - 1));
}

/** What each pinned file would become. `current` gives the text that the user has now. */
function plan(found: FoundSolution, hunks: string | undefined, current: (file: string) => string): FileChange[] {
  const genome = found.genomes.of(found.solution.id);
  const base = (found.state.started?.base ?? []);
  const targets = base.map((f) => ({ f, target: renderFile(f, genome) })).filter(({ f, target }) => target !== f.text);
  const total = targets.reduce((n, { f, target }) => n + hunkCount(f.file, f.text, target), 0);
  const chosen = chosenHunks(hunks, total);
  let first = 0;
  const out: FileChange[] = [];
  for (const { f, target } of targets) {
    const count = hunkCount(f.file, f.text, target);
    const mine = chosen === null ? null : new Set([...chosen].map((n) => n - first).filter((n) => n >= 0 && n < count));
    first += count;
    const wanted = mine === null ? target : withHunks(f.file, f.text, target, mine);
    if (wanted === f.text) continue;
    const before = current(f.file);
    const merged = mergeTexts(before, f.text, wanted);
    if (!merged.ok) {
      throw new UserError(
        `${f.file}:${merged.lines.join(',')}: this was changed since the run began, where the solution changes it too; nothing was written`,
        `Apply the patch by hand ("sigil diff ${found.solution.id}"), or run again from the code as it is now.`,
      );
    }
    out.push({ file: f.file, before, merged: merged.text, drifted: before !== f.text });
  }
  return out;
}

export async function accept(globals: Globals, options: AcceptOptions, name?: string): Promise<number> {
  const out = new Output(globals.json);
  const root = projectRoot(globals.cwd);
  const found = oneSolution(root, name ?? '', options);
  const { solution } = found;
  if (options.document !== undefined && options.document !== '-') throw new UserError(`--document ${options.document}: only - is known`, 'Give the text on stdin: --document - < file', 2);
  const stdin = options.document === '-' ? readStdin() : null;
  const changed = (found.state.started?.base ?? []).filter((f) => renderFile(f, found.genomes.of(solution.id)) !== f.text).map((f) => f.file);
  if (stdin !== null && changed.length > 1) throw new UserError(`${solution.id} changes ${changed.length} files (${changed.join(', ')}); --document takes the text of one`, 'Accept it without --document.', 2);
  const current = (file: string): string => (stdin !== null && changed.includes(file) ? stdin : textOf(root, file));
  const changes = plan(found, options.hunks, current);
  const real = changes.filter((c) => c.merged !== c.before);
  if (real.length === 0) {
    const why = solution.id === BASELINE ? 'The best is the baseline: there is nothing to accept.' : `${solution.id} is already in the working files.`;
    if (globals.json) out.document({ id: solution.id, applied: [], text: stdin, reason: why });
    else out.line(why);
    return 0;
  }
  // A combination that was never measured or gated: a merge, or a part of the hunks.
  const untested = changes.some((c) => c.drifted) || options.hunks !== undefined;
  const gates = untested && options.gates ? await runGates(root, found, current, new Map(changes.map((c) => [c.file, c.merged])), options.sandbox) : null;
  if (gates !== null && !gates.ok) {
    throw new UserError(`the ${options.hunks !== undefined ? 'chosen hunks' : 'merged text'} fail${options.hunks !== undefined ? '' : 's'} at ${gates.stage}: ${gates.reason}; nothing was written${gates.output === '' ? '' : `\n${gates.output}`}`, 'Accept the whole solution on the code it was found on, or run again from the code as it is now.');
  }
  const verified = untested ? null : solution.gain;
  if (stdin !== null) {
    const [only] = changes;
    out.document({ id: solution.id, file: only?.file ?? null, text: only?.merged ?? stdin, drifted: only?.drifted ?? false, gates, gain: verified });
    return 0;
  }
  replaceSources(real.map((c) => ({ path: join(root, c.file), text: c.merged })));
  await appendAction(found.paths, { type: 'accepted', id: solution.id, hunks: options.hunks === undefined ? null : options.hunks.split(',').map(Number), files: real.map((c) => c.file) }, Date.now());
  if (globals.json) out.document({ id: solution.id, applied: real.map((c) => c.file), drifted: real.some((c) => c.drifted), gates, gain: verified });
  else {
    out.line(`Applied ${solution.id} to ${real.map((c) => c.file).join(', ')}${real.some((c) => c.drifted) ? ', merged with your changes' : ''}.`);
    if (verified) out.line(`Verified against the code that the run began with: ${gainText(verified, unitOf(found.state))}.`);
    else out.line(untested ? `This combination was ${gates ? 'gated but not measured' : 'not tested'}: run your benchmark, or "sigil run" again.` : 'Its gain is not verified ("sigil measure" does that).');
  }
  return 0;
}
