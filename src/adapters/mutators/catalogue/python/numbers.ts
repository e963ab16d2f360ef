// Arithmetic in cheaper forms: divisors up to the square root, modular powers, integer operations.

import type { Edit, Site } from '../rewrite.ts';
import { assignment, binary, bodyOf, child, children, comparison, descend, intValue, lineOf, plainArgs, type Py, siblings, strip, textOf } from './ast.ts';
import { define } from './define.ts';
import { after, imported, indentOf, replace, site, unitOf } from './emit.ts';
import { sameBinding } from './flow.ts';
import { insideOtherLoop } from './loops.ts';
import { callee, isCaptured, isLocal, kindOf, type Model, variableOf } from './model.ts';

/** `n % d == 0` for names: the divisor and the number. */
function divides(n: Py | undefined): { readonly number: Py; readonly divisor: Py } | null {
  const c = n ? comparison(strip(n)) : null;
  const rest = binary(c?.left);
  return c?.op === '==' && intValue(c.right) === 0 && rest?.op === '%' && rest.left.type === 'identifier' && rest.right.type === 'identifier' ? { number: rest.left, divisor: rest.right } : null;
}

/** The loop `for d in range(a, b)` with the single statement `if n % d == 0: …`. */
interface DivisorLoop {
  readonly loop: Py;
  readonly number: string;
  readonly divisor: string;
  readonly args: readonly Py[];
  readonly range: Py;
  readonly hit: readonly Py[];
}

function divisorLoop(m: Model, n: Py): DivisorLoop | null {
  if (n.type !== 'for_statement') return null;
  const left = child(n, 'left');
  const range = child(n, 'right');
  const [test] = bodyOf(n);
  const args = callee(m, range) === 'builtins.range' && range ? plainArgs(range) : null;
  if (left?.type !== 'identifier' || !range || !args || bodyOf(n).length !== 1 || test?.type !== 'if_statement' || children(test, 'alternative').length > 0) return null;
  const d = divides(child(test, 'condition'));
  const v = variableOf(m, left);
  const number = variableOf(m, d?.number);
  if (!d || variableOf(m, d.divisor) !== v || !v || !number || v === number || number.scope.kind !== 'function' || !sameBinding(m, number, n)) return null;
  return { loop: n, number: textOf(d.number), divisor: textOf(left), args, range, hit: bodyOf(test) };
}

/** Upper ends that cover every divisor below n: `n`, `n // 2 + 1`, `int(n / 2) + 1`. */
function coversHalf(text: string, number: string): boolean {
  const t = text.replace(/\s+/g, '');
  return [number, `${number}//2+1`, `int(${number}/2)+1`, `(${number}//2)+1`, `${number}//2+2`, `${number}-1`].includes(t);
}

export const divisorSearch = define({
  id: 'py-divisor-search',
  title: 'Search for a divisor up to n → up to its square root',
  assumes: 'n is an integer',
  *visit(m, _fn, nodes) {
    for (const n of nodes) {
      const d = divisorLoop(m, n);
      if (d) yield searchFor(m, d);
      if (n.type === 'while_statement') yield searchWhile(m, n);
    }
  },
});

function searchFor(m: Model, d: DivisorLoop): Site | null {
  const [from, to, step] = d.args;
  if (!from || !to || !coversHalf(textOf(to), d.number)) return null;
  // range(2, n - 1) with n = 3 tests nothing, nor does the square root's; larger n have their divisor below n - 1.
  const start = intValue(from);
  const odd = start === 3 && intValue(step) === 2 && oddChecked(d.loop, d.number);
  if (!(start === 2 && (step === undefined || intValue(step) === 1)) && !odd) return null;
  // Only the first hit may matter: it leaves the loop, or sets flags to constants and breaks.
  if (!stopsAtFirst(d.hit)) return null;
  if (child(d.loop, 'alternative') === undefined && usedAfter(m, d)) return null;
  const isqrt = imported(m, d.loop, 'math', 'isqrt');
  return isqrt && site(m, `try divisors up to the square root of \`${d.number}\` (line ${lineOf(d.loop)})`, [...isqrt.edits, replace(to, `${isqrt.text}(max(${d.number}, 0)) + 1`)]);
}

