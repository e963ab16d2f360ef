// Generic edits of genetic improvement, for every grammar (Langdon & Harman 2015; Petke et al. 2018): delete, swap, replace and
// copy statements; exchange operators; move boundaries; change constants. They know nothing of meaning: gates must check results.

import type { Node } from 'web-tree-sitter';
import type { Language } from '../../core/pin.ts';
import type { Rng } from '../../core/rng.ts';
import { parseNumber } from '../syntax/knobs.ts';
import type { Context, Edit, Site } from './catalogue/rewrite.ts';

export const GENERIC_OPERATORS = ['delete', 'swap', 'replace', 'copy', 'operator', 'boundary', 'constant'] as const;
export type GenericOperator = (typeof GENERIC_OPERATORS)[number];

const BLOCKS: Record<Language, readonly string[]> = {
  python: ['block', 'module'],
  javascript: ['statement_block', 'program'],
  typescript: ['statement_block', 'program'],
  tsx: ['statement_block', 'program'],
  go: ['statement_list', 'block'],
  rust: ['block'],
  java: ['block', 'constructor_body'],
  c: ['compound_statement'],
  cpp: ['compound_statement'],
};

const OPERATORS: readonly (readonly string[])[] = [
  ['+', '-', '*', '/'], ['%', '*'], ['&&', '||'], ['and', 'or'], ['==', '!='], ['===', '!=='], ['<<', '>>'], ['&', '|', '^'], ['+=', '-='], ['++', '--'],
];
const BOUNDARIES: readonly (readonly string[])[] = [['<', '<='], ['>', '>='], ['<', '>'], ['<=', '>=']];
const EXPRESSIONS = /^(binary_operator|binary_expression|comparison_operator|boolean_operator|augmented_assignment|augmented_assignment_expression|update_expression|compound_assignment_expr|assignment_expression|assignment_statement|inc_statement|dec_statement)$/;
const NUMBERS = /^(integer|float|number|number_literal|int_literal|float_literal|integer_literal|decimal_integer_literal|decimal_floating_point_literal)$/;
const TRUTH: Record<string, string> = { True: 'False', False: 'True', true: 'false', false: 'true' };

/** A node as plain data, so that it outlives its tree. */
interface Place {
  readonly startIndex: number;
  readonly endIndex: number;
  /** 1-based. */
  readonly line: number;
  readonly text: string;
  /** Of a statement: nothing else stands in its block. */
  readonly only: boolean;
}

/** Where a text can be edited. It holds no nodes: it may be kept. */
export interface GenericPlaces {
  readonly statements: readonly Place[];
  readonly operators: readonly Place[];
  readonly constants: readonly Place[];
}

