// What kind of value an expression has, as far as literals, operators, annotations and uses show it.

import { arrayMakingMethods, arrayMethods, numberMethods, stringMakingMethods, stringMethods } from './known.ts';
import type { Model } from './model.ts';
import type { Binding } from './scopes.ts';
import type { Syn } from './syn.ts';
import { argumentsOf, bare, field, isFunction, methodCall, operatorOf, parts, textOf } from './syn.ts';

export type Kind = 'number' | 'string' | 'boolean' | 'array' | 'typed' | 'set' | 'map' | 'object' | 'function' | 'unknown' | 'never';

const arithmetic = new Set(['-', '*', '/', '%', '**', '|', '&', '^', '<<', '>>', '>>>']);
const comparison = new Set(['<', '>', '<=', '>=', '==', '!=', '===', '!==', 'in', 'instanceof']);

/** The kind of an expression's value; `unknown` where nothing shows it. BigInts are taken for numbers. */
export function kindOf(model: Model, expr: Syn | null, busy: ReadonlySet<Binding> = new Set()): Kind {
  if (!expr) return 'unknown';
  const e = bare(expr);
  const same = (...list: (Syn | null)[]): Kind => {
    const kinds = list.map((x) => kindOf(model, x, busy)).filter((k) => k !== 'never');
    return kinds.every((k) => k === kinds[0]) ? (kinds[0] ?? 'never') : 'unknown';
  };
  switch (e.type) {
    case 'number': return 'number';
    case 'string':
    case 'template_string': return e.parent?.type === 'call_expression' && e.field === 'arguments' ? 'unknown' : 'string';
    case 'true':
    case 'false': return 'boolean';
    case 'array': return 'array';
    case 'object':
    case 'regex': return 'object';
    case 'update_expression': return 'number';
    case 'unary_expression': {
      const op = operatorOf(e);
      return op === '!' || op === 'delete' ? 'boolean' : op === 'typeof' ? 'string' : op === 'void' ? 'unknown' : 'number';
    }
    case 'binary_expression': {
      const op = operatorOf(e);
      if (arithmetic.has(op)) return 'number';
      if (comparison.has(op)) return 'boolean';
      const left = kindOf(model, field(e, 'left'), busy);
      const right = kindOf(model, field(e, 'right'), busy);
      if (op === '+') return sumKind(left, right);
      return left === 'never' ? right : left === right || right === 'never' ? left : 'unknown';
    }
    case 'augmented_assignment_expression': {
      const op = operatorOf(e).slice(0, -1);
      if (arithmetic.has(op)) return 'number';
      const left = kindOf(model, field(e, 'left'), busy);
      const right = kindOf(model, field(e, 'right'), busy);
      return op === '+' ? sumKind(left, right) : 'unknown';
    }
    case 'assignment_expression': return kindOf(model, field(e, 'right'), busy);
    case 'ternary_expression': return same(field(e, 'consequence'), field(e, 'alternative'));
    case 'identifier': {
      const b = model.scopes.bindingOf(e);
      if (b) return kindOfBinding(model, b, busy);
      return ['NaN', 'Infinity'].includes(textOf(e)) ? 'number' : 'unknown';
    }
    case 'member_expression': {
      const property = field(e, 'property');
      const object = field(e, 'object');
      const p = property ? textOf(property) : '';
      if (p === 'length' || p === 'size' || (object && textOf(object) === 'Number') || (object && textOf(object) === 'Math')) return 'number';
      return 'unknown';
    }
    case 'subscript_expression': return elementKind(model, field(e, 'object'), busy);
    case 'new_expression': {
      const c = textOf(field(e, 'constructor') ?? e);
      if (c === 'Set' || c === 'Map' || c === 'Array') return c.toLowerCase() as Kind;
      return /^(Big)?(Ui|I)nt\d+|^Float\d+Array$/.test(c) ? 'typed' : 'object';
    }
    case 'call_expression': return callKind(model, e, busy);
    default: return isFunction(e) ? 'function' : 'unknown';
  }
}

/** The kind of a + b. `never` is a variable that is being worked out: a = a + 1 adds no kind of its own. */
function sumKind(left: Kind, right: Kind): Kind {
  if (left === 'string' || right === 'string') return 'string';
  if (left === 'never' || right === 'never') return left === 'never' ? right : left;
  return left === 'number' && right === 'number' ? 'number' : 'unknown';
}

