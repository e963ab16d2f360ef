// Edits laid onto the parent's files: each found, each inside the pins, or the reason why not.

import type { Genome, BaseFile } from '../pin.ts';
import { quote, type Edit } from './edit.ts';
import { elisionIn } from './elision.ts';
import { reindented, type Op } from './indent.ts';
import { locate, nearest, plain, type Match } from './locate.ts';
import { changeOfRows, pinRows, rowOf, settle, viewOf, type Change, type View } from './view.ts';

export type Applied = { readonly genome: Genome } | { readonly problem: string };

/** The base file that a path in an answer means; null when none is like it. */
export function resolveFile(files: readonly BaseFile[], path: string): BaseFile | null {
  const clean = path.replace(/\\/g, '/').replace(/^(?:\.\/|\/+)+/, '').replace(/^[ab]\/(?=.)/, (m) => (files.some((f) => f.file.startsWith(m)) ? m : ''));
  const one = (test: (file: string) => boolean): BaseFile | null => {
    const found = files.filter((f) => test(f.file));
    return found.length === 1 ? (found[0] ?? null) : null;
  };
  return files.find((f) => f.file === clean) ?? one((f) => clean.endsWith(`/${f}`) || f.endsWith(`/${clean}`)) ?? one((f) => f.toLowerCase() === clean.toLowerCase())
    ?? one((f) => f.slice(f.lastIndexOf('/') + 1) === clean.slice(clean.lastIndexOf('/') + 1));
}

export const outsideFiles = (path: string, files: readonly BaseFile[]): string =>
  `${path} is not among the files that may change: ${files.map((f) => f.file).join(', ')}. Send the whole answer again, with changes only there.`;

/** Words for a change outside the pins. */
export function outsideWords(view: View, change: Change): string {
  const row = rowOf(view, change.start);
  const places = pinRows(view).map((p) => `${p.id} (lines ${p.first + 1} to ${p.last + 1})`);
  const old = (view.lines[row] ?? '').trim();
  const start = view.starts[row] ?? 0;
  const end = view.text.indexOf('\n', change.end);
  const what = (view.text.slice(start, change.start) + change.text + view.text.slice(change.end, end < 0 ? undefined : end)).trim() || old;
  const where = places.length === 0 ? `Nothing in ${view.file.file} may change.` : `Only this may change: ${places.join('; ')}.`;
  return `The answer changes line ${row + 1} of ${view.file.file}, which is outside the code that may change:\n${quote(what.split(/\r?\n/), 10)}\n${where} Put what is needed (imports too) inside it and send the whole answer again.`;
}

interface Placed {
  readonly view: View;
  readonly changes: readonly Change[];
}

/** All edits or none. Those of one file are of the parent's text; one that is not found there may be of what those before it made. */
export function applyEdits(base: readonly BaseFile[], parent: Genome, edits: readonly Edit[]): Applied {
  let genome = parent;
  let views = base.map((f) => viewOf(f, genome));
  let pending = new Map<View, Change[]>();
  const counts = new Map<string, number>();
  const key = (e: Edit): string => JSON.stringify([e.file, e.readings[0], e.line, e.under]);
  for (const e of edits) counts.set(key(e), (counts.get(key(e)) ?? 0) + 1);
  const after = new Map<string, number>();
  const done = new Set<string>();
  const land = (): string | null => {
    for (const [view, changes] of pending) {
      const settled = settle(view, genome, changes);
      if ('outside' in settled) return outsideWords(view, settled.outside);
      genome = settled.genome;
    }
    pending = new Map();
    after.clear();
    views = base.map((f) => viewOf(f, genome));
    return null;
  };
  for (const edit of edits) {
    if (done.has(key(edit))) continue;
    done.add(key(edit));
    const copies = counts.get(key(edit)) ?? 1;
    let placed = place(views, edit, copies, after);
    if ('problem' in placed || clashes(placed, pending)) {
      const first = 'problem' in placed ? placed : { problem: `Two blocks change the same lines. The second:\n${edit.source}\nSend the whole answer again, with each place changed once.` };
      if (pending.size === 0) return first;
      const problem = land();
      if (problem !== null) return { problem };
      placed = place(views, edit, copies, after);
      if ('problem' in placed) return first;
    }
    for (const { view, changes } of placed.places) pending.set(view, [...(pending.get(view) ?? []), ...changes]);
  }
  const problem = land();
  return problem === null ? { genome } : { problem };
}

function clashes(placed: { readonly places: readonly Placed[] }, pending: ReadonlyMap<View, readonly Change[]>): boolean {
  return placed.places.some(({ view, changes }) => (pending.get(view) ?? []).some((a) => changes.some((b) =>
    (a.start < b.end && b.start < a.end) || (a.start === b.start && (a.start === a.end || b.start === b.end)))));
}

