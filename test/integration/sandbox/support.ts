// Builds the runner for tests that start from the sources, and makes requests.

import { buildSync } from 'esbuild';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Suite } from 'mocha';
import { distFile, packageRoot } from '../../../src/adapters/assets.ts';
import type { Limits, RunRequest } from '../../../src/adapters/sandbox/job.ts';
import type { Sandbox } from '../../../src/adapters/sandbox/runner-client.ts';
import { probeBubblewrap } from '../../../src/adapters/sandbox/probe.ts';

type RunSignal = Parameters<Sandbox['run']>[1];

/** Makes dist/runner.js unless it is newer than its sources. */
export function buildRunner(): void {
  const folder = join(packageRoot(), 'src/adapters/sandbox');
  const newest = Math.max(...readdirSync(folder).map((name) => statSync(join(folder, name)).mtimeMs));
  const built = statSync(distFile('runner.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (built > newest) return;
  buildSync({ entryPoints: [join(folder, 'runner.ts')], outfile: distFile('runner.js'), bundle: true, platform: 'node', format: 'cjs', target: 'node20', sourcemap: 'linked', logLevel: 'warning', legalComments: 'none' });
}

export const LIMITS: Limits = { wallMs: 20_000, cpuSeconds: 20, memoryMb: 2048, fileSizeMb: 64, processes: 200, outputBytes: 8 << 20 };

/** A request in a fresh checkout, with the given limits changed. */
export function requestIn(root: string, command: RunRequest['command'], change: Partial<Omit<RunRequest, 'limits'>> & { readonly limits?: Partial<Limits> } = {}): RunRequest {
  return {
    command, root, mountAt: root, cwd: '', env: { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LANG: 'C.UTF-8' }, writable: [], readonly: [], hidden: [],
    network: false, measureCpu: false, ...change, limits: { ...LIMITS, ...change.limits },
  };
}

/** A folder that is removed after the suite. */
export function folderFor(suite: Suite, parent = tmpdir()): string {
  const folder = mkdtempSync(join(parent, 'sigil-test-'));
  suite.afterAll(() => { rmSync(folder, { recursive: true, force: true }); });
  return folder;
}

export const NEVER: RunSignal = new AbortController().signal;

/** Skips a suite where bubblewrap does not run, saying why; on CI that is a failure. */
export async function needBubblewrap(context: Mocha.Context): Promise<string> {
  const probe = await probeBubblewrap();
  if (probe.ok) return probe.bwrap;
  if (process.env['CI'] !== undefined) throw new Error(`bubblewrap must run on CI: ${probe.reason}`);
  console.log(`    skipped: ${probe.reason}. ${probe.remedy}`);
  context.skip();
}
