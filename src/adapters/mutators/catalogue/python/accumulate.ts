// Growing a sequence by rebuilding it in each turn: quadratic copies turned into appends.

import type { Edit, Site } from '../rewrite.ts';
import { assignment, binary, child, contains, descend, lineOf, methodCall, type Py, siblings, strip, textOf } from './ast.ts';
import { define } from './define.ts';
import { after, before, freshName, replace, site } from './emit.ts';
import { effectOf } from './effects.ts';
import { isCaptured, isLocal, kindOf, loopsAround, type Model, variableOf } from './model.ts';
import type { Variable } from './scope.ts';

/** One `acc = acc + e`, `acc = e + acc` or `acc += e`. */
interface Growth {
  readonly stmt: Py;
  readonly added: readonly Py[];
  readonly front: boolean;
  readonly augmented: boolean;
  /** The identifiers of acc that the statement itself uses. */
  readonly own: readonly Py[];
}

function growthOf(m: Model, stmt: Py | undefined, v: Variable): Growth | null {
  const a = assignment(stmt);
  if (!stmt || a?.left.type !== 'identifier' || variableOf(m, a.left) !== v) return null;
  if (a.op === '+=') return { stmt, added: [a.right], front: false, augmented: true, own: [a.left] };
  if (a.op !== '=') return null;
  const terms: Py[] = [];
  let x = strip(a.right);
  // acc + a + b: the leftmost term of a left-leaning chain.
  for (let b = binary(x); b?.op === '+'; b = binary(x)) {
    terms.unshift(b.right);
    x = b.left;
    if (variableOf(m, x) === v) return terms.some((t) => mentions(m, t, v)) ? null : { stmt, added: terms, front: false, augmented: false, own: [a.left, x] };
  }
  const whole = binary(strip(a.right));
  if (whole?.op === '+' && variableOf(m, whole.right) === v && !mentions(m, whole.left, v)) return { stmt, added: [whole.left], front: true, augmented: false, own: [a.left, whole.right] };
  return null;
}

const mentions = (m: Model, n: Py, v: Variable): boolean => descend(n).some((k) => variableOf(m, k) === v);

interface Region {
  readonly loop: Py;
  readonly init: Py;
  readonly growths: readonly Growth[];
  /** Uses of the variable in the loop other than in growths. */
  readonly others: readonly Py[];
}

/** Loops in which a local grows, each with its initialisation before it in the same block. */
function regions(m: Model, v: Variable, find: (stmt: Py) => Growth | null): Region[] {
  if (!isLocal(v) || isCaptured(v)) return [];
  const growths: Growth[] = [];
  for (const u of v.uses) {
    let s: Py | null = u.node;
    while (s && s.parent?.type !== 'block') s = s.parent;
    const g = s ? find(s) : null;
    if (g && !growths.some((o) => o.stmt === g.stmt)) growths.push(g);
  }
  const out: Region[] = [];
  for (const first of growths) {
    if (out.some((r) => contains(r.loop, first.stmt))) continue;
    // The outermost loop that only grows it.
    let loop: Py | null = null;
    for (const l of loopsAround(first.stmt)) {
      if (v.uses.some((u) => (u.kind === 'store' || u.kind === 'del' || u.kind === 'aug') && contains(l, u.node) && !growths.some((g) => contains(g.stmt, u.node)))) break;
      loop = l;
    }
    if (loop?.parent?.type !== 'block') continue;
    const region = loop;
    const { list, at } = siblings(region);
    const init = list.slice(0, at).findLast((s) => assignment(s)?.op === '=' && variableOf(m, assignment(s)?.left) === v && !growths.some((g) => g.stmt === s));
    if (!init) continue;
    const inLoop = growths.filter((g) => contains(region, g.stmt));
    if (growths.some((g) => g.stmt.start > init.end && g.stmt.end < region.start)) continue;
    const others = v.uses.filter((u) => contains(region, u.node) && !inLoop.some((g) => g.own.includes(u.node))).map((u) => u.node);
    // Between the two nobody else may take hold of it.
    if (v.uses.some((u) => u.node.start > init.end && u.node.end < region.start && effectOf(m, u) !== 'read')) continue;
    out.push({ loop: region, init, growths: inLoop, others });
  }
  return out;
}

