// Metrics out of what an evaluation printed: lines, JSON, regular expressions. A failure is named, never a number.

export type Extracted =
  | { readonly ok: true; readonly value: number; /** How many places matched: more than the baseline's is suspicious. */ readonly matches: number }
  | { readonly ok: false; readonly reason: string };

const NUMBER = '[-+]?(?!0x[\\da-f])(?:\\d+(?:[,_]\\d+)*(?:\\.\\d+)?|\\.\\d+)(?:e[-+]?\\d+)?';
const BLANK = '[^\\S\\n]';
const WORDS = '[-+]?(?:nan|inf(?:inity)?)\\b';

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** A finite number from text, or the reason why not. Thousands separators `,` and `_` are read over; `1,23` and `1,2,3` are no numbers. */
export function toNumber(text: string, name: string): Extracted {
  const bare = text.trim();
  if (/^[-+]?nan$/i.test(bare)) return { ok: false, reason: `${name} is NaN` };
  if (/^[-+]?inf(inity)?$/i.test(bare)) return { ok: false, reason: `${name} is infinite` };
  const digits = /^[-+]?\d{1,3}(,\d{3})+(\.|e|$)/i.test(bare) ? bare.replaceAll(',', '') : bare;
  const value = Number(digits.replace(/(?<=\d)_(?=\d)/g, ''));
  if (bare === '' || !Number.isFinite(value)) return { ok: false, reason: `${name} is not a number: "${bare.slice(0, 40)}"` };
  return { ok: true, value, matches: 1 };
}

/**
 * The last `name: value` in a text; also `name = value` and phrases such as `Final speedup value = 1.5` or `speedup 1.5x`.
 * The name is matched as a word, in any case.
 */
export function fromLines(text: string, name: string): Extracted {
  const word = `(?<![\\w.])["']?${escape(name).replace(/_/g, '[_ ]')}["']?(?![\\w])`;
  // the strict form first: a phrase may mention the metric without giving it
  // each within one line: a number on the next line is another matter
  for (const between of [`${BLANK}*[:=]${BLANK}*`, `[^\\n:=\\d]{0,40}[:=]${BLANK}*`, `${BLANK}+(?:is${BLANK}+|of${BLANK}+)?`]) {
    const all = [...text.matchAll(new RegExp(`${word}${between}(${NUMBER}|${WORDS})`, 'gi'))];
    const last = all[all.length - 1];
    if (last === undefined) continue;
    const read = toNumber(last[1] ?? '', name);
    return read.ok ? { ...read, matches: all.length } : read;
  }
  return { ok: false, reason: `nothing printed "${name}: <number>"` };
}

/** Group 1, else the whole match, of the last match. */
export function fromRegex(text: string, pattern: string, name: string): Extracted {
  const all = [...text.matchAll(new RegExp(pattern, 'gm'))];
  const last = all[all.length - 1];
  if (last === undefined) return { ok: false, reason: `the pattern /${pattern}/ matches nothing that was printed` };
  const read = toNumber(last[1] ?? last[0], name);
  return read.ok ? { ...read, matches: all.length } : read;
}

function dig(value: unknown, path: string): unknown {
  let at: unknown = value;
  for (const key of path === '' ? [] : path.split('.')) {
    if (at === null || typeof at !== 'object' || !Object.hasOwn(at, key)) return undefined;
    at = (at as Record<string, unknown>)[key];
  }
  return at;
}

/** A key path in the one JSON document of a text, or in its last line that is JSON. */
export function fromJson(text: string, path: string, name: string): Extracted {
  const documents: unknown[] = [];
  try {
    documents.push(JSON.parse(text));
  } catch {
    for (const line of text.split('\n')) {
      if (!/^\s*[[{]/.test(line)) continue;
      try {
        documents.push(JSON.parse(line));
      } catch {
        // not a JSON line: a log line that begins with a bracket
      }
    }
  }
  const holding = documents.filter((d) => dig(d, path) !== undefined);
  if (documents.length === 0) return { ok: false, reason: 'no JSON was printed' };
  if (holding.length === 0) return { ok: false, reason: `the JSON has no key "${path}"` };
  const value = dig(holding[holding.length - 1], path);
  if (typeof value === 'number') return Number.isFinite(value) ? { ok: true, value, matches: holding.length } : { ok: false, reason: `${name} is not finite` };
  const read = toNumber(typeof value === 'string' ? value : JSON.stringify(value), name);
  return read.ok ? { ...read, matches: holding.length } : read;
}
