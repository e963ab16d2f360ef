// A model as proposer: asks it with the run's history, reads its answer as edits, and lets it repair an answer that does not fit, once.

import { parseAnswer } from '../../core/answers/parse.ts';
import { UserError } from '../../core/errors.ts';
import type { BaseFile, Genome } from '../../core/pin.ts';
import type { Spec } from '../../core/spec.ts';
import type { Proposal, ProposalRequest, Proposer } from '../../engine/ports.ts';
import { NormalForms } from '../mutators/parents.ts';
import { Calls } from './calls.ts';
import { isCallFailed, type Answer, type Message, type ModelClient, type ModelRequest } from './client.ts';
import { costOfAnswer, type Price } from './prices.ts';
import { askPrompt, systemPrompt } from './prompt.ts';
import { Purse } from './purse.ts';

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
  /** USD that the run had spent before this session. */
  readonly spent: number;
  readonly now?: () => number;
}

/** Work of the CPU waits for a measurement under way. */
async function calmly<T>(request: ProposalRequest, work: () => T | Promise<T>): Promise<T> {
  return request.calm === undefined ? work() : request.calm(work);
}

type Called = { readonly answer: Answer; readonly usd: number } | null;

export class ModelProposer implements Proposer {
  readonly name: string;
  private readonly options: ModelProposerOptions;
  private readonly calls: Calls;
  private readonly purse: Purse;
  private readonly forms = new NormalForms();
  /** What the model's context was found to allow. */
  private promptTokens = PROMPT;
  private answerTokens = ANSWER;

  constructor(options: ModelProposerOptions) {
    this.name = options.model;
    this.options = options;
    this.calls = new Calls(options.calls);
    this.purse = new Purse(options.spec.budget.usd, options.price.known ? options.price.price : { input: 0, output: 0 }, options.spent);
  }

  normalForm(base: readonly BaseFile[], genome: Genome): Promise<string> {
    return this.forms.of(base, genome);
  }

  async propose(request: ProposalRequest): Promise<Proposal> {
    const operator = request.ask.operator ?? 'model';
    let usd = 0;
    const none = (reason: string): Proposal => ({ kind: 'none', reason: `${this.name}: ${reason}`, usd, spent: false });
    let more: readonly Message[] = [];
    let room: 1 | 2 = 1;
    let repaired = false;
    for (let call = 0; ; call++) {
      const called = await this.call(request, call, more, room);
      if (called === null) return call === 0 ? { kind: 'unaffordable' } : none('the budget does not allow another call for an answer that was of no use');
      usd += called.usd;
      const { answer } = called;
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
      if (parsed.kind === 'genome') return { kind: 'proposal', genome: parsed.genome, operator, summary: parsed.summary.replace(/\.$/, ''), usd };
      if (parsed.kind === 'none') return none(parsed.reason);
      if (repaired || last) return none(parsed.reason);
      repaired = true;
      more = [{ role: 'assistant', text: answer.text }, { role: 'user', text: parsed.problem }];
    }
  }

  /** One call, from the record where it was made before. Null when it cannot be afforded. */
  private async call(request: ProposalRequest, call: number, more: readonly Message[], room: 1 | 2): Promise<Called> {
    const recorded = this.calls.read(request.number, call, request.ask);
    if (recorded !== null) {
      this.purse.note(recorded.usd);
      return recorded;
    }
    for (;;) {
      const prompt = await calmly(request, () => this.prompt(request, more, this.answerTokens * room));
      const reservation = await this.purse.reserve(prompt);
      if (reservation === null) return null;
      const sent: ModelRequest = { ...prompt, maxTokens: reservation.maxTokens };
      const began = this.options.now?.() ?? Date.now();
      let usd = 0;
      try {
        const answer = await this.options.client.complete(sent, request.signal);
        usd = costOfAnswer(this.options.price, answer);
        this.purse.learn(sent, answer.usage);
        this.calls.write({
          v: 1, ask: request.number, call, asked: request.ask, model: this.name, began: new Date(began).toISOString(), seconds: ((this.options.now?.() ?? Date.now()) - began) / 1000, usd, prompt: sent, answer,
        });
        return { answer, usd };
      } catch (e) {
        if (!isCallFailed(e)) throw e;
        if (e.kind === 'too-long' && this.promptTokens / 2 >= LEAST_PROMPT) {
          this.promptTokens = Math.floor(this.promptTokens / 2);
          this.answerTokens = Math.max(1024, Math.floor(this.answerTokens / 2));
          continue;
        }
        throw new UserError(e.message, e.remedy);
      } finally {
        reservation.settle(usd);
      }
    }
  }

  private prompt(request: ProposalRequest, more: readonly Message[], maxTokens: number): ModelRequest {
    // The code may have most of it; the rest is for the history.
    const system = systemPrompt(this.options.spec, request.base, this.promptTokens * 0.6);
    const text = askPrompt(request, this.promptTokens * 0.4);
    const [first, ...rest] = more;
    // Two messages of one role in a row are refused by some servers.
    const messages: Message[] = first?.role === 'user' ? [{ role: 'user', text: `${text}\n\n${first.text}` }, ...rest] : [{ role: 'user', text }, ...more];
    return { system, messages, maxTokens };
  }
}
