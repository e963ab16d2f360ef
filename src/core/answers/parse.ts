// A model's answer as a solution: the edit that it means, laid onto the parent, or what to ask the model once more.

import type { BaseFile, Genome, Pin } from '../pin.ts';
import { applyEdits, type Applied } from './apply.ts';
import { cleaned } from './clean.ts';
import { definitionsIn } from './definitions.ts';
import type { Covered } from './edit.ts';
import { fencesOf } from './fences.ts';
import { searchBlocks } from './search-blocks.ts';
import { summaryOf } from './summary.ts';
import { unfenced } from './unfenced.ts';
import { codesOf, wholeParts } from './whole.ts';

export interface AnswerContext {
  readonly parent: Genome;
  readonly base: readonly BaseFile[];
}

export type ParsedAnswer =
  | { readonly kind: 'genome'; readonly genome: Genome; readonly summary: string }
  /** `problem` can be sent back to the model as it is. */
  | { readonly kind: 'repair'; readonly problem: string }
  /** Nothing to repair: no code, or no change. */
  | { readonly kind: 'none'; readonly reason: string };

/** Reads an answer as a careful person would. All of it applies, or none: no block is left out in silence. */
export function parseAnswer(answer: string, context: AnswerContext): ParsedAnswer {
  const { text, unfinished } = cleaned(answer);
  if (text.trim() === '') return { kind: 'none', reason: 'the answer is empty' };
  if (unfinished) return { kind: 'none', reason: 'the answer ends before its thinking does' };
  const rows = text.split('\n');
  const { applied, covered } = read(rows, context);
  if (applied === null) return { kind: 'none', reason: `the answer has no code: ${summaryOf(rows, [])}` };
  if ('problem' in applied) return { kind: 'repair', problem: applied.problem };
  const ids = context.base.flatMap((f) => f.pins.map((p) => ({ id: p.id, text: f.text.slice(p.range.start, p.range.end) })));
  const genome = Object.fromEntries(ids.map(({ id, text: own }) => [id, applied.genome[id] ?? context.parent[id] ?? own]));
  const changed = ids.filter(({ id, text: own }) => genome[id] !== (context.parent[id] ?? own)).map(({ id }) => id);
  if (changed.length === 0) return { kind: 'none', reason: 'the answer changes nothing' };
  const unmarked = context.base.flatMap((f) => f.pins.map((pin) => underItsMark(f, pin, genome[pin.id] ?? ''))).find((problem) => problem !== null) ?? null;
  if (unmarked !== null) return { kind: 'repair', problem: unmarked };
  return { kind: 'genome', genome, summary: summaryOf(rows, covered) || `changes ${changed.join(', ')}` };
}

/** A mark in a comment belongs to the function on the next line: nothing may come between. */
function underItsMark(file: BaseFile, pin: Pin, text: string): string | null {
  const above = file.text.slice(0, pin.range.start).split(/\r?\n/).at(-2) ?? '';
  if (pin.kind !== 'function' || text.trim() === '' || !/sigil:\s*improve/.test(above)) return null;
  const first = definitionsIn(text.split(/\r?\n/), pin.language)[0];
  if (first === undefined || first.from === 0) return null;
  return `The answer puts code between the comment "${above.trim()}" and its function ${pin.symbol ?? pin.id}. Put what is needed (imports too) inside the function or behind it, and send the whole answer again.`;
}

function read(rows: readonly string[], { parent, base }: AnswerContext): { readonly applied: Applied | null; readonly covered: readonly Covered[] } {
  const blocks = searchBlocks(rows);
  if ('problem' in blocks) return { applied: blocks, covered: [] };
  if (blocks.edits.length > 0) return { applied: applyEdits(base, parent, blocks.edits), covered: blocks.covered };
  const fences = fencesOf(rows);
  const codes = codesOf(fences);
  const covered = fences.map((f) => ({ from: f.open, to: f.close + 1 }));
  const whole = wholeParts(base, parent, codes.length > 0 ? codes : unfenced(rows, base, parent));
  if (whole === null && codes.length > 0) return { applied: { problem: 'It cannot be told which part of the files the answer\'s code replaces. Send whole functions under their own names, or SEARCH/REPLACE blocks.' }, covered };
  return { applied: whole, covered };
}
