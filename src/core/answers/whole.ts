// Whole functions, regions and files in an answer: which pins they are, and what else they bring along.

import { diffArrays } from 'diff';
import type { BaseFile, Genome, Pin } from '../pin.ts';
import { outsideFiles, outsideWords, resolveFile, type Applied } from './apply.ts';
import { definitionsIn, type Definition } from './definitions.ts';
import { pathIn, quote } from './edit.ts';
import { astray } from './astray.ts';
import { elisionIn } from './elision.ts';
import type { Fence } from './fences.ts';
import { fitted, standing } from './fit.ts';
import { functions } from './functions.ts';
import { isBalanced, mask } from './mask.ts';
import { changeOfRows, pinRows, settle, viewOf, type Change, type View } from './view.ts';

/** Code of an answer that may be a whole function, region or file. */
export interface Code {
  readonly lines: readonly string[];
  readonly path: string | null;
  readonly closed: boolean;
  /** Lines above it, which may say that this one is meant. */
  readonly above: readonly string[];
}

interface Claim {
  readonly texts: Genome;
  readonly code: Code;
}

const OTHER = new Set(['bash', 'sh', 'shell', 'console', 'zsh', 'output', 'text', 'txt', 'log', 'plaintext', 'math', 'latex', 'mermaid', 'diff', 'patch', 'udiff', 'json', 'yaml', 'toml', 'html', 'csv', 'sql']);
const CODES: Readonly<Record<string, string>> = { py: 'python', python: 'python', python3: 'python', js: 'script', javascript: 'script', ts: 'script', typescript: 'script', tsx: 'script', jsx: 'script', mjs: 'script', go: 'go', golang: 'go', rust: 'rust', rs: 'rust', java: 'java', c: 'c', cpp: 'c', 'c++': 'c', h: 'c', hpp: 'c', cc: 'c' };

export function codesOf(fences: readonly Fence[]): readonly Code[] {
  return fences.filter((f) => !OTHER.has(f.info)).map((f) => ({ lines: f.lines, path: f.path, closed: f.closed, above: f.above, info: CODES[f.info] ?? f.info }));
}

/** Reads codes as whole parts. Null when none of them has anything to do with the pins. */
export function wholeParts(base: readonly BaseFile[], parent: Genome, codes: readonly Code[]): Applied | null {
  const views = base.map((f) => viewOf(f, parent));
  const claims: Claim[] = [];
  let stranger: string | null = null;
  const unclaimed: Code[] = [];
  for (const raw of codes) {
    const code = tidied(raw);
    if (code.lines.length === 0) continue;
    const file = code.path === null ? null : resolveFile(base, code.path);
    const made = code.path !== null && file === null && views.length === 1 && views.some((v) => partsIn(v, code.lines).pins.size > 0);
    if (code.path !== null && file === null && !made) {
      stranger ??= outsideFiles(code.path, base);
      continue;
    }
    const claim = claimOf(file === null ? views : views.filter((v) => v.file === file), code, file !== null, codes.length === 1);
    if (claim === null) {
      unclaimed.push(code);
      continue;
    }
    if ('problem' in claim) return claim;
    claims.push({ texts: claim.genome, code });
  }
  if (claims.length === 0) return stranger === null ? null : { problem: stranger };
  const united = unite(claims, parent);
  if ('genome' in united && stranger !== null) return { problem: stranger };
  return 'genome' in united ? astray(unclaimed, united.genome, views) ?? united : united;
}

