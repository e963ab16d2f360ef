// The object graph of a run, and its course from the first event to the report. The only place that knows all rooms.

import { setMaxListeners } from 'node:events';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '../core/errors.ts';
import type { Event, EventBody, RunSummary } from '../core/events.ts';
import type { KnobRange } from '../core/knob.ts';
import { optimizerNamed } from '../core/optimizers/registry.ts';
import { renderFiles, type BaseFile } from '../core/pin.ts';
import { CONTROL_SUFFIX } from '../core/run-state.ts';
import { BASELINE } from '../core/solution.ts';
import { checksResults, type Spec } from '../core/spec.ts';
import { LocalBackend } from '../adapters/backend/local.ts';
import { encodeText } from '../adapters/checkout/encoding.ts';
import { readSource } from '../adapters/files.ts';
import { FileJournal, isRunning } from '../adapters/journal/file-journal.ts';
import { ensureSigilDir, listRuns, newRunName, runPaths, type RunPaths } from '../adapters/journal/layout.ts';
import { DayLedger } from '../adapters/models/day-ledger.ts';
import { EnsembleProposer } from '../adapters/models/ensemble.ts';
import { Purse } from '../adapters/models/purse.ts';
import { knobRanges } from '../adapters/mutators/knob-vector.ts';
import { NormalForms, Parents } from '../adapters/mutators/parents.ts';
import { MutatorProposer } from '../adapters/mutators/proposer.ts';
import { chooseLevel, type Containment, type SandboxWish } from '../adapters/sandbox/level.ts';
import { Genomes } from '../core/genomes.ts';
import { grantedWords } from '../core/granted.ts';
import { run as runEngine } from '../engine/run.ts';
import { assertAgentsAgreed, grantedTo, openAgents, type ChosenAgent, type OpenAgents } from './agents.ts';
import { controlOf, printReport } from './commands/inspect.ts';
import { assertSameJudges, hashesOf } from './hashes.ts';
import { learnedBefore } from './learned.ts';
import { assertAgreed, connect, modelMembers, startedModels, type ChosenModel } from './models.ts';
import { baseOf } from './project.ts';
import { oneSolution, type OpenRun } from './runs.ts';
import { ProgressView } from './view/progress.ts';
import { Output } from './view/terminal.ts';

export interface Conduct {
  readonly root: string;
  readonly json: boolean;
  readonly sandbox: SandboxWish;
  readonly parallel: number | null;
  /** Calls of a model in flight at a time; null for what the run had, or the default. */
  readonly calls: number | null;
  readonly logDir: string | null;
  /** USD that all runs of a day may spend together; null for no cap. */
  readonly usdPerDay: number | null;
  /** The models that propose; none for the built-in mutators. */
  readonly models: readonly ChosenModel[];
  /** The agents that propose, beside the models or instead of them. */
  readonly agents: readonly ChosenAgent[];
  readonly what:
    | { readonly kind: 'new'; readonly spec: Spec; readonly workspace: string; readonly seed: number; readonly from: string | null; readonly control: boolean; /** The run that this one is the control of. */ readonly controls?: string }
    | { readonly kind: 'resume'; readonly opened: OpenRun; readonly extendTo: number | null; /** USD that it may spend in all from now on, where that changes. */ readonly usd?: number; /** The same of its time, in ms. */ readonly timeMs?: number };
}

/** A backend for a spec; `say` is told when it waits for another run's measurement. */
export function openBackend(root: string, spec: Spec, base: readonly BaseFile[], containment: Containment, runId: string, signal: AbortSignal, say: (text: string) => void): Promise<LocalBackend> {
  let told = 0;
  return LocalBackend.create({
    projectRoot: root, runId, spec, base, containment, signal,
    onWait: (pid) => {
      if (pid !== told) say(`Waiting: process ${pid} is measuring on this machine, and only one may at a time.`); // two runs take turns: once is enough
      told = pid;
    },
  });
}

/** Calls of a model in flight at a time, by default. */
export const CALLS = 4;
/** The same of agents, which are programs of some size. */
const AGENTS = 2;

