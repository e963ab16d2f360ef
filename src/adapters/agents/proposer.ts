// A command-line agent as proposer: it works on the files of a solution in a sandbox, and what it has changed in the pins is the proposal.

import { editedFiles } from '../../core/answers/edited.ts';
import { summaryOf } from '../../core/answers/summary.ts';
import type { Spend } from '../../core/events.ts';
import { secondsText } from '../../core/format.ts';
import { filesPatch } from '../../core/patch/unified.ts';
import { renderFiles, type BaseFile, type Genome } from '../../core/pin.ts';
import type { Spec } from '../../core/spec.ts';
import type { Proposal, ProposalRequest } from '../../engine/ports.ts';
import { assertNotHalted } from '../models/client.ts';
import { MemberDown, type MemberProposer, type Recorded } from '../models/ensemble.ts';
import { askPrompt, systemPrompt } from '../models/prompt.ts';
import type { Price } from '../models/prices.ts';
import type { Purse } from '../models/purse.ts';
import { NormalForms } from '../mutators/parents.ts';
import type { RunResult } from '../sandbox/job.ts';
import type { Agent } from './agent.ts';
import { failureOf, readOutput, type Told } from './output.ts';
import { AgentRecords, type AgentRecord } from './records.ts';
import { RunCost } from './run-cost.ts';
import type { Worked, Workplace } from './workplace.ts';

/** Tokens of a prompt, by estimate: less than a model gets, since an agent reads the files itself. */
const PROMPT = 16_000;
/** Runs in a row that did not work, whatever the reason: then something is wrong that another run does not mend. */
const FAILURES = 3;
/** Characters of what it printed that are kept. */
const TRANSCRIPT = { stdout: 200_000, stderr: 20_000 };

const RULES = `You improve a marked piece of code in the current folder, so that a measurement of it gets better. When you are done, what you have changed is built, checked, and measured against the present version in fresh processes. Only a gain that holds in repeated measurements counts; a change that alters results is refused.

# How to work

- Edit the files in place. They hold the current version.
- Only what is listed under "May change" can change. Any other edit makes the whole attempt void: no other lines of these files (imports and helpers outside of it too: what you need of them must go inside), no other files, no new files. Keep names, parameters and the comments that mark the code.
- One coherent idea. Make it one that the history below does not show as tried.
- You need not measure: that is done afterwards, on a quiet machine.
- End with one line "Idea: …" that says what you changed and why it should help.`;

export interface AgentProposerOptions {
  readonly agent: Agent;
  readonly workplace: Workplace;
  /** Of the model that it uses, for agents that tell tokens and not money. */
  readonly price: Price;
  readonly spec: Spec;
  /** The run's folder of calls. */
  readonly calls: string;
  /** The run's money. */
  readonly purse: Purse;
  /** Told what happens that people should know. */
  readonly say: (text: string) => void;
}

/** What became of one run of the agent. */
interface Judged {
  readonly outcome: AgentRecord['outcome'];
  /** It did its work, well or badly. */
  readonly worked: boolean;
  /** What is to be done where another run would fail too; null where it may not. */
  readonly fatal: string | null;
}

const spendOf = ({ model, usd, tokens }: AgentRecord): Spend => ({ model, calls: 1, usd, ...tokens });

export class AgentProposer implements MemberProposer {
  readonly name: string;
  readonly readsProfiles = true;
  private readonly o: AgentProposerOptions;
  private readonly records: AgentRecords;
  private readonly cost: RunCost;
  private readonly forms = new NormalForms();
  private failures = 0;

  constructor(o: AgentProposerOptions) {
    this.name = o.agent.model;
    this.o = o;
    this.records = new AgentRecords(o.calls, o.agent.model);
    this.cost = new RunCost(o.agent.budgetArgs.length > 0, o.agent.estimateUsd);
  }

  normalForm(base: readonly BaseFile[], genome: Genome): Promise<string> {
    return this.forms.of(base, genome);
  }

