// Where lines that an answer quotes stand in a file: as they are first, then with the drift that models bring in.

import { distance } from 'fastest-levenshtein';

/** For each quoted line its 0-based row; -1 for a blank line that the file does not have. */
export interface Match {
  readonly rows: readonly number[];
}

/** Single quotes, double quotes, hyphens and blanks as a keyboard has them, and nothing that cannot be seen. */
export function plain(line: string): string {
  return line.replace(/[\u2018\u2019\u201a\u201b]/g, "'").replace(/[\u201c\u201d\u201e\u201f]/g, '"').replace(/[\u2010-\u2015\u2212]/g, '-').replace(/[\u00a0\u2002-\u200a\u202f\u205f\u3000]/g, ' ').replace(/\u200b|\u200c|\u200d|\ufeff/g, '');
}

/** From strict to lenient: the first that finds anything decides. */
const NORMALS: readonly ((line: string) => string)[] = [
  (line) => line,
  (line) => line.trimEnd(),
  (line) => plain(line).trimEnd(),
  (line) => plain(line).trim(),
  (line) => plain(line).trim().replace(/\s+/g, ' '),
];
const bare = NORMALS[4] as (line: string) => string;

const isBlank = (line: string): boolean => line.trim() === '';

/** All places of the strictest kind of likeness that has any. */
export function locate(file: readonly string[], quoted: readonly string[]): readonly Match[] {
  let first = 0;
  let last = quoted.length;
  if (quoted.every(isBlank)) return [];
  for (const normal of NORMALS) {
    const found = consecutive(file.map(normal), quoted.map(normal));
    if (found.length > 0) return found.map((at) => ({ rows: quoted.map((_, k) => at + k) }));
  }
  while (isBlank(quoted[first] ?? '')) first++;
  while (isBlank(quoted[last - 1] ?? '')) last--;
  for (const normal of first > 0 || last < quoted.length ? NORMALS : []) {
    const found = consecutive(file.map(normal), quoted.slice(first, last).map(normal));
    if (found.length > 0) return found.map((at) => ({ rows: quoted.map((line, k) => (k < first || k >= last ? blankBeside(file, line, at - first + k) : at + k - first)) }));
  }
  return withoutBlanks(file, quoted);
}

/** A blank line at the quotation's end is the file's where there is one. */
function blankBeside(file: readonly string[], line: string, row: number): number {
  return isBlank(line) && file[row] !== undefined && isBlank(file[row]) ? row : -1;
}

function consecutive(file: readonly string[], quoted: readonly string[]): number[] {
  const out: number[] = [];
  for (let at = 0; at + quoted.length <= file.length; at++) {
    let k = 0;
    while (k < quoted.length && file[at + k] === quoted[k]) k++;
    if (k === quoted.length) out.push(at);
  }
  return out;
}

/** Blank lines on either side count for nothing. */
function withoutBlanks(file: readonly string[], quoted: readonly string[]): readonly Match[] {
  const rows = file.flatMap((line, i) => (isBlank(line) ? [] : [i]));
  const numbers = quoted.flatMap((line, i) => (isBlank(line) ? [] : [i]));
  const found = consecutive(rows.map((i) => bare(file[i] ?? '')), numbers.map((i) => bare(quoted[i] ?? '')));
  return found.map((at) => {
    const of = new Map(numbers.map((k, n) => [k, rows[at + n] ?? -1]));
    return { rows: quoted.map((_, k) => of.get(k) ?? -1) };
  });
}

/** Pairs of lines that are compared; in a longer file only places are that share a line with the quotation. */
const MOST_PAIRS = 60_000;

/** The rows, `[from, to)`, that are most like the quotation; null when nothing is like it at all. */
export function nearest(file: readonly string[], quoted: readonly string[]): { readonly from: number; readonly to: number } | null {
  const wanted = quoted.filter((line) => !isBlank(line)).slice(0, 40).map((line) => bare(line).slice(0, 200));
  const lines = file.map((line) => bare(line).slice(0, 200));
  const length = Math.min(quoted.length, file.length);
  if (wanted.length === 0 || length === 0) return null;
  const known = new Map<string, number>();
  const likeness = (x: string, y: string): number => {
    if (x === y) return x === '' ? 0 : 1;
    if (x === '' || y === '') return 0;
    const key = `${x}\0${y}`;
    const value = known.get(key) ?? Math.max(0, 1 - distance(x, y) / Math.max(x.length, y.length));
    known.set(key, value);
    return value > 0.5 ? value : 0;
  };
  const shared = new Set(wanted);
  let starts = lines.map((_, from) => from).slice(0, lines.length - length + 1);
  if (lines.length * wanted.length > MOST_PAIRS) {
    const near = new Set<number>();
    lines.forEach((line, row) => {
      if (shared.has(line) && /\w/.test(line)) for (let k = wanted.indexOf(line) - 2; k <= wanted.indexOf(line) + 2; k++) near.add(row - k);
    });
    starts = [...near].filter((from) => from >= 0 && from + length <= lines.length).slice(0, MOST_PAIRS / wanted.length / 5);
  }
  let best = { from: 0, score: 0 };
  for (const from of starts) {
    let score = 0;
    wanted.forEach((line, k) => {
      let most = 0;
      for (let row = Math.max(0, k - 2); row < Math.min(length, k + 3); row++) most = Math.max(most, likeness(line, lines[from + row] ?? ''));
      score += most;
    });
    if (score > best.score) best = { from, score };
  }
  return best.score / wanted.length < 0.3 ? null : { from: best.from, to: best.from + length };
}