/** Times one at a time; all else in parallel slots. */
function lanesFor(spec: Spec, wanted: number | null, cores: number): number {
  if (spec.metrics.some((m) => m.exclusive)) return 1;
  return wanted ?? Math.max(1, Math.min(4, cores - 1));
}

/** Calls of a model in flight at a time. The built-in mutators answer at once: each of their proposals waits for all verdicts before it. */
function callsFor(c: Conduct): { readonly calls?: number } {
  if (c.models.length + c.agents.length === 0) return {};
  const started = c.what.kind === 'resume' ? c.what.opened.state.started : null;
  const wanted = c.calls ?? started?.calls;
  if (c.agents.length === 0 || wanted !== undefined) return { calls: wanted ?? CALLS };
  // An agent works on this machine: where times are measured it does so between the measurements, unless the user says otherwise.
  const metrics = (c.what.kind === 'new' ? c.what.spec : started?.spec)?.metrics ?? [];
  return metrics.some((m) => m.exclusive) ? {} : { calls: AGENTS };
}

interface Signals {
  readonly interrupt: AbortSignal;
  readonly abort: AbortSignal;
  readonly off: () => void;
}

/**
 * The first Ctrl-C ends after the evaluation in flight, the second at once; a closed terminal and SIGTERM count as the first. Who closes a
 * terminal may send its SIGHUP twice, the editor's own and the kernel's: it never counts as the second.
 */
function signals(out: Output, calls: boolean): Signals {
  const interrupt = new AbortController();
  const abort = new AbortController();
  setMaxListeners(0, interrupt.signal, abort.signal); // each lane and each call in flight listens
  const onSignal = (signal: NodeJS.Signals): void => {
    if (interrupt.signal.aborted) {
      if (signal !== 'SIGHUP') abort.abort();
    } else {
      interrupt.abort();
      out.stream.write(`\nStopping after the evaluation in flight${calls ? ' and the answers that are under way, which are kept' : ''}; press Ctrl-C again to stop at once.\n`);
    }
  };
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const s of names) process.on(s, onSignal);
  return { interrupt: interrupt.signal, abort: abort.signal, off: () => { for (const s of names) process.off(s, onSignal); } };
}

/** Keeps the workspace's tree of diffs and the log directory as events come. */
function recorder(root: string, paths: RunPaths, logDir: string | null, files: () => { base: readonly BaseFile[]; genomes: Genomes } | null): (e: Event) => void {
  mkdirSync(paths.solutions, { recursive: true });
  const copies = (name: string, id: string): void => {
    const f = files();
    if (logDir === null || f === null) return;
    for (const [file, text] of renderFiles(f.base, f.genomes.of(id))) {
      const path = join(logDir, name, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, encodeText(text, readSource(join(root, file)).encoding, file));
    }
  };
  return (e) => {
    if (e.type === 'proposed' && e.patch !== '') {
      writeFileSync(join(paths.solutions, `${e.id}.diff`), e.patch);
      copies(`step_${e.ask + 1}`, e.id);
    }
    if (e.type === 'run-ended') {
      copies('best', e.summary.best);
      if (logDir !== null) copyFileSync(paths.journal, join(logDir, 'journal.jsonl'));
    }
  };
}

