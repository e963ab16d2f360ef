// Adds a spec to the text of a sigil.yaml and leaves every other byte of it as it is.

import { isMap, isScalar, parseDocument, type Document } from 'yaml';
import { UserError } from '../../core/errors.ts';

const HEAD = '# What may change, how it is judged, with what limits.\nversion: 1\nspecs:\n';

/** A value on one line, as YAML has it inside brackets. */
function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (typeof value === 'object' && value !== null) return `{ ${Object.entries(value).map(([k, v]) => `${k}: ${inline(v)}`).join(', ')} }`;
  if (typeof value !== 'string') return JSON.stringify(value);
  // Plain only where no reader could take it for anything else.
  const plain = /^[A-Za-z./_](?:[\w./@+=#:-]*[\w./@+=#-])?(?: (?!#)(?:[\w./@+=#:-]*[\w./@+=#-]))*$/.test(value) && !/^(?:true|false|null|yes|no|on|off|y|n|\.\d.*|\.inf|\.nan)$/i.test(value);
  return plain || /^\d+(?:ms|s|m|h)$/.test(value) ? value : JSON.stringify(value);
}

const COMMENTS: Readonly<Record<string, string>> = {
  gates: 'Each must pass before a solution is measured.',
  call: 'The function is called on these inputs; every result must stay what it was.',
  outputs: 'Emptied and built anew for each solution; nothing else may be written.',
};

/** The lines of a spec, its name at the given indentation and its keys one step deeper. */
export function specLines(name: string, entry: Readonly<Record<string, unknown>>, indent: string, step: string): string[] {
  const key = indent + step;
  const lines = [`${indent}${inline(name)}:`];
  for (const [k, value] of Object.entries(entry)) {
    const comment = COMMENTS[k];
    if (comment !== undefined) lines.push(`${key}# ${comment}`);
    if (Array.isArray(value) && value.length > 0 && k !== 'outputs') lines.push(`${key}${k}:`, ...value.map((item) => `${key}${step}- ${inline(item)}`));
    else lines.push(`${key}${k}: ${inline(value)}`);
  }
  return lines;
}

function specsPair(doc: Document): { readonly value: unknown } | undefined {
  return isMap(doc.contents) ? doc.contents.items.find((p) => isScalar(p.key) && p.key.value === 'specs') : undefined;
}

/**
 * The text with one more spec, behind the others. `text` is null where there is no file. Throws a UserError where the YAML is
 * broken or the name is taken.
 */
export function addSpec(text: string | null, name: string, entry: Readonly<Record<string, unknown>>): string {
  if (text === null || text.trim() === '') return `${HEAD}${specLines(name, entry, '  ', '  ').join('\n')}\n`;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const doc = parseDocument(text);
  const [broken] = doc.errors;
  if (broken) throw new UserError(`sigil.yaml: ${broken.message.split('\n')[0] ?? ''}`, 'Correct the YAML there first.', 2);
  if (doc.hasIn(['specs', name])) throw new UserError(`sigil.yaml has a spec "${name}" already`, 'Choose another name with --name, or edit that one.', 2);
  const pair = specsPair(doc);
  const specs = pair?.value;
  if (isMap(specs) && specs.flow !== true && specs.items.length > 0 && specs.range) {
    const [first] = specs.items;
    const at = isScalar(first?.key) && first.key.range ? first.key.range[0] : specs.range[0];
    const indent = text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
    // The end of the last line that has something of the last spec on it: comments behind stay behind.
    const end = text.slice(0, specs.range[1]).trimEnd().length;
    const lineEnd = text.indexOf('\n', end);
    const before = lineEnd < 0 ? text + eol : text.slice(0, lineEnd + 1);
    return `${before}${specLines(name, entry, indent, /^ +$/.test(indent) ? indent : '  ').join(eol)}${eol}${lineEnd < 0 ? '' : text.slice(lineEnd + 1)}`;
  }
  if (pair === undefined && (doc.contents === null || isMap(doc.contents))) {
    const version = doc.has('version') ? '' : `version: 1${eol}`;
    return `${text.replace(/\s*$/, eol)}${version}specs:${eol}${specLines(name, entry, '  ', '  ').join(eol)}${eol}`;
  }
  if (pair !== undefined && (specs === null || (isScalar(specs) && specs.value === null) || (isMap(specs) && specs.items.length === 0))) {
    const own = specs as { readonly range?: readonly [number, number, number] | null } | null;
    const [from, to] = own?.range ?? [0, 0];
    const empty = isMap(specs) ? text.slice(0, from).trimEnd() + text.slice(to) : text;
    const key = /^specs[ \t]*:[^\n]*/m.exec(empty);
    if (key) {
      const cut = key.index + key[0].trimEnd().length;
      const rest = empty.slice(key.index + key[0].length);
      return `${empty.slice(0, cut)}${eol}${specLines(name, entry, '  ', '  ').join(eol)}${rest.startsWith('\n') || rest.startsWith('\r') ? '' : eol}${rest}`;
    }
  }
  doc.setIn(['specs', name], doc.createNode(entry)); // written in braces: rewritten by the library, which keeps comments
  return doc.toString({ lineWidth: 0 });
}
