// Finds the pinned JavaScript function by its symbol and binds it to the receiver that an input gives.

import { Failed } from './failed.ts';
import * as p from './primordials.ts';

export type Callable = (...args: unknown[]) => unknown;

export interface Target {
  readonly fn: Callable;
  /** The class of an instance method: the receiver then comes from the input. */
  readonly owner: (abstract new (...args: never) => object) | null;
  /** The receiver where the input gives none. */
  readonly self: unknown;
}

const NESTED = 'No one outside can call it. Pin the outer function, or move it to the top of the module.';

/** A symbol taken apart before the candidate can replace what takes it apart. */
export interface Wanted {
  readonly file: string;
  readonly symbol: string;
  readonly names: readonly string[];
}

/** Throws Failed for symbols that no one outside can name. */
export function wanted(file: string, symbol: string, blame: 'eval' | 'candidate'): Wanted {
  const names = symbol.split('.');
  if (names.some((n) => n.startsWith('#'))) throw new Failed(blame, 'find', `${symbol} in ${file} is private.`, NESTED);
  return { file, symbol, names };
}

/** A data property or a getter along the prototype chain, without running getters. */
function lookUp(from: object, name: string): unknown {
  for (let at: object | null = from; at !== null; at = p.getPrototypeOf(at)) {
    const d = p.getOwnPropertyDescriptor(at, name);
    if (d) return (d.value as unknown) ?? d.get;
  }
  return undefined;
}

/**
 * The function that a symbol names, from the value of its first name. `receivers`: whether the inputs give receivers, which decides
 * between a static and an instance method of one name. Throws Failed when nothing outside could call it.
 */
export function findTarget(first: unknown, { symbol, names, file }: Wanted, receivers: boolean, blame: 'eval' | 'candidate'): Target {
  const missing = (): Failed => new Failed(blame, 'find', `${file} has no ${symbol} that can be called from outside.`, 'Pin a top-level function, or a method of a top-level class; not one inside another function.');
  let at = first;
  let owner: Target['owner'] = null;
  let self: unknown;
  for (let i = 1; i < names.length; i++) {
    const name = names[i] as string;
    if (at === null || (typeof at !== 'object' && typeof at !== 'function')) throw missing();
    self = at;
    if (typeof at === 'function') {
      const cls = at as unknown as NonNullable<Target['owner']>;
      const proto: unknown = (cls as { prototype?: unknown }).prototype;
      const inherited = typeof proto === 'object' && proto !== null ? lookUp(proto, name) : undefined;
      const own = name === 'prototype' ? undefined : p.getOwnPropertyDescriptor(at, name);
      if (name === 'prototype' && i < names.length - 1) continue; // the next name is looked up in it
      const isStatic = typeof (own?.value ?? own?.get) === 'function' || (own !== undefined && typeof own.value === 'object');
      const explicit = names[i - 1] === 'prototype';
      if (isStatic && !explicit && !(receivers && typeof inherited === 'function')) {
        at = (own?.value as unknown) ?? own?.get;
        owner = null;
        continue;
      }
      if (typeof inherited !== 'function') throw new Failed(blame, 'find', `${name} in ${file} is no static method or method of ${names.slice(0, i).join('.')}, or it is nested inside that function.`, NESTED);
      owner = cls;
      self = undefined;
      at = inherited;
      continue;
    }
    at = lookUp(at, name);
  }
  if (typeof at !== 'function') throw missing();
  return { fn: at as Callable, owner, self };
}

/** The receiver for one input, already copied. A plain object given for an instance becomes one, without its constructor. */
export function receiverOf(target: Target, receiver: readonly unknown[], symbol: string): unknown {
  if (receiver.length === 0) {
    if (target.owner !== null) throw new Failed('eval', 'inputs', `${symbol} is a method, but the inputs give no receiver.`, 'Write each input as {"args": […], "this": {…}}.');
    return target.self;
  }
  const given = receiver[0];
  if (target.owner !== null && typeof given === 'object' && given !== null && p.getPrototypeOf(given) === p.ObjectProto) p.setPrototypeOf(given, target.owner.prototype as object);
  return given;
}
