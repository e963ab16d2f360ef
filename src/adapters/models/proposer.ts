// A model as proposer: asks it with the run's history, reads its answer as edits, and lets it repair an answer that does not fit, once.

import { parseAnswer } from '../../core/answers/parse.ts';
import type { Spend } from '../../core/events.ts';
import type { Asking } from '../../core/model-wish.ts';
import type { BaseFile, Genome } from '../../core/pin.ts';
import type { Spec } from '../../core/spec.ts';
import type { Proposal, ProposalRequest } from '../../engine/ports.ts';
import { NormalForms } from '../mutators/parents.ts';
import { Calls, type CallRecord } from './calls.ts';
import { isCallFailed, NO_USAGE, type Answer, type Message, type ModelClient, type ModelRequest, type Usage } from './client.ts';
import { MemberDown, type MemberProposer, type Recorded } from './ensemble.ts';
import { costOfAnswer, type Price } from './prices.ts';
import { askPrompt, systemPrompt } from './prompt.ts';
import { CallCost, type Purse } from './purse.ts';

/** Tokens of a prompt, by estimate, and of an answer with its thinking. */
const PROMPT = 24_000;
const ANSWER = 16_384;
/** Below this a prompt holds nothing of use. */
const LEAST_PROMPT = 1500;
/** Calls that one ask may take: the first, and what mends it. */
const CALLS = 3;

export interface ModelProposerOptions {
  /** `provider/name`. */
  readonly model: string;
  readonly client: ModelClient;
  readonly price: Price;
  readonly spec: Spec;
  /** The run's folder of calls. */
  readonly calls: string;
  /** The run's. */
  readonly purse: Purse;
  readonly asking?: Asking;
  readonly now?: () => number;
}

/** Work of the CPU waits for a measurement under way. */
async function calmly<T>(request: ProposalRequest, work: () => T | Promise<T>): Promise<T> {
  return request.calm === undefined ? work() : request.calm(work);
}

/** One ask on its way: its calls so far, those of other models counted, and what this model was paid for it. */
interface Asked {
  /** This model's recorded answers that were not taken yet. */
  readonly recorded: CallRecord[];
  /** The number of the next call. */
  next: number;
  spend: Spend | null;
}

export class ModelProposer implements MemberProposer {
  readonly name: string;
  readonly readsProfiles = true;
  private readonly options: ModelProposerOptions;
  private readonly calls: Calls;
  private readonly cost: CallCost;
  private readonly forms = new NormalForms();
  /** What the model's context was found to allow. */
  private promptTokens = PROMPT;
  private answerTokens = ANSWER;

  constructor(options: ModelProposerOptions) {
    this.name = options.model;
    this.options = options;
    this.calls = new Calls(options.calls);
    this.cost = new CallCost(options.price.known ? options.price.price : null);
  }

  normalForm(base: readonly BaseFile[], genome: Genome): Promise<string> {
    return this.forms.of(base, genome);
  }

  async ready(signal: AbortSignal): Promise<void> {
    try {
      await this.options.client.ready?.(signal);
    } catch (e) {
      if (!isCallFailed(e)) throw e;
      throw new MemberDown(e.message, e.remedy);
    }
  }

  recorded(request: ProposalRequest): Recorded | null {
    const mine = this.calls.of(request.number, request.ask).filter((r) => r.model === this.name);
    const [first, ...others] = mine.map((r) => spendOf(r));
    return first === undefined ? null : { at: Math.max(...mine.map((r) => Date.parse(r.began))), spend: others.reduce(addSpend, first) };
  }

  async propose(request: ProposalRequest): Promise<Proposal> {
    const operator = request.ask.operator ?? 'model';
    const records = this.calls.of(request.number, request.ask);
    const asked: Asked = { recorded: records.filter((r) => r.model === this.name), next: records.length, spend: null };
    const paid = (): { usd: number; model: string; spend: readonly Spend[] } => ({ usd: asked.spend?.usd ?? 0, model: this.name, spend: asked.spend === null ? [] : [asked.spend] });
    const none = (reason: string): Proposal => ({ kind: 'none', reason: `${this.name}: ${reason}`, spent: false, ...paid() });
    let more: readonly Message[] = [];
    let room: 1 | 2 = 1;
    let repaired = false;
    for (let call = 0; ; call++) {
      const answer = await this.call(request, asked, more, room);
      if (answer === null) return call === 0 ? { kind: 'unaffordable', ...(this.options.purse.why === null ? {} : { why: this.options.purse.why }) } : none('the budget does not allow another call for an answer that was of no use');
      const last = call + 1 >= CALLS;
      if (answer.stop === 'refusal') return none(`it refused${answer.text.trim() === '' ? '' : `: ${answer.text.trim().slice(0, 200)}`}`);
      if (answer.stop === 'length') {
        if (last || call > 0) return none(`its answer was cut off at its limit of ${this.answerTokens * room} tokens`);
        // Half of an answer is no edit: what was left out may be what makes the rest right.
        room = 2;
        more = [{ role: 'user', text: 'Your answer was cut off at the limit of its length. Answer again, more shortly: one "Idea:" line and only the blocks.' }];
        continue;
      }
      if (answer.text.trim() === '') {
        if (last || call > 0) return none('it answered nothing');
        more = [{ role: 'user', text: 'Your answer was empty. Answer with one "Idea:" line and the blocks.' }];
        continue;
      }
      const parsed = await calmly(request, () => parseAnswer(answer.text, { parent: request.broken?.genome ?? request.parent, base: request.base }));
      if (parsed.kind === 'genome') {
        // A record of a further call says that the answer was given back when it came first, whatever is known of it now.
        const near = repaired || last ? null : asked.recorded.length > 0 ? '' : await calmly(request, () => request.near?.(parsed.genome) ?? null);
        if (near === null) return { kind: 'proposal', genome: parsed.genome, operator, summary: parsed.summary.replace(/\.$/, ''), ...paid() };
        repaired = true;
        more = [{ role: 'assistant', text: answer.text }, { role: 'user', text: `This is ${near === '' ? 'nearly what was tried before' : near}. Give an edit that differs from it in kind, in the same form.` }];
        continue;
      }
      if (parsed.kind === 'none') return none(parsed.reason);
      if (repaired || last) return none(parsed.reason);
      repaired = true;
      more = [{ role: 'assistant', text: answer.text }, { role: 'user', text: parsed.problem }];
    }
  }

