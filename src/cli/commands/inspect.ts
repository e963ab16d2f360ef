// What there is to see of runs and solutions: tables, one solution, diffs, comparisons, the report.

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { renderFile, type BaseFile, type Genome } from '../../core/pin.ts';
import { filePatch } from '../../core/patch/unified.ts';
import { encodeText } from '../../adapters/checkout/encoding.ts';
import { readSource } from '../../adapters/files.ts';
import { recordedCalls } from '../../adapters/journal/call-records.ts';
import { lastEvent } from '../../adapters/journal/file-journal.ts';
import type { RunPaths } from '../../adapters/journal/layout.ts';
import { callsText } from '../../core/call-text.ts';
import type { StopReason } from '../../core/events.ts';
import { shares } from '../../core/optimizers/policy.ts';
import type { RunState, SolutionState } from '../../core/run-state.ts';
import { confinementWords, grantedWords } from '../../core/granted.ts';
import { cachedShare, modelRows, type ModelRow } from '../../core/model-rows.ts';
import { printObjective } from '../../core/objective.ts';
import { BASELINE, type Outcome } from '../../core/solution.ts';
import { comparisonText, overControl } from '../../core/control.ts';
import { UserError } from '../../core/errors.ts';
import type { Globals } from '../main.ts';
import { projectRoot } from '../project.ts';
import { oneRun, oneSolution, openRun, runsOf, withoutControls, type OpenRun, type RunFilter } from '../runs.ts';
import { SYMBOL, effectText, gainText, noiseText, plain, rank, secondsText, unitOf, worth, worthSoFar } from '../../core/format.ts';
import { printTable } from '../view/table.ts';
import { Output, coloured } from '../view/terminal.ts';

/** One solution as `--json` shows it. */
function solutionJson(run: OpenRun, s: SolutionState): object {
  return {
    id: s.id, run: run.paths.run, spec: run.paths.spec, workspace: run.paths.workspace, parents: s.parents, depth: s.depth, operator: s.operator, summary: s.summary,
    model: s.model === '' ? null : s.model, outcome: s.outcome, reason: s.reason, estimate: s.estimate, promotion: s.promotion, gain: s.gain, metrics: s.metrics, pairs: s.pairs, usd: s.usd,
    best: run.state.incumbent === s.id, banned: s.banned, accepted: s.accepted,
  };
}

const isWaste = (o: Outcome | null): boolean => o === 'duplicate' || o === 'invalid';
/** Failed before there was anything to compare. */
const isFailure = (o: Outcome | null): boolean => isWaste(o) || o === 'blocked' || o === 'crashed' || o === 'timed-out' || o === 'infra-error';

/** `3 blocked, 2 crashed`. */
function countsText(outcomes: readonly (Outcome | null)[]): string {
  const counts = new Map<string, number>();
  for (const o of outcomes) counts.set(o ?? 'open', (counts.get(o ?? 'open') ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]).map(([o, n]) => `${n} ${o}`).join(', ');
}

