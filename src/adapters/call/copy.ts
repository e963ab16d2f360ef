// Deep copies of arguments: plain data, collections, and instances of classes; functions are shared. Cycles and sharing are kept.

import { types } from 'node:util';
import * as p from './primordials.ts';
import { isIterator } from './encode.ts';

const { isMap, isSet, isDate, isRegExp, isNativeError, isPromise, isWeakMap, isWeakSet } = types;

/** A deep copy. Throws a TypeError for iterators, promises and weak collections, which cannot be copied. */
export function deepCopy(value: unknown, seen = new p.NewMap<unknown, unknown>()): unknown {
  if (value === null || typeof value !== 'object') return value;
  const known = p.mapGet(seen, value);
  if (known !== undefined) return known;
  const proto = p.getPrototypeOf(value);
  if (isDate(value) || isRegExp(value) || p.isView(value) || value instanceof ArrayBuffer) {
    const made = p.clone(value);
    if (p.getPrototypeOf(made) !== proto) p.setPrototypeOf(made, proto); // a Buffer comes back as a Uint8Array
    p.mapSet(seen, value, made);
    return made;
  }
  if (isPromise(value) || isWeakMap(value) || isWeakSet(value) || isIterator(value)) throw new TypeError(`a ${isPromise(value) ? 'promise' : 'one-time iterator or weak collection'} cannot be copied`);
  let made: object;
  if (p.isArray(value)) {
    // Elements one by one into an array of the same kind: what a caller's literal would be.
    const items: unknown[] = [];
    p.mapSet(seen, value, items);
    const source = value as unknown[];
    if (proto !== p.ArrayProto) p.setPrototypeOf(items, proto);
    for (let i = 0; i < source.length; i++) if (p.own(source, i)) items[i] = deepCopy(source[i], seen);
    if (items.length !== source.length) items.length = source.length;
    return items;
  } else if (isMap(value)) {
    const map = new p.NewMap<unknown, unknown>();
    p.mapSet(seen, value, map);
    p.mapEach(value, (v, k) => { p.mapSet(map, deepCopy(k, seen), deepCopy(v, seen)); });
    made = map;
  } else if (isSet(value)) {
    const set = new p.NewSet<unknown>();
    p.mapSet(seen, value, set);
    p.setEach(value, (v) => { p.setAdd(set, deepCopy(v, seen)); });
    made = set;
  } else {
    made = isNativeError(value) ? p.clone(value) : proto === p.ObjectProto ? {} : (p.create(proto) as object);
    p.mapSet(seen, value, made);
    const names = p.ownKeys(value);
    for (let i = 0; i < names.length; i++) {
      const name = names[i] as PropertyKey;
      const property = p.getOwnPropertyDescriptor(value, name);
      if (property === undefined) continue;
      if ('value' in property) {
        const copied = deepCopy(property.value, seen);
        // Plain assignment keeps the engine's usual object shapes, so that timing is that of ordinary objects.
        if (property.writable === true && property.enumerable === true && property.configurable === true && name !== '__proto__') (made as Record<PropertyKey, unknown>)[name] = copied;
        else p.defineProperty(made, name, { ...property, value: copied });
      } else p.defineProperty(made, name, property);
    }
    return made;
  }
  if (p.getPrototypeOf(made) !== proto) p.setPrototypeOf(made, proto);
  return made;
}
