// Agents that propose, for the command: which one is meant, whether it can run here, what it is given, and what is said of that.

import { UserError } from '../core/errors.ts';
import type { Granted } from '../core/events.ts';
import type { ModelWish } from '../core/model-wish.ts';
import type { BaseFile } from '../core/pin.ts';
import type { Spec } from '../core/spec.ts';
import type { Agent } from '../adapters/agents/agent.ts';
import { agentNamed, isAgent, isPreset } from '../adapters/agents/choose.ts';
import { grantsOf } from '../adapters/agents/profile.ts';
import { AgentProposer, tellsCost } from '../adapters/agents/proposer.ts';
import { Workplace } from '../adapters/agents/workplace.ts';
import type { Member } from '../adapters/models/ensemble.ts';
import { priceOf, type Price } from '../adapters/models/prices.ts';
import type { Purse } from '../adapters/models/purse.ts';
import type { Containment, SandboxWish } from '../adapters/sandbox/level.ts';
import { loadAgents } from '../adapters/spec/load.ts';

/** An agent of a run. */
export interface ChosenAgent {
  readonly agent: Agent;
  readonly weight: number;
}

/**
 * The agents and the models that are wished for, told apart. An address is of models.
 * @param byDefault nobody has named them for this run: then a project's own agents, which are programs of the project, are refused
 */
export function chooseAgents(root: string, wishes: readonly ModelWish[], baseUrl: string | null, byDefault = false): { readonly agents: readonly ChosenAgent[]; readonly others: readonly ModelWish[] } {
  const named = wishes.filter((w) => isAgent(w.name));
  const others = wishes.filter((w) => !isAgent(w.name));
  const [first] = named;
  if (first === undefined) return { agents: [], others };
  if (others.some((w) => w.name === 'builtin')) throw new UserError('the built-in mutators do not share a run with agents', 'Leave "builtin" out.', 2);
  const twice = named.find((w, i) => named.findIndex((o) => o.name === w.name) < i);
  if (twice !== undefined) throw new UserError(`--model ${twice.name} was given twice`, `Give it once, with the weight that it is to have: --model ${twice.name}=2.`, 2);
  if (baseUrl !== null && others.length === 0) throw new UserError(`--base-url was given with ${first.name}: an agent finds its provider by itself`, 'Leave it out. Claude Code takes ANTHROPIC_BASE_URL from the environment.', 2);
  const own = byDefault ? named.find((w) => !isPreset(w.name)) : undefined;
  if (own !== undefined) throw new UserError(`${own.name}: this project's sigil.yaml says which program that is, so it cannot be the default of all projects`, `Look at it there, and name it for each run: --model ${own.name}.`, 2);
  const entries = loadAgents(root);
  return { agents: named.map(({ name, weight }) => ({ agent: agentNamed(name, entries), weight })), others };
}

/** The price of the model that an agent says it uses: for agents that tell tokens. */
function priceFor(agent: Agent, spec: Spec): Price {
  const provider = agent.output.form === 'claude' ? 'anthropic' : 'openai';
  return agent.uses === null ? { known: false } : priceOf({ model: `${provider}/${agent.uses}`, provider, name: agent.uses, local: false }, spec.prices ?? {});
}

/** A spec as a run with these agents has it: a cap needs the cost of each, and a key that stands in `.env` is hidden from evaluations. */
export async function specForAgents(root: string, spec: Spec, agents: readonly ChosenAgent[], usdPerDay: number | null = null): Promise<Spec> {
  const hidden = new Set(spec.scope.hidden);
  const cap = spec.budget.usd !== null ? `a budget of $${spec.budget.usd}` : usdPerDay !== null ? `the cap of $${usdPerDay} a day` : null;
  for (const { agent } of agents) {
    if (cap !== null && !tellsCost(agent, priceFor(agent, spec))) throw new UserError(`${agent.model} does not tell what it costs, so ${cap} cannot be kept`, costRemedy(agent), 2);
    const { keyFile } = await grantsOf(agent, root);
    if (keyFile !== null) hidden.add(keyFile);
  }
  return hidden.size === spec.scope.hidden.length ? spec : { ...spec, scope: { ...spec.scope, hidden: [...hidden] } };
}

