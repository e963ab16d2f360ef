// A function as an answer gives it, made to stand where the pinned one stands: its depth, its decorators, what is written around it.

import type { Pin } from '../pin.ts';
import { indentOf, unitOf } from './indent.ts';
import { mask } from './mask.ts';
import type { View } from './view.ts';

const isBlank = (line: string): boolean => line.trim() === '';

/** The pin's own lines and the text before it on its first line. */
export function standing(view: View, pin: Pin): { readonly lines: readonly string[]; readonly lead: string; readonly text: string; readonly start: number } {
  const [, start, end] = view.spans.find(([id]) => id === pin.id) ?? [pin.id, 0, 0];
  const text = view.text.slice(start, end);
  return { lines: text.replace(/\r?\n$/, '').split(/\r?\n/), lead: view.text.slice(view.text.lastIndexOf('\n', start - 1) + 1, start), text, start };
}

/** The text of a function pin from an answer's lines. */
export function fitted(view: View, pin: Pin, given: readonly string[]): string {
  const { lines: old, lead, text } = standing(view, pin);
  let lines = given.map((line) => line.trimEnd());
  while (lines.length > 0 && isBlank(lines[0] ?? '')) lines = lines.slice(1);
  while (lines.length > 0 && isBlank(lines.at(-1) ?? '')) lines = lines.slice(0, -1);
  lines = atDepth(lines, indentOf(lead), [lead + (old[0] ?? ''), ...old.slice(1)], view);
  if (view.language === 'python') lines = [...keptDecorators(old, lines, indentOf(lead)), ...lines];
  else if (view.language === 'javascript' || view.language === 'typescript' || view.language === 'tsx') lines = asWritten(old, lines, lead, pin);
  // What stands before the pin on its line is not the pin's.
  let first = lines[0] ?? '';
  const before = lead.trim();
  first = first.startsWith(lead) ? first.slice(lead.length) : first.trimStart();
  if (before !== '' && first.startsWith(before)) first = first.slice(before.length).trimStart();
  lines = [first, ...lines.slice(1)];
  const out = lines.join(view.eol);
  const tail = /[;,)]+\s*$/.exec(out);
  const after = view.text.slice((view.spans.find(([id]) => id === pin.id)?.[2] ?? 0));
  if (tail && !/[;,]\s*$/.test(text) && /^[;,]/.test(after) && /[;,]$/.test(out)) return out.slice(0, -1);
  return keptEndings(text, out);
}

/** With the parent's bytes for lines that differ in nothing but their ending: mixed endings stay mixed. */
function keptEndings(text: string, out: string): string {
  if (text.replace(/[ \t]+(?=\r?\n|$)/g, '').replace(/\r\n/g, '\n') === out.replace(/\r\n/g, '\n')) return text;
  return out;
}

/** Lines moved to a depth, in the file's own kind of indentation. The insides of strings stay, those that begin their line (docstrings) move. */
function atDepth(lines: readonly string[], base: string, old: readonly string[], view: View): string[] {
  const masked = mask(lines, view.language);
  const from = indentOf(lines[0] ?? '');
  const unit = unitOf(lines);
  const fileUnit = unitOf(old) ?? unitOf(view.lines) ?? unit;
  const changes = unit !== null && fileUnit !== null && (unit === '\t') !== (fileUnit === '\t');
  return lines.map((line, row) => {
    const inside = masked.inside[row];
    if (isBlank(line)) return line;
    if (inside?.kind === 'string' && !/^\s*[rRuUbBfF]{0,2}["']/.test(lines[inside.row] ?? '')) return line;
    const indent = indentOf(line);
    if (!indent.startsWith(from)) return indent === '' ? base + line.trimStart() : line;
    const deeper = indent.slice(from.length);
    const steps = changes ? deeper.replaceAll(unit, fileUnit) : deeper;
    return base + steps + line.slice(indent.length);
  });
}

/** The parent's decorators above a function that is given without any, and its mark above one that is given without that. */
function keptDecorators(old: readonly string[], lines: readonly string[], indent: string): string[] {
  const head = old.findIndex((line) => /^\s*(?:async\s+)?(?:def|class)\b/.test(line));
  const above = old.slice(0, Math.max(0, head)).map((line, i) => (i === 0 ? indent + line.trimStart() : line));
  const newHead = lines.findIndex((line) => /^\s*(?:async\s+)?(?:def|class)\b/.test(line));
  const given = lines.slice(0, Math.max(0, newHead)).some((line) => line.trim().startsWith('@'));
  if (above.length === 0) return [];
  if (!given) return above;
  const isMark = (line: string): boolean => /^\s*@(?:\w+\.)*improve\b/.test(line);
  const mark = above.findIndex(isMark);
  if (mark < 0 || lines.some(isMark)) return [];
  const next = above.findIndex((line, i) => i > mark && line.trim().startsWith('@'));
  return above.slice(mark, next < 0 ? above.length : next);
}

/** `export`, `function` and `const f =` as the parent has them, where the answer writes the same function in another dress. */
function asWritten(old: readonly string[], lines: readonly string[], lead: string, pin: Pin): string[] {
  const was = (old[0] ?? '').trim();
  let first = lines[0] ?? '';
  const indent = indentOf(first);
  let rest = first.slice(indent.length);
  const exported = /^export\s+(?:default\s+)?/.exec(was)?.[0];
  if (exported !== undefined && !/^(?:export|@)/.test(rest)) rest = exported + rest;
  if (exported === undefined && rest.startsWith('export ') && !/^@/.test(was)) rest = rest.replace(/^export\s+(?:default\s+)?/, '');
  const member = !/\b(?:function|const|let|var)\b|=/.test(/^[^({]*/.exec(was)?.[0] ?? '') && (pin.symbol ?? '').includes('.') && lead.trim() === '';
  if (member && /^(?:async\s+)?function\b/.test(rest)) rest = rest.replace(/^(async\s+)?function\s*(\*?)\s*/, (_, a: string | undefined, star: string) => `${a ?? ''}${star}`);
  first = indent + rest;
  const out = [first, ...lines.slice(1)];
  const inExpression = lead.trim() !== '' && !/^(?:export|default|async|static|public|private|protected|\s)+$/.test(lead);
  const binding = /^(?:export\s+)?(?:const|let|var)\s+[\w$]+\s*(?::[^=]+)?=\s*/.exec(rest);
  if (inExpression && binding && !/^\s*(?:const|let|var)\b/.test(was)) {
    out[0] = indent + rest.slice(binding[0].length);
    out.push((out.pop() ?? '').replace(/;\s*$/, ''));
  }
  return out;
}
