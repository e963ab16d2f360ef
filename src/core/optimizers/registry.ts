// All optimizers, by name. A new one is one file and one line here.

import { UserError } from '../errors.ts';
import { alphaevolve } from './alphaevolve.ts';
import { annealing } from './annealing.ts';
import { bestOfN } from './best-of-n.ts';
import { greedy } from './greedy.ts';
import { mads } from './mads.ts';
import { withDrafts } from './multi-draft.ts';
import type { Optimizer } from './optimizer.ts';
import { rl } from './rl.ts';
import { tree } from './tree.ts';
import { ucb } from './ucb.ts';

export const OPTIMIZERS: readonly Optimizer[] = [
  withDrafts(greedy), withDrafts(bestOfN), withDrafts(annealing),
  withDrafts(tree, (ask) => ask.operator === 'improve'), // its first drafts are several already
  ucb, alphaevolve, mads, rl,
];

/** An optimizer by name with its options checked. Throws a UserError that lists what there is. */
export function optimizerNamed(name: string, given: Readonly<Record<string, unknown>>): { readonly optimizer: Optimizer; readonly options: Readonly<Record<string, number | boolean | string>> } {
  const optimizer = OPTIMIZERS.find((o) => o.name === name);
  if (!optimizer) throw new UserError(`there is no optimizer "${name}"`, `Choose one of ${OPTIMIZERS.map((o) => o.name).join(', ')}.`, 2);
  const options: Record<string, number | boolean | string> = { ...optimizer.defaults };
  for (const [key, value] of Object.entries(given)) {
    const fallback = Object.hasOwn(optimizer.defaults, key) ? optimizer.defaults[key] : undefined;
    if (fallback === undefined) throw new UserError(`the optimizer "${name}" has no option "${key}"`, `Its options: ${Object.keys(optimizer.defaults).join(', ') || 'none'}.`, 2);
    if (typeof value !== typeof fallback) throw new UserError(`option "${key}" of "${name}" must be a ${typeof fallback}`, `Its default is ${String(fallback)}.`, 2);
    options[key] = value as number | boolean | string;
  }
  return { optimizer, options };
}
