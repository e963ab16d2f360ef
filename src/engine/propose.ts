// The first half of an ask: from the search's wish to a proposal in the journal that is worth an evaluation.

import type { EventBody } from '../core/events.ts';
import type { Ask } from '../core/optimizers/optimizer.ts';
import { seededRng } from '../core/rng.ts';
import type { Outcome, SolutionId } from '../core/solution.ts';
import type { SolutionState } from '../core/run-state.ts';
import type { Context } from './context.ts';
import { DERIVED } from './own-asks.ts';
import { formHash, solutionId } from './ids.ts';
import { isNotBegun, type Answered, type Proposal, type ProposalRequest } from './ports.ts';

export type Verdict = Extract<EventBody, { type: 'verdict' }>;

/** A verdict without a measurement. */
export function verdict(ask: number, id: SolutionId, outcome: Outcome, reason: string): Verdict {
  return { type: 'verdict', ask, id, outcome, reason, estimate: null, effect: null, feasible: true, p: null, alpha: null, pairs: 0, processes: 0, seconds: 0, metrics: {} };
}

/**
 * Asks the proposer, or takes up what it had answered before an interruption. Returns null after a verdict without evaluation, and where the
 * ask stays open.
 * @param halt no call may begin after it
 */
export async function propose(ctx: Context, ask: number, request: Ask, halt: AbortSignal): Promise<SolutionState | null> {
  const { proposer } = ctx.ports;
  const before = ctx.state.open.get(ask);
  const done = before === null || before === undefined ? undefined : ctx.state.solutions.get(before);
  if (done) return admitted(ctx, ask, done);
  const parent = ctx.genomes.of(request.parent);
  const derived = request.operator === DERIVED ? ctx.state.started?.parent : null;
  const proposal: Proposal | null = derived ? ({ kind: 'proposal', genome: derived.genome, operator: DERIVED, summary: `solution ${derived.from} of an earlier run`, usd: 0 }) : await proposer.propose({
    ask: request, number: ask, state: ctx.state, instructions: ctx.instructions(ask), parent, inspirations: request.inspirations.map((i) => ctx.genomes.of(i)), ...brokenOf(ctx, request), base: ctx.base,
    rng: seededRng(`${ctx.seed}/propose/${ask}`), seen: (form) => ctx.seen.has(formHash(form)), near: (genome) => nearWords(ctx, request.parent, ctx.genomes.diff(parent, genome)), record: (operator) => ctx.record(operator), signal: ctx.signal, halt, calm: (work) => ctx.quiet.run(work),
  }).catch((e: unknown) => {
    if (isNotBegun(e)) return null;
    throw e;
  });
  if (proposal === null) return null;
  if (proposal.kind === 'unaffordable') {
    ctx.outOfMoney = true;
    ctx.outOfMoneyWhy = proposal.why;
    return null;
  }
  const { started } = ctx.state;
  const run = `${ctx.spec.name}/${started?.workspace ?? ''}/${started?.run ?? ''}`;
  if (proposal.kind === 'none') {
    const id = solutionId(run, ask, proposal.reason);
    ctx.emit({ type: 'proposed', ask, id, parents: [request.parent], patch: '', operator: 'none', summary: proposal.reason, spent: proposal.spent && request.broken === undefined, ...answeredBy(proposal) });
    return admitted(ctx, ask, ctx.state.solutions.get(id));
  }
  const { genome } = proposal;
  const { patch, form } = await ctx.quiet.run(async () => {
    const made = ctx.genomes.diff(parent, genome);
    return { patch: made, form: made === '' ? {} : { form: formHash(await proposer.normalForm(ctx.base, genome)) } };
  });
  const id = solutionId(run, ask, patch);
  ctx.emit({ type: 'proposed', ask, id, parents: [request.parent, ...(request.broken === undefined ? [] : [request.broken]), ...request.inspirations], patch, operator: proposal.operator, summary: proposal.summary, spent: false, ...answeredBy(proposal), ...form });
  return admitted(ctx, ask, ctx.state.solutions.get(id));
}

/** Who answered, as the journal has it. */
function answeredBy({ usd, model, spend, down }: Answered): Answered {
  return { usd, ...(model === undefined ? {} : { model }), ...(spend === undefined ? {} : { spend }), ...(down === undefined || down.length === 0 ? {} : { down }) };
}

function brokenOf(ctx: Context, request: Ask): Pick<ProposalRequest, 'broken'> {
  if (request.broken === undefined) return {};
  const s = ctx.state.solutions.get(request.broken);
  return { broken: { genome: ctx.genomes.of(request.broken), reason: s?.reason ?? '', output: s?.gates.findLast((g) => !g.ok)?.output ?? '' } };
}

/** A proposed solution that is worth an evaluation; null after the verdict on one that is not. The same live and after a kill. */
function admitted(ctx: Context, ask: number, s: SolutionState | undefined): SolutionState | null {
  if (s === undefined) return null;
  if (s.patch === '') {
    ctx.emit(verdict(ask, s.id, 'invalid', s.operator === 'none' ? s.summary : 'the proposal changes nothing'));
    return null;
  }
  const near = ctx.isRepeated(s.id) ? 'the same program has been tried' : nearWords(ctx, s.parents[0] ?? '', s.patch);
  if (near === null) return s;
  ctx.emit(verdict(ask, s.id, 'duplicate', near));
  return null;
}

/** What an edit nearly repeats, in words. */
function nearWords(ctx: Context, parent: SolutionId, patch: string): string | null {
  const twin = ctx.twinOf(parent, patch);
  return twin === null ? null : `nearly the same edit as ${twin}, which was no better`;
}

