// Options that speak of calls of a model, given where none is asked: they would do nothing, and nobody would be told.

import { UserError } from '../core/errors.ts';

/** Such options as they were given. */
export interface ForModels {
  readonly calls?: number | undefined;
  readonly temperature?: unknown;
  readonly effort?: unknown;
}

/** @param resumes whether the run has begun already: then its proposers are settled */
export function assertOfUse({ calls, temperature, effort }: ForModels, models: number, agents: readonly string[], resumes: boolean): void {
  const asking = temperature !== undefined ? '--temperature' : effort !== undefined ? '--effort' : null;
  if (models > 0) return;
  const [agent] = agents;
  if (agent !== undefined) {
    if (asking !== null) throw new UserError(`${asking} was given with ${agent}: an agent asks its model by itself`, 'Leave it out; what an agent\'s own command takes stands in sigil.yaml, under agents.', 2);
    return;
  }
  const given = calls !== undefined ? '--calls' : asking;
  if (given === null) return;
  const parallel = given === '--calls' ? ' How many solutions are evaluated at a time is --parallel.' : '';
  throw new UserError(`${given} was given, and the built-in mutators, which propose ${resumes ? 'in this run' : 'here'}, make no calls`, `Leave it out${resumes ? '' : ', or name a model too: --model PROVIDER/NAME'}.${parallel}`, 2);
}
