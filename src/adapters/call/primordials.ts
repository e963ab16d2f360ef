// The runner's own references to the language's functions, taken before a candidate can replace them. No prototype method of
// an array, map or string is called by name once the candidate is loaded, and no spread or for-of, which go through replaceable iterators.

const { apply } = Reflect;

/** The function with its receiver as first argument. */
type Uncurried<T> = T extends (this: infer S, ...args: infer A) => infer R ? (self: S, ...args: A) => R : never;

/** `f.call` that no one can replace. */
const uncurry = ((f: (...args: unknown[]) => unknown) => (self: unknown, ...args: unknown[]) => apply(f, self, args)) as unknown as <S, A extends unknown[], R>(
  f: (this: S, ...args: A) => R,
) => Uncurried<(this: S, ...args: A) => R>;

/* eslint-disable @typescript-eslint/unbound-method -- they are taken apart from their receivers on purpose */
export const call = apply;
export const quote = JSON.stringify as (text: string) => string; // on strings it asks for no toJSON
export const isArray = Array.isArray;
export const { getPrototypeOf, setPrototypeOf, ownKeys, getOwnPropertyDescriptor, defineProperty, has: hasIn, get: getIn } = Reflect;
export const { keys, is, create } = Object;
export const { isInteger, isFinite } = Number;
export const isView = ArrayBuffer.isView;
export const TextOf = String;
export const NewMap = Map;
export const NewSet = Set;
export const mapGet = uncurry<Map<unknown, unknown>, [unknown], unknown>(Map.prototype.get);
export const mapSet = uncurry<Map<unknown, unknown>, [unknown, unknown], unknown>(Map.prototype.set);
export const mapEach = uncurry<Map<unknown, unknown>, [(v: unknown, k: unknown) => void], unknown>(Map.prototype.forEach);
export const setAdd = uncurry<Set<unknown>, [unknown], unknown>(Set.prototype.add);
export const setEach = uncurry<Set<unknown>, [(v: unknown) => void], unknown>(Set.prototype.forEach);
export const dateValue = uncurry<Date, [], number>(Date.prototype.getTime);
export const NewDate = Date;
export const bigintText = uncurry<bigint, [], string>(BigInt.prototype.toString);
export const symbolText = uncurry<symbol, [], string>(Symbol.prototype.toString);
export const own = uncurry<object, [PropertyKey], boolean>(Object.prototype.hasOwnProperty);
export const clone = structuredClone;
export const ObjectProto = Object.prototype;
export const ArrayProto = Array.prototype;
export const iteratorKey = Symbol.iterator;
export const asyncIteratorKey = Symbol.asyncIterator;

/** A growing list that no setter on Array.prototype or Object.prototype can watch. */
export interface List<T> {
  n: number;
  readonly at: Record<number, T>;
}

export function list<T>(): List<T> {
  return { n: 0, at: create(null) as Record<number, T> };
}

export function add<T>(to: List<T>, item: T): void {
  to.at[to.n++] = item;
}