/** The places of an edit. `after` holds, by file, the row behind the last hunk of a diff: the next one is below it. */
function place(views: readonly View[], edit: Edit, copies: number, after: Map<string, number>): { readonly places: readonly Placed[] } | { readonly problem: string } {
  const files = views.map((v) => v.file);
  const named = edit.file === null ? null : resolveFile(files, edit.file);
  if (edit.file !== null && named === null) {
    // A made-up name, as models give it to code that they were shown without one: taken where the lines can only be those of a pin.
    const anywhere = place(views, { ...edit, file: null, loose: false }, 1, after);
    const inPins = 'places' in anywhere && anywhere.places.length === 1 && anywhere.places.every(({ view, changes }) => changes.every((c) => view.spans.some(([, s, e]) => c.start >= s && c.end <= e)));
    return inPins ? anywhere : { problem: outsideFiles(edit.file, files) };
  }
  const among = named ? views.filter((v) => v.file === named) : views;
  let problem: string | null = null;
  for (const ops of edit.readings) {
    const found = placeOps(among, edit, ops, copies, after);
    if (!('problem' in found)) return found;
    problem ??= found.problem;
  }
  return { problem: problem ?? `This block is empty:\n${edit.source}` };
}

interface Candidate {
  readonly view: View;
  readonly ops: readonly Op[];
  readonly match: Match;
  /** Quoted lines at the beginning that were passed over. */
  readonly skipped: number;
}

function placeOps(views: readonly View[], edit: Edit, ops: readonly Op[], copies: number, after: Map<string, number>): { readonly places: readonly Placed[] } | { readonly problem: string } {
  const known = new Set(views.flatMap((v) => v.lines.map((line) => line.trim())));
  const elision = elisionIn(ops.filter((op) => op.sign !== '-').map((op) => op.text), known);
  if (elision !== null) return { problem: `The answer leaves code out ("${elision.trim()}"). That is not taken for code: write every line in full and send the whole answer again.\nIt stands in:\n${edit.source}` };
  const quoted = ops.filter((op) => op.sign !== '+');
  if (quoted.every((op) => op.text.trim() === '')) return { problem: `This block does not say which lines it replaces:\n${edit.source}\nQuote the lines of the file that change, exactly as they stand there, and send the whole answer again.` };
  let found = candidates(views, ops);
  if (found.length === 0 && edit.loose) found = looseCandidates(views, ops);
  const parts = found.length === 0 && edit.loose ? partsOf(ops) : [];
  if (parts.length > 1) return placeParts(views, edit, parts, copies, after);
  if (found.length === 0) return { problem: unmatched(views, edit, quoted.map((op) => op.text)) };
  const chosen = edit.all || copies === found.length ? found : choose(found, edit, after);
  if (chosen.length !== 1 && chosen !== found) return { problem: ambiguous(found, edit) };
  const places: Placed[] = [];
  for (const c of chosen) {
    const changes = changesOf(c);
    if (changes === null) return { problem: `The indentation of this block does not say how deep its lines stand in ${c.view.file.file}:\n${edit.source}\nWrite the lines with the file's indentation and send the whole answer again.` };
    places.push({ view: c.view, changes });
    if (edit.loose) after.set(c.view.file.file, Math.max(...c.match.rows) + 1);
  }
  return { places };
}

/** A hunk's changes one by one, each with the context around it: there may be lines between them that the answer left out. */
function partsOf(ops: readonly Op[]): readonly (readonly Op[])[] {
  const runs: [from: number, to: number][] = [];
  ops.forEach((op, i) => {
    if (op.sign === ' ') return;
    const last = runs.at(-1);
    if (last?.[1] === i && !(op.sign === '-' && ops[i - 1]?.sign === '+')) last[1] = i + 1;
    else runs.push([i, i + 1]);
  });
  return runs.map(([from, to], k) => ops.slice(runs[k - 1]?.[1] ?? 0, from).concat(ops.slice(from, to), ops.slice(to, runs[k + 1]?.[0] ?? ops.length)));
}

function placeParts(views: readonly View[], edit: Edit, parts: readonly (readonly Op[])[], copies: number, after: Map<string, number>): { readonly places: readonly Placed[] } | { readonly problem: string } {
  const places: Placed[] = [];
  for (const ops of parts) {
    const one = placeOps(views, edit, ops, copies, after);
    if ('problem' in one) return one;
    places.push(...one.places);
  }
  return { places };
}

function candidates(views: readonly View[], ops: readonly Op[]): Candidate[] {
  const quoted = ops.filter((op) => op.sign !== '+').map((op) => op.text);
  return views.flatMap((view) => locate(view.lines, quoted).map((match) => ({ view, ops, match, skipped: 0 })));
}

