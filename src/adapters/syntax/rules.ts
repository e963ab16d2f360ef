// What the engine must know of a language to find its functions: one LanguageRules object per grammar, listed in registry.ts.

import type { Node } from 'web-tree-sitter';
import type { Language } from '../../core/pin.ts';

/** A function as a language's rules see it; offsets come from the nodes. */
export interface Found {
  /** Name parts that it adds to those around it: `['T', 'Method']`. */
  readonly names: readonly string[];
  /** First and last node of its text: decorators, `export`, `const f =` and templates included. */
  readonly first: Node;
  readonly last: Node;
  /** The function itself, without decorators, export and binding. */
  readonly core: Node;
  readonly body: Node;
  readonly decorators: readonly Node[];
  /** Whether it is its module's default export. */
  readonly isDefault?: boolean;
}

/** What a node is: a function, something that only gives names to what stands inside, or neither. */
export type Visit = { readonly function: Found } | { readonly scope: readonly string[] } | null;

export interface LanguageRules {
  readonly language: Language;
  /** File under dist/grammars/. */
  readonly wasm: string;
  /** File name endings, with the dot, lower case. */
  readonly extensions: readonly string[];
  /** Node types that visit() wants to see. */
  readonly types: readonly string[];
  readonly comments: readonly string[];
  /** Node types of numeric literals. */
  readonly numbers: readonly string[];
  readonly lineComment: '#' | '//';
  /** Whether a body has no closing token, so that its last comments are inside it (Python). */
  readonly bodyEndsWithComments?: boolean;
  /** Called in document order. `claimed` holds ids of nodes that an outer node has already spoken for; a visit may add to it. */
  visit(node: Node, claimed: Set<number>): Visit;
  /** The doc text inside the function, for languages that keep it there. */
  innerDoc?(found: Found): string | undefined;
}

/** The named children that are not comments. */
export function partsOf(node: Node): Node[] {
  return node.namedChildren.filter((n) => !n.type.includes('comment'));
}

/** A node's text on one line. */
export function flat(node: Node): string {
  return node.text.replace(/\s+/g, ' ').trim();
}
