// Where an agent works: a checkout of its own for each proposal, without what is hidden from it; and what it has changed there when it is done.

import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync, type Dirent } from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { renderFiles, type BaseFile, type Genome } from '../../core/pin.ts';
import type { Spec } from '../../core/spec.ts';
import type { Checkout } from '../checkout/checkout.ts';
import { decodeText } from '../checkout/encoding.ts';
import { fromGit, git, GitError, records, toGit } from '../checkout/git.ts';
import { openCheckouts, type CheckoutPool } from '../checkout/pool.ts';
import { isWithin, type Link } from '../checkout/links.ts';
import { removeTree } from '../checkout/remove.ts';
import type { RunResult } from '../sandbox/job.ts';
import type { Containment } from '../sandbox/level.ts';
import { Sandbox } from '../sandbox/runner-client.ts';
import { homeFolder } from '../sandbox/toolchain.ts';
import { argvOf, type Agent } from './agent.ts';
import { watchDisk, type DiskLimits } from './disk.ts';
import { LentHome, recoverLogins, secretsInFiles } from './lent-home.ts';
import { secretsInVariables, withoutSecrets } from './login-text.ts';
import { grantsOf, hiddenFromAgents, limitsOf } from './profile.ts';

/** A project's own secrets for its programs. Not those that show how such a file looks. */
const SECRETS = /^\.env(?:\.(?!example|sample|template|dist|defaults?$)[\w.-]+)?$/;
/** New files beyond so many are not looked at one by one. */
const MANY = 2000;
/** No file that a person wrote is larger. */
const LARGE = 16 << 20;
/** Folders looked through before other work gets its turn. */
const FOLDERS = 100;

export interface WorkplaceOptions {
  readonly agent: Agent;
  readonly root: string;
  /** The name of its folder of checkouts. */
  readonly runId: string;
  readonly spec: Spec;
  readonly base: readonly BaseFile[];
  readonly containment: Containment;
  readonly signal: AbortSignal;
  readonly disk?: DiskLimits;
}

export interface Worked {
  /** Without keys and tokens of the user's, whatever the agent printed. */
  readonly result: RunResult;
  /** It has emptied its login, as it does where a renewal fails. */
  readonly loggedOut: boolean;
  /** The pinned files that differ, whole, by path from the project's root. */
  readonly texts: ReadonlyMap<string, string>;
  /** What else it changed, made or removed, in words. */
  readonly outside: readonly string[];
  /** What it left behind and does not count: ignored by git, or declared by the agent. */
  readonly left: readonly string[];
}

export class Workplace {
  private readonly o: WorkplaceOptions;
  private readonly pool: CheckoutPool;
  private readonly sandbox: Sandbox;
  private readonly given: Awaited<ReturnType<typeof grantsOf>>;
  private readonly prefix: string;
  /** The secrets in the checkout and in what is linked, found once: all checkouts start alike. */
  private secrets: readonly string[] | null = null;
  private count = 0;

  private constructor(o: WorkplaceOptions, pool: CheckoutPool, sandbox: Sandbox, given: Awaited<ReturnType<typeof grantsOf>>) {
    this.o = o;
    this.pool = pool;
    this.sandbox = sandbox;
    this.given = given;
    const prefix = relative(pool.repoRoot, realpathSync(o.root)).split(sep).join('/');
    this.prefix = prefix.startsWith('..') ? '' : prefix;
  }

  static async open(o: WorkplaceOptions): Promise<Workplace> {
    const given = await grantsOf(o.agent, o.root);
    const { spec, containment } = o;
    await recoverLogins();
    const pool = await openCheckouts({ projectRoot: o.root, runId: o.runId, link: spec.link, copy: spec.copy, outputs: spec.outputs, mounted: containment.level === 'bubblewrap', plain: true, signal: o.signal });
    try {
      return new Workplace(o, pool, await Sandbox.start(containment, given.programs, hiddenFromAgents()), given);
    } catch (e) {
      await pool.close();
      throw e;
    }
  }

