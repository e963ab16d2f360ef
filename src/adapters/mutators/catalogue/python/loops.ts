// Loops in a plainer form: comprehensions, direct iteration, stopping as soon as the answer is known.

import type { Edit, Site } from '../rewrite.ts';
import { assignment, bodyOf, child, children, contains, descend, lineOf, methodCall, plainArgs, type Py, siblings, strip, textOf } from './ast.ts';
import { define } from './define.ts';
import { freshName, nameFor, oneLine, replace, site } from './emit.ts';
import { suspends } from './effects.ts';
import { sameBinding, sameContent } from './flow.ts';
import { isPure } from './purity.ts';
import { callee, isCaptured, isLocal, type Model, variableOf } from './model.ts';
import { isPath } from './membership.ts';

/** The identifiers that a loop's head binds; null for other targets. */
export function loopNames(left: Py | undefined): Py[] | null {
  if (!left) return null;
  const ids = descend(left).filter((k) => k.named.length === 0 && k.type !== ',' && k.type !== '(' && k.type !== ')');
  return ids.every((k) => k.type === 'identifier') && !descend(left).some((k) => k.type === 'attribute' || k.type === 'subscript') ? ids : null;
}

/** Whether a loop's variables are read nowhere but in the loop. */
function onlyInside(m: Model, loop: Py, ids: readonly Py[]): boolean {
  return ids.every((id) => {
    const v = variableOf(m, id);
    return v !== undefined && v.scope.kind === 'function' && v.uses.every((u) => contains(loop, u.node) || (u.kind === 'store' && u.node.parent?.type !== 'augmented_assignment') || insideOtherLoop(u.node, v.name));
  });
}

/** A use in another loop that binds the name itself. */
export function insideOtherLoop(n: Py, name: string): boolean {
  for (let p = n.parent; p; p = p.parent) if (p.type === 'for_statement' && contains(child(p, 'body') ?? p, n) && (loopNames(child(p, 'left')) ?? []).some((k) => textOf(k) === name)) return true;
  return false;
}

export const comprehension = define({
  id: 'py-comprehension',
  title: 'for with append → list comprehension',
  assumes: 'nothing beyond what is checked',
  *visit(m, _fn, nodes) {
    for (const n of nodes) {
      if (n.type !== 'for_statement' || child(n, 'alternative') || n.kids.some((k) => k.type === 'async') || suspends(n)) continue;
      if (n.parent?.type !== 'block') continue;
      const { list, at } = siblings(n);
      const init = list[at - 1];
      const a = assignment(init);
      const value = a ? strip(a.right) : undefined;
      if (!init || a?.op !== '=' || a.left.type !== 'identifier' || !value || !(value.type === 'list' && value.named.length === 0)) continue;
      const v = variableOf(m, a.left);
      if (!v || !isLocal(v) || isCaptured(v)) continue;
      const ids = loopNames(child(n, 'left'));
      const left = child(n, 'left');
      const right = child(n, 'right');
      if (!ids || !left || !right || children(n, 'right').length !== 1 || !onlyInside(m, n, ids) || ids.some((k) => variableOf(m, k) && isCaptured(variableOf(m, k) ?? v))) continue;
      const clauses: string[] = [`for ${textOf(left)} in ${right.type === 'conditional_expression' || right.type === 'lambda' || right.type === 'expression_list' ? `(${textOf(right)})` : textOf(right)}`];
      let body = bodyOf(n);
      let good = true;
      for (;;) {
        const [only] = body;
        if (body.length !== 1 || !only) {
          good = false;
          break;
        }
        if (only.type === 'if_statement' && children(only, 'alternative').length === 0) {
          const c = child(only, 'condition');
          if (!c) break;
          clauses.push(`if ${c.type === 'conditional_expression' || c.type === 'lambda' ? `(${textOf(c)})` : textOf(c)}`);
          body = bodyOf(only);
          continue;
        }
        break;
      }
      const call = body[0]?.type === 'expression_statement' ? methodCall(body[0].named[0]) : null;
      const item = call?.args[0];
      if (!good || call?.method !== 'append' || call.args.length !== 1 || !item || variableOf(m, call.object) !== v) continue;
      // Nothing but the append may read the list, and nothing may bind names inside.
      if (v.uses.filter((u) => contains(n, u.node)).length !== 1 || descend(n).some((k) => k.type === 'named_expression')) continue;
      const text = oneLine(`[${item.type === 'generator_expression' ? textOf(item) : textOf(item)} ${clauses.join(' ')}]`);
      if (text === null || hasComment(n)) continue;
      yield site(m, `build \`${v.name}\` by a comprehension (line ${lineOf(n)})`, [{ start: value.start, end: n.end, text }]);
    }
  },
});

/** A comment in the loop would be lost. */
function hasComment(n: Py): boolean {
  const text = textOf(n);
  return /(^|\s)#/.test(text);
}

export const directIteration = define({
  id: 'py-range-len',
  title: 'for i in range(len(xs)) with xs[i] → enumerate or direct iteration',
  assumes: 'xs is a sequence whose iteration gives the same items as its indices, and functions called in the loop do not change it',
  *visit(m, _fn, nodes) {
    for (const n of nodes) {
      if (n.type !== 'for_statement' && n.type !== 'for_in_clause') continue;
      yield direct(m, n);
    }
  },
});

