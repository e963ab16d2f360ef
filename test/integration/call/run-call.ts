// Starts a call runner as the sandbox would, without the sandbox: for the tests of this folder.

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { buildSync } from 'esbuild';
import { callDefaults, planCall, type CallJob, type CallTarget } from '../../../src/adapters/call/call-eval.ts';
import type { Parsed } from '../../../src/adapters/call/answer.ts';
import { findNode } from '../../../src/adapters/call/node-path.ts';
import { defaultLimits, type InputSource, type Limits } from '../../../src/adapters/call/protocol.ts';
import { findPython } from '../../../src/adapters/call/python.ts';
import { packageRoot } from '../../../src/adapters/assets.ts';

const made: string[] = [];
let bundle = '';
let python = '';

/** A project in a temporary folder. */
export function project(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'sigil-call-'));
  made.push(root);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  return root;
}

export function cleanUp(): void {
  for (const dir of made.splice(0)) rmSync(dir, { recursive: true, force: true });
  bundle = '';
}

export async function target(file: string, symbol: string, inputs: InputSource, seed = 1): Promise<CallTarget> {
  if (file.endsWith('.py')) {
    python ||= await findPython(packageRoot());
    return { kind: 'python', interpreter: python, runner: join(packageRoot(), 'python/sigil_runtime/call_runner.py'), file, symbol, inputs, seed };
  }
  if (bundle === '') {
    const dir = mkdtempSync(join(tmpdir(), 'sigil-call-'));
    made.push(dir);
    bundle = join(dir, 'js-runner.js');
    buildSync({ entryPoints: [join(packageRoot(), 'src/adapters/call/js-runner.ts')], bundle: true, platform: 'node', format: 'cjs', target: 'node20', outfile: bundle, logLevel: 'warning' });
  }
  return { kind: 'javascript', interpreter: findNode(), runner: bundle, file, symbol, inputs, seed };
}

export interface Ran<J extends CallJob> {
  readonly parsed: Parsed<J['mode']>;
  readonly stderr: string;
  readonly code: number | null;
  readonly left: readonly string[];
}

export async function run<J extends CallJob>(root: string, t: CallTarget, job: J, limits: Limits = defaultLimits): Promise<Ran<J>> {
  const folder = mkdtempSync(join(tmpdir(), 'sigil-call-'));
  made.push(folder);
  const plan = planCall(t, job, { root, folder: { host: folder, inner: folder }, limits });
  for (const [path, text] of plan.files) writeFileSync(path, text);
  const [program = '', ...args] = plan.argv;
  const child = spawn(program, args, { cwd: root, env: { PATH: process.env['PATH'], ...plan.env }, stdio: ['ignore', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (d: Buffer) => { stderr += d.toString(); });
  const code = await new Promise<number | null>((done) => child.on('exit', done));
  let text: string | null = null;
  try {
    text = readFileSync(plan.answerPath, 'utf8');
  } catch { /* removed */ }
  return { parsed: plan.parse(text), stderr, code, left: readdirSync(folder) };
}

/** All results; throws what went wrong. */
export async function results(root: string, t: CallTarget, limits?: Limits) {
  const { parsed, stderr } = await run(root, t, { mode: 'results', indices: null }, limits);
  if (!parsed.ok) throw new Error(`${parsed.outcome}: ${parsed.reason}\n${parsed.output}\n${stderr}`);
  return parsed.answer;
}

/** Why there are no results. */
export async function failure(root: string, t: CallTarget) {
  const { parsed } = await run(root, t, { mode: 'results', indices: null });
  if (parsed.ok) throw new Error(`answered: ${JSON.stringify(parsed.answer).slice(0, 500)}`);
  return parsed;
}

export async function time(root: string, t: CallTarget, more: Partial<Extract<CallJob, { mode: 'time' }>> = {}) {
  const { parsed, stderr } = await run(root, t, { mode: 'time', indices: null, loops: 2, passes: 3, warmupMs: 1, mutates: false, verify: [], ...more });
  if (!parsed.ok) throw new Error(`${parsed.outcome}: ${parsed.reason}\n${parsed.output}\n${stderr}`);
  return parsed.answer;
}

export async function calibrate(root: string, t: CallTarget) {
  const { parsed, stderr } = await run(root, t, { mode: 'calibrate', indices: null, ...callDefaults[t.kind] });
  if (!parsed.ok) throw new Error(`${parsed.outcome}: ${parsed.reason}\n${parsed.output}\n${stderr}`);
  return parsed.answer;
}
