// One checkout: a copy of the project in which one solution after another stands, and which is put right in between.

import { chmodSync, lstatSync, mkdirSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, extname, join, posix } from 'node:path';
import { linkError, type Contents } from './contents.ts';
import { decodeText, encodeText, type TextEncoding } from './encoding.ts';
import { isWithin } from './links.ts';
import { Manifest, noFindings, type Findings } from './manifest.ts';
import { lstatOrNull, realFolder, removeTree } from './remove.ts';

const S_IFMT = 0o170000;
const S_IFLNK = 0o120000;

/** Paths looked at per `write` where no sandbox keeps solutions from changing them: 1 to 2 ms, whatever the size of the tree. */
const LOOKED_AT_PER_WRITE = 300;

/** What all checkouts of a run share. */
export interface CheckoutShared {
  readonly contents: Contents;
  /** The project root from the checkout's root: '' or `a/b`. */
  readonly prefix: string;
  /** Output paths from the checkout's root. */
  readonly outputs: readonly string[];
  /** A sandbox shows evaluations all but pinned files and outputs read-only. */
  readonly mounted: boolean;
  /** A folder of the run on the same disk, for files in the making. */
  readonly scratch: string;
  /** Paths that the unchanged project's own evaluation writes: cleared like outputs, never reported. */
  readonly tolerated: Set<string>;
}

/** What a `write` had to put right. */
export interface Restored {
  /** Paths from the checkout's root that an earlier evaluation had left different. */
  readonly restored: readonly string[];
  /** Paths that were changed and cannot be put back because a setup command made them: close this checkout and add another. */
  readonly spoiled: readonly string[];
}

interface Written {
  readonly base: { readonly text: string; readonly bytes: Buffer };
  readonly encoding: TextEncoding;
  readonly mode: number;
  /** What stands there now. */
  text: string;
}

export class Checkout {
  /** Where this checkout stands when it is not at the shared place. */
  readonly home: string;
  private readonly shared: CheckoutShared;
  private readonly manifest: Manifest;
  private location: string;
  private readonly written = new Map<string, Written>();
  private readonly changedBySetup = new Set<string>();
  /** Differences found and not yet put right. */
  private pending = noFindings();
  private scratchFiles = 0;

  private constructor(home: string, shared: CheckoutShared) {
    this.home = home;
    this.location = home;
    this.shared = shared;
    this.manifest = new Manifest(
      () => this.location,
      (path) => shared.outputs.includes(path),
      (path) => shared.contents.below(path).length > 0,
    );
  }

  /** Makes and fills a checkout at `home`, where nothing stands. */
  static async create(home: string, shared: CheckoutShared, signal?: AbortSignal): Promise<Checkout> {
    await shared.contents.fill(home, signal);
    const checkout = new Checkout(home, shared);
    await checkout.resetOutputs();
    await checkout.manifest.record(signal);
    return checkout;
  }

  /** The folder that stands for the repository's root now. It changes when the checkout is placed. */
  get root(): string {
    return this.location;
  }

  /** The folder that stands for the project root now. */
  get projectRoot(): string {
    return join(this.location, this.shared.prefix);
  }

  /** For the pool: renames the checkout's folder. */
  moveTo(path: string): void {
    if (path === this.location) return;
    renameSync(this.location, path);
    this.location = path;
  }

  /** Takes the checkout as it stands now for right: call it after setup, before the first solution. */
  async seal(signal?: AbortSignal): Promise<void> {
    const { changed } = await this.manifest.scan(signal);
    for (const path of changed) this.changedBySetup.add(path);
    await this.manifest.record(signal);
  }

  /**
   * Makes this the checkout of one solution: the given files (paths from the project root, whole texts) have these texts, files that only
   * earlier solutions set have their own again, differences that were found are put right, and outputs are empty.
   * It does not walk the tree: without a sandbox a bounded part is looked at each time; `violations` looks at everything.
   * @throws UserError when a path is no file of the checkout or its encoding cannot hold its text.
   */
  async write(files: ReadonlyMap<string, string>, signal?: AbortSignal): Promise<Restored> {
    signal?.throwIfAborted();
    const wanted = new Map<string, { readonly text: string; readonly bytes: Buffer }>();
    for (const [file, text] of files) {
      const path = posix.normalize(posix.join(this.shared.prefix, file));
      const { encoding } = await this.learn(path);
      wanted.set(path, { text, bytes: encodeText(text, encoding, file) }); // all of them before the first change
    }
    const restored = await this.putRight(signal);
    await this.resetOutputs();
    for (const [path, entry] of this.written) this.set(path, entry, wanted.get(path) ?? entry.base);
    for (const path of this.written.keys()) await removeTree(join(this.location, dirname(path), '__pycache__'));
    return restored;
  }

  /** Empties the outputs, but for files in them that belong to the snapshot. */
  async resetOutputs(): Promise<void> {
    for (const output of this.shared.outputs) {
      await realFolder(this.location, dirname(output));
      const path = join(this.location, output);
      const stat = lstatOrNull(path);
      const own = this.shared.contents.below(output);
      const isFile = own.includes(output) || (own.length === 0 && extname(output) !== '' && stat?.isDirectory() !== true);
      if (!isFile && stat?.isDirectory() === true) {
        for (const name of readdirSync(path)) await removeTree(join(path, name));
      } else {
        await removeTree(path);
        if (!isFile) mkdirSync(path);
      }
      for (const file of own) await realFolder(this.location, dirname(file));
      await this.shared.contents.put(this.location, own);
    }
  }

