// Answers as data: JSON objects (also of tool calls) and tags, with edits, code or another answer inside.

import { isPath, quote, type Edit } from './edit.ts';
import { opsOf } from './indent.ts';

export interface Structured {
  readonly edits: readonly Edit[];
  /** Code by the path, pin or name that it is given for. */
  readonly codes: readonly { readonly path: string | null; readonly text: string }[];
  /** Texts that are answers of their own: with fences, blocks or diffs. */
  readonly texts: readonly string[];
  readonly summary: string | null;
}

const squeezed = (key: string): string => key.toLowerCase().replace(/[^a-z]/g, '');
const FILES = new Set(['file', 'path', 'filename', 'filepath', 'targetfile', 'relativepath']);
const OLDS = new Set(['oldstring', 'oldstr', 'search', 'find', 'original', 'before', 'old', 'oldcode', 'oldtext', 'originalcode', 'searchblock', 'target']);
const NEWS = new Set(['newstring', 'newstr', 'replace', 'replacement', 'updated', 'after', 'new', 'newcode', 'newtext', 'replacewith', 'updatedcode', 'replaceblock', 'modified', 'replacewithcode']);
const CODES = new Set(['code', 'content', 'contents', 'filecontent', 'filetext', 'newcontent', 'newcode', 'program', 'function', 'implementation', 'source', 'solution', 'improvedcode', 'optimizedcode', 'updatedcode', 'fullcode', 'codeedit', 'body', 'script']);
const TEXTS = new Set(['answer', 'response', 'output', 'text', 'message', 'result', 'completion', 'diff', 'patch', 'final', 'finalanswer', 'arguments', 'input', 'parameters', 'args']);
const SUMMARIES = ['summary', 'description', 'explanation', 'rationale', 'reasoning', 'reason', 'thought', 'thoughts', 'title', 'name', 'idea'];

interface Found {
  edits: Edit[];
  codes: { path: string | null; text: string }[];
  texts: string[];
  summary: string | null;
}

