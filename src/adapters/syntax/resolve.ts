// From a reference in a spec (`path#symbol`, `path#region`, `path`, `FILE:LINE`) to the pin that it names.

import { distance } from 'fastest-levenshtein';
import { UserError } from '../../core/errors.ts';
import type { BaseFile, Pin, Range } from '../../core/pin.ts';
import type { Functions, Outline } from './functions.ts';
import { linesOf, rangeOf } from './lines.ts';
import { languageOf } from './parser.ts';
import { functionPin, withPins } from './pins.ts';
import type { FoundPins } from './pins.ts';

/** The text of a file by its path from the project root. Where there is none: null, or a UserError. */
export type ReadText = (file: string) => Promise<string | null> | string | null;

/** A path from the project root with `/`, without `./`. Throws a UserError for paths out of the project. */
function tidyPath(path: string, ref: string): string {
  const parts: string[] = [];
  for (const part of path.replaceAll('\\', '/').split('/')) {
    if (part === '..' && parts.pop() === undefined) throw new UserError(`the pin "${ref}" is outside the project`, 'Name a file by its path from the project root.', 2);
    if (part !== '..' && part !== '.' && part !== '') parts.push(part);
  }
  if (/^([\\/]|[A-Za-z]:)/.test(path) || parts.length === 0) throw new UserError(`the pin "${ref}" is not a path from the project root`, 'Write for example src/a.py#f.', 2);
  return parts.join('/');
}

/** Splits at the first `#` before which a file stands: both paths and symbols may hold one. */
async function locate(ref: string, readText: ReadText): Promise<{ readonly file: string; readonly text: string; readonly symbol: string | null }> {
  let failed: unknown;
  for (let at = ref.indexOf('#'); ; at = ref.indexOf('#', at + 1)) {
    const file = tidyPath(at < 0 ? ref : ref.slice(0, at), ref);
    try {
      const text = await readText(file);
      if (text !== null) return { file, text, symbol: at < 0 ? null : ref.slice(at + 1) };
    } catch (e) {
      if (!(e instanceof UserError)) throw e;
      failed ??= e; // of the shortest path: the likeliest one
    }
    if (at < 0) break;
  }
  if (failed !== undefined) throw failed as UserError;
  throw new UserError(`the pin "${ref}" names a file that is not there`, 'Write its path from the project root.', 2);
}

/**
 * The pin that a reference names. Throws a UserError when there is none, with the nearest names, or when it could be two.
 * `path#default` is the default export of a module, `path:line` the innermost function around a line.
 */
export async function resolvePinRef(ref: string, readText: ReadText): Promise<Pin> {
  return (await resolveRef(ref, readText)).pin;
}

async function resolveRef(ref: string, readText: ReadText): Promise<{ readonly pin: Pin; readonly text: string }> {
  const place = parseFileLine(ref);
  const { file, text, symbol } = await locate(place?.file ?? ref, readText);
  return { pin: place ? await resolveLine(file, place.line, text) : await pinIn(ref, file, text, symbol), text };
}

async function pinIn(ref: string, file: string, text: string, symbol: string | null): Promise<Pin> {
  if (symbol === null) return { id: file, file, kind: 'file', language: languageOf(file, text), range: rangeOf(linesOf(text), 0, text.length), options: {} };
  return withPins(file, text, (found, functions) => {
    const named = functions.outlines.find((o) => o.symbol === symbol) ?? (symbol === 'default' ? functions.outlines.find((o) => o.isDefault) : undefined);
    const pin = named && pinOf(file, text, named, found, functions);
    const region = found.pins.find((p) => p.kind === 'region' && p.id === `${file}#${symbol}`);
    if (pin && region) throw new UserError(`"${ref}" is both a region (line ${region.range.startLine}) and a function (line ${pin.range.startLine})`, 'Give the EVOLVE-BLOCK a name of its own.', 2);
    const one = pin ?? region;
    if (one) return one;
    throw new UserError(`there is no function or region "${symbol}" in ${file}`, suggest(symbol, placesOf(found, functions)), 2);
  });
}

/** A function's pin, with the options of its mark if it has one. */
function pinOf(file: string, text: string, outline: Outline, found: FoundPins, functions: Functions): Pin {
  return found.pins.find((p) => p.symbol === outline.symbol) ?? functionPin(file, languageOf(file, text), functions.describe(outline), {});
}

interface Place {
  readonly name: string;
  readonly line: number;
}