function costRemedy(agent: Agent): string {
  if (agent.output.form !== 'codex') return `Say in sigil.yaml where its cost stands in what it prints: agents: { ${agent.name}: { cost: total_cost_usd } }.`;
  if (agent.uses === null) return `It tells tokens: name its model, for example --model agent/${agent.name}/gpt-5.4, so that a price is known.`;
  return `Give a price: --prices FILE with {"openai/${agent.uses}": {"input": 3, "output": 15}}, USD per million tokens.`;
}

/** Throws where nothing confines an agent and the user has not said that this is well. A run that goes on was agreed to when it began. */
export function assertAgentsAgreed(agents: readonly ChosenAgent[], wish: SandboxWish, containment: Containment): void {
  const [first] = agents;
  if (first === undefined || wish === 'none' || containment.level === 'bubblewrap') return;
  throw new UserError(`${first.agent.model} is a program that edits and runs what it likes, and nothing confines it. ${containment.note ?? ''}`, 'To run it unconfined all the same, with your home and your files: --sandbox none.', 2);
}

/** What of the user's is handed to agents, for the journal and to be shown. */
export function grantedTo(agents: readonly ChosenAgent[], root: string): Promise<readonly Granted[]> {
  return Promise.all(agents.map(async ({ agent }) => {
    const { variables, home } = await grantsOf(agent, root);
    return { agent: agent.model, variables, home: home.map((m) => `~/${m.path}${m.writable ? '' : ' (read only)'}`) };
  }));
}

function costWords(agent: Agent, price: Price, spec: Spec, evaluations: number): string {
  if (!tellsCost(agent, price)) return `${agent.model} does not tell what it costs, so that is not counted`;
  const cap = spec.budget.usd === null ? '' : `; capped at $${spec.budget.usd}${agent.budgetArgs.length > 0 ? ', of which each run is given its part' : ', though a run that has begun can go over it'}`;
  return `${agent.model}: a run of it is taken to cost $${agent.estimateUsd.toFixed(2)} until one has told, so ${evaluations} ${evaluations === 1 ? 'evaluation' : 'evaluations'} about $${(agent.estimateUsd * evaluations).toFixed(2)}${cap}`;
}

/** What the agents of a run may cost: a line each, and in all by estimate (USD; null where one does not tell). */
export function agentCost(agents: readonly ChosenAgent[], spec: Spec, share: (weight: number) => number): { readonly lines: readonly string[]; readonly most: number | null } {
  const told = agents.map(({ agent, weight }) => ({ agent, price: priceFor(agent, spec), evaluations: share(weight) }));
  return {
    lines: told.map((t) => costWords(t.agent, t.price, spec, t.evaluations)),
    most: told.every((t) => tellsCost(t.agent, t.price)) ? told.reduce((sum, t) => sum + t.agent.estimateUsd * t.evaluations, 0) : null,
  };
}

/** Agents that can propose, what their runs cost, in words, and how to end them. */
export interface OpenAgents {
  readonly members: readonly Member[];
  readonly words: readonly string[];
  readonly close: () => Promise<void>;
}

interface AgentsSetting {
  readonly root: string;
  readonly runId: string;
  readonly spec: Spec;
  readonly base: readonly BaseFile[];
  readonly containment: Containment;
  /** The run's folder of calls. */
  readonly calls: string;
  readonly purse: Purse;
  readonly signal: AbortSignal;
  /** Told what happens on the way. */
  readonly say: (text: string) => void;
  /** How many of the evaluations to come are of a member with this weight. */
  readonly share: (weight: number) => number;
}

export async function openAgents(agents: readonly ChosenAgent[], o: AgentsSetting): Promise<OpenAgents> {
  const workplaces: Workplace[] = [];
  const close = async (): Promise<void> => { for (const w of workplaces) await w.close(); };
  try {
    const members: Member[] = [];
    for (const [i, { agent, weight }] of agents.entries()) {
      const workplace = await Workplace.open({ agent, root: o.root, runId: `${o.runId}-agent${i === 0 ? '' : i + 1}`, spec: o.spec, base: o.base, containment: o.containment, signal: o.signal });
      workplaces.push(workplace);
      members.push({ name: agent.model, weight, proposer: new AgentProposer({ agent, workplace, price: priceFor(agent, o.spec), spec: o.spec, calls: o.calls, purse: o.purse, say: o.say }) });
    }
    return { members, words: agentCost(agents, o.spec, o.share).lines, close };
  } catch (e) {
    await close();
    throw e;
  }
}
