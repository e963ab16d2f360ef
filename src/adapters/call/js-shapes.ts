// What the inputs look like, for whoever reads the code without them: types and sizes of each argument. Only the original code is loaded when it is asked for.

import type { Call } from './js-inputs.ts';
import type { ArgumentShape } from './protocol.ts';

const SHOWN = 8;

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  const own: unknown = (Object.getPrototypeOf(value) as { constructor?: { name?: unknown } } | null)?.constructor?.name;
  return typeof own === 'string' && own !== '' ? own : 'Object';
}

/** Null for what has no length. */
function sizeOf(value: unknown): number | null {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  if (value instanceof Map || value instanceof Set) return value.size;
  if (ArrayBuffer.isView(value) && 'length' in value && typeof value.length === 'number') return value.length;
  return nameOf(value) === 'Object' ? Object.keys(value as object).length : null;
}

function firstOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value.slice(0, 1);
  if (value instanceof Map || value instanceof Set) return [...value.values()].slice(0, 1);
  return nameOf(value) === 'Object' ? Object.values(value as object).slice(0, 1) : [];
}

const names = (values: readonly unknown[]): readonly string[] => [...new Set(values.map(nameOf))].sort().slice(0, 4);
const span = (numbers: readonly number[]): readonly [number, number] => [numbers.reduce((a, b) => Math.min(a, b)), numbers.reduce((a, b) => Math.max(a, b))];

function described(values: readonly unknown[]): ArgumentShape {
  const of = names(values.flatMap(firstOf));
  const sizes = values.flatMap((v) => sizeOf(v) ?? []);
  const numbers = values.flatMap((v) => (typeof v === 'number' && Number.isFinite(v) ? [v] : []));
  return {
    name: '', types: names(values), ...(of.length === 0 ? {} : { of }),
    ...(sizes.length === values.length ? { size: span(sizes) } : numbers.length === values.length ? { range: span(numbers) } : {}),
  };
}

/** One for each positional argument. */
export function shapesOf(calls: readonly Call[]): readonly ArgumentShape[] {
  const most = calls.reduce((n, c) => Math.max(n, c.args.length), 0);
  return Array.from({ length: Math.min(most, SHOWN) }, (_, i) => described(calls.flatMap((c) => (c.args.length > i ? [c.args[i]] : []))));
}
