// Source with its strings and comments blanked out, in the same shape: so that brackets and heads can be found without a parser.

import type { Language } from '../pin.ts';

export interface Masked {
  readonly rows: readonly string[];
  /** For rows that begin inside a string or comment: which, and the row where it opened. */
  readonly inside: readonly ({ readonly kind: 'string' | 'comment'; readonly row: number } | null)[];
  /** Whether a string or comment is still open at the end. */
  readonly open: boolean;
}

interface Opened {
  readonly kind: 'string' | 'comment';
  readonly close: string;
  /** Whether it ends at its line's end at the latest. */
  readonly short: boolean;
  readonly raw: boolean;
  readonly row: number;
}

/** Masks lines of a language; without one, only quotes and brackets count as in C. */
export function mask(lines: readonly string[], language: Language | null): Masked {
  const reader = new Reader(language);
  const inside: Masked['inside'][number][] = [];
  const rows = lines.map((line, row) => {
    inside.push(reader.open && { kind: reader.open.kind, row: reader.open.row });
    return reader.line(line, row);
  });
  return { rows, inside, open: reader.open !== null };
}

class Reader {
  open: Opened | null = null;
  private readonly language: Language | null;
  private readonly script: boolean;
  /** Depths of braces at which a template's expression ends. */
  private readonly templates: number[] = [];
  private braces = 0;

  constructor(language: Language | null) {
    this.language = language;
    this.script = language === 'javascript' || language === 'typescript' || language === 'tsx';
  }

  line(line: string, row: number): string {
    let out = '';
    while (out.length < line.length) out += this.open === null ? this.code(line, out, row) : this.within(this.open, line, out.length);
    if (this.open?.short === true) this.open = null;
    return out.slice(0, line.length);
  }

  /** The next characters of a string or comment, as blanks. */
  private within(open: Opened, line: string, at: number): string {
    if (!open.raw && line[at] === '\\') return '  ';
    if (line.startsWith(open.close, at)) {
      this.open = null;
      return ' '.repeat(open.close.length);
    }
    if (open.close !== '`' || !this.script || !line.startsWith('${', at)) return ' ';
    this.templates.push(this.braces);
    this.open = null;
    return '  ';
  }

  private code(line: string, before: string, row: number): string {
    const rest = line.slice(before.length);
    if (this.language === 'python' ? rest.startsWith('#') : rest.startsWith('//')) return ' '.repeat(rest.length);
    const opening = openingOf(rest, this.script, this.language, before);
    if (opening && 'skip' in opening) return ' '.repeat(opening.skip);
    if (opening) {
      this.open = { ...opening.opened, row };
      return ' '.repeat(opening.length);
    }
    const c = rest[0] ?? '';
    if (c === '{') this.braces++;
    if (c === '}' && this.templates.at(-1) === this.braces) {
      this.templates.pop();
      this.open = { kind: 'string', close: '`', short: false, raw: false, row };
      return ' ';
    }
    if (c === '}') this.braces--;
    return c;
  }
}

type Opening = { readonly opened: Omit<Opened, 'row'>; readonly length: number } | { readonly skip: number } | null;

function openingOf(rest: string, script: boolean, language: Language | null, before: string): Opening {
  if (language === 'python') {
    const triple = /^(?:"""|''')/.exec(rest)?.[0];
    if (triple !== undefined) return { opened: { kind: 'string', close: triple, short: false, raw: false }, length: 3 };
  } else if (rest.startsWith('/*')) return { opened: { kind: 'comment', close: '*/', short: false, raw: true }, length: 2 };
  const c = rest[0] ?? '';
  if (language === 'rust') {
    const raw = /^r(#*)"/.exec(rest);
    if (raw && !/\w$/.test(before)) return { opened: { kind: 'string', close: `"${raw[1] ?? ''}`, short: false, raw: true }, length: raw[0].length };
    if (c === "'") {
      const char = /^'(?:\\(?:u\{[^}]*\}|.)[^']*|[^\\'])'/.exec(rest);
      return { skip: char ? char[0].length : 1 };
    }
    if (c === '"') return { opened: { kind: 'string', close: '"', short: false, raw: false }, length: 1 };
  }
  if (c === '`' && (script || language === 'go')) return { opened: { kind: 'string', close: '`', short: false, raw: language === 'go' }, length: 1 };
  if (c === '"' || c === "'") return { opened: { kind: 'string', close: c, short: true, raw: false }, length: 1 };
  if (script && c === '/' && /(?:^|[(,=:[!&|?{};+\-*%~^<>]|\b(?:return|typeof|case|in|of))\s*$/.test(before)) {
    const regex = /^\/(?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\[])+\/\w*/.exec(rest);
    if (regex) return { skip: regex[0].length };
  }
  return null;
}

/** Whether all brackets and strings close. */
export function isBalanced(masked: Masked): boolean {
  const pairs: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };
  const stack: string[] = [];
  for (const c of masked.rows.join('\n')) {
    if ('([{'.includes(c)) stack.push(c);
    else if (c in pairs && stack.pop() !== pairs[c]) return false;
  }
  return stack.length === 0 && !masked.open;
}
