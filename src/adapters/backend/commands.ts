// Commands of a spec through the sandbox: each result becomes either output or a failure with a name.

import { availableParallelism } from 'node:os';
import { secondsText } from '../../core/format.ts';
import type { Command, Spec } from '../../core/spec.ts';
import { BASELINE, type SolutionId } from '../../core/solution.ts';
import type { Failure } from '../../engine/ports.ts';
import type { CheckoutPool } from '../checkout/pool.ts';
import type { Checkout } from '../checkout/checkout.ts';
import type { EvaluationEnvironment } from '../sandbox/environment.ts';
import type { RunRequest, RunResult } from '../sandbox/job.ts';
import type { Sandbox } from '../sandbox/runner-client.ts';
import { plainLimits, type Pace, type StepLimits } from './pace.ts';

/** What every command of one run shares. */
export interface Workshop {
  readonly spec: Spec;
  readonly pool: CheckoutPool;
  readonly sandbox: Sandbox;
  readonly environment: EvaluationEnvironment;
  /** The project root's place below the checkout's root; '' when they are the same. */
  readonly prefix: string;
  readonly pace: Pace;
}

export interface CommandOptions {
  readonly limits: StepLimits;
  readonly measureCpu: boolean;
  /** Writable besides the outputs, from the checkout's root. */
  readonly alsoWritable?: readonly string[];
  readonly alsoReadonly?: RunRequest['readonly'];
  /** All of the checkout may be written, but for what is linked into it. */
  readonly editable?: true;
  readonly network?: boolean;
  /** The held-out command alone may see hidden files. */
  readonly seesHidden?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** A path of the project as one of the checkout. */
export const inCheckout = ({ prefix }: Pick<Workshop, 'prefix'>, path: string): string => (prefix === '' ? path : `${prefix}/${path}`);

/** Evaluations may ask git about the checkout (its private repository); in the sandbox it belongs to another user. */
const OWN_GIT = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*' };

const gitMount = (w: Workshop): RunRequest['readonly'] => (w.pool.gitDir === null ? [] : [{ source: w.pool.gitDir, path: w.pool.gitDir }]);

/** Runs a shell text or an argument vector in the project root of a checkout. */
export function runIn(w: Workshop, checkout: Checkout, command: string | readonly string[], o: CommandOptions, signal: AbortSignal): Promise<RunResult> {
  const request: RunRequest = {
    command, root: checkout.root, mountAt: w.pool.repoRoot, cwd: w.prefix,
    env: { ...w.environment.env, ...(w.pool.gitDir === null ? {} : OWN_GIT), ...o.env },
    writable: [...w.pool.outputs, ...(o.alsoWritable ?? [])],
    readonly: [...w.pool.links.map((l) => ({ source: l.source, path: l.path })), ...gitMount(w), ...(o.alsoReadonly ?? [])],
    hidden: o.seesHidden === true ? [] : w.spec.scope.hidden.map((p) => inCheckout(w, p)),
    network: o.network ?? w.spec.network, ...(o.editable === true ? { editable: true } : {}),
    limits: {
      wallMs: o.limits.wallMs, cpuSeconds: o.limits.cpuSeconds, memoryMb: w.spec.memoryMb, fileSizeMb: 1024, processes: 512, outputBytes: 64 << 20,
    },
    measureCpu: o.measureCpu,
  };
  return w.sandbox.run(request, signal);
}

/** The end of what a command printed: stderr first, since the reason stands there. */
export function tailOf(r: RunResult, lines = 20): string {
  const tail = (text: string): string => text.trimEnd().split('\n').slice(-lines).join('\n');
  return [tail(r.stderr), tail(r.stdout)].filter((t) => t !== '').join('\n').slice(-4000);
}

/** Null when the command ended with exit code 0; else the failure, with `blocked` for a gate that says no. */
export function failureOf(stage: string, r: RunResult, kind: 'gate' | 'measure', limits: StepLimits): Failure | null {
  const fail = (outcome: Failure['outcome'], reason: string): Failure => ({ ok: false, outcome, stage, reason, output: tailOf(r) });
  switch (r.outcome) {
    case 'exited':
      if (r.code === 0) return null;
      if (r.code === 127 || r.code === 126) return fail('infra-error', `a program is missing or cannot be run (exit code ${r.code})`);
      if (r.signal !== null) return fail('crashed', `it was ended by ${r.signal}`);
      return fail(kind === 'gate' ? 'blocked' : 'crashed', `exit code ${r.code ?? '?'}`);
    case 'timed-out': return fail('timed-out', `${r.error ?? `it ran longer than ${limits.wallMs / 1000} s`}${limits.usualMs === null ? '' : `; sound code took ${secondsText(limits.usualMs / 1000)}`}`);
    case 'output-limit': return fail('crashed', 'it printed more than 64 MB');
    case 'memory-limit': return fail('crashed', 'it needed more memory than its limit');
    case 'process-limit': return fail('crashed', 'it started more processes than its limit');
    case 'aborted': return fail('infra-error', 'it was stopped');
    case 'not-started': return fail('infra-error', r.error ?? 'it could not be started');
  }
}

/** Runs one command of the spec and times it. `whose`: a candidate is held to the pace of sound code, the baseline only to the spec's limit. */
export async function runCommand(w: Workshop, checkout: Checkout, command: Command, kind: 'gate' | 'measure', whose: SolutionId, signal: AbortSignal, extra: Partial<CommandOptions> = {}): Promise<{ readonly failure: Failure | null; readonly result: RunResult }> {
  const limits = whose === BASELINE ? plainLimits(command.timeoutMs) : w.pace.limits(command.name, command.timeoutMs, availableParallelism());
  const result = await runIn(w, checkout, command.command, { limits, measureCpu: false, ...extra }, signal);
  const failure = failureOf(command.name, result, kind, limits);
  if (failure === null) w.pace.note(command.name, result.wallMs);
  return { failure, result };
}

/** What a setup command that failed needs. It sees the user's own dependency folders, and may not write there. */
export function setupRemedy({ output }: Failure, { links }: CheckoutPool): string {
  const refused = links.length > 0 && /read-only file system|EROFS|EBUSY|device or resource busy/i.test(output);
  if (!refused) return 'Run the setup command in the project yourself, and mend it.';
  return `Setup may read what is linked from your project (${links.slice(0, 3).map((l) => l.path).join(', ')}${links.length > 3 ? ', …' : ''}), not write there. Leave out what is installed already, or name the folder under "copy", so that each checkout has one of its own.`;
}
