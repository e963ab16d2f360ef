// The command as a user has it: dist/cli.js in processes of its own, on copies of small projects.

import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { Event } from '../../../src/core/events.ts';

/** All files of a folder, of whatever depth. */
export function filesUnder(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((e) => (e.isDirectory() ? filesUnder(join(dir, e.name)) : [join(dir, e.name)]));
}

const ROOT = join(__dirname, '..', '..', '..');
/** Another build may be put to the same tests. */
export const CLI = process.env['SIGIL_TEST_CLI'] ?? join(ROOT, 'dist', 'cli.js');

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A temporary folder with a cache of its own, and the commands in it. */
export class Desk {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'sigil-cli-')));
  readonly cache = join(this.folder, 'cache');
  private readonly children = new Set<ChildProcess>();
  readonly env: NodeJS.ProcessEnv;

  constructor() {
    const config = join(this.folder, 'gitconfig');
    writeFileSync(config, '[user]\n\tname = User\n\temail = user@localhost\n[init]\n\tdefaultBranch = main\n');
    const inherited = Object.entries(process.env).filter(([name]) => !['FORCE_COLOR', 'NO_COLOR', 'COLUMNS'].includes(name));
    this.env = { ...Object.fromEntries(inherited), SIGIL_CACHE_DIR: this.cache, GIT_CONFIG_GLOBAL: config, GIT_CONFIG_NOSYSTEM: '1' };
  }

  /** A copy of a fixture, with more files or others instead, committed unless `git` is false. */
  project(fixture: string | null, files: Readonly<Record<string, string | Buffer>> = {}, options: { readonly git?: boolean; readonly name?: string } = {}): string {
    const root = join(this.folder, options.name ?? `p${readdirSync(this.folder).length}`);
    mkdirSync(root);
    if (fixture !== null) cpSync(join(ROOT, 'test', 'fixtures', 'projects', fixture), root, { recursive: true });
    put(root, files);
    if (options.git !== false) {
      this.git(root, 'init', '-q');
      this.git(root, 'add', '.');
      this.git(root, 'commit', '-qm', 'the project');
    }
    return root;
  }

  git(root: string, ...args: string[]): string {
    const r = spawnSync('git', args, { cwd: root, env: this.env, encoding: 'utf8' });
    if (r.status !== 0) throw new Error(`git ${args.join(' ')}: ${r.stderr}`);
    return r.stdout;
  }

  /** Starts the command, in a process group of its own if wished; it is killed by `dispose` at the latest. */
  start(root: string, args: readonly string[], more: { readonly env?: NodeJS.ProcessEnv; readonly group?: boolean } = {}): Started {
    const child = spawn(process.execPath, [CLI, ...args], { cwd: root, env: { ...this.env, ...more.env }, stdio: ['pipe', 'pipe', 'pipe'], detached: more.group === true });
    this.children.add(child);
    child.once('exit', () => this.children.delete(child));
    return new Started(child);
  }

  /** Runs the command to its end. */
  sigil(root: string, args: readonly string[], more: { readonly env?: NodeJS.ProcessEnv; readonly input?: string | Buffer; readonly latin1?: boolean } = {}): Promise<Ended> {
    const started = this.start(root, args, more);
    if (more.latin1 === true) started.child.stdout?.setEncoding('latin1'); // bytes as they are
    started.child.stdin?.end(more.input ?? '');
    return started.ended;
  }

  /** Runs a command that must succeed, and gives its one JSON document. */
  async json<T>(root: string, args: readonly string[], more: { readonly input?: string | Buffer } = {}): Promise<T> {
    const r = await this.sigil(root, [...args, '--json'], more);
    if (r.code !== 0) throw new Error(`sigil ${args.join(' ')}: exit ${String(r.code)}\n${r.stdout}${r.stderr}`);
    return oneDocument(r.stdout) as T;
  }

  async dispose(): Promise<void> {
    const gone = [...this.children].map((c) => new Promise((r) => c.once('exit', r)));
    for (const c of this.children) c.kill('SIGKILL');
    await Promise.all(gone);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

export class Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  stdout = '';
  stderr = '';

  constructor(child: ChildProcess) {
    this.child = child;
    child.stdout?.setEncoding('utf8').on('data', (d: string) => (this.stdout += d));
    child.stderr?.setEncoding('utf8').on('data', (d: string) => (this.stderr += d));
    this.ended = new Promise((done, failed) => {
      child.once('error', failed);
      child.once('close', (code, signal) => done({ code, signal, stdout: this.stdout, stderr: this.stderr }));
    });
  }
}