/** Runs or resumes, shows it, and returns the exit code. */
export async function conductRun(c: Conduct): Promise<number> {
  const out = new Output(c.json);
  const sig = signals(out, c.models.length + c.agents.length > 0);
  const withControl = c.what.kind === 'new' && c.what.control;
  const held: string[] = [];
  const tell = (e: Event): void => {
    if (!c.json) return;
    const line = `${JSON.stringify(e)}\n`;
    // The last line is the summary of the run, not of its control.
    if (withControl && held.length === 0 && e.type === 'run-ended') held.push(line);
    else process.stdout.write(line);
  };
  if (withControl && (c.models.length + c.agents.length > 0)) {
    const { usd } = c.what.spec.budget;
    out.line(`The run and its control (best-of-n) each ${usd === null ? 'make as many evaluations, and so about as many calls' : `may spend $${usd}: up to $${2 * usd} in all`}.`);
  }
  try {
    const first = await oneRun(c, out, sig, tell);
    let code = first.reason === 'interrupted' ? 130 : first.reason === 'eval-broken' ? 1 : 0;
    if (c.what.kind === 'new' && c.what.control && code === 0) {
      if (!c.json) out.line(`\n${out.paint('Control', 'bold')}: best-of-n with the same budget\n`);
      const spec = { ...c.what.spec, optimizer: { name: 'best-of-n', options: {} } };
      const control = await oneRun({ ...c, logDir: null, what: { ...c.what, workspace: `${c.what.workspace}${CONTROL_SUFFIX}`, spec, from: null, control: false, controls: first.run } }, out, sig, tell);
      code = control.reason === 'interrupted' ? 130 : code;
      if (control.reason === 'interrupted' && !c.json) out.line(`\nThe control was interrupted: "sigil resume ${control.run}" goes on with it.`);
    }
    if (!c.json) finalWords(c, out, first);
    return code;
  } finally {
    for (const line of held) process.stdout.write(line);
    sig.off();
  }
}

async function oneRun(c: Conduct, out: Output, sig: Signals, tell: (e: Event) => void): Promise<RunSummary> {
  const containment = await chooseLevel(c.sandbox);
  if (c.models.length > 0 && c.what.kind === 'new') assertAgreed(c.sandbox, containment);
  if (c.what.kind === 'new') assertAgentsAgreed(c.agents, c.sandbox, containment);
  ensureSigilDir(c.root);
  const view = c.json ? null : new ProgressView(out);
  let bridge: string | null = null;
  const say = (text: string): void => { if (view) view.print(text); else out.line(text); };
  const connected = await connect(c.models, callsFor(c).calls ?? CALLS, sig.abort, say, () => bridge);
  const prepared = c.what.kind === 'new' ? await prepareNew(c, c.what) : prepareResume(c, c.what.opened);
  const { paths, spec, base } = prepared;
  bridge = paths.bridge;
  if (!isRunning(paths)) rmSync(bridge, { force: true }); // of a window that an earlier process of this run has met: it is offered anew
  const spent = c.what.kind === 'resume' ? c.what.opened.state.usd : 0;
  const limit = c.what.kind === 'resume' ? (c.what.usd ?? c.what.opened.state.usdLimit) : spec.budget.usd;
  const capped: Spec = { ...spec, budget: { ...spec.budget, usd: limit } };
  const purse = new Purse(limit, spent, new DayLedger(c.usdPerDay));
  let agents: OpenAgents | null = null;
  let genomes: Genomes | null = null;
  const patches = new Map<string, { parents: readonly string[]; patch: string }>();
  const record = recorder(c.root, paths, c.logDir === null ? null : resolve(c.root, c.logDir), () => (genomes ? { base, genomes } : null));
  const note = (e: Event): void => {
    if (e.type === 'proposed') patches.set(e.id, { parents: e.parents, patch: e.patch });
  };
  if (c.logDir !== null) genomes = new Genomes(base, (id) => patches.get(id));
  const journal = new FileJournal(paths, () => Date.now(), (e) => {
    if (c.logDir !== null) note(e);
    record(e);
    tell(e);
    view?.on(e);
  });
  try {
    if (c.what.kind === 'resume') {
      view?.adopt(c.what.opened.fold);
      if (c.logDir !== null) journal.replay(note, 'last');
    }
    const backend = await openBackend(c.root, spec, base, containment, paths.run, sig.abort, say);
    try {
      agents = await openAgents(c.agents, { root: c.root, runId: paths.run, spec: capped, base, containment, calls: paths.calls, purse, signal: sig.abort, say });
      const models = modelMembers(connected, capped, paths.calls, purse, [...c.models, ...c.agents].reduce((sum, m) => sum + m.weight, 0));
      const [member, ...members] = [...models.members, ...agents.members];
      const asked = member === undefined ? null : new EnsembleProposer([member, ...members], { note: (usd) => { purse.note(usd); }, say });
      const checked = checksResults(spec);
      if (!checked && !c.json) out.line(out.paint(`Nothing checks that results stay right (no gates, no call eval)${asked === null ? ': the generic edits are off' : ''}.`, 'yellow'));
      if (!c.json) for (const words of [...models.words, ...agents.words]) out.line(words);
      if (c.agents.length > 0 && !c.json) out.prose(out.paint(grantedWords(await grantedTo(c.agents, c.root), spec, containment.level === 'bubblewrap'), 'yellow'));
      if (containment.note !== null && !c.json) out.line(out.paint(containment.note, 'yellow'));
      if (backend.credentials.length > 0 && !c.json) out.line(out.paint(`Candidate code sees ${backend.credentials.join(', ')}: the spec names ${backend.credentials.length === 1 ? 'it' : 'them'} under env.`, 'yellow'));
      const { optimizer, options } = optimizerNamed(spec.optimizer.name, spec.optimizer.options);
      return await runEngine({
        ports: { journal, backend, proposer: asked ?? new MutatorProposer({ generic: checked }), clock: { now: () => Date.now() } },
        optimizer, options, lanes: lanesFor(spec, c.parallel, backend.machine.cores), ...callsFor(c), ...noveltyOf(asked !== null, options), interrupt: sig.interrupt, abort: sig.abort,
        start: prepared.start === null ? null : { ...prepared.start, level: containment.level, checkout: backend.checkout, machine: backend.machine, commit: backend.head, slots: lanesFor(spec, c.parallel, backend.machine.cores) },
        extendTo: c.what.kind === 'resume' ? c.what.extendTo : null, ...(c.what.kind === 'resume' && c.what.usd !== undefined ? { usd: c.what.usd } : {}), ...(c.what.kind === 'resume' && c.what.timeMs !== undefined ? { timeMs: c.what.timeMs } : {}),
      });
    } finally {
      view?.end();
      await agents?.close();
      await backend.close();
    }
  } finally {
    await journal.close();
  }
}

