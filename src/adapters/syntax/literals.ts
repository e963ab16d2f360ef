// What can be read of an expression without running it: plain strings, dotted names.

import type { Node } from 'web-tree-sitter';

/** A string's value if it is a literal without escapes and interpolation, of Python, JavaScript or TypeScript. */
export function plainString(node: Node | null | undefined): string | null {
  if (!node) return null;
  if (node.type === 'template_string') return node.text.includes('\\') || node.text.includes('${') ? null : node.text.slice(1, -1);
  if (node.type !== 'string') return null;
  const [start, end] = [node.firstChild, node.lastChild];
  if (!start || !end || /[bft]/i.test(start.text) || node.namedChildren.some((c) => c.type === 'interpolation')) return null;
  const text = node.text.slice(start.text.length, node.text.length - end.text.length);
  return text.includes('\\') ? null : text;
}

/** `a.b.c` of identifiers and member accesses, else null. */
export function dottedName(node: Node | null | undefined): string | null {
  if (!node || !/^(identifier|attribute|member_expression|dotted_name|relative_import)$/.test(node.type)) return null;
  const text = node.text.replace(/\s+/g, '');
  return /^\.*[\p{ID_Continue}$]*(?:\.#?[\p{ID_Start}_$][\p{ID_Continue}$]*)*$/u.test(text) ? text : null;
}

/** Where an imported name comes from. `name` is null for the module itself. */
export interface Origin {
  readonly module: string;
  readonly name: string | null;
}

/** A mark that is code: a decorator or a call. */
export interface CodeMark {
  /** The function's symbol. */
  readonly symbol: string;
  readonly options: Readonly<Record<string, string>>;
  readonly at: number;
}

/** `module#name` for an import, as MarkOptions.withEval has it. */
export function importedName(origin: Origin, member: string | null): string | null {
  const name = member ?? origin.name;
  if (name === null || (member !== null && origin.name !== null)) return null;
  return `${origin.module}#${name}`;
}
