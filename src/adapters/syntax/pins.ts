// All marks of one text as pins, and everything about them that cannot be resolved. Static: no code of the user runs.

import type { Node } from 'web-tree-sitter';
import { hasMarks } from '../../core/marks.ts';
import type { Language, MarkOptions, Pin } from '../../core/pin.ts';
import { commentAt } from './comments.ts';
import type { FunctionInfo, Functions, Outline } from './functions.ts';
import { functionsOf } from './functions.ts';
import { javascriptMarks } from './javascript-marks.ts';
import { knobsOf } from './knobs.ts';
import { linesOf, rangeOf } from './lines.ts';
import type { Lines } from './lines.ts';
import type { CodeMark } from './literals.ts';
import type { CommentMark, PinProblem, Report } from './marks.ts';
import { commentMarks, parseSigil, reporter } from './marks.ts';
import { languageOf, withTree } from './parser.ts';
import { pythonMarks } from './python-marks.ts';
import { regionsOf } from './regions.ts';
import type { Region } from './regions.ts';
import { rulesOf } from './registry.ts';

export type { PinProblem } from './marks.ts';

export interface FoundPins {
  readonly pins: Pin[];
  readonly problems: PinProblem[];
}

/**
 * The marked places of a text, by position. `file` is its path from the project root, with `/`.
 * A text without marks is not parsed. Pins may overlap here: they may belong to different specs.
 */
export async function findPins(file: string, text: string): Promise<FoundPins> {
  return hasMarks(text) ? withPins(file, text, (found) => found) : { pins: [], problems: [] };
}

/** The marked places of a text together with all its functions (none without a grammar), while the tree lives. */
export async function withPins<T>(file: string, text: string, use: (found: FoundPins, functions: Functions) => T): Promise<T> {
  const language = languageOf(file, text);
  if (language === null) return use(analyse(file, text, null, null, NO_FUNCTIONS), NO_FUNCTIONS);
  return withTree<T>(language, text, (root) => {
    const functions = functionsOf(language, root, text);
    return use(analyse(file, text, language, root, functions), functions);
  });
}

const NO_FUNCTIONS: Functions = {
  outlines: [],
  describe: (o) => { throw new Error(`no function ${o.symbol}`); },
};

/** A marked place before its marks are merged. */
interface Marked {
  readonly target: Outline | Region;
  readonly options: MarkOptions;
  readonly at: number;
}

function analyse(file: string, text: string, language: Language | null, root: Node | null, { outlines: functions, describe }: Functions): FoundPins {
  const problems: PinProblem[] = [];
  const lines = linesOf(text);
  const report = reporter(lines, problems);
  const rules = language === null ? null : rulesOf(language);
  const comments = commentMarks(lines, rules, root);
  const regions = regionsOf(comments, lines, report);
  knobsOf(comments, lines, rules, root, report);

  const marked: Marked[] = regions.map((target) => ({ target, options: {}, at: target.marker.start }));
  for (const mark of comments) {
    if (!mark.words.startsWith('sigil:') || /^sigil:\s*knob\b/.test(mark.words)) continue;
    const parsed = parseSigil(mark, report);
    if (parsed?.kind !== 'improve') continue;
    const target = below(mark, lines, language, root, functions, regions, report);
    if (target) marked.push({ target, options: parsed.options, at: mark.at });
  }
  const bySymbol = new Map(functions.map((f) => [f.symbol, f]));
  for (const mark of root && language ? codeMarks(language, root, text, functions, report) : []) {
    const target = bySymbol.get(mark.symbol);
    if (target) marked.push({ target, options: mark.options, at: mark.at });
  }

  const pins = merge(marked, report).map(({ target, options }) =>
    ('symbol' in target ? functionPin(file, language, describe(target), options) : regionPin(file, language, lines, target, options)));
  pins.sort((a, b) => a.range.start - b.range.start || b.range.end - a.range.end);
  problems.sort((a, b) => a.line - b.line || a.column - b.column);
  return { pins, problems };
}

function codeMarks(language: Language, root: Node, text: string, functions: readonly Outline[], report: Report): CodeMark[] {
  switch (language) {
    case 'python': return pythonMarks(root, functions, report);
    case 'javascript': case 'typescript': case 'tsx': return javascriptMarks(root, text, functions, report);
    case 'go': case 'rust': case 'java': case 'c': case 'cpp': return [];
  }
}

/** What a comment mark stands on: the function or region on the next line, comments between not counted. */
function below(
  mark: CommentMark, lines: Lines, language: Language | null, root: Node | null, functions: readonly Outline[], regions: readonly Region[], report: Report,
): Outline | Region | null {
  const { text } = lines;
  const rules = language === null ? null : rulesOf(language);
  if (!mark.ownLine) {
    report(mark.at, 'this mark stands behind code', 'Put it on a line of its own, directly above the function.');
    return null;
  }
  let at = mark.comment.end;
  for (;;) {
    const gap = /^\s*/.exec(text.slice(at, at + 1000))?.[0] ?? '';
    at += gap.length;
    if (gap.split('\n').length > 2 || at >= text.length) break;
    const region = regions.find((r) => r.marker.start === at);
    if (region) return region;
    const comment = rules && root ? commentAt(root, rules, text, at) : null;
    if (comment) {
      at = comment.end;
      continue;
    }
    const head = functions.find((f) => f.range.start === at) ?? functions.filter((f) => f.range.start < mark.at && at < f.parametersStart).at(-1);
    if (head) return head;
    break;
  }
  report(mark.at, language === null ? 'the functions of this kind of file cannot be found' : 'no function begins on the line below this mark',
    language === null ? 'Put EVOLVE-BLOCK-START and EVOLVE-BLOCK-END in comments around the code, and this mark above the first.' : 'Put it directly above a function, its decorators included, without a blank line between.');
  return null;
}

/** One entry a place. Several marks on one are one mark unless they contradict each other. */
function merge(marked: readonly Marked[], report: Report): Marked[] {
  const out = new Map<Outline | Region, Marked>();
  for (const m of [...marked].sort((a, b) => a.at - b.at)) {
    const before = out.get(m.target);
    const clash = before && (Object.keys(m.options) as (keyof MarkOptions)[]).find((k) => before.options[k] !== undefined && before.options[k] !== m.options[k]);
    if (clash) report(m.at, `two marks here differ in "${clash}": ${before.options[clash] ?? ''} and ${m.options[clash] ?? ''}`, 'Keep one of the two.');
    out.set(m.target, before ? { ...before, options: { ...m.options, ...before.options } } : m);
  }
  return [...out.values()];
}

export function functionPin(file: string, language: Language | null, f: FunctionInfo, options: MarkOptions): Pin {
  return {
    id: `${file}#${f.symbol}`, file, kind: 'function', language, range: f.range, symbol: f.symbol, signature: f.signature,
    ...(f.doc === undefined ? {} : { doc: f.doc }), ...(f.decorators.length === 0 ? {} : { decorators: f.decorators }), options,
  };
}

function regionPin(file: string, language: Language | null, lines: Lines, region: Region, options: MarkOptions): Pin {
  return { id: `${file}#${region.name}`, file, kind: 'region', language, range: rangeOf(lines, region.start, region.end), options };
}
