// What is read out of a login file of whatever agent: whether it is still one, and what in it nobody may see.

/** A key of the file by such a name holds something secret. */
const SECRET = /token|secret|password|api_?key/i;
/** Shorter texts would be found in places where they mean nothing. */
const LEAST = 8;
/** The login's own tokens are no deeper than this; below are those of servers that an agent has connected to. */
const OWN = 2;

interface Leaf {
  readonly path: string;
  readonly depth: number;
  readonly value: string;
}

function parsed(text: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return null;
  }
}

function secretLeaves(value: unknown, path = '', name = '', depth = 0): Leaf[] {
  if (typeof value === 'string') return SECRET.test(name) ? [{ path, depth, value }] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, v]) => secretLeaves(v, `${path}.${key}`, key, depth + 1));
}

/** Whether a login that was changed is still one: `emptied` is what agents leave where a renewal failed, `torn` what is half written. */
export function isWholeLogin(now: string, before: string): 'whole' | 'emptied' | 'torn' {
  const was = parsed(before);
  if (was === null) return now.trim() === '' ? 'emptied' : 'whole';
  const is = parsed(now);
  if (is === null) return 'torn';
  const held = new Map(secretLeaves(is.value).map((l) => [l.path, l.value]));
  return secretLeaves(was.value).every((l) => l.value === '' || l.depth > OWN || (held.get(l.path) ?? '') !== '') ? 'whole' : 'emptied';
}

/** The keys and tokens in a login file. */
export function secretsInLogin(text: string): readonly string[] {
  const json = parsed(text);
  const found = json === null ? [text.trim()] : secretLeaves(json.value).map((l) => l.value);
  return found.filter((s) => s.length >= LEAST);
}

/** The secrets among an agent's variables: addresses are none, but a password in one is. */
export function secretsInVariables(variables: Readonly<Record<string, string>>): readonly string[] {
  return Object.values(variables).flatMap((value) => {
    if (!/^\w+:\/\//.test(value)) return [value];
    const password = /^\w+:\/\/[^/@]*:([^/@]+)@/.exec(value)?.[1] ?? '';
    return [password];
  }).filter((s) => s.length >= LEAST);
}

/** A text without secrets, also as they stand in JSON. */
export function withoutSecrets(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const s of [...secrets].sort((a, b) => b.length - a.length)) for (const form of new Set([s, JSON.stringify(s).slice(1, -1)])) clean = clean.replaceAll(form, '…');
  return clean;
}
