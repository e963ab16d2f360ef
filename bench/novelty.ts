// What turning away nearly repeated edits saves and costs: edits of the 41 functions of bench/corpus, reworded as models repeat themselves.
// In process; nothing is run. Usage: npx tsx bench/novelty.ts [--ideas 12] [--seeds 3] [--only a,b] [--write]

import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MutatorProposer } from '../src/adapters/mutators/proposer.ts';
import { resolvePinRefs } from '../src/adapters/syntax/resolve.ts';
import { likeness, sketchOf, type Sketch } from '../src/core/novelty.ts';
import { filesPatch } from '../src/core/patch/unified.ts';
import { baseGenome, renderFiles, type BaseFile, type Genome } from '../src/core/pin.ts';
import { seededRng, type Rng } from '../src/core/rng.ts';
import { EMPTY } from '../src/core/run-state.ts';
import { quantile } from './machine.ts';
import { reworded, type Rewording } from './simulated/rewording.ts';

const CORPUS = join(__dirname, 'corpus');
const KINDS: readonly Rewording[] = ['comments', 'layout', 'names', 'order', 'detail'];
const THRESHOLDS = [0.6, 0.7, 0.8, 0.9, 1] as const;
/** Evaluations of one run, and how many failures of a parent the engine remembers. */
const BUDGET = 60;
const TWINS = 64;
/** Every run has had so many answers. */
const ANSWERS = 60;

interface Edit {
  readonly genome: Genome;
  /** As the engine tells duplicates. */
  readonly form: string;
  readonly sketch: Sketch;
}

class Function {
  readonly name: string;
  readonly base: readonly BaseFile[];
  private readonly proposer = new MutatorProposer({ generic: true });

  constructor(name: string, base: readonly BaseFile[]) {
    this.name = name;
    this.base = base;
  }

  async edit(genome: Genome): Promise<Edit> {
    const patch = filesPatch(renderFiles(this.base, baseGenome(this.base)), renderFiles(this.base, genome));
    return { genome, form: await this.proposer.normalForm(this.base, genome), sketch: sketchOf(patch) };
  }

  /** An edit of one to six places, so long as a model's are. */
  async idea(rng: Rng): Promise<Edit> {
    let parent = baseGenome(this.base);
    for (let steps = 1 + rng.int(6); steps > 0; steps--) {
      const p = await this.proposer.propose({
        ask: { parent: 'baseline', inspirations: [] }, number: 0, state: EMPTY, instructions: '', parent, inspirations: [], base: this.base, rng, seen: () => false,
        record: () => ({ tries: 0, wins: 0 }), signal: new AbortController().signal, halt: new AbortController().signal,
      });
      if (p.kind === 'proposal') parent = p.genome;
    }
    return this.edit(parent);
  }

  async again(kind: Rewording, of: Edit, rng: Rng): Promise<Edit | null> {
    const [pin] = Object.keys(of.genome);
    if (pin === undefined) return null;
    const text = reworded(kind, baseGenome(this.base)[pin] ?? '', of.genome[pin] ?? '', this.base.some((b) => b.file.endsWith('.py')), rng);
    return text === null ? null : this.edit({ ...of.genome, [pin]: text });
  }
}

async function functions(): Promise<readonly Function[]> {
  const out: Function[] = [];
  for (const name of readdirSync(CORPUS, { withFileTypes: true }).filter((d) => d.isDirectory()).map((d) => d.name)) {
    const pin = /pins: \[(\S+)\]/.exec(readFileSync(join(CORPUS, name, 'sigil.yaml'), 'utf8'))?.[1] ?? '';
    out.push(new Function(name, await resolvePinRefs([pin], (file) => readFileSync(join(CORPUS, name, file), 'utf8'))));
  }
  return out;
}

interface Seen { readonly kind: Rewording | 'another idea'; readonly duplicate: boolean; readonly likeness: number; readonly length: number }

/** What the two rules make of each kind of rewording, and of other edits of the same program. */
async function looked(all: readonly Function[], ideas: number): Promise<readonly Seen[]> {
  const out: Seen[] = [];
  for (const f of all) {
    const rng = seededRng(`novelty ${f.name}`);
    const made: Edit[] = [];
    for (let i = 0; i < ideas; i++) made.push(await f.idea(rng));
    for (const [i, e] of made.entries()) {
      for (const kind of KINDS) {
        const other = await f.again(kind, e, rng);
        if (other !== null) out.push({ kind, duplicate: other.form === e.form, likeness: likeness(e.sketch, other.sketch), length: e.sketch.shingles.size });
      }
      const next = made[(i + 1) % made.length];
      if (next !== undefined && next.form !== e.form) out.push({ kind: 'another idea', duplicate: false, likeness: likeness(e.sketch, next.sketch), length: e.sketch.shingles.size });
    }
  }
  return out;
}

