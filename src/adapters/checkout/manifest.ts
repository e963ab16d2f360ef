// What a checkout looked like when it was made: inode, size, times and mode of every path, and a scan for what differs now.
//
// A write changes ctime, which no program can set, so contents need not be read. Folders whose times are unchanged have no new entries.

import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { isCacheName } from './defaults.ts';
import { isWithin } from './links.ts';
import { lstatOrNull } from './remove.ts';

const FIELDS = 5; // inode, size, ctime, mtime, mode
const S_IFMT = 0o170000;
const S_IFDIR = 0o040000;
const BATCH = 1000;

/** What a scan found. */
export interface Findings {
  /** Known paths that were changed, replaced or removed. */
  readonly changed: Set<string>;
  /** Paths that were not there: the topmost of each new tree. */
  readonly added: Set<string>;
  /** New paths that are nobody's work: bytecode and tools' caches. */
  readonly debris: Set<string>;
}

export const noFindings = (): Findings => ({ changed: new Set(), added: new Set(), debris: new Set() });

/** The state of one checkout. Paths are from the checkout's root with `/`; the root itself is ''. */
export class Manifest {
  private readonly root: () => string;
  private readonly skip: (path: string) => boolean;
  private readonly isOwn: (path: string) => boolean;
  private readonly paths: string[] = [];
  private readonly at = new Map<string, number>();
  private stats = new Float64Array(0);
  private cursor = 0;

  /**
   * `skip`: paths that may change freely (outputs); they are neither recorded nor reported.
   * `isOwn`: whether a folder with a cache's name belongs to the project; others are debris, whoever made them.
   */
  constructor(root: () => string, skip: (path: string) => boolean, isOwn: (path: string) => boolean) {
    this.root = root;
    this.skip = skip;
    this.isOwn = isOwn;
  }

  get size(): number {
    return this.paths.length;
  }

  has(path: string): boolean {
    return this.at.has(path);
  }

  /** Whether a recorded path is a folder. */
  isFolder(path: string): boolean {
    const i = this.at.get(path);
    return i !== undefined && ((this.stats[i * FIELDS + 4] ?? 0) & S_IFMT) === S_IFDIR;
  }

  /** The recorded mode with its type bits; 0 for unknown paths. */
  modeOf(path: string): number {
    const i = this.at.get(path);
    return i === undefined ? 0 : (this.stats[i * FIELDS + 4] ?? 0);
  }

  /** Records everything that stands below the root now, in place of what was recorded. */
  async record(signal?: AbortSignal): Promise<void> {
    this.paths.length = 0;
    this.at.clear();
    this.cursor = 0;
    const pending = [''];
    this.add('', lstatSync(this.root()));
    let left = BATCH;
    for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
      for (const name of readdirSync(join(this.root(), folder))) {
        const path = folder === '' ? name : `${folder}/${name}`;
        if (this.skip(path) || name.includes('\uFFFD')) continue; // names that are not UTF-8 cannot be looked up again
        if (isCacheName(name) && !this.isOwn(path)) continue;
        const stat = lstatOrNull(join(this.root(), path));
        if (stat === null) continue;
        this.add(path, stat);
        if (stat.isDirectory()) pending.push(path);
        if (--left <= 0) {
          left = BATCH;
          await turn();
          signal?.throwIfAborted();
        }
      }
    }
  }

  private add(path: string, stat: Stats): void {
    const i = this.paths.push(path) - 1;
    this.at.set(path, i);
    if (this.stats.length < (i + 1) * FIELDS) {
      const grown = new Float64Array(Math.max(256, i * 2) * FIELDS);
      grown.set(this.stats);
      this.stats = grown;
    }
    this.put(i, stat);
  }

  private put(i: number, stat: Stats): void {
    this.stats.set([stat.ino, stat.size, stat.ctimeMs, stat.mtimeMs, stat.mode], i * FIELDS);
  }

  /** Takes a path as it stands now for right: after a write of ours. Unknown paths are added; a path that is gone stays recorded. */
  accept(path: string): void {
    const stat = lstatOrNull(join(this.root(), path));
    if (stat === null) return;
    const i = this.at.get(path);
    if (i === undefined) this.add(path, stat);
    else this.put(i, stat);
  }

  /** As `accept`, for every known path at or below a folder. */
  acceptBelow(folder: string): void {
    for (const path of this.paths) if (isWithin(path, folder)) this.accept(path);
  }

  /** Compares everything. Yields to the event loop between batches. */
  async scan(signal?: AbortSignal): Promise<Findings> {
    const findings = noFindings();
    for (let i = 0; i < this.paths.length; i++) {
      this.check(i, findings);
      if (i % BATCH === BATCH - 1) {
        await turn();
        signal?.throwIfAborted();
      }
    }
    return findings;
  }

  /** Compares the next `count` paths, going round: a bounded part of a scan. */
  scanSome(count: number): Findings {
    const findings = noFindings();
    for (let n = Math.min(count, this.paths.length); n > 0; n--) {
      if (this.cursor >= this.paths.length) this.cursor = 0;
      this.check(this.cursor++, findings);
    }
    return findings;
  }

  /** Compares one path, if it is known. */
  scanPath(path: string, findings: Findings): void {
    const i = this.at.get(path);
    if (i !== undefined) this.check(i, findings);
  }

  private check(i: number, findings: Findings): void {
    const path = this.paths[i] ?? '';
    const o = i * FIELDS;
    const [ino, size, ctime, mtime, mode = 0] = this.stats.subarray(o, o + FIELDS);
    const absolute = path === '' ? this.root() : `${this.root()}/${path}`;
    const now = lstatOrNull(absolute);
    const isFolder = (mode & S_IFMT) === S_IFDIR;
    if (now?.mode !== mode || now.ino !== ino) {
      findings.changed.add(path);
      return;
    }
    if (!isFolder) {
      if (now.size !== size || now.ctimeMs !== ctime || now.mtimeMs !== mtime) findings.changed.add(path);
      return;
    }
    // The root's times change when the checkout is moved.
    if (path !== '' && now.ctimeMs === ctime && now.mtimeMs === mtime) return;
    let clean = true;
    for (const name of readdirSync(absolute)) {
      const child = path === '' ? name : `${path}/${name}`;
      if (this.at.has(child) || this.skip(child) || name.includes('\uFFFD')) continue;
      (isCacheName(name) ? findings.debris : findings.added).add(child);
      clean = false;
    }
    if (clean) this.put(i, now); // entries that came and went, or are ours; missing ones are found by their own record
  }
}
