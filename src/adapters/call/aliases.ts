// The import aliases of a TypeScript project: `paths` and `baseUrl` of the tsconfig.json or jsconfig.json above a file.
//
// As tsc has it: https://www.typescriptlang.org/docs/handbook/modules/reference.html#paths. Read by ourselves, since the compiler is the project's.

import { existsSync, readFileSync, statSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, isAbsolute, join, resolve } from 'node:path';

interface Aliases {
  /** Patterns with at most one `*`, and the paths, absolute, that each stands for in turn. */
  readonly paths: readonly (readonly [pattern: string, targets: readonly string[]])[];
  /** Where imports without a dot begin; null when they are packages only. */
  readonly baseUrl: string | null;
}

const NONE: Aliases = { paths: [], baseUrl: null };

/** JSON with comments and trailing commas; undefined when it is none. */
export function looseJson(text: string): unknown {
  const plain = text.replace(/^\uFEFF/, '').replace(/("(?:\\.|[^"\\])*")|\/\/[^\n]*|\/\*[\s\S]*?\*\//g, (_, string?: string) => string ?? ' ');
  try {
    return JSON.parse(plain.replace(/("(?:\\.|[^"\\])*")|,(?=\s*[}\]])/g, (_, string?: string) => string ?? ''));
  } catch {
    return undefined;
  }
}

interface Config {
  readonly extends?: string | readonly string[];
  readonly references?: readonly { readonly path?: string }[];
  readonly compilerOptions?: { readonly baseUrl?: string; readonly paths?: Readonly<Record<string, readonly string[]>> };
}

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

/** The file that `extends` or a reference means, from a configuration's folder. */
function configFile(named: string, dir: string): string | undefined {
  if (/^\.\.?(?:\/|$)/.test(named) || isAbsolute(named)) {
    const path = resolve(dir, named);
    return [path, `${path}.json`, join(path, 'tsconfig.json')].find(isFile);
  }
  const require = createRequire(join(dir, 'tsconfig.json'));
  for (const name of [named, `${named}.json`, `${named}/tsconfig.json`]) {
    try {
      return require.resolve(name);
    } catch {
      continue; // the next form
    }
  }
  return undefined;
}

/** A configuration's aliases, its own before those that it extends; a later base wins over an earlier one. `seen` ends circles. */
function read(file: string, seen: ReadonlySet<string> = new Set()): Aliases {
  if (seen.has(file)) return NONE;
  const config = looseJson(readFileSync(file, 'utf8')) as Config | null | undefined;
  if (typeof config !== 'object' || config === null) return NONE;
  const dir = dirname(file);
  const known = new Set([...seen, file]);
  const bases = (typeof config.extends === 'string' ? [config.extends] : (config.extends ?? [])).map((e) => configFile(e, dir));
  let inherited = NONE;
  for (const base of bases) {
    if (base === undefined) continue;
    const b = read(base, known);
    inherited = { paths: b.paths.length > 0 ? b.paths : inherited.paths, baseUrl: b.baseUrl ?? inherited.baseUrl };
  }
  const own = config.compilerOptions ?? {};
  const baseUrl = own.baseUrl === undefined ? inherited.baseUrl : resolve(dir, own.baseUrl);
  const paths = own.paths === undefined ? inherited.paths : Object.entries(own.paths).map(([pattern, targets]) => [pattern, targets.map((t) => resolve(baseUrl ?? dir, t))] as const);
  if (paths.length > 0 || baseUrl !== null) return { paths, baseUrl };
  // A file that only points to others, as some templates have it.
  for (const { path } of config.references ?? []) {
    const other = path === undefined ? undefined : configFile(path, dir);
    const found = other === undefined ? NONE : read(other, known);
    if (found.paths.length > 0 || found.baseUrl !== null) return found;
  }
  return NONE;
}

const byFolder = new Map<string, Aliases>();

/** The aliases that hold in a folder: those of the nearest configuration. */
function aliasesIn(dir: string): Aliases {
  const known = byFolder.get(dir);
  if (known) return known;
  const file = ['tsconfig.json', 'jsconfig.json'].map((n) => join(dir, n)).find((path) => existsSync(path));
  let found = NONE;
  if (file !== undefined) found = read(file);
  else if (dirname(dir) !== dir) found = aliasesIn(dirname(dir));
  byFolder.set(dir, found);
  return found;
}

/** What may stand for an import in a file: paths without end or extension settled, the best first. `sure`: by a pattern, which goes before packages. */
export function aliased(specifier: string, file: string): { readonly sure: readonly string[]; readonly otherwise: readonly string[] } {
  if (/^(?:\.|\/|#|[a-z]+:)/.test(specifier) || isBuiltin(specifier) || file.includes('/node_modules/')) return { sure: [], otherwise: [] };
  const { paths, baseUrl } = aliasesIn(dirname(file));
  let best: { readonly length: number; readonly targets: readonly string[]; readonly rest: string } | null = null;
  for (const [pattern, targets] of paths) {
    const star = pattern.indexOf('*');
    if (star < 0 && pattern === specifier) {
      best = { length: Infinity, targets, rest: '' };
      continue;
    }
    const [head, tail] = [pattern.slice(0, star), pattern.slice(star + 1)];
    if (star < 0 || specifier.length < head.length + tail.length || !specifier.startsWith(head) || !specifier.endsWith(tail)) continue;
    if (best === null || head.length > best.length) best = { length: head.length, targets, rest: specifier.slice(head.length, specifier.length - tail.length) };
  }
  const { targets = [], rest = '' } = best ?? {};
  return { sure: targets.map((t) => t.replace('*', () => rest)), otherwise: baseUrl === null ? [] : [join(baseUrl, specifier)] };
}
