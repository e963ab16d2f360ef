// The map of a search that keeps the best of every kind on islands, from the fold: what stands in each cell, and the front of worth against lines edited.

import { LINE_STEPS, SIZE_STEPS, alphaevolve, cellOf, kindOf } from '../../core/optimizers/alphaevolve.ts';
import { cautious, isParentMaterial } from '../../core/optimizers/pool.ts';
import { effectOfSolution, type RunState, type SolutionState, type Started } from '../../core/run-state.ts';
import { BASELINE, type SolutionId } from '../../core/solution.ts';
import { NO_TRAITS, addTraits, traitsOfPatch, type Traits } from '../../core/traits.ts';
import { VERIFIED, type PanelElite, type PanelMap, type PanelRows } from '../../protocol/panel.ts';

/** A patch never changes: traits are reckoned once a solution, of each fold. */
const known = new WeakMap<Started, Map<SolutionId, Traits>>();

function steps(bounds: readonly number[]): string[] {
  return [...bounds.map((b, i) => (i === 0 ? `up to ${b}` : `${(bounds[i - 1] ?? 0) + 1} to ${b}`)), `over ${bounds.at(-1) ?? 0}`];
}

const [NEAR, FAR] = SIZE_STEPS;
const SIZES = [`over ${FAR} shorter`, `over ${NEAR} shorter`, 'about as long', `over ${NEAR} longer`, `over ${FAR} longer`];
const BRANCHES = ['fewer branches', 'as many branches', 'more branches'];

/** A solution as the search was told of it. */
function toldOf(s: SolutionState): { readonly outcome: SolutionState['outcome']; readonly effect: number | null; readonly error: number | null; readonly feasible: boolean } {
  return { outcome: s.outcome, effect: s.estimate === null ? null : effectOfSolution(s), error: s.estimate?.error ?? null, feasible: s.feasible };
}

interface Found {
  readonly row: number;
  /** Less one standard error, as the search compares them. */
  readonly effect: number;
  readonly traits: Traits;
}

/**
 * Null for searches that keep none. Each solution stands on the island on which it was found: copies that migrate are not shown.
 * @param shown of the rows, in the order of the state's solutions
 */
export function mapOf(state: RunState, shown: Pick<PanelRows, 'score' | 'low' | 'flags'>): PanelMap | null {
  const { started } = state;
  if (started?.spec.optimizer.name !== 'alphaevolve') return null;
  const islands = Math.max(1, Math.floor(Number(started.spec.optimizer.options['islands'] ?? alphaevolve.defaults['islands'])));
  const traits = known.get(started) ?? new Map<SolutionId, Traits>([[BASELINE, NO_TRAITS]]);
  known.set(started, traits);
  const origin: Found = { row: 0, effect: 0, traits: NO_TRAITS };
  const best = Array.from({ length: islands }, () => new Map([[cellOf(NO_TRAITS), origin]]));
  const all: Measured[] = [{ row: 0, edited: 0, worth: state.noise?.scale === 'difference' ? 0 : 1 }];
  const rows = new Map<SolutionId, number>();
  for (const s of state.solutions.values()) {
    const row = rows.size;
    rows.set(s.id, row);
    const mine = traits.get(s.id) ?? addTraits(traits.get(s.parents[0] ?? BASELINE) ?? NO_TRAITS, traitsOfPatch(s.patch));
    traits.set(s.id, mine);
    const told = toldOf(s);
    if (s.id === BASELINE || s.banned || !isParentMaterial(told)) continue;
    const worth = ((shown.flags[row] ?? 0) & VERIFIED) !== 0 ? shown.score[row] : shown.low[row];
    if (worth !== null && worth !== undefined) all.push({ row, edited: mine.footprint, worth });
    const one: Found = { row, effect: cautious(told), traits: mine };
    const island = best[Math.min(s.branch ?? 0, islands - 1)];
    const cell = cellOf(mine);
    if (island !== undefined && (island.get(cell)?.effect ?? -Infinity) < one.effect) island.set(cell, one);
  }
  const elites = best.flatMap((island, i) => [...island.values()].map(({ row, traits: t }): PanelElite => ({ island: i, ...kindOf(t), row, edited: t.footprint })));
  return { islands, sizes: SIZES, lines: steps(LINE_STEPS).map((w) => `${w} lines`), branches: BRANCHES, elites, front: frontOf(all) };
}

interface Measured {
  readonly row: number;
  readonly edited: number;
  /** As it is shown; of an estimate, less one standard error. */
  readonly worth: number;
}

/** What nothing beats with as few lines edited, or fewer. */
function frontOf(all: readonly Measured[]): PanelMap['front'] {
  const out: { readonly row: number; readonly edited: number }[] = [];
  let most = -Infinity;
  for (const { row, edited, worth } of [...all].sort((a, b) => a.edited - b.edited || b.worth - a.worth || a.row - b.row)) {
    if (worth <= most) continue;
    most = worth;
    out.push({ row, edited });
  }
  return out;
}