/** Reads a text that is JSON as a whole, or in its only fence; null for any other, and for JSON without an edit. `names` are paths, pins and functions that may be keys. */
export function jsonAnswer(text: string, names: ReadonlySet<string>): Structured | null {
  const body = text.trim().replace(/^(?:`{3,}|~{3,})\s*(?:json[c5]?)?\s*\n([\s\S]*?)\n?(?:`{3,}|~{3,})$/i, '$1').trim();
  const value = lenient(body) ?? lenient(/^[^{[`]{0,400}(?:`{3,}\s*json[c5]?\s*\n)?([{[][\s\S]*[}\]])\s*(?:`{3,})?[^}\]`]{0,400}$/i.exec(body)?.[1] ?? '');
  if (value === null || typeof value !== 'object') return null;
  const found: Found = { edits: [], codes: [], texts: [], summary: null };
  collect(value, found, null, names, 0);
  return found.edits.length + found.codes.length + found.texts.length === 0 ? null : found;
}

function collect(value: unknown, found: Found, path: string | null, names: ReadonlySet<string>, depth: number): void {
  if (depth > 8) return;
  if (Array.isArray(value)) {
    for (const one of value) collect(one, found, path, names, depth + 1);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const entries = Object.entries(value);
  const text = (keys: ReadonlySet<string>): string | undefined => entries.map(([k, v]) => (keys.has(squeezed(k)) ? lined(v) : undefined)).find((v) => v !== undefined);
  const own = text(FILES) ?? path;
  const [before, after] = [text(OLDS), text(NEWS)];
  for (const key of SUMMARIES) found.summary ??= entries.map(([k, v]) => (squeezed(k) === key && typeof v === 'string' && !names.has(k) ? v : null)).find((v) => v !== null) ?? null;
  if (before !== undefined && after !== undefined) {
    found.edits.push(editOf(own, before, after, entries.some(([k, v]) => squeezed(k) === 'replaceall' && v === true)));
    return;
  }
  for (const [key, v] of entries) {
    const name = squeezed(key);
    if (typeof v === 'string') {
      const inner = TEXTS.has(name) || CODES.has(name) ? lenient(v.trim()) : null;
      if (inner !== null && typeof inner === 'object') collect(inner, found, own, names, depth + 1);
      else if (names.has(key) || isPath(key)) found.codes.push({ path: isPath(key) ? key : null, text: unfolded(v) });
      else if (TEXTS.has(name) || (CODES.has(name) && /^[ \t]*(?:`{3}|<{5,} ?[A-Z]|@@ |--- \S|\*\*\* Begin)/m.test(v))) found.texts.push(unfolded(v));
      else if (CODES.has(name) && v.trim() !== '') found.codes.push({ path: own, text: unfolded(v) });
    } else if (Array.isArray(v) && v.length > 0 && v.every((line) => typeof line === 'string') && CODES.has(name)) found.codes.push({ path: own, text: v.join('\n') });
    else collect(v, found, isPath(key) ? key : own, names, depth + 1);
  }
}

function lined(value: unknown): string | undefined {
  if (typeof value === 'string') return unfolded(value);
  return Array.isArray(value) && value.every((line) => typeof line === 'string') ? value.join('\n') : undefined;
}

/** Text that was escaped once too often. */
function unfolded(text: string): string {
  return !text.includes('\n') && /\\n/.test(text) && /\\n\s*\S/.test(text) ? text.replace(/\\n/g, '\n').replace(/\\t/g, '\t').replace(/\\"/g, '"') : text;
}

function editOf(file: string | null, before: string, after: string, all: boolean): Edit {
  const linesOf = (text: string): string[] => {
    const inner = text.replace(/\r\n/g, '\n').replace(/^\n+|\n+$/g, '');
    return inner === '' ? [] : inner.split('\n');
  };
  const [a, b] = [linesOf(before), linesOf(after)];
  return { file, readings: [opsOf(a, b)], loose: false, line: null, under: [], all, source: quote(['<<<<<<< SEARCH', ...a, '=======', ...b, '>>>>>>> REPLACE']) };
}

/** JSON with the slips of models: line breaks in strings, commas before a closing bracket, triple quotes. Null when it is none. */
function lenient(text: string): unknown {
  if (!/^[{["]/.test(text)) return null;
  const attempts = [text, repaired(text)];
  for (const one of attempts) {
    try {
      return JSON.parse(one) as unknown;
    } catch {
      continue;
    }
  }
  return null;
}

function repaired(text: string): string {
  const quoted = text.replace(/"""([\s\S]*?)"""/g, (_, inner: string) => JSON.stringify(inner));
  let out = '';
  let inString = false;
  for (let i = 0; i < quoted.length; i++) {
    const c = quoted[i] ?? '';
    if (inString && c === '\\') {
      const next = quoted[i + 1] ?? '';
      out += '"\\/bfnrtu'.includes(next) ? c + next : `\\\\${next === '\n' ? '\\n' : next}`;
      i++;
      continue;
    }
    if (c === '"') inString = !inString;
    if (inString && c === '\n') out += '\\n';
    else if (inString && c === '\t') out += '\\t';
    else out += c;
  }
  return out.replace(/,(\s*[}\]])/g, '$1');
}

const PAIRS: readonly (readonly [old: string, next: string])[] = [
  ['old_string', 'new_string'], ['old_str', 'new_str'], ['old_code', 'new_code'], ['old_text', 'new_text'], ['search', 'replace'], ['find', 'replace'], ['original', 'updated'], ['original', 'modified'], ['original', 'replacement'], ['original', 'new'],
  ['old', 'new'], ['before', 'after'], ['original_code', 'updated_code'], ['original_code', 'new_code'], ['search', 'replacement'],
];

/** Edits in pairs of tags, as tools that edit by text take them; null when there are none. The text is without them then. */
export function taggedEdits(text: string): { readonly edits: readonly Edit[]; readonly rest: string } | null {
  const flat = text.replace(/<(?:\w+:)?parameter name="(\w+)"[^>]*>([\s\S]*?)<\/(?:\w+:)?parameter>/g, '<$1>$2</$1>');
  const edits: { at: number; edit: Edit }[] = [];
  let rest = flat;
  for (const [old, next] of PAIRS) {
    if (!rest.toLowerCase().includes(`</${old}`)) continue;
    const pair = new RegExp(`<${old}(?:\\s[^>]*)?>([\\s\\S]*?)</${old}>\\s*<${next}(?:\\s[^>]*)?>([\\s\\S]*?)</${next}>`, 'gi');
    for (const m of rest.matchAll(pair)) {
      const before = rest.slice(0, m.index);
      const files = [...before.matchAll(/<(?:path|file|file_path|filename|file_name|target_file)>\s*([^<\s]+)\s*<\/|\b(?:path|file|filename|file_path|name)="([^"\n]+)"/gi)].map((f) => f[1] ?? f[2] ?? '').filter(isPath);
      const all = /<replace_all>\s*true/i.test(rest.slice(m.index, m.index + m[0].length + 80));
      edits.push({ at: m.index, edit: editOf(files.at(-1) ?? null, bare(m[1] ?? ''), bare(m[2] ?? ''), all) });
    }
    rest = rest.replace(pair, (whole) => '\n'.repeat(whole.split('\n').length - 1));
  }
  return edits.length === 0 ? null : { edits: edits.sort((a, b) => a.at - b.at).map((e) => e.edit), rest };
}

/** Without CDATA and a fence around all of it. */
function bare(text: string): string {
  const inner = /^\s*<!\[CDATA\[([\s\S]*?)\]\]>\s*$/.exec(text)?.[1] ?? text;
  return /^\s*(?:`{3,}|~{3,})[^\n]*\n([\s\S]*?)\n?(?:`{3,}|~{3,})\s*$/.exec(inner)?.[1] ?? inner;
}

const WRAPPERS = 'answer|output|response|result|solution|final|final_answer|artifact|antartifact|diff|patch|edit|edits|changes|replace_in_file|apply_diff|apply_patch|write_to_file|function_calls|invoke|tool_call|tool_use|improved_code|optimized_code|new_code|updated_code|code|content|file|program|function|source|file_content|implementation';

/** Rows with the tags that only wrap turned into fences where they hold bare code, or left out. Tags in fences are code. */
export function untagged(rows: readonly string[], inFence: (row: number) => boolean): readonly string[] {
  const open = new RegExp(`^\\s*<(?:\\w+:)?(${WRAPPERS})(?:\\s[^>]*)?>\\s*$`, 'i');
  const close = new RegExp(`^\\s*</(?:\\w+:)?(?:${WRAPPERS})>\\s*$`, 'i');
  const out = [...rows];
  for (let i = 0; i < rows.length; i++) {
    const m = inFence(i) ? null : open.exec(rows[i] ?? '');
    if (!m) continue;
    const name = m[1] ?? '';
    const end = rows.findIndex((line, k) => k > i && !inFence(k) && new RegExp(`^\\s*</(?:\\w+:)?${name}>\\s*$`, 'i').test(line));
    if (end < 0) continue;
    const inner = rows.slice(i + 1, end);
    const nested = inner.some((line) => /^[ \t]*(?:`{3}|~{3}|<{5,}|@@ |--- \S|\*\*\* (?:Begin|Update)|-{5,} SEARCH)/.test(line) || open.test(line) || close.test(line) || /^\s*<(?:path|file_path|file|filename)>/.test(line));
    const path = /\b(?:path|file|filename|file_path|name|identifier|title)="([^"\n]+)"/i.exec(rows[i] ?? '')?.[1];
    const opening = path !== undefined && isPath(path) ? `title="${path}"` : '';
    out[i] = nested ? (opening === '' ? '' : (path ?? '')) : `\`\`\`\`\`${opening}`;
    out[end] = nested ? '' : '`````';
    if (!nested) i = end;
  }
  return out;
}
