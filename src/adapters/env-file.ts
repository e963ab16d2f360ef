// Puts a key into a project's `.env`, for its user only, and sees that git leaves the file alone.

import { appendFileSync, chmodSync, existsSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { UserError } from '../core/errors.ts';
import { git, GitError } from './checkout/git.ts';

/** What became of it, to be told. */
export interface EnvWritten {
  readonly path: string;
  /** `.env` was added to the project's .gitignore. */
  readonly ignored: boolean;
}

/** Exit code 0, or none. */
async function succeeds(root: string, ...args: readonly string[]): Promise<boolean> {
  try {
    await git(args, { cwd: root });
    return true;
  } catch (e) {
    if (!(e instanceof GitError)) throw e;
    return false;
  }
}

/** A line that `.env` readers take for this value; null when none surely would. */
function lineFor(variable: string, key: string): string | null {
  const quote = /^[\w./:+=@-]*$/.test(key) ? '' : ["'", '"', '`'].find((q) => !key.includes(q));
  if (quote === undefined) return null;
  const line = `${variable}=${quote}${key}${quote}`;
  return parseEnv(line)[variable] === key ? line : null;
}

/**
 * Writes `VARIABLE=key`, in place of a line that it had. Other lines stay as they are.
 * @throws UserError where git has the file in its index: the next commit would publish the key
 */
export async function writeEnvKey(root: string, variable: string, key: string): Promise<EnvWritten> {
  const path = join(root, '.env');
  const line = lineFor(variable, key);
  if (line === null) throw new UserError('the key has characters that .env cannot hold', `Set it in the environment: export ${variable}=…`);
  const inGit = await succeeds(root, 'rev-parse', '--is-inside-work-tree');
  if (inGit && (await succeeds(root, 'ls-files', '--error-unmatch', '--', '.env'))) throw new UserError('.env is in git\'s index: a key in it would be committed', `Take it out ("git rm --cached .env"), or set ${variable} in the environment.`);
  const ignored = inGit && !(await succeeds(root, 'check-ignore', '--quiet', '--', '.env'));
  if (ignored) {
    // First, so that the key is at no moment there to be added.
    const file = join(root, '.gitignore');
    const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
    appendFileSync(file, `${before === '' || before.endsWith('\n') ? '' : '\n'}.env\n`);
  }
  const target = existsSync(path) ? realpathSync(path) : path;
  const lines = existsSync(path) ? readFileSync(path, 'utf8').replace(/\n$/, '').split('\n') : [];
  const at = lines.findIndex((l) => new RegExp(`^\\s*(?:export\\s+)?${variable}\\s*=`).test(l));
  if (at >= 0) lines[at] = line;
  else lines.push(line);
  const temporary = `${target}.${process.pid}`;
  try {
    writeFileSync(temporary, `${lines.join('\n')}\n`, { mode: 0o600 });
    chmodSync(temporary, 0o600);
    renameSync(temporary, target);
  } catch (e) {
    rmSync(temporary, { force: true });
    throw e;
  }
  return { path, ignored };
}