export function inspectSolutions(globals: Globals, options: RunFilter & { sort: 'score' | 'time'; all?: boolean }, spec?: string): Promise<number> {
  const out = new Output(globals.json);
  const root = projectRoot(globals.cwd);
  const all = runsOf(root, { ...options, spec });
  const runs = withoutControls(all, options);
  if (runs.length === 0) oneRun(root, { ...options, spec }); // says what is missing
  const rows = runs.map(openRun).flatMap((run) => [...run.state.solutions.values()]
    .filter((s) => s.id !== BASELINE && (options.all === true || !isWaste(s.outcome))).map((s) => ({ run, s })));
  if (options.sort === 'score') rows.sort((a, b) => Number(b.run.state.incumbent === b.s.id) - Number(a.run.state.incumbent === a.s.id) || rank(b.s) - rank(a.s));
  if (globals.json) {
    out.document({ solutions: rows.map(({ run, s }) => solutionJson(run, s)) });
    return Promise.resolve(0);
  }
  if (rows.length === 0) out.line('No solutions yet.');
  // A long list of what did not even run hides the few that matter; where there is nothing else, it is what a person must see.
  const measured = rows.filter((r) => !isFailure(r.s.outcome));
  const shown = options.all === true || measured.length === 0 ? rows : measured;
  const several = new Set(shown.map((r) => r.run.paths.workspace)).size > 1;
  printTable(out, [
    ...(several ? [{ title: 'WORKSPACE', value: (r: (typeof rows)[number]) => r.run.paths.workspace }] : []),
    { title: 'ID', value: (r) => r.s.id },
    { title: 'OUTCOME', value: (r) => (r.s.outcome === null ? (r.run.state.stopped === null ? '… running' : '… waits') : `${SYMBOL[r.s.outcome]} ${r.s.outcome}${r.run.state.incumbent === r.s.id ? ' ★' : ''}`), style: (r) => (r.s.outcome === 'kept' ? ['green'] : r.s.outcome === 'suspicious' ? ['magenta'] : []) },
    { title: 'GAIN', value: (r) => worthSoFar(r.run.state, r.s) },
    { title: 'PARENT', value: (r) => r.s.parents[0] ?? '', optional: true },
    { title: 'PAIRS', value: (r) => String(r.s.pairs), right: true, optional: true },
    { title: 'SUMMARY', value: (r) => (isFailure(r.s.outcome) && r.s.reason !== r.s.summary ? `${r.s.reason} — ${r.s.summary}` : r.s.summary), flexible: true },
  ], shown);
  if (shown.length < rows.length) out.line(`${countsText(rows.filter((r) => isFailure(r.s.outcome)).map((r) => r.s.outcome))} not shown: --all shows them with the reasons.`);
  for (const workspace of new Set(all.filter((p) => !runs.includes(p)).map((p) => p.workspace))) out.line(out.paint(`Those of the control: --workspace ${workspace}`, 'dim'));
  if (rows.length > 0) out.line(out.paint('★ best   ≈ an estimate: it claims nothing   [low–high] 95 % interval', 'dim'));
  return Promise.resolve(0);
}

export function show(globals: Globals, options: RunFilter & { readonly calls?: boolean }, name?: string): Promise<number> {
  const out = new Output(globals.json);
  const found = oneSolution(projectRoot(globals.cwd), name ?? '', options);
  const { solution: s, state, genomes } = found;
  if (options.calls === true) return showCalls(out, found.paths, s);
  const patch = genomes.diff(genomes.of(BASELINE), genomes.of(s.id));
  if (globals.json) {
    out.document({ ...solutionJson(found, s), gates: s.gates, diff: patch, parentDiff: s.patch });
    return Promise.resolve(0);
  }
  const field = (title: string, value: string): void => {
    if (value !== '') out.line(`${out.paint(title.padEnd(10), 'dim')} ${value}`);
  };
  out.line(out.paint(`${s.id}${state.incumbent === s.id ? ' (best)' : ''}`, 'bold'));
  field('what', s.summary);
  field('model', s.model);
  field('outcome', s.id === BASELINE ? '' : s.outcome === null ? 'not decided' : `${SYMBOL[s.outcome]} ${s.outcome}${s.reason === '' ? '' : ` — ${s.reason}`}`);
  field('gain', s.gain ? `${gainText(s.gain, unitOf(state))} against the baseline, ${s.gain.pairs} fresh pairs, ${s.gain.processes} processes` : '');
  field('step', s.promotion ? `${gainText(s.promotion, unitOf(state))} against the incumbent of its time, ${s.promotion.pairs} fresh pairs` : '');
  field('estimate', s.estimate && !s.gain ? worth(s, unitOf(state)) : '');
  field('metrics', Object.entries(s.metrics).map(([k, v]) => `${k} ${plain(v)}`).join(', '));
  field('lineage', lineage(state, s).join(' ← '));
  for (const g of s.gates) field(`gate ${g.ok ? '✔' : '✗'}`, `${g.gate} (${secondsText(g.seconds)})${g.ok ? '' : `\n${g.output}`}`);
  field('run', `${found.paths.run}, spec ${found.paths.spec}, workspace ${found.paths.workspace}`);
  out.line('');
  printPatch(out, patch);
  return Promise.resolve(0);
}

function showCalls(out: Output, paths: RunPaths, s: SolutionState): Promise<number> {
  const calls = recordedCalls(paths.calls, s.ask);
  if (out.json) out.document({ id: s.id, model: s.model === '' ? null : s.model, calls });
  else if (calls.length === 0) throw new UserError(s.model === '' ? `no model was asked for ${s.id}` : `the record of what ${s.model} was asked is not there`, s.model === '' ? 'Solutions of models and agents have one.' : `It stood in ${paths.calls}.`);
  else out.line(callsText({ id: s.id, summary: s.summary, outcome: s.outcome ?? 'not decided', reason: s.reason }, calls));
  return Promise.resolve(0);
}

