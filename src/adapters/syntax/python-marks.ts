// Marks that are Python code: @improve(…) decorators, Spec(name="…") and track(spec).

import type { Node } from 'web-tree-sitter';
import { closest } from '../text.ts';
import type { Outline } from './functions.ts';
import type { CodeMark, Origin } from './literals.ts';
import { dottedName, importedName, plainString } from './literals.ts';
import type { Report } from './marks.ts';
import { partsOf } from './rules.ts';

const OPTIONS = ['with_eval', 'serve_workspace', 'spec'] as const;

interface Module {
  readonly imports: ReadonlyMap<string, Origin>;
  /** Functions of the module's top level. */
  readonly locals: ReadonlySet<string>;
  readonly report: Report;
  /** Specs by the variable that holds them; null where the name is not a literal. */
  readonly specs: ReadonlyMap<string, string | null>;
  /** The spec that the module tracks, if it is one. */
  readonly tracked: string | null;
}

function importsOf(root: Node): Map<string, Origin> {
  const out = new Map<string, Origin>();
  for (const statement of root.descendantsOfType(['import_statement', 'import_from_statement'])) {
    const from = dottedName(statement.childForFieldName('module_name'));
    for (const name of statement.childrenForFieldName('name')) {
      const aliased = name.type === 'aliased_import';
      const path = dottedName(aliased ? name.childForFieldName('name') : name);
      if (path === null) continue;
      const as = aliased ? (name.childForFieldName('alias')?.text ?? path) : path;
      out.set(as, from === null ? { module: path, name: null } : { module: from, name: path });
    }
  }
  return out;
}

/** Whether an expression names `word` of the sigil package. A bare word counts unless the module binds it to something else. */
function isOurs(node: Node | null, word: string, imports: ReadonlyMap<string, Origin>, locals: ReadonlySet<string>): boolean {
  const name = dottedName(node);
  if (name === null) return false;
  const ours = (module: string): boolean => module === 'sigil' || module.startsWith('sigil.');
  const direct = imports.get(name);
  if (direct) return direct.name === word && ours(direct.module);
  if (!name.includes('.')) return name === word && !locals.has(name);
  const owner = name.slice(0, name.lastIndexOf('.'));
  if (name.slice(owner.length + 1) !== word) return false;
  const origin = imports.get(owner);
  return origin ? origin.name === null && ours(origin.module) : ours(owner);
}

function keyword(args: Node | null, name: string): Node | null {
  return args?.namedChildren.find((c) => c.type === 'keyword_argument' && c.childForFieldName('name')?.text === name)?.childForFieldName('value') ?? null;
}

/** The literal name of `Spec(name="x")`; reported and null when it is not literal. */
function specName(call: Node, report: Report): string | null {
  const args = call.childForFieldName('arguments');
  const first = args && partsOf(args)[0];
  const value = keyword(args, 'name') ?? (first && !/^(keyword_argument|dictionary_splat|list_splat)$/.test(first.type) ? first : null);
  const name = plainString(value);
  if (name === null || name === '') {
    report(call.startIndex, 'the name of this Spec is not a plain string', 'Write it as a literal: Spec(name="my-spec"). Marks are read without running the code.');
    return null;
  }
  return name;
}