function callKind(model: Model, e: Syn, busy: ReadonlySet<Binding>): Kind {
  const callee = field(e, 'function');
  const name = callee ? textOf(callee) : '';
  if (['Number', 'parseInt', 'parseFloat'].includes(name)) return 'number';
  if (name === 'String') return 'string';
  if (name === 'Boolean' || name === 'isNaN') return 'boolean';
  if (name === 'Array') return 'array';
  const m = methodCall(e);
  if (!m) return 'unknown';
  const object = textOf(m.object);
  if (object === 'Math') return 'number';
  if (object === 'Array') return m.name === 'isArray' ? 'boolean' : 'array';
  if (object === 'Object' && ['keys', 'values', 'entries'].includes(m.name)) return 'array';
  if (object === 'Date' || object === 'Number' || object === 'performance') return /^is/.test(m.name) ? 'boolean' : 'number';
  if (object === 'JSON') return m.name === 'stringify' ? 'string' : 'unknown';
  if (object === 'String') return 'string';
  if (stringMakingMethods.has(m.name)) return 'string';
  if (numberMethods.has(m.name)) return 'number';
  if (['includes', 'startsWith', 'endsWith', 'has', 'some', 'every', 'test'].includes(m.name)) return 'boolean';
  const receiver = kindOf(model, m.object, busy);
  if (m.name === 'slice' || m.name === 'concat' || m.name === 'at') return receiver === 'string' || (receiver === 'array' && m.name !== 'at') || receiver === 'typed' ? receiver : 'unknown';
  if (['map', 'filter', 'fill', 'sort', 'reverse', 'toSorted'].includes(m.name) && receiver === 'typed') return 'typed';
  if (arrayMakingMethods.has(m.name) || ['fill', 'sort', 'reverse'].includes(m.name)) return 'array';
  if (m.name === 'reduce' && m.args[1] && !['array', 'object'].includes(bare(m.args[1]).type)) return kindOf(model, m.args[1], busy);
  return 'unknown';
}

/** The kind that a TypeScript annotation node says. */
export function annotatedKind(annotation: Syn | null): Kind {
  const t = annotation?.type === 'type_annotation' ? parts(annotation)[0] : annotation;
  if (!t) return 'unknown';
  const s = textOf(t);
  if (s === 'number' || s === 'string' || s === 'boolean') return s;
  if (t.type === 'array_type' || t.type === 'tuple_type' || /^(Readonly)?Array</.test(s) || (t.type === 'readonly_type' && s.endsWith(']'))) return 'array';
  if (/^(Readonly)?Set</.test(s)) return 'set';
  if (/^(Readonly)?Map</.test(s)) return 'map';
  if (/^(Float|Int|Uint)\d+(Clamped)?Array/.test(s)) return 'typed';
  return 'unknown';
}

/** The annotation of a declared variable or parameter. */
export function annotationOf(b: Binding): Syn | null {
  const p = b.decl.parent;
  return p && ['variable_declarator', 'required_parameter', 'optional_parameter'].includes(p.type) ? field(p, 'type') : null;
}

/** The type that a JSDoc comment before the function gives to a parameter. */
function documentedKind(b: Binding): Kind {
  if (b.kind !== 'param') return 'unknown';
  for (let at: Syn | null = b.scope; at && at.type !== 'program'; at = at.parent) {
    const list = at.parent?.children ?? [];
    const before = list[list.indexOf(at) - 1];
    if (before?.type === 'comment') {
      const type = new RegExp(`@param\\s+\\{([^}]*)\\}\\s+\\[?${b.name.replace(/\$/g, '\\$')}\\b`).exec(textOf(before))?.[1]?.trim().toLowerCase();
      if (!type) return 'unknown';
      return /\[\]\)?$|^array|^readonlyarray/.test(type) ? 'array' : type === 'number' || type === 'string' || type === 'boolean' ? type : /^set\b/.test(type) ? 'set' : /^map\b/.test(type) ? 'map' : 'unknown';
    }
    if (at.type === 'statement_block') return 'unknown';
  }
  return 'unknown';
}

/** The kind of all values that a variable takes. */
export function kindOfBinding(model: Model, b: Binding, busy: ReadonlySet<Binding> = new Set()): Kind {
  if (busy.has(b)) return 'never';
  if (busy.size > 6) return 'unknown';
  const known = model.kinds.get(b);
  if (known) return known;
  const kind = workOut(model, b, busy);
  const settled = kind === 'never' ? 'unknown' : kind;
  if (busy.size === 0) model.kinds.set(b, settled);
  return busy.size === 0 ? settled : kind;
}