export const listAppend = define({
  id: 'py-list-append',
  title: 'acc = acc + [x] in a loop → append',
  assumes: 'nothing beyond what is checked: the list is local and nobody else holds it during the loop',
  *visit(m, fn) {
    for (const v of m.names.scopes.get(fn)?.variables.values() ?? []) {
      if (kindOf(m, v.uses[0]?.node) !== 'list') continue;
      for (const r of regions(m, v, (s) => growthOf(m, s, v))) yield appends(m, v, r);
    }
  },
});

function appends(m: Model, v: Variable, r: Region): Site | null {
  const value = assignment(r.init)?.right;
  if (!value || strip(value).type === 'identifier') return null;
  if (r.growths.some((g) => g.front) || r.growths.every((g) => g.augmented && !single(g))) return null;
  for (const o of r.others) {
    const u = v.uses.find((x) => x.node === o);
    const effect = u ? effectOf(m, u) : 'escape';
    const grows = methodCall(o.parent?.parent ?? undefined)?.object === o;
    if (effect !== 'read' && !(effect === 'mutate' && grows)) return null;
    // Growing a list while a loop runs over it would not end.
    for (let p: Py | null = o; p && p !== r.loop; p = p.parent) if ((p.type === 'for_statement' && contains(child(p, 'right') ?? p, o)) || p.type === 'generator_expression') return null;
  }
  if (r.loop.type === 'for_statement' && mentions(m, child(r.loop, 'right') ?? r.loop, v)) return null;
  const edits: (Edit | null)[] = [];
  for (const g of r.growths) {
    const [item] = g.added;
    if (!item) return null;
    const one = single(g);
    if (g.added.length !== 1) return null;
    if (one) edits.push(replace(g.stmt, `${v.name}.append(${textOf(one)})`));
    else if (!g.augmented) {
      if (kindOf(m, item) !== 'list') return null;
      edits.push(replace(g.stmt, `${v.name}.extend(${textOf(item)})`));
    }
  }
  return site(m, `append to \`${v.name}\` in place instead of copying it in each turn (line ${lineOf(r.loop)})`, edits);
}

/** The item when exactly `[item]` is added. */
function single(g: Growth): Py | null {
  const [list] = g.added;
  const x = list ? strip(list) : undefined;
  return g.added.length === 1 && x?.type === 'list' && x.named.length === 1 && x.named[0] && x.named[0].type !== 'list_splat' ? x.named[0] : null;
}

export const tupleAppend = define({
  id: 'py-tuple-append',
  title: 'Tuple grown in a loop → list, made a tuple at the end',
  assumes: 'nothing reads the tuple by other means (a debugger, locals()) during the loop',
  *visit(m, fn) {
    for (const v of m.names.scopes.get(fn)?.variables.values() ?? []) {
      if (kindOf(m, v.uses[0]?.node) !== 'tuple') continue;
      for (const r of regions(m, v, (s) => growthOf(m, s, v))) {
        if (r.others.length > 0 || leavesEarly(r.loop) || r.growths.some((g) => g.front || g.added.length !== 1 || kindOf(m, g.added[0]) !== 'tuple')) continue;
        const list = freshName(m, `${v.name}_list`);
        const edits = r.growths.map((g) => {
          const x = g.added[0] ? strip(g.added[0]) : undefined;
          const one = x?.type === 'tuple' && x.named.length === 1 && x.named[0]?.type !== 'list_splat' ? x.named[0] : undefined;
          return replace(g.stmt, one ? `${list}.append(${textOf(one)})` : `${list}.extend(${x ? textOf(x) : ''})`);
        });
        yield site(m, `collect \`${v.name}\` in a list during the loop (line ${lineOf(r.loop)})`, [before(m, r.loop, [`${list} = list(${v.name})`]), ...edits, after(m, r.loop, [`${v.name} = tuple(${list})`])]);
      }
    }
  },
});