/** The marks of a module. `functions` are its functions. */
export function pythonMarks(root: Node, functions: readonly Outline[], report: Report): CodeMark[] {
  const imports = importsOf(root);
  const locals = new Set(functions.map((f) => f.symbol).filter((s) => !s.includes('.')));
  const decorators = root.descendantsOfType('decorator').flatMap((decorator) => {
    const [expression] = partsOf(decorator);
    const callee = expression?.type === 'call' ? expression.childForFieldName('function') : (expression ?? null);
    return expression && isOurs(callee, 'improve', imports, locals) ? [{ decorator, expression }] : [];
  });
  if (decorators.length === 0) return [];

  const calls = root.descendantsOfType('call');
  const specs = new Map<string, string | null>();
  const untracked = new Map<string, number>();
  for (const call of calls) {
    if (!isOurs(call.childForFieldName('function'), 'Spec', imports, locals)) continue;
    const name = specName(call, report);
    const left = call.parent?.type === 'assignment' ? call.parent.childForFieldName('left') : null;
    if (left?.type !== 'identifier') continue;
    specs.set(left.text, specs.has(left.text) && specs.get(left.text) !== name ? null : name);
    if (name !== null) untracked.set(left.text, left.startIndex);
  }
  const tracked = new Set<string>();
  for (const call of calls) {
    if (!isOurs(call.childForFieldName('function'), 'track', imports, locals)) continue;
    const args = call.childForFieldName('arguments');
    const spec = (args && partsOf(args)[0]) ?? null;
    const known = spec && specs.get(spec.text);
    if (spec?.type === 'call' && isOurs(spec.childForFieldName('function'), 'Spec', imports, locals)) {
      const name = specName(spec, () => undefined);
      if (name !== null) tracked.add(name);
    } else if (spec?.type === 'identifier' && known !== undefined) {
      untracked.delete(spec.text);
      if (known !== null) tracked.add(known);
    } else {
      report(call.startIndex, `track(${spec?.text ?? ''}) does not name a Spec of this module`, `Write spec = Spec(name="…") above it. ${closest(spec?.text ?? '', [...specs.keys()], 'Spec')}`);
    }
  }
  for (const [variable, at] of untracked)
    report(at, `the Spec "${variable}" is never tracked, so no decorator belongs to it`, `Add sigil.track(${variable}) to the module.`);
  if (tracked.size > 1) report(decorators[0]?.decorator.startIndex ?? 0, `the module tracks ${tracked.size} Specs, so its decorators belong to none of them`, 'Say @improve(spec=…), or track one Spec a module.');

  const module: Module = { imports, locals, report, specs, tracked: tracked.size === 1 ? ([...tracked][0] ?? null) : null };
  return decorators.flatMap(({ decorator, expression }) => {
    const definition = decorator.parent?.childForFieldName('definition');
    const target = definition && functions.find((f) => f.core.start === definition.startIndex);
    if (!target) {
      report(decorator.startIndex, '@improve does not stand on a function', 'Put it on a function or a method.');
      return [];
    }
    return [{ symbol: target.symbol, options: optionsOf(expression, module), at: decorator.startIndex }];
  });
}

function optionsOf(expression: Node, module: Module): Record<string, string> {
  const out: Record<string, string> = module.tracked === null ? {} : { spec: module.tracked };
  const args = expression.type === 'call' ? expression.childForFieldName('arguments') : null;
  for (const arg of args ? partsOf(args) : []) {
    const key = arg.type === 'keyword_argument' ? (arg.childForFieldName('name')?.text ?? '') : null;
    const value = arg.childForFieldName('value');
    if (key === null || !value) {
      module.report(arg.startIndex, `improve() cannot take "${arg.text}"`, `Write its options by name: ${OPTIONS.map((o) => `${o}=…`).join(', ')}.`);
    } else if (key === 'with_eval') {
      const name = evalName(value, module);
      if (name !== null) out['withEval'] = name;
    } else if (key === 'serve_workspace') {
      const name = plainString(value);
      if (name === null) module.report(value.startIndex, 'serve_workspace is not a plain string', 'Write a literal, for example serve_workspace="v1".');
      else out['workspace'] = name;
    } else if (key === 'spec') {
      const name = plainString(value) ?? (value.type === 'identifier' ? module.specs.get(value.text) : null);
      if (name === null || name === undefined) module.report(value.startIndex, `spec=${value.text} is neither a plain string nor a Spec of this module`, 'Write spec="name", or the variable that holds Spec(name="…").');
      else out['spec'] = name;
    } else {
      module.report(arg.startIndex, `improve() has no option "${key}"`, closest(key, OPTIONS, 'option'));
    }
  }
  return out;
}

/** The evaluation function: a local one's name, or `module#name` of an import. */
function evalName(value: Node, { imports, locals, report }: Module): string | null {
  const name = dottedName(value);
  if (name !== null && locals.has(name) && !imports.has(name)) return name;
  const owner = name?.includes('.') === true ? name.slice(0, name.lastIndexOf('.')) : null;
  const origin = name === null ? undefined : imports.get(owner ?? name);
  const imported = origin && importedName(origin, owner === null ? null : (name ?? '').slice(owner.length + 1));
  if (imported !== null && imported !== undefined) return imported;
  report(value.startIndex, `with_eval=${value.text} names no function of this module and no import`, name === null ? 'Define the evaluation as a function and name it.' : closest(name, [...locals, ...imports.keys()], 'function or import'));
  return null;
}
