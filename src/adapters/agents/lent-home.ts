// A home for an agent, with the user's login in it: a copy that is kept the same as the user's own file, both ways, as long as the agent works.
//
// Refresh tokens are good for one use, so who renews a login elsewhere logs out all other copies. A read-only copy would do that to the user; a
// mount of the file would too: the programs replace it by a rename, which a mount refuses (EBUSY), and after a rename by the user's own session
// the mount still shows the old one. So the file lies in a folder of its own, where a rename works, and what changes on one side is put, whole
// and by a rename, on the other, within a moment. What a killed run leaves is looked through by the next one (`recoverLogins`).

import { closeSync, constants, existsSync, fstatSync, fsyncSync, mkdirSync, openSync, readFileSync, readdirSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { removeTree } from '../checkout/remove.ts';
import { stateFolder } from '../models/day-ledger.ts';
import { liveness, processName } from '../sandbox/identity.ts';
import type { HomeMount } from '../sandbox/job.ts';
import { isWholeLogin, secretsInLogin } from './login-text.ts';

/** How often both sides are looked at, in ms. */
const LOOK = 100;
/** Nothing larger is a login. */
const MOST_BYTES = 1 << 20;

/** One file that is lent. */
interface Lent {
  /** The user's. */
  readonly source: string;
  /** From the home. */
  readonly path: string;
}

interface Open extends Lent {
  /** The agent's copy; by the open folder, which the agent cannot put something else in the place of. */
  readonly copy: string;
  /** Holds what both sides had in common last. */
  readonly base: string;
}

export const loginsFolder = (): string => join(stateFolder(), 'logins');

let counter = 0;

export class LentHome {
  /** What is mounted in the agent's home. */
  readonly mounts: readonly HomeMount[];
  /** The agent has emptied its login; the user's was left as it was. */
  loggedOut = false;
  private readonly folder: string;
  private readonly files: readonly Open[];
  private readonly descriptors: readonly number[];
  private readonly timer: NodeJS.Timeout;
  private closed = false;
  private readonly known = new Set<string>();

  private constructor(folder: string, mounts: readonly HomeMount[], files: readonly Open[], descriptors: readonly number[]) {
    this.folder = folder;
    this.mounts = mounts;
    this.files = files;
    this.descriptors = descriptors;
    this.timer = setInterval(() => { this.sync(); }, LOOK);
    this.timer.unref();
    this.learn();
  }

  /** @param mounts what the agent may have of the user's home: of these the writable files are lent, and the rest is mounted as it is */
  static open(mounts: readonly HomeMount[], parent = loginsFolder(), owner = processName(process.pid)): LentHome {
    const lent: Lent[] = mounts.filter((m) => m.writable && statSync(m.source).isFile()).map((m) => ({ source: realpathSync(m.source), path: m.path }));
    const folder = join(parent, `${owner}-${counter++}`);
    const home = join(folder, 'home');
    mkdirSync(home, { recursive: true, mode: 0o700 });
    const descriptors: number[] = [];
    try {
      const files = lent.map((f, i): Open => {
        const bytes = readFileSync(f.source);
        mkdirSync(join(home, dirname(f.path)), { recursive: true, mode: 0o700 });
        const fd = openSync(join(home, dirname(f.path)), constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
        descriptors.push(fd);
        const base = join(folder, `base-${i}`);
        writeFileSync(base, bytes, { mode: 0o600 });
        const copy = `/proc/self/fd/${fd}/${basename(f.path)}`;
        writeFileSync(copy, bytes, { mode: 0o600, flag: 'wx' });
        return { ...f, base, copy };
      });
      writeFileSync(join(folder, 'lent.json'), JSON.stringify(lent), { mode: 0o600 });
      return new LentHome(folder, [{ source: home, path: '', writable: true }, ...mounts.filter((m) => !lent.some((f) => f.path === m.path))], files, descriptors);
    } catch (e) {
      for (const fd of descriptors) closeSync(fd);
      rmSync(folder, { recursive: true, force: true });
      throw e;
    }
  }

  /** Puts what has changed on one side on the other. */
  sync(): void {
    for (const file of this.files) if (settle(file) === 'logged-out') this.loggedOut = true;
    this.learn();
  }

  /** The keys and tokens that the login has held while it was lent. */
  get secrets(): readonly string[] {
    return [...this.known];
  }

  private learn(): void {
    for (const { copy, base } of this.files) for (const bytes of [read(copy), read(base)]) if (bytes !== null) for (const s of secretsInLogin(bytes.toString())) this.known.add(s);
  }

  /** To be called when the agent is gone. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    clearInterval(this.timer);
    try {
      this.sync();
    } finally {
      for (const fd of this.descriptors) closeSync(fd);
      await removeTree(this.folder);
    }
  }
}

/** The keys and tokens in the logins themselves: for an agent that works in the user's own home. */
export function secretsInFiles(mounts: readonly HomeMount[]): readonly string[] {
  return mounts.filter((m) => m.writable).flatMap((m) => secretsInLogin(read(realpathSync(m.source))?.toString() ?? ''));
}

/** Gives back what runs that were killed had not given back any more. */
export async function recoverLogins(parent = loginsFolder()): Promise<void> {
  if (!existsSync(parent)) return;
  for (const name of readdirSync(parent)) {
    if (liveness(name.slice(0, name.lastIndexOf('-'))) !== 'dead') continue;
    const folder = join(parent, name);
    for (const [i, file] of lentBy(folder).entries()) {
      const at = join(folder, 'home', dirname(file.path));
      // What the agent has put in the place of a folder leads somewhere else.
      if (!existsSync(at) || realpathSync(at) !== join(realpathSync(folder), 'home', dirname(file.path))) continue;
      settle({ ...file, base: join(folder, `base-${i}`), copy: join(at, basename(file.path)) });
    }
    await removeTree(folder);
  }
}

function lentBy(folder: string): readonly Lent[] {
  try {
    return JSON.parse(readFileSync(join(folder, 'lent.json'), 'utf8')) as Lent[];
  } catch {
    return []; // killed before it was lent
  }
}

function settle(file: Open): 'same' | 'given-back' | 'renewed' | 'logged-out' {
  const [base, theirs, ours] = [read(file.base), read(file.source), read(file.copy)];
  // Who has logged out meanwhile wants no login; what is being written is looked at again.
  if (base === null || theirs === null || ours === null || ours.equals(theirs)) return 'same';
  const before = base.toString();
  const mine = ours.equals(base) ? 'same' : isWholeLogin(ours.toString(), before);
  // The user's own goes before, but where it was emptied because the agent was faster in renewing it.
  if (mine === 'whole' && (theirs.equals(base) || isWholeLogin(theirs.toString(), before) === 'emptied')) {
    replace(file.source, ours);
    writeFileSync(file.base, ours, { mode: 0o600 });
    return 'given-back';
  }
  if (!theirs.equals(base) && isWholeLogin(theirs.toString(), before) === 'whole') {
    replace(file.copy, theirs);
    writeFileSync(file.base, theirs, { mode: 0o600 });
    return 'renewed';
  }
  return mine === 'emptied' ? 'logged-out' : 'same';
}

/** A file's bytes; null where there is none, or something that is no login. */
function read(path: string): Buffer | null {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch {
    return null;
  }
  try {
    const stat = fstatSync(fd);
    return stat.isFile() && stat.size > 0 && stat.size <= MOST_BYTES ? readFileSync(fd) : null;
  } finally {
    closeSync(fd);
  }
}

/** Whole or not at all, with the mode that it had; into it where nothing can be put in its place. */
function replace(path: string, bytes: Buffer): void {
  const mode = statSync(path).mode & 0o777;
  const beside = join(dirname(path), `.${basename(path)}.sigil-${process.pid}`);
  try {
    const fd = openSync(beside, 'wx', mode);
    try {
      writeFileSync(fd, bytes);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(beside, path);
  } catch {
    rmSync(beside, { force: true });
    writeFileSync(path, bytes);
  }
}
