// Scans for elements with an equal key, inside a loop: the elements are grouped by that key once, before the loop.

import type { Site } from '../rewrite.ts';
import { bodyOf, binary, child, children, comparison, descend, isComprehension, lineOf, methodCall, plainArgs, type Py, strip, textOf } from './ast.ts';
import { define } from './define.ts';
import { anchorOf, before, freshName, indentOf, nameFor, oneLine, replace, site, substitute } from './emit.ts';
import { changedAttributes, suspends } from './effects.ts';
import { allBoundBefore, isInvariant, sameBinding, sameContent } from './flow.ts';
import { isPure } from './purity.ts';
import { callee, isBuiltin, kindOf, loopsAround, type Model, variableOf } from './model.ts';
import { isPath, orEmpty } from './membership.ts';
import type { Variable } from './scope.ts';

/** A loop over a collection in which only elements that pass a condition matter. */
export interface Scan {
  readonly node: Py; // for_statement or for_in_clause
  readonly targets: readonly Py[];
  readonly iterable: Py;
  /** Conditions that must all hold; an element that fails one does nothing. */
  readonly conditions: readonly Py[];
  /** The one condition is `a != b`, and elements for which it holds do nothing. */
  readonly negated: boolean;
  /** The loops around it, innermost first. */
  readonly outer: readonly Py[];
  /** The part in which the other side of the equation must stay. */
  readonly body: Py;
}

function conjuncts(n: Py): Py[] {
  const x = strip(n);
  if (x.type === 'boolean_operator' && textOf(child(x, 'operator') ?? x) === 'and') return [...conjuncts(child(x, 'left') ?? x), ...conjuncts(child(x, 'right') ?? x)];
  return [x];
}

function targetsOf(left: Py | undefined): Py[] | null {
  if (!left) return null;
  if (left.type === 'identifier') return [left];
  return (left.type === 'pattern_list' || left.type === 'tuple_pattern') && left.named.every((k) => k.type === 'identifier') ? [...left.named] : null;
}

export function scanOf(m: Model, n: Py): Scan | null {
  const targets = targetsOf(child(n, 'left'));
  const rights = children(n, 'right');
  const iterable = rights[0];
  if (!targets || !iterable || rights.length !== 1 || n.kids.some((k) => k.type === 'async')) return null;
  if (n.type === 'for_statement') {
    const [first, ...rest] = bodyOf(n);
    if (first?.type !== 'if_statement' || children(first, 'alternative').length > 0) return null;
    const condition = child(first, 'condition');
    if (!condition) return null;
    const common = { node: n, targets, iterable: strip(iterable), outer: loopsAround(n), body: n };
    if (rest.length === 0) return { ...common, conditions: conjuncts(condition), negated: false };
    // `if a != b: continue`: the rest is for equal ones only.
    const c = comparison(strip(condition));
    if (c?.op === '!=' && bodyOf(first).length === 1 && bodyOf(first)[0]?.type === 'continue_statement') return { ...common, conditions: [strip(condition)], negated: true };
    return null;
  }
  const whole = n.parent;
  if (n.type !== 'for_in_clause' || !whole || !isComprehension(whole)) return null;
  const clauses = whole.named.filter((k) => k.type === 'for_in_clause' || k.type === 'if_clause');
  const at = clauses.indexOf(n);
  const conditions: Py[] = [];
  let negated = false;
  for (const k of clauses.slice(at + 1)) {
    if (k.type !== 'if_clause') break;
    if (k.named[0]) conditions.push(...conjuncts(k.named[0]));
  }
  const body = child(whole, 'body');
  const call = whole.parent?.type === 'argument_list' ? whole.parent.parent : whole.parent;
  const sole = call?.type === 'call' && (whole.parent === call || whole.parent?.named.length === 1);
  if (body && sole && at === clauses.length - 1 - conditions.length && conditions.length === 0) {
    if (isBuiltin(m, child(call, 'function'), 'any')) conditions.push(...conjuncts(body));
    // all(a != b …): only equal ones can make it false.
    else if (isBuiltin(m, child(call, 'function'), 'all') && comparison(strip(body))?.op === '!=') {
      conditions.push(strip(body));
      negated = true;
    }
  }
  const outer = [...(at > 0 ? [whole] : []), ...loopsAround(whole)];
  return conditions.length > 0 ? { node: n, targets, iterable: strip(iterable), conditions, negated, outer, body: whole } : null;
}

