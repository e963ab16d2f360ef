// The embedded proposer: performance rewrites first, then knobs, then generic edits. No key, no network, no model.
// A search may also ask it for several edits at once, for a crossover, or for a failed solution with an edit taken back.

import type { Rng } from '../../core/rng.ts';
import type { BaseFile, Genome } from '../../core/pin.ts';
import type { Proposal, ProposalRequest, Proposer } from '../../engine/ports.ts';
import { crossed, mended } from './combine.ts';
import { insideOne } from './edits.ts';
import { GENERIC_OPERATORS, editAt } from './generic.ts';
import { withKnobs } from './knob-vector.ts';
import { turnKnob } from './numbers.ts';
import { NormalForms, Parents, type Change, type Parent } from './parents.ts';

export interface MutatorOptions {
  /** Off where nothing checks that results stay right. */
  readonly generic: boolean;
}

export class MutatorProposer implements Proposer {
  readonly name = 'builtin';
  private readonly options: MutatorOptions;
  private readonly forms = new NormalForms();
  private readonly parents = new Parents(this.forms);

  constructor(options: MutatorOptions) {
    this.options = options;
  }

  /** As the port has it; a digest, so that what was tried can be remembered by the hundred thousand. */
  normalForm(base: readonly BaseFile[], genome: Genome): Promise<string> {
    return this.forms.of(base, genome);
  }

  async propose(request: ProposalRequest): Promise<Proposal> {
    const { rng } = request;
    const { operator, knobs } = request.ask;
    if (knobs !== undefined) return this.turned(request.base, knobs);
    const parent = this.parents.of(request.base, request.parent);
    const combined = operator === 'crossover' || operator === 'debug' ? await this.combined(request, parent) : null;
    if (combined !== null) return combined;
    const first = await this.edit(parent, request);
    if (first === null) return { kind: 'none', reason: 'no built-in edit is left for this parent', usd: 0, spent: true };
    if (operator !== 'rewrite') return proposal(first);
    const edits = [first];
    for (let more = 1 + rng.int(2); more > 0; more--) {
      const next = await this.edit(this.parents.of(request.base, (edits.at(-1) as Change).genome), request);
      if (next !== null) edits.push(next);
    }
    const last = edits.at(-1) as Change;
    return edits.length === 1 ? proposal(first) : { kind: 'proposal', genome: last.genome, operator: 'several', summary: edits.map((e) => e.site.summary).join('; '), usd: 0 };
  }

  /** All knobs of the baseline at once. */
  private async turned(base: readonly BaseFile[], values: readonly number[]): Promise<Proposal> {
    const made = await withKnobs(this.parents, base, values);
    if (made === null) return { kind: 'none', reason: 'the knobs of the code are not those that this run began with', usd: 0, spent: false };
    return { kind: 'proposal', genome: made.genome, operator: 'knobs', summary: made.summary, usd: 0 };
  }

  /** One new edit of a parent; null when there is none. */
  private async edit(parent: Parent, request: ProposalRequest): Promise<Change | null> {
    const { rng } = request;
    const isNew = (c: Change): boolean => !request.seen(c.form);
    const catalogue = (await parent.rewrites()).filter(isNew);
    const known = catalogue.length > 0 && rng.chance(0.9);
    if (known) return pickByRecord(catalogue, request.record, rng);
    const turned = await tryRandom(() => knobChange(parent, rng), isNew, 12);
    if (turned && (catalogue.length === 0 || rng.chance(0.5))) return turned;
    if (this.options.generic) {
      const edited = await tryRandom(() => genericChange(parent, rng), isNew, 30);
      if (edited) return edited;
    }
    if (turned) return turned;
    return catalogue.length > 0 ? pickByRecord(catalogue, request.record, rng) : null;
  }

  /** A crossover with the first inspiration that gives one, or a mended failure; null when all are programs that were tried, or parse worse than the parent. */
  private async combined(request: ProposalRequest, parent: Parent): Promise<Proposal | null> {
    const { base, broken, inspirations, rng } = request;
    const crossing = request.ask.operator === 'crossover';
    const genomes = crossing ? inspirations.map((mate) => crossed(base, request.parent, mate)) : [broken ? mended(base, request.parent, broken.genome, rng) : null];
    for (const genome of genomes) {
      if (genome === null || request.seen(await this.forms.of(base, genome))) continue;
      if ((await this.parents.of(base, genome).faults()) > (await parent.faults())) continue;
      return { kind: 'proposal', genome, operator: crossing ? 'crossover' : 'mend', summary: crossing ? 'with what another solution changed' : 'the failed solution with one of its changes taken back', usd: 0 };
    }
    return null;
  }
}

function proposal(c: Change): Proposal {
  return { kind: 'proposal', genome: c.genome, operator: c.operator, summary: c.site.summary, usd: 0 };
}

async function tryRandom(draw: () => Promise<Change | null>, isNew: (c: Change) => boolean, tries: number): Promise<Change | null> {
  for (let i = 0; i < tries; i++) {
    const c = await draw();
    if (c !== null && isNew(c)) return c;
  }
  return null;
}

async function knobChange(parent: Parent, rng: Rng): Promise<Change | null> {
  const v = rng.pick(parent.views);
  const knobs = await parent.knobs(v);
  if (knobs.length === 0) return null;
  const site = turnKnob(rng.pick(knobs), v.text, rng);
  return site === null ? null : parent.change(v, 'knob', site);
}

/** A random generic edit that parses no worse than its parent. */
async function genericChange(parent: Parent, rng: Rng): Promise<Change | null> {
  const v = rng.pick(parent.views);
  const { language } = v;
  if (language === null) return null;
  const { places } = await parent.grounds(v, language);
  const operator = rng.pick(GENERIC_OPERATORS);
  const site = editAt({ text: v.text, language }, places, operator, rng);
  if (site === null || !insideOne(site.edits, v.spans)) return null;
  if (!(await parent.parses(v, language, site))) return null;
  return parent.change(v, `generic:${operator}`, site);
}

/** Weighted by how the operator has fared: tried in vain sinks, never to nothing. */
function pickByRecord(candidates: readonly Change[], record: ProposalRequest['record'], rng: Rng): Change {
  const weights = candidates.map((c) => {
    const { tries, wins } = record(c.operator);
    return (1 + 2 * wins) / (1 + tries);
  });
  const total = weights.reduce((a, b) => a + b, 0);
  let u = rng.next() * total;
  for (let i = 0; i < candidates.length; i++) {
    u -= weights[i] ?? 0;
    if (u < 0) return candidates[i] as Change;
  }
  return candidates[candidates.length - 1] as Change;
}
