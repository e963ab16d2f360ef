// Starts the sigil command of this extension for short questions: one JSON document on stdout. Runs go through tasks (run/).

import { spawn } from 'node:child_process';
import type * as vscode from 'vscode';

/** What a command said instead of a result: fit to show. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly remedy: string;
  readonly exitCode: number;

  constructor(message: string, remedy: string, exitCode: number) {
    super(message);
    this.remedy = remedy;
    this.exitCode = exitCode;
  }
}

export interface CliOptions {
  readonly stdin?: string;
  readonly signal?: AbortSignal;
  /** More variables for this process alone: keys go here, since everybody can read arguments. */
  readonly env?: Readonly<Record<string, string>>;
  /** Told each whole line that the command says to people while it works. */
  readonly onLine?: (line: string) => void;
  /** Exit codes besides 0 that come with a document: `pins` ends with 1 where it has problems to tell. */
  readonly alsoFine?: readonly number[];
}

export class SigilCli {
  /** The path of dist/cli.js. */
  readonly path: string;
  private readonly log: vscode.LogOutputChannel;
  private readonly python: (root: string) => string;

  /** `python` tells the Python that was chosen for a project, or ''. */
  constructor(path: string, log: vscode.LogOutputChannel, python: (root: string) => string) {
    this.path = path;
    this.log = log;
    this.python = python;
  }

  /** The program and environment with which dist/cli.js runs: VS Code's own runtime as Node, so that users need none. */
  program(root: string): { readonly command: string; readonly env: Record<string, string> } {
    const python = this.python(root);
    return { command: process.execPath, env: { ELECTRON_RUN_AS_NODE: '1', ...(python === '' ? {} : { SIGIL_PYTHON: python }) } };
  }

  /** Runs a command with --json in a project and returns its document. Throws CliError in the command's own words. */
  async json<T>(root: string, args: readonly string[], options: CliOptions = {}): Promise<T> {
    const { command, env } = this.program(root);
    const argv = [this.path, ...args, '--json', '--cwd', root];
    this.log.debug(`sigil ${args.join(' ')} (in ${root})`);
    return new Promise<T>((resolve, reject) => {
      const child = spawn(command, argv, { cwd: root, env: { ...process.env, ...env, ...options.env }, stdio: ['pipe', 'pipe', 'pipe'],
        // As Ctrl-C: a check clears up after itself.
        ...(options.signal ? { signal: options.signal, killSignal: 'SIGINT' } : {}) });
      let stdout = '';
      let stderr = '';
      let line = '';
      child.stdout.setEncoding('utf8').on('data', (s: string) => (stdout += s));
      child.stderr.setEncoding('utf8').on('data', (s: string) => {
        stderr += s;
        const lines = (line + s).split('\n');
        line = lines.pop() ?? '';
        for (const l of lines) options.onLine?.(l);
      });
      // Aborted is the caller's own; else it could not start: its folder is gone, or there are no processes left.
      child.once('error', (e) => { reject(e.name === 'AbortError' ? e : new CliError(`sigil cannot be started in ${root}: ${e.message}`, 'See that the folder is there.', 1)); });
      child.stdin.on('error', () => undefined); // it may end without reading
      child.stdin.end(options.stdin ?? '');
      child.once('close', (code) => {
        let document: unknown;
        try {
          document = JSON.parse(stdout);
        } catch {
          document = undefined;
        }
        if ((code === 0 || (code !== null && options.alsoFine?.includes(code) === true)) && document !== undefined && !isFailure(document)) resolve(document as T);
        else {
          const failure = isFailure(document) ? document : { error: stderr.trim() || `sigil ${args[0] ?? ''} ended with ${code ?? 'a signal'}`, remedy: '' };
          this.log.warn(`sigil ${args.join(' ')}: ${failure.error}`);
          reject(new CliError(failure.error, failure.remedy ?? '', code ?? 1));
        }
      });
    });
  }
}

function isFailure(x: unknown): x is { readonly error: string; readonly remedy?: string } {
  return typeof x === 'object' && x !== null && 'error' in x && typeof x.error === 'string';
}