/** `key(element) == wanted`, with the key reading the element and the wanted side not. */
export function equation(m: Model, scan: Scan, vars: readonly Variable[]): { readonly key: Py; readonly wanted: string; readonly wantedNodes: readonly Py[]; readonly at: number } | null {
  const depends = (n: Py): boolean => descend(n).some((k) => vars.includes(variableOf(m, k) as Variable));
  for (const [at, condition] of scan.conditions.entries()) {
    const c = comparison(condition);
    if (c && c.op === (scan.negated ? '!=' : '==')) {
      for (const [a, b] of [[c.left, c.right], [c.right, c.left]] as const) {
        if (!depends(a) || depends(b) || b.type === 'none') continue;
        const sum = binary(a);
        if (sum?.op === '+' && depends(sum.left) !== depends(sum.right)) {
          const [own, free] = depends(sum.left) ? [sum.left, sum.right] : [sum.right, sum.left];
          if (free.type === 'string' || kindOf(m, free) === 'str' || kindOf(m, b) === 'str') continue;
          return { key: own, wanted: `${wrap(b)} - ${wrap(free)}`, wantedNodes: [b, free], at };
        }
        return { key: a, wanted: textOf(b), wantedNodes: [b], at };
      }
    }
    // An earlier condition was evaluated for all elements: it must not matter that it is not.
    if (!isPure(m, condition)) return null;
  }
  return null;
}