  /** One call, from the record where it was made before. Null when it cannot be afforded. */
  private async call(request: ProposalRequest, asked: Asked, more: readonly Message[], room: 1 | 2): Promise<Answer | null> {
    const take = (record: CallRecord): Answer => {
      pay(asked, record);
      return record.answer;
    };
    const recorded = asked.recorded.shift();
    if (recorded !== undefined) {
      this.options.purse.note(recorded.usd);
      return take(recorded);
    }
    for (;;) {
      const prompt = await calmly(request, () => this.prompt(request, more, this.answerTokens * room));
      const reservation = await this.options.purse.reserve((left) => this.cost.fit(prompt, left), request.signal, request.halt);
      if (reservation === null) return null;
      const sent: ModelRequest = { ...prompt, maxTokens: reservation.maxTokens };
      const began = this.now();
      let usd = 0;
      try {
        const answer = await this.options.client.complete(sent, request.signal, { halt: request.halt });
        usd = costOfAnswer(this.options.price, answer);
        this.cost.learn(sent, answer.usage);
        const record: CallRecord = {
          v: 1, ask: request.number, call: asked.next++, asked: request.ask, model: this.name, began: new Date(began).toISOString(), seconds: (this.now() - began) / 1000, usd, prompt: sent, answer,
        };
        await this.calls.write(record);
        return take(record);
      } catch (e) {
        if (!isCallFailed(e)) throw e;
        // Tries that broke off are paid, though no answer came of them.
        const lost: Answer = { text: '', stop: 'end', usage: NO_USAGE, lost: e.lost };
        usd = costOfAnswer(this.options.price, lost);
        if (e.lost.length > 0) pay(asked, { model: this.name, usd, answer: lost });
        if (e.kind === 'too-long' && this.promptTokens / 2 >= LEAST_PROMPT) {
          this.promptTokens = Math.floor(this.promptTokens / 2);
          this.answerTokens = Math.max(1024, Math.floor(this.answerTokens / 2));
          continue;
        }
        throw new MemberDown(e.message, e.remedy, asked.spend);
      } finally {
        reservation.settle(usd);
      }
    }
  }

  private now(): number {
    return this.options.now?.() ?? Date.now();
  }

  /** How this ask is put: the same for all of its calls, and again after a resume. */
  private manner({ rng }: ProposalRequest): Pick<ModelRequest, 'temperature' | 'effort'> {
    const { temperature, effort } = this.options.asking ?? {};
    const drawn = temperature === undefined ? null : temperature.low + (temperature.high - temperature.low) * rng.fork('temperature').next();
    return { ...(drawn === null ? {} : { temperature: Math.round(drawn * 1000) / 1000 }), ...(effort === undefined ? {} : { effort }) };
  }

  private prompt(request: ProposalRequest, more: readonly Message[], maxTokens: number): ModelRequest {
    // The code may have most of it; the rest is for the history.
    const system = systemPrompt(this.options.spec, request.base, this.promptTokens * 0.6, { about: request.state.about });
    const text = askPrompt(request, this.promptTokens * 0.4);
    const [first, ...rest] = more;
    // Two messages of one role in a row are refused by some servers.
    const messages: Message[] = first?.role === 'user' ? [{ role: 'user', text: `${text}\n\n${first.text}` }, ...rest] : [{ role: 'user', text }, ...more];
    return { system, messages, maxTokens, ...this.manner(request) };
  }
}

/** What a call has cost, with its tries that broke off. */
function spendOf({ model, usd, answer }: Pick<CallRecord, 'model' | 'usd' | 'answer'>): Spend {
  const all = [answer.usage, ...(answer.lost ?? [])];
  const sum = (of: (u: Usage) => number): number => all.reduce((n, u) => n + of(u), 0);
  return { model, calls: 1, usd, input: sum((u) => u.input + u.cacheRead + u.cacheWrite), cached: sum((u) => u.cacheRead), output: sum((u) => u.output) };
}

/** Counts a call to what an ask has cost. */
function pay(asked: Asked, call: Pick<CallRecord, 'model' | 'usd' | 'answer'>): void {
  const spend = spendOf(call);
  asked.spend = asked.spend === null ? spend : addSpend(asked.spend, spend);
}

function addSpend(a: Spend, b: Spend): Spend {
  return { model: a.model, calls: a.calls + b.calls, usd: a.usd + b.usd, input: a.input + b.input, cached: a.cached + b.cached, output: a.output + b.output };
}
