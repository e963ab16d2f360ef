// What is wanted of models, as people write it: names, each with a weight, and how it is to be asked.

import { UserError } from './errors.ts';

/** How much a model is to think before it answers. */
export const EFFORTS = ['low', 'medium', 'high'] as const;
export type Effort = (typeof EFFORTS)[number];

/** How a model is asked; what is left out is left to its provider. */
export interface Asking {
  /** Each ask draws its own, evenly: a spread makes answers differ. */
  readonly temperature?: { readonly low: number; readonly high: number };
  readonly effort?: Effort;
}

/** A model that a run is to ask. */
export interface ModelWish extends Asking {
  /** `provider/name`. */
  readonly name: string;
  /** Of all asks it gets a share in proportion to this. */
  readonly weight: number;
}

/**
 * Reads `provider/name` or `provider/name=WEIGHT`. Only a number behind the last `=` is a weight; no provider's names end so, and one that
 * did could be written with the weight: `x=2=1`.
 */
export function wishOf(text: string): ModelWish {
  const m = /^(.+)=(\d+(?:\.\d+)?)$/.exec(text.trim());
  if (!m) return { name: text.trim(), weight: 1 };
  const weight = Number(m[2]);
  if (!(weight > 0)) throw new UserError(`--model ${text}: the weight is 0`, 'Leave the model out, or give it a weight of more than 0.', 2);
  return { name: m[1] ?? '', weight };
}

/** `0.7`, or `0.2..1.0`. Null when it is none, or no model takes it. */
export function temperatureOf(text: string): { readonly low: number; readonly high: number } | null {
  const m = /^(\d+(?:\.\d+)?)(?:\.\.(\d+(?:\.\d+)?))?$/.exec(text.trim());
  if (!m) return null;
  const low = Number(m[1]);
  const high = m[2] === undefined ? low : Number(m[2]);
  return low <= high && high <= 2 ? { low, high } : null;
}

/** `anthropic/a, openai/b=3`. */
export function wishText(wishes: readonly ModelWish[]): string {
  return wishes.map((w) => `${w.name}${w.weight === 1 ? '' : `=${w.weight}`}`).join(', ');
}
