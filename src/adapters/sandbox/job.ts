// What is asked of the sandbox, what it answers, and the messages between the engine and its runner process.

/** Bounds of one command; each is enforced at both levels, as ARCHITECTURE.md "Containment" says. */
export interface Limits {
  readonly wallMs: number;
  /** CPU seconds of all processes together, by the watchdog; where there is no /proc, of each process, by the kernel. */
  readonly cpuSeconds: number;
  /** Resident megabytes of all processes together; each process's data segment gets 1 GB more than that. */
  readonly memoryMb: number;
  /** The largest single file that may be written. */
  readonly fileSizeMb: number;
  /** Processes alive at a time. */
  readonly processes: number;
  /** Bytes on stdout and stderr together; one more kills. */
  readonly outputBytes: number;
}

/** Something of the host that the command may read: `path` is absolute, or relative to the checkout. */
export interface ReadonlyMount {
  readonly source: string;
  readonly path: string;
}

/** Something of the user's home that the command may see in its own. */
export interface HomeMount {
  /** Absolute: the user's file or folder. */
  readonly source: string;
  /** From the command's HOME. */
  readonly path: string;
  readonly writable: boolean;
}

export interface RunRequest {
  /** Text for `sh -c`, or an argument vector. */
  readonly command: string | readonly string[];
  /** The checkout on disk. */
  readonly root: string;
  /** The project's own path: where the checkout appears under bubblewrap. */
  readonly mountAt: string;
  /** Working folder, relative to the checkout; '' is its root. */
  readonly cwd: string;
  /**
   * The whole environment, made by environment.ts for the project's own path. HOME, TMPDIR and SIGIL_RUN are added here; at the process-group
   * level entries of PATH and VIRTUAL_ENV inside `mountAt` are turned to the checkout.
   */
  readonly env: Readonly<Record<string, string>>;
  /** Folders of the checkout that may be written (made when missing), relative. Everything else is read-only under bubblewrap. */
  readonly writable: readonly string[];
  /** Mounted under bubblewrap only; at the process-group level the checkout's own links do this. */
  readonly readonly: readonly ReadonlyMount[];
  /** Paths of the checkout that the command may not see, relative. Under bubblewrap only: elsewhere leave them out of the checkout. */
  readonly hidden: readonly string[];
  readonly network: boolean;
  /** The whole checkout may be written, but for what is mounted in it. */
  readonly editable?: true;
  /** Under bubblewrap only. None for evaluations. */
  readonly home?: readonly HomeMount[];
  readonly limits: Limits;
  /** Whether `cpuMs` is wanted; costs about a millisecond. */
  readonly measureCpu: boolean;
}

/** How a command ended. Only `exited` says something about the command's own verdict. */
export type RunOutcome = 'exited' | 'timed-out' | 'output-limit' | 'memory-limit' | 'process-limit' | 'aborted' | 'not-started';

export interface RunResult {
  readonly outcome: RunOutcome;
  /** The exit code; 128 + n after signal n. Null when it was killed by us or never started. */
  readonly code: number | null;
  /** The signal's name when one ended it, or when the code tells so by the shell's convention. */
  readonly signal: string | null;
  /** Up to 2 MB: the first and the last megabyte, with a line between that says how much is missing. */
  readonly stdout: string;
  readonly stderr: string;
  /** Whether either of them lost its middle. */
  readonly truncated: boolean;
  /** From just before the start to the exit, milliseconds, by the engine's side of the clock. */
  readonly wallMs: number;
  /** User and system time of the command and all that it waited for, milliseconds; with what its orphans used, under bubblewrap. */
  readonly cpuMs: number | null;
  /** Processes still there 200 ms after the command's own end; all are dead now. */
  readonly leftBehind: number;
  /** What went wrong, in words. Null for `exited` without an incident. */
  readonly error: string | null;
}

/** A ready-made command for the runner process: it knows nothing of checkouts or levels. */
export interface Job {
  /** The value of SIGIL_RUN: `<pid namespace>.<engine pid>.<engine start>.<n>`, see identity.ts. */
  readonly id: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  readonly limits: Limits;
  /** `namespace`: argv is a bubblewrap that reports on descriptor 4. */
  readonly kind: 'group' | 'namespace';
  /** A private folder, made before the start and removed after the end. */
  readonly scratch: string | null;
}

export type ToRunner = { readonly type: 'run'; readonly job: Job } | { readonly type: 'abort'; readonly id: string };
export type FromRunner = { readonly type: 'ready' } | { readonly type: 'done'; readonly id: string; readonly result: RunResult };

/** The result of a command that never ran. */
export function notStarted(error: string, outcome: 'not-started' | 'aborted' = 'not-started'): RunResult {
  return { outcome, code: null, signal: null, stdout: '', stderr: '', truncated: false, wallMs: 0, cpuMs: null, leftBehind: 0, error };
}
