// The engine's side of the runner process: turns requests into jobs, and survives the runner's death.

import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, sep } from 'node:path';
import { distFile } from '../assets.ts';
import { asNode } from '../runtime.ts';
import { HOME_INSIDE, bubblewrapArgs } from './bubblewrap.ts';
import { processName } from './identity.ts';
import { notStarted } from './job.ts';
import type { FromRunner, Job, RunRequest, RunResult, ToRunner } from './job.ts';
import type { Containment } from './level.ts';
import { metered } from './meter.ts';
import { SCRATCH_PREFIX, killOrphans } from './orphans.ts';
import { hiddenPlaces, homeFolder, movedPlaces, toolchain } from './toolchain.ts';

/** Starts commands at one level of containment, through one runner process. Close it, or the runner closes when this process ends. */
export class Sandbox {
  readonly containment: Containment;
  readonly #programs: readonly string[];
  readonly #hidden: readonly string[];
  /** PATH → what of it must be shown in the sandbox. */
  readonly #tools = new Map<string, readonly string[]>();
  readonly #pending = new Map<string, (result: RunResult) => void>();
  readonly #name = processName(process.pid);
  #runner: Promise<ChildProcess> | null = null;
  #closed = false;

  private constructor(containment: Containment, programs: readonly string[], hidden: readonly string[]) {
    this.containment = containment;
    this.#programs = [process.execPath, ...programs];
    this.#hidden = containment.level === 'bubblewrap' ? hiddenPlaces(homeFolder(), tmpdir(), [...movedPlaces(), ...hidden]) : [];
  }

  /**
   * @param programs interpreters that the sandbox must show, see environment.ts
   * @param hidden places that it hides besides those that it always hides
   */
  static async start(containment: Containment, programs: readonly string[] = [], hidden: readonly string[] = []): Promise<Sandbox> {
    const sandbox = new Sandbox(containment, programs, hidden);
    await (sandbox.#runner = sandbox.#fork());
    return sandbox;
  }

  /**
   * Runs a command and resolves when it and all its processes are dead. Never rejects for what a command does; when `signal` fires, the outcome
   * is `aborted`. @throws UserError for a request that cannot be confined (a link on the way to a declared output).
   */
  async run(request: RunRequest, signal: AbortSignal): Promise<RunResult> {
    if (this.#closed) throw new Error('the sandbox is closed');
    if (signal.aborted) return notStarted('aborted', 'aborted');
    const job = this.#job(request);
    const runner = await (this.#runner ??= this.#fork());
    // The runner and its channel hold the engine's event loop only while something runs.
    if (this.#pending.size === 0) hold(runner, true);
    const abort = (): void => { send(runner, { type: 'abort', id: job.id }); };
    try {
      return await new Promise<RunResult>((resolve) => {
        this.#pending.set(job.id, resolve);
        signal.addEventListener('abort', abort);
        send(runner, { type: 'run', job });
        if (signal.aborted) abort();
      });
    } finally {
      signal.removeEventListener('abort', abort);
      this.#pending.delete(job.id);
      if (this.#pending.size === 0) hold(runner, false);
    }
  }

  /** Ends what runs, then the runner. */
  async close(): Promise<void> {
    this.#closed = true;
    const runner = await this.#runner?.catch(() => null);
    if (!runner || runner.exitCode !== null || runner.signalCode !== null) return;
    hold(runner, true);
    await new Promise<void>((resolve) => {
      runner.once('exit', () => { resolve(); });
      if (runner.connected) runner.disconnect();
    });
  }

  #job(request: RunRequest): Job {
    const id = `${this.#name}.${counter++}`;
    const command = typeof request.command === 'string' ? ['/bin/sh', '-c', request.command] : request.command;
    const { bwrap } = this.containment;
    const argv = metered(command, request.limits, { cpu: request.measureCpu, namespace: bwrap !== null });
    if (bwrap === null) {
      const scratch = join(tmpdir(), SCRATCH_PREFIX + id);
      const env = { ...moved(request), HOME: join(scratch, 'home'), TMPDIR: join(scratch, 'tmp'), SIGIL_RUN: id };
      return { id, argv, env, cwd: join(request.root, request.cwd), limits: request.limits, kind: 'group', scratch };
    }
    const path = request.env['PATH'] ?? '';
    let tools = this.#tools.get(path);
    if (tools === undefined) this.#tools.set(path, (tools = toolchain(path, homeFolder(), this.#hidden, this.#programs)));
    const args = bubblewrapArgs({ bwrap, hidden: this.#hidden, tools }, request);
    const env = { ...request.env, HOME: HOME_INSIDE, TMPDIR: '/tmp', SIGIL_RUN: id };
    return { id, argv: [bwrap, ...args, ...argv], env, cwd: '/', limits: request.limits, kind: 'namespace', scratch: null };
  }

  async #fork(): Promise<ChildProcess> {
    const file = distFile('runner.js');
    if (!existsSync(file)) throw new Error(`${file} is missing: run \`npm run build\``);
    // No loader flags of ours for the runner, and none of the user's Node options: it is to stay small.
    const runner = fork(file, [], { execArgv: [], env: { PATH: process.env['PATH'] ?? '', TMPDIR: tmpdir(), ...asNode() }, stdio: ['ignore', 'ignore', 'inherit', 'ipc'], detached: false });
    const ready = new Promise<void>((resolve, reject) => {
      runner.once('error', reject);
      runner.once('exit', (code, signal) => { reject(new Error(`the runner process ended at its start (${signal ?? code ?? ''})`)); });
      runner.on('message', (message: FromRunner) => {
        if (message.type === 'ready') resolve();
        else this.#pending.get(message.id)?.(message.result);
      });
    });
    await ready;
    runner.once('exit', (code, signal) => {
      this.#runner = null;
      // Killed from outside. Under bubblewrap all died with it; what process groups it had are looked for by their run's name.
      const lost = [...this.#pending.keys()];
      void Promise.all(lost.map((id) => killOrphans(id))).then(() => {
        for (const id of lost) this.#pending.get(id)?.(notStarted(`the runner process ended (${signal ?? code ?? ''})`));
      });
    });
    hold(runner, false);
    return runner;
  }
}

let counter = 0;

function send(runner: ChildProcess, message: ToRunner): void {
  if (runner.connected) runner.send(message, () => undefined);
}

function hold(runner: ChildProcess, on: boolean): void {
  if (on) {
    runner.ref();
    runner.channel?.ref();
  } else {
    runner.unref();
    runner.channel?.unref();
  }
}

/** At the process-group level the project's tools are taken from the checkout, which has them linked. */
function moved({ env, root, mountAt }: RunRequest): Record<string, string> {
  const move = (path: string): string => (path === mountAt || path.startsWith(mountAt + sep) ? root + path.slice(mountAt.length) : path);
  const result = { ...env };
  if (env['PATH'] !== undefined) result['PATH'] = env['PATH'].split(delimiter).map(move).join(delimiter);
  if (env['VIRTUAL_ENV'] !== undefined) result['VIRTUAL_ENV'] = move(env['VIRTUAL_ENV']);
  return result;
}