  recorded(request: ProposalRequest): Recorded | null {
    const record = this.records.read(request.number, request.ask);
    return record === null ? null : { at: Date.parse(record.began) + record.seconds * 1000, spend: spendOf(record) };
  }

  async propose(request: ProposalRequest): Promise<Proposal> {
    const recorded = this.records.read(request.number, request.ask);
    if (recorded !== null) {
      this.o.purse.note(recorded.usd);
      return this.proposal(recorded, request);
    }
    const reserved = await this.o.purse.reserve((left) => this.cost.fit(left), request.signal, request.halt);
    if (reserved === null) return { kind: 'unaffordable', ...(this.o.purse.why === null ? {} : { why: this.o.purse.why }) };
    let usd = 0;
    try {
      assertNotHalted(request.halt);
      const record = await this.run(request, reserved.limit);
      ({ usd } = record);
      return this.proposal(record, request);
    } finally {
      reserved.settle(usd);
    }
  }

  private proposal(record: AgentRecord, request: ProposalRequest): Proposal {
    const { outcome, usd, estimated } = record;
    const paid = { usd, model: this.name, spend: [spendOf(record)] };
    if (outcome.kind === 'none') return { kind: 'none', reason: `${this.name}: ${outcome.reason}${estimated === true ? ` (it did not tell what it cost: taken as $${usd.toFixed(2)})` : ''}`, spent: false, ...paid };
    return { kind: 'proposal', genome: { ...(request.broken?.genome ?? request.parent), ...outcome.pins }, operator: request.ask.operator ?? 'agent', summary: outcome.summary, ...paid };
  }

  /** Runs the agent once, and records what came of it. */
  private async run(request: ProposalRequest, limit: number | null): Promise<AgentRecord> {
    const { agent, spec, workplace, price } = this.o;
    if (await this.records.begin(request.number)) {
      this.o.purse.noteLost(this.cost.expected);
      this.o.say(`${this.name}: a run for step ${request.number + 1} was cut off when the search was killed. What it cost is not known (about $${this.cost.expected.toFixed(2)}); it is made again.`);
    }
    const parent = request.broken?.genome ?? request.parent;
    const prompt = `${systemPrompt(spec, request.base, PROMPT * 0.6, { about: request.state.about, rules: RULES })}\n\n${askPrompt(request, PROMPT * 0.4)}\n`;
    const began = Date.now();
    const worked = await workplace.work(parent, prompt, limit, request.signal);
    request.signal.throwIfAborted(); // the mark stays: a resume says that this run was cut off
    const { result } = worked;
    const told = readOutput(agent.output, result.stdout, price);
    const judged = judge(request.base, parent, worked, told, agent);
    const cost = told?.usd ?? null;
    if (cost !== null) this.cost.learn(cost);
    if (worked.loggedOut) this.o.say(`${this.name}: it has emptied the login that it was lent, as it does when that could not be renewed. Yours was left as it is.`);
    // Of an agent that tells its cost at its end: who was ended before has spent something all the same.
    const estimated = cost === null && tellsCost(agent, price) && result.outcome !== 'not-started' && judged.fatal === null;
    const usd = cost ?? (estimated ? this.cost.expected : 0);
    if (estimated && told?.odd !== undefined) this.o.say(`${this.name}: it told ${told.odd} as what it has cost, which cannot be; taken as $${usd.toFixed(2)}.`);
    const record: AgentRecord = {
      v: 1, ask: request.number, asked: request.ask, model: this.name, began: new Date(began).toISOString(), seconds: result.wallMs / 1000, usd, ...(estimated ? { estimated: true } : {}), tokens: told?.tokens ?? { input: 0, cached: 0, output: 0 },
      command: typeof agent.command === 'string' ? [agent.command] : agent.command, prompt, end: endOf(result), stdout: result.stdout.slice(-TRANSCRIPT.stdout), stderr: result.stderr.slice(-TRANSCRIPT.stderr),
      left: worked.left, outcome: judged.outcome,
    };
    this.failures = judged.worked ? 0 : this.failures + 1;
    const ends = judged.fatal !== null || this.failures >= FAILURES;
    // What has cost nothing and ends the search is asked again when that goes on.
    if (ends && usd === 0) this.records.forget(request.number);
    else await this.records.write(record);
    if (ends && judged.outcome.kind === 'none') throw this.down(judged.outcome.reason, judged.fatal, usd === 0 ? null : spendOf(record));
    return record;
  }

