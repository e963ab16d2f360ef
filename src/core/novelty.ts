// How alike two edits of one program are: by shingles of the tokens that they take out and put in (Broder 1997, "On the resemblance and
// containment of documents"). Edits with other numbers are never alike: a constant may be what matters. So may any other token, and likeness does
// not tell: see bench/results/novelty.md, for which no search has it by default.

/** Tokens in a shingle. */
const SHINGLE = 4;
const TOKEN = /[A-Za-z_$][\w$]*|\d+(?:\.\d+)?|[^\s\w]/g;

/** What an edit is told by. */
export interface Sketch {
  readonly shingles: ReadonlySet<string>;
  /** The numbers that it puts in, in order. */
  readonly numbers: string;
}

/** The sketch of a unified diff. */
export function sketchOf(patch: string): Sketch {
  const shingles = new Set<string>();
  const numbers: string[] = [];
  for (const sign of ['-', '+']) {
    const text = patch.split('\n').filter((l) => l.startsWith(sign) && !l.startsWith(sign.repeat(3))).map((l) => l.slice(1)).join('\n');
    const tokens = text.match(TOKEN) ?? [];
    if (sign === '+') numbers.push(...tokens.filter((t) => /^\d/.test(t)));
    for (let i = 0; i === 0 || i + SHINGLE <= tokens.length; i++) shingles.add(`${sign}${tokens.slice(i, i + SHINGLE).join(' ')}`);
  }
  return { shingles, numbers: numbers.join(' ') };
}

/** The share of the shingles that two edits have in common, 0 to 1; 0 where they put other numbers in. */
export function likeness(a: Sketch, b: Sketch): number {
  if (a.numbers !== b.numbers) return 0;
  let common = 0;
  for (const s of a.shingles) if (b.shingles.has(s)) common++;
  return common / (a.shingles.size + b.shingles.size - common);
}
