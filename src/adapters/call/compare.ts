// Whether a candidate's results are the baseline's: runs in the engine, which never loads the candidate.

import { container, exactKey, field, numeric, show, showBeside, tagOf, Tree, type Container } from './encoded.ts';
import type { CallResult, Encoded, Outcome } from './protocol.ts';

export interface CompareOptions {
  /** |got − expected| ≤ absolute + relative·|expected| for floats; whole numbers may differ by `absolute` only. */
  readonly relative: number;
  readonly absolute: number;
  /** Whether the order of lists in results matters; tuples keep theirs always. */
  readonly ordered: boolean;
}

export interface Comparison {
  /** The first difference in words, e.g. `input 3: expected 1.5, got 1.6 at [2].x`; null when there is none. */
  readonly difference: string | null;
  /** What no comparison can look into, e.g. `input 0: a function at .f`; at most ten. */
  readonly unchecked: readonly string[];
}

const MANY = 500;

/** One comparison of two values; `path` grows as in code. */
class Differ {
  readonly unchecked: string[] = [];
  private readonly visited = new Set<string>();
  private readonly a: Tree;
  private readonly b: Tree;
  private readonly options: CompareOptions;

  constructor(expected: Encoded, got: Encoded, options: CompareOptions) {
    this.a = new Tree(expected);
    this.b = new Tree(got);
    this.options = options;
  }

  run(): string | null {
    return this.diff(this.a.root, this.b.root, '');
  }

  private numbers(a: Encoded, b: Encoded): boolean | null {
    const x = numeric(a);
    const y = numeric(b);
    if (x === null || y === null) return x === y ? null : false;
    if (x.big !== null && y.big !== null) return x.big === y.big;
    if (Number.isNaN(x.value) || Number.isNaN(y.value)) return Number.isNaN(x.value) && Number.isNaN(y.value);
    if (x.value === y.value) return true;
    if (!Number.isFinite(x.value) || !Number.isFinite(y.value)) return false;
    const slack = this.options.absolute + (x.float || y.float ? this.options.relative * Math.abs(x.value) : 0);
    return Math.abs(x.value - y.value) <= slack;
  }

  private diff(expected: Encoded, got: Encoded, path: string): string | null {
    const a = this.a.follow(expected);
    const b = this.b.follow(got);
    const unlike = (): string => (typeof a === 'string' && typeof b === 'string' ? `expected ${showBeside(a, b)}, got ${showBeside(b, a)}${at(path)}` : `expected ${show(a)}, got ${show(b)}${at(path)}`);
    const same = this.numbers(a, b);
    if (same !== null) return same ? null : unlike();
    const x = container(a);
    const y = container(b);
    if (x !== null && y !== null) {
      if (a !== expected || b !== got) {
        const pair = `${this.a.number(x)}:${this.b.number(y)}`;
        if (this.visited.has(pair)) return null;
        this.visited.add(pair);
      }
      return this.containers(x, y, path);
    }
    if (x !== null || y !== null) return unlike();
    const tag = tagOf(a);
    if (tag !== tagOf(b)) return unlike();
    switch (tag) {
      case null: return a === b ? null : unlike();
      case 'cut': this.note(`what lies beyond the ${field(a, 1)} cap${at(path)}`); return null;
      case 'opaque':
        if (field(a, 1) !== field(b, 1)) return unlike();
        this.note(`${show(a)}${at(path)}`);
        return null;
      case 'err': return field(a, 1) === field(b, 1) ? null : unlike();
      default: return JSON.stringify(a) === JSON.stringify(b) ? null : unlike();
    }
  }

  private note(what: string): void {
    if (this.unchecked.length < 10) this.unchecked.push(what);
  }

