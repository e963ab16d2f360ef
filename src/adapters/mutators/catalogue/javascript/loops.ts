// Callbacks of array methods → plain loops: forEach → for, chains of map and filter → one loop.

import type { Context, Edit, Site } from '../rewrite.ts';
import { defineRewrite } from './define.ts';
import { arrayLikely, kindOf } from './kinds.ts';
import type { Model } from './model.ts';
import { isPure, references, reshapesIn, suspends } from './model.ts';
import { atLine, blockStatement, freshName, indentAt, indentUnit, nodesInPins, replace, rewritten, siteOf } from './places.ts';
import type { Syn } from './syn.ts';
import { ancestor, bare, descendants, field, isFunction, isLoop, methodCall, parametersOf, parts, plainParameters, textOf, within } from './syn.ts';

function forEachSite(context: Context, model: Model, call: Syn): Site | null {
  const m = methodCall(call);
  const statement = call.parent;
  const [fn] = m?.args ?? [];
  if (m?.name !== 'forEach' || m.args.length !== 1 || !fn || (fn.type !== 'arrow_function' && fn.type !== 'function_expression') || statement?.type !== 'expression_statement' || blockStatement(statement) !== statement) return null;
  const parameters = parametersOf(fn);
  const body = field(fn, 'body');
  const element = parameters?.[0];
  const counter = parameters?.[1];
  if (!body || !parameters || parameters.length > 2 || !element || !['identifier', 'array_pattern', 'object_pattern'].includes(element.type) || (counter && counter.type !== 'identifier')) return null;
  if (fn.children.some((c) => c.type === 'async' || c.type === '*') || (fn.type !== 'arrow_function' && (descendants(body, 'this', 'super').length > 0 || field(fn, 'name')))) return null;
  if (references(model, body).some((r) => textOf(r.id) === 'arguments') || suspends(body) || descendants(body, 'variable_declaration').some((v) => ancestor(v, isFunction) === fn)) return null;
  const list = bare(m.object);
  const b = list.type === 'identifier' ? model.scopes.bindingOf(list) : undefined;
  if (arrayLikely(model, list) === 'no' || (b ? reshapesIn(model, b, fn) : kindOf(model, list) !== 'array')) return null;
  // A directive or a declaration of the counter's name would change meaning; so would a return inside a loop or switch.
  const edits: Edit[] = [];
  for (const r of descendants(body, 'return_statement')) {
    if (ancestor(r, isFunction) !== fn) continue;
    if (parts(r).length > 0 || ancestor(r, (n) => isLoop(n) || n.type === 'switch_statement' || n === fn) !== fn) return null;
    edits.push(replace(r, 'continue;'));
  }
  const indent = indentAt(model.text, statement.start);
  const unit = indentUnit(model.text);
  const own = b ? textOf(list) : freshName(model, 'list');
  const assigned = (p: Syn): boolean => references(model, p).some((r) => (r.binding?.writes.length ?? 0) > 0);
  const i = counter && !assigned(counter) ? textOf(counter) : freshName(model, counter ? `${textOf(counter)}At` : 'i');
  const first = `${assigned(element) ? 'let' : 'const'} ${textOf(element)} = ${own}[${i}];`;
  const second = counter && i !== textOf(counter) ? [`let ${textOf(counter)} = ${i};`] : [];
  const head = `for (let ${i} = 0; ${i} < ${own}.length; ${i}++) {`;
  const heads = [first, ...second].map((l) => `\n${indent}${unit}${l}`).join('');
  const text = body.type === 'statement_block' ? rewritten(body, edits).replace(/^\{/, `${head}${heads}`) : `${head}${heads}\n${indent}${unit}${textOf(body).replace(/^([{[(`/])/, ';$1')};\n${indent}}`;
  const before = b ? '' : `const ${own} = ${textOf(list)};\n${indent}`;
  return siteOf(context, [replace(statement, before + text)], `loop over \`${textOf(list).slice(0, 30)}\` with for instead of forEach (${atLine(call)})`);
}

export const forEachToFor = defineRewrite({
  id: 'for-each-to-for',
  title: 'forEach as a plain loop',
  assumes: 'what is looped over is an array without holes',
  find: (context, model) => nodesInPins(context, model, 'call_expression').map((c) => forEachSite(context, model, c)),
});

interface Link { readonly name: string; readonly fn: Syn; readonly init: Syn | null }

