// An independent judge: TypeScript's own parser sees the same functions with the same ranges in this project's sources.
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { listFunctions } from '../../../src/adapters/syntax/functions.ts';

const SRC = join(__dirname, '../../../src');

/** `[start, end]` of the declarations, methods and bound functions that have a body, with what binds them. */
function judged(text: string): string[] {
  const out: string[] = [];
  const visit = (node: ts.Node): void => {
    const p = node.parent as ts.Node | undefined;
    let outer: ts.Node | undefined;
    if (ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node) || ts.isConstructorDeclaration(node) || ts.isAccessor(node)) outer = node.body ? node : undefined;
    else if ((ts.isArrowFunction(node) || ts.isFunctionExpression(node)) && p) {
      if (ts.isPropertyAssignment(p) || ts.isPropertyDeclaration(p)) outer = p;
      else if (ts.isVariableDeclaration(p)) outer = ts.isVariableDeclarationList(p.parent) && ts.isVariableStatement(p.parent.parent) && p.parent.declarations.length === 1 ? p.parent.parent : p;
    }
    if (outer) out.push(`${outer.getStart()}-${outer.getEnd()}`);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('a.ts', text, ts.ScriptTarget.Latest, true));
  return out.sort();
}

describe('functions of TypeScript', () => {
  it('are those that the compiler sees', async () => {
    let seen = 0;
    for (const folder of ['core', 'engine', 'adapters', 'adapters/syntax', 'adapters/syntax/languages'])
      for (const name of readdirSync(join(SRC, folder)).filter((n) => n.endsWith('.ts'))) {
        const text = readFileSync(join(SRC, folder, name), 'utf8');
        // Functions assigned to members are ours alone; fields end before their semicolon here and behind it there.
        const mine = (await listFunctions('typescript', text)).filter((f) => !/^[\w.]+ = /.test(text.slice(f.range.start)));
        const ends = new Set(judged(text));
        assert.deepEqual(mine.map((f) => [f.range.start, f.range.end]).map(([s, e]) => (ends.has(`${s}-${e}`) ? `${s}-${e}` : `${s}-${(e ?? 0) + 1}`)).sort(), [...ends].sort(), name);
        seen += mine.length;
      }
    assert.ok(seen > 100, String(seen));
  });
});
