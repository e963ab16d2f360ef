// What is wanted of models, as people write it: names, each with a weight.

import { UserError } from './errors.ts';

/** A model that a run is to ask. */
export interface ModelWish {
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

/** `anthropic/a, openai/b=3`. */
export function wishText(wishes: readonly ModelWish[]): string {
  return wishes.map((w) => `${w.name}${w.weight === 1 ? '' : `=${w.weight}`}`).join(', ');
}