/** A statement that stands on lines of its own: only such can be moved as text. */
function ownLines(text: string, n: Node): boolean {
  const before = text.lastIndexOf('\n', n.startIndex - 1) + 1;
  if (text.slice(before, n.startIndex).trim() !== '') return false;
  let after = text.indexOf('\n', n.endIndex);
  if (after < 0) after = text.length;
  return /^\s*;?\s*(#.*|\/\/.*)?$/.test(text.slice(n.endIndex, after));
}

/** All places of a text for generic edits. */
export function genericPlaces(context: Context): GenericPlaces {
  const statements: Place[] = [];
  const operators: Place[] = [];
  const constants: Place[] = [];
  const place = (n: Node, only = false): Place => ({ startIndex: n.startIndex, endIndex: n.endIndex, line: n.startPosition.row + 1, text: n.text, only });
  const blocks = BLOCKS[context.language];
  const within = (n: Node): boolean => context.pins.some((p) => n.startIndex >= p.start && n.endIndex <= p.end);
  const touches = (n: Node): boolean => context.pins.some((p) => n.endIndex > p.start && n.startIndex < p.end);
  const visit = (n: Node): void => {
    if (!touches(n)) return;
    if (within(n)) {
      const parent = n.parent;
      if (parent && n.isNamed && blocks.includes(parent.type) && !/comment|function_definition|class_definition|function_declaration|class_declaration|import|package_clause|statement_list/.test(n.type) && ownLines(context.text, n)) {
        const whole = context.pins.some((p) => p.start === n.startIndex && p.end === n.endIndex);
        if (!whole) statements.push(place(n, parent.namedChildren.filter((c) => !c.type.includes('comment')).length <= 1));
      }
      if (!n.isNamed && parent && EXPRESSIONS.test(parent.type)) operators.push(place(n));
      if (NUMBERS.test(n.type) || (n.text in TRUTH && n.childCount === 0)) constants.push(place(n));
    }
    for (const c of n.children) visit(c);
  };
  visit(context.root);
  return { statements, operators, constants };
}

function indentOf(text: string, at: number): string {
  const line = text.lastIndexOf('\n', at - 1) + 1;
  return /^[ \t]*/.exec(text.slice(line, at))?.[0] ?? '';
}

/** A statement's text as it would stand at another indentation. */
function reindented(text: string, n: Place, to: string): string {
  const from = indentOf(text, n.startIndex);
  return text.slice(n.startIndex, n.endIndex).split('\n').map((line, i) => (i === 0 ? line : line.startsWith(from) ? to + line.slice(from.length) : line)).join('\n');
}

const overlaps = (a: Place, b: Place): boolean => a.startIndex < b.endIndex && b.startIndex < a.endIndex;

function deletion(context: Pick<Context, 'text' | 'language'>, n: Place): readonly Edit[] | null {
  if (context.language === 'python' && n.only) return n.text === 'pass' ? null : [{ start: n.startIndex, end: n.endIndex, text: 'pass' }];
  let end = n.endIndex;
  if (context.text[end] === ';') end++;
  return [{ start: n.startIndex, end, text: '' }];
}

/** Another number of the same kind and suffix, in decimal. */
function newNumber(text: string, rng: Rng): string | null {
  const number = parseNumber(text);
  if (number === null) return null;
  const { value, integer, suffix } = number;
  const next = rng.pick([value + 1, Math.max(0, value - 1), 0, 1, value * 2, integer ? Math.floor(value / 2) : value / 2]);
  if (next === value || !(integer ? Number.isSafeInteger(next) : Number.isFinite(next))) return null;
  return (!integer && /^\d+$/.test(String(next)) ? `${next}.0` : String(next)) + suffix;
}

function site(operator: GenericOperator, edits: readonly Edit[], what: string): Site {
  return { edits, summary: `${operator}: ${what}` };
}

/** One random edit of a kind, or null when there is no place for it. It may not parse: the caller checks. */
export function genericEdit(context: Context, operator: GenericOperator, rng: Rng): Site | null {
  return editAt(context, genericPlaces(context), operator, rng);
}

/** As `genericEdit`, with the text's places at hand. */
export function editAt(context: Pick<Context, 'text' | 'language'>, found: GenericPlaces, operator: GenericOperator, rng: Rng): Site | null {
  const { text } = context;
  switch (operator) {
    case 'delete': {
      if (found.statements.length === 0) return null;
      const n = rng.pick(found.statements);
      const edits = deletion(context, n);
      return edits === null ? null : site(operator, edits, `the statement at line ${n.line}`);
    }
    case 'swap': {
      if (found.statements.length < 2) return null;
      const [a, b] = [rng.pick(found.statements), rng.pick(found.statements)];
      if (overlaps(a, b) || a.text === reindented(text, b, indentOf(text, a.startIndex))) return null;
      const edits = [
        { start: a.startIndex, end: a.endIndex, text: reindented(text, b, indentOf(text, a.startIndex)) },
        { start: b.startIndex, end: b.endIndex, text: reindented(text, a, indentOf(text, b.startIndex)) },
      ];
      return site(operator, edits, `the statements at lines ${a.line} and ${b.line}`);
    }
    case 'replace': {
      if (found.statements.length < 2) return null;
      const [a, b] = [rng.pick(found.statements), rng.pick(found.statements)];
      const other = reindented(text, b, indentOf(text, a.startIndex));
      if (a.text === other) return null;
      return site(operator, [{ start: a.startIndex, end: a.endIndex, text: other }], `the statement at line ${a.line} by that at line ${b.line}`);
    }
    case 'copy': {
      if (found.statements.length === 0) return null;
      const [a, b] = [rng.pick(found.statements), rng.pick(found.statements)];
      const indent = indentOf(text, b.startIndex);
      const eol = text.includes('\r\n') ? '\r\n' : '\n';
      return site(operator, [{ start: b.startIndex, end: b.startIndex, text: reindented(text, a, indent) + (text[a.endIndex] === ';' ? ';' : '') + eol + indent }], `the statement at line ${a.line} to before line ${b.line}`);
    }
    case 'operator':
    case 'boundary': {
      const tables = operator === 'operator' ? OPERATORS : BOUNDARIES;
      const places = found.operators.filter((n) => tables.some((t) => t.includes(n.text)));
      if (places.length === 0) return null;
      const n = rng.pick(places);
      const next = rng.pick(tables.filter((t) => t.includes(n.text)).flatMap((t) => t.filter((o) => o !== n.text)));
      return site(operator, [{ start: n.startIndex, end: n.endIndex, text: next }], `${n.text} to ${next} at line ${n.line}`);
    }
    case 'constant': {
      if (found.constants.length === 0) return null;
      const n = rng.pick(found.constants);
      const next = TRUTH[n.text] ?? newNumber(n.text, rng);
      if (next === null) return null;
      return site(operator, [{ start: n.startIndex, end: n.endIndex, text: next }], `${n.text} to ${next} at line ${n.line}`);
    }
  }
}
