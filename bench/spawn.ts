// What containment costs for each command: `npx tsx bench/spawn.ts [rounds]`. All ways run in turn in one round, so that the ratios hold.

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { distFile, packageRoot } from '../src/adapters/assets.ts';
import { evaluationEnvironment } from '../src/adapters/sandbox/environment.ts';
import type { RunRequest } from '../src/adapters/sandbox/job.ts';
import { chooseLevel } from '../src/adapters/sandbox/level.ts';
import { machineFacts } from '../src/adapters/sandbox/machine.ts';
import { Sandbox } from '../src/adapters/sandbox/runner-client.ts';

const limits = { wallMs: 10_000, cpuSeconds: 10, memoryMb: 2048, fileSizeMb: 64, processes: 100, outputBytes: 1 << 20 };
const quantile = (values: readonly number[], q: number): number => [...values].sort((a, b) => a - b)[Math.floor(values.length * q)] ?? NaN;

async function main(): Promise<void> {
  const rounds = Number(process.argv[2] ?? 100);
  // As scripts/build.mjs does it, without the rest.
  buildSync({ entryPoints: [join(packageRoot(), 'src/adapters/sandbox/runner.ts')], outfile: distFile('runner.js'), bundle: true, platform: 'node', format: 'cjs', target: 'node20' });
  const root = mkdtempSync(join(tmpdir(), 'sigil-bench-'));
  mkdirSync(join(root, 'out'));
  const { env, programs } = await evaluationEnvironment(root, []);
  const signal = new AbortController().signal;
  const ways = new Map<string, () => Promise<{ wallMs: number }>>([
    ['plain spawn', () => new Promise((resolve) => {
      const began = performance.now();
      spawn('/bin/true', { stdio: 'ignore', env: {} }).once('exit', () => { resolve({ wallMs: performance.now() - began }); });
    })],
  ]);
  const sandboxes: Sandbox[] = [];
  for (const wish of ['none', 'best'] as const) {
    const containment = await chooseLevel(wish);
    if (wish === 'best' && containment.level !== 'bubblewrap') {
      console.log(`bubblewrap left out: ${containment.note ?? ''}`);
      continue;
    }
    const sandbox = await Sandbox.start(containment, programs);
    sandboxes.push(sandbox);
    for (const measureCpu of [false, true]) {
      const request: RunRequest = { command: ['/bin/true'], root, mountAt: root, cwd: '', env, writable: ['out'], readonly: [], hidden: [], network: false, limits, measureCpu };
      ways.set(`${containment.level}${measureCpu ? ' + CPU time' : ''}`, () => sandbox.run(request, signal));
    }
  }
  const total = new Map([...ways.keys()].map((name) => [name, [] as number[]]));
  const wall = new Map([...ways.keys()].map((name) => [name, [] as number[]]));
  for (let round = -5; round < rounds; round++) {
    for (const [name, way] of ways) {
      const began = performance.now();
      const { wallMs } = await way();
      // The first rounds warm up.
      if (round >= 0) {
        total.get(name)?.push(performance.now() - began);
        wall.get(name)?.push(wallMs);
      }
    }
  }
  for (const sandbox of sandboxes) await sandbox.close();
  rmSync(root, { recursive: true });
  const { cpu, cores, os, node } = machineFacts();
  console.log(`${cpu}, ${cores} cores, ${os}, Node ${node}; ${rounds} rounds\n`);
  const plain = quantile(total.get('plain spawn') ?? [], 0.5);
  console.log('| way | request to result, median ms | × plain | its tenth percentile | the process itself, median ms | its tenth percentile |\n| --- | --- | --- | --- | --- | --- |');
  for (const name of ways.keys()) {
    const [all, own] = [total.get(name) ?? [], wall.get(name) ?? []];
    const [ms, low, wallMs, wallLow] = [quantile(all, 0.5), quantile(all, 0.1), quantile(own, 0.5), quantile(own, 0.1)];
    console.log(`| ${name} | ${ms.toFixed(2)} | ${(ms / plain).toFixed(2)}× | ${low.toFixed(2)} | ${wallMs.toFixed(2)} | ${wallLow.toFixed(2)} |`);
  }
}
void main();
