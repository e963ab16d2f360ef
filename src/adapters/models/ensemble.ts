// Several models as one proposer: each ask goes to one of them, drawn by weight; where that one is down, the others take it.

import type { Down, Spend } from '../../core/events.ts';
import type { BaseFile, Genome } from '../../core/pin.ts';
import { UserError } from '../../core/errors.ts';
import type { Rng } from '../../core/rng.ts';
import type { Answered, Proposal, ProposalRequest, Proposer } from '../../engine/ports.ts';

/** What is known of an ask from an earlier session. */
export interface Recorded {
  /** When the last answer came, in ms. */
  readonly at: number;
  readonly spend: Spend;
}

export interface MemberProposer extends Proposer {
  /** What this member had answered to the ask before an interruption; null when nothing. Left out by members that keep no record. */
  recorded?(request: ProposalRequest): Recorded | null;
}

export interface Member {
  /** As it stands in the journal: `provider/name`. */
  readonly name: string;
  /** More than 0. */
  readonly weight: number;
  readonly proposer: MemberProposer;
}

/** A member that cannot answer this ask: another may. Where there is no other, the run ends in these words and can go on. */
export class MemberDown extends UserError {
  /** What was paid for the ask before it failed; null when nothing. */
  readonly spend: Spend | null;

  constructor(message: string, remedy: string, spend: Spend | null = null) {
    super(message, remedy);
    this.spend = spend;
  }
}

export interface EnsembleOptions {
  /** What an earlier session paid to members that did not come to an answer: for the run's purse. */
  readonly note: (usd: number) => void;
  /** Told when a member goes down or is back. */
  readonly say: (text: string) => void;
  readonly now?: () => number;
}

/** Milliseconds after which a member that was down is tried again: the first time, doubled up to the second. */
const REST = [60_000, 900_000] as const;

interface Resting {
  readonly until: number;
  readonly restMs: number;
  readonly failure: MemberDown;
}

export class EnsembleProposer implements Proposer {
  readonly name: string;
  readonly readsProfiles = true;
  private readonly members: readonly Member[];
  private readonly options: EnsembleOptions;
  private readonly resting = new Map<string, Resting>();

  constructor(members: readonly [Member, ...Member[]], options: EnsembleOptions) {
    this.name = members.map((m) => m.name).join(', ');
    this.members = members;
    this.options = options;
  }

  normalForm(base: readonly BaseFile[], genome: Genome): Promise<string> {
    return (this.members[0] as Member).proposer.normalForm(base, genome);
  }

  /** Throws what the first said when none will answer; one that will not is left out for now, like one that goes down later. */
  async ready(signal: AbortSignal): Promise<void> {
    const failures = await Promise.all(this.members.map(async ({ proposer }) => {
      try {
        await proposer.ready?.(signal);
        return null;
      } catch (e) {
        if (e instanceof MemberDown) return e;
        throw e;
      }
    }));
    const failed = failures.flatMap((f) => f ?? []);
    const [first] = failed;
    if (first !== undefined && failed.length === this.members.length) throw first;
    for (const [i, f] of failures.entries()) if (f) this.rest((this.members[i] as Member).name, undefined, f);
  }

  async propose(request: ProposalRequest): Promise<Proposal> {
    const paid: Spend[] = [];
    const down: Down[] = [];
    let poor: Extract<Proposal, { kind: 'unaffordable' }> | null = null;
    let failure: MemberDown | null = null;
    const { order, records } = this.inTurn(request);
    const answered = (by: string, of: Answered): Answered => {
      // What others had answered to it in an earlier session is paid too, and the journal does not tell of it yet.
      for (const { spend } of records.values()) {
        paid.push(spend);
        this.options.note(spend.usd);
      }
      const spend = [...paid, ...(of.spend ?? (of.usd > 0 ? [{ model: by, calls: 1, usd: of.usd, input: 0, cached: 0, output: 0 }] : []))];
      return { usd: paid.reduce((sum, s) => sum + s.usd, of.usd), model: of.model ?? by, ...(spend.length === 0 ? {} : { spend }), ...(down.length === 0 ? {} : { down }) };
    };
    for (const member of order) {
      const { name } = member;
      const resting = this.resting.get(name);
      if (resting !== undefined && this.now() < resting.until && !records.has(member)) {
        failure ??= resting.failure;
        continue;
      }
      records.delete(member); // it takes its record into account itself
      try {
        const proposal = await member.proposer.propose(request);
        if (this.resting.delete(name)) this.options.say(`${name} answers again.`);
        if (proposal.kind !== 'unaffordable') return { ...proposal, ...answered(name, proposal) };
        poor = proposal;
      } catch (e) {
        if (!(e instanceof MemberDown)) throw e;
        if (e.spend !== null) paid.push(e.spend);
        failure = e;
        if (this.rest(name, resting, e)) down.push({ model: name, reason: e.message });
      }
    }
    if (poor === null) throw failure ?? new Error('an ensemble without members');
    return paid.length === 0 ? poor : { kind: 'none', reason: 'the model that was asked is down, and no other can be afforded', spent: false, ...answered(paid.at(-1)?.model ?? '', { usd: 0, spend: [] }) };
  }

  /** All members in the order in which they may take the ask: first who had answered it last before an interruption, then whom the search names, then by weighted draws. */
  private inTurn(request: ProposalRequest): { readonly order: readonly Member[]; readonly records: Map<Member, Recorded> } {
    const drawn = inDrawnOrder(this.members, request.rng.fork('members')).sort((a, b) => Number(b.name === request.ask.model) - Number(a.name === request.ask.model));
    const records = new Map(drawn.flatMap((member) => {
      const record = member.proposer.recorded?.(request) ?? null;
      return record === null ? [] : [[member, record] as const];
    }));
    return { order: drawn.sort((a, b) => (records.get(b)?.at ?? 0) - (records.get(a)?.at ?? 0)), records };
  }

  /** Takes note that a member failed. False when it had been said before. */
  private rest(name: string, before: Resting | undefined, failure: MemberDown): boolean {
    if (this.resting.get(name) !== before) return false; // another ask found it out meanwhile
    const restMs = before === undefined ? REST[0] : Math.min(REST[1], before.restMs * 2);
    this.resting.set(name, { until: this.now() + restMs, restMs, failure });
    if (before !== undefined) return false;
    if (this.members.length > 1) this.options.say(`${failure.message}. ${name} is left out for now; the others take its asks.`);
    return true;
  }

  private now(): number {
    return this.options.now?.() ?? Date.now();
  }
}

/** All members by weighted draws without replacement. */
export function inDrawnOrder<T extends { readonly weight: number }>(members: readonly T[], rng: Rng): T[] {
  const left = [...members];
  const out: T[] = [];
  while (left.length > 0) {
    let at = rng.next() * left.reduce((sum, m) => sum + m.weight, 0);
    const i = left.findIndex((m) => (at -= m.weight) < 0);
    out.push(...left.splice(i < 0 ? left.length - 1 : i, 1));
  }
  return out;
}