  private containers(x: Container, y: Container, path: string): string | null {
    if (x[0] !== y[0] || x[1] !== y[1]) return `expected ${show(x)}, got ${show(y)}${at(path)}`;
    const [tag, type, xs] = x;
    const ys = y[2];
    const cutX = tagOf(xs.at(-1) ?? null) === 'cut';
    const cutY = tagOf(ys.at(-1) ?? null) === 'cut';
    if (xs.length !== ys.length || cutX !== cutY || x[3] !== y[3]) {
      const paired = tag === 'map' || tag === 'obj' ? 2 : 1;
      return xs.length === ys.length ? `expected ${show(x)}, got one of another size${at(path)}` : `expected ${xs.length / paired} items, got ${ys.length / paired}${at(path)}`;
    }
    if (x[3] === true) this.note(`items after the first ${xs.length}${at(path)}`);
    switch (tag) {
      case 'seq':
      case 'iter':
        if (!this.options.ordered && !cutX && (type === 'list' || type === 'Array' || type === 'deque' || tag === 'iter')) return this.unordered(xs, ys, path);
        for (let i = 0; i < xs.length; i++) {
          const d = this.diff(xs[i] ?? null, ys[i] ?? null, `${path}[${i}]`);
          if (d !== null) return d;
        }
        return null;
      case 'set':
      case 'map':
      case 'obj':
        if (cutX) {
          this.note(`${show(x)}, which is larger than the cap${at(path)}`);
          return null;
        }
        return tag === 'set' ? this.unordered(xs, ys, path) : this.entries(xs, ys, path, tag === 'obj');
    }
  }

  /** Entries by exact key; keys that have no exact twin (floats within the tolerance) by search. */
  private entries(xs: readonly Encoded[], ys: readonly Encoded[], path: string, named: boolean): string | null {
    const byKey = new Map<string, Encoded>();
    const others: (readonly [Encoded, Encoded])[] = [];
    for (let i = 0; i < ys.length; i += 2) {
      const k = exactKey(ys[i] ?? null);
      if (k === null || byKey.has(k)) others.push([ys[i] ?? null, ys[i + 1] ?? null]);
      else byKey.set(k, ys[i + 1] ?? null);
    }
    const unmatched: (readonly [Encoded, Encoded])[] = [];
    for (let i = 0; i < xs.length; i += 2) {
      const key = xs[i] ?? null;
      const value = xs[i + 1] ?? null;
      const k = exactKey(key);
      if (k === null || !byKey.has(k)) {
        unmatched.push([key, value]);
        continue;
      }
      const d = this.diff(value, byKey.get(k) ?? null, step(path, key, named));
      byKey.delete(k);
      if (d !== null) return d;
    }
    if (unmatched.length === 0) return null;
    const left = [...ys.keys()].filter((i) => i % 2 === 0).map((i) => [ys[i] ?? null, ys[i + 1] ?? null] as const).filter(([k]) => { const e = exactKey(k); return e === null || byKey.has(e); });
    for (const [key, value] of unmatched) {
      const found = unmatched.length > MANY ? -1 : left.findIndex(([k, v]) => this.quietly(key, k) && this.quietly(value, v));
      if (found < 0) return `expected ${named ? 'attribute' : 'key'} ${show(key)}, which is missing or differs${at(path)}`;
      left.splice(found, 1);
    }
    return null;
  }

  /** Multisets: exact twins first, then numbers in order, then any pairing found by search (greedy, at most MANY left). */
  private unordered(xs: readonly Encoded[], ys: readonly Encoded[], path: string): string | null {
    const twins = new Map<string, number>();
    const keyed = ys.map((v) => exactKey(v));
    for (const k of keyed) if (k !== null) twins.set(k, (twins.get(k) ?? 0) + 1);
    const left: Encoded[] = [];
    for (const v of xs) {
      const k = exactKey(v);
      const count = k === null ? 0 : (twins.get(k) ?? 0);
      if (k !== null && count > 0) twins.set(k, count - 1);
      else left.push(v);
    }
    if (left.length === 0) return null;
    const right = ys.filter((_, i) => {
      const k = keyed[i] ?? null;
      if (k === null) return true;
      const count = twins.get(k) ?? 0;
      twins.set(k, count - 1);
      return count > 0;
    });
    const missing = (v: Encoded): string => `expected ${show(v)} among the items, which is missing${at(path)}`;
    if (left.every((v) => numeric(v) !== null) && right.every((v) => numeric(v) !== null)) {
      const order = (v: readonly Encoded[]): Encoded[] => [...v].sort((p, q) => (numeric(p)?.value ?? 0) - (numeric(q)?.value ?? 0));
      const sorted = order(right);
      const bad = order(left).find((v, i) => this.numbers(v, sorted[i] ?? null) !== true);
      return bad === undefined ? null : missing(bad);
    }
    for (const v of left) {
      const found = left.length > MANY ? -1 : right.findIndex((w) => this.quietly(v, w));
      if (found < 0) return missing(v);
      right.splice(found, 1);
    }
    return null;
  }

