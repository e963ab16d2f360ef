// The project that a command works on: its root, its specs, its marks.

import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize, relative, resolve, sep } from 'node:path';
import { UserError } from '../core/errors.ts';
import { hasMarks } from '../core/marks.ts';
import type { BaseFile, Pin } from '../core/pin.ts';
import type { Spec } from '../core/spec.ts';
import { readSource } from '../adapters/files.ts';
import { SPEC_FILE, loadSpecs, specNamed } from '../adapters/spec/load.ts';
import { findPins, type PinProblem } from '../adapters/syntax/pins.ts';
import { resolvePinRef, resolvePinRefs } from '../adapters/syntax/resolve.ts';
import { nearest } from '../adapters/text.ts';
import { specOfMark } from './mark-spec.ts';

/** `--cwd`, else the nearest folder upwards with a sigil.yaml or a .sigil, else the current one. */
export function projectRoot(cwd: string | undefined): string {
  const from = resolve(cwd ?? '.');
  if (!existsSync(from) || !statSync(from).isDirectory()) throw new UserError(`--cwd ${cwd ?? ''}: there is no such folder`, 'Give the project\'s folder.', 2);
  if (cwd !== undefined) return from;
  for (let dir = from; ; dir = dirname(dir)) {
    if (existsSync(join(dir, SPEC_FILE)) || existsSync(join(dir, '.sigil', 'ws'))) return dir;
    if (dirname(dir) === dir) return from;
  }
}

const SKIP = new Set(['node_modules', '.git', '.sigil', '.venv', 'venv', '__pycache__', 'target', 'dist', 'build', '.tox', '.mypy_cache', '.next', 'vendor']);
const MAX_FILE = 8 << 20;

/** Source files below a folder, without dependencies and build output; paths from the root with `/`. */
export function* sourceFiles(root: string, dir = root): Generator<string> {
  for (const entry of readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) {
      if (!SKIP.has(entry.name) && !(entry.name.startsWith('.') && entry.name !== '.github')) yield* sourceFiles(root, path);
    } else if (entry.isFile() && statSync(path).size <= MAX_FILE) yield relative(root, path).split(sep).join('/');
  }
}

export interface FoundPin {
  readonly pin: Pin;
  /** The spec that this pin belongs to: named in sigil.yaml, by the mark, or by the symbol. */
  readonly spec: string;
  /** Whether sigil.yaml lists it. */
  readonly listed: boolean;
}

export interface FoundProblem extends PinProblem {
  readonly file: string;
}

/** All marks of some files, or of the whole project. */
export async function marksOf(root: string, specs: ReadonlyMap<string, Spec>, files?: readonly string[]): Promise<{ readonly pins: readonly FoundPin[]; readonly problems: readonly FoundProblem[] }> {
  const all = [];
  for (const file of files ?? sourceFiles(root)) {
    const text = textOf(root, file);
    if (hasMarks(text)) all.push(await marksIn(file, text, specs));
  }
  return { pins: all.flatMap((f) => f.pins), problems: all.flatMap((f) => f.problems) };
}

/** The marks of one text. */
export async function marksIn(file: string, text: string, specs: ReadonlyMap<string, Spec>): Promise<{ readonly pins: readonly FoundPin[]; readonly problems: readonly FoundProblem[] }> {
  const found = await findPins(file, text);
  return { pins: found.pins.map((pin) => ({ pin, ...belonging(pin, specs) })), problems: found.problems.map((p) => ({ ...p, file })) };
}

/** The pins that sigil.yaml names and that no mark shows; all, or those of one file. What is not found is a problem of sigil.yaml. */
export async function specPins(specs: ReadonlyMap<string, Spec>, known: readonly FoundPin[], read: (file: string) => string, only?: string): Promise<{ readonly pins: readonly FoundPin[]; readonly problems: readonly FoundProblem[] }> {
  const pins: FoundPin[] = [];
  const problems: FoundProblem[] = [];
  for (const [name, spec] of specs) {
    for (const ref of spec.pins) {
      if (only !== undefined && !names(ref, only)) continue;
      try {
        const pin = await resolvePinRef(ref, read);
        if (!known.some((k) => k.pin.id === pin.id)) pins.push({ pin, spec: name, listed: true });
      } catch (e) {
        if (!(e instanceof UserError)) throw e;
        problems.push({ file: SPEC_FILE, line: 1, column: 1, message: `spec "${name}": ${e.message}`, remedy: e.remedy });
      }
    }
  }
  return { pins, problems };
}