const wrap = (n: Py): string => (/^[\w.[\]'"]+$/.test(textOf(n)) ? textOf(n) : `(${textOf(n)})`);

/** Texts of the subscripts under which the region stores something. */
export function storedItems(region: Py): Set<string> {
  const out = new Set<string>();
  for (const n of descend(region)) {
    if ((n.type === 'assignment' || n.type === 'augmented_assignment') && child(n, 'left')?.type === 'subscript') for (const s of children(child(n, 'left') ?? n, 'subscript')) out.add(textOf(s));
  }
  return out;
}

function rewrite(m: Model, scan: Scan): Site | null {
  const vars = scan.targets.map((t) => variableOf(m, t)).filter((v) => v !== undefined);
  if (vars.length !== scan.targets.length) return null;
  const eq = equation(m, scan, vars);
  if (!eq || !isPure(m, eq.key) || !eq.wantedNodes.every((w) => isPure(m, w))) return null;
  if (eq.wantedNodes.some((w) => ['list', 'dict', 'set'].includes(kindOf(m, w)))) return null;
  const wantedText = oneLine(eq.wanted);
  if (wantedText === null) return null;
  if (isReadLater(scan, vars) || !isSteady(m, scan, eq.wantedNodes)) return null;

  const range = callee(m, scan.iterable) === 'builtins.range' ? plainArgs(scan.iterable) : null;
  const stop = range?.length === 1 ? range[0] : range?.length === 2 ? range[1] : undefined;
  const start = range?.length === 2 ? range[0] : undefined;
  const call = methodCall(scan.iterable);
  const view = call !== null && ['items', 'values', 'keys'].includes(call.method) && call.args.length === 0 && isPath(call.object);
  if (range ? !stop || scan.targets.length !== 1 : !isPath(scan.iterable) && !view) return null;
  // Counting from a start that may be negative would reach elements from the end.
  if (start && !/^\w+( \+ \d+)?$/.test(textOf(start))) return null;
  if (['iterator', 'str', 'int'].includes(kindOf(m, scan.iterable))) return null;
  if (range && eq.key.type === 'identifier') return null; // `j == k`: no data is searched

  const source = range && stop ? stop : scan.iterable;
  const others = descend(eq.key).filter((k) => k.type === 'identifier' && !vars.includes(variableOf(m, k) as Variable));
  let point: { stmt: Py } | null = null;
  for (const loop of scan.outer) {
    const changed = changedAttributes(loop);
    const items = storedItems(loop);
    const stays =
      !suspends(loop) &&
      isInvariant(m, source, loop) &&
      descend(eq.key).every((k) => !(k.type === 'attribute' && k.field !== 'function' && changed.has(textOf(child(k, 'attribute') ?? k))) && !(k.type === 'subscript' && children(k, 'subscript').some((s) => items.has(textOf(s))))) &&
      others.every((k) => {
        const v = variableOf(m, k);
        return !v || v.scope.kind === 'module' || sameContent(m, v, loop);
      });
    if (!stays) break;
    const stmt = anchorOf(loop);
    if (stmt && indentOf(stmt) !== null && allBoundBefore(m, source, stmt) && others.every((k) => allBoundBefore(m, k, stmt))) point = { stmt };
  }
  if (!point) return null;
  const taken: string[] = [];
  const fresh = (base: string): string => {
    const name = freshName(m, base, taken);
    taken.push(name);
    return name;
  };
  const suffix = eq.key.type === 'identifier' ? 'value' : nameFor(eq.key);
  const name = fresh(`${nameFor(source)}_by_${suffix.split('_').slice(-1)[0] ?? 'key'}`);
  const renamed = new Map<Variable, string>(vars.map((v) => [v, fresh(`each_${v.name}`)]));
  const changes = new Map<Py, string>();
  for (const k of descend(eq.key)) {
    const v = variableOf(m, k);
    const to = v && renamed.get(v);
    if (to !== undefined) changes.set(k, to);
  }
  const key = oneLine(substitute(eq.key, changes));
  const names = [...renamed.values()];
  const item = names.length === 1 ? (names[0] ?? '') : `(${names.join(', ')})`;
  if (key === null) return null;
  const over = range ? `range(${textOf(source)})` : view ? textOf(source) : orEmpty(m, source);
  const found = `${name}.get(${wantedText}, ())`;
  const where = start ? `[${names[0] ?? 'p'} for ${names[0] ?? 'p'} in ${found} if ${names[0] ?? 'p'} >= ${textOf(start)}]` : found;
  return site(m, `group \`${textOf(source)}\` by \`${textOf(eq.key)}\` once, instead of a scan for each lookup (line ${lineOf(scan.node)})`, [
    before(m, point.stmt, [`${name} = {}`, `for ${names.join(', ')} in ${over}:`, `\t${name}.setdefault(${key}, []).append(${item})`]),
    replace(scan.iterable, where),
  ]);
}

/** Whether something reads the scan's variables after it: they would hold another element. */
export function isReadLater(scan: Scan, vars: readonly Variable[]): boolean {
  return scan.node.type === 'for_statement' && vars.some((v) => v.uses.some((u) => !within(scan.node, u.node) && u.kind === 'load' && !rebound(v, u.node)));
}

/** Whether what is sought stays while the scan's body runs (its loop variables aside). */
export function isSteady(m: Model, scan: Scan, wanted: readonly Py[]): boolean {
  const attributes = changedAttributes(scan.node);
  return wanted.every((w) =>
    descend(w).every((k) => {
      if (k.type === 'attribute') return !attributes.has(textOf(child(k, 'attribute') ?? k));
      const v = variableOf(m, k);
      return !v || v.scope.kind !== 'function' || scan.node.type !== 'for_statement' || (k.parent?.type === 'subscript' && k.field === 'value' ? sameContent(m, v, scan.node) : sameBinding(m, v, scan.node));
    }),
  );
}

export const within = (outer: Py, n: Py): boolean => outer.start <= n.start && n.end <= outer.end;

/** Whether a use outside the loop reads what another loop or statement around it has bound. */
function rebound(v: Variable, use: Py): boolean {
  return v.uses.some((u) => {
    const loop = u.node.parent?.type === 'for_statement' ? u.node.parent : u.node.parent?.parent?.type === 'for_statement' ? u.node.parent.parent : null;
    return u.kind === 'store' && loop !== null && u.node.field !== 'body' && within(loop, use) && !within(child(loop, 'right') ?? loop, use);
  });
}

export const indexMap = define({
  id: 'py-index-map',
  title: 'Nested scan for an equal key → dict of groups built once',
  assumes: 'keys are hashable and compare as they hash, the scanned collection can be iterated again and is not changed by functions called in the loop, reading keys has no effects, and sums that are compared are of integers',
  *visit(m, _fn, nodes) {
    for (const n of nodes) {
      if (n.type !== 'for_statement' && n.type !== 'for_in_clause') continue;
      const scan = scanOf(m, n);
      if (scan && scan.outer.length > 0) yield rewrite(m, scan);
    }
  },
});