function direct(m: Model, n: Py): Site | null {
  const left = child(n, 'left');
  const right = child(n, 'right');
  if (left?.type !== 'identifier' || !right || children(n, 'right').length !== 1 || n.kids.some((k) => k.type === 'async')) return null;
  const [length] = callee(m, right) === 'builtins.range' ? (plainArgs(right) ?? []) : [];
  const [xs] = length && callee(m, length) === 'builtins.len' ? (plainArgs(length) ?? []) : [];
  if (!length || !xs || plainArgs(right)?.length !== 1 || !isPath(xs)) return null;
  const loop = n.type === 'for_statement' ? n : n.parent;
  const i = variableOf(m, left);
  if (!loop || !i || suspends(loop)) return null;
  const scope = n.type === 'for_statement' ? (child(n, 'body') ?? n) : loop;
  const root = descend(xs).find((k) => k.type === 'identifier' && k.field !== 'attribute') ?? xs;
  const v = variableOf(m, root);
  if (v?.scope.kind !== 'function' || xs.type !== 'identifier' || !sameContent(m, v, loop, ['mutate', 'escape'])) return null;
  if (n.type === 'for_statement' && i.uses.some((u) => u.kind !== 'load' && contains(scope, u.node))) return null;
  if (i.uses.some((u) => contains(loop, u.node) && u.scope.kind === 'function' && u.scope.node !== i.scope.node && i.scope.kind === 'function')) return null;
  const items: Py[] = [];
  let other = 0;
  for (const u of i.uses) {
    if (u.kind !== 'load' || !contains(loop, u.node)) {
      if (u.kind === 'load' && n.type === 'for_statement' && !insideOtherLoop(u.node, i.name)) other++;
      continue;
    }
    const s = u.node.parent;
    const isItem = s?.type === 'subscript' && u.node.field === 'subscript' && children(s, 'subscript').length === 1 && variableOf(m, child(s, 'value')) === v;
    const stored = s !== null && ((s.field === 'left' && s.parent?.type !== 'binary_operator') || s.parent?.type === 'delete_statement' || s.parent?.type === 'pattern_list');
    if (isItem && stored) return null;
    if (isItem) items.push(s);
    else other++;
  }
  if (items.length === 0) return null;
  const item = freshName(m, `${nameFor(xs)}_item`);
  const head: Edit[] = other === 0 ? [replace(left, item), replace(right, textOf(xs))] : [replace(left, `${i.name}, ${item}`), replace(right, `enumerate(${textOf(xs)})`)];
  if (other > 0 && [...m.names.scopes.values()].some((s) => s.bound.has('enumerate'))) return null;
  return site(m, `iterate over \`${textOf(xs)}\` directly (line ${lineOf(n)})`, [...head, ...items.map((s) => replace(s, item))]);
}

export const earlyExit = define({
  id: 'py-early-exit',
  title: 'Loop that only sets a flag → stop at the first hit',
  assumes: 'the condition has no effects and does not fail for later elements',
  *visit(m, _fn, nodes) {
    for (const n of nodes) {
      if ((n.type !== 'for_statement' && n.type !== 'while_statement') || child(n, 'alternative') || suspends(n)) continue;
      if (n.type === 'while_statement') continue; // its counter would stop elsewhere
      const body = bodyOf(n);
      const branch = body.at(-1);
      if (branch?.type !== 'if_statement' || children(branch, 'alternative').length > 0) continue;
      const condition = child(branch, 'condition');
      const hit = bodyOf(branch);
      const [set] = hit;
      const a = assignment(set);
      if (!condition || hit.length !== 1 || !set || a?.op !== '=' || a.left.type !== 'identifier' || !['true', 'false', 'integer', 'string', 'none'].includes(a.right.type)) continue;
      const flag = variableOf(m, a.left);
      const ids = loopNames(child(n, 'left'));
      if (!flag || flag.scope.kind !== 'function' || !ids || !onlyInside(m, n, ids) || !isPure(m, condition) || ids.some((k) => variableOf(m, k) === flag)) continue;
      // The flag may be read in the loop by nobody; the rest of the body may only compute.
      if (flag.uses.some((u) => contains(n, u.node) && u.node !== a.left)) continue;
      const rest = body.slice(0, -1);
      const computes = rest.every((s) => {
        const t = assignment(s);
        const w = variableOf(m, t?.left);
        return t?.op === '=' && w !== undefined && isLocal(w) && isPure(m, t.right) && w.uses.every((u) => contains(n, u.node)) && !isCaptured(w);
      });
      if (!computes || !sameBinding(m, flag, condition)) continue;
      const text = oneLine(textOf(set));
      const indent = set.start - (set.source.lastIndexOf('\n', set.start - 1) + 1);
      const white = set.source.slice(set.start - indent, set.start);
      if (text === null || !/^[ \t]*$/.test(white)) continue;
      yield site(m, `stop the loop once \`${flag.name}\` is set (line ${lineOf(n)})`, [replace(set, `${text}${m.module.eol}${white}break`)]);
    }
  },
});
