// sigil.yaml → specs: parsed with positions, so that every error names its line and column and what to do.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LineCounter, isMap, isScalar, parseDocument, visit, type Document } from 'yaml';
import * as z from 'zod';
import { UserError } from '../../core/errors.ts';
import type { Spec } from '../../core/spec.ts';
import { specFileSchema, type AgentEntry, type SpecFile } from '../../protocol/spec-file.ts';
import { closest, nearest } from '../text.ts';
import { resolveSpec } from './resolve.ts';

export const SPEC_FILE = 'sigil.yaml';

interface Loaded {
  readonly file: SpecFile;
  readonly specs: ReadonlyMap<string, Spec>;
}

type Path = readonly PropertyKey[];

/**
 * The 1-based position of a key path in the document: of its value, or of its key where `at` says so. Where the path ends before
 * its last key, something is missing: the key of what it is missing in.
 */
function positionOf(doc: Document, lines: LineCounter, path: Path, at: 'key' | 'value' = 'value'): { line: number; col: number } {
  for (let n = path.length; n >= 0; n--) {
    const node: unknown = n === 0 ? doc.contents : doc.getIn(path.slice(0, n), true);
    if (node === undefined || node === null) continue;
    const parent: unknown = n < 2 ? doc.contents : doc.getIn(path.slice(0, n - 1), true);
    const key = isMap(parent) ? parent.items.find((pair) => String(isScalar(pair.key) ? pair.key.value : pair.key) === String(path[n - 1]))?.key : undefined;
    const value = (node as { range?: [number, number, number] | null }).range;
    const range = (at === 'key' || n < path.length) && n > 0 && isScalar(key) ? key.range : value;
    if (range) return lines.linePos(range[0]);
  }
  return { line: 1, col: 1 };
}

/** Zod nests the issues of a union; the branch that got furthest says what was meant, and a wrong key is why a right one is missing. */
function deepest(issue: z.core.$ZodIssue, base: Path = []): { path: Path; issue: z.core.$ZodIssue } {
  const path = [...base, ...issue.path];
  if (issue.code !== 'invalid_union') return { path, issue };
  const inner = issue.errors.flat().map((i) => deepest(i, path)).filter((d) => d.issue.code !== 'invalid_type' || d.path.length > path.length);
  const depth = (d: { path: Path; issue: z.core.$ZodIssue }): number => d.path.length + (d.issue.code === 'unrecognized_keys' ? 1.5 : 0);
  inner.sort((x, y) => depth(y) - depth(x));
  const [best] = inner;
  // A word that is none of the known ones says nothing of the other forms.
  return best === undefined || (best.issue.code === 'invalid_value' && best.path.length === path.length) ? { path, issue } : best;
}

interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly additionalProperties?: Shape | boolean;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
}

/** The keys that the schema knows at a path. */
function knownKeys(path: Path): readonly string[] {
  let at: readonly Shape[] = [z.toJSONSchema(specFileSchema, { io: 'input' }) as Shape];
  const open = (s: Shape): Shape[] => [s, ...(s.anyOf ?? []).flatMap(open)];
  for (const key of path) {
    at = at.flatMap(open).flatMap((s) => {
      if (typeof key === 'number') return s.items ? [s.items] : [];
      const property = s.properties?.[String(key)];
      if (property) return [property];
      return typeof s.additionalProperties === 'object' ? [s.additionalProperties] : [];
    });
  }
  return [...new Set(at.flatMap(open).flatMap((s) => Object.keys(s.properties ?? {})))];
}

function describe(path: Path, issue: z.core.$ZodIssue): { message: string; remedy: string } {
  const key = path.map(String).join('.');
  const what = key === '' ? 'the file' : key;
  const example = '"sigil init" writes an example.';
  switch (issue.code) {
    case 'unrecognized_keys': {
      const word = issue.keys[0] ?? '';
      const known = knownKeys(path);
      const near = nearest(word, known);
      return { message: `unknown key "${word}"${key === '' ? '' : ` in ${key}`}`, remedy: near === undefined ? `Keys here: ${known.join(', ')}.` : `Did you mean "${near}"?` };
    }
    case 'invalid_value':
      return { message: `${what}: must be ${issue.values.length > 1 ? 'one of ' : ''}${issue.values.map(String).join(', ')}`, remedy: `Change ${key} to ${issue.values.length > 1 ? 'one of them' : 'that'}.` };
    case 'invalid_type': {
      const expected = NOUNS[issue.expected] ?? issue.expected;
      if (issue.message.endsWith('received undefined')) return { message: `${what} is missing: ${expected}`, remedy: `Add "${String(path[path.length - 1])}"; ${example}` };
      return { message: `${what}: must be ${expected}`, remedy: issue.expected === 'array' ? `Write it as a list: ${String(path[path.length - 1])}: [ … ].` : `Correct it; ${example}` };
    }
    case 'invalid_union': {
      const words = issue.errors.flat().flatMap((i) => (i.code === 'invalid_value' ? i.values.map((v) => `"${String(v)}"`) : []));
      const known = knownKeys(path);
      if (issue.errors.flat().every((i) => i.message.endsWith('received undefined'))) return { message: `${what} is missing`, remedy: `Add "${String(path[path.length - 1])}"; ${example}` };
      return { message: `${what}: not a form that is known here`, remedy: `Write ${[...(words.length > 0 ? words : ['text']), ...(known.length > 0 ? [`an object with one of: ${known.join(', ')}`] : [])].join(', or ')}.` };
    }
    case 'invalid_key':
      return { message: `"${String(path[path.length - 1])}" is not ${issue.issues[0]?.message ?? 'a name'}`, remedy: 'Rename it.' };
    case 'too_small':
      return { message: `${what}: must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${issue.origin === 'array' ? ' long' : ''}`, remedy: `Correct "${key}".` };
    case 'too_big':
      return { message: `${what}: must be ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}`, remedy: `Correct "${key}".` };
    default:
      return { message: `${what}: must be ${issue.message.replace(/^Invalid [^:]*: must match/i, 'text that matches')}`, remedy: `Correct "${key}".` };
  }
}

