// From a reference in a spec (`path#symbol`, `path#region`, `path`, `FILE:LINE`) to the pin that it names.

import { distance } from 'fastest-levenshtein';
import { UserError } from '../../core/errors.ts';
import type { BaseFile, Pin } from '../../core/pin.ts';
import type { FunctionInfo } from './functions.ts';
import { listFunctions } from './functions.ts';
import { linesOf, rangeOf } from './lines.ts';
import { languageOf } from './parser.ts';
import { findPins, functionPin } from './pins.ts';

/** The text of a file by its path from the project root. Where there is none: null, or a UserError. */
export type ReadText = (file: string) => Promise<string | null> | string | null;

/** What can be pinned in a text: marked regions and all functions, those with marks with their options. */
interface Pinnable {
  readonly functions: readonly FunctionInfo[];
  readonly functionPins: readonly Pin[];
  readonly regions: readonly Pin[];
}

async function pinnable(file: string, text: string): Promise<Pinnable> {
  const language = languageOf(file, text);
  const { pins } = await findPins(file, text);
  const functions = language === null ? [] : await listFunctions(language, text);
  const marked = new Map(pins.filter((p) => p.kind === 'function').map((p) => [p.id, p]));
  return {
    functions,
    functionPins: functions.map((f) => marked.get(`${file}#${f.symbol}`) ?? functionPin(file, language, f, {})),
    regions: pins.filter((p) => p.kind === 'region'),
  };
}

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

  const { functions, functionPins, regions } = await pinnable(file, text);
  const found = [...regions.filter((r) => r.id === `${file}#${symbol}`), ...functionPins.filter((p) => p.symbol === symbol)];
  if (found.length === 0 && symbol === 'default') found.push(...functionPins.filter((_, i) => functions[i]?.isDefault === true));
  const [pin, other] = found;
  if (pin && other) throw new UserError(`"${ref}" is both a region (line ${pin.range.startLine}) and a function (line ${other.range.startLine})`, 'Give the EVOLVE-BLOCK a name of its own.', 2);
  if (pin) return pin;
  throw new UserError(`there is no function or region "${symbol}" in ${file}`, suggest(symbol, [...functionPins, ...regions]), 2);
}

/** Names that end alike or are spelt alike, each with its line. */
function suggest(symbol: string, pins: readonly Pin[]): string {
  if (pins.length === 0) return 'It has no functions that can be found and no EVOLVE-BLOCK; pin the whole file by its path.';
  const nameOf = (p: Pin): string => p.id.slice(p.file.length + 1);
  const wanted = symbol.toLowerCase();
  const last = wanted.slice(wanted.lastIndexOf('.') + 1);
  const near = pins
    .map((pin) => {
      const name = nameOf(pin).toLowerCase();
      const own = name.slice(name.lastIndexOf('.') + 1).replace(/~\d+$/, '');
      const d = own === last ? 0 : Math.min(distance(name, wanted), distance(own, last));
      return { pin, d };
    })
    .filter(({ d }) => d <= Math.max(2, Math.floor(symbol.length / 3)))
    .sort((a, b) => a.d - b.d || a.pin.range.start - b.pin.range.start)
    .slice(0, 5)
    .map(({ pin }) => `${nameOf(pin)} (line ${pin.range.startLine})`);
  if (near.length > 0) return `Did you mean ${near.join(' or ')}?`;
  return `It has ${pins.slice(0, 12).map(nameOf).join(', ')}${pins.length > 12 ? `, and ${pins.length - 12} more` : ''}.`;
}

/** The innermost function around a 1-based line, or else the region. Throws a UserError when neither is there. */
export async function resolveLine(file: string, line: number, text: string): Promise<Pin> {
  const { functionPins, regions } = await pinnable(file, text);
  const around = (p: Pin): boolean => p.range.startLine <= line && line <= p.range.endLine && p.range.end > p.range.start;
  const length = (p: Pin): number => p.range.end - p.range.start;
  const candidates = functionPins.filter(around).sort((a, b) => length(a) - length(b));
  const [inner, next] = candidates;
  // Two that share the line without one holding the other: which is meant cannot be told.
  const outside = next && inner && candidates.find((c) => c !== inner && !(c.range.start <= inner.range.start && inner.range.end <= c.range.end));
  if (inner && outside) throw new UserError(`on line ${line} of ${file} there are ${inner.symbol ?? ''} and ${outside.symbol ?? ''}`, 'Put them on lines of their own, or name one: FILE#SYMBOL.', 2);
  const pin = inner ?? regions.find(around);
  if (pin) return pin;
  const near = [...functionPins].sort((a, b) => gap(a, line) - gap(b, line)).slice(0, 3).map((p) => `${p.symbol ?? ''} (line ${p.range.startLine})`);
  throw new UserError(`there is no function around line ${line} of ${file}`, near.length > 0 ? `The nearest: ${near.join(', ')}.` : 'Pin the whole file, or put EVOLVE-BLOCK-START and EVOLVE-BLOCK-END around the code.', 2);
}

function gap(p: Pin, line: number): number {
  return Math.max(p.range.startLine - line, line - p.range.endLine);
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
