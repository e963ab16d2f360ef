// The one source of randomness: xoshiro128** (Blackman & Vigna 2018), seeded by splitmix32, with its state as text.

/** A seeded generator. Its `state()` restores it exactly. */
export interface Rng {
  /** A float in [0, 1) with 32 bits. */
  next(): number;
  /** An integer in [0, n). `n` is at least 1. */
  int(n: number): number;
  /** True with probability `p`. */
  chance(p: number): boolean;
  /** A standard normal number. */
  normal(): number;
  /** One element. Throws on an empty list. */
  pick<T>(items: readonly T[]): T;
  /** A new list in random order. */
  shuffle<T>(items: readonly T[]): T[];
  /** An independent generator that depends on this one's seed material and `label` only; this one does not advance. */
  fork(label: string): Rng;
  /** 32 hex digits. */
  state(): string;
}

function splitmix32(seed: number): () => number {
  let a = seed >>> 0;
  return () => {
    a = (a + 0x9e3779b9) >>> 0;
    let t = a ^ (a >>> 16);
    t = Math.imul(t, 0x21f0aaad);
    t ^= t >>> 15;
    t = Math.imul(t, 0x735a2d97);
    return (t ^ (t >>> 15)) >>> 0;
  };
}

/** FNV-1a over UTF-16 units; for deriving seeds only. */
function hash32(text: string, seed: number): number {
  let h = (0x811c9dc5 ^ seed) >>> 0;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return h;
}

class Xoshiro implements Rng {
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  constructor(words: readonly [number, number, number, number]) {
    [this.a, this.b, this.c, this.d] = words;
  }

  private word(): number {
    const t = Math.imul(this.b, 5);
    const result = Math.imul((t << 7) | (t >>> 25), 9) >>> 0;
    const s = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= s;
    this.d = (this.d << 11) | (this.d >>> 21);
    return result;
  }

  next(): number {
    return this.word() / 4294967296;
  }

  int(n: number): number {
    if (!(n >= 1) || n > 4294967296) throw new RangeError(`int(${n}): n must be in [1, 2^32]`);
    const limit = 4294967296 - (4294967296 % n); // rejection keeps it unbiased
    let w = this.word();
    while (w >= limit) w = this.word();
    return w % n;
  }

  chance(p: number): boolean {
    return this.next() < p;
  }

  normal(): number {
    const u = 1 - this.next();
    return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * this.next());
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.int(items.length)];
    if (item === undefined && items.length === 0) throw new RangeError('pick from an empty list');
    return item as T;
  }

  shuffle<T>(items: readonly T[]): T[] {
    const out = [...items];
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.int(i + 1);
      [out[i], out[j]] = [out[j] as T, out[i] as T];
    }
    return out;
  }

  fork(label: string): Rng {
    return seededRng(`${this.state()}/${label}`);
  }

  state(): string {
    return [this.a, this.b, this.c, this.d].map((w) => (w >>> 0).toString(16).padStart(8, '0')).join('');
  }
}

/** A generator from a seed: a number or any text. */
export function seededRng(seed: number | string): Rng {
  const text = String(seed);
  const mix = splitmix32(hash32(text, 0) ^ Math.imul(hash32(text, 0x5bd1e995), 31));
  return new Xoshiro([mix(), mix(), mix(), mix() || 1]);
}

/** A generator from `state()`. Throws on malformed text. */
export function restoredRng(state: string): Rng {
  if (!/^[0-9a-f]{32}$/.test(state)) throw new Error(`not a generator state: ${state}`);
  const w = [0, 8, 16, 24].map((i) => parseInt(state.slice(i, i + 8), 16));
  return new Xoshiro(w as [number, number, number, number]);
}
