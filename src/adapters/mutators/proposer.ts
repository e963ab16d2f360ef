// The embedded proposer: performance rewrites first, then knobs, then generic edits. No key, no network, no model.

import type { Rng } from '../../core/rng.ts';
import { genomeOf, pinSpans, renderFile, type BaseFile, type Genome } from '../../core/pin.ts';
import type { Proposal, ProposalRequest, Proposer } from '../../engine/ports.ts';
import { normalForm as normalFormOf } from '../syntax/normal-form.ts';
import { findKnobs } from '../syntax/knobs.ts';
import { languageOf, parse } from '../syntax/parser.ts';
import { javascriptRewrites } from './catalogue/javascript/all.ts';
import { pythonRewrites } from './catalogue/python/all.ts';
import type { Context, Rewrite, Site } from './catalogue/rewrite.ts';
import { applyEdits, insideOne } from './edits.ts';
import { GENERIC_OPERATORS, genericEdit } from './generic.ts';
import { plainNumbers, turnKnob } from './numbers.ts';

export const REWRITES: readonly Rewrite[] = [...javascriptRewrites, ...pythonRewrites];

interface Candidate {
  readonly operator: string;
  readonly file: BaseFile;
  readonly text: string;
  readonly site: Site;
}

/** A file of the parent as the mutators see it. */
interface View {
  readonly file: BaseFile;
  readonly text: string;
  readonly spans: readonly { readonly start: number; readonly end: number }[];
}

function viewsOf(base: readonly BaseFile[], genome: Genome): View[] {
  return base.map((file) => ({ file, text: renderFile(file, genome), spans: pinSpans(file, genome).map(([, start, end]) => ({ start, end })) }));
}

export interface MutatorOptions {
  /** Off where nothing checks that results stay right. */
  readonly generic: boolean;
}

export class MutatorProposer implements Proposer {
  readonly name = 'builtin';
  private readonly options: MutatorOptions;

  constructor(options: MutatorOptions) {
    this.options = options;
  }

  async normalForm(base: readonly BaseFile[], genome: Genome): Promise<string> {
    const parts: string[] = [];
    for (const f of base) parts.push(f.file, await normalFormOf(languageOf(f.file, f.text), renderFile(f, genome)));
    return parts.join('\0');
  }

  async propose(request: ProposalRequest): Promise<Proposal> {
    const { rng } = request;
    const views = viewsOf(request.base, request.parent);
    const catalogue = await this.fresh(request, await rewriteSites(views));
    const known = catalogue.length > 0 && rng.chance(0.9);
    if (known) return this.chosen(request, pickByRecord(catalogue, request.record, rng));
    const turned = await this.tryRandom(request, () => knobCandidate(views, rng), 12);
    if (turned && (catalogue.length === 0 || rng.chance(0.5))) return this.chosen(request, turned);
    if (this.options.generic) {
      const edited = await this.tryRandom(request, () => genericCandidate(views, rng), 30);
      if (edited) return this.chosen(request, edited);
    }
    if (turned) return this.chosen(request, turned);
    if (catalogue.length > 0) return this.chosen(request, pickByRecord(catalogue, request.record, rng));
    return { kind: 'none', reason: 'no built-in edit is left for this parent', usd: 0, spent: true };
  }

  private chosen(request: ProposalRequest, c: Candidate): Proposal {
    return { kind: 'proposal', genome: this.genome(request, c) ?? request.parent, operator: c.operator, summary: c.site.summary, usd: 0 };
  }

  private genome(request: ProposalRequest, c: Candidate): Genome | null {
    const texts = new Map(request.base.map((f) => [f.file, renderFile(f, request.parent)]));
    texts.set(c.file.file, applyEdits(c.text, c.site.edits));
    const read = genomeOf(request.base, texts);
    return 'genome' in read ? read.genome : null;
  }

  /** Those that give something new: by normal form. */
  private async fresh(request: ProposalRequest, all: readonly Candidate[]): Promise<Candidate[]> {
    const out: Candidate[] = [];
    for (const c of all) {
      const genome = this.genome(request, c);
      if (genome !== null && !request.seen(await this.normalForm(request.base, genome))) out.push(c);
    }
    return out;
  }

  private async tryRandom(request: ProposalRequest, draw: () => Promise<Candidate | null>, tries: number): Promise<Candidate | null> {
    for (let i = 0; i < tries; i++) {
      const c = await draw();
      if (c === null) continue;
      const [fresh] = await this.fresh(request, [c]);
      if (fresh) return fresh;
    }
    return null;
  }
}

async function rewriteSites(views: readonly View[]): Promise<Candidate[]> {
  const out: Candidate[] = [];
  for (const v of views) {
    const language = languageOf(v.file.file, v.text);
    if (language === null || !REWRITES.some((r) => r.languages.includes(language))) continue;
    const tree = await parse(language, v.text);
    try {
      const context: Context = { text: v.text, root: tree.rootNode, language, pins: v.spans };
      for (const r of REWRITES) {
        if (!r.languages.includes(language)) continue;
        for (const site of r.find(context)) if (insideOne(site.edits, v.spans)) out.push({ operator: `rewrite:${r.id}`, file: v.file, text: v.text, site });
      }
    } finally {
      tree.delete();
    }
  }
  return out;
}

async function knobCandidate(views: readonly View[], rng: Rng): Promise<Candidate | null> {
  const v = rng.pick(views);
  const language = languageOf(v.file.file, v.text);
  const marked = (await findKnobs(v.file.file, v.text)).knobs
    .filter((k) => v.spans.some((s) => k.start >= s.start && k.end <= s.end));
  const knobs = marked.length > 0 ? marked : language === null ? plainNumbers(v.text, v.spans) : [];
  if (knobs.length === 0) return null;
  const site = turnKnob(rng.pick(knobs), v.text, rng);
  return site === null ? null : { operator: 'knob', file: v.file, text: v.text, site };
}

/** A random generic edit that parses no worse than its parent. */
export async function genericCandidate(views: readonly View[], rng: Rng): Promise<Candidate | null> {
  const v = rng.pick(views);
  const language = languageOf(v.file.file, v.text);
  if (language === null) return null;
  const tree = await parse(language, v.text);
  try {
    const operator = rng.pick(GENERIC_OPERATORS);
    const site = genericEdit({ text: v.text, root: tree.rootNode, language, pins: v.spans }, operator, rng);
    if (site === null || !insideOne(site.edits, v.spans)) return null;
    const after = await parse(language, applyEdits(v.text, site.edits));
    const worse = after.rootNode.hasError && !tree.rootNode.hasError;
    after.delete();
    return worse ? null : { operator: `generic:${operator}`, file: v.file, text: v.text, site };
  } finally {
    tree.delete();
  }
}

/** Weighted by how the operator has fared: tried in vain sinks, never to nothing. */
function pickByRecord(candidates: readonly Candidate[], record: ProposalRequest['record'], rng: Rng): Candidate {
  const weights = candidates.map((c) => {
    const { tries, wins } = record(c.operator);
    return (1 + 2 * wins) / (1 + tries);
  });
  const total = weights.reduce((a, b) => a + b, 0);
  let u = rng.next() * total;
  for (let i = 0; i < candidates.length; i++) {
    u -= weights[i] ?? 0;
    if (u < 0) return candidates[i] as Candidate;
  }
  return candidates[candidates.length - 1] as Candidate;
}