const NOUNS: Readonly<Record<string, string>> = { array: 'a list', record: 'a map of names to specs', object: 'a map of keys', string: 'text', number: 'a number', int: 'a whole number', boolean: 'true or false' };

/** Why a document has no value: an alias without its anchor, or a runaway one. */
function aliasError(doc: Document, lines: LineCounter, name: string, e: Error): UserError {
  let at = 0;
  visit(doc, { Alias: (_, node) => {
    if (node.resolve(doc) !== undefined) return undefined;
    at = node.range?.[0] ?? 0;
    return visit.BREAK;
  } });
  const { line, col } = lines.linePos(at);
  return new UserError(`${name}:${line}:${col}: ${e.message}`, 'Write the value out instead of the alias.', 2);
}

/** Parses the text of a sigil.yaml. Throws a UserError like `sigil.yaml:7:5: …` for the first problem. */
export function parseSpecs(text: string, name: string = SPEC_FILE): Loaded {
  const lines = new LineCounter();
  const doc = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const place = (path: Path, at: 'key' | 'value' = 'value'): string => {
    const { line, col } = positionOf(doc, lines, path, at);
    return `${name}:${line}:${col}`;
  };
  const syntax = doc.errors[0];
  if (syntax) {
    const { line, col } = lines.linePos(syntax.pos[0]);
    throw new UserError(`${name}:${line}:${col}: ${syntax.message.replace(/; please use .*$/, '')}`, 'Correct the YAML there.', 2);
  }
  let value: unknown;
  try {
    value = doc.toJS();
  } catch (e) {
    throw aliasError(doc, lines, name, e as Error);
  }
  const parsed = specFileSchema.safeParse(value);
  if (!parsed.success) {
    const first = parsed.error.issues[0] as z.core.$ZodIssue;
    const { path, issue } = deepest(first);
    const where = issue.code === 'unrecognized_keys' ? place([...path, issue.keys[0] ?? ''], 'key') : place(path, issue.code === 'invalid_key' ? 'key' : 'value');
    const { message, remedy } = describe(path, issue);
    throw new UserError(`${where}: ${message}`, remedy, 2);
  }
  const specs = new Map<string, Spec>();
  for (const [specName, entry] of Object.entries(parsed.data.specs))
    specs.set(specName, resolveSpec(specName, entry, (path) => `${place(['specs', specName, ...path])}, spec "${specName}"`));
  return { file: parsed.data, specs };
}

/** The specs of a project; empty when it has no sigil.yaml. */
export function loadSpecs(projectRoot: string): ReadonlyMap<string, Spec> {
  const path = join(projectRoot, SPEC_FILE);
  if (!existsSync(path)) return new Map();
  // An editor that reads messages from a terminal does not know the folder that they are told from.
  return parseSpecs(readFileSync(path, 'utf8'), process.env['SIGIL_ABSOLUTE_PATHS'] === '1' ? path : SPEC_FILE).specs;
}

/** The agents that a project's sigil.yaml describes, by name. */
export function loadAgents(projectRoot: string): Readonly<Record<string, AgentEntry>> {
  const path = join(projectRoot, SPEC_FILE);
  return existsSync(path) ? (parseSpecs(readFileSync(path, 'utf8')).file.agents ?? {}) : {};
}

/** One spec by name. Throws with the nearest name when there is none. */
export function specNamed(specs: ReadonlyMap<string, Spec>, name: string): Spec {
  const spec = specs.get(name);
  if (spec) return spec;
  const known = [...specs.keys()];
  throw new UserError(`there is no spec "${name}" in ${SPEC_FILE}`, known.length === 0 ? `Write one in ${SPEC_FILE} ("sigil init" makes a start), or give --source, --eval-command and --metric.` : closest(name, known, 'spec'), 2);
}