/** An exception handler around the loop could see the unfinished value. */
function leavesEarly(loop: Py): boolean {
  for (let p = loop.parent; p && p.type !== 'function_definition'; p = p.parent) if (p.type === 'try_statement') return true;
  return descend(loop).some((n) => n.type === 'yield' || n.type === 'await');
}

export const stringJoin = define({
  id: 'py-string-join',
  title: 'String grown in a loop → list of parts, joined once',
  assumes: 'what is added is a string in every turn',
  *visit(m, fn) {
    for (const v of m.names.scopes.get(fn)?.variables.values() ?? []) {
      const kind = kindOf(m, v.uses[0]?.node);
      if (kind !== 'str' && kind !== 'bytes') continue;
      for (const r of regions(m, v, (s) => growthOf(m, s, v))) {
        const front = r.growths.every((g) => g.front);
        if (r.others.length > 0 || leavesEarly(r.loop) || (!front && r.growths.some((g) => g.front))) continue;
        if (r.growths.some((g) => g.added.some((t) => ['list', 'tuple', 'int', 'float'].includes(kindOf(m, t)) || descend(t).some((k) => k.type === 'named_expression')))) continue;
        const parts = freshName(m, `${v.name}_parts`);
        const empty = kind === 'bytes' ? "b''" : "''";
        const edits = r.growths.map((g) => replace(g.stmt, g.added.length === 1 && g.added[0] ? `${parts}.append(${textOf(g.added[0])})` : `${parts}.extend((${g.added.map(textOf).join(', ')}))`));
        yield site(m, `collect the parts of \`${v.name}\` and join them once (line ${lineOf(r.loop)})`, [
          before(m, r.loop, [`${parts} = []`]),
          ...edits,
          after(m, r.loop, [front ? `${v.name} = ${empty}.join(reversed(${parts})) + ${v.name}` : `${v.name} = ${v.name} + ${empty}.join(${parts})`]),
        ]);
      }
    }
  },
});

/** `acc.insert(0, e)` as a growth at the front, and `acc = [e] + acc`. */
function frontOf(m: Model, stmt: Py, v: Variable): Growth | null {
  const call = stmt.type === 'expression_statement' ? methodCall(stmt.named[0]) : null;
  const [zero, item] = call?.args ?? [];
  if (call?.method === 'insert' && call.args.length === 2 && zero && item && textOf(zero) === '0' && variableOf(m, call.object) === v && !mentions(m, item, v)) return { stmt, added: [item], front: true, augmented: false, own: [call.object] };
  const g = growthOf(m, stmt, v);
  const one = g?.front ? single(g) : null;
  return g && one ? { ...g, added: [one] } : null;
}

export const frontInsert = define({
  id: 'py-front-insert',
  title: 'list.insert(0, x) in a loop → append, then reverse once',
  assumes: 'nothing beyond what is checked: the list is local, starts empty and is not read during the loop',
  *visit(m, fn) {
    for (const v of m.names.scopes.get(fn)?.variables.values() ?? []) {
      if (kindOf(m, v.uses[0]?.node) !== 'list') continue;
      for (const r of regions(m, v, (s) => frontOf(m, s, v))) {
        const value = assignment(r.init)?.right;
        if (r.others.length > 0 || leavesEarly(r.loop) || !value || strip(value).type !== 'list' || strip(value).named.length > 1) continue;
        if (v.uses.some((u) => u.node.start > r.init.end && u.node.end < r.loop.start)) continue;
        if (strip(value).named.some((k) => k.type === 'list_splat')) continue;
        yield site(m, `append to \`${v.name}\` and reverse it once (line ${lineOf(r.loop)})`, [...r.growths.map((g) => replace(g.stmt, `${v.name}.append(${g.added.map(textOf).join('')})`)), after(m, r.loop, [`${v.name}.reverse()`])]);
      }
    }
  },
});
