// What the engine costs for each candidate beyond the evaluation itself: all time from verdict to verdict less the time inside the
// processes that are started for it, by the runner's own clock.
//
//   npx tsx bench/overhead.ts [--candidates 60] [--files 200,50000] [--stored 0,1000,10000] [--levels none,best] [--write]
//
// The real engine with the built-in mutators, git worktrees and the sandbox, on a project of so many files, resumed on a journal that
// holds so many solutions. The evaluation is trivial: one gate and one command, which always print the same, so that nothing is promoted.

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LocalBackend } from '../src/adapters/backend/local.ts';
import { FileJournal } from '../src/adapters/journal/file-journal.ts';
import { runPaths } from '../src/adapters/journal/layout.ts';
import { MutatorProposer } from '../src/adapters/mutators/proposer.ts';
import { chooseLevel, type Containment, type SandboxWish } from '../src/adapters/sandbox/level.ts';
import { Sandbox } from '../src/adapters/sandbox/runner-client.ts';
import { parseSpecs, specNamed } from '../src/adapters/spec/load.ts';
import { resolvePinRefs } from '../src/adapters/syntax/resolve.ts';
import type { EventBody } from '../src/core/events.ts';
import { optimizerNamed } from '../src/core/optimizers/registry.ts';
import type { BaseFile } from '../src/core/pin.ts';
import type { Spec } from '../src/core/spec.ts';
import { run } from '../src/engine/run.ts';
import { machineLine, quantile } from './machine.ts';
import { storeSolutions } from './stored.ts';

const WARM_UP = 5;
const PAGE = join(__dirname, 'results', 'overhead.md');
const GOAL_MS = 10;

const SPEC = `version: 1
specs:
  bench:
    pins: [src/hot.js#invoices]
    gates: ["true"]
    measure: "echo score: 5"
    metrics:
      - { name: score, kind: count }
    objective: maximize score
`;

/** An ordinary function of 40 lines. */
const HOT = `// Totals of invoices by customer.
const RATE = 19;

function invoices(rows, customers, from, until) {
  const totals = {};
  let skipped = 0;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i];
    if (row.day < from || row.day > until) {
      skipped += 1;
      continue;
    }
    let sum = 0;
    for (const line of row.lines) {
      const net = line.price * line.count;
      const discount = line.count > 100 ? net * 0.1 : line.count > 10 ? net * 0.05 : 0;
      sum += net - discount;
    }
    if (row.express) {
      sum = sum + 15;
    }
    const tax = sum * RATE / 100;
    const known = customers[row.customer];
    if (known === undefined) {
      skipped += 1;
      continue;
    }
    if (totals[row.customer] === undefined) {
      totals[row.customer] = { net: 0, tax: 0, count: 0, name: known.name };
    }
    const entry = totals[row.customer];
    entry.net = entry.net + sum;
    entry.tax = entry.tax + tax;
    entry.count += 1;
  }
  let largest = 0;
  for (const key of Object.keys(totals)) {
    const all = totals[key].net + totals[key].tax;
    if (all > largest) {
      largest = all;
    }
  }
  return { totals, skipped, largest, days: until - from + 1 };
}

module.exports = { invoices };
`;

function makeProject(root: string, files: number): void {
  mkdirSync(join(root, 'src'), { recursive: true });
  writeFileSync(join(root, 'src/hot.js'), HOT);
  for (let i = 2; i < files; i++) {
    const at = join(root, `d${Math.floor(i / 2500)}`, `e${Math.floor(i / 100)}`);
    if (i === 2 || i % 100 === 0) mkdirSync(at, { recursive: true });
    writeFileSync(join(at, `f${i}.js`), `// file ${i}\n`.repeat(20 + (i % 100)));
  }
  writeFileSync(join(root, '.gitignore'), '.sigil/\n');
  execFileSync('git', ['init', '-q'], { cwd: root });
}

/** Milliseconds inside processes and in `Sandbox.run` as a whole, since the start. */
const spent = { processes: 0, sandbox: 0 };

function watchSandbox(): void {
  const original = Object.getOwnPropertyDescriptor(Sandbox.prototype, 'run')?.value as Sandbox['run'];
  Sandbox.prototype.run = async function (this: Sandbox, ...args: Parameters<Sandbox['run']>): ReturnType<Sandbox['run']> {
    const began = performance.now();
    const result = await original.apply(this, args);
    spent.sandbox += performance.now() - began;
    spent.processes += result.wallMs;
    return result;
  };
}

interface Figures {
  readonly overhead: readonly number[];
  /** The part of it between a request to the runner and its answer. */
  readonly sandbox: readonly number[];
  /** CPU milliseconds of this process alone. */
  readonly cpu: readonly number[];
  readonly processes: readonly number[];
}