function workOut(model: Model, b: Binding, busy: ReadonlySet<Binding>): Kind {
  const annotated = annotatedKind(annotationOf(b));
  if (annotated !== 'unknown') return annotated;
  const documented = documentedKind(b);
  if (documented !== 'unknown') return documented;
  if (b.kind === 'param') return b.writes.length === 0 ? usedAs(b) : 'unknown';
  if (b.kind === 'function' || b.kind === 'class') return 'function';
  const inner = new Set([...busy, b]);
  const loop = b.decl.parent;
  if (loop?.type === 'for_in_statement' && loop.children.some((c) => c.field === 'operator' && textOf(c) === 'in')) return 'string';
  if (loop?.type === 'for_in_statement' && b.writes.length === 0) return elementKind(model, field(loop, 'right'), inner);
  if (!b.declarator) return b.writes.length === 0 ? usedAs(b) : 'unknown';
  const value = field(b.declarator, 'value');
  const kinds = new Set<Kind>();
  if (value) kinds.add(kindOf(model, value, inner));
  for (const w of b.writes) {
    const p = w.parent;
    if (p?.type === 'update_expression') kinds.add('number');
    else if (p?.type === 'assignment_expression' && w.field === 'left') kinds.add(kindOf(model, field(p, 'right'), inner));
    else if (p?.type === 'augmented_assignment_expression') {
      const op = operatorOf(p).slice(0, -1);
      if (arithmetic.has(op)) kinds.add('number');
      // `s += x` keeps the kind of what it started with, if x is of that kind or s is a string.
      else if (op === '+') {
        kinds.add(sumKind(value ? kindOf(model, value, inner) : 'unknown', kindOf(model, field(p, 'right'), inner)));
      } else kinds.add('unknown');
    } else kinds.add('unknown');
  }
  kinds.delete('never');
  const [only] = kinds;
  if (kinds.size === 1 && only && only !== 'unknown') return only;
  return b.writes.length === 0 ? usedAs(b) : 'unknown';
}

/** What the methods that are called on a variable tell about it. */
function usedAs(b: Binding): Kind {
  let array = false;
  let string = false;
  for (const r of b.refs) {
    if (r.parent?.type === 'arguments' && methodCall(r.parent.parent)?.name === 'test') string = true;
    const m = r.parent?.type === 'member_expression' && r.field === 'object' ? methodCall(r.parent.parent) : null;
    if (m?.object === r) {
      if (arrayMethods.has(m.name)) array = true;
      if (stringMethods.has(m.name)) string = true;
    }
  }
  return array === string ? 'unknown' : array ? 'array' : 'string';
}

/** The kind of the elements of an array expression, from its annotation or literal. */
export function elementKind(model: Model, array: Syn | null, busy: ReadonlySet<Binding> = new Set()): Kind {
  if (!array) return 'unknown';
  const e = bare(array);
  if (e.type === 'array') {
    const kinds = new Set(parts(e).map((p) => kindOf(model, p, busy)));
    const [only] = kinds;
    return kinds.size === 1 && only ? only : 'unknown';
  }
  if (kindOf(model, e, busy) === 'typed') return 'number';
  if (kindOf(model, e, busy) === 'string') return 'string';
  const m = methodCall(e);
  if (m?.name === 'split') return 'string';
  if (m && ['filter', 'slice', 'sort', 'reverse', 'toSorted'].includes(m.name)) return elementKind(model, m.object, busy);
  if (m?.name === 'fill' && /^(new )?Array\(/.test(textOf(m.object))) return kindOf(model, m.args[0] ?? null, busy);
  if (m && textOf(m.object) === 'Object' && m.name === 'keys') return 'string';
  if (e.type === 'identifier') {
    const b = model.scopes.bindingOf(e);
    if (!b || busy.has(b)) return 'unknown';
    const annotation = annotationOf(b);
    const t = annotation ? parts(annotation)[0] : undefined;
    if (t?.type === 'array_type') return annotatedKind(parts(t)[0] ?? null);
    const generic = t ? /^(?:Readonly)?Array<(.*)>$/s.exec(textOf(t))?.[1]?.trim() : undefined;
    if (generic === 'number' || generic === 'string' || generic === 'boolean') return generic;
    const value = b.declarator && b.writes.length === 0 ? field(b.declarator, 'value') : null;
    if (value && bare(value).type !== 'array') return elementKind(model, value, new Set([...busy, b]));
  }
  if (e.type === 'subscript_expression') {
    const object = field(e, 'object');
    const b = object?.type === 'identifier' ? model.scopes.bindingOf(object) : undefined;
    const s = b ? textOf(annotationOf(b) ?? e) : '';
    if (/^:\s*(readonly )?number\[\]\[\]$/.test(s)) return 'number';
  }
  return 'unknown';
}

export const isNumber = (model: Model, e: Syn | null): boolean => kindOf(model, e) === 'number';

/** Whether an expression may be an array as far as can be seen: shown to be one, or nothing speaks for something else. */
export function arrayLikely(model: Model, e: Syn): 'yes' | 'maybe' | 'no' {
  const k = kindOf(model, e);
  return k === 'array' ? 'yes' : k === 'unknown' ? 'maybe' : 'no';
}

/** Whether an expression is an empty array literal or `new Array()`. */
export function isEmptyArray(e: Syn | null): boolean {
  if (!e) return false;
  const b = bare(e);
  if (b.type === 'array') return parts(b).length === 0;
  return (b.type === 'new_expression' || b.type === 'call_expression') && /^(new )?Array(<[^()]*>)?(\(\))?$/.test(textOf(b)) && (argumentsOf(b)?.length ?? 0) === 0;
}
