// Softmax policies over choices that are described by features, learned by policy gradient: REINFORCE with a baseline (Williams 1992,
// "Simple statistical gradient-following algorithms for connectionist reinforcement learning", sections 4 and 5).
// The preference of a choice is the sum of its features, each times its weight; a feature that is 1 for one choice only is that choice's own weight.

import type { Rng } from '../rng.ts';

/** Weights by the name of a feature. What is not in it weighs nothing. */
export type Weights = Readonly<Record<string, number>>;

/** What describes one choice: most of [0, 1]. */
export type Features = Readonly<Record<string, number>>;

const names = (all: readonly Weights[]): readonly string[] => [...new Set(all.flatMap((f) => Object.keys(f)))].sort();

/** Each choice's probability. */
export function probabilities(weights: Weights, choices: readonly Features[]): readonly number[] {
  const preferences = choices.map((f) => Object.entries(f).reduce((sum, [name, x]) => sum + (weights[name] ?? 0) * x, 0));
  const top = Math.max(...preferences);
  const each = preferences.map((p) => Math.exp(p - top));
  const total = each.reduce((a, b) => a + b, 0);
  return each.map((e) => e / total);
}

export interface Chosen {
  readonly index: number;
  /** The gradient of the logarithm of its probability by the weights: its features less what was to be expected. */
  readonly gradient: Features;
}

/** Draws one of the choices, of which there is at least one. */
export function choose(weights: Weights, choices: readonly Features[], rng: Rng): Chosen {
  const chances = probabilities(weights, choices);
  let u = rng.next();
  let index = 0;
  while (index < chances.length - 1 && u >= (chances[index] ?? 0)) u -= chances[index++] ?? 0;
  const gradient: Record<string, number> = {};
  for (const name of names(choices)) {
    const expected = choices.reduce((sum, f, i) => sum + (chances[i] ?? 0) * (f[name] ?? 0), 0);
    const g = (choices[index]?.[name] ?? 0) - expected;
    if (g !== 0) gradient[name] = g;
  }
  return { index, gradient };
}

/**
 * One step along the gradient. The weights are drawn back towards the prior by the share `forget`, so that no choice dies out, and stay
 * within `bound` of it.
 * @param advantage how much better than usual the reward was
 */
export function learned(weights: Weights, prior: Weights, gradient: Features, advantage: number, rate: number, forget: number, bound: number): Weights {
  const out: Record<string, number> = {};
  for (const name of names([weights, gradient])) {
    const home = prior[name] ?? 0;
    const moved = home + ((weights[name] ?? home) - home) * (1 - forget) + rate * advantage * (gradient[name] ?? 0);
    out[name] = Math.min(home + bound, Math.max(home - bound, moved)) + 0; // no -0, which JSON does not have
  }
  return out;
}

/** The probabilities of choices that are named `KIND NAME`, the likeliest first, were all of them possible. */
export function shares(weights: Weights, kind: string): readonly (readonly [name: string, share: number])[] {
  const choices = Object.keys(weights).filter((name) => name.startsWith(`${kind} `)).sort();
  const chances = probabilities(weights, choices.map((name) => ({ [name]: 1 })));
  return choices.map((name, i) => [name.slice(kind.length + 1), chances[i] ?? 0] as const).sort((a, b) => b[1] - a[1]);
}
