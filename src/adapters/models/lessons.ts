// The history of a run as lessons: what was tried, what became of it, and why.

import { worthSoFar } from '../../core/format.ts';
import { effectOfSolution, type RunState, type SolutionState } from '../../core/run-state.ts';
import { BASELINE, type Outcome, type SolutionId } from '../../core/solution.ts';
import { tokensOf } from './client.ts';

/** Lines of a diff, and characters of what a step printed, in one lesson. */
const DIFF_LINES = 14;
const OUTPUT = 400;
/** The newest lessons are told in full. */
const RECENT = 5;

/** Outcomes of a solution that can be mended. */
export const FAILED: ReadonlySet<Outcome | null> = new Set<Outcome>(['blocked', 'crashed', 'timed-out']);

export function oneLine(text: string, length: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > length ? `${line.slice(0, length - 1)}…` : line;
}

/** The end of what a step printed: errors mostly stand there. */
export function tail(text: string, length: number): string {
  const clean = text.trim();
  return clean.length > length ? `…${clean.slice(1 - length)}` : clean;
}

/** How a solution is called in a prompt. */
export function nameOf(state: RunState, id: SolutionId): string {
  const s = state.solutions.get(id);
  return id === BASELINE || s === undefined ? 'the original' : `#${s.ask + 1}`;
}

/** Its outcome with what is known of its worth, in words. */
export function outcomeWords(state: RunState, s: SolutionState): string {
  const worth = worthSoFar(state, s);
  switch (s.outcome) {
    case 'kept': return `kept: verified ${worth}`;
    case 'discarded': return worth === '' ? 'no gain' : effectOfSolution(s) > 0 ? `better than the original, but not than the best of its time (${worth})` : `no gain (${worth})`;
    case 'inconclusive': return `undecided${worth === '' ? '' : ` (${worth})`}: ${oneLine(s.reason, 120)}`;
    case 'unverified': return `measured once${worth === '' ? '' : `: ${worth}`}`;
    case 'duplicate': return `the same program as ${twinOf(state, s) ?? 'one before it'}`;
    case 'invalid': return `not usable: ${oneLine(s.reason, 200)}`;
    case 'blocked': case 'crashed': case 'timed-out': case 'suspicious': case 'infra-error': return `${s.outcome}: ${oneLine(s.reason, 240)}`;
    case null: return 'being measured';
  }
}

/** The solution that says the same, where that can be seen from the edits. */
function twinOf(state: RunState, s: SolutionState): string | null {
  const bare = (patch: string): string => patch.replace(/^@@.*$/gm, '').replace(/^[-+]\s*$/gm, '').replace(/\s+/g, '');
  const twin = [...state.solutions.values()].find((o) => o.ask < s.ask && o.id !== s.id && o.parents[0] === s.parents[0] && o.patch !== '' && bare(o.patch) === bare(s.patch));
  return twin === undefined ? null : nameOf(state, twin.id);
}

/** Of a long edit what it puts in: what it takes out stands in the code that is shown. */
function changedLines(patch: string): string {
  const all = patch.split('\n').filter((l) => /^[-+](?![-+]{2} )/.test(l));
  const added = all.filter((l) => l.startsWith('+') && l.trim() !== '+');
  const lines = all.length > DIFF_LINES && added.length > 0 ? added : all;
  return lines.slice(0, DIFF_LINES).map((l) => oneLine(l.slice(0, 1), 1) + l.slice(1, 160)).join('\n') + (lines.length > DIFF_LINES ? `\n… ${lines.length - DIFF_LINES} more lines` : '');
}

/** One lesson; `full` with what was changed, unless that is shown anyway, and what a failed step printed. */
function lesson(state: RunState, s: SolutionState, full: boolean, shown: ReadonlySet<SolutionId>): string {
  const failed = s.parents.slice(1).find((p) => FAILED.has(state.solutions.get(p)?.outcome ?? null));
  const from = `from ${nameOf(state, s.parents[0] ?? BASELINE)}${failed === undefined ? '' : `, mending ${nameOf(state, failed)}`}`;
  // Of a proposal without an edit the reason is its summary.
  const idea = s.patch === '' ? '' : ` — ${oneLine(s.summary, 200)}`;
  const head = `#${s.ask + 1} ${from}${idea}\n   → ${outcomeWords(state, s)}`;
  if (!full) return head;
  const gate = s.gates.findLast((g) => !g.ok);
  const printed = gate === undefined || gate.output.trim() === '' ? '' : `\n   it printed: ${oneLine(tail(gate.output, OUTPUT), OUTPUT)}`;
  return `${head}${printed}${s.patch === '' || shown.has(s.id) || (s.outcome === 'duplicate' && twinOf(state, s) !== null) ? '' : `\n${changedLines(s.patch).replace(/^/gm, '   ')}`}`;
}

/**
 * Lessons in at most about so many tokens, in the order in which they were asked. What was made from `parent` is told in full, so that it is
 * not made again, and so are the newest, also those that are still being measured; what was kept is told always, then the newest first.
 * @param shown solutions whose code the prompt shows whole
 */
export function lessonsOf(state: RunState, parent: SolutionId, before: number, tokens: number, shown: ReadonlySet<SolutionId> = new Set()): string {
  const all = [...state.solutions.values()].filter((s) => s.id !== BASELINE && s.ask < before && (s.outcome !== null || s.patch !== '')).sort((a, b) => a.ask - b.ask);
  const urgency = (s: SolutionState): number => (s.outcome === 'kept' ? 2 : s.parents[0] === parent ? 1 : 0);
  const chosen = new Map<SolutionState, string>();
  let left = tokens;
  for (const s of [...all].sort((a, b) => urgency(b) - urgency(a) || b.ask - a.ask)) {
    const full = lesson(state, s, urgency(s) > 0 || s.ask >= before - RECENT, shown);
    const text = tokensOf(full) <= left ? full : lesson(state, s, false, shown);
    if (tokensOf(text) > left) continue;
    left -= tokensOf(text);
    chosen.set(s, text);
  }
  const told = all.flatMap((s) => chosen.get(s) ?? []);
  if (told.length < all.length) told.unshift(`(${all.length - told.length} others are left out.)`);
  return told.join('\n');
}

/** The metrics of a solution, with those of the original where they differ. */
export function numbersOf(state: RunState, s: SolutionState | undefined): string {
  const base = state.solutions.get(BASELINE)?.metrics ?? {};
  const unitOf = (name: string): string => state.started?.spec.metrics.find((m) => m.name === name)?.unit ?? '';
  const value = (x: number, name: string): string => `${Number(x.toPrecision(4))}${unitOf(name) === '' ? '' : ` ${unitOf(name)}`}`;
  const own = Object.entries(s?.metrics ?? {});
  return own.map(([name, x]) => `${name} ${value(x, name)}${base[name] === undefined || base[name] === x ? '' : ` (the original: ${value(base[name], name)})`}`).join(', ');
}