  /** Lets the agent work on a solution. `usd`: what it may spend at most, where it can be told. */
  async work(genome: Genome, prompt: string, usd: number | null, signal: AbortSignal): Promise<Worked> {
    const { agent, spec, base, containment } = this.o;
    const checkout = await this.pool.add();
    const folder = join(this.pool.folder, `prompt-${++this.count}`);
    const confined = containment.level === 'bubblewrap';
    let lent: LentHome | null = null;
    let disk: ReturnType<typeof watchDisk> | null = null;
    try {
      await checkout.write(renderFiles(base, genome), signal);
      const hidden = await this.hidden(checkout);
      await this.remove(checkout, hidden);
      await checkout.seal(signal);
      mkdirSync(folder, { mode: 0o755 });
      const promptFile = join(folder, 'prompt.md');
      writeFileSync(promptFile, prompt);
      const argv = argvOf(agent, prompt, promptFile, usd);
      if (confined) lent = LentHome.open(this.given.home);
      disk = watchDisk([checkout.root, ...(lent?.mounts.slice(0, 1).map((m) => m.source) ?? [])], this.o.disk);
      const ran = await this.sandbox.run({
        // Unconfined it has the user's own home: a login that is renewed there must be the one that the user has.
        command: confined ? argv : ['/usr/bin/env', `HOME=${homeFolder()}`, ...argv],
        root: checkout.root, mountAt: this.pool.repoRoot, cwd: this.prefix,
        env: { ...this.given.env, SIGIL_PROMPT_FILE: promptFile }, writable: [], editable: true,
        readonly: [...this.links(hidden).map((l) => ({ source: l.source, path: l.path })), { source: promptFile, path: promptFile }],
        // Removed from the checkout; what is left of them lies in what is linked.
        hidden, network: true, home: lent?.mounts ?? [], limits: limitsOf(agent, spec.memoryMb), measureCpu: false,
      }, AbortSignal.any([signal, disk.signal]));
      lent?.sync();
      const secrets = [...secretsInVariables(this.given.secrets), ...(lent?.secrets ?? secretsInFiles(this.given.home))];
      const clean = (text: string): string => withoutSecrets(text, secrets);
      const result: RunResult = { ...ran, stdout: clean(ran.stdout), stderr: clean(ran.stderr), ...(disk.reason === null || ran.outcome !== 'aborted' ? {} : { outcome: 'output-limit', error: disk.reason }) };
      // Of who was ended nothing is taken.
      const { texts, outside, left } = result.outcome === 'exited' ? await this.changes(checkout, secrets, signal) : { texts: new Map<string, string>(), outside: [], left: [] };
      return { result, loggedOut: lent?.loggedOut ?? false, texts, outside: outside.map(clean), left: left.map(clean) };
    } finally {
      disk?.stop();
      await lent?.close();
      await this.pool.remove(checkout);
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** What an agent may not see, from the checkout's root: hidden files and keys. */
  private async hidden(checkout: Checkout): Promise<readonly string[]> {
    if (this.secrets === null) {
      const found = await secretsBelow(checkout.root, '');
      for (const { source, path } of this.pool.links) found.push(...(await secretsBelow(source, path)));
      this.secrets = found;
    }
    return [...this.o.spec.scope.hidden.map((path) => posix.join(this.prefix, path).replace(/\/$/, '')), ...this.secrets];
  }

  private async remove(checkout: Checkout, hidden: readonly string[]): Promise<void> {
    const top = realpathSync(checkout.root);
    for (const path of hidden.map((at) => join(checkout.root, at))) {
      // Through a link in the project this could be a file of the user's.
      if (!existsSync(dirname(path)) || !`${realpathSync(dirname(path))}${sep}`.startsWith(`${top}${sep}`)) continue;
      await removeTree(path);
    }
  }

  /** What is shared with the user's project, without what is hidden whole. */
  private links(hidden: readonly string[]): readonly Link[] {
    return this.pool.links.filter((l) => !hidden.some((path) => isWithin(l.path, path)));
  }

  private async changes(checkout: Checkout, secrets: readonly string[], signal: AbortSignal): Promise<Pick<Worked, 'texts' | 'outside' | 'left'>> {
    const { base, agent } = this.o;
    const texts = new Map<string, string>();
    const outside: string[] = [];
    const others: string[] = [];
    const top = realpathSync(checkout.root);
    for (const path of await checkout.violations(signal)) {
      const file = posix.relative(this.prefix, path);
      const at = join(checkout.root, path);
      const stat = lstatSync(at, { throwIfNoEntry: false });
      const pinned = base.some((f) => f.file === file);
      if (stat === undefined) outside.push(`it removed ${file}`);
      else if (stat.isDirectory() && !pinned) others.push(...filesBelow(at).map((f) => posix.join(file, f)));
      else if (!pinned) others.push(file);
      else if (!stat.isFile() || realpathSync(at) !== join(top, path)) outside.push(`it put something else in the place of ${file}`);
      else if (stat.size > LARGE) outside.push(`it made ${file} ${Math.round(stat.size / 2 ** 20)} MB large`);
      else {
        const was = await this.pool.readText(file);
        const now = decodeText(readFileSync(at));
        if (now.encoding !== was.encoding && was.encoding === 'utf8') outside.push(`it wrote bytes into ${file} that are no text in its encoding`);
        else if (now.text.includes('\0') && !was.text.includes('\0')) outside.push(`it wrote bytes into ${file} that are no text`);
        else if (withoutSecrets(now.text, secrets) !== now.text) outside.push(`it wrote a key or a login of yours into ${file}`);
        else texts.set(file, now.text);
      }
    }
    const ignored = await this.ignored(others, signal);
    const left: string[] = [];
    for (const file of others) {
      if (ignored.has(file) || agent.leaves.some((glob) => isMatch(glob, file))) left.push(file);
      else {
        const was = await this.pool.readText(file).then((s) => s.text, () => null);
        const at = join(checkout.projectRoot, file);
        if (was === null) outside.push(`it made ${file}`);
        else if (!lstatSync(at).isFile() || lstatSync(at).size > LARGE || was !== decodeText(readFileSync(at)).text) outside.push(`it changed ${file}`);
      }
    }
    return { texts, outside, left };
  }

  /** Those of some paths (from the project's root) that the user's repository ignores. */
  private async ignored(files: readonly string[], signal: AbortSignal): Promise<ReadonlySet<string>> {
    const inside = files.filter((f) => !f.startsWith('../'));
    if (inside.length === 0 || this.pool.kind === 'copy') return new Set();
    try {
      const out = await git(['check-ignore', '-z', '--stdin'], { cwd: this.o.root, input: Buffer.from(`${inside.map(toGit).join('\0')}\0`, 'latin1'), signal });
      return new Set(records(out).map(fromGit));
    } catch (e) {
      if (e instanceof GitError && /exit 1$/.test(e.stderr.trim())) return new Set(); // none of them
      throw e;
    }
  }

  async close(): Promise<void> {
    await this.sandbox.close();
    await this.pool.close();
  }
}

/** Whether a path fits a pattern: `**` is any folders, `*` and `?` are within one name. */
export function isMatch(glob: string, path: string): boolean {
  const pattern = glob.replace(/[.+^${}()|[\]\\]/g, '\\$&').replace(/\*\*\/?|\*|\?/g, (m) => (m === '**/' ? '(?:.*/)?' : m === '**' ? '.*' : m === '*' ? '[^/]*' : '[^/]'));
  return new RegExp(`^${pattern}$`).test(path);
}

/** Secrets at or below a path, as paths that begin with `at`. Links are not followed. */
async function secretsBelow(root: string, at: string): Promise<string[]> {
  if (!lstatSync(root).isDirectory()) return SECRETS.test(posix.basename(at)) ? [at] : [];
  const out: string[] = [];
  const folders = [''];
  for (let n = 1, folder = folders.pop(); folder !== undefined; n++, folder = folders.pop()) {
    for (const e of entriesOf(join(root, folder))) {
      const path = posix.join(folder, e.name);
      if (e.isDirectory() && e.name !== '.git') folders.push(path);
      else if (!e.isDirectory() && SECRETS.test(e.name)) out.push(posix.join(at, path));
    }
    if (n % FOLDERS === 0) await turn();
  }
  return out;
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return []; // not ours to read, so not the agent's either
  }
}

/** Files below a folder, at most MANY, links not followed. */
function filesBelow(folder: string): string[] {
  const out: string[] = [];
  const walk = (path: string): void => {
    for (const e of readdirSync(join(folder, path), { withFileTypes: true })) {
      if (out.length >= MANY) return;
      const at = posix.join(path, e.name);
      if (e.isDirectory()) walk(at);
      else out.push(at);
    }
  };
  walk('');
  return out;
}
