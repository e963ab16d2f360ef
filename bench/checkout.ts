// What checkouts cost: opening, one candidate, a full check; for 200 and 50,000 files, as worktrees and as copies.
//
//   node --import tsx bench/checkout.ts [FILES…]     (default 200 50000)

import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCheckouts } from '../src/adapters/checkout/pool.ts';

const CANDIDATES = 200;
const SCANS = 7;

function makeProject(folder: string, files: number): void {
  for (let i = 0; i < files; i++) {
    const at = join(folder, `d${Math.floor(i / 2500)}`, `e${Math.floor(i / 100)}`);
    if (i % 100 === 0) mkdirSync(at, { recursive: true });
    writeFileSync(join(at, `f${i}.py`), `# file ${i}\n`.repeat(20 + (i % 100)));
  }
}

const quantile = (values: readonly number[], q: number): number => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))] ?? NaN;

async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const start = performance.now();
  const value = await work();
  return [performance.now() - start, value];
}

async function measure(files: number, kind: 'worktree' | 'copy', mounted: boolean): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sigil-bench-'));
  process.env['SIGIL_CACHE_DIR'] = join(folder, 'cache');
  try {
    const projectRoot = join(folder, 'project');
    mkdirSync(projectRoot);
    makeProject(projectRoot, files);
    if (kind === 'worktree') execFileSync('git', ['init', '-q'], { cwd: projectRoot });
    const options = { projectRoot, runId: 'bench', link: [], copy: [], outputs: ['build'], mounted };
    const [first, warm] = await timed(() => openCheckouts(options));
    await warm.close();
    const [open, pool] = await timed(() => openCheckouts(options));
    const [add, checkout] = await timed(() => pool.add());
    const writes: number[] = [];
    for (let i = 0; i < CANDIDATES; i++) {
      const [ms] = await timed(() => checkout.write(new Map([['d0/e0/f1.py', `x = ${i}\n`], ['d0/e0/f2.py', `y = ${i}\n`]])));
      writes.push(ms);
    }
    const scans: number[] = [];
    for (let i = 0; i < SCANS; i++) scans.push((await timed(() => checkout.violations()))[0]);
    appendFileSync(join(checkout.root, 'd0/e0/f3.py'), '#');
    await checkout.violations();
    const [restore] = await timed(() => checkout.write(new Map()));
    const [close] = await timed(() => pool.close());
    const row = [files, kind, mounted ? 'bound' : 'scanned', first, open, add, quantile(writes, 0.5), quantile(writes, 0.95), quantile(scans, 0.5), restore, close];
    console.log(`| ${row.map((v, i) => (i > 2 && typeof v === 'number' ? v.toFixed(v < 100 ? 1 : 0) : String(v))).join(' | ')} |`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function main(): Promise<void> {
  const sizes = process.argv.slice(2).map(Number);
  console.log(`${cpus()[0]?.model ?? 'unknown processor'} × ${cpus().length}, Node ${process.version}, ${process.platform}. Milliseconds; a candidate writes two pinned files and empties one output.\n`);
  console.log('| files | kind | others\' writes | first open | open | add | candidate, median | p95 | violations | write that restores | close |');
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const files of sizes.length > 0 ? sizes : [200, 50_000]) {
    for (const kind of ['worktree', 'copy'] as const) for (const mounted of [false, true]) await measure(files, kind, mounted);
  }
}

void main();