interface Shares { readonly again: number; readonly detail: number }
interface Tally { evaluations: number; better: number; answers: number; spared: number; lost: number; lostBest: number; best: number[]; bestByAnswers: number[] }

/**
 * Runs of so many evaluations, all of whose proposals change the original. A new idea is worth something that has nothing to do with its text
 * (normal, mean -0.3, deviation 0.4: one in four is better); in other words it is worth the same; with another detail its worth moves by a
 * normal number of deviation 0.2. An edit that is turned away costs one more answer.
 */
async function simulate(all: readonly Function[], shares: Shares, threshold: number, seeds: number, pools: ReadonlyMap<string, readonly Edit[]>): Promise<Tally> {
  const t: Tally = { evaluations: 0, better: 0, answers: 0, spared: 0, lost: 0, lostBest: 0, best: [], bestByAnswers: [] };
  for (const f of all) for (let seed = 0; seed < seeds; seed++) {
    const rng = seededRng(`run ${f.name} ${seed}`);
    const told: { edit: Edit; worth: number }[] = [];
    const forms = new Set<string>();
    const failures: Sketch[] = [];
    const pool = pools.get(f.name) ?? [];
    let [best, bestByAnswers, fresh, evaluations, answers] = [0, 0, 0, 0, 0];
    for (let n = 0; evaluations < BUDGET && n < 4 * BUDGET; n++) {
      const u = rng.next();
      const of = told.length > 0 && u < shares.again + shares.detail ? rng.pick(told) : null;
      const kind: Rewording = u < shares.again ? rng.pick(KINDS.slice(0, 4)) : 'detail';
      const edit = of === null ? pool[fresh++ % pool.length] : await f.again(kind, of.edit, rng);
      const [idea, step] = [-0.3 + 0.4 * rng.normal(), 0.2 * rng.normal()];
      if (edit === null || edit === undefined) continue;
      answers++;
      const worth = of === null ? idea : kind === 'detail' ? of.worth + step : of.worth;
      told.push({ edit, worth }); // a model says again what it has said, evaluated or not: so the proposals are the same at every threshold
      if (forms.has(edit.form)) continue; // a duplicate, with novelty or without
      if (threshold > 0 && failures.some((s) => likeness(s, edit.sketch) >= threshold)) {
        t.spared++;
        if (worth > 0) t.lost++;
        if (worth > best) t.lostBest++;
        continue;
      }
      forms.add(edit.form);
      evaluations++;
      if (worth > 0) t.better++;
      best = Math.max(best, worth);
      if (answers <= ANSWERS) bestByAnswers = best;
      if (worth <= 0) failures.splice(0, Math.max(0, failures.push(edit.sketch) - TWINS));
    }
    t.evaluations += evaluations;
    t.answers += answers;
    t.best.push(best);
    t.bestByAnswers.push(bestByAnswers);
  }
  return t;
}

const SHARES: readonly Shares[] = [{ again: 0.1, detail: 0.1 }, { again: 0.3, detail: 0.1 }, { again: 0.3, detail: 0.3 }, { again: 0.5, detail: 0.1 }];

