// Runs git for checkouts: in a scrubbed environment, without fsmonitor or hooks, with stdin and byte-exact output.

import { tmpdir } from 'node:os';
import { simpleGit } from 'simple-git';

/** What of git's environment still counts: where the user's own configuration stands. GIT_DIR and the like, as a hook sets them, do not. */
const PASSED = ['GIT_CONFIG_GLOBAL', 'GIT_CONFIG_SYSTEM', 'GIT_CONFIG_NOSYSTEM', 'GIT_CEILING_DIRECTORIES', 'GIT_DISCOVERY_ACROSS_FILESYSTEM'];
/** Ours: set per call. */
const OURS = ['GIT_INDEX_FILE', 'GIT_AUTHOR_NAME', 'GIT_AUTHOR_EMAIL', 'GIT_AUTHOR_DATE', 'GIT_COMMITTER_NAME', 'GIT_COMMITTER_EMAIL', 'GIT_COMMITTER_DATE', 'GIT_OPTIONAL_LOCKS'];

/** git ran and failed, or could not run. */
export class GitError extends Error {
  override readonly name = 'GitError';
  readonly stderr: string;

  constructor(args: readonly string[], stderr: string) {
    super(`git ${args.slice(0, 6).join(' ')}: ${stderr.trim().slice(-1000) || 'failed'}`);
    this.stderr = stderr;
  }
}

export interface GitCall {
  /** Working directory. */
  readonly cwd: string;
  /** Fed to stdin. Not empty: an empty input would leave stdin open. */
  readonly input?: Buffer;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs one git command and returns its stdout with one character a byte (latin1), so that names that are not UTF-8 survive a round trip.
 * @throws GitError on a non-zero exit.
 */
export async function git(args: readonly string[], call: GitCall): Promise<string> {
  call.signal?.throwIfAborted();
  const chunks: Buffer[] = [];
  const input = call.input;
  // One instance a call: simple-git queues the calls of an instance, and ours may run side by side.
  const runner = simpleGit({
    baseDir: call.cwd,
    allowEnvironment: [...PASSED, ...OURS],
    unsafe: { allowUnsafeConfigPaths: true, allowUnsafeHooksPath: true, allowUnsafeFsMonitor: true, allowUnsafeTemplateDir: true },
    errors: (error, result) => error ?? (result.exitCode === 0 ? undefined : Buffer.concat([...result.stdErr, Buffer.from(`exit ${result.exitCode}`)])),
    ...(call.signal ? { abort: call.signal } : {}),
    ...(input ? { input: () => input } : {}),
  }).env(environment(call.env));
  runner.outputHandler((_command, stdout) => stdout.on('data', (chunk: Buffer) => chunks.push(chunk)));
  try {
    // An fsmonitor would be a program of the user's; hooks too. git reads "/dev/null/…" as a folder that has none.
    await runner.raw(['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null/none', ...args]);
  } catch (e) {
    call.signal?.throwIfAborted();
    throw new GitError(args, e instanceof Error ? e.message : String(e));
  }
  return Buffer.concat(chunks).toString('latin1');
}

function environment(extra: Readonly<Record<string, string>> = {}): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && (!/^(GIT_|EDITOR$|VISUAL$|PAGER$|SSH_ASKPASS$|PREFIX$)/i.test(name) || PASSED.includes(name))) out[name] = value;
  }
  // Never a lock in the user's repository, and messages in one language.
  return { ...out, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0', ...extra };
}

let available: Promise<boolean> | undefined;

/** Whether git can be run at all. */
export function hasGit(): Promise<boolean> {
  return (available ??= git(['--version'], { cwd: tmpdir() }).then(
    () => true,
    () => false,
  ));
}

/** NUL-separated records of git's output. */
export function records(output: string): string[] {
  return output.split('\0').filter((r) => r !== '');
}

/** A name as git gives it (one character a byte) as JavaScript's file functions take it, and back. */
export const fromGit = (name: string): string => Buffer.from(name, 'latin1').toString('utf8');
export const toGit = (name: string): string => Buffer.from(name, 'utf8').toString('latin1');
