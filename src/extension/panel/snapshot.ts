// A run as the Solutions panel shows it: its head, the rows of its tree in columns, the incumbent's staircase.

import { chainGain, gainText, noiseText, secondsText, summaryText } from '../../core/format.ts';
import { confinementWords } from '../../core/granted.ts';
import { printObjective } from '../../core/objective.ts';
import { countsAsEvaluation, type RunState, type SolutionState } from '../../core/run-state.ts';
import { soleMetric } from '../../core/axis.ts';
import { BASELINE, type Gain, type SolutionId } from '../../core/solution.ts';
import { mapOf } from './map.ts';
import { ACCEPTED, BANNED, OUTCOMES, VERIFIED, type PanelRef, type PanelRows, type PanelRun } from '../../protocol/panel.ts';

/** What is verified of a solution: its gain against the baseline, else, while it is kept, the product of the steps up to it. */
export function verifiedGain(state: RunState, s: SolutionState): Gain | null {
  if (s.gain) return s.gain;
  return s.promotion ? chainGain(state, s.id) : null;
}

/** Six significant digits: more is noise, and 10,000 rows are sent at once. */
function short(x: number): number | null {
  return Number.isFinite(x) ? Number(x.toPrecision(6)) : null;
}

interface Scored {
  readonly score: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly verified: boolean;
}

/** Of what is estimated only: a state is never changed in place, and most of a snapshot is as it was in the last. */
const estimates = new WeakMap<SolutionState, Scored>();

/** Score and interval of a solution on the run's scale: verified, else its estimate with one standard error. */
export function scored(state: RunState, s: SolutionState): Scored {
  const gain = verifiedGain(state, s);
  if (gain) return { score: short(gain.gain), low: short(gain.low), high: short(gain.high), verified: true };
  const known = estimates.get(s);
  if (known) return known;
  const made = estimated(s);
  estimates.set(s, made);
  return made;
}

function estimated({ estimate: e }: SolutionState): Scored {
  if (!e) return { score: null, low: null, high: null, verified: false };
  const [low, high] = e.scale === 'ratio' ? [e.gain * Math.exp(-e.error), e.gain * Math.exp(e.error)] : [e.gain - e.error, e.gain + e.error];
  return { score: short(e.gain), low: short(low), high: short(high), verified: false };
}

function rowsOf(state: RunState): PanelRows {
  const index = new Map<SolutionId, number>();
  const operators = new Map<string, number>();
  const rows = {
    id: [] as SolutionId[], parent: [] as number[], summary: [] as string[], operator: [] as number[], outcome: [] as number[], at: [] as number[],
    score: [] as (number | null)[], low: [] as (number | null)[], high: [] as (number | null)[], flags: [] as number[],
  };
  let evaluations = 0;
  for (const s of state.solutions.values()) {
    const { score, low, high, verified } = scored(state, s);
    index.set(s.id, rows.id.length);
    rows.id.push(s.id);
    rows.parent.push(s.id === BASELINE ? -1 : (index.get(s.parents[0] ?? BASELINE) ?? 0));
    rows.summary.push(summaryText(s));
    if (!operators.has(s.operator)) operators.set(s.operator, operators.size);
    rows.operator.push(operators.get(s.operator) ?? 0);
    rows.outcome.push(s.outcome === null ? -1 : OUTCOMES.indexOf(s.outcome));
    rows.at.push(s.outcome !== null && countsAsEvaluation(s.outcome) ? ++evaluations : 0);
    rows.score.push(score);
    rows.low.push(low);
    rows.high.push(high);
    rows.flags.push((verified ? VERIFIED : 0) | (s.banned ? BANNED : 0) | (s.accepted ? ACCEPTED : 0));
  }
  return { ...rows, operators: [...operators.keys()] };
}

/** From the baseline up to the incumbent: each with its evaluation. With several lanes a later ask may be promoted first: time never goes back. */
function staircaseOf(state: RunState, rows: PanelRows, scale: PanelRun['scale']): PanelRun['staircase'] {
  const chain: SolutionId[] = [];
  for (let s = state.solutions.get(state.incumbent); s !== undefined && s.id !== BASELINE; s = state.solutions.get(s.over ?? BASELINE)) chain.push(s.id);
  const at = new Map(rows.id.map((id, i) => [id, i]));
  const out = [{ at: 0, score: scale === 'ratio' ? 1 : 0 }];
  for (const id of chain.reverse()) {
    const row = at.get(id) ?? 0;
    const score = rows.score[row];
    if (score !== null && score !== undefined) out.push({ at: Math.max(rows.at[row] ?? 0, out.at(-1)?.at ?? 0), score });
  }
  return out;
}

const ENDINGS: Record<NonNullable<RunState['stopped']>, string> = {
  budget: 'All planned evaluations are done', exhausted: 'The proposer has nothing left to try', time: 'Its time is up', money: 'Its money is spent', stopped: 'It was stopped',
  interrupted: 'It was interrupted', 'eval-broken': 'The evaluation itself does not run any more',
};

function endingOf(state: RunState, status: PanelRun['status']): string {
  if (status === 'running') return state.stopRequested ? 'It stops after the evaluation in flight' : '';
  const reason = state.summary?.reason ?? state.stopped ?? 'interrupted';
  return `${ENDINGS[reason]}, after ${secondsText(state.activeMs / 1000)}`;
}

/** The whole run, for the panel. */
export function panelRun(ref: PanelRef, status: PanelRun['status'], state: RunState, trusted: boolean): PanelRun {
  const spec = state.started?.spec;
  const scale = state.noise?.scale ?? 'ratio';
  const best = state.solutions.get(state.incumbent);
  const gain = best && best.id !== BASELINE ? verifiedGain(state, best) : null;
  const rows = rowsOf(state);
  return {
    ref: { root: ref.root, spec: ref.spec, workspace: ref.workspace, run: ref.run },
    status, ending: endingOf(state, status),
    objective: spec ? printObjective(spec.objective) : '', optimizer: spec?.optimizer.name ?? '', model: state.started?.model ?? '', sandbox: state.started?.level ?? '', confinement: state.started ? confinementWords(state.started.level, state.started.spec) : '',
    evaluations: state.evaluations, planned: state.planned, usd: state.usd, seconds: state.activeMs / 1000,
    noise: state.noise ? noiseText(state.noise, spec ? soleMetric(spec)?.unit : undefined) : '',
    scale, best: state.incumbent, bestWorth: gain ? gainText(gain) : '', bestIsFinal: best?.gain !== null && best?.gain !== undefined, trusted,
    staircase: staircaseOf(state, rows, scale), rows, map: mapOf(state, rows),
  };
}
