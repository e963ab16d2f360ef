// Turns any JavaScript value into the tagged JSON of protocol.ts, as text, using only functions taken before the candidate was loaded.

import { types } from 'node:util';
import * as p from './primordials.ts';
import type { Limits } from './protocol.ts';

/** What an iterator gave. Made by the runner's own draining; not a value that a candidate can make. */
export class Drained {
  readonly items: p.List<unknown>;
  readonly cut: boolean;
  constructor(items: p.List<unknown>, cut: boolean) {
    this.items = items;
    this.cut = cut;
  }
}

interface Frame {
  readonly n: number;
  i: number;
  readonly get: (i: number) => unknown;
  readonly close: string;
  readonly depth: number;
  readonly next: Frame | null;
}

interface Parts {
  readonly tag: 'seq' | 'set' | 'map' | 'obj' | 'iter';
  readonly type: string;
  readonly n: number;
  readonly get: (i: number) => unknown;
  readonly cut?: boolean;
}

const HOLE = Symbol('hole');
const THROWS = Symbol('throws');
const { isMap, isSet, isDate, isRegExp, isTypedArray, isAnyArrayBuffer, isNativeError } = types;
const bytesOf = Buffer.from.bind(Buffer) as (data: ArrayBufferLike, offset?: number, length?: number) => Buffer;
const bufferText = (Buffer.prototype as { toString: (this: Buffer, encoding: 'base64') => string }).toString;
const base64 = (b: Buffer): string => p.call(bufferText, b, ['base64']);
const regexpSource = (x: object): string => `/${p.TextOf(p.getIn(x, 'source'))}/${p.TextOf(p.getIn(x, 'flags'))}`;

/** The class name of an object; `Object` for plain ones. */
function typeName(x: object): string {
  const proto = p.getPrototypeOf(x);
  if (proto === null || proto === p.ObjectProto) return 'Object';
  if (proto === p.ArrayProto) return 'Array';
  const made = p.getIn(proto, 'constructor') as unknown;
  const name = typeof made === 'function' ? (p.getOwnPropertyDescriptor(made, 'name')?.value as unknown) : undefined;
  return typeof name === 'string' && name !== '' ? name : 'Object';
}

/** Whether a value is an iterator that gives its items once: generators and whatever has `next` and iterates over itself. */
export function isIterator(x: object): boolean {
  return typeof (x as { next?: unknown }).next === 'function' && typeof p.getIn(x, p.iteratorKey) === 'function';
}

/** Drains an iterator up to `cap` items. Throws what it throws. */
export function drain(x: object, cap: number): Drained {
  const items = p.list<unknown>();
  const it = x as Iterator<unknown>;
  for (;;) {
    const step = it.next();
    if (step.done === true) return new Drained(items, false);
    if (items.n >= cap) return new Drained(items, true);
    p.add(items, step.value);
  }
}

function number(x: number): string {
  if (p.isFinite(x)) return x === 0 && p.is(x, -0) ? '["num","-0"]' : `${x}`;
  return x !== x ? '["num","NaN"]' : x > 0 ? '["num","Infinity"]' : '["num","-Infinity"]';
}

/** The text of a value without parts, or null. */
function leaf(x: unknown): string | null {
  switch (typeof x) {
    case 'number': return number(x);
    case 'string': return p.quote(x);
    case 'boolean': return x ? 'true' : 'false';
    case 'undefined': return '["undef"]';
    case 'bigint': return `["bigint","${p.bigintText(x)}"]`;
    case 'symbol': return x === HOLE ? '["hole"]' : x === THROWS ? '["opaque","a getter that throws"]' : `["val","symbol",${p.quote(p.symbolText(x))}]`;
    case 'function': return '["opaque","function"]';
    case 'object':
  }
  if (x === null) return 'null';
  if (isDate(x)) return `["val","Date","${p.dateValue(x)}"]`;
  if (isRegExp(x)) return `["val","RegExp",${p.quote(regexpSource(x))}]`;
  if (isNativeError(x)) return `["err",${p.quote(typeName(x))},${p.quote(p.TextOf(p.getIn(x, 'message')))}]`;
  if (isAnyArrayBuffer(x)) return `["bytes","ArrayBuffer","${base64(bytesOf(x))}"]`;
  if (p.isView(x) && (!isTypedArray(x) || (typeName(x) === 'Buffer')))
    return `["bytes","${isTypedArray(x) ? 'Buffer' : 'DataView'}","${base64(bytesOf(x.buffer, x.byteOffset, x.byteLength))}"]`;
  return null;
}

