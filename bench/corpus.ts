// What the built-in mutators make of ordinary functions: the real command on a copy of each function of bench/corpus, which is frozen.
//
//   npx tsx bench/corpus.ts [--niter 40] [--seed 1] [--only name,…] [--sandbox best] [--write] [--keep FILE]
//
// A whole run writes bench/results/corpus.md; with --only it prints the page, and writes it with --write alone. It takes 20 minutes on an
// idle machine: with --keep each result is written to a file as it falls, and those that stand there are not made again.

import { spawn } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { distFile } from '../src/adapters/assets.ts';
import type { RunSummary } from '../src/core/events.ts';
import { loadLine, machineLine, quantile } from './machine.ts';

const CORPUS = join(__dirname, 'corpus');
const PAGE = join(__dirname, 'results', 'corpus.md');

interface Entry {
  readonly name: string;
  readonly language: string;
  readonly near_optimal?: boolean;
}

interface Kept {
  readonly outcome: string;
  readonly operator: string;
  readonly best: boolean;
  readonly id: string;
  readonly parents: readonly string[];
}

interface Result {
  readonly entry: Entry;
  readonly seconds: number;
  readonly load: string;
  /** Null when the command failed; then `failure` says how. */
  readonly summary: RunSummary | null;
  readonly failure: string;
  /** Operators from the baseline to the best. */
  readonly how: readonly string[];
}

interface Output {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function sigil(args: readonly string[]): Promise<Output> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [distFile('cli.js'), ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.setEncoding('utf8').on('data', (s: string) => (stdout += s));
    child.stderr.setEncoding('utf8').on('data', (s: string) => (stderr += s));
    child.once('close', (code) => { resolve({ code, stdout, stderr }); });
  });
}

const lastLine = (text: string): string => text.trimEnd().slice(text.trimEnd().lastIndexOf('\n') + 1);

function lineage(solutions: readonly Kept[]): string[] {
  const byId = new Map(solutions.map((s) => [s.id, s]));
  const out: string[] = [];
  for (let at = solutions.find((s) => s.best); at; at = byId.get(at.parents[0] ?? '')) out.unshift(at.operator);
  return out;
}