  private down(reason: string, remedy: string | null, spend: Spend | null): MemberDown {
    if (remedy === null) return new MemberDown(`${this.name}: ${FAILURES} runs in a row did not work; the last: ${reason}`, `Run it by hand to see why, or see what it printed in ${this.o.calls}.`, spend);
    return new MemberDown(`${this.name}: ${reason}`, `${remedy} Then "sigil resume" goes on.`, spend);
  }
}

/** Whether an agent's output tells what it cost. */
export function tellsCost(agent: Agent, price: Price): boolean {
  const { output } = agent;
  return output.form === 'claude' || (output.form === 'codex' ? price.known : output.cost !== null);
}

function endOf(result: RunResult): string {
  return result.outcome === 'exited' ? `exit code ${result.code ?? '?'}${result.signal === null ? '' : ` (${result.signal})`}` : `${result.outcome}${result.error === null ? '' : `: ${result.error}`}`;
}

/** What a run of an agent comes to. */
function judge(base: readonly BaseFile[], parent: Genome, worked: Worked, told: Told | null, agent: Agent): Judged {
  const { result, texts, outside } = worked;
  const failed = (reason: string, fatal: string | null = null): Judged => ({ outcome: { kind: 'none', reason }, worked: false, fatal });
  const refused = (reason: string): Judged => ({ outcome: { kind: 'none', reason }, worked: true, fatal: null });
  const login = agent.login?.remedy ?? 'Mend that.';
  if (result.outcome === 'timed-out') return failed(`it was ended after ${secondsText(agent.timeoutMs / 1000)}, its time limit`);
  if (result.outcome !== 'exited') return failed(result.error ?? result.outcome, result.outcome === 'not-started' ? '"sigil doctor" shows what the sandbox lacks.' : null);
  if (told?.kind === 'limit') return refused(`it stopped in the middle of its work: ${told.failure ?? ''}`);
  if (told !== null && told.failure !== null) return failed(`it failed: ${told.failure.slice(0, 300)}`, told.kind === 'fatal' ? login : null);
  if (result.code !== 0) {
    const { failure, fatal } = failureOf(result.stderr.trim() === '' ? result.stdout : result.stderr);
    if (result.code === 126 || result.code === 127) return failed(`a program is missing or cannot be run (exit code ${result.code})${failure === '' ? '' : `: ${failure}`}`, agent.install ?? 'Install it, or correct its command in sigil.yaml.');
    return failed(`it ended with ${endOf(result)}${failure === '' ? '' : `: ${failure}`}`, fatal ? login : null);
  }
  if (outside.length > 0) return refused(`${outside.slice(0, 3).join('; ')}${outside.length > 3 ? `; and ${outside.length - 3} more` : ''}: only the marked code may change`);
  const edited = editedFiles(base, parent, texts);
  if ('refused' in edited) {
    // Nothing done and nothing said in the form that it is known for: it is not the program that it is taken for.
    return told === null && texts.size === 0 ? failed(`it changed nothing, and printed nothing that is known of it`) : refused(edited.refused);
  }
  const pins = Object.fromEntries(Object.entries(edited.genome).filter(([id, text]) => text !== parent[id]));
  const summary = summaryOf((told?.text ?? '').split('\n'), []).replace(/\.$/, '');
  const patch = filesPatch(renderFiles(base, parent), renderFiles(base, edited.genome));
  return { outcome: { kind: 'edit', pins, patch, summary: summary || `changes ${Object.keys(pins).join(', ')}` }, worked: true, fatal: null };
}
