// Where the time of a solution goes, for proposers that can read it: of the baseline and of each new incumbent, where that is cheap.

import type { SolutionId } from '../core/solution.ts';
import type { Context } from './context.ts';
import type { Prepared } from './ports.ts';

/** An evaluation of more seconds is not cheap. */
const CHEAP = 20;

/** One more run of the evaluation, under a sampler. Tells nothing of metrics that are neither times nor rates. */
export async function profile(ctx: Context, id: SolutionId, prepared: Prepared): Promise<void> {
  const { backend, proposer } = ctx.ports;
  if (proposer.readsProfiles !== true || (ctx.state.noise?.seconds ?? Infinity) > CHEAP || !ctx.spec.metrics.some((m) => m.kind === 'time' || m.kind === 'rate')) return;
  const text = await backend.profile(prepared, ctx.signal);
  ctx.checkAborted();
  if (text !== null) ctx.emit({ type: 'profiled', id, text });
}
