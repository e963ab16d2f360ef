// Functions in an answer's code by their names, with their extents: enough of each language to find what is to be replaced.

import type { Language } from '../pin.ts';
import { indentOf } from './indent.ts';
import { mask, type Masked } from './mask.ts';

export interface Definition {
  readonly name: string;
  /** Rows `[from, to)`, decorators and attributes included. */
  readonly from: number;
  readonly to: number;
  /** The row of the name. */
  readonly head: number;
  /** The class, impl, object or function around it, if any. */
  readonly scope: string | null;
}

const NOT_NAMES = new Set(['if', 'for', 'while', 'switch', 'catch', 'return', 'function', 'else', 'do', 'new', 'throw', 'await', 'with', 'sizeof', 'typeof', 'case', 'elif', 'match', 'loop', 'synchronized', 'super', 'this', 'assert', 'print']);

const PYTHON = /^\s*(?:async\s+)?def\s+(?<name>\w+)/;
const SCRIPT = [
  /^\s*(?:export\s+)?(?:default\s+)?(?:declare\s+)?(?:async\s+)?function\s*\*?\s*(?<name>[\w$]+)/,
  /^\s*(?:export\s+)?(?:const|let|var)\s+(?<name>[\w$]+)\s*(?::.*?)?=\s*(?:async\b\s*)?(?:function\b|\(|<|[\w$]+\s*=>|improve\s*\()/,
  /^\s*(?:this|exports|module\.exports|[\w$]+(?:\.prototype)?)\.(?<name>[\w$]+)\s*=\s*(?:async\b\s*)?(?:function\b|\(|[\w$]+\s*=>)/,
  /^\s*(?<name>#?[\w$]+)\s*[:=]\s*(?:async\b\s*)?(?:function\b|\([^()]*\)\s*(?::[^=]+)?=>|[\w$]+\s*=>)/,
  /^\s*(?:(?:public|private|protected|static|async|readonly|override|abstract|get|set)\s+)*\*?\s*(?<name>#?[\w$]+)\s*(?:<[^>(]*>)?\s*\(/,
];
const HEADS: Readonly<Record<Language, readonly RegExp[]>> = {
  python: [PYTHON],
  javascript: SCRIPT, typescript: SCRIPT, tsx: SCRIPT,
  go: [/^func\s*(?:\([^)]*\)\s*)?(?<name>\w+)\s*[[(]/],
  rust: [/^\s*(?:pub(?:\([^)]*\))?\s+)?(?:(?:const|async|unsafe|extern)\s+)*fn\s+(?<name>\w+)/],
  java: [/^\s*(?:[\w<>[\],.?&@]+\s+)*(?<name>\w+)\s*\(/],
  c: [/^(?:\w+[\s*]+)+(?<name>\w+)\s*\(/],
  cpp: [/^\s*(?:[\w<>:,~[\]]+[\s*&]+)*(?:\w+::)*(?<name>~?\w+)\s*\(/],
};
/** Heads of what holds functions. */
export const SCOPES: readonly RegExp[] = [
  /^\s*(?:export\s+)?(?:default\s+)?(?:(?:abstract|public|private|protected|static|final|sealed)\s+)*(?:class|interface|struct|enum|trait|namespace|mod|record|object)\s+(?<name>[\w$]+)/,
  /^\s*(?:unsafe\s+)?impl\b(?:\s*<[^{]*?>)?\s+(?:[\w:<>,' ]+\s+for\s+)?(?<name>\w+)/,
  /^\s*(?:export\s+)?(?:const|let|var)\s+(?<name>[\w$]+)\s*=\s*(?:class\b|\{\s*$)/,
];

/** A code's functions, in order. Of a language without rules here: none. */
export function definitionsIn(lines: readonly string[], language: Language | null): readonly Definition[] {
  if (language === null) return [];
  const masked = mask(lines, language);
  const out: Definition[] = [];
  const scopes: { readonly name: string; readonly to: number }[] = [];
  for (let row = 0; row < lines.length; row++) {
    const text = masked.rows[row] ?? '';
    if (masked.inside[row] !== null || text.trim() === '') continue;
    while (scopes.length > 0 && (scopes.at(-1)?.to ?? 0) <= row) scopes.pop();
    const scope = SCOPES.map((head) => head.exec(text)?.groups?.['name']).find((name) => name !== undefined);
    const found = scope === undefined ? headOf(HEADS[language], text, masked, row, language) : null;
    if (scope === undefined && found === null) continue;
    const to = language === 'python' ? indentedEnd(masked, lines, row) : found === null ? bracedEnd(masked, row, 0, true) : found.to;
    if (to === null) continue;
    if (scope !== undefined) scopes.push({ name: scope, to });
    else if (found) {
      const receiver = language === 'go' ? /^func\s*\(\s*(?:\w+\s+)?\*?(\w+)/.exec(text)?.[1] : language === 'cpp' ? /(\w+)::~?\w+\s*\(/.exec(text)?.[1] : undefined;
      const around = scopes.at(-1)?.name ?? null;
      scopes.push({ name: found.name, to });
      out.push({ name: found.name, from: decorated(masked, lines, row, language), to, head: row, scope: receiver ?? around });
    }
  }
  return out;
}

function headOf(heads: readonly RegExp[], text: string, masked: Masked, row: number, language: Language): { readonly name: string; readonly to: number } | null {
  for (const head of heads) {
    const m = head.exec(text);
    const name = m?.groups?.['name'];
    if (m === null || name === undefined || NOT_NAMES.has(name)) continue;
    if (language === 'python') return { name, to: row + 1 };
    const at = m.index + m[0].lastIndexOf(name) + name.length;
    const bound = /^\s*[:=]|^\s*:.*=/.test(text.slice(at)) && /=/.test(m[0].slice(m[0].lastIndexOf(name))) || /^\s*:/.test(text.slice(at));
    const to = bound ? expressionEnd(masked, row) : bracedEnd(masked, row, at, false);
    if (to !== null) return { name, to };
  }
  return null;
}

/** The row behind a body in braces, from a head at a column; null when a declaration ends without one. A scope may have no parameters. */
function bracedEnd(masked: Masked, row: number, column: number, scope: boolean): number | null {
  let depth = 0;
  let opened = false;
  let parameters = scope;
  for (let r = row; r < masked.rows.length; r++) {
    const text = masked.rows[r] ?? '';
    for (let i = r === row ? column : 0; i < text.length; i++) {
      const c = text[i] ?? '';
      if ('([{'.includes(c)) {
        if (depth === 0 && c === '(') parameters = true;
        if (depth === 0 && c === '{' && parameters) opened = true;
        depth++;
      } else if (')]}'.includes(c)) {
        depth--;
        if (depth < 0) return null;
        if (depth === 0 && opened && c === '}') {
          const behind = text.slice(i + 1).trim() + (text.slice(i + 1).trim() === '' ? '' : ' ');
          if (/^[{|&]/.test(behind)) opened = false;
          else return r + 1;
        }
      } else if (c === ';' && depth === 0 && !opened) return null;
      else if (depth === 0 && parameters && !scope && c === '=' && text[i + 1] !== '>' && !opened) return null;
    }
  }
  return null;
}

/** The row behind an expression that is bound to a name. */
function expressionEnd(masked: Masked, row: number): number | null {
  let depth = 0;
  for (let r = row; r < masked.rows.length; r++) {
    const text = masked.rows[r] ?? '';
    for (const c of text) {
      if ('([{'.includes(c)) depth++;
      else if (')]}'.includes(c)) depth--;
    }
    const end = text.trimEnd();
    if (depth < 0) return r === row ? null : r;
    if (depth > 0) continue;
    if (/[;,]$/.test(end)) return r + 1;
    const next = masked.rows.slice(r + 1).find((line) => line.trim() !== '')?.trim() ?? '';
    if (!/(?:=>|[=(,?:&|+\-*/<])$/.test(end) && !/^(?:[.?:&|+\-*/%)\]},]|=>)/.test(next)) return r + 1;
    if (/^[)\]}]/.test(next)) return r + 1;
  }
  return depth === 0 ? masked.rows.length : null;
}

/** The row behind a body that is indented deeper than its head. */
function indentedEnd(masked: Masked, lines: readonly string[], row: number): number {
  const base = indentOf(lines[row] ?? '').length;
  let depth = 0;
  let end = row + 1;
  for (let r = row; r < lines.length; r++) {
    const line = lines[r] ?? '';
    const text = masked.rows[r] ?? '';
    const inner = r === row || depth > 0 || masked.inside[r] !== null;
    if (!inner && line.trim() !== '' && indentOf(line).length <= base) {
      if (text.trim() === '' && line.trim().startsWith('#')) continue;
      break;
    }
    for (const c of text) {
      if ('([{'.includes(c)) depth++;
      else if (')]}'.includes(c)) depth = Math.max(0, depth - 1);
    }
    if (line.trim() !== '' || masked.inside[r] !== null) end = r + 1;
  }
  return end;
}

/** The first row with the decorators, attributes, annotations and templates that stand right above a head. */
function decorated(masked: Masked, lines: readonly string[], head: number, language: Language): number {
  const starts = language === 'rust' ? /^#!?\[/ : language === 'cpp' ? /^template\s*</ : /^@(?!interface)/;
  let from = head;
  for (let r = head - 1; r >= 0; r--) {
    const line = (lines[r] ?? '').trim();
    if (line === '') break;
    if (starts.test(line)) from = r;
    else if (!/[)\],(]$/.test((masked.rows[r] ?? '').trimEnd()) && !/^["'\w]/.test(line)) break;
    else if (/^(?:async\s+)?def\b|^return\b|[;{}]$/.test(line)) break;
    if (head - r > 40) break;
  }
  return from;
}
