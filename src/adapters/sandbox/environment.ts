// The environment of an evaluation: an allow-list, so that no key or token of the user's shell reaches candidate code.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, isAbsolute, join, sep } from 'node:path';
import { homeFolder, which } from './toolchain.ts';

/** Where tools and their packages are, how they talk, and nothing personal. Passed on when set. */
const ALLOWED = [
  'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'JAVA_HOME', 'GOROOT', 'GOPATH', 'GOMODCACHE', 'GOTOOLCHAIN', 'CARGO_HOME', 'RUSTUP_HOME', 'RUSTUP_TOOLCHAIN', 'PYENV_ROOT',
  'PYENV_VERSION', 'NVM_DIR', 'VOLTA_HOME', 'ASDF_DIR', 'ASDF_DATA_DIR', 'MISE_DATA_DIR', 'CONDA_PREFIX', 'CONDA_DEFAULT_ENV', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH',
  'LIBRARY_PATH', 'CPATH', 'PKG_CONFIG_PATH', 'CC', 'CXX', 'CUDA_HOME', 'CUDA_VISIBLE_DEVICES', 'OMP_NUM_THREADS', 'OPENBLAS_NUM_THREADS', 'MKL_NUM_THREADS',
] as const;

/** Tools look for these under HOME, which is a private folder in an evaluation. */
const UNDER_HOME: readonly (readonly [name: string, folder: string])[] = [
  ['CARGO_HOME', '.cargo'], ['RUSTUP_HOME', '.rustup'], ['GOMODCACHE', 'go/pkg/mod'], ['PYENV_ROOT', '.pyenv'], ['NVM_DIR', '.nvm'], ['VOLTA_HOME', '.volta'],
  ['ASDF_DATA_DIR', '.asdf'], ['PYTHONUSERBASE', '.local'],
];

const SECRET = /(^|_)(key|keys|token|tokens|secret|secrets|password|passwd|pwd|credential|credentials|auth|cookie|session)(_|$)|apikey|accesskey|^AWS_|^AZURE_|^SSH_|^GPG_/i;

export interface EvaluationEnvironment {
  /** For RunRequest.env: paths speak of the project's own place. */
  readonly env: Readonly<Record<string, string>>;
  /** Variables that look like credentials and are passed on, because the spec names them: to be shown, since candidate code sees them too. */
  readonly credentials: readonly string[];
  /** The interpreters found: to be visible in the sandbox (Sandbox.start's `programs`). */
  readonly programs: readonly string[];
}

/**
 * @param project the project's root, absolute
 * @param named variables that the spec passes on by name
 */
export async function evaluationEnvironment(project: string, named: readonly string[], from: Readonly<Record<string, string | undefined>> = process.env): Promise<EvaluationEnvironment> {
  const home = from['HOME'] ?? homeFolder();
  const env: Record<string, string> = { LANG: 'C.UTF-8', PYTHONHASHSEED: '0', PYTHONDONTWRITEBYTECODE: '1' };
  for (const [name, folder] of UNDER_HOME) if (existsSync(join(home, folder))) env[name] = join(home, folder);
  for (const name of ALLOWED) {
    const value = from[name];
    if (value !== undefined && value !== '') env[name] = value;
  }
  const credentials: string[] = [];
  for (const name of named) {
    const value = from[name];
    if (value === undefined) continue;
    if (SECRET.test(name)) credentials.push(name);
    env[name] = value;
  }
  const programs: string[] = [];
  const path: string[] = [];
  const tools = join(project, 'node_modules', '.bin');
  if (existsSync(tools)) path.push(tools);
  // A relative or empty entry would let a candidate's file pass for a tool.
  const inherited = (named.includes('PATH') ? env['PATH'] : from['PATH'])?.split(delimiter).filter((entry) => isAbsolute(entry)) ?? ['/usr/local/bin', '/usr/bin', '/bin'];
  const venv = virtualEnvironment(project, from['VIRTUAL_ENV']);
  if (venv !== null) {
    env['VIRTUAL_ENV'] = venv;
    path.push(join(venv, 'bin'));
    programs.push(join(venv, 'bin', 'python'));
  } else {
    const python = await behindShim(project, inherited.join(delimiter), from);
    if (python !== null) {
      path.push(dirname(python));
      programs.push(python);
    }
  }
  env['PATH'] = [...new Set([...path, ...inherited])].join(delimiter);
  return { env, credentials, programs };
}

/** The project's virtual environment: `.venv`, `venv`, or the active one when it is inside the project. */
export function virtualEnvironment(project: string, active: string | undefined): string | null {
  const inside = active?.startsWith(project + sep) === true ? [active] : [];
  return [...inside, join(project, '.venv'), join(project, 'venv')].find((folder) => existsSync(join(folder, 'pyvenv.cfg')) && existsSync(join(folder, 'bin'))) ?? null;
}

/** A version manager's shim starts Python through a shell script, 50 ms and more each time: the interpreter itself, where there is such a shim. */
async function behindShim(project: string, path: string, from: Readonly<Record<string, string | undefined>>): Promise<string | null> {
  const shim = which('python3', path);
  if (shim?.includes(`${sep}shims${sep}`) !== true) return null;
  return new Promise((resolve) => {
    execFile(shim, ['-I', '-c', 'import sys; print(sys.executable)'], { cwd: project, env: { ...from, PATH: path }, timeout: 10_000 }, (error, stdout) => {
      const file = stdout.trim();
      resolve(error === null && isAbsolute(file) && existsSync(file) ? file : null);
    });
  });
}
