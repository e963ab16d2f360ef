// A model's answer as a solution: the edit that it means, laid onto the parent, or what to ask the model once more.

import type { BaseFile, Genome, Pin } from '../pin.ts';
import { cleaned } from './clean.ts';
import type { AnswerContext } from './context.ts';
import { definitionsIn } from './definitions.ts';
import { readAnswer } from './read.ts';

export type ParsedAnswer =
  | { readonly kind: 'genome'; readonly genome: Genome; readonly summary: string }
  /** `problem` can be sent back to the model as it is; `reason` says the same to people, on one line. */
  | { readonly kind: 'repair'; readonly problem: string; readonly reason: string }
  /** Nothing to repair: no code, or no change. */
  | { readonly kind: 'none'; readonly reason: string };

/** Reads an answer as a careful person would. All of it applies, or none: no block is left out in silence. */
export function parseAnswer(answer: string, context: AnswerContext): ParsedAnswer {
  const { text, unfinished } = cleaned(answer);
  if (text.trim() === '') return { kind: 'none', reason: 'the answer is empty' };
  if (unfinished) return { kind: 'none', reason: 'the answer ends before its thinking does' };
  const { applied, summary } = readAnswer(text, context);
  if (applied === null) return { kind: 'none', reason: `the answer has no code: ${summary}` };
  if ('problem' in applied) return repair(applied.problem);
  const pins = context.base.flatMap((f) => f.pins.map((pin) => ({ f, pin, own: context.parent[pin.id] ?? f.text.slice(pin.range.start, pin.range.end) })));
  const genome = Object.fromEntries(pins.map(({ pin, own }) => [pin.id, applied.genome[pin.id] ?? own]));
  const changed = pins.filter(({ pin, own }) => said(genome[pin.id] ?? '') !== said(own));
  if (changed.length === 0) return { kind: 'none', reason: 'the answer changes nothing' };
  const gone = changed.find(({ pin }) => pin.kind === 'function' && (genome[pin.id] ?? '').trim() === '');
  if (gone) return repair(`The answer takes ${gone.pin.id} out altogether. It must stay, with its name and its parameters. Send the whole answer again.`);
  const unmarked = changed.map(({ f, pin }) => underItsMark(f, pin, genome[pin.id] ?? '')).find((problem) => problem !== null) ?? null;
  if (unmarked !== null) return repair(unmarked);
  return { kind: 'genome', genome, summary: summary || `changes ${changed.map(({ pin }) => pin.id).join(', ')}` };
}

function repair(problem: string): ParsedAnswer {
  const [first = '', ...rest] = problem.split('\n');
  // Up to the first full stop or colon that is not in quotes or parentheses.
  const said = (/^(?:"(?:[^"]|"(?=\w))*"|\((?:"[^"]*"|[^")])*\)|[^".:(]|[.:](?=\S)|["(])*/.exec(first)?.[0] ?? first).replace(/\bthis block\b/i, 'a block');
  const quoted = first.endsWith(':') ? rest.map((line) => line.trim()).find((line) => /\w/.test(line) && !/^(?:[<>=+@-]{3,}|\*{3} |@@)/.test(line)) : undefined;
  return { kind: 'repair', problem, reason: `${said.charAt(0).toLowerCase()}${said.slice(1)}${quoted === undefined ? '' : `: ${quoted.replace(/^[-+] */, '').slice(0, 120)}`}` };
}

/** A text without what no reader sees: white space at its lines' ends. */
export const said = (text: string): string => text.replace(/[ \t\r]+(?=\n|$)/g, '');

/** A mark in a comment belongs to the function on the next line: nothing may come between. */
export function underItsMark(file: BaseFile, pin: Pin, text: string): string | null {
  const above = file.text.slice(0, pin.range.start).split(/\r?\n/).at(-2) ?? '';
  if (pin.kind !== 'function' || text.trim() === '' || !/sigil:\s*improve/.test(above)) return null;
  const first = definitionsIn(text.split(/\r?\n/), pin.language)[0];
  if (first === undefined || (first.from === 0 && first.name === (pin.symbol ?? '').replace(/~\d+$/, '').split('.').at(-1))) return null;
  return `The answer puts code between the comment "${above.trim()}" and its function ${pin.symbol ?? pin.id}. Put what is needed (imports too) inside the function or behind it, and send the whole answer again.`;
}
