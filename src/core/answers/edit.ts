// What is read from an answer: quoted lines with what they become, or the reason why it cannot be read.

import type { Op } from './indent.ts';

export interface Edit {
  /** The path as the answer writes it; null where it names none. */
  readonly file: string | null;
  /** Readings of the block, the likeliest first: there are several when a line like the divider stands in the code. */
  readonly readings: readonly (readonly Op[])[];
  /** Whether context that is not in the file may be passed over: in diffs it may. */
  readonly loose: boolean;
  /** The 1-based line where the answer says the lines stand. */
  readonly line: number | null;
  /** Lines under which the place is: a diff's heading, a class, a function. */
  readonly under: readonly string[];
  /** Whether every place is meant that matches. */
  readonly all: boolean;
  /** The block as it stood in the answer, to be quoted. */
  readonly source: string;
}

/** What was found of one form: edits, or a problem in words for the model. */
export type Reading = { readonly edits: readonly Edit[]; readonly covered: readonly Covered[] } | { readonly problem: string };

/** Rows of the answer, `[from, to)`, that belong to edits and not to prose. */
export interface Covered {
  readonly from: number;
  readonly to: number;
}

/** Lines to be quoted, cut in the middle when there are many. */
export function quote(lines: readonly string[], most = 40): string {
  const shown = lines.length <= most ? lines : [...lines.slice(0, most - 10), `[${lines.length - most} lines left out here]`, ...lines.slice(-10)];
  return shown.join('\n');
}

const ENDINGS = /\.(?:py[ix]?|[cm]?[jt]sx?|go|rs|java|[ch]|cc|cpp|cxx|hpp|hh|cu|cuh|metal|kt|cs|rb|php|swift|scala|jl|lua|pl|r|f90|zig|sql|sh|md|txt|json|ya?ml|toml|html|css|ipynb)$/i;
/** Products that are named like files. */
const NAMES = /^(?:node|next|nuxt|vue|three|react|express|d3|p5|chart|angular|ember|backbone|solid|alpine)\.js$/i;

/** Whether a word may be a path: it has the ending of a source or text file, and no blanks. */
export function isPath(word: string): boolean {
  return /^(?:[\w@.~+-]+[\\/]|[\\/])*[\w@.+-]*\w$/.test(word) && (ENDINGS.test(word) || /(?:^|\/)(?:Makefile|Dockerfile)$/.test(word)) && !NAMES.test(word);
}

/** The path in a line that holds nothing else: as a heading, in bold, in quotes, behind "File:", as a comment. */
export function pathIn(line: string): string | null {
  if (line.length > 300) return null;
  const word = line.trim().replace(/^(?:\/\/|\/\*|<!--|--|;|%|#+|\*{1,2}(?=[^*\s])|[-*+]\s|\d+[.)])\s*/, '').replace(/\s*(?:\*\/|-->)$/, '').replace(/^[*`"'_[(<]+|[*`"'_\])>:]+$/g, '')
    .replace(/^(?:in|file|path|file ?name|filepath|update|modify|edit(?:ed)?|changes? (?:to|in|for))\s*[:=]?\s+(?=\S)|^(?:file|path|file ?name|filepath)[:=]\s*/i, '').replace(/^[*`"'_[(<]+|[*`"'_\])>:]+$/g, '').replace(/#\S+$|,\s+(?:the )?(?:function|method|region|class|whole)\b.*$|\s*\([^)]*\)$/i, '').replace(/^[`"']+|[`"':]+$/g, '');
  return isPath(word) ? word : null;
}
