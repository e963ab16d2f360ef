// Runs one job to its very end: start, limits, output, exit, and no process of it left. Runs in the runner process.

import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { Capture } from './capture.ts';
import { Family, kill, sleep } from './family.ts';
import { notStarted } from './job.ts';
import type { Job, RunOutcome, RunResult } from './job.ts';
import { readMeter } from './meter.ts';
import type { Pipes } from './pipes.ts';
import { proportionalMb, readProc } from './procfs.ts';

/** How long pipes and processes may outlive the command itself. */
const GRACE_MS = 200;

const SIGNALS = new Map(Object.entries(constants.signals).map(([name, n]) => [n, name]));

export interface Execution {
  readonly result: Promise<RunResult>;
  /** Ends it; the result follows when all its processes are dead. */
  stop(outcome: RunOutcome, reason: string): void;
  /** Compares what it uses with its limits. */
  watch(): void;
}

export function execute(job: Job, source: Pipes): Execution {
  if (job.scratch !== null) for (const folder of ['home', 'tmp']) mkdirSync(join(job.scratch, folder), { recursive: true, mode: 0o700 });
  const [out, err] = [source.take(), source.take()];
  const began = process.hrtime.bigint();
  const child = spawn(job.argv[0] ?? '', job.argv.slice(1), {
    // Its own session and group, so that one signal reaches all who stay in it. No stdin: an open one hangs whoever reads it.
    detached: true, cwd: job.cwd, env: job.env, stdio: ['ignore', out?.write ?? 'pipe', err?.write ?? 'pipe', 'pipe', job.kind === 'namespace' ? 'pipe' : 'ignore'],
  });
  const family = child.pid === undefined ? null : new Family(job.id, child.pid);
  let verdict: { readonly outcome: RunOutcome; readonly reason: string } | null = null;
  let init: { readonly pid: number; readonly start: number } | null = null;
  let meter = '';
  let status = '';
  let bytes = 0;
  const stdout = new Capture();
  const stderr = new Capture();

  const stop = (outcome: RunOutcome, reason: string): void => {
    if (verdict !== null) return;
    verdict = { outcome, reason };
    // The result waits for the same; this is the first blow.
    void family?.exterminate();
  };
  const pipes: Readable[] = [];
  const listen = (stream: unknown, take: (chunk: Buffer) => void): void => {
    const pipe = stream as Readable;
    pipe.on('data', take).on('error', () => undefined);
    pipes.push(pipe);
  };
  const counted = (capture: Capture) => (chunk: Buffer): void => {
    bytes += chunk.length;
    capture.add(chunk);
    if (bytes > job.limits.outputBytes) stop('output-limit', `it printed more than ${job.limits.outputBytes} bytes`);
  };
  listen(out?.attach() ?? child.stdout, counted(stdout));
  listen(err?.attach() ?? child.stderr, counted(stderr));
  listen(child.stdio[3], (chunk) => {
    if (meter.length < 65_536) meter += chunk.toString('latin1');
  });
  if (job.kind === 'namespace')
    listen(child.stdio[4], (chunk) => {
      status += chunk.toString('latin1');
      if (init !== null) return;
      const pid = Number(/"child-pid": (\d+)/.exec(status)?.[1]);
      const proc = Number.isInteger(pid) ? readProc(pid) : null;
      if (proc === null) return;
      init = { pid, start: proc.start };
      family?.remember(pid);
    });

  const timer = setTimeout(() => {
    stop('timed-out', `it ran longer than ${job.limits.wallMs / 1000} s`);
  }, job.limits.wallMs);

  const ended = new Promise<{ code: number | null; signal: string | null; wallMs: number } | Error>((resolve) => {
    child.once('error', resolve);
    // Never 'close': a grandchild that holds stdout would delay it.
    child.once('exit', (code, signal) => {
      resolve({ code, signal, wallMs: Number(process.hrtime.bigint() - began) / 1e6 });
    });
  });

  const finish = async (): Promise<RunResult> => {
    const end = await ended;
    clearTimeout(timer);
    if (end instanceof Error || family === null) return notStarted(end instanceof Error ? end.message : 'no process');
    const gone = verdict === null && (await (job.kind === 'namespace' ? initGone(init) : familyGone(family)));
    // Whoever is killed by us, for whatever reason, is looked for; a clean end has just been verified.
    const { killed, error } = gone ? { killed: 0, error: null } : await family.exterminate();
    await drained(pipes);
    const reading = readMeter(meter);
    // When we ended it, its own children are not 'left behind'.
    const leftBehind = verdict === null ? Math.max(killed, reading.left ?? 0) : 0;
    const result = { stdout: stdout.text(), stderr: stderr.text(), truncated: stdout.truncated || stderr.truncated, wallMs: end.wallMs, cpuMs: reading.cpuMs, leftBehind };
    const started = job.kind === 'group' || status.includes('"exit-code"') || (init !== null && end.signal !== null);
    return { ...result, ...judge(job, verdict, end, reading.cpuMs, started ? null : result.stderr.trim(), error) };
  };

  const result = finish().finally(() => {
    for (const pipe of pipes) pipe.destroy();
    if (job.scratch !== null) rmSync(job.scratch, { recursive: true, force: true, maxRetries: 3 });
  });
  return { result, stop, watch: () => { if (family !== null && verdict === null) check(family, job, stop); } };
}

