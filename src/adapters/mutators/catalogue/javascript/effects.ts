// What a stretch of code may change: variables it assigns, data it mutates, and whether it calls code that cannot be seen.

import { calledFunction, isFresh, isPrimitiveForm, mutatesDirectly, namedParameter, regexLiteral } from './facts.ts';
import { accessorMethods, intlConstructors, isStaticPure, iteratingMethods, mutatingMethods, pureConstructors, pureFunctions, readingMethods } from './known.ts';
import type { Model } from './model.ts';
import type { Binding } from './scopes.ts';
import { isTypeOnly, patternNames } from './scopes.ts';
import type { Syn } from './syn.ts';
import { argumentsOf, bare, field, isFunction, methodCall, operatorOf, parametersOf, parts, textOf, visit, within } from './syn.ts';

export interface Effects {
  /** Variables that are assigned. */
  readonly assigned: Set<Binding>;
  /** Variables whose value's contents may change, and the variables these were taken from. */
  readonly mutated: Set<Binding>;
  /** Variables whose own value is changed directly, as in `xs.push(x)` and `xs[i] = x`, not a part of it. */
  readonly reshaped: Set<Binding>;
  /** Variables that are named in what is changed, without those that they were taken from. */
  readonly named: Set<Binding>;
  /** Names of properties that are written or whose value is mutated. */
  readonly properties: Set<string>;
  /** Something mutated that has no visible variable. */
  mutatesUnknown: boolean;
  /** Calls code that cannot be seen (imports, parameters, methods of classes). */
  unknownCalls: boolean;
  /** Acts on the world or is not deterministic: output, random numbers, clocks, await, yield. */
  impure: boolean;
  /** Has a throw statement. */
  throws: boolean;
}

const none = (): Effects => ({ assigned: new Set(), mutated: new Set(), reshaped: new Set(), named: new Set(), properties: new Set(), mutatesUnknown: false, unknownCalls: false, impure: false, throws: false });

/** The variable at the left end of `a.b[c].d`, also through accessors such as `a.get(k)`; null for anything else. */
export function rootOf(model: Model, expr: Syn): Binding | null {
  const e = bare(expr);
  if (e.type === 'identifier' || e.type === 'shorthand_property_identifier') return model.scopes.bindingOf(e) ?? null;
  if (e.type === 'member_expression' || e.type === 'subscript_expression') {
    const object = field(e, 'object');
    return object && rootOf(model, object);
  }
  const m = methodCall(e);
  return m && accessorMethods.has(m.name) ? rootOf(model, m.object) : null;
}

/** Where a value may come from: the roots of an expression that can hand on existing data. */
function sources(model: Model, expr: Syn): Binding[] {
  const e = bare(expr);
  switch (e.type) {
    case 'ternary_expression':
      return [field(e, 'consequence'), field(e, 'alternative')].flatMap((x) => (x ? sources(model, x) : []));
    case 'binary_expression':
      return ['||', '??', '&&'].includes(operatorOf(e)) ? [field(e, 'left'), field(e, 'right')].flatMap((x) => (x ? sources(model, x) : [])) : [];
    case 'assignment_expression': {
      const right = field(e, 'right');
      return right ? sources(model, right) : [];
    }
    default: {
      const root = rootOf(model, e);
      return root ? [root] : [];
    }
  }
}

/** The variables that a variable's data may be part of: `row` in `const row = grid[i]`, `for (const row of grid)`, `grid.forEach((row) => …)`. */
export function originsOf(model: Model, binding: Binding): readonly Binding[] {
  const known = model.origins.get(binding);
  if (known) return known;
  const out = new Set<Binding>();
  model.origins.set(binding, []);
  const addAll = (expr: Syn | null): void => {
    if (expr) for (const b of sources(model, expr)) if (b !== binding) out.add(b);
  };
  for (const id of [binding.decl, ...binding.writes]) {
    let at = id;
    while (at.parent && /pattern$|^assignment_pattern$|_parameter$/.test(at.parent.type)) at = at.parent;
    const p = at.parent;
    if (!p) continue;
    if (p.type === 'variable_declarator') addAll(field(p, 'value'));
    else if (p.type === 'assignment_expression') addAll(field(p, 'right'));
    else if (p.type === 'for_in_statement') addAll(field(p, 'right'));
    else if (isFunction(p) || p.type === 'formal_parameters') {
      const fn = isFunction(p) ? p : p.parent;
      const call = fn?.parent?.type === 'arguments' ? methodCall(fn.parent.parent) : null;
      if (call && iteratingMethods.has(call.name)) {
        addAll(call.object);
        for (const a of call.args.slice(1)) addAll(a);
      }
    }
  }
  const list = [...out];
  model.origins.set(binding, list);
  return list;
}