const pageOf = (functions: number, ideas: number, seeds: number, rows: readonly string[], runs: readonly string[]): string => `# Turning away edits that are nearly those before

\`npx tsx bench/novelty.ts --write\`

Seeded, in process, nothing is run: the same numbers on any machine. \`alphaevolve\` has an option \`novelty\`: an edit that is so like (src/core/novelty.ts) one of the same parent which was measured and no better goes back to the model once, and then counts as a duplicate. Here are edits of the ${functions} functions of bench/corpus, ${ideas} of one to six places each by the built-in mutators, and each in other words, as models repeat themselves (bench/simulated/rewording.ts): with a comment, with other layout, with one of its names changed throughout, with two independent lines exchanged. Beside them the same edit with one detail changed that may matter: a comparison, \`min\` for \`max\`, \`append\` for \`add\`.

## What speaks against it

**Likeness of text cannot tell a repetition from another detail.** The changed detail is nearer to the first edit than a changed name is, so every threshold that finds the repetitions in other names turns away nearly all edits with another detail. Comments and layout, which models change most, never get so far: the normal form has told them as duplicates, with novelty or without. And what is spared is an evaluation, where each edit that is turned away costs another answer of the model.

| the same edit with | pairs | duplicates by normal form | not told by that | their median likeness | ${THRESHOLDS.map((h) => `turned away at ${h}`).join(' | ')} |
| --- | --- | --- | --- | --- |${' --- |'.repeat(THRESHOLDS.length)}
${rows.join('\n')}

## What it spares and what it costs

${functions * seeds} runs of ${BUDGET} evaluations a row, one a function; all proposals change the original, so that repetitions meet. A share of the proposals is an earlier edit in other words, another share an earlier one with another detail; the rest are new. A new edit is worth a normal number (mean −0.3, deviation 0.4), a repetition the same, one with another detail that and a normal number of deviation 0.2; better is more than 0. These shares and worths are assumptions: no recording of a real model says what they are. Turned away as better: of the edits that were turned away, how many would have been better than the original; beside it how many of the measured ones were.

| repeated | other detail | novelty | answers a run | turned away | of these better | of the measured better | better than all before, lost | best after ${ANSWERS} answers | after ${BUDGET} evaluations |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
${runs.join('\n')}

The proposals of a run are the same at every threshold, so rows of one share compare. With an equal number of answers nothing is gained, since an edit that is turned away could have been measured; with an equal number of evaluations at most a little is, for a fifth to two fifths more answers. At 0.9 one in six to one in twelve of those that were turned away would have been better than the original, and some better than all before.

So it is off unless it is asked for (\`--option novelty=0.9\`). It may pay where an evaluation takes hours and an answer cents. At 1 it turns away only edits that take out and put in the same tokens, at another place or in another order: that loses little, and spares next to nothing.
`;

function meanOf(values: readonly number[]): string {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return `${mean.toFixed(2)} ± ${(Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0)) / values.length).toFixed(2)}`;
}
const percent = (part: number, of: number): string => (of === 0 ? '–' : `${((100 * part) / of).toFixed(part / of < 0.1 && part > 0 ? 1 : 0)} %`);

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { ideas: { type: 'string', default: '12' }, seeds: { type: 'string', default: '3' }, only: { type: 'string' }, write: { type: 'boolean', default: false } } });
  const all = (await functions()).filter((f) => values.only === undefined || values.only.split(',').includes(f.name));
  const seen = await looked(all, Number(values.ideas));
  const rows = [...KINDS, 'another idea' as const].map((kind) => {
    const these = seen.filter((s) => s.kind === kind);
    const left = these.filter((s) => !s.duplicate);
    return `| ${kind} | ${these.length} | ${percent(these.length - left.length, these.length)} | ${left.length} | ${quantile(left.map((s) => s.likeness), 0.5).toFixed(2)} | ${THRESHOLDS.map((h) => percent(left.filter((s) => s.likeness >= h).length, left.length)).join(' | ')} |`;
  });
  const pools = new Map<string, readonly Edit[]>();
  for (const f of all) {
    const rng = seededRng(`pool ${f.name}`);
    const pool: Edit[] = [];
    for (let i = 0; i < 2 * BUDGET; i++) pool.push(await f.idea(rng));
    pools.set(f.name, pool);
  }
  const runs: string[] = [];
  for (const shares of SHARES) for (const threshold of [0, 0.8, 0.9, 1]) {
    const t = await simulate(all, shares, threshold, Number(values.seeds), pools);
    runs.push(`| ${shares.again * 100} % | ${shares.detail * 100} % | ${threshold === 0 ? 'off' : threshold} | ${(t.answers / t.best.length).toFixed(0)} | ${threshold === 0 ? '' : `${t.spared} (${percent(t.spared, t.evaluations + t.spared)})`} | ${percent(t.lost, t.spared)} | ${percent(t.better, t.evaluations)} | ${t.lostBest} | ${meanOf(t.bestByAnswers)} | ${meanOf(t.best)} |`);
    process.stderr.write(`${runs.at(-1) ?? ''}\n`);
  }
  const page = pageOf(all.length, Number(values.ideas), Number(values.seeds), rows, runs);
  if (values.write) writeFileSync(join(__dirname, 'results/novelty.md'), page);
  else process.stdout.write(page);
}

void main();
