// Metrics out of what an evaluation printed: lines, JSON, regular expressions. A failure is named, never a number.

export type Extracted =
  | { readonly ok: true; readonly value: number; /** How many places matched: more than the baseline's is suspicious. */ readonly matches: number }
  | { readonly ok: false; readonly reason: string };

const NUMBER = '[-+]?(?:\\d[\\d_,]*(?:\\.\\d+)?|\\.\\d+)(?:[eE][-+]?\\d+)?';
const WORDS = '[-+]?(?:nan|inf(?:inity)?)\\b';

function escape(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** A finite number from text, or the reason why not. Thousands separators `,` and `_` are read over. */
export function toNumber(text: string, name: string): Extracted {
  const bare = text.trim();
  if (/^[-+]?nan$/i.test(bare)) return { ok: false, reason: `${name} is NaN` };
  if (/^[-+]?inf(inity)?$/i.test(bare)) return { ok: false, reason: `${name} is infinite` };
  const value = Number(bare.replace(/(?<=\d)[,_](?=\d)/g, ''));
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
  for (const between of ['\\s*[:=]\\s*', '[^\\n:=\\d]{0,40}[:=]\\s*', '\\s+(?:is\\s+|of\\s+)?']) {
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
    if (at === null || typeof at !== 'object') return undefined;
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
