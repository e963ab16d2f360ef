// The history of a run as lessons: what was tried, what became of it, and why.

import { unitOf, worthSoFar } from '../../core/format.ts';
import type { RunState, SolutionState } from '../../core/run-state.ts';
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
    case 'discarded': return `no gain${worth === '' ? '' : ` (${worth})`}`;
    case 'inconclusive': return `undecided${worth === '' ? '' : ` (${worth})`}: ${oneLine(s.reason, 120)}`;
    case 'unverified': return `measured once${worth === '' ? '' : `: ${worth}`}`;
    case 'duplicate': return 'the same program as one before it';
    case 'invalid': return `not usable: ${oneLine(s.reason, 200)}`;
    case 'blocked': case 'crashed': case 'timed-out': case 'suspicious': case 'infra-error': return `${s.outcome}: ${oneLine(s.reason, 240)}`;
    case null: return 'being measured';
  }
}

function changedLines(patch: string): string {
  const lines = patch.split('\n').filter((l) => /^[-+](?![-+]{2} )/.test(l));
  return lines.slice(0, DIFF_LINES).map((l) => oneLine(l.slice(0, 1), 1) + l.slice(1, 160)).join('\n') + (lines.length > DIFF_LINES ? `\n… ${lines.length - DIFF_LINES} more lines` : '');
}

/** One lesson; `full` with what was changed and what a failed step printed. */
function lesson(state: RunState, s: SolutionState, full: boolean): string {
  const failed = s.parents.slice(1).find((p) => FAILED.has(state.solutions.get(p)?.outcome ?? null));
  const from = `from ${nameOf(state, s.parents[0] ?? BASELINE)}${failed === undefined ? '' : `, mending ${nameOf(state, failed)}`}`;
  // Of a proposal without an edit the reason is its summary.
  const idea = s.patch === '' ? '' : ` — ${oneLine(s.summary, 200)}`;
  const head = `#${s.ask + 1} ${from}${idea}\n   → ${outcomeWords(state, s)}`;
  if (!full) return head;
  const gate = s.gates.findLast((g) => !g.ok);
  const printed = gate === undefined || gate.output.trim() === '' ? '' : `\n   it printed: ${oneLine(tail(gate.output, OUTPUT), OUTPUT)}`;
  return `${head}${printed}${s.patch === '' ? '' : `\n${changedLines(s.patch).replace(/^/gm, '   ')}`}`;
}

/**
 * Lessons in at most about so many tokens, in the order in which they were asked. What was made from `parent` is told in full, so that it is
 * not made again, and so are the newest; what was kept is told always, then the newest first.
 */
export function lessonsOf(state: RunState, parent: SolutionId, before: number, tokens: number): string {
  const all = [...state.solutions.values()].filter((s) => s.id !== BASELINE && s.ask < before && s.outcome !== null).sort((a, b) => a.ask - b.ask);
  const urgency = (s: SolutionState): number => (s.outcome === 'kept' ? 2 : s.parents[0] === parent ? 1 : 0);
  const chosen = new Map<SolutionState, string>();
  let left = tokens;
  for (const s of [...all].sort((a, b) => urgency(b) - urgency(a) || b.ask - a.ask)) {
    const full = lesson(state, s, urgency(s) > 0 || s.ask >= before - RECENT);
    const text = tokensOf(full) <= left ? full : lesson(state, s, false);
    if (tokensOf(text) > left) continue;
    left -= tokensOf(text);
    chosen.set(s, text);
  }
  const shown = all.flatMap((s) => chosen.get(s) ?? []);
  if (shown.length < all.length) shown.unshift(`(${all.length - shown.length} others are left out.)`);
  return shown.join('\n');
}

/** The metrics of a solution, with those of the original where they differ. */
export function numbersOf(state: RunState, s: SolutionState | undefined): string {
  const base = state.solutions.get(BASELINE)?.metrics ?? {};
  const unit = unitOf(state);
  const value = (x: number): string => `${Number(x.toPrecision(4))}${unit === '' ? '' : ` ${unit}`}`;
  const own = Object.entries(s?.metrics ?? {});
  return own.map(([name, x]) => `${name} ${value(x)}${base[name] === undefined || base[name] === x ? '' : ` (the original: ${value(base[name])})`}`).join(', ');
}
