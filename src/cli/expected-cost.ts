// What a run without `--model` would cost: of whom sigil.yaml names, or whom the user has set up, in proportion to their weights.

import { UserError } from '../core/errors.ts';
import type { Spec } from '../core/spec.ts';
import { agentCost } from './agents.ts';
import { wantedModels, whoIsAsked } from './default-model.ts';
import { costLines } from './models.ts';

export interface ExpectedCost {
  /** False where such a run would be refused, with the reason as its line. */
  readonly ok: boolean;
  /** A line each for what is asked; null for the built-in mutators. */
  readonly lines: readonly string[] | null;
  /** What a run may cost at most by estimate, USD; null where that is not known. */
  readonly usd: number | null;
}

/** How many of so many evaluations are of a member with a given weight. */
export function sharesOf(members: readonly { readonly weight: number }[], evaluations: number): (weight: number) => number {
  const whole = members.reduce((sum, m) => sum + m.weight, 0);
  return (weight) => Math.ceil((evaluations * weight) / whole);
}

export function expectedCost(root: string, spec: Spec): ExpectedCost {
  try {
    const { models, agents } = whoIsAsked(root, wantedModels({ model: [] }, spec.models));
    if (models.length + agents.length === 0) return { ok: true, lines: null, usd: 0 };
    const share = sharesOf([...models, ...agents], spec.budget.evaluations);
    const [ofModels, ofAgents] = [costLines(models, spec, share), agentCost(agents, spec, share)];
    return { ok: true, lines: [...ofModels.lines, ...ofAgents.lines], usd: ofModels.most === null || ofAgents.most === null ? null : ofModels.most + ofAgents.most };
  } catch (e) {
    if (!(e instanceof UserError)) throw e;
    return { ok: false, lines: [`${e.message}. ${e.remedy}`], usd: null };
  }
}
