// Whole functions in a code that is not the whole file: what goes along with them, and what the parent's pin keeps.

import type { Pin } from '../pin.ts';
import type { Applied } from './apply.ts';
import { SCOPES, definitionsIn, type Definition } from './definitions.ts';
import { fitted, standing } from './fit.ts';
import { indentOf } from './indent.ts';
import { mask } from './mask.ts';
import { pinRows, rowOf, type View } from './view.ts';

const isBlank = (line: string): boolean => line.trim() === '';
const isComment = (line: string): boolean => isBlank(line) || /^\s*(?:#(?!include\b|define\b|if|endif|pragma\b)|\/\/|\/\*|\*(?:\s|\/|$))/.test(line);

const USAGE = /^(?:print|console\.\w+|assert|expect|test|it|describe|System\.out\.print\w*|fmt\.Print\w*|println!|printf)\s*[(!]|^if __name__\b|^(?:#|\/\/)\s*(?:example|usage|test|demo)\b/i;
/** A sentence: no line of code is one. */
const PROSE = /^\p{Lu}[\p{L}'\u2019]*(?: [\p{L}\d'\u2019,-]+){3,}[.:!]?$/u;

/** What the file has already is left out, helpers and imports go along, uses as an example do not. */
export function functions(view: View, lines: readonly string[], pins: ReadonlyMap<Pin, Definition>): Applied {
  const rows = pinRows(view);
  const outside = new Set(view.lines.filter((_, row) => !rows.some((p) => row >= p.first && row <= p.last)).map((line) => line.trim()));
  const sorted = [...pins].sort(([, a], [, b]) => a.from - b.from);
  const texts: Record<string, string> = {};
  let at = 0;
  for (const [i, [pin, d]] of sorted.entries()) {
    let before = leftover(lines.slice(at, d.from), outside, view);
    let after = i === sorted.length - 1 ? leftover(lines.slice(d.to), outside, view) : [];
    at = d.to;
    const { lead, start } = standing(view, pin);
    const beside = [...before, ...after].find((line) => !isComment(line));
    if (beside !== undefined && lead !== '') {
      return { problem: `The answer puts code beside ${pin.id} where only that function may change:\n${beside.trim()}\nPut what is needed (imports too) inside the function and send the whole answer again.` };
    }
    if (beside === undefined) before = after = [];
    // Right below a comment that belongs to the function nothing may come between, unless the function's own head needs it.
    const above = view.lines[rowOf(view, start) - 1] ?? '';
    if (!isBlank(above) && isComment(above) && !isNeeded(before, lines.slice(d.from, d.head + 1), view)) [before, after] = [[], before.length > 0 && after.length > 0 ? [...before, '', ...after] : [...before, ...after]];
    texts[pin.id] = withKept(view, pin, before, fitted(view, pin, lines.slice(d.from, d.to)), after);
  }
  return { genome: texts };
}

const WORDS = /^(?:import|from|as|def|const|let|var|function|return|static|use|class|self|int|double|float|void|char|for|while|if|else)$/;

/** Whether code above a function is used in its head (a decorator, a default), or must come first in its language. */
function isNeeded(before: readonly string[], head: readonly string[], view: View): boolean {
  if (view.language === 'c' || view.language === 'cpp') return true;
  const used = head.join(' ');
  return namesIn(before).some((name) => new RegExp(`(?<![\\w$])${name.replace(/\$/g, '\\$')}(?![\\w$])`).test(used));
}

/** Names that lines of code define or import. */
function namesIn(lines: readonly string[]): string[] {
  return lines.flatMap((line) => {
    const imported = /^\s*(?:import|from|use|#include)\b(.*)/.exec(line)?.[1];
    const bound = imported ?? /^\s*(?:(?:export|pub|static|const|let|var|async|unsafe|final|public|private)\s+)*(?:def|function|fn|func|class|struct|type|enum)?\s*\*?\s*([\w$]+)\s*(?:[:=(<]|$)/.exec(line)?.[1] ?? '';
    return (bound.match(/[\w$]+/g) ?? []).filter((word) => word.length > 1 && !WORDS.test(word));
  });
}

/** The new function where the old one stood, with what earlier solutions put beside it and it still uses. */
function withKept(view: View, pin: Pin, before: readonly string[], own: string, after: readonly string[]): string {
  const old = standing(view, pin).lines;
  const name = (pin.symbol ?? '').replace(/~\d+$/, '').split('.').at(-1);
  const was = definitionsIn(old, view.language).find((d) => d.name === name);
  const kept = (units: readonly Unit[]): string[] => {
    const news = [...before, own, ...after].join('\n');
    const given = new Set(definitionsIn([...before, ...after], view.language).map((d) => d.name));
    const used = (u: Unit): boolean => !u.defines.some((n) => given.has(n)) && u.defines.some((n) => new RegExp(`(?<![\\w$])${n.replace(/\$/g, '\\$')}(?![\\w$])`).test(news)) && !u.lines.every((line) => isBlank(line) || news.includes(line.trim()));
    return units.filter(used).flatMap((u, i) => (i === 0 ? u.lines : ['', ...u.lines]));
  };
  const first = was ? [...kept(unitsOf(old.slice(0, was.from), view)), ...(before.length > 0 ? before : [])] : [...before];
  const last = was ? kept(unitsOf(old.slice(was.to), view)) : [];
  const behind = after.length > 0 && last.length > 0 ? [...after, '', ...last] : [...after, ...last];
  const gap = view.eol.repeat(view.language === 'python' ? 3 : 2);
  const importing = first.every((line) => isComment(line) || /^(?:import|from|use|#include)\b/.test(line));
  return (first.length > 0 ? first.join(view.eol) + (importing ? view.eol.repeat(2) : gap) : '') + own + (behind.length > 0 ? gap + behind.join(view.eol) : '');
}

/** Lines that belong together: a function, or a statement over several lines. */
interface Unit {
  readonly lines: readonly string[];
  readonly defines: readonly string[];
}

function unitsOf(lines: readonly string[], view: View): readonly Unit[] {
  const masked = mask(lines, view.language);
  const all = definitionsIn(lines, view.language);
  const out: Unit[] = [];
  for (let row = 0; row < lines.length;) {
    const line = lines[row] ?? '';
    const d = all.find((one) => one.from === row);
    let end = row + 1;
    if (d) end = d.to;
    else if (!isBlank(line) && !SCOPES.some((head) => head.test(line))) {
      let depth = 0;
      for (let k = row; k < lines.length; k++) {
        const next = lines[k] ?? '';
        const inner = k === row || depth > 0 || masked.inside[k] !== null;
        const deeper = view.language === 'python' && (isBlank(next) ? indentOf(lines.slice(k).find((l) => !isBlank(l)) ?? '').length > indentOf(line).length : indentOf(next).length > indentOf(line).length || /^\s*(?:else|elif|except|finally)\b/.test(next));
        if (!inner && !deeper) break;
        for (const c of masked.rows[k] ?? '') depth += '([{'.includes(c) ? 1 : ')]}'.includes(c) ? -1 : 0;
        end = k + 1;
      }
    }
    const own = lines.slice(row, end);
    out.push({ lines: own, defines: d ? [d.name] : namesIn(own.slice(0, 1)) });
    row = end;
  }
  return out;
}

/** Lines beside functions that are neither the file's nor an example of use, without blank lines around. */
function leftover(lines: readonly string[], outside: ReadonlySet<string>, view: View): readonly string[] {
  const usage = lines.findIndex((line) => USAGE.test(line));
  const units = unitsOf(usage < 0 ? lines : lines.slice(0, usage), view).filter((u) => !u.lines.every((line) => !isBlank(line) && (outside.has(line.trim()) || PROSE.test(line))) && !(u.lines.length > 1 && u.lines.every((line) => isBlank(line) || outside.has(line.trim()))));
  let out = units.flatMap((u) => [...u.lines]);
  if (!out.some((line) => /\w/.test(line))) return [];
  while (isBlank(out[0] ?? '')) out = out.slice(1);
  while (isBlank(out.at(-1) ?? '')) out = out.slice(0, -1);
  return out;
}