async function measure(root: string, spec: Spec, base: readonly BaseFile[], backend: LocalBackend, containment: Containment, stored: number, candidates: number): Promise<Figures> {
  const paths = runPaths(root, spec.name, 'v1', `bench-${containment.level}-${stored}`);
  const { optimizer, options } = optimizerNamed('greedy', {});
  const figures = { overhead: [] as number[], sandbox: [] as number[], cpu: [] as number[], processes: [] as number[] };
  const mark = (): { at: number; processes: number; sandbox: number; cpu: NodeJS.CpuUsage } => ({ at: performance.now(), ...spent, cpu: process.cpuUsage() });
  let last = mark();
  const engine = async (start: Extract<EventBody, { type: 'run-started' }> | null, extendTo: number | null, interrupt: AbortSignal): Promise<void> => {
    let n = 0;
    const journal = new FileJournal(paths, () => Date.now(), (e) => {
      if (e.type !== 'verdict' || e.outcome === 'duplicate' || e.outcome === 'invalid') return;
      const now = mark();
      if (n++ >= WARM_UP) {
        const processes = now.processes - last.processes;
        figures.overhead.push(now.at - last.at - processes);
        figures.sandbox.push(now.sandbox - last.sandbox - processes);
        figures.processes.push(processes);
        figures.cpu.push((now.cpu.user + now.cpu.system - last.cpu.user - last.cpu.system) / 1000);
      }
      last = mark();
    });
    try {
      await run({
        ports: { journal, backend, proposer: new MutatorProposer({ generic: true }), clock: { now: () => Date.now() } },
        optimizer, options, lanes: 1, interrupt, abort: new AbortController().signal, start, extendTo,
      });
    } finally {
      await journal.close();
    }
  };
  await engine({
    type: 'run-started', run: paths.run, workspace: 'v1', spec, base, commit: null, hashes: {}, seed: 1, machine: backend.machine, level: containment.level,
    checkout: backend.checkout, model: 'builtin', slots: 1, parent: null,
  }, null, AbortSignal.abort());
  const journal = new FileJournal(paths, () => Date.now());
  storeSolutions(journal, stored, 1);
  await journal.close();
  await engine(null, stored + WARM_UP + candidates, new AbortController().signal);
  return figures;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      candidates: { type: 'string', default: '60' }, files: { type: 'string', default: '200,50000' }, stored: { type: 'string', default: '0,1000,10000' },
      levels: { type: 'string', default: 'none,best' }, write: { type: 'boolean', default: false },
    },
  });
  watchSandbox();
  const rows: string[] = [];
  let first: number | null = null;
  for (const files of values.files.split(',').map(Number)) {
    const folder = mkdtempSync(join(tmpdir(), 'sigil-bench-'));
    process.env['SIGIL_CACHE_DIR'] = join(folder, 'cache');
    const root = join(folder, 'project');
    try {
      makeProject(root, files);
      const spec = specNamed(parseSpecs(SPEC).specs, 'bench');
      const base = await resolvePinRefs(spec.pins, () => HOT);
      for (const level of values.levels.split(',') as SandboxWish[]) {
        const containment = await chooseLevel(level);
        const backend = await LocalBackend.create({ projectRoot: root, runId: 'bench', spec, base, containment, onWait: () => undefined, signal: new AbortController().signal });
        try {
          for (const stored of values.stored.split(',').map(Number)) {
            const f = await measure(root, spec, base, backend, containment, stored, Number(values.candidates));
            const ms = quantile(f.overhead, 0.5);
            first ??= ms;
            const engine = f.overhead.map((x, i) => x - (f.sandbox[i] ?? 0));
            const row = `| ${files} | ${containment.level} | ${stored} | **${ms.toFixed(1)}** | ${(ms / first).toFixed(2)}× | ${quantile(f.overhead, 0.1).toFixed(1)} | ${quantile(f.overhead, 0.9).toFixed(1)} | ${quantile(f.sandbox, 0.5).toFixed(1)} | ${quantile(engine, 0.5).toFixed(1)} | ${quantile(f.cpu, 0.5).toFixed(1)} | ${quantile(f.processes, 0.5).toFixed(1)} |`;
            rows.push(row);
            console.error(row);
          }
        } finally {
          await backend.close();
        }
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  const page = [
    '# Overhead per candidate beyond the evaluation itself', '',
    '`npx tsx bench/overhead.ts --write`', '',
    machineLine(), '',
    `${values.candidates} candidates each, milliseconds. From verdict to verdict, less what the runner's clock says of the processes in between (a gate and a measure command, both trivial). ` +
    `The goal is a median under ${GOAL_MS} ms, flat in the stored solutions and in the files. ` +
    'Of the overhead, "sandbox" lies between a request to the runner process and its answer, for both commands together; "engine" is the rest: asking, proposing (syntax trees included), the diff, the checkout, the journal with its fdatasync, the fold. ' +
    'CPU is that of the engine\'s own process, which others on the machine disturb less. The ratio is to the first row.', '',
    '| files | level | stored | overhead, median | ratio | p10 | p90 | sandbox | engine | CPU | inside the processes |',
    '| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |',
    ...rows, '',
  ].join('\n');
  if (values.write) writeFileSync(PAGE, page);
  console.log(page);
}

void main();