  /**
   * All paths (from the checkout's root, sorted) that differ from what the last `write` left, outputs excepted: nothing but an evaluation can have
   * changed them. Pinned files count too: a solution that rewrites its own file is not the one that was measured. They are put right by the next `write`.
   */
  async violations(signal?: AbortSignal): Promise<string[]> {
    const findings = await this.manifest.scan(signal);
    this.remember(findings);
    return [...findings.changed, ...findings.added].filter((p) => !this.isTolerated(p)).sort();
  }

  private isTolerated(path: string): boolean {
    return [...this.shared.tolerated].some((t) => isWithin(path, t));
  }

  private remember(found: Findings): void {
    for (const key of ['changed', 'added', 'debris'] as const) for (const path of found[key]) this.pending[key].add(path);
  }

  /** Notes how a pinned file looks before it is first written. */
  private async learn(path: string): Promise<Written> {
    const known = this.written.get(path);
    if (known) return known;
    const bytes = await this.shared.contents.read(path);
    const mode = this.manifest.modeOf(path);
    if ((mode & S_IFMT) === S_IFLNK) throw linkError(path, bytes.toString());
    const { text, encoding } = decodeText(bytes);
    const entry: Written = { base: { text, bytes }, encoding, mode: mode & 0o7777, text };
    this.written.set(path, entry);
    return entry;
  }

  private set(path: string, entry: Written, wanted: { readonly text: string; readonly bytes: Buffer }): void {
    if (entry.text === wanted.text) return;
    // Replaced, never written into: the inode and its times are new, and a reader sees the old or the new text whole.
    const scratch = join(this.shared.scratch, `${basename(this.home)}-${this.scratchFiles++}`);
    writeFileSync(scratch, wanted.bytes, { mode: entry.mode });
    chmodSync(scratch, entry.mode);
    renameSync(scratch, join(this.location, path));
    entry.text = wanted.text;
    this.manifest.accept(path);
  }

  private async putRight(signal?: AbortSignal): Promise<Restored> {
    if (!this.shared.mounted) this.remember(this.manifest.scanSome(LOOKED_AT_PER_WRITE));
    // Never write through a folder that an evaluation has replaced by a link to elsewhere.
    for (const path of [...this.written.keys(), ...this.shared.outputs, ...this.shared.tolerated]) {
      for (let at = path; at !== '.'; at = posix.dirname(at)) this.manifest.scanPath(at, this.pending);
    }
    this.manifest.scanPath('', this.pending);
    const isFault = (p: string): boolean => !this.isTolerated(p);
    if ([...this.pending.changed, ...this.pending.added].some(isFault)) this.remember(await this.manifest.scan(signal));
    const { changed, added, debris } = this.pending;
    const spoiled = await this.restore([...changed].sort(), signal);
    for (const path of [...added, ...debris]) await this.clear(path);
    for (const path of this.shared.tolerated) if (!this.manifest.has(path)) await this.clear(path);
    this.pending = noFindings();
    return { restored: [...changed, ...added].filter(isFault).sort(), spoiled };
  }

  /** Removes what the manifest does not know, through real folders only. */
  private async clear(path: string): Promise<void> {
    const folder = dirname(path);
    if (folder !== '.' && !this.manifest.has(folder)) return this.clear(folder);
    if (folder !== '.') await realFolder(this.location, folder);
    await removeTree(join(this.location, path));
  }

  /** Puts changed paths back, from the top down, so that no link is followed. Returns those that cannot be. */
  private async restore(changed: readonly string[], signal?: AbortSignal): Promise<string[]> {
    const spoiled = changed.filter((p) => this.changedBySetup.has(p) || !(this.manifest.isFolder(p) || this.shared.contents.has(p)));
    const files: string[] = [];
    for (const path of changed) {
      if (path === '') await this.restoreRoot();
      else if (this.manifest.isFolder(path)) await this.restoreFolder(path);
      else {
        await realFolder(this.location, dirname(path));
        await removeTree(join(this.location, path));
        files.push(path);
      }
    }
    for (const link of await this.shared.contents.put(this.location, files, signal)) this.manifest.acceptBelow(link.path);
    for (const path of changed) {
      this.manifest.accept(path);
      const entry = this.written.get(path);
      if (entry) entry.text = entry.base.text;
    }
    return spoiled;
  }

  private async restoreRoot(): Promise<void> {
    if (lstatOrNull(this.location)?.isDirectory() !== true) {
      await removeTree(this.location);
      mkdirSync(this.location);
    }
    this.restoreMode('');
  }

  private async restoreFolder(path: string): Promise<void> {
    await realFolder(this.location, path);
    const folder = join(this.location, path);
    for (const name of readdirSync(folder)) {
      const child = `${path}/${name}`;
      if (!this.manifest.has(child) && !this.shared.outputs.includes(child)) await removeTree(join(folder, name));
    }
    this.restoreMode(path);
  }

  private restoreMode(path: string): void {
    const mode = this.manifest.modeOf(path);
    const at = join(this.location, path);
    if (lstatSync(at).mode !== mode) chmodSync(at, mode & 0o7777);
  }
}
