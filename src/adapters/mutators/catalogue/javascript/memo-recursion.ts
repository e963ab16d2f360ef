// A pure function that calls itself several times → the same with a table of the results, fresh for each outer call.

import type { Context, Edit, Site } from '../rewrite.ts';
import { defineRewrite } from './define.ts';
import { kindOf } from './kinds.ts';
import type { Model } from './model.ts';
import { isPure, references } from './model.ts';
import { atLine, freshName, indentAt, indented, indentUnit, nodesInPins, openBrace, repeatsOf, replace, rewritten, siteOf } from './places.ts';
import type { Binding } from './scopes.ts';
import type { Syn } from './syn.ts';
import { ancestor, argumentsOf, bare, descendants, field, isFunction, operatorOf, parts, textOf, within } from './syn.ts';

interface Parameter { readonly binding: Binding; readonly name: string; /** With its type. */ readonly text: string; readonly node: Syn }

function parametersIn(model: Model, fn: Syn): Parameter[] | null {
  const single = field(fn, 'parameter');
  const list = single ? [single] : parts(field(fn, 'parameters') ?? fn);
  const out: Parameter[] = [];
  for (const p of list) {
    const id = p.type === 'identifier' ? p : p.type === 'assignment_pattern' ? field(p, 'left') : p.type === 'required_parameter' || p.type === 'optional_parameter' ? field(p, 'pattern') : null;
    const binding = id?.type === 'identifier' ? model.scopes.bindingOf(id) : undefined;
    if (!id || !binding) return null;
    const type = field(p, 'type');
    out.push({ binding, name: binding.name, text: binding.name + (p.type === 'optional_parameter' ? '?' : '') + (type ? textOf(type) : ''), node: p });
  }
  return out;
}

/** Whether a value is certainly no object, given the parameters that are certainly none. */
function isPrimitive(model: Model, e: Syn, sure: ReadonlySet<Binding>, depth = 0): boolean {
  const b = bare(e);
  const both = (x: Syn | null, y: Syn | null): boolean => x !== null && y !== null && isPrimitive(model, x, sure, depth) && isPrimitive(model, y, sure, depth);
  if (b.type === 'binary_expression') return ['&&', '||', '??'].includes(operatorOf(b)) ? both(field(b, 'left'), field(b, 'right')) : true;
  if (b.type === 'ternary_expression') return both(field(b, 'consequence'), field(b, 'alternative'));
  if (b.type === 'identifier') {
    const binding = model.scopes.bindingOf(b);
    if (binding && sure.has(binding)) return true;
    // A local that starts with a primitive and is only counted or computed on stays one.
    const start = binding?.declarator && depth < 4 ? field(binding.declarator, 'value') : null;
    if (start && isPrimitive(model, start, sure, depth + 1) && binding?.writes.every((w) => w.parent?.type === 'update_expression' || (w.parent?.type === 'augmented_assignment_expression' && !['||=', '&&=', '??='].includes(operatorOf(w.parent))))) return true;
  }
  return ['number', 'string', 'boolean'].includes(kindOf(model, b));
}

/** Whether two calls can both happen in one run of the function. */
function bothHappen(a: Syn, b: Syn, fn: Syn): boolean {
  const path = (n: Syn): Syn[] => {
    const out: Syn[] = [];
    for (let p: Syn | null = n; p && p !== fn; p = p.parent) out.push(p);
    return out;
  };
  const pa = path(a);
  const common = path(b).find((n) => pa.includes(n));
  if (!common) return true;
  const under = (n: Syn): Syn | undefined => path(n).find((x) => x.parent === common);
  const [x, y] = [under(a), under(b)];
  if (common.type === 'ternary_expression' || common.type === 'if_statement') return x?.field === 'condition' || y?.field === 'condition';
  if (common.type === 'binary_expression' && ['||', '&&', '??'].includes(operatorOf(common))) return true;
  const leaves = ancestor(a, (n) => n.type === 'return_statement' || n === common);
  return leaves === common || leaves === null;
}

