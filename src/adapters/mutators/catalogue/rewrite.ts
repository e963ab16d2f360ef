// What a performance rewrite is: a named transformation of a syntax tree that is sound up to a named assumption.

import type { Node } from 'web-tree-sitter';
import type { Language } from '../../../core/pin.ts';

/** A replacement of text[start, end) (UTF-16 units). */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The whole file's text, its tree, and the spans that may change. */
export interface Context {
  readonly text: string;
  readonly root: Node;
  readonly language: Language;
  readonly pins: readonly { readonly start: number; readonly end: number }[];
}

/** One place where a rewrite applies: edits inside one pin, not overlapping, applied together. */
export interface Site {
  readonly edits: readonly Edit[];
  /** For people, e.g. "turn the list `seen` into a Set for membership tests (line 12)". */
  readonly summary: string;
}

/** A rewrite. Its precondition is in find(): it returns sites only where the rewrite is sound up to its named assumption. */
export interface Rewrite {
  readonly id: string;
  readonly title: string;
  readonly languages: readonly Language[];
  /** What cannot be known statically, and is left to gates and call evals to refute. */
  readonly assumes: string;
  find(context: Context): Site[];
}