function usedAfter(m: Model, d: DivisorLoop): boolean {
  const v = variableOf(m, child(d.loop, 'left'));
  return v?.uses.some((u) => u.kind === 'load' && (u.node.start >= d.loop.end || u.node.start < d.loop.start) && !insideOtherLoop(u.node, v.name)) !== false;
}

function stopsAtFirst(hit: readonly Py[]): boolean {
  const last = hit.at(-1);
  if (last?.type !== 'return_statement' && last?.type !== 'break_statement') return false;
  return hit.slice(0, -1).every((s) => {
    const a = assignment(s);
    return a?.op === '=' && a.left.type === 'identifier' && ['true', 'false', 'none', 'integer', 'string', 'identifier'].includes(a.right.type);
  });
}

/** Whether an earlier statement of the block returns for even n. */
function oddChecked(loop: Py, number: string): boolean {
  const { list, at } = siblings(loop);
  return list.slice(0, at).some((s) => {
    const t = s.type === 'if_statement' ? textOf(child(s, 'condition') ?? s).replace(/\s+/g, '') : '';
    return t === `${number}%2==0` && ['return_statement', 'raise_statement'].includes(bodyOf(s).at(-1)?.type ?? '');
  });
}

/** `while d < n: if n % d == 0: return …; d += 1` after `d = 2`. */
function searchWhile(m: Model, n: Py): Site | null {
  const c = comparison(child(n, 'condition'));
  const [test, next] = bodyOf(n);
  if (!c || c.op !== '<' || c.left.type !== 'identifier' || c.right.type !== 'identifier' || bodyOf(n).length !== 2 || test?.type !== 'if_statement' || children(test, 'alternative').length > 0) return null;
  const d = divides(child(test, 'condition'));
  const v = variableOf(m, c.left);
  const number = variableOf(m, c.right);
  if (!d || !v || !number || variableOf(m, d.divisor) !== v || variableOf(m, d.number) !== number || !isLocal(v) || number.scope.kind !== 'function' || !sameBinding(m, number, n)) return null;
  const step = assignment(next);
  if (step?.op !== '+=' || variableOf(m, step.left) !== v || intValue(step.right) !== 1 || !stopsAtFirst(bodyOf(test))) return null;
  const { list, at } = siblings(n);
  const init = list.slice(0, at).findLast((s) => variableOf(m, assignment(s)?.left) === v);
  if (intValue(assignment(init)?.right) !== 2 || v.uses.some((u) => u.node.start >= n.end)) return null;
  const condition = child(n, 'condition');
  // n = 2 and 3 run no turn either way: 2 * 2 > 3.
  return condition ? site(m, `try divisors up to the square root of \`${number.name}\` (line ${lineOf(n)})`, [replace(condition, `${v.name} * ${v.name} <= ${number.name}`)]) : null;
}

export const divisorPairs = define({
  id: 'py-divisor-pairs',
  title: 'All divisors from 1 to n → found in pairs up to the square root',
  assumes: 'n is an integer, and what is summed are integers',
  *visit(m, _fn, nodes) {
    for (const n of nodes) {
      const d = divisorLoop(m, n);
      if (d && !child(n, 'alternative')) yield pairs(m, d);
    }
  },
});