/** The effects of running `region` any number of times, inner functions counted as run. */
export function effectsOf(model: Model, region: Syn): Effects {
  const known = model.effects.get(region);
  if (known) return known;
  const out = none();
  collect(model, region, out, new Set());
  model.effects.set(region, out);
  return out;
}

/** Marks a target's data as changed, up through what it was taken from. */
function mutate(model: Model, target: Syn, out: Effects): void {
  for (let e = bare(target); ; ) {
    if (e.type === 'member_expression') {
      const property = field(e, 'property');
      if (property) out.properties.add(textOf(property));
    } else if (e.type !== 'subscript_expression') break;
    const object = field(e, 'object');
    if (!object) break;
    e = bare(object);
  }
  if (isPrimitiveForm(bare(target))) return;
  const roots = sources(model, target);
  if (roots.length === 0 && !isFresh(bare(target))) out.mutatesUnknown = true;
  const direct = bare(target).type === 'identifier';
  for (const r of roots) {
    out.named.add(r);
    if (direct) out.reshaped.add(r);
    mutateBinding(model, r, out);
  }
}

function mutateBinding(model: Model, b: Binding, out: Effects): void {
  if (out.mutated.has(b)) return;
  out.mutated.add(b);
  for (const o of originsOf(model, b)) mutateBinding(model, o, out);
}

function collect(model: Model, region: Syn, out: Effects, seen: Set<Syn>): void {
  if (seen.has(region)) return;
  seen.add(region);
  const assign = (target: Syn): void => {
    const t = bare(target);
    if (t.type === 'member_expression' || t.type === 'subscript_expression') {
      const object = field(t, 'object');
      const property = field(t, 'property');
      if (property) out.properties.add(textOf(property));
      if (object) mutate(model, object, out);
      return;
    }
    for (const id of patternNames(t)) {
      const b = model.scopes.bindingOf(id);
      if (b) out.assigned.add(b);
      else out.impure = true;
    }
    if (t.type === 'array_pattern' || t.type === 'object_pattern')
      visit(t, (c) => {
        if ((c.type === 'member_expression' || c.type === 'subscript_expression') && c.field !== 'right') assign(c);
        return undefined;
      });
  };
  visit(region, (n) => {
    if (isTypeOnly(n)) return false;
    switch (n.type) {
      case 'assignment_expression':
      case 'augmented_assignment_expression': {
        const left = field(n, 'left');
        if (left) assign(left);
        break;
      }
      case 'update_expression': {
        const argument = field(n, 'argument');
        if (argument) assign(argument);
        break;
      }
      case 'for_in_statement': {
        const left = field(n, 'left');
        if (left && !field(n, 'kind')) assign(left);
        break;
      }
      case 'unary_expression':
        if (operatorOf(n) === 'delete') {
          const argument = field(n, 'argument');
          if (argument) assign(argument);
        }
        break;
      case 'throw_statement':
        out.throws = true;
        break;
      case 'await_expression':
      case 'yield_expression':
      case 'import':
        out.impure = true;
        break;
      case 'call_expression':
      case 'new_expression':
        call(model, n, out, seen);
        break;
      default:
    }
    return undefined;
  });
}

