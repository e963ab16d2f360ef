// Applies Python rewrites to texts in tests, and runs originals and results side by side in one Python process.

import { spawnSync } from 'node:child_process';
import type { Node } from 'web-tree-sitter';
import type { Context, Edit, Rewrite, Site } from '../../../../src/adapters/mutators/catalogue/rewrite.ts';
import { pythonRewrites } from '../../../../src/adapters/mutators/catalogue/python/all.ts';
import { parse } from '../../../../src/adapters/syntax/parser.ts';

export function rewriteOf(id: string): Rewrite {
  const r = pythonRewrites.find((x) => x.id === id);
  if (!r) throw new Error(`no rewrite ${id}`);
  return r;
}

export function applyEdits(text: string, edits: readonly Edit[]): string {
  let out = text;
  for (const e of [...edits].sort((a, b) => b.start - a.start)) out = out.slice(0, e.start) + e.text + out.slice(e.end);
  return out;
}

/** A pin for every outermost function of the file, methods included. */
export function functionPins(root: Node): { start: number; end: number }[] {
  const pins: { start: number; end: number }[] = [];
  const visit = (n: Node): void => {
    if (n.type === 'decorated_definition' && n.childForFieldName('definition')?.type === 'function_definition') pins.push({ start: n.startIndex, end: n.endIndex });
    else if (n.type === 'function_definition') pins.push({ start: n.startIndex, end: n.endIndex });
    else for (const k of n.namedChildren) visit(k);
  };
  visit(root);
  return pins;
}

export async function withContext<T>(text: string, use: (context: Context) => T): Promise<T> {
  const tree = await parse('python', text);
  try {
    return use({ text, root: tree.rootNode, language: 'python', pins: functionPins(tree.rootNode) });
  } finally {
    tree.delete();
  }
}

export const sitesOf = (text: string, id: string): Promise<Site[]> => withContext(text, (c) => rewriteOf(id).find(c));

/** Applies a rewrite until it finds nothing more. Throws after 20 times. */
export async function exhaust(text: string, ids: readonly string[]): Promise<string> {
  let now = text;
  for (let i = 0; i < 60; i++) {
    let next: string | null = null;
    for (const id of ids) {
      const [site] = await sitesOf(now, id);
      if (site) {
        next = applyEdits(now, site.edits);
        break;
      }
    }
    if (next === null) return now;
    now = next;
  }
  throw new Error(`${ids.join(', ')} does not come to an end:\n${now}`);
}

export interface Comparison {
  readonly before: string;
  readonly after: string;
  /** Expressions to evaluate in both. */
  readonly calls: readonly string[];
}

const runner = `
import json, sys
known = {}
def outcome(text, call):
    key = (text, call)
    if key not in known:
        known[key] = run(text, call)
    return known[key]
spaces = {}
def run(text, call):
    if text in spaces:
        space = spaces[text]
        try:
            return repr(eval(call, space))
        except Exception as e:
            return "raises " + type(e).__name__
    space = {}
    try:
        exec(compile(text, "case", "exec"), space)
    except Exception as e:
        return "does not load: " + repr(e)
    spaces[text] = space
    try:
        return repr(eval(call, space))
    except Exception as e:
        return "raises " + type(e).__name__
out = []
for case in json.load(sys.stdin):
    out.append([[outcome(case["before"], c), outcome(case["after"], c)] for c in case["calls"]])
json.dump(out, sys.stdout)
`;

/** For each comparison and call, the outcome (repr or exception type) before and after. */
export function runBoth(cases: readonly Comparison[]): [string, string][][] {
  const p = spawnSync('python3', ['-c', runner], { input: JSON.stringify(cases), encoding: 'utf8', maxBuffer: 1 << 28 });
  if (p.status !== 0) throw new Error(p.stderr);
  return JSON.parse(p.stdout) as [string, string][][];
}