function placesOf(found: FoundPins, functions: Functions): Place[] {
  const regions = found.pins.filter((p) => p.kind === 'region').map((p) => ({ name: p.id.slice(p.file.length + 1), line: p.range.startLine }));
  return [...functions.outlines.map((o) => ({ name: o.symbol, line: o.range.startLine })), ...regions];
}

/** Names that end alike or are spelt alike, each with its line. */
function suggest(symbol: string, places: readonly Place[]): string {
  if (places.length === 0) return 'It has no functions that can be found and no EVOLVE-BLOCK; pin the whole file by its path.';
  const wanted = symbol.toLowerCase();
  const last = wanted.slice(wanted.lastIndexOf('.') + 1);
  const near = places
    .map((place) => {
      const name = place.name.toLowerCase();
      const own = name.slice(name.lastIndexOf('.') + 1).replace(/~\d+$/, '');
      return { ...place, d: own === last ? 0 : Math.min(distance(name, wanted), distance(own, last)) };
    })
    .filter(({ d }) => d <= Math.max(2, Math.floor(symbol.length / 3)))
    .sort((a, b) => a.d - b.d || a.line - b.line)
    .slice(0, 5)
    .map(({ name, line }) => `${name} (line ${line})`);
  if (near.length > 0) return `Did you mean ${near.join(' or ')}?`;
  return `It has ${places.slice(0, 12).map((p) => p.name).join(', ')}${places.length > 12 ? `, and ${places.length - 12} more` : ''}.`;
}

/** The innermost function around a 1-based line, or else the region. Throws a UserError when neither is there. */
export async function resolveLine(file: string, line: number, text: string): Promise<Pin> {
  return withPins(file, text, (found, functions) => {
    const around = ({ range: r }: { readonly range: Range }): boolean => r.startLine <= line && line <= r.endLine && r.end > r.start;
    const candidates = functions.outlines.filter(around).sort((a, b) => a.range.end - a.range.start - (b.range.end - b.range.start));
    const [inner] = candidates;
    // Two that share the line without one holding the other: which is meant cannot be told.
    const outside = inner && candidates.find((c) => c !== inner && !(c.range.start <= inner.range.start && inner.range.end <= c.range.end));
    if (outside) throw new UserError(`on line ${line} of ${file} there are ${inner.symbol} and ${outside.symbol}`, 'Put them on lines of their own, or name one: FILE#SYMBOL.', 2);
    if (inner) return pinOf(file, text, inner, found, functions);
    const region = found.pins.find((p) => p.kind === 'region' && around(p));
    if (region) return region;
    const gap = ({ range: r }: Outline): number => Math.max(r.startLine - line, line - r.endLine);
    const near = [...functions.outlines].sort((a, b) => gap(a) - gap(b)).slice(0, 3).map((o) => `${o.symbol} (line ${o.range.startLine})`);
    throw new UserError(`there is no function around line ${line} of ${file}`, near.length > 0 ? `The nearest: ${near.join(', ')}.` : 'Pin the whole file, or put EVOLVE-BLOCK-START and EVOLVE-BLOCK-END around the code.', 2);
  });
}

/** `FILE:LINE` split, or null. */
function parseFileLine(ref: string): { readonly file: string; readonly line: number } | null {
  const m = /^([^#]+):(\d+)$/.exec(ref);
  return m?.[1] === undefined ? null : { file: m[1], line: Number(m[2]) };
}

/** All references of a spec, by file and position. Throws a UserError when two pins share text: one edit would be two. */
export async function resolvePinRefs(refs: readonly string[], readText: ReadText): Promise<BaseFile[]> {
  const files = new Map<string, { text: string; pins: Pin[] }>();
  for (const ref of refs) {
    const { pin, text } = await resolveRef(ref, readText);
    const file = files.get(pin.file) ?? { text, pins: [] };
    file.pins.push(pin);
    files.set(pin.file, file);
  }
  return [...files].map(([file, { text, pins }]) => {
    pins.sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
    pins.forEach((pin, i) => {
      const before = pins[i - 1];
      if (before?.id === pin.id) throw new UserError(`the pin ${pin.id} is there twice`, 'Leave one out.', 2);
      if (before && pin.range.start < before.range.end)
        throw new UserError(`the pins ${before.id} (lines ${before.range.startLine}–${before.range.endLine}) and ${pin.id} (lines ${pin.range.startLine}–${pin.range.endLine}) overlap`, 'Keep the one that is meant, or the outer one alone.', 2);
    });
    return { file, text, pins };
  });
}
