// What a long journal costs: resuming it and listing its solutions by the real command, at 100,000 stored solutions with their rounds.
//
//   npx tsx bench/resume.ts [--stored 100000] [--rounds 5] [--write]
//
// A real run is stopped at its baseline, its journal is filled (see stored.ts), and `sigil resume` goes on with it for one evaluation.
// The peak memory is the command's own, without the runner and the evaluations (VmHWM; Linux only).

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { distFile } from '../src/adapters/assets.ts';
import { visitEvents } from '../src/adapters/journal/file-journal.ts';
import { RunFold } from '../src/core/run-state.ts';
import { machineLine } from './machine.ts';
import { storedRun } from './stored-run.ts';

const PAGE = join(__dirname, 'results', 'resume.md');

interface Course {
  readonly name: string;
  readonly seconds: number;
  /** Until the first line of stdout that `until` takes. */
  readonly first: number | null;
  readonly peakMb: number;
  readonly bytes: number;
}

function peakOf(pid: number): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}

function sigil(name: string, args: readonly string[], until?: RegExp): Promise<Course> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const child = spawn(process.execPath, [distFile('cli.js'), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    let first: number | null = null;
    let bytes = 0;
    let peakMb = 0;
    const look = setInterval(() => { peakMb = Math.max(peakMb, peakOf(child.pid ?? 0)); }, 20);
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (first === null && until?.test(chunk.toString('utf8')) === true) first = (performance.now() - began) / 1000;
    });
    child.once('close', (code) => {
      clearInterval(look);
      if (code === 0) resolve({ name, seconds: (performance.now() - began) / 1000, first, peakMb, bytes });
      else reject(new Error(`sigil ${args.join(' ')} ended with exit code ${code ?? '?'}`));
    });
  });
}

/** One pass over a file of JSON lines that keeps nothing: what any reader pays on this machine at this moment. CPU seconds. */
function cpu(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const used = process.cpuUsage(before);
  return (used.user + used.system) / 1e6;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { stored: { type: 'string', default: '100000' }, rounds: { type: 'string', default: '5' }, write: { type: 'boolean', default: false } } });
  const stored = Number(values.stored);
  const folder = mkdtempSync(join(tmpdir(), 'sigil-bench-'));
  try {
    const root = join(folder, 'project');
    const { paths, stored: { depth, rounds }, bytes } = await storedRun(root, stored, { rounds: Number(values.rounds) });
    const mb = bytes / 1e6;
    let events = 0;
    const parse = cpu(() => { visitEvents(paths.journal, () => { events++; }); });
    const fold = cpu(() => {
      const f = new RunFold();
      visitEvents(paths.journal, (e) => { f.apply(e); }, 'last');
    });
    const small = await sigil('history, of nothing', ['history', '--json', '--cwd', folder]);
    const courses = [
      small,
      await sigil('resume, until it goes on (the next ask)', ['resume', paths.run, '--niter', String(stored + 1), '--json', '--cwd', root], /"type":"resumed"/),
      await sigil('inspect-solutions --json', ['inspect-solutions', 'bench', '--json', '--cwd', root]),
      await sigil('inspect-solutions', ['inspect-solutions', 'bench', '--cwd', root]),
      await sigil('show best', ['show', 'best', '--json', '--cwd', root]),
    ];
    const page = [
      '# Resuming a long journal', '',
      '`npx tsx bench/resume.ts --write`', '',
      machineLine(), '',
      `A journal of ${stored} solutions and ${rounds} rounds: ${events} events, ${mb.toFixed(0)} MB, the best at depth ${depth}. ` +
      `One pass that parses every line takes ${parse.toFixed(1)} s of CPU time; the fold, which passes over rounds, ${fold.toFixed(1)} s (${(fold / parse).toFixed(2)}×). ` +
      'Resuming folds twice: once for the command, which checks what may go on and shows it, once for the engine, which replays the optimizer and checks each of its asks.', '',
      '| command | seconds | to the first event | peak memory, MB | output, MB |',
      '| --- | ---: | ---: | ---: | ---: |',
      ...courses.map((c) => `| ${c.name} | ${c.seconds.toFixed(1)} | ${c.first?.toFixed(1) ?? ''} | ${c.peakMb.toFixed(0)} | ${(c.bytes / 1e6).toFixed(1)} |`), '',
      `Memory above that of an empty command is ${(((courses[1]?.peakMb ?? 0) - small.peakMb) / stored * 1000).toFixed(1)} kB for each stored solution in \`resume\`: the diffs and verdicts, in two folds.`, '',
    ].join('\n');
    if (values.write) writeFileSync(PAGE, page);
    console.log(page);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
