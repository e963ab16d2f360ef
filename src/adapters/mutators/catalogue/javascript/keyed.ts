// Equality tests of a key of an element with something else: `(u) => u.id === order.userId`.

import type { Model } from './model.ts';
import { isPure, references } from './model.ts';
import { effectsOf } from './effects.ts';
import type { Syn } from './syn.ts';
import { bare, field, operatorOf, parts, plainParameters, textOf, visit } from './syn.ts';

export interface Keyed {
  /** The side that depends on the element alone (and on unchanging things). */
  readonly key: Syn;
  /** The side that does not mention the element. */
  readonly probe: Syn;
  /** Whether the test is more than this equality: `… && rest`. */
  readonly partial: boolean;
}

/** The result expression of a callback with one parameter and no statements but a return. */
export function resultOf(fn: Syn): Syn | null {
  if (fn.children.some((c) => c.type === 'async' || c.type === '*')) return null;
  const body = field(fn, 'body');
  if (!body) return null;
  if (body.type !== 'statement_block') return body;
  const [only, ...more] = parts(body);
  return only?.type === 'return_statement' && more.length === 0 ? (parts(only)[0] ?? null) : null;
}

/** The parts of `a && b && c`. */
export function conjuncts(e: Syn): Syn[] {
  const b = bare(e);
  if (b.type !== 'binary_expression' || operatorOf(b) !== '&&') return [b];
  const left = field(b, 'left');
  const right = field(b, 'right');
  return left && right ? [...conjuncts(left), ...conjuncts(right)] : [b];
}

/** Reads a condition as one on the key of `element`. Only the first parts of a conjunction count, up to the equality; those before it must be pure. */
export function keyedCondition(model: Model, condition: Syn, isElement: (e: Syn) => boolean): Keyed | null {
  const list = conjuncts(condition);
  for (const c of list) {
    if (c.type === 'binary_expression' && operatorOf(c) === '===') {
      const left = field(c, 'left');
      const right = field(c, 'right');
      if (left && right) {
        const l = mentions(left, isElement);
        const r = mentions(right, isElement);
        const constant = (e: Syn): boolean => ['string', 'number', 'true', 'false', 'null', 'undefined'].includes(bare(e).type);
        if (l !== r && isPure(model, left) && isPure(model, right)) {
          const key = l ? left : right;
          const probe = l ? right : left;
          if (!constant(probe) && isPath(key, isElement)) return { key, probe, partial: list.length > 1 };
        }
      }
    }
    if (!isPure(model, c)) return null;
  }
  return null;
}

/** Whether an expression is the element or a path of properties from it. */
export function isPath(e: Syn, isElement: (e: Syn) => boolean): boolean {
  const b = bare(e);
  if (isElement(b)) return true;
  const object = field(b, 'object');
  if (b.type === 'member_expression') return object !== null && isPath(object, isElement);
  return b.type === 'subscript_expression' && object !== null && isPath(object, isElement) && ['string', 'number'].includes(bare(field(b, 'index') ?? b).type);
}

export function mentions(e: Syn, isElement: (e: Syn) => boolean): boolean {
  let found = false;
  visit(e, (n) => {
    if (isElement(n)) found = true;
    return !found;
  });
  return found;
}

/** The equality of a callback `(e) => e.key === probe`, with the parameter's name. */
export function keyedCallback(model: Model, fn: Syn | undefined): (Keyed & { readonly element: string }) | null {
  if (!fn || (fn.type !== 'arrow_function' && fn.type !== 'function_expression')) return null;
  const names = plainParameters(fn);
  const [element] = names ?? [];
  const result = resultOf(fn);
  if (element === undefined || names?.length !== 1 || !result) return null;
  const own = references(model, fn).find((r) => r.binding?.kind === 'param' && r.binding.scope === fn)?.binding;
  const keyed = keyedCondition(model, result, (n) => n.type === 'identifier' && model.scopes.bindingOf(n) === own && own !== undefined);
  return keyed && { ...keyed, element };
}

/** Whether the properties that a key goes through may be written while `region` runs. */
export function keyChangesIn(model: Model, key: Syn, region: Syn): boolean {
  const fx = effectsOf(model, region);
  let changes = false;
  visit(key, (n) => {
    if (n.type === 'property_identifier' && fx.properties.has(textOf(n))) changes = true;
    return !changes;
  });
  return changes;
}

/** `Id` for `u.address.id`, ` ` for the element itself: a part of a variable's name. */
export function keyLabel(key: Syn): string {
  const b = bare(key);
  const p = field(b, 'property');
  const s = p ? textOf(p) : '';
  return s === '' ? 'Value' : s.charAt(0).toUpperCase() + s.slice(1);
}

/** Code that groups elements by key, in order: `groups` maps a key to its elements. */
export function groupingLines(groups: string, head: string, element: string, key: string, unit: string, typescript: boolean): string[] {
  const group = element === 'group' ? 'list' : 'group';
  return [
    `const ${groups} = new Map${typescript ? '<unknown, any[]>' : ''}();`,
    `for (${head}) {`,
    `${unit}const ${group} = ${groups}.get(${key});`,
    `${unit}if (${group}) ${group}.push(${element});`,
    `${unit}else ${groups}.set(${key}, [${element}]);`,
    '}',
  ];
}
