// Mesh adaptive direct search over the knobs of the code (Audet & Dennis 2006, "Mesh Adaptive Direct Search Algorithms for Constrained
// Optimization"), with orthogonal directions (Abramson, Audet, Dennis & Le Digabel 2009, OrthoMADS; here the Householder vector is drawn at
// random) on a granular mesh with a size of its own for each knob (Audet, Le Digabel & Tribes 2019, "The Mesh Adaptive Direct Search Algorithm
// for Granular and Discrete Variables", section 3). Points around the best are polled; where one is better the frame moves there and grows
// along the step that was made, where none is it shrinks. A point that fails or breaks a constraint counts as worse (the extreme barrier).
// Once the mesh is as fine as it gets the frame is opened again, so that the rest of a budget is not left unused.

import { UserError } from '../errors.ts';
import type { KnobRange } from '../knob.ts';
import type { Rng } from '../rng.ts';
import { BASELINE, type SolutionId } from '../solution.ts';
import type { Optimizer, Told } from './optimizer.ts';
import { frameOf, meshOf, opened, shrunk, widened, wouldShrink, type Axis } from './mesh.ts';
import { numberOption } from './options.ts';
import { cautious, isParentMaterial } from './pool.ts';

type Point = readonly number[];

interface Spot {
  readonly id: SolutionId;
  readonly at: Point;
  /** Less one standard error. */
  readonly effect: number;
}

interface State {
  readonly axes: readonly Axis[];
  /** The centre of the poll first, then the next best. */
  readonly spots: readonly Spot[];
  readonly barred: readonly SolutionId[];
  /** Points that were not asked for yet. */
  readonly queue: readonly Point[];
  /** They are none of the poll's: further directions for lanes that would else wait for its last answers. */
  readonly extra: boolean;
  /** Asks of this poll in flight. */
  readonly flying: number;
  /** The centre or the frames are new: what was polled before says nothing about them. */
  readonly fresh: boolean;
  readonly poll: number;
  /** The step that led to the centre. */
  readonly step: Point | null;
  /** Hashes of the latest points that were asked for. */
  readonly asked: readonly number[];
}

/** Centres to fall back on when the best is banned. */
const SPOTS = 16;
const ASKED = 500;
/** Meshes that are tried when a poll has no new point. */
const TRIES = 40;

/** FNV-1a: two points that clash by chance only cost one point. */
function hashOf(p: Point): number {
  let h = 0x811c9dc5;
  for (const c of p.join()) h = Math.imul(h ^ c.charCodeAt(0), 0x01000193) >>> 0;
  return h;
}

/** `from + step`, within the bounds, and without the dust of floating point. */
function moved(axes: readonly Axis[], from: Point, step: Point): Point {
  return from.map((x, i) => {
    const axis = axes[i] as Axis;
    return Number(Math.min(axis.high, Math.max(axis.low, x + (step[i] ?? 0))).toPrecision(12));
  });
}

/** Steps along 2n orthogonal directions and their opposites, on the mesh, as long as the frame is wide. */
function directions(axes: readonly Axis[], rng: Rng): readonly Point[] {
  const v = axes.map(() => rng.normal());
  const norm = Math.sqrt(v.reduce((sum, x) => sum + x * x, 0)) || 1;
  return axes.flatMap((_, column) => {
    const h = axes.map((__, row) => (row === column ? 1 : 0) - (2 * (v[row] ?? 0) * (v[column] ?? 0)) / (norm * norm));
    const longest = Math.max(...h.map(Math.abs)) || 1;
    const step = axes.map((a, row) => meshOf(a) * Math.round(((h[row] ?? 0) / longest) * (frameOf(a) / meshOf(a))));
    return [step, step.map((x) => -x)];
  });
}

/** One mesh step of each knob alone: on the finest mesh a best that none of these beats is one on the whole grid around it. */
function single(axes: readonly Axis[]): readonly Point[] {
  return axes.flatMap((a, i) => [1, -1].map((sign) => axes.map((_, k) => (k === i ? sign * meshOf(a) : 0))));
}

/** Any point within the bounds. */
function anywhere(axes: readonly Axis[], rng: Rng): Point {
  return moved(axes, axes.map((a) => a.low), axes.map((a) => (a.granularity > 0 ? a.granularity * rng.int(Math.floor((a.high - a.low) / a.granularity) + 1) : (a.high - a.low) * rng.next())));
}

const dot = (a: Point, b: Point): number => a.reduce((sum, x, i) => sum + x * (b[i] ?? 0), 0);

function newPoints(s: State, centre: Spot, rng: Rng): readonly Point[] {
  const seen = new Set([...s.asked, hashOf(centre.at)]);
  // After a success the same step once more (the speculative search of Audet & Dennis), then the directions nearest to it.
  const { step } = s;
  const along = step === null ? [] : [step];
  const scaled = (p: Point): Point => p.map((x, i) => x / frameOf(s.axes[i] as Axis));
  const poll = s.axes.some(wouldShrink) ? directions(s.axes, rng) : [...single(s.axes), ...directions(s.axes, rng)];
  const ordered = step === null ? poll : [...poll].sort((a, b) => dot(scaled(b), scaled(step)) - dot(scaled(a), scaled(step)));
  return [...along, ...ordered].map((d) => moved(s.axes, centre.at, d)).filter((p) => {
    const h = hashOf(p);
    const isNew = !seen.has(h);
    seen.add(h);
    return isNew;
  });
}