/** The outcome, code, signal and error of an end. `failure`: what bubblewrap said when it could not start the command. */
function judge(
  job: Job, verdict: { readonly outcome: RunOutcome; readonly reason: string } | null, end: { readonly code: number | null; readonly signal: string | null },
  cpuMs: number | null, failure: string | null, error: string | null,
): Pick<RunResult, 'outcome' | 'code' | 'signal' | 'error'> {
  if (verdict !== null) return { outcome: verdict.outcome, code: null, signal: null, error: error ?? verdict.reason };
  if (failure !== null) return { outcome: 'not-started', code: null, signal: null, error: failure === '' ? 'the sandbox did not start' : failure };
  const number = end.signal !== null ? constants.signals[end.signal as NodeJS.Signals] : (end.code ?? 0) - 128;
  const signal = SIGNALS.get(number) ?? null;
  const code = end.code ?? 128 + number;
  const cpuLimit = `it used more than ${job.limits.cpuSeconds} s of CPU time`;
  if (signal === 'SIGXCPU' || (signal === 'SIGKILL' && cpuMs !== null && cpuMs >= job.limits.cpuSeconds * 1000)) return { outcome: 'timed-out', code, signal, error: cpuLimit };
  if (signal === 'SIGXFSZ') error ??= `it wrote a file of more than ${job.limits.fileSizeMb} MB`;
  return { outcome: 'exited', code, signal, error };
}

function check(family: Family, job: Job, stop: Execution['stop']): void {
  const table = family.look();
  if (table === null) return;
  const members = family.members(table, false);
  const { memoryMb, processes, cpuSeconds } = job.limits;
  const rssMb = members.reduce((sum, p) => sum + p.rssBytes, 0) / 1048576;
  // Resident sizes count shared pages once for each process; when that is too much, ask for the fair count.
  if (rssMb > memoryMb && (proportionalMb(members.map((p) => p.pid)) ?? rssMb) > memoryMb) stop('memory-limit', `it held more than ${memoryMb} MB`);
  else if (members.length > processes) stop('process-limit', `it ran more than ${processes} processes`);
  else if (members.reduce((sum, p) => sum + p.cpuMs, 0) > cpuSeconds * 1000) stop('timed-out', `it used more than ${cpuSeconds} s of CPU time`);
}

/** Whether nobody is left, after a grace for helpers that end by themselves when their parent does. */
async function familyGone(family: Family): Promise<boolean> {
  const until = performance.now() + GRACE_MS;
  for (;;) {
    const table = family.look();
    if (table === null) return false;
    if (family.members(table, true).length === 0) return true;
    if (performance.now() > until) return false;
    await sleep(10);
  }
}

/** A pid namespace ends with its init: when that is gone or a zombie, the kernel has reaped all others. */
async function initGone(init: { readonly pid: number; readonly start: number } | null): Promise<boolean> {
  if (init === null) return false;
  for (let look = 0; look < 200; look++) {
    const proc = readProc(init.pid);
    if (proc?.start !== init.start || proc.zombie) return true;
    kill(init.pid);
    await sleep(1);
  }
  return false;
}

/** Waits for the ends of the pipes, but not longer than the grace. */
async function drained(pipes: readonly Readable[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, GRACE_MS)));
  const open = pipes.filter((pipe) => !pipe.readableEnded && !pipe.destroyed);
  const all = Promise.all(open.map((pipe) => new Promise<void>((resolve) => pipe.once('close', resolve))));
  await Promise.race([all, late]);
  clearTimeout(timer);
}
