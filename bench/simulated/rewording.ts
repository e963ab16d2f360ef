// The same edit in other words, as models repeat themselves: with other comments, layout, names or order. And an edit that looks the same and
// is another: with one detail that may matter. By text, on Python and JavaScript.

import type { Rng } from '../../src/core/rng.ts';

export type Rewording = 'comments' | 'layout' | 'names' | 'order' | 'detail';

const COMMENTS = ['avoid the repeated work', 'fast path', 'computed once', 'faster than before', 'keep the order of the input', 'one pass is enough'];
const NAMES = ['result', 'out', 'acc', 'seen', 'lookup', 'current', 'found', 'table', 'item', 'value'];
const SWAPS: readonly (readonly [RegExp, string])[] = [
  [/ <= /, ' < '], [/ < /, ' <= '], [/ >= /, ' > '], [/ > /, ' >= '], [/ \+ /, ' - '], [/ - /, ' + '], [/ and /, ' or '], [/ && /, ' || '],
  [/\bmin\(/, 'max('], [/\bmax\(/, 'min('], [/\bTrue\b/, 'False'], [/\btrue\b/, 'false'], [/\bcontinue\b/, 'break'], [/\.append\(/, '.add('], [/\.push\(/, '.unshift('], [/ == /, ' != '], [/ === /, ' !== '],
];
/** What an assignment, a loop or a declaration binds. */
const BOUND = /(?:^|[\s(])(?:(?:const|let|var|for|as)\s+([A-Za-z_]\w*)|([A-Za-z_]\w*)(?=\s*(?:=(?![=>])|:=)))/gm;

const indentOf = (line: string): string => /^\s*/.exec(line)?.[0] ?? '';
const wordsOf = (line: string): ReadonlySet<string> => new Set(line.match(/[A-Za-z_]\w*/g) ?? []);

function commented(lines: readonly string[], changed: readonly number[], python: boolean, rng: Rng): readonly string[] {
  const at = rng.pick(changed);
  const mark = python ? '#' : '//';
  const line = `${indentOf(lines[at] ?? '')}${mark} ${rng.pick(COMMENTS)}`;
  return rng.chance(0.5) ? [...lines.slice(0, at), line, ...lines.slice(at)] : lines.map((l, i) => (i === at ? `${l}  ${mark} ${rng.pick(COMMENTS)}` : l));
}

function laidOut(lines: readonly string[], changed: readonly number[], rng: Rng): readonly string[] {
  const at = rng.pick(changed);
  return rng.chance(0.5) ? [...lines.slice(0, at), '', ...lines.slice(at)] : lines.map((l, i) => (i === at ? l.replace(/ ([<>+*/-]|==|=) /, '  $1 ') : l));
}

/** One of the names that the text itself binds becomes another, throughout. */
function renamed(text: string, changed: string, rng: Rng): string {
  const bound = [...text.matchAll(BOUND)].flatMap((m) => [m[1] ?? m[2] ?? '']).filter((n) => n.length > 0 && new RegExp(`\\b${n}\\b`).test(changed) && !new RegExp(`[.'"]${n}\\b`).test(text));
  const free = NAMES.filter((n) => !new RegExp(`\\b${n}\\b`).test(text));
  if (bound.length === 0 || free.length === 0) return text;
  return text.replace(new RegExp(`\\b${rng.pick(bound)}\\b`, 'g'), rng.pick(free));
}

/** Two lines side by side, of which neither has a word of the other that it may bind, change places. */
function reordered(lines: readonly string[], changed: readonly number[], rng: Rng): readonly string[] {
  const plain = (l: string): boolean => /^\s*(?:(?:const|let|var)\s+)?[A-Za-z_][\w.]*\s*(?:[-+*]?=|\.\w+\().*[^:{([,]$/.test(l);
  const places = changed.flatMap((i) => [i - 1, i]).filter((i) => {
    const [a, b] = [lines[i] ?? '', lines[i + 1] ?? ''];
    if (!plain(a) || !plain(b) || indentOf(a) !== indentOf(b)) return false;
    const words = wordsOf(b);
    const left = (l: string): string => /[A-Za-z_]\w*(?=\s*[-+*]?=|\.)/.exec(l)?.[0] ?? '';
    return !words.has(left(a)) && !wordsOf(a).has(left(b));
  });
  if (places.length === 0) return lines;
  const at = rng.pick(places);
  return lines.map((l, i) => (i === at ? lines[at + 1] ?? '' : i === at + 1 ? lines[at] ?? '' : l));
}

function detailed(lines: readonly string[], changed: readonly number[], rng: Rng): readonly string[] {
  const options = changed.flatMap((i) => SWAPS.flatMap(([from, to]) => (from.test(lines[i] ?? '') ? [[i, from, to] as const] : [])));
  if (options.length === 0) return lines;
  const [at, from, to] = rng.pick(options);
  return lines.map((l, i) => (i === at ? l.replace(from, to) : l));
}

/** An edit of a program reworded; null where this cannot be done to it. */
export function reworded(kind: Rewording, before: string, after: string, python: boolean, rng: Rng): string | null {
  const old = new Set(before.split('\n'));
  const lines = after.split('\n');
  const changed = lines.flatMap((l, i) => (old.has(l) || l.trim() === '' ? [] : [i]));
  if (changed.length === 0) return null;
  const made = kind === 'names' ? renamed(after, changed.map((i) => lines[i] ?? '').join('\n'), rng)
    : (kind === 'comments' ? commented(lines, changed, python, rng) : kind === 'layout' ? laidOut(lines, changed, rng) : kind === 'order' ? reordered(lines, changed, rng) : detailed(lines, changed, rng)).join('\n');
  return made === after || made === before ? null : made;
}
