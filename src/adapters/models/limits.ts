// What the headers of an answer say of a provider's limits: Anthropic's `anthropic-ratelimit-*`, and the `x-ratelimit-*` of OpenAI and of those that follow it.

import type { HeaderReader } from './client.ts';

export interface Limit {
  readonly key: 'requests' | 'tokens' | 'input' | 'output';
  /** In words. */
  readonly what: string;
  readonly limit: number | null;
  readonly remaining: number;
  /** When it is whole again, in ms by this machine's clock. */
  readonly resetAt: number;
}

const FORMS: readonly { readonly key: Limit['key']; readonly what: string; readonly name: (part: string) => string }[] = [
  { key: 'requests', what: 'requests', name: (part) => `anthropic-ratelimit-requests-${part}` },
  { key: 'tokens', what: 'tokens', name: (part) => `anthropic-ratelimit-tokens-${part}` },
  { key: 'input', what: 'input tokens', name: (part) => `anthropic-ratelimit-input-tokens-${part}` },
  { key: 'output', what: 'output tokens', name: (part) => `anthropic-ratelimit-output-tokens-${part}` },
  { key: 'requests', what: 'requests', name: (part) => `x-ratelimit-${part}-requests` },
  { key: 'tokens', what: 'tokens', name: (part) => `x-ratelimit-${part}-tokens` },
  { key: 'requests', what: 'requests', name: (part) => `x-ratelimit-${part}` },
];

/** The limits that are told whole: how much is left, and when it will be there again. */
export function limitsIn(headers: HeaderReader, now: number): Limit[] {
  // A time is by the provider's clock, which its own date tells.
  const theirs = Date.parse(headers.get('date') ?? '');
  const ahead = Number.isNaN(theirs) ? 0 : theirs - now;
  const found = new Map<string, Limit>();
  for (const { key, what, name } of FORMS) {
    const remaining = numberIn(headers.get(name('remaining')));
    const resetAt = resetIn(headers.get(name('reset')), now, ahead);
    if (remaining === null || resetAt === null || found.has(key)) continue;
    found.set(key, { key, what, limit: numberIn(headers.get(name('limit'))), remaining, resetAt });
  }
  return [...found.values()];
}

function numberIn(text: string | null): number | null {
  const n = text === null || text.trim() === '' ? NaN : Number(text);
  return Number.isFinite(n) ? n : null;
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A time (RFC 3339), a duration such as `6m0s`, `2m59.56s` or `120ms`, seconds from now, or the epoch's seconds or milliseconds. */
function resetIn(text: string | null, now: number, ahead: number): number | null {
  if (text === null || text.trim() === '') return null;
  const n = numberIn(text);
  if (n !== null) return n > 1e12 ? n - ahead : n > 1e9 ? n * 1000 - ahead : now + n * 1000;
  const parts = [...text.trim().matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g)];
  if (parts.length > 0 && parts.map((p) => p[0]).join('') === text.trim()) return now + parts.reduce((sum, p) => sum + Number(p[1]) * (UNITS[p[2] ?? ''] ?? 0), 0);
  const time = Date.parse(text);
  return Number.isNaN(time) ? null : time - ahead;
}