/** A poll with at least one new point, on ever finer meshes; any other point when there is none; null when that has been asked for too. */
function polled(s: State, centre: Spot, rng: Rng): State | null {
  let at = s;
  for (let i = 0; i < TRIES; i++) {
    const queue = newPoints(at, centre, rng);
    if (queue.length > 0) return { ...at, queue, step: null };
    at = { ...at, step: null, axes: at.axes.some(wouldShrink) ? at.axes.map(shrunk) : at.axes.map(opened) };
  }
  const left = Array.from({ length: TRIES }, () => anywhere(s.axes, rng)).find((p) => !s.asked.includes(hashOf(p)) && hashOf(p) !== hashOf(centre.at));
  return left === undefined ? null : { ...s, queue: [left], step: null };
}

const without = (s: State, id: SolutionId): State => (s.barred.includes(id) ? s : recentred({ ...s, barred: [...s.barred, id], spots: s.spots.filter((x) => x.id !== id) }, s.spots[0]?.id === id));
const recentred = (s: State, lost: boolean): State => (lost ? { ...s, queue: [], flying: 0, fresh: true, step: null } : s);

/** The verdict's point becomes the centre when it is better, else it is kept for a ban's sake. */
function arrived(s: State, told: Told, at: Point): State {
  const centre = s.spots[0];
  if (!isParentMaterial(told) || s.barred.includes(told.id)) return s;
  const spot: Spot = { id: told.id, at, effect: cautious(told) };
  if (centre !== undefined && told.outcome !== 'kept' && spot.effect <= centre.effect) {
    const rest = s.spots.slice(1);
    const i = rest.findIndex((x) => x.effect < spot.effect);
    return { ...s, spots: [centre, ...(i < 0 ? [...rest, spot] : [...rest.slice(0, i), spot, ...rest.slice(i)])].slice(0, SPOTS) };
  }
  const step = centre === undefined ? null : at.map((x, i) => x - (centre.at[i] ?? 0));
  return { ...s, spots: [spot, ...s.spots].slice(0, SPOTS), queue: [], flying: 0, fresh: true, step, axes: step === null ? s.axes : widened(s.axes, step) };
}

/** The first frame is a tenth of the range, or the value itself where the range is very wide. */
function axisOf(k: KnobRange, frame: number): Axis {
  const tenth = (k.high - k.low) / 10;
  const own = Math.max(Math.abs(k.value), k.integer ? 1 : 0);
  return opened({ low: k.low, high: k.high, granularity: k.integer ? 1 : 0, first: frame * (own > 0 && tenth > 10 * own ? own : tenth), digit: 1, power: 0 });
}

export const mads: Optimizer<State> = {
  name: 'mads',
  summary: 'mesh adaptive direct search over the knobs of the code; costs no tokens',
  needs: 'knobs',
  defaults: { frame: 1 },
  init: (options, plan) => {
    const knobs = plan.knobs ?? [];
    const frame = numberOption(options, 'frame', 1e-6);
    if (knobs.length === 0) throw new UserError('mads searches over knobs, and the pins have none', 'Put a comment "sigil: knob 8 4..64" behind each number that may be tuned, or choose another search.', 2);
    return {
      axes: knobs.map((k) => axisOf(k, frame)),
      spots: [{ id: BASELINE, at: knobs.map((k) => k.value), effect: 0 }], barred: [], queue: [], extra: false, flying: 0, fresh: true, poll: 0, step: null, asked: [],
    };
  },
  ask: (state, rng) => {
    const [centre] = state.spots;
    if (centre === undefined) return { state, ask: null };
    let s = state;
    const done = s.flying === 0 && (s.extra || s.queue.length === 0);
    if (done || s.queue.length === 0) {
      // Nothing better in a whole poll: shrink.
      const axes = !done || s.fresh ? s.axes : s.axes.some(wouldShrink) ? s.axes.map(shrunk) : s.axes.map(opened);
      const next = polled({ ...s, axes }, centre, rng);
      if (next === null) return { state: s, ask: null };
      s = done ? { ...next, extra: false, fresh: false, poll: s.poll + 1 } : { ...next, extra: true, axes: s.axes };
    }
    const [knobs = [], ...queue] = s.queue;
    return {
      state: { ...s, queue, flying: s.extra ? s.flying : s.flying + 1, asked: [...s.asked, hashOf(knobs)].slice(-ASKED) },
      ask: { parent: centre.id, inspirations: [], operator: 'knobs', knobs, ...(s.extra ? {} : { branch: s.poll }) },
    };
  },
  tell: (state, told) => {
    const s = told.ask.branch === state.poll && !state.fresh ? { ...state, flying: state.flying - 1 } : state;
    const rest = told.spent ? without(s, told.parent) : s;
    // What the run asked by itself may be any code: it has no place on the mesh.
    return told.ask.knobs === undefined ? rest : arrived(rest, told, told.ask.knobs);
  },
  ban: without,
};