/** How new an answer must be, where the search says; mutators make small edits by the dozen, which are all alike. */
function noveltyOf(asked: boolean, options: Readonly<Record<string, unknown>>): { readonly novelty?: number } {
  const { novelty } = options;
  return asked && typeof novelty === 'number' && novelty > 0 ? { novelty } : {};
}

type Start = Extract<EventBody, { type: 'run-started' }>;

async function prepareNew(c: Conduct, what: Extract<Conduct['what'], { kind: 'new' }>): Promise<{ paths: RunPaths; spec: Spec; base: readonly BaseFile[]; start: Start }> {
  const { spec } = what;
  const base = await baseOf(c.root, spec);
  const from = what.from === null ? null : oneSolution(c.root, what.from, {});
  const knobs = await knobsFor(spec, base, c.models.length + c.agents.length > 0);
  const learned = learnedBefore(c.root, optimizerNamed(spec.optimizer.name, spec.optimizer.options).optimizer, spec.name);
  const names = new Set(listRuns(c.root).map((r) => r.run)); // of all specs: a run is named without its spec
  const name = newRunName(Date.now(), spec.optimizer.name, (n) => names.has(n));
  const paths = runPaths(c.root, spec.name, what.workspace, name);
  for (const f of base) {
    const path = join(paths.base, f.file);
    mkdirSync(dirname(path), { recursive: true });
    copyFileSync(join(c.root, f.file), path);
  }
  let parent: Start['parent'] = null;
  if (from) {
    const pins = new Set(base.flatMap((f) => f.pins.map((p) => p.id)));
    const genome = from.genomes.of(from.solution.id);
    const foreign = Object.keys(genome).find((id) => !pins.has(id));
    if (foreign !== undefined) throw new UserError(`--from ${what.from ?? ''}: it is a solution of other pins (${foreign})`, 'Give a solution of the same spec.', 2);
    parent = { genome, from: from.solution.id };
  }
  const start: Start = {
    type: 'run-started', run: name, workspace: what.workspace, spec, base, commit: null, hashes: hashesOf(c.root, spec, base), seed: what.seed,
    machine: { os: '', cpu: '', cores: 0, memoryGb: 0, node: '' }, level: 'process-group', checkout: 'copy', ...startedModels(c.models, c.agents.map(({ agent, weight }) => ({ name: agent.model, weight }))), ...(c.agents.length === 0 ? {} : { granted: await grantedTo(c.agents, c.root) }), slots: 1, ...callsFor(c), parent, ...(knobs === null ? {} : { knobs }), ...(learned === null ? {} : { learned: learned.weights, learnedIn: learned.run }), ...(what.controls === undefined ? {} : { controls: what.controls }),
  };
  return { paths, spec, base, start };
}

