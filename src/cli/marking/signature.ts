// The parameters in a function's head on one line, for Python, JavaScript and TypeScript.

export interface Parameter {
  readonly name: string;
  /** As written; '' where there is none. */
  readonly type: string;
  /** Whether a call may leave it out. */
  readonly optional: boolean;
  /** Written by name only (Python's `*, key`). */
  readonly keyword: boolean;
}

const PAIRS: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}', '<': '>' };

/** Parts of a text between commas that stand in no brackets or quotes. `=>` closes nothing. */
export function topLevel(text: string, separator = ','): string[] {
  const parts: string[] = [];
  const open: string[] = [];
  let quote = '';
  let from = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (quote !== '') {
      if (c === '\\') i++;
      else if (c === quote) quote = '';
    } else if (c === '"' || c === "'" || c === '`') quote = c;
    else if (PAIRS[c] !== undefined) open.push(PAIRS[c]);
    else if (c === open.at(-1) && !(c === '>' && text[i - 1] === '=')) open.pop();
    else if (c === separator && open.length === 0) {
      parts.push(text.slice(from, i));
      from = i + 1;
    }
  }
  return [...parts, text.slice(from)].map((p) => p.trim()).filter((p) => p !== '');
}

/** What stands in the parameter list's brackets; of `x => …` the `x`. Null when no list is found. */
function parameterList(signature: string, python: boolean): string | null {
  const arrow = /(?:^|=\s*)(?:async\s+)?([A-Za-z_$][\w$]*)(?:\s*=>.*)?$/.exec(signature);
  // Type parameters may hold brackets of their own: `f<T extends (x: number) => void>(a: T)`.
  let depth = 0;
  for (let i = 0; i < signature.length; i++) {
    const c = signature[i];
    if (!python && c === '<') depth++;
    else if (!python && c === '>' && signature[i - 1] !== '=') depth = Math.max(0, depth - 1);
    else if (c === '(' && depth === 0) {
      const open: string[] = [];
      let quote = '';
      for (let k = i; k < signature.length; k++) {
        const d = signature[k] as string;
        if (quote !== '') {
          if (d === '\\') k++;
          else if (d === quote) quote = '';
        } else if (d === '"' || d === "'" || d === '`') quote = d;
        else if (d === '(' || d === '[' || d === '{') open.push(d);
        else if (d === ')' || d === ']' || d === '}') {
          open.pop();
          if (open.length === 0) return signature.slice(i + 1, k);
        }
      }
      return null;
    }
  }
  return python ? null : (arrow?.[1] ?? null);
}

/** Null when the head is not understood. `self` and `cls` are left out; `*args`, `**kwargs` and `...rest` too: a call may do without. */
export function parametersOf(signature: string, language: 'python' | 'javascript'): readonly Parameter[] | null {
  const python = language === 'python';
  const inside = parameterList(signature, python);
  if (inside === null) return null;
  const out: Parameter[] = [];
  let keyword = false;
  for (const part of topLevel(inside)) {
    if (python && part.startsWith('*')) {
      keyword = true;
      continue;
    }
    if (part === '/' || part.startsWith('...') || (!python && /^this\s*:/.test(part))) continue;
    const [head = '', ...defaults] = topLevel(part.replaceAll('=>', '\u0001'), '=').map((s) => s.replaceAll('\u0001', '=>'));
    const [name = '', ...type] = topLevel(head, ':');
    const bare = name.replace(/\?$/, '').replace(/^(?:(?:public|private|protected|readonly|override)\s+)+/, '').replace(/^@\S+\s+/, '');
    if (python && (bare === 'self' || bare === 'cls') && out.length === 0) continue;
    out.push({ name: /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(bare) ? bare : 'options', type: type.join(':').trim(), optional: defaults.length > 0 || name.endsWith('?'), keyword });
  }
  return out;
}
