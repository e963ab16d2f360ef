// Finds the Python that a project uses.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { UserError } from '../../core/errors.ts';

const run = promisify(execFile);

/**
 * The path of the project's Python (3.8 or later): $SIGIL_PYTHON where somebody chose one, in its .venv or venv, in $VIRTUAL_ENV, else python3 or python on the PATH. Wrappers
 * (pyenv's shims) are resolved to the program itself, which also exists where the home folder is hidden. Throws UserError.
 */
export async function findPython(project: string, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const bin = process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python';
  const active = env['VIRTUAL_ENV'];
  const environments = [join(project, '.venv'), join(project, 'venv'), ...(active === undefined || active === '' ? [] : [active])];
  const chosen = env['SIGIL_PYTHON'];
  const programs = chosen !== undefined && chosen !== '' ? [chosen] : [...environments.map((e) => join(e, bin)).filter((p) => existsSync(p)), 'python3', 'python'];
  const tried: string[] = [];
  for (const program of programs) {
    try {
      const { stdout } = await run(program, ['-c', 'import sys; print(sys.version_info >= (3, 8), sys.executable)'], { cwd: project, env, timeout: 20_000 });
      const [ok, ...path] = stdout.trim().split(' ');
      if (ok === 'True' && path.length > 0) return path.join(' ');
      tried.push(`${program} is older than 3.8`);
    } catch {
      tried.push(`${program} does not run`);
    }
  }
  throw new UserError(`No Python 3.8 or later was found (${tried.join(', ')}).`, 'Install Python, or make the project\'s .venv again.');
}