/** The links of `xs.filter(p).map(f).reduce(g, init)`, in the order of running, with their source. */
function chainOf(model: Model, call: Syn): { readonly source: Syn; readonly links: readonly Link[] } | null {
  const links: Link[] = [];
  let at = call;
  for (;;) {
    const m = methodCall(bare(at));
    const [fn, init] = m?.args ?? [];
    if (!m || !fn || !['map', 'filter', 'reduce'].includes(m.name)) break;
    const last = links.length === 0;
    if ((m.name === 'reduce') !== (m.args.length === 2) || (m.name === 'reduce' && !last) || fn.type !== 'arrow_function' || field(fn, 'body')?.type === 'statement_block') break;
    if (plainParameters(fn)?.length !== (m.name === 'reduce' ? 2 : 1) || !isPure(model, fn) || (init && !isPure(model, init)) || fn.children.some((c) => c.type === 'async')) break;
    links.unshift({ name: m.name, fn, init: init ?? null });
    at = m.object;
  }
  return links.length > 1 ? { source: at, links } : null;
}

/** A callback's result with its parameters replaced by names. */
function inlined(model: Model, fn: Syn, names: readonly string[]): string {
  const body = field(fn, 'body') ?? fn;
  const edits: Edit[] = [];
  (plainParameters(fn) ?? []).forEach((p, i) => {
    const b = references(model, fn).find((r) => r.binding?.kind === 'param' && r.binding.scope === fn && r.binding.name === p)?.binding;
    for (const r of b?.refs ?? []) if (within(r, body)) edits.push(replace(r, r.type === 'shorthand_property_identifier' ? `${p}: ${names[i] ?? p}` : (names[i] ?? p)));
  });
  return rewritten(body, edits);
}

function chainSite(context: Context, model: Model, call: Syn): Site | null {
  if (methodCall(call.parent?.parent)?.object === call && ['map', 'filter', 'reduce'].includes(methodCall(call.parent?.parent)?.name ?? '') && chainOf(model, call.parent?.parent ?? call)) return null;
  const chain = chainOf(model, call);
  const declarator = call.parent?.type === 'variable_declarator' && field(call.parent, 'name')?.type === 'identifier' ? call.parent : null;
  const statement = declarator ? declarator.parent : call.parent?.type === 'return_statement' ? call.parent : null;
  if (!chain || !statement || blockStatement(statement) !== statement || (declarator && parts(statement).length !== 1) || statement.type === 'variable_declaration') return null;
  if (arrayLikely(model, chain.source) === 'no' || statement.parent?.type === 'program') return null;
  const indent = indentAt(model.text, statement.start);
  const unit = indentUnit(model.text);
  const last = chain.links[chain.links.length - 1];
  if (!last) return null;
  const nameNode = declarator ? field(declarator, 'name') : null;
  const out = nameNode ? textOf(nameNode) : freshName(model, 'result');
  const type = declarator ? field(declarator, 'type') : null;
  const ts = context.language !== 'javascript';
  const taken = new Set<string>([out]);
  const fresh = (): string => {
    const n = freshName(model, 'item', taken);
    taken.add(n);
    return n;
  };
  let value = fresh();
  const lines = [`for (const ${value} of ${textOf(chain.source)}) {`];
  chain.links.forEach((link, i) => {
    const end = i === chain.links.length - 1;
    if (link.name === 'filter') {
      lines.push(`${unit}if (!(${inlined(model, link.fn, [value])})) continue;`);
      if (end) lines.push(`${unit}${out}.push(${value});`);
    } else if (link.name === 'map') {
      const text = inlined(model, link.fn, [value]);
      if (end) lines.push(`${unit}${out}.push(${text});`);
      else {
        value = fresh();
        lines.push(`${unit}const ${value} = ${text};`);
      }
    } else lines.push(`${unit}${out} = ${inlined(model, link.fn, [out, value])};`);
  });
  lines.push('}');
  const annotation = type ? textOf(type) : ts && last.name !== 'reduce' ? ': any[]' : '';
  lines.unshift(last.name === 'reduce' ? `let ${out}${annotation} = ${textOf(last.init ?? call)};` : `const ${out}${annotation} = [];`);
  if (!nameNode) lines.push(`return ${out};`);
  return siteOf(context, [replace(statement, lines.join(`\n${indent}`))], `run the chain ${chain.links.map((l) => l.name).join(', ')} as one loop (${atLine(call)})`);
}

export const fuseChain = defineRewrite({
  id: 'fuse-chain',
  title: 'a chain of map and filter as one loop without lists in between',
  assumes: 'what is looped over is an array without holes',
  find: (context, model) => nodesInPins(context, model, 'call_expression').map((c) => chainSite(context, model, c)),
});