/** Whether a pin's reference is of a file: the file itself, `file#symbol` or `file:line`. */
function names(ref: string, file: string): boolean {
  const tidy = tidyRef(ref);
  return tidy === file || tidy.startsWith(`${file}#`) || (tidy.startsWith(`${file}:`) && /^\d+$/.test(tidy.slice(file.length + 1)));
}

const tidyRef = (ref: string): string => ref.replaceAll('\\', '/').replace(/^(?:\.\/)+/, '');

/** The spec of sigil.yaml that lists a pin. */
export function specListing(pin: Pin, specs: ReadonlyMap<string, Spec>): string | null {
  for (const [name, spec] of specs) if (spec.pins.some((ref) => tidyRef(ref) === pin.id)) return name;
  return null;
}

/** The spec that a pin belongs to: sigil.yaml's, else the mark's, else its symbol. */
export function specOfPin(pin: Pin, specs: ReadonlyMap<string, Spec>): string {
  return belonging(pin, specs).spec;
}

function belonging(pin: Pin, specs: ReadonlyMap<string, Spec>): { readonly spec: string; readonly listed: boolean } {
  const name = specListing(pin, specs);
  return name === null ? { spec: ownName(pin), listed: false } : { spec: name, listed: true };
}

function ownName(pin: Pin): string {
  return pin.options.spec ?? (pin.symbol ?? pin.id.split('#')[1] ?? pin.file.replace(/^.*\//, '').replace(/\.[^.]*$/, '')).replace(/[^\w.-]+/g, '-');
}

/** A file's text as the engine reads it. Throws a UserError when it cannot be read. */
export function textOf(root: string, file: string): string {
  try {
    return readSource(join(root, file)).text;
  } catch (e) {
    throw new UserError(`${file}: ${(e as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file' : (e as Error).message}`, `Give a path from ${root}.`, 2);
  }
}

/** The pinned files of a spec, as they are now. */
export function baseOf(root: string, spec: Spec): Promise<readonly BaseFile[]> {
  return resolvePinRefs(spec.pins, (file) => textOf(root, file));
}

/** A spec by name: from sigil.yaml, else from the marks' own options. */
export async function specFor(root: string, name: string): Promise<Spec> {
  const specs = loadSpecs(root);
  if (specs.has(name)) return specNamed(specs, name);
  const { pins } = await marksOf(root, specs);
  const mine = pins.filter((p) => p.spec === name);
  if (mine.length > 0) return specOfMark(name, mine.map((p) => p.pin));
  const known = [...new Set([...specs.keys(), ...pins.map((p) => p.spec)])];
  const near = nearest(name, known);
  throw new UserError(
    `there is no spec "${name}"`,
    near !== undefined ? `Did you mean "${near}"?` : known.length > 0 ? `Known: ${known.join(', ')}.` : `Write one in ${SPEC_FILE} ("sigil init" makes a start), mark a function ("sigil mark FILE:LINE"), or give --source, --eval-command and --metric.`,
    2,
  );
}

/** A file given on the command line, from the root, with `/`. */
export function fromRoot(root: string, file: string): string {
  const path = resolve(existsSync(resolve(file)) ? '.' : root, file);
  const rel = relative(root, path);
  if (rel.startsWith('..')) throw new UserError(`${file} is outside the project ${root}`, 'Give a file of the project, or --cwd with its folder.', 2);
  if (!existsSync(path)) throw new UserError(`${file}: there is no such file`, 'Check the path.', 2);
  return rel.split(sep).join('/');
}

/** A file whose text comes on stdin, from the root: it need not be there. */
export function unsavedFile(root: string, file: string): string {
  const rel = isAbsolute(file) ? relative(root, file) : normalize(file);
  if (rel.startsWith('..') || isAbsolute(rel)) throw new UserError(`${file} is outside the project ${root}`, 'Give a file of the project, or --cwd with its folder.', 2);
  return rel.split(sep).join('/');
}

export function readStdin(): string {
  return readFileSync(0, 'utf8');
}