/** Places of a diff whose context has drifted: with ever less of it at the ends, as long as a line stays that goes, or one beside those that come. */
function looseCandidates(views: readonly View[], ops: readonly Op[]): Candidate[] {
  const changed = ops.flatMap((op, i) => (op.sign === ' ' ? [] : [i]));
  const [first, last] = [changed[0] ?? 0, changed.at(-1) ?? 0];
  const tails = ops.length - 1 - last;
  for (let fuzz = 1; fuzz <= Math.max(first, tails); fuzz++) {
    for (const [head, tail] of [[fuzz, fuzz], [fuzz, 0], [0, fuzz]] as const) {
      const part = ops.slice(Math.min(head, first), ops.length - Math.min(tail, tails));
      const quoted = part.filter((op) => op.sign !== '+');
      if (!quoted.some((op) => /\w/.test(op.text))) continue;
      const found = candidates(views, part);
      if (found.length > 0) return found.map((c) => ({ ...c, skipped: Math.min(head, first) }));
    }
  }
  return [];
}

/** The candidates that what else the answer says leaves over: one if it decides. */
function choose(found: readonly Candidate[], edit: Edit, after: ReadonlyMap<string, number>): readonly Candidate[] {
  if (found.length === 1) return found;
  const firstRow = (c: Candidate): number => c.match.rows.find((row) => row >= 0) ?? -1;
  const rules: ((c: Candidate) => boolean)[] = [
    (c) => pinRows(c.view).some((p) => c.match.rows.some((row) => row >= p.first && row <= p.last)),
    (c) => edit.under.length > 0 && isUnder(c.view, firstRow(c), edit.under),
    (c) => edit.line !== null && firstRow(c) === edit.line - 1 + c.skipped,
    (c) => edit.loose && firstRow(c) >= (after.get(c.view.file.file) ?? 0),
  ];
  let left = found;
  for (const rule of rules) {
    const kept = left.filter(rule);
    if (kept.length === 1) return kept;
    if (kept.length > 0) left = kept;
  }
  return left.length === found.length ? [] : left;
}

/** Whether a row stands in the blocks that these lines open, one in the other. */
function isUnder(view: View, row: number, under: readonly string[]): boolean {
  const heading = under.at(-1)?.trim().replace(/\s+/g, ' ') ?? '';
  const depth = (k: number): number => /^[ \t]*/.exec(view.lines[k] ?? '')?.[0].length ?? 0;
  let limit = depth(row);
  for (let k = row; k >= 0; k--) {
    const text = view.lines[k] ?? '';
    if (text.trim() === '') continue;
    if (plain(text).trim().replace(/\s+/g, ' ').startsWith(heading)) return k <= row && (k === row || depth(k) < Math.max(limit, 1));
    if (k !== row && depth(k) < limit) limit = depth(k);
    if (limit === 0 && k !== row && depth(k) === 0 && /\w/.test(text)) return false;
  }
  return false;
}

function changesOf({ view, ops, match }: Candidate): Change[] | null {
  const quoted = ops.filter((op) => op.sign !== '+');
  const curly = quoted.some((op, k) => plain(op.text) !== op.text && plain(view.lines[match.rows[k] ?? -1] ?? '') === view.lines[match.rows[k] ?? -1]);
  const moved = reindented(curly ? ops.map((op) => ({ ...op, text: plain(op.text) })) : ops, match.rows, view.lines, view.language === 'python' || view.language === null);
  if (moved === null) return null;
  const out: Change[] = [];
  const used = match.rows.filter((row) => row >= 0);
  const last = Math.max(...used);
  let at = used[0] ?? 0;
  let k = 0;
  let run: { from: number; to: number; lines: string[] } | null = null;
  const flush = (): void => {
    if (run) {
      const change = changeOfRows(view, run.from, run.to, run.lines);
      if (change) out.push(change);
    }
    run = null;
  };
  for (const op of moved) {
    if (op.sign === '+') {
      // A blank line that the quotation left out and the new text has: it is there already.
      if (op.text.trim() === '' && at < last && !used.includes(at) && view.lines[at]?.trim() === '') {
        flush();
        at++;
        continue;
      }
      run ??= { from: at, to: at, lines: [] };
      run.lines.push(op.text);
      continue;
    }
    const row = match.rows[k++] ?? -1;
    if (row < 0) continue;
    if (op.sign === ' ') flush();
    else {
      run ??= { from: row, to: row, lines: [] };
      run.to = row + 1;
    }
    at = row + 1;
  }
  flush();
  return out;
}

function unmatched(views: readonly View[], edit: Edit, quoted: readonly string[]): string {
  const files = views.map((v) => v.file.file).join(', ');
  let near = '';
  for (const view of views) {
    const at = nearest(view.lines, quoted);
    if (at) near += `The nearest text that is there (${view.file.file}, lines ${at.from + 1} to ${at.to}):\n${quote(view.lines.slice(at.from, at.to))}\n`;
  }
  return `The lines that this block replaces are not in ${files}:\n${edit.source}\n${near}Copy the lines to replace exactly from the file and send the whole answer again.`;
}

function ambiguous(found: readonly Candidate[], edit: Edit): string {
  const places = found.slice(0, 6).map((c) => `${c.view.file.file} line ${(c.match.rows.find((row) => row >= 0) ?? 0) + 1}`).join(', ');
  return `The lines that this block replaces stand in ${found.length} places (${places}):\n${edit.source}\nQuote more lines around the one that is meant, and send the whole answer again.`;
}
