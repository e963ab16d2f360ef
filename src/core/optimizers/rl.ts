// A policy over kinds of step, parents and models, learned by policy gradient while it searches, and kept for the runs that come after.
// One softmax policy (policy.ts) for each of the three choices. A parent is described by its rank, its depth and how often it was tried,
// not by its name, so that what is learned holds for other parents and in other runs. The reward is how many of the latest solutions the new
// one beats, and most for a new best: ranks, so that the metric's scale cancels out. What failed, or is no news, earns nothing.

import type { Rng } from '../rng.ts';
import { BASELINE, type SolutionId } from '../solution.ts';
import { MENDABLE, type Failed } from './failed.ts';
import type { Ask, Optimizer, Told } from './optimizer.ts';
import { numberOption } from './options.ts';
import { choose, learned, type Features, type Weights } from './policy.ts';
import { cautious, isParentMaterial, RECENT, shareBeaten } from './pool.ts';

interface Member {
  readonly id: SolutionId;
  /** Less one standard error. */
  readonly effect: number;
  /** Steps from the baseline. */
  readonly depth: number;
  /** How often it was asked for. */
  readonly tries: number;
}

interface Open {
  readonly ask: Ask;
  /** Of a repair: how many in a row led to what it mends. */
  readonly depth: number;
  readonly gradient: Features;
}

interface State {
  /** The best first; ties in order of arrival. The baseline stays until it is spent or banned. */
  readonly members: readonly Member[];
  readonly barred: readonly SolutionId[];
  readonly failed: readonly Failed[];
  /** What was asked and not told of yet, with what is learned from it. */
  readonly open: readonly Open[];
  readonly weights: Weights;
  readonly prior: Weights;
  /** The reward that is usual. */
  readonly usual: number;
  /** The latest measured effects, the oldest first. */
  readonly recent: readonly number[];
  readonly models: readonly string[];
  readonly rate: number;
  readonly forget: number;
  readonly width: number;
}

const FAILED = 16;
/** Asks that never come back, because a run was extended by another version, are forgotten. */
const OPEN = 64;
const INSPIRATIONS = 2;
/** Repairs in a row. */
const MEND = 2;
/** How far learning may go from the prior: odds of e⁴. */
const BOUND = 4;
/** How fast the usual reward follows. */
const FOLLOW = 0.1;

/** What is believed before anything is learned: mostly small changes of what is good. */
const PRIOR: Weights = {
  'step diff': 2, 'step rewrite': 0, 'step crossover': 0, 'step debug': 0, 'step draft': -0.5,
  'parent rank': 3, 'parent best': 2, 'parent tried': -0.5, 'parent depth': 0, 'parent baseline': 0,
};

const isOpen = (s: State, id: SolutionId): boolean => s.members.some((m) => m.id === id);

function without(s: State, id: SolutionId): State {
  if (s.barred.includes(id)) return s;
  return { ...s, barred: [...s.barred, id], members: s.members.filter((m) => m.id !== id), failed: s.failed.filter((f) => f.id !== id && f.parent !== id) };
}

function withMember(s: State, one: Member): State {
  const at = s.members.findIndex((m) => m.effect < one.effect);
  const members = at < 0 ? [...s.members, one] : [...s.members.slice(0, at), one, ...s.members.slice(at)];
  const worst = members.length > s.width ? members.findLastIndex((m) => m.id !== BASELINE) : -1;
  return { ...s, members: members.filter((_, i) => i !== worst) };
}

/** The kinds of step that are possible now. */
function steps(s: State): readonly string[] {
  const own = s.members.filter((m) => m.id !== BASELINE).length;
  return ['diff', 'rewrite', ...(own > 1 ? ['crossover'] : []), ...(s.failed.length > 0 ? ['debug'] : []), ...(own > 0 && isOpen(s, BASELINE) ? ['draft'] : [])];
}

function featuresOf(m: Member, index: number, n: number): Features {
  return {
    'parent rank': n > 1 ? 1 - index / (n - 1) : 1, 'parent best': index === 0 ? 1 : 0, 'parent tried': Math.min(1, Math.log2(1 + m.tries) / 5),
    'parent depth': Math.min(1, m.depth / 8), 'parent baseline': m.id === BASELINE ? 1 : 0,
  };
}

function parentFor(s: State, step: string, rng: Rng): { readonly member: Member; readonly gradient: Features } | null {
  if (step === 'draft') return { member: s.members.find((m) => m.id === BASELINE) as Member, gradient: {} };
  const members = step === 'crossover' ? s.members.filter((m) => m.id !== BASELINE) : s.members;
  if (members.length === 0) return null;
  const { index, gradient } = choose(s.weights, members.map((m, i) => featuresOf(m, i, members.length)), rng);
  return { member: members[index] as Member, gradient };
}

