// Who proposes in a run, models and agents together or the built-in mutators, and how many calls of them are in flight at a time.

import { checksResults } from '../../core/spec.ts';
import { EnsembleProposer } from '../../adapters/models/ensemble.ts';
import type { Purse } from '../../adapters/models/purse.ts';
import { MutatorProposer } from '../../adapters/mutators/proposer.ts';
import type { Containment } from '../../adapters/sandbox/level.ts';
import type { Proposer } from '../../engine/ports.ts';
import { openAgents } from '../agents.ts';
import { sharesOf } from '../expected-cost.ts';
import { modelMembers, type ConnectedModel } from '../models.ts';
import type { Conduct } from './conduct.ts';
import type { Prepared } from './prepare.ts';

/** Calls of a model in flight at a time, by default. */
export const CALLS = 4;
/** The same of agents, which are programs of some size. */
const AGENTS = 2;

/** Whether models or agents are asked; else the built-in mutators propose. */
export function asksAnyone(c: Conduct): boolean {
  return c.models.length + c.agents.length > 0;
}

/** Calls of a model in flight at a time. The built-in mutators answer at once: each of their proposals waits for all verdicts before it. */
export function callsFor(c: Conduct): { readonly calls?: number } {
  if (!asksAnyone(c)) return {};
  const started = c.what.kind === 'resume' ? c.what.opened.state.started : null;
  const wanted = c.calls ?? started?.calls;
  if (c.agents.length === 0 || wanted !== undefined) return { calls: wanted ?? CALLS };
  // An agent works on this machine: where times are measured it does so between the measurements, unless the user says otherwise.
  const metrics = (c.what.kind === 'new' ? c.what.spec : started?.spec)?.metrics ?? [];
  return metrics.some((m) => m.exclusive) ? {} : { calls: AGENTS };
}

export interface OpenProposer {
  readonly proposer: Proposer;
  /** How new an answer must be, where the search says; mutators make small edits by the dozen, which are all alike. */
  readonly novelty?: number;
  /** What its calls cost, a line each. */
  readonly words: readonly string[];
  readonly close: () => Promise<void>;
}

export async function openProposer(c: Conduct, connected: readonly ConnectedModel[], prepared: Prepared, o: { readonly containment: Containment; readonly purse: Purse; readonly abort: AbortSignal; readonly say: (text: string) => void }): Promise<OpenProposer> {
  const { paths, spec, base, options } = prepared;
  const share = sharesOf([...c.models, ...c.agents], prepared.evaluations);
  const agents = await openAgents(c.agents, { root: c.root, runId: paths.run, spec, base, containment: o.containment, calls: paths.calls, purse: o.purse, signal: o.abort, say: o.say, share });
  const models = modelMembers(connected, spec, paths.calls, o.purse, share);
  const [member, ...members] = [...models.members, ...agents.members];
  const more = { words: [...models.words, ...agents.words], close: agents.close };
  if (member === undefined) return { proposer: new MutatorProposer({ generic: checksResults(spec) }), ...more };
  const { novelty } = options;
  return {
    proposer: new EnsembleProposer([member, ...members], { note: (usd) => { o.purse.note(usd); }, say: o.say }),
    ...(typeof novelty === 'number' && novelty > 0 ? { novelty } : {}), ...more,
  };
}