async function improve(entry: Entry, options: readonly string[]): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'sigil-corpus-'));
  const began = performance.now();
  try {
    const project = join(folder, entry.name);
    cpSync(join(CORPUS, entry.name), project, { recursive: true });
    const run = await sigil(['run', entry.name, '--model', 'builtin', '--cwd', project, '--json', ...options]);
    const seconds = (performance.now() - began) / 1000;
    const base = { entry, seconds, load: loadLine() };
    if (run.code !== 0) return { ...base, summary: null, how: [], failure: (JSON.parse(lastLine(run.stdout) || '{}') as { error?: string }).error ?? run.stderr.trim() };
    const { summary } = JSON.parse(lastLine(run.stdout)) as { summary: RunSummary };
    const table = await sigil(['inspect-solutions', entry.name, '--cwd', project, '--json']);
    const { solutions } = JSON.parse(table.stdout) as { solutions: readonly Kept[] };
    return { ...base, summary, failure: '', how: lineage(solutions) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The verified gain, 1 where nothing was found. */
function gainOf(r: Result): number {
  return r.summary?.gain && r.summary.best !== 'baseline' ? r.summary.gain.gain : 1;
}

const isImproved = (r: Result): boolean => gainOf(r) > 1;
const times = (x: number): string => `${x.toPrecision(x < 10 ? 3 : 4).replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')}×`;

function verdict(r: Result): string {
  if (r.summary === null) return `**failed**: ${r.failure}`;
  const { gain, best } = r.summary;
  if (best === 'baseline' || gain === null) return '**nothing found**';
  return `${gain.gain < 1 ? '**loss** ' : ''}${times(gain.gain)} [${times(gain.low)}–${times(gain.high)}]`;
}

function row(r: Result): string {
  const s = r.summary;
  const waste = (s?.counts.duplicate ?? 0) + (s?.counts.invalid ?? 0);
  return `| ${r.entry.name} | ${r.entry.language} | ${verdict(r)} | ${r.how.join(', ') || '–'} | ${s ? `${s.evaluations}${waste > 0 ? ` (+${waste})` : ''}` : '–'} | ${s?.processes ?? '–'} | ${r.seconds.toFixed(0)} | ${r.load.split(' ')[0] ?? ''} |${r.entry.near_optimal === true ? ' yes |' : ' |'}`;
}

function page(results: readonly Result[], all: number, command: string): string {
  const order = [...results].sort((a, b) => Number(b.summary === null) - Number(a.summary === null) || gainOf(a) - gainOf(b) || (a.entry.name < b.entry.name ? -1 : 1));
  const improved = results.filter(isImproved).length;
  const failed = results.filter((r) => r.summary === null).length;
  const gains = results.map(gainOf);
  return [
    '# The corpus: how many ordinary functions get faster', '',
    `\`${command}\``, '',
    machineLine(), '',
    `**${improved} of ${results.length} functions improved** (${((improved / results.length) * 100).toFixed(0)} %), each verified on fresh pairs against the original and on held-out inputs. ` +
    `Median verified gain over all ${results.length}, with 1× where nothing was found: **${times(quantile(gains, 0.5))}**; over the improved alone: ${improved === 0 ? '–' : times(quantile(results.filter(isImproved).map(gainOf), 0.5))}.` +
    (failed > 0 ? ` ${failed} failed.` : ''), '',
    ...(results.length < all ? [`A part: ${results.length} of ${all} functions.`, ''] : []),
    'The corpus was written without sight of the catalogue and is frozen (bench/corpus/README.md). Failures, losses and functions where nothing was found stand first, then the smallest gains. ' +
    'Ratios are times of the original over times of the best, CPU time in process, with the 95 % interval; evaluations in brackets are duplicates and invalid edits, which the budget does not count. ' +
    'The load is that of the machine\'s last minute when the function was done. The last column is the author\'s guess, made before any measurement, that the function is close to as fast as it can be.', '',
    '| function | language | verified gain | by | evaluations | processes | seconds | load | near optimal? |',
    '| --- | --- | --- | --- | ---: | ---: | ---: | ---: | --- |',
    ...order.map(row), '',
  ].join('\n');
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { niter: { type: 'string', default: '40' }, seed: { type: 'string', default: '1' }, only: { type: 'string' }, sandbox: { type: 'string', default: 'best' }, write: { type: 'boolean', default: false }, keep: { type: 'string' } },
  });
  const all = JSON.parse(readFileSync(join(CORPUS, 'corpus.json'), 'utf8')) as readonly Entry[];
  const names = values.only?.split(',');
  const unknown = names?.filter((n) => !all.some((e) => e.name === n)) ?? [];
  if (unknown.length > 0) throw new Error(`not in the corpus: ${unknown.join(', ')}`);
  const entries = names === undefined ? all : all.filter((e) => names.includes(e.name));
  const results: Result[] = [];
  const kept = values.keep !== undefined && existsSync(values.keep) ? readFileSync(values.keep, 'utf8').split('\n').filter((l) => l !== '').map((l) => JSON.parse(l) as Result) : [];
  for (const entry of entries) {
    const known = kept.find((k) => k.entry.name === entry.name);
    if (known) {
      results.push(known);
      continue;
    }
    const r = await improve(entry, ['--niter', values.niter, '--seed', values.seed, '--sandbox', values.sandbox]);
    results.push(r);
    if (values.keep !== undefined) appendFileSync(values.keep, `${JSON.stringify(r)}\n`);
    console.error(`${results.length}/${entries.length}  ${entry.name}: ${verdict(r)}${r.how.length > 0 ? ` by ${r.how.join(', ')}` : ''}; ${r.seconds.toFixed(0)} s, load ${r.load}`);
  }
  const text = page(results, all.length, `npx tsx bench/corpus.ts${process.argv.slice(2).filter((a) => a !== '--write').map((a) => ` ${a}`).join('')}`);
  if (names === undefined || values.write) writeFileSync(PAGE, text);
  console.log(text);
}

void main();
