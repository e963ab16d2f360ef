// Marks that are JavaScript or TypeScript code: improve(fn, { withEval, serveWorkspace, spec }).

import type { Node } from 'web-tree-sitter';
import { closest } from '../text.ts';
import type { Outline } from './functions.ts';
import { isFunctionExpression, unwrap } from './languages/javascript.ts';
import type { CodeMark, Origin } from './literals.ts';
import { dottedName, importedName, plainString } from './literals.ts';
import type { Report } from './marks.ts';
import { partsOf } from './rules.ts';

const OPTIONS = ['withEval', 'serveWorkspace', 'spec'] as const;
const OUR_MODULE = /(?:^|[@/\\._-])sigil(?=$|[/\\._-])/;

/** Names bound by import statements and by require(). `name` is `default`, the exported name, or null for the module. */
function importsOf(root: Node): Map<string, Origin> {
  const out = new Map<string, Origin>();
  for (const statement of root.descendantsOfType('import_statement')) {
    const module = plainString(statement.childForFieldName('source'));
    const clause = statement.namedChildren.find((c) => c.type === 'import_clause');
    if (module === null || !clause) continue;
    for (const part of clause.namedChildren) {
      if (part.type === 'identifier') out.set(part.text, { module, name: 'default' });
      else if (part.type === 'namespace_import') out.set(partsOf(part)[0]?.text ?? '', { module, name: null });
      else for (const s of part.namedChildren) {
        const name = s.childForFieldName('name')?.text;
        if (name !== undefined) out.set(s.childForFieldName('alias')?.text ?? name, { module, name });
      }
    }
  }
  for (const d of root.descendantsOfType('variable_declarator')) {
    const call = d.childForFieldName('value');
    if (call?.type !== 'call_expression' || call.childForFieldName('function')?.text !== 'require') continue;
    const args = call.childForFieldName('arguments');
    const module = plainString(args && partsOf(args)[0]);
    const name = d.childForFieldName('name');
    if (module === null || !name) continue;
    if (name.type === 'identifier') out.set(name.text, { module, name: null });
    for (const p of name.type === 'object_pattern' ? name.namedChildren : []) {
      if (p.type === 'shorthand_property_identifier_pattern') out.set(p.text, { module, name: p.text });
      const [key, as] = [p.childForFieldName('key'), p.childForFieldName('value')];
      if (p.type === 'pair_pattern' && key && as?.type === 'identifier') out.set(as.text, { module, name: key.text });
    }
  }
  return out;
}

/** Whether a callee is our improve: imported from a module called sigil, or not bound to anything else. */
function isOurs(callee: Node, imports: ReadonlyMap<string, Origin>, locals: ReadonlySet<string>): boolean {
  const name = dottedName(callee);
  if (name === null) return false;
  const direct = imports.get(name);
  if (direct) return direct.name === 'improve' && OUR_MODULE.test(direct.module);
  if (name === 'improve') return !locals.has(name);
  const owner = name.endsWith('.improve') ? name.slice(0, -'.improve'.length) : null;
  if (owner === null) return false;
  const origin = imports.get(owner);
  return origin ? origin.name !== 'improve' && OUR_MODULE.test(origin.module) : owner === 'sigil';
}

/** Calls of the given names, found through the text: walking every call of a large file costs more. */
function callsOf(root: Node, text: string, names: readonly string[]): Node[] {
  const out = new Map<number, Node>();
  for (const m of text.matchAll(new RegExp(`(?<![\\w$])(?:${names.map((n) => n.replaceAll('$', '\\$')).join('|')})(?![\\w$])`, 'g'))) {
    const end = m.index + m[0].length;
    for (let at: Node | null = root.descendantForIndex(m.index, end); at && at.startIndex <= m.index; at = at.parent) {
      const callee = at.type === 'call_expression' ? at.childForFieldName('function') : null;
      if (callee?.endIndex === end) out.set(at.id, at);
    }
  }
  return [...out.values()].sort((a, b) => a.startIndex - b.startIndex);
}

/** The marks of a module. `functions` are its functions. */
export function javascriptMarks(root: Node, text: string, functions: readonly Outline[], report: Report): CodeMark[] {
  const imports = importsOf(root);
  const locals = new Set(functions.map((f) => f.symbol).filter((s) => !s.includes('.')));
  const names = ['improve', ...[...imports].filter(([, o]) => o.name === 'improve').map(([n]) => n)];
  return callsOf(root, text, names).flatMap((call) => {
    const callee = call.childForFieldName('function');
    const args = call.childForFieldName('arguments');
    if (!callee || !args || !isOurs(callee, imports, locals)) return [];
    const [fn, options, ...more] = partsOf(args);
    if (!fn || more.length > 0) {
      report(call.startIndex, `improve() takes a function and its options, here it has ${partsOf(args).length} arguments`, 'Write improve(fn, { withEval, serveWorkspace, spec }).');
      return [];
    }
    const target = targetOf(fn, call, functions, imports, report);
    const read = optionsOf(options, locals, imports, report);
    return target ? [{ symbol: target.symbol, options: read, at: call.startIndex }] : [];
  });
}