/** An object's parts, or null where it cannot be looked into. */
function partsOf(x: object, limits: Limits, drains: boolean): Parts | null {
  if (x instanceof Drained) return { tag: 'iter', type: 'iterator', n: x.items.n, get: (i) => x.items.at[i], cut: x.cut };
  if (p.isArray(x)) return { tag: 'seq', type: typeName(x), n: x.length, get: (i) => (p.own(x, i) ? (x[i] as unknown) : HOLE) };
  if (isTypedArray(x)) {
    const items = x as unknown as Record<number, unknown> & { readonly length: number };
    return { tag: 'seq', type: typeName(x), n: items.length, get: (i) => items[i] };
  }
  const flat = p.list<unknown>();
  const get = (i: number): unknown => flat.at[i];
  if (isMap(x)) {
    p.mapEach(x, (v, k) => { p.add(flat, k); p.add(flat, v); });
    return { tag: 'map', type: typeName(x), n: flat.n, get };
  }
  if (isSet(x)) {
    p.setEach(x, (v) => { p.add(flat, v); });
    return { tag: 'set', type: typeName(x), n: flat.n, get };
  }
  if (isIterator(x)) {
    if (!drains) return null;
    const got = drain(x, limits.items);
    return { tag: 'iter', type: 'iterator', n: got.items.n, get: (i) => got.items.at[i], cut: got.cut };
  }
  const names = p.keys(x);
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    p.add(flat, name);
    try {
      p.add(flat, (x as Record<string, unknown>)[name]);
    } catch {
      p.add(flat, THROWS);
    }
  }
  const type = typeName(x);
  if (flat.n === 0 && type !== 'Object') return null;
  return { tag: 'obj', type, n: flat.n, get };
}

/** The encoding of a value as JSON text. `drains`: whether iterators may be used up. */
export function encode(value: unknown, limits: Limits, drains: boolean): string {
  const seen = new p.NewMap<unknown, unknown>();
  let opened = 0;
  let nodes = limits.nodes;
  let out = '';
  let frame: Frame | null = { n: 1, i: 0, get: () => value, close: '', depth: 0, next: null };
  while (frame !== null) {
    if (frame.i >= frame.n) {
      out += frame.close;
      frame = frame.next;
      continue;
    }
    if (frame.i > 0) out += ',';
    if (nodes-- <= 0) {
      out += '["cut","size"]';
      frame.i = frame.n;
      continue;
    }
    const x: unknown = frame.get(frame.i++);
    if (typeof x === 'number' || typeof x === 'string') {
      out += typeof x === 'number' ? number(x) : p.quote(x);
      continue;
    }
    let parts: Parts | null;
    try {
      const text = leaf(x);
      if (text !== null) {
        out += text;
        continue;
      }
      const before = p.mapGet(seen, x);
      if (before !== undefined) {
        out += `["ref",${before as number}]`;
        continue;
      }
      parts = frame.depth < limits.depth ? partsOf(x as object, limits, drains) : null;
    } catch {
      parts = null;
    }
    if (parts === null) {
      out += frame.depth < limits.depth ? `["opaque",${p.quote(safeName(x))}]` : '["cut","depth"]';
      continue;
    }
    p.mapSet(seen, x, opened++);
    out += `["${parts.tag}",${p.quote(parts.type)},[`;
    frame = { n: parts.n, i: 0, get: parts.get, close: parts.cut === true ? '],true]' : ']]', depth: frame.depth + 1, next: frame };
  }
  return out;
}

function safeName(x: unknown): string {
  try {
    return typeName(x as object);
  } catch {
    return 'object';
  }
}