function site(context: Context, model: Model, fn: Syn): Site | null {
  const body = field(fn, 'body');
  if (!body || fn.children.some((c) => c.type === 'async' || c.type === '*')) return null;
  const nameNode = field(fn, 'name') ?? (fn.parent?.type === 'variable_declarator' ? field(fn.parent, 'name') : null);
  const self = nameNode?.type === 'identifier' ? model.scopes.bindingOf(nameNode) : undefined;
  if (!self || self.writes.length > 0 || (self.kind !== 'function' && self.kind !== 'const')) return null;
  const inner = self.refs.filter((r) => within(r, body));
  const calls = inner.map((r) => (r.parent?.type === 'call_expression' && r.field === 'function' ? r.parent : null));
  const parameters = parametersIn(model, fn);
  if (!parameters || parameters.length === 0 || calls.length === 0) return null;
  for (const c of calls) {
    const args = c && argumentsOf(c);
    if (args?.length !== parameters.length || args.some((a) => a.type === 'spread_element')) return null;
  }
  const list = calls.filter((c) => c !== null);
  const branching = list.some((a, i) => repeatsOf(a).some((l) => within(l, body)) || list.slice(i + 1).some((b) => bothHappen(a, b, fn)));
  if (!branching || references(model, body).some((r) => textOf(r.id) === 'arguments') || (fn.type !== 'arrow_function' && descendants(body, 'this', 'super').length > 0)) return null;
  if (list.some((c) => ancestor(c, (n) => isFunction(n) && n.type !== 'arrow_function') !== (fn.type === 'arrow_function' ? ancestor(fn, (n) => isFunction(n) && n.type !== 'arrow_function') : fn))) return null;
  const same = (p: Parameter, i: number): boolean => p.binding.writes.length === 0 && list.every((c) => {
    const a = argumentsOf(c)?.[i];
    return a?.type === 'identifier' && model.scopes.bindingOf(a) === p.binding;
  });
  const varying = parameters.map((p, i) => ({ p, i })).filter(({ p, i }) => !same(p, i));
  if (varying.length === 0) return null;
  const sure = new Set<Binding>(varying.map(({ p }) => p.binding));
  for (let shrunk = true; shrunk; ) {
    shrunk = false;
    for (const { p, i } of varying) if (sure.has(p.binding) && !list.every((c) => isPrimitive(model, argumentsOf(c)?.[i] ?? c, sure))) shrunk = sure.delete(p.binding);
  }
  if (sure.size < varying.length || !isPure(model, fn, true)) return null;
  const results = body.type === 'statement_block' ? descendants(body, 'return_statement').filter((r) => ancestor(r, isFunction) === fn).map((r) => parts(r)[0]) : [body];
  if (results.length === 0 || results.some((r) => r && ['array', 'object', 'set', 'map', 'typed', 'function'].includes(kindOf(model, r)))) return null;
  return emit(context, model, fn, body, self, varying, list);
}

function emit(context: Context, model: Model, fn: Syn, body: Syn, self: Binding, varying: readonly { readonly p: Parameter; readonly i: number }[], calls: readonly Syn[]): Site | null {
  const step = indentUnit(model.text);
  const indent = indentAt(model.text, fn.start);
  const ts = context.language !== 'javascript';
  const memo = freshName(model, `${self.name}Memo`);
  const known = freshName(model, `${self.name}Known`);
  const work = freshName(model, `${self.name}Step`);
  const names = varying.map(({ p }) => p.name);
  const heads = varying.map(({ p }) => p.text).join(', ');
  // Nested calls: the inner ones are rewritten inside the arguments of the outer ones.
  const rewriteIn = (n: Syn): string => {
    const top = calls.filter((c) => within(c, n) && c !== n && !calls.some((o) => o !== c && o !== n && within(c, o) && within(o, n)));
    return rewritten(n, top.map((c): Edit => replace(c, `${known}(${varying.map(({ i }) => argumentText(c, i)).join(', ')})`)));
  };
  const argumentText = (c: Syn, i: number): string => {
    const a = argumentsOf(c)?.[i];
    if (!a) return 'undefined';
    return calls.includes(a) ? `${known}(${varying.map(({ i: k }) => argumentText(a, k)).join(', ')})` : rewriteIn(a);
  };
  const bodyText = calls.includes(body) ? `${known}(${varying.map(({ i }) => argumentText(body, i)).join(', ')})` : rewriteIn(body);
  const lines: string[] = [`const ${memo} = new Map${ts ? '<unknown, any>' : ''}();`, `const ${known} = (${heads})${ts ? ': any' : ''} => {`];
  let row = memo;
  const taken = new Set(names);
  names.slice(0, -1).forEach((name, i) => {
    const next = freshName(model, `row${i === 0 ? '' : i + 1}`, taken);
    lines.push(`${step}let ${next} = ${row}.get(${name});`, `${step}if (${next} === undefined) ${row}.set(${name}, (${next} = new Map()));`);
    row = next;
  });
  const last = names[names.length - 1] ?? '';
  const value = freshName(model, 'value', taken);
  lines.push(`${step}let ${value} = ${row}.get(${last});`, `${step}if (${value} === undefined) {`, `${step}${step}${value} = ${work}(${names.join(', ')});`, `${step}${step}${row}.set(${last}, ${value});`, `${step}}`, `${step}return ${value};`, '};');
  const { start, text: brace } = openBrace(body);
  const text = `${brace}\n${lines.map((l) => `${indent}${step}${l}\n`).join('')}${indent}${step}const ${work} = (${heads}) => ${indented(body, bodyText, step)};\n${indent}${step}return ${known}(${names.join(', ')});\n${indent}}`;
  return siteOf(context, [{ start, end: body.end, text }], `remember the results of \`${self.name}\` by ${names.map((n) => `\`${n}\``).join(', ')} (${atLine(fn)})`);
}

export const memoizeRecursion = defineRewrite({
  id: 'memoize-recursion',
  title: 'a pure function that calls itself several times, with its results remembered',
  assumes: 'property reads have no side effects; results are not changed by the caller; the table of one outer call fits in memory',
  find: (context, model) => nodesInPins(context, model, 'function_declaration', 'arrow_function', 'function_expression').map((f) => site(context, model, f)),
});
