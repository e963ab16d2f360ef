// What the samplers wrote, as words for a prompt: the functions and the lines of the project that take the time.

import { readFileSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/** A profile as a sampler writes it: counts of samples, on the stack's top and anywhere on it. */
export interface Samples {
  readonly samples: number;
  readonly functions: readonly (readonly [file: string, name: string, line: number, own: number, total: number])[];
  readonly lines: readonly (readonly [file: string, line: number, own: number, total: number | null])[];
}

/** Fewer say nothing. */
const LEAST = 20;
const FUNCTIONS = 8;
const LINES = 10;
/** Heads the lines of a profile. */
export const BY_LINE = 'By line of the pinned files:';
/** Code of ours and of the interpreters' start: nothing of the program, and nothing that can be changed. */
const HARNESS = /(?:^|[\\/])(?:js-runner\.js|sigil_runtime[\\/][^\\/]+\.py)$|^node:internal\/modules\/|<frozen importlib/;
const CLOCKS = new Set(['cpuUsage', 'hrtimeBigInt']);
/** What takes less is left out. */
const SHARE = 0.02;

/** The profiles in a folder; what is torn or of another form is passed over. */
export function profilesIn(folder: string): readonly Samples[] {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  return names.filter((n) => n.endsWith('.json')).sort().flatMap((name) => {
    try {
      const read = JSON.parse(readFileSync(join(folder, name), 'utf8')) as Partial<Samples> | null;
      const rows = (v: unknown, kinds: readonly string[]): boolean => Array.isArray(v) && v.every((row) => Array.isArray(row) && kinds.every((k, i) => typeof row[i] === k));
      return typeof read?.samples === 'number' && rows(read.functions, ['string', 'string', 'number', 'number', 'number']) && rows(read.lines, ['string', 'number', 'number']) ? [read as Samples] : [];
    } catch {
      return [];
    }
  });
}

/** The pinned files as they were profiled, by their paths from the project's root. */
export type Sources = ReadonlyMap<string, string>;

/**
 * Where the time went, in words; null where the samples are too few, or none is of a pinned file. Of several processes the one that was longest
 * in the pinned files.
 * @param root the project's root as the samplers saw it
 */
export function profileText(profiles: readonly Samples[], root: string, sources: Sources): string | null {
  const inProject = (file: string): string | null => {
    const path = relative(root, file).replaceAll('\\', '/');
    return path === '' || path.startsWith('../') || path.startsWith('/') ? null : path;
  };
  const pinned = (p: Samples): number => p.functions.filter(([file]) => sources.has(inProject(file) ?? '')).reduce((most, f) => Math.max(most, f[4]), 0);
  const best = [...profiles].sort((a, b) => pinned(b) - pinned(a))[0];
  if (best === undefined || pinned(best) === 0) return null;
  const isOurs = ([file, name]: Samples['functions'][number]): boolean => HARNESS.test(file) || (file === '' && CLOCKS.has(name));
  const samples = best.samples - best.functions.filter(isOurs).reduce((n, f) => n + f[3], 0);
  if (samples < LEAST) return null;
  const share = (n: number): string => `${((n / samples) * 100).toFixed(0)} %`;
  const isBig = (n: number): boolean => n >= samples * SHARE;

  const place = (file: string, line: number): string => {
    const own = inProject(file);
    if (own !== null && !own.includes('node_modules/') && !own.includes('site-packages/')) return `${own}:${line}`;
    return file === '' ? 'built in' : file.split(/[\\/]/).slice(-2).join('/');
  };
  const functions = best.functions.filter((f) => !isOurs(f)).filter((f) => isBig(f[3]) || (isBig(f[4]) && sources.has(inProject(f[0]) ?? '')))
    .sort((a, b) => b[3] - a[3] || b[4] - a[4]).slice(0, FUNCTIONS).map(([file, name, line, own, total]) => `${share(own).padStart(5)} itself, ${share(total)} with what it calls: ${name} (${place(file, line)})`);
  const lines = best.lines.flatMap(([file, line, own, total]) => {
    const path = inProject(file) ?? '';
    const text = sources.get(path)?.split('\n')[line - 1]?.trim();
    return text === undefined || text === '' || !isBig(total ?? own) ? [] : [{ path, line, n: total ?? own, text: text.slice(0, 120) }];
  }).sort((a, b) => b.n - a.n).slice(0, LINES).sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line));
  return [
    `One run under a sampling profiler, ${samples} samples. By function:`, ...functions,
    ...(lines.length === 0 ? [] : [BY_LINE, ...lines.map((l) => `${share(l.n).padStart(5)} ${l.path}:${l.line}  ${l.text}`)]),
  ].join('\n');
}
