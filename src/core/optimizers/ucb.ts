// UCB1 over the tree of solutions: at each step down the tree the branch with the best upper confidence bound is taken (Auer, Cesa-Bianchi &
// Fischer 2002, "Finite-time Analysis of the Multiarmed Bandit Problem"; on trees: Kocsis & Szepesvári 2006, "Bandit based Monte-Carlo Planning").
// At a solution the arms are its own further change and the subtrees of its children. A reward is the share of the latest measured
// solutions that a new one beats, so that the metric's scale cancels out; what failed earns 0. Branches in which nothing better came are pruned.

import { BASELINE, type SolutionId } from '../solution.ts';
import type { Optimizer, Told } from './optimizer.ts';
import { numberOption } from './options.ts';
import { cautious, isParentMaterial, RECENT, shareBeaten } from './pool.ts';

interface Node {
  readonly id: SolutionId;
  readonly up: SolutionId | null;
  /** Less one standard error. */
  readonly effect: number;
  /** Changes of this solution itself that were told, and their rewards. */
  readonly own: number;
  readonly ownReward: number;
  /** Of the whole subtree: its root's evaluation and all below. */
  readonly visits: number;
  readonly reward: number;
  /** Changes of this solution in flight. */
  readonly flying: number;
  /** Evaluations in the subtree since it had a new best, and that best. */
  readonly stale: number;
  readonly best: number;
  readonly pruned: boolean;
}

interface State {
  /** Parents stand before their children. */
  readonly nodes: readonly Node[];
  readonly barred: readonly SolutionId[];
  /** The latest measured effects, the oldest first. */
  readonly recent: readonly number[];
  readonly explore: number;
  readonly prune: number;
  readonly width: number;
}

const ROOT: Node = { id: BASELINE, up: null, effect: 0, own: 0, ownReward: 0, visits: 1, reward: 0.5, flying: 0, stale: 0, best: 0, pruned: false };

/** A solution and all above it, up to the baseline. */
function pathOf(nodes: readonly Node[], id: SolutionId | null): readonly SolutionId[] {
  const path: SolutionId[] = [];
  for (let at = id; at !== null; at = nodes.find((n) => n.id === at)?.up ?? null) path.push(at);
  return path;
}

function bestOf(s: State): SolutionId | null {
  let best: Node | null = null;
  for (const n of s.nodes) if (!s.barred.includes(n.id) && (best === null || n.effect > best.effect)) best = n;
  return best?.id ?? null;
}

/** The solution to change next, from the top down; null when no branch is open. */
function descend(s: State): SolutionId | null {
  const children = new Map<SolutionId, Node[]>();
  for (const n of s.nodes) if (n.up !== null) children.set(n.up, [...(children.get(n.up) ?? []), n]);
  const flying = (n: Node): number => n.flying + (children.get(n.id) ?? []).reduce((sum, c) => sum + flying(c), 0);
  const isOpen = (n: Node): boolean => !n.pruned && (!s.barred.includes(n.id) || (children.get(n.id) ?? []).some(isOpen));
  let at = s.nodes[0];
  if (at === undefined || !isOpen(at)) return null;
  for (;;) {
    const below = (children.get(at.id) ?? []).filter(isOpen);
    // What is in flight counts as tried without a reward: lanes spread out.
    const arms: { to: Node | null; n: number; reward: number }[] = below.map((c) => ({ to: c, n: c.visits + flying(c), reward: c.reward }));
    if (!s.barred.includes(at.id)) arms.unshift({ to: null, n: at.own + at.flying, reward: at.ownReward });
    const total = arms.reduce((sum, a) => sum + a.n, 0);
    const bound = (a: { n: number; reward: number }): number => (a.n === 0 ? Infinity : a.reward / a.n + s.explore * Math.sqrt((2 * Math.log(total)) / a.n));
    const best = arms.reduce((a, b) => (bound(b) > bound(a) ? b : a));
    if (best.to === null) return at.id;
    at = best.to;
  }
}