/** The knobs of a search that needs them, checked before anything is written; null for the others. */
async function knobsFor(spec: Spec, base: readonly BaseFile[], asks: boolean): Promise<readonly KnobRange[] | null> {
  const { optimizer, options } = optimizerNamed(spec.optimizer.name, spec.optimizer.options);
  if (optimizer.needs !== 'knobs') return null;
  if (asks) throw new UserError(`${optimizer.name} sets numbers by itself, and asks no model`, 'Leave --model out, or choose another search.', 2);
  const knobs = await knobRanges(new Parents(new NormalForms()), base);
  optimizer.init(options, { evaluations: spec.budget.evaluations, knobs });
  return knobs;
}

function prepareResume(c: Conduct, { paths, state }: OpenRun): { paths: RunPaths; spec: Spec; base: readonly BaseFile[]; start: null } {
  const { started } = state;
  if (started === null) throw new UserError(`run ${paths.run} has no beginning`, 'Start a new one.');
  assertSameJudges(c.root, started.hashes, started.spec, started.base);
  return { paths, spec: started.spec, base: started.base, start: null };
}

function finalWords(c: Conduct, out: Output, summary: RunSummary): void {
  const found = oneSolution(c.root, 'best', { run: summary.run, spec: summary.spec, workspace: c.what.kind === 'new' ? c.what.workspace : c.what.opened.paths.workspace });
  out.line('');
  printReport(out, found, controlOf(c.root, found));
  out.line('');
  if (summary.reason === 'interrupted') out.line(`Interrupted: "sigil resume ${summary.run}" goes on exactly here.`);
  else if (summary.reason === 'eval-broken') out.line('Stopped: the evaluation fails on the unchanged code too. "sigil validate" shows where; "sigil resume" goes on after that.');
  else if (summary.reason === 'exhausted' && summary.why !== undefined) out.line(`Stopped: ${summary.why}. Another model may do better; "sigil resume ${summary.run}" asks this one again.`);
  else if (summary.reason === 'money' && summary.why !== undefined) out.line(`Stopped: ${summary.why}. "sigil resume ${summary.run}" goes on tomorrow, or now with --usd-per-day AMOUNT.`);
  else if (summary.reason === 'money' && summary.best === BASELINE) out.line(`$${summary.usd.toFixed(2)} are spent, and another call may cost more than is left: "sigil resume ${summary.run} --budget-usd AMOUNT" goes on.`);
  else if (summary.best !== BASELINE) out.line(`Nothing was written to your files. Next:\n  sigil diff best        see it\n  sigil accept best      apply it\n  sigil inspect-solutions ${summary.spec}`);
  else if (summary.reason === 'exhausted' && c.models.length + c.agents.length === 0) {
    const { started } = found.state;
    const generic = started !== null && !checksResults(started.spec) ? ' With gates or a call eval, which check that results stay right, generic edits would be tried too.' : '';
    out.line(`The built-in mutators have no further edit for this code.${generic} "sigil inspect-solutions ${summary.spec}" shows what was tried.`);
  } else out.line(`Next: "sigil resume ${summary.run} --niter +${Math.max(10, summary.evaluations)}" tries more; "sigil inspect-solutions ${summary.spec}" shows what was tried.`);
}