function lineage(state: RunState, s: SolutionState): string[] {
  const out: string[] = [];
  for (let at: SolutionState | undefined = s; at !== undefined; at = state.solutions.get(at.parents[0] ?? '')) out.push(at.id);
  return out;
}

/** A patch in colour on a terminal, byte for byte when piped. */
function printPatch(out: Output, patch: string): void {
  for (const line of patch.split('\n').slice(0, -1)) {
    const style = line.startsWith('+++') || line.startsWith('---') ? ['bold' as const] : line.startsWith('+') ? ['green' as const] : line.startsWith('-') ? ['red' as const] : line.startsWith('@@') ? ['cyan' as const] : [];
    out.line(out.paint(line, ...style));
  }
}

export function diff(globals: Globals, options: RunFilter, a?: string, b?: string): Promise<number> {
  const out = new Output(globals.json);
  const root = projectRoot(globals.cwd);
  const first = oneSolution(root, a ?? '', options);
  const second = b === undefined ? undefined : oneSolution(root, b, options);
  if (second && second.paths.journal !== first.paths.journal && second.solution.id !== BASELINE && first.solution.id !== BASELINE)
    throw new UserError(`${first.solution.id} and ${second.solution.id} are of different runs`, 'Compare each with its baseline: "sigil diff ID".', 2);
  // diff A: from the baseline to A. diff A B: from A to B, as diff(1) and git diff have it.
  const [from, to] = second ? [first.genomes.of(first.solution.id), (second.solution.id === BASELINE ? first.genomes : second.genomes).of(second.solution.id)] : [first.genomes.of(BASELINE), first.genomes.of(first.solution.id)];
  const patch = first.genomes.diff(from, to);
  if (globals.json) out.document({ from: second ? first.solution.id : BASELINE, to: second ? second.solution.id : first.solution.id, patch });
  else if (coloured(process.stdout)) printPatch(out, patch);
  else process.stdout.write(patchBytes(root, first.state.started?.base ?? [], from, to));
  return Promise.resolve(0);
}

/** A patch whose lines are the bytes of the working files, whatever their encoding: else git apply would not take it. */
function patchBytes(root: string, base: readonly BaseFile[], from: Genome, to: Genome): Buffer {
  return Buffer.concat(base.map((f) => {
    const path = join(root, f.file);
    return encodeText(filePatch(f.file, renderFile(f, from), renderFile(f, to)), existsSync(path) ? readSource(path).encoding : 'utf8', f.file);
  }));
}

/** The facts of a run that its report and comparisons show. */
function reportJson(run: OpenRun): object {
  const s = run.state;
  const best = s.solutions.get(s.incumbent);
  return {
    run: run.paths.run, spec: run.paths.spec, workspace: run.paths.workspace, optimizer: s.started?.spec.optimizer ?? null, model: s.started?.model ?? null, seed: s.started?.seed ?? null,
    objective: s.started ? printObjective(s.started.spec.objective) : null, machine: s.started?.machine ?? null, sandbox: s.started?.level ?? null, checkout: s.started?.checkout ?? null, ...(s.started?.granted === undefined ? {} : { granted: s.started.granted }),
    noise: s.noise, evaluations: s.evaluations, planned: s.planned, counts: s.counts, processes: s.processes, seconds: s.activeMs / 1000, usd: s.usd, models: modelRows(s),
    best: s.incumbent, gain: best?.gain ?? null, kept: [...s.solutions.values()].filter((x) => x.promotion !== null).map((x) => solutionJson(run, x)), tornLines: run.torn, ended: s.summary?.reason ?? null,
  };
}

/** Which steps and models a search that learns would choose now; '' where it does not learn, or goes on. */
function learnedText(run: OpenRun): string {
  const last = lastEvent(run.paths.journal);
  const weights = last?.type === 'run-ended' ? last.learned : undefined;
  if (weights === undefined) return '';
  const kinds = ['step', 'model'].map((kind) => shares(weights, kind).map(([name, share]) => `${name} ${(share * 100).toFixed(0)} %`).join(', '));
  return kinds.filter((t) => t !== '').join('; ');
}

/** The best independent change of the baseline in a run: what composition is measured against when no control was run. */
export function bestSingle(state: RunState): SolutionState | undefined {
  return [...state.solutions.values()].filter((s) => s.depth === 1 && s.estimate !== null).sort((a, b) => rank(b) - rank(a))[0];
}