function call(model: Model, n: Syn, out: Effects, seen: Set<Syn>): void {
  const args = argumentsOf(n) ?? [];
  const unknown = (): void => {
    out.unknownCalls = true;
    out.impure = true;
    for (const a of args) if (!isFunction(a)) mutate(model, a.type === 'spread_element' ? (parts(a)[0] ?? a) : a, out);
  };
  const callee = field(n, n.type === 'new_expression' ? 'constructor' : 'function');
  if (!callee || argumentsOf(n) === null) {
    unknown();
    return;
  }
  const isGlobal = (id: Syn): boolean => id.type === 'identifier' && !model.scopes.bindingOf(id);
  /** Callbacks that are names: what they do counts too. */
  const callbacks = (): void => {
    for (const a of args) {
      const b = bare(a);
      if (b.type !== 'identifier') continue;
      const fn = calledFunction(model, b);
      if (fn) collect(model, fn, out, seen);
    }
  };
  if (n.type === 'new_expression') {
    if (isGlobal(callee) && pureConstructors.has(textOf(callee))) {
      if (textOf(callee) === 'Date' && args.length === 0) out.impure = true;
      return;
    }
    const intl = callee.type === 'member_expression' && textOf(callee).startsWith('Intl.') && intlConstructors.has(textOf(callee).slice(5));
    if (!intl) unknown();
    return;
  }
  const m = methodCall(n);
  if (m) {
    const object = bare(m.object);
    if (isGlobal(object)) {
      if (isStaticPure(textOf(object), m.name)) {
        callbacks();
        return;
      }
      if (textOf(object) === 'Object' && m.name === 'assign') {
        if (args[0]) mutate(model, args[0], out);
        return;
      }
      if (textOf(object) === 'console') {
        out.impure = true;
        return;
      }
      if (!['Symbol', 'Reflect'].includes(textOf(object)) && /^[A-Z]|^(process|performance|crypto)$/.test(textOf(object))) {
        unknown();
        return;
      }
    }
    if (mutatingMethods.has(m.name)) {
      mutate(model, m.object, out);
      callbacks();
      return;
    }
    if (m.name === 'test' || m.name === 'exec') {
      // Only a regex with g or y keeps state (lastIndex).
      const literal = regexLiteral(model, object);
      if (literal !== null && !/\/[a-z]*[gy][a-z]*$/.test(literal)) return;
      mutate(model, m.object, out);
      return;
    }
    if (readingMethods.has(m.name)) {
      callbacks();
      return;
    }
    mutate(model, m.object, out);
    unknown();
    return;
  }
  const fn = calledFunction(model, callee);
  if (fn) {
    const inner = none();
    collect(model, fn, inner, seen);
    merge(out, inner);
    const parameters = parametersOf(fn);
    args.forEach((a, i) => {
      const p = namedParameter(parameters?.[i]);
      const changed = !p || a.type === 'spread_element' || inner.mutated.has(model.scopes.bindingOf(p) as Binding) || seen.has(fn) && recursive(model, fn, p);
      if (changed && !isFunction(a)) mutate(model, a.type === 'spread_element' ? (parts(a)[0] ?? a) : a, out);
      else if (bare(a).type === 'identifier') {
        const passed = calledFunction(model, a);
        if (passed) collect(model, passed, out, seen);
      }
    });
    return;
  }
  if (isGlobal(callee) && pureFunctions.has(textOf(callee))) return;
  unknown();
}

/** For a function already on the way: whether its own text mutates a parameter directly. */
function recursive(model: Model, fn: Syn, parameter: Syn): boolean {
  const b = model.scopes.bindingOf(parameter);
  const known = model.effects.get(fn);
  if (!b) return true;
  if (known) return known.mutated.has(b);
  return b.refs.some((r) => within(r, fn) && mutatesDirectly(r));
}

function merge(out: Effects, from: Effects): void {
  for (const b of from.assigned) out.assigned.add(b);
  for (const b of from.mutated) out.mutated.add(b);
  for (const b of from.reshaped) out.reshaped.add(b);
  for (const b of from.named) out.named.add(b);
  for (const p of from.properties) out.properties.add(p);
  out.mutatesUnknown ||= from.mutatesUnknown;
  out.unknownCalls ||= from.unknownCalls;
  out.impure ||= from.impure;
  out.throws ||= from.throws;
}
