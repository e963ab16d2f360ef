// sigil.yaml → specs: parsed with positions, so that every error names its line and column and what to do.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LineCounter, parseDocument, type Document } from 'yaml';
import type { z } from 'zod';
import { UserError } from '../../core/errors.ts';
import type { Spec } from '../../core/spec.ts';
import { specFileSchema, type SpecFile } from '../../protocol/spec-file.ts';
import { closest, nearest } from '../text.ts';
import { resolveSpec } from './resolve.ts';

export const SPEC_FILE = 'sigil.yaml';

interface Loaded {
  readonly file: SpecFile;
  readonly specs: ReadonlyMap<string, Spec>;
}

type Path = readonly PropertyKey[];

/** The 1-based position of a key path in the document: of the deepest part of it that exists. */
function positionOf(doc: Document, lines: LineCounter, path: Path): { line: number; col: number } {
  for (let n = path.length; n >= 0; n--) {
    const node: unknown = n === 0 ? doc.contents : doc.getIn(path.slice(0, n), true);
    const range = (node as { range?: [number, number, number] } | null | undefined)?.range;
    if (range) return lines.linePos(range[0]);
  }
  return { line: 1, col: 1 };
}

/** Zod nests the issues of a union; the branch that got furthest says what was meant. */
function deepest(issue: z.core.$ZodIssue, base: Path = []): { path: Path; issue: z.core.$ZodIssue } {
  const path = [...base, ...issue.path];
  if (issue.code !== 'invalid_union') return { path, issue };
  const inner = issue.errors.flat().map((i) => deepest(i, path)).filter((d) => d.issue.code !== 'invalid_type' || d.path.length > path.length);
  inner.sort((a, b) => b.path.length - a.path.length);
  return inner[0] ?? { path, issue };
}

const KEYS: Record<string, readonly string[]> = {
  '': ['version', 'specs', '$schema'],
  spec: ['pins', 'scope', 'link', 'copy', 'outputs', 'setup', 'build', 'gates', 'measure', 'call', 'held_out', 'metrics', 'objective', 'timeouts', 'env', 'network', 'memory_mb', 'alpha', 'budget', 'optimizer', 'instructions'],
  metrics: ['name', 'kind', 'direction', 'unit', 'source', 'exclusive', 'min_effect'],
  call: ['inputs', 'held_out', 'compare', 'ordered', 'seed', 'tolerance'],
  budget: ['evaluations', 'time', 'usd'],
  scope: ['editable', 'readonly', 'hidden'],
  timeouts: ['setup', 'build', 'gate', 'measure'],
  source: ['json', 'file', 'path', 'regex', 'parse', 'timer', 'call'],
};

function knownKeys(path: Path): readonly string[] {
  const names = path.filter((p) => typeof p === 'string');
  if (names.length === 0) return KEYS[''] ?? [];
  if (names.length === 2 && names[0] === 'specs') return KEYS['spec'] ?? [];
  return KEYS[String(names[names.length - 1])] ?? [];
}

function describe(path: Path, issue: z.core.$ZodIssue): { message: string; remedy: string } {
  const key = path.map(String).join('.');
  switch (issue.code) {
    case 'unrecognized_keys': {
      const word = issue.keys[0] ?? '';
      const known = knownKeys(path);
      const near = nearest(word, known);
      return { message: `unknown key "${word}"${key === '' ? '' : ` in ${key}`}`, remedy: near === undefined ? `Keys here: ${known.join(', ')}.` : `Did you mean "${near}"?` };
    }
    case 'invalid_value':
      return { message: `${key}: must be one of ${issue.values.map(String).join(', ')}`, remedy: `Change ${key} to one of them.` };
    case 'invalid_type':
      return { message: `${key === '' ? 'the file' : key}: ${issue.message.replace(/^Invalid input: /, '')}`, remedy: `Add or correct ${key === '' ? 'it' : `"${key}"`}; see "sigil validate --help" for an example.` };
    default:
      return { message: `${key}: ${issue.message.replace(/^Invalid (input|string|key[^:]*): ?/i, '')}`, remedy: `Correct "${key}".` };
  }
}

/** Parses the text of a sigil.yaml. Throws a UserError like `sigil.yaml:7:5: …` for the first problem. */
export function parseSpecs(text: string, name: string = SPEC_FILE): Loaded {
  const lines = new LineCounter();
  const doc = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const syntax = doc.errors[0];
  if (syntax) {
    const { line, col } = lines.linePos(syntax.pos[0]);
    throw new UserError(`${name}:${line}:${col}: ${syntax.message}`, 'Correct the YAML there.', 2);
  }
  const parsed = specFileSchema.safeParse(doc.toJS());
  if (!parsed.success) {
    const first = parsed.error.issues[0] as z.core.$ZodIssue;
    const { path, issue } = deepest(first);
    const { line, col } = positionOf(doc, lines, issue.code === 'unrecognized_keys' ? [...path, issue.keys[0] ?? ''] : path);
    const { message, remedy } = describe(path, issue);
    throw new UserError(`${name}:${line}:${col}: ${message}`, remedy, 2);
  }
  const specs = new Map<string, Spec>();
  for (const [specName, entry] of Object.entries(parsed.data.specs)) {
    const { line, col } = positionOf(doc, lines, ['specs', specName]);
    specs.set(specName, resolveSpec(specName, entry, `${name}:${line}:${col}, spec "${specName}"`));
  }
  return { file: parsed.data, specs };
}

/** The specs of a project; empty when it has no sigil.yaml. */
export function loadSpecs(projectRoot: string): ReadonlyMap<string, Spec> {
  const path = join(projectRoot, SPEC_FILE);
  if (!existsSync(path)) return new Map();
  return parseSpecs(readFileSync(path, 'utf8')).specs;
}

/** One spec by name. Throws with the nearest name when there is none. */
export function specNamed(specs: ReadonlyMap<string, Spec>, name: string): Spec {
  const spec = specs.get(name);
  if (spec) return spec;
  const known = [...specs.keys()];
  throw new UserError(`there is no spec "${name}" in ${SPEC_FILE}`, known.length === 0 ? `Write one in ${SPEC_FILE} ("sigil init" makes a start), or give --source, --eval-command and --metric.` : closest(name, known, 'spec'), 2);
}