/** The run's own control; else the latest best-of-n run of the same spec with the same budget and proposer. */
export function controlOf(root: string, run: OpenRun): OpenRun | undefined {
  const others = runsOf(root, { spec: run.paths.spec }).filter((p) => p.run !== run.paths.run && p.run.includes('best-of-n')).map(openRun);
  const ended = others.reverse().filter((o) => o.state.started?.spec.optimizer.name === 'best-of-n' && o.state.summary !== null);
  return ended.find((o) => o.state.started?.controls === run.paths.run)
    ?? ended.find((o) => o.state.started?.controls === undefined && o.state.planned === run.state.planned && o.state.started?.model === run.state.started?.model);
}

export function report(globals: Globals, _options: object, name?: string): Promise<number> {
  const out = new Output(globals.json);
  const root = projectRoot(globals.cwd);
  const run = openRun(oneRun(root, { run: name }));
  const control = run.state.started?.spec.optimizer.name === 'best-of-n' ? undefined : controlOf(root, run);
  if (globals.json) {
    out.document({ ...reportJson(run), control: control ? { run: control.paths.run, gain: control.state.summary?.gain ?? null, evaluations: control.state.evaluations, usd: control.state.usd } : null, overControl: control ? overControl(run.state, control.state) : null });
    return Promise.resolve(0);
  }
  printReport(out, run, control);
  return Promise.resolve(0);
}

const ENDED: Record<StopReason, string> = {
  budget: '', exhausted: 'there was nothing more to try', time: 'its time was up', money: 'its money was spent', stopped: 'it was stopped', interrupted: 'it was interrupted', 'eval-broken': 'the evaluation itself failed',
};

export function printReport(out: Output, run: OpenRun, control: OpenRun | undefined): void {
  const s = run.state;
  const { started, noise } = s;
  if (!started) {
    out.line(`${run.paths.run} ended before it began.`);
    return;
  }
  const best = s.solutions.get(s.incumbent);
  out.line(out.paint(`Run ${run.paths.run}`, 'bold'));
  out.prose(`${printObjective(started.spec.objective)} by ${started.spec.optimizer.name}, proposer ${started.model}, seed ${started.seed}`);
  out.line('');
  if (best?.gain) {
    out.line(`Gain: ${out.paint(gainText(best.gain, unitOf(s)), 'green', 'bold')} against the original code`);
    out.prose(`Measured by ${best.gain.pairs} fresh pairs, ${best.gain.processes} processes${best.gain.low === best.gain.high ? '' : '; the interval is 95 %'}.`);
  } else if (s.incumbent === BASELINE) out.prose('No improvement was found. That is a result: nothing tried was verified better than the code as it is.');
  else out.prose('The best is not verified against the baseline yet: "sigil resume" goes on.');
  if (noise) out.prose(`${noiseText(noise, unitOf(s)).replace(/^./, (c) => c.toUpperCase())}. False promotions over the whole run: at most ${(started.spec.alpha * 100).toFixed(0)} %.`);
  out.prose(`Spent: ${s.evaluations} evaluations, ${s.processes} processes, ${secondsText(s.activeMs / 1000)}, $${s.usd.toFixed(2)}. Outcomes: ${Object.entries(s.counts).filter(([, n]) => n > 0).map(([k, n]) => `${n} ${k}`).join(', ') || 'none'}.`);
  const why = s.summary === null ? '' : (s.summary.why ?? ENDED[s.summary.reason]);
  if (s.summary !== null && s.open.size > 0) out.prose(`${s.open.size} ${s.open.size === 1 ? 'proposal waits' : 'proposals wait'} for an evaluation: "sigil resume ${run.paths.run}" takes ${s.open.size === 1 ? 'it' : 'them'} up.`);
  if (why !== '') out.prose(`Ended after ${s.evaluations} of ${s.planned} evaluations: ${why}.`);
  out.prose(`Machine: ${started.machine.cores} × ${started.machine.cpu}, ${started.machine.memoryGb} GB, ${started.machine.os}, Node ${started.machine.node}. Sandbox: ${confinementWords(started.level, started.spec)}; checkouts: ${started.checkout}.`);
  if (started.granted !== undefined) out.prose(grantedWords(started.granted, started.spec, started.level === 'bubblewrap'));
  const learned = learnedText(run);
  if (learned !== '') out.prose(`Learned, for later runs of ${started.spec.optimizer.name} too: ${learned}.`);
  const single = bestSingle(s);
  if (control) {
    out.prose(`Control: best-of-n with the same budget reached ${control.state.summary?.gain ? gainText(control.state.summary.gain, unitOf(s)) : 'no verified improvement'} (${control.paths.run}).`);
    const over = overControl(s, control.state);
    if (over !== null) out.prose(comparisonText(over, unitOf(s)));
  } else if (started.spec.optimizer.name !== 'best-of-n') {
    out.prose(`Not compared with best-of-n (--control does).${single ? ` The best single change of the baseline in this run: ${worth(single, unitOf(s))}, ${single.summary}.` : ''}`);
  }
  printModels(out, s);
  const kept = [...s.solutions.values()].filter((x) => x.promotion !== null);
  if (kept.length > 0) {
    out.line('');
    printTable(out, [
      { title: 'KEPT', value: (x) => x.id }, { title: 'STEP', value: (x) => (x.promotion ? gainText(x.promotion, unitOf(s)) : '') },
      { title: 'PAIRS', value: (x) => String(x.pairs), right: true, optional: true }, { title: 'WHAT', value: (x) => x.summary, flexible: true },
    ], kept);
  }
}