/** Drops leaves that matter least until the tree is small enough: barred ones first, then pruned ones, then the worst. */
function trimmed(s: State): State {
  if (s.nodes.length <= s.width) return s;
  const inner = new Set(s.nodes.map((n) => n.up));
  const best = bestOf(s);
  const rank = (n: Node): number => (s.barred.includes(n.id) ? 0 : n.pruned ? 1 : 2);
  const leaves = s.nodes.filter((n) => !inner.has(n.id) && n.flying === 0 && n.id !== best && n.up !== null);
  const [least] = [...leaves].sort((a, b) => rank(a) - rank(b) || a.effect - b.effect);
  return least === undefined ? s : trimmed({ ...s, nodes: s.nodes.filter((n) => n !== least) });
}

/** Prunes branches in which nothing better has come for long, but never the way to the best. */
function pruned(s: State): State {
  const kept = new Set(pathOf(s.nodes, bestOf(s)));
  return { ...s, nodes: s.nodes.map((n) => (n.up !== null && !n.pruned && n.stale >= s.prune && !kept.has(n.id) ? { ...n, pruned: true } : n)) };
}

/** The share of the latest measured effects that this one beats; ties count half. */
function rewardOf(s: State, told: Told): number {
  if (!isParentMaterial(told)) return 0;
  const mine = cautious(told);
  if (s.recent.length === 0) return mine > 0 ? 1 : 0;
  return shareBeaten(s.recent, mine);
}

/** Enters one result into the statistics of its parent and of all above, and into the tree when it may be a parent. */
function entered(s: State, told: Told): State {
  const reward = rewardOf(s, told);
  const parent = s.nodes.some((n) => n.id === told.parent) ? told.parent : BASELINE; // its own node was dropped meanwhile
  const material = isParentMaterial(told);
  const mine = material ? cautious(told) : -Infinity;
  const path = new Set(pathOf(s.nodes, parent));
  const nodes = s.nodes.map((n) => {
    if (!path.has(n.id)) return n;
    const better = mine > n.best;
    return {
      ...n, visits: n.visits + 1, reward: n.reward + reward, stale: better ? 0 : n.stale + 1, best: better ? mine : n.best,
      ...(n.id === parent ? { own: n.own + 1, ownReward: n.ownReward + reward } : {}),
    };
  });
  if (!material || s.barred.includes(told.id)) return { ...s, nodes };
  const node: Node = { id: told.id, up: parent, effect: mine, own: 0, ownReward: 0, visits: 1, reward, flying: 0, stale: 0, best: mine, pruned: false };
  return { ...s, nodes: [...nodes, node], recent: [...s.recent, mine].slice(-RECENT) };
}

const barring = (s: State, id: SolutionId): State => (s.barred.includes(id) ? s : { ...s, barred: [...s.barred, id] });

export const ucb: Optimizer<State> = {
  name: 'ucb',
  summary: 'UCB1 down the tree of solutions; branches in which nothing better comes are pruned',
  defaults: { explore: 0.1, prune: 8, width: 64 },
  init: (options) => ({
    nodes: [ROOT], barred: [], recent: [],
    explore: numberOption(options, 'explore', 0, 100), prune: numberOption(options, 'prune', 1), width: numberOption(options, 'width', 2),
  }),
  ask: (state) => {
    let s = state;
    let parent = descend(s);
    if (parent === null && s.nodes.some((n) => n.pruned)) {
      // Better a branch that was given up than none.
      s = { ...s, nodes: s.nodes.map((n) => (n.pruned ? { ...n, pruned: false, stale: 0 } : n)) };
      parent = descend(s);
    }
    if (parent === null) return { state: s, ask: null };
    return { state: { ...s, nodes: s.nodes.map((n) => (n.id === parent ? { ...n, flying: n.flying + 1 } : n)) }, ask: { parent, inspirations: [], operator: 'improve' } };
  },
  tell: (state, told) => {
    // Asks that were the run's own have no operator of ours: they were not in flight here.
    const mine = told.ask.operator === 'improve' && told.ask.steered !== true;
    const landed = mine ? { ...state, nodes: state.nodes.map((n) => (n.id === told.parent ? { ...n, flying: n.flying - 1 } : n)) } : state;
    const s = told.spent ? barring(landed, told.parent) : landed;
    // Duplicates and edits that do not apply count as tried in vain: a branch with nothing new in it sinks.
    return told.outcome === 'infra-error' ? s : trimmed(pruned(entered(s, told)));
  },
  ban: (state, id) => barring(state, id),
};
