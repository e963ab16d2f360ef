// Functions of C and C++: definitions with a body, their templates and linkage; lambdas bound to a variable.

import type { Node } from 'web-tree-sitter';
import type { LanguageRules, Visit } from '../rules.ts';
import { flat, partsOf } from '../rules.ts';

const NAMED_SCOPES = ['namespace_definition', 'class_specifier', 'struct_specifier', 'union_specifier'];
/** Nodes around a definition that belong to its text. */
const OUTER = new Set(['template_declaration', 'friend_declaration', 'linkage_specification']);

/** The name's node inside nested declarators: `*(*f(int))(void)` → f. */
function declaredName(node: Node): Node | null {
  let at: Node | null = node.childForFieldName('declarator');
  while (at) {
    if (/(identifier|_name|template_function|operator_cast)$/.test(at.type)) return at;
    at = at.childForFieldName('declarator') ?? partsOf(at).find((c) => /(declarator|identifier)$/.test(c.type)) ?? null;
  }
  return null;
}

/** `ns::C<T>::m` → [ns, C, m]. */
function nameParts(name: Node): string[] {
  switch (name.type) {
    case 'qualified_identifier': {
      const scope = name.childForFieldName('scope');
      const rest = name.childForFieldName('name');
      return [...(scope ? nameParts(scope) : []), ...(rest ? nameParts(rest) : [])];
    }
    case 'nested_namespace_specifier': return partsOf(name).flatMap(nameParts);
    case 'template_type': case 'template_function': case 'template_method': {
      const inner = name.childForFieldName('name');
      return inner ? nameParts(inner) : [flat(name)];
    }
    case 'operator_cast': return [`operator ${name.childForFieldName('type')?.text ?? ''}`.trim()];
    case 'operator_name': return [name.text.replace(/\s+/g, (_, at: number) => (/\w$/.test(name.text.slice(0, at)) && /^\s*\w/.test(name.text.slice(at)) ? ' ' : ''))];
    default: return [flat(name)];
  }
}

function outermost(node: Node): Node {
  let at = node;
  // A linkage block `extern "C" { … }` holds its functions in a list and so is not their parent.
  while (at.parent && OUTER.has(at.parent.type)) at = at.parent;
  return at;
}

function visit(node: Node): Visit {
  if (NAMED_SCOPES.includes(node.type)) {
    const name = node.childForFieldName('name');
    return name && node.childForFieldName('body') ? { scope: nameParts(name) } : null;
  }
  if (node.type === 'declaration') {
    const declarators = node.childrenForFieldName('declarator').filter((c) => c.isNamed);
    const [init] = declarators;
    const lambda = init?.childForFieldName('value');
    const name = init && declaredName(init);
    const body = lambda?.childForFieldName('body');
    if (declarators.length !== 1 || lambda?.type !== 'lambda_expression' || !name || !body) return null;
    return { function: { names: nameParts(name), first: node, last: node, core: lambda, body, decorators: [] } };
  }
  const name = declaredName(node);
  const body = node.childForFieldName('body') ?? node.namedChildren.find((c) => c.type.endsWith('try_statement'));
  if (!name || !body) return null;
  const outer = outermost(node);
  const decorators = node.namedChildren.filter((c) => c.type === 'attribute_declaration' || c.type === 'attribute_specifier');
  return { function: { names: nameParts(name), first: outer, last: outer, core: node, body, decorators } };
}

const shared = { comments: ['comment'], numbers: ['number_literal'], lineComment: '//', visit } as const;

export const c: LanguageRules = { ...shared, language: 'c', wasm: 'tree-sitter-c.wasm', extensions: ['.c', '.h'], types: ['function_definition'] };
export const cpp: LanguageRules = {
  ...shared,
  language: 'cpp',
  wasm: 'tree-sitter-cpp.wasm',
  extensions: ['.cpp', '.cc', '.cxx', '.c++', '.hpp', '.hh', '.hxx', '.h++', '.ipp', '.tpp', '.inl', '.cu', '.cuh'],
  types: ['function_definition', 'declaration', ...NAMED_SCOPES],
};
