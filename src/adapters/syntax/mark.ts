// Marks a function: the text with a comment `sigil: improve …` on the line above it.

import { UserError } from '../../core/errors.ts';
import type { MarkOptions } from '../../core/pin.ts';
import { isFirstOnLine, lineStart, linesOf } from './lines.ts';
import { languageOf } from './parser.ts';
import { findPins } from './pins.ts';
import { rulesOf } from './registry.ts';
import { resolveLine } from './resolve.ts';

/** What a comment mark can say. */
export type CommentOptions = Omit<MarkOptions, 'withEval'>;

function quoted(key: string, value: string): string {
  if (/[\r\n]/.test(value)) throw new UserError(`the option ${key} holds a line break`, 'A mark is one line: put longer commands into sigil.yaml.', 2);
  return /^[\w./:@%+,~-]+$/.test(value) ? value : `"${value.replace(/(["\\])/g, '\\$1')}"`;
}

function wordsOf(options: CommentOptions): string {
  const pairs = (['spec', 'eval', 'metric', 'goal', 'workspace'] as const).flatMap((key) => (options[key] === undefined ? [] : [`${key}=${quoted(key, options[key])}`]));
  return ['sigil: improve', ...pairs].join(' ');
}

/**
 * The text with a mark above the innermost function around a 1-based line, in its indentation, comment syntax and line ending.
 * Throws a UserError when there is no function, when it is marked already, or when its line begins with other code.
 */
export async function markFunction(text: string, file: string, line: number, options: CommentOptions): Promise<string> {
  const language = languageOf(file, text);
  if (language === null) throw new UserError(`the functions of ${file} cannot be found: there is no grammar for it`, 'Put comments EVOLVE-BLOCK-START and EVOLVE-BLOCK-END around the code, or pin the whole file.', 2);
  const pin = await resolveLine(file, line, text);
  const { pins } = await findPins(file, text);
  if (pin.kind !== 'function' || pins.some((p) => p.id === pin.id)) throw new UserError(`${pin.id} is marked already`, 'Change the mark that is there, or its entry in sigil.yaml.', 2);

  const lines = linesOf(text);
  const { start, startLine } = pin.range;
  if (!isFirstOnLine(lines, start)) throw new UserError(`${pin.symbol ?? ''} does not begin its line`, 'Put it on a line of its own first.', 2);
  const bom = startLine === 1 && text.startsWith('\uFEFF') ? 1 : 0;
  const at = lineStart(lines, startLine) + bom;
  const mark = `${text.slice(at, start)}${rulesOf(language).lineComment} ${wordsOf(options)}${endingNear(text, at)}`;
  return text.slice(0, at) + mark + text.slice(at);
}

/** The line ending before an offset, else the first one of the text. */
function endingNear(text: string, at: number): string {
  const before = text.lastIndexOf('\n', at);
  const end = before >= 0 ? before : text.indexOf('\n');
  return end > 0 && text[end - 1] === '\r' ? '\r\n' : '\n';
}
