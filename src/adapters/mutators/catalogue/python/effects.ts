// What one use does to the object that a name stands for.

import { child, children, descend, methodCall, type Py, strip, textOf } from './ast.ts';
import { callee, type Model } from './model.ts';
import type { Use } from './scope.ts';

/** What a use does to the object that the variable names. */
export type Effect = 'read' | 'mutate' | 'deep' | 'alias' | 'escape' | 'return';

export const mutators = new Set('append extend insert remove pop clear sort reverse add discard update setdefault popitem appendleft popleft extendleft rotate push put write intersection_update difference_update symmetric_difference_update subtract __setitem__ send throw close'.split(' '));

export const readers = new Set(
  ('index count copy keys values items get startswith endswith split rsplit splitlines join lower upper strip lstrip rstrip format replace find rfind isdigit isalpha isalnum isspace isupper islower isnumeric title capitalize casefold zfill center ljust rjust encode decode partition rpartition ' +
    'union intersection difference symmetric_difference issubset issuperset isdisjoint most_common elements total bit_length conjugate hex translate swapcase expandtabs').split(' '),
);

const pureBuiltins = new Set(
  'len sum min max sorted abs set list tuple frozenset dict range str int float bool ord chr round divmod pow any all enumerate zip reversed isinstance issubclass repr hash bin hex oct bytes complex type id slice callable ascii'.split(' '),
);

const pureModules = new Set(['math', 'operator', 'itertools', 'string', 'cmath', 'statistics', 'bisect.bisect', 'bisect.bisect_left', 'bisect.bisect_right', 're.compile', 're.escape', 'heapq.nsmallest', 'heapq.nlargest', 'collections.Counter']);

/** Whether a dotted path names a function of the standard library without effects, whose value depends on its arguments only. */
export function isPurePath(path: string | undefined): boolean {
  if (path === undefined) return false;
  if (path.startsWith('builtins.')) return pureBuiltins.has(path.slice('builtins.'.length));
  return pureModules.has(path) || (pureModules.has(path.split('.')[0] ?? '') && path.split('.').length === 2);
}

/** Builtins that read their argument and keep no hold on it. */
function readsArgument(m: Model, call: Py): boolean {
  const path = callee(m, call);
  return isPurePath(path) || path === 'builtins.print' || path === 'builtins.map' || path === 'builtins.filter';
}

/** Classifies one use by walking up from the identifier. */
export function effectOf(m: Model, u: Use): Effect {
  if (u.kind !== 'load') return 'read';
  let n = u.node;
  let below = 0; // how many attribute or subscript steps down from the variable
  for (;;) {
    const p = n.parent;
    if (!p) return 'escape';
    switch (p.type) {
      case 'parenthesized_expression':
        n = p;
        continue;
      case 'attribute': {
        const call = p.parent;
        if (call?.type === 'call' && p.field === 'function') {
          const method = textOf(child(p, 'attribute') ?? p);
          if (readers.has(method)) return 'read';
          return below > 0 ? 'deep' : 'mutate';
        }
        below++;
        n = p;
        continue;
      }
      case 'subscript':
        if (n.field !== 'value') return 'read';
        if (children(p, 'subscript').some((s) => s.type === 'slice') && !isTarget(p)) return 'read';
        if (isTarget(p)) return below > 0 ? 'deep' : 'mutate';
        below++;
        n = p;
        continue;
      case 'assignment':
        if (n.field === 'left') return below > 1 ? 'deep' : below === 1 ? 'mutate' : 'read';
        if (below > 0) return 'read';
        return child(p, 'left')?.type === 'identifier' ? 'alias' : 'escape';
      case 'augmented_assignment':
        if (n.field === 'left') return below > 1 ? 'deep' : 'mutate';
        return 'read';
      case 'delete_statement':
        return below > 0 ? 'mutate' : 'read';
      case 'expression_list':
      case 'argument_list':
      case 'keyword_argument':
      case 'list_splat':
      case 'dictionary_splat':
      case 'conditional_expression':
      case 'boolean_operator':
        if (p.type === 'conditional_expression' && p.named[1] === n) return 'read';
        n = p;
        continue;
      case 'call':
        if (n.field === 'function') return below > 0 ? 'mutate' : 'read';
        // Putting an item into a container changes neither the item nor what it came from.
        if (below > 0) return readsArgument(m, p) || mutators.has(methodCall(p)?.method ?? '') ? 'read' : 'deep';
        return readsArgument(m, p) ? 'read' : 'escape';
      case 'return_statement':
        return below > 0 ? 'read' : 'return';
      case 'for_statement':
      case 'for_in_clause':
        return n.field === 'left' ? (below > 1 ? 'deep' : 'mutate') : 'read';
      case 'comparison_operator':
      case 'not_operator':
      case 'binary_operator':
      case 'unary_operator':
      case 'if_statement':
      case 'elif_clause':
      case 'while_statement':
      case 'if_clause':
      case 'interpolation':
      case 'format_expression':
      case 'expression_statement':
      case 'assert_statement':
      case 'slice':
      case 'format_specifier':
      case 'match_statement':
        return 'read';
      default:
        return below > 0 ? 'read' : 'escape';
    }
  }
}

export function isTarget(n: Py): boolean {
  const p = n.parent;
  if (!p) return false;
  if (p.type === 'pattern_list' || p.type === 'tuple_pattern' || p.type === 'list_pattern') return true;
  if (p.type === 'expression_list') return p.parent?.type === 'delete_statement';
  return (n.field === 'left' && (p.type === 'assignment' || p.type === 'augmented_assignment' || p.type === 'for_statement' || p.type === 'for_in_clause')) || p.type === 'delete_statement' || p.type === 'as_pattern_target';
}

/** Whether code in the region waits or hands control out, so that other code may run in between. */
export function suspends(region: Py): boolean {
  return descend(region, (n) => n.type !== 'lambda' && n.type !== 'function_definition').some((n) => n.type === 'yield' || n.type === 'await' || n.type === 'async');
}

export function mutatesUnnamed(region: Py): boolean {
  return descend(region).some((n) => {
    const call = methodCall(n);
    return call !== null && mutators.has(call.method) && call.object.type !== 'identifier';
  });
}

/** Attribute names that the region assigns, or whose objects it changes by a method: `self.items.append(x)` gives `items`. */
export function changedAttributes(region: Py): Set<string> {
  const out = new Set<string>();
  for (const n of descend(region)) {
    if (n.type === 'attribute' && isTarget(n)) out.add(textOf(child(n, 'attribute') ?? n));
    if (n.type === 'subscript' && isTarget(n)) for (const k of descend(n)) if (k.type === 'attribute') out.add(textOf(child(k, 'attribute') ?? k));
    const call = methodCall(n);
    if (call && !readers.has(call.method)) for (const k of descend(call.object)) if (k.type === 'attribute') out.add(textOf(child(k, 'attribute') ?? k));
  }
  return out;
}

/** The identifier at the bottom of `a.b[c].d`, or undefined. */
export function rootOf(n: Py): Py | undefined {
  let x: Py | undefined = strip(n);
  while (x && (x.type === 'attribute' || x.type === 'subscript')) x = child(x, x.type === 'attribute' ? 'object' : 'value');
  return x?.type === 'identifier' ? x : undefined;
}