/** Without a path in the first line, line numbers, and blank lines around. */
function tidied(code: Code): Code {
  let { lines, path } = code;
  const full = lines.filter((line) => line.trim() !== '');
  const number = /^\s*\d+(?:\s*[|:\u2502]|\t|\u2192)\s?/;
  if (full.length > 1 && full.every((line) => number.test(line))) lines = lines.map((line) => line.replace(number, ''));
  while (lines.length > 0 && lines[0]?.trim() === '') lines = lines.slice(1);
  while (lines.length > 0 && lines.at(-1)?.trim() === '') lines = lines.slice(0, -1);
  const first = lines[0] ?? '';
  const named = /^\s*(?:#|\/\/|\/\*|--|<!--)/.test(first) ? pathIn(first) : null;
  if (named !== null) {
    path ??= named;
    lines = lines.slice(1);
  }
  return { ...code, lines, path };
}

/** Several codes for one pin: those that say what stands already do not count; of others, the one that is called final. */
function unite(claims: readonly Claim[], parent: Genome): Applied {
  const out: Record<string, string> = { ...parent };
  const ids = new Set(claims.flatMap((c) => Object.keys(c.texts)));
  for (const id of ids) {
    const own = claims.filter((c) => c.texts[id] !== undefined && c.texts[id] !== parent[id]);
    const texts = new Set(own.map((c) => c.texts[id]));
    const final = own.filter((c) => c.code.above.slice(-2).some((line) => /\b(?:final|complete|full|whole|corrected|fixed)\b/i.test(line)));
    const chosen = texts.size <= 1 ? own[0] : new Set(final.map((c) => c.texts[id])).size === 1 ? final[0] : undefined;
    if (texts.size > 1 && chosen === undefined) return { problem: `The answer has ${texts.size} different versions of ${id}. Send one, whole.` };
    const text = chosen?.texts[id];
    if (text !== undefined) out[id] = text;
  }
  return { genome: out };
}

function claimOf(views: readonly View[], code: Code, named: boolean, alone: boolean): Applied | null {
  const known = new Set(views.flatMap((v) => v.lines.map((line) => line.trim())));
  const found = views.map((view) => ({ view, parts: partsIn(view, code.lines) }));
  const hits = found.filter(({ parts }) => parts.pins.size > 0);
  const wholes = views.filter((view) => isWholeFile(view, code.lines));
  const single = hits[0] ?? (wholes.length === 1 || ((named || alone) && views.length === 1) ? found.find(({ view }) => view === (wholes[0] ?? views[0])) : undefined);
  const problem = (text: string): Applied => ({ problem: text });
  if (single === undefined) return null;
  const elision = elisionIn(code.lines, known);
  if (elision !== null) return problem(`The answer leaves code out ("${elision.trim()}"). That is not taken for code: write every line in full and send the whole answer again.`);
  if (hits.length > 1) {
    const names = hits.flatMap(({ parts }) => [...parts.pins.keys()].map((p) => p.id));
    return problem(`The answer's code may be any of ${names.join(', ')}. Say which file it is, on the line above it.`);
  }
  if (single.parts.unclear !== null) return problem(single.parts.unclear);
  if (!code.closed && !isBalanced(mask(code.lines, single.view.language))) return problem(`The answer is cut off behind:\n${quote(code.lines.slice(-3))}\nSend it again, whole.`);
  if (single.parts.pins.size > 0) return wholes.includes(single.view) ? wholeFile(single.view, code.lines, single.parts.pins) : functions(single.view, code.lines, single.parts.pins);
  if (wholes.includes(single.view)) return wholeFile(single.view, code.lines, new Map());
  return region(single.view, code.lines, named);
}

interface Parts {
  readonly pins: ReadonlyMap<Pin, Definition>;
  /** Why it cannot be said which is which. */
  readonly unclear: string | null;
}

/** The function pins that a code defines. */
function partsIn(view: View, lines: readonly string[]): Parts {
  const pins = new Map<Pin, Definition>();
  let unclear: string | null = null;
  const functionPins = view.file.pins.filter((p) => p.kind === 'function');
  if (functionPins.length === 0) return { pins, unclear };
  const definitions = definitionsIn(lines, view.language);
  const path = (p: Pin): readonly string[] => (p.symbol ?? '').replace(/~\d+$/, '').split('.');
  for (const pin of functionPins) {
    const parts = path(pin);
    const [name, scope] = [parts.at(-1), parts.at(-2)];
    const named = definitions.filter((d) => d.name === name || (name === 'default' && definitions.length === 1));
    const scoped = named.filter((d) => scope !== undefined && d.scope === scope);
    const free = named.filter((d) => d.scope === null || !definitions.some((o) => o !== d && o.from < d.from && o.to >= d.to));
    const fits = scoped.length > 0 ? scoped : free.filter((d) => d.scope === null);
    const rivals = functionPins.filter((p) => path(p).at(-1) === name && (scoped.length === 0 || path(p).at(-2) === scope));
    if (fits.length === 0) continue;
    const nth = Number(/~(\d+)$/.exec(pin.symbol ?? '')?.[1] ?? 1);
    const alike = definitionsIn(view.lines, view.language).filter((d) => d.name === name && (scope === undefined || d.scope === scope)).length;
    if (alike > 1 && fits.length === alike) {
      pins.set(pin, fits[nth - 1] as Definition);
      continue;
    }
    if (rivals.length > 1 && rivals.length === fits.length) pins.set(pin, fits[rivals.indexOf(pin)] as Definition);
    else if (rivals.length > 1) unclear ??= `The answer's ${name ?? 'function'} may be any of ${rivals.map((p) => p.id).join(', ')}. Write each with its class around it.`;
    else if (fits.length > 1) unclear ??= `The answer has ${fits.length} functions called ${name ?? ''}. Send one, whole.`;
    else pins.set(pin, fits[0] as Definition);
  }
  return { pins, unclear };
}

/** Lines outside the pins that say something. */
function outsideLines(view: View): readonly string[] {
  const rows = pinRows(view);
  return view.lines.filter((line, row) => /\w/.test(line) && !rows.some((p) => row >= p.first && row <= p.last)).map((line) => line.trim());
}

function isWholeFile(view: View, lines: readonly string[]): boolean {
  const outside = outsideLines(view);
  const given = new Set(lines.map((line) => line.trim()));
  const shared = outside.filter((line) => given.has(line)).length;
  return outside.length >= 2 && shared >= 2 && shared / outside.length >= 0.6;
}

/** Changes from a view's lines to others; white space at lines' ends is no difference. */
function lineChanges(view: View, lines: readonly string[]): readonly { readonly change: Change; readonly only: '+' | '-' | '±' }[] {
  const out: { change: Change; only: '+' | '-' | '±' }[] = [];
  let row = 0;
  let run: { from: number; to: number; lines: string[] } | null = null;
  const flush = (): void => {
    const change = run && changeOfRows(view, run.from, run.to, run.lines);
    if (run && change) out.push({ change, only: run.lines.length === 0 ? '-' : run.from === run.to ? '+' : '±' });
    run = null;
  };
  for (const part of diffArrays([...view.lines], [...lines], { comparator: (a, b) => a.trimEnd() === b.trimEnd() })) {
    if (part.added) (run ??= { from: row, to: row, lines: [] }).lines.push(...part.value);
    else if (part.removed) {
      run ??= { from: row, to: row, lines: [] };
      row += part.value.length;
      run.to = row;
    } else {
      flush();
      row += part.value.length;
    }
  }
  flush();
  return out;
}

/** A file as the answer writes it, first by the functions that it defines, then by what is left to compare. Lines left out around the pins stay. */
function wholeFile(view: View, lines: readonly string[], pins: Parts['pins']): Applied {
  const texts: Record<string, string> = Object.fromEntries(view.spans.map(([id, start, end]) => [id, view.text.slice(start, end)]));
  for (const [pin, d] of pins) texts[pin.id] = fitted(view, pin, lines.slice(d.from, d.to));
  const next = viewOf(view.file, texts);
  const inPin = (c: Change): boolean => next.spans.some(([, s, e]) => c.start >= s && c.end <= e);
  const changes = lineChanges(next, lines).filter(({ change, only }) => only !== '-' || inPin(change) && view.file.pins.some((p) => p.kind !== 'function')).map(({ change }) => change);
  const ours = changes.filter((c) => !(inPin(c) && next.spans.some(([id, s, e]) => c.start >= s && c.end <= e && [...pins.keys()].some((p) => p.id === id) && c.start > s && c.end < e)));
  const settled = settle(next, texts, ours);
  return 'outside' in settled ? { problem: outsideWords(next, settled.outside) } : settled;
}

/** A region, or a file that is a pin as a whole. */
function region(view: View, lines: readonly string[], named: boolean): Applied | null {
  const pins = view.file.pins.filter((p) => p.kind !== 'function');
  const marks = lines.flatMap((line, i) => (/EVOLVE-BLOCK-(?:START|END)/.test(line) ? [i] : []));
  const pin = pins[0];
  if (pin === undefined) return null;
  const put = (p: Pin, given: readonly string[]): Applied => {
    const [, start, end] = view.spans.find(([id]) => id === p.id) ?? [p.id, 0, 0];
    const old = viewOf({ file: p.file, text: view.text.slice(start, end), pins: [{ ...p, range: { ...p.range, start: 0, end: end - start } }] }, {});
    const settled = settle(old, {}, lineChanges(old, given).map(({ change }) => change));
    return 'outside' in settled ? { problem: outsideWords(view, settled.outside) } : settled;
  };
  if (marks.length > 0) {
    if (marks.length !== pins.length * 2) return { problem: `The answer has ${marks.length} EVOLVE-BLOCK markers where ${view.file.file} has ${pins.length * 2}. Send each block whole, between its two markers.` };
    let genome: Genome = {};
    for (const [i, p] of pins.entries()) {
      const one = put(p, lines.slice((marks[2 * i] ?? 0) + 1, marks[2 * i + 1]));
      if ('problem' in one) return one;
      genome = { ...genome, ...one.genome };
    }
    return { genome };
  }
  if (pins.length > 1) return { problem: `The answer's code may be any of ${pins.map((p) => p.id).join(', ')}. Send each block with its EVOLVE-BLOCK markers around it.` };
  const old = standing(view, pin).lines;
  const [had, has] = [definitionsIn(old, view.language), definitionsIn(lines, view.language)];
  const top = (all: readonly Definition[]): readonly Definition[] => all.filter((d) => !all.some((o) => o !== d && o.from <= d.from && o.to >= d.to && o.head < d.head));
  const missing = top(had).filter((d) => !has.some((h) => h.name === d.name));
  const shared = top(has).filter((d) => had.some((h) => h.name === d.name));
  if (missing.length === 0 && (shared.length > 0 || had.length === 0)) return put(pin, lines);
  if (shared.length === 0) return named ? { problem: `The answer's code for ${pin.id} has none of its functions (${top(had).map((d) => d.name).join(', ')}). Send the whole block.` } : null;
  // Some of the region's functions: they take the place of those of the same name.
  let next = [...old];
  for (const d of [...shared].reverse()) {
    const all = definitionsIn(next, view.language).filter((h) => h.name === d.name);
    const target = all.length === 1 ? all[0] : undefined;
    if (target === undefined) return { problem: `The answer's ${d.name} may be any of several in ${pin.id}. Send the whole block.` };
    next = [...next.slice(0, target.from), ...lines.slice(d.from, d.to), ...next.slice(target.to)];
  }
  const rest = lines.filter((line, i) => /\w/.test(line) && !shared.some((d) => i >= d.from && i < d.to) && !old.some((o) => o.trim() === line.trim()));
  if (rest.length > 0) return { problem: `The answer gives some functions of ${pin.id} and this beside them:\n${quote(rest, 10)}\nSend the whole block.` };
  return put(pin, next);
}
