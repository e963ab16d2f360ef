// Draft, debug, improve, best first: the policy of AIDE (Jiang et al. 2025, "AIDE: AI-Driven Exploration in the Space of Code",
// arXiv 2502.13138, section 3.1), with a beam and restarts as options.
// First some drafts, which are independent changes of the baseline; then, with some probability, a repair of a solution that failed and
// was not repaired yet; else a change of the best. Differences: the best is that by its estimate less one standard error, so that
// luck counts less; and a repair is a change of the sound solution that the failed one was made from, so that no lineage leads through broken code.

import { BASELINE, type Outcome } from '../solution.ts';
import { MENDABLE, type Failed } from './failed.ts';
import type { Ask, Optimizer, Told } from './optimizer.ts';
import { numberOption } from './options.ts';
import { bar, cautious, isBarred, isParentMaterial, newPool, tellPool, type Member, type Pool } from './pool.ts';

interface State {
  /** The parents of this tree, by effect less one standard error. */
  readonly pool: Pool;
  /** The best of the trees before: for when this one has nothing left. */
  readonly aside: readonly Member[];
  /** The number of this tree: one more with each restart. */
  readonly tree: number;
  readonly drafted: number;
  readonly improved: number;
  readonly failed: readonly Failed[];
  /** Repairs in flight. */
  readonly mending: readonly Failed[];
  /** Evaluations since this tree had a new best. */
  readonly stale: number;
  readonly drafts: number;
  readonly debug: number;
  readonly debugDepth: number;
  readonly beam: number;
  readonly restart: number;
}

/** Failed ones that are kept in mind, the latest. */
const FAILED = 32;
const UNCOUNTED: ReadonlySet<Outcome> = new Set(['duplicate', 'invalid', 'infra-error']);

const byEffect = (members: readonly Member[], width: number): readonly Member[] => [...members].sort((a, b) => b.effect - a.effect).slice(0, width);

/** Takes up the best of the trees before when this one has no parent left. */
function settle(s: State): State {
  return s.pool.members.length > 0 || s.aside.length === 0 ? s : { ...s, pool: { ...s.pool, members: s.aside }, aside: [] };
}

function without(s: State, pool: Pool): State {
  return settle({ ...s, pool, aside: s.aside.filter((m) => !isBarred(pool, m.id)) });
}

/** A new tree, when the option asks for one and there is a baseline to begin it with. */
function restarted(s: State): State {
  if (s.restart < 1 || s.stale < s.restart || s.drafted < s.drafts || isBarred(s.pool, BASELINE)) return s;
  const aside = byEffect([...s.aside, ...s.pool.members.filter((m) => m.id !== BASELINE)], s.pool.capacity);
  return { ...s, pool: { ...newPool(s.pool.capacity), barred: s.pool.barred }, aside, tree: s.tree + 1, drafted: 0, improved: 0, failed: [], stale: 0 };
}

function noteFailure(s: State, told: Told): readonly Failed[] {
  if (!MENDABLE.has(told.outcome) || isBarred(s.pool, told.id)) return s.failed;
  const depth = 1 + (s.mending.find((f) => f.id === told.ask.broken)?.depth ?? 0);
  return depth > s.debugDepth ? s.failed : [...s.failed, { id: told.id, parent: told.parent, depth }].slice(-FAILED);
}

export const tree: Optimizer<State> = {
  name: 'tree',
  summary: 'some drafts, then change the best or, now and then, mend what failed (AIDE); restart and beam as options',
  defaults: { drafts: 5, debug: 0.5, debugDepth: 3, beam: 1, restart: 0, width: 32 },
  init: (options) => ({
    pool: newPool(numberOption(options, 'width', 1)), aside: [], tree: 0, drafted: 0, improved: 0, failed: [], mending: [], stale: 0,
    drafts: numberOption(options, 'drafts', 0), debug: numberOption(options, 'debug', 0, 1), debugDepth: numberOption(options, 'debugDepth', 0),
    beam: Math.max(1, Math.floor(numberOption(options, 'beam', 1))), restart: numberOption(options, 'restart', 0),
  }),
  ask: (state, rng) => {
    const s = restarted(state);
    const made = (next: State, ask: Omit<Ask, 'inspirations' | 'branch'>): { state: State; ask: Ask } => ({ state: next, ask: { ...ask, inspirations: [], branch: s.tree } });
    if (s.drafted < s.drafts && !isBarred(s.pool, BASELINE)) return made({ ...s, drafted: s.drafted + 1 }, { parent: BASELINE, operator: 'draft' });
    const mendable = s.failed.filter((f) => !isBarred(s.pool, f.parent));
    const wish = rng.chance(s.debug); // drawn always, so that the stream does not depend on what failed
    const failed = wish && mendable.length > 0 ? rng.pick(mendable) : null;
    if (failed !== null)
      return made({ ...s, failed: s.failed.filter((f) => f !== failed), mending: [...s.mending, failed] }, { parent: failed.parent, operator: 'debug', broken: failed.id });
    const beam = s.pool.members.slice(0, s.beam);
    const best = beam[s.improved % Math.max(1, beam.length)];
    if (best === undefined) return { state: s, ask: null };
    return made({ ...s, improved: s.improved + 1 }, { parent: best.id, operator: best.id === BASELINE ? 'draft' : 'improve' });
  },
  tell: (state, told) => {
    const mending = state.mending.filter((f) => f.id !== told.ask.broken);
    const material = isParentMaterial(told);
    const mine = told.ask.branch === undefined || told.ask.branch === state.tree; // what the run asked by itself belongs to the tree of now
    if (!mine) {
      // Asked for by a tree that was given up meanwhile.
      const pool = told.spent ? bar(state.pool, told.parent) : state.pool;
      const aside = material && !isBarred(pool, told.id) ? byEffect([...state.aside, { id: told.id, effect: cautious(told) }], pool.capacity) : state.aside;
      return without({ ...state, aside, mending }, pool);
    }
    const pool = tellPool(state.pool, material ? { ...told, effect: cautious(told) } : told);
    const failed = noteFailure(state, told);
    if (UNCOUNTED.has(told.outcome)) {
      const again = told.ask.operator === 'draft' && state.drafted > 0 ? state.drafted - 1 : state.drafted;
      return without({ ...state, failed, mending, drafted: told.spent ? state.drafted : again }, pool);
    }
    const better = material && cautious(told) > (state.pool.members[0]?.effect ?? -Infinity);
    return without({ ...state, failed, mending, stale: better ? 0 : state.stale + 1 }, pool);
  },
  ban: (state, id) => without({ ...state, failed: state.failed.filter((f) => f.id !== id) }, bar(state.pool, id)),
};
