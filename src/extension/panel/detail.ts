// One solution as the Solutions panel shows it: what was measured, what that rests on, and its diffs.

import { callsBrief, totalOf } from '../../core/call-text.ts';
import { gainText, summaryText, worth } from '../../core/format.ts';
import { axisOf, costOn, objectiveValue } from '../../core/axis.ts';
import type { Phase } from '../../core/events.ts';
import { Genomes } from '../../core/genomes.ts';
import { effectToGain } from '../../core/metric.ts';
import type { RunState, SolutionState } from '../../core/run-state.ts';
import { BASELINE, type SolutionId } from '../../core/solution.ts';
import type { Round } from '../../adapters/journal/rounds.ts';
import type { PanelDetail, PanelPairs } from '../../protocol/panel.ts';
import { scored, verifiedGain } from './snapshot.ts';

const PHASES: Record<Phase, string> = {
  baseline: 'baseline', screen: 'screen', test: 'test', confirm: 'confirmation', final: 'final', 'held-out': 'held-out inputs', single: 'single evaluation', again: 'repeated',
};
/** Phases whose lines hold one value, not a pair: they are compared with the baseline's. */
const UNPAIRED: ReadonlySet<Phase> = new Set<Phase>(['single', 'again']);

/** The measured pairs by phase, each as an effect on the run's scale. */
export function pairsOf(state: RunState, rounds: readonly Round[]): readonly PanelPairs[] {
  const spec = state.started?.spec;
  if (!spec || !state.noise) return [];
  const baseline = objectiveValue(spec, state.noise.values);
  const axis = { ...axisOf(spec, []), scale: state.noise.scale };
  const out: { against: SolutionId; phase: string; shown: number[] }[] = [];
  for (const r of rounds) {
    const effect = costOn(axis, UNPAIRED.has(r.phase) ? baseline : r.incumbent) - costOn(axis, r.candidate);
    if (!Number.isFinite(effect)) continue;
    const phase = PHASES[r.phase] as string | undefined ?? r.phase;
    const against = UNPAIRED.has(r.phase) ? BASELINE : r.against;
    let kind = out.find((p) => p.phase === phase && p.against === against);
    if (!kind) out.push((kind = { against, phase, shown: [] }));
    kind.shown.push(Number(effectToGain(effect, axis.scale).toPrecision(6)));
  }
  return out;
}

/** What searches call their lines. */
const LINES: Readonly<Record<string, string>> = { alphaevolve: 'island', tree: 'tree' };

function lineOf(state: RunState, s: SolutionState): string {
  const name = LINES[state.started?.spec.optimizer.name ?? ''];
  return s.branch === undefined || name === undefined ? '' : `${name} ${s.branch + 1}`;
}

/** What a number rests on, or why there is no claim. */
function restsOn(state: RunState, s: SolutionState): string {
  if (s.id === BASELINE) return s.pairs > 0 ? `measured against itself in ${s.pairs} pairs` : '';
  if (s.gain) return `${s.gain.pairs} fresh pairs against the baseline, ${s.gain.processes} processes`;
  const step = s.promotion;
  if (step) {
    const over = s.over === null || s.over === BASELINE ? 'the baseline' : s.over;
    return `the verified steps so far; this one ${gainText(step)} over ${over} on ${step.pairs} fresh pairs`;
  }
  if (s.estimate) return `an estimate from ${s.pairs} ${s.pairs === 1 ? 'pair' : 'pairs'}: it steers the search and claims nothing`;
  return s.outcome === null ? (state.open.size > 0 ? 'it is being evaluated' : 'its evaluation was interrupted') : 'it was not measured';
}

function lineageOf(state: RunState, s: SolutionState): SolutionId[] {
  const out: SolutionId[] = [];
  for (let at = state.solutions.get(s.parents[0] ?? ''); at !== undefined; at = state.solutions.get(at.parents[0] ?? '')) out.push(at.id);
  return out;
}

/** Diffs of a run's solutions against its baseline, each made once: a solution never changes. */
export class Diffs {
  private readonly made = new Map<SolutionId, string>();
  private readonly genomes: Genomes;

  constructor(state: RunState) {
    this.genomes = new Genomes(state.started?.base ?? [], (id) => state.solutions.get(id));
  }

  /** Throws when the journal's diffs do not fit each other. */
  against(id: SolutionId): string {
    const known = this.made.get(id);
    if (known !== undefined) return known;
    const diff = this.genomes.diff(this.genomes.of(BASELINE), this.genomes.of(id));
    this.made.set(id, diff);
    return diff;
  }
}

export function panelDetail(state: RunState, s: SolutionState, diffs: Diffs, rounds: readonly Round[]): PanelDetail {
  const gain = verifiedGain(state, s);
  const baseline = state.solutions.get(BASELINE)?.metrics ?? {};
  let diff = '';
  let diffProblem = '';
  try {
    diff = diffs.against(s.id);
  } catch (e) {
    diffProblem = e instanceof Error ? e.message : String(e);
  }
  return {
    id: s.id, summary: summaryText(s), outcome: s.outcome, reason: s.reason === s.summary ? '' : s.reason,
    worth: gain ? gainText(gain) : worth(s), ...scored(state, s), rests: restsOn(state, s),
    gates: s.gates,
    metrics: Object.entries(s.metrics).map(([name, value]) => {
      const metric = state.started?.spec.metrics.find((m) => m.name === name);
      return { name, unit: metric?.unit ?? '', value, baseline: s.id === BASELINE ? null : (baseline[name] ?? null), better: metric?.direction === 'maximize' ? 'more' as const : 'less' as const };
    }),
    pairs: pairsOf(state, rounds),
    step: s.promotion && s.over !== null && s.over !== BASELINE ? { over: s.over, score: s.promotion.gain, low: s.promotion.low, high: s.promotion.high } : null,
    lineage: lineageOf(state, s), operator: s.operator, line: lineOf(state, s), model: s.model, usd: s.usd, spend: s.spend.length === 0 ? '' : callsBrief(totalOf(s)),
    diff, parentDiff: s.patch, diffProblem,
    banned: s.banned, accepted: s.accepted,
  };
}
