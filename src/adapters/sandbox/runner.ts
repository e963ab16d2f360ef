// dist/runner.js: the small process that starts candidates. Starting one blocks in proportion to the starter's memory, so the engine never does it itself.
//
// Spoken to over the IPC channel (job.ts). When the channel closes, the engine is gone, by whatever way: everything is killed, then this exits.

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execute } from './execute.ts';
import type { Execution } from './execute.ts';
import { processName } from './identity.ts';
import { notStarted } from './job.ts';
import type { FromRunner, Job, RunResult, ToRunner } from './job.ts';
import { SCRATCH_PREFIX, killOrphans, removeStaleScratch } from './orphans.ts';
import { Pipes } from './pipes.ts';

/** The first look is early, for fork bombs; then every 250 ms. */
const LOOKS_MS = [25, 50, 100, 250] as const;

const pipes = new Pipes(join(tmpdir(), `${SCRATCH_PREFIX}${processName(process.ppid)}.pipes-${process.pid}`));
const running = new Map<string, Execution>();
let timer: NodeJS.Timeout | undefined;
let due = Infinity;

function answer(message: FromRunner): void {
  if (process.connected) process.send?.(message);
}

function look(after: number): void {
  const at = performance.now() + (LOOKS_MS[Math.min(after, LOOKS_MS.length - 1)] ?? 250);
  // A new job brings the next look nearer and never puts it off.
  if (due <= at) return;
  clearTimeout(timer);
  due = at;
  timer = setTimeout(() => {
    due = Infinity;
    if (running.size === 0) return;
    for (const execution of running.values()) execution.watch();
    look(after + 1);
  }, at - performance.now());
}

/** The last signal from the terminal. */
let heard: { readonly signal: string; readonly at: number } | null = null;
/** A child belongs to our process group until it has made its own, a moment after the fork: a Ctrl-C in that moment ends it. */
const AT_START_MS = 250;

function caughtAtStart(result: RunResult, began: number): boolean {
  if (heard === null || heard.at < began || heard.at - began > AT_START_MS) return false;
  return result.outcome === 'not-started' || (result.outcome === 'exited' && result.signal === heard.signal);
}

async function run(job: Job): Promise<void> {
  try {
    const once = (): Promise<RunResult> => {
      const execution = execute(job, pipes);
      running.set(job.id, execution);
      look(0);
      return execution.result;
    };
    const began = performance.now();
    const result = await once();
    // The evaluation in flight is to be decided; what an interrupt did to its process says nothing of the candidate.
    answer({ type: 'done', id: job.id, result: caughtAtStart(result, began) ? await once() : result });
  } catch (error) {
    // Arguments too long, a folder that is not there: the caller is told in words.
    answer({ type: 'done', id: job.id, result: notStarted(error instanceof Error ? error.message : String(error)) });
  } finally {
    running.delete(job.id);
  }
}

process.on('message', (message: ToRunner) => {
  switch (message.type) {
    case 'run':
      void run(message.job);
      break;
    case 'abort':
      running.get(message.id)?.stop('aborted', 'aborted');
      break;
  }
});

process.on('disconnect', () => {
  for (const execution of running.values()) execution.stop('aborted', 'the engine is gone');
  void Promise.allSettled([...running.values()].map((execution) => execution.result)).then(() => {
    pipes.remove();
    process.exit(0);
  });
});

// The engine decides what an interrupt means; it reaches us too when it comes from the terminal.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => { heard = { signal, at: performance.now() }; });

// Folders first: a candidate of a dead engine may still write into one, and the next start removes it then.
void Promise.all([killOrphans(), pipes.fill()]).then(() => {
  removeStaleScratch();
  answer({ type: 'ready' });
});
