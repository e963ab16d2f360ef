// Indentation of new lines, where an answer's differs from the file's: as the quoted lines beside them moved, so do they.

import { diffArrays } from 'diff';

const isBlank = (line: string): boolean => line.trim() === '';

/** A line of an edit: it stays, goes or comes. */
export interface Op {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** What turns the first lines into the second. Nothing but blank lines to put in place of code is nothing to put. */
export function opsOf(before: readonly string[], after: readonly string[]): readonly Op[] {
  return diffArrays([...before], after.every(isBlank) && !before.some(isBlank) ? [] : [...after]).flatMap((part) => part.value.map((text): Op => ({ sign: part.added ? '+' : part.removed ? '-' : ' ', text })));
}

export const indentOf = (line: string): string => /^[ \t]*/.exec(line)?.[0] ?? '';

/** Columns of an indentation, with tabs of four. */
function width(indent: string): number {
  let w = 0;
  for (const c of indent) w = c === '\t' ? w + 4 - (w % 4) : w + 1;
  return w;
}

/** One step of indentation of some lines: a tab, or the smallest step between neighbours. */
export function unitOf(lines: readonly string[]): string | null {
  const full = lines.filter((line) => !isBlank(line));
  if (full.some((line) => line.startsWith('\t'))) return '\t';
  let step = 0;
  for (let i = 0; i < full.length; i++) {
    const by = Math.abs(width(indentOf(full[i] ?? '')) - (i === 0 ? 0 : width(indentOf(full[i - 1] ?? ''))));
    if (by > 1 && (step === 0 || by < step)) step = by;
  }
  return step === 0 ? null : ' '.repeat(step);
}

/** A step deeper or shallower from a line whose place in the file is known. */
function relative(from: string, to: string, there: string, unit: string, fileUnit: string): string {
  const by = (width(to) - width(from)) / width(unit);
  if (by >= 0) {
    const whole = Number.isInteger(by) ? fileUnit.repeat(by) : ' '.repeat(width(to) - width(from));
    return there + whole;
  }
  let out = there;
  for (let k = 0; k < Math.round(-by) && out !== ''; k++) out = out.endsWith(fileUnit) ? out.slice(0, -fileUnit.length) : out.slice(0, -1).trimEnd();
  return out;
}

interface Known {
  readonly index: number;
  readonly from: string;
  readonly there: string;
}

/**
 * The edit's new lines with the file's indentation. `rows` are those of the lines that stay or go, in order.
 * Null when the answer's indentation says too little: one depth of it is several in the file, and the language reads depth.
 */
export function reindented(ops: readonly Op[], rows: readonly number[], file: readonly string[], depthMatters: boolean): readonly Op[] | null {
  const known: Known[] = [];
  let k = 0;
  ops.forEach((op, index) => {
    if (op.sign === '+') return;
    const row = rows[k++] ?? -1;
    const line = file[row];
    if (line !== undefined && !isBlank(line)) known.push({ index, from: indentOf(op.text), there: indentOf(line) });
  });
  if (known.every((one) => one.from === one.there)) return ops;
  const removed = known.filter((one) => ops[one.index]?.sign === '-');
  // A diff whose context has lost its first column says nothing of the lines that come: those have their sign.
  if (known.every((one) => ops[one.index]?.sign === '-' ? one.from === one.there : one.from === one.there || one.there === `${one.from} `)) return ops;
  const trusted = removed.length > 0 && removed.every((one) => one.from === one.there) ? removed : known;
  const unit = unitOf(ops.map((op) => op.text)) ?? '    ';
  const fileUnit = unitOf(known.map((one) => `${one.there}x`)) === '\t' ? '\t' : (unitOf(file) ?? unit);
  const shift = steadyShift(trusted, unit, fileUnit);
  if (shift !== null) return ops.map((op) => (op.sign === '+' && !isBlank(op.text) ? { sign: '+', text: ' '.repeat(Math.max(0, indentOf(op.text).length + shift)) + op.text.trimStart() } : op));
  const out: Op[] = [];
  for (let index = 0; index < ops.length; index++) {
    const op = ops[index] as Op;
    if (op.sign !== '+' || isBlank(op.text)) {
      out.push(op);
      continue;
    }
    const from = indentOf(op.text);
    const pair = paired(ops, index, trusted);
    const same = trusted.filter((one) => one.from === from);
    const depths = new Set(same.map((one) => one.there));
    const near = (of: readonly Known[]): Known | undefined => [...of].sort((a, b) => Math.abs(a.index - index) - Math.abs(b.index - index))[0];
    if (depths.size > 1 && depthMatters && !pair) return null;
    const one = pair?.from === from ? pair : (near(same) ?? near(trusted));
    out.push({ sign: '+', text: one === undefined ? op.text : relative(one.from, from, one.there, unit, fileUnit) + op.text.slice(from.length) });
  }
  return out;
}

/** The columns by which all lines stand further in than they are quoted; null where the depth of a step differs, or tabs are about. */
function steadyShift(known: readonly Known[], unit: string, fileUnit: string): number | null {
  if (known.some((one) => (one.from + one.there).includes('\t'))) return null;
  const shifts = new Set(known.map((one) => one.there.length - one.from.length));
  const depths = new Set(known.map((one) => one.from));
  const [shift] = shifts;
  if (shifts.size !== 1 || shift === undefined) return null;
  const scaled = unit !== fileUnit && known.every((one) => one.from !== '' && one.from.length / unit.length === one.there.length / fileUnit.length);
  return depths.size === 1 && scaled ? null : shift;
}

/** The line that goes for this one to come, where as many go as come. */
function paired(ops: readonly Op[], index: number, known: readonly Known[]): Known | undefined {
  let first = index;
  while (first > 0 && ops[first - 1]?.sign !== ' ') first--;
  let last = index;
  while (last < ops.length - 1 && ops[last + 1]?.sign !== ' ') last++;
  const run = ops.slice(first, last + 1).map((op, k) => ({ op, index: first + k })).filter(({ op }) => !isBlank(op.text));
  const goes = run.filter(({ op }) => op.sign === '-');
  const comes = run.filter(({ op }) => op.sign === '+');
  if (goes.length !== comes.length) return undefined;
  const mate = goes[comes.findIndex((c) => c.index === index)];
  return known.find((one) => one.index === mate?.index);
}
