// Reading encoded values (protocol.ts): their containers, exact keys, and how they are shown in a message.

import type { Encoded } from './protocol.ts';

export type Container = readonly ['seq' | 'set' | 'map' | 'obj' | 'iter', string, readonly Encoded[], true?];

/** The value as a container, or null. */
export function container(x: Encoded): Container | null {
  if (!Array.isArray(x)) return null;
  const [tag, , items] = x as readonly unknown[];
  return (tag === 'seq' || tag === 'set' || tag === 'map' || tag === 'obj' || tag === 'iter') && Array.isArray(items) ? (x as unknown as Container) : null;
}

/** The tag of an encoded value that is an array; null for scalars. */
export function tagOf(x: Encoded): string | null {
  return Array.isArray(x) ? String((x as readonly unknown[])[0]) : null;
}

/** Text fields of a leaf: `["err", type, message]` and the like. */
export function field(x: Encoded, i: number): string {
  return Array.isArray(x) ? String((x as readonly unknown[])[i]) : '';
}

/** A number of any kind: plain, integral float, special, or an integer beyond 2^53. Null for all else. */
export function numeric(x: Encoded): { readonly value: number; readonly float: boolean; readonly big: bigint | null } | null {
  if (typeof x === 'number') return { value: x, float: !Number.isSafeInteger(x), big: null };
  switch (tagOf(x)) {
    case 'f': return { value: Number(field(x, 1)), float: true, big: null };
    case 'num': return { value: Number(field(x, 1)), float: true, big: null };
    case 'int': {
      const text = field(x, 1);
      const big = text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
      return { value: Number(big), float: false, big };
    }
    default: return null;
  }
}

/** One encoded value with its containers by number, so that references can be followed. */
export class Tree {
  readonly root: Encoded;
  private byNumber: Container[] | undefined;
  private numbers: Map<Container, number> | undefined;

  constructor(root: Encoded) {
    this.root = root;
  }

  private index(): { readonly byNumber: Container[]; readonly numbers: Map<Container, number> } {
    if (this.byNumber === undefined || this.numbers === undefined) {
      const found: Container[] = [];
      const stack: Encoded[] = [this.root];
      while (stack.length > 0) {
        const c = container(stack.pop() ?? null);
        if (c === null) continue;
        found.push(c);
        for (let i = c[2].length - 1; i >= 0; i--) stack.push(c[2][i] ?? null);
      }
      this.byNumber = found;
      this.numbers = new Map(found.map((c, i) => [c, i]));
    }
    return { byNumber: this.byNumber, numbers: this.numbers };
  }

  /** What a reference means; other values are themselves. */
  follow(x: Encoded): Encoded {
    return tagOf(x) === 'ref' ? (this.index().byNumber[Number(field(x, 1))] ?? null) : x;
  }

  /** A container's number. */
  number(c: Container): number {
    return this.index().numbers.get(c) ?? -1;
  }
}

/** A text that is equal for exactly equal values; null where a reference or a cut is inside. Sets and maps in any order, 1 as 1.0, −0 as 0. */
export function exactKey(x: Encoded): string | null {
  const n = numeric(x);
  if (n !== null) return n.big === null ? String(n.value === 0 ? 0 : n.value) : String(n.big);
  const c = container(x);
  if (c === null) {
    const tag = tagOf(x);
    return tag === 'ref' || tag === 'cut' || tag === 'opaque' ? null : JSON.stringify(x);
  }
  const parts: string[] = [];
  for (const item of c[2]) {
    const k = exactKey(item);
    if (k === null) return null;
    parts.push(k);
  }
  const paired = c[0] === 'map' || c[0] === 'obj';
  const whole = paired ? parts.flatMap((k, i) => (i % 2 === 0 ? [`${k}:${parts[i + 1] ?? ''}`] : [])) : parts;
  if (paired || c[0] === 'set') whole.sort();
  return `${c[0]} ${c[1]}(${whole.join(',')})`;
}

/** A long text as it is where it first differs from another, `"… Ek 12.50 …"`: the beginnings of two long texts are often the same. */
export function showBeside(x: string, other: string): string {
  let same = 0;
  while (same < x.length && same < other.length && x[same] === other[same]) same++;
  if (same <= 36 || (x.length <= 50 && other.length <= 50)) return show(x);
  const from = same - 20;
  return JSON.stringify(`…${x.slice(from, from + 46)}${x.length > from + 46 ? '…' : ''}`);
}

/** A value in a message: at most about 60 characters. */
export function show(x: Encoded): string {
  const n = numeric(x);
  if (n !== null) return n.big !== null ? String(n.big) : Object.is(n.value, -0) ? '-0' : tagOf(x) === 'f' && Math.abs(n.value) < 1e15 ? n.value.toFixed(1) : String(n.value);
  if (typeof x === 'string') return JSON.stringify(x.length > 50 ? `${x.slice(0, 47)}…` : x);
  if (x === null) return 'null';
  if (typeof x === 'boolean') return String(x);
  const c = container(x);
  if (c !== null) {
    const count = c[0] === 'map' || c[0] === 'obj' ? c[2].length / 2 : c[2].length;
    if (c[0] === 'obj' && c[1] !== 'Object') return `a ${c[1]}`;
    const inner = c[0] === 'seq' && count <= 4 && c[2].every((v) => container(v) === null) ? `[${c[2].map(show).join(', ')}]` : '';
    return inner !== '' && inner.length <= 60 ? (c[1] === 'list' || c[1] === 'Array' ? inner : `${c[1]} ${inner}`) : `${/^[aeiouA]/.test(c[1]) ? 'an' : 'a'} ${c[1]} of ${count}`;
  }
  switch (tagOf(x)) {
    case 'undef': return 'undefined';
    case 'hole': return 'a hole';
    case 'bigint': return `${field(x, 1)}n`;
    case 'bytes': return `${field(x, 1)} of ${Math.floor((field(x, 2).replace(/=+$/, '').length * 3) / 4)} bytes`;
    case 'val': return `${field(x, 1)} ${field(x, 2).slice(0, 50)}`;
    case 'err': return `the exception ${field(x, 1)}`;
    case 'opaque': return `a ${field(x, 1)}`;
    default: return 'something larger';
  }
}