function modelFor(s: State, rng: Rng): { readonly model?: string; readonly gradient: Features } {
  if (s.models.length < 2) return { gradient: {} };
  const { index, gradient } = choose(s.weights, s.models.map((name) => ({ [`model ${name}`]: 1 })), rng);
  return { model: s.models[index] as string, gradient };
}

/** How good a new solution is among the latest, from 0 to ½, and 1 for a new best. */
function rewardOf(s: State, told: Told): number {
  if (!isParentMaterial(told)) return 0;
  const mine = cautious(told);
  if (mine > (s.members[0]?.effect ?? 0)) return 1;
  return s.recent.length === 0 ? 0 : shareBeaten(s.recent, mine) / 2;
}

function learnedFrom(s: State, told: Told, one: Open | undefined): State {
  if (one === undefined) return s; // the run's own ask
  const open = s.open.filter((o) => o !== one);
  if (told.outcome === 'infra-error') return { ...s, open };
  const reward = rewardOf(s, told);
  return { ...s, open, weights: learned(s.weights, s.prior, one.gradient, reward - s.usual, s.rate, s.forget, BOUND), usual: s.usual + FOLLOW * (reward - s.usual) };
}

/** @param mended how many repairs in a row led to what was asked for */
function noteFailure(s: State, told: Told, mended: number): State {
  const depth = 1 + mended;
  if (!MENDABLE.has(told.outcome) || depth > MEND || s.barred.includes(told.id) || !isOpen(s, told.parent)) return s;
  return { ...s, failed: [...s.failed, { id: told.id, parent: told.parent, depth }].slice(-FAILED) };
}

export const rl: Optimizer<State> = {
  name: 'rl',
  summary: 'learns from outcomes which kinds of step, parents and models pay (policy gradient), and keeps that for later runs',
  defaults: { rate: 2, forget: 0.03, width: 24 },
  init: (given, plan) => {
    const models = plan.models ?? [];
    const prior = { ...PRIOR, ...Object.fromEntries(models.map((m) => [`model ${m.name}`, Math.log(m.weight)])) };
    const kept = Object.fromEntries(Object.keys(prior).flatMap((name) => (plan.learned?.[name] === undefined ? [] : [[name, plan.learned[name]]])));
    return {
      members: [{ id: BASELINE, effect: 0, depth: 0, tries: 0 }], barred: [], failed: [], open: [], weights: { ...prior, ...kept }, prior, usual: 0.25, recent: [], models: models.map((m) => m.name),
      rate: numberOption(given, 'rate', 0, 10), forget: numberOption(given, 'forget', 0, 1), width: numberOption(given, 'width', 2),
    };
  },
  ask: (state, rng) => {
    if (state.members.length === 0) return { state, ask: null };
    const kinds = steps(state);
    const kind = choose(state.weights, kinds.map((k) => ({ [`step ${k}`]: 1 })), rng);
    const step = kinds[kind.index] as string;
    const model = modelFor(state, rng);
    const made = (parent: SolutionId, more: Pick<Ask, 'inspirations' | 'broken'>, by: Features, s: State, depth: number): { state: State; ask: Ask } => {
      const ask: Ask = { parent, operator: step, ...more, ...(model.model === undefined ? {} : { model: model.model }) };
      const members = s.members.map((m) => (m.id === parent ? { ...m, tries: m.tries + 1 } : m));
      return { state: { ...s, members, open: [...s.open, { ask, depth, gradient: { ...kind.gradient, ...model.gradient, ...by } }].slice(-OPEN) }, ask };
    };
    if (step === 'debug') {
      const failed = rng.pick(state.failed);
      return made(failed.parent, { inspirations: [], broken: failed.id }, {}, { ...state, failed: state.failed.filter((f) => f !== failed) }, failed.depth);
    }
    const parent = parentFor(state, step, rng);
    if (parent === null) return { state, ask: null };
    const others = step === 'draft' ? [] : state.members.filter((m) => m.id !== parent.member.id && m.id !== BASELINE).slice(0, INSPIRATIONS).map((m) => m.id);
    return made(parent.member.id, { inspirations: others }, parent.gradient, state, 0);
  },
  tell: (state, told) => {
    const spent = told.spent ? without(state, told.parent) : state;
    const depth = 1 + (state.members.find((m) => m.id === told.parent)?.depth ?? 0);
    const key = JSON.stringify(told.ask);
    const one = state.open.find((o) => JSON.stringify(o.ask) === key);
    const s = noteFailure(learnedFrom(spent, told, one), told, one?.depth ?? 0);
    if (!isParentMaterial(told)) return s;
    const seen = { ...s, recent: [...s.recent, cautious(told)].slice(-RECENT) };
    return s.barred.includes(told.id) ? seen : withMember(seen, { id: told.id, effect: cautious(told), depth, tries: 0 });
  },
  ban: without,
  learned: (state) => state.weights,
};