/** What each model's answers came to. */
function printModels(out: Output, state: RunState): void {
  const rows = modelRows(state);
  if (rows.length === 0) return;
  const tokens = (n: number): string => (n < 10_000 ? String(n) : n < 1e6 ? `${Math.round(n / 1000)}k` : `${(n / 1e6).toFixed(1)}M`);
  out.line('');
  printTable(out, [
    { title: 'MODEL', value: (r: ModelRow) => r.model }, { title: 'ANSWERS', value: (r) => String(r.proposals), right: true }, { title: 'INVALID', value: (r) => String(r.invalid), right: true },
    { title: 'MEASURED', value: (r) => String(r.measured), right: true }, { title: 'BETTER', value: (r) => String(r.better), right: true }, { title: 'KEPT', value: (r) => String(r.kept), right: true },
    { title: 'TOKENS IN', value: (r) => tokens(r.input), right: true, optional: true }, { title: 'OUT', value: (r) => tokens(r.output), right: true, optional: true }, { title: 'COST', value: (r) => `$${r.usd.toFixed(2)}`, right: true },
  ], rows);
  const cached = cachedShare(rows);
  if (cached !== null) out.line(out.paint(`${Math.round(cached * 100)} % of the input came from the providers' caches.`, 'dim'));
}

export function compare(globals: Globals, _options: object, a?: string, b?: string): Promise<number> {
  const out = new Output(globals.json);
  const root = projectRoot(globals.cwd);
  const runs = [oneRun(root, { run: a }), oneRun(root, { run: b })].map(openRun);
  if (globals.json) {
    out.document({ runs: runs.map(reportJson) });
    return Promise.resolve(0);
  }
  const rows: { what: string; of: (r: OpenRun) => string }[] = [
    { what: 'spec', of: (r) => r.paths.spec },
    { what: 'search', of: (r) => r.state.started?.spec.optimizer.name ?? '–' },
    { what: 'gain', of: (r) => { const g = r.state.solutions.get(r.state.incumbent)?.gain; return g ? gainText(g, unitOf(r.state)) : 'none verified'; } },
    { what: 'evaluations', of: (r) => `${r.state.evaluations}/${r.state.planned}` },
    { what: 'kept', of: (r) => String(r.state.counts.kept ?? 0) },
    { what: 'noise', of: (r) => (r.state.noise ? effectText(r.state.noise.sd, r.state.noise.scale) : '–') },
    { what: 'time', of: (r) => secondsText(r.state.activeMs / 1000) },
    { what: 'sandbox', of: (r) => r.state.started?.level ?? '–' },
  ];
  printTable(out, [{ title: '', value: (r) => r.what }, ...runs.map((run) => ({ title: run.paths.run, value: (r: (typeof rows)[number]) => r.of(run) }))], rows);
  const [x, y] = runs.map((r) => r.state.solutions.get(r.state.incumbent)?.gain ?? null);
  if (x && y) out.line(x.low > y.high || y.low > x.high ? 'Their intervals do not overlap.' : 'Their intervals overlap: no difference is shown.');
  return Promise.resolve(0);
}