  /** Whether two values agree, without leaving notes or visited pairs of a failed try. */
  private quietly(a: Encoded, b: Encoded): boolean {
    const pairs = new Set(this.visited);
    const notes = this.unchecked.length;
    if (this.diff(a, b, '') === null) return true;
    this.unchecked.length = notes;
    this.visited.clear();
    for (const p of pairs) this.visited.add(p);
    return false;
  }
}

const at = (path: string): string => (path === '' ? '' : ` at ${path}`);

function step(path: string, key: Encoded, named: boolean): string {
  return named && typeof key === 'string' && /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `${path}.${key}` : `${path}[${show(key)}]`;
}

/** The first difference between two encoded values, and what could not be checked. */
export function compareValues(expected: Encoded, got: Encoded, options: CompareOptions): Comparison {
  const differ = new Differ(expected, got, options);
  const difference = differ.run();
  return { difference, unchecked: differ.unchecked };
}

/** Two outcomes of a call. Exceptions agree by type; their messages may differ. */
export function compareOutcomes(expected: Outcome, got: Outcome, options: CompareOptions): Comparison {
  const none: readonly string[] = [];
  if (!expected.ok) {
    if (got.ok) return { difference: `expected the exception ${expected.type}, got ${show(got.value)}`, unchecked: none };
    return { difference: expected.type === got.type ? null : `expected the exception ${expected.type}, got the exception ${got.type}: ${got.message.slice(0, 100)}`, unchecked: none };
  }
  if (!got.ok) return { difference: `expected ${show(expected.value)}, got the exception ${got.type}: ${got.message.slice(0, 100)}`, unchecked: none };
  return compareValues(expected.value, got.value, options);
}

/** The arguments after the call: always in order. */
function compareMutated(expected: Encoded, got: Encoded, options: CompareOptions): Comparison {
  if (expected === null && got === null) return { difference: null, unchecked: [] };
  if (expected === null) return { difference: 'the arguments are changed, which the baseline leaves as they are', unchecked: [] };
  if (got === null) return { difference: 'the arguments are left as they are, which the baseline changes', unchecked: [] };
  const { difference, unchecked } = compareValues(expected, got, { ...options, ordered: true });
  return { difference: difference === null ? null : `${difference} in the arguments after the call`, unchecked };
}

/**
 * A candidate's results against the baseline's on the same inputs, by index. The first difference in words, or null. A result that is
 * missing, or an input that was not the baseline's, is a difference too.
 */
export function compareResults(baseline: readonly CallResult[], candidate: readonly CallResult[], options: CompareOptions): Comparison {
  const unchecked: string[] = [];
  const byIndex = new Map(candidate.map((r) => [r.index, r]));
  for (const expected of baseline) {
    const got = byIndex.get(expected.index);
    const say = (difference: string): Comparison => ({ difference: `input ${expected.index}: ${difference}`, unchecked });
    if (got === undefined) return say('there is no result');
    if (got.input !== expected.input) return say('it is not the input that the baseline got: the generator gives others each time, or the candidate changes them');
    for (const c of [compareOutcomes(expected, got, options), compareMutated(expected.mutated, got.mutated, options)]) {
      if (c.difference !== null) return say(c.difference);
      for (const u of c.unchecked) if (unchecked.length < 10) unchecked.push(`input ${expected.index}: ${u}`);
    }
  }
  return { difference: null, unchecked };
}

/** The results of timed calls against the baseline's: a function that is fast by not doing its work while it is timed shows here. */
export function compareTimed(baseline: readonly CallResult[], timed: readonly (Outcome & { readonly index: number })[], options: CompareOptions): string | null {
  const byIndex = new Map(baseline.map((r) => [r.index, r]));
  for (const got of timed) {
    const expected = byIndex.get(got.index);
    const difference = expected === undefined ? null : compareOutcomes(expected, got, options).difference;
    if (difference !== null) return `input ${got.index}, in a timed call: ${difference}`;
  }
  return null;
}
