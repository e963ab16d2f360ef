// Agents that propose, for the command: which one is meant, whether it can run here, what it is given, and what is said of that.

import { UserError } from '../core/errors.ts';
import type { Granted } from '../core/events.ts';
import type { ModelWish } from '../core/model-wish.ts';
import type { BaseFile } from '../core/pin.ts';
import type { Spec } from '../core/spec.ts';
import type { Agent } from '../adapters/agents/agent.ts';
import { agentNamed, isAgent } from '../adapters/agents/choose.ts';
import { grantsOf, type Grants } from '../adapters/agents/profile.ts';
import { AgentProposer, tellsCost } from '../adapters/agents/proposer.ts';
import { Workplace } from '../adapters/agents/workplace.ts';
import { priceOf, type Price } from '../adapters/models/prices.ts';
import type { Containment, SandboxWish } from '../adapters/sandbox/level.ts';
import { loadAgents } from '../adapters/spec/load.ts';
import type { Proposer } from '../engine/ports.ts';

/** The agent that `--model` names; null where it names models. */
export function chooseAgent(root: string, wishes: readonly ModelWish[], baseUrl: string | null): Agent | null {
  const model = wishes.find((w) => isAgent(w.name))?.name;
  if (model === undefined) return null;
  if (wishes.length > 1) throw new UserError(`${model} does not share a run with models yet`, 'Name it alone.', 2);
  if (baseUrl !== null) throw new UserError(`--base-url was given with ${model}: an agent finds its provider by itself`, 'Leave it out. Claude Code takes ANTHROPIC_BASE_URL from the environment.', 2);
  return agentNamed(model, loadAgents(root));
}

/** The price of the model that an agent says it uses: for agents that tell tokens. */
function priceFor(agent: Agent, spec: Spec): Price {
  const provider = agent.output.form === 'claude' ? 'anthropic' : 'openai';
  return agent.uses === null ? { known: false } : priceOf({ model: `${provider}/${agent.uses}`, provider, name: agent.uses, local: false }, spec.prices ?? {});
}

/** A spec as a run with this agent has it: a cap needs a cost, and a key that stands in `.env` is hidden from evaluations. */
export async function specForAgent(root: string, spec: Spec, agent: Agent): Promise<Spec> {
  if (spec.budget.usd !== null && !tellsCost(agent, priceFor(agent, spec))) {
    const remedy = agent.output.form === 'codex'
      ? (agent.uses === null ? `It tells tokens: name its model, for example --model agent/${agent.name}/gpt-5.4, so that a price is known.` : `Give a price: --prices FILE with {"openai/${agent.uses}": {"input": 3, "output": 15}}, USD per million tokens.`)
      : `Say in sigil.yaml where its cost stands in what it prints: agents: { ${agent.name}: { cost: total_cost_usd } }.`;
    throw new UserError(`${agent.model} does not tell what it costs, so a budget of $${spec.budget.usd} cannot be kept`, remedy, 2);
  }
  const { keyFile } = await grantsOf(agent, root);
  const { hidden } = spec.scope;
  return keyFile === null || hidden.includes(keyFile) ? spec : { ...spec, scope: { ...spec.scope, hidden: [...hidden, keyFile] } };
}

/** Throws where nothing confines an agent and the user has not said that this is well. A run that goes on was agreed to when it began. */
export function assertAgentAgreed(agent: Agent, wish: SandboxWish, containment: Containment): void {
  if (wish === 'none' || containment.level === 'bubblewrap') return;
  throw new UserError(`${agent.model} is a program that edits and runs what it likes, and nothing confines it. ${containment.note ?? ''}`, 'To run it unconfined all the same, with your home and your files: --sandbox none.', 2);
}

/** What of the user's is handed to an agent, for the journal. */
export async function grantedTo(agent: Agent, root: string): Promise<Granted> {
  const given: Grants = await grantsOf(agent, root);
  return { variables: given.variables, home: given.home.map((m) => `~/${m.path}${m.writable ? '' : ' (read only)'}`) };
}

function costWords(agent: Agent, price: Price, spec: Spec): string {
  if (!tellsCost(agent, price)) return `${agent.model} does not tell what it costs, so that is not counted`;
  const cap = spec.budget.usd === null ? '' : `; capped at $${spec.budget.usd}${agent.budgetArgs.length > 0 ? ', of which each run is given its part' : ', though a run that has begun can go over it'}`;
  return `${agent.model}: a run is taken to cost $${agent.estimateUsd.toFixed(2)} until one has told${cap}`;
}

/** The proposer of a run, what its runs cost, in words, and how to end it. */
export interface OpenAgent {
  readonly proposer: Proposer;
  readonly words: string;
  readonly close: () => Promise<void>;
}

/**
 * @param calls the run's folder of calls
 * @param spent USD that the run has spent before
 * @param say told what happens on the way
 */
export async function agentProposer(agent: Agent, o: { readonly root: string; readonly runId: string; readonly spec: Spec; readonly base: readonly BaseFile[]; readonly containment: Containment; readonly calls: string; readonly spent: number; readonly signal: AbortSignal; readonly say: (text: string) => void }): Promise<OpenAgent> {
  const price = priceFor(agent, o.spec);
  const workplace = await Workplace.open({ agent, root: o.root, runId: o.runId, spec: o.spec, base: o.base, containment: o.containment, signal: o.signal });
  return { proposer: new AgentProposer({ agent, workplace, price, spec: o.spec, calls: o.calls, spent: o.spent, say: o.say }), words: costWords(agent, price, o.spec), close: () => workplace.close() };
}