export function put(root: string, files: Readonly<Record<string, string | Buffer>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

/** stdout as the one JSON document that it must be. */
export function oneDocument(stdout: string): unknown {
  return JSON.parse(stdout);
}

/** The journals of a project, oldest run first. */
export function journals(root: string): string[] {
  const out: string[] = [];
  const walk = (dir: string): void => {
    if (!existsSync(dir)) return;
    for (const e of readdirSync(dir, { withFileTypes: true })) {
      if (e.isDirectory()) walk(join(dir, e.name));
      else if (e.name === 'journal.jsonl') out.push(join(dir, e.name));
    }
  };
  walk(join(root, '.sigil', 'ws'));
  return out.sort((a, b) => (dirname(a) < dirname(b) ? -1 : 1));
}

/** The whole lines of a journal. */
export function eventsIn(path: string): Event[] {
  return readFileSync(path, 'utf8').split('\n').flatMap((line) => {
    try {
      return line === '' ? [] : [JSON.parse(line) as Event];
    } catch {
      return []; // torn by a kill
    }
  });
}

export type EventOf<T extends Event['type']> = Extract<Event, { type: T }>;

export function ofType<T extends Event['type']>(events: readonly Event[], type: T): EventOf<T>[] {
  return events.filter((e): e is EventOf<T> => e.type === type);
}

/** Everything of a project that a run must leave alone, byte for byte: the tree, and .git but for its unreferenced objects. */
export function untouchable(root: string): ReadonlyMap<string, string> {
  const out = new Map<string, string>();
  const walk = (dir: string): void => {
    for (const name of readdirSync(dir).sort()) {
      const path = join(dir, name);
      const at = relative(root, path);
      if (at === '.sigil' || at === join('.git', 'objects')) continue;
      const stat = lstatSync(path);
      if (stat.isDirectory()) {
        out.set(at, `folder ${stat.mode}`);
        walk(path);
      } else if (stat.isSymbolicLink()) out.set(at, `link ${readlinkSync(path)}`);
      else out.set(at, `file ${stat.mode} ${createHash('sha256').update(readFileSync(path)).digest('hex')}`);
    }
  };
  walk(root);
  return out;
}

/** Live processes that a desk's commands have left: by its folder in their command line or environment, or by an engine's pid in the mark of an evaluation. */
export function leftovers(folder: string, engines: readonly number[] = []): string[] {
  const out: string[] = [];
  for (const pid of readdirSync('/proc').filter((n) => /^\d+$/.test(n))) {
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
      const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
      if (command === '' || Number(pid) === process.pid) continue; // a zombie, or a thread of the kernel
      const mark = /(?:^|\0)SIGIL_RUN=\d+\.(\d+)\./.exec(environment);
      if (command.includes(folder) || environment.includes(folder) || (mark && engines.includes(Number(mark[1])))) out.push(`${pid} ${command.replaceAll('\0', ' ')}`);
    } catch {
      continue; // gone meanwhile
    }
  }
  return out;
}

export async function until(what: string, condition: () => boolean, ms = 150_000): Promise<void> {
  for (const end = Date.now() + ms; !condition(); await new Promise((r) => setTimeout(r, 3))) {
    if (Date.now() > end) throw new Error(`it did not come to this: ${what}`);
  }
}