function targetOf(arg: Node, call: Node, functions: readonly Outline[], imports: ReadonlyMap<string, Origin>, report: Report): Outline | null {
  const fn = unwrap(arg) ?? arg;
  if (isFunctionExpression(fn)) {
    const inline = functions.find((f) => f.core.start === fn.startIndex);
    if (!inline) report(call.startIndex, 'the function in improve() has no name', 'Bind it: const name = improve(…).');
    return inline ?? null;
  }
  const name = dottedName(fn);
  const origin = name === null ? undefined : imports.get(name.split('.')[0] ?? '');
  if (name === null || origin) {
    report(arg.startIndex, origin ? `${name ?? ''} is imported from ${origin.module}` : 'the first argument of improve() is neither a function nor the name of one', origin ? 'Mark it in the file that defines it.' : 'Write improve(fn, {…}) with the name of a function of this file.');
    return null;
  }
  // Names are looked up from the innermost function around the call outwards.
  const around = functions.filter((f) => f.range.start < call.startIndex && call.endIndex <= f.range.end).at(-1);
  const scope = around ? around.symbol.replace(/~\d+$/, '').split('.') : [];
  for (let n = scope.length; n >= 0; n--) {
    const symbol = [...scope.slice(0, n), name].join('.');
    const same = functions.filter((f) => f.symbol === symbol || f.symbol.startsWith(`${symbol}~`));
    if (same.length > 1) {
      report(arg.startIndex, `there are ${same.length} functions called ${symbol}`, 'Mark the one that is meant with a comment "sigil: improve" on the line above it.');
      return null;
    }
    if (same[0]) return same[0];
  }
  report(arg.startIndex, `there is no function "${name}" in this file`, closest(name, functions.map((f) => f.symbol), 'function'));
  return null;
}

function optionsOf(node: Node | undefined, locals: ReadonlySet<string>, imports: ReadonlyMap<string, Origin>, report: Report): Record<string, string> {
  const out: Record<string, string> = {};
  if (!node) return out;
  if (node.type !== 'object') {
    report(node.startIndex, 'the options of improve() are not an object literal', 'Write them in place: improve(fn, { withEval: check }). Marks are read without running the code.');
    return out;
  }
  for (const part of partsOf(node)) {
    const shorthand = part.type === 'shorthand_property_identifier';
    const key = shorthand ? part.text : part.type === 'pair' ? (part.childForFieldName('key')?.text ?? '').replace(/^(['"])(.*)\1$/, '$2') : null;
    const value = shorthand ? part : part.childForFieldName('value');
    if (key === null || !value) {
      report(part.startIndex, `the option "${part.text.split('\n')[0] ?? ''}" cannot be read`, `Write key: value with ${OPTIONS.join(', ')}.`);
    } else if (key === 'withEval') {
      const name = evalName(value, locals, imports, report);
      if (name !== null) out['withEval'] = name;
    } else if (key === 'serveWorkspace' || key === 'spec') {
      const literal = plainString(unwrap(value));
      if (literal === null || literal === '') report(value.startIndex, `${key} is not a plain string`, `Write a literal, for example ${key}: 'v1'.`);
      else out[key === 'spec' ? 'spec' : 'workspace'] = literal;
    } else {
      report(part.startIndex, `improve() has no option "${key}"`, closest(key, OPTIONS, 'option'));
    }
  }
  return out;
}

/** The evaluation function: a local one's name, or `module#name` of an import. */
function evalName(value: Node, locals: ReadonlySet<string>, imports: ReadonlyMap<string, Origin>, report: Report): string | null {
  const name = value.type === 'shorthand_property_identifier' ? value.text : dottedName(unwrap(value));
  if (name !== null && locals.has(name) && !imports.has(name)) return name;
  const [first = '', ...rest] = (name ?? '').split('.');
  const origin = imports.get(first);
  const imported = origin && rest.length < 2 ? importedName(origin, rest[0] ?? null) : null;
  if (imported !== null) return imported;
  report(value.startIndex, `withEval: ${value.text.split('\n')[0] ?? ''} names no function of this file and no import`, name === null ? 'Define the evaluation as a function and name it.' : closest(name, [...locals, ...imports.keys()], 'function or import'));
  return null;
}