function pairs(m: Model, d: DivisorLoop): Site | null {
  const [from, to] = d.args;
  const [hit] = d.hit;
  if (d.args.length !== 2 || !from || !to || !hit || d.hit.length !== 1 || intValue(from) !== 1 || usedAfter(m, d)) return null;
  const end = textOf(to).replace(/\s+/g, '');
  const whole = end === `${d.number}+1`;
  const proper = coversHalf(end, d.number) && end !== `${d.number}-1`;
  if (!whole && !proper) return null;
  const other = `${d.number} // ${d.divisor}`;
  const a = assignment(hit);
  const isqrt = imported(m, d.loop, 'math', 'isqrt');
  const indent = indentOf(hit);
  if (!isqrt || indent === null) return null;
  let second: string;
  const finish: (Edit | null)[] = [];
  if (a?.op === '+=' && a.left.type === 'identifier' && (intValue(a.right) !== null || textOf(a.right) === d.divisor)) {
    const v = variableOf(m, a.left);
    if (v?.scope.kind !== 'function' || kindOf(m, a.left) !== 'int') return null;
    second = `${textOf(a.left)} += ${textOf(a.right) === d.divisor ? other : textOf(a.right)}`;
  } else {
    const call = hit.type === 'expression_statement' ? hit.named[0] : undefined;
    const match = call ? /^(\w+)\.append\((\w+)\)$/.exec(textOf(call)) : null;
    const object = call ? descend(call).find((k) => k.type === 'identifier') : undefined;
    const v = variableOf(m, object);
    const { list, at } = siblings(d.loop);
    const init = assignment(list[at - 1]);
    // The list starts empty just before, so that sorting it restores the order.
    if (!match || match[2] !== d.divisor || !v || !isLocal(v) || isCaptured(v) || variableOf(m, init?.left) !== v || textOf(init?.right ?? hit) !== '[]') return null;
    second = `${v.name}.append(${other})`;
    finish.push(after(m, d.loop, [`${v.name}.sort()`]));
  }
  const eol = m.module.eol;
  // The root itself has no partner; 1 is paired with n, which is no proper divisor (and is the whole of n = 1).
  const first = whole ? '' : `if ${d.divisor} < ${d.number}:${eol}${indent}${unitOf(m, indent)}`;
  const text = `${first}${textOf(hit)}${eol}${indent}if ${d.divisor} < ${other}${whole ? '' : ` < ${d.number}`}:${eol}${indent}${unitOf(m, indent)}${second}`;
  return site(m, `find the divisors of \`${d.number}\` in pairs (line ${lineOf(d.loop)})`, [...isqrt.edits, replace(to, `${isqrt.text}(max(${d.number}, 0)) + 1`), replace(hit, text), ...finish]);
}

export const modularPower = define({
  id: 'py-modular-power',
  title: 'a ** b % m → pow(a, b, m)',
  assumes: 'a, b and m are integers, and b is not negative',
  *visit(m, _fn, nodes) {
    if (m.names.module.dynamic || [...m.names.scopes.values()].some((s) => s.bound.has('pow'))) return;
    for (const n of nodes) {
      const rest = binary(n);
      if (rest?.op !== '%' || ['str', 'float'].includes(kindOf(m, rest.right))) continue;
      const power = binary(rest.left);
      const args = callee(m, rest.left) === 'builtins.pow' ? plainArgs(rest.left) : null;
      const [base, exponent] = power?.op === '**' ? [power.left, power.right] : args?.length === 2 ? args : [];
      if (!base || !exponent || [base, exponent].some((k) => kindOf(m, k) === 'float' || k.type === 'float')) continue;
      if (textOf(exponent).startsWith('-') || textOf(exponent) === '2') continue;
      yield site(m, `take the power modulo \`${textOf(rest.right)}\` step by step (line ${lineOf(n)})`, [replace(n, `pow(${textOf(base)}, ${textOf(exponent)}, ${textOf(rest.right)})`)]);
    }
  },
});

export const cheaperNumbers = define({
  id: 'py-cheaper-numbers',
  title: 'x ** 2, int(a / b), math.floor(a / b) → integer and product forms',
  assumes: 'numbers of the usual kinds; a / b is of integers that are not negative and exact as floats',
  *visit(m, _fn, nodes) {
    for (const n of nodes) {
      const p = binary(n);
      if (p?.op === '**' && p.left.type === 'identifier' && ['2', '3'].includes(textOf(p.right)) && p.right.type === 'integer') {
        const x = textOf(p.left);
        yield site(m, `multiply instead of taking a power (line ${lineOf(n)})`, [replace(n, textOf(p.right) === '2' ? `(${x} * ${x})` : `(${x} * ${x} * ${x})`)]);
      }
      const path = callee(m, n);
      const args = plainArgs(n);
      if ((path === 'builtins.int' || path === 'math.floor') && args?.length === 1) {
        const q = args[0] ? binary(strip(args[0])) : null;
        if (q?.op === '/' && !['float'].includes(kindOf(m, q.left)) && kindOf(m, q.right) !== 'float' && q.right.type !== 'float' && q.left.type !== 'float') {
          const half = args[0] ? strip(args[0]) : n;
          const op = child(half, 'operator');
          if (op) yield site(m, `divide integers (line ${lineOf(n)})`, [replace(n, `(${m.module.text.slice(half.start, op.start)}//${m.module.text.slice(op.end, half.end)})`)]);
        }
      }
    }
  },
});
