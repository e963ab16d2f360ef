// The forms of an answer in the order in which they are believed: data, tags, SEARCH/REPLACE blocks, diffs, pairs of fences, whole code.

import type { Genome } from '../pin.ts';
import { applyEdits, type Applied } from './apply.ts';
import { astray } from './astray.ts';
import { isEscaped, unescaped } from './clean.ts';
import { linesOfParent, type AnswerContext } from './context.ts';
import { diffsIn } from './diffs.ts';
import type { Covered, Edit } from './edit.ts';
import { fencesOf } from './fences.ts';
import { labelledPairs } from './labels.ts';
import { searchBlocks } from './search-blocks.ts';
import { jsonAnswer, taggedEdits, untagged } from './structured.ts';
import { summaryOf } from './summary.ts';
import { unfenced } from './unfenced.ts';
import { viewOf } from './view.ts';
import { codesOf, wholeParts, type Code } from './whole.ts';

export interface Read {
  /** Null where there is no code at all. */
  readonly applied: Applied | null;
  readonly summary: string;
}

const UNPLACED = 'It cannot be told which part of the files the answer\'s code replaces. Send whole functions under their own names, or SEARCH/REPLACE blocks that quote the lines to replace.';

export function readAnswer(answer: string, context: AnswerContext, depth = 0): Read {
  const { base } = context;
  const known = linesOfParent(context);
  // Blanks that do not break and signs that cannot be seen come from where the answer was copied, unless the files have them.
  const text = [...known].some((line) => /[\u00a0\u200b\ufeff\u2060]/.test(line)) ? answer : answer.replace(/\u00a0/g, ' ').replace(/[\u200b\ufeff\u2060]/g, '');
  const whole = isEscaped(text) || /^\s*(?:&lt;){5,} ?(?:SEARCH|ORIGINAL)/m.test(text) ? unescaped(text) : text;
  const names = new Set(base.flatMap((f) => [f.file, ...f.pins.flatMap((p) => [p.id, ...(p.symbol === undefined ? [] : [p.symbol])])]));
  const data = depth > 3 ? null : jsonAnswer(whole, names);
  if (data) {
    const results: (Applied | null)[] = data.edits.length > 0 ? [applyEdits(base, context.parent, unescapedEdits(data.edits, context))] : [];
    if (data.codes.length > 0) results.push(wholeParts(base, context.parent, data.codes.map((c) => ({ lines: c.text.split('\n'), path: c.path, closed: true, above: [] }))) ?? { problem: UNPLACED });
    const inner = data.texts.map((one) => readAnswer(one, context, depth + 1));
    return { applied: united([...results, ...inner.map((r) => r.applied)], context), summary: data.summary ?? inner[0]?.summary ?? '' };
  }
  const tags = taggedEdits(whole);
  const plainRows = (tags?.rest ?? whole).split('\n');
  const outer = fencesOf(plainRows);
  const rows = untagged(plainRows, (row) => outer.some((f) => f.open <= row && row <= f.close));
  const read = readRows(rows, tags?.edits ?? [], context);
  if (read.applied !== null || !/^\s*\[?\s*\{\s*"\w+"\s*:/m.test(whole)) return read;
  return { ...read, applied: { problem: 'The answer is JSON that cannot be read: it may be cut off, or a quote in it is not escaped. Send the whole answer again, better as SEARCH/REPLACE blocks.' } };
}

function readRows(rows: readonly string[], tagged: readonly Edit[], context: AnswerContext): Read {
  const { base, parent } = context;
  const covered: Covered[] = [];
  const done = (applied: Applied | null): Read => ({ applied, summary: summaryOf(rows, covered) });
  const blocks = searchBlocks(rows);
  if ('problem' in blocks) return done(blocks);
  covered.push(...blocks.covered);
  const left = rows.map((line, row) => (blocks.covered.some((c) => row >= c.from && row < c.to) ? '' : line));
  const diffs = diffsIn(left, linesOfParent(context));
  if ('problem' in diffs) return done(diffs);
  covered.push(...diffs.covered);
  const fences = fencesOf(left).filter((f) => !diffs.covered.some((c) => f.open >= c.from && f.open < c.to));
  const first = [...tagged, ...blocks.edits];
  const forms = [first, diffs.edits].filter((edits) => edits.length > 0).map((edits) => applyEdits(base, parent, unescapedEdits(edits, context)));
  const pairs = first.length + diffs.edits.length === 0 ? labelledPairs(fences) : [];
  const paired = pairs.length === 0 ? null : applyEdits(base, parent, unescapedEdits(pairs.map((p) => p.edit), context));
  covered.push(...fences.map((f) => ({ from: f.open, to: f.close + 1 })));
  if (paired && ('genome' in paired || pairs.some((p) => p.sure))) return done(paired);
  const fenced: Code[] = [...codesOf(fences), ...diffs.created.map((c) => ({ lines: c.lines, path: c.file, closed: true, above: [] }))].map((c) => unescapedCode(c, context));
  if (forms.length === 0) {
    const codes = fenced.length > 0 ? fenced : unfenced(rows, base, parent);
    const applied = wholeParts(base, parent, codes);
    if (applied !== null || fences.length === 0) return done(applied);
    return done(fenced.length > 0 ? { problem: paired && 'problem' in paired ? paired.problem : UNPLACED } : null);
  }
  const edited = both(forms, first, diffs.edits, context);
  if ('problem' in edited) return done(edited);
  const lost = astray(fenced, edited.genome, base.map((f) => viewOf(f, parent)));
  if (lost !== null) return done(lost);
  // Whole functions beside edits count where the edits change nothing: elsewhere they only show what comes out.
  const also = fenced.length === 0 ? null : wholeParts(base, parent, fenced);
  if (also === null || 'problem' in also) return done(diffs.created.length > 0 && also !== null ? also : edited);
  const extra = Object.entries(also.genome).filter(([id, text]) => text !== parent[id] && (edited.genome[id] ?? parent[id]) === parent[id]);
  return done({ genome: { ...edited.genome, ...Object.fromEntries(extra) } });
}

/** Two forms in one answer: the same edit twice, or one behind the other. */
function both(forms: readonly Applied[], first: readonly Edit[], second: readonly Edit[], context: AnswerContext): Applied {
  const [a, b] = forms;
  if (a === undefined || b === undefined || 'problem' in a) return a ?? { problem: UNPLACED };
  if ('genome' in b && sameGenome(a.genome, b.genome)) return a;
  const joined = applyEdits(context.base, context.parent, unescapedEdits([...first, ...second], context));
  if ('genome' in joined) return joined;
  return { problem: `The answer has edits in two forms that do not go together. Send one form only.\n${joined.problem}` };
}

const sameGenome = (a: Genome, b: Genome): boolean => Object.keys({ ...a, ...b }).every((id) => a[id] === b[id]);

/** Parts of one answer; each changes pins of its own. */
function united(parts: readonly (Applied | null)[], { parent }: AnswerContext): Applied | null {
  const genome: Record<string, string> = {};
  if (parts.every((part) => part === null)) return null;
  for (const part of parts) {
    if (part === null) continue;
    if ('problem' in part) return part;
    for (const [id, text] of Object.entries(part.genome)) {
      if (text === parent[id]) continue;
      const other = genome[id];
      if (other !== undefined && other !== text && other !== parent[id]) return { problem: `The answer has different versions of ${id}. Send one, whole.` };
      genome[id] = text;
    }
  }
  return { genome };
}

/** Whether the files hold entities themselves: then those of an answer are code. */
function hasEntities(context: AnswerContext): boolean {
  for (const line of linesOfParent(context)) if (/&(?:lt|gt|amp|quot|#39);/.test(line)) return true;
  return false;
}

function unescapedEdits(edits: readonly Edit[], context: AnswerContext): readonly Edit[] {
  return edits.map((e) => (!isEscaped(e.readings[0]?.map((op) => op.text).join('\n') ?? '') || hasEntities(context) ? e : { ...e, readings: e.readings.map((ops) => ops.map((op) => ({ ...op, text: unescaped(op.text) }))) }));
}

function unescapedCode(code: Code, context: AnswerContext): Code {
  return isEscaped(code.lines.join('\n')) && !hasEntities(context) ? { ...code, lines: code.lines.map(unescaped) } : code;
}
